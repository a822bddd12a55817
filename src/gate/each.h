/* Many things in one act: a step for each, as if it had been asked by itself.  A step runs
 * behind a savepoint of its own and in memory of its own, and has a journal line of its own
 * under the name of the act that it stands for, so that followers, timelines and auditors
 * see no difference.  What one step refuses takes back that step alone; all that was done
 * is committed together, with the line of the act around it.
 *
 *     for (size_t i = 0; i < args->n && rc == RC_OK; i++)
 *         rc = gate_each(op, "case.move", move_one, &rows[i], &ends[i]);
 *
 * What a step leaves behind in its context must not be of its op's memory. */
#ifndef GATE_EACH_H
#define GATE_EACH_H
#include "base/op.h"

typedef enum rc each_step(struct op *op, void *context);

struct each_end { /* of one step */
    enum rc         rc;
    struct problems problems; /* in the memory of the act around it */
};

/* RC_OK whatever came of the step; otherwise the act as a whole cannot go on (the database
 * is busy or gone, memory is short), and returns that at once. */
MUST_USE enum rc gate_each(struct op *op, const char *act, each_step *step, void *context,
                           struct each_end *end);

#endif
