#include "db/db.h"

#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/catalogue.h"
#include "db/cells.h"
#include "db/engine.h"
#include "db/memo.h"

/* ---- failure injection ---- */

static _Atomic size_t  fail_in;
static _Atomic enum rc fail_with;

size_t db_fail_at(size_t n, enum rc rc)
{
    fail_with = rc;
    return atomic_exchange(&fail_in, n);
}

static enum rc injected(void)
{
    return fail_in != 0 && --fail_in == 0 ? fail_with : RC_OK;
}

/* ---- connections ---- */

static const struct engine *engine_of(struct str where)
{
    bool url =
        str_starts(where, STR("postgresql://")) || str_starts(where, STR("postgres://"));

    return url ? &postgres_engine : &sqlite_engine;
}

enum rc db_adopt(struct db *db, const struct db_catalogue *catalogue)
{
    assert(!db->catalogue);
    db->catalogue = catalogue;
    return db->engine->prepare(db);
}

const struct db_catalogue *db_catalogue(const struct db *db)
{
    return db->catalogue;
}

enum rc db_open(struct str where, enum db_mode mode, const struct db_catalogue *catalogue,
                struct db **db)
{
    const struct engine *engine = engine_of(where);

    *db = NULL;
    if (catalogue && catalogue->faults)
        return RC_INTERNAL;
    enum rc rc = engine->open(where, mode, catalogue == NULL, db);
    if (!*db)
        return rc;
    arena_init(&(*db)->memo_room, ARENA_REQUEST_BYTES);
    if (rc == RC_OK && catalogue)
        rc = db_adopt(*db, catalogue);
    if (rc != RC_OK)
        db_close(db);
    return rc;
}

void db_close(struct db **db)
{
    if (!*db)
        return;
    arena_free(&(*db)->memo_room);
    (*db)->engine->close(*db);
    *db = NULL;
}

enum db_engine db_engine(const struct db *db)
{
    return db->engine->kind;
}

bool db_alive(const struct db *db)
{
    return db->engine->alive(db);
}

enum rc db_reconnect(struct db *db)
{
    assert(!db->in_transaction && !db->busy);
    return db->engine->reconnect(db);
}

/* Outside a transaction a lost connection is made again; inside one it is not,
 * since what went before is gone. */
static enum rc ready(struct db *db)
{
    return db->in_transaction || db_alive(db) ? RC_OK : db_reconnect(db);
}

/* ---- transactions ---- */

enum rc db_trouble(const struct db *db)
{
    return db->trouble;
}

/* PostgreSQL lets nothing more run in a transaction in which something failed.
 * So that an act behaves alike on both engines, the facade sees to it. */
static enum rc noted(struct db *db, enum rc rc)
{
    if (db->in_transaction && rc != RC_OK && rc != RC_NOT_FOUND)
        db->trouble = rc;
    return rc;
}

static enum rc say(struct db *db, enum word word)
{
    assert(!db->busy);
    if (db->trouble != RC_OK)
        return db->trouble;
    enum rc rc = injected();
    return noted(db, rc != RC_OK ? rc : db->engine->word(db, word));
}

/* A connection that turns out to be dead at the first word has lost nothing yet:
 * once more on a new one. */
static enum rc begin(struct db *db, enum word word)
{
    assert(!db->in_transaction);
    enum rc rc = ready(db);

    if (rc == RC_OK) {
        rc = say(db, word);
        if (rc == RC_UNAVAILABLE && !db_alive(db) && (rc = db_reconnect(db)) == RC_OK)
            rc = say(db, word);
    }
    db->in_transaction = rc == RC_OK;
    memo_drop(db);
    arena_free(&db->memo_room);
    arena_init(&db->memo_room, ARENA_REQUEST_BYTES);
    return rc;
}

enum rc db_begin(struct db *db)
{
    return begin(db, WORD_BEGIN);
}

enum rc db_begin_alone(struct db *db)
{
    return begin(db, WORD_ALONE);
}

void db_trust(struct db *db, bool trusting)
{
    assert(!db->in_transaction);
    db->trusting = trusting;
}

