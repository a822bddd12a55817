/* The inside of a confidential case: what was told, what was said at each session, by
 * whom.  Whoever may see the case (sight.h) sees its card, who holds it and what can be
 * done; the inside is opened by a look, which is journaled with who and why and which
 * the reporter sees, as they see looks at themselves (registry/look.h).  It then stays
 * open to that account for INSIDE_OPEN_MS.  Who has it in hand, or reported it for
 * others, is known by that; everybody else writes down why.
 *
 * A resident's own case is open to them. */
#ifndef ENGINE_CASE_INSIDE_H
#define ENGINE_CASE_INSIDE_H
#include "engine/case/case.h"

enum { INSIDE_OPEN_MS = 30 * 60 * 1000 };

enum inside {
    INSIDE_OPEN,
    INSIDE_TIED, /* a look opens it */
    INSIDE_ASKS, /* a look with a reason */
};
MUST_USE enum rc inside_of(struct op *op, struct a_case *it, enum inside *inside);
struct str       inside_word(enum inside inside); /* absent: open */
/* In a writing act.  RC_REFUSED: a reason is asked for. */
MUST_USE enum rc inside_look(struct op *op, struct a_case *it, struct str reason);

#endif
