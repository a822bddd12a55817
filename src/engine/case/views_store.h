/* The statements of personal views.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_VIEWS_STORE_H
#define ENGINE_CASE_VIEWS_STORE_H
#include "engine/case/case.h"

struct view_row {
    int64_t    county, account, id, place;
    struct str title, filter; /* sealed */
};
MUST_USE enum rc views_select(struct op *op, int64_t account, struct list *rows);
/* A new one, or another filter of one that is there. */
MUST_USE enum rc views_put(struct op *op, const struct view_row *row);
MUST_USE enum rc views_place(struct op *op, int64_t account, int64_t id, int64_t place);
/* RC_NOT_FOUND when it is not theirs. */
MUST_USE enum rc views_delete(struct op *op, int64_t account, int64_t id);
MUST_USE enum rc views_delete_all(struct op *op, int64_t account);

#endif
