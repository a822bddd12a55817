#include "engine/open311/shown.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "engine/photo/photo.h"

#define DAY_MS  INT64_C(86400000)
#define SPAN_MS (OPEN311_DAYS_MAX * DAY_MS)

const struct field shown_request_fields[SHOWN_REQUEST_FIELDS] = {
    FIELD(struct shown_request, service_request_id, OPTIONAL),
    FIELD(struct shown_request, status, OPTIONAL),
    FIELD(struct shown_request, status_notes, OPTIONAL),
    FIELD(struct shown_request, service_name, OPTIONAL),
    FIELD(struct shown_request, service_code, OPTIONAL),
    FIELD(struct shown_request, description, OPTIONAL),
    FIELD(struct shown_request, agency_responsible, OPTIONAL),
    FIELD(struct shown_request, service_notice, OPTIONAL),
    FIELD(struct shown_request, requested_datetime, OPTIONAL),
    FIELD(struct shown_request, updated_datetime, OPTIONAL),
    FIELD(struct shown_request, expected_datetime, OPTIONAL),
    FIELD(struct shown_request, address, .grade = GRADE_PERSONAL),
    FIELD(struct shown_request, address_id, OPTIONAL),
    FIELD(struct shown_request, zipcode, OPTIONAL),
    FIELD_RAW(struct shown_request, lat, .grade = GRADE_SENSITIVE),
    { .name = STR_INIT("long"),
      .kind = KIND_RAW,
      .offset = offsetof(struct shown_request, lng),
      .size = sizeof(struct str),
      .grade = GRADE_SENSITIVE },
    FIELD(struct shown_request, media_url, OPTIONAL),
};
const struct field shown_update_fields[SHOWN_UPDATE_FIELDS] = {
    FIELD(struct shown_update, update_id, OPTIONAL),
    FIELD(struct shown_update, service_request_id, OPTIONAL),
    FIELD(struct shown_update, status, OPTIONAL),
    FIELD(struct shown_update, description, OPTIONAL),
    FIELD(struct shown_update, updated_datetime, OPTIONAL),
    FIELD(struct shown_update, media_url, OPTIONAL),
};

/* -------------------------------------------------------------------- times */

struct str w3c_time(struct arena *arena, int64_t ms)
{
    struct civil c = clock_civil(ms);

    if (!ms)
        return STR_NONE;
    return str_fmt(arena, "%04lld-%02d-%02dT%02d:%02d:%02d+08:00", (long long)c.year,
                   c.month, c.day, c.hour, c.minute, c.second);
}

/* In an address, "+" that nobody escaped has become a blank. */
static struct str with_plus(struct arena *arena, struct str text)
{
    struct str_cut cut = str_cut(text, ' ');

    return cut.ok ? str_fmt(arena, "%.*s+%.*s", STR_ARG(cut.head), STR_ARG(cut.tail))
                  : text;
}

static enum rc read_date(struct op *op, struct str text, const char *where, int64_t *ms)
{
    if (!text.len || clock_parse(with_plus(op->arena, text), ms))
        return RC_OK;
    return fail(op, RC_INVALID, where, "时间要写成 2026-11-22T14:03:07+08:00，带时区。");
}

struct window {
    int64_t from_ms, to_ms;
};

/* Both may be missing: the last 90 days; one of them: 90 days from or to it. */
static enum rc read_window(struct op *op, struct str start, struct str end,
                           struct window *window)
{
    int64_t from_ms = INT64_MIN, to_ms = INT64_MAX;

    *window = (struct window){ 0 };
    enum rc rc = read_date(op, start, "start_date", &from_ms);
    if (rc == RC_OK)
        rc = read_date(op, end, "end_date", &to_ms);
    if (rc != RC_OK)
        return rc;
    if (to_ms == INT64_MAX)
        to_ms = from_ms > op->now_ms - SPAN_MS ? op->now_ms : from_ms + SPAN_MS;
    if (from_ms == INT64_MIN) {
        to_ms = end.len ? to_ms : op->now_ms;
        from_ms = to_ms - SPAN_MS;
    }
    *window = (struct window){ from_ms, to_ms };
    return to_ms - from_ms > SPAN_MS
               ? fail(op, RC_INVALID, "start_date", "start_date 到 end_date 最多 %d 天。",
                      OPEN311_DAYS_MAX)
               : RC_OK;
}

