#include "registry/org_store.h"

#include "base/area.h"
#include "db/db.h"
#include "registry/registry.h"

const struct field org_fields[] = {
    FIELD_ID(struct org, id, OPTIONAL),   FIELD(struct org, name, OPTIONAL),
    FIELD(struct org, kind, OPTIONAL),    FIELD(struct org, area, OPTIONAL),
    FIELD(struct org, version, OPTIONAL),
};
const size_t org_nfields = COUNT(org_fields);

static const struct stmt insert = {
    .name = "org_insert",
    .sql = "INSERT INTO orgs (county, id, name, kind, area, version, ended_ms)"
           " VALUES ($1, $2, $3, $4, $5, $6, 0)",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT),
};
static const struct stmt duty_insert = {
    .name = "org_duty_insert",
    .sql = "INSERT INTO org_duties (county, duty, area, org) VALUES ($1, $2, $3, $4)"
           " ON CONFLICT (county, duty, area, org) DO NOTHING",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT),
};
#define ORG_SELECT                                                                         \
    "SELECT o.id AS id, o.name AS name, o.kind AS kind, o.area AS area,"                   \
    " o.version AS version FROM "
static const struct stmt by_id = {
    .name = "org_by_id",
    .sql = ORG_SELECT "orgs o WHERE o.county = $1 AND o.id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(org_fields),
};
static const struct stmt page = {
    .name = "org_page",
    .sql = ORG_SELECT "orgs o WHERE o.county = $1 AND o.area >= $2 AND o.area < $3"
                      " AND o.id > $4 AND o.ended_ms = 0 ORDER BY o.id LIMIT $5",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(org_fields),
};
static const struct stmt by_duty = {
    .name = "org_by_duty",
    .sql =
        ORG_SELECT "org_duties d JOIN orgs o ON o.county = d.county AND o.id = d.org"
                   " WHERE d.county = $1 AND d.duty = $2 AND d.area = $3 AND o.ended_ms = 0"
                   " ORDER BY o.id LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(org_fields),
};
static const struct stmt by_area = {
    .name = "org_by_area",
    .sql = ORG_SELECT "orgs o WHERE o.county = $1 AND o.area = $2 AND o.ended_ms = 0"
                      " ORDER BY o.id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
    DB_ROW(org_fields),
};

static const struct stmt set_ended = {
    .name = "org_set_ended",
    .sql = "UPDATE orgs SET ended_ms = $3, version = version + 1"
           " WHERE county = $1 AND id = $2 AND ended_ms = 0",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};

const struct stmts org_stmts = {
    .all = (const struct stmt *const[]){ &insert, &duty_insert, &by_id, &page, &by_duty,
                                         &by_area, &set_ended, NULL },
};

enum rc org_insert(struct op *op, const struct org *org)
{
    return db_run(op->db, &insert,
                  DB_VALUES(DB_INT(op->county), DB_ID(org->id), DB_TEXT(org->name),
                            DB_TEXT(org->kind), DB_TEXT(org->area), DB_INT(org->version)),
                  NULL);
}

enum rc org_duty_insert(struct op *op, int64_t org, struct str duty, struct str area)
{
    return db_run(op->db, &duty_insert,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(duty), DB_TEXT(area), DB_INT(org)),
                  NULL);
}

enum rc org_update_ended(struct op *op, int64_t id)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &set_ended,
               DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_INT(op->now_ms)), &touched);
    return rc == RC_OK && !touched ? RC_NOT_FOUND : rc;
}

enum rc org_select(struct op *op, int64_t id, struct org *org)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  org);
}

enum rc org_select_page(struct op *op, struct str area, int64_t after, size_t most,
                        struct list *orgs)
{
    struct str past = area_past(op->arena, area);

    return db_all(op->db, op->arena, &page,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_TEXT(past), DB_INT(after),
                            DB_INT((int64_t)most)),
                  sizeof(struct org), most, orgs);
}

enum rc org_select_duty(struct op *op, struct str duty, struct str area, struct org *org)
{
    return db_one(op->db, op->arena, &by_duty,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(duty), DB_TEXT(area)), org);
}

enum rc org_select_area(struct op *op, struct str area, size_t most, struct list *orgs)
{
    return db_all(op->db, op->arena, &by_area,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_INT((int64_t)most)),
                  sizeof(struct org), most, orgs);
}
