#include "guard/factor_store.h"

#include "db/db.h"

static const enum kind two_numbers[] = { KIND_INT, KIND_INT };
static const enum kind three_numbers[] = { KIND_INT, KIND_INT, KIND_INT };
static const enum kind four_numbers[] = { KIND_INT, KIND_INT, KIND_INT, KIND_INT };
static const enum kind numbers_and_bytes[] = { KIND_INT, KIND_INT, KIND_BYTES };

/* ---- totps ---- */

static const struct field totp_fields[] = {
    FIELD_BYTES(struct totp_row, secret, OPTIONAL),
    FIELD_BYTES(struct totp_row, pending, OPTIONAL),
    FIELD(struct totp_row, step, OPTIONAL),
    FIELD(struct totp_row, confirmed, OPTIONAL),
};

static const struct stmt totp_find = {
    .name = "factor_totp_find",
    .sql = "SELECT :names FROM totps"
           " WHERE county = $1 AND account = $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
    DB_ROW(totp_fields),
};

static const struct stmt totp_pending = {
    .name = "factor_totp_pending",
    .sql = "INSERT INTO totps (county, account, pending, step, confirmed)"
           " VALUES ($1, $2, $3, 0, 0) ON CONFLICT (county, account) DO UPDATE"
           " SET pending = excluded.pending",
    .params = numbers_and_bytes,
    .nparams = COUNT(numbers_and_bytes),
};

static const struct stmt totp_confirmed = {
    .name = "factor_totp_confirm",
    .sql = "UPDATE totps SET secret = pending, pending = NULL, step = $3, confirmed = $4"
           " WHERE county = $1 AND account = $2 AND pending IS NOT NULL",
    .params = four_numbers,
    .nparams = COUNT(four_numbers),
};

static const struct stmt totp_stepped = {
    .name = "factor_totp_step",
    .sql = "UPDATE totps SET step = $3 WHERE county = $1 AND account = $2 AND step < $3",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
};

static const struct stmt totp_ended = {
    .name = "factor_totp_end",
    .sql = "DELETE FROM totps WHERE county = $1 AND account = $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
};

enum rc totp_row_find(struct op *op, int64_t account, struct totp_row *row)
{
    return db_one(op->db, op->arena, &totp_find,
                  DB_VALUES(DB_INT(op->county), DB_INT(account)), row);
}

enum rc totp_row_pending(struct op *op, int64_t account, struct str sealed)
{
    return db_run(op->db, &totp_pending,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_BYTES(sealed)), NULL);
}

static enum rc touched_one(enum rc rc, int64_t touched, enum rc none)
{
    return rc == RC_OK && touched == 0 ? none : rc;
}

enum rc totp_row_confirm(struct op *op, int64_t account, int64_t step)
{
    int64_t touched = 0;

    enum rc rc = db_run(
        op->db, &totp_confirmed,
        DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(step), DB_INT(op->now_ms)),
        &touched);
    return touched_one(rc, touched, RC_NOT_FOUND);
}

enum rc totp_row_step(struct op *op, int64_t account, int64_t step)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &totp_stepped,
               DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(step)), &touched);
    return touched_one(rc, touched, RC_CONFLICT);
}

enum rc totp_row_end(struct op *op, int64_t account)
{
    return db_run(op->db, &totp_ended, DB_VALUES(DB_INT(op->county), DB_INT(account)),
                  NULL);
}

/* ---- passkeys ---- */

static const struct field passkey_fields[] = {
    FIELD(struct passkey, id, OPTIONAL),
    FIELD_BYTES(struct passkey, credential, OPTIONAL),
    FIELD(struct passkey, rp, OPTIONAL),
    FIELD(struct passkey, algorithm, OPTIONAL),
    FIELD_BYTES(struct passkey, public_key, OPTIONAL),
    FIELD(struct passkey, counter, OPTIONAL),
};
static const struct field shown_fields[] = {
    FIELD(struct passkey_shown, id, OPTIONAL),
    FIELD(struct passkey_shown, title, OPTIONAL),
    FIELD_BYTES(struct passkey_shown, credential, OPTIONAL),
    FIELD(struct passkey_shown, rp, OPTIONAL),
    FIELD(struct passkey_shown, made, OPTIONAL),
    FIELD(struct passkey_shown, used, OPTIONAL),
};

static const enum kind   passkey_params[] = { KIND_INT,  KIND_INT, KIND_INT,   KIND_BYTES,
                                              KIND_TEXT, KIND_INT, KIND_BYTES, KIND_INT,
                                              KIND_TEXT, KIND_INT };
static const struct stmt passkey_insert = {
    .name = "factor_passkey_add",
    .sql = "INSERT INTO passkeys (county, account, id, credential, rp, algorithm, public,"
           " counter, title, made_ms, used_ms)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)"
           " ON CONFLICT (county, credential) DO NOTHING",
    .params = passkey_params,
    .nparams = COUNT(passkey_params),
};

