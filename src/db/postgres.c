/* PostgreSQL by libpq: every statement prepared with the declared types, parameters
 * and results in binary, READ COMMITTED (one owner per county, and compare-and-set,
 * leave nothing that a stricter level would find). */
#include <endian.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/catalogue.h"
#include "db/engine.h"

/* catalog/pg_type.h, which clients do not get; the numbers never change. */
enum {
    OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25,
    OID_FLOAT8 = 701, OID_VARCHAR = 1043,
};
enum { BINARY = 1, WAITING_MAX = 4 };

struct postgres {
    struct db   db;
    char       *where;
    bool        scripts;
    PGconn     *conn;
    bool        lost;    /* the server said that it goes */
    PGresult   *result;  /* of the statement that runs */
    int         row, nrows;
    bool        by_one;  /* its rows come one by one */
    const char *doing;
    enum word   waiting[WAITING_MAX]; /* savepoints and releases that go with the next
                                         statement: one journey instead of three */
    size_t      nwaiting;
};

static const char *const words[WORDS] = {
    [WORD_BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED",
    /* The lock's number is "linli" in ASCII. */
    [WORD_ALONE] = "BEGIN; SELECT pg_advisory_xact_lock(465557808233)",
    [WORD_SNAPSHOT] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [WORD_COMMIT] = "COMMIT",
    [WORD_ROLLBACK] = "ROLLBACK",
    [WORD_SAVEPOINT] = "SAVEPOINT job",
    [WORD_RELEASE] = "RELEASE SAVEPOINT job",
    [WORD_BACK] = "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job",
};

static struct postgres *of(struct db *db)
{
    return (struct postgres *)db;
}

/* ---- errors ---- */

static enum rc rc_of(const char *state)
{
    static const struct {
        const char *begins;
        enum rc     rc;
    } states[] = {
        { "23", RC_CONFLICT },       /* integrity constraint violation */
        { "40001", RC_BUSY },        /* serialization failure */
        { "40P01", RC_BUSY },        /* deadlock */
        { "55P03", RC_BUSY },        /* lock timeout */
        { "08", RC_UNAVAILABLE },    /* connection */
        { "53", RC_UNAVAILABLE },    /* disk full, memory, connections */
        { "57", RC_UNAVAILABLE },    /* operator: cancelled, shutting down, starting up */
        { "54", RC_TOO_LARGE },      /* program limit */
    };
    struct str text = str_of(state);

    for (size_t i = 0; i < COUNT(states); i++)
        if (str_starts(text, str_of(states[i].begins)))
            return states[i].rc;
    return RC_INTERNAL;
}

/* After these the connection is of no more use.  A writer that may not write any
 * more is talking to a standby: the address may name another server. */
static bool ends_connection(const struct postgres *pg, struct str state)
{
    bool standby = pg->db.mode == DB_WRITE && str_eq(state, STR("25006"));

    return standby || str_starts(state, STR("57P")) || str_starts(state, STR("08"));
}

static enum rc told(struct postgres *pg, const PGresult *result, const char *doing)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    struct str  says = str_of(primary ? primary : PQerrorMessage(pg->conn));
    enum rc     rc = RC_INTERNAL;

    if (PQstatus(pg->conn) != CONNECTION_OK || (state && ends_connection(pg, str_of(state))))
        pg->lost = true;
    if (pg->lost)
        rc = RC_UNAVAILABLE;
    else if (state)
        rc = rc_of(state);
    bool daily = rc == RC_CONFLICT || rc == RC_BUSY;
    log_event(daily ? LOG_DEBUG : LOG_ERROR, "db.failed", LOG_TEXT("doing", str_of(doing)),
              LOG_TEXT("state", str_of(state ? state : "")),
              LOG_TEXT("says", str_cut(says, '\n').head)); /* below may stand values */
    return rc;
}

/* ---- opening ---- */

static void tell_notice(void *context, const char *says)
{
    (void)context;
    log_event(LOG_WARN, "db.notice", LOG_TEXT("says", str_cut(str_of(says), '\n').head));
}

/* Commands without rows or whose rows do not matter. */
static enum rc command(struct postgres *pg, const char *sql, const char *doing)
{
    PGresult *result = PQexec(pg->conn, sql);
    bool      good = PQresultStatus(result) == PGRES_COMMAND_OK ||
                PQresultStatus(result) == PGRES_TUPLES_OK;
    enum rc rc = good ? RC_OK : told(pg, result, doing);

