#include "db/db.h"
#include "engine/photo/copy.h"

#define F(member) FIELD(struct photo_copy, member, OPTIONAL)
static const struct field fields[] = { F(county), F(id),    F(photo), F(owner),
                                       F(key),    F(marks), F(state) };
enum { OF_OWNER_MAX = PHOTOS_PUBLIC_MAX * 4 };

static const struct stmt insert = {
    .name = "copy_insert",
    .sql = "INSERT INTO photo_copies (:names) VALUES (:values)",
    DB_RECORD(fields),
};
static const struct stmt by_id = {
    .name = "copy_by_id",
    .sql = "SELECT :names FROM photo_copies WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt of_owner = {
    .name = "copy_of_owner",
    .sql = "SELECT :names FROM photo_copies WHERE county = $1 AND owner = $2"
           " AND state <> 'gone' ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt set_made = {
    .name = "copy_set_made",
    .sql = "UPDATE photo_copies SET state = $3 WHERE county = $1 AND id = $2"
           " AND state = 'new'",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
static const struct stmt set_gone = {
    .name = "copy_set_gone",
    .sql =
        "UPDATE photo_copies SET state = 'gone', marks = '' WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt delete_gone = {
    .name = "copy_delete_gone",
    .sql = "DELETE FROM photo_copies WHERE county = $1 AND id = $2 AND state = 'gone'",
    DB_PARAMS(KIND_INT, KIND_INT),
};
/* Across counties, for the worker: partial indexes of what waits. */
static const struct stmt list_new = {
    .name = "copy_list_new",
    .sql = "SELECT :names FROM photo_copies WHERE state = 'new' ORDER BY id LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(fields),
};
static const struct stmt list_gone = {
    .name = "copy_list_gone",
    .sql = "SELECT :names FROM photo_copies WHERE state = 'gone' ORDER BY id LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(fields),
};
static const struct stmt list_after = {
    .name = "copy_list_after",
    .sql = "SELECT :names FROM photo_copies WHERE (county, id) > ($1, $2)"
           " ORDER BY county, id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};

const struct stmts copy_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &of_owner, &set_made, &set_gone,
                                         &delete_gone, &list_new, &list_gone, &list_after,
                                         NULL },
};

enum rc copy_insert(struct op *op, const struct photo_copy *copy)
{
    return db_put(op->db, &insert, copy, NULL);
}

enum rc copy_select(struct op *op, int64_t id, struct photo_copy *copy)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(op->county), DB_INT(id)),
                  copy);
}

enum rc copy_of_owner(struct op *op, int64_t owner, struct list *copies)
{
    return db_all(op->db, op->arena, &of_owner,
                  DB_VALUES(DB_INT(id_county(owner)), DB_INT(owner), DB_INT(OF_OWNER_MAX)),
                  sizeof(struct photo_copy), OF_OWNER_MAX, copies);
}

enum rc copy_set_made(struct op *op, int64_t id, bool ready)
{
    int64_t touched = 0;

    enum rc rc = db_run(op->db, &set_made,
                        DB_VALUES(DB_INT(op->county), DB_INT(id),
                                  DB_TEXT(ready ? STR("ready") : STR("failed"))),
                        &touched);
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc copy_set_gone(struct op *op, int64_t id)
{
    return db_run(op->db, &set_gone, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
}

enum rc copy_delete_gone(struct op *op, int64_t id)
{
    return db_run(op->db, &delete_gone, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
}

static enum rc list(struct op *op, const struct stmt *stmt, size_t most,
                    struct list *copies)
{
    return db_all(op->db, op->arena, stmt, DB_VALUES(DB_INT((int64_t)most)),
                  sizeof(struct photo_copy), most, copies);
}

enum rc copy_list_new(struct op *op, size_t most, struct list *copies)
{
    return list(op, &list_new, most, copies);
}

enum rc copy_list_gone(struct op *op, size_t most, struct list *copies)
{
    return list(op, &list_gone, most, copies);
}

enum rc copy_list_after(struct op *op, int64_t county, int64_t id, size_t most,
                        struct list *copies)
{
    return db_all(op->db, op->arena, &list_after,
                  DB_VALUES(DB_INT(county), DB_INT(id), DB_INT((int64_t)most)),
                  sizeof(struct photo_copy), most, copies);
}
