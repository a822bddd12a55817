#include "engine/case/case_store.h"

#include "db/db.h"
#include "engine/case/case_acts.h"
#include "db/list.h"
#include "registry/area.h"

#define F(member) FIELD(struct case_row, member, OPTIONAL)

static const struct field row_fields[] = {
    F(county),
    F(id),
    F(number),
    F(scene),
    F(scene_version),
    F(kind),
    F(state),
    F(bucket),
    F(version),
    F(channel),
    F(title),
    F(category),
    F(urgent),
    F(fields),
    FIELD_BYTES(struct case_row, sealed, OPTIONAL),
    FIELD_ID(struct case_row, reporter, OPTIONAL),
    F(person),
    F(area),
    F(street),
    F(community),
    F(grid),
    F(lat),
    F(lng),
    F(cell),
    F(place),
    F(holder),
    F(before),
    F(duty),
    F(duty_area),
    F(supervised),
    F(opened_ms),
    FIELD_TIME(struct case_row, answered_ms, OPTIONAL),
    FIELD_TIME(struct case_row, closed_ms, OPTIONAL),
    F(clocks),
    FIELD_TIME(struct case_row, due_ms, OPTIONAL),
    F(due_clock),
    FIELD_TIME(struct case_row, paused_ms, OPTIONAL),
    F(pause_reason),
    FIELD_TIME(struct case_row, next_ms, OPTIONAL),
    F(sort_ms),
    F(stars),
    F(rating),
    F(photos),
    F(shielded),
};
enum { COLUMNS = 44 };
static_assert(COUNT(row_fields) == COLUMNS, "as many as the table has");

#define NAMES                                                                              \
    "county, id, number, scene, scene_version, kind, state, bucket, version, channel,"     \
    " title, category, urgent, fields, sealed, reporter, person, area, street, community," \
    " grid, lat, lng, cell, place, holder, before, duty, duty_area, supervised, "          \
    "opened_ms,"                                                                           \
    " answered_ms, closed_ms, clocks, due_ms, due_clock, paused_ms, pause_reason, "        \
    "next_ms,"                                                                             \
    " sort_ms, stars, rating, photos, shielded"

#define KINDS                                                                              \
    KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT,   \
        KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_BOOL, KIND_TEXT, KIND_BYTES,       \
        KIND_ID, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_REAL,          \
        KIND_REAL, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT,        \
        KIND_BOOL, KIND_INT, KIND_TIME, KIND_TIME, KIND_TEXT, KIND_TIME, KIND_TEXT,        \
        KIND_TIME, KIND_TEXT, KIND_TIME, KIND_INT, KIND_INT, KIND_TEXT, KIND_INT,          \
        KIND_BOOL

/* What a card shows, and what finds the next page: half of the columns, as reading one
 * costs more than finding the row. */
static const struct field card_row_fields[] = {
    F(id),           F(number),
    F(scene),        F(scene_version),
    F(kind),         F(state),
    F(bucket),       F(version),
    F(channel),      F(title),
    F(category),     F(urgent),
    F(fields),       FIELD_ID(struct case_row, reporter, OPTIONAL),
    F(area),         F(street),
    F(community),    F(grid),
    F(place),        F(holder),
    F(before),       F(supervised),
    F(opened_ms),    FIELD_TIME(struct case_row, due_ms, OPTIONAL),
    F(due_clock),    FIELD_TIME(struct case_row, paused_ms, OPTIONAL),
    F(pause_reason), F(sort_ms),
    F(stars),        F(photos),
    F(shielded),
};

#define CARD_NAMES                                                                         \
    "id, number, scene, scene_version, kind, state, bucket, version, channel, title,"      \
    " category, urgent, CASE WHEN photos > 0 THEN fields END AS fields, reporter, area,"   \
    " street, community, grid, place, holder, before, supervised, opened_ms, due_ms,"      \
    " due_clock, paused_ms, pause_reason, sort_ms, stars, photos, shielded"

