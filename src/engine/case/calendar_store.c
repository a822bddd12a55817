#include "engine/case/calendar_store.h"

#include "db/db.h"
#include "engine/case/case_acts.h"

static const struct field calendar_fields[] = {
    FIELD(struct kept_calendar, name, OPTIONAL),
    FIELD(struct kept_calendar, title, OPTIONAL),
    FIELD(struct kept_calendar, source, OPTIONAL),
    FIELD(struct kept_calendar, first, OPTIONAL),
    FIELD(struct kept_calendar, last, OPTIONAL),
    FIELD_TIME(struct kept_calendar, loaded, OPTIONAL),
};
static const struct field week_fields[] = {
    FIELD(struct kept_week, weekday, OPTIONAL),
    FIELD(struct kept_week, hours, OPTIONAL),
};
static const struct field day_fields[] = {
    FIELD(struct kept_day, day, OPTIONAL),
    FIELD(struct kept_day, works, OPTIONAL),
    FIELD(struct kept_day, title, OPTIONAL),
    FIELD(struct kept_day, hours, OPTIONAL),
};
static const struct field recount_fields[] = {
    FIELD(struct recount, county, OPTIONAL),
    FIELD(struct recount, after_ms, OPTIONAL),
    FIELD(struct recount, after_id, OPTIONAL),
};
static const enum kind county_param[] = { KIND_INT };

static const struct stmt calendars_all = {
    .name = "calendars_all",
    .sql = "SELECT name, title, source, first, last, loaded_ms AS loaded FROM calendars"
           " WHERE county = $1 ORDER BY name LIMIT 50",
    .params = county_param,
    .nparams = 1,
    DB_ROW(calendar_fields),
};
static const struct stmt calendar_put = {
    .name = "calendar_put",
    .sql = "INSERT INTO calendars (county, name, title, source, first, last, loaded_ms)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (county, name) DO UPDATE SET"
           " title = excluded.title, source = excluded.source, first = excluded.first,"
           " last = excluded.last, loaded_ms = excluded.loaded_ms",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT),
};
static const struct stmt week_all = {
    .name = "calendar_week_all",
    .sql = "SELECT weekday, hours FROM calendar_week WHERE county = $1 ORDER BY weekday",
    .params = county_param,
    .nparams = 1,
    DB_ROW(week_fields),
};
static const struct stmt week_put = {
    .name = "calendar_week_put",
    .sql = "INSERT INTO calendar_week (county, weekday, hours) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, weekday) DO UPDATE SET hours = excluded.hours",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
static const struct stmt days_from = {
    .name = "calendar_days_from",
    .sql = "SELECT :names FROM calendar_days WHERE county = $1"
           " AND day >= $2 ORDER BY day LIMIT 4000",
    DB_PARAMS(KIND_INT, KIND_TEXT),
    DB_ROW(day_fields),
};
static const struct stmt days_drop = {
    .name = "calendar_days_drop",
    .sql = "DELETE FROM calendar_days WHERE county = $1 AND day >= $2 AND day <= $3",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT),
};
static const struct stmt day_put = {
    .name = "calendar_day_put",
    .sql = "INSERT INTO calendar_days (county, day, works, title, hours)"
           " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (county, day) DO UPDATE SET"
           " works = excluded.works, title = excluded.title, hours = excluded.hours",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_BOOL, KIND_TEXT, KIND_TEXT),
};
/* A row for each of at most 4,096 counties, and only while one is being looked at. */
static const struct stmt recounts_all = {
    .name = "calendar_recounts_all",
    .sql = "SELECT :names FROM calendar_recounts ORDER BY county"
           " LIMIT 64",
    DB_ROW(recount_fields),
};
static const struct stmt recount_of = {
    .name = "calendar_recount_of",
    .sql = "SELECT :names FROM calendar_recounts WHERE county = $1",
    .params = county_param,
    .nparams = 1,
    DB_ROW(recount_fields),
};
static const struct stmt recount_put = {
    .name = "calendar_recount_put",
    .sql = "INSERT INTO calendar_recounts (county, after_ms, after_id) VALUES ($1, $2, $3)"
           " ON CONFLICT (county) DO UPDATE SET after_ms = excluded.after_ms,"
           " after_id = excluded.after_id",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt recount_drop = {
    .name = "calendar_recount_drop",
    .sql = "DELETE FROM calendar_recounts WHERE county = $1",
    .params = county_param,
    .nparams = 1,
};

const struct stmts calendar_stmts = {
    .all =
        (const struct stmt *const[]){ &calendars_all, &calendar_put, &week_all, &week_put,
                                      &days_from, &days_drop, &day_put, &recounts_all,
                                      &recount_of, &recount_put, &recount_drop, NULL },
};

enum rc calendars_select(struct op *op, struct list *kept)
{
    return db_all(op->db, op->arena, &calendars_all, DB_VALUES(DB_INT(op->county)),
                  sizeof(struct kept_calendar), CALENDARS_MAX, kept);
}

enum rc calendar_upsert(struct op *op, const struct kept_calendar *kept)
{
    return db_run(op->db, &calendar_put,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(kept->name), DB_TEXT(kept->title),
                            DB_TEXT(kept->source), DB_TEXT(kept->first),
                            DB_TEXT(kept->last), DB_INT(kept->loaded)),
                  NULL);
}

enum rc week_select(struct op *op, struct list *weekdays)
{
    return db_all(op->db, op->arena, &week_all, DB_VALUES(DB_INT(op->county)),
                  sizeof(struct kept_week), 7, weekdays);
}

enum rc week_upsert(struct op *op, int64_t weekday, struct str hours)
{
    return db_run(op->db, &week_put,
                  DB_VALUES(DB_INT(op->county), DB_INT(weekday), DB_TEXT(hours)), NULL);
}

enum rc days_select(struct op *op, struct str from, struct list *days)
{
    return db_all(op->db, op->arena, &days_from,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(from)), sizeof(struct kept_day),
                  KEPT_DAYS_MAX, days);
}

enum rc days_delete(struct op *op, struct str first, struct str last)
{
    return db_run(op->db, &days_drop,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(first), DB_TEXT(last)), NULL);
}

enum rc day_upsert(struct op *op, const struct kept_day *day)
{
    return db_run(op->db, &day_put,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(day->day), DB_BOOL(day->works),
                            DB_TEXT(day->title), DB_TEXT(day->hours)),
                  NULL);
}

enum rc recounts_select(struct op *op, struct list *recounts)
{
    return db_all(op->db, op->arena, &recounts_all, DB_NONE, sizeof(struct recount),
                  RECOUNTS_MAX, recounts);
}

enum rc recount_select(struct op *op, struct recount *recount)
{
    return db_one(op->db, op->arena, &recount_of, DB_VALUES(DB_INT(op->county)), recount);
}

enum rc recount_upsert(struct op *op, const struct recount *recount)
{
    return db_run(
        op->db, &recount_put,
        DB_VALUES(DB_INT(op->county), DB_INT(recount->after_ms), DB_INT(recount->after_id)),
        NULL);
}

enum rc recount_delete(struct op *op)
{
    return db_run(op->db, &recount_drop, DB_VALUES(DB_INT(op->county)), NULL);
}
