/* Many rows into a PostgreSQL table by COPY in binary, a journey for thousands of rows
 * instead of one for each. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

enum { FILL_BYTES = 256 << 10 };

struct pg_filling {
    size_t len;
    char   buffer[FILL_BYTES];
};

void pg_fill_drop(struct postgres *pg)
{
    free(pg->filling);
    pg->filling = NULL;
}

static enum rc send(struct postgres *pg, const char *at, size_t len)
{
    return !len || PQputCopyData(pg->conn, at, (int)len) == 1 ? RC_OK
                                                              : pg_told(pg, NULL, "fill");
}

static enum rc put(struct postgres *pg, const void *bytes, size_t len)
{
    struct pg_filling *filling = pg->filling;
    enum rc            rc = RC_OK;

    if (filling->len + len > FILL_BYTES) {
        rc = send(pg, filling->buffer, filling->len);
        filling->len = 0;
    }
    if (rc != RC_OK || len > FILL_BYTES)
        return rc == RC_OK ? send(pg, bytes, len) : rc;
    memcpy(filling->buffer + filling->len, bytes, len);
    filling->len += len;
    return RC_OK;
}

static enum rc put_16(struct postgres *pg, size_t number)
{
    uint16_t bits = htobe16((uint16_t)number);

    return put(pg, &bits, sizeof bits);
}

static enum rc put_cell(struct postgres *pg, const void *bytes, size_t len)
{
    uint32_t bits = htobe32((uint32_t)len);

    enum rc rc = put(pg, &bits, sizeof bits);
    return rc == RC_OK && len ? put(pg, bytes, len) : rc;
}

static enum rc put_null(struct postgres *pg)
{
    return put(pg, "\xff\xff\xff\xff", 4);
}

static enum rc put_value(struct postgres *pg, const struct db_value *value)
{
    uint64_t bits = (uint64_t)value->number;

    if (value->null)
        return put_null(pg);
    if (value->kind == KIND_TEXT || value->kind == KIND_BYTES)
        return put_cell(pg, value->text.at, value->text.len);
    if (value->kind == KIND_REAL)
        memcpy(&bits, &value->real, sizeof bits);
    bits = htobe64(bits);
    return put_cell(pg, &bits, sizeof bits);
}

enum rc pg_fill_begin(struct db *db, const char *sql)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* and a closing zero */
    struct postgres  *pg = pg_of(db);

    pg_fill_drop(pg);
    pg->filling = calloc(1, sizeof *pg->filling);
    if (!pg->filling)
        return RC_NO_MEMORY;
    PGresult *result = PQexec(pg->conn, sql);
    enum rc   rc =
        PQresultStatus(result) == PGRES_COPY_IN ? RC_OK : pg_told(pg, result, "fill");
    PQclear(result);
    return rc == RC_OK ? put(pg, head, sizeof head) : rc;
}

enum rc pg_fill(struct db *db, const struct db_value *row, size_t n)
{
    struct postgres *pg = pg_of(db);

    enum rc rc = put_16(pg, n);
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = put_value(pg, &row[i]);
    return rc;
}

enum rc pg_fill_end(struct db *db)
{
    struct postgres *pg = pg_of(db);
    PGresult        *result;

    enum rc rc = put(pg, "\xff\xff", 2);
    if (rc == RC_OK)
        rc = send(pg, pg->filling->buffer, pg->filling->len);
    if (rc == RC_OK && PQputCopyEnd(pg->conn, NULL) != 1)
        rc = pg_told(pg, NULL, "fill");
    while (rc == RC_OK && (result = PQgetResult(pg->conn)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            rc = pg_told(pg, result, "fill");
        PQclear(result);
    }
    pg_fill_drop(pg);
    return rc;
}