struct number_row {
    int64_t n;
};
static const struct field number_fields[] = { FIELD(struct number_row, n, OPTIONAL) };
struct numbered {
    struct str number;
};
static const struct field numbered_fields[] = { FIELD(struct numbered, number, OPTIONAL) };
static const struct field count_fields[] = {
    FIELD(struct case_counted, area, OPTIONAL),
    FIELD(struct case_counted, bucket, OPTIONAL),
    FIELD(struct case_counted, n, OPTIONAL),
};
static const struct field day_fields[] = {
    FIELD(struct calendar_day, day, OPTIONAL),
    FIELD(struct calendar_day, works, OPTIONAL),
    FIELD(struct calendar_day, title, OPTIONAL),
};

static const struct stmt insert = {
    .name = "case_insert",
    .sql =
        "INSERT INTO cases (" NAMES
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
        " $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27,"
        " $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, "
        "$44)",
    .params = (const enum kind[]){ KINDS },
    .nparams = COLUMNS,
};
static const struct stmt by_id = {
    .name = "case_by_id",
    .sql = "SELECT " NAMES " FROM cases WHERE county = $1 AND id = $2",
    .params = (const enum kind[]){ KIND_INT, KIND_INT },
    .nparams = 2,
    .row = row_fields,
    .nrow = COLUMNS,
};
/* What can change of a case; its place, its words and its reporter cannot. */
static const struct stmt update = {
    .name = "case_update",
    .sql =
        "UPDATE cases SET state = $3, bucket = $4, version = $5, holder = $6, before = $7,"
        " duty = $8, duty_area = $9, supervised = $10, answered_ms = $11, closed_ms = $12,"
        " clocks = $13, due_ms = $14, due_clock = $15, paused_ms = $16, pause_reason = $17,"
        " next_ms = $18, sort_ms = $19, stars = $20, rating = $21, photos = $22"
        " WHERE county = $1 AND id = $2 AND version = $5 - 1",
    .params = (const enum kind[]){ KIND_INT,  KIND_INT,  KIND_TEXT, KIND_TEXT, KIND_INT,
                                   KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_BOOL,
                                   KIND_TIME, KIND_TIME, KIND_TEXT, KIND_TIME, KIND_TEXT,
                                   KIND_TIME, KIND_TEXT, KIND_TIME, KIND_INT,  KIND_INT,
                                   KIND_TEXT, KIND_INT },
    .nparams = 22,
};
/* Digits sort before ":".  The first row is the one, unless the clock stepped back over
 * midnight. */
static const struct stmt last_number = {
    .name = "case_last_number",
    .sql = "SELECT number FROM cases WHERE county = $1 AND id >= $2 AND number > $3"
           " AND number < $4 ORDER BY id DESC LIMIT 1",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT },
    .nparams = 4,
    .row = numbered_fields,
    .nrow = COUNT(numbered_fields),
};
/* Across counties: the timer's question, answered by a partial index. */
static const struct stmt due = {
    .name = "case_due",
    .sql = "SELECT id AS n FROM cases WHERE next_ms IS NOT NULL AND next_ms <= $1"
           " ORDER BY next_ms LIMIT $2",
    .params = (const enum kind[]){ KIND_INT, KIND_INT },
    .nparams = 2,
    .row = number_fields,
    .nrow = COUNT(number_fields),
};
static const struct stmt mine = {
    .name = "case_mine",
    .sql = "SELECT " CARD_NAMES " FROM cases WHERE county = $1 AND reporter = $2"
           " AND id < $3 ORDER BY id DESC LIMIT $4",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT },
    .nparams = 4,
    .row = card_row_fields,
    .nrow = COUNT(card_row_fields),
};
static const struct stmt in_cell = {
    .name = "case_in_cell",
    .sql = "SELECT " NAMES " FROM cases WHERE county = $1 AND cell = $2 AND id > $3"
           " ORDER BY id DESC LIMIT $4",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT },
    .nparams = 4,
    .row = row_fields,
    .nrow = COLUMNS,
};

