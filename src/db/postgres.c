/* PostgreSQL by libpq: every statement prepared with the declared types, parameters
 * and results in binary, READ COMMITTED (one owner per county, and compare-and-set,
 * leave nothing that a stricter level would find). */
#include "db/postgres.h"

#include <endian.h>
#include <string.h>

enum { BINARY = 1 };

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
    switch (pg_type(value->kind)) {
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
    return PQsendQueryPrepared(pg->conn, pg->doing, (int)n, p->values, p->lengths,
                               p->formats, BINARY) &&
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
    return pg_told(pg, pg->result, pg->doing);
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
        rc = pg_command(pg, words[pg->waiting[i]], words[pg->waiting[i]]);
    pg->nwaiting = 0;
    return rc;
}

static enum rc wait_with(struct postgres *pg, enum word word)
{
    enum rc rc = pg->nwaiting == WAITING_MAX ? say_waiting(pg) : RC_OK;

    if (rc == RC_OK)
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

/* ---- the pipeline ---- */

static int64_t touched_by(PGresult *result)
{
    int64_t touched;

    return str_int64(str_of(PQcmdTuples(result)), &touched) ? touched : 0;
}

/* What was sent cannot be taken back, nor is it known how far it came. */
static enum rc out_of_step(struct postgres *pg)
{
    pg->lost = true;
    pg->nunheard = 0;
    return pg_told(pg, NULL, pg->doing);
}

static bool send_waiting(struct postgres *pg)
{
    bool sent = PQenterPipelineMode(pg->conn);

    for (size_t i = 0; i < pg->nwaiting && sent; i++) {
        const char *word = words[pg->waiting[i]];
        sent = PQsendQueryParams(pg->conn, word, 0, NULL, NULL, NULL, NULL, 0);
        pg->unheard[pg->nunheard++] = (struct unheard){ word, false };
    }
    pg->nwaiting = 0;
    return sent;
}

static enum rc hear_unheard(struct postgres *pg)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < pg->nunheard && rc == RC_OK; i++) {
        PGresult *result = pg_hear(pg);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            rc = pg_told(pg, result, pg->unheard[i].doing);
        else if (pg->unheard[i].one && touched_by(result) == 0)
            rc = RC_CONFLICT;
        PQclear(result);
    }
    pg->nunheard = 0;
    return rc;
}

