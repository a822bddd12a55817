#include "engine/photo/photo_store.h"

#include "db/db.h"
#include "engine/photo/photo.h"

static const struct field photo_fields[] = {
    FIELD(struct photo, county, OPTIONAL),   FIELD_ID(struct photo, id, OPTIONAL),
    FIELD(struct photo, uploader, OPTIONAL), FIELD(struct photo, person, OPTIONAL),
    FIELD_ID(struct photo, owner, OPTIONAL), FIELD(struct photo, state, OPTIONAL),
    FIELD(struct photo, verdict, OPTIONAL),  FIELD(struct photo, arrived, OPTIONAL),
    FIELD(struct photo, bytes, OPTIONAL),    FIELD(struct photo, width, OPTIONAL),
    FIELD(struct photo, height, OPTIONAL),   FIELD_BYTES(struct photo, place, OPTIONAL),
};

static const struct stmt insert = {
    .name = "photo_insert",
    .sql = "INSERT INTO photos (:names) VALUES (:values)",
    DB_RECORD(photo_fields),
};
static const struct stmt by_id = {
    .name = "photo_by_id",
    .sql = "SELECT :names FROM photos WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_ID),
    DB_ROW(photo_fields),
};
static const struct stmt count_from = {
    .name = "photo_count_from",
    .sql = "SELECT count(*) FROM photos WHERE county = $1 AND uploader = $2 AND id >= $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_ID),
    DB_NUMBER_ROW,
};
static const struct stmt count_new = {
    .name = "photo_count_new",
    .sql = "SELECT count(*) FROM (SELECT id FROM photos WHERE state = 'new' LIMIT $1) AS "
           "waiting",
    DB_PARAMS(KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt set_owner = {
    .name = "photo_set_owner",
    .sql = "UPDATE photos SET owner = $4 WHERE county = $1 AND id = $2 AND uploader = $3"
           " AND state IN ('new', 'ready') AND (owner IS NULL OR owner = $4)",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT, KIND_ID),
};
static const struct stmt set_made = {
    .name = "photo_set_made",
    .sql =
        "UPDATE photos SET state = $3, verdict = $4, width = $5, height = $6, place = $7,"
        " arrived = '' WHERE county = $1 AND id = $2 AND state = 'new'",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_TEXT, KIND_TEXT, KIND_INT, KIND_INT, KIND_BYTES),
};
static const struct stmt set_gone = {
    .name = "photo_set_gone",
    .sql =
        "UPDATE photos SET state = 'gone' WHERE county = $1 AND id = $2 AND owner IS NULL",
    DB_PARAMS(KIND_INT, KIND_ID),
};
#define GONE_FROM                                                                          \
    "UPDATE photos SET state = 'gone', owner = NULL, place = NULL WHERE county"
static const struct stmt set_gone_by = {
    .name = "photo_set_gone_by",
    .sql = GONE_FROM " = $1 AND uploader = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt set_gone_of = {
    .name = "photo_set_gone_of",
    .sql = GONE_FROM " = $1 AND owner = $2",
    DB_PARAMS(KIND_INT, KIND_ID),
};
static const struct stmt list_gone = {
    .name = "photo_list_gone",
    .sql = "SELECT :names FROM photos WHERE state = 'gone' ORDER BY id LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(photo_fields),
};
static const struct stmt delete_gone = {
    .name = "photo_delete_gone",
    .sql = "DELETE FROM photos WHERE county = $1 AND id = $2 AND state = 'gone'",
    DB_PARAMS(KIND_INT, KIND_ID),
};
static const struct stmt list_new = {
    .name = "photo_list_new",
    .sql = "SELECT :names FROM photos WHERE state = 'new' AND id < $1 ORDER BY id DESC "
           "LIMIT $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(photo_fields),
};
static const struct stmt list_loose = {
    .name = "photo_list_loose",
    .sql = "SELECT :names FROM photos WHERE owner IS NULL AND id < $1 ORDER BY id LIMIT $2",
    DB_PARAMS(KIND_ID, KIND_INT),
    DB_ROW(photo_fields),
};
static const struct stmt list_after = {
    .name = "photo_list_after",
    .sql = "SELECT :names FROM photos WHERE (county, id) > ($1, $2) ORDER BY county, id "
           "LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(photo_fields),
};

