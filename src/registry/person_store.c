#include "registry/person_store.h"

#include "base/area.h"
#include "db/db.h"
#include "registry/registry.h"

static const struct field person_fields[] = {
    FIELD(struct person, county, OPTIONAL),
    FIELD(struct person, id, OPTIONAL),
    FIELD(struct person, name, OPTIONAL),
    FIELD(struct person, sex, OPTIONAL),
    FIELD(struct person, birth, OPTIONAL),
    FIELD_BYTES(struct person, id_number, OPTIONAL),
    FIELD_BYTES(struct person, id_index, OPTIONAL),
    FIELD_BYTES(struct person, phone, OPTIONAL),
    FIELD_BYTES(struct person, phone_index, OPTIONAL),
    FIELD_ID(struct person, household, OPTIONAL),
    FIELD(struct person, relation, OPTIONAL),
    FIELD(struct person, street, OPTIONAL),
    FIELD(struct person, community, OPTIONAL),
    FIELD(struct person, grid, OPTIONAL),
    FIELD(struct person, version, OPTIONAL),
    FIELD(struct person, made_ms, OPTIONAL),
    FIELD(struct person, shielded, OPTIONAL),
    FIELD(struct person, decoy, OPTIONAL),
};
static const struct field house_fields[] = {
    FIELD(struct house, county, OPTIONAL),    FIELD(struct house, id, OPTIONAL),
    FIELD(struct house, compound, OPTIONAL),  FIELD(struct house, building, OPTIONAL),
    FIELD(struct house, unit, OPTIONAL),      FIELD(struct house, room, OPTIONAL),
    FIELD(struct house, community, OPTIONAL), FIELD(struct house, grid, OPTIONAL),
    FIELD(struct house, lat, OPTIONAL),       FIELD(struct house, lng, OPTIONAL),
    FIELD(struct house, cell, OPTIONAL),
};

static const struct stmt insert_person = {
    .name = "person_insert",
    .sql = "INSERT INTO people (:names) VALUES (:values)",
    DB_RECORD(person_fields),
};
static const struct stmt insert_house = {
    .name = "house_insert",
    .sql = "INSERT INTO houses (:names) VALUES (:values)",
    DB_RECORD(house_fields),
};
static const struct stmt houses_in_cell = {
    .name = "house_in_cell",
    .sql = "SELECT :names FROM houses WHERE county = $1 AND cell = $2"
           " ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(house_fields),
};
static const struct stmt house_of_area = {
    .name = "house_of_area",
    .sql = "SELECT :names FROM houses WHERE county = $1 AND grid >= $2"
           " AND grid < $3 AND cell <> 0 LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(house_fields),
};
static const struct stmt insert_household = {
    .name = "household_insert",
    .sql = "INSERT INTO households (county, id, house, head) VALUES ($1, $2, $3, $4)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_ID),
};
static const struct stmt by_id = {
    .name = "person_by_id",
    .sql = "SELECT :names FROM people WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(person_fields),
};
static const struct stmt by_name = {
    .name = "person_by_name",
    .sql = "SELECT :names FROM people WHERE county = $1 AND name = $2 AND id > $3"
           " AND grid >= $4 AND grid < $5 AND shielded <= $7 ORDER BY id LIMIT $6",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT, KIND_BOOL),
    DB_ROW(person_fields),
};
static const struct stmt all_shielded = {
    .name = "person_all_shielded",
    .sql = "SELECT :names FROM people WHERE county = $1 AND shielded = 1 AND id > $2"
           " AND grid >= $3 AND grid < $4 ORDER BY id LIMIT $5",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_ROW(person_fields),
};
static const struct stmt by_phone = {
    .name = "person_by_phone",
    .sql = "SELECT :names FROM people WHERE county = $1 AND phone_index = $2"
           " AND shielded <= $4 ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_BYTES, KIND_INT, KIND_BOOL),
    DB_ROW(person_fields),
};
static const struct stmt by_number = {
    .name = "person_by_number",
    .sql = "SELECT :names FROM people WHERE county = $1 AND id_index = $2"
           " AND shielded <= $4 ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_BYTES, KIND_INT, KIND_BOOL),
    DB_ROW(person_fields),
};

static const struct stmt address = {
    .name = "person_address",
    .sql = "SELECT h.county, h.id, h.compound, h.building, h.unit, h.room, h.community,"
           " h.grid, h.lat, h.lng, h.cell FROM households o JOIN houses h"
           " ON h.county = o.county AND h.id = o.house WHERE o.county = $1 AND o.id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(house_fields),
};

