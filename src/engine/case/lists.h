/* Cases in lists: pages for those who report, those who dispatch and those who
 * handle; counts.  A page is
 * merged from as many index ranges as its question has (each holder the reader may
 * be, waiting and handling for what is late), each already in order. */
#ifndef ENGINE_CASE_LISTS_H
#define ENGINE_CASE_LISTS_H
#include "engine/case/filter.h"

struct list_args {
    struct case_filter filter;
    struct str         cursor;
    int64_t            limit;
    bool               whole; /* no bucket means every bucket: the open ones by their time,
                                 then what has ended, the last first */
};
/* struct case_row; next is absent at the end.  RC_INVALID for a view, bucket or
 * cursor that there is not, RC_DENIED outside the reader's areas.  Of an inbox without a
 * bucket what waits, unless whole; with words or a place, whatever has them, the newest
 * first. */
MUST_USE enum rc lists_page(struct op *op, const struct list_args *args, struct list *rows,
                            struct str *next);
/* struct case_card of each row; names are looked up once for all. */
MUST_USE enum rc lists_cards(struct op *op, const struct list *rows, struct list *cards);
/* For sources in order of ids, the newest first. */
struct page_mark lists_mark_by_id(const struct case_row *row);

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

#endif
