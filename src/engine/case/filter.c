#include "engine/case/filter.h"

#include <math.h>

#include "engine/case/sight.h"
#include "guard/actor.h"
#include "registry/area.h"

#define DAY_MS INT64_C(86400000)
enum { ROUNDS_MAX = 3 }; /* of a page that stays empty */

const struct field filter_fields[FILTER_NFIELDS] = { FILTER_FIELDS, FILTER_VIEW,
                                                     FILTER_FOUND };

static bool is_one_of(struct str name, const struct str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

static bool known_bucket(struct str bucket)
{
    static const struct str names[] = { STR_INIT("waiting"), STR_INIT("handling"),
                                        STR_INIT("late"), STR_INIT("answered"),
                                        STR_INIT("ended") };

    return is_one_of(bucket, names, COUNT(names));
}

enum rc filter_check(struct op *op, const struct case_filter *filter,
                     enum filter_view *view)
{
    static const struct str names[] = { [VIEW_INBOX] = STR_INIT("inbox"),
                                        [VIEW_TASKS] = STR_INIT("tasks"),
                                        [VIEW_MINE] = STR_INIT("mine") };
    size_t                  i = 0;

    while (filter->view.at && i < COUNT(names) && !str_eq(names[i], filter->view))
        i++;
    if (i == COUNT(names))
        return fail(op, RC_INVALID, "view", "要看的是 mine、inbox 或 tasks。");
    *view = (enum filter_view)i;
    if (filter->bucket.at && !known_bucket(filter->bucket))
        return fail(op, RC_INVALID, "bucket", "没有“%.*s”这个状态。",
                    STR_ARG(filter->bucket));
    if (filter->since && filter->until && filter->since > filter->until)
        return fail(op, RC_INVALID, "until", "结束的时候比开始的还早。");
    return RC_OK;
}

/* The widest area in which the reader may read cases; absent: none. */
static struct str own_area(const struct actor *actor)
{
    struct str widest = STR_NONE;

    for (size_t i = 0; i < actor->nholds; i++) {
        struct str area = actor->holds[i].area;
        bool       reads = role_rights(actor->holds[i].role) >> RIGHT_CASE_READ & 1;
        if (reads && (!widest.at || area.len < widest.len))
            widest = area;
    }
    return widest;
}

enum rc filter_area(struct op *op, const struct case_filter *filter, struct str *area)
{
    *area = filter->area.at ? filter->area : own_area(op->actor);
    if (!area->at)
        return fail(op, RC_DENIED, NULL, "您还没有管办件的职责，请找管理员。");
    if (area_level(*area) < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_CASE_READ, *area)) {
        struct str name = area_name(op, *area);
        return fail(op, RC_DENIED, "area", "%.*s不在您的辖区里。", STR_ARG(name));
    }
    return county_of_area(op, *area, &op->county);
}

/* ------------------------------------------------------------- one row */

static bool is_in_bucket(const struct op *op, struct str bucket, const struct case_row *row)
{
    if (!str_eq(bucket, STR("late")))
        return str_eq(bucket, row->bucket);
    return (str_eq(row->bucket, STR("waiting")) || str_eq(row->bucket, STR("handling"))) &&
           row->sort_ms < op->now_ms;
}

static bool is_then(const struct op *op, const struct case_filter *filter, int64_t at_ms)
{
    return at_ms >= filter->since && (!filter->until || at_ms <= filter->until) &&
           (!filter->days || at_ms >= op->now_ms - filter->days * DAY_MS);
}

/* On a plane: within a kilometre nobody sees the difference. */
bool filter_is_near(const struct case_filter *filter, const struct case_row *row)
{
    const double metres_per_degree = 111195, radians = 0.017453292519943295;
    double       most = filter->metres ? (double)filter->metres : FILTER_METRES_MAX;
    double       north = (row->lat - filter->lat) * metres_per_degree;
    double east = (row->lng - filter->lng) * metres_per_degree * cos(filter->lat * radians);

    return (row->lat != 0 || row->lng != 0) && north * north + east * east <= most * most;
}

bool filter_takes(const struct op *op, const struct case_filter *filter,
                  const struct case_row *row)
{
    const struct {
        struct str asked, is;
    } same[] = {
        { filter->category, row->category }, { filter->scene, row->scene },
        { filter->kind, row->kind },         { filter->state, row->state },
        { filter->channel, row->channel },
    };

    for (size_t i = 0; i < COUNT(same); i++)
        if (same[i].asked.len && !str_eq(same[i].asked, same[i].is))
            return false;
    return (!filter->urgent || row->urgent) && (!filter->supervised || row->supervised) &&
           (!filter->bucket.at || is_in_bucket(op, filter->bucket, row)) &&
           is_then(op, filter, row->opened_ms) &&
           ((filter->lat == 0 && filter->lng == 0) || filter_is_near(filter, row));
}

/* ------------------------------------------------------------ whole pages */

struct page {
    struct op                *op;
    const struct case_filter *filter;
    struct source            *source;
    struct case_row          *rows;
    size_t                    n, limit, looked;
    struct page_mark          mark; /* of the last row that was looked at */
    bool                      over;
};

static enum rc is_meant(const struct page *page, const struct case_row *row, bool *meant)
{
    *meant = filter_takes(page->op, page->filter, row) && sight_of_row(page->op, row);
    return *meant && page->source->takes
               ? page->source->takes(page->op, page->source, row, meant)
               : RC_OK;
}

/* Takes what is meant of what was found, until the page is full. */
static enum rc take(struct page *page, const struct found *found)
{
    const struct case_row *row = found->rows.at;
    enum rc                rc = RC_OK;

    for (size_t i = 0; i < found->rows.n && rc == RC_OK; i++) {
        bool meant;
        rc = is_meant(page, &row[i], &meant);
        if (rc == RC_OK && meant && page->n == page->limit)
            return RC_OK; /* one more: there is a next page, from the mark on */
        if (rc == RC_OK && meant)
            page->rows[page->n++] = row[i];
        page->mark = page->source->mark(&row[i]);
        page->looked++;
    }
    page->mark = found->reached;
    page->over = found->over;
    return rc;
}

enum rc filter_page(struct op *op, const struct case_filter *filter, struct source *source,
                    struct str cursor, size_t limit, struct list *rows, struct str *next)
{
    struct page page = { .op = op,
                         .filter = filter,
                         .source = source,
                         .rows = arena_take_raw(op->arena, (limit + 1) * sizeof *page.rows),
                         .limit = limit };
    bool        full = false;
    enum rc     rc = page.rows ? RC_OK : RC_TOO_LARGE;

    if (cursor.at && !page_mark_read(cursor, &page.mark))
        return fail(op, RC_INVALID, "cursor", "翻页的位置不对，请从第一页看起。");
    for (int rounds = 0; rc == RC_OK && !page.over && !full && rounds < ROUNDS_MAX;
         rounds++) {
        struct found found = { 0 };
        rc = source->more(op, source, page.mark, limit + 1, &found);
        size_t before = page.looked;
        if (rc == RC_OK)
            rc = take(&page, &found);
        full = page.looked - before < found.rows.n || page.looked >= FILTER_LOOKED_AT;
    }
    *rows = (struct list){ page.rows, page.n };
    *next = page.over || rc != RC_OK ? STR_NONE : page_mark_write(op->arena, page.mark);
    return rc;
}