/* Past what is left of it: a NULL, or all that a failure has skipped. */
static void end_pipeline(struct postgres *pg)
{
    bool sync = false;

    while (!sync && PQstatus(pg->conn) == CONNECTION_OK) {
        PGresult *result = PQgetResult(pg->conn);
        sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    pg->lost |= !PQexitPipelineMode(pg->conn); /* out of step with the server */
}

static enum rc postgres_settle(struct db *db)
{
    struct postgres *pg = pg_of(db);

    if (!pg->nunheard)
        return RC_OK;
    if (!PQpipelineSync(pg->conn))
        return out_of_step(pg);
    enum rc rc = hear_unheard(pg);
    end_pipeline(pg);
    return rc;
}

/* ---- running ---- */

static enum rc send_later(struct postgres *pg, const struct params *params, size_t n,
                          bool one)
{
    enum rc rc = pg->nunheard >= UNHEARD_MAX ? postgres_settle(&pg->db) : RC_OK;

    if (rc != RC_OK)
        return rc;
    if (!send_waiting(pg) || !send(pg, params, n))
        return out_of_step(pg);
    pg->unheard[pg->nunheard++] = (struct unheard){ pg->doing, one };
    return RC_OK;
}

static enum rc send_and_hear(struct postgres *pg, const struct params *params, size_t n)
{
    if (!pg->nwaiting && !pg->nunheard)
        return send(pg, params, n) ? take_result(pg) : pg_told(pg, NULL, pg->doing);
    if (!send_waiting(pg) || !send(pg, params, n) || !PQpipelineSync(pg->conn))
        return out_of_step(pg);
    enum rc rc = hear_unheard(pg);
    if (rc == RC_OK)
        rc = take_result(pg);
    end_pipeline(pg);
    return rc;
}

/* libpq would give rows one by one in a pipeline, too; but nobody who walks over many of
 * them counts journeys. */
static enum rc leave_pipeline(struct postgres *pg)
{
    enum rc rc = postgres_settle(&pg->db);

    return rc == RC_OK ? say_waiting(pg) : rc;
}

static enum rc postgres_start(struct db *db, size_t slot, const struct db_value *values,
                              size_t n, enum rows rows)
{
    struct postgres *pg = pg_of(db);
    struct params    params;

    pg->doing = db->catalogue->stmts[slot]->name;
    pg->by_one = rows == ROWS_ONE_BY_ONE;
    bind_all(&params, values, n);
    if (rows >= ROWS_LATER)
        return send_later(pg, &params, n, rows == ROWS_LATER_ONE);
    enum rc rc = pg->by_one ? leave_pipeline(pg) : RC_OK;
    if (rc == RC_OK)
        rc = send_and_hear(pg, &params, n);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    end_statement(pg);
    return rc;
}

static enum rc postgres_next(struct db *db)
{
    struct postgres *pg = pg_of(db);

    if (++pg->row < pg->nrows)
        return RC_OK;
    if (!pg->by_one || PQresultStatus(pg->result) != PGRES_SINGLE_TUPLE)
        return RC_NOT_FOUND;
    enum rc rc = take_result(pg);
    if (rc == RC_OK)
        pg->row = 0;
    return rc;
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
    struct postgres *pg = pg_of(db);
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
    struct postgres *pg = pg_of(db);
    int64_t          touched = touched_by(pg->result);

    end_statement(pg);
    return touched;
}

/* ---- words ---- */

static enum rc postgres_word(struct db *db, enum word word)
{
    struct postgres *pg = pg_of(db);
    enum rc          rc = RC_OK;

    if (word == WORD_SAVEPOINT)
        return wait_with(pg, word);
    enum rc failed = postgres_settle(db);
    (void)failed; /* only of what is gone back behind: others have settled before */
    if (word == WORD_RELEASE || word == WORD_BACK) {
        if (unsay_savepoint(pg))
            return RC_OK;
        if (word == WORD_RELEASE)
            return wait_with(pg, word);
        rc = say_waiting(pg);
    }
    pg->nwaiting = 0; /* the transaction's end is theirs */
    return rc == RC_OK ? pg_command(pg, words[word], words[word]) : rc;
}

static enum rc postgres_script(struct db *db, const char *sql)
{
    return pg_command(pg_of(db), sql, "script");
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
        types[i] = pg_type(stmt->params[i]);
    bind_all(&params, values, n);
    PGresult  *result = PQexecParams(pg->conn, sql.at, (int)n, types, params.values,
                                     params.lengths, params.formats, 0);
    struct str lines =
        PQresultStatus(result) == PGRES_TUPLES_OK ? lines_of(arena, result) : STR_NONE;
    if (!lines.at)
        pg_told(pg, result, stmt->name);
    PQclear(result);
    return lines;
}

/* A test's tables are nearly empty, where reading all is best: what the planner
 * would do with large ones shows when scans and sorts cost it dear. */
static struct str postgres_plan(struct db *db, struct arena *arena, const struct stmt *stmt,
                                const struct db_value *values, size_t n)
{
    static const char begin[] = "BEGIN; SET LOCAL enable_seqscan = off;"
                                "SET LOCAL enable_bitmapscan = off;"
                                "SET LOCAL enable_sort = off";
    struct postgres  *pg = pg_of(db);
    struct str        plan = STR_NONE;

    if (pg_command(pg, begin, "plan") == RC_OK)
        plan = explain(pg, arena, stmt, values, n);
    return pg_command(pg, "ROLLBACK", "plan") == RC_OK ? plan : STR_NONE;
}

const struct engine postgres_engine = {
    .kind = DB_POSTGRES,
    .bytes = STR_INIT("BYTEA"),
    .real = STR_INIT("DOUBLE PRECISION"),
    .by_key = STR_INIT(""),
    .open = pg_open,
    .close = pg_close,
    .alive = pg_alive,
    .reconnect = pg_reconnect,
    .prepare = pg_prepare,
    .start = postgres_start,
    .next = postgres_next,
    .cell = postgres_cell,
    .finish = postgres_finish,
    .settle = postgres_settle,
    .word = postgres_word,
    .script = postgres_script,
    .plan = postgres_plan,
    .fill_begin = pg_fill_begin,
    .fill = pg_fill,
    .fill_end = pg_fill_end,
};
