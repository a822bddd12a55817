/* A table's rows as bytes, the same whichever engine they come from: an archive holds
 * them, and their SM3 in the order of the key says whether two tables are equal.  And
 * which tables and rows go where: what belongs to one running server stays behind. */
#ifndef APP_KEEP_ROWS_H
#define APP_KEEP_ROWS_H
#include "db/schema.h"
#include "guard/sm.h"

/* One block of rows on its way. */
enum { ROWS_BYTES = 256 << 10, ROWS_ROOM = 8 << 20 };
struct rows {
    size_t len;
    char   at[ROWS_ROOM];
};

/* RC_TOO_LARGE: the row does not fit behind the others. */
MUST_USE enum rc rows_put(struct rows *rows, const struct db_value *row, size_t n);
/* The next row of a block, borrowed from it; false: the block is not one of this
 * table's. */
MUST_USE bool rows_take(struct str *rest, const struct table *table, struct db_value *row);

struct table_sum {
    int64_t       rows;
    unsigned char sm3[SM3_BYTES];
};
bool table_sum_eq(const struct table_sum *a, const struct table_sum *b);

/* Who copies. */
enum copy { COPY_BACKUP, COPY_KEYS, COPY_MOVE };
bool table_goes(const struct table *table, enum copy copy);
/* The marks of `installation` that say what this very database is. */
bool row_goes(const struct table *table, const struct db_value *row);

/* Over the rows that go. */
MUST_USE enum rc table_sum(struct db *db, const struct table *table, struct table_sum *sum);

#endif
