#include "registry/code.h"

#include "db/db.h"
#include "guard/slip.h"
#include "registry/registry.h"

struct code_row {
    struct str code;
    int64_t    until_ms;
};
static const struct field code_fields[] = {
    FIELD_BYTES(struct code_row, code, OPTIONAL),
    FIELD(struct code_row, until_ms, OPTIONAL),
};
static const struct stmt put = {
    .name = "account_code_put",
    .sql = "INSERT INTO account_codes (county, account, code, until_ms)"
           " VALUES ($1, $2, $3, $4) ON CONFLICT (county, account) DO UPDATE"
           " SET code = excluded.code, until_ms = excluded.until_ms",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_BYTES, KIND_INT),
};
static const struct stmt get = {
    .name = "account_code_get",
    .sql = "SELECT code, until_ms FROM account_codes WHERE county = $1 AND account = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(code_fields),
};
static const struct stmt drop = {
    .name = "account_code_drop",
    .sql = "DELETE FROM account_codes WHERE county = $1 AND account = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};

const struct stmts code_stmts = { .all = (const struct stmt *const[]){ &put, &get, &drop,
                                                                       NULL } };

enum rc code_give(struct op *op, int64_t account, struct str *code)
{
    unsigned char hash[SM3_BYTES];

    *code = slip_new(op->arena);
    if (!code->at)
        return RC_TOO_LARGE;
    slip_hash(STR("first password"), account, *code, hash);
    return db_run(op->db, &put,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_BYTES(PART_OF(hash)),
                            DB_INT(op->now_ms + CODE_LIFE_MS)),
                  NULL);
}

enum rc code_take(struct op *op, int64_t account, struct str code)
{
    unsigned char   hash[SM3_BYTES];
    struct code_row row;

    enum rc rc = db_one(op->db, op->arena, &get,
                        DB_VALUES(DB_INT(op->county), DB_INT(account)), &row);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    slip_hash(STR("first password"), account, code, hash);
    bool right =
        rc == RC_OK && row.until_ms > op->now_ms && str_eq(row.code, PART_OF(hash));
    if (!right)
        return fail(op, RC_REFUSED, "code",
                    "开通码不对，或已经过了一小时。请让管理员再发一个。");
    return db_run(op->db, &drop, DB_VALUES(DB_INT(op->county), DB_INT(account)), NULL);
}
