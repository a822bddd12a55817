/* The statements of searching.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_SEARCH_STORE_H
#define ENGINE_CASE_SEARCH_STORE_H
#include "engine/case/case.h"

struct found_by {
    int64_t    county, id, cut, spot;
    struct str terms; /* eight bytes each */
};
MUST_USE enum rc search_select_terms(struct op *op, int64_t id, struct found_by *row);
MUST_USE enum rc search_put_terms(struct op *op, const struct found_by *row);
MUST_USE enum rc search_delete_terms(struct op *op, int64_t id);
MUST_USE enum rc search_add(struct op *op, int64_t id, int64_t spot, const int64_t *terms,
                            size_t n);
MUST_USE enum rc search_drop(struct op *op, int64_t id, const int64_t *terms, size_t n);

/* ---- all of it anew (rebuild.c) ---- */
enum { REBUILD_SWEEPS, REBUILD_KEEPS };
struct rebuild {
    int64_t county, stage, term, id, first_id, last_id, cases;
};
struct term_row { /* with what its case says of itself; absent: nothing */
    int64_t    term, id, spot, kept_spot;
    struct str terms;
};
MUST_USE enum rc search_select_rebuild(struct op *op, struct rebuild *at);
MUST_USE enum rc search_put_rebuild(struct op *op, const struct rebuild *at);
MUST_USE enum rc search_end_rebuild(struct op *op);
/* The county's oldest and newest case; 0: it has none. */
MUST_USE enum rc search_select_ends(struct op *op, struct rebuild *at);
/* Behind where it stands: rows (struct term_row), ids of cases (int64_t). */
MUST_USE enum rc search_select_rows(struct op *op, const struct rebuild *at, size_t most,
                                    struct list *rows);
MUST_USE enum rc search_select_cases(struct op *op, const struct rebuild *at, size_t most,
                                     struct list *ids);

/* How many cases have the term, counted up to `most`. */
MUST_USE enum rc search_count(struct op *op, int64_t term, int64_t most, int64_t *n);
/* The case that many rows of the term before an id; RC_NOT_FOUND: there are not so many. */
MUST_USE enum rc search_back(struct op *op, int64_t term, int64_t before, int64_t rows,
                             int64_t *id);
/* Ids (int64_t) below `before` and not below `from`, the newest first, that have all the
 * terms; of the first one the rows are read. */
enum { SEARCH_TERMS_MAX = 6 };
struct terms_page {
    const int64_t *terms;
    size_t         n;
    int64_t        before, from;
    bool           whole_street;
    int64_t        spot_from, spot_until;
    size_t         most;
};
MUST_USE enum rc search_select(struct op *op, const struct terms_page *page,
                               struct list *ids);
MUST_USE enum rc search_select_cell(struct op *op, int64_t cell, int64_t before,
                                    size_t most, struct list *ids);
MUST_USE enum rc search_select_reporter(struct op *op, int64_t account, int64_t before,
                                        size_t most, struct list *ids);

#endif
