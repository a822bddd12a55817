#include "engine/export/export_store.h"

#include "base/area.h"
#include "db/db.h"
#include "engine/export/export.h"
#include "guard/actor.h"

#define R(member) FIELD(struct request, member, OPTIONAL)
static const struct field request_fields[] = {
    R(county),
    R(id),
    R(kind),
    R(area),
    R(person),
    R(args),
    R(format),
    FIELD_BYTES(struct request, purpose, OPTIONAL),
    R(nrows),
    R(asked_by),
    R(state),
    FIELD_ID(struct request, decided_by, OPTIONAL),
    FIELD_TIME(struct request, decided_ms, OPTIONAL),
    FIELD_TIME(struct request, until_ms, OPTIONAL),
    R(fetched),
};

static const struct stmt insert = {
    .name = "request_insert",
    .sql = "INSERT INTO requests (:names) VALUES (:values)",
    DB_RECORD(request_fields),
};
static const struct stmt by_id = {
    .name = "request_by_id",
    .sql = "SELECT :names FROM requests WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(request_fields),
};
static const struct stmt decide = {
    .name = "request_decide",
    .sql = "UPDATE requests SET state = $4, decided_by = $5, decided_ms = $6"
           " WHERE county = $1 AND id = $2 AND state = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_ID, KIND_TIME),
};
static const struct stmt made = {
    .name = "request_made",
    .sql = "UPDATE requests SET state = 'ready', nrows = $3, until_ms = $4"
           " WHERE county = $1 AND id = $2 AND state = 'agreed'",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TIME),
};
static const struct stmt expired = {
    .name = "request_expired",
    .sql = "UPDATE requests SET state = 'gone' WHERE county = $1 AND id = $2"
           " AND state = 'ready' AND until_ms <= $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TIME),
};
static const struct stmt fetched = {
    .name = "request_fetched",
    .sql = "UPDATE requests SET fetched = fetched + 1 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt mine = {
    .name = "request_mine",
    .sql = "SELECT :names FROM requests WHERE county = $1 AND asked_by = $2 AND id < $3"
           " ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(request_fields),
};
static const struct stmt waiting = {
    .name = "request_waiting",
    .sql = "SELECT :names FROM requests WHERE county = $1 AND state = 'waiting'"
           " AND area >= $2 AND area < $3 ORDER BY area, id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_ROW(request_fields),
};
static const struct stmt work = {
    .name = "request_work",
    .sql = "SELECT :names FROM requests WHERE state IN ('agreed', 'ready') AND id > $1"
           " ORDER BY id LIMIT $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(request_fields),
};
static const struct stmt people = {
    .name = "export_people",
    .sql = "SELECT id FROM people WHERE county = $1 AND grid >= $2 AND grid < $3"
           " AND birth >= $4 AND birth <= $5 AND shielded = 0 AND decoy = 0 LIMIT $6",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_NUMBER_ROW,
};

const struct stmts export_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &decide, &made, &expired,
                                         &fetched, &mine, &waiting, &work, &people, NULL },
};

static enum rc one_touched(enum rc rc, int64_t touched)
{
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc request_insert(struct op *op, const struct request *request)
{
    return db_put(op->db, &insert, request, NULL);
}

enum rc request_select(struct op *op, int64_t id, struct request *request)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(op->county), DB_INT(id)),
                  request);
}

enum rc request_decide(struct op *op, int64_t id, struct str from, struct str to)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &decide,
               DB_VALUES(DB_INT(op->county), DB_INT(id), DB_TEXT(from), DB_TEXT(to),
                         DB_ID(op->actor->account), DB_TIME(op->now_ms)),
               &touched);
    return one_touched(rc, touched);
}

enum rc request_made(struct op *op, int64_t id, int64_t nrows, int64_t until_ms)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &made,
               DB_VALUES(DB_INT(op->county), DB_INT(id), DB_INT(nrows), DB_TIME(until_ms)),
               &touched);
    return one_touched(rc, touched);
}

enum rc request_expired(struct op *op, int64_t id)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &expired,
               DB_VALUES(DB_INT(op->county), DB_INT(id), DB_TIME(op->now_ms)), &touched);
    return one_touched(rc, touched);
}

enum rc request_fetched(struct op *op, int64_t id)
{
    return db_run(op->db, &fetched, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
}

enum rc request_select_mine(struct op *op, int64_t account, int64_t before, size_t most,
                            struct list *requests)
{
    return db_all(op->db, op->arena, &mine,
                  DB_VALUES(DB_INT(op->county), DB_INT(account),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct request), most, requests);
}

enum rc request_select_waiting(struct op *op, struct str area, size_t most,
                               struct list *requests)
{
    struct str past = area_past(op->arena, area);

    return db_all(
        op->db, op->arena, &waiting,
        DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_TEXT(past), DB_INT((int64_t)most)),
        sizeof(struct request), most, requests);
}

enum rc request_select_work(struct op *op, int64_t after, size_t most,
                            struct list *requests)
{
    return db_all(op->db, op->arena, &work, DB_VALUES(DB_INT(after), DB_INT((int64_t)most)),
                  sizeof(struct request), most, requests);
}

enum rc people_select_ids(struct op *op, struct str area, struct str born_from,
                          struct str born_until, size_t most, struct list *ids)
{
    struct str past = area_past(op->arena, area);

    return db_all(op->db, op->arena, &people,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_TEXT(past),
                            DB_TEXT(born_from), DB_TEXT(born_until), DB_INT((int64_t)most)),
                  sizeof(int64_t), most, ids);
}