enum rc db_settle(struct db *db)
{
    assert(!db->busy);
    if (db->trouble != RC_OK || !db->engine->settle)
        return db->trouble;
    return noted(db, db->engine->settle(db));
}

/* What was not waited for has failed before it, not in it. */
static enum rc say_behind_all(struct db *db, enum word word)
{
    assert(db->in_transaction);
    enum rc rc = db_settle(db);

    return rc == RC_OK ? say(db, word) : rc;
}

enum rc db_commit(struct db *db)
{
    enum rc rc = say_behind_all(db, WORD_COMMIT);

    if (rc != RC_OK)
        db_rollback(db);
    db->in_transaction = false;
    return rc;
}

void db_rollback(struct db *db)
{
    if (!db->in_transaction)
        return;
    db->in_transaction = false;
    db->trouble = RC_OK;
    if (db_alive(db)) {
        enum rc rc = db->engine->word(db, WORD_ROLLBACK);
        (void)rc; /* the engine has logged it; a transaction that cannot end dies with its
                     connection */
    }
}

enum rc db_savepoint(struct db *db)
{
    return say_behind_all(db, WORD_SAVEPOINT);
}

enum rc db_release(struct db *db)
{
    return say_behind_all(db, WORD_RELEASE);
}

/* Without memory or room SQLite has rolled back all of the transaction, savepoint and
 * all: why, is what the first trouble says. */
void db_back(struct db *db)
{
    assert(db->in_transaction);
    memo_drop(db);
    if (!db_alive(db))
        return;
    enum rc rc = db->engine->word(db, WORD_BACK);
    if (rc == RC_OK || db->trouble == RC_OK)
        db->trouble = rc;
}

enum rc db_snapshot(struct db *db)
{
    if (db->snapshots) {
        db->snapshots++;
        return RC_OK;
    }
    enum rc rc = begin(db, WORD_SNAPSHOT);
    db->snapshots += rc == RC_OK;
    return rc;
}

void db_snapshot_end(struct db *db)
{
    assert(db->snapshots);
    if (--db->snapshots == 0)
        db_rollback(db);
}

/* ---- one statement ---- */

void db_watch(struct db *db)
{
    db->changed = false;
}

bool db_changed(const struct db *db)
{
    return db->changed;
}

static void check_values(const struct stmt *stmt, const struct db_value *values, size_t n)
{
    assert(n == stmt->nparams);
    for (size_t i = 0; i < n; i++)
        assert(values[i].kind == stmt->params[i]);
}

/* PostgreSQL refuses text that is not UTF-8 or holds a NUL, SQLite what is longer
 * than its limit: both refuse all of it. */
static enum rc check_text(const struct db_value *value)
{
    bool       bytes = value->kind == KIND_BYTES;
    struct str text = value->text;

    if (value->null || !text.len)
        return RC_OK;
    if (text.len > DB_VALUE_MAX)
        return RC_TOO_LARGE;
    return bytes || (!memchr(text.at, 0, text.len) && str_utf8(text)) ? RC_OK : RC_INVALID;
}

static enum rc check_texts(const struct db_value *values, size_t n)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = check_text(&values[i]);
    return rc;
}

/* A reader whose connection was cut while it was idle notices nothing. */
static bool may_repeat(const struct db *db)
{
    return db->mode != DB_WRITE && !db->in_transaction && !db_alive(db);
}

static enum rc start(struct db *db, const struct stmt *stmt, const struct db_value *values,
                     size_t n, enum rows rows)
{
    assert(!db->busy); /* not from inside db_each() */
    size_t slot = catalogue_slot(db->catalogue, stmt);
    check_values(db->catalogue->stmts[slot], values, n);
    if (db->trouble != RC_OK)
        return db->trouble;
    enum rc rc = check_texts(values, n);
    if (rc != RC_OK)
        return rc;
    rc = ready(db);
    if (rc == RC_OK)
        rc = injected();
    db->changed =
        db->changed || stmt->sql[0] != 'S'; /* of SELECT, as the catalogue checks */
    if (rc == RC_OK)
        rc = db->engine->start(db, slot, values, n, rows);
    if (rc == RC_UNAVAILABLE && may_repeat(db)) {
        rc = db_reconnect(db);
        if (rc == RC_OK)
            rc = db->engine->start(db, slot, values, n, rows);
    }
    db->busy = rc == RC_OK && rows < ROWS_LATER;
    return noted(db, rc);
}