struct mark_row {
    bool shielded;
};
static const struct field mark_fields[] = { FIELD(struct mark_row, shielded, OPTIONAL) };
static const struct stmt  is_shielded = {
     .name = "person_is_shielded",
     .sql = "SELECT shielded FROM people WHERE county = $1 AND id = $2",
     DB_PARAMS(KIND_INT, KIND_INT),
     DB_ROW(mark_fields),
};
static const struct stmt set_shielded = {
    .name = "person_set_shielded",
    .sql = "UPDATE people SET shielded = $3, version = version + 1"
           " WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_BOOL),
};
static const struct stmt decoys = {
    .name = "person_decoys",
    .sql = "SELECT :names FROM people WHERE county = $1 AND decoy = 1"
           " AND grid <> '' AND id > $2 ORDER BY id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(person_fields),
};
static const struct stmt set_decoy = {
    .name = "person_set_decoy",
    .sql = "UPDATE people SET decoy = 1 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};

const struct stmts person_stmts = {
    .all = (const struct stmt *const[]){ &insert_person, &insert_house, &houses_in_cell,
                                         &house_of_area, &insert_household, &by_id,
                                         &by_name, &by_phone, &by_number, &address,
                                         &is_shielded, &set_shielded, &set_decoy, &decoys,
                                         &all_shielded, NULL },
};

enum rc house_insert(struct op *op, const struct house *house)
{
    return db_put(op->db, &insert_house, house, NULL);
}

enum rc house_select_cell(struct op *op, int64_t cell, size_t most, struct list *houses)
{
    return db_all(op->db, op->arena, &houses_in_cell,
                  DB_VALUES(DB_INT(op->county), DB_INT(cell), DB_INT((int64_t)most)),
                  sizeof(struct house), most, houses);
}

enum rc house_select_area(struct op *op, struct str area, struct house *house)
{
    struct str end = area_past(op->arena, area);

    return db_one(op->db, op->arena, &house_of_area,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_TEXT(end)), house);
}

enum rc household_insert(struct op *op, int64_t id, int64_t house, int64_t head)
{
    return db_run(op->db, &insert_household,
                  DB_VALUES(DB_INT(op->county), DB_INT(id), DB_INT(house), DB_ID(head)),
                  NULL);
}

enum rc person_insert(struct op *op, const struct person *person)
{
    return db_put(op->db, &insert_person, person, NULL);
}

enum rc person_select(struct op *op, int64_t id, struct person *person)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  person);
}

enum rc person_select_shielded(struct op *op, int64_t id, bool *shielded)
{
    struct mark_row row = { 0 };

    enum rc rc = db_one(op->db, op->arena, &is_shielded,
                        DB_VALUES(DB_INT(id_county(id)), DB_INT(id)), &row);
    *shielded = row.shielded;
    return rc;
}

enum rc person_update_shielded(struct op *op, int64_t id, bool shielded)
{
    return db_run(op->db, &set_shielded,
                  DB_VALUES(DB_INT(op->county), DB_INT(id), DB_BOOL(shielded)), NULL);
}

enum rc person_update_decoy(struct op *op, int64_t id)
{
    return db_run(op->db, &set_decoy, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
}

enum rc person_select_decoys(struct op *op, int64_t after, size_t most, struct list *people)
{
    return db_all(op->db, op->arena, &decoys,
                  DB_VALUES(DB_INT(op->county), DB_INT(after), DB_INT((int64_t)most)),
                  sizeof(struct person), most, people);
}

enum rc person_select_address(struct op *op, int64_t household, struct house *house)
{
    return db_one(op->db, op->arena, &address,
                  DB_VALUES(DB_INT(op->county), DB_INT(household)), house);
}

enum rc person_select_name(struct op *op, const struct person_query *query,
                           struct list *people)
{
    return db_all(op->db, op->arena, &by_name,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(query->name), DB_INT(query->after),
                            DB_TEXT(query->area),
                            DB_TEXT(area_past(op->arena, query->area)),
                            DB_INT((int64_t)query->most), DB_BOOL(query->shielded)),
                  sizeof(struct person), query->most, people);
}

enum rc person_select_only_shielded(struct op *op, const struct person_query *query,
                                    struct list *people)
{
    return db_all(op->db, op->arena, &all_shielded,
                  DB_VALUES(DB_INT(op->county), DB_INT(query->after), DB_TEXT(query->area),
                            DB_TEXT(area_past(op->arena, query->area)),
                            DB_INT((int64_t)query->most)),
                  sizeof(struct person), query->most, people);
}

static enum rc select_index(struct op *op, const struct stmt *stmt, struct str index,
                            const struct person_query *query, struct list *people)
{
    return db_all(op->db, op->arena, stmt,
                  DB_VALUES(DB_INT(op->county), DB_BYTES(index),
                            DB_INT((int64_t)query->most), DB_BOOL(query->shielded)),
                  sizeof(struct person), query->most, people);
}

enum rc person_select_phone(struct op *op, struct str index,
                            const struct person_query *query, struct list *people)
{
    return select_index(op, &by_phone, index, query, people);
}

enum rc person_select_id(struct op *op, struct str index, const struct person_query *query,
                         struct list *people)
{
    return select_index(op, &by_number, index, query, people);
}
