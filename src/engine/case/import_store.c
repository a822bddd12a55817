#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/import.h"

static const struct stmt find = {
    .name = "import_find",
    .sql = "SELECT case_id AS n FROM case_imports WHERE county = $1 AND source = $2"
           " AND number = $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_NUMBER_ROW,
};
static const struct stmt put = {
    .name = "import_put",
    .sql = "INSERT INTO case_imports (county, source, number, case_id)"
           " VALUES ($1, $2, $3, $4)",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_ID),
};

const struct stmts import_stmts = {
    .all = (const struct stmt *const[]){ &find, &put, NULL },
};

enum rc import_find(struct op *op, struct str source, struct str number)
{
    int64_t id;

    return db_number(op->db, op->arena, &find,
                     DB_VALUES(DB_INT(op->county), DB_TEXT(source), DB_TEXT(number)), &id);
}

enum rc import_put(struct op *op, struct str source, struct str number, int64_t id)
{
    return db_run(
        op->db, &put,
        DB_VALUES(DB_INT(op->county), DB_TEXT(source), DB_TEXT(number), DB_ID(id)), NULL);
}