    PQclear(result);
    return rc;
}

static enum rc set_session(struct postgres *pg)
{
    /* Durable, whatever the role's default is. */
    enum rc rc = command(pg, "SET client_min_messages = warning;"
                             "SET client_encoding = 'UTF8';"
                             "SET standard_conforming_strings = on;"
                             "SELECT set_config('synchronous_commit', 'on', false)"
                             " WHERE current_setting('synchronous_commit') = 'off'", "session");

    if (rc == RC_OK && !pg->scripts)
        rc = command(pg, "SET lock_timeout = '5s';"
                         "SET statement_timeout = '30s';"
                         "SET idle_in_transaction_session_timeout = '60s'", "session");
    if (rc == RC_OK && pg->db.mode == DB_READ)
        rc = command(pg, "SET default_transaction_read_only = on", "session");
    return rc;
}

/* What the address leaves open; it comes last and wins. */
static enum rc connect_to(struct postgres *pg)
{
    const char *const names[] = { "connect_timeout", "keepalives_idle", "tcp_user_timeout",
                                  "application_name", "target_session_attrs", "dbname", NULL };
    const char *const values[] = { "5", "10", "10000", "linli",
                                   pg->db.mode == DB_WRITE ? "read-write" : "any", pg->where,
                                   NULL };

    pg->conn = PQconnectdbParams(names, values, 1);
    pg->lost = false;
    if (PQstatus(pg->conn) != CONNECTION_OK)
        return told(pg, NULL, "connect");
    PQsetNoticeProcessor(pg->conn, tell_notice, NULL);
    return set_session(pg);
}

static enum rc postgres_open(struct str where, enum db_mode mode, bool scripts, struct db **db)
{
    struct postgres *pg = calloc(1, sizeof *pg);

    if (!pg)
        return RC_NO_MEMORY;
    *pg = (struct postgres){ .db = { .engine = &postgres_engine, .mode = mode },
                             .where = strndup(where.at, where.len), .scripts = scripts };
    *db = &pg->db;
    return pg->where ? connect_to(pg) : RC_NO_MEMORY;
}

static void postgres_close(struct db *db)
{
    struct postgres *pg = of(db);

    PQfinish(pg->conn);
    free(pg->where);
    free(pg);
}

static bool postgres_alive(const struct db *db)
{
    const struct postgres *pg = (const struct postgres *)db;

    return !pg->lost && PQstatus(pg->conn) == CONNECTION_OK;
}

static enum rc postgres_prepare(struct db *db);

static enum rc postgres_reconnect(struct db *db)
{
    struct postgres *pg = of(db);

    PQfinish(pg->conn);
    pg->nwaiting = 0;
    enum rc rc = connect_to(pg);
    if (rc == RC_OK && db->catalogue)
        rc = postgres_prepare(db);
    if (rc == RC_OK)
        log_event(LOG_INFO, "db.reconnected", LOG_INT("statements",
                  db->catalogue ? (int64_t)db->catalogue->n : 0));
    else
        pg->lost = true;
    return rc;
}

/* ---- preparing ---- */

static Oid oid_of(enum kind kind)
{
    switch (kind) {
    case KIND_BOOL:
    case KIND_INT:
    case KIND_ID:
    case KIND_TIME:
        return OID_INT8;
    case KIND_REAL:
        return OID_FLOAT8;
    case KIND_TEXT:
    case KIND_RAW:
        return OID_TEXT;
    case KIND_BYTES:
        return OID_BYTEA;
    case KIND_STRUCT:
    case KIND_LIST:
        break;
    }
    return 0;
}

/* A sum() is NUMERIC and now() a date: columns like those would be misread. */
static bool holds(Oid column, enum kind kind)
{
    switch (oid_of(kind)) {
    case OID_INT8:
        return column == OID_INT8 || column == OID_INT4 || (column == OID_BOOL && kind == KIND_BOOL);
    case OID_TEXT:
        return column == OID_TEXT || column == OID_VARCHAR;
    default:
        return column == oid_of(kind);
    }
}

static const char *misfit(const PGresult *described, const struct stmt *stmt)
{
    if (PQnparams(described) != (int)stmt->nparams)
        return "its parameters are not the declared ones";
    if (PQnfields(described) != (int)stmt->nrow)
        return "its columns are not the declared ones";
    for (size_t i = 0; i < stmt->nrow; i++)
        if (!holds(PQftype(described, (int)i), stmt->row[i].kind))
            return "a column has not the declared kind; CAST it";
    return NULL;
}

