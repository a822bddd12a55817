#include "engine/case/lists.h"

#include <math.h>
#include <string.h>

#include "engine/case/case_store.h"
#include "engine/case/holder.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/org.h"
#include "scene/scenes.h"

enum {
    PAGE_DEFAULT = 50,
    RANGES_MAX = 130, /* an account's duties and organisations, twice */
    TARGETS_MAX = 60,
    ALIKE_MAX = 5,
    ALIKE_LOOKED_AT = 50, /* of one cell */
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

/* Takes the next of several ordered lists until enough are taken. */
static enum rc merge(struct op *op, const struct list *lists, size_t n, size_t most,
                     bool newest_first, struct list *rows)
{
    struct case_row *merged = arena_many(op->arena, most + 1, struct case_row);
    size_t          *taken = arena_many(op->arena, n + 1, size_t);

    if (!merged || !taken)
        return RC_TOO_LARGE;
    for (rows->n = 0; rows->n < most; rows->n++) {
        const struct case_row *next = NULL;
        size_t                 from = 0;
        for (size_t i = 0; i < n; i++) {
            const struct case_row *head = (const struct case_row *)lists[i].at + taken[i];
            if (taken[i] < lists[i].n &&
                (!next || stands_before(head, next, newest_first))) {
                next = head;
                from = i;
            }
        }
        if (!next)
            break;
        merged[rows->n] = *next;
        taken[from]++;
    }
    rows->at = merged;
    return RC_OK;
}

static enum rc read_ranges(struct op *op, struct ranges *ranges, size_t most,
                           struct list *rows)
{
    struct list *lists = arena_many(op->arena, ranges->n + 1, struct list);

    if (!lists)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < ranges->n; i++) {
        ranges->of[i].most = most;
        enum rc rc = case_select_page(op, &ranges->of[i], &lists[i]);
        if (rc != RC_OK)
            return rc;
    }
    if (ranges->n == 1) {
        *rows = lists[0];
        return RC_OK;
    }
    return merge(op, lists, ranges->n, most, ranges->n && ranges->of[0].newest_first, rows);
}

/* ------------------------------------------------------------- questions */

static bool known_bucket(struct str bucket)
{
    static const struct str names[] = { STR_INIT("waiting"), STR_INIT("handling"),
                                        STR_INIT("late"), STR_INIT("answered"),
                                        STR_INIT("ended") };

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_eq(names[i], bucket))
            return true;
    return false;
}

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

static enum rc scope_of(struct op *op, struct str area, struct case_page *page)
{
    static const enum case_scope scopes[] = {
        [LEVEL_COUNTY] = SCOPE_COUNTY,
        [LEVEL_STREET] = SCOPE_STREET,
        [LEVEL_COMMUNITY] = SCOPE_COMMUNITY,
        [LEVEL_GRID] = SCOPE_GRID,
    };
    int level = area_level(area);

    if (level < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_CASE_READ, area)) {
        struct str name = area_name(op, area);
        return fail(op, RC_DENIED, "area", "%.*s不在您的辖区里。", STR_ARG(name));
    }
    page->scope = scopes[level];
    page->within = area;
    return county_of_area(op, area, &op->county);
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

static enum rc ask_inbox(struct op *op, const struct list_args *args, struct case_page page,
                         struct ranges *ranges)
{
    struct str area = args->area.at ? args->area : own_area(op->actor);

    if (!area.at)
        return fail(op, RC_DENIED, NULL, "您还没有管办件的职责，请找管理员。");
    enum rc rc = scope_of(op, area, &page);
    if (rc == RC_OK)
        add_buckets(ranges, page, args->bucket.at ? args->bucket : STR("waiting"));
    return rc;
}

static enum rc ask_tasks(struct op *op, const struct list_args *args, struct case_page page,
                         struct ranges *ranges)
{
    size_t      n;
    struct str *texts = holder_texts(op, op->actor, &n);

