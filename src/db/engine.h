/* Inside db/: what the facade (db.c) asks of an engine (sqlite.c, postgres.c).
 * The facade holds what is the same everywhere: the right order of calls, kinds,
 * rows, transactions that failed, injected failures.  An engine knows how to
 * prepare, start, step and finish one statement at a time, and the words that
 * begin and end a transaction.  Nobody outside db/ includes this. */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H
#include "base/arena.h"
#include "db/cells.h"
#include "db/db.h"

struct engine;

/* The common head of every connection; an engine puts its own behind it. */
struct db {
    const struct engine       *engine;
    const struct db_catalogue *catalogue; /* NULL: only scripts */
    enum db_mode               mode;
    bool                       in_transaction;
    bool                       busy;      /* a statement is between start and finish */
    size_t                     snapshots; /* asked for inside one another */
    bool               changed;   /* one that may change rows began since db_watch() */
    bool               trusting;  /* db_run() need not wait, see db_trust() */
    enum rc            trouble;   /* what failed in this transaction, or RC_OK */
    const struct memo *memos;     /* of this transaction (memo.h), … */
    struct arena       memo_room; /* … and where they are */
};

/* What is said around statements. */
enum word {
    WORD_BEGIN,
    WORD_ALONE, /* begins, and waits until no other migration runs */
    WORD_SNAPSHOT,
    WORD_COMMIT,
    WORD_ROLLBACK,
    WORD_SAVEPOINT,
    WORD_RELEASE,
    WORD_BACK,
    WORDS
};

enum rows {
    ROWS_AT_ONCE,
    ROWS_ONE_BY_ONE,
    ROWS_LATER, /* none; settle() hears what came of it, no next() or finish() follows */
    ROWS_LATER_ONE, /* … and RC_CONFLICT when it touched no row */
};

enum checkpoint {
    CHECKPOINT_PASSIVE,  /* copies what it can, in nobody's way */
    CHECKPOINT_RESTART,  /* and makes the next commit begin at the log's start */
    CHECKPOINT_TRUNCATE, /* and gives its space back */
};

struct engine {
    enum db_engine kind;
    struct str     bytes, real; /* @bytes@ and @real@ in migrations */
    struct str by_key; /* @by_key@: a table that lies in the order of its key, if it can */

    MUST_USE enum rc (*open)(struct str where, enum db_mode mode, bool scripts,
                             struct db **db);
    void (*close)(struct db *db);
    bool (*alive)(const struct db *db);
    MUST_USE enum rc (*reconnect)(struct db *db);
    /* Every statement of db->catalogue against the schema; each that does not fit
     * is logged. */
    MUST_USE enum rc (*prepare)(struct db *db);

    MUST_USE enum rc (*start)(struct db *db, size_t slot, const struct db_value *values,
                              size_t n, enum rows rows);
    MUST_USE enum rc (*next)(struct db *db); /* RC_OK: a row; RC_NOT_FOUND: no more */
    /* A cell of the row, borrowed until next() or finish(). */
    struct db_value (*cell)(struct db *db, size_t column, enum kind kind);
    /* The row into a record, its texts borrowed: what cell() gives, faster.  May be
     * NULL. */
    void (*row)(struct db *db, const struct field *fields, size_t n, void *record,
                struct texts *texts);
    int64_t (*finish)(struct db *db); /* rows touched */
    /* Hears of all that was started with ROWS_LATER: what the first of them that failed ran
     * into.  start() of another kind does it, too.  NULL: it is never started so. */
    MUST_USE enum rc (*settle)(struct db *db);

    MUST_USE enum rc (*word)(struct db *db, enum word word);
    MUST_USE enum rc (*script)(struct db *db, const char *sql);
    struct str (*plan)(struct db *db, struct arena *arena, const struct stmt *stmt,
                       const struct db_value *values, size_t n);

    /* Only of engines that take many rows faster than by statements. */
    MUST_USE enum rc (*fill_begin)(struct db *db, const char *sql);
    MUST_USE enum rc (*fill)(struct db *db, const struct db_value *row, size_t n);
    MUST_USE enum rc (*fill_end)(struct db *db);

    /* Only of engines with a log that must be copied into the database: its pages
     * at the last commit, and copying them. */
    int64_t (*log_pages)(const struct db *db);
    MUST_USE enum rc (*checkpoint)(struct db *db, enum checkpoint how);
};

extern const struct engine sqlite_engine, postgres_engine;

/* db_begin() for a migration: one at a time, whoever else starts. */
MUST_USE enum rc db_begin_alone(struct db *db);
/* RC_OK, or why this transaction can only go back. */
enum rc db_trouble(const struct db *db);
/* From now on a db_run() that does not ask what it touched need not wait until it is done:
 * PostgreSQL is told of it together with the next question, which is one journey instead of
 * two.  That it failed, a later statement says; db_savepoint(), db_release() and
 * db_commit() say it before they do anything.  The writer's alone, who can run a batch
 * again. */
void db_trust(struct db *db, bool trusting);
/* Has a statement that may change rows begun since the watch? */
void db_watch(struct db *db);
bool db_changed(const struct db *db);
/* A migration's text in an engine's words; NULL: no memory. */
char *migrate_words(struct arena *arena, const struct engine *engine, const char *sql);
/* Prepares a catalogue on a connection that was opened without one. */
MUST_USE enum rc db_adopt(struct db *db, const struct db_catalogue *catalogue);

#endif
