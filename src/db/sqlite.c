/* SQLite: one file, WAL, durable at every commit.  A connection is hardened as its
 * makers advise for files that others may have touched (sqlite.org/security.html),
 * and an authorizer leaves prepared statements nothing but rows. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/log.h"
#include "db/catalogue.h"
#include "db/engine.h"

enum {
    BUSY_MS = 5000,
    PIECE_BYTES =
        1200,     /* of a connection's own memory, for what a statement needs while it */
    PIECES = 400, /* runs: prepared ones keep some, and the library's few are soon gone */
    CHECKPOINT_MS = 100, /* that readers may keep the log from being restarted */
};

struct prepared {
    sqlite3_stmt *stmt;
    unsigned char place[STMT_PARAMS_MAX]; /* where SQLite put $1, $2 … */
};

struct sqlite {
    struct db        db;
    sqlite3         *handle;
    sqlite3_stmt    *words[WORDS];
    struct prepared *prepared; /* by slot */
    size_t           nprepared;
    sqlite3_stmt    *running;
    const char      *doing; /* its name, for the log */
    int64_t          log_pages;
};

static struct sqlite *of(struct db *db)
{
    return (struct sqlite *)db;
}

/* ---- errors ---- */

static enum rc rc_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
        return RC_OK;
    case SQLITE_DONE:
        return RC_NOT_FOUND;
    case SQLITE_CONSTRAINT:
        return RC_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RC_BUSY;
    case SQLITE_TOOBIG:
        return RC_TOO_LARGE;
    case SQLITE_NOMEM:
        return RC_NO_MEMORY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return RC_UNAVAILABLE;
    default:
        return RC_INTERNAL;
    }
}

/* Says in the log what went wrong; constraints and waiting are daily life. */
static enum rc told(const struct sqlite *s, int code, const char *doing)
{
    enum rc rc = rc_of(code);
    bool    daily = rc == RC_CONFLICT || rc == RC_BUSY;

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        log_event(daily ? LOG_DEBUG : LOG_ERROR, "db.failed",
                  LOG_TEXT("doing", str_of(doing)),
                  LOG_INT("code", sqlite3_extended_errcode(s->handle)),
                  LOG_TEXT("says", str_of(sqlite3_errmsg(s->handle))));
    return rc;
}

/* ---- opening ---- */

/* What a connection may do once it is open: read and change rows; migrations may
 * also change tables.  No ATTACH, no PRAGMA but the one that full-text search
 * reads for itself. */
static int only_rows(void *scripts, int action, const char *what, const char *value,
                     const char *database, const char *trigger)
{
    (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return strcmp(value, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
        return !value && strcmp(what, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return SQLITE_DENY;
    default:
        return scripts ? SQLITE_OK : SQLITE_DENY;
    }
}

static void harden(sqlite3 *handle)
{
    static const struct {
        int option, on;
    } options[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },
        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 }, /* "x" is a name, as in PostgreSQL */
        { SQLITE_DBCONFIG_DQS_DDL, 0 },
    };
    static const struct {
        int limit, value;
    } limits[] = {
        { SQLITE_LIMIT_LENGTH, DB_VALUE_MAX + (64 << 10) }, /* of a row, too */
        { SQLITE_LIMIT_SQL_LENGTH, 100000 },
        { SQLITE_LIMIT_EXPR_DEPTH, 50 },
        { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_COMPOUND_SELECT, 20 },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 4 },
        { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500 },
        { SQLITE_LIMIT_VARIABLE_NUMBER, STMT_PARAMS_MAX },
    };
    for (size_t i = 0; i < COUNT(options); i++)
        sqlite3_db_config(handle, options[i].option, options[i].on, NULL);
    for (size_t i = 0; i < COUNT(limits); i++)
        sqlite3_limit(handle, limits[i].limit, limits[i].value);
}

/* The checkpointer copies the log into the database, not the commit that happens
 * to fill it. */
static const char writing[] = "PRAGMA synchronous = FULL;"
                              "PRAGMA foreign_keys = ON;"
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA cell_size_check = ON;"
                              "PRAGMA cache_size = -65536;"
                              "PRAGMA wal_autocheckpoint = 0;";
static const char reading[] = "PRAGMA query_only = ON;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA cell_size_check = ON;"
                              "PRAGMA cache_size = -4096;";

/* Turning the log on wants the file alone and does not wait for it by itself:
 * programs that start at once take turns. */
