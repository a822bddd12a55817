#include "db/db.h"
#include "engine/case/callbacks.h"
#include "engine/case/case_acts.h"

#define F(member) FIELD(struct callback_row, member, OPTIONAL)
static const struct field fields[] = {
    F(county),  F(case_id), F(tries), FIELD_TIME(struct callback_row, tried_ms, OPTIONAL),
    F(next_ms), F(said),
};

static const struct stmt put = {
    .name = "callback_put",
    .sql =
        "INSERT INTO case_callbacks (:names) VALUES (:values)"
        " ON CONFLICT (county, case_id) DO UPDATE SET tries = excluded.tries,"
        " tried_ms = excluded.tried_ms, next_ms = excluded.next_ms, said = excluded.said",
    DB_RECORD(fields),
};
static const struct stmt of_case = {
    .name = "callback_of_case",
    .sql = "SELECT :names FROM case_callbacks WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt ended = {
    .name = "callback_delete",
    .sql = "DELETE FROM case_callbacks WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt page = {
    .name = "callback_page",
    .sql = "SELECT :names FROM case_callbacks WHERE county = $1 AND next_ms >= $2"
           " AND (next_ms > $2 OR case_id > $3) ORDER BY next_ms, case_id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};

const struct stmts callback_stmts = {
    .all = (const struct stmt *const[]){ &put, &of_case, &ended, &page, NULL },
};

enum rc callback_put(struct op *op, const struct callback_row *row)
{
    return db_put(op->db, &put, row, NULL);
}

enum rc callback_select(struct op *op, int64_t case_id, struct callback_row *row)
{
    return db_one(op->db, op->arena, &of_case,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)), row);
}

enum rc callback_delete(struct op *op, int64_t case_id)
{
    return db_run(op->db, &ended, DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)),
                  NULL);
}

enum rc callback_select_page(struct op *op, int64_t after_ms, int64_t after_id, size_t most,
                             struct list *rows)
{
    return db_all(op->db, op->arena, &page,
                  DB_VALUES(DB_INT(op->county), DB_INT(after_ms), DB_INT(after_id),
                            DB_INT((int64_t)most)),
                  sizeof(struct callback_row), most, rows);
}
