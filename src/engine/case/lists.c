#include "engine/case/lists.h"

#include <string.h>

#include "engine/case/case_store.h"
#include "engine/case/holder.h"
#include "engine/case/search.h"
#include "engine/case/view.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "scene/scenes.h"

enum {
    PAGE_DEFAULT = 50,
    RANGES_MAX = 200, /* an account's duties and organisations: held twice, helped once */
    RUN_FIRST = 4,    /* rows of a range that are read at once, at least */
    AREAS_MAX = 200,
};

/* ------------------------------------------------------- merging ranges */

struct ranges {
    struct case_page of[RANGES_MAX];
    size_t           n;
};

static bool add_range(struct ranges *ranges, struct case_page page)
{
    if (ranges->n == RANGES_MAX)
        return false;
    ranges->of[ranges->n++] = page;
    return true;
}

static bool stands_before(const struct case_row *a, const struct case_row *b,
                          bool newest_first)
{
    bool before = a->sort_ms != b->sort_ms ? a->sort_ms < b->sort_ms : a->id < b->id;

    return newest_first ? !before : before;
}

/* One range, read by and by: of many ranges a page shows a few rows each. */
struct run {
    struct case_page page;
    struct list      rows;
    size_t           taken;
    bool             over; /* the table has no more */
};

static enum rc read_on(struct op *op, struct run *run)
{
    const struct case_row *rows = run->rows.at;

    if (run->over || run->taken < run->rows.n)
        return RC_OK;
    if (run->taken) {
        run->page.after_sort = rows[run->taken - 1].sort_ms;
        run->page.after_id = rows[run->taken - 1].id;
    }
    run->taken = 0;
    enum rc rc = case_select_page(op, &run->page, &run->rows);
    run->over = rc == RC_OK && run->rows.n < run->page.most;
    return rc;
}

static const struct case_row *head_of(const struct run *run)
{
    return run->taken < run->rows.n ? (const struct case_row *)run->rows.at + run->taken
                                    : NULL;
}

/* The run whose head is the next of all; NULL when all are over. */
static struct run *next_run(struct run *runs, size_t n)
{
    struct run *first = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct case_row *head = head_of(&runs[i]);
        if (head &&
            (!first || stands_before(head, head_of(first), first->page.newest_first)))
            first = &runs[i];
    }
    return first;
}

static bool is_merged(const struct case_row *merged, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (merged[i].id == id)
            return true;
    return false;
}

/* Takes the next of several ordered ranges until enough are taken. */
static enum rc merge(struct op *op, struct run *runs, size_t n, size_t most,
                     struct list *rows)
{
    struct case_row *merged = arena_take_raw(op->arena, (most + 1) * sizeof *merged);
    struct run      *next;
    enum rc          rc = merged ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = read_on(op, &runs[i]);
    for (rows->n = 0;
         rc == RC_OK && rows->n < most && (next = next_run(runs, n)) != NULL;) {
        if (!is_merged(merged, rows->n, head_of(next)->id))
            merged[rows->n++] = *head_of(next);
        next->taken++;
        rc = read_on(op, next);
    }
    rows->at = merged;
    return rc;
}

static enum rc read_ranges(struct op *op, struct ranges *ranges, size_t most,
                           struct list *rows)
{
    struct run *runs = arena_many(op->arena, ranges->n + 1, struct run);
    size_t      share = ranges->n ? most / ranges->n + 1 : 0;

    if (!runs)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < ranges->n; i++) {
        runs[i].page = ranges->of[i];
        runs[i].page.most = ranges->n == 1 ? most : share > RUN_FIRST ? share : RUN_FIRST;
    }
    return ranges->n == 1 ? case_select_page(op, &runs[0].page, rows)
                          : merge(op, runs, ranges->n, most, rows);
}

/* ------------------------------------------------------------- questions */

