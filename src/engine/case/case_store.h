/* The statements of cases.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_CASE_STORE_H
#define ENGINE_CASE_CASE_STORE_H
#include "engine/case/case.h"

MUST_USE enum rc case_insert(struct op *op, const struct case_row *row);
MUST_USE enum rc case_select(struct op *op, int64_t id, struct case_row *row);
/* Compare-and-set on row->version - 1; RC_NOT_FOUND when somebody was faster.  `was`: the
 * bucket in which it is counted so far. */
MUST_USE enum rc case_update(struct op *op, const struct case_row *row, struct str was);
/* Another category or another place; `old` is the row as it was read, whose bucket is
 * counted no more: the case_update() that follows is told that it was in none (""). */
MUST_USE enum rc case_refile(struct op *op, const struct case_row *row,
                             const struct case_row *old);
/* The newest case's number behind `day` ("1120-") since that midnight; 0: none yet.  No
 * counter is kept: ids only grow, and one server runs a county's acts. */
MUST_USE enum rc case_last_number(struct op *op, int64_t midnight_ms, struct str day,
                                  int64_t *number);
/* When it is next looked at, and what is shown of that: no new version of the case. */
MUST_USE enum rc case_retime(struct op *op, const struct case_row *row);
/* Of all counties, whose clock must look again by then; the timer's. */
MUST_USE enum rc case_select_due(struct op *op, int64_t until_ms,
                                 const struct due_case *after, size_t most,
                                 struct list *found);

/* ---- lists: by (sort time, id) from one index each; rows with what a card shows ---- */
enum case_scope {
    SCOPE_COUNTY,
    SCOPE_STREET,
    SCOPE_COMMUNITY,
    SCOPE_GRID,
    SCOPE_HOLDER,
    SCOPE_HELPER, /* of an open part, by its own deadline; no bucket */
};
struct case_page {
    enum case_scope scope;
    struct str      within; /* code or holder; none for the county */
    struct str      bucket;
    bool            newest_first;         /* ended ones */
    bool            late;                 /* only what is due before now */
    struct str      category;             /* absent: all */
    int64_t         after_sort, after_id; /* both 0: from the start */
    size_t          most;
};
MUST_USE enum rc case_select_page(struct op *op, const struct case_page *page,
                                  struct list *rows);
MUST_USE enum rc case_select_mine(struct op *op, int64_t reporter, int64_t before_id,
                                  size_t most, struct list *rows);
MUST_USE enum rc case_select_cell(struct op *op, int64_t cell, int64_t since_id,
                                  size_t most, struct list *rows);
/* Of these ids, in their order; what is not there is left out. */
MUST_USE enum rc case_select_cards(struct op *op, const int64_t *ids, size_t n,
                                   struct list *rows);

/* Reported from an id on, counted up to `most`. */
MUST_USE enum rc case_count_since(struct op *op, int64_t reporter, int64_t since_id,
                                  int64_t most, int64_t *n);
/* Of a person who was deleted: title, place, words and reporter go.  Of one shielded:
 * the mark. */
MUST_USE enum rc case_blank(struct op *op, int64_t reporter, struct str title);
/* What the holder has in hand is looked at by the clock at once. */
MUST_USE enum rc case_wake_held(struct op *op, struct str holder);
MUST_USE enum rc case_mark_shielded(struct op *op, int64_t reporter, bool shielded);

/* What is not ended in an area, in order of areas: by grid for a community or a grid, by
 * community for what is above.  It is kept counted, whatever its number. */
enum { COUNTS_MAX = 3000 };
struct case_counted {
    struct str area, bucket;
    int64_t    n;
};
MUST_USE enum rc case_counts(struct op *op, struct str area, struct list *counts);
/* What is late, and what somebody has in hand, is counted when it is asked for: so far and
 * no further. */
enum { CASES_COUNTED = 100 };
MUST_USE enum rc case_count_late(struct op *op, enum case_scope scope, struct str within,
                                 struct str bucket, int64_t *n);
struct case_load {
    int64_t open, late, parts;
};
MUST_USE enum rc case_count_held(struct op *op, struct str holder, struct case_load *load);

#endif
