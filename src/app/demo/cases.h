/* What goes wrong in a demonstration's life, in the words of its residents. */
#ifndef APP_DEMO_CASES_H
#define APP_DEMO_CASES_H
#include "base/str.h"

struct demo_mishap {
    struct str category, what, place, answer, before, after; /* photos below data/demo */
};
extern const struct demo_mishap demo_mishaps[];
extern const size_t             demo_nmishaps;

#endif
