/* Every limit that somebody outside can run into: one table (limits.def) as constants
 * and as rows.  Bounds that only the program's own tables meet stand with their modules. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H
#include "base/str.h"

struct arena;

enum {
#define LIMIT(name, number, unit, answer, why) name = (number),
#include "base/limits.def"
#undef LIMIT
};

struct limit {
    struct str name, unit, answer, why;
    int64_t    number;
};

/* Ends with an absent name. */
extern const struct limit limit_rows[];

/* The table of docs/limits.md. */
struct str limit_table(struct arena *arena);

#endif
