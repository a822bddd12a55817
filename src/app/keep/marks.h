/* What a database says about itself, in its table `installation`, on a connection for
 * copying: read and set past the gate, since a house that is being moved is not opened. */
#ifndef APP_KEEP_MARKS_H
#define APP_KEEP_MARKS_H
#include "db/db.h"

extern const struct stmts mark_stmts;

/* The value lies in the arena.  RC_NOT_FOUND. */
MUST_USE enum rc mark_find(struct db *db, struct arena *arena, struct str name,
                           struct str *value);
MUST_USE enum rc mark_put(struct db *db, struct str name, struct str value);
MUST_USE enum rc mark_drop(struct db *db, struct str name);

#endif
