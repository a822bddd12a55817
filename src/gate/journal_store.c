#include "gate/journal_store.h"

#include "gate/refusals.h"

#define LINE_FIELDS                                                                        \
    FIELD(struct journal_row, county, OPTIONAL), FIELD(struct journal_row, seq, OPTIONAL), \
        FIELD(struct journal_row, at_ms, OPTIONAL),                                        \
        FIELD(struct journal_row, act, OPTIONAL),                                          \
        FIELD(struct journal_row, actor, OPTIONAL),                                        \
        FIELD(struct journal_row, subject, OPTIONAL),                                      \
        FIELD(struct journal_row, before, OPTIONAL),                                       \
        FIELD(struct journal_row, after, OPTIONAL),                                        \
        FIELD_BYTES(struct journal_row, payload_hash, OPTIONAL),                           \
        FIELD_BYTES(struct journal_row, hash, OPTIONAL)
#define SEALED_FIELDS                                                                      \
    FIELD(struct journal_row, person, OPTIONAL),                                           \
        FIELD_BYTES(struct journal_row, sealed, OPTIONAL)

static const struct field line_fields[] = { LINE_FIELDS };
static const struct field whole_fields[] = { LINE_FIELDS, SEALED_FIELDS };
static const struct field payload_fields[] = {
    FIELD(struct journal_row, county, OPTIONAL),
    FIELD(struct journal_row, seq, OPTIONAL),
    SEALED_FIELDS,
};
static const struct field head_fields[] = {
    FIELD(struct head_row, seq, OPTIONAL),
    FIELD_BYTES(struct head_row, hash, OPTIONAL),
};
static const struct field asked_fields[] = {
    FIELD_BYTES(struct asked_row, body, OPTIONAL),
    FIELD(struct asked_row, status, OPTIONAL),
    FIELD(struct asked_row, version, OPTIONAL),
    FIELD(struct asked_row, person, OPTIONAL),
    FIELD_BYTES(struct asked_row, answer, OPTIONAL),
    FIELD(struct asked_row, at_ms, OPTIONAL),
};

struct text_row {
    struct str text;
};
static const struct field text_fields[] = { FIELD(struct text_row, text, OPTIONAL) };

static const struct stmt insert_line = {
    .name = "journal_insert_line",
    .sql = "INSERT INTO journal (:names) VALUES (:values)",
    DB_RECORD(line_fields),
};
static const struct stmt insert_payload = {
    .name = "journal_insert_payload",
    .sql = "INSERT INTO journal_payloads (:names) VALUES (:values)",
    DB_RECORD(payload_fields),
};

#define LINE_SELECT                                                                        \
    "SELECT j.county, j.seq, j.at_ms, j.act, j.actor, j.subject, j.before, j.after,"       \
    " j.payload_hash, j.hash, p.person, p.sealed FROM journal j"                           \
    " LEFT JOIN journal_payloads p ON p.county = j.county AND p.seq = j.seq WHERE "        \
    "j.county = $1"

