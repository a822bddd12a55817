/* Staff look: which notices there are, how many read them, who has not, what was
 * answered.  A name stands in clear for the grid worker of that very grid, and for who
 * has something to do for that person; otherwise it is masked. */
#include "engine/notice/notice.h"
#include "engine/notice/notice_view.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "guard/mask.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/look.h"

enum { PAGE = 50, PARTS_MAX = 200, SCANNED_MAX = 500 };

/* ----------------------------------------------------------------- listing */

struct list_args {
    struct str view, area;
    int64_t    cursor;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, view, REQUIRED, .max = 10, .title = STR_INIT("看哪些"),
          .note = STR_INIT("out 已发出的，waiting 等复核的，mine 我写的")),
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("辖区"),
          .note = STR_INIT("不写是自己的")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};
struct listed {
    int64_t    id;
    struct str title, area_name, audience_title, asks, state, state_title;
    int64_t    version, at, until, should, opened, done;
    bool       waits, may_decide;
};
#define L(member, ...) FIELD(struct listed, member, __VA_ARGS__)
static const struct field listed_fields[] = {
    FIELD_ID(struct listed, id, OPTIONAL),
    L(title, OPTIONAL),
    L(area_name, OPTIONAL),
    L(audience_title, OPTIONAL),
    L(asks, OPTIONAL),
    L(state, OPTIONAL),
    L(state_title, OPTIONAL),
    L(version, OPTIONAL),
    FIELD_TIME(struct listed, at, OPTIONAL),
    FIELD_TIME(struct listed, until, OPTIONAL),
    L(should, .title = STR_INIT("应读人数")),
    L(opened, .title = STR_INIT("已读人数")),
    L(done, .title = STR_INIT("已回执人数；不要回执的，和已读一样")),
    L(waits, OPTIONAL),
    L(may_decide, OPTIONAL),
};

static struct str own_area(const struct actor *actor)
{
    for (size_t i = 0; i < actor->nholds; i++)
        if (role_rights(actor->holds[i].role) >> RIGHT_NOTICE_WATCH & 1)
            return actor->holds[i].area;
    return STR_NONE;
}

static enum rc list_ready(struct op *op, void *in)
{
    struct list_args *args = in;

    if (!str_eq(args->view, STR("out")) && !str_eq(args->view, STR("waiting")) &&
        !str_eq(args->view, STR("mine")))
        return fail(op, RC_INVALID, "view", "要看的是 out、waiting 或 mine。");
    if (!args->area.at)
        args->area = own_area(op->actor);
    if (area_level(args->area) < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_NOTICE_WATCH, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的通知不归您看。");
    return county_enter(op, args->area);
}

/* What lies in the area, and what concerns it from above. */
static enum rc find_out(struct op *op, const struct list_args *args, struct list *found)
{
    struct str keys[8];
    size_t     n = 0;

    keys[n++] = staff_key(op, 's', args->area);
    for (int level = area_level(args->area) - 1; level >= LEVEL_COUNTY; level--)
        keys[n++] = staff_key(op, 'p', area_at_level(args->area, level));
    if (area_level(args->area) == LEVEL_GRID)
        keys[n++] = staff_key(op, 'b', area_at_level(args->area, LEVEL_COMMUNITY));
    return keys_merged(op, keys, n, args->cursor, PAGE, found);
}

static enum rc show_row(struct op *op, const struct notice *notice, struct listed *row)
{
    struct notice_count count;

    enum rc rc = notice_counted(op, notice, notice->area, &count);
    *row = (struct listed){
        .id = notice->id,
        .title = notice->title,
        .area_name = area_name(op, notice->area),
        .audience_title = notice_audience_title(op, notice),
        .asks = notice->asks,
        .state = notice->state,
        .state_title = notice_state_title(op, notice),
        .version = notice->newest,
        .at = notice->at_ms ? notice->at_ms : id_ms(notice->id),
        .until = notice->until_ms,
        .should = count.should,
        .opened = count.opened,
        .done = count.done,
        .waits = notice->waits,
    };
    row->may_decide = notice_may_decide(op, notice);
    return rc;
}

static enum rc page_of_keys(struct op *op, const struct list_args *args, struct view *view)
{
    struct list   found;
    struct notice notice;

