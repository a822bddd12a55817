/* The counties whose acts this server runs: each with its lease's fencing number,
 * its source of ids, the end of its chain as committed and as the open batch has
 * it, and its followers' cursors.  The writer's thread alone; only the list of
 * numbers may be read by others.  Inside gate/ only. */
#ifndef GATE_HELD_H
#define GATE_HELD_H
#include "db/lease.h"
#include "gate/chain.h"
#include "gate/follower.h"
#include "gate/gate.h"

struct held {
    int64_t             county;
    struct lease        lease;
    struct id_source    ids;
    int64_t             ids_kept; /* the newest that needs not be kept again */
    struct chain        now, batch;
    int64_t             cursors[GATE_FOLLOWERS_MAX]; /* committed */
    int64_t             moved[GATE_FOLLOWERS_MAX];   /* in the open batch */
    const struct line **lines;                       /* of the open batch, in order */
    size_t              nlines, lines_max;
    bool                fresh;    /* taken in the open batch */
    int64_t             swept_ms; /* kept answers were looked through last */
};

/* A line of an act that begins now; the rest of it is the act's. */
struct line      held_line(const struct held *held, const struct op *op, struct str act,
                           struct str payload);
MUST_USE enum rc held_note(struct held *held, const struct line *line);
void             held_free(struct held *held);

/* The newest id, when it is ahead of the clock: nothing else in the database would tell
 * the next server not to give it out again. */
MUST_USE enum rc ids_keep(struct op *op, struct held *held);
MUST_USE enum rc ids_load(struct op *op, struct held *held);

/* Takes what followers need from the database. */
MUST_USE enum rc followers_load(struct op *op, const struct followers *followers,
                                struct held *held);
/* At the end of a batch: each follower goes on from its cursor, all behind one savepoint;
 * when one of them fails, each behind its own. */
MUST_USE enum rc followers_run(struct op *op, const struct followers *followers,
                               struct held *held);
/* Is one of them behind the chain's committed end? */
bool followers_behind(const struct followers *followers, const struct held *held);

#endif
