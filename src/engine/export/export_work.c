#include "engine/export/export_work.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/export/export_rules.h"
#include "engine/export/sheet.h"
#include "gate/gate.h"
#include "registry/account.h"

enum { AT_ONCE = 50, ROWS_AT_ONCE = 500, LOOK_MS = 1000 };

/* One export being made. */
struct making {
    const struct worker        *worker;
    struct op                  *op; /* as its asker */
    const struct request       *request;
    const struct export_source *source;
    struct sheet               *sheet;
    int64_t                     rows;
};

/* ------------------------------------------------------------- one file */

/* That they are in it is kept before they are. */
static enum rc note_seen(struct making *m, const int64_t *ids, size_t n)
{
    struct arena   *arena = m->op->arena;
    struct json_out out;

    if (!m->source->people)
        return RC_OK;
    json_out_init(&out, arena);
    json_open(&out, '{');
    json_key(&out, STR("id"));
    json_id(&out, m->request->id);
    json_key(&out, STR("people"));
    json_open(&out, '[');
    for (size_t i = 0; i < n; i++)
        json_id(&out, ids[i]);
    json_close(&out, ']');
    json_close(&out, '}');
    return worker_ask(m->worker, arena, "export.seen", json_done(&out));
}

static enum rc write_rows(struct making *m, const int64_t *ids, size_t n)
{
    enum rc rc = note_seen(m, ids, n);

    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        struct arena_mark mark = arena_mark(m->op->arena);
        struct str        cells[EXPORT_COLUMNS_MAX] = { 0 };
        enum rc           got = m->source->row(m->op, ids[i], cells);
        if (got == RC_OK) {
            rc = sheet_row(m->sheet, cells);
            m->rows += rc == RC_OK;
        } else if (got != RC_NOT_FOUND) {
            rc = got;
        }
        arena_back(m->op->arena, mark);
    }
    return rc;
}

static enum rc write_all(struct making *m, int64_t *ids, size_t n)
{
    enum rc rc = RC_OK;

    export_order(m->request->id, ids, n);
    for (size_t i = 0; i < n && rc == RC_OK; i += ROWS_AT_ONCE) {
        struct arena_mark mark = arena_mark(m->op->arena);
        rc = write_rows(m, ids + i, n - i < ROWS_AT_ONCE ? n - i : ROWS_AT_ONCE);
        arena_back(m->op->arena, mark);
    }
    return rc;
}

static struct sheet_head head_of(struct making *m)
{
    struct arena *arena = m->op->arena;
    struct civil  now = clock_civil(m->op->now_ms);

    return (struct sheet_head){
        .title = str_of(m->source->title),
        .mark = str_fmt(arena, "%.*s %04d-%02d-%02d %02d:%02d", STR_ARG(m->op->actor->name),
                        (int)now.year, now.month, now.day, now.hour, now.minute),
        .columns = m->source->columns,
        .ncolumns = m->source->ncolumns,
    };
}

/* In memory alone: nothing of it stands on the disk in clear. */
static enum rc make_file(struct making *m, int64_t *ids, size_t n)
{
    int  file = memfd_create("export", MFD_CLOEXEC);
    char path[40];
    bool csv = str_eq(m->request->format, STR("csv"));

    if (file < 0)
        return RC_UNAVAILABLE;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct sheet_head head = head_of(m);
    enum rc           rc = sheet_open(path, csv ? SHEET_CSV : SHEET_XLSX, &head, &m->sheet);
    if (rc == RC_OK)
        rc = write_all(m, ids, n);
    enum rc closed = sheet_close(&m->sheet);
    if (rc == RC_OK)
        rc = closed;
    if (rc == RC_OK)
        rc = vault_put_file(exports_vault(), export_file(m->op->arena, m->request->id),
                            file);
    (void)close(file);
    return rc;
}

static enum rc make_one(struct making *m)
{
    struct export_args args;
    struct list        ids;

    enum rc rc = export_read_args(m->op, m->request, &args);
    if (rc == RC_OK)
        rc = m->source->ids(m->op, &args, EXPORT_ROWS_MAX, &ids);
    if (rc == RC_OK)
        rc = make_file(m, ids.at, ids.n);
    if (rc != RC_OK)
        return rc;
    return worker_ask(m->worker, m->op->arena, "export.made",
                      str_fmt(m->op->arena, "{\"id\":\"%lld\",\"rows\":%lld}",
                              (long long)m->request->id, (long long)m->rows));
}

static enum rc drop(const struct worker *worker, struct arena *arena, int64_t id)
{
    enum rc rc = vault_remove(exports_vault(), export_file(arena, id));

    if (rc == RC_OK)
        rc = worker_ask(worker, arena, "export.gone",
                        str_fmt(arena, "{\"id\":\"%lld\"}", (long long)id));
    return rc;
}

/* ------------------------------------------------------------------ rounds */

static enum rc see_to(const struct worker *worker, struct op *op,
                      const struct request *request)
{
    struct actor *asker = arena_new(op->arena, struct actor);

    if (!asker)
        return RC_TOO_LARGE;
    op->county = request->county;
    if (str_eq(request->state, REQUEST_READY))
        return request->until_ms <= op->now_ms ? drop(worker, op->arena, request->id)
                                               : RC_OK;
    struct making m = { .worker = worker,
                        .op = op,
                        .request = request,
                        .source = export_source(request->kind) };
    enum rc       rc = account_actor(op, request->asked_by, asker);
    if (rc == RC_NOT_FOUND || !m.source)
        return drop(worker, op->arena, request->id);
    op->actor = asker;
    return rc == RC_OK ? make_one(&m) : rc;
}

static enum rc next_requests(const struct worker *worker, struct arena *arena,
                             int64_t after, struct list *found)
{
    struct op op;

    worker_op(worker, arena, &op);
    return request_select_work(&op, after, AT_ONCE, found);
}

static void see_to_one(const struct worker *worker, const struct request *request)
{
    struct arena arena;
    struct op    op;

    if (gate_elsewhere(worker->gate, request->county))
        return;
    arena_init(&arena, ARENA_IMPORT_BYTES);
    worker_op(worker, &arena, &op);
    enum rc rc = see_to(worker, &op, request);
    if (rc != RC_OK)
        log_event(LOG_WARN, "export.not_made", LOG_INT("export", request->id),
                  LOG_TEXT("why", rc_word(rc)));
    arena_free(&arena);
}

static enum rc make_waiting(const struct worker *worker)
{
    struct arena arena;
    struct list  found = { .n = AT_ONCE };
    int64_t      after = 0;
    enum rc      rc = RC_OK;

    while (rc == RC_OK && found.n == AT_ONCE) {
        arena_init(&arena, ARENA_REQUEST_BYTES);
        rc = next_requests(worker, &arena, after, &found);
        const struct request *requests = found.at;
        for (size_t i = 0; rc == RC_OK && i < found.n; i++) {
            after = requests[i].id;
            see_to_one(worker, &requests[i]);
        }
        arena_free(&arena);
    }
    return rc;
}

const struct worker_task export_work = { "export.round", LOOK_MS, make_waiting };