/* What is late is still to be dispatched or in hand: two ranges of the index. */
static void add_buckets(struct ranges *ranges, struct case_page page, struct str bucket)
{
    bool late = str_eq(bucket, STR("late"));

    page.late = late;
    page.newest_first = str_eq(bucket, STR("ended"));
    page.bucket = late ? STR("waiting") : bucket;
    (void)add_range(ranges, page);
    page.bucket = STR("handling");
    if (late)
        (void)add_range(ranges, page);
}

static enum case_scope scope_of(struct str area)
{
    static const enum case_scope scopes[] = {
        [LEVEL_COUNTY] = SCOPE_COUNTY,
        [LEVEL_STREET] = SCOPE_STREET,
        [LEVEL_COMMUNITY] = SCOPE_COMMUNITY,
        [LEVEL_GRID] = SCOPE_GRID,
    };

    return scopes[area_level(area)];
}

/* Open cases and ended ones: two orders, one behind the other. */
struct whole {
    struct source source;
    struct ranges ranges, ended; /* none of the second: only the first is asked for */
};

static void add_whole(struct whole *whole, struct case_page page)
{
    add_buckets(&whole->ranges, page, STR("waiting"));
    add_buckets(&whole->ranges, page, STR("handling"));
    add_buckets(&whole->ranges, page, STR("answered"));
    add_buckets(&whole->ended, page, STR("ended"));
}

static enum rc ask_inbox(struct op *op, const struct list_args *args, struct case_page page,
                         struct whole *whole)
{
    const struct case_filter *filter = &args->filter;

    enum rc rc = filter_area(op, filter, &page.within);
    if (rc != RC_OK)
        return rc;
    page.scope = scope_of(page.within);
    if (args->whole && !filter->bucket.at)
        add_whole(whole, page);
    else
        add_buckets(&whole->ranges, page,
                    filter->bucket.at ? filter->bucket : STR("waiting"));
    return RC_OK;
}

/* Parts that somebody helps with are in hand, or late by a clock of their own. */
static void add_parts(struct ranges *ranges, struct case_page page,
                      const struct case_filter *filter)
{
    page.late = str_eq(filter->bucket, STR("late"));
    if (filter->category.at ||
        (filter->bucket.at && !page.late && !str_eq(filter->bucket, STR("handling"))))
        return;
    page.scope = SCOPE_HELPER;
    page.newest_first = false;
    (void)add_range(ranges, page);
}

static enum rc ask_tasks(struct op *op, const struct list_args *args, struct case_page page,
                         struct whole *whole)
{
    const struct case_filter *filter = &args->filter;
    struct ranges            *ranges = &whole->ranges;
    size_t                    n;
    struct str               *texts = holder_texts(op, op->actor, &n);

    if (!texts)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < n && ranges->n + 4 < RANGES_MAX; i++) {
        page.scope = SCOPE_HOLDER;
        page.within = texts[i];
        if (filter->bucket.at) {
            add_buckets(ranges, page, filter->bucket);
        } else if (args->whole) {
            add_whole(whole, page);
        } else { /* everything on my hands, by deadline */
            add_buckets(ranges, page, STR("waiting"));
            add_buckets(ranges, page, STR("handling"));
        }
        add_parts(ranges, page, filter);
    }
    return RC_OK;
}

/* ------------------------------------------------------------ their rows */

static struct page_mark mark_by_time(const struct case_row *row)
{
    return (struct page_mark){ row->sort_ms, row->id };
}

struct page_mark lists_mark_by_id(const struct case_row *row)
{
    return (struct page_mark){ row->id, row->id };
}

static void end_at(struct found *found, size_t most,
                   struct page_mark (*mark)(const struct case_row *row))
{
    found->over = found->rows.n < most;
    if (found->rows.n)
        found->reached = mark((const struct case_row *)found->rows.at + found->rows.n - 1);
}