    if (!texts)
        return RC_TOO_LARGE;
    page.scope = SCOPE_HOLDER;
    for (size_t i = 0; i < n && ranges->n + 2 < RANGES_MAX; i++) {
        page.within = texts[i];
        if (args->bucket.at) {
            add_buckets(ranges, page, args->bucket);
        } else { /* everything on my hands, by deadline */
            add_buckets(ranges, page, STR("waiting"));
            add_buckets(ranges, page, STR("handling"));
        }
    }
    return RC_OK;
}

static enum rc read_cursor(struct op *op, struct str cursor, struct case_page *page)
{
    struct str_cut cut = str_cut(cursor, '-');

    if (!cursor.at)
        return RC_OK;
    if (cut.ok && str_int64(cut.head, &page->after_sort) &&
        str_int64(cut.tail, &page->after_id))
        return RC_OK;
    return fail(op, RC_INVALID, "cursor", "翻页的位置不对，请从第一页看起。");
}

static enum rc page_mine(struct op *op, const struct list_args *args, size_t most,
                         struct list *rows)
{
    int64_t before = 0;

    if (args->cursor.at && !str_int64(args->cursor, &before))
        return fail(op, RC_INVALID, "cursor", "翻页的位置不对，请从第一页看起。");
    return case_select_mine(op, op->actor->account, before, most, rows);
}

static enum rc page_ranges(struct op *op, const struct list_args *args, size_t most,
                           struct list *rows)
{
    struct ranges   *ranges = arena_new(op->arena, struct ranges);
    struct case_page page = { .category = args->category };

    if (!ranges)
        return RC_TOO_LARGE;
    enum rc rc = read_cursor(op, args->cursor, &page);
    if (rc == RC_OK)
        rc = str_eq(args->view, STR("inbox")) ? ask_inbox(op, args, page, ranges)
                                              : ask_tasks(op, args, page, ranges);
    return rc == RC_OK ? read_ranges(op, ranges, most, rows) : rc;
}

enum rc lists_page(struct op *op, const struct list_args *args, struct list *rows,
                   struct str *next)
{
    size_t limit = args->limit ? (size_t)args->limit : PAGE_DEFAULT;
    bool   mine = str_eq(args->view, STR("mine"));

    if (!mine && !str_eq(args->view, STR("inbox")) && !str_eq(args->view, STR("tasks")))
        return fail(op, RC_INVALID, "view", "要看的是 mine、inbox 或 tasks。");
    if (args->bucket.at && !known_bucket(args->bucket))
        return fail(op, RC_INVALID, "bucket", "没有“%.*s”这个状态。",
                    STR_ARG(args->bucket));
    enum rc rc = mine ? page_mine(op, args, limit + 1, rows)
                      : page_ranges(op, args, limit + 1, rows);
    *next = STR_NONE;
    if (rc != RC_OK || rows->n <= limit)
        return rc;
    rows->n = limit;
    const struct case_row *last = (const struct case_row *)rows->at + limit - 1;
    *next = mine ? str_fmt(op->arena, "%lld", (long long)last->id)
                 : str_fmt(op->arena, "%lld-%lld", (long long)last->sort_ms,
                           (long long)last->id);
    return RC_OK;
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

    if (!area.at)
        area = own_area(op->actor);
    if (!area.at)
        return fail(op, RC_DENIED, NULL, "您还没有管办件的职责，请找管理员。");
    enum rc rc = scope_of(op, area, &page);
    if (rc != RC_OK)
        return rc;
    *counts = (struct case_counts){ .area = area, .name = area_name(op, area) };
    rc = case_counts(op, area, &found);
    if (rc == RC_OK)
        rc = count_buckets(op, &page, &found, &counts->buckets);
    return rc == RC_OK ? count_areas(op, area, &found, &counts->areas) : rc;
}

/* ----------------------------------------------------------------- alike */

