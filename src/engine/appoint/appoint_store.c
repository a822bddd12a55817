#include "engine/appoint/appoint_store.h"

#include "db/db.h"
#include "engine/appoint/appoint.h"

#define A(member)    FIELD(struct appointment, member, OPTIONAL)
#define A_ID(member) FIELD_ID(struct appointment, member, OPTIONAL)
static const struct field row_fields[] = {
    A(county),
    A(id),
    A(scene),
    A(kind),
    A(at_window),
    A(area),
    A(starts_ms),
    A(ends_ms),
    A_ID(seat),
    A(state),
    A(version),
    A(category),
    A_ID(case_id),
    A_ID(account),
    A(person),
    A_ID(taken_by),
    A(agreed),
    A(code),
    FIELD_BYTES(struct appointment, sealed, OPTIONAL),
    A(reason),
    A(reminded),
    FIELD_TIME(struct appointment, next_ms, OPTIONAL),
};
#define C(member) FIELD(struct closure, member, OPTIONAL)
static const struct field closure_fields[] = {
    C(county), C(id),      C(scene),    C(kind),   C(at_window),
    C(area),   C(from_ms), C(until_ms), C(reason), C(account),
};
static const struct field taken_fields[] = {
    FIELD(struct taken, starts_ms, OPTIONAL),
    FIELD(struct taken, ends_ms, OPTIONAL),
    FIELD(struct taken, n, OPTIONAL),
};
static const struct field due_fields[] = {
    FIELD(struct due_case, next_ms, OPTIONAL),
    FIELD(struct due_case, id, OPTIONAL),
};

#define OF_WINDOW                                                                          \
    " WHERE county = $1 AND scene = $2 AND kind = $3 AND at_window = $4 AND area = $5"
#define WINDOW_PARAMS KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT
#define WINDOW_VALUES(op, key)                                                             \
    DB_INT((op)->county), DB_TEXT((key)->scene), DB_TEXT((key)->kind),                     \
        DB_TEXT((key)->at_window), DB_TEXT((key)->area)

