/* Leave 请假代班: somebody is away from one moment to another, and a colleague stands in.
 * Set by oneself, or by who leads where one works.  While it lasts the colleague has the
 * duties of whoever is away, beside their own: rights, lists and messages follow from
 * that.  Duties that were only taken over are not passed on; administrators' never. */
#ifndef REGISTRY_LEAVE_H
#define REGISTRY_LEAVE_H
#include "base/field.h"
#include "base/op.h"

enum { LEAVE_DAYS_MAX = 62 };

struct leave {
    int64_t    county, id, account, stand_in, from_ms, until_ms;
    struct str reason;
    int64_t    made_by, made_ms;
};
struct leave_new {
    int64_t    account, stand_in, from, until; /* account 0: oneself; from 0: now; ms */
    struct str reason;
};

/* RC_DENIED for somebody else's whom one does not lead; RC_REFUSED, told. */
MUST_USE enum rc leave_make(struct op *op, const struct leave_new *made,
                            struct leave *leave);
/* Ends it now; RC_NOT_FOUND, also when it is over. */
MUST_USE enum rc leave_end(struct op *op, int64_t id, struct leave *leave);
/* Those of the actor that are not over: as who is away, and as who stands in. */
MUST_USE enum rc leave_list(struct op *op, struct list *leaves);
/* Who could stand in for the actor, at most so many: struct colleague, each person once.
 * Who works for the same organisation comes first, then who works in the same community
 * (above communities: in the same area and below); nobody who is away now. */
MUST_USE enum rc leave_colleagues(struct op *op, size_t most, struct list *colleagues);
/* Who stands in for the account now: int64_t. */
MUST_USE enum rc leave_stand_ins(struct op *op, int64_t account, size_t most,
                                 struct list *ids);

/* ---- leave_store.c ---- */
MUST_USE enum rc leave_insert(struct op *op, const struct leave *leave);
MUST_USE enum rc leave_select(struct op *op, int64_t id, struct leave *leave);
/* Not over yet, the first to end first. */
MUST_USE enum rc leave_select_away(struct op *op, int64_t account, size_t most,
                                   struct list *leaves);
MUST_USE enum rc leave_select_standing(struct op *op, int64_t stand_in, size_t most,
                                       struct list *leaves);
/* The duties taken over end with it; RC_NOT_FOUND when it is over. */
MUST_USE enum rc leave_update_end(struct op *op, const struct leave *leave);

#endif