    struct str     waiting = staff_key(op, 'w', args->area);
    enum rc        rc = str_eq(args->view, STR("out"))
                            ? find_out(op, args, &found)
                            : keys_merged(op, &waiting, 1, args->cursor, PAGE, &found);
    struct listed *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct listed) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct notice_key *keys = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        rc = notice_select(op, keys[i].notice, &notice);
        if (rc == RC_OK)
            rc = show_row(op, &notice, &rows[i]);
    }
    if (rc == RC_OK)
        view_page(view, listed_fields, COUNT(listed_fields), (struct list){ rows, found.n },
                  sizeof *rows,
                  found.n == PAGE
                      ? str_fmt(op->arena, "%lld", (long long)keys[PAGE - 1].mark)
                      : STR_NONE);
    return rc;
}

static enum rc page_mine(struct op *op, const struct list_args *args, struct view *view)
{
    struct list found;

    enum rc rc = notice_select_by(op, op->actor->account, args->cursor, PAGE, &found);
    const struct notice *notices = found.at;
    struct listed       *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct listed) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++)
        rc = show_row(op, &notices[i], &rows[i]);
    if (rc == RC_OK)
        view_page(view, listed_fields, COUNT(listed_fields), (struct list){ rows, found.n },
                  sizeof *rows,
                  found.n == PAGE
                      ? str_fmt(op->arena, "%lld", (long long)notices[PAGE - 1].id)
                      : STR_NONE);
    return rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;

    return str_eq(args->view, STR("mine")) ? page_mine(op, args, view)
                                           : page_of_keys(op, args, view);
}

/* ------------------------------------------------------------------ spread */

struct part_args {
    int64_t    id;
    struct str area, cursor;
};
static const struct field part_fields[] = {
    FIELD_ID(struct part_args, id, REQUIRED, .title = STR_INIT("通知")),
    FIELD(struct part_args, area, .max = 15, .title = STR_INIT("哪个辖区"),
          .note = STR_INIT("不写是整条通知的，或自己管的那一块")),
    FIELD(struct part_args, cursor, .max = 120),
};
struct spread_part {
    struct str area, name;
    int64_t    should, opened, done, missing;
};
#define P(member, title_) FIELD(struct spread_part, member, .title = STR_INIT(title_))
static const struct field spread_fields[] = {
    P(area, "辖区"),   P(name, "名称"),   P(should, "应读"),
    P(opened, "已读"), P(done, "已回执"), P(missing, "还没有"),
};
struct spread {
    struct spread_part whole;
    struct list        parts; /* struct spread_part */
};
static const struct field spread_whole_fields[] = {
    FIELD_STRUCT(struct spread, whole, spread_fields, OPTIONAL),
    FIELD_LIST(struct spread, parts, struct spread_part, spread_fields, OPTIONAL),
};

static struct str part_of_hold(const struct op *op, const struct notice *notice)
{
    for (size_t i = 0; i < op->actor->nholds; i++) {
        const struct hold *hold = &op->actor->holds[i];
        if ((role_rights(hold->role) >> RIGHT_NOTICE_WATCH & 1) &&
            area_within(hold->area, notice->area))
            return hold->area;
    }
    return notice->area;
}

/* A part of the notice's area that is the asker's to look at. */
static enum rc enter_part(struct op *op, const struct part_args *args,
                          struct notice *notice, struct str *part)
{
    enum rc rc = notice_find(op, args->id, notice);
    if (rc != RC_OK)
        return rc;
    *part = args->area.at ? args->area
            : actor_may(op->actor, RIGHT_NOTICE_WATCH, notice->area)
                ? notice->area
                : part_of_hold(op, notice);
    if (!area_level(*part) || !area_within(*part, notice->area))
        return fail(op, RC_INVALID, "area", "这条通知没有发到那里。");
    if (!actor_may(op->actor, RIGHT_NOTICE_WATCH, *part))
        return fail(op, RC_DENIED, "area", "这个辖区的通知不归您看。");
    return RC_OK;
}

