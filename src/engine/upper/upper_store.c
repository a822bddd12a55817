#include "engine/upper/upper_store.h"

#include "db/db.h"

static const struct field key_fields[] = {
    FIELD(struct upper_key, county, OPTIONAL),
    FIELD(struct upper_key, id, OPTIONAL),
    FIELD(struct upper_key, account, OPTIONAL),
    FIELD(struct upper_key, made_ms, OPTIONAL),
    FIELD(struct upper_key, made_by, OPTIONAL),
    FIELD_TIME(struct upper_key, until_ms, OPTIONAL),
    FIELD_BYTES(struct upper_key, secret, OPTIONAL),
};
static const struct field link_fields[] = {
    FIELD(struct upper_link, county, OPTIONAL),
    FIELD(struct upper_link, case_id, OPTIONAL),
    FIELD(struct upper_link, account, OPTIONAL),
    FIELD(struct upper_link, way, OPTIONAL),
    FIELD(struct upper_link, theirs, OPTIONAL),
    FIELD(struct upper_link, open, OPTIONAL),
    FIELD(struct upper_link, sent_seq, OPTIONAL),
    FIELD(struct upper_link, heard_seq, OPTIONAL),
};
static const struct field message_fields[] = {
    FIELD(struct upper_message, county, OPTIONAL),
    FIELD(struct upper_message, id, OPTIONAL),
    FIELD(struct upper_message, case_id, OPTIONAL),
    FIELD(struct upper_message, number, OPTIONAL),
    FIELD(struct upper_message, seq, OPTIONAL),
    FIELD(struct upper_message, kind, OPTIONAL),
    FIELD(struct upper_message, body, OPTIONAL),
    FIELD(struct upper_message, photos, OPTIONAL),
    FIELD(struct upper_message, state, OPTIONAL),
    FIELD(struct upper_message, made_ms, OPTIONAL),
    FIELD(struct upper_message, since_ms, OPTIONAL),
    FIELD(struct upper_message, next_ms, OPTIONAL),
    FIELD(struct upper_message, tries, OPTIONAL),
    FIELD(struct upper_message, why, OPTIONAL),
    FIELD_TIME(struct upper_message, ended_ms, OPTIONAL),
};
static const struct field due_fields[] = {
    FIELD(struct upper_due, next_ms, OPTIONAL),
    FIELD(struct upper_due, id, OPTIONAL),
};
static const struct field heard_fields[] = {
    FIELD(struct upper_heard, county, OPTIONAL),
    FIELD(struct upper_heard, account, OPTIONAL),
    FIELD(struct upper_heard, message, OPTIONAL),
    FIELD_BYTES(struct upper_heard, digest, OPTIONAL),
    FIELD(struct upper_heard, case_id, OPTIONAL),
    FIELD(struct upper_heard, answer, OPTIONAL),
    FIELD(struct upper_heard, at_ms, OPTIONAL),
};
struct counted {
    int64_t n, oldest_ms;
};
static const struct field counted_fields[] = {
    FIELD(struct counted, n, OPTIONAL),
    FIELD(struct counted, oldest_ms, OPTIONAL),
};

#define COUNTED_NAMES                                                                      \
    "count(*) AS n, CAST(coalesce(min(since_ms), 0) AS BIGINT) AS oldest_ms"

static const struct stmt key_insert = {
    .name = "upper_key_insert",
    .sql = "INSERT INTO upper_keys (:names) VALUES (:values)",
    DB_RECORD(key_fields),
};
static const struct stmt key_find = {
    .name = "upper_key_find",
    .sql = "SELECT :names FROM upper_keys WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(key_fields),
};
static const struct stmt key_select = {
    .name = "upper_key_select",
    .sql = "SELECT :names FROM upper_keys WHERE county = $1 AND account = $2"
           " ORDER BY id DESC LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(key_fields),
};
static const struct stmt key_until = {
    .name = "upper_key_until",
    .sql = "UPDATE upper_keys SET until_ms = $3 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TIME),
};

static const struct stmt link_put = {
    .name = "upper_link_put",
    .sql = "INSERT INTO upper_links (:names) VALUES (:values)"
           " ON CONFLICT (county, case_id) DO UPDATE SET account = excluded.account, "
           "theirs = excluded.theirs, open = excluded.open, sent_seq = excluded.sent_seq, "
           "heard_seq = excluded.heard_seq",
    DB_RECORD(link_fields),
};
static const struct stmt link_find = {
    .name = "upper_link_find",
    .sql = "SELECT :names FROM upper_links WHERE county = $1 AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(link_fields),
};
static const struct stmt link_theirs = {
    .name = "upper_link_theirs",
    .sql = "SELECT :names FROM upper_links WHERE county = $1 AND account = $2"
           " AND way = 'in' AND theirs = $3 LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
    DB_ROW(link_fields),
};

