#include "engine/case/search_store.h"

#include "db/db.h"
#include "db/list.h"
#include "engine/case/case_acts.h"

enum { TERMS_AT_ONCE = 16 };

static const struct field found_by_fields[] = {
    FIELD(struct found_by, county, OPTIONAL),      FIELD(struct found_by, id, OPTIONAL),
    FIELD(struct found_by, cut, OPTIONAL),         FIELD(struct found_by, spot, OPTIONAL),
    FIELD_BYTES(struct found_by, terms, OPTIONAL),
};
static const struct field rebuild_fields[] = {
    FIELD(struct rebuild, county, OPTIONAL),   FIELD(struct rebuild, stage, OPTIONAL),
    FIELD(struct rebuild, term, OPTIONAL),     FIELD(struct rebuild, id, OPTIONAL),
    FIELD(struct rebuild, first_id, OPTIONAL), FIELD(struct rebuild, last_id, OPTIONAL),
    FIELD(struct rebuild, cases, OPTIONAL),
};
static const struct field ends_fields[] = {
    FIELD(struct rebuild, first_id, OPTIONAL),
    FIELD(struct rebuild, last_id, OPTIONAL),
};
static const struct field term_row_fields[] = {
    FIELD(struct term_row, term, OPTIONAL),
    FIELD(struct term_row, id, OPTIONAL),
    FIELD(struct term_row, spot, OPTIONAL),
    FIELD(struct term_row, kept_spot, OPTIONAL),
    FIELD_BYTES(struct term_row, terms, OPTIONAL),
};
static const enum kind numbers[] = {
    KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT,
    KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT,
    KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT,
};

static const struct stmt kept = {
    .name = "search_kept",
    .sql = "SELECT :names FROM case_found_by"
           " WHERE county = $1 AND id = $2",
    .params = numbers,
    .nparams = 2,
    DB_ROW(found_by_fields),
};
static const struct stmt keep = {
    .name = "search_keep",
    .sql = "INSERT INTO case_found_by (:names) VALUES (:values)"
           " ON CONFLICT (county, id) DO UPDATE SET :excluded",
    DB_RECORD(found_by_fields),
    .nkeys = 2,
};
static const struct stmt forget = {
    .name = "search_forget",
    .sql = "DELETE FROM case_found_by WHERE county = $1 AND id = $2",
    .params = numbers,
    .nparams = 2,
};
#define ADD    "INSERT INTO case_terms (county, id, spot, term) VALUES ($1, $2, $3, $4)"
#define UNLESS " ON CONFLICT (county, term, id) DO NOTHING"
static const struct stmt add_one = {
    .name = "search_add_one",
    .sql = ADD UNLESS,
    .params = numbers,
    .nparams = 3 + 1,
};
/* Sixteen at once, as on PostgreSQL a statement costs more than a row; fewer say the last
 * one again.  SQLite copies each page before a statement of several rows changes it. */
static const struct stmt add = {
    .name = "search_add",
    .sql =
        ADD ", ($1, $2, $3, $5), ($1, $2, $3, $6), ($1, $2, $3, $7), ($1, $2, $3, $8),"
            " ($1, $2, $3, $9), ($1, $2, $3, $10), ($1, $2, $3, $11), ($1, $2, $3, $12),"
            " ($1, $2, $3, $13), ($1, $2, $3, $14), ($1, $2, $3, $15), ($1, $2, $3, $16),"
            " ($1, $2, $3, $17), ($1, $2, $3, $18), ($1, $2, $3, $19)" UNLESS,
    .params = numbers,
    .nparams = 3 + TERMS_AT_ONCE,
};
static const struct stmt drop = {
    .name = "search_drop",
    .sql = "DELETE FROM case_terms WHERE county = $1 AND id = $2 AND term IN ($3, $4, $5,"
           " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    .params = numbers,
    .nparams = 2 + TERMS_AT_ONCE,
};
static const struct stmt at_rebuild = {
    .name = "search_at_rebuild",
    .sql = "SELECT :names FROM search_rebuilds WHERE county = $1",
    .params = numbers,
    .nparams = 1,
    DB_ROW(rebuild_fields),
};
static const struct stmt put_rebuild = {
    .name = "search_put_rebuild",
    .sql = "INSERT INTO search_rebuilds (:names) VALUES (:values)"
           " ON CONFLICT (county) DO UPDATE SET :excluded",
    DB_RECORD(rebuild_fields),
    .nkeys = 1,
};
static const struct stmt end_rebuild = {
    .name = "search_end_rebuild",
    .sql = "DELETE FROM search_rebuilds WHERE county = $1",
    .params = numbers,
    .nparams = 1,
};
static const struct stmt ends = {
    .name = "search_ends",
    .sql = "SELECT coalesce((SELECT min(id) FROM cases WHERE county = $1), 0) AS first_id,"
           " coalesce((SELECT max(id) FROM cases WHERE county = $1), 0) AS last_id",
    .params = numbers,
    .nparams = 1,
    DB_ROW(ends_fields),
};
/* The plus hides from SQLite that the county is one: it would sort what the key has
 * sorted. */