static enum rc count_part(struct op *op, const struct notice *notice, struct str area,
                          struct spread_part *part)
{
    struct notice_count count;

    enum rc rc = notice_counted(op, notice, area, &count);
    int64_t missing = count.should - count.done;
    *part = (struct spread_part){ .area = area,
                                  .name = area_name(op, area),
                                  .should = count.should,
                                  .opened = count.opened,
                                  .done = count.done,
                                  .missing = missing > 0 ? missing : 0 };
    return rc;
}

static enum rc spread(struct op *op, const void *in, struct view *view)
{
    struct notice notice;
    struct spread shown = { 0 };
    struct str    area;
    struct list   below = { 0 };

    enum rc rc = enter_part(op, in, &notice, &area);
    if (rc == RC_OK)
        rc = count_part(op, &notice, area, &shown.whole);
    if (rc == RC_OK)
        rc = area_children(op, area, STR(""), PARTS_MAX, &below);
    const struct area  *areas = below.at;
    struct spread_part *parts =
        rc == RC_OK ? arena_many(op->arena, below.n + 1, struct spread_part) : NULL;
    if (!parts)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < below.n && rc == RC_OK; i++)
        rc = count_part(op, &notice, areas[i].code, &parts[i]);
    shown.parts = (struct list){ parts, below.n };
    if (rc == RC_OK)
        view_struct(view, spread_whole_fields, COUNT(spread_whole_fields), &shown);
    return rc;
}

/* --------------------------------------------------------- who has not read */

struct absent {
    int64_t    id; /* of whom the name is shown in clear */
    struct str name, area_name;
    bool       has_account, staff;
};
static const struct field absent_fields[] = {
    FIELD_ID(struct absent, id, .title = STR_INIT("居民；名字遮住的没有")),
    FIELD(struct absent, name, .grade = GRADE_PERSONAL, .title = STR_INIT("姓名")),
    FIELD(struct absent, area_name, OPTIONAL),
    FIELD(struct absent, has_account, .title = STR_INIT("有账号；没有的请上门告诉他")),
    FIELD(struct absent, staff, OPTIONAL),
};

/* Where a page of names ended: "name|number". */
static struct missing mark_read(struct str cursor)
{
    struct str_cut cut = str_cut(cursor.at ? cursor : STR(""), '|');
    struct missing mark = { .name = cut.head, .area = cut.head };

    if (!cut.ok || !str_int64(cut.tail, &mark.id))
        mark = (struct missing){ .name = STR(""), .area = STR("") };
    mark.hold = mark.id;
    return mark;
}

static struct str mark_write(struct op *op, struct str text, int64_t id)
{
    return str_fmt(op->arena, "%.*s|%lld", STR_ARG(text), (long long)id);
}

static bool works_grid(const struct op *op, struct str grid)
{
    for (size_t i = 0; i < op->actor->nholds; i++)
        if (op->actor->holds[i].role == ROLE_GRID_WORKER &&
            str_eq(op->actor->holds[i].area, grid))
            return true;
    return false;
}

static bool is_tied(struct op *op, int64_t person, struct str grid)
{
    struct arena_mark mark = arena_mark(op->arena); /* a page asks for each */
    struct tie        tie;

    bool tied = works_grid(op, grid) || keepers_tie(op, person, &tie) == RC_OK;
    arena_back(op->arena, mark);
    return tied;
}

/* Those whose names the asker reads hear of it (look.h). */
static enum rc look_at_names(struct op *op, struct str grid, const int64_t *ids, size_t n,
                             struct view *view)
{
    struct person *people = arena_many(op->arena, n + 1, struct person);
    enum rc        rc = people ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = person_find(op, ids[i], &people[i]);
    return rc == RC_OK && n
               ? look_through(op, grid, STR("notice"), people, n, &view->refused)
               : rc;
}

static enum rc name_people(struct op *op, struct str grid, struct list found,
                           struct absent *rows, struct view *view)
{
    const struct missing *missing = found.at;
    int64_t              *ids = arena_many(op->arena, found.n + 1, int64_t);
    size_t                n = 0;

