#include "base/clock.h"
#include "engine/appoint/appoint.h"
#include "engine/appoint/view.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/look.h"
#include "rule/rule.h"

enum { DAY_ROWS_MAX = 1000, CLOSURES_SHOWN_MAX = 100 };

/* The window, if op's actor works there. */
static enum rc my_window(struct op *op, struct window_key key, struct window *window)
{
    enum rc rc = window_find(op, key, window);

    if (rc == RC_OK && !actor_may(op->actor, RIGHT_APPOINT, window->key.area))
        rc = fail(op, RC_DENIED, NULL, "这个窗口不归您管。");
    return rc;
}

/* -------------------------------------------------------------- a day's list */

struct day_args {
    struct str scene, kind, window, area, day;
};
static const struct field day_fields[] = {
    WINDOW_FIELDS(struct day_args),
    FIELD(struct day_args, day, .max = 10, .title = STR_INIT("哪一天"),
          .note = STR_INIT("2026-11-24；不写是今天")),
};

static enum rc ready_day(struct op *op, void *in)
{
    return county_enter(op, ((const struct day_args *)in)->area);
}

static enum rc day_list(struct op *op, const void *in, struct view *view)
{
    const struct day_args *args = in;
    struct window          window;
    struct list            rows = { 0 };
    int64_t                day = rule_today(op->now_ms);

    if (args->day.len && !rule_read_date(args->day, &day))
        return fail(op, RC_INVALID, "day", "日期要写成 2026-11-24 这样。");
    enum rc rc = my_window(op, KEY_OF(args), &window);
    int64_t begins = clock_day_begins(day * DAY_MS);
    if (rc == RC_OK)
        rc = appointments_of_window(op, &window.key, begins, begins + DAY_MS, DAY_ROWS_MAX,
                                    &rows);
    return rc == RC_OK ? appoint_show_all(op, rows, view) : rc;
}

struct mark_args {
    int64_t id, version;
    bool    came;
};
static const struct field mark_fields[] = {
    FIELD_ID(struct mark_args, id, REQUIRED),
    FIELD(struct mark_args, version, OPTIONAL),
    FIELD(struct mark_args, came, REQUIRED, .title = STR_INIT("来了没有")),
};

static enum rc mark(struct op *op, const void *in, struct view *view)
{
    const struct mark_args *args = in;
    struct appointment      row;

    enum rc rc = appoint_mark(op, args->id, args->version, args->came, &row);
    return rc == RC_OK ? appoint_answer(op, &row, view) : rc;
}

/* ------------------------------------------------------------- telephoning */

struct phone_args {
    int64_t id;
};
static const struct field phone_fields[] = { FIELD_ID(struct phone_args, id, REQUIRED) };
static const struct field number_fields[] = {
    FIELD(struct visitor, name, .grade = GRADE_PERSONAL),
    FIELD(struct visitor, phone, .grade = GRADE_PERSONAL),
};

/* Of somebody registered: they see that it was looked at, and by whom.  What was told
 * when it was booked is theirs as well. */
static enum rc look_at_phone(struct op *op, const struct appointment *row,
                             struct visitor *visitor, enum rc *refused)
{
    struct person       person;
    struct person_clear clear;
    struct tie          tie = { 0 };

    enum rc rc = person_find(op, row->person, &person);
    if (rc == RC_OK && person.shielded)
        return fail(op, RC_DENIED, NULL, "受保护人员的电话在这里看不到。");
    if (rc == RC_OK)
        rc = look_at(op, &person, LOOK_CLEAR,
                     str_cat(op->arena, STR("窗口预约 "), row->code), &tie, refused);
    if (rc != RC_OK || *refused != RC_OK)
        return rc;
    rc = person_open(op, &person, &clear);
    if (!visitor->phone.len)
        visitor->phone = clear.phone;
    return rc;
}

static enum rc phone(struct op *op, const void *in, struct view *view)
{
    struct appointment row;
    struct visitor     visitor;

