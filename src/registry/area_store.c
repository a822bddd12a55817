#include "registry/area_store.h"

#include "db/db.h"
#include "registry/registry.h"

const struct field area_fields[] = {
    FIELD(struct area, code, .title = STR_INIT("代码")),
    FIELD(struct area, parent, .title = STR_INIT("上级")),
    FIELD(struct area, level, .title = STR_INIT("层级")),
    FIELD(struct area, name, .title = STR_INIT("名称")),
    FIELD(struct area, kind, .title = STR_INIT("城乡分类")),
    FIELD(struct area, source, .title = STR_INIT("来源")),
};
const size_t area_nfields = COUNT(area_fields);

struct number_row {
    int64_t    number;
    struct str code;
};
static const struct field number_fields[] = {
    FIELD(struct number_row, number, OPTIONAL),
    FIELD(struct number_row, code, OPTIONAL),
};

#define AREA_SELECT "SELECT :names FROM areas "

static const struct stmt by_code = {
    .name = "area_by_code",
    .sql = AREA_SELECT "WHERE code = $1",
    DB_PARAMS(KIND_TEXT),
    DB_ROW(area_fields),
};
static const struct stmt by_parent = {
    .name = "area_by_parent",
    .sql = AREA_SELECT "WHERE parent = $1 AND code > $2 ORDER BY code LIMIT $3",
    DB_PARAMS(KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_ROW(area_fields),
};
static const struct stmt by_name = {
    .name = "area_by_name",
    .sql = AREA_SELECT "WHERE name = $1 ORDER BY code LIMIT $2",
    DB_PARAMS(KIND_TEXT, KIND_INT),
    DB_ROW(area_fields),
};
static const struct stmt upsert = {
    .name = "area_upsert",
    .sql = "INSERT INTO areas (:names) VALUES (:values) ON CONFLICT (code) DO UPDATE"
           " SET name = excluded.name, kind = excluded.kind, source = excluded.source",
    DB_RECORD(area_fields),
};
static const struct stmt county_by_code = {
    .name = "county_by_code",
    .sql = "SELECT number, code FROM counties WHERE code = $1 AND until_ms = 0",
    DB_PARAMS(KIND_TEXT),
    DB_ROW(number_fields),
};
static const struct stmt county_by_number = {
    .name = "county_by_number",
    .sql = "SELECT number, code FROM counties WHERE number = $1 AND until_ms = 0",
    DB_PARAMS(KIND_INT),
    DB_ROW(number_fields),
};
static const struct stmt county_add = {
    .name = "county_add",
    .sql = "INSERT INTO counties (number, code, from_ms, until_ms) VALUES ($1, $2, $3, 0)"
           " ON CONFLICT (number, from_ms) DO NOTHING",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
};

const struct stmts area_stmts = {
    .all = (const struct stmt *const[]){ &by_code, &by_parent, &by_name, &upsert,
                                         &county_by_code, &county_by_number, &county_add,
                                         NULL },
};

enum rc area_select(struct op *op, struct str code, struct area *area)
{
    return db_one(op->db, op->arena, &by_code, DB_VALUES(DB_TEXT(code)), area);
}

enum rc area_select_children(struct op *op, struct str parent, struct str after,
                             size_t most, struct list *areas)
{
    return db_all(op->db, op->arena, &by_parent,
                  DB_VALUES(DB_TEXT(parent.at ? parent : STR("")),
                            DB_TEXT(after.at ? after : STR("")), DB_INT((int64_t)most)),
                  sizeof(struct area), most, areas);
}

enum rc area_select_named(struct op *op, struct str name, size_t most, struct list *areas)
{
    return db_all(op->db, op->arena, &by_name,
                  DB_VALUES(DB_TEXT(name), DB_INT((int64_t)most)), sizeof(struct area),
                  most, areas);
}

enum rc area_upsert(struct op *op, const struct area *area)
{
    return db_put(op->db, &upsert, area, NULL);
}

enum rc county_select(struct op *op, struct str code, int64_t *number)
{
    struct number_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &county_by_code, DB_VALUES(DB_TEXT(code)), &row);
    *number = row.number;
    return rc;
}

enum rc county_select_code(struct op *op, int64_t number, struct str *code)
{
    struct number_row row = { 0 };

    enum rc rc =
        db_one(op->db, op->arena, &county_by_number, DB_VALUES(DB_INT(number)), &row);
    *code = row.code;
    return rc;
}

enum rc county_insert(struct op *op, int64_t number, struct str code)
{
    return db_run(op->db, &county_add,
                  DB_VALUES(DB_INT(number), DB_TEXT(code), DB_INT(op->now_ms)), NULL);
}
