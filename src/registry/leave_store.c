#include "db/db.h"
#include "registry/called.h"
#include "registry/leave.h"
#include "registry/registry.h"

#define F(member) FIELD(struct leave, member, OPTIONAL)

static const struct field fields[] = { F(county),   F(id),      F(account),
                                       F(stand_in), F(from_ms), F(until_ms),
                                       F(reason),   F(made_by), F(made_ms) };
enum { COLUMNS = COUNT(fields) };

static const struct stmt insert = {
    .name = "leave_insert",
    .sql = "INSERT INTO stand_ins (:names) VALUES (:values)",
    DB_RECORD(fields),
};
static const struct stmt by_id = {
    .name = "leave_by_id",
    .sql = "SELECT :names FROM stand_ins WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt away = {
    .name = "leave_away",
    .sql = "SELECT :names FROM stand_ins WHERE county = $1 AND account = $2"
           " AND until_ms > $3 ORDER BY until_ms LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt standing = {
    .name = "leave_standing",
    .sql = "SELECT :names FROM stand_ins WHERE county = $1 AND stand_in = $2"
           " AND until_ms > $3 ORDER BY until_ms LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt end = {
    .name = "leave_end",
    .sql = "UPDATE stand_ins SET until_ms = $3 WHERE county = $1 AND id = $2"
           " AND until_ms > $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt end_holds = {
    .name = "leave_end_holds",
    .sql = "UPDATE holds SET until_ms = $5 WHERE county = $1 AND account = $2"
           " AND stands_in_for = $3 AND until_ms = $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_ID, KIND_INT, KIND_INT),
};

const struct stmts leave_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &away, &standing, &end,
                                         &end_holds, NULL },
};

enum rc leave_insert(struct op *op, const struct leave *leave)
{
    return db_put(op->db, &insert, leave, NULL);
}

enum rc leave_select(struct op *op, int64_t id, struct leave *leave)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  leave);
}

enum rc leave_select_away(struct op *op, int64_t account, size_t most, struct list *leaves)
{
    return db_all(op->db, op->arena, &away,
                  DB_VALUES(DB_INT(id_county(account)), DB_INT(account), DB_INT(op->now_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct leave), most, leaves);
}

enum rc leave_select_standing(struct op *op, int64_t stand_in, size_t most,
                              struct list *leaves)
{
    return db_all(op->db, op->arena, &standing,
                  DB_VALUES(DB_INT(id_county(stand_in)), DB_INT(stand_in),
                            DB_INT(op->now_ms), DB_INT((int64_t)most)),
                  sizeof(struct leave), most, leaves);
}

enum rc leave_update_end(struct op *op, const struct leave *leave)
{
    int64_t touched = 0;

    called_changed(op);
    enum rc rc = db_run(
        op->db, &end,
        DB_VALUES(DB_INT(leave->county), DB_INT(leave->id), DB_INT(op->now_ms)), &touched);
    if (rc != RC_OK || !touched)
        return rc == RC_OK ? RC_NOT_FOUND : rc;
    return db_run(op->db, &end_holds,
                  DB_VALUES(DB_INT(leave->county), DB_INT(leave->stand_in),
                            DB_ID(leave->account), DB_INT(leave->until_ms),
                            DB_INT(op->now_ms)),
                  NULL);
}
