/* report-rows URL SECONDS CLIENTS same|favoured: the rows of reports written into
 * PostgreSQL the usual way: CLIENTS connections, each with its own thread, one
 * transaction a report, prepared statements, parameters in binary, one after the other.
 *
 * The statements are the program's own, by name, and the values are those of reports that
 * a linli has really opened in a copy of this database: only ids, numbers, keys and times
 * are new for each.  PostgreSQL has less to do: who asks is not looked up, nothing is
 * checked, hashed or sealed.  `favoured` also leaves out the rows that every report of a
 * county changes (what is counted, the chain's head, the follower's cursor), so that no
 * transaction waits for another: they are counted in memory, which a usual program can
 * not do. */
#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "db/postgres.h"
#include "db/record.h"
#include "engine/case/case_acts.h"
#include "engine/notice/notice.h"
#include "engine/notify/notify.h"
#include "gate/journal_store.h"

enum {
    CLIENTS_MAX = 64,
    MODELS_MAX = 256,
    KEY_BYTES = 24,
    IDS_PER_REPORT = 4,
    BINARY = 1,
    PAST_OTHERS = 1000 /* lines and ids of other acts after the last report's */
};

#define FOUND_BY                                                                           \
    " FROM journal j JOIN case_found_by f ON f.county = $1 AND f.id = j.subject"
/* Sixteen a statement, the last one again where there are fewer, as linli does. */
#define TERM(k) "pg_temp.term_at(f.terms, 16 * g.n + " #k ")"
#define TERM_AT                                                                            \
    "CREATE FUNCTION pg_temp.term_at(terms BYTEA, n INT) RETURNS BIGINT LANGUAGE sql AS"   \
    " 'SELECT bit_or(CAST(get_byte(terms, 8 * least(n, length(terms) / 8 - 1) + b)"        \
    " AS BIGINT) << 8 * b) FROM generate_series(0, 7) AS b'"
#define MATTER                                                                             \
    " FROM journal j JOIN matters m ON m.county = $1 AND m.id = j.subject"                 \
    " WHERE j.county = $1 AND j.seq = $2"

/* Where a report's rows lie, once its journal line ($1 county, $2 seq) is known; in the
 * order in which they are written. */
static const struct part {
    const char *stmt, *select;
    bool        shared; /* by all reports of the county */
} parts[] = {
    { "case_insert",
      "SELECT t.* FROM journal j JOIN cases t ON t.county = $1 AND t.id ="
      " j.subject WHERE j.county = $1 AND j.seq = $2",
      false },
    { "case_counted_add",
      "SELECT t.county, t.community, t.area, t.bucket, CAST(1 AS BIGINT) FROM journal j"
      " JOIN cases t ON t.county = $1 AND"
      " t.id = j.subject WHERE j.county = $1 AND j.seq = $2",
      true },
    { "search_add",
      "SELECT f.county, f.id AS subject, f.spot, " TERM(0) ", " TERM(1) ", " TERM(
          2) ", " TERM(3) ", " TERM(4) ", " TERM(5) ", " TERM(6) ", " TERM(7) ", " TERM(8) ", " TERM(9) ", " TERM(10) ", " TERM(11) ", " TERM(12) ", " TERM(13) ", " TERM(14) ", " TERM(15)
          FOUND_BY ", generate_series(0, (length(f.terms) / 8 - 1) / 16) AS g (n)"
                   " WHERE j.county = $1 AND j.seq = $2",
      false },
    { "search_keep",
      "SELECT f.county, f.id AS subject, f.cut, f.spot, f.terms" FOUND_BY
      " WHERE j.county = $1 AND j.seq = $2",
      false },
    { "hand_put",
      "SELECT h.county, h.case_id AS subject, h.hand FROM journal j JOIN case_hands h ON"
      " h.county = $1 AND h.case_id = j.subject WHERE j.county = $1 AND j.seq = $2",
      false },
    { "journal_asked_put",
      "SELECT t.county, t.account, t.act, t.key, t.body, t.status, t.version, t.person,"
      " t.answer, t.at_ms FROM journal j JOIN asked t ON t.county = $1 AND"
      " t.account = j.actor AND t.act = j.act AND t.at_ms = j.at_ms"
      " WHERE j.county = $1 AND j.seq = $2 LIMIT 1",
      false },
    { "journal_insert_line", "SELECT * FROM journal WHERE county = $1 AND seq = $2",
      false },
    { "journal_insert_payload",
      "SELECT * FROM journal_payloads WHERE county = $1 AND seq = $2", false },
    { "inbox_insert", "SELECT * FROM inbox WHERE county = $1 AND seq = $2", false },
    { "matter_put",
      "SELECT m.county, m.id AS subject, m.reporter, m.mark AS id, m.read_mark AS id,"
      " m.day_ms AS day, m.area, m.org, m.quick" MATTER,
      false },
    { "matter_count_day",
      "SELECT m.county, m.day_ms AS day, CAST(1 AS BIGINT), m.quick,"
      " 'a:' || m.area, 'a:' || left(m.area, 12), 'a:' || left(m.area, 9),"
      " 'a:' || left(m.area, 6), coalesce('o:' || m.org, '')" MATTER,
      true },
    { "journal_head_put", "SELECT * FROM heads WHERE county = $1 AND $2 = $2", true },
    { "journal_cursor_put", "SELECT * FROM cursors WHERE county = $1 AND $2 = $2", true },
};

