/* Followers read the journal from a cursor of their own and keep what they make
 * of it in their own tables: the inbox, counts, later tags and indicators.  A
 * follower runs on the writer, at the end of each batch, behind a savepoint; its
 * rows and its cursor commit with the batch, so a crash neither skips nor repeats
 * a line.  One that fails is put back, told of in the log, tried again with the
 * next batch, and never holds up an act.  One that is new or behind catches up,
 * FOLLOWER_LINES_MAX lines a batch. */
#ifndef GATE_FOLLOWER_H
#define GATE_FOLLOWER_H
#include "gate/journal.h"

enum { FOLLOWER_LINES_MAX = 1000 };

struct follower {
    const char *name; /* its cursor's key; never changes */
    enum rc (*line)(struct op *op, const struct line *line);
};

struct followers {
    const struct follower *const *all; /* ends with NULL */
};

#endif