static enum rc more_mine(struct op *op, struct source *source, struct page_mark after,
                         size_t most, struct found *found)
{
    enum rc rc = case_select_mine(op, op->actor->account, after.id, most, &found->rows);

    if (rc == RC_OK)
        end_at(found, most, source->mark);
    return rc;
}

/* Times of what has ended are counted down from here, behind all that is open. */
#define LAST_TIME (INT64_MAX / 2)

static struct page_mark mark_of_whole(const struct case_row *row)
{
    return str_eq(row->bucket, STR("ended"))
               ? (struct page_mark){ INT64_MAX - row->sort_ms, row->id }
               : mark_by_time(row);
}

static enum rc more_of(struct op *op, struct source *source, struct ranges *ranges,
                       struct page_mark after, size_t most, struct found *found)
{
    for (size_t i = 0; i < ranges->n; i++) {
        ranges->of[i].after_sort = after.sort;
        ranges->of[i].after_id = after.id;
    }
    enum rc rc = read_ranges(op, ranges, most, &found->rows);
    if (rc == RC_OK)
        end_at(found, most, source->mark);
    return rc;
}

static enum rc more_of_ranges(struct op *op, struct source *source, struct page_mark after,
                              size_t most, struct found *found)
{
    struct whole *whole = (struct whole *)source;

    if (after.sort > LAST_TIME) {
        after.sort = INT64_MAX - after.sort;
        return more_of(op, source, &whole->ended, after, most, found);
    }
    enum rc rc = more_of(op, source, &whole->ranges, after, most, found);
    if (rc == RC_OK && found->over && whole->ended.n) {
        found->over = false;
        found->reached = (struct page_mark){ LAST_TIME + 1, INT64_MAX };
    }
    return rc;
}

static enum rc page_ranges(struct op *op, const struct list_args *args,
                           enum filter_view view, size_t limit, struct list *rows,
                           struct str *next)
{
    const struct case_filter *filter = &args->filter;
    struct whole             *whole = arena_take_raw(op->arena, sizeof *whole);
    struct case_page          page = { .category = filter->category };
    struct case_filter        beside = *filter;

    if (!whole)
        return RC_TOO_LARGE;
    whole->source = (struct source){ .more = more_of_ranges, .mark = mark_of_whole };
    whole->ranges.n = whole->ended.n = 0;
    beside.bucket = STR_NONE; /* the ranges' own */
    enum rc rc = search_beside(op, filter, &whole->source);
    if (rc == RC_OK)
        rc = view == VIEW_INBOX ? ask_inbox(op, args, page, whole)
                                : ask_tasks(op, args, page, whole);
    return rc == RC_OK
               ? filter_page(op, &beside, &whole->source, args->cursor, limit, rows, next)
               : rc;
}

static enum rc page_mine(struct op *op, const struct list_args *args, size_t limit,
                         struct list *rows, struct str *next)
{
    struct source source = { .more = more_mine, .mark = lists_mark_by_id };

    enum rc rc = search_beside(op, &args->filter, &source);
    return rc == RC_OK
               ? filter_page(op, &args->filter, &source, args->cursor, limit, rows, next)
               : rc;
}

static bool searches(const struct case_filter *filter)
{
    return filter->words.len > 0 || filter->lat != 0 || filter->lng != 0;
}

enum rc lists_page(struct op *op, const struct list_args *args, struct list *rows,
                   struct str *next)
{
    size_t           limit = args->limit ? (size_t)args->limit : PAGE_DEFAULT;
    enum filter_view view;

    *next = STR_NONE;
    enum rc rc = filter_check(op, &args->filter, &view);
    if (rc != RC_OK)
        return rc;
    if (view == VIEW_MINE)
        return page_mine(op, args, limit, rows, next);
    if (view == VIEW_INBOX && searches(&args->filter))
        return search_page(op, &args->filter, args->cursor, limit, rows, next);
    return page_ranges(op, args, view, limit, rows, next);
}

