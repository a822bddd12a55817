#include "engine/case/case_store.h"

#include "base/area.h"
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
    F(parts_open),
    F(first_id),
    F(linked),
    F(me_too),
    F(supplements),
};
/* What a card shows, and what finds the next page and answers a filter: half of the
 * columns, as reading one costs more than finding the row. */
static const struct field card_row_fields[] = {
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
    FIELD_ID(struct case_row, reporter, OPTIONAL),
    F(area),
    F(lat),
    F(lng),
    F(place),
    F(holder),
    F(before),
    F(supervised),
    F(opened_ms),
    FIELD_TIME(struct case_row, due_ms, OPTIONAL),
    F(due_clock),
    FIELD_TIME(struct case_row, paused_ms, OPTIONAL),
    F(pause_reason),
    F(sort_ms),
    F(stars),
    F(photos),
    F(shielded),
    F(parts_open),
    F(first_id),
};

#define CARD_NAMES CARD_NAMES_BY("sort_ms")
#define CARD_NAMES_BY(sort)                                                                \
    "id, number, scene, scene_version, kind, cases.state, bucket, version, channel, "      \
    "title,"                                                                               \
    " category, urgent, CASE WHEN photos > 0 THEN fields END AS fields, reporter, area,"   \
    " lat, lng,"                                                                           \
    " place, cases.holder, before, supervised, opened_ms, cases.due_ms, due_clock,"        \
    " paused_ms, pause_reason, " sort ", stars, photos, shielded, parts_open, "            \
    "first_id"

struct numbered {
    struct str number;
};
static const struct field numbered_fields[] = { FIELD(struct numbered, number, OPTIONAL) };
static const struct field count_fields[] = {
    FIELD(struct case_counted, area, OPTIONAL),
    FIELD(struct case_counted, bucket, OPTIONAL),
    FIELD(struct case_counted, n, OPTIONAL),
};
static const struct field due_fields[] = {
    FIELD(struct due_case, next_ms, OPTIONAL),
    FIELD(struct due_case, id, OPTIONAL),
};

