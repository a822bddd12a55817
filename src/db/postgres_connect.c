#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/metric.h"
#include "db/postgres.h"

/* ---- errors ---- */

static enum rc rc_of(const char *state)
{
    static const struct {
        const char *begins;
        enum rc     rc;
    } states[] = {
        { "23", RC_CONFLICT },    /* integrity constraint violation */
        { "40001", RC_BUSY },     /* serialization failure */
        { "40P01", RC_BUSY },     /* deadlock */
        { "55P03", RC_BUSY },     /* lock timeout */
        { "08", RC_UNAVAILABLE }, /* connection */
        { "53", RC_UNAVAILABLE }, /* disk full, memory, connections */
        { "57", RC_UNAVAILABLE }, /* operator: cancelled, shutting down, starting up */
        { "54", RC_TOO_LARGE },   /* program limit */
    };
    struct str text = str_of(state);

    for (size_t i = 0; i < COUNT(states); i++)
        if (str_starts(text, str_of(states[i].begins)))
            return states[i].rc;
    return RC_INTERNAL;
}

/* After these the connection is of no more use.  What has no state is said by libpq,
 * which may still take a connection for good whose last write has failed.  A writer
 * that may not write any more is talking to a standby: the address may name another
 * server. */
static bool ends_connection(const struct postgres *pg, const char *state)
{
    if (!state)
        return true;
    struct str said = str_of(state);
    bool       standby = pg->db.mode == DB_WRITE && str_eq(said, STR("25006"));
    return standby || str_starts(said, STR("57P")) || str_starts(said, STR("08"));
}

enum rc pg_told(struct postgres *pg, const PGresult *result, const char *doing)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    struct str  says = str_of(primary ? primary : PQerrorMessage(pg->conn));

    pg->lost |= PQstatus(pg->conn) != CONNECTION_OK || ends_connection(pg, state);
    enum rc rc = pg->lost ? RC_UNAVAILABLE : rc_of(state);
    bool    daily = rc == RC_CONFLICT || rc == RC_BUSY;
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

enum rc pg_command(struct postgres *pg, const char *sql, const char *doing)
{
    PGresult *result = PQexec(pg->conn, sql);
    bool      good = PQresultStatus(result) == PGRES_COMMAND_OK ||
                PQresultStatus(result) == PGRES_TUPLES_OK;
    enum rc rc = good ? RC_OK : pg_told(pg, result, doing);

    PQclear(result);
    return rc;
}

static enum rc set_session(struct postgres *pg)
{
    /* Durable, whatever the role's default is. */
    static const char all[] = "SET client_min_messages = warning;"
                              "SET client_encoding = 'UTF8';"
                              "SET standard_conforming_strings = on;"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off'";
    /* A server that froze in the middle of a batch must not keep its county from
     * the one that takes over. */
    static const char bounded[] = "SET lock_timeout = '5s';"
                                  "SET statement_timeout = '30s';"
                                  "SET idle_in_transaction_session_timeout = '5s'";
    /* A walk over everybody takes its time. */
    static const char reading[] = "SET default_transaction_read_only = on;"
                                  "SET statement_timeout = '10min'";
    enum rc           rc = pg_command(pg, all, "session");

    if (rc == RC_OK && !pg->scripts)
        rc = pg_command(pg, bounded, "session");
    if (rc == RC_OK && pg->db.mode != DB_WRITE)
        rc = pg_command(pg, reading, "session");
    return rc;
}

static const char *value_in(const PQconninfoOption *options, const char *keyword)
{
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0 && options->val && *options->val)
            return options->val;
    return NULL;
}

/* One host or several with commas between; absent: the usual socket. */
static bool is_here(const char *hosts)
{
    struct str_cut next = { .tail = str_of(hosts ? hosts : "/"), .ok = true };

    while (next.ok) {
        next = str_cut(next.tail, ',');
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", STR_ARG(next.head));
        bool loop = strncmp(name, "127.", 4) == 0 && !name[strspn(name, "0123456789.")];
        if (!loop && name[0] != '/' && strcmp(name, "::1") != 0 &&
            strcmp(name, "localhost") != 0)
            return false;
    }
    return true;
}

/* To another machine only when it proves by its certificate to be the one that is named:
 * whoever stood between would read everything.  Before the first byte is sent. */
bool pg_is_safe(const char *where)
{
    PQconninfoOption *asked = PQconninfoParse(where, NULL), *usual = PQconndefaults();
    const char       *at = value_in(asked, "hostaddr"), *host = value_in(asked, "host");
    const char       *mode = value_in(asked, "sslmode");

    if (!at && !host)
        at = value_in(usual, "hostaddr"), host = value_in(usual, "host");
    mode = mode ? mode : value_in(usual, "sslmode");
    bool here = is_here(at) && is_here(host) && !value_in(asked, "service") &&
                !value_in(usual, "service"); /* which might name another machine */
    bool safe = here || (mode && strcmp(mode, "verify-full") == 0);
    PQconninfoFree(asked);
    PQconninfoFree(usual);
    return safe;
}

