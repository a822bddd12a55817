#include "app/keep/rows.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "app/house.h"

enum cell { CELL_NULL, CELL_NUMBER, CELL_REAL, CELL_TEXT };

/* ---- a row as bytes ---- */

static bool put(struct rows *rows, const void *bytes, size_t n)
{
    if (n > ROWS_ROOM - rows->len)
        return false;
    memcpy(rows->at + rows->len, bytes, n);
    rows->len += n;
    return true;
}

static bool put_text(struct rows *rows, struct str text)
{
    char     tag = CELL_TEXT;
    uint32_t len = htobe32((uint32_t)text.len);

    return put(rows, &tag, 1) && put(rows, &len, sizeof len) &&
           (!text.len || put(rows, text.at, text.len));
}

static bool put_cell(struct rows *rows, const struct db_value *value)
{
    uint64_t bits = (uint64_t)value->number;
    char tag = value->null ? CELL_NULL : value->kind == KIND_REAL ? CELL_REAL : CELL_NUMBER;

    if (!value->null && (value->kind == KIND_TEXT || value->kind == KIND_BYTES))
        return put_text(rows, value->text);
    if (tag == CELL_REAL)
        memcpy(&bits, &value->real, sizeof bits);
    bits = htobe64(bits);
    return put(rows, &tag, 1) && (value->null || put(rows, &bits, sizeof bits));
}

enum rc rows_put(struct rows *rows, const struct db_value *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!put_cell(rows, &row[i]))
            return RC_TOO_LARGE;
    return RC_OK;
}

static bool take(struct str *rest, void *into, size_t n)
{
    if (rest->len < n)
        return false;
    memcpy(into, rest->at, n);
    *rest = str_skip(*rest, n);
    return true;
}

static bool take_text(struct str *rest, struct db_value *value)
{
    uint32_t len;

    if (!take(rest, &len, sizeof len) || be32toh(len) > rest->len)
        return false;
    value->text = str_slice(rest->at, be32toh(len));
    *rest = str_skip(*rest, value->text.len);
    return true;
}

static bool take_cell(struct str *rest, enum kind kind, struct db_value *value)
{
    char     tag;
    uint64_t bits;

    *value = (struct db_value){ .kind = kind };
    if (!take(rest, &tag, 1))
        return false;
    if (tag == CELL_NULL) {
        value->null = true;
        return true;
    }
    if (kind == KIND_TEXT || kind == KIND_BYTES)
        return tag == CELL_TEXT && take_text(rest, value);
    if (tag != (kind == KIND_REAL ? CELL_REAL : CELL_NUMBER) ||
        !take(rest, &bits, sizeof bits))
        return false;
    bits = be64toh(bits);
    if (kind == KIND_REAL)
        memcpy(&value->real, &bits, sizeof bits);
    else
        value->number = (int64_t)bits;
    return true;
}

bool rows_take(struct str *rest, const struct table *table, struct db_value *row)
{
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!take_cell(rest, table->columns[i].kind, &row[i]))
            return false;
    return true;
}

/* ---- what goes where ---- */

bool table_goes(const struct table *table, enum copy copy)
{
    /* Leases and the answers that sessions wait for end with the server; a restored one
     * asks everybody to sign in again.  Keys of persons are kept apart, since a copy of
     * them may not grow old. */
    static const struct {
        struct str name;
        bool       goes[3];
    } others[] = {
        { STR_INIT("leases"), { false } },
        { STR_INIT("sessions"), { [COPY_MOVE] = true } },
        { STR_INIT("challenges"), { [COPY_MOVE] = true } },
        { STR_INIT("person_keys"), { [COPY_KEYS] = true, [COPY_MOVE] = true } },
    };

    for (size_t i = 0; i < COUNT(others); i++)
        if (str_eq(table->name, others[i].name))
            return others[i].goes[copy];
    return copy != COPY_KEYS;
}

/* That it was made to its end, that it is being moved, that it has been moved. */
static bool is_own_mark(struct str name)
{
    return str_eq(name, HOUSE_MADE) || str_eq(name, HOUSE_MOVING) ||
           str_eq(name, HOUSE_MOVED) || str_eq(name, HOUSE_ARRIVING);
}

bool row_goes(const struct table *table, const struct db_value *row)
{
    return !str_eq(table->name, STR("installation")) || !is_own_mark(row[0].text);
}

/* ---- sums ---- */

bool table_sum_eq(const struct table_sum *a, const struct table_sum *b)
{
    return a->rows == b->rows && memcmp(a->sm3, b->sm3, sizeof a->sm3) == 0;
}

struct summing {
    const struct table *table;
    struct sm3_run     *run;
    struct rows        *rows;
    int64_t             n;
};

static enum rc sum_row(void *context, const struct db_value *row)
{
    struct summing *s = context;

    if (!row_goes(s->table, row))
        return RC_OK;
    s->rows->len = 0;
    s->n++;
    enum rc rc = rows_put(s->rows, row, s->table->ncolumns);
    sm3_add(s->run, str_slice(s->rows->at, s->rows->len));
    return rc;
}

enum rc table_sum(struct db *db, const struct table *table, struct table_sum *sum)
{
    struct summing s = { table, sm3_begin(), malloc(sizeof *s.rows), 0 };

    enum rc rc = s.rows ? table_walk(db, table, NULL, sum_row, &s) : RC_NO_MEMORY;
    free(s.rows);
    sum->rows = s.n;
    sm3_end(&s.run, sum->sm3);
    return rc;
}
