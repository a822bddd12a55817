#include "registry/account_store.h"

#include <stdlib.h>

#include "base/area.h"
#include "db/db.h"
#include "registry/registry.h"

enum { HOLDS_MAX = 64 };

static const struct field account_fields[] = {
    FIELD(struct account, county, OPTIONAL),
    FIELD(struct account, id, OPTIONAL),
    FIELD(struct account, login, OPTIONAL),
    FIELD(struct account, name, OPTIONAL),
    FIELD(struct account, client, OPTIONAL),
    FIELD_ID(struct account, person, OPTIONAL),
    FIELD(struct account, password, OPTIONAL),
    FIELD(struct account, state, OPTIONAL),
    FIELD(struct account, version, OPTIONAL),
    FIELD(struct account, made_ms, OPTIONAL),
    FIELD(struct account, password_ms, OPTIONAL),
};
static const struct field hold_fields[] = {
    FIELD(struct hold_row, county, OPTIONAL),
    FIELD(struct hold_row, account, OPTIONAL),
    FIELD(struct hold_row, id, OPTIONAL),
    FIELD(struct hold_row, duty, OPTIONAL),
    FIELD(struct hold_row, role, OPTIONAL),
    FIELD(struct hold_row, area, OPTIONAL),
    FIELD_ID(struct hold_row, org, OPTIONAL),
    FIELD_ID(struct hold_row, stands_in_for, OPTIONAL),
    FIELD(struct hold_row, from_ms, OPTIONAL),
    FIELD(struct hold_row, until_ms, OPTIONAL),
};
static const struct field colleague_fields[] = {
    FIELD(struct colleague, account, OPTIONAL), FIELD(struct colleague, name, OPTIONAL),
    FIELD(struct colleague, duty, OPTIONAL),    FIELD(struct colleague, area, OPTIONAL),
    FIELD_ID(struct colleague, org, OPTIONAL),
};
struct login_row {
    int64_t county, account;
};
static const struct field login_fields[] = {
    FIELD(struct login_row, county, OPTIONAL),
    FIELD(struct login_row, account, OPTIONAL),
};
struct home_row {
    struct str area;
};
static const struct field home_fields[] = { FIELD(struct home_row, area, OPTIONAL) };

