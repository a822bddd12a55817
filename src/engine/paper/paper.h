/* Paper 文书: a text on A4 as a PDF, with a check code in letters and as a QR code, that
 * can be printed, signed by hand and, by whoever holds it, checked.  Written by Cairo with
 * one typeface, of which only the characters that occur go into the file.
 *
 * Nothing is read but our own text and that typeface's files; what stands in the file is
 * looked at by nobody here again.
 *
 * Cairo 1.16 loses 768 bytes for each typeface that it puts into a file (its subsets of
 * CFF fonts, tests/asan.supp): a server that made 10,000 papers has grown by 15 MB. */
#ifndef ENGINE_PAPER_PAPER_H
#define ENGINE_PAPER_PAPER_H
#include "base/arena.h"
#include "base/field.h"
#include "base/rc.h"
#include "base/str.h"

enum { PAPER_CODE_GROUP = 5, PAPER_BYTES_MAX = 700 << 10 };

struct paper {
    struct str  title, number, issuer, day;
    struct list lines; /* struct str, a paragraph each */
    struct list signs; /* struct str */
    struct str  code;  /* "ABCDE-…" */
    struct str  where; /* where it is checked: "https://…/#/check"; absent: not told */
};
/* The file's bytes, in the arena.  RC_UNAVAILABLE: the typeface is not installed;
 * RC_TOO_LARGE above PAPER_BYTES_MAX. */
MUST_USE enum rc paper_write(struct arena *arena, const struct paper *paper,
                             struct str *pdf);

#endif
