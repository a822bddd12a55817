#include "registry/look_store.h"

#include "db/db.h"
#include "registry/registry.h"

static const struct field look_fields[] = {
    FIELD(struct look, county, OPTIONAL),    FIELD(struct look, id, OPTIONAL),
    FIELD(struct look, account, OPTIONAL),   FIELD(struct look, person, OPTIONAL),
    FIELD(struct look, kind, OPTIONAL),      FIELD(struct look, who, OPTIONAL),
    FIELD(struct look, fields, OPTIONAL),    FIELD(struct look, tie, OPTIONAL),
    FIELD_ID(struct look, tie_id, OPTIONAL), FIELD_BYTES(struct look, reason, OPTIONAL),
    FIELD(struct look, costs, OPTIONAL),
};
struct times {
    int64_t n;
};
static const struct field times_fields[] = { FIELD(struct times, n, OPTIONAL) };

#define NAMES "county, id, account, person, kind, who, fields, tie, tie_id, reason, costs"

static const struct stmt insert = {
    .name = "look_insert",
    .sql = "INSERT INTO looks (" NAMES ")"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    .params =
        (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT,
                             KIND_TEXT, KIND_TEXT, KIND_ID, KIND_BYTES, KIND_INT },
    .nparams = 11,
};
static const struct stmt costs = {
    .name = "look_costs",
    .sql = "SELECT count(*) AS n FROM looks WHERE county = $1 AND account = $2 AND id >= $3"
           " AND costs > 0",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT },
    .nparams = 3,
    .row = times_fields,
    .nrow = COUNT(times_fields),
};
static const struct stmt paid = {
    .name = "look_paid",
    .sql = "SELECT count(*) AS n FROM looks WHERE county = $1 AND person = $2 AND id >= $3"
           " AND account = $4 AND (costs > 0 OR kind = $5)",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT },
    .nparams = 5,
    .row = times_fields,
    .nrow = COUNT(times_fields),
};
static const struct stmt of_person = {
    .name = "look_of_person",
    .sql = "SELECT " NAMES " FROM looks WHERE county = $1 AND person = $2 AND id < $3"
           " AND kind <> 'over' ORDER BY id DESC LIMIT $4",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT },
    .nparams = 4,
    .row = look_fields,
    .nrow = COUNT(look_fields),
};
static const struct stmt of_account = {
    .name = "look_of_account",
    .sql = "SELECT " NAMES " FROM looks WHERE county = $1 AND account = $2 AND id >= $3"
           " AND id < $4 AND person > 0 ORDER BY id DESC LIMIT $5",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT },
    .nparams = 5,
    .row = look_fields,
    .nrow = COUNT(look_fields),
};

const struct stmts look_stmts = {
    .all = (const struct stmt *const[]){ &insert, &costs, &paid, &of_person, &of_account,
                                         NULL },
};

enum rc look_insert(struct op *op, const struct look *look)
{
    return db_put(op->db, &insert, look_fields, COUNT(look_fields), look);
}

enum rc look_count_costs(struct op *op, int64_t account, int64_t since_id, int64_t *spent)
{
    struct times row = { 0 };

    enum rc rc =
        db_one(op->db, op->arena, &costs,
               DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(since_id)), &row);
    *spent = row.n;
    return rc;
}

enum rc look_count_paid(struct op *op, int64_t account, int64_t person, int64_t since_id,
                        struct str kind, int64_t *times)
{
    struct times row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &paid,
                        DB_VALUES(DB_INT(op->county), DB_INT(person), DB_INT(since_id),
                                  DB_INT(account), DB_TEXT(kind)),
                        &row);
    *times = row.n;
    return rc;
}

enum rc look_select_person(struct op *op, int64_t person, int64_t before, size_t most,
                           struct list *looks)
{
    return db_all(op->db, op->arena, &of_person,
                  DB_VALUES(DB_INT(op->county), DB_INT(person), DB_INT(before),
                            DB_INT((int64_t)most)),
                  sizeof(struct look), most, looks);
}

enum rc look_select_account(struct op *op, int64_t account, int64_t from_id, int64_t before,
                            size_t most, struct list *looks)
{
    return db_all(op->db, op->arena, &of_account,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(from_id),
                            DB_INT(before), DB_INT((int64_t)most)),
                  sizeof(struct look), most, looks);
}
