#include "registry/forget_store.h"

#include "db/db.h"
#include "registry/called.h"
#include "registry/registry.h"

static const struct field left_fields[] = {
    FIELD(struct person_left, county, OPTIONAL),
    FIELD(struct person_left, person, OPTIONAL),
};
static const enum kind two_numbers[] = { KIND_INT, KIND_INT };

static const struct stmt put = {
    .name = "forget_put",
    .sql = "INSERT INTO person_deletions (county, person, at_ms) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, person) DO NOTHING",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
/* Across counties: the timer's question. */
static const struct stmt left_elsewhere = {
    .name = "forget_left",
    .sql = "SELECT k.county AS county, k.person AS person FROM person_deletions d"
           " JOIN person_keys k ON k.person = d.person AND k.county <> d.county"
           " WHERE k.wrapped IS NOT NULL LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(left_fields),
};
static const struct stmt head = {
    .name = "forget_head",
    .sql = "UPDATE households SET head = NULL WHERE county = $1 AND head = $2 AND id ="
           " (SELECT household FROM people WHERE county = $1 AND id = $2)",
    .params = two_numbers,
    .nparams = 2,
};
static const struct stmt person_over = {
    .name = "forget_person",
    .sql = "UPDATE people SET name = '已注销', sex = '', birth = '', id_number = NULL,"
           " id_index = NULL, phone = NULL, phone_index = NULL, household = NULL,"
           " relation = '', street = '', community = '', grid = '', shielded = 0,"
           " version = version + 1 WHERE county = $1 AND id = $2 AND grid <> ''",
    .params = two_numbers,
    .nparams = 2,
};
static const struct stmt account_over = {
    .name = "forget_account",
    .sql = "UPDATE accounts SET login = $3, name = '已注销', password = NULL, phone = NULL,"
           " state = 'closed', version = version + 1"
           " WHERE county = $1 AND id = $2 AND login <> $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
static const struct stmt login_over = {
    .name = "forget_login",
    .sql = "DELETE FROM logins WHERE county = $1 AND account = $2 AND login ="
           " (SELECT login FROM accounts WHERE county = $1 AND id = $2)",
    .params = two_numbers,
    .nparams = 2,
};
static const struct stmt codes_over = {
    .name = "forget_codes",
    .sql = "DELETE FROM account_codes WHERE county = $1 AND account = $2",
    .params = two_numbers,
    .nparams = 2,
};

const struct stmts forget_stmts = {
    .all = (const struct stmt *const[]){ &put, &left_elsewhere, &head, &person_over,
                                         &account_over, &login_over, &codes_over, NULL },
};

enum rc deletion_insert(struct op *op, int64_t person)
{
    return db_run(op->db, &put,
                  DB_VALUES(DB_INT(op->county), DB_INT(person), DB_INT(op->now_ms)), NULL);
}

enum rc deletion_select_left(struct op *op, size_t most, struct list *left)
{
    return db_all(op->db, op->arena, &left_elsewhere, DB_VALUES(DB_INT((int64_t)most)),
                  sizeof(struct person_left), most, left);
}

static enum rc run(struct op *op, const struct stmt *stmt, int64_t id)
{
    return db_run(op->db, stmt, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
}

enum rc person_blank(struct op *op, int64_t person)
{
    enum rc rc = run(op, &head, person);

    return rc == RC_OK ? run(op, &person_over, person) : rc;
}

enum rc account_blank(struct op *op, int64_t account, struct str login)
{
    called_changed(op);
    enum rc rc = run(op, &login_over, account);
    if (rc == RC_OK)
        rc = run(op, &codes_over, account);
    return rc == RC_OK
               ? db_run(op->db, &account_over,
                        DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(login)),
                        NULL)
               : rc;
}