/* ---------------------------------------------------------------- lists */

static const enum kind one_text[] = { KIND_TEXT };
static const enum kind one_int[] = { KIND_INT };
static const enum kind sort_and_id[] = { KIND_INT, KIND_INT, KIND_INT };

static const struct list_choice scopes[] = {
    [SCOPE_COUNTY] = { "", NULL, 0 },
    [SCOPE_STREET] = { " AND street = ?", one_text, 1 },
    [SCOPE_COMMUNITY] = { " AND community = ?", one_text, 1 },
    [SCOPE_GRID] = { " AND grid = ?", one_text, 1 },
    [SCOPE_HOLDER] = { " AND holder = ?", one_text, 1 },
};
static const struct list_choice buckets[] = { { " AND bucket = ?", one_text, 1 } };
static const struct list_choice lateness[] = { { "", NULL, 0 },
                                               { " AND sort_ms < ?", one_int, 1 } };
static const struct list_choice categories[] = { { "", NULL, 0 },
                                                 { " AND category = ?", one_text, 1 } };
/* A cursor names both keys, so that equal times neither repeat nor skip. */
static const struct list_choice orders[] = {
    { " ORDER BY sort_ms, id", NULL, 0 },
    { " AND sort_ms >= ? AND (sort_ms > ? OR id > ?) ORDER BY sort_ms, id", sort_and_id,
      3 },
    { " ORDER BY sort_ms DESC, id DESC", NULL, 0 },
    { " AND sort_ms <= ? AND (sort_ms < ? OR id < ?) ORDER BY sort_ms DESC, id DESC",
      sort_and_id, 3 },
};
enum { ORDER_FIRST, ORDER_AFTER, ORDER_NEWEST, ORDER_NEWEST_AFTER };

static bool keep(const size_t *choice)
{
    return !(choice[2] && choice[4] >= ORDER_NEWEST); /* what has ended is not late */
}

static const struct list_dimension dimensions[] = {
    { "scope", scopes, COUNT(scopes) },    { "bucket", buckets, COUNT(buckets) },
    { "late", lateness, COUNT(lateness) }, { "category", categories, COUNT(categories) },
    { "order", orders, COUNT(orders) },
};
static const struct list_query pages = {
    .name = "case_page",
    .head = "SELECT " CARD_NAMES " FROM cases WHERE county = ?",
    .head_params = one_int,
    .nhead_params = 1,
    .dimensions = dimensions,
    .ndimensions = COUNT(dimensions),
    .tail = " LIMIT ?",
    .tail_params = one_int,
    .ntail_params = 1,
    .row = card_row_fields,
    .nrow = COUNT(card_row_fields),
    .keep = keep,
};

/* Enough to say that there are many. */
static const struct list_dimension late_dimensions[] = {
    { "scope", scopes, COUNT(scopes) },
    { "bucket", buckets, COUNT(buckets) },
};
static const struct list_query late_ones = {
    .name = "case_count_late",
    .head = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM cases WHERE county = ?",
    .head_params = one_int,
    .nhead_params = 1,
    .dimensions = late_dimensions,
    .ndimensions = COUNT(late_dimensions),
    .tail = " AND sort_ms < ? LIMIT ?) AS late",
    .tail_params = (const enum kind[]){ KIND_INT, KIND_INT },
    .ntail_params = 2,
    .row = number_fields,
    .nrow = COUNT(number_fields),
};
static const struct stmt held = {
    .name = "case_count_held",
    .sql = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM cases WHERE county = $1"
           " AND holder = $2 AND bucket IN ('waiting', 'handling') LIMIT $3) AS held",
    .params = (const enum kind[]){ KIND_INT, KIND_TEXT, KIND_INT },
    .nparams = 3,
    .row = number_fields,
    .nrow = COUNT(number_fields),
};

