#include "guard/guard_store.h"

#include "db/db.h"

/* ---- person_keys ---- */

static const struct field key_fields[] = {
    FIELD_ID(struct key_row, person, OPTIONAL),
    FIELD(struct key_row, master, OPTIONAL),
    FIELD_BYTES(struct key_row, wrapped, OPTIONAL),
};

static const enum kind two_numbers[] = { KIND_INT, KIND_INT };
static const enum kind three_numbers[] = { KIND_INT, KIND_INT, KIND_INT };
static const enum kind four_numbers[] = { KIND_INT, KIND_INT, KIND_INT, KIND_INT };
static const enum kind number_and_bytes[] = { KIND_INT, KIND_BYTES };

static const struct stmt key_find = {
    .name = "guard_key_find",
    .sql = "SELECT :names FROM person_keys WHERE county = $1 AND person = $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
    DB_ROW(key_fields),
};

static const enum kind   key_add_params[] = { KIND_INT, KIND_INT, KIND_INT, KIND_BYTES,
                                              KIND_INT };
static const struct stmt key_add = {
    .name = "guard_key_add",
    .sql = "INSERT INTO person_keys (county, person, master, wrapped, at_ms)"
           " VALUES ($1, $2, $3, $4, $5)",
    .params = key_add_params,
    .nparams = COUNT(key_add_params),
};

static const struct stmt key_destroy = {
    .name = "guard_key_destroy",
    .sql = "INSERT INTO person_keys (county, person, master, wrapped, at_ms)"
           " VALUES ($1, $2, 0, NULL, $3)"
           " ON CONFLICT (county, person) DO UPDATE"
           " SET master = 0, wrapped = NULL, at_ms = excluded.at_ms",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
};

static const struct stmt key_to_rewrap = {
    .name = "guard_key_to_rewrap",
    .sql = "SELECT :names FROM person_keys"
           " WHERE county = $1 AND person > $2 AND master <> $3 AND wrapped IS NOT NULL"
           " ORDER BY person LIMIT $4",
    .params = four_numbers,
    .nparams = COUNT(four_numbers),
    DB_ROW(key_fields),
};

static const enum kind   key_rewrap_params[] = { KIND_INT, KIND_INT, KIND_INT, KIND_BYTES };
static const struct stmt key_rewrap = {
    .name = "guard_key_rewrap",
    .sql = "UPDATE person_keys SET master = $3, wrapped = $4"
           " WHERE county = $1 AND person = $2 AND wrapped IS NOT NULL",
    .params = key_rewrap_params,
    .nparams = COUNT(key_rewrap_params),
};

enum rc key_row_find(struct op *op, int64_t person, struct key_row *row)
{
    return db_one(op->db, op->arena, &key_find,
                  DB_VALUES(DB_INT(op->county), DB_INT(person)), row);
}

enum rc key_row_add(struct op *op, const struct key_row *row)
{
    return db_run(op->db, &key_add,
                  DB_VALUES(DB_INT(op->county), DB_INT(row->person), DB_INT(row->master),
                            DB_BYTES(row->wrapped), DB_INT(op->now_ms)),
                  NULL);
}

enum rc key_row_destroy(struct op *op, int64_t person)
{
    return db_run(op->db, &key_destroy,
                  DB_VALUES(DB_INT(op->county), DB_INT(person), DB_INT(op->now_ms)), NULL);
}

enum rc key_rows_to_rewrap(struct op *op, int64_t person, int64_t newest, size_t most,
                           struct list *rows)
{
    return db_all(op->db, op->arena, &key_to_rewrap,
                  DB_VALUES(DB_INT(op->county), DB_INT(person), DB_INT(newest),
                            DB_INT((int64_t)most)),
                  sizeof(struct key_row), most, rows);
}

enum rc key_row_rewrap(struct op *op, const struct key_row *row)
{
    return db_run(op->db, &key_rewrap,
                  DB_VALUES(DB_INT(op->county), DB_INT(row->person), DB_INT(row->master),
                            DB_BYTES(row->wrapped)),
                  NULL);
}

/* ---- sessions ---- */

#define SESSION_COLUMNS                                                                    \
    "id, account, made_ms, seen_ms, until_ms, token, client, passed, owes, address, agent"
static const struct field session_fields[] = {
    FIELD(struct session_row, id, OPTIONAL),
    FIELD(struct session_row, account, OPTIONAL),
    FIELD(struct session_row, made_ms, OPTIONAL),
    FIELD(struct session_row, seen_ms, OPTIONAL),
    FIELD(struct session_row, until_ms, OPTIONAL),
    FIELD_BYTES(struct session_row, token, OPTIONAL),
    FIELD(struct session_row, client, OPTIONAL),
    FIELD(struct session_row, passed, OPTIONAL),
    FIELD(struct session_row, owes, OPTIONAL),
    FIELD(struct session_row, address, OPTIONAL),
    FIELD(struct session_row, agent, OPTIONAL),
};

