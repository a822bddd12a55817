#include "engine/appoint/appoint.h"
#include "engine/appoint/view.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "rule/rule.h"
#include "scene/scenes.h"

enum { MINE_MAX = 50, MINE_DAYS = 90, WINDOWS_MAX = 100 };

/* ------------------------------------------------------------------ windows */

struct windows_args {
    struct str scene, kind, category, area;
};
static const struct field windows_fields[] = {
    FIELD(struct windows_args, scene, .max = 40, .title = STR_INIT("场景")),
    FIELD(struct windows_args, kind, .max = 40, .title = STR_INIT("哪类办件")),
    FIELD(struct windows_args, category, .max = 40, .title = STR_INIT("办什么事")),
    FIELD(struct windows_args, area, .max = 15, .title = STR_INIT("哪里"),
          .note = STR_INIT("不写是自己住的地方")),
};

static enum rc ready_windows(struct op *op, void *in)
{
    struct windows_args *args = in;

    if (!args->area.len)
        args->area = op->actor->home.len ? op->actor->home : STR_NONE;
    if (!args->area.len)
        return fail(op, RC_INVALID, "area", "请选在哪里办。");
    return county_enter(op, args->area);
}

struct found_windows {
    struct op                 *op;
    const struct windows_args *args;
    struct shown_window       *shown;
    size_t                     n;
};

static enum rc add_window(struct found_windows *found, const struct scene *scene,
                          const struct case_kind *kind, const struct scene_window *rules)
{
    const struct windows_args *args = found->args;
    struct window_key          key = { scene->name, kind->name, rules->name, args->area };
    const struct scene_duty   *duty = scene_duty(scene, rules->duty);
    struct window              window;

    if (found->n == WINDOWS_MAX || !duty || !area_at_level(args->area, duty->level).at ||
        (args->category.len && !window_takes(rules, args->category)))
        return RC_OK;
    enum rc rc = window_find(found->op, key, &window);
    if (rc == RC_OK)
        rc = window_show(found->op, &window, &found->shown[found->n]);
    found->n += rc == RC_OK && found->shown[found->n].kept;
    return rc;
}

static enum rc add_kind(struct found_windows *found, const struct scene *scene,
                        const struct case_kind *kind)
{
    const struct windows_args *args = found->args;
    enum rc                    rc = RC_OK;

    if ((args->scene.len && !str_eq(args->scene, scene->name)) ||
        (args->kind.len && !str_eq(args->kind, kind->name)))
        return RC_OK;
    for (size_t w = 0; w < kind->nwindows && rc == RC_OK; w++)
        rc = add_window(found, scene, kind, &kind->windows[w]);
    return rc;
}

static enum rc windows(struct op *op, const void *in, struct view *view)
{
    const struct scene *const *scenes;
    size_t                     n = 0;
    struct found_windows       found = {
              .op = op,
              .args = in,
              .shown = arena_many(op->arena, WINDOWS_MAX, struct shown_window),
    };

    enum rc rc = found.shown ? scenes_all(op, &scenes, &n) : RC_TOO_LARGE;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        for (size_t k = 0; rc == RC_OK && k < scenes[i]->nkinds; k++)
            rc = add_kind(&found, scenes[i], &scenes[i]->kinds[k]);
    if (rc == RC_OK)
        view_page(view, shown_window_fields, SHOWN_WINDOW_NFIELDS,
                  (struct list){ found.shown, found.n }, sizeof *found.shown, STR_NONE);
    return rc;
}

/* -------------------------------------------------------------------- slots */

struct slots_args {
    struct str scene, kind, window, area, from;
};
static const struct field slots_fields[] = {
    WINDOW_FIELDS(struct slots_args),
    FIELD(struct slots_args, from, .max = 10, .title = STR_INIT("从哪天起"),
          .note = STR_INIT("2026-11-24；不写是今天。一次给七天")),
};

static enum rc ready_slots(struct op *op, void *in)
{
    return county_enter(op, ((const struct slots_args *)in)->area);
}

static enum rc slots(struct op *op, const void *in, struct view *view)
{
    const struct slots_args *args = in;
    struct window            window;
    struct list              found = { 0 };
    int64_t                  day = rule_today(op->now_ms);