/* ----------------------------------------------------------------- requests */

static struct str degrees(struct op *op, const struct request_row *row, double value)
{
    struct json_out out;

    if (row->lat == 0 && row->lng == 0)
        return STR_NONE;
    json_out_init(&out, op->arena);
    json_real(&out, value);
    return json_done(&out);
}

static struct str or_null(struct str text)
{
    return text.len ? text : STR_NONE;
}

/* The first photo that was reviewed and given out: only where a text was, too. */
static enum rc media_of(struct op *op, const struct request_row *row, struct str *url)
{
    struct list copies;

    *url = STR_NONE;
    if (!row->says.at)
        return RC_OK;
    enum rc rc = photo_copies_ready(op, row->id, &copies);
    if (rc != RC_OK || !copies.n)
        return rc;
    const struct photo_address *first = copies.at;
    *url = str_fmt(op->arena, "%.*s/api/v1/photos/public/%lld/%.*s", STR_ARG(op->origin),
                   (long long)first->id, STR_ARG(first->key));
    return RC_OK;
}

static struct shown_request show_row(struct op *op, const struct request_row *row,
                                     struct str media)
{
    struct arena *arena = op->arena;

    return (struct shown_request){
        .service_request_id = str_fmt(arena, "%lld", (long long)row->id),
        .status = row->open ? STR("open") : STR("closed"),
        .status_notes = row->notes,
        .service_name = row->service,
        .service_code = row->code,
        .description = row->says,
        .agency_responsible = or_null(row->agency),
        .requested_datetime = w3c_time(arena, id_ms(row->id)),
        .updated_datetime = w3c_time(arena, row->open ? row->updated_ms : row->changed_ms),
        .expected_datetime = w3c_time(arena, row->due_ms),
        .address = or_null(row->address),
        .address_id = or_null(row->area),
        .lat = degrees(op, row, row->lat),
        .lng = degrees(op, row, row->lng),
        .media_url = media,
    };
}

static enum rc show_rows(struct op *op, const struct list *rows, struct list *shown)
{
    struct shown_request *all = arena_many(op->arena, rows->n + 1, struct shown_request);
    const struct request_row *row = rows->at;
    struct str                media;
    enum rc                   rc = all ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; rc == RC_OK && i < rows->n; i++) {
        rc = media_of(op, &row[i], &media);
        if (rc == RC_OK)
            all[i] = show_row(op, &row[i], media);
    }
    *shown = (struct list){ all, rc == RC_OK ? rows->n : 0 };
    return rc;
}

/* "a,b": at most OPEN311_NAMED_MAX. */
static enum rc read_names(struct op *op, struct str text, const char *where,
                          struct str *names, size_t *n)
{
    *n = 0;
    for (struct str_cut cut = { .tail = text, .ok = true }; cut.ok && cut.tail.len;) {
        cut = str_cut(cut.tail, ',');
        struct str name = str_trim(cut.head);
        if (name.len && *n == OPEN311_NAMED_MAX)
            return fail(op, RC_INVALID, where, "一次最多写 %d 个。", OPEN311_NAMED_MAX);
        if (name.len)
            names[(*n)++] = name;
    }
    return RC_OK;
}

/* Numbers that are none of ours, or nobody's to see, are not there. */
static enum rc select_named(struct op *op, struct str ids, struct list *rows)
{
    struct str names[OPEN311_NAMED_MAX];
    size_t     n;

    enum rc             rc = read_names(op, ids, "service_request_id", names, &n);
    struct request_row *all = arena_many(op->arena, OPEN311_NAMED_MAX, struct request_row);
    *rows = (struct list){ all, 0 };
    for (size_t i = 0; all && rc == RC_OK && i < n; i++) {
        int64_t id;
        if (!str_int64(names[i], &id))
            continue;
        rc = open311_select(op, id, &all[rows->n]);
        if (rc == RC_OK)
            rows->n++;
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    return all ? rc : RC_TOO_LARGE;
}

static enum rc read_status(struct op *op, struct str text, struct request_page *page)
{
    struct str names[OPEN311_NAMED_MAX];
    size_t     n;
    bool       open = false, closed = false;

