#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/intake.h"

#define F(member) FIELD(struct intake_row, member, OPTIONAL)

static const struct field row_fields[] = {
    F(county), F(case_id), F(taken_by),
    F(agreed), F(written), FIELD_BYTES(struct intake_row, sealed, OPTIONAL),
};

static const struct stmt insert = {
    .name = "intake_insert",
    .sql = "INSERT INTO case_intakes (:names) VALUES (:values)",
    DB_RECORD(row_fields),
};
static const struct stmt of_case = {
    .name = "intake_of_case",
    .sql = "SELECT :names FROM case_intakes WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt forget = {
    .name = "intake_forget",
    .sql = "DELETE FROM case_intakes WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};

const struct stmts intake_stmts = {
    .all = (const struct stmt *const[]){ &insert, &of_case, &forget, NULL },
};

enum rc intake_insert(struct op *op, const struct intake_row *row)
{
    return db_put(op->db, &insert, row, NULL);
}

enum rc intake_select(struct op *op, int64_t case_id, struct intake_row *row)
{
    return db_one(op->db, op->arena, &of_case,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)), row);
}

enum rc intake_forget(struct op *op, int64_t case_id)
{
    return db_run(op->db, &forget, DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)),
                  NULL);
}