static const struct stmt rows_after = {
    .name = "journal_rows_after",
    .sql = LINE_SELECT " AND j.seq > $2 ORDER BY j.seq LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(whole_fields),
};
static const struct stmt rows_about = {
    .name = "journal_rows_about",
    .sql = LINE_SELECT " AND j.subject = $2 AND j.seq > $3 ORDER BY j.seq LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(whole_fields),
};
static const struct stmt last = {
    .name = "journal_last",
    .sql = "SELECT seq, hash FROM journal WHERE county = $1 ORDER BY seq DESC LIMIT 1",
    DB_PARAMS(KIND_INT),
    DB_ROW(head_fields),
};
static const struct stmt head_find = {
    .name = "journal_head_find",
    .sql = "SELECT seq, hash FROM heads WHERE county = $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(head_fields),
};
static const struct stmt head_put = {
    .name = "journal_head_put",
    .sql = "INSERT INTO heads (county, seq, hash) VALUES ($1, $2, $3)"
           " ON CONFLICT (county) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_BYTES),
};
/* From one county's first line to the next one's: a journal of millions is not read. */
static const struct stmt county_numbers = {
    .name = "journal_county_numbers",
    .sql =
        "WITH RECURSIVE found (county) AS (SELECT min(county) FROM journal UNION ALL"
        " SELECT (SELECT min(j.county) FROM journal j WHERE j.county > found.county)"
        " FROM found WHERE found.county IS NOT NULL)"
        " SELECT county AS number FROM found WHERE county IS NOT NULL"
        " UNION SELECT county FROM heads UNION SELECT county FROM leases ORDER BY number",
    DB_NUMBER_ROW,
};
static const struct stmt cursor_get = {
    .name = "journal_cursor_get",
    .sql = "SELECT seq AS number FROM cursors WHERE county = $1 AND follower = $2",
    DB_PARAMS(KIND_INT, KIND_TEXT),
    DB_NUMBER_ROW,
};
static const struct stmt cursor_put = {
    .name = "journal_cursor_put",
    .sql = "INSERT INTO cursors (county, follower, seq) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, follower) DO UPDATE SET seq = excluded.seq",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
};
static const struct stmt asked_get = {
    .name = "journal_asked_get",
    .sql = "SELECT :names FROM asked"
           " WHERE county = $1 AND account = $2 AND act = $3 AND key = $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(asked_fields),
};
/* Over an earlier one only when that has stopped counting (gate.h, key_ms). */
static const struct stmt asked_put = {
    .name = "journal_asked_put",
    .sql =
        "INSERT INTO asked (county, account, act, key, body, status, version, person,"
        " answer, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (county, account, act, key) DO UPDATE SET body = excluded.body,"
        " status = excluded.status, version = excluded.version, person = excluded.person,"
        " answer = excluded.answer, at_ms = excluded.at_ms",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_BYTES, KIND_INT, KIND_INT,
              KIND_INT, KIND_BYTES, KIND_INT),
};
static const struct stmt asked_drop_account = {
    .name = "journal_asked_drop_account",
    .sql = "DELETE FROM asked WHERE county = $1 AND account = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
/* Oldest first, so many at a time. */
static const struct stmt asked_drop = {
    .name = "journal_asked_drop",
    .sql = "DELETE FROM asked WHERE (county, account, act, key) IN (SELECT county, "
           "account, act,"
           " key FROM asked WHERE county = $1 AND at_ms < $2 ORDER BY at_ms LIMIT $3)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt refusal_put = {
    .name = "journal_refusal_put",
    .sql = "INSERT INTO refusals (county, minute, account, act, word, address, times)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7)"
           " ON CONFLICT (county, minute, account, act, word, address)"
           " DO UPDATE SET times = refusals.times + excluded.times",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT),
};
static const struct stmt installation_get = {
    .name = "installation_get",
    .sql = "SELECT value AS text FROM installation WHERE name = $1",
    DB_PARAMS(KIND_TEXT),
    DB_ROW(text_fields),
};
static const struct stmt installation_put = {
    .name = "installation_put",
    .sql = "INSERT INTO installation (name, value) VALUES ($1, $2)"
           " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    DB_PARAMS(KIND_TEXT, KIND_TEXT),
};

const struct stmts gate_stmts = {
    .all = (const struct stmt *const[]){ &insert_line, &insert_payload, &rows_after,
                                         &rows_about, &last, &head_find, &head_put,
                                         &county_numbers, &cursor_get, &cursor_put,
                                         &asked_get, &asked_put, &asked_drop,
                                         &asked_drop_account, &refusal_put,
                                         &installation_get, &installation_put, NULL },
};

enum rc journal_insert(struct op *op, const struct journal_row *row)
{
    enum rc rc = db_put(op->db, &insert_line, row, NULL);
    if (rc != RC_OK)
        return rc;
    return db_put(op->db, &insert_payload, row, NULL);
}

enum rc journal_rows_after(struct op *op, int64_t county, int64_t seq, size_t most,
                           struct list *rows)
{
    return db_all(op->db, op->arena, &rows_after,
                  DB_VALUES(DB_INT(county), DB_INT(seq), DB_INT((int64_t)most)),
                  sizeof(struct journal_row), most, rows);
}

