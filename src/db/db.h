/* One SQL facade over SQLite and PostgreSQL.  A statement is static data: its
 * text (the common ground of STYLE 2.4, parameters $1…$n), the kinds of its
 * parameters, and the field table of its rows.  Modules export tables of
 * statements; db_open() prepares every one of them, so a statement that does
 * not fit the schema stops the start, never a request.  No other SQL can run.
 *
 * A `struct db` is one connection, for one thread at a time.  Readers open it
 * with DB_READ.  Writing is the writer's alone (writer.h).  Rows and texts are
 * read into the arena that is passed in.
 *
 * Expected: RC_OK; RC_NOT_FOUND when db_one() finds no row (a guarded UPDATE …
 * RETURNING that touches none); RC_CONFLICT for a broken constraint; RC_INVALID
 * for text with a NUL or not in UTF-8, RC_TOO_LARGE for one above DB_VALUE_MAX;
 * RC_BUSY when the engine asks to try the whole transaction again (SQLITE_BUSY,
 * 40001, 40P01); RC_UNAVAILABLE when the connection is gone (db_alive() is then
 * false; the next use outside a transaction reconnects) or the disk is full;
 * RC_INTERNAL otherwise, with the engine's words in the log, never in an answer.
 *
 * What the engine refused inside a transaction ends it: every later call gives
 * the same code until db_back() or db_rollback().  PostgreSQL is like that, and
 * so SQLite is made to be.  An act that expects a conflict says ON CONFLICT. */
#ifndef DB_DB_H
#define DB_DB_H
#include "base/field.h"
#include "base/op.h"
#include "base/rc.h"

enum { DB_VALUE_MAX = 1 << 20 }; /* bytes of one text */

/* Columns are listed once, in a field table; the text says where they stand:
 *   :names     of the record, or else of the row: county, id, title
 *   :values    a parameter for each of the record's: $1, $2, $3
 *   :sets      title = $3: those of the record that are not its keys
 *   :excluded  title = excluded.title: the same behind ON CONFLICT … DO UPDATE SET */
struct stmt {
    const char         *name; /* unique; also its name in PostgreSQL and in logs */
    const char         *sql;
    const enum kind    *params; /* KIND_STRUCT, KIND_LIST do not occur */
    size_t              nparams;
    const struct field *row; /* columns in order; NULL: gives no rows */
    size_t              nrow;
    /* What db_put() writes: its members are the parameters. */
    const struct field *record;
    size_t              nrecord, nkeys; /* the first nkeys members say which row it is */
};

/* What a module exports. */
struct list_query; /* list.h */
struct stmts {
    const struct stmt *const       *all;   /* ends with NULL */
    const struct list_query *const *lists; /* ends with NULL; may be NULL */
};

/* A parameter's value.  Made by DB_INT() … so that its kind can be held
 * against the declared one (an assert). */
struct db_value {
    enum kind  kind;
    bool       null;
    int64_t    number; /* BOOL, INT, ID, TIME; id and time 0 bind as NULL */
    double     real;
    struct str text; /* TEXT, BYTES, RAW; absent binds as NULL */
};
#define DB_INT(v)   ((struct db_value){ .kind = KIND_INT, .number = (v) })
#define DB_BOOL(v)  ((struct db_value){ .kind = KIND_BOOL, .number = (v) })
#define DB_ID(v)    ((struct db_value){ .kind = KIND_ID, .number = (v), .null = (v) == 0 })
#define DB_TIME(v)  ((struct db_value){ .kind = KIND_TIME, .number = (v), .null = (v) == 0 })
#define DB_REAL(v)  ((struct db_value){ .kind = KIND_REAL, .real = (v) })
#define DB_TEXT(v)  db_text_value(KIND_TEXT, (v))
#define DB_BYTES(v) db_text_value(KIND_BYTES, (v))
#define DB_RAW(v)   db_text_value(KIND_RAW, (v))
struct db_value db_text_value(enum kind kind, struct str text);

#define DB_VALUES(...)                                                                     \
    (const struct db_value[]){ __VA_ARGS__ },                                              \
        sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define DB_NONE NULL, 0

/* In a statement: .params and .nparams, .row and .nrow, .record and .nrecord. */
#define DB_PARAMS(...)                                                                     \
    .params = (const enum kind[]){ __VA_ARGS__ },                                          \
    .nparams = sizeof((const enum kind[]){ __VA_ARGS__ }) / sizeof(enum kind)
#define DB_ROW(fields)    .row = (fields), .nrow = COUNT(fields)
#define DB_RECORD(fields) .record = (fields), .nrecord = COUNT(fields)

/* db_one(op->db, op->arena, &stmt, DB_VALUES(DB_ID(id)), &row) */
MUST_USE enum rc db_one(struct db *db, struct arena *arena, const struct stmt *stmt,
                        const struct db_value *values, size_t n, void *row);