    if (args->from.len && !rule_read_date(args->from, &day))
        return fail(op, RC_INVALID, "from", "日期要写成 2026-11-24 这样。");
    enum rc rc = window_find(op, KEY_OF(args), &window);
    if (rc == RC_OK)
        rc = slots_of(op, &window, day, SLOT_DAYS_MAX, &found);
    struct shown_slot *shown =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct shown_slot) : NULL;
    if (!shown)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct slot *slot = found.at;
    for (size_t i = 0; i < found.n; i++)
        shown[i] = (struct shown_slot){ slot[i].starts_ms, slot[i].ends_ms, slot[i].free };
    view_page(view, shown_slot_fields, SHOWN_SLOT_NFIELDS, (struct list){ shown, found.n },
              sizeof *shown, STR_NONE);
    return RC_OK;
}

/* ------------------------------------------------------------------ booking */

struct book_args {
    struct str scene, kind, window, area, category;
    int64_t    starts, case_id;
    struct str name, phone, note, agreed;
};
static const struct field book_fields[] = {
    WINDOW_FIELDS(struct book_args),
    FIELD_TIME(struct book_args, starts, REQUIRED, .title = STR_INIT("什么时候")),
    FIELD(struct book_args, category, .max = 40, .title = STR_INIT("办什么事"),
          .note = STR_INIT("给办件预约时不用写")),
    FIELD_ID(struct book_args, case_id, .title = STR_INIT("给哪个办件预约")),
    FIELD(struct book_args, name, .max = 40, .grade = GRADE_PERSONAL,
          .title = STR_INIT("替谁约"), .note = STR_INIT("自己约不写")),
    FIELD(struct book_args, phone, .max = 24, .grade = GRADE_PERSONAL,
          .title = STR_INIT("电话")),
    FIELD(struct book_args, note, .max = APPOINTMENT_NOTE_MAX, .grade = GRADE_PERSONAL,
          .title = STR_INIT("要说的")),
    FIELD(struct book_args, agreed, .max = 10, .title = STR_INIT("本人怎样同意的"),
          .note = STR_INIT("oral、written、phone、guardian")),
};

static enum rc ready_book(struct op *op, void *in)
{
    return county_enter(op, ((const struct book_args *)in)->area);
}

static enum rc book(struct op *op, const void *in, struct view *view)
{
    const struct book_args *args = in;
    struct appointment      row;

    enum rc rc = appoint_book(op,
                              &(struct booking){ .key = KEY_OF(args),
                                                 .starts_ms = args->starts,
                                                 .category = args->category,
                                                 .case_id = args->case_id,
                                                 .visitor = { args->name, args->phone,
                                                              args->note, args->agreed } },
                              &row);
    view->status = 201;
    return rc == RC_OK ? appoint_answer(op, &row, view) : rc;
}

struct change_args {
    int64_t    id, version, starts;
    struct str reason;
};
static const struct field move_fields[] = {
    FIELD_ID(struct change_args, id, REQUIRED),
    FIELD(struct change_args, version, OPTIONAL),
    FIELD_TIME(struct change_args, starts, REQUIRED, .title = STR_INIT("改到什么时候")),
};
static const struct field cancel_fields[] = {
    FIELD_ID(struct change_args, id, REQUIRED),
    FIELD(struct change_args, version, OPTIONAL),
    FIELD(struct change_args, reason, .max = 100, .title = STR_INIT("为什么取消")),
};

static enum rc move(struct op *op, const void *in, struct view *view)
{
    const struct change_args *args = in;
    struct appointment        row;

    enum rc rc = appoint_move(op, args->id, args->version, args->starts, &row);
    return rc == RC_OK ? appoint_answer(op, &row, view) : rc;
}

static enum rc cancel(struct op *op, const void *in, struct view *view)
{
    const struct change_args *args = in;
    struct appointment        row;

    enum rc rc = appoint_cancel(op, args->id, args->version, args->reason, &row);
    return rc == RC_OK ? appoint_answer(op, &row, view) : rc;
}

/* ------------------------------------------------------------------ looking */

struct list_args {
    int64_t case_id;
};
static const struct field list_fields[] = {
    FIELD_ID(struct list_args, case_id, .title = STR_INIT("哪个办件的"),
             .note = STR_INIT("不写是自己的，最近三个月和以后的")),
};