static const struct stmt insert = {
    .name = "case_insert",
    .sql = "INSERT INTO cases (:names) VALUES (:values)",
    DB_RECORD(row_fields),
};
static const struct stmt by_id = {
    .name = "case_by_id",
    .sql = "SELECT :names FROM cases WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
/* What every move may change of a case; its words and its reporter never change. */
static const struct field update_fields[] = {
    F(county),
    F(id),
    F(state),
    F(bucket),
    F(version),
    F(holder),
    F(before),
    F(duty),
    F(duty_area),
    F(supervised),
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
    F(parts_open),
    F(first_id),
    F(supplements),
};
static const struct stmt update = {
    .name = "case_update",
    .sql = "UPDATE cases SET :sets WHERE county = $1 AND id = $2 AND version = $5 - 1",
    DB_RECORD(update_fields),
    .nkeys = 2,
};
/* Put right: what it is about, and where. */
static const struct field refile_fields[] = {
    F(county), F(id),        F(title), F(category), F(urgent), F(fields), F(area),
    F(street), F(community), F(grid),  F(lat),      F(lng),    F(cell),   F(place),
};
static const struct stmt refile = {
    .name = "case_refile",
    .sql = "UPDATE cases SET :sets WHERE county = $1 AND id = $2",
    DB_RECORD(refile_fields),
    .nkeys = 2,
};
/* Digits sort before ":".  The first row is the one, unless the clock stepped back over
 * midnight. */
static const struct stmt last_number = {
    .name = "case_last_number",
    .sql = "SELECT number FROM cases WHERE county = $1 AND id >= $2 AND number > $3"
           " AND number < $4 ORDER BY id DESC LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(numbered_fields),
};
/* Across counties: the timer's question, answered by a partial index. */
static const struct stmt due = {
    .name = "case_due",
    .sql = "SELECT next_ms, id FROM cases WHERE next_ms IS NOT NULL AND next_ms <= $1"
           " AND next_ms >= $2 AND (next_ms > $2 OR id > $3) ORDER BY next_ms, id LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(due_fields),
};
static const struct field retime_fields[] = {
    F(county),    F(id),
    F(clocks),    FIELD_TIME(struct case_row, due_ms, OPTIONAL),
    F(due_clock), FIELD_TIME(struct case_row, next_ms, OPTIONAL),
    F(sort_ms),
};
static const struct stmt retime = {
    .name = "case_retime",
    .sql = "UPDATE cases SET :sets WHERE county = $1 AND id = $2",
    DB_RECORD(retime_fields),
    .nkeys = 2,
};
static const struct stmt mine = {
    .name = "case_mine",
    .sql = "SELECT " CARD_NAMES " FROM cases WHERE county = $1 AND reporter = $2"
           " AND id < $3 ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(card_row_fields),
};
static const struct stmt in_cell = {
    .name = "case_in_cell",
    .sql = "SELECT :names FROM cases WHERE county = $1 AND cell = $2 AND id > $3"
           " ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};
enum { CARDS_AT_ONCE = 16 };
static const enum kind   seventeen[] = { KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT,
                                         KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT,
                                         KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT,
                                         KIND_INT, KIND_INT };
static const struct stmt cards = {
    .name = "case_cards",
    .sql = "SELECT " CARD_NAMES " FROM cases WHERE county = $1 AND id IN ($2, $3, $4, $5,"
           " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    .params = seventeen,
    .nparams = 1 + CARDS_AT_ONCE,
    DB_ROW(card_row_fields),
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
    DB_ROW(card_row_fields),
    .keep = keep,
};

/* Cases of which somebody has an open part, in the order in which these are due. */
static const struct list_choice part_lateness[] = {
    { "", NULL, 0 }, { " AND case_parts.due_ms < ?", one_int, 1 }
};
#define BY_PART " ORDER BY case_parts.due_ms, case_parts.case_id"
static const struct list_choice part_orders[] = {
    { BY_PART, NULL, 0 },
    { " AND case_parts.due_ms >= ? AND (case_parts.due_ms > ? OR case_parts.case_id > "
      "?)" BY_PART,
      sort_and_id, 3 },
};
static const struct list_dimension part_dimensions[] = {
    { "late", part_lateness, COUNT(part_lateness) },
    { "order", part_orders, COUNT(part_orders) },
};
static const struct list_query part_pages = {
    .name = "case_page_of_parts",
    .head = "SELECT " CARD_NAMES_BY(
        "case_parts.due_ms AS sort_ms") " FROM case_parts JOIN cases ON cases.county = "
                                        "case_parts.county"
                                        " AND cases.id = case_parts.case_id WHERE "
                                        "case_parts.county = ?"
                                        " AND case_parts.state = 'open' AND "
                                        "case_parts.holder = ?",
    .head_params = (const enum kind[]){ KIND_INT, KIND_TEXT },
    .nhead_params = 2,
    .dimensions = part_dimensions,
    .ndimensions = COUNT(part_dimensions),
    .tail = " LIMIT ?",
    .tail_params = one_int,
    .ntail_params = 1,
    DB_ROW(card_row_fields),
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
    DB_NUMBER_ROW,
};
static const struct field load_fields[] = {
    FIELD(struct case_load, open, OPTIONAL),
    FIELD(struct case_load, late, OPTIONAL),
};
static const struct stmt held = {
    .name = "case_count_held",
    .sql = "SELECT count(*) AS open, CAST(coalesce(sum(is_late), 0) AS BIGINT) AS late FROM"
           " (SELECT CASE WHEN sort_ms < $4 THEN 1 ELSE 0 END AS is_late FROM cases"
           " WHERE county = $1 AND holder = $2 AND bucket IN ('waiting', 'handling')"
           " LIMIT $3) AS held",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(load_fields),
};

/* One case more or less, in its community and in its grid. */
static const struct stmt counted_add = {
    .name = "case_counted_add",
    .sql = "INSERT INTO case_counts (county, level, area, bucket, n)"
           " VALUES ($1, 5, $2, $4, $5), ($1, 6, $3, $4, $5)"
           " ON CONFLICT (county, level, area, bucket) DO UPDATE"
           " SET n = case_counts.n + excluded.n",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT),
};
static const struct stmt counted = {
    .name = "case_counted",
    .sql = "SELECT :names FROM case_counts WHERE county = $1 AND level = $2"
           " AND area >= $3 AND area < $4 ORDER BY area LIMIT $5",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_ROW(count_fields),
};
/* Counted up to so many: more is not asked. */
static const struct stmt since = {
    .name = "case_count_since",
    .sql = "SELECT count(*) AS n FROM (SELECT id FROM cases WHERE county = $1"
           " AND reporter = $2 AND id >= $3 LIMIT $4) AS today",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt blank = {
    .name = "case_blank",
    .sql = "UPDATE cases SET title = $3, fields = '{}', sealed = NULL, person = 0,"
           " reporter = NULL, lat = 0, lng = 0, cell = 0, place = '', rating = '',"
           " photos = 0, shielded = 0, version = version + 1"
           " WHERE county = $1 AND reporter = $2",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_TEXT),
};
static const struct stmt mark_shielded = {
    .name = "case_mark_shielded",
    .sql = "UPDATE cases SET shielded = $3 WHERE county = $1 AND reporter = $2",
    DB_PARAMS(KIND_INT, KIND_ID, KIND_BOOL),
};
static const struct stmt wake_held = {
    .name = "case_wake_held",
    .sql = "UPDATE cases SET next_ms = $3 WHERE county = $1 AND holder = $2"
           " AND bucket IN ('waiting', 'handling', 'answered')",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT),
};
const struct stmts case_stmts = {
    .all = (const struct stmt *const[]){ &insert, &by_id, &update, &refile, &last_number,
                                         &due, &mine, &cards, &in_cell, &held, &since,
                                         &blank, &mark_shielded, &counted_add, &counted,
                                         &retime, &wake_held, NULL },
    .lists = (const struct list_query *const[]){ &pages, &part_pages, &late_ones, NULL },
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
    enum rc rc = db_put(op->db, &insert, row, NULL);

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
    return db_number(
        op->db, op->arena, &since,
        DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_INT(since_id), DB_INT(most)), n);
}