static const struct stmt message_insert = {
    .name = "upper_message_insert",
    .sql = "INSERT INTO upper_outbox (:names) VALUES (:values)",
    DB_RECORD(message_fields),
};
static const struct stmt message_find = {
    .name = "upper_message_find",
    .sql = "SELECT :names FROM upper_outbox WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(message_fields),
};
static const struct stmt message_update = {
    .name = "upper_message_update",
    .sql = "UPDATE upper_outbox SET state = $3, since_ms = $4, next_ms = $5, tries = $6,"
           " why = $7, ended_ms = $8 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT,
              KIND_TIME),
};
static const struct stmt message_open = {
    .name = "upper_message_open",
    .sql = "SELECT count(*) AS n FROM upper_outbox WHERE county = $1 AND case_id = $2"
           " AND state IN ('queued', 'waiting', 'stuck')",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt message_turn = {
    .name = "upper_message_turn",
    .sql = "UPDATE upper_outbox SET state = 'waiting', since_ms = $3, next_ms = $3"
           " WHERE county = $1 AND case_id = $2 AND state = 'queued' AND seq ="
           " (SELECT min(seq) FROM upper_outbox WHERE county = $1 AND case_id = $2"
           " AND state = 'queued')",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt message_drop = {
    .name = "upper_message_drop",
    .sql = "UPDATE upper_outbox SET state = 'dropped', why = $3, ended_ms = $4"
           " WHERE county = $1 AND case_id = $2"
           " AND state IN ('queued', 'waiting', 'stuck')",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TIME),
};
static const struct stmt message_blank = {
    .name = "upper_message_blank",
    .sql = "UPDATE upper_outbox SET body = '', photos = '' WHERE county = $1"
           " AND case_id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt message_due = {
    .name = "upper_message_due",
    .sql = "SELECT next_ms, id FROM upper_outbox WHERE state = 'waiting' AND next_ms <= $1"
           " AND (next_ms, id) > ($2, $3) ORDER BY next_ms, id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(due_fields),
};
static const struct stmt message_page = {
    .name = "upper_message_page",
    .sql = "SELECT :names FROM upper_outbox WHERE county = $1 AND state = $2"
           " AND id < $3 ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(message_fields),
};
static const struct stmt message_count = {
    .name = "upper_message_count",
    .sql = "SELECT " COUNTED_NAMES " FROM upper_outbox WHERE county = $1 AND state = $2",
    DB_PARAMS(KIND_INT, KIND_TEXT),
    DB_ROW(counted_fields),
};
static const struct stmt message_count_all = {
    .name = "upper_message_count_all",
    .sql = "SELECT " COUNTED_NAMES " FROM upper_outbox WHERE state = $1",
    DB_PARAMS(KIND_TEXT),
    DB_ROW(counted_fields),
};

static const struct stmt heard_insert = {
    .name = "upper_heard_insert",
    .sql = "INSERT INTO upper_heard (:names) VALUES (:values)",
    DB_RECORD(heard_fields),
};
static const struct stmt heard_find = {
    .name = "upper_heard_find",
    .sql = "SELECT :names FROM upper_heard WHERE county = $1 AND account = $2"
           " AND message = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
    DB_ROW(heard_fields),
};
static const struct stmt heard_newest = {
    .name = "upper_heard_newest",
    .sql =
        "SELECT at_ms AS n FROM upper_heard WHERE county = $1 ORDER BY at_ms DESC LIMIT 1",
    DB_PARAMS(KIND_INT),
    DB_NUMBER_ROW,
};

const struct stmts upper_stmts = {
    .all = (const struct stmt *const[]){ &key_insert,    &key_find,
                                         &key_select,    &key_until,
                                         &link_put,      &link_find,
                                         &link_theirs,   &message_insert,
                                         &message_find,  &message_update,
                                         &message_open,  &message_turn,
                                         &message_drop,  &message_blank,
                                         &message_due,   &message_page,
                                         &message_count, &message_count_all,
                                         &heard_insert,  &heard_find,
                                         &heard_newest,  NULL },
};

/* ------------------------------------------------------------------ keys */

enum rc upper_key_insert(struct op *op, const struct upper_key *key)
{
    return db_put(op->db, &key_insert, key, NULL);
}

enum rc upper_key_find(struct op *op, int64_t id, struct upper_key *key)
{
    return db_one(op->db, op->arena, &key_find, DB_VALUES(DB_INT(op->county), DB_INT(id)),
                  key);
}

enum rc upper_key_select(struct op *op, int64_t account, size_t most, struct list *keys)
{
    return db_all(op->db, op->arena, &key_select,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT((int64_t)most)),
                  sizeof(struct upper_key), most, keys);
}

