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

/* *cursor: how far it came. */
static enum rc follow(struct op *op, const struct follower *follower, struct held *held,
                      size_t i, int64_t *cursor)
{
    *cursor = held->moved[i] = held->cursors[i];
    if (*cursor == held->batch.seq)
        return RC_OK;
    enum rc rc = each_line(op, follower, held, cursor);
    if (rc == RC_OK && op->arena->over)
        rc = RC_TOO_LARGE;
    if (rc == RC_OK)
        held->moved[i] = *cursor;
    return rc;
}

/* The batch as a whole is tried again. */
static bool ends_batch(enum rc rc)
{
    return rc == RC_UNAVAILABLE || rc == RC_BUSY;
}

/* One that fails stays where it is, and holds nobody up. */
static enum rc run_alone(struct op *op, const struct follower *follower, struct held *held,
                         size_t i)
{
    int64_t cursor;
    enum rc rc = db_savepoint(op->db);
    if (rc != RC_OK)
        return rc;
    rc = follow(op, follower, held, i, &cursor);
    if (rc == RC_OK)
        rc = db_release(op->db);
    if (rc == RC_OK || ends_batch(rc))
        return rc;
    db_back(op->db);
    held->moved[i] = held->cursors[i];
    log_event(LOG_ERROR, "follower.failed", LOG_TEXT("follower", str_of(follower->name)),
              LOG_INT("county", held->county), LOG_INT("after_seq", cursor),
              LOG_TEXT("rc", rc_word(rc)));
    return RC_OK;
}

/* They hardly ever fail: what they wrote is waited for once, not once for each. */
static enum rc run_together(struct op *op, const struct followers *followers,
                            struct held *held)
{
    enum rc rc = RC_OK;
    int64_t cursor;

    for (size_t i = 0; followers->all[i] && rc == RC_OK; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = follow(op, followers->all[i], held, i, &cursor);
        arena_back(op->arena, mark);
    }
    return rc == RC_OK ? db_release(op->db) : rc;
}

enum rc followers_run(struct op *op, const struct followers *followers, struct held *held)
{
    if (!followers)
        return RC_OK;
    enum rc rc = db_savepoint(op->db);
    if (rc != RC_OK)
        return rc;
    rc = run_together(op, followers, held);
    if (rc == RC_OK || ends_batch(rc))
        return rc;
    db_back(op->db);
    rc = RC_OK;
    for (size_t i = 0; followers->all[i] && rc == RC_OK; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = run_alone(op, followers->all[i], held, i);
        arena_back(op->arena, mark);
    }
    return rc;
}

bool followers_behind(const struct followers *followers, const struct held *held)
{
    for (size_t i = 0; followers && followers->all[i]; i++)
        if (held->cursors[i] < held->now.seq)
            return true;
    return false;
}
