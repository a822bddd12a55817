#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/precedent.h"

#define F(member) FIELD(struct precedent, member, OPTIONAL)

static const struct field fields[] = {
    F(county), F(id),     F(scene),   F(kind),   F(category),   F(area),       F(words),
    F(holder), F(reason), F(case_id), F(number), F(decided_by), F(decided_ms),
};
enum { COLUMNS = COUNT(fields) };

static const struct stmt insert = {
    .name = "precedent_insert",
    .sql = "INSERT INTO precedents (:names) VALUES (:values)",
    DB_RECORD(fields),
};
static const struct stmt of_category = {
    .name = "precedent_of_category",
    .sql = "SELECT :names FROM precedents WHERE county = $1 AND scene = $2"
           " AND category = $3 ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_ROW(fields),
};
/* Of a deleted reporter's cases: the decision stays, their words go. */
static const struct stmt blank = {
    .name = "precedent_blank",
    .sql = "UPDATE precedents SET words = '', reason = '' WHERE county = $1 AND case_id IN"
           " (SELECT id FROM cases WHERE county = $1 AND reporter = $2)",
    DB_PARAMS(KIND_INT, KIND_ID),
};

const struct stmts precedent_stmts = {
    .all = (const struct stmt *const[]){ &insert, &of_category, &blank, NULL },
};

enum rc precedent_insert(struct op *op, const struct precedent *precedent)
{
    return db_put(op->db, &insert, precedent, NULL);
}

enum rc precedent_select(struct op *op, struct str scene, struct str category, size_t most,
                         struct list *found)
{
    return db_all(op->db, op->arena, &of_category,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(scene), DB_TEXT(category),
                            DB_INT((int64_t)most)),
                  sizeof(struct precedent), most, found);
}

enum rc precedent_blank(struct op *op, int64_t reporter)
{
    return db_run(op->db, &blank, DB_VALUES(DB_INT(op->county), DB_ID(reporter)), NULL);
}