static bool send_one(struct postgres *pg, const struct stmt *stmt)
{
    Oid types[STMT_PARAMS_MAX];

    for (size_t i = 0; i < stmt->nparams; i++)
        types[i] = oid_of(stmt->params[i]);
    return PQsendPrepare(pg->conn, stmt->name, stmt->sql, (int)stmt->nparams, types) &&
           PQsendDescribePrepared(pg->conn, stmt->name) && PQpipelineSync(pg->conn);
}

/* One command's answer in a pipeline; a NULL stands behind it. */
static PGresult *hear(struct postgres *pg)
{
    PGresult *result = PQgetResult(pg->conn);

    if (result)
        PQclear(PQgetResult(pg->conn));
    return result;
}

static enum rc hear_one(struct postgres *pg, const struct stmt *stmt)
{
    PGresult *prepared = hear(pg), *described = hear(pg);
    enum rc   rc = RC_OK;

    PQclear(PQgetResult(pg->conn)); /* the sync */
    if (PQresultStatus(prepared) != PGRES_COMMAND_OK) {
        rc = told(pg, prepared, stmt->name);
    } else if (PQresultStatus(described) != PGRES_COMMAND_OK) {
        rc = told(pg, described, stmt->name);
    } else if (misfit(described, stmt)) {
        log_event(LOG_ERROR, "db.statement", LOG_TEXT("name", str_of(stmt->name)),
                  LOG_TEXT("says", str_of(misfit(described, stmt))));
        rc = RC_INTERNAL;
    }
    PQclear(prepared);
    PQclear(described);
    return rc;
}

/* All in one go, so that a distant server costs one journey and not hundreds. */
static enum rc postgres_prepare(struct db *db)
{
    struct postgres           *pg = of(db);
    const struct db_catalogue *catalogue = db->catalogue;
    enum rc                    all = RC_OK;
    size_t                     sent = 0;

    if (!PQenterPipelineMode(pg->conn))
        return told(pg, NULL, "prepare");
    while (sent < catalogue->n && send_one(pg, catalogue->stmts[sent]))
        sent++;
    if (sent < catalogue->n)
        all = told(pg, NULL, catalogue->stmts[sent]->name);
    for (size_t i = 0; i < sent && !pg->lost; i++) {
        enum rc rc = hear_one(pg, catalogue->stmts[i]);
        if (rc != RC_OK)
            all = rc;
    }
    if (!PQexitPipelineMode(pg->conn) && all == RC_OK)
        all = told(pg, NULL, "prepare");
    return all;
}

/* ---- sending and hearing ---- */

struct params {
    const char *values[STMT_PARAMS_MAX];
    int         lengths[STMT_PARAMS_MAX], formats[STMT_PARAMS_MAX];
    uint64_t    numbers[STMT_PARAMS_MAX]; /* big-endian, where values point */
};

static void bind_number(struct params *params, size_t i, uint64_t bits)
{
    params->numbers[i] = htobe64(bits);
    params->values[i] = (const char *)&params->numbers[i];
    params->lengths[i] = sizeof bits;
}

static void bind(struct params *params, size_t i, const struct db_value *value)
{
    uint64_t bits;

    params->formats[i] = BINARY;
    params->values[i] = NULL;
    params->lengths[i] = 0;
    if (value->null)
        return;
    switch (oid_of(value->kind)) {
    case OID_INT8:
        bind_number(params, i, (uint64_t)value->number);
        return;
    case OID_FLOAT8:
        memcpy(&bits, &value->real, sizeof bits);
        bind_number(params, i, bits);
        return;
    default:
        params->values[i] = value->text.at;
        params->lengths[i] = (int)value->text.len;
    }
}

static void bind_all(struct params *params, const struct db_value *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bind(params, i, &values[i]);
}

static bool send(struct postgres *pg, const struct params *p, size_t n)
{
    return PQsendQueryPrepared(pg->conn, pg->doing, (int)n, p->values, p->lengths, p->formats,
                               BINARY) &&
           (!pg->by_one || PQsetSingleRowMode(pg->conn));
}

/* The next result becomes the current one.  RC_NOT_FOUND: it is the statement's
 * last. */
