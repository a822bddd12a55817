/* Hours of a day: when an office, or a window in it, is open.  Some stretches in order,
 * none touching the one before earlier than it ends: "8:30-12:00 14:00-17:30". */
#ifndef BASE_OFFICES_H
#define BASE_OFFICES_H
#include "base/str.h"

enum { OFFICES_MAX = 4 };

struct office_hours { /* ms since midnight */
    int64_t opens, closes;
};
struct offices {
    struct office_hours of[OFFICES_MAX];
    size_t              n;
};

struct str offices_text(struct arena *arena, const struct offices *offices);
/* False when it is not such, or not in order; "" is none. */
MUST_USE bool offices_read(struct str text, struct offices *offices);
/* When both are open; at most OFFICES_MAX stretches, the first of them. */
struct offices offices_both(const struct offices *one, const struct offices *other);

#endif