const struct field alike_shown_fields[ALIKE_NFIELDS] = {
    FIELD_ID(struct alike_shown, id, OPTIONAL),
    FIELD(struct alike_shown, category, OPTIONAL),
    FIELD(struct alike_shown, state_title, OPTIONAL),
    FIELD(struct alike_shown, distance, OPTIONAL),
    FIELD(struct alike_shown, promise, OPTIONAL),
    FIELD_TIME(struct alike_shown, when, OPTIONAL),
};

/* Metres between two places nearby (equirectangular, within 0.1 % below 10 km). */
static double metres(double lat1, double lng1, double lat2, double lng2)
{
    static const double EARTH_RADIUS_M = 6371008.8;
    double              radians = acos(-1.0) / 180;
    double              x = (lng2 - lng1) * radians * cos((lat1 + lat2) / 2 * radians);
    double              y = (lat2 - lat1) * radians;

    return sqrt(x * x + y * y) * EARTH_RADIUS_M;
}

/* A band, not a distance: nobody is found by three askings. */
static struct str band(double m)
{
    return m <= 50    ? STR("50 米内")
           : m <= 100 ? STR("100 米内")
           : m <= 250 ? STR("250 米内")
                      : STR("附近");
}

static bool is_alike(const struct op *op, const struct alike_args *args,
                     const struct scene_alike *alike, const struct case_row *row)
{
    return str_eq(row->scene, args->scene) && str_eq(row->kind, args->kind) &&
           row->opened_ms >= op->now_ms - alike->within_ms &&
           !str_eq(row->bucket, STR("ended")) && !row->shielded &&
           (!args->category.at || str_eq(row->category, args->category)) &&
           metres(row->lat, row->lng, args->lat, args->lng) <= (double)alike->distance_m;
}

static void show_alike(const struct alike_args *args, const struct scene *scene,
                       const struct case_row *row, struct alike_shown *shown)
{
    const struct case_kind   *kind = scene_kind(scene, row->kind);
    const struct scene_state *state = kind ? kind_state(kind, row->state) : NULL;

    *shown = (struct alike_shown){
        .id = row->id,
        .category = row->category,
        .when = row->opened_ms,
        .state_title = state ? state->title : STR("在办"),
        .distance = band(metres(row->lat, row->lng, args->lat, args->lng)),
        .promise =
            str_eq(row->bucket, STR("answered")) ? STR("已经办好。") : STR("已有人在办。"),
    };
}

enum rc lists_alike(struct op *op, const struct alike_args *args, struct list *found)
{
    const struct scene *scene;
    struct list         rows;

    *found = (struct list){ arena_many(op->arena, ALIKE_MAX, struct alike_shown), 0 };
    enum rc rc = found->at ? scenes_now(op, args->scene, &scene) : RC_TOO_LARGE;
    const struct case_kind *kind = rc == RC_OK ? scene_kind(scene, args->kind) : NULL;
    if (rc != RC_OK || !kind || !kind->alike.distance_m)
        return rc;
    for (int i = 0; i < 9 && rc == RC_OK && found->n < ALIKE_MAX;
         i++) { /* the cell and those round it */
        double lat = args->lat + (i / 3 - 1) / CELLS_PER_DEGREE;
        double lng = args->lng + (i % 3 - 1) / CELLS_PER_DEGREE;
        rc = case_select_cell(op, case_cell(lat, lng),
                              id_floor(op->county, op->now_ms - kind->alike.within_ms),
                              ALIKE_LOOKED_AT, &rows);
        const struct case_row *row = rows.at;
        for (size_t r = 0; rc == RC_OK && r < rows.n && found->n < ALIKE_MAX; r++)
            if (is_alike(op, args, &kind->alike, &row[r]))
                show_alike(args, scene, &row[r],
                           (struct alike_shown *)found->at + found->n++);
    }
    return rc;
}

/* --------------------------------------------------------------- targets */

const struct field target_shown_fields[TARGET_NFIELDS] = {
    FIELD(struct target_shown, kind, OPTIONAL),
    FIELD_ID(struct target_shown, id, OPTIONAL),
    FIELD(struct target_shown, duty, OPTIONAL),
    FIELD(struct target_shown, area, OPTIONAL),
    FIELD(struct target_shown, title, OPTIONAL),
    FIELD(struct target_shown, note, OPTIONAL),
    FIELD(struct target_shown, open, OPTIONAL),
};