static int turn_log_on(sqlite3 *handle)
{
    for (int waited_ms = 0;; waited_ms += 10) {
        int code = sqlite3_exec(handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if ((code & 0xff) != SQLITE_BUSY || waited_ms >= BUSY_MS)
            return code;
        sqlite3_sleep(10);
    }
}

static int count_log_pages(void *s, sqlite3 *handle, const char *name, int pages)
{
    (void)handle, (void)name;
    ((struct sqlite *)s)->log_pages = pages;
    return SQLITE_OK;
}

static int set_up(struct sqlite *s, enum db_mode mode, bool scripts)
{
    sqlite3_extended_result_codes(s->handle, 1);
    sqlite3_busy_timeout(s->handle, BUSY_MS);
    harden(s->handle);
    sqlite3_db_config(s->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, PIECE_BYTES, PIECES);
    int code = mode == DB_WRITE ? turn_log_on(s->handle) : SQLITE_OK;
    if (code == SQLITE_OK)
        code =
            sqlite3_exec(s->handle, mode == DB_WRITE ? writing : reading, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return code;
    if (mode == DB_WRITE)
        sqlite3_wal_hook(s->handle, count_log_pages, s);
    return sqlite3_set_authorizer(s->handle, only_rows, scripts ? s : NULL);
}

/* Nobody else may read a new file.  An existing one is never opened here: closing
 * it would drop the locks that other connections of this process hold on it. */
static enum rc make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && errno != EEXIST)
        return RC_UNAVAILABLE;
    if (fd >= 0)
        close(fd);
    return RC_OK;
}

static void sqlite_close(struct db *db)
{
    struct sqlite *s = of(db);

    for (size_t i = 0; i < WORDS; i++)
        sqlite3_finalize(s->words[i]);
    for (size_t i = 0; i < s->nprepared; i++)
        sqlite3_finalize(s->prepared[i].stmt);
    sqlite3_close(s->handle);
    free(s->prepared);
    free(s);
}

static enum rc prepare_words(struct sqlite *s)
{
    static const char *const words[WORDS] = {
        [WORD_BEGIN] = "BEGIN IMMEDIATE", [WORD_ALONE] = "BEGIN IMMEDIATE",
        [WORD_SNAPSHOT] = "BEGIN",        [WORD_COMMIT] = "COMMIT",
        [WORD_ROLLBACK] = "ROLLBACK",     [WORD_SAVEPOINT] = "SAVEPOINT job",
        [WORD_RELEASE] = "RELEASE job",   [WORD_BACK] = "ROLLBACK TO job",
    };

    for (size_t i = 0; i < WORDS; i++) {
        int code = sqlite3_prepare_v3(s->handle, words[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &s->words[i], NULL);
        if (code != SQLITE_OK)
            return told(s, code, words[i]);
    }
    return RC_OK;
}

/* Counting the memory of the whole process would take one lock for every piece. */
static void leave_memory_uncounted(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum rc open_file(struct sqlite *s, const char *path, enum db_mode mode,
                         bool scripts)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int                   flags = SQLITE_OPEN_NOMUTEX;

    pthread_once(&once, leave_memory_uncounted);
    flags |= mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(path, &s->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = set_up(s, mode, scripts);
    return code == SQLITE_OK ? prepare_words(s) : told(s, code, "open");
}

static enum rc sqlite_open(struct str where, enum db_mode mode, bool scripts,
                           struct db **db)
{
    char *path = strndup(where.at, where.len);

    if (!path || !where.len) {
        free(path);
        return RC_INVALID;
    }
    struct sqlite *s = calloc(1, sizeof *s);
    enum rc        rc = !s                            ? RC_NO_MEMORY
                        : scripts && mode == DB_WRITE ? make_file(path)
                        : access(path, F_OK) != 0     ? RC_NOT_FOUND
                                                      : RC_OK;
    if (rc == RC_OK)
        rc = open_file(s, path, mode, scripts);
    free(path);
    if (s) {
        s->db = (struct db){ .engine = &sqlite_engine, .mode = mode };
        *db = &s->db;
    }
    return rc;
}

static bool sqlite_alive(const struct db *db)
{
    (void)db;
    return true;
}

static enum rc sqlite_reconnect(struct db *db)
{
    (void)db;
    return RC_OK;
}

/* ---- preparing ---- */

/* SQLite numbers parameters by first appearance: each is asked for by its name. */
static bool find_places(struct prepared *prepared, const struct stmt *stmt)
{
    if (sqlite3_bind_parameter_count(prepared->stmt) != (int)stmt->nparams)
        return false;
    for (size_t i = 0; i < stmt->nparams; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "$%zu", i + 1);
        int place = sqlite3_bind_parameter_index(prepared->stmt, name);
        if (place == 0)
            return false;
        prepared->place[i] = (unsigned char)place;
    }
    return true;
}

static enum rc misfit(const struct stmt *stmt, const char *says)
{
    log_event(LOG_ERROR, "db.statement", LOG_TEXT("name", str_of(stmt->name)),
              LOG_TEXT("says", str_of(says)));
    return RC_INTERNAL;
}

static enum rc prepare_one(struct sqlite *s, const struct stmt *stmt,
                           struct prepared *prepared)
{
    int code = sqlite3_prepare_v3(s->handle, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &prepared->stmt, NULL);

