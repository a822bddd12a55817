/* Whoever reads a case, and what of it they may not see. */
#ifndef ENGINE_CASE_READER_H
#define ENGINE_CASE_READER_H
#include "engine/case/case_store.h"

bool is_reporter(const struct op *op, const struct case_row *row);
/* Where a shielded person's case is, and how they are reached, is hidden: it may be
 * their home. */
bool hides_place(const struct op *op, const struct case_row *row);
/* Another system reported it, which has a name that is no person's. */
bool came_from_outside(const struct case_row *row);
/* An account's name; without `clear` 王*. */
struct str masked_name(struct op *op, int64_t account, bool clear);

#endif