/* One case more or less, in its community and in its grid. */
static const struct stmt counted_add = {
    .name = "case_counted_add",
    .sql = "INSERT INTO case_counts (county, level, area, bucket, n)"
           " VALUES ($1, 5, $2, $4, $5), ($1, 6, $3, $4, $5)"
           " ON CONFLICT (county, level, area, bucket) DO UPDATE"
           " SET n = case_counts.n + excluded.n",
    .params = (const enum kind[]){ KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT },
    .nparams = 5,
};
static const struct stmt counted = {
    .name = "case_counted",
    .sql = "SELECT area, bucket, n FROM case_counts WHERE county = $1 AND level = $2"
           " AND area >= $3 AND area < $4 ORDER BY area LIMIT $5",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT },
    .nparams = 5,
    .row = count_fields,
    .nrow = COUNT(count_fields),
};
/* Counted up to so many: more is not asked. */
static const struct stmt since = {
    .name = "case_count_since",
    .sql = "SELECT count(*) AS n FROM (SELECT id FROM cases WHERE county = $1"
           " AND reporter = $2 AND id >= $3 LIMIT $4) AS today",
    .params = (const enum kind[]){ KIND_INT, KIND_ID, KIND_INT, KIND_INT },
    .nparams = 4,
    .row = number_fields,
    .nrow = COUNT(number_fields),
};
static const struct stmt blank = {
    .name = "case_blank",
    .sql = "UPDATE cases SET title = $3, fields = '{}', sealed = NULL, person = 0,"
           " reporter = NULL, lat = 0, lng = 0, cell = 0, place = '', rating = '',"
           " photos = 0, shielded = 0, version = version + 1"
           " WHERE county = $1 AND reporter = $2",
    .params = (const enum kind[]){ KIND_INT, KIND_ID, KIND_TEXT },
    .nparams = 3,
};
static const struct stmt mark_shielded = {
    .name = "case_mark_shielded",
    .sql = "UPDATE cases SET shielded = $3 WHERE county = $1 AND reporter = $2",
    .params = (const enum kind[]){ KIND_INT, KIND_ID, KIND_BOOL },
    .nparams = 3,
};
static const struct stmt calendar = {
    .name = "case_calendar",
    .sql = "SELECT day, works, title FROM calendar_days WHERE county = $1 AND day >= $2"
           " AND day <= $3 ORDER BY day",
    .params = (const enum kind[]){ KIND_INT, KIND_TEXT, KIND_TEXT },
    .nparams = 3,
    .row = day_fields,
    .nrow = COUNT(day_fields),
};
static const struct stmt calendar_put = {
    .name = "case_calendar_put",
    .sql = "INSERT INTO calendar_days (county, day, works, title) VALUES ($1, $2, $3, $4)"
           " ON CONFLICT (county, day) DO UPDATE SET works = excluded.works,"
           " title = excluded.title",
    .params = (const enum kind[]){ KIND_INT, KIND_TEXT, KIND_BOOL, KIND_TEXT },
    .nparams = 4,
};

const struct stmts case_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &update, &last_number, &due,
                                         &mine, &in_cell, &held, &since, &blank,
                                         &mark_shielded, &counted_add, &counted, &calendar,
                                         &calendar_put, NULL },
    .lists = (const struct list_query *const[]){ &pages, &late_ones, NULL },
};

/* What has ended is not counted: nobody asks, and it would never stop growing. */
static enum rc count_case(struct op *op, const struct case_row *row, struct str bucket,
                          int64_t n)
{
    struct str community = area_at_level(row->area, LEVEL_COMMUNITY);

    if (!bucket.len || str_eq(bucket, STR("ended")))
        return RC_OK;
    return db_run(op->db, &counted_add,
                  DB_VALUES(DB_INT(row->county),
                            DB_TEXT(community.at ? community : row->area),
                            DB_TEXT(row->area), DB_TEXT(bucket), DB_INT(n)),
                  NULL);
}

