/* Inside db/: between a record's members and the values of SQL, by its field
 * table. */
#ifndef DB_CELLS_H
#define DB_CELLS_H
#include "base/arena.h"
#include "db/db.h"

/* The member as a parameter; text is borrowed. */
struct db_value cell_of(const struct field *field, const void *record);
/* The value into the member; text is copied.  NULL becomes the zero value. */
void cell_into(struct arena *arena, const struct field *field, const struct db_value *value,
               void *record);

#endif