enum rc case_blank(struct op *op, int64_t reporter, struct str title)
{
    return db_run(op->db, &blank,
                  DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_TEXT(title)), NULL);
}

enum rc case_wake_held(struct op *op, struct str holder)
{
    return db_run(op->db, &wake_held,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(holder), DB_INT(op->now_ms)), NULL);
}

enum rc case_mark_shielded(struct op *op, int64_t reporter, bool shielded)
{
    return db_run(op->db, &mark_shielded,
                  DB_VALUES(DB_INT(op->county), DB_ID(reporter), DB_BOOL(shielded)), NULL);
}

enum rc case_update(struct op *op, const struct case_row *row, struct str was)
{
    enum rc rc = db_put_one(op->db, &update, row);

    if (rc != RC_OK || str_eq(row->bucket, was))
        return rc;
    rc = count_case(op, row, was, -1);
    return rc == RC_OK ? count_case(op, row, row->bucket, 1) : rc;
}

/* Counted where it was no more; case_update() counts it where it is. */
enum rc case_refile(struct op *op, const struct case_row *row, const struct case_row *old)
{
    enum rc rc = db_put(op->db, &refile, row, NULL);

    return rc == RC_OK ? count_case(op, old, old->bucket, -1) : rc;
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

enum rc case_retime(struct op *op, const struct case_row *row)
{
    return db_put(op->db, &retime, row, NULL);
}

enum rc case_select_due(struct op *op, int64_t until_ms, const struct due_case *after,
                        size_t most, struct list *found)
{
    return db_all(op->db, op->arena, &due,
                  DB_VALUES(DB_INT(until_ms), DB_INT(after->next_ms), DB_INT(after->id),
                            DB_INT((int64_t)most)),
                  sizeof(struct due_case), most, found);
}

enum { PAGE_VALUES_MAX = 9 };

static enum rc select_parts(struct op *op, const struct case_page *page, struct list *rows)
{
    bool            after = page->after_sort || page->after_id;
    struct db_value values[PAGE_VALUES_MAX];
    size_t          n = 0, choice[] = { page->late, after };

