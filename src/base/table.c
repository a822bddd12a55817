#include "base/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

#include "base/clock.h"

struct table_reading {
    struct arena    *arena;
    struct problems *problems;
    struct table    *table;
    size_t           rows_max;
    int64_t          number; /* of the row that is being read */
    struct str       cells[IMPORT_COLUMNS_MAX];
    size_t           ncells;
    enum rc          rc;
};

/* ------------------------------------------------------------ rows and cells */

static enum rc refuse(struct table_reading *r, const char *says)
{
    if (r->rc == RC_OK)
        problem_add(r->problems, STR("file"), "%s", says);
    return r->rc = RC_REFUSED;
}

static void refuse_at(struct table_reading *r, size_t column, const char *says)
{
    if (r->rc != RC_OK)
        return;
    problem_at(r->problems, STR("file"), r->number, (int64_t)column + 1,
               "第 %lld 行 %.*s 列%s", (long long)r->number,
               STR_ARG(table_column(r->arena, column)), says);
    r->rc = RC_REFUSED;
}

static void keep_cell(struct table_reading *r, size_t column, struct str text)
{
    text = str_trim(text);
    if (r->rc != RC_OK || !text.len)
        return;
    if (column >= IMPORT_COLUMNS_MAX) {
        refuse_at(r, column, "以后还有内容，列太多了，请只留要导入的列。");
        return;
    }
    if (text.len > IMPORT_CELL_BYTES_MAX) {
        refuse_at(r, column, "的字太多了，请写短一些。");
        return;
    }
    r->cells[column] = str_copy(r->arena, text);
    if (column >= r->ncells)
        r->ncells = column + 1;
}

static struct table_row *room(struct table_reading *r)
{
    struct table *table = r->table;

    if (!table->rows) {
        table->rows = arena_many(r->arena, r->rows_max + 1, struct table_row);
        table->ncolumns = r->ncells;
    }
    return table->rows ? &table->rows[table->n] : NULL;
}

/* What stands right of the head has no name, and is left out. */
static void row_ends(struct table_reading *r)
{
    if (!r->ncells) /* a file of a few bytes can name its millionth row */
        return;
    if (r->rc == RC_OK && r->table->n > r->rows_max) {
        refuse(r, "行太多了，请分成几个文件，每个不超过 500 行。");
    } else if (r->rc == RC_OK) {
        struct table_row *row = room(r);
        struct str       *cells =
            row ? arena_many(r->arena, r->table->ncolumns + 1, struct str) : NULL;
        for (size_t i = 0; cells && i < r->table->ncolumns; i++)
            cells[i] = r->cells[i].at ? r->cells[i] : STR("");
        if (cells)
            r->table->rows[r->table->n++] = (struct table_row){ r->number, cells };
        else
            r->rc = RC_TOO_LARGE;
    }
    memset(r->cells, 0, sizeof r->cells);
    r->ncells = 0;
}

struct str table_column(struct arena *arena, size_t column)
{
    return column < 26 ? str_fmt(arena, "%c", (char)('A' + column))
                       : str_fmt(arena, "%c%c", (char)('A' + column / 26 - 1),
                                 (char)('A' + column % 26));
}

/* ----------------------------------------------------------------------- CSV */

/* Offices save CSV as GB 18030, unless told otherwise. */
static enum rc as_utf8(struct table_reading *r, struct str bytes, struct str *text)
{
    UErrorCode error = U_ZERO_ERROR;
    size_t     room = bytes.len * 3 + 1;
    char      *out = arena_take(r->arena, room);

    if (!out)
        return r->rc = RC_TOO_LARGE;
    int32_t n = ucnv_convert("UTF-8", "gb18030", out, (int32_t)room, bytes.at,
                             (int32_t)bytes.len, &error);
    *text = str_slice(out, n > 0 ? (size_t)n : 0);
    return U_FAILURE(error) || !str_utf8(*text)
               ? refuse(r, "这个文件打不开。请存成 xlsx 或 CSV 再传。")
               : RC_OK;
}

/* One cell from `at`; a doubled quote inside quotes is one.  Where it ends. */
static size_t csv_cell(struct table_reading *r, struct str text, size_t at,
                       struct str *cell)
{
    size_t from = at, n = 0;
    bool   quoted = at < text.len && text.at[at] == '"';
    char  *out = quoted ? arena_take(r->arena, text.len - at + 1) : NULL;

