#include "base/clock.h"
#include "engine/case/calendar.h"
#include "engine/case/calendar_store.h"
#include "engine/case/case_acts.h"
#include "engine/case/case_store.h"
#include "engine/case/turn.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "scene/scene_acts.h"

/* ----------------------------------------------------------------- load */

struct load_args {
    struct str       yaml, area;
    struct calendar *calendar; /* by `ready` */
};
static const struct field load_fields[] = {
    FIELD(struct load_args, yaml, REQUIRED, .title = STR_INIT("日历的 YAML")),
    FIELD(struct load_args, area, .max = 15, .title = STR_INIT("哪个区县")),
};
static const struct field kept_fields[] = {
    FIELD(struct kept_calendar, name, OPTIONAL),
    FIELD(struct kept_calendar, title, OPTIONAL),
    FIELD(struct kept_calendar, source, OPTIONAL, .note = STR_INIT("照什么抄录的")),
    FIELD(struct kept_calendar, first, OPTIONAL),
    FIELD(struct kept_calendar, last, OPTIONAL),
    FIELD_TIME(struct kept_calendar, loaded, OPTIONAL),
};

static enum rc read_sent(struct op *op, struct load_args *args)
{
    struct problems problems;

    problems_init(&problems, op->arena);
    args->calendar = arena_new(op->arena, struct calendar);
    if (!args->calendar)
        return RC_TOO_LARGE;
    enum rc rc =
        calendar_read(op->arena, STR("日历"), args->yaml, &problems, args->calendar);
    for (const struct problem *one = problems.first; one; one = one->next) {
        struct str where = str_fmt(op->arena, "%.*s:%lld:%lld", STR_ARG(one->where),
                                   (long long)one->line, (long long)one->column);
        problem_add(&op->problems, where, "%.*s", STR_ARG(one->says));
    }
    return rc;
}

static enum rc ready_to_load(struct op *op, void *in)
{
    struct load_args *args = in;

    enum rc rc = county_asked(op, args->area, RIGHT_SCENE_WRITE);
    return rc == RC_OK ? read_sent(op, args) : rc;
}

/* Deadlines that run are reckoned again, by case.recount. */
static enum rc load(struct op *op, const void *in, struct view *view)
{
    struct kept_calendar kept;

    enum rc rc = calendar_keep(op, ((const struct load_args *)in)->calendar, &kept);
    if (rc == RC_OK)
        rc = recount_upsert(op, &(struct recount){ .county = op->county });
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    view_struct(view, kept_fields, COUNT(kept_fields), &kept);
    return journal_says(op, kept_fields, COUNT(kept_fields), &kept);
}

struct list_args {
    struct str area;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("哪个区县")),
};

static enum rc ready_to_list(struct op *op, void *in)
{
    return county_asked(op, ((const struct list_args *)in)->area, RIGHT_SCENE_READ);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list kept;

    (void)in;
    enum rc rc = calendars_select(op, &kept);
    if (rc == RC_OK)
        view_page(view, kept_fields, COUNT(kept_fields), kept, sizeof(struct kept_calendar),
                  STR_NONE);
    return rc;
}

/* -------------------------------------------------------------- recount */

/* Of one act: so many, and no longer than the writer may be kept. */
enum { RECOUNT_MOST = 1000, RECOUNT_US = 40 * 1000 };

struct recount_args {
    int64_t county;
};
static const struct field recount_fields[] = {
    FIELD(struct recount_args, county, REQUIRED, .min = 1, .max = COUNTY_MAX),
};
struct recounted {
    int64_t looked;
    bool    more;
};
static const struct field recounted_fields[] = {
    FIELD(struct recounted, looked, OPTIONAL),
    FIELD(struct recounted, more, OPTIONAL),
};

static enum rc ready_to_recount(struct op *op, void *in)
{
    op->county = ((const struct recount_args *)in)->county;
    return RC_OK;
}

/* One that cannot be read keeps its deadline, and does not keep the others from theirs;
 * what the database refused ends them all. */
static enum rc again(struct op *op, int64_t id)
{
    struct arena_mark mark = arena_mark(op->arena);
    enum rc           rc = case_again(op, id);

    arena_back(op->arena, mark);
    return rc == RC_INTERNAL || rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc look_at(struct op *op, struct recount *at, struct list found,
                       struct recounted *done)
{
    const struct due_case *cases = found.at;
    int64_t                until_us = clock_mono_us() + RECOUNT_US;
    enum rc                rc = RC_OK;
    size_t                 i = 0;

    for (; i < found.n && rc == RC_OK && clock_mono_us() < until_us; i++) {
        if (id_county(cases[i].id) == op->county)
            rc = again(op, cases[i].id);
        at->after_ms = cases[i].next_ms;
        at->after_id = cases[i].id;
    }
    *done = (struct recounted){ (int64_t)i, i < found.n || found.n == RECOUNT_MOST };
    return rc;
}

static enum rc recount(struct op *op, const void *in, struct view *view)
{
    struct recount   at;
    struct recounted done = { 0 };
    struct list      found;

    (void)in;
    enum rc rc = recount_select(op, &at);
    if (rc == RC_OK)
        rc = case_select_due(op, INT64_MAX, &(struct due_case){ at.after_ms, at.after_id },
                             RECOUNT_MOST, &found);
    if (rc == RC_OK)
        rc = look_at(op, &at, found, &done);
    if (rc == RC_OK)
        rc = done.more ? recount_upsert(op, &at) : recount_delete(op);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    view_struct(view, recounted_fields, COUNT(recounted_fields), &done);
    return journal_says(op, recounted_fields, COUNT(recounted_fields), &done);
}

enum rc case_recounts(struct op *op, struct list *counties)
{
    struct list found;

    enum rc               rc = recounts_select(op, &found);
    const struct recount *recounts = found.at;
    int64_t              *numbers = arena_many(op->arena, found.n + 1, int64_t);
    if (rc != RC_OK || !numbers)
        return rc != RC_OK ? rc : RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++)
        numbers[i] = recounts[i].county;
    *counties = (struct list){ numbers, found.n };
    return RC_OK;
}

const struct act calendar_acts[] = {
    { .name = "calendar.load",
      .method = POST,
      .path = "/calendars",
      .title = STR_INIT("装入日历"),
      .note = STR_INIT("节假日、调休和办公时段；在走的时限按新的日历重新算。"),
      .right = RIGHT_SCENE_WRITE,
      .writes = true,
      ARGS(struct load_args, load_fields),
      ANSWER(struct kept_calendar, kept_fields),
      .ready = ready_to_load,
      .run = load },
    { .name = "calendar.list",
      .method = GET,
      .path = "/calendars",
      .title = STR_INIT("列出日历"),
      .note = STR_INIT("装过哪些，各管哪些天，照什么抄录的。"),
      .right = RIGHT_SCENE_READ,
      ARGS(struct list_args, list_fields),
      ANSWER(struct kept_calendar, kept_fields),
      .many = true,
      .ready = ready_to_list,
      .run = list },
    { .name = "case.recount",
      .title = STR_INIT("按新的日历重算时限"),
      .note = STR_INIT("一次一批；装入日历以后由时钟来做。"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct recount_args, recount_fields),
      ANSWER(struct recounted, recounted_fields),
      .ready = ready_to_recount,
      .run = recount },
    { .name = NULL },
};
