/* Each thread that serves requests has its own reading connection to the database,
 * opened when it first needs one and closed when the thread ends. */
#ifndef HTTP_READERS_H
#define HTTP_READERS_H
#include "db/db.h"

struct readers;

MUST_USE struct readers *readers_open(struct str                 where,
                                      const struct db_catalogue *catalogue);
void                     readers_close(struct readers **readers); /* threads have ended */

/* This thread's connection, brought back if it was lost.  RC_UNAVAILABLE. */
MUST_USE enum rc readers_mine(struct readers *readers, struct db **db);

#endif