    if (code != SQLITE_OK)
        return told(s, code, stmt->name);
    if (!find_places(prepared, stmt))
        return misfit(stmt, "its parameters are not the declared ones");
    if (sqlite3_column_count(prepared->stmt) != (int)stmt->nrow)
        return misfit(stmt, "its columns are not the declared ones");
    return RC_OK;
}

static enum rc sqlite_prepare(struct db *db)
{
    struct sqlite *s = of(db);
    enum rc        all = RC_OK;

    s->prepared = calloc(db->catalogue->n + 1, sizeof *s->prepared);
    if (!s->prepared)
        return RC_NO_MEMORY;
    s->nprepared = db->catalogue->n;
    for (size_t i = 0; i < s->nprepared && db->mode != DB_READ_MORE; i++) {
        enum rc rc = prepare_one(s, db->catalogue->stmts[i], &s->prepared[i]);
        if (rc != RC_OK)
            all = rc;
    }
    return all;
}

/* ---- running ---- */

static int bind(sqlite3_stmt *stmt, int place, const struct db_value *value)
{
    sqlite3_uint64 len = value->text.len;

    if (value->null)
        return sqlite3_bind_null(stmt, place);
    switch (value->kind) {
    case KIND_BOOL:
    case KIND_INT:
    case KIND_ID:
    case KIND_TIME:
        return sqlite3_bind_int64(stmt, place, value->number);
    case KIND_REAL:
        return sqlite3_bind_double(stmt, place, value->real);
    case KIND_TEXT:
    case KIND_RAW:
        return sqlite3_bind_text64(stmt, place, value->text.at, len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case KIND_BYTES:
        return sqlite3_bind_blob64(stmt, place, value->text.at, len, SQLITE_STATIC);
    case KIND_STRUCT:
    case KIND_LIST:
        break;
    }
    return SQLITE_MISUSE;
}

static enum rc sqlite_start(struct db *db, size_t slot, const struct db_value *values,
                            size_t n, enum rows rows)
{
    struct sqlite     *s = of(db);
    const struct stmt *stmt = db->catalogue->stmts[slot];
    struct prepared   *prepared = &s->prepared[slot];

    (void)rows; /* always one by one */
    s->doing = stmt->name;
    enum rc rc = prepared->stmt ? RC_OK : prepare_one(s, stmt, prepared);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        int code = bind(prepared->stmt, prepared->place[i], &values[i]);
        if (code != SQLITE_OK)
            return told(s, code, s->doing);
    }
    s->running = prepared->stmt;
    return RC_OK;
}

static enum rc sqlite_next(struct db *db)
{
    struct sqlite *s = of(db);
    int            code = sqlite3_step(s->running);

    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return rc_of(code);
    return told(s, code, s->doing);
}

/* The value is asked for once: sqlite3_column_text() and its like look for it, and for
 * an error, each time.  Without a mutex of the connection's own it may be read. */
static struct db_value sqlite_cell(struct db *db, size_t column, enum kind kind)
{
    sqlite3_value  *value = sqlite3_column_value(of(db)->running, (int)column);
    struct db_value cell = { .kind = kind,
                             .null = sqlite3_value_type(value) == SQLITE_NULL };

    if (cell.null)
        return cell;
    if (kind == KIND_REAL) {
        cell.real = sqlite3_value_double(value);
    } else if (kind == KIND_TEXT || kind == KIND_RAW || kind == KIND_BYTES) {
        const void *text = kind == KIND_BYTES ? sqlite3_value_blob(value)
                                              : (const void *)sqlite3_value_text(value);
        cell.text = str_slice(text ? text : "", (size_t)sqlite3_value_bytes(value));
    } else {
        cell.number = sqlite3_value_int64(value);
    }
    return cell;
}

static void borrow(sqlite3_value *value, const void *at, struct str *text,
                   struct texts *texts)
{
    if (!at && sqlite3_value_type(value) == SQLITE_NULL) {
        *text = STR_NONE;
        return;
    }
    *text = at ? str_slice(at, (size_t)sqlite3_value_bytes(value)) : STR("");
    texts_add(texts, text);
}

/* Of NULL SQLite itself says that it is zero, or no text. */
static void sqlite_row(struct db *db, const struct field *fields, size_t n, void *record,
                       struct texts *texts)
{
    sqlite3_stmt  *running = of(db)->running;
    sqlite3_value *value;