static enum rc take_result(struct postgres *pg)
{
    PQclear(pg->result);
    pg->result = PQgetResult(pg->conn);
    pg->row = -1;
    pg->nrows = PQntuples(pg->result);
    ExecStatusType status = PQresultStatus(pg->result);
    if (status == PGRES_SINGLE_TUPLE)
        return RC_OK;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return RC_NOT_FOUND;
    return told(pg, pg->result, pg->doing);
}

static void end_statement(struct postgres *pg)
{
    PGresult *rest;

    PQclear(pg->result);
    pg->result = NULL;
    while ((rest = PQgetResult(pg->conn)) != NULL)
        PQclear(rest);
}

/* ---- words that wait ---- */

static enum rc say_waiting(struct postgres *pg)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < pg->nwaiting && rc == RC_OK; i++)
        rc = command(pg, words[pg->waiting[i]], words[pg->waiting[i]]);
    pg->nwaiting = 0;
    return rc;
}

static enum rc wait_with(struct postgres *pg, enum word word)
{
    enum rc rc = pg->nwaiting == WAITING_MAX ? say_waiting(pg) : RC_OK;

    pg->waiting[pg->nwaiting++] = word;
    return rc;
}

/* A savepoint behind which nothing was sent needs no end. */
static bool unsay_savepoint(struct postgres *pg)
{
    bool last = pg->nwaiting && pg->waiting[pg->nwaiting - 1] == WORD_SAVEPOINT;

    pg->nwaiting -= last;
    return last;
}

static bool send_behind_waiting(struct postgres *pg, const struct params *params, size_t n)
{
    bool sent = PQenterPipelineMode(pg->conn);

    for (size_t i = 0; i < pg->nwaiting && sent; i++)
        sent = PQsendQueryParams(pg->conn, words[pg->waiting[i]], 0, NULL, NULL, NULL, NULL, 0);
    return sent && send(pg, params, n) && PQpipelineSync(pg->conn);
}

static enum rc hear_behind_waiting(struct postgres *pg)
{
    enum rc rc = RC_OK;

    for (; pg->nwaiting && rc == RC_OK; pg->nwaiting--) {
        PGresult *result = hear(pg);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            rc = told(pg, result, "savepoint");
        PQclear(result);
    }
    if (rc == RC_OK)
        rc = take_result(pg);
    while (!pg->lost) { /* the NULL, or what a failure left out, and the sync */
        PGresult *result = PQgetResult(pg->conn);
        bool      sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
        if (sync)
            break;
    }
    pg->nwaiting = 0;
    PQexitPipelineMode(pg->conn);
    return rc;
}

/* ---- running ---- */

static enum rc send_and_hear(struct postgres *pg, const struct params *params, size_t n)
{
    if (pg->nwaiting)
        return send_behind_waiting(pg, params, n) ? hear_behind_waiting(pg)
                                                  : told(pg, NULL, pg->doing);
    return send(pg, params, n) ? take_result(pg) : told(pg, NULL, pg->doing);
}

static enum rc postgres_start(struct db *db, size_t slot, const struct db_value *values, size_t n,
                              enum rows rows)
{
    struct postgres *pg = of(db);
    struct params    params;
    enum rc          rc = RC_OK;

    pg->doing = db->catalogue->stmts[slot]->name;
    pg->by_one = rows == ROWS_ONE_BY_ONE;
    bind_all(&params, values, n);
    if (pg->by_one)
        rc = say_waiting(pg);
    if (rc == RC_OK)
        rc = send_and_hear(pg, &params, n);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    end_statement(pg);
    return rc;
}

static enum rc postgres_next(struct db *db)
{
    struct postgres *pg = of(db);

    if (++pg->row < pg->nrows)
        return RC_OK;
    if (!pg->by_one || PQresultStatus(pg->result) != PGRES_SINGLE_TUPLE)
        return RC_NOT_FOUND;
    enum rc rc = take_result(pg);
    return rc == RC_OK ? postgres_next(db) : rc;
}

static int64_t whole_number(const char *bytes, int length)
{
    uint64_t wide;
    uint32_t narrow;

    if (length == 1)
        return bytes[0] != 0;
    if (length == sizeof narrow) {
        memcpy(&narrow, bytes, sizeof narrow);
        return (int32_t)be32toh(narrow);
    }
    memcpy(&wide, bytes, sizeof wide);
    return (int64_t)be64toh(wide);
}

