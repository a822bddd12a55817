#include "engine/case/search.h"

#include "base/limits.h"
#include "engine/case/case_store.h"
#include "engine/case/search_store.h"
#include "engine/case/terms.h"

enum { SWEEPS = 25, SWEEP_ROWS = 200, KEEPS = 100, PERMILLE = 1000 };

/* ------------------------------------------------- rows that should not be */

/* As its case has it: in the list of its words, and in its place. */
static bool belongs(const struct term_row *row)
{
    int64_t terms[TERMS_PER_CASE_MAX];
    size_t  n = terms_unpack(row->terms, terms, COUNT(terms));

    for (size_t i = 0; i < n; i++)
        if (terms[i] == row->term)
            return row->spot == row->kept_spot;
    return false;
}

static enum rc sweep_page(struct op *op, struct rebuild *at, size_t *n)
{
    struct list rows;

    enum rc                rc = search_select_rows(op, at, SWEEP_ROWS, &rows);
    const struct term_row *row = rows.at;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        if (!belongs(&row[i]))
            rc = search_drop(op, row[i].id, &row[i].term, 1);
        at->term = row[i].term;
        at->id = row[i].id;
    }
    *n = rc == RC_OK ? rows.n : 0;
    return rc;
}

static enum rc sweep(struct op *op, struct rebuild *at)
{
    size_t  n = SWEEP_ROWS;
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && n == SWEEP_ROWS && i < SWEEPS; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = sweep_page(op, at, &n);
        arena_back(op->arena, mark);
    }
    if (rc == RC_OK && n < SWEEP_ROWS) {
        at->stage = REBUILD_KEEPS;
        at->id = at->first_id - 1;
    }
    return rc;
}

/* ------------------------------------------------------- cases kept again */

static enum rc keep_one(struct op *op, int64_t id)
{
    struct arena_mark mark = arena_mark(op->arena);
    struct a_case     it;

    enum rc rc = case_load(op, id, &it);
    if (rc == RC_OK)
        rc = search_keep(op, &it);
    arena_back(op->arena, mark);
    return rc;
}

/* A case that is opened meanwhile was kept by its own turn. */
static enum rc keep_some(struct op *op, struct rebuild *at, bool *over)
{
    struct list ids;

    enum rc        rc = search_select_cases(op, at, KEEPS, &ids);
    const int64_t *id = ids.at;
    for (size_t i = 0; rc == RC_OK && i < ids.n; i++) {
        rc = keep_one(op, id[i]);
        at->id = id[i];
        at->cases++;
    }
    *over = rc == RC_OK && ids.n < KEEPS;
    return rc;
}

/* ----------------------------------------------------------------- a chunk */

/* Terms are as good as drawn by lot, ids are times: both tell how far it is. */
static int64_t permille(const struct rebuild *at)
{
    int64_t half = PERMILLE / 2, span = at->last_id - at->first_id + 1;

    if (at->stage == REBUILD_SWEEPS)
        return (int64_t)(((uint64_t)at->term ^ UINT64_C(1) << 63) >> 32) * half >> 32;
    return half + (int64_t)((double)(at->id - at->first_id) / (double)span * (double)half);
}

static enum rc begin(struct op *op, struct rebuild *at)
{
    *at = (struct rebuild){ .county = op->county, .term = INT64_MIN };
    return search_select_ends(op, at);
}

enum rc search_rebuild(struct op *op, struct rebuilt *done)
{
    struct rebuild at;
    bool           over = false;

    enum rc rc = search_select_rebuild(op, &at);
    done->resumed = rc == RC_OK;
    if (rc == RC_NOT_FOUND)
        rc = begin(op, &at);
    if (rc == RC_OK)
        rc = at.stage == REBUILD_SWEEPS ? sweep(op, &at) : keep_some(op, &at, &over);
    if (rc == RC_OK)
        rc = over ? search_end_rebuild(op) : search_put_rebuild(op, &at);
    done->cases = at.cases;
    done->over = over;
    done->permille = over ? PERMILLE : permille(&at);
    return rc;
}
