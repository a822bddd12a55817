#include "engine/case/sight_store.h"

#include "db/db.h"
#include "engine/case/case_acts.h"

static const struct stmt insert = {
    .name = "held_insert",
    .sql = "INSERT INTO case_held (county, case_id, holder) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, case_id, holder) DO NOTHING",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
struct held {
    struct str holder;
};
static const struct field holder_row[] = { FIELD(struct held, holder, OPTIONAL) };
static const struct stmt  of_case = {
     .name = "held_of_case",
     .sql = "SELECT holder FROM case_held WHERE county = $1 AND case_id = $2"
             " ORDER BY holder LIMIT $3",
     DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
     DB_ROW(holder_row),
};

const struct stmts sight_stmts = {
    .all = (const struct stmt *const[]){ &insert, &of_case, NULL },
};

enum rc held_insert(struct op *op, int64_t case_id, struct str holder)
{
    return db_run(op->db, &insert,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_TEXT(holder)),
                  NULL);
}

static_assert(sizeof(struct held) == sizeof(struct str), "a row is its one text");

enum rc held_select(struct op *op, int64_t case_id, size_t most, struct list *holders)
{
    return db_all(
        op->db, op->arena, &of_case,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT((int64_t)most)),
        sizeof(struct held), most, holders);
}
