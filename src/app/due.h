/* What is due on cases and appointments: asked for by their clock acts, an act and a journal
 * line each, many at once, so that the writer makes batches of them, between which others'
 * acts are done.  Asked in the order in which it came due, cases first.  What was refused
 * concerns one of them; it is told in the log, stands in nobody's way, and is asked again
 * after a while.  One thread. */
#ifndef APP_DUE_H
#define APP_DUE_H
#include "gate/gate.h"

struct due;

MUST_USE struct due *due_new(struct gate *gate); /* NULL: no memory */
void                 due_free(struct due **due); /* also of NULL */
/* All that is due by now, answered; how many were asked, and how many of them were done. */
struct due_done {
    size_t asked, done;
};
MUST_USE enum rc due_round(struct due *due, struct db *db, struct arena *arena,
                           struct due_done *done);

#endif
