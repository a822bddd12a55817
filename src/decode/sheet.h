/* The first sheet of an xlsx that somebody sent, as CSV in UTF-8: all cells quoted, as they
 * stand in the file (a date is a number of days, of a formula what it came to), blank rows
 * as blank lines, so that a row keeps its number.  What was not made by an office program
 * is refused whole: packed a hundred times smaller than it is, with a DTD, with more of
 * anything than limits.def says.  Runs in linli-decode; the server reads the CSV as it
 * reads what people send (base/table.h), and tells there of rows and columns too many. */
#ifndef DECODE_SHEET_H
#define DECODE_SHEET_H
#include "base/arena.h"
#include "base/str.h"
#include "decode/wire.h"

struct sheet {
    bool   since_1904; /* its days are counted from there */
    size_t n, nname;
    char   name[DECODE_NAME_BYTES_MAX];
    char   csv[DECODE_TABLE_BYTES_MAX];
};

/* A verdict of VERDICT_SHEET_… when there is none; LOST without memory. */
MUST_USE enum verdict sheet_read(struct str bytes, struct sheet *sheet);

#endif
