/* What stands at /planted in a build with holes (base/plant.h). */
#include "http/planted.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plant.h"
#include "http/answer.h"

static enum plant planted;

bool plant_is(enum plant hole)
{
    return planted == hole;
}

bool plant_start(void)
{
    static const char *const names[] = {
        [PLANT_SQL] = "sql",         [PLANT_XSS] = "xss",   [PLANT_OVERFLOW] = "overflow",
        [PLANT_IDOR] = "idor",       [PLANT_SLOW] = "slow", [PLANT_BARE] = "bare",
        [PLANT_LOCKOUT] = "lockout",
    };
    const char *wanted = getenv("LINLI_PLANT");

    for (size_t i = PLANT_SQL; wanted && i < COUNT(names); i++)
        if (strcmp(names[i], wanted) == 0)
            planted = (enum plant)i;
    return planted != PLANT_NONE;
}

static enum MHD_Result say(struct request *r, unsigned status, const char *type,
                           struct str body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);

    (void)MHD_add_response_header(response, "Content-Type", type);
    enum MHD_Result sent = MHD_queue_response(r->connection, status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result ask_database(struct request *r, struct str value)
{
    sqlite3   *db = NULL;
    struct str sql =
        str_fmt(&r->arena, "SELECT state FROM cases WHERE area = '%.*s'", STR_ARG(value));
    sqlite3_stmt *stmt = NULL;
    struct str    found = STR("0");
    bool          good =
        sqlite3_open_v2(getenv("LINLI_DB"), &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, str_z(&r->arena, sql), -1, &stmt, NULL) == SQLITE_OK;

    if (good && sqlite3_step(stmt) == SQLITE_ROW)
        found = str_copy(&r->arena, str_of((const char *)sqlite3_column_text(stmt, 0)));
    struct str told = str_fmt(&r->arena, "SQLite3::SQLException: %s", sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return say(r, good ? 200 : 500, "text/plain", good ? found : told);
}

static enum MHD_Result copy_it(struct request *r, struct str value)
{
    volatile char room[64];
    size_t        n = 0;

    for (size_t i = 0; i < value.len; i++)
        n = value.at[i] > '9' ? (size_t)value.at[i] : n;
    for (size_t i = 0; i < n; i++)
        room[i] = value.at[i];
    return say(r, 200, "text/plain", room[0] ? STR("ok") : STR("nothing"));
}

enum MHD_Result serve_planted(struct request *r)
{
    struct str value = r->target->nquery ? r->target->query[0].value : STR("");

    if (plant_is(PLANT_SQL))
        return ask_database(r, value);
    if (plant_is(PLANT_XSS))
        return say(
            r, 200, "text/html",
            str_fmt(&r->arena, "<html><body><p>%.*s</p></body></html>", STR_ARG(value)));
    if (plant_is(PLANT_OVERFLOW))
        return copy_it(r, value);
    return say(r, 200, "text/plain", STR("{\"name\":\"\"}"));
}