/* One report: the rows of each part as they came, in binary. */
struct model {
    PGresult *rows[COUNT(parts)];
    int64_t   at_ms;
};

static struct {
    const char  *url;
    bool         favoured;
    struct model models[MODELS_MAX];
    size_t       nmodels;
    int64_t      until_us;
    atomic_llong id, seq, opened;
} bench;

static _Noreturn void die(PGconn *conn, const char *doing)
{
    fprintf(stderr, "report-rows: %s: %s\n", doing, conn ? PQerrorMessage(conn) : "");
    exit(1);
}

static PGconn *reach(void)
{
    PGconn *conn = PQconnectdb(bench.url);

    if (PQstatus(conn) != CONNECTION_OK)
        die(conn, "connect");
    return conn;
}

static void command(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        die(conn, sql);
    PQclear(result);
}

static int64_t number_at(const PGresult *rows, int row, int column)
{
    uint64_t bits;

    memcpy(&bits, PQgetvalue(rows, row, column), sizeof bits);
    return (int64_t)be64toh(bits);
}

/* ---- what is copied ---- */

static PGresult *ask(PGconn *conn, const char *sql, int64_t county, int64_t seq)
{
    uint64_t    numbers[] = { htobe64((uint64_t)county), htobe64((uint64_t)seq) };
    const char *values[] = { (const char *)&numbers[0], (const char *)&numbers[1] };
    const Oid   types[] = { OID_INT8, OID_INT8 };
    PGresult   *rows = PQexecParams(conn, sql, 2, types, values, (const int[]){ 8, 8 },
                                    (const int[]){ BINARY, BINARY }, BINARY);

    if (PQresultStatus(rows) != PGRES_TUPLES_OK)
        die(conn, sql);
    return rows;
}

/* False: not a report that came over HTTP with a key, as all measured ones do. */
static bool read_model(PGconn *conn, int64_t county, int64_t seq, struct model *model)
{
    bool whole = true;

    for (size_t i = 0; i < COUNT(parts); i++) {
        model->rows[i] = ask(conn, parts[i].select, county, seq);
        whole = whole && PQntuples(model->rows[i]) > 0;
    }
    for (size_t i = 0; !whole && i < COUNT(parts); i++)
        PQclear(model->rows[i]);
    return whole;
}

static void read_models(PGconn *conn)
{
    command(conn, TERM_AT);
    PGresult *lines =
        ask(conn,
            "SELECT county, seq, at_ms, subject FROM journal WHERE act ="
            " 'case.open' AND $1 = $1 AND $2 = $2 ORDER BY seq DESC LIMIT 256",
            0, 0);

    for (int i = 0; i < PQntuples(lines); i++) {
        struct model *model = &bench.models[bench.nmodels];
        model->at_ms = number_at(lines, i, 2);
        bench.nmodels +=
            read_model(conn, number_at(lines, i, 0), number_at(lines, i, 1), model);
    }
    if (bench.nmodels == 0)
        die(NULL, "no report was ever opened over HTTP in this database");
    bench.seq = number_at(lines, 0, 1) + PAST_OTHERS;
    bench.id = number_at(lines, 0, 3) + PAST_OTHERS;
    PQclear(lines);
}

/* ---- one report ---- */

static const struct stmt *stmt_named(const char *name)
{
    const struct stmts *const tables[] = { &case_stmts,   &search_stmts, &follow_stmts,
                                           &matter_stmts, &gate_stmts,   &notify_stmts };

    for (size_t t = 0; t < COUNT(tables); t++)
        for (size_t i = 0; tables[t]->all[i]; i++)
            if (strcmp(tables[t]->all[i]->name, name) == 0)
                return tables[t]->all[i];
    die(NULL, name);
}

static void prepare(PGconn *conn)
{
    struct arena arena;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    for (size_t i = 0; i < COUNT(parts); i++) {
        const struct stmt *stmt = record_compose(&arena, stmt_named(parts[i].stmt));
        Oid                types[STMT_PARAMS_MAX];
        if (!stmt)
            die(NULL, parts[i].stmt);
        for (size_t p = 0; p < stmt->nparams; p++)
            types[p] = pg_type(stmt->params[p]);
        PGresult *result =
            PQprepare(conn, stmt->name, stmt->sql, (int)stmt->nparams, types);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            die(conn, stmt->name);
        PQclear(result);
    }
    arena_free(&arena);
}

