#include "gate/each.h"

#include "db/db.h"
#include "gate/held.h"

/* A writing act's ids are those of the county that is held. */
static struct held *held_of(const struct op *op)
{
    assert(op->ids);
    return (struct held *)(void *)((char *)op->ids - offsetof(struct held, ids));
}

static bool ends_all(enum rc rc)
{
    return rc == RC_BUSY || rc == RC_UNAVAILABLE || rc == RC_NO_MEMORY;
}

/* The step's memory goes; what is wrong with it stays. */
static void keep_problems(struct op *op, const struct problems *from, struct problems *to)
{
    problems_init(to, op->arena);
    for (const struct problem *one = from->first; one; one = one->next)
        problem_at(to, one->where, one->line, one->column, "%.*s", STR_ARG(one->says));
}

/* After the commit it is told to whoever listens: it lives as long as the act around. */
static enum rc keep_line(struct op *op, struct held *held, const struct line *from)
{
    struct line *line = arena_new(op->arena, struct line);

    if (!line)
        return RC_TOO_LARGE;
    *line = *from;
    line->payload = str_copy(op->arena, from->payload);
    line->hash = str_copy(op->arena, from->hash);
    if (!line->payload.at || !line->hash.at)
        return RC_TOO_LARGE;
    return held_note(held, line);
}

static enum rc run_step(struct op *around, struct op *op, each_step *step, void *context)
{
    struct held *held = held_of(around);

    enum rc rc = step(op, context);
    if (rc == RC_OK && op->arena->over)
        rc = op->arena->starved ? RC_NO_MEMORY : RC_TOO_LARGE;
    if (rc == RC_OK)
        rc = chain_append(op, &held->batch, op->line);
    if (rc == RC_OK)
        rc = keep_line(around, held, op->line);
    return rc == RC_OK ? db_release(op->db) : rc; /* or what the step did not heed */
}

enum rc gate_each(struct op *op, const char *act, each_step *step, void *context,
                  struct each_end *end)
{
    struct held *held = held_of(op);
    struct chain before = held->batch;
    size_t       nlines = held->nlines;
    struct arena arena;
    struct op    one = *op;
    struct line  line = held_line(held, op, str_of(act), STR("{}"));

    enum rc rc = db_savepoint(op->db);
    if (rc != RC_OK)
        return rc;
    arena_init(&arena, ARENA_REQUEST_BYTES);
    problems_init(&one.problems, &arena);
    one.arena = &arena;
    one.line = &line;
    end->rc = run_step(op, &one, step, context);
    keep_problems(op, &one.problems, &end->problems);
    arena_free(&arena);
    if (end->rc == RC_OK)
        return RC_OK;
    held->batch = before;
    held->nlines = nlines;
    if (ends_all(end->rc)) /* as it is: the writer sees it, and tries the batch again */
        return end->rc;
    db_back(op->db);
    return RC_OK;
}