enum rc case_insert(struct op *op, const struct case_row *row)
{
    enum rc rc = db_put(op->db, &insert, row_fields, COLUMNS, row);

    return rc == RC_OK ? count_case(op, row, row->bucket, 1) : rc;
}

enum rc case_select(struct op *op, int64_t id, struct case_row *row)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  row);
}

enum rc case_count_since(struct op *op, int64_t reporter, int64_t since_id, int64_t most,
                         int64_t *n)
{
    struct number_row row = { 0 };

    enum rc rc = db_one(
        op->db, op->arena, &since,
        DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_INT(since_id), DB_INT(most)),
        &row);
    *n = row.n;
    return rc;
}

enum rc case_blank(struct op *op, int64_t reporter, struct str title)
{
    return db_run(op->db, &blank,
                  DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_TEXT(title)), NULL);
}

enum rc case_mark_shielded(struct op *op, int64_t reporter, bool shielded)
{
    return db_run(op->db, &mark_shielded,
                  DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_BOOL(shielded)), NULL);
}

enum rc case_update(struct op *op, const struct case_row *row, struct str was)
{
    int64_t touched = 0;

    enum rc rc = db_run(
        op->db, &update,
        DB_VALUES(DB_INT(row->county), DB_INT(row->id), DB_TEXT(row->state),
                  DB_TEXT(row->bucket), DB_INT(row->version), DB_TEXT(row->holder),
                  DB_TEXT(row->before), DB_TEXT(row->duty), DB_TEXT(row->duty_area),
                  DB_BOOL(row->supervised), DB_TIME(row->answered_ms),
                  DB_TIME(row->closed_ms), DB_TEXT(row->clocks), DB_TIME(row->due_ms),
                  DB_TEXT(row->due_clock), DB_TIME(row->paused_ms),
                  DB_TEXT(row->pause_reason), DB_TIME(row->next_ms), DB_INT(row->sort_ms),
                  DB_INT(row->stars), DB_TEXT(row->rating), DB_INT(row->photos)),
        &touched);
    if (rc == RC_OK && touched == 0)
        rc = RC_NOT_FOUND;
    if (rc != RC_OK || str_eq(row->bucket, was))
        return rc;
    rc = count_case(op, row, was, -1);
    return rc == RC_OK ? count_case(op, row, row->bucket, 1) : rc;
}

static struct str without_zeros(struct str digits)
{
    while (digits.len > 1 && digits.at[0] == '0')
        digits = str_skip(digits, 1);
    return digits;
}

enum rc case_last_number(struct op *op, int64_t midnight_ms, struct str day,
                         int64_t *number)
{
    int64_t first =
        id_floor(op->county, midnight_ms > ID_EPOCH_MS ? midnight_ms : ID_EPOCH_MS);
    struct str      past = str_fmt(op->arena, "%.*s:", STR_ARG(day));
    struct numbered row;

    *number = 0;
    enum rc rc = db_one(
        op->db, op->arena, &last_number,
        DB_VALUES(DB_INT(op->county), DB_INT(first), DB_TEXT(day), DB_TEXT(past)), &row);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return str_int64(without_zeros(str_skip(row.number, day.len)), number) ? RC_OK
                                                                           : RC_INTERNAL;
}

enum rc case_select_due(struct op *op, size_t most, struct list *ids)
{
    return db_all(op->db, op->arena, &due,
                  DB_VALUES(DB_INT(op->now_ms), DB_INT((int64_t)most)),
                  sizeof(struct number_row), most, ids);
}

enum { PAGE_VALUES_MAX = 9 };

enum rc case_select_page(struct op *op, const struct case_page *page, struct list *rows)
{
    bool            after = page->after_sort || page->after_id;
    struct db_value values[PAGE_VALUES_MAX];
    size_t          n = 0;
    size_t          choice[] = {
                 page->scope,
                 0,
                 page->late,
                 page->category.at != NULL,
                 (size_t)(page->newest_first ? ORDER_NEWEST : ORDER_FIRST) + after,
    };