    if (!ids)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++) {
        bool tied = is_tied(op, missing[i].id, grid);
        if (tied)
            ids[n++] = missing[i].id;
        rows[i] = (struct absent){
            .id = tied ? missing[i].id : 0,
            .name = tied ? missing[i].name : mask_name(op->arena, missing[i].name),
            .area_name = area_name(op, grid),
            .has_account = missing[i].account != 0,
        };
    }
    return look_at_names(op, grid, ids, n, view);
}

static void name_holders(struct op *op, struct list found, struct absent *rows)
{
    const struct missing *missing = found.at;

    for (size_t i = 0; i < found.n; i++)
        rows[i] = (struct absent){ .name = missing[i].name,
                                   .area_name = area_name(op, missing[i].area),
                                   .has_account = true,
                                   .staff = true };
}

/* Of houses, those who live in them: some of the grid's people at a time. */
static enum rc keep_housed(struct op *op, const struct notice *notice, struct list *found)
{
    struct missing     *rows = found->at;
    struct list         houses;
    struct person       person;
    struct person_house home;
    size_t              kept = 0;

    enum rc                    rc = notice_houses(op, notice, &houses);
    const struct person_house *all = houses.at;
    for (size_t i = 0; rc == RC_OK && i < found->n; i++) {
        rc = person_find(op, rows[i].id, &person);
        if (rc == RC_OK)
            rc = person_house(op, &person, &home);
        for (size_t h = 0; rc == RC_OK && h < houses.n; h++)
            if (house_within(&home, &all[h])) {
                rows[kept++] = rows[i];
                break;
            }
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    found->n = kept;
    return rc;
}

struct absence {
    struct list found; /* struct missing */
    struct str  next;
};

static enum rc find_people(struct op *op, const struct notice *notice, struct str grid,
                           const struct missing *after, struct absence *absence)
{
    size_t most = notice->houses.len ? SCANNED_MAX : PAGE;

    if (area_level(grid) != LEVEL_GRID)
        return fail(op, RC_INVALID, "area", "名单按网格看，请选一个网格。");
    enum rc rc = people_missing(op, notice, grid, after,
                                actor_may(op->actor, RIGHT_SHIELDED_READ, grid), most,
                                &absence->found);
    if (rc == RC_OK && absence->found.n == most) {
        const struct missing *last = (const struct missing *)absence->found.at + most - 1;
        absence->next = mark_write(op, last->name, last->id);
    }
    return rc == RC_OK && notice->houses.len ? keep_housed(op, notice, &absence->found)
                                             : rc;
}

static enum rc find_holders(struct op *op, const struct notice *notice, struct str part,
                            const struct missing *after, struct absence *absence)
{
    enum rc rc = holders_missing(op, notice, part, after, PAGE, &absence->found);

    if (rc == RC_OK && absence->found.n == PAGE) {
        const struct missing *last = (const struct missing *)absence->found.at + PAGE - 1;
        absence->next = mark_write(op, last->area, last->hold);
    }
    return rc;
}

static enum rc absent(struct op *op, const void *in, struct view *view)
{
    const struct part_args *args = in;
    struct notice           notice;
    struct absence          absence = { .next = STR_NONE };
    struct missing          after = mark_read(args->cursor);
    struct str              part;

    enum rc rc = enter_part(op, args, &notice, &part);
    if (rc == RC_OK && !notice_is_out(&notice))
        return fail(op, RC_REFUSED, NULL, "这条通知还没有发出去。");
    if (rc == RC_OK)
        rc = notice.role.len ? find_holders(op, &notice, part, &after, &absence)
                             : find_people(op, &notice, part, &after, &absence);
    struct absent *rows =
        rc == RC_OK ? arena_many(op->arena, absence.found.n + 1, struct absent) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    if (notice.role.len)
        name_holders(op, absence.found, rows);
    else
        rc = name_people(op, part, absence.found, rows, view);
    if (rc == RC_OK && view->refused == RC_OK)
        view_page(view, absent_fields, COUNT(absent_fields),
                  (struct list){ rows, absence.found.n }, sizeof *rows, absence.next);
    return rc;
}

/* ----------------------------------------------------------------- answers */

struct answered {
    struct str name, area_name, answer;
    int64_t    at;
};
static const struct field answered_fields[] = {
    FIELD(struct answered, name, .grade = GRADE_PERSONAL, .title = STR_INIT("姓名")),
    FIELD(struct answered, area_name, OPTIONAL),
    FIELD(struct answered, answer, .grade = GRADE_PERSONAL, .title = STR_INIT("回的话")),
    FIELD_TIME(struct answered, at, OPTIONAL),
};

/* What was said is the notice's; who said it, and where they live, is not for everybody. */
static struct str name_answered(struct op *op, const struct receipt *receipt, bool hidden)
{
    struct str name = account_name(op, receipt->account);
    bool       staff = receipt->reader == receipt->account;