const struct stmts photo_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &count_from, &count_new,
                                         &set_owner, &set_made, &set_gone, &delete_gone,
                                         &list_new, &list_loose, &set_gone_by, &set_gone_of,
                                         &list_gone, &list_after, NULL },
};

enum rc photo_insert(struct op *op, const struct photo *photo)
{
    return db_put(op->db, &insert, photo, NULL);
}

enum rc photo_select(struct op *op, int64_t id, struct photo *photo)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(op->county), DB_ID(id)),
                  photo);
}

enum rc photo_count_from(struct op *op, int64_t uploader, int64_t from, int64_t *n)
{
    return db_number(op->db, op->arena, &count_from,
                     DB_VALUES(DB_INT(op->county), DB_INT(uploader), DB_ID(from)), n);
}

enum rc photo_count_new(struct op *op, int64_t most, int64_t *n)
{
    return db_number(op->db, op->arena, &count_new, DB_VALUES(DB_INT(most)), n);
}

/* One row or RC_NOT_FOUND. */
static enum rc change(struct op *op, const struct stmt *stmt, const struct db_value *values,
                      size_t n)
{
    int64_t touched = 0;

    enum rc rc = db_run(op->db, stmt, values, n, &touched);
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc photo_set_owner(struct op *op, int64_t id, int64_t uploader, int64_t owner)
{
    return change(op, &set_owner,
                  DB_VALUES(DB_INT(op->county), DB_ID(id), DB_INT(uploader), DB_ID(owner)));
}

enum rc photo_set_made(struct op *op, const struct photo *photo)
{
    return change(op, &set_made,
                  DB_VALUES(DB_INT(op->county), DB_ID(photo->id), DB_TEXT(photo->state),
                            DB_TEXT(photo->verdict), DB_INT(photo->width),
                            DB_INT(photo->height), DB_BYTES(photo->place)));
}

enum rc photo_set_gone(struct op *op, int64_t id)
{
    return change(op, &set_gone, DB_VALUES(DB_INT(op->county), DB_ID(id)));
}

enum rc photo_delete_gone(struct op *op, int64_t id)
{
    return change(op, &delete_gone, DB_VALUES(DB_INT(op->county), DB_ID(id)));
}

enum rc photo_list_new(struct op *op, int64_t before, size_t most, struct list *photos)
{
    return db_all(op->db, op->arena, &list_new,
                  DB_VALUES(DB_INT(before), DB_INT((int64_t)most)), sizeof(struct photo),
                  most, photos);
}

enum rc photo_list_loose(struct op *op, int64_t before, size_t most, struct list *photos)
{
    return db_all(op->db, op->arena, &list_loose,
                  DB_VALUES(DB_ID(before), DB_INT((int64_t)most)), sizeof(struct photo),
                  most, photos);
}

enum rc photo_set_gone_by(struct op *op, int64_t uploader)
{
    return db_run(op->db, &set_gone_by, DB_VALUES(DB_INT(op->county), DB_INT(uploader)),
                  NULL);
}

enum rc photo_set_gone_of(struct op *op, int64_t owner)
{
    return db_run(op->db, &set_gone_of, DB_VALUES(DB_INT(op->county), DB_ID(owner)), NULL);
}

enum rc photo_list_gone(struct op *op, size_t most, struct list *photos)
{
    return db_all(op->db, op->arena, &list_gone, DB_VALUES(DB_INT((int64_t)most)),
                  sizeof(struct photo), most, photos);
}

enum rc photo_list_after(struct op *op, int64_t county, int64_t id, size_t most,
                         struct list *photos)
{
    return db_all(op->db, op->arena, &list_after,
                  DB_VALUES(DB_INT(county), DB_INT(id), DB_INT((int64_t)most)),
                  sizeof(struct photo), most, photos);
}
