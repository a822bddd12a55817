#include "db/examine.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

/* ---- SQLite ---- */

/* The first row's first column; absent: none. */
static struct str pragma(struct arena *arena, sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    struct str    text = STR_NONE;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        text = str_copy(arena, str_of((const char *)sqlite3_column_text(stmt, 0)));
    if (!text.at)
        text = str_copy(arena, str_of(sqlite3_errmsg(handle)));
    (void)sqlite3_finalize(stmt);
    return text;
}

static void examine_file(struct arena *arena, struct str path, bool thorough,
                         struct examination *found)
{
    sqlite3 *handle = NULL;

    found->version = str_of(sqlite3_libversion());
    found->reached = sqlite3_open_v2(str_z(arena, path), &handle, SQLITE_OPEN_READONLY,
                                     NULL) == SQLITE_OK;
    if (found->reached) {
        (void)sqlite3_busy_timeout(handle, 5000);
        found->journal_mode = pragma(arena, handle, "PRAGMA journal_mode");
    }
    struct str sound = found->reached && thorough
                           ? pragma(arena, handle, "PRAGMA quick_check(1)")
                           : STR("ok");
    if (!str_eq(sound, STR("ok"))) { /* "*** in database main ***", and what it is */
        struct str_cut lines = str_cut(sound, '\n');
        found->damage = lines.ok ? lines.tail : lines.head;
    }
    if (!found->reached)
        found->says = str_copy(arena, str_of(sqlite3_errmsg(handle)));
    (void)sqlite3_close(handle);
}

/* ---- PostgreSQL ---- */

static const char question[] =
    "SELECT current_setting('server_version'), current_setting('fsync'),"
    " current_setting('full_page_writes'), current_setting('synchronous_commit'),"
    " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),"
    " has_schema_privilege(current_schema(), 'CREATE'),"
    " coalesce(NOT inet_server_addr() <<= '127.0.0.0/8'"
    "          AND inet_server_addr() <> '::1', false),"
    " coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),"
    " CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

static struct str cell(struct arena *arena, const PGresult *result, int column)
{
    return str_copy(arena, str_of(PQgetvalue(result, 0, column)));
}

static bool yes(const PGresult *result, int column)
{
    return PQgetvalue(result, 0, column)[0] == 't';
}

static void read_answer(struct arena *arena, const PGresult *result,
                        struct examination *found)
{
    found->version = cell(arena, result, 0);
    found->fsync = cell(arena, result, 1);
    found->full_page_writes = cell(arena, result, 2);
    found->synchronous_commit = cell(arena, result, 3);
    found->superuser = yes(result, 4);
    found->may_create = yes(result, 5);
    found->remote = yes(result, 6);
    found->tls = yes(result, 7);
    if (!str_int64(cell(arena, result, 8), &found->clock_ms))
        found->clock_ms = 0;
}

/* A password may stand in the address; libpq's own words do not repeat it. */
static void ask_server(struct arena *arena, const char *where, struct examination *found)
{
    const char *const names[] = { "connect_timeout", "dbname", NULL };
    const char *const values[] = { "5", where, NULL };
    PGconn           *conn = PQconnectdbParams(names, values, 1);
    PGresult *result = PQstatus(conn) == CONNECTION_OK ? PQexec(conn, question) : NULL;

    found->reached = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (found->reached)
        read_answer(arena, result, found);
    else
        found->says = str_copy(arena, str_cut(str_of(PQerrorMessage(conn)), '\n').head);
    PQclear(result);
    PQfinish(conn);
}

static void examine_server(struct arena *arena, struct str where, struct examination *found)
{
    const char *at = str_z(arena, where);

    if (at && pg_is_safe(at))
        ask_server(arena, at, found);
    else
        found->says = STR("a distant PostgreSQL needs sslmode=verify-full");
}

void examine(struct arena *arena, struct str where, bool thorough,
             struct examination *found)
{
    *found = (struct examination){ .thorough = thorough };
    if (str_starts(where, STR("postgres")))
        examine_server(arena, where, found);
    else
        examine_file(arena, where, thorough, found);
}
