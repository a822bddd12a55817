#include "base/log.h"
#include "engine/case/case_work.h"
#include "engine/case/papers.h"
#include "gate/gate.h"

enum { AT_ONCE = 50, LOOK_MS = 1000 };

static void make_one(const struct worker *worker, int64_t id)
{
    struct arena arena;

    if (gate_elsewhere(worker->gate, id_county(id)))
        return;
    arena_init(&arena, ARENA_IMPORT_BYTES);
    enum rc rc = worker_ask(worker, &arena, "paper.make",
                            str_fmt(&arena, "{\"id\":\"%lld\"}", (long long)id));
    if (rc != RC_OK && rc != RC_NOT_FOUND) /* replaced meanwhile */
        log_event(LOG_WARN, "paper.not_made", LOG_INT("paper", id),
                  LOG_TEXT("why", rc_word(rc)));
    arena_free(&arena);
}

static enum rc make_all(const struct worker *worker)
{
    struct arena arena;
    struct op    op;
    struct list  ids = { .n = AT_ONCE };
    int64_t      after = 0;
    enum rc      rc = RC_OK;

    while (rc == RC_OK && ids.n == AT_ONCE) {
        arena_init(&arena, ARENA_REQUEST_BYTES);
        worker_op(worker, &arena, &op);
        rc = paper_select_new(&op, after, AT_ONCE, &ids);
        const int64_t *id = ids.at;
        for (size_t i = 0; rc == RC_OK && i < ids.n; i++)
            make_one(worker, after = id[i]);
        arena_free(&arena);
    }
    return rc;
}

const struct worker_task paper_work = { .name = "paper.round",
                                        .look_ms = LOOK_MS,
                                        .round = make_all };
