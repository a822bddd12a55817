#include "engine/notice/matter.h"
#include "engine/notice/notice.h"

#include "db/db.h"

#define M(member) FIELD(struct matter, member, OPTIONAL)
static const struct field matter_fields[] = {
    M(county), M(id),   FIELD_ID(struct matter, reporter, OPTIONAL), M(mark),  M(read_mark),
    M(day_ms), M(area), FIELD_ID(struct matter, org, OPTIONAL),      M(quick),
};

static const struct stmt put = {
    .name = "matter_put",
    .sql = "INSERT INTO matters (:names) VALUES (:values)"
           " ON CONFLICT (county, id) DO UPDATE SET :excluded",
    DB_RECORD(matter_fields),
    .nkeys = 2,
};
static const struct stmt by_id = {
    .name = "matter_by_id",
    .sql = "SELECT :names FROM matters WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(matter_fields),
};
static const struct stmt page = {
    .name = "matter_page",
    .sql = "SELECT :names FROM matters WHERE county = $1 AND reporter = $2"
           " AND mark < $3 ORDER BY mark DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT, KIND_INT),
    DB_ROW(matter_fields),
};
static const struct stmt unread = {
    .name = "matter_unread",
    .sql = "SELECT count(*) AS n FROM (SELECT id FROM matters WHERE county = $1"
           " AND reporter = $2 AND mark > read_mark LIMIT $3) AS news",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt set_read = {
    .name = "matter_set_read",
    .sql = "UPDATE matters SET read_mark = mark WHERE county = $1 AND id = $2"
           " AND reporter = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_ID),
};
/* All scopes at once: on PostgreSQL each statement is a journey. */
static const struct stmt count_day = {
    .name = "matter_count_day",
    .sql = "WITH scopes (scope) AS (VALUES ($5), ($6), ($7), ($8), ($9))"
           " INSERT INTO matter_days (county, scope, day_ms, reported, quick)"
           " SELECT $1, scope, $2, $3, $4 FROM scopes WHERE scope <> ''"
           " ON CONFLICT (county, scope, day_ms) DO UPDATE"
           " SET reported = matter_days.reported + excluded.reported,"
           " quick = matter_days.quick + excluded.quick",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT,
              KIND_TEXT, KIND_TEXT),
};
static const struct field count_fields[] = {
    FIELD(struct matter_count, reported, OPTIONAL),
    FIELD(struct matter_count, quick, OPTIONAL),
};
static const struct stmt sum = {
    .name = "matter_count_sum",
    .sql = "SELECT CAST(coalesce(sum(reported), 0) AS BIGINT) AS reported,"
           " CAST(coalesce(sum(quick), 0) AS BIGINT) AS quick FROM matter_days"
           " WHERE county = $1 AND scope = $2 AND day_ms >= $3 AND day_ms < $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(count_fields),
};

const struct stmts matter_stmts = {
    .all = (const struct stmt *const[]){ &put, &by_id, &page, &unread, &set_read,
                                         &count_day, &sum, NULL },
};

enum rc matter_put(struct op *op, const struct matter *matter)
{
    return db_put(op->db, &put, matter, NULL);
}

enum rc matter_select(struct op *op, int64_t id, struct matter *matter)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  matter);
}

enum rc matter_select_page(struct op *op, int64_t reporter, int64_t before, size_t most,
                           struct list *matters)
{
    return db_all(op->db, op->arena, &page,
                  DB_VALUES(DB_INT(op->county), DB_ID(reporter),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct matter), most, matters);
}

enum rc matter_count_unread(struct op *op, int64_t reporter, size_t most, int64_t *n)
{
    return db_number(op->db, op->arena, &unread,
                     DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_INT((int64_t)most)),
                     n);
}

enum rc matter_set_read(struct op *op, int64_t id, int64_t reporter)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &set_read,
               DB_VALUES(DB_INT(op->county), DB_INT(id), DB_ID(reporter)), &touched);
    return rc == RC_OK && !touched ? RC_NOT_FOUND : rc;
}

enum rc matter_count_day(struct op *op, const struct str scopes[MATTER_SCOPES],
                         int64_t day_ms, struct matter_count by)
{
    struct db_value values[4 + MATTER_SCOPES] = { DB_INT(op->county), DB_INT(day_ms),
                                                  DB_INT(by.reported), DB_INT(by.quick) };

    for (size_t i = 0; i < MATTER_SCOPES; i++)
        values[4 + i] = DB_TEXT(scopes[i].at ? scopes[i] : STR(""));
    return db_run(op->db, &count_day, values, COUNT(values), NULL);
}

enum rc matter_count_sum(struct op *op, struct str scope, int64_t from_ms, int64_t until_ms,
                         struct matter_count *count)
{
    return db_one(
        op->db, op->arena, &sum,
        DB_VALUES(DB_INT(op->county), DB_TEXT(scope), DB_INT(from_ms), DB_INT(until_ms)),
        count);
}