enum rc upper_key_until(struct op *op, int64_t id, int64_t until_ms)
{
    return db_run(op->db, &key_until,
                  DB_VALUES(DB_INT(op->county), DB_INT(id), DB_TIME(until_ms)), NULL);
}

/* ----------------------------------------------------------------- links */

enum rc upper_link_put(struct op *op, const struct upper_link *link)
{
    return db_put(op->db, &link_put, link, NULL);
}

enum rc upper_link_find(struct op *op, int64_t case_id, struct upper_link *link)
{
    return db_one(op->db, op->arena, &link_find,
                  DB_VALUES(DB_INT(op->county), DB_INT(case_id)), link);
}

enum rc upper_link_theirs(struct op *op, int64_t account, struct str theirs,
                          struct upper_link *link)
{
    return db_one(op->db, op->arena, &link_theirs,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(theirs)), link);
}

/* -------------------------------------------------------------- messages */

enum rc upper_message_insert(struct op *op, const struct upper_message *message)
{
    return db_put(op->db, &message_insert, message, NULL);
}

enum rc upper_message_find(struct op *op, int64_t id, struct upper_message *message)
{
    return db_one(op->db, op->arena, &message_find,
                  DB_VALUES(DB_INT(op->county), DB_INT(id)), message);
}

enum rc upper_message_update(struct op *op, const struct upper_message *message)
{
    return db_run(op->db, &message_update,
                  DB_VALUES(DB_INT(op->county), DB_INT(message->id),
                            DB_TEXT(message->state), DB_INT(message->since_ms),
                            DB_INT(message->next_ms), DB_INT(message->tries),
                            DB_TEXT(message->why), DB_TIME(message->ended_ms)),
                  NULL);
}

enum rc upper_message_open(struct op *op, int64_t case_id, int64_t *n)
{
    return db_number(op->db, op->arena, &message_open,
                     DB_VALUES(DB_INT(op->county), DB_INT(case_id)), n);
}

enum rc upper_message_turn(struct op *op, int64_t case_id)
{
    return db_run(op->db, &message_turn,
                  DB_VALUES(DB_INT(op->county), DB_INT(case_id), DB_INT(op->now_ms)), NULL);
}

enum rc upper_message_drop(struct op *op, int64_t case_id, struct str why)
{
    return db_run(
        op->db, &message_drop,
        DB_VALUES(DB_INT(op->county), DB_INT(case_id), DB_TEXT(why), DB_TIME(op->now_ms)),
        NULL);
}

enum rc upper_message_blank(struct op *op, int64_t case_id)
{
    return db_run(op->db, &message_blank, DB_VALUES(DB_INT(op->county), DB_INT(case_id)),
                  NULL);
}

enum rc upper_message_due(struct op *op, struct upper_due after, size_t most,
                          struct list *found)
{
    return db_all(op->db, op->arena, &message_due,
                  DB_VALUES(DB_INT(op->now_ms), DB_INT(after.next_ms), DB_INT(after.id),
                            DB_INT((int64_t)most)),
                  sizeof(struct upper_due), most, found);
}

enum rc upper_message_page(struct op *op, struct str state, int64_t before, size_t most,
                           struct list *found)
{
    return db_all(op->db, op->arena, &message_page,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(state),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct upper_message), most, found);
}

static enum rc told(enum rc rc, struct counted counted, int64_t *n, int64_t *oldest_ms)
{
    *n = counted.n;
    *oldest_ms = counted.oldest_ms;
    return rc;
}

enum rc upper_message_count(struct op *op, struct str state, int64_t *n, int64_t *oldest_ms)
{
    struct counted counted = { 0 };

    enum rc rc = db_one(op->db, op->arena, &message_count,
                        DB_VALUES(DB_INT(op->county), DB_TEXT(state)), &counted);
    return told(rc, counted, n, oldest_ms);
}

enum rc upper_message_count_all(struct op *op, struct str state, int64_t *n,
                                int64_t *oldest_ms)
{
    struct counted counted = { 0 };

    enum rc rc =
        db_one(op->db, op->arena, &message_count_all, DB_VALUES(DB_TEXT(state)), &counted);
    return told(rc, counted, n, oldest_ms);
}

/* ----------------------------------------------------------------- heard */

enum rc upper_heard_insert(struct op *op, const struct upper_heard *heard)
{
    return db_put(op->db, &heard_insert, heard, NULL);
}

enum rc upper_heard_find(struct op *op, int64_t account, struct str message,
                         struct upper_heard *heard)
{
    return db_one(op->db, op->arena, &heard_find,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(message)), heard);
}

enum rc upper_heard_newest(struct op *op, int64_t *at_ms)
{
    enum rc rc =
        db_number(op->db, op->arena, &heard_newest, DB_VALUES(DB_INT(op->county)), at_ms);

    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
