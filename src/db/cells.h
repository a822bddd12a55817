/* Inside db/: between a record's members and the values of SQL, by its field
 * table. */
#ifndef DB_CELLS_H
#define DB_CELLS_H
#include "base/arena.h"
#include "db/catalogue.h"
#include "db/db.h"

/* The member as a parameter; text is borrowed. */
struct db_value cell_of(const struct field *field, const void *record);
/* The texts of a record that are still the engine's. */
struct texts {
    size_t      n, bytes;
    struct str *of[STMT_COLUMNS_MAX];
};
static inline void texts_add(struct texts *texts, struct str *text)
{
    texts->of[texts->n++] = text;
    texts->bytes += text->len + 1;
}

/* The value into the member, text borrowed.  NULL becomes the zero value. */
void cell_into(const struct field *field, const struct db_value *value, void *record,
               struct texts *texts);
/* Copies them, in one piece; each ends with a zero byte.  Absent when there is no room. */
void cells_keep(struct arena *arena, const struct texts *texts);

#endif
