/* Inside db/: what the two halves of the PostgreSQL engine share.  postgres_connect.c
 * opens connections, prepares statements and tells errors apart; postgres.c runs
 * them. */
#ifndef DB_POSTGRES_H
#define DB_POSTGRES_H
#include <libpq-fe.h>

#include "db/catalogue.h"
#include "db/engine.h"

/* catalog/pg_type.h, which clients do not get; the numbers never change. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT8 = 701,
    OID_VARCHAR = 1043,
};
enum {
    WAITING_MAX = 4,
    UNHEARD_MAX = 128,
    UNHEARD_ROOM = UNHEARD_MAX + 2 * WAITING_MAX, /* words go before a statement */
};

/* What was sent and not heard of. */
struct unheard {
    const char *doing;
    bool        one; /* it must touch a row */
};

struct postgres {
    struct db   db;
    char       *where;
    bool        scripts;
    PGconn     *conn;
    bool        lost;   /* the server said that it goes */
    PGresult   *result; /* of the statement that runs */
    int         row, nrows;
    bool        by_one; /* its rows come one by one */
    const char *doing;
    enum word   waiting[WAITING_MAX]; /* savepoints and releases that go with the next
                                         statement: one journey instead of three */
    size_t             nwaiting;
    struct unheard     unheard[UNHEARD_ROOM]; /* in its order; the pipeline is on */
    size_t             nunheard;
    struct pg_filling *filling; /* rows on their way into a table */
};

static inline struct postgres *pg_of(struct db *db)
{
    return (struct postgres *)db;
}

/* Is it this machine, or one that must prove by its certificate which it is? */
bool             pg_is_safe(const char *where);
MUST_USE enum rc pg_open(struct str where, enum db_mode mode, bool scripts, struct db **db);
void             pg_close(struct db *db);
bool             pg_alive(const struct db *db);
MUST_USE enum rc pg_reconnect(struct db *db);
MUST_USE enum rc pg_prepare(struct db *db);

/* What an error means; said in the log.  The connection may be lost with it. */
enum rc pg_told(struct postgres *pg, const PGresult *result, const char *doing);
/* Commands without rows or whose rows do not matter. */
MUST_USE enum rc pg_command(struct postgres *pg, const char *sql, const char *doing);
/* One command's answer in a pipeline, and the NULL that stands behind it. */
PGresult *pg_hear(struct postgres *pg);
Oid       pg_type(enum kind kind);

/* Rows into a table by COPY (postgres_fill.c). */
MUST_USE enum rc pg_fill_begin(struct db *db, const char *sql);
MUST_USE enum rc pg_fill(struct db *db, const struct db_value *row, size_t n);
MUST_USE enum rc pg_fill_end(struct db *db);
void             pg_fill_drop(struct postgres *pg);

#endif
