/* The statements of who held a case.  Inside engine/case only. */
#ifndef ENGINE_CASE_SIGHT_STORE_H
#define ENGINE_CASE_SIGHT_STORE_H
#include "engine/case/case.h"

/* Once for each holder. */
MUST_USE enum rc held_insert(struct op *op, int64_t case_id, struct str holder);
/* struct str, as in cases. */
MUST_USE enum rc held_select(struct op *op, int64_t case_id, size_t most,
                             struct list *holders);

#endif
