/* The statements of parts.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_PARTS_STORE_H
#define ENGINE_CASE_PARTS_STORE_H
#include "engine/case/parts.h"

MUST_USE enum rc part_insert(struct op *op, const struct case_part *part);
MUST_USE enum rc part_update(struct op *op, const struct case_part *part);
MUST_USE enum rc part_select_case(struct op *op, int64_t case_id, size_t most,
                                  struct list *parts);
/* Open ones that somebody holds, counted so far and no further (CASES_COUNTED). */
MUST_USE enum rc part_count_held(struct op *op, struct str holder, int64_t *n);
/* What was said in the parts of a deleted reporter's cases. */
MUST_USE enum rc part_blank(struct op *op, int64_t reporter);

#endif
