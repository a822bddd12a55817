/* Refused attempts, counted by the minute: what was refused is committed with the
 * next batch, apart from the acts, so that somebody who tries a thousand doors
 * leaves one row with a thousand in it.  Any thread counts, the writer commits. */
#ifndef GATE_REFUSALS_H
#define GATE_REFUSALS_H
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

#endif
