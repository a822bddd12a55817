/* Tables that people send 表格文件: CSV in UTF-8 or GB 18030; the first sheet of an xlsx
 * comes here as CSV, too (decode/sheet.h), having been unpacked elsewhere.  All cells come
 * as text, as they stand in the file (a date in an xlsx is a number of days: table_time()
 * reads both); the first row with anything in it is the head, and blank rows are left out.
 *
 * RC_REFUSED, told.  Any thread may ask. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H
#include "base/limits.h"
#include "base/problem.h"
#include "base/rc.h"

struct table_row {
    int64_t     number; /* as the program shows it, from 1 */
    struct str *cells;  /* as many as the head has; never absent */
};
struct table {
    struct str        sheet; /* its name; of a CSV "" */
    bool              since_1904;
    struct table_row *rows; /* the head first */
    size_t            n, ncolumns;
};

/* A zip, as every xlsx is one. */
bool             table_packed(struct str bytes);
MUST_USE enum rc table_read(struct arena *arena, struct str bytes, size_t rows_max,
                            struct problems *problems, struct table *table);
/* "C" for 2. */
struct str table_column(struct arena *arena, size_t column);
/* 2026-11-03 09:12, 2026/11/3 9:12:30, 2026年11月3日, or days of an xlsx: Beijing time. */
MUST_USE bool table_time(const struct table *table, struct str cell, int64_t *ms);

#endif