static struct db_value postgres_cell(struct db *db, size_t column, enum kind kind)
{
    struct postgres *pg = of(db);
    int              at = (int)column;
    struct db_value  cell = { .kind = kind, .null = PQgetisnull(pg->result, pg->row, at) };

    if (cell.null)
        return cell;
    const char *bytes = PQgetvalue(pg->result, pg->row, at);
    int         length = PQgetlength(pg->result, pg->row, at);
    if (kind == KIND_REAL) {
        uint64_t bits;
        memcpy(&bits, bytes, sizeof bits);
        bits = be64toh(bits);
        memcpy(&cell.real, &bits, sizeof bits);
    } else if (kind == KIND_TEXT || kind == KIND_RAW || kind == KIND_BYTES) {
        cell.text = str_slice(bytes, (size_t)length);
    } else {
        cell.number = whole_number(bytes, length);
    }
    return cell;
}

static int64_t postgres_finish(struct db *db)
{
    struct postgres *pg = of(db);
    int64_t          touched;
    bool             some = str_int64(str_of(PQcmdTuples(pg->result)), &touched);

    end_statement(pg);
    return some ? touched : 0;
}

/* ---- words ---- */

static enum rc postgres_word(struct db *db, enum word word)
{
    struct postgres *pg = of(db);
    enum rc          rc = RC_OK;

    if (word == WORD_SAVEPOINT)
        return wait_with(pg, word);
    if (word == WORD_RELEASE || word == WORD_BACK) {
        if (unsay_savepoint(pg))
            return RC_OK;
        if (word == WORD_RELEASE)
            return wait_with(pg, word);
        rc = say_waiting(pg);
    }
    pg->nwaiting = 0; /* the transaction's end is theirs */
    return rc == RC_OK ? command(pg, words[word], words[word]) : rc;
}

static enum rc postgres_script(struct db *db, const char *sql)
{
    return command(of(db), sql, "script");
}

/* ---- plans, for tests ---- */

static struct str lines_of(struct arena *arena, const PGresult *result)
{
    struct str lines = STR("");

    for (int i = 0; i < PQntuples(result); i++)
        lines = str_fmt(arena, "%.*s%s\n", STR_ARG(lines), PQgetvalue(result, i, 0));
    return lines;
}

static struct str explain(struct postgres *pg, struct arena *arena, const struct stmt *stmt,
                          const struct db_value *values, size_t n)
{
    struct str    sql = str_fmt(arena, "EXPLAIN (COSTS OFF) %s", stmt->sql);
    struct params params;
    Oid           types[STMT_PARAMS_MAX];

    for (size_t i = 0; i < n; i++)
        types[i] = oid_of(stmt->params[i]);
    bind_all(&params, values, n);
    PGresult  *result = PQexecParams(pg->conn, sql.at, (int)n, types, params.values,
                                     params.lengths, params.formats, 0);
    struct str lines = PQresultStatus(result) == PGRES_TUPLES_OK ? lines_of(arena, result)
                                                                 : STR_NONE;
    if (!lines.at)
        (void)told(pg, result, stmt->name);
    PQclear(result);
    return lines;
}

/* A test's tables are nearly empty, where reading all is best: what the planner
 * would do with large ones shows when scans and sorts cost it dear. */
static struct str postgres_plan(struct db *db, struct arena *arena, const struct stmt *stmt,
                                const struct db_value *values, size_t n)
{
    struct postgres *pg = of(db);
    struct str       plan = STR_NONE;

    if (command(pg, "BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
                    " SET LOCAL enable_sort = off", "plan") == RC_OK)
        plan = explain(pg, arena, stmt, values, n);
    return command(pg, "ROLLBACK", "plan") == RC_OK ? plan : STR_NONE;
}

const struct engine postgres_engine = {
    .kind = DB_POSTGRES,
    .bytes = STR_INIT("BYTEA"),
    .real = STR_INIT("DOUBLE PRECISION"),
    .open = postgres_open,
    .close = postgres_close,
    .alive = postgres_alive,
    .reconnect = postgres_reconnect,
    .prepare = postgres_prepare,
    .start = postgres_start,
    .next = postgres_next,
    .cell = postgres_cell,
    .finish = postgres_finish,
    .word = postgres_word,
    .script = postgres_script,
    .plan = postgres_plan,
};