static const enum kind session_add_params[] = {
    KIND_INT,   KIND_INT,  KIND_INT,  KIND_INT,  KIND_INT,  KIND_INT,
    KIND_BYTES, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT
};
static const struct stmt session_add = {
    .name = "guard_session_add",
    .sql = "INSERT INTO sessions (county, " SESSION_COLUMNS ")"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    .params = session_add_params,
    .nparams = COUNT(session_add_params),
};

static const struct stmt session_find_token = {
    .name = "guard_session_find",
    .sql = "SELECT :names FROM sessions WHERE county = $1 AND token = $2",
    .params = number_and_bytes,
    .nparams = COUNT(number_and_bytes),
    DB_ROW(session_fields),
};

static const struct stmt session_of = {
    .name = "guard_session_of",
    .sql = "SELECT :names FROM sessions WHERE county = $1 AND account = $2"
           " ORDER BY id DESC LIMIT $3",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
    DB_ROW(session_fields),
};

static const struct field session_token_fields[] = {
    FIELD_BYTES(struct session_row, token, OPTIONAL),
};
static const struct stmt session_end_one = {
    .name = "guard_session_end",
    .sql = "DELETE FROM sessions WHERE county = $1 AND account = $2 AND id = $3 RETURNING "
           "token",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
    DB_ROW(session_token_fields),
};

static const struct stmt session_seen = {
    .name = "guard_session_seen",
    .sql = "UPDATE sessions SET seen_ms = $3, until_ms = $4 WHERE county = $1 AND id = $2",
    .params = four_numbers,
    .nparams = COUNT(four_numbers),
};

static const enum kind   number_and_text[] = { KIND_INT, KIND_TEXT };
static const struct stmt session_end_kind = {
    .name = "guard_session_end_kind",
    .sql = "DELETE FROM sessions WHERE county = $1 AND client = $2",
    .params = number_and_text,
    .nparams = COUNT(number_and_text),
};

static const struct stmt session_sweep = {
    .name = "guard_session_sweep",
    .sql = "DELETE FROM sessions WHERE county = $1 AND id IN"
           " (SELECT id FROM sessions WHERE county = $1 AND until_ms <= $2 LIMIT $3)",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
};

enum rc session_row_add(struct op *op, const struct session_row *row)
{
    return db_run(op->db, &session_add,
                  DB_VALUES(DB_INT(op->county), DB_INT(row->id), DB_INT(row->account),
                            DB_INT(row->made_ms), DB_INT(row->seen_ms),
                            DB_INT(row->until_ms), DB_BYTES(row->token),
                            DB_TEXT(row->client), DB_TEXT(row->passed), DB_TEXT(row->owes),
                            DB_TEXT(row->address), DB_TEXT(row->agent)),
                  NULL);
}

enum rc session_row_find(struct op *op, int64_t county, struct str token,
                         struct session_row *row)
{
    return db_one(op->db, op->arena, &session_find_token,
                  DB_VALUES(DB_INT(county), DB_BYTES(token)), row);
}

enum rc session_rows_of(struct op *op, int64_t account, size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &session_of,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT((int64_t)most)),
                  sizeof(struct session_row), most, rows);
}

enum rc session_row_end(struct op *op, int64_t account, int64_t id, struct str *token)
{
    struct session_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &session_end_one,
                        DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(id)), &row);
    *token = row.token;
    return rc;
}

enum rc session_row_seen(struct op *op, int64_t id, int64_t seen_ms, int64_t until_ms)
{
    return db_run(
        op->db, &session_seen,
        DB_VALUES(DB_INT(op->county), DB_INT(id), DB_INT(seen_ms), DB_INT(until_ms)), NULL);
}

enum rc session_rows_end_kind(struct op *op, struct str client)
{
    return db_run(op->db, &session_end_kind, DB_VALUES(DB_INT(op->county), DB_TEXT(client)),
                  NULL);
}

enum rc session_rows_sweep(struct op *op, size_t most)
{
    return db_run(op->db, &session_sweep,
                  DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms), DB_INT((int64_t)most)),
                  NULL);
}

/* ---- machine_keys ---- */

static const struct field machine_fields[] = {
    FIELD(struct machine_row, id, OPTIONAL),
    FIELD(struct machine_row, account, OPTIONAL),
    FIELD(struct machine_row, made_ms, OPTIONAL),
    FIELD(struct machine_row, made_by, OPTIONAL),
    FIELD(struct machine_row, until_ms, OPTIONAL),
    FIELD_TIME(struct machine_row, ended_ms, OPTIONAL),
    FIELD_BYTES(struct machine_row, token, OPTIONAL),
    FIELD(struct machine_row, title, OPTIONAL),
    FIELD(struct machine_row, areas, OPTIONAL),
    FIELD(struct machine_row, rights, OPTIONAL),
};

static const enum kind   machine_add_params[] = { KIND_INT,  KIND_INT, KIND_INT,   KIND_INT,
                                                  KIND_INT,  KIND_INT, KIND_BYTES, KIND_TEXT,
                                                  KIND_TEXT, KIND_TEXT };