static const struct stmt insert = {
    .name = "appointment_insert",
    .sql = "INSERT INTO appointments (:names) VALUES (:values)",
    DB_RECORD(row_fields),
};
static const struct stmt update = {
    .name = "appointment_update",
    .sql = "UPDATE appointments SET starts_ms = $3, ends_ms = $4, seat = $5, state = $6,"
           " reason = $7, reminded = $8, next_ms = $9, version = version + 1"
           " WHERE county = $1 AND id = $2 AND version = $10",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_ID, KIND_TEXT, KIND_TEXT,
              KIND_BOOL, KIND_TIME, KIND_INT),
};
static const struct stmt by_id = {
    .name = "appointment_by_id",
    .sql = "SELECT :names FROM appointments WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt of_window = {
    .name = "appointments_of_window",
    .sql = "SELECT :names FROM appointments" OF_WINDOW
           " AND starts_ms >= $6 AND starts_ms < $7 ORDER BY starts_ms, id LIMIT $8",
    DB_PARAMS(WINDOW_PARAMS, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt of_account = {
    .name = "appointments_of_account",
    .sql = "SELECT :names FROM appointments WHERE county = $1 AND account = $2"
           " AND starts_ms >= $3 ORDER BY starts_ms DESC, id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt ahead = {
    .name = "appointments_ahead",
    .sql = "SELECT :names FROM appointments WHERE county = $1 AND account = $2"
           " AND starts_ms >= $3 AND state = 'booked' ORDER BY starts_ms, id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt missed = {
    .name = "appointments_missed",
    .sql = "SELECT count(*) AS n FROM appointments WHERE county = $1 AND account = $2"
           " AND starts_ms >= $3 AND state = 'missed'",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt of_case = {
    .name = "appointments_of_case",
    .sql = "SELECT :names FROM appointments WHERE county = $1 AND case_id = $2"
           " ORDER BY id DESC LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT),
    DB_ROW(row_fields),
};
static const struct stmt booked_since = {
    .name = "appointments_booked_since",
    .sql = "SELECT count(*) AS n FROM appointments WHERE county = $1 AND account = $2"
           " AND id >= $3 AND taken_by IS NULL",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt taken = {
    .name = "appointment_seats_taken",
    .sql = "SELECT starts_ms, max(ends_ms) AS ends_ms, count(*) AS n FROM "
           "appointments" OF_WINDOW
           " AND starts_ms >= $6 AND starts_ms < $7 AND seat IS NOT NULL"
           " GROUP BY starts_ms ORDER BY starts_ms LIMIT $8",
    DB_PARAMS(WINDOW_PARAMS, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(taken_fields),
};
static const struct stmt seats = {
    .name = "appointment_seats",
    .sql = "SELECT seat AS n FROM appointments" OF_WINDOW
           " AND starts_ms = $6 AND seat IS NOT NULL ORDER BY seat LIMIT $7",
    DB_PARAMS(WINDOW_PARAMS, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt closure_put = {
    .name = "closure_insert",
    .sql = "INSERT INTO window_closures (:names) VALUES (:values)",
    DB_RECORD(closure_fields),
};
static const struct stmt closure_by_id = {
    .name = "closure_by_id",
    .sql = "SELECT :names FROM window_closures WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(closure_fields),
};
static const struct stmt closure_away = {
    .name = "closure_delete",
    .sql = "DELETE FROM window_closures WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt closures = {
    .name = "closures_of_window",
    .sql = "SELECT :names FROM window_closures" OF_WINDOW
           " AND until_ms > $6 ORDER BY until_ms LIMIT $7",
    DB_PARAMS(WINDOW_PARAMS, KIND_INT, KIND_INT),
    DB_ROW(closure_fields),
};
static const struct stmt due = {
    .name = "appointments_due",
    .sql =
        "SELECT next_ms, id FROM appointments WHERE next_ms IS NOT NULL AND next_ms <= $1"
        " AND next_ms >= $2 AND (next_ms > $2 OR id > $3) ORDER BY next_ms, id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(due_fields),
};
static const struct stmt look_again = {
    .name = "appointments_look_again",
    .sql = "UPDATE appointments SET next_ms = $2 WHERE county = $1 AND state = 'booked'"
           " AND starts_ms > $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt look_at = {
    .name = "appointments_look_at",
    .sql = "UPDATE appointments SET next_ms = $8" OF_WINDOW
           " AND starts_ms < $7 AND starts_ms > $8 AND ends_ms > $6 AND state = 'booked'",
    DB_PARAMS(WINDOW_PARAMS, KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt forget = {
    .name = "appointments_forget",
    .sql = "UPDATE appointments SET sealed = NULL, reason = '', next_ms = NULL,"
           " seat = CASE WHEN starts_ms > $3 THEN NULL ELSE seat END,"
           " state = CASE WHEN starts_ms > $3 THEN 'cancelled' ELSE state END"
           " WHERE county = $1 AND account = $2",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT),
};

const struct stmts appoint_stmts = {
    .all =
        (const struct stmt *const[]){
            &insert, &update,      &by_id,         &of_window,    &of_account,
            &ahead,  &missed,      &of_case,       &booked_since, &taken,
            &seats,  &closure_put, &closure_by_id, &closure_away, &closures,
            &due,    &look_again,  &look_at,       &forget,       NULL },
};

enum rc appointment_insert(struct op *op, const struct appointment *row)
{
    return db_put(op->db, &insert, row, NULL);
}

enum rc appointment_update(struct op *op, const struct appointment *row)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &update,
               DB_VALUES(DB_INT(row->county), DB_INT(row->id), DB_INT(row->starts_ms),
                         DB_INT(row->ends_ms), DB_ID(row->seat), DB_TEXT(row->state),
                         DB_TEXT(row->reason), DB_BOOL(row->reminded),
                         DB_TIME(row->next_ms), DB_INT(row->version - 1)),
               &touched);
    return rc == RC_OK && !touched ? RC_CONFLICT : rc;
}

enum rc appointment_select(struct op *op, int64_t id, struct appointment *row)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  row);
}

enum rc appointments_of_window(struct op *op, const struct window_key *key, int64_t from_ms,
                               int64_t until_ms, size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &of_window,
                  DB_VALUES(WINDOW_VALUES(op, key), DB_INT(from_ms), DB_INT(until_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct appointment), most, rows);
}

enum rc appointments_of_account(struct op *op, int64_t account, int64_t from_ms,
                                size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &of_account,
                  DB_VALUES(DB_INT(op->county), DB_ID(account), DB_INT(from_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct appointment), most, rows);
}

enum rc appointments_ahead(struct op *op, int64_t account, int64_t from_ms, size_t most,
                           struct list *rows)
{
    return db_all(op->db, op->arena, &ahead,
                  DB_VALUES(DB_INT(op->county), DB_ID(account), DB_INT(from_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct appointment), most, rows);
}

enum rc appointments_missed(struct op *op, int64_t account, int64_t from_ms, int64_t *n)
{
    return db_number(op->db, op->arena, &missed,
                     DB_VALUES(DB_INT(op->county), DB_ID(account), DB_INT(from_ms)), n);
}

enum rc appointments_of_case(struct op *op, int64_t case_id, size_t most, struct list *rows)
{
    return db_all(
        op->db, op->arena, &of_case,
        DB_VALUES(DB_INT(id_county(case_id)), DB_ID(case_id), DB_INT((int64_t)most)),
        sizeof(struct appointment), most, rows);
}

enum rc appointments_booked_since(struct op *op, int64_t account, int64_t from_ms,
                                  int64_t *n)
{
    return db_number(op->db, op->arena, &booked_since,
                     DB_VALUES(DB_INT(op->county), DB_ID(account),
                               DB_INT(id_floor(op->county, from_ms))),
                     n);
}

enum rc seats_taken(struct op *op, const struct window_key *key, int64_t from_ms,
                    int64_t until_ms, size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &taken,
                  DB_VALUES(WINDOW_VALUES(op, key), DB_INT(from_ms), DB_INT(until_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct taken), most, rows);
}

enum rc seats_of_slot(struct op *op, const struct window_key *key, int64_t starts_ms,
                      size_t most, struct list *rows)
{
    return db_all(
        op->db, op->arena, &seats,
        DB_VALUES(WINDOW_VALUES(op, key), DB_INT(starts_ms), DB_INT((int64_t)most)),
        sizeof(int64_t), most, rows);
}

enum rc closure_insert(struct op *op, const struct closure *closure)
{
    return db_put(op->db, &closure_put, closure, NULL);
}

enum rc closure_select(struct op *op, int64_t id, struct closure *closure)
{
    return db_one(op->db, op->arena, &closure_by_id,
                  DB_VALUES(DB_INT(id_county(id)), DB_INT(id)), closure);
}

enum rc closure_delete(struct op *op, int64_t id)
{
    return db_run(op->db, &closure_away, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  NULL);
}

enum rc closures_of_window(struct op *op, const struct window_key *key, int64_t from_ms,
                           size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &closures,
                  DB_VALUES(WINDOW_VALUES(op, key), DB_INT(from_ms), DB_INT((int64_t)most)),
                  sizeof(struct closure), most, rows);
}

enum rc appoint_due(struct op *op, const struct due_case *after, size_t most,
                    struct list *rows)
{
    return db_all(op->db, op->arena, &due,
                  DB_VALUES(DB_INT(op->now_ms), DB_INT(after->next_ms), DB_INT(after->id),
                            DB_INT((int64_t)most)),
                  sizeof(struct due_case), most, rows);
}

enum rc appointments_look_again(struct op *op)
{
    return db_run(op->db, &look_again, DB_VALUES(DB_INT(op->county), DB_INT(op->now_ms)),
                  NULL);
}

enum rc appointments_look_at(struct op *op, const struct window_key *key, int64_t from_ms,
                             int64_t until_ms, int64_t *n)
{
    return db_run(op->db, &look_at,
                  DB_VALUES(WINDOW_VALUES(op, key), DB_INT(from_ms), DB_INT(until_ms),
                            DB_INT(op->now_ms)),
                  n);
}

enum rc appointments_forget(struct op *op, int64_t account)
{
    return db_run(op->db, &forget,
                  DB_VALUES(DB_INT(op->county), DB_ID(account), DB_INT(op->now_ms)), NULL);
}
