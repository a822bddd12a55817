#include "registry/census.h"

#include "base/area.h"
#include "db/db.h"

static const struct stmt add = {
    .name = "census_add",
    .sql = "INSERT INTO census (county, grid, people) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, grid) DO UPDATE"
           " SET people = census.people + excluded.people",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
};
static const struct stmt sum = {
    .name = "census_sum",
    .sql = "SELECT CAST(coalesce(sum(people), 0) AS BIGINT) AS n FROM census"
           " WHERE county = $1 AND grid >= $2 AND grid < $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_NUMBER_ROW,
};

const struct stmts census_stmts = {
    .all = (const struct stmt *const[]){ &add, &sum, NULL },
};

enum rc census_add(struct op *op, struct str grid, int64_t people)
{
    if (!grid.len)
        return RC_OK;
    return db_run(op->db, &add,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(grid), DB_INT(people)), NULL);
}

enum rc census_count(struct op *op, struct str area, int64_t *people)
{
    struct str past = area_past(op->arena, area);

    return db_number(op->db, op->arena, &sum,
                     DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_TEXT(past)), people);
}