    values[n++] = DB_INT(op->county);
    if (page->scope != SCOPE_COUNTY)
        values[n++] = DB_TEXT(page->within);
    values[n++] = DB_TEXT(page->bucket);
    if (page->late)
        values[n++] = DB_INT(op->now_ms);
    if (page->category.at)
        values[n++] = DB_TEXT(page->category);
    if (after) {
        values[n++] = DB_INT(page->after_sort);
        values[n++] = DB_INT(page->after_sort);
        values[n++] = DB_INT(page->after_id);
    }
    values[n++] = DB_INT((int64_t)page->most);
    return db_all(op->db, op->arena, list_pick(db_catalogue(op->db), &pages, choice),
                  values, n, sizeof(struct case_row), page->most, rows);
}

enum rc case_select_mine(struct op *op, int64_t reporter, int64_t before_id, size_t most,
                         struct list *rows)
{
    return db_all(op->db, op->arena, &mine,
                  DB_VALUES(DB_INT(op->county), DB_INT(reporter),
                            DB_INT(before_id ? before_id : INT64_MAX),
                            DB_INT((int64_t)most)),
                  sizeof(struct case_row), most, rows);
}

enum rc case_select_cell(struct op *op, int64_t cell, int64_t since_id, size_t most,
                         struct list *rows)
{
    return db_all(op->db, op->arena, &in_cell,
                  DB_VALUES(DB_INT(op->county), DB_INT(cell), DB_INT(since_id),
                            DB_INT((int64_t)most)),
                  sizeof(struct case_row), most, rows);
}

enum rc case_count_late(struct op *op, enum case_scope scope, struct str within,
                        struct str bucket, int64_t *n)
{
    struct number_row row = { 0 };
    struct db_value   values[5];
    size_t            nvalues = 0, choice[] = { scope, 0 };

    values[nvalues++] = DB_INT(op->county);
    if (scope != SCOPE_COUNTY)
        values[nvalues++] = DB_TEXT(within);
    values[nvalues++] = DB_TEXT(bucket);
    values[nvalues++] = DB_INT(op->now_ms);
    values[nvalues++] = DB_INT(CASES_COUNTED);
    enum rc rc =
        db_one(op->db, op->arena, list_pick(db_catalogue(op->db), &late_ones, choice),
               values, nvalues, &row);
    *n = row.n;
    return rc;
}

/* Digits sort before ":". */
enum rc case_counts(struct op *op, struct str area, struct list *counts)
{
    int64_t    level = area.len < 12 ? LEVEL_COMMUNITY : LEVEL_GRID;
    struct str past = str_fmt(op->arena, "%.*s:", STR_ARG(area));

    return db_all(op->db, op->arena, &counted,
                  DB_VALUES(DB_INT(op->county), DB_INT(level), DB_TEXT(area), DB_TEXT(past),
                            DB_INT(COUNTS_MAX)),
                  sizeof(struct case_counted), COUNTS_MAX, counts);
}

enum rc case_count_held(struct op *op, struct str holder, int64_t *open)
{
    struct number_row row = { 0 };

    enum rc rc =
        db_one(op->db, op->arena, &held,
               DB_VALUES(DB_INT(op->county), DB_TEXT(holder), DB_INT(CASES_COUNTED)), &row);
    *open = row.n;
    return rc;
}

enum rc calendar_select(struct op *op, struct str from, struct str to, struct list *days)
{
    return db_all(op->db, op->arena, &calendar,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(from), DB_TEXT(to)),
                  sizeof(struct calendar_day), 400, days);
}

enum rc calendar_upsert(struct op *op, struct str day, bool works, struct str title)
{
    return db_run(
        op->db, &calendar_put,
        DB_VALUES(DB_INT(op->county), DB_TEXT(day), DB_BOOL(works), DB_TEXT(title)), NULL);
}
