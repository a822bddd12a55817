#include "engine/notify/notify_store.h"

#include "db/db.h"

enum { UNREAD_COUNTED_MAX = 100 };

static const struct field message_fields[] = {
    FIELD(struct message, county, OPTIONAL), FIELD(struct message, account, OPTIONAL),
    FIELD(struct message, id, OPTIONAL),     FIELD(struct message, seq, OPTIONAL),
    FIELD(struct message, at, OPTIONAL),     FIELD(struct message, title, OPTIONAL),
    FIELD(struct message, says, OPTIONAL),   FIELD_ID(struct message, subject, OPTIONAL),
};

#define NAMES "county, account, id, seq, at_ms, title, says, subject"

static const struct stmt insert = {
    .name = "inbox_insert",
    .sql = "INSERT INTO inbox (" NAMES ") VALUES (:values)"
           " ON CONFLICT (county, seq, account) DO NOTHING",
    DB_RECORD(message_fields),
};
static const struct stmt page = {
    .name = "inbox_page",
    .sql = "SELECT " NAMES " FROM inbox WHERE county = $1 AND account = $2 AND id < $3"
           " ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(message_fields),
};
static const struct stmt until_get = {
    .name = "inbox_until_get",
    .sql = "SELECT until AS n FROM inbox_read WHERE county = $1 AND account = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt until_put = {
    .name = "inbox_until_put",
    .sql = "INSERT INTO inbox_read (county, account, until) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, account) DO UPDATE SET until = excluded.until"
           " WHERE inbox_read.until < excluded.until",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt unread = {
    .name = "inbox_unread",
    .sql =
        "SELECT count(*) AS n FROM (SELECT id FROM inbox WHERE county = $1 AND account = $2"
        " AND id > $3 LIMIT $4) AS newer",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};

static const struct stmt delete_all = {
    .name = "inbox_delete",
    .sql = "DELETE FROM inbox WHERE county = $1 AND account = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
/* By the lines that told of it: the inbox has no index by subject. */
static const struct stmt blank = {
    .name = "inbox_blank",
    .sql = "UPDATE inbox SET title = $3, says = $4 WHERE county = $1 AND subject = $2"
           " AND seq IN (SELECT seq FROM journal WHERE county = $1 AND subject = $2)",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_TEXT, KIND_TEXT),
};

const struct stmts notify_stmts = {
    .all = (const struct stmt *const[]){ &insert, &page, &until_get, &until_put, &unread,
                                         &delete_all, &blank, NULL },
};

enum rc message_insert(struct op *op, const struct message *message)
{
    return db_put(op->db, &insert, message, NULL);
}

enum rc message_select(struct op *op, int64_t account, int64_t before, size_t most,
                       struct list *messages)
{
    return db_all(op->db, op->arena, &page,
                  DB_VALUES(DB_INT(op->county), DB_INT(account),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct message), most, messages);
}

enum rc messages_delete(struct op *op, int64_t account)
{
    return db_run(op->db, &delete_all, DB_VALUES(DB_INT(op->county), DB_INT(account)),
                  NULL);
}

enum rc message_blank(struct op *op, int64_t subject, struct str title, struct str says)
{
    return db_run(
        op->db, &blank,
        DB_VALUES(DB_INT(op->county), DB_ID(subject), DB_TEXT(title), DB_TEXT(says)), NULL);
}

enum rc read_until_select(struct op *op, int64_t account, int64_t *until)
{
    enum rc rc = db_number(op->db, op->arena, &until_get,
                           DB_VALUES(DB_INT(op->county), DB_INT(account)), until);

    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc read_until_upsert(struct op *op, int64_t account, int64_t until)
{
    return db_run(op->db, &until_put,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(until)), NULL);
}

enum rc unread_count(struct op *op, int64_t account, int64_t until, int64_t *n)
{
    return db_number(op->db, op->arena, &unread,
                     DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(until),
                               DB_INT(UNREAD_COUNTED_MAX)),
                     n);
}
