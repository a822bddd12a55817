/* How the journal and its followers stand, for whoever looks after the server: the
 * metrics and the doctor.  Reading only. */
#ifndef GATE_STATE_STORE_H
#define GATE_STATE_STORE_H
#include "db/db.h"

enum { STATE_COUNTIES_MAX = 64 };

struct journal_state {
    int64_t county, seq;
    int64_t at_ms; /* of the last line, 0: it is not there */
};
struct follower_state {
    struct str follower;
    int64_t    behind; /* lines, over all counties */
};

/* struct journal_state, by county, the first STATE_COUNTIES_MAX. */
MUST_USE enum rc state_journals(struct op *op, struct list *journals);
/* struct follower_state, by name. */
MUST_USE enum rc state_followers(struct op *op, struct list *followers);

extern const struct stmts state_stmts;

#endif