/* The first number of the one row of a statement with DB_NUMBER_ROW; 0 beside RC_NOT_FOUND.
 * Many such rows are read by db_all() into an array of int64_t. */
MUST_USE enum rc db_number(struct db *db, struct arena *arena, const struct stmt *stmt,
                           const struct db_value *values, size_t n, int64_t *number);
extern const struct field db_number_fields[1];
#define DB_NUMBER_ROW DB_ROW(db_number_fields)
/* All rows as an array of row_size structs in the arena; at most `most`, more
 * is RC_TOO_LARGE (a list is bounded by its LIMIT, this is the belt). */
MUST_USE enum rc db_all(struct db *db, struct arena *arena, const struct stmt *stmt,
                        const struct db_value *values, size_t n, size_t row_size,
                        size_t most, struct list *rows);
/* Each row in turn, its memory given back after each; RC other than OK from
 * `each` ends the walk and is returned.  For walks larger than memory; `each`
 * may not use the same connection. */
typedef enum rc  db_each_row(void *context, const void *row);
MUST_USE enum rc db_each(struct db *db, struct arena *arena, const struct stmt *stmt,
                         const struct db_value *values, size_t n, void *row,
                         size_t row_size, db_each_row *each, void *context);
/* The same with bare values, one a column, borrowed until the next row: for whole tables
 * (schema.h), where NULL is not nothing. */
typedef enum rc  db_each_values(void *context, const struct db_value *row);
MUST_USE enum rc db_values(struct db *db, const struct stmt *stmt,
                           const struct db_value *values, size_t n, db_each_values *each,
                           void *context);
/* Runs; RC_OK also when it touches no row.  A statement with RETURNING belongs in
 * db_one().  *touched may be NULL: then, in a batch of the writer, it may be under way when
 * this returns, and what it ran into is what a later call of the same batch returns. */
MUST_USE enum rc db_run(struct db *db, const struct stmt *stmt,
                        const struct db_value *values, size_t n, int64_t *touched);
/* Runs a statement of a record, with its members. */
MUST_USE enum rc db_put(struct db *db, const struct stmt *stmt, const void *record,
                        int64_t *touched);
/* The same for the one row that must be there: RC_NOT_FOUND when it is not; later, and
 * where nobody waited, RC_CONFLICT. */
MUST_USE enum rc db_put_one(struct db *db, const struct stmt *stmt, const void *record);

/* ---- connections ---- */
enum db_mode {
    DB_READ,
    DB_WRITE,
    /* One reader more of a program that has one already: on SQLite a statement is prepared
     * when it is first run, as a hundred of them take a megabyte. */
    DB_READ_MORE,
};
enum db_engine { DB_SQLITE, DB_POSTGRES };

/* Everything the program may run: prepared at open.  Built once in app. */
struct db_catalogue;
MUST_USE struct db_catalogue *db_catalogue_new(const struct stmts *const *tables, size_t n);
void                          db_catalogue_free(struct db_catalogue **catalogue);

/* `where`: a file's path, or "postgresql://…".  A statement that does not fit is
 * RC_INTERNAL, a file that is not there RC_NOT_FOUND.  With a NULL catalogue nothing
 * is prepared and a file is made (migrate). */
MUST_USE enum rc           db_open(struct str where, enum db_mode mode,
                                   const struct db_catalogue *catalogue, struct db **db);
void                       db_close(struct db **db); /* also of NULL */
enum db_engine             db_engine(const struct db *db);
const struct db_catalogue *db_catalogue(const struct db *db); /* for list_pick() */
bool                       db_alive(const struct db *db);
MUST_USE enum rc db_reconnect(struct db *db); /* PostgreSQL: again, statements prepared */

/* Transactions: the writer's, migrations' and tests'. */
MUST_USE enum rc db_begin(struct db *db);  /* BEGIN IMMEDIATE / READ COMMITTED */
MUST_USE enum rc db_commit(struct db *db); /* when it fails, it has been rolled back */
void             db_rollback(struct db *db);
/* Until now nothing of this transaction has failed, also of what was not waited for. */
MUST_USE enum rc db_settle(struct db *db);
MUST_USE enum rc db_savepoint(struct db *db);
MUST_USE enum rc db_release(struct db *db);
void             db_back(struct db *db); /* to the savepoint, which is then released */
/* A reader's stable view over several statements: BEGIN … COMMIT around them.  One inside
 * another is the same view. */
MUST_USE enum rc db_snapshot(struct db *db);
void             db_snapshot_end(struct db *db);

/* The engine's plan for a statement with these values, for tests: text with one
 * step a line. */
struct str db_plan(struct db *db, struct arena *arena, const struct stmt *stmt,
                   const struct db_value *values, size_t n);

/* Tests only: the n-th statement from now on fails with that code (0: never).  What was
 * left to count of the one before: 0, it has failed. */
size_t db_fail_at(size_t n, enum rc rc);

#endif