static const enum kind   credential_params[] = { KIND_INT, KIND_BYTES, KIND_INT };
static const struct stmt passkey_find = {
    .name = "factor_passkey_find",
    .sql = "SELECT id, credential, rp, algorithm, public, counter FROM passkeys"
           " WHERE county = $1 AND credential = $2 AND account = $3",
    .params = credential_params,
    .nparams = COUNT(credential_params),
    DB_ROW(passkey_fields),
};

static const struct stmt passkey_of = {
    .name = "factor_passkey_of",
    .sql = "SELECT id, title, credential, rp, made_ms, used_ms FROM passkeys"
           " WHERE county = $1 AND account = $2 ORDER BY id LIMIT $3",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
    DB_ROW(shown_fields),
};

static const enum kind used_params[] = { KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT };
static const struct stmt passkey_used = {
    .name = "factor_passkey_used",
    .sql = "UPDATE passkeys SET counter = $4, used_ms = $5"
           " WHERE county = $1 AND account = $2 AND id = $3",
    .params = used_params,
    .nparams = COUNT(used_params),
};

static const struct stmt passkey_ended = {
    .name = "factor_passkey_end",
    .sql = "DELETE FROM passkeys WHERE county = $1 AND account = $2 AND id = $3",
    .params = three_numbers,
    .nparams = COUNT(three_numbers),
};

static const struct stmt passkeys_ended = {
    .name = "factor_passkeys_end",
    .sql = "DELETE FROM passkeys WHERE county = $1 AND account = $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
};

enum rc passkey_row_add(struct op *op, int64_t account, struct str title,
                        const struct passkey *passkey)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &passkey_insert,
               DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(passkey->id),
                         DB_BYTES(passkey->credential), DB_TEXT(passkey->rp),
                         DB_INT(passkey->algorithm), DB_BYTES(passkey->public_key),
                         DB_INT(passkey->counter), DB_TEXT(title), DB_INT(op->now_ms)),
               &touched);
    return touched_one(rc, touched, RC_CONFLICT);
}

enum rc passkey_row_find(struct op *op, int64_t account, struct str credential,
                         struct passkey *passkey)
{
    return db_one(op->db, op->arena, &passkey_find,
                  DB_VALUES(DB_INT(op->county), DB_BYTES(credential), DB_INT(account)),
                  passkey);
}

enum rc passkey_rows_of(struct op *op, int64_t account, size_t most, struct list *shown)
{
    return db_all(op->db, op->arena, &passkey_of,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT((int64_t)most)),
                  sizeof(struct passkey_shown), most, shown);
}

enum rc passkey_row_used(struct op *op, int64_t account, int64_t id, int64_t counter)
{
    return db_run(op->db, &passkey_used,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(id),
                            DB_INT(counter), DB_INT(op->now_ms)),
                  NULL);
}

enum rc passkey_row_end(struct op *op, int64_t account, int64_t id)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &passkey_ended,
               DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(id)), &touched);
    return touched_one(rc, touched, RC_NOT_FOUND);
}

enum rc passkey_rows_end(struct op *op, int64_t account)
{
    return db_run(op->db, &passkeys_ended, DB_VALUES(DB_INT(op->county), DB_INT(account)),
                  NULL);
}

/* ---- recovery_codes ---- */

static const struct stmt recovery_insert = {
    .name = "factor_recovery_add",
    .sql = "INSERT INTO recovery_codes (county, account, code) VALUES ($1, $2, $3)",
    .params = numbers_and_bytes,
    .nparams = COUNT(numbers_and_bytes),
};

static const struct stmt recovery_taken = {
    .name = "factor_recovery_take",
    .sql = "DELETE FROM recovery_codes WHERE county = $1 AND account = $2 AND code = $3",
    .params = numbers_and_bytes,
    .nparams = COUNT(numbers_and_bytes),
};

static const struct stmt recovery_ended = {
    .name = "factor_recovery_end",
    .sql = "DELETE FROM recovery_codes WHERE county = $1 AND account = $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
};

enum rc recovery_row_add(struct op *op, int64_t account, struct str code)
{
    return db_run(op->db, &recovery_insert,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_BYTES(code)), NULL);
}

enum rc recovery_row_take(struct op *op, int64_t account, struct str code)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &recovery_taken,
               DB_VALUES(DB_INT(op->county), DB_INT(account), DB_BYTES(code)), &touched);
    return touched_one(rc, touched, RC_NOT_FOUND);
}

enum rc recovery_rows_end(struct op *op, int64_t account)
{
    return db_run(op->db, &recovery_ended, DB_VALUES(DB_INT(op->county), DB_INT(account)),
                  NULL);
}

/* ---- how many ---- */

struct numbers {
    int64_t passkeys, recovery;
};
static const struct field number_fields[] = {
    FIELD(struct numbers, passkeys, OPTIONAL),
    FIELD(struct numbers, recovery, OPTIONAL),
};
static const struct stmt numbers_of = {
    .name = "factor_numbers",
    .sql = "SELECT (SELECT count(*) FROM passkeys WHERE county = $1 AND account = $2)"
           " AS passkeys,"
           " (SELECT count(*) FROM recovery_codes WHERE county = $1 AND account = $2)"
           " AS recovery",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
    DB_ROW(number_fields),
};

