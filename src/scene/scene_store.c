#include "scene/scene_store.h"

#include "db/db.h"
#include "scene/scene_acts.h"

static const struct field head_fields[] = {
    FIELD_ID(struct scene_head, id, OPTIONAL),
    FIELD(struct scene_head, name, OPTIONAL),
    FIELD(struct scene_head, version, OPTIONAL),
    FIELD(struct scene_head, title, OPTIONAL),
    FIELD_BYTES(struct scene_head, checksum, OPTIONAL),
    FIELD_TIME(struct scene_head, loaded, OPTIONAL),
    FIELD_ID(struct scene_head, loaded_by, OPTIONAL),
};
struct body_row {
    struct str body;
};
static const struct field body_fields[] = { FIELD(struct body_row, body, OPTIONAL) };

#define HEAD "SELECT id, name, version, title, checksum, loaded_ms, loaded_by FROM scenes "

static const struct stmt now = {
    .name = "scene_now",
    .sql = HEAD
    "WHERE county = $1 AND state = 'now' AND name = $2 ORDER BY version DESC LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_TEXT),
    DB_ROW(head_fields),
};
static const struct stmt at = {
    .name = "scene_at",
    .sql = HEAD "WHERE county = $1 AND name = $2 AND version = $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
    DB_ROW(head_fields),
};
static const struct stmt all = {
    .name = "scene_all",
    .sql = HEAD "WHERE county = $1 AND state = 'now' ORDER BY name LIMIT $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(head_fields),
};
static const struct stmt body_of = {
    .name = "scene_body",
    .sql = "SELECT body FROM scenes WHERE county = $1 AND name = $2 AND version = $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
    DB_ROW(body_fields),
};
static const struct stmt insert = {
    .name = "scene_insert",
    .sql = "INSERT INTO scenes (county, name, version, id, title, state, checksum, body,"
           " loaded_ms, loaded_by) VALUES ($1, $2, $3, $4, $5, 'now', $6, $7, $8, $9)",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_ID, KIND_TEXT, KIND_BYTES, KIND_TEXT,
              KIND_TIME, KIND_INT),
};
static const struct stmt past = {
    .name = "scene_past",
    .sql =
        "UPDATE scenes SET state = 'past' WHERE county = $1 AND state = 'now' AND name = $2"
        " AND version < $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
};

const struct stmts scene_stmts = {
    .all = (const struct stmt *const[]){ &now, &at, &all, &body_of, &insert, &past, NULL },
};

enum rc scene_select_now(struct op *op, struct str name, struct scene_head *head)
{
    return db_one(op->db, op->arena, &now, DB_VALUES(DB_INT(op->county), DB_TEXT(name)),
                  head);
}

enum rc scene_select_at(struct op *op, struct str name, int64_t version,
                        struct scene_head *head)
{
    return db_one(op->db, op->arena, &at,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(name), DB_INT(version)), head);
}

enum rc scene_select_all(struct op *op, size_t most, struct list *heads)
{
    return db_all(op->db, op->arena, &all,
                  DB_VALUES(DB_INT(op->county), DB_INT((int64_t)most)),
                  sizeof(struct scene_head), most, heads);
}

enum rc scene_select_body(struct op *op, struct str name, int64_t version, struct str *body)
{
    struct body_row row = { .body = STR_NONE };

    enum rc rc =
        db_one(op->db, op->arena, &body_of,
               DB_VALUES(DB_INT(op->county), DB_TEXT(name), DB_INT(version)), &row);
    *body = row.body;
    return rc;
}

enum rc scene_insert(struct op *op, const struct scene_head *head, struct str body)
{
    return db_run(op->db, &insert,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(head->name), DB_INT(head->version),
                            DB_ID(head->id), DB_TEXT(head->title), DB_BYTES(head->checksum),
                            DB_TEXT(body), DB_TIME(head->loaded), DB_INT(head->loaded_by)),
                  NULL);
}

enum rc scene_update_past(struct op *op, struct str name, int64_t version)
{
    int64_t touched;

    return db_run(op->db, &past,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(name), DB_INT(version)), &touched);
}