    enum rc rc = appoint_find(op, ((const struct phone_args *)in)->id, &row);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_APPOINT, row.area))
        return fail(op, RC_DENIED, NULL, "这个窗口不归您管。");
    if (rc == RC_OK)
        rc = appoint_visitor(op, &row, &visitor);
    if (rc == RC_OK && row.person)
        rc = look_at_phone(op, &row, &visitor, &view->refused);
    if (rc == RC_OK && view->refused == RC_OK && !visitor.phone.len)
        return fail(op, RC_GONE, NULL, "没有留电话。");
    if (rc != RC_OK || view->refused != RC_OK)
        return rc;
    journal_about(op, row.id, row.version, row.version, row.person);
    view_struct(view, number_fields, COUNT(number_fields), &visitor);
    return RC_OK;
}

/* ------------------------------------------------------------------ closing */

struct close_args {
    struct str scene, kind, window, area, reason;
    int64_t    from, until;
};
static const struct field close_fields[] = {
    WINDOW_FIELDS(struct close_args),
    FIELD_TIME(struct close_args, from, REQUIRED, .title = STR_INIT("从什么时候")),
    FIELD_TIME(struct close_args, until, REQUIRED, .title = STR_INIT("到什么时候")),
    FIELD(struct close_args, reason, REQUIRED, .max = 60, .title = STR_INIT("为什么不开"),
          .note = STR_INIT("约了的人会看到")),
};
struct shown_closure {
    int64_t    id, from, until;
    struct str scene, kind, window, area, reason, by;
    int64_t    displaced; /* booked within it, told one by one from now on */
};
#define C(member) FIELD(struct shown_closure, member, OPTIONAL)
static const struct field shown_closure_fields[] = {
    FIELD_ID(struct shown_closure, id, OPTIONAL),
    FIELD_TIME(struct shown_closure, from, OPTIONAL),
    FIELD_TIME(struct shown_closure, until, OPTIONAL),
    C(scene),
    C(kind),
    C(window),
    C(area),
    C(reason),
    C(by),
    C(displaced),
};

static struct shown_closure closure_shown(struct op *op, const struct closure *row)
{
    return (struct shown_closure){ .id = row->id,
                                   .from = row->from_ms,
                                   .until = row->until_ms,
                                   .scene = row->scene,
                                   .kind = row->kind,
                                   .window = row->at_window,
                                   .area = row->area,
                                   .reason = row->reason,
                                   .by = account_name(op, row->account) };
}

static enum rc ready_close(struct op *op, void *in)
{
    return county_enter(op, ((const struct close_args *)in)->area);
}

static enum rc check_span(struct op *op, const struct close_args *args)
{
    if (args->until <= args->from)
        return fail(op, RC_INVALID, "until", "结束要在开始以后。");
    if (args->until <= op->now_ms)
        return fail(op, RC_INVALID, "until", "这段时间已经过去了。");
    if (args->until - args->from > WINDOW_CLOSED_DAYS_MAX * DAY_MS)
        return fail(op, RC_INVALID, "until", "一次最多停 %d 天。", WINDOW_CLOSED_DAYS_MAX);
    return RC_OK;
}

/* Whoever had booked is looked at by the clock, and hears of it then. */
static enum rc close_window(struct op *op, const void *in, struct view *view)
{
    const struct close_args *args = in;
    struct window            window;
    int64_t                  displaced = 0;

    enum rc rc = check_span(op, args);
    if (rc == RC_OK)
        rc = my_window(op, KEY_OF(args), &window);
    if (rc != RC_OK)
        return rc;
    struct closure row = { .county = op->county,
                           .id = op_new_id(op),
                           .scene = window.key.scene,
                           .kind = window.key.kind,
                           .at_window = window.key.at_window,
                           .area = window.key.area,
                           .from_ms = args->from,
                           .until_ms = args->until,
                           .reason = str_trim(args->reason),
                           .account = op->actor->account };
    rc = closure_insert(op, &row);
    if (rc == RC_OK)
        rc = appointments_look_at(op, &window.key, args->from, args->until, &displaced);
    if (rc != RC_OK)
        return rc;
    struct shown_closure shown = closure_shown(op, &row);
    shown.displaced = displaced;
    journal_about(op, row.id, 0, 1, 0);
    view->status = 201;
    view_struct(view, shown_closure_fields, COUNT(shown_closure_fields), &shown);
    return journal_says(op, shown_closure_fields, COUNT(shown_closure_fields), &shown);
}

