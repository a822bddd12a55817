/* The statements of cases.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_CASE_STORE_H
#define ENGINE_CASE_CASE_STORE_H
#include "engine/case/case.h"

MUST_USE enum rc case_insert(struct op *op, const struct case_row *row);
MUST_USE enum rc case_select(struct op *op, int64_t id, struct case_row *row);
/* Compare-and-set on row->version - 1; RC_NOT_FOUND when somebody was faster.  `was`: the
 * bucket in which it is counted so far. */
MUST_USE enum rc case_update(struct op *op, const struct case_row *row, struct str was);
/* The newest case's number behind `day` ("1120-") since that midnight; 0: none yet.  No
 * counter is kept: ids only grow, and one server runs a county's acts. */
MUST_USE enum rc case_last_number(struct op *op, int64_t midnight_ms, struct str day,
                                  int64_t *number);
/* Ids of all counties whose clock must look again; the timer's, across counties. */
MUST_USE enum rc case_select_due(struct op *op, size_t most, struct list *ids);

/* ---- lists: by (sort time, id) from one index each; rows with what a card shows ---- */
enum case_scope { SCOPE_COUNTY, SCOPE_STREET, SCOPE_COMMUNITY, SCOPE_GRID, SCOPE_HOLDER };
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

/* Reported from an id on, counted up to `most`. */
MUST_USE enum rc case_count_since(struct op *op, int64_t reporter, int64_t since_id,
                                  int64_t most, int64_t *n);
/* Of a person who was deleted: title, place, words and reporter go.  Of one shielded:
 * the mark. */
MUST_USE enum rc case_blank(struct op *op, int64_t reporter, struct str title);
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
MUST_USE enum rc case_count_held(struct op *op, struct str holder, int64_t *open);

MUST_USE enum rc calendar_select(struct op *op, struct str from, struct str to,
                                 struct list *days);
MUST_USE enum rc calendar_upsert(struct op *op, struct str day, bool works,
                                 struct str title);
struct calendar_day {
    struct str day;
    bool       works;
    struct str title;
};

#endif
