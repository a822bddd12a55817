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

static const struct stmt insert = {
    .name = "look_insert",
    .sql = "INSERT INTO looks (:names) VALUES (:values)",
    DB_RECORD(look_fields),
};
static const struct stmt costs = {
    .name = "look_costs",
    .sql = "SELECT count(*) AS n FROM looks WHERE county = $1 AND account = $2 AND id >= $3"
           " AND costs > 0",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt paid = {
    .name = "look_paid",
    .sql = "SELECT count(*) AS n FROM looks WHERE county = $1 AND person = $2 AND id >= $3"
           " AND account = $4 AND (costs > 0 OR kind = $5)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT),
    DB_NUMBER_ROW,
};
struct opened_row {
    int64_t n, last;
};
static const struct field opened_fields[] = { FIELD(struct opened_row, n, OPTIONAL),
                                              FIELD(struct opened_row, last, OPTIONAL) };
static const struct stmt  opened = {
     .name = "look_opened",
     .sql = "SELECT count(*) AS n, coalesce(max(id), 0) AS last FROM looks"
             " WHERE county = $1 AND person = $2 AND kind IN ('page', 'clear')",
     DB_PARAMS(KIND_INT, KIND_INT),
     DB_ROW(opened_fields),
};
static const struct stmt of_person = {
    .name = "look_of_person",
    .sql = "SELECT :names FROM looks WHERE county = $1 AND person = $2 AND id < $3"
           " AND kind <> 'over' ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(look_fields),
};
static const struct stmt of_account = {
    .name = "look_of_account",
    .sql = "SELECT :names FROM looks WHERE county = $1 AND account = $2 AND id >= $3"
           " AND id < $4 AND (person > 0 OR kind IN ('case', 'number')) ORDER BY id DESC LIMIT $5",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(look_fields),
};

static const struct stmt of_case = {
    .name = "look_of_case",
    .sql = "SELECT :names FROM looks WHERE county = $1 AND tie_id = $2 AND id < $3"
           " AND kind = 'case' ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(look_fields),
};
static const struct stmt last_case = {
    .name = "look_last_case",
    .sql = "SELECT id AS n FROM looks WHERE county = $1 AND tie_id = $2 AND account = $3"
           " AND kind = 'case' ORDER BY id DESC LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};

const struct stmts look_stmts = {
    .all = (const struct stmt *const[]){ &insert, &costs, &paid, &opened, &of_person,
                                         &of_account, &of_case, &last_case, NULL },
};

enum rc look_insert(struct op *op, const struct look *look)
{
    return db_put(op->db, &insert, look, NULL);
}

enum rc look_count_costs(struct op *op, int64_t account, int64_t since_id, int64_t *spent)
{
    return db_number(op->db, op->arena, &costs,
                     DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(since_id)),
                     spent);
}

enum rc look_count_paid(struct op *op, int64_t account, int64_t person, int64_t since_id,
                        struct str kind, int64_t *times)
{
    return db_number(op->db, op->arena, &paid,
                     DB_VALUES(DB_INT(op->county), DB_INT(person), DB_INT(since_id),
                               DB_INT(account), DB_TEXT(kind)),
                     times);
}

enum rc look_count_opened(struct op *op, int64_t person, int64_t *times, int64_t *last)
{
    struct opened_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &opened,
                        DB_VALUES(DB_INT(op->county), DB_INT(person)), &row);
    *times = row.n;
    *last = row.last;
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

enum rc look_select_case(struct op *op, int64_t case_id, int64_t before, size_t most,
                         struct list *looks)
{
    return db_all(op->db, op->arena, &of_case,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(before),
                            DB_INT((int64_t)most)),
                  sizeof(struct look), most, looks);
}

enum rc look_last_case(struct op *op, int64_t account, int64_t case_id, int64_t *last)
{
    enum rc rc = db_number(
        op->db, op->arena, &last_case,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(account)), last);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc look_select_account(struct op *op, int64_t account, int64_t from_id, int64_t before,
                            size_t most, struct list *looks)
{
    return db_all(op->db, op->arena, &of_account,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(from_id),
                            DB_INT(before), DB_INT((int64_t)most)),
                  sizeof(struct look), most, looks);
}