    for (size_t i = 0; i < n; i++) {
        void *member = (char *)record + fields[i].offset;

        switch (fields[i].kind) {
        case KIND_BOOL:
            *(bool *)member = sqlite3_column_int64(running, (int)i) != 0;
            break;
        case KIND_INT:
        case KIND_ID:
        case KIND_TIME:
            *(int64_t *)member = sqlite3_column_int64(running, (int)i);
            break;
        case KIND_REAL:
            *(double *)member = sqlite3_column_double(running, (int)i);
            break;
        case KIND_TEXT:
        case KIND_RAW:
            value = sqlite3_column_value(running, (int)i);
            borrow(value, sqlite3_value_text(value), member, texts);
            break;
        case KIND_BYTES:
            value = sqlite3_column_value(running, (int)i);
            borrow(value, sqlite3_value_blob(value), member, texts);
            break;
        case KIND_STRUCT:
        case KIND_LIST:
            assert(false && "not in SQL");
        }
    }
}

static int64_t sqlite_finish(struct db *db)
{
    struct sqlite *s = of(db);
    int64_t touched = sqlite3_stmt_readonly(s->running) ? 0 : sqlite3_changes64(s->handle);

    sqlite3_reset(s->running);
    s->running = NULL;
    return touched;
}

static enum rc run_word(struct sqlite *s, enum word word)
{
    int code = sqlite3_step(s->words[word]);

    sqlite3_reset(s->words[word]);
    return code == SQLITE_DONE ? RC_OK : told(s, code, sqlite3_sql(s->words[word]));
}

static enum rc sqlite_word(struct db *db, enum word word)
{
    struct sqlite *s = of(db);

    /* A full disk or a failed read has rolled everything back already. */
    if (word == WORD_ROLLBACK && sqlite3_get_autocommit(s->handle))
        return RC_OK;
    enum rc rc = run_word(s, word);
    return rc == RC_OK && word == WORD_BACK ? run_word(s, WORD_RELEASE) : rc;
}

static enum rc sqlite_script(struct db *db, const char *sql)
{
    struct sqlite *s = of(db);

    return told(s, sqlite3_exec(s->handle, sql, NULL, NULL, NULL), "script");
}

/* ---- the log ---- */

static int64_t sqlite_log_pages(const struct db *db)
{
    return ((const struct sqlite *)db)->log_pages;
}

static enum rc sqlite_checkpoint(struct db *db, enum checkpoint how)
{
    static const int modes[] = {
        [CHECKPOINT_PASSIVE] = SQLITE_CHECKPOINT_PASSIVE,
        [CHECKPOINT_RESTART] = SQLITE_CHECKPOINT_RESTART,
        [CHECKPOINT_TRUNCATE] = SQLITE_CHECKPOINT_TRUNCATE,
    };
    struct sqlite *s = of(db);

    sqlite3_busy_timeout(s->handle, CHECKPOINT_MS);
    return told(s, sqlite3_wal_checkpoint_v2(s->handle, NULL, modes[how], NULL, NULL),
                "checkpoint");
}

/* ---- plans, for tests ---- */

static struct str steps_of(struct arena *arena, sqlite3_stmt *explain)
{
    struct str steps = STR("");

    while (sqlite3_step(explain) == SQLITE_ROW)
        steps = str_fmt(arena, "%.*s%s\n", STR_ARG(steps),
                        (const char *)sqlite3_column_text(explain, 3));
    return steps;
}

static struct str sqlite_plan(struct db *db, struct arena *arena, const struct stmt *stmt,
                              const struct db_value *values, size_t n)
{
    struct sqlite  *s = of(db);
    struct prepared explain = { 0 };
    struct str      sql = str_fmt(arena, "EXPLAIN QUERY PLAN %s", stmt->sql);
    struct str      steps = STR_NONE;

    int code = sqlite3_prepare_v2(s->handle, sql.at, -1, &explain.stmt, NULL);
    if (code == SQLITE_OK && find_places(&explain, stmt)) {
        for (size_t i = 0; i < n && code == SQLITE_OK; i++)
            code = bind(explain.stmt, explain.place[i], &values[i]);
        if (code == SQLITE_OK)
            steps = steps_of(arena, explain.stmt);
    }
    sqlite3_finalize(explain.stmt);
    return steps;
}

const struct engine sqlite_engine = {
    .kind = DB_SQLITE,
    .bytes = STR_INIT("BLOB"),
    .real = STR_INIT("REAL"),
    .by_key = STR_INIT(" WITHOUT ROWID"),
    .open = sqlite_open,
    .close = sqlite_close,
    .alive = sqlite_alive,
    .reconnect = sqlite_reconnect,
    .prepare = sqlite_prepare,
    .start = sqlite_start,
    .next = sqlite_next,
    .cell = sqlite_cell,
    .row = sqlite_row,
    .finish = sqlite_finish,
    .word = sqlite_word,
    .script = sqlite_script,
    .plan = sqlite_plan,
    .log_pages = sqlite_log_pages,
    .checkpoint = sqlite_checkpoint,
};