static const struct stmt rows_behind = {
    .name = "search_rows_behind",
    .sql = "SELECT case_terms.term AS term, case_terms.id AS id, case_terms.spot AS spot,"
           " case_found_by.spot AS kept_spot, case_found_by.terms AS terms FROM case_terms"
           " LEFT JOIN case_found_by ON case_found_by.county = case_terms.county"
           " AND case_found_by.id = case_terms.id WHERE +case_terms.county = $1"
           " AND (case_terms.term, case_terms.county, case_terms.id) > ($2, $1, $3)"
           " ORDER BY case_terms.term, case_terms.county, case_terms.id LIMIT $4",
    .params = numbers,
    .nparams = 4,
    DB_ROW(term_row_fields),
};
static const struct stmt cases_behind = {
    .name = "search_cases_behind",
    .sql = "SELECT id AS n FROM cases WHERE county = $1 AND id > $2 AND id <= $3"
           " ORDER BY id LIMIT $4",
    .params = numbers,
    .nparams = 4,
    DB_NUMBER_ROW,
};
static const struct stmt count = {
    .name = "search_count",
    .sql = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM case_terms WHERE county = $1"
           " AND term = $2 LIMIT $3) AS counted",
    .params = numbers,
    .nparams = 3,
    DB_NUMBER_ROW,
};
static const struct stmt back = {
    .name = "search_back",
    .sql = "SELECT id AS n FROM case_terms WHERE county = $1 AND term = $2 AND id < $3"
           " ORDER BY id DESC LIMIT 1 OFFSET $4",
    .params = numbers,
    .nparams = 4,
    DB_NUMBER_ROW,
};
static const struct stmt in_cell = {
    .name = "search_in_cell",
    .sql = "SELECT id AS n FROM cases WHERE county = $1 AND cell = $2 AND id < $3"
           " ORDER BY id DESC LIMIT $4",
    .params = numbers,
    .nparams = 4,
    DB_NUMBER_ROW,
};
static const struct stmt by_reporter = {
    .name = "search_by_reporter",
    .sql = "SELECT id AS n FROM cases WHERE county = $1 AND reporter = $2 AND id < $3"
           " ORDER BY id DESC LIMIT $4",
    .params = numbers,
    .nparams = 4,
    DB_NUMBER_ROW,
};

/* ---------------------------------------------------- cases with all the terms */

#define ALSO                                                                               \
    " AND EXISTS (SELECT 1 FROM case_terms AS also WHERE also.county = case_terms.county"  \
    " AND also.term = ? AND also.id = case_terms.id)"

static const struct list_choice spots[] = {
    { "", NULL, 0 }, { " AND case_terms.spot >= ? AND case_terms.spot <= ?", numbers, 2 }
};
static const struct list_choice others[SEARCH_TERMS_MAX] = {
    { "", NULL, 0 },
    { ALSO, numbers, 1 },
    { ALSO ALSO, numbers, 2 },
    { ALSO ALSO ALSO, numbers, 3 },
    { ALSO ALSO ALSO ALSO, numbers, 4 },
    { ALSO ALSO ALSO ALSO ALSO, numbers, 5 },
};
static const struct list_dimension dimensions[] = {
    { "spot", spots, COUNT(spots) },
    { "others", others, COUNT(others) },
};
static const struct list_query with_terms = {
    .name = "search_with_terms",
    .head = "SELECT case_terms.id AS n FROM case_terms WHERE case_terms.county = ?"
            " AND case_terms.term = ? AND case_terms.id < ? AND case_terms.id >= ?",
    .head_params = numbers,
    .nhead_params = 4,
    .dimensions = dimensions,
    .ndimensions = COUNT(dimensions),
    .tail = " ORDER BY case_terms.id DESC LIMIT ?",
    .tail_params = numbers,
    .ntail_params = 1,
    DB_NUMBER_ROW,
};

const struct stmts search_stmts = {
    .all = (const struct stmt *const[]){ &kept, &keep, &forget, &add_one, &add, &drop,
                                         &at_rebuild, &put_rebuild, &end_rebuild, &ends,
                                         &rows_behind, &cases_behind, &count, &back,
                                         &in_cell, &by_reporter, NULL },
    .lists = (const struct list_query *const[]){ &with_terms, NULL },
};

/* ---------------------------------------------------------------- keeping */

enum rc search_select_terms(struct op *op, int64_t id, struct found_by *row)
{
    return db_one(op->db, op->arena, &kept, DB_VALUES(DB_INT(op->county), DB_INT(id)), row);
}

enum rc search_put_terms(struct op *op, const struct found_by *row)
{
    return db_put(op->db, &keep, row, NULL);
}