    if (!quoted) {
        while (at < text.len && text.at[at] != ',' && text.at[at] != '\n')
            at++;
        *cell = str_slice(text.at + from, at - from);
        return at;
    }
    for (at++; out && at < text.len; at++) {
        if (text.at[at] == '"' && (at + 1 == text.len || text.at[at + 1] != '"'))
            break;
        at += text.at[at] == '"';
        out[n++] = text.at[at];
    }
    while (at < text.len && text.at[at] != ',' && text.at[at] != '\n')
        at++;
    *cell = str_slice(out, n);
    return at;
}

static enum rc read_csv(struct table_reading *r, struct str text)
{
    size_t at = 0, column = 0;

    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text.at + 3, text.len - 3);
    for (r->number = 1; r->rc == RC_OK && at < text.len; at++) {
        struct arena_mark mark = arena_mark(r->arena);
        struct str        cell;
        bool              copied = text.at[at] == '"';
        at = csv_cell(r, text, at, &cell);
        copied = copied && cell.len <= IMPORT_CELL_BYTES_MAX;
        char *kept = copied ? malloc(cell.len + 1) : NULL;
        if (kept) /* of the long piece that was unquoted only the cell stays */
            memcpy(kept, cell.at, cell.len);
        else if (copied)
            r->rc = RC_TOO_LARGE;
        arena_back(r->arena, mark);
        keep_cell(r, column++, kept ? str_slice(kept, cell.len) : cell);
        free(kept);
        if (at >= text.len || text.at[at] == '\n') {
            row_ends(r);
            r->number++;
            column = 0;
        }
    }
    row_ends(r);
    return r->rc;
}

bool table_packed(struct str bytes)
{
    return str_starts(bytes, STR("PK\x03\x04"));
}

enum rc table_read(struct arena *arena, struct str bytes, size_t rows_max,
                   struct problems *problems, struct table *table)
{
    struct table_reading r = {
        .arena = arena, .problems = problems, .table = table, .rows_max = rows_max
    };
    struct str text = bytes;

    *table = (struct table){ .sheet = STR("") };
    if (bytes.len > IMPORT_CSV_BYTES_MAX)
        r.rc = refuse(&r, "这个 CSV 文件太大了，请分成几个。");
    else if (str_utf8(bytes) || as_utf8(&r, bytes, &text) == RC_OK)
        r.rc = read_csv(&r, text);
    if (r.rc == RC_OK && table->n < 2)
        return refuse(&r, "表里没有内容。第一行要是列名，下面一行一件。");
    return r.rc;
}

/* --------------------------------------------------------------------- times */

static bool number_at(struct str *rest, int64_t *number)
{
    size_t n = 0;

    while (rest->len && (rest->at[0] < '0' || rest->at[0] > '9'))
        *rest = str_slice(rest->at + 1, rest->len - 1);
    for (*number = 0; n < rest->len && rest->at[n] >= '0' && rest->at[n] <= '9' && n < 6;
         n++)
        *number = *number * 10 + (rest->at[n] - '0');
    *rest = str_slice(rest->at + n, rest->len - n);
    return n > 0;
}

/* Days since the last day of 1899, as all programs count from March 1900 on. */
static bool days_time(const struct table *table, struct str cell, int64_t *ms)
{
    char   text[32];
    char  *end;
    size_t n = cell.len < sizeof text - 1 ? cell.len : sizeof text - 1;

    memcpy(text, cell.at, n);
    text[n] = 0;
    double days = strtod(text, &end);
    if (*end || cell.len != n ||
        !(days > 31413 && days < 73415)) /* 1990 to 2100, by both */
        return false;
    int64_t first = clock_of_civil((struct civil){ .year = table->since_1904 ? 1904 : 1899,
                                                   .month = table->since_1904 ? 1 : 12,
                                                   .day = table->since_1904 ? 1 : 30 });
    *ms = first + (int64_t)llround(days * 86400) * 1000;
    return true;
}

bool table_time(const struct table *table, struct str cell, int64_t *ms)
{
    int64_t    part[6] = { 0 };
    size_t     n = 0;
    struct str rest = cell;

    if (days_time(table, cell, ms))
        return true;
    while (n < COUNT(part) && number_at(&rest, &part[n]))
        n++;
    if (n < 3 || part[0] < 1990 || part[0] > 2100 || part[1] < 1 || part[1] > 12 ||
        part[2] < 1 || part[2] > 31 || part[3] > 23 || part[4] > 59 || part[5] > 59)
        return false;
    *ms = clock_of_civil((struct civil){ .year = (int)part[0],
                                         .month = (int)part[1],
                                         .day = (int)part[2],
                                         .hour = (int)part[3],
                                         .minute = (int)part[4],
                                         .second = (int)part[5] });
    struct civil again = clock_civil(*ms);
    return again.day == part[2]; /* there is no 31 November */
}
