/* Who sees a case 谁看得到: the one place that says so, for a case by itself
 * (case_may_see, case.h), for the rows of lists and of searching, for what is suggested as
 * alike, for files and for messages.
 *
 * A case is seen by whoever reported it, holds it, helps with it, and may read cases in its
 * area.  Of a kind that is `confidential` the last is not enough: it is seen by who
 * reported it, by who holds it or held it, by who helps with it or did, and by who can make
 * one of its moves by a duty in its area, in whatever state it is.  To everybody else it is
 * not there: a list leaves it out, and it is RC_NOT_FOUND. */
#ifndef ENGINE_CASE_SIGHT_H
#define ENGINE_CASE_SIGHT_H
#include "engine/case/turn.h"

enum { HOLDERS_KEPT_MAX = 200 }; /* of one case */

/* Of a row that a list found where its reader may look: is it theirs to see, too? */
bool sight_of_row(struct op *op, const struct case_row *row);
/* Of one that words found (as words.h cuts them): may they be known to stand in it?  Of a
 * confidential one those of its inside are for who may open that without a reason; what
 * stands on its card finds it for all that see it. */
bool sight_of_words(struct op *op, const struct case_row *row, const struct str *words,
                    size_t n);
/* Notes who holds a confidential case now; in every turn that may have changed it. */
MUST_USE enum rc sight_keep(struct op *op, const struct a_case *it);
/* Whoever is told of a confidential case and may not see it (who leads, when it is late) is
 * told that there is one, and in whose hands, and nothing of it.  So is who may see it and
 * not open it without a reason, when what is told are somebody's words. */
void sight_of_told(struct turn *turn, struct list *told /* struct telling */);

#endif