enum rc lists_cards(struct op *op, const struct list *rows, struct list *cards)
{
    const struct case_row *row = rows->at;
    struct holder_names   *names = arena_new(op->arena, struct holder_names);
    struct case_card      *card = arena_take_raw(op->arena, (rows->n + 1) * sizeof *card);
    enum rc                rc = names && card ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < rows->n && rc == RC_OK; i++)
        rc = case_card_of_row(op, &row[i], names, &card[i]);
    *cards = (struct list){ card, rows->n };
    return rc;
}

/* ---------------------------------------------------------------- counts */

static const struct field bucket_fields[] = {
    FIELD(struct case_buckets, waiting, OPTIONAL),
    FIELD(struct case_buckets, handling, OPTIONAL),
    FIELD(struct case_buckets, late, OPTIONAL),
    FIELD(struct case_buckets, answered, OPTIONAL),
};
static const struct field area_fields_open[] = {
    FIELD(struct area_open, code, OPTIONAL),
    FIELD(struct area_open, name, OPTIONAL),
    FIELD(struct area_open, open, OPTIONAL),
};
const struct field counts_fields[COUNTS_NFIELDS] = {
    FIELD(struct case_counts, area, OPTIONAL),
    FIELD(struct case_counts, name, OPTIONAL),
    FIELD_STRUCT(struct case_counts, buckets, bucket_fields, OPTIONAL),
    FIELD_LIST(struct case_counts, areas, struct area_open, area_fields_open, OPTIONAL),
};

static int64_t *bucket_named(struct case_buckets *buckets, struct str name)
{
    return str_eq(name, STR("waiting"))    ? &buckets->waiting
           : str_eq(name, STR("handling")) ? &buckets->handling
                                           : &buckets->answered;
}

static enum rc count_buckets(struct op *op, const struct case_page *page,
                             const struct list *counts, struct case_buckets *buckets)
{
    const struct case_counted *counted = counts->at;
    int64_t                    waiting = 0, handling = 0;

    enum rc rc = case_count_late(op, page->scope, page->within, STR("waiting"), &waiting);
    if (rc == RC_OK)
        rc = case_count_late(op, page->scope, page->within, STR("handling"), &handling);
    for (size_t i = 0; i < counts->n; i++)
        *bucket_named(buckets, counted[i].bucket) += counted[i].n;
    buckets->late = waiting + handling;
    return rc;
}

/* Every area below stands in the tree, also with nothing open. */
static enum rc count_areas(struct op *op, struct str area, const struct list *counts,
                           struct list *areas)
{
    struct list below;

    enum rc           rc = area_children(op, area, STR_NONE, AREAS_MAX, &below);
    struct area_open *rows =
        rc == RC_OK ? arena_many(op->arena, below.n + 1, struct area_open) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct area         *children = below.at;
    const struct case_counted *counted = counts->at;
    for (size_t i = 0, c = 0; i < below.n; i++) { /* both by code */
        rows[i] = (struct area_open){ children[i].code, children[i].name, 0 };
        while (c < counts->n && str_cmp(counted[c].area, children[i].code) < 0)
            c++;
        for (; c < counts->n && str_starts(counted[c].area, children[i].code); c++)
            if (!str_eq(counted[c].bucket, STR("answered")))
                rows[i].open += counted[c].n;
    }
    *areas = (struct list){ rows, below.n };
    return RC_OK;
}

enum rc lists_counts(struct op *op, struct str area, struct case_counts *counts)
{
    struct case_page page = { 0 };
    struct list      found;

    enum rc rc = filter_area(op, &(struct case_filter){ .area = area }, &area);
    if (rc != RC_OK)
        return rc;
    page.scope = scope_of(area);
    page.within = area;
    *counts = (struct case_counts){ .area = area, .name = area_name(op, area) };
    rc = case_counts(op, area, &found);
    if (rc == RC_OK)
        rc = count_buckets(op, &page, &found, &counts->buckets);
    return rc == RC_OK ? count_areas(op, area, &found, &counts->areas) : rc;
}
