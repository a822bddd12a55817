#include <string.h>

#include "base/log.h"
#include "db/db.h"
#include "gate/held.h"
#include "gate/journal_store.h"

enum rc followers_load(struct op *op, const struct followers *followers, struct held *held)
{
    for (size_t i = 0; followers && followers->all[i]; i++) {
        assert(i < GATE_FOLLOWERS_MAX);
        enum rc rc = cursor_find(op, held->county, str_of(followers->all[i]->name),
                                 &held->cursors[i]);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

/* The lines after the cursor: those of this very batch when the follower is up to
 * date, so that in the ordinary case nothing is read back or opened again. */
static enum rc each_line(struct op *op, const struct follower *follower,
                         const struct held *held, int64_t *cursor)
{
    struct list lines = { 0 };

    bool fresh = *cursor == held->now.seq;
    if (!fresh) {
        enum rc rc = journal_read(op, held->county, 0, *cursor, FOLLOWER_LINES_MAX, &lines);
        if (rc != RC_OK)
            return rc;
    }
    size_t n = fresh ? held->nlines : lines.n;
    for (size_t i = 0; i < n; i++) {
        const struct line *line =
            fresh ? held->lines[i] : (const struct line *)lines.at + i;
        enum rc rc = follower->line(op, line);
        if (rc != RC_OK)
            return rc;
        *cursor = line->seq;
    }
    return n ? cursor_set(op, held->county, str_of(follower->name), *cursor) : RC_OK;
}

static enum rc run_one(struct op *op, const struct follower *follower, struct held *held,
                       size_t i)
{
    int64_t cursor = held->cursors[i];

    held->moved[i] = cursor;
    if (cursor == held->batch.seq)
        return RC_OK;
    enum rc rc = db_savepoint(op->db);
    if (rc != RC_OK)
        return rc;
    rc = each_line(op, follower, held, &cursor);
    if (rc == RC_OK && !op->arena->over) {
        held->moved[i] = cursor;
        return db_release(op->db);
    }
    if (rc == RC_UNAVAILABLE || rc == RC_BUSY)
        return rc; /* the batch as a whole is tried again */
    db_back(op->db);
    log_event(LOG_ERROR, "follower.failed", LOG_TEXT("follower", str_of(follower->name)),
              LOG_INT("county", held->county), LOG_INT("after_seq", cursor),
              LOG_TEXT("rc", rc_word(rc)));
    return RC_OK;
}

enum rc followers_run(struct op *op, const struct followers *followers, struct held *held)
{
    for (size_t i = 0; followers && followers->all[i]; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        enum rc           rc = run_one(op, followers->all[i], held, i);
        arena_back(op->arena, mark);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

bool followers_behind(const struct followers *followers, const struct held *held)
{
    for (size_t i = 0; followers && followers->all[i]; i++)
        if (held->cursors[i] < held->now.seq)
            return true;
    return false;
}