enum rc factor_rows_count(struct op *op, int64_t account, int64_t *passkeys,
                          int64_t *recovery)
{
    struct numbers numbers = { 0 };

    enum rc rc = db_one(op->db, op->arena, &numbers_of,
                        DB_VALUES(DB_INT(op->county), DB_INT(account)), &numbers);
    *passkeys = numbers.passkeys;
    *recovery = numbers.recovery;
    return rc;
}

/* ---- challenges ---- */

struct challenge_row {
    struct str challenge;
};
static const struct field challenge_fields[] = {
    FIELD(struct challenge_row, challenge, OPTIONAL),
};

static const enum kind   give_params[] = { KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT,
                                           KIND_INT };
static const struct stmt challenge_put = {
    .name = "factor_challenge_put",
    .sql = "INSERT INTO challenges (county, session, purpose, challenge, until_ms)"
           " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (county, session) DO UPDATE"
           " SET purpose = excluded.purpose, challenge = excluded.challenge,"
           " until_ms = excluded.until_ms",
    .params = give_params,
    .nparams = COUNT(give_params),
};

static const enum kind   take_params[] = { KIND_INT, KIND_INT, KIND_TEXT, KIND_INT };
static const struct stmt challenge_taken = {
    .name = "factor_challenge_take",
    .sql = "DELETE FROM challenges WHERE county = $1 AND session = $2 AND purpose = $3"
           " AND until_ms > $4 RETURNING challenge",
    .params = take_params,
    .nparams = COUNT(take_params),
    DB_ROW(challenge_fields),
};

static const struct stmt challenge_sweep = {
    .name = "factor_challenge_sweep",
    .sql = "DELETE FROM challenges WHERE county = $1 AND until_ms <= $2",
    .params = two_numbers,
    .nparams = COUNT(two_numbers),
};

enum rc challenge_row_put(struct op *op, int64_t session, struct str purpose,
                          struct str challenge, int64_t until_ms)
{
    return db_run(op->db, &challenge_put,
                  DB_VALUES(DB_INT(op->county), DB_INT(session), DB_TEXT(purpose),
                            DB_TEXT(challenge), DB_INT(until_ms)),
                  NULL);
}

enum rc challenge_row_take(struct op *op, int64_t session, struct str purpose,
                           struct str *challenge)
{
    struct challenge_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &challenge_taken,
                        DB_VALUES(DB_INT(op->county), DB_INT(session), DB_TEXT(purpose),
                                  DB_INT(op->now_ms)),
                        &row);
    *challenge = row.challenge;
    return rc;
}

enum rc challenge_rows_sweep(struct op *op)
{
    return db_run(op->db, &challenge_sweep,
                  DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms)), NULL);
}

/* ---- policies ---- */

static const enum kind   policy_find_params[] = { KIND_INT, KIND_TEXT };
static const struct stmt policy_find = {
    .name = "policy_find",
    .sql = "SELECT kind, chars, classes, days, factor FROM policies"
           " WHERE county = $1 AND kind = $2",
    .params = policy_find_params,
    .nparams = COUNT(policy_find_params),
    .row = policy_fields,
    .nrow = POLICY_COLUMNS,
};

static const enum kind   policy_put_params[] = { KIND_INT, KIND_TEXT, KIND_INT,
                                                 KIND_INT, KIND_INT,  KIND_TEXT };
static const struct stmt policy_put = {
    .name = "policy_put",
    .sql = "INSERT INTO policies (county, kind, chars, classes, days, factor)"
           " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (county, kind) DO UPDATE"
           " SET chars = excluded.chars, classes = excluded.classes,"
           " days = excluded.days, factor = excluded.factor",
    .params = policy_put_params,
    .nparams = COUNT(policy_put_params),
};

enum rc policy_row_find(struct op *op, struct str kind, struct policy *policy)
{
    return db_one(op->db, op->arena, &policy_find,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(kind)), policy);
}

enum rc policy_row_put(struct op *op, const struct policy *policy)
{
    return db_run(op->db, &policy_put,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(policy->kind),
                            DB_INT(policy->chars), DB_INT(policy->classes),
                            DB_INT(policy->days), DB_TEXT(policy->factor)),
                  NULL);
}

static const struct stmt *const statements[] = {
    &totp_find,      &totp_pending,    &totp_confirmed,
    &totp_stepped,   &totp_ended,      &passkey_insert,
    &passkey_find,   &passkey_of,      &passkey_used,
    &passkey_ended,  &passkeys_ended,  &recovery_insert,
    &recovery_taken, &recovery_ended,  &numbers_of,
    &challenge_put,  &challenge_taken, &challenge_sweep,
    &policy_find,    &policy_put,      NULL,
};
const struct stmts factor_stmts = { .all = statements };