    values[n++] = DB_INT(op->county);
    values[n++] = DB_TEXT(page->within);
    if (page->late)
        values[n++] = DB_INT(op->now_ms);
    if (after) {
        values[n++] = DB_INT(page->after_sort);
        values[n++] = DB_INT(page->after_sort);
        values[n++] = DB_INT(page->after_id);
    }
    values[n++] = DB_INT((int64_t)page->most);
    return db_all(op->db, op->arena, list_pick(db_catalogue(op->db), &part_pages, choice),
                  values, n, sizeof(struct case_row), page->most, rows);
}

enum rc case_select_page(struct op *op, const struct case_page *page, struct list *rows)
{
    if (page->scope == SCOPE_HELPER)
        return select_parts(op, page, rows);
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

static enum rc some_cards(struct op *op, const int64_t *ids, size_t n, struct list *rows)
{
    struct db_value values[1 + CARDS_AT_ONCE] = { DB_INT(op->county) };

    for (size_t i = 0; i < CARDS_AT_ONCE; i++)
        values[1 + i] = DB_INT(i < n ? ids[i] : 0);
    return db_all(op->db, op->arena, &cards, values, COUNT(values), sizeof(struct case_row),
                  CARDS_AT_ONCE, rows);
}

/* In the order in which they were asked for. */
static size_t in_order(const int64_t *ids, size_t n, const struct list *some,
                       struct case_row *rows)
{
    const struct case_row *row = some->at;
    size_t                 put = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; r < some->n; r++)
            if (row[r].id == ids[i])
                rows[put++] = row[r];
    return put;
}

enum rc case_select_cards(struct op *op, const int64_t *ids, size_t n, struct list *rows)
{
    struct case_row *all = arena_many(op->arena, n + 1, struct case_row);
    struct list      some;
    enum rc          rc = all ? RC_OK : RC_TOO_LARGE;

    *rows = (struct list){ all, 0 };
    for (size_t i = 0; i < n && rc == RC_OK; i += CARDS_AT_ONCE) {
        size_t next = n - i < CARDS_AT_ONCE ? n - i : CARDS_AT_ONCE;
        rc = some_cards(op, ids + i, next, &some);
        if (rc == RC_OK)
            rows->n += in_order(ids + i, next, &some, all + rows->n);
    }
    return rc;
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
    struct db_value values[5];
    size_t          nvalues = 0, choice[] = { scope, 0 };

    values[nvalues++] = DB_INT(op->county);
    if (scope != SCOPE_COUNTY)
        values[nvalues++] = DB_TEXT(within);
    values[nvalues++] = DB_TEXT(bucket);
    values[nvalues++] = DB_INT(op->now_ms);
    values[nvalues++] = DB_INT(CASES_COUNTED);
    return db_number(op->db, op->arena, list_pick(db_catalogue(op->db), &late_ones, choice),
                     values, nvalues, n);
}

enum rc case_counts(struct op *op, struct str area, struct list *counts)
{
    int64_t    level = area.len < 12 ? LEVEL_COMMUNITY : LEVEL_GRID;
    struct str past = area_past(op->arena, area);

    return db_all(op->db, op->arena, &counted,
                  DB_VALUES(DB_INT(op->county), DB_INT(level), DB_TEXT(area), DB_TEXT(past),
                            DB_INT(COUNTS_MAX)),
                  sizeof(struct case_counted), COUNTS_MAX, counts);
}

enum rc case_count_held(struct op *op, struct str holder, struct case_load *load)
{
    *load = (struct case_load){ 0 };
    return db_one(op->db, op->arena, &held,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(holder), DB_INT(CASES_COUNTED),
                            DB_INT(op->now_ms)),
                  load);
}