    enum rc rc = read_names(op, text, "status", names, &n);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        open |= str_eq(names[i], STR("open"));
        closed |= str_eq(names[i], STR("closed"));
        if (!str_eq(names[i], STR("open")) && !str_eq(names[i], STR("closed")))
            rc = fail(op, RC_INVALID, "status", "status 只能是 open、closed。");
    }
    page->either = open == closed;
    page->open = open;
    return rc;
}

static int newest_first(const void *a, const void *b)
{
    const struct request_row *x = a, *y = b;

    return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

/* Each service from its own index; together the newest of them. */
static enum rc select_codes(struct op *op, struct request_page *page,
                            const struct str *codes, size_t n, struct list *rows)
{
    struct list found;
    size_t      room = 2 * (size_t)OPEN311_ROWS_MAX;

    struct request_row *all = arena_many(op->arena, room, struct request_row);
    *rows = (struct list){ all, 0 };
    for (size_t i = 0; all && i < n; i++) {
        page->code = codes[i];
        enum rc rc = open311_select_page(op, page, &found);
        if (rc != RC_OK)
            return rc;
        for (size_t k = 0; k < found.n; k++)
            all[rows->n++] = ((const struct request_row *)found.at)[k];
        qsort(all, rows->n, sizeof *all, newest_first);
        if (rows->n > OPEN311_ROWS_MAX)
            rows->n = OPEN311_ROWS_MAX;
    }
    return all ? RC_OK : RC_TOO_LARGE;
}

static enum rc select_rows(struct op *op, const struct requests_args *args,
                           struct list *rows)
{
    struct request_page page = { .most = OPEN311_ROWS_MAX };
    struct str          codes[OPEN311_NAMED_MAX];
    struct window       window;
    size_t              n;

    enum rc rc = read_window(op, args->start_date, args->end_date, &window);
    if (rc == RC_OK)
        rc = read_status(op, args->status, &page);
    if (rc == RC_OK)
        rc = read_names(op, args->service_code, "service_code", codes, &n);
    if (rc != RC_OK)
        return rc;
    page.from_id = id_floor(op->county, window.from_ms);
    page.to_id = id_floor(op->county, window.to_ms + 1);
    return n ? select_codes(op, &page, codes, n, rows)
             : open311_select_page(op, &page, rows);
}

enum rc requests_shown(struct op *op, const struct requests_args *args, struct list *shown)
{
    struct list rows;

    enum rc rc = args->service_request_id.len
                     ? select_named(op, args->service_request_id, &rows)
                     : select_rows(op, args, &rows);
    return rc == RC_OK ? show_rows(op, &rows, shown) : rc;
}

enum rc request_shown(struct op *op, struct str id, struct shown_request *shown)
{
    struct request_row row;
    struct str         media;
    int64_t            number;

    enum rc rc = str_int64(id, &number) ? open311_select(op, number, &row) : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fail(op, rc, "service_request_id", "没有这件诉求，或者没有公开。");
    if (rc == RC_OK)
        rc = media_of(op, &row, &media);
    if (rc == RC_OK)
        *shown = show_row(op, &row, media);
    return rc;
}

/* ------------------------------------------------------------------ updates */

enum rc updates_shown(struct op *op, struct str start_date, struct str end_date,
                      struct list *shown)
{
    struct window window;
    struct list   rows;

    enum rc rc = read_window(op, start_date, end_date, &window);
    if (rc == RC_OK)
        rc = open311_updates_select(op, window.from_ms, window.to_ms, OPEN311_ROWS_MAX,
                                    &rows);
    if (rc != RC_OK)
        return rc;
    struct shown_update     *all = arena_many(op->arena, rows.n + 1, struct shown_update);
    const struct update_row *row = rows.at;
    for (size_t i = 0; all && i < rows.n; i++)
        all[i] = (struct shown_update){
            .update_id = str_fmt(op->arena, "%lld-%lld", (long long)row[i].county,
                                 (long long)row[i].seq),
            .service_request_id = str_fmt(op->arena, "%lld", (long long)row[i].id),
            .status = row[i].status,
            .description = row[i].says,
            .updated_datetime = w3c_time(op->arena, row[i].at_ms),
        };
    *shown = (struct list){ all, all ? rows.n : 0 };
    return all ? RC_OK : RC_TOO_LARGE;
}
