/* Cases in lists: pages for those who report, those who dispatch and those who
 * handle; counts; what is alike nearby; whom a case can be given to.  A page is
 * merged from as many index ranges as its question has (each holder the reader may
 * be, waiting and handling for what is late), each already in order. */
#ifndef ENGINE_CASE_LISTS_H
#define ENGINE_CASE_LISTS_H
#include "engine/case/case.h"

struct list_args {
    struct str view, area, bucket, category, cursor;
    int64_t    limit;
};
/* struct case_row; next is absent at the end.  RC_INVALID for a view, bucket or
 * cursor that there is not, RC_DENIED outside the reader's areas. */
MUST_USE enum rc lists_page(struct op *op, const struct list_args *args, struct list *rows,
                            struct str *next);

struct area_open {
    struct str code, name;
    int64_t    open;
};
struct case_buckets {
    int64_t waiting, handling, late, answered;
};
struct case_counts {
    struct str          area, name;
    struct case_buckets buckets;
    struct list         areas; /* struct area_open, one level below */
};
enum { COUNTS_NFIELDS = 4 };
extern const struct field counts_fields[COUNTS_NFIELDS];
MUST_USE enum rc lists_counts(struct op *op, struct str area, struct case_counts *counts);

struct alike_args {
    struct str scene, kind, category, area;
    double     lat, lng;
};
/* What a neighbour may know of another's case: no name, no words of theirs. */
struct alike_shown {
    int64_t    id;
    struct str category, state_title, distance, promise;
    int64_t    when;
};
enum { ALIKE_NFIELDS = 6 };
extern const struct field alike_shown_fields[ALIKE_NFIELDS];
MUST_USE enum rc          lists_alike(struct op *op, const struct alike_args *args,
                                      struct list *found);

struct target_shown {
    struct str kind, duty, area, title, note;
    int64_t    id, open;
};
enum { TARGET_NFIELDS = 7 };
extern const struct field target_shown_fields[TARGET_NFIELDS];
MUST_USE enum rc lists_targets(struct op *op, const struct a_case *it, struct list *found);

#endif
