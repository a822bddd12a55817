#include "database.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A server is told its test database's name in the address's last part. */
#define SERVER_END "/postgres"

struct database {
    char where[512];
    char folder[64]; /* SQLite: what is removed */
    char server[512], name[64];
};

struct str test_database(void **state)
{
    struct database *d = *state;

    if (!d) {
        print_message("no LINLI_TEST_PG (tools/with-postgres): not on PostgreSQL\n");
        skip();
    }
    return str_of(d->where);
}

/* ---- SQLite ---- */

int test_on_sqlite(void **state)
{
    struct database *d = calloc(1, sizeof *d);

    assert_non_null(d);
    (void)snprintf(d->folder, sizeof d->folder, "/tmp/linli-test-XXXXXX");
    assert_non_null(mkdtemp(d->folder));
    (void)snprintf(d->where, sizeof d->where, "%s/test.db", d->folder);
    *state = d;
    return 0;
}

static void remove_folder(const struct database *d)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
    char                     path[sizeof d->where + 16];

    for (size_t i = 0; i < COUNT(tails); i++) {
        (void)snprintf(path, sizeof path, "%s%s", d->where, tails[i]);
        (void)unlink(path);
    }
    (void)rmdir(d->folder);
}

static int64_t sqlite_sql(const char *path, const char *sql)
{
    sqlite3      *handle;
    sqlite3_stmt *stmt;
    const char   *rest = sql;
    int64_t       cell = 0;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_busy_timeout(handle, 10000);
    while (*rest) {
        if (sqlite3_prepare_v2(handle, rest, -1, &stmt, &rest) != SQLITE_OK)
            fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
        if (!stmt)
            break;
        int code = sqlite3_step(stmt);
        if (code == SQLITE_ROW)
            cell = sqlite3_column_int64(stmt, 0);
        else if (code != SQLITE_DONE)
            fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
        sqlite3_finalize(stmt);
    }
    sqlite3_close(handle);
    return cell;
}

/* ---- PostgreSQL ---- */

static int64_t postgres_sql(const char *where, const char *sql)
{
    PGconn   *conn = PQconnectdb(where);
    PGresult *result = PQexec(conn, sql);
    int64_t   cell = 0;

    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result))
        cell = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    else if (PQresultStatus(result) != PGRES_COMMAND_OK &&
             PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    return cell;
}

static void on_server(const struct database *d, const char *verb, const char *how)
{
    char sql[200];

    (void)snprintf(sql, sizeof sql, "%s DATABASE %s %s", verb, d->name, how);
    postgres_sql(d->server, sql);
}

int test_on_postgres(void **state)
{
    static int  count;
    const char *server = getenv("LINLI_TEST_PG");

    *state = NULL;
    if (!server)
        return 0;
    struct database *d = calloc(1, sizeof *d);
    assert_non_null(d);
    assert_true(str_ends(str_of(server), STR(SERVER_END)) && strlen(server) < 400);
    (void)snprintf(d->server, sizeof d->server, "%s", server);
    (void)snprintf(d->name, sizeof d->name, "linli_test_%d_%d", (int)getpid(), ++count);
    (void)snprintf(d->where, sizeof d->where, "%.*s/%s",
                   (int)(strlen(server) - strlen(SERVER_END)), server, d->name);
    on_server(d, "CREATE", "TEMPLATE template0");
    *state = d;
    return 0;
}

/* ---- both ---- */

int64_t test_sql(struct str where, const char *sql)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(where));
    return str_starts(where, STR("postgresql://")) ? postgres_sql(path, sql)
                                                   : sqlite_sql(path, sql);
}

int test_drop(void **state)
{
    struct database *d = *state;

    if (d && d->name[0])
        on_server(d, "DROP", "WITH (FORCE)");
    else if (d)
        remove_folder(d);
    free(d);
    return 0;
}