static const struct stmt insert = {
    .name = "account_insert",
    .sql = "INSERT INTO accounts (:names) VALUES (:values)",
    DB_RECORD(account_fields),
};
static const struct stmt login_put = {
    .name = "account_login_put",
    .sql = "INSERT INTO logins (login, county, account) VALUES ($1, $2, $3)",
    DB_PARAMS(KIND_TEXT, KIND_INT, KIND_INT),
};
static const struct stmt by_id = {
    .name = "account_by_id",
    .sql = "SELECT :names FROM accounts WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(account_fields),
};
static const struct stmt page = {
    .name = "account_page",
    .sql = "SELECT :names FROM accounts WHERE county = $1 AND id > $2"
           " ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(account_fields),
};
static const struct stmt named = {
    .name = "account_named",
    .sql = "SELECT :names FROM accounts WHERE county = $1 AND name = $2"
           " AND id > $3 ORDER BY id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(account_fields),
};
static const struct stmt of_person = {
    .name = "account_of_person",
    .sql = "SELECT id FROM accounts WHERE county = $1 AND person = $2 ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt login_get = {
    .name = "account_login_get",
    .sql = "SELECT county, account FROM logins WHERE login = $1",
    DB_PARAMS(KIND_TEXT),
    DB_ROW(login_fields),
};
/* "." sorts right after "-". */
static const struct stmt demo = {
    .name = "account_demo",
    .sql =
        "SELECT a.county, a.id, a.login, a.name, a.client, a.person, a.password, a.state,"
        " a.version, a.made_ms, a.password_ms FROM logins l JOIN accounts a ON a.county = "
        "l.county"
        " AND a.id = l.account WHERE l.login >= 'demo-' AND l.login < 'demo.'"
        " ORDER BY l.login LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(account_fields),
};
static const struct stmt set_password = {
    .name = "account_set_password",
    .sql = "UPDATE accounts SET password = $3, password_ms = $4, version = version + 1"
           " WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_INT),
};
static const struct stmt set_state = {
    .name = "account_set_state",
    .sql = "UPDATE accounts SET state = $3, version = version + 1"
           " WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
static const struct stmt hold_add = {
    .name = "hold_insert",
    .sql = "INSERT INTO holds (:names) VALUES (:values)",
    DB_RECORD(hold_fields),
};
static const struct stmt hold_stop = {
    .name = "hold_end",
    .sql = "UPDATE holds SET until_ms = $4 WHERE county = $1 AND account = $2 AND id = $3"
           " AND (until_ms = 0 OR until_ms > $4)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
};
/* In force at $3. */
static const struct stmt holds_of = {
    .name = "hold_of_account",
    .sql = "SELECT county, account, id, duty, role, area, org, stands_in_for, from_ms, "
           "until_ms"
           " FROM holds WHERE county = $1 AND account = $2 AND from_ms <= $3"
           " AND (until_ms = 0 OR until_ms > $3) ORDER BY id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(hold_fields),
};
/* Whoever acts, a row for each duty in force at $3, or one without. */
static const struct field acting_fields[] = {
    FIELD(struct acting_row, county, OPTIONAL),
    FIELD_ID(struct acting_row, person, OPTIONAL),
    FIELD(struct acting_row, name, OPTIONAL),
    FIELD(struct acting_row, hold, OPTIONAL),
    FIELD(struct acting_row, duty, OPTIONAL),
    FIELD(struct acting_row, role, OPTIONAL),
    FIELD(struct acting_row, area, OPTIONAL),
    FIELD_ID(struct acting_row, org, OPTIONAL),
    FIELD_ID(struct acting_row, stands_in_for, OPTIONAL),
};
static const struct stmt acting = {
    .name = "account_acting",
    .sql = "SELECT accounts.county, person, name, holds.id AS hold, duty, role, area, org, "
           "stands_in_for"
           " FROM accounts LEFT JOIN holds ON holds.county = accounts.county"
           " AND holds.account = accounts.id AND from_ms <= $3"
           " AND (until_ms = 0 OR until_ms > $3)"
           " WHERE accounts.county = $1 AND accounts.id = $2 AND state = 'active' LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(acting_fields),
};
/* What an account is called: with the duty in force at $3 that it took up first. */
static const struct field called_fields[] = {
    FIELD(struct called, name, OPTIONAL),
    FIELD(struct called, duty, OPTIONAL),
};
static const struct stmt called_now = {
    .name = "account_called",
    .sql = "SELECT name, (SELECT duty FROM holds WHERE county = $1 AND account = $2"
           " AND from_ms <= $3 AND (until_ms = 0 OR until_ms > $3) ORDER BY id LIMIT 1)"
           " AS duty FROM accounts WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(called_fields),
};

/* Not over at $3. */
struct role_row {
    struct str role;
};
static const struct field role_fields[] = { FIELD(struct role_row, role, OPTIONAL) };
static const struct stmt  roles_of = {
     .name = "hold_roles_of_account",
     .sql = "SELECT role FROM holds WHERE county = $1 AND account = $2"
             " AND (until_ms = 0 OR until_ms > $3) ORDER BY id LIMIT $4",
     DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
     DB_ROW(role_fields),
};

#define COLLEAGUES                                                                         \
    "SELECT h.account AS account, a.name AS name, h.duty AS duty, h.area AS area,"         \
    " h.org AS org FROM holds h JOIN accounts a ON a.county = h.county"                    \
    " AND a.id = h.account AND a.state = 'active' WHERE h.county = $1"                     \
    " AND h.from_ms <= $2 AND (h.until_ms = 0 OR h.until_ms > $2)"

/* In the order of the index, so that nothing is sorted: reports ask this all day. */
static const struct stmt with_duty = {
    .name = "hold_with_duty",
    .sql = COLLEAGUES " AND h.duty = $4 AND h.area = $5 ORDER BY h.id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(colleague_fields),
};
static const struct stmt of_org = {
    .name = "hold_of_org",
    .sql = COLLEAGUES " AND h.org = $4 ORDER BY h.id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_ID),
    DB_ROW(colleague_fields),
};
/* The area itself, and what lies below it: codes are digits, ":" sorts after "9". */
static const struct stmt in_area = {
    .name = "hold_in_area",
    .sql = COLLEAGUES " AND h.area >= $4 AND h.area < $5 AND h.role <> 'resident'"
                      " ORDER BY h.area, h.id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(colleague_fields),
};
/* Some hold more than one: told twice, the second is left alone by whoever is told. */
static const struct stmt with_role = {
    .name = "hold_with_role",
    .sql = "SELECT h.account AS id FROM holds h JOIN accounts a ON a.county = h.county"
           " AND a.id = h.account AND a.state = 'active' WHERE h.county = $1"
           " AND h.role = $2 AND h.from_ms <= $3 AND (h.until_ms = 0 OR h.until_ms > $3)"
           " ORDER BY h.id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt home = {
    .name = "account_home",
    .sql = "SELECT CASE WHEN grid <> '' THEN grid ELSE community END AS area FROM people"
           " WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(home_fields),
};

const struct stmts account_stmts = {
    .all = (const struct stmt *const[]){ &insert,       &login_put, &by_id,      &page,
                                         &named,        &demo,      &of_person,  &login_get,
                                         &set_password, &set_state, &hold_add,   &hold_stop,
                                         &holds_of,     &acting,    &called_now, &roles_of,
                                         &with_duty,    &of_org,    &in_area,    &with_role,
                                         &home,         NULL },
};

enum rc account_insert(struct op *op, const struct account *account)
{
    return db_put(op->db, &insert, account, NULL);
}

enum rc login_insert(struct op *op, struct str login, int64_t account)
{
    return db_run(op->db, &login_put,
                  DB_VALUES(DB_TEXT(login), DB_INT(op->county), DB_INT(account)), NULL);
}

enum rc account_select(struct op *op, int64_t id, struct account *account)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  account);
}

