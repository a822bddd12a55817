#include "engine/case/parts_store.h"

#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/case_store.h"

#define F(member) FIELD(struct case_part, member, OPTIONAL)

static const struct field part_fields[] = {
    F(county),
    F(case_id),
    F(part),
    F(holder),
    F(task),
    F(state),
    F(asked_by),
    F(asked_ms),
    F(warn_ms),
    F(due_ms),
    F(warned),
    F(late),
    FIELD_TIME(struct case_part, ended_ms, OPTIONAL),
    FIELD_ID(struct case_part, ended_by, OPTIONAL),
    F(answer),
};
enum { COLUMNS = COUNT(part_fields) };

static const struct stmt insert = {
    .name = "part_insert",
    .sql = "INSERT INTO case_parts (:names) VALUES (:values)",
    DB_RECORD(part_fields),
};
static const struct stmt update = {
    .name = "part_update",
    .sql = "UPDATE case_parts SET state = $4, warned = $5, late = $6, ended_ms = $7,"
           " ended_by = $8, answer = $9 WHERE county = $1 AND case_id = $2 AND part = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_BOOL, KIND_BOOL, KIND_TIME,
              KIND_ID, KIND_TEXT),
};
static const struct stmt of_case = {
    .name = "part_of_case",
    .sql = "SELECT :names FROM case_parts WHERE county = $1 AND case_id = $2"
           " ORDER BY part LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(part_fields),
};
static const struct stmt held = {
    .name = "part_count_held",
    .sql = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM case_parts WHERE county = $1"
           " AND holder = $2 AND state = 'open' LIMIT $3) AS held",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt blank = {
    .name = "part_blank",
    .sql = "UPDATE case_parts SET task = '', answer = '' WHERE county = $1 AND case_id IN"
           " (SELECT id FROM cases WHERE county = $1 AND reporter = $2)",
    DB_PARAMS(KIND_INT, KIND_ID),
};

const struct stmts part_stmts = {
    .all = (const struct stmt *const[]){ &insert, &update, &of_case, &held, &blank, NULL },
};

enum rc part_insert(struct op *op, const struct case_part *part)
{
    return db_put(op->db, &insert, part, NULL);
}

enum rc part_update(struct op *op, const struct case_part *part)
{
    return db_run(op->db, &update,
                  DB_VALUES(DB_INT(part->county), DB_INT(part->case_id), DB_INT(part->part),
                            DB_TEXT(part->state), DB_BOOL(part->warned),
                            DB_BOOL(part->late), DB_TIME(part->ended_ms),
                            DB_ID(part->ended_by), DB_TEXT(part->answer)),
                  NULL);
}

enum rc part_select_case(struct op *op, int64_t case_id, size_t most, struct list *parts)
{
    return db_all(
        op->db, op->arena, &of_case,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT((int64_t)most)),
        sizeof(struct case_part), most, parts);
}

enum rc part_count_held(struct op *op, struct str holder, int64_t *n)
{
    return db_number(op->db, op->arena, &held,
                     DB_VALUES(DB_INT(op->county), DB_TEXT(holder), DB_INT(CASES_COUNTED)),
                     n);
}

enum rc part_blank(struct op *op, int64_t reporter)
{
    return db_run(op->db, &blank, DB_VALUES(DB_INT(op->county), DB_ID(reporter)), NULL);
}
