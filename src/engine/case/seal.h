/* What of a case may not stand in clear: its personal fields, sealed with the
 * reporter's key (the county's when no person is known). */
#ifndef ENGINE_CASE_SEAL_H
#define ENGINE_CASE_SEAL_H
#include "engine/case/case.h"

MUST_USE enum rc case_seal(struct op *op, const struct case_row *row, struct str clear,
                           struct str *sealed);
/* Absent when nothing was sealed or its key is gone. */
MUST_USE enum rc case_unseal(struct op *op, const struct case_row *row, struct str *clear);

#endif
