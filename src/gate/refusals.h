/* Refused attempts, counted by the minute: what was refused is committed with the
 * next batch, apart from the acts, so that somebody who tries a thousand doors
 * leaves one row with a thousand in it.  Any thread counts, the writer commits. */
#ifndef GATE_REFUSALS_H
#define GATE_REFUSALS_H
#include "base/field.h"
#include "base/op.h"

struct refusals;

struct refusals *refusals_new(void);
void             refusals_free(struct refusals **refusals);
void             refusals_count(struct refusals *refusals, int64_t county, int64_t now_ms,
                                int64_t account, struct str act, enum rc rc);
/* In the batch: writes what was counted for op->county; it counts as written only
 * when refusals_settle() says that the batch was committed. */
MUST_USE enum rc refusals_write(struct refusals *refusals, struct op *op);
void             refusals_settle(struct refusals *refusals, int64_t county, bool committed);

/* ---- kept (refusals_store.c): seven months, then the oldest go, some with a batch ---- */

enum { REFUSALS_AT_ONCE = 500, REFUSALS_MINUTE_MS = 60000 };
#define REFUSALS_KEPT_MS (INT64_C(210) * 24 * 3600 * 1000)

struct refusal {
    int64_t    minute, account;
    struct str act, word; /* of an rc */
    int64_t    times;
};
struct refusals_asked {
    int64_t        account; /* 0: anybody's */
    struct refusal after;   /* the row before; at first its minute alone, less one */
    int64_t        until_minute;
};
/* Of op's county, in order of time. */
MUST_USE enum rc refusals_after(struct op *op, const struct refusals_asked *asked,
                                size_t most, struct list *rows);
MUST_USE enum rc refusals_forget(struct op *op);

extern const struct stmts refusals_stmts;

#endif
