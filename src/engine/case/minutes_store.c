#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/minutes.h"

#define F(member) FIELD(struct minutes_row, member, OPTIONAL)
static const struct field row_fields[] = {
    F(county),
    F(case_id),
    F(n),
    F(held_ms),
    F(account),
    F(person),
    FIELD_BYTES(struct minutes_row, says, OPTIONAL),
};

static const struct stmt insert = {
    .name = "minutes_insert",
    .sql = "INSERT INTO case_minutes (:names) VALUES (:values)",
    DB_RECORD(row_fields),
};
static const struct stmt count = {
    .name = "minutes_count",
    .sql = "SELECT count(*) AS n FROM case_minutes WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt of_case = {
    .name = "minutes_of_case",
    .sql = "SELECT :names FROM case_minutes WHERE county = $1 AND case_id = $2"
           " ORDER BY n LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};

const struct stmts minutes_stmts = {
    .all = (const struct stmt *const[]){ &insert, &count, &of_case, NULL },
};

enum rc minutes_insert(struct op *op, const struct minutes_row *row)
{
    return db_put(op->db, &insert, row, NULL);
}

enum rc minutes_count(struct op *op, int64_t case_id, int64_t *n)
{
    return db_number(op->db, op->arena, &count,
                     DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)), n);
}

enum rc minutes_select(struct op *op, int64_t case_id, struct list *rows)
{
    return db_all(
        op->db, op->arena, &of_case,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(MINUTES_OF_CASE_MAX)),
        sizeof(struct minutes_row), MINUTES_OF_CASE_MAX, rows);
}
