#include "engine/case/views_store.h"

#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/views.h"

static const struct field row_fields[] = {
    FIELD(struct view_row, county, OPTIONAL),
    FIELD(struct view_row, account, OPTIONAL),
    FIELD(struct view_row, id, OPTIONAL),
    FIELD(struct view_row, place, OPTIONAL),
    FIELD(struct view_row, title, OPTIONAL),
    FIELD_BYTES(struct view_row, filter, OPTIONAL),
};
static const enum kind kinds[] = { KIND_INT, KIND_INT,  KIND_INT,
                                   KIND_INT, KIND_TEXT, KIND_BYTES };

static const struct stmt of_account = {
    .name = "views_of_account",
    .sql = "SELECT :names FROM case_views"
           " WHERE county = $1 AND account = $2",
    .params = kinds,
    .nparams = 2,
    DB_ROW(row_fields),
};
static const struct stmt put = {
    .name = "views_put",
    .sql = "INSERT INTO case_views (:names) VALUES (:values)"
           " ON CONFLICT (county, account, id) DO UPDATE SET filter = excluded.filter",
    DB_RECORD(row_fields),
};
static const struct stmt place = {
    .name = "views_place",
    .sql = "UPDATE case_views SET place = $4 WHERE county = $1 AND account = $2"
           " AND id = $3",
    .params = kinds,
    .nparams = 4,
};
static const struct stmt end = {
    .name = "views_end",
    .sql = "DELETE FROM case_views WHERE county = $1 AND account = $2 AND id = $3",
    .params = kinds,
    .nparams = 3,
};
static const struct stmt end_all = {
    .name = "views_end_all",
    .sql = "DELETE FROM case_views WHERE county = $1 AND account = $2",
    .params = kinds,
    .nparams = 2,
};

const struct stmts views_stmts = {
    .all = (const struct stmt *const[]){ &of_account, &put, &place, &end, &end_all, NULL },
};

enum rc views_select(struct op *op, int64_t account, struct list *rows)
{
    return db_all(op->db, op->arena, &of_account,
                  DB_VALUES(DB_INT(op->county), DB_INT(account)), sizeof(struct view_row),
                  VIEWS_PER_ACCOUNT_MAX, rows);
}

enum rc views_put(struct op *op, const struct view_row *row)
{
    return db_put(op->db, &put, row, NULL);
}

enum rc views_place(struct op *op, int64_t account, int64_t id, int64_t at)
{
    return db_run(op->db, &place,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(id), DB_INT(at)),
                  NULL);
}

enum rc views_delete(struct op *op, int64_t account, int64_t id)
{
    int64_t touched = 0;
    enum rc rc = db_run(
        op->db, &end, DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(id)), &touched);

    return rc == RC_OK && !touched ? RC_NOT_FOUND : rc;
}

enum rc views_delete_all(struct op *op, int64_t account)
{
    return db_run(op->db, &end_all, DB_VALUES(DB_INT(op->county), DB_INT(account)), NULL);
}