/* What the address leaves open; it comes last and wins. */
static enum rc connect_to(struct postgres *pg)
{
    static const char *const names[] = { "connect_timeout",
                                         "keepalives_idle",
                                         "tcp_user_timeout",
                                         "application_name",
                                         "target_session_attrs",
                                         "dbname",
                                         NULL };
    const char              *server = pg->db.mode == DB_WRITE ? "read-write" : "any";
    const char *const values[] = { "5", "10", "10000", "linli", server, pg->where, NULL };

    if (!pg_is_safe(pg->where)) {
        log_event(LOG_ERROR, "db.not_verified",
                  LOG_TEXT("says", STR("a distant PostgreSQL needs sslmode=verify-full")));
        pg->conn = NULL;
        pg->lost = true;
        return RC_DENIED;
    }
    pg->conn = PQconnectdbParams(names, values, 1);
    pg->lost = false;
    if (PQstatus(pg->conn) != CONNECTION_OK)
        return pg_told(pg, NULL, "connect");
    PQsetNoticeProcessor(pg->conn, tell_notice, NULL);
    return set_session(pg);
}

enum rc pg_open(struct str where, enum db_mode mode, bool scripts, struct db **db)
{
    struct postgres *pg = calloc(1, sizeof *pg);

    if (!pg)
        return RC_NO_MEMORY;
    *pg = (struct postgres){ .db = { .engine = &postgres_engine, .mode = mode },
                             .where = strndup(where.at, where.len),
                             .scripts = scripts };
    *db = &pg->db;
    return pg->where ? connect_to(pg) : RC_NO_MEMORY;
}

void pg_close(struct db *db)
{
    struct postgres *pg = pg_of(db);

    pg_fill_drop(pg);
    PQfinish(pg->conn);
    free(pg->where);
    free(pg);
}

bool pg_alive(const struct db *db)
{
    const struct postgres *pg = (const struct postgres *)db;

    return !pg->lost && PQstatus(pg->conn) == CONNECTION_OK;
}

enum rc pg_reconnect(struct db *db)
{
    struct postgres *pg = pg_of(db);

    PQfinish(pg->conn);
    pg->nwaiting = pg->nunheard = 0;
    enum rc rc = connect_to(pg);
    if (rc == RC_OK && db->catalogue)
        rc = pg_prepare(db);
    metric_count(METRIC_RECONNECTS, rc == RC_OK ? "done" : "failed");
    if (rc == RC_OK)
        log_event(LOG_INFO, "db.reconnected", LOG_INT("writing", db->mode == DB_WRITE));
    else
        pg->lost = true;
    return rc;
}

/* ---- preparing ---- */

Oid pg_type(enum kind kind)
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
    switch (pg_type(kind)) {
    case OID_INT8:
        return column == OID_INT8 || column == OID_INT4 ||
               (column == OID_BOOL && kind == KIND_BOOL);
    case OID_TEXT:
        return column == OID_TEXT || column == OID_VARCHAR;
    default:
        return column == pg_type(kind);
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
        types[i] = pg_type(stmt->params[i]);
    return PQsendPrepare(pg->conn, stmt->name, stmt->sql, (int)stmt->nparams, types) &&
           PQsendDescribePrepared(pg->conn, stmt->name) && PQpipelineSync(pg->conn);
}

PGresult *pg_hear(struct postgres *pg)
{
    PGresult *result = PQgetResult(pg->conn);

    if (result)
        PQclear(PQgetResult(pg->conn));
    return result;
}

static enum rc hear_one(struct postgres *pg, const struct stmt *stmt)
{
    PGresult *prepared = pg_hear(pg), *described = pg_hear(pg);
    enum rc   rc = RC_OK;

    PQclear(PQgetResult(pg->conn)); /* the sync */
    if (PQresultStatus(prepared) != PGRES_COMMAND_OK) {
        rc = pg_told(pg, prepared, stmt->name);
    } else if (PQresultStatus(described) != PGRES_COMMAND_OK) {
        rc = pg_told(pg, described, stmt->name);
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
enum rc pg_prepare(struct db *db)
{
    struct postgres           *pg = pg_of(db);
    const struct db_catalogue *catalogue = db->catalogue;
    enum rc                    all = RC_OK;
    size_t                     sent = 0;

    if (!PQenterPipelineMode(pg->conn))
        return pg_told(pg, NULL, "prepare");
    while (sent < catalogue->n && send_one(pg, catalogue->stmts[sent]))
        sent++;
    if (sent < catalogue->n)
        all = pg_told(pg, NULL, catalogue->stmts[sent]->name);
    for (size_t i = 0; i < sent && !pg->lost; i++) {
        enum rc rc = hear_one(pg, catalogue->stmts[i]);
        if (rc != RC_OK)
            all = rc;
    }
    pg->lost |= !PQexitPipelineMode(pg->conn); /* out of step with the server */
    return pg->lost ? RC_UNAVAILABLE : all;
}
