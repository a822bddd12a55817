/* Inside db/: copies SQLite's log into the database on a thread and a connection
 * of its own, so that no commit pays for it.  Passive copying stands in nobody's
 * way, but under steady writing it never reaches the log's end, and the log would
 * grow for ever.  So from time to time the writer is held between two batches
 * while the last few pages are copied and the log begins again; it is cut as well
 * when a long reader had made it huge.  Otherwise the file keeps its size:
 * overwriting is synced faster than appending (measured: 10.6-14 k a second
 * against 6.1-7.3 k). */
#ifndef DB_CHECKPOINT_H
#define DB_CHECKPOINT_H
#include "db/db.h"

struct checkpointer;

/* *checkpointer is NULL, which all others accept, when the engine keeps its log
 * itself. */
MUST_USE enum rc checkpoint_start(struct str where, const struct db *writer,
                                  struct checkpointer **checkpointer);
void             checkpoint_stop(struct checkpointer **checkpointer);
/* Around every batch of the writer, on its thread. */
void    checkpoint_before(struct checkpointer *checkpointer);
void    checkpoint_after(struct checkpointer *checkpointer, const struct db *writer);
int64_t checkpoint_count(struct checkpointer *checkpointer);

#endif
