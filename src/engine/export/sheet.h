/* A sheet on its way to a file, row by row: xlsx, every cell a typed string so that no
 * program takes it for a formula; or CSV, in which a cell that begins
 * with what a program might take for one gets an apostrophe.  Every page of it, and
 * every line of a CSV, says who made it and when.  Inside engine/export/ only. */
#ifndef ENGINE_EXPORT_SHEET_H
#define ENGINE_EXPORT_SHEET_H
#include "base/rc.h"
#include "base/str.h"

struct sheet;
enum sheet_format { SHEET_XLSX, SHEET_CSV };

struct sheet_head {
    struct str        title; /* 居民名单 */
    struct str        mark;  /* 周岚 2026-11-23 09:31 */
    const struct str *columns;
    size_t            ncolumns;
};

/* Into the file at `path`, which may be one in memory alone.  An xlsx is put together in
 * memory, some kilobytes a row, so that nothing of it stands on the disk in clear. */
MUST_USE enum rc sheet_open(const char *path, enum sheet_format format,
                            const struct sheet_head *head, struct sheet **sheet);
MUST_USE enum rc sheet_row(struct sheet *sheet, const struct str *cells);
/* RC_UNAVAILABLE when not all of it is in the file. */
MUST_USE enum rc sheet_close(struct sheet **sheet); /* also of NULL */

#endif
