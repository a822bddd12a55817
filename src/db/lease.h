/* Leases: at any moment one server owns a county, and every commit of that county
 * proves it.  lease_take() gives a fencing number that grows with every change of
 * owner; lease_check(), the first statement of every batch, extends the lease and
 * holds its row until the commit, so that a server which was thought dead and
 * wakes up late commits nothing more, and nobody takes over in the middle of a
 * batch.  The time of expiry decides only who may try: a wrong clock costs
 * patience, never a second owner.  Who waits for one therefore watches it: a lease that
 * nobody has extended for as long as it lasts, by the watcher's own monotonic clock, is
 * free whatever it says, and one that is being extended is not (gate/owner.c).  One text
 * for both engines. */
#ifndef DB_LEASE_H
#define DB_LEASE_H
#include "db/db.h"

struct lease {
    int64_t    county;
    struct str owner;   /* a server's random name */
    struct str address; /* where it is reached */
    int64_t    fence;
    int64_t    until_ms;
};

extern const struct stmts lease_stmts; /* for the catalogue */

/* lease->county, owner and address are asked for; fence and until_ms are given.
 * One's own lease is taken again with a new fence, somebody else's when it ends before
 * free_ms; RC_CONFLICT when it does not. */
MUST_USE enum rc lease_take(struct db *db, struct arena *arena, int64_t free_ms,
                            int64_t until_ms, struct lease *lease);
/* Inside the batch's transaction.  RC_UNAVAILABLE: it is not this owner's with this
 * fence any more, and nothing may be committed. */
MUST_USE enum rc lease_check(struct db *db, const struct lease *lease, int64_t now_ms,
                             int64_t ttl_ms);
/* On a clean stop: others need not wait for it to expire. */
MUST_USE enum rc lease_release(struct db *db, const struct lease *lease);
/* Whose it is, also when it has expired; RC_NOT_FOUND: nobody ever took it. */
MUST_USE enum rc lease_owner(struct db *db, struct arena *arena, int64_t county,
                             struct lease *lease);
/* Every county that was ever taken (struct lease), by number. */
MUST_USE enum rc lease_all(struct db *db, struct arena *arena, struct list *leases);

#endif