static int by_hold(const void *a, const void *b)
{
    int64_t one = ((const struct acting_row *)a)->hold;
    int64_t other = ((const struct acting_row *)b)->hold;

    return one < other ? -1 : one > other;
}

/* Sorted here: PostgreSQL does not see that there is one account, so that the key's order
 * is theirs, and would sort. */
enum rc account_select_acting(struct op *op, int64_t id, struct list *rows)
{
    enum rc rc = db_all(
        op->db, op->arena, &acting,
        DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_INT(op->now_ms), DB_INT(HOLDS_MAX)),
        sizeof(struct acting_row), HOLDS_MAX, rows);

    if (rc == RC_OK && rows->n)
        qsort(rows->at, rows->n, sizeof(struct acting_row), by_hold);
    return rc;
}

enum rc account_select_called(struct op *op, int64_t id, struct called *called)
{
    return db_one(op->db, op->arena, &called_now,
                  DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_INT(op->now_ms)), called);
}

enum rc account_select_page(struct op *op, int64_t after, size_t most,
                            struct list *accounts)
{
    return db_all(op->db, op->arena, &page,
                  DB_VALUES(DB_INT(op->county), DB_INT(after), DB_INT((int64_t)most)),
                  sizeof(struct account), most, accounts);
}

enum rc account_select_name(struct op *op, struct str name, int64_t after, size_t most,
                            struct list *accounts)
{
    return db_all(
        op->db, op->arena, &named,
        DB_VALUES(DB_INT(op->county), DB_TEXT(name), DB_INT(after), DB_INT((int64_t)most)),
        sizeof(struct account), most, accounts);
}

enum rc account_select_demo(struct op *op, size_t most, struct list *accounts)
{
    return db_all(op->db, op->arena, &demo, DB_VALUES(DB_INT((int64_t)most)),
                  sizeof(struct account), most, accounts);
}

