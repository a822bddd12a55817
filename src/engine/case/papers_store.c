#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/papers.h"

#define F(member) FIELD(struct paper_row, member, OPTIONAL)
#define B(member) FIELD_BYTES(struct paper_row, member, OPTIONAL)
static const struct field row_fields[] = {
    F(county), F(id),   F(case_id), F(kind),  F(title), F(org),       F(account),
    F(person), B(code), B(says),    F(state), B(sm3),   B(signature),
};

static const struct stmt insert = {
    .name = "paper_insert",
    .sql = "INSERT INTO papers (:names) VALUES (:values)",
    DB_RECORD(row_fields),
};
static const struct stmt replace = {
    .name = "paper_replace",
    .sql = "UPDATE papers SET state = 'replaced' WHERE county = $1 AND case_id = $2"
           " AND kind = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
static const struct stmt by_id = {
    .name = "paper_by_id",
    .sql = "SELECT :names FROM papers WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt by_code = {
    .name = "paper_by_code",
    .sql = "SELECT :names FROM papers WHERE county = $1 AND code = $2",
    DB_PARAMS(KIND_INT, KIND_BYTES),
    DB_ROW(row_fields),
};
static const struct stmt of_case = {
    .name = "paper_of_case",
    .sql = "SELECT :names FROM papers WHERE county = $1 AND case_id = $2"
           " ORDER BY id DESC LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt waiting = {
    .name = "paper_new",
    .sql =
        "SELECT id AS n FROM papers WHERE state = 'new' AND id > $1 ORDER BY id LIMIT $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt made = {
    .name = "paper_made",
    .sql = "UPDATE papers SET file = $3, sm3 = $4, signature = $5, state = 'valid'"
           " WHERE county = $1 AND id = $2 AND state = 'new'",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_BYTES, KIND_BYTES, KIND_BYTES),
};
static const struct stmt gone = {
    .name = "paper_gone",
    .sql = "UPDATE papers SET state = 'gone' WHERE county = $1 AND id = $2"
           " AND state = 'new'",
    DB_PARAMS(KIND_INT, KIND_INT),
};
struct file_row {
    struct str file;
};
static const struct field file_fields[] = { FIELD_BYTES(struct file_row, file, OPTIONAL) };
static const struct stmt  file = {
     .name = "paper_file",
     .sql = "SELECT file FROM papers WHERE county = $1 AND id = $2",
     DB_PARAMS(KIND_INT, KIND_INT),
     DB_ROW(file_fields),
};

const struct stmts paper_stmts = {
    .all = (const struct stmt *const[]){ &insert, &replace, &by_id, &by_code, &of_case,
                                         &waiting, &made, &gone, &file, NULL },
};

enum rc paper_insert(struct op *op, const struct paper_row *row)
{
    return db_put(op->db, &insert, row, NULL);
}

enum rc paper_replace(struct op *op, int64_t case_id, struct str kind)
{
    return db_run(op->db, &replace,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_TEXT(kind)),
                  NULL);
}

enum rc paper_select(struct op *op, int64_t id, struct paper_row *row)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  row);
}

enum rc paper_select_code(struct op *op, struct str code_hash, struct paper_row *row)
{
    return db_one(op->db, op->arena, &by_code,
                  DB_VALUES(DB_INT(op->county), DB_BYTES(code_hash)), row);
}

enum rc paper_select_case(struct op *op, int64_t case_id, struct list *rows)
{
    return db_all(
        op->db, op->arena, &of_case,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(PAPERS_OF_CASE_MAX)),
        sizeof(struct paper_row), PAPERS_OF_CASE_MAX, rows);
}

enum rc paper_select_new(struct op *op, int64_t after, size_t most, struct list *ids)
{
    return db_all(op->db, op->arena, &waiting,
                  DB_VALUES(DB_INT(after), DB_INT((int64_t)most)), sizeof(int64_t), most,
                  ids);
}

static enum rc one_touched(enum rc rc, int64_t touched)
{
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc paper_made(struct op *op, int64_t id, struct str sealed, struct str sm3,
                   struct str signature)
{
    int64_t touched = 0;

    enum rc rc = db_run(op->db, &made,
                        DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_BYTES(sealed),
                                  DB_BYTES(sm3), DB_BYTES(signature)),
                        &touched);
    return one_touched(rc, touched);
}

enum rc paper_gone(struct op *op, int64_t id)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &gone, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)), &touched);
    return one_touched(rc, touched);
}

enum rc paper_file(struct op *op, int64_t id, struct str *sealed)
{
    struct file_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &file,
                        DB_VALUES(DB_INT(id_county(id)), DB_INT(id)), &row);
    *sealed = row.file;
    return rc;
}