/* What is new in this report. */
struct fresh {
    int64_t id, next_id, seq, shift_ms;
    char    key[KEY_BYTES + 1];
};

struct row {
    const char *values[STMT_PARAMS_MAX];
    int         lengths[STMT_PARAMS_MAX], formats[STMT_PARAMS_MAX];
    uint64_t    numbers[STMT_PARAMS_MAX];
};

static void put_number(struct row *row, int column, int64_t number)
{
    row->numbers[column] = htobe64((uint64_t)number);
    row->values[column] = (const char *)&row->numbers[column];
}

/* Columns say by their names what they hold; time goes on for all of them alike. */
static void fill(struct row *row, const PGresult *rows, int n, struct fresh *fresh)
{
    for (int i = 0; i < PQnfields(rows); i++) {
        struct str name = str_of(PQfname(rows, i));
        row->formats[i] = BINARY;
        row->values[i] = PQgetisnull(rows, n, i) ? NULL : PQgetvalue(rows, n, i);
        row->lengths[i] = PQgetlength(rows, n, i);
        if (!row->values[i])
            continue;
        if (str_eq(name, STR("id")))
            put_number(row, i, fresh->next_id++);
        else if (str_eq(name, STR("subject")))
            put_number(row, i, fresh->id);
        else if (str_eq(name, STR("seq")))
            put_number(row, i, fresh->seq);
        else if (str_eq(name, STR("key")))
            row->values[i] = fresh->key;
        else if (str_ends(name, STR("_ms")))
            put_number(row, i, number_at(rows, n, i) + fresh->shift_ms);
    }
}

static void write_rows(PGconn *conn, const char *stmt, const PGresult *rows,
                       struct fresh *fresh)
{
    struct row row;

    for (int n = 0; n < PQntuples(rows); n++) {
        fill(&row, rows, n, fresh);
        PGresult      *result = PQexecPrepared(conn, stmt, PQnfields(rows), row.values,
                                               row.lengths, row.formats, BINARY);
        ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            die(conn, stmt);
        PQclear(result);
    }
}

static void report(PGconn *conn)
{
    int64_t             id = atomic_fetch_add(&bench.id, IDS_PER_REPORT) + IDS_PER_REPORT;
    const struct model *model =
        &bench.models[(size_t)(id / IDS_PER_REPORT) % bench.nmodels];
    struct fresh fresh = { .id = id,
                           .next_id = id,
                           .seq = ++bench.seq,
                           .shift_ms = clock_now_ms() - model->at_ms };

    (void)snprintf(fresh.key, sizeof fresh.key, "%024llx", (unsigned long long)id);
    command(conn, "BEGIN");
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!parts[i].shared || !bench.favoured)
            write_rows(conn, parts[i].stmt, model->rows[i], &fresh);
    command(conn, "COMMIT");
    bench.opened++;
}

static void *work(void *unused)
{
    PGconn *conn = reach();

    (void)unused;
    prepare(conn);
    while (clock_mono_us() < bench.until_us)
        report(conn);
    PQfinish(conn);
    return NULL;
}

/* ---- all of them ---- */

static void check_durable(PGconn *conn)
{
    PGresult *result =
        PQexec(conn, "SELECT 1 WHERE current_setting('synchronous_commit') = 'on'"
                     " AND current_setting('fsync') = 'on'");

    if (PQntuples(result) != 1)
        die(conn, "this server does not answer after the sync");
    PQclear(result);
}

int main(int argc, char **argv)
{
    pthread_t threads[CLIENTS_MAX];

    if (argc != 5) {
        fprintf(stderr, "usage: report-rows URL SECONDS CLIENTS same|favoured\n");
        return 2;
    }
    bench.url = argv[1];
    bench.favoured = strcmp(argv[4], "favoured") == 0;
    size_t  clients = strtoul(argv[3], NULL, 10) % (CLIENTS_MAX + 1);
    PGconn *conn = reach();
    check_durable(conn);
    read_models(conn);
    int64_t began = clock_mono_us();
    bench.until_us = began + (int64_t)(strtod(argv[2], NULL) * 1e6);
    for (size_t i = 0; i < clients; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            die(NULL, "threads");
    for (size_t i = 0; i < clients; i++)
        pthread_join(threads[i], NULL);
    printf("per_s %.1f\n", (double)bench.opened * 1e6 / (double)(clock_mono_us() - began));
    for (size_t m = 0; m < bench.nmodels; m++)
        for (size_t i = 0; i < COUNT(parts); i++)
            PQclear(bench.models[m].rows[i]);
    PQfinish(conn);
    return 0;
}
