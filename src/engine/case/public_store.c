#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/public.h"

#define F(member) FIELD(struct case_public, member, OPTIONAL)
static const struct field fields[] = {
    F(county), F(case_id),   F(private),     F(named),       F(state),
    F(title),  F(says),      F(answer),      F(agency),      F(category),
    F(street), F(community), F(reviewed_ms), F(reviewed_by),
};

static const struct stmt by_case = {
    .name = "public_by_case",
    .sql = "SELECT :names FROM case_public WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt put = {
    .name = "public_put",
    .sql = "INSERT INTO case_public (:names) VALUES (:values)"
           " ON CONFLICT (county, case_id) DO UPDATE SET :excluded",
    DB_RECORD(fields),
    .nkeys = 2,
};
/* Of a reporter who is deleted or shielded: nothing is left to be seen. */
static const struct stmt blank = {
    .name = "public_blank",
    .sql = "DELETE FROM case_public WHERE county = $1 AND case_id IN"
           " (SELECT id FROM cases WHERE county = $1 AND reporter = $2)",
    DB_PARAMS(KIND_INT, KIND_ID),
};

#define PAGE_SQL(where)                                                                    \
    "SELECT :names FROM case_public WHERE county = $1" where " AND state = 'out'"          \
    " AND (reviewed_ms < $2 OR (reviewed_ms = $2 AND case_id < $3))"                       \
    " ORDER BY reviewed_ms DESC, case_id DESC LIMIT $4"

static const struct stmt of_county = {
    .name = "public_of_county",
    .sql = PAGE_SQL(""),
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt of_street = {
    .name = "public_of_street",
    .sql = PAGE_SQL(" AND street = $5"),
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT),
    DB_ROW(fields),
};
static const struct stmt of_community = {
    .name = "public_of_community",
    .sql = PAGE_SQL(" AND community = $5"),
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT),
    DB_ROW(fields),
};

const struct stmts public_stmts = {
    .all = (const struct stmt *const[]){ &by_case, &put, &blank, &of_county, &of_street,
                                         &of_community, NULL },
};

enum rc public_select(struct op *op, int64_t id, struct case_public *found)
{
    return db_one(op->db, op->arena, &by_case, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  found);
}

enum rc public_put(struct op *op, const struct case_public *row)
{
    return db_put(op->db, &put, row, NULL);
}

enum rc public_blank(struct op *op, int64_t reporter)
{
    return db_run(op->db, &blank, DB_VALUES(DB_INT(op->county), DB_ID(reporter)), NULL);
}

enum rc public_select_page(struct op *op, const struct public_page *page, struct list *rows)
{
    const struct stmt    *stmt = page->community.len ? &of_community
                                 : page->street.len  ? &of_street
                                                     : &of_county;
    struct str            area = page->community.len ? page->community : page->street;
    const struct db_value values[] = { DB_INT(op->county), DB_INT(page->before_ms),
                                       DB_INT(page->before_id), DB_INT((int64_t)page->most),
                                       DB_TEXT(area) };

    return db_all(op->db, op->arena, stmt, values, stmt->nparams,
                  sizeof(struct case_public), page->most, rows);
}
