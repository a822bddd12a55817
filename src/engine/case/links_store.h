/* The statements of links.h and me_too.h.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_LINKS_STORE_H
#define ENGINE_CASE_LINKS_STORE_H
#include "engine/case/links.h"
#include "engine/case/me_too.h"

MUST_USE enum rc link_insert(struct op *op, const struct case_link *link);
/* The case's newest; RC_NOT_FOUND. */
MUST_USE enum rc link_select_newest(struct op *op, int64_t case_id, struct case_link *link);
/* struct case_link: of a case with those before it; of those that came to it. */
MUST_USE enum rc link_select_case(struct op *op, int64_t case_id, struct list *links);
MUST_USE enum rc link_select_first(struct op *op, int64_t first_id, struct list *links);
MUST_USE enum rc link_update(struct op *op, const struct case_link *link);

/* Beside the case's own turn: what it follows, and that its clock looks at once. */
MUST_USE enum rc case_put_first(struct op *op, int64_t id, int64_t first_id);
MUST_USE enum rc case_wake(struct op *op, int64_t id);
MUST_USE enum rc case_wake_linked(struct op *op, int64_t first_id);
/* One more or less that follows it, that met it. */
MUST_USE enum rc case_count_linked(struct op *op, int64_t id, int64_t more);
MUST_USE enum rc case_count_me_too(struct op *op, int64_t id, int64_t more);
/* By the number that people say, of the day that ids of `since` … `until` are of. */
MUST_USE enum rc case_select_number(struct op *op, struct str number, int64_t since,
                                    int64_t until, int64_t *id);

struct follower_row {
    int64_t county, case_id, account, at_ms;
    bool    reported;
};
MUST_USE enum rc follower_insert(struct op *op, const struct follower_row *row);
MUST_USE enum rc follower_delete(struct op *op, int64_t case_id, int64_t account,
                                 bool *was);
MUST_USE enum rc follower_select(struct op *op, int64_t case_id, int64_t account,
                                 struct follower_row *row);
/* struct follower_row: those of a case; the account's own, newest first. */
MUST_USE enum rc followers_of_case(struct op *op, int64_t case_id, struct list *rows);
MUST_USE enum rc followed_by(struct op *op, int64_t account, size_t most,
                             struct list *rows);
MUST_USE enum rc follower_count_since(struct op *op, int64_t account, int64_t since_ms,
                                      int64_t most, int64_t *n);

#endif
