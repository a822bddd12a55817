#include "engine/open311/open311_store.h"

#include "db/list.h"
#include "guard/actor.h"

static const struct field request_fields[] = {
    FIELD(struct request_row, county, OPTIONAL),
    FIELD(struct request_row, id, OPTIONAL),
    FIELD(struct request_row, code, OPTIONAL),
    FIELD(struct request_row, open, OPTIONAL),
    FIELD(struct request_row, status, OPTIONAL),
    FIELD(struct request_row, notes, OPTIONAL),
    FIELD(struct request_row, service, OPTIONAL),
    FIELD(struct request_row, says, OPTIONAL),
    FIELD(struct request_row, agency, OPTIONAL),
    FIELD(struct request_row, updated_ms, OPTIONAL),
    FIELD(struct request_row, changed_ms, OPTIONAL),
    FIELD_TIME(struct request_row, due_ms, OPTIONAL),
    FIELD(struct request_row, area, OPTIONAL),
    FIELD(struct request_row, address, OPTIONAL),
    FIELD(struct request_row, lat, OPTIONAL),
    FIELD(struct request_row, lng, OPTIONAL),
};
static const struct field update_fields[] = {
    FIELD(struct update_row, county, OPTIONAL), FIELD(struct update_row, seq, OPTIONAL),
    FIELD(struct update_row, id, OPTIONAL),     FIELD(struct update_row, at_ms, OPTIONAL),
    FIELD(struct update_row, status, OPTIONAL), FIELD(struct update_row, says, OPTIONAL),
};

static const struct stmt request_put = {
    .name = "open311_request_put",
    .sql = "INSERT INTO open311_requests (:names) VALUES (:values)"
           " ON CONFLICT (county, id) DO UPDATE SET open = excluded.open, status = "
           "excluded.status, notes = excluded.notes, says = excluded.says, agency = "
           "excluded.agency, updated_ms = excluded.updated_ms, changed_ms = "
           "excluded.changed_ms, due_ms = excluded.due_ms",
    DB_RECORD(request_fields),
};
static const struct stmt request_get = {
    .name = "open311_request_get",
    .sql = "SELECT :names FROM open311_requests WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(request_fields),
};
static const struct stmt request_drop = {
    .name = "open311_request_drop",
    .sql = "DELETE FROM open311_requests WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt update_put = {
    .name = "open311_update_put",
    .sql = "INSERT INTO open311_updates (:names) VALUES (:values)"
           " ON CONFLICT (county, seq) DO NOTHING",
    DB_RECORD(update_fields),
};
static const struct stmt update_page = {
    .name = "open311_update_page",
    .sql = "SELECT :names FROM open311_updates WHERE county = $1 AND at_ms >= $2"
           " AND at_ms <= $3 ORDER BY at_ms, seq LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(update_fields),
};
static const struct stmt update_drop = {
    .name = "open311_update_drop",
    .sql = "DELETE FROM open311_updates WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt heard_get = {
    .name = "open311_heard_get",
    .sql = "SELECT id AS n FROM open311_heard WHERE county = $1 AND account = $2"
           " AND name = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
    DB_NUMBER_ROW,
};
static const struct stmt heard_put = {
    .name = "open311_heard_put",
    .sql = "INSERT INTO open311_heard (county, account, name, id, said_ms)"
           " VALUES ($1, $2, $3, $4, $5)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
};
static const struct stmt heard_last = {
    .name = "open311_heard_last",
    .sql = "SELECT said_ms AS n FROM open311_heard WHERE county = $1 AND id = $2"
           " ORDER BY said_ms DESC LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};

/* ---------------------------------------------------------------- lists */

static const enum kind one_text[] = { KIND_TEXT };
static const enum kind one_int[] = { KIND_INT };
static const enum kind one_bool[] = { KIND_BOOL };

static const struct list_choice    codes[] = { { "", NULL, 0 },
                                               { " AND code = ?", one_text, 1 } };
static const struct list_choice    open_ones[] = { { "", NULL, 0 },
                                                   { " AND open = ?", one_bool, 1 } };
static const struct list_dimension dimensions[] = {
    { "code", codes, COUNT(codes) },
    { "open", open_ones, COUNT(open_ones) },
};
static const struct list_query pages = {
    .name = "open311_request_page",
    .head = "SELECT :names FROM open311_requests WHERE county = ?",
    .head_params = one_int,
    .nhead_params = 1,
    .dimensions = dimensions,
    .ndimensions = COUNT(dimensions),
    .tail = " AND id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
    .tail_params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT },
    .ntail_params = 3,
    DB_ROW(request_fields),
};

const struct stmts open311_stmts = {
    .all = (const struct stmt *const[]){ &request_put, &request_get, &request_drop,
                                         &update_put, &update_page, &update_drop,
                                         &heard_get, &heard_put, &heard_last, NULL },
    .lists = (const struct list_query *const[]){ &pages, NULL },
};

enum rc open311_put(struct op *op, const struct request_row *row)
{
    return db_put(op->db, &request_put, row, NULL);
}

enum rc open311_select(struct op *op, int64_t id, struct request_row *row)
{
    return db_one(op->db, op->arena, &request_get,
                  DB_VALUES(DB_INT(op->county), DB_INT(id)), row);
}

enum rc open311_delete(struct op *op, int64_t id)
{
    enum rc rc =
        db_run(op->db, &request_drop, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);

    if (rc == RC_OK)
        rc = db_run(op->db, &update_drop, DB_VALUES(DB_INT(op->county), DB_INT(id)), NULL);
    return rc;
}

enum rc open311_select_page(struct op *op, const struct request_page *page,
                            struct list *rows)
{
    size_t             choice[] = { page->code.at != NULL, !page->either };
    const struct stmt *stmt = list_pick(db_catalogue(op->db), &pages, choice);
    struct db_value    values[6];
    size_t             n = 0;

    values[n++] = DB_INT(op->county);
    if (page->code.at)
        values[n++] = DB_TEXT(page->code);
    if (!page->either)
        values[n++] = DB_BOOL(page->open);
    values[n++] = DB_INT(page->from_id);
    values[n++] = DB_INT(page->to_id);
    values[n++] = DB_INT((int64_t)page->most);
    return db_all(op->db, op->arena, stmt, values, n, sizeof(struct request_row),
                  page->most, rows);
}

enum rc open311_update_add(struct op *op, const struct update_row *row)
{
    return db_put(op->db, &update_put, row, NULL);
}

enum rc open311_updates_select(struct op *op, int64_t from_ms, int64_t to_ms, size_t most,
                               struct list *rows)
{
    return db_all(op->db, op->arena, &update_page,
                  DB_VALUES(DB_INT(op->county), DB_INT(from_ms), DB_INT(to_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct update_row), most, rows);
}

enum rc open311_heard_add(struct op *op, struct str name, int64_t id, int64_t said_ms)
{
    int64_t account = op->actor->account, before;

    enum rc rc =
        db_number(op->db, op->arena, &heard_get,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(name)), &before);
    if (rc != RC_NOT_FOUND)
        return rc == RC_OK ? RC_CONFLICT : rc;
    return db_run(op->db, &heard_put,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_TEXT(name), DB_INT(id),
                            DB_INT(said_ms)),
                  NULL);
}

enum rc open311_heard_newest(struct op *op, int64_t id, int64_t *said_ms)
{
    enum rc rc = db_number(op->db, op->arena, &heard_last,
                           DB_VALUES(DB_INT(op->county), DB_INT(id)), said_ms);

    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