static enum rc closures_list(struct op *op, const void *in, struct view *view)
{
    struct window window;
    struct list   rows = { 0 };

    enum rc rc = my_window(op, KEY_OF((const struct day_args *)in), &window);
    if (rc == RC_OK)
        rc = closures_of_window(op, &window.key, op->now_ms, CLOSURES_SHOWN_MAX, &rows);
    struct shown_closure *shown =
        rc == RC_OK ? arena_many(op->arena, rows.n + 1, struct shown_closure) : NULL;
    if (!shown)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct closure *row = rows.at;
    for (size_t i = 0; i < rows.n; i++)
        shown[i] = closure_shown(op, &row[i]);
    view_page(view, shown_closure_fields, COUNT(shown_closure_fields),
              (struct list){ shown, rows.n }, sizeof *shown, STR_NONE);
    return RC_OK;
}

/* It opens after all; whoever was displaced books anew as they like. */
static enum rc open_window(struct op *op, const void *in, struct view *view)
{
    struct closure row;

    (void)view;
    enum rc rc = closure_select(op, ((const struct phone_args *)in)->id, &row);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_APPOINT, row.area))
        rc = RC_NOT_FOUND;
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? fail(op, rc, NULL, "没有这条停办。") : rc;
    journal_about(op, row.id, 1, 2, 0);
    return closure_delete(op, row.id);
}

const struct act window_acts[] = {
    { .name = "appoint.day",
      .method = GET,
      .path = "/windows/day",
      .title = STR_INIT("窗口一天的预约"),
      .note = STR_INIT("谁什么时候来办什么；姓名给值守的人看，电话打码。"),
      .right = RIGHT_APPOINT,
      ARGS(struct day_args, day_fields),
      ANSWERS_ONE,
      .many = true,
      .ready = ready_day,
      .run = day_list },
    { .name = "appoint.mark",
      .method = POST,
      .path = "/appointments/{id}/mark",
      .title = STR_INIT("记到了、没来"),
      .right = RIGHT_APPOINT,
      .writes = true,
      ARGS(struct mark_args, mark_fields),
      ANSWERS_ONE,
      .run = mark },
    { .name = "appoint.phone",
      .method = POST,
      .path = "/appointments/{id}/phone",
      .title = STR_INIT("看预约人的电话"),
      .note = STR_INIT("要打电话改约时用；本人看得到谁看过。"),
      .right = RIGHT_APPOINT,
      .writes = true,
      .unkept = true,
      ARGS(struct phone_args, phone_fields),
      ANSWER(struct visitor, number_fields),
      .run = phone },
    { .name = "window.close",
      .method = POST,
      .path = "/windows/closures",
      .title = STR_INIT("停办一段时间"),
      .note = STR_INIT("约了这段时间的人马上收到消息，可以另选时间。"),
      .right = RIGHT_APPOINT,
      .writes = true,
      ARGS(struct close_args, close_fields),
      ANSWER(struct shown_closure, shown_closure_fields),
      .ready = ready_close,
      .run = close_window },
    { .name = "window.closures",
      .method = GET,
      .path = "/windows/closures",
      .title = STR_INIT("列出停办"),
      .right = RIGHT_APPOINT,
      ARGS(struct day_args, day_fields),
      ANSWER(struct shown_closure, shown_closure_fields),
      .many = true,
      .ready = ready_day,
      .run = closures_list },
    { .name = "window.open",
      .method = POST,
      .path = "/windows/closures/{id}/open",
      .title = STR_INIT("恢复办理"),
      .right = RIGHT_APPOINT,
      .writes = true,
      ARGS(struct phone_args, phone_fields),
      .run = open_window },
    { .name = NULL },
};
