/* Put right: a case in the wrong category or at the wrong place is moved to where it
 * belongs and routed anew.  Nobody has to report it again; its reporter is told who has
 * it now. */
#ifndef ENGINE_CASE_REFILE_H
#define ENGINE_CASE_REFILE_H
#include "engine/case/turn.h"

MUST_USE enum rc refile_category(struct turn *turn);
MUST_USE enum rc refile_place(struct turn *turn);
/* open.c: where the row lies, by its place; RC_INVALID, told. */
MUST_USE enum rc case_put_at(struct op *op, struct str area, const struct case_place *place,
                             struct case_row *row);

#endif
