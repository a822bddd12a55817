/* Inside db/: writes out what a statement says of its record (":names", ":values",
 * ":sets", ":excluded", db.h), so that columns are listed once, in the field table. */
#ifndef DB_RECORD_H
#define DB_RECORD_H
#include "base/arena.h"
#include "db/db.h"

/* The statement itself when it says none of this; NULL when memory is gone. */
const struct stmt *record_compose(struct arena *arena, const struct stmt *stmt);

#endif