static enum rc next(struct db *db)
{
    return noted(db, db->engine->next(db));
}

static int64_t finish(struct db *db)
{
    db->busy = false;
    return db->engine->finish(db);
}

static void read_cells(struct db *db, const struct stmt *stmt, void *row,
                       struct texts *texts)
{
    for (size_t i = 0; i < stmt->nrow; i++) {
        struct db_value cell = db->engine->cell(db, i, stmt->row[i].kind);
        cell_into(&stmt->row[i], &cell, row, texts);
    }
}

/* RC_TOO_LARGE when the arena's budget is gone. */
static enum rc read_row(struct db *db, struct arena *arena, const struct stmt *stmt,
                        void *row)
{
    struct texts texts;
    bool         over = arena->over;

    arena->over = false;
    texts.n = texts.bytes = 0;
    if (db->engine->row)
        db->engine->row(db, stmt->row, stmt->nrow, row, &texts);
    else
        read_cells(db, stmt, row, &texts);
    cells_keep(arena, &texts);
    enum rc rc = arena->over ? RC_TOO_LARGE : RC_OK;
    arena->over |= over;
    return rc;
}

/* The end of the rows is no error, except to db_one(). */
static enum rc at_end(enum rc rc)
{
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static bool may_wait(const struct db *db)
{
    return db->trusting && db->in_transaction && db->engine->settle;
}

enum rc db_run(struct db *db, const struct stmt *stmt, const struct db_value *values,
               size_t n, int64_t *touched)
{
    assert(stmt->nrow == 0);
    if (!touched && may_wait(db))
        return start(db, stmt, values, n, ROWS_LATER);
    enum rc rc = start(db, stmt, values, n, ROWS_AT_ONCE);

    if (touched)
        *touched = 0;
    if (rc != RC_OK)
        return rc;
    rc = at_end(next(db));
    int64_t rows = finish(db);
    if (touched && rc == RC_OK)
        *touched = rows;
    return rc;
}

static void values_of(const struct stmt *stmt, const void *record,
                      struct db_value values[STMT_PARAMS_MAX])
{
    assert(stmt->nrecord <= STMT_PARAMS_MAX);
    for (size_t i = 0; i < stmt->nrecord; i++)
        values[i] = cell_of(&stmt->record[i], record);
}

enum rc db_put(struct db *db, const struct stmt *stmt, const void *record, int64_t *touched)
{
    struct db_value values[STMT_PARAMS_MAX];

    values_of(stmt, record, values);
    return db_run(db, stmt, values, stmt->nrecord, touched);
}

enum rc db_put_one(struct db *db, const struct stmt *stmt, const void *record)
{
    struct db_value values[STMT_PARAMS_MAX];
    int64_t         touched;

