/* Whole tables, for copies: a backup, a restore, the way from one engine to the other.
 * The tables are those that the migrations make: these are applied to an empty database
 * in memory, which is then asked what there is, so that a new migration needs no word
 * here.  The few statements that copying needs are put together from those names; none
 * comes from outside.  Beside list.h this is the only place that composes SQL.
 *
 * Rows are bare values in the order of the columns, with NULL kept apart from nothing;
 * tables are read in the order of their keys, a page a statement, so that neither
 * engine holds a table at once and a copy that was broken off goes on where it was. */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H
#include "db/db.h"
#include "db/migrate.h"

enum { TABLE_PAGE = 1000, TABLE_COLUMNS_MAX = 64 };

struct table {
    struct str    name;
    struct field *columns; /* their names and kinds: INT, REAL, TEXT, BYTES */
    size_t        ncolumns;
    size_t       *key; /* the key's columns, in its order */
    size_t        nkey;
    struct stmt   first, after, last, add, clear, count;
    const char   *fill; /* PostgreSQL's COPY */
};

struct schema {
    struct table *tables; /* by name */
    size_t        n;
    struct stmts  stmts;
};

/* As the first migrations make it, up to that number; 0: all.  RC_NOT_FOUND: there is
 * no such migration.  The migrations' own table is not among them. */
MUST_USE enum rc    schema_read(struct arena *arena, int64_t newest, struct schema *schema);
const struct table *schema_find(const struct schema *schema, struct str name);
/* The number of the newest migration in this program. */
int64_t schema_newest(void);

/* What copying asks beside a schema's own statements. */
extern const struct stmts schema_stmts;

/* A connection for copying: statements of `catalogue`, which has the schema's, and no
 * limit of time. */
MUST_USE enum rc schema_open(struct str where, enum db_mode mode,
                             const struct db_catalogue *catalogue, struct db **db);
/* What is there: no database or an empty one; tables of which nothing was ever served;
 * an installation that was made to its end. */
enum schema_found { SCHEMA_NOTHING, SCHEMA_HALF, SCHEMA_MADE };
MUST_USE enum rc schema_look(struct str where, enum schema_found *found);
/* Of tables that are there: nobody has ever done anything in them. */
MUST_USE enum rc schema_is_unused(struct str where, bool *unused);
/* Does this database sort texts by their bytes?  Otherwise two ends cannot be compared. */
MUST_USE enum rc schema_sorts_by_bytes(struct db *db, bool *does);
/* Where a database is, without its password: for sentences and marks. */
struct str schema_where(struct arena *arena, struct str where);

MUST_USE enum rc table_count(struct db *db, const struct table *table, int64_t *rows);
MUST_USE enum rc table_clear(struct db *db, const struct table *table);
/* Each row in the key's order, after the one with that key (NULL: from the first).  RC
 * other than OK from `each` ends the walk and is returned; `each` may not use the same
 * connection. */
typedef enum rc  table_row(void *context, const struct db_value *row);
MUST_USE enum rc table_walk(struct db *db, const struct table *table,
                            const struct db_value *after, table_row *each, void *context);
/* The key of the last row, in the arena; RC_NOT_FOUND: there is none. */
MUST_USE enum rc table_last(struct db *db, struct arena *arena, const struct table *table,
                            struct db_value *key);

/* Rows into a table, inside a transaction: begin, rows, end.  After an error only the
 * transaction's end is left. */
MUST_USE enum rc table_fill_begin(struct db *db, const struct table *table);
MUST_USE enum rc table_fill(struct db *db, const struct table *table,
                            const struct db_value *row);
MUST_USE enum rc table_fill_end(struct db *db, const struct table *table);

#endif
