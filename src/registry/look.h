/* Looking at persons.  Whoever opens somebody's page has something to do for them (a
 * tie, keeper.h) or writes down why; who has nothing to do for them has so many looks
 * a day.  Every look is a row and a journal line: the person sees it (谁看过我的信息),
 * the audit administrator asks whom an account looked at.  A page of a list is one
 * look that everybody on it sees.
 *
 * A look that is refused stands in the journal all the same, and the security
 * administrators are told of the first beyond the day's number, and of every look at a
 * decoy, which shows the looker nothing unusual. */
#ifndef REGISTRY_LOOK_H
#define REGISTRY_LOOK_H
#include "base/limits.h"
#include "registry/keeper.h"
#include "registry/person.h"

enum look_kind {
    LOOK_PAGE,
    LOOK_CLEAR,
    LOOK_LIST,
    LOOK_LISTED,
    LOOK_EXPORT,
    LOOK_OVER,
    LOOK_CASE,
    LOOK_CALL,
    LOOK_NUMBER,
    LOOK_REACH
};
struct str look_word(enum look_kind kind);

/* Untied looks a day, by what somebody is; LOOKS_OTHERS: leaders, and everybody of a
 * county or above. */
// clang-format off
#define LOOK_BUDGETS(BUDGET)                    \
    BUDGET(ROLE_GRID_WORKER, LOOKS_GRID_WORKER) \
    BUDGET(ROLE_DESK,        LOOKS_DESK)
// clang-format on

struct look {
    int64_t    county, id, account, person;
    struct str kind, who, fields, tie;
    int64_t    tie_id;
    struct str reason; /* sealed with the person's key */
    int64_t    costs;
};

/* In a writing act.  *refused: RC_OK, or what the asker is told (and op's problem says),
 * while the attempt is kept.  RC_REFUSED: neither a tie nor a reason, nothing is kept. */
MUST_USE enum rc look_at(struct op *op, const struct person *person, enum look_kind kind,
                         struct str reason, struct tie *tie, enum rc *refused);
/* A page of a list; `by`: what was searched for (name, phone …), not with which value. */
MUST_USE enum rc look_through(struct op *op, struct str area, struct str by,
                              const struct person *people, size_t n, enum rc *refused);
/* Whose number is calling: the cases of that number are looked through, for which there is
 * a number of its own a day.  It stands in the journal also when nobody is registered by
 * it; who is, sees it. */
MUST_USE enum rc look_calling(struct op *op, struct str area, const struct person *people,
                              size_t n, enum rc *refused);
/* By the worker, for whoever asked: these people are in a file of theirs. */
MUST_USE enum rc look_exported(struct op *op, const struct actor *asker, struct str area,
                               const int64_t *people, size_t n);
/* At the inside of a confidential case: whose it is (0: nobody registered) sees it, as a
 * look at themselves.  `tie`: what the asker has to do with it; absent: the reason is
 * asked for (RC_REFUSED). */
struct looked_case {
    int64_t    id, person;
    struct str area, tie;
};
MUST_USE enum rc look_inside(struct op *op, const struct looked_case *at,
                             struct str reason);
/* At a telephone number, in clear, by who is to call back about a case (LOOK_NUMBER) or has
 * it in hand (LOOK_REACH): those whose it is see it; it is kept also when that is nobody.
 */
MUST_USE enum rc look_number(struct op *op, enum look_kind kind,
                             const struct looked_case *at, const struct person *people,
                             size_t n);
/* When the account last did, 0: never. */
MUST_USE enum rc look_inside_last(struct op *op, int64_t account, int64_t case_id,
                                  int64_t *at_ms);
/* Somebody tried to open whom they may not see. */
MUST_USE enum rc look_denied(struct op *op, int64_t person);

/* Newest first, before an id (0: the newest): at a person; at a confidential case; by an
 * account, from … until. */
MUST_USE enum rc looks_at_person(struct op *op, int64_t person, int64_t before, size_t most,
                                 struct list *looks);
MUST_USE enum rc looks_at_case(struct op *op, int64_t case_id, int64_t before, size_t most,
                               struct list *looks);
MUST_USE enum rc looks_by_account(struct op *op, int64_t account, int64_t from_ms,
                                  int64_t until_ms, int64_t before, size_t most,
                                  struct list *looks);
/* How often a person's page was opened, and when last (0: never). */
MUST_USE enum rc looks_opened(struct op *op, int64_t person, int64_t *times,
                              int64_t *last_ms);
/* What was written down; absent when nothing was or the person was deleted. */
MUST_USE enum rc look_reason(struct op *op, const struct look *look, struct str *reason);

#endif