    values_of(stmt, record, values);
    if (may_wait(db))
        return start(db, stmt, values, stmt->nrecord, ROWS_LATER_ONE);
    enum rc rc = db_run(db, stmt, values, stmt->nrecord, &touched);
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc db_one(struct db *db, struct arena *arena, const struct stmt *stmt,
               const struct db_value *values, size_t n, void *row)
{
    enum rc rc = start(db, stmt, values, n, ROWS_AT_ONCE);

    if (rc != RC_OK)
        return rc;
    rc = next(db);
    if (rc == RC_OK) {
        rc = row ? read_row(db, arena, stmt, row) : RC_OK;
        enum rc more = next(db);
        if (more == RC_OK)
            log_event(LOG_ERROR, "db.second_row", LOG_TEXT("name", str_of(stmt->name)));
        if (more != RC_NOT_FOUND)
            rc = more == RC_OK ? RC_INTERNAL : more;
    }
    finish(db);
    return rc;
}

struct number_row {
    int64_t number;
};
const struct field db_number_fields[] = { FIELD(struct number_row, number, OPTIONAL) };

enum rc db_number(struct db *db, struct arena *arena, const struct stmt *stmt,
                  const struct db_value *values, size_t n, int64_t *number)
{
    struct number_row row = { 0 };

    enum rc rc = db_one(db, arena, stmt, values, n, &row);
    *number = row.number;
    return rc;
}

enum { ROWS_FIRST = 16 };

/* Room for one more row; NULL when the arena's budget is gone. */
static void *add_row(struct arena *arena, struct list *rows, size_t row_size, size_t most,
                     size_t *room)
{
    if (rows->n == *room) {
        size_t wider = *room ? *room * 4 : ROWS_FIRST;
        if (wider > most)
            wider = most;
        void *at = arena_grow(arena, rows->at, *room * row_size, wider * row_size);
        if (!at)
            return NULL;
        rows->at = at;
        *room = wider;
    }
    return (char *)rows->at + row_size * rows->n++;
}

static enum rc read_rows(struct db *db, struct arena *arena, const struct stmt *stmt,
                         size_t row_size, size_t most, struct list *rows)
{
    size_t  room = 0;
    enum rc rc;

    while ((rc = next(db)) == RC_OK) {
        void *row = rows->n < most ? add_row(arena, rows, row_size, most, &room) : NULL;
        if (!row)
            return RC_TOO_LARGE;
        rc = read_row(db, arena, stmt, row);
        if (rc != RC_OK)
            return rc;
    }
    return at_end(rc);
}

enum rc db_all(struct db *db, struct arena *arena, const struct stmt *stmt,
               const struct db_value *values, size_t n, size_t row_size, size_t most,
               struct list *rows)
{
    *rows = (struct list){ 0 };
    enum rc rc = start(db, stmt, values, n, ROWS_AT_ONCE);

    if (rc != RC_OK)
        return rc;
    rc = read_rows(db, arena, stmt, row_size, most, rows);
    finish(db);
    return rc;
}

static enum rc walk(struct db *db, struct arena *arena, const struct stmt *stmt, void *row,
                    size_t row_size, db_each_row *each, void *context)
{
    enum rc rc;

    while ((rc = next(db)) == RC_OK) {
        struct arena_mark mark = arena_mark(arena);
        memset(row, 0, row_size);
        rc = read_row(db, arena, stmt, row);
        if (rc == RC_OK)
            rc = each(context, row);
        arena_back(arena, mark);
        if (rc != RC_OK)
            return rc;
    }
    return at_end(rc);
}

enum rc db_each(struct db *db, struct arena *arena, const struct stmt *stmt,
                const struct db_value *values, size_t n, void *row, size_t row_size,
                db_each_row *each, void *context)
{
    enum rc rc = start(db, stmt, values, n, ROWS_ONE_BY_ONE);

    if (rc != RC_OK)
        return rc;
    rc = walk(db, arena, stmt, row, row_size, each, context);
    finish(db);
    return rc;
}

static enum rc walk_values(struct db *db, const struct stmt *stmt, db_each_values *each,
                           void *context)
{
    struct db_value row[STMT_COLUMNS_MAX];
    enum rc         rc;

    assert(stmt->nrow <= COUNT(row));
    while ((rc = next(db)) == RC_OK) {
        for (size_t i = 0; i < stmt->nrow; i++)
            row[i] = db->engine->cell(db, i, stmt->row[i].kind);
        rc = each(context, row);
        if (rc != RC_OK)
            return rc;
    }
    return at_end(rc);
}

enum rc db_values(struct db *db, const struct stmt *stmt, const struct db_value *values,
                  size_t n, db_each_values *each, void *context)
{
    enum rc rc = start(db, stmt, values, n, ROWS_ONE_BY_ONE);

    if (rc != RC_OK)
        return rc;
    rc = walk_values(db, stmt, each, context);
    finish(db);
    return rc;
}

struct str db_plan(struct db *db, struct arena *arena, const struct stmt *stmt,
                   const struct db_value *values, size_t n)
{
    check_values(stmt, values, n);
    return db->engine->plan(db, arena, stmt, values, n);
}