static enum rc add_target(struct op *op, struct list *found, struct holder holder,
                          struct target_shown shown)
{
    if (found->n == TARGETS_MAX)
        return RC_OK;
    enum rc rc = case_count_held(op, holder_write(op, holder), &shown.open);
    shown.note = shown.open ? str_fmt(op->arena, "在办 %lld 件%s", (long long)shown.open,
                                      shown.open == CASES_COUNTED ? "以上" : "")
                            : STR("手上没有办件");
    ((struct target_shown *)found->at)[found->n++] = shown;
    return rc;
}

static enum rc add_orgs(struct op *op, struct str area, struct list *found)
{
    struct list orgs;

    enum rc           rc = org_serving(op, area, TARGETS_MAX, &orgs);
    const struct org *org = orgs.at;
    for (size_t i = 0; rc == RC_OK && i < orgs.n; i++)
        rc = add_target(op, found,
                        (struct holder){ HOLDER_ORG, org[i].id, STR_NONE, STR_NONE },
                        (struct target_shown){
                            .kind = STR("org"), .id = org[i].id, .title = org[i].name });
    return rc;
}

/* With the area, where it is not the case's own community. */
static enum rc add_colleague(struct op *op, const struct case_row *row,
                             const struct colleague *one, struct list *found)
{
    struct str title =
        str_fmt(op->arena, "%.*s %.*s", STR_ARG(one->duty), STR_ARG(one->name));
    struct str area =
        str_eq(one->area, row->community) ? STR_NONE : area_name(op, one->area);

    if (area.at)
        title = str_fmt(op->arena, "%.*s（%.*s）", STR_ARG(title), STR_ARG(area));
    return add_target(op, found,
                      (struct holder){ HOLDER_ACCOUNT, one->account, STR_NONE, STR_NONE },
                      (struct target_shown){ .kind = STR("account"),
                                             .id = one->account,
                                             .duty = one->duty,
                                             .area = one->area,
                                             .title = title });
}

/* Those of the case's own grid first, then the rest of the community. */
static enum rc add_colleagues(struct op *op, const struct case_row *row, bool own_grid,
                              struct list *found)
{
    struct list people;

    enum rc rc = colleagues_in_area(op, row->community, TARGETS_MAX, &people);
    const struct colleague *one = people.at;
    for (size_t i = 0; rc == RC_OK && i < people.n; i++) {
        bool here = row->grid.len && str_eq(one[i].area, row->grid);
        if (!one[i].org && here == own_grid)
            rc = add_colleague(op, row, &one[i], found);
    }
    return rc;
}

/* The street's own people, to whom the county hands it down: in order of areas they
 * come before those of the communities. */
static enum rc add_street(struct op *op, const struct case_row *row, struct list *found)
{
    struct list people;

    enum rc                 rc = colleagues_in_area(op, row->street, TARGETS_MAX, &people);
    const struct colleague *one = people.at;
    for (size_t i = 0; rc == RC_OK && i < people.n && str_eq(one[i].area, row->street); i++)
        if (!one[i].org)
            rc = add_colleague(op, row, &one[i], found);
    return rc;
}

enum rc lists_targets(struct op *op, const struct a_case *it, struct list *found)
{
    const struct case_row *row = &it->row;
    struct str             area = row->community.len ? row->community : row->street;

    *found = (struct list){ arena_many(op->arena, TARGETS_MAX, struct target_shown), 0 };
    if (!found->at)
        return RC_TOO_LARGE;
    enum rc rc = row->community.len ? add_colleagues(op, row, true, found) : RC_OK;
    if (rc == RC_OK)
        rc = add_orgs(op, area, found);
    if (rc == RC_OK && row->community.len)
        rc = add_colleagues(op, row, false, found);
    if (rc == RC_OK)
        rc = add_street(op, row, found);
    return rc;
}
