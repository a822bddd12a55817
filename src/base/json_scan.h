/* The inside of the JSON reader, for json_read.c and json_walk.c only: a
 * cursor over the text that knows the grammar.  A mistake in the grammar breaks
 * the scan: it is told once and every later call does nothing and says false,
 * so that callers need to look only where they would loop or store.  What the
 * grammar allows but we refuse (a member twice, a number that does not fit) is
 * told and passed over, so that one answer names them all.  A place is the path
 * to what is being read, kept on the stack of the reading functions. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H
#include "base/json.h"

struct place {
    const struct place *up;
    struct str          name; /* absent: an element of an array */
    size_t              index;
};

struct scan {
    struct arena    *arena;
    struct problems *problems; /* NULL: nobody listens */
    const char      *start, *at, *end;
    int              depth;
    bool             broken;
    struct key      *keys; /* of the open objects that no field table describes */
    size_t           nkeys, room;
};

struct number {
    struct str text;
    bool       whole; /* without fraction and exponent */
};

struct scan scan_of(struct arena *arena, struct str text, struct problems *problems);

/* Tells a problem at `at`; the second form also ends the scan. */
void scan_tell(struct scan *scan, const struct place *place, const char *at,
               const char *format, ...) PRINTF(4, 5);
void scan_break(struct scan *scan, const struct place *place, const char *says);

char scan_peek(struct scan *scan); /* next character but blanks, 0 at the end */
/* for (scan_enter(scan, place, '{'); scan_more(scan, place, '}', i); i++) { … } */
void scan_enter(struct scan *scan, const struct place *place, char bracket);
bool scan_more(struct scan *scan, const struct place *place, char closing, size_t done);
bool scan_key(struct scan *scan, const struct place *place, struct str *key);
bool scan_string(struct scan *scan, const struct place *place, struct str *text);
/* False also, and passed over, when it is longer than anybody needs. */
bool scan_number(struct scan *scan, const struct place *place, struct number *number);
bool scan_word(struct scan *scan, const struct place *place, struct str word);
/* Any value, checked through and through; its text without blanks around. */
bool scan_value(struct scan *scan, const struct place *place, struct str *value);
bool scan_end(struct scan *scan);

MUST_USE bool number_int(struct number number, int64_t *value); /* false: not whole */
MUST_USE bool number_real(struct number number, double *value); /* false: not finite */

#endif
