#include "app/keep/reading.h"

#include <endian.h>
#include <string.h>

#include "app/keep/stop.h"
#include "base/json.h"

struct reading {
    struct archive_in          *in;
    const struct schema        *schema;
    const struct archive_taker *taker;
    struct progress            *progress;
    struct archive_told        *told;
    struct arena                arena; /* of one table's words */
    enum frame                  frame;
    struct str                  payload;
};

/* ---- the head ---- */

static enum rc check_head(struct problems *problems, const struct archive_head *head,
                          struct str kind)
{
    struct archive_head ours;

    if (!str_eq(head->kind, kind)) {
        problem_add(problems, STR_NONE,
                    str_eq(kind, ARCHIVE_KEYS)
                        ? "这不是个人密钥的备份（.keys）。"
                        : "这是个人密钥的备份（.keys），不是数据的备份。");
        return RC_REFUSED;
    }
    enum rc rc = archive_head_make(problems->arena, kind, head->migration, &ours);
    if (rc == RC_OK &&
        (head->migration > schema_newest() || !str_eq(head->schema, ours.schema))) {
        problem_add(problems, STR_NONE,
                    "这份备份是另一个版本的 linli 做的，请用做它的那个版本或更新的版本。");
        return RC_REFUSED;
    }
    if (rc == RC_OK && !str_eq(head->index, ours.index)) {
        problem_add(problems, STR_NONE,
                    "index.key 不是做备份时的那一把，电话和证件号会查不到。"
                    "请先用 linli keys import 取回当时的密钥。");
        return RC_REFUSED;
    }
    return rc;
}

enum rc archive_read_head(struct archive_in *in, struct problems *problems, struct str kind,
                          struct archive_head *head)
{
    struct problems ignored;
    enum frame      frame;
    struct str      payload;

    *head = (struct archive_head){ 0 };
    problems_init(&ignored, problems->arena);
    enum rc rc = archive_next(in, &frame, &payload);
    if (rc != RC_OK)
        return rc;
    payload = str_copy(problems->arena, payload);
    if (frame != FRAME_HEAD || json_read(problems->arena, payload, archive_head_fields,
                                         ARCHIVE_HEAD_NFIELDS, head, &ignored) != RC_OK)
        return archive_broken(in);
    return check_head(problems, head, kind);
}

/* ---- frames ---- */

static enum rc next(struct reading *r)
{
    progress_at(r->progress, archive_read_so_far(r->in));
    return stop_asked() ? RC_REFUSED : archive_next(r->in, &r->frame, &r->payload);
}

static uint64_t number_at(struct str bytes)
{
    uint64_t number;

    memcpy(&number, bytes.at, sizeof number);
    return be64toh(number);
}

/* ---- tables ---- */

static const struct table *table_of(struct reading *r)
{
    struct arena_mark   mark = arena_mark(&r->arena);
    const struct table *table = schema_find(r->schema, str_cut(r->payload, ' ').head);
    bool                same = table && str_eq(archive_table(&r->arena, table), r->payload);

    arena_back(&r->arena, mark);
    return same ? table : NULL;
}

static enum rc take_rows(struct reading *r, const struct table *table, struct sm3_run *run,
                         int64_t *rows)
{
    struct db_value row[TABLE_COLUMNS_MAX];
    struct str      rest = r->payload;
    enum rc         rc = RC_OK;

    sm3_add(run, r->payload);
    while (rest.len && rc == RC_OK) {
        if (!rows_take(&rest, table, row))
            return archive_broken(r->in);
        ++*rows;
        if (r->taker->row)
            rc = r->taker->row(r->taker->context, table, row);
    }
    return rc;
}

static enum rc check_sum(struct reading *r, const struct table_sum *got)
{
    struct table_sum told;

    if (r->frame != FRAME_SUM || r->payload.len != sizeof(uint64_t) + SM3_BYTES)
        return archive_broken(r->in);
    told.rows = (int64_t)number_at(r->payload);
    memcpy(told.sm3, r->payload.at + sizeof(uint64_t), SM3_BYTES);
    return table_sum_eq(&told, got) ? RC_OK : archive_broken(r->in);
}

static enum rc take_blocks(struct reading *r, const struct table *table,
                           struct table_sum *sum)
{
    struct sm3_run *run = sm3_begin();

    enum rc rc = next(r);
    while (rc == RC_OK && r->frame == FRAME_ROWS) {
        rc = take_rows(r, table, run, &sum->rows);
        if (rc == RC_OK)
            rc = next(r);
    }
    sm3_end(&run, sum->sm3);
    return rc;
}

static enum rc take_table(struct reading *r)
{
    const struct archive_taker *taker = r->taker;
    const struct table         *table = table_of(r);
    struct table_sum            sum = { 0 };

    if (!table)
        return archive_broken(r->in);
    enum rc rc = taker->table ? taker->table(taker->context, table) : RC_OK;
    if (rc == RC_OK)
        rc = take_blocks(r, table, &sum);
    if (rc == RC_OK)
        rc = check_sum(r, &sum);
    if (rc == RC_OK && taker->table_end)
        rc = taker->table_end(taker->context, table, &sum);
    r->told->tables++;
    r->told->rows += sum.rows;
    return rc == RC_OK ? next(r) : rc;
}

/* ---- files ---- */

static enum rc take_data(struct reading *r, uint64_t size)
{
    const struct archive_taker *taker = r->taker;
    uint64_t                    got = 0;

    enum rc rc = next(r);
    while (rc == RC_OK && r->frame == FRAME_DATA) {
        got += r->payload.len;
        if (taker->data)
            rc = taker->data(taker->context, r->payload);
        if (rc == RC_OK)
            rc = next(r);
    }
    r->told->files++;
    r->told->file_bytes += (int64_t)got;
    return rc == RC_OK && got != size ? archive_broken(r->in) : rc;
}

/* "photos/ab/cd/…": only what this program writes itself, never up or away. */
static bool path_is_plain(struct str path)
{
    if (!path.len || path.at[0] == '/' || path.at[0] == '.')
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (!memchr("abcdefghijklmnopqrstuvwxyz0123456789/.", path.at[i], 38) ||
            (path.at[i] == '.' && path.at[i - 1] == '/'))
            return false;
    return true;
}

static enum rc take_file(struct reading *r)
{
    const struct archive_taker *taker = r->taker;

    if (r->payload.len <= sizeof(uint64_t))
        return archive_broken(r->in);
    uint64_t   size = number_at(r->payload);
    struct str path = str_skip(r->payload, sizeof size);
    if (!path_is_plain(path))
        return archive_broken(r->in);
    enum rc rc = taker->file ? taker->file(taker->context, path) : RC_OK;
    if (rc == RC_OK)
        rc = take_data(r, size);
    if (rc == RC_OK && taker->file_end)
        rc = taker->file_end(taker->context);
    return rc;
}

enum rc archive_read(struct archive_in *in, const struct schema *schema,
                     const struct archive_taker *taker, struct progress *progress,
                     struct archive_told *told)
{
    struct reading r = { in, schema, taker, progress, told };

    arena_init(&r.arena, ARENA_REQUEST_BYTES);
    enum rc rc = next(&r);
    while (rc == RC_OK && r.frame == FRAME_TABLE)
        rc = take_table(&r);
    while (rc == RC_OK && r.frame == FRAME_FILE)
        rc = take_file(&r);
    if (rc == RC_OK && r.frame != FRAME_END)
        rc = archive_broken(in);
    arena_free(&r.arena);
    return rc;
}