enum rc search_delete_terms(struct op *op, int64_t id)
{
    return db_run(op->db, &forget, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
}

/* The statement again and again, with the next so many behind the first values. */
static enum rc each(struct op *op, const struct stmt *stmt, struct db_value *values,
                    size_t first, const int64_t *terms, size_t n)
{
    size_t  at_once = stmt->nparams - first;
    enum rc rc = RC_OK;

    for (size_t done = 0; done < n && rc == RC_OK; done += at_once) {
        for (size_t i = 0; i < at_once; i++)
            values[first + i] = DB_INT(terms[done + i < n ? done + i : n - 1]);
        rc = db_run(op->db, stmt, values, stmt->nparams, NULL);
    }
    return rc;
}

enum rc search_add(struct op *op, int64_t id, int64_t spot, const int64_t *terms, size_t n)
{
    struct db_value values[3 + TERMS_AT_ONCE] = { DB_INT(op->county), DB_INT(id),
                                                  DB_INT(spot) };

    return each(op, db_engine(op->db) == DB_SQLITE ? &add_one : &add, values, 3, terms, n);
}

enum rc search_drop(struct op *op, int64_t id, const int64_t *terms, size_t n)
{
    struct db_value values[2 + TERMS_AT_ONCE] = { DB_INT(op->county), DB_INT(id) };

    return each(op, &drop, values, 2, terms, n);
}

/* ------------------------------------------------------------- all of it anew */

enum rc search_select_rebuild(struct op *op, struct rebuild *at)
{
    return db_one(op->db, op->arena, &at_rebuild, DB_VALUES(DB_INT(op->county)), at);
}

enum rc search_put_rebuild(struct op *op, const struct rebuild *at)
{
    return db_put(op->db, &put_rebuild, at, NULL);
}

enum rc search_end_rebuild(struct op *op)
{
    return db_run(op->db, &end_rebuild, DB_VALUES(DB_INT(op->county)), NULL);
}

enum rc search_select_ends(struct op *op, struct rebuild *at)
{
    return db_one(op->db, op->arena, &ends, DB_VALUES(DB_INT(op->county)), at);
}

enum rc search_select_rows(struct op *op, const struct rebuild *at, size_t most,
                           struct list *rows)
{
    return db_all(op->db, op->arena, &rows_behind,
                  DB_VALUES(DB_INT(op->county), DB_INT(at->term), DB_INT(at->id),
                            DB_INT((int64_t)most)),
                  sizeof(struct term_row), most, rows);
}

enum rc search_select_cases(struct op *op, const struct rebuild *at, size_t most,
                            struct list *ids)
{
    return db_all(op->db, op->arena, &cases_behind,
                  DB_VALUES(DB_INT(op->county), DB_INT(at->id), DB_INT(at->last_id),
                            DB_INT((int64_t)most)),
                  sizeof(int64_t), most, ids);
}

/* ----------------------------------------------------------------- asking */

enum rc search_count(struct op *op, int64_t term, int64_t most, int64_t *n)
{
    return db_number(op->db, op->arena, &count,
                     DB_VALUES(DB_INT(op->county), DB_INT(term), DB_INT(most)), n);
}

enum rc search_back(struct op *op, int64_t term, int64_t before, int64_t rows, int64_t *id)
{
    return db_number(
        op->db, op->arena, &back,
        DB_VALUES(DB_INT(op->county), DB_INT(term), DB_INT(before), DB_INT(rows - 1)), id);
}

enum rc search_select(struct op *op, const struct terms_page *page, struct list *ids)
{
    struct db_value values[7 + SEARCH_TERMS_MAX];
    size_t          n = 0, choice[] = { !page->whole_street, page->n - 1 };

    assert(page->n && page->n <= SEARCH_TERMS_MAX);
    values[n++] = DB_INT(op->county);
    values[n++] = DB_INT(page->terms[0]);
    values[n++] = DB_INT(page->before);
    values[n++] = DB_INT(page->from);
    if (!page->whole_street) {
        values[n++] = DB_INT(page->spot_from);
        values[n++] = DB_INT(page->spot_until);
    }
    for (size_t i = 1; i < page->n; i++)
        values[n++] = DB_INT(page->terms[i]);
    values[n++] = DB_INT((int64_t)page->most);
    return db_all(op->db, op->arena, list_pick(db_catalogue(op->db), &with_terms, choice),
                  values, n, sizeof(int64_t), page->most, ids);
}

static enum rc select_ids(struct op *op, const struct stmt *stmt, int64_t of,
                          int64_t before, size_t most, struct list *ids)
{
    return db_all(
        op->db, op->arena, stmt,
        DB_VALUES(DB_INT(op->county), DB_INT(of), DB_INT(before), DB_INT((int64_t)most)),
        sizeof(int64_t), most, ids);
}

enum rc search_select_cell(struct op *op, int64_t cell, int64_t before, size_t most,
                           struct list *ids)
{
    return select_ids(op, &in_cell, cell, before, most, ids);
}

enum rc search_select_reporter(struct op *op, int64_t account, int64_t before, size_t most,
                               struct list *ids)
{
    return select_ids(op, &by_reporter, account, before, most, ids);
}