    if (hidden)
        return STR("受保护人员");
    return staff || is_tied(op, receipt->reader, receipt->area)
               ? name
               : mask_name(op->arena, name);
}

static enum rc show_answer(struct op *op, const struct receipt *receipt,
                           struct answered *row)
{
    bool hidden = false;

    enum rc rc = person_is_shielded(op, receipt->reader, &hidden);
    hidden = hidden && !actor_may(op->actor, RIGHT_SHIELDED_READ, receipt->area);
    *row = (struct answered){ .name = name_answered(op, receipt, hidden),
                              .area_name = hidden ? STR_NONE : area_name(op, receipt->area),
                              .at = receipt->done_ms };
    return rc == RC_OK ? notice_answer(op, receipt, &row->answer) : rc;
}

static enum rc answers(struct op *op, const void *in, struct view *view)
{
    const struct part_args *args = in;
    struct missing          mark = mark_read(args->cursor);
    struct receipt          after = { .area = mark.area, .reader = mark.id };
    struct notice           notice;
    struct str              part;
    struct list             found = { 0 };

    enum rc rc = enter_part(op, args, &notice, &part);
    if (rc == RC_OK)
        rc = receipts_answered(op, &notice, part, &after, PAGE, &found);
    const struct receipt *receipts = found.at;
    struct answered      *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct answered) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++)
        rc = show_answer(op, &receipts[i], &rows[i]);
    const struct receipt *last = found.n == PAGE ? &receipts[PAGE - 1] : NULL;
    if (rc == RC_OK)
        view_page(view, answered_fields, COUNT(answered_fields),
                  (struct list){ rows, found.n }, sizeof *rows,
                  last ? mark_write(op, last->area, last->reader) : STR_NONE);
    return rc;
}

const struct act watch_acts[] = {
    { .name = "notice.list",
      .method = GET,
      .path = "/notices",
      .title = STR_INIT("看通知清单"),
      .right = RIGHT_NOTICE_WATCH,
      ARGS(struct list_args, list_fields),
      ANSWER(struct listed, listed_fields),
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = "notice.spread",
      .method = GET,
      .path = "/notices/{id}/spread",
      .title = STR_INIT("通知有多少人看了"),
      .note = STR_INIT("应读人数来自居民登记；已读、已回执按辖区分。"),
      .right = RIGHT_NOTICE_WATCH,
      ARGS(struct part_args, part_fields),
      ANSWER(struct spread, spread_whole_fields),
      .run = spread },
    { .name = "notice.absent",
      .method = POST,
      .path = "/notices/{id}/absent",
      .title = STR_INIT("通知还有谁没看"),
      .note = STR_INIT("本网格的网格员看得到姓名，别人看到的是遮住的；被看到的人会知道。"),
      .right = RIGHT_NOTICE_WATCH,
      .writes = true,
      .unkept = true,
      ARGS(struct part_args, part_fields),
      ANSWER(struct absent, absent_fields),
      .many = true,
      .run = absent },
    { .name = "notice.answers",
      .method = GET,
      .path = "/notices/{id}/answers",
      .title = STR_INIT("看通知的回话"),
      .right = RIGHT_NOTICE_WATCH,
      ARGS(struct part_args, part_fields),
      ANSWER(struct answered, answered_fields),
      .many = true,
      .run = answers },
    { .name = NULL },
};