enum rc journal_rows_about(struct op *op, int64_t county, int64_t subject, int64_t seq,
                           size_t most, struct list *rows)
{
    return db_all(
        op->db, op->arena, &rows_about,
        DB_VALUES(DB_INT(county), DB_INT(subject), DB_INT(seq), DB_INT((int64_t)most)),
        sizeof(struct journal_row), most, rows);
}

static enum rc head_or_none(enum rc rc, struct head_row *head)
{
    if (rc == RC_NOT_FOUND) {
        *head = (struct head_row){ 0 };
        return RC_OK;
    }
    return rc;
}

enum rc journal_last(struct op *op, int64_t county, struct head_row *head)
{
    return head_or_none(db_one(op->db, op->arena, &last, DB_VALUES(DB_INT(county)), head),
                        head);
}

enum rc journal_head(struct op *op, int64_t county, struct head_row *head)
{
    return head_or_none(
        db_one(op->db, op->arena, &head_find, DB_VALUES(DB_INT(county)), head), head);
}

enum rc journal_head_set(struct op *op, int64_t county, const struct head_row *head)
{
    return db_run(op->db, &head_put,
                  DB_VALUES(DB_INT(county), DB_INT(head->seq), DB_BYTES(head->hash)), NULL);
}

enum rc journal_county_numbers(struct op *op, struct list *counties)
{
    return db_all(op->db, op->arena, &county_numbers, DB_NONE, sizeof(int64_t),
                  COUNTY_MAX + 1, counties);
}

enum rc cursor_find(struct op *op, int64_t county, struct str follower, int64_t *seq)
{
    enum rc rc = db_number(op->db, op->arena, &cursor_get,
                           DB_VALUES(DB_INT(county), DB_TEXT(follower)), seq);

    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cursor_set(struct op *op, int64_t county, struct str follower, int64_t seq)
{
    return db_run(op->db, &cursor_put,
                  DB_VALUES(DB_INT(county), DB_TEXT(follower), DB_INT(seq)), NULL);
}

enum rc asked_find(struct op *op, int64_t account, struct str act, struct str key,
                   struct asked_row *row)
{
    return db_one(
        op->db, op->arena, &asked_get,
        DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(act), DB_TEXT(key)), row);
}

enum rc asked_keep(struct op *op, int64_t account, struct str act, struct str key,
                   const struct asked_row *row)
{
    return db_run(op->db, &asked_put,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(act), DB_TEXT(key),
                            DB_BYTES(row->body), DB_INT(row->status), DB_INT(row->version),
                            DB_INT(row->person), DB_BYTES(row->answer), DB_INT(op->now_ms)),
                  NULL);
}

enum rc asked_forget(struct op *op)
{
    return db_run(op->db, &asked_drop,
                  DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms - ASKED_KEPT_MS),
                            DB_INT(ASKED_AT_ONCE)),
                  NULL);
}

enum rc asked_forget_account(struct op *op, int64_t account)
{
    return db_run(op->db, &asked_drop_account,
                  DB_VALUES(DB_INT(op->county), DB_INT(account)), NULL);
}

enum rc refusal_count(struct op *op, const struct refusal *refusal)
{
    return db_run(op->db, &refusal_put,
                  DB_VALUES(DB_INT(op->county), DB_INT(refusal->minute),
                            DB_INT(refusal->account), DB_TEXT(refusal->act),
                            DB_TEXT(refusal->word), DB_TEXT(refusal->address),
                            DB_INT(refusal->times)),
                  NULL);
}

enum rc installation_find(struct op *op, struct str name, struct str *value)
{
    struct text_row row = { 0 };

    enum rc rc =
        db_one(op->db, op->arena, &installation_get, DB_VALUES(DB_TEXT(name)), &row);
    *value = row.text;
    return rc;
}

enum rc installation_set(struct op *op, struct str name, struct str value)
{
    return db_run(op->db, &installation_put, DB_VALUES(DB_TEXT(name), DB_TEXT(value)),
                  NULL);
}
