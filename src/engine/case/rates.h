/* Rates 三率 of a kind's answers: by organisation or by area, over a time, each by the
 * formula that its scene declares.  What nobody could be reached for, what they would not
 * say and what nobody rated is counted apart, and is in a rate only where the formula says
 * so. */
#ifndef ENGINE_CASE_RATES_H
#define ENGINE_CASE_RATES_H
#include "base/field.h"
#include "base/op.h"

struct rates_args {
    struct str scene, kind, area;
    struct str by;       /* org, area; absent: org */
    int64_t    from, to; /* absent: this month so far */
};
struct rate_formula {
    struct str name, title, of, good; /* in words */
};
struct rate_counted {
    struct str name;
    int64_t    good, of;
};
struct rates_row {
    struct str  key, title;
    int64_t     answers, reached, missed, refused, rated, unrated;
    struct list rates; /* struct rate_counted */
};
struct case_rates {
    struct str       title, area_name;
    int64_t          from, to;
    struct list      formulas; /* struct rate_formula */
    struct list      rows;     /* struct rates_row, those with most answers first */
    struct rates_row all;
};
enum { RATES_NFIELDS = 7 };
extern const struct field rates_fields[RATES_NFIELDS];

/* RC_DENIED outside the asker's areas, RC_NOT_FOUND for a scene or a kind that there is
 * not, each told. */
MUST_USE enum rc case_rates(struct op *op, const struct rates_args *args,
                            struct case_rates *rates);

#endif
