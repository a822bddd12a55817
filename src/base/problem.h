/* What is wrong, for a person: a list of places and sentences, collected
 * rather than stopped at the first, since somebody who filled in a form wants
 * to hear everything at once.  `where` is a field's name or a JSON pointer
 * ("fields/where/lat"); the sentence is Chinese, says what is wrong and what
 * to do, and ends in a full stop. */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H
#include "base/arena.h"
#include "base/str.h"

struct problem {
    struct problem *next;
    struct str      where, says;
    int64_t         line, column; /* in a JSON or scene text, 0 when not known */
};

enum { PROBLEMS_MAX = 50 };

struct problems {
    struct arena   *arena;
    struct problem *first, *last; /* may be copied and added to */
    size_t          n;            /* counted beyond PROBLEMS_MAX, kept only up to it */
};

void problems_init(struct problems *problems, struct arena *arena);
void problem_add(struct problems *problems, struct str where, const char *format, ...)
    PRINTF(3, 4);
void problem_at(struct problems *problems, struct str where, int64_t line, int64_t column,
                const char *format, ...) PRINTF(5, 6);

#endif