enum rc login_select(struct op *op, struct str login, int64_t *county, int64_t *account)
{
    struct login_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &login_get, DB_VALUES(DB_TEXT(login)), &row);
    *county = row.county;
    *account = row.account;
    return rc;
}

enum rc account_select_person(struct op *op, int64_t person, size_t most, struct list *ids)
{
    return db_all(
        op->db, op->arena, &of_person,
        DB_VALUES(DB_INT(id_county(person)), DB_ID(person), DB_INT((int64_t)most)),
        sizeof(int64_t), most, ids);
}

static enum rc one_touched(enum rc rc, int64_t touched)
{
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc account_update_password(struct op *op, int64_t id, struct str password)
{
    int64_t touched = 0;

    enum rc rc = db_run(
        op->db, &set_password,
        DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_TEXT(password), DB_INT(op->now_ms)),
        &touched);
    return one_touched(rc, touched);
}

enum rc account_update_state(struct op *op, int64_t id, struct str state)
{
    int64_t touched = 0;

    called_changed(op);
    enum rc rc =
        db_run(op->db, &set_state,
               DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_TEXT(state)), &touched);
    return one_touched(rc, touched);
}

enum rc hold_insert(struct op *op, const struct hold_row *hold)
{
    called_changed(op);
    return db_put(op->db, &hold_add, hold, NULL);
}

enum rc hold_update_end(struct op *op, int64_t account, int64_t id)
{
    int64_t touched = 0;

    called_changed(op);
    enum rc rc = db_run(op->db, &hold_stop,
                        DB_VALUES(DB_INT(id_county(account)), DB_INT(account), DB_INT(id),
                                  DB_INT(op->now_ms)),
                        &touched);
    return one_touched(rc, touched);
}

enum rc hold_select(struct op *op, int64_t account, struct list *holds)
{
    return db_all(op->db, op->arena, &holds_of,
                  DB_VALUES(DB_INT(id_county(account)), DB_INT(account), DB_INT(op->now_ms),
                            DB_INT(HOLDS_MAX)),
                  sizeof(struct hold_row), HOLDS_MAX, holds);
}

enum rc hold_select_roles(struct op *op, int64_t account, struct list *roles)
{
    return db_all(op->db, op->arena, &roles_of,
                  DB_VALUES(DB_INT(id_county(account)), DB_INT(account), DB_INT(op->now_ms),
                            DB_INT(HOLDS_MAX)),
                  sizeof(struct role_row), HOLDS_MAX, roles);
}

enum rc hold_select_duty(struct op *op, struct str duty, struct str area, size_t most,
                         struct list *colleagues)
{
    return db_all(op->db, op->arena, &with_duty,
                  DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms), DB_INT((int64_t)most),
                            DB_TEXT(duty), DB_TEXT(area)),
                  sizeof(struct colleague), most, colleagues);
}

enum rc hold_select_org(struct op *op, int64_t org, size_t most, struct list *colleagues)
{
    return db_all(op->db, op->arena, &of_org,
                  DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms), DB_INT((int64_t)most),
                            DB_ID(org)),
                  sizeof(struct colleague), most, colleagues);
}

enum rc hold_select_area(struct op *op, struct str area, size_t most,
                         struct list *colleagues)
{
    struct str past = area_past(op->arena, area);

    return db_all(op->db, op->arena, &in_area,
                  DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms), DB_INT((int64_t)most),
                            DB_TEXT(area), DB_TEXT(past)),
                  sizeof(struct colleague), most, colleagues);
}

enum rc hold_select_role(struct op *op, struct str role, size_t most, struct list *ids)
{
    return db_all(op->db, op->arena, &with_role,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(role), DB_INT(op->now_ms),
                            DB_INT((int64_t)most)),
                  sizeof(int64_t), most, ids);
}

enum rc person_home(struct op *op, int64_t person, struct str *area)
{
    struct home_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &home,
                        DB_VALUES(DB_INT(id_county(person)), DB_INT(person)), &row);
    *area = row.area;
    return rc;
}
