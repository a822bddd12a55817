#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/wording.h"

#define F(member) FIELD(struct wording, member, OPTIONAL)
static const struct field fields[] = {
    F(county),
    F(id),
    F(version),
    F(kind),
    F(area),
    F(scene),
    F(state),
    F(categories),
    F(title),
    F(words),
    F(inner_words),
    F(source),
    FIELD_TIME(struct wording, until_ms, OPTIONAL),
    F(made_by),
    F(made_ms),
    F(ended),
};
enum { COLUMNS = COUNT(fields) };
#define NAMES                                                                              \
    "county, id, version, kind, area, scene, state, categories, title, words,"             \
    " inner_words, source, until_ms, made_by, made_ms, ended"
#define ROW DB_ROW(fields)

static const struct stmt insert = {
    .name = "wording_insert",
    .sql = "INSERT INTO wordings (:names) VALUES (:values)",
    DB_RECORD(fields),
};
static const struct stmt by_id = {
    .name = "wording_by_id",
    .sql = "SELECT " NAMES " FROM wordings WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_ID),
    ROW,
};
static const struct stmt update = {
    .name = "wording_update",
    .sql = "UPDATE wordings SET version = $3, state = $4, categories = $5, title = $6,"
           " words = $7, inner_words = $8, source = $9, until_ms = $10, made_by = $11,"
           " made_ms = $12, ended = $13 WHERE county = $1 AND id = $2 AND version = $3 - 1"
           " AND ended = 0",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT,
              KIND_TEXT, KIND_TEXT, KIND_TIME, KIND_INT, KIND_INT, KIND_BOOL),
};
static const struct stmt kept = {
    .name = "wording_kept",
    .sql = "SELECT " NAMES " FROM wordings WHERE county = $1 AND kind = $2 AND id < $3"
           " AND ended = 0 ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    ROW,
};
static const struct stmt templates = {
    .name = "wording_templates",
    .sql = "SELECT " NAMES " FROM wordings WHERE county = $1 AND scene = $2 AND ended = 0"
           " AND kind = 'template' ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
    ROW,
};
static const struct stmt term_put = {
    .name = "wording_term_put",
    .sql = "INSERT INTO wording_terms (county, term, id) VALUES ($1, $2, $3)",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_ID),
};
static const struct stmt terms_end = {
    .name = "wording_terms_end",
    .sql = "DELETE FROM wording_terms WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_ID),
};
static const struct stmt with_term = {
    .name = "wording_with_term",
    .sql = "SELECT id AS n FROM wording_terms WHERE county = $1 AND term = $2"
           " ORDER BY id DESC LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
    DB_NUMBER_ROW,
};

const struct stmts wording_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &update, &kept, &templates,
                                         &term_put, &terms_end, &with_term, NULL },
};

enum rc wording_insert(struct op *op, const struct wording *wording)
{
    return db_put(op->db, &insert, wording, NULL);
}

enum rc wording_select(struct op *op, int64_t id, struct wording *wording)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_ID(id)),
                  wording);
}

enum rc wording_update(struct op *op, const struct wording *wording)
{
    int64_t touched = 0;

    enum rc rc = db_run(op->db, &update,
                        DB_VALUES(DB_INT(wording->county), DB_ID(wording->id),
                                  DB_INT(wording->version), DB_TEXT(wording->state),
                                  DB_TEXT(wording->categories), DB_TEXT(wording->title),
                                  DB_TEXT(wording->words), DB_TEXT(wording->inner_words),
                                  DB_TEXT(wording->source), DB_TIME(wording->until_ms),
                                  DB_INT(wording->made_by), DB_INT(wording->made_ms),
                                  DB_BOOL(wording->ended)),
                        &touched);
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc wording_select_kept(struct op *op, struct str kind, int64_t before, size_t most,
                            struct list *found)
{
    return db_all(op->db, op->arena, &kept,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(kind),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct wording), most, found);
}

enum rc wording_select_templates(struct op *op, struct str scene, size_t most,
                                 struct list *found)
{
    return db_all(op->db, op->arena, &templates,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(scene), DB_INT((int64_t)most)),
                  sizeof(struct wording), most, found);
}

enum rc wording_term_put(struct op *op, int64_t id, struct str term)
{
    return db_run(op->db, &term_put,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(term), DB_ID(id)), NULL);
}

enum rc wording_terms_end(struct op *op, int64_t id)
{
    return db_run(op->db, &terms_end, DB_VALUES(DB_INT(op->county), DB_ID(id)), NULL);
}

enum rc wording_select_term(struct op *op, struct str term, size_t most, struct list *ids)
{
    return db_all(op->db, op->arena, &with_term,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(term), DB_INT((int64_t)most)),
                  sizeof(int64_t), most, ids);
}