static const struct stmt machine_add = {
    .name = "guard_machine_add",
    .sql =
        "INSERT INTO machine_keys (county, id, account, made_ms, made_by, until_ms, token,"
        " title, areas, rights) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = machine_add_params,
    .nparams = COUNT(machine_add_params),
};

static const struct stmt machine_find_token = {
    .name = "guard_machine_find",
    .sql = "SELECT :names FROM machine_keys WHERE county = $1 AND token = $2",
    .params = number_and_bytes,
    .nparams = COUNT(number_and_bytes),
    DB_ROW(machine_fields),
};

static const struct stmt machine_end = {
    .name = "guard_machine_end",
    .sql = "UPDATE machine_keys SET ended_ms = $3"
           " WHERE county = $1 AND id = $2 AND ended_ms IS NULL",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
};

static const struct stmt machine_end_of = {
    .name = "guard_machine_end_of",
    .sql = "UPDATE machine_keys SET ended_ms = $3"
           " WHERE county = $1 AND account = $2 AND ended_ms IS NULL",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
};

static const struct stmt machine_after = {
    .name = "guard_machine_after",
    .sql = "SELECT :names FROM machine_keys WHERE county = $1 AND id > $2"
           " ORDER BY id LIMIT $3",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
    DB_ROW(machine_fields),
};

enum rc machine_row_add(struct op *op, const struct machine_row *row)
{
    return db_run(op->db, &machine_add,
                  DB_VALUES(DB_INT(op->county), DB_INT(row->id), DB_INT(row->account),
                            DB_INT(row->made_ms), DB_INT(row->made_by),
                            DB_INT(row->until_ms), DB_BYTES(row->token),
                            DB_TEXT(row->title), DB_TEXT(row->areas), DB_TEXT(row->rights)),
                  NULL);
}

enum rc machine_row_find(struct op *op, int64_t county, struct str token,
                         struct machine_row *row)
{
    return db_one(op->db, op->arena, &machine_find_token,
                  DB_VALUES(DB_INT(county), DB_BYTES(token)), row);
}

enum rc machine_row_end(struct op *op, int64_t id)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &machine_end,
               DB_VALUES(DB_INT(op->county), DB_INT(id), DB_INT(op->now_ms)), &touched);
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc machine_rows_end_of(struct op *op, int64_t account)
{
    return db_run(op->db, &machine_end_of,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(op->now_ms)), NULL);
}

enum rc machine_rows_after(struct op *op, int64_t id, size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &machine_after,
                  DB_VALUES(DB_INT(op->county), DB_INT(id), DB_INT((int64_t)most)),
                  sizeof(struct machine_row), most, rows);
}

/* ---- sign_in_fails ---- */

static const struct field fails_fields[] = {
    FIELD_BYTES(struct fails_row, mark, OPTIONAL),
    FIELD(struct fails_row, fails, OPTIONAL),
    FIELD(struct fails_row, last_ms, OPTIONAL),
};

static const enum kind   fails_put_params[] = { KIND_INT, KIND_BYTES, KIND_INT, KIND_INT };
static const struct stmt fails_put = {
    .name = "guard_fails_put",
    .sql =
        "INSERT INTO sign_in_fails (county, mark, fails, last_ms) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (county, mark) DO UPDATE"
        " SET fails = excluded.fails, last_ms = excluded.last_ms",
    .params = fails_put_params,
    .nparams = COUNT(fails_put_params),
};

static const struct stmt fails_since = {
    .name = "guard_fails_since",
    .sql = "SELECT :names FROM sign_in_fails WHERE county = $1 AND last_ms > $2"
           " ORDER BY last_ms DESC LIMIT $3",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
    DB_ROW(fails_fields),
};

static const struct stmt fails_sweep = {
    .name = "guard_fails_sweep",
    .sql = "DELETE FROM sign_in_fails WHERE county = $1 AND last_ms <= $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
};

enum rc fails_row_put(struct op *op, const struct fails_row *row)
{
    return db_run(op->db, &fails_put,
                  DB_VALUES(DB_INT(op->county), DB_BYTES(row->mark), DB_INT(row->fails),
                            DB_INT(row->last_ms)),
                  NULL);
}

enum rc fails_rows_since(struct op *op, int64_t last_ms, size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &fails_since,
                  DB_VALUES(DB_INT(op->county), DB_INT(last_ms), DB_INT((int64_t)most)),
                  sizeof(struct fails_row), most, rows);
}

enum rc fails_rows_sweep(struct op *op, int64_t last_ms)
{
    return db_run(op->db, &fails_sweep, DB_VALUES(DB_INT(op->county), DB_INT(last_ms)),
                  NULL);
}

static const struct stmt *const statements[] = {
    &key_find,
    &key_add,
    &key_destroy,
    &key_to_rewrap,
    &key_rewrap,
    &session_add,
    &session_find_token,
    &session_of,
    &session_end_one,
    &session_seen,
    &session_end_kind,
    &session_sweep,
    &machine_add,
    &machine_find_token,
    &machine_end,
    &machine_end_of,
    &machine_after,
    &fails_put,
    &fails_since,
    &fails_sweep,
    NULL,
};
const struct stmts guard_stmts = { .all = statements };