static enum rc ready_list(struct op *op, void *in)
{
    const struct list_args *args = in;

    if (args->case_id)
        op->county = id_county(args->case_id);
    return RC_OK;
}

static enum rc of_case(struct op *op, int64_t id, struct list *rows)
{
    struct a_case it;

    enum rc rc = case_find(op, id, &it);
    return rc == RC_OK ? appointments_of_case(op, id, MINE_MAX, rows) : rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    int64_t     id = ((const struct list_args *)in)->case_id;
    struct list rows = { 0 };

    enum rc rc =
        id ? of_case(op, id, &rows)
        : op->actor->account
            ? appointments_of_account(op, op->actor->account,
                                      op->now_ms - MINE_DAYS * DAY_MS, MINE_MAX, &rows)
            : RC_OK;
    return rc == RC_OK ? appoint_show_all(op, rows, view) : rc;
}

struct one_args {
    int64_t id;
};
static const struct field one_fields[] = { FIELD_ID(struct one_args, id, REQUIRED) };

static enum rc show(struct op *op, const void *in, struct view *view)
{
    struct appointment row;

    enum rc rc = appoint_find(op, ((const struct one_args *)in)->id, &row);
    return rc == RC_OK ? appoint_answer(op, &row, view) : rc;
}

/* ---------------------------------------------------------------- the clock */

static enum rc look_again(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return appoint_clock(op, ((const struct one_args *)in)->id);
}

#define ANSWERS_MANY ANSWERS_ONE, .many = true
const struct act appoint_acts[] = {
    { .name = "appoint.windows",
      .method = GET,
      .path = "/windows",
      .title = STR_INIT("能预约的窗口"),
      .note = STR_INIT("一个地方有哪些窗口能约，办什么，规矩是什么。"),
      .right = RIGHT_SELF,
      ARGS(struct windows_args, windows_fields),
      .answer = shown_window_fields,
      .nanswer = SHOWN_WINDOW_NFIELDS,
      .many = true,
      .ready = ready_windows,
      .run = windows },
    { .name = "appoint.slots",
      .method = GET,
      .path = "/windows/slots",
      .title = STR_INIT("窗口的空号"),
      .note = STR_INIT("七天里能约的每一场，还空几个；节假日、停办的不在里面。"),
      .right = RIGHT_SELF,
      ARGS(struct slots_args, slots_fields),
      .answer = shown_slot_fields,
      .nanswer = SHOWN_SLOT_NFIELDS,
      .many = true,
      .ready = ready_slots,
      .run = slots },
    { .name = "appoint.book",
      .method = POST,
      .path = "/appointments",
      .title = STR_INIT("预约"),
      .note = STR_INIT("给自己约，或者由工作人员替来电、到场的人约。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct book_args, book_fields),
      ANSWERS_ONE,
      .ready = ready_book,
      .run = book },
    { .name = "appoint.move",
      .method = POST,
      .path = "/appointments/{id}/move",
      .title = STR_INIT("改预约的时间"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct change_args, move_fields),
      ANSWERS_ONE,
      .run = move },
    { .name = "appoint.cancel",
      .method = POST,
      .path = "/appointments/{id}/cancel",
      .title = STR_INIT("取消预约"),
      .note = STR_INIT("空出来的号马上给别人约。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct change_args, cancel_fields),
      ANSWERS_ONE,
      .run = cancel },
    { .name = "appoint.list",
      .method = GET,
      .path = "/appointments",
      .title = STR_INIT("自己的预约"),
      .note = STR_INIT("也能看一个办件的。"),
      .right = RIGHT_SELF,
      ARGS(struct list_args, list_fields),
      ANSWERS_MANY,
      .ready = ready_list,
      .run = list },
    { .name = "appoint.show",
      .method = GET,
      .path = "/appointments/{id}",
      .title = STR_INIT("看一个预约"),
      .right = RIGHT_SELF,
      ARGS(struct one_args, one_fields),
      ANSWERS_ONE,
      .run = show },
    { .name = "appoint.clock",
      .title = STR_INIT("看看预约到了什么时候"),
      .note = STR_INIT("前一天提醒；时间没有了就告诉本人；由时钟来做。"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct one_args, one_fields),
      .run = look_again },
    { .name = NULL },
};
