#include "engine/appoint/view.h"

#include "base/clock.h"
#include "engine/appoint/telling.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "guard/mask.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/person.h"

#define L(member) FIELD(struct shown_slot, member, OPTIONAL)
const struct field shown_slot_fields[SHOWN_SLOT_NFIELDS] = {
    FIELD_TIME(struct shown_slot, starts, OPTIONAL),
    FIELD_TIME(struct shown_slot, ends, OPTIONAL),
    L(free),
};

#define S(member) FIELD(struct shown_appointment, member, OPTIONAL)
const struct field shown_appointment_fields[SHOWN_NFIELDS] = {
    FIELD_ID(struct shown_appointment, id, OPTIONAL),
    S(version),
    S(code),
    S(state),
    S(state_title),
    S(scene),
    S(kind),
    S(window),
    S(window_title),
    S(area),
    S(area_name),
    S(category),
    FIELD_ID(struct shown_appointment, case_id, OPTIONAL),
    FIELD_TIME(struct shown_appointment, starts, OPTIONAL),
    FIELD_TIME(struct shown_appointment, ends, OPTIONAL),
    FIELD_TIME(struct shown_appointment, booked, OPTIONAL),
    S(own),
    S(says),
    S(bring),
    S(reason),
    S(may_change),
    S(may_mark),
    S(must_call),
    FIELD_TIME(struct shown_appointment, change_until, OPTIONAL),
    FIELD_STRUCT(struct shown_appointment, offer, shown_slot_fields, OPTIONAL),
    FIELD(struct shown_appointment, name, .grade = GRADE_PERSONAL),
    FIELD(struct shown_appointment, phone, .grade = GRADE_PERSONAL),
    FIELD(struct shown_appointment, note, .grade = GRADE_PERSONAL),
    S(agreed),
    S(by),
};

#define W(member) FIELD(struct shown_window, member, OPTIONAL)
const struct field shown_window_fields[SHOWN_WINDOW_NFIELDS] = {
    W(scene),
    W(kind),
    W(window),
    W(title),
    W(area),
    W(area_name),
    FIELD_LIST_OF(struct shown_window, items, KIND_TEXT, OPTIONAL),
    W(slot_minutes),
    W(people),
    W(ahead_days),
    W(says),
    W(kept),
    W(missed),
    W(barred),
    W(yours),
};

/* ------------------------------------------------------------- appointments */

static struct str title_of(struct str state)
{
    static const struct {
        struct str state, title;
    } titles[] = {
        { STR_INIT("booked"), STR_INIT("已约好") },
        { STR_INIT("displaced"), STR_INIT("要改时间") },
        { STR_INIT("cancelled"), STR_INIT("已取消") },
        { STR_INIT("came"), STR_INIT("已到") },
        { STR_INIT("missed"), STR_INIT("没有来") },
    };

    for (size_t i = 0; i < COUNT(titles); i++)
        if (str_eq(titles[i].state, state))
            return titles[i].title;
    return state;
}

static struct str says_of(struct op *op, const struct window *window,
                          const struct appointment *row)
{
    struct str when = appoint_when(op, row->starts_ms);
    struct str place = window->rules ? window_place(op, window) : area_name(op, row->area);

    if (str_eq(row->state, STATE_BOOKED))
        return str_cat(op->arena, when, STR("，到"), place, STR("，报预约码 "), row->code,
                       STR("。"));
    if (str_eq(row->state, STATE_DISPLACED))
        return str_cat(op->arena, when, STR("办不成了："),
                       str_sentence(op->arena, row->reason), STR("请换一个时间。"));
    return str_cat(op->arena, when, STR("，"), place, STR("，"), title_of(row->state),
                   STR("。"));
}

static bool is_open(const struct op *op, const struct appointment *row)
{
    return str_eq(row->state, STATE_DISPLACED) ||
           (str_eq(row->state, STATE_BOOKED) && op->now_ms < row->starts_ms);
}

static bool may_change(const struct op *op, const struct window *window,
                       const struct appointment *row)
{
    bool late =
        str_eq(row->state, STATE_BOOKED) && op->now_ms > appoint_change_until(window, row);

    return is_open(op, row) &&
           (appoint_is_staff(op, row) || (appoint_is_own(op, row) && !late));
}

/* Whoever keeps the window calls people by their names; nobody reads a number here. */
static enum rc show_visitor(struct op *op, const struct window *window,
                            const struct appointment *row, struct shown_appointment *shown)
{
    struct visitor visitor;
    bool           hidden = false, own = appoint_is_own(op, row);

    enum rc rc = appoint_visitor(op, row, &visitor);
    if (rc == RC_OK && row->person && !own)
        rc = person_is_shielded(op, row->person, &hidden);
    bool keeps = window->rules && actor_has_duty(op->actor, window->rules->duty, row->area);
    shown->name = hidden || !visitor.name.len ? STR_NONE
                  : own || keeps              ? visitor.name
                                              : mask_name(op->arena, visitor.name);
    if (hidden)
        shown->name = STR("受保护人员");
    shown->phone =
        hidden || !visitor.phone.len ? STR_NONE : mask_phone(op->arena, visitor.phone);
    shown->note = hidden || !visitor.note.len ? STR_NONE : visitor.note;
    shown->agreed = intake_agreed(row->agreed);
    if (row->taken_by)
        shown->by = account_name(op, row->taken_by);
    return rc;
}

static void show_offer(struct op *op, const struct window *window,
                       const struct appointment *row, struct shown_appointment *shown)
{
    int64_t     after = row->starts_ms > op->now_ms ? row->starts_ms : op->now_ms;
    struct slot slot;

    if (str_eq(row->state, STATE_DISPLACED) && window->rules &&
        slot_after(op, window, after, &slot) == RC_OK)
        shown->offer = (struct shown_slot){ slot.starts_ms, slot.ends_ms, slot.free };
}

static enum rc show_in(struct op *op, const struct window *window,
                       const struct appointment *row, struct shown_appointment *shown)
{
    bool seated = row->seat && op->now_ms >= clock_day_begins(row->starts_ms);

    *shown = (struct shown_appointment){
        .id = row->id,
        .version = row->version,
        .code = row->code,
        .state = row->state,
        .state_title = title_of(row->state),
        .scene = row->scene,
        .kind = row->kind,
        .window = row->at_window,
        .window_title = window->rules ? window->rules->title : STR_NONE,
        .area = row->area,
        .area_name = area_name(op, row->area),
        .category = row->category,
        .case_id = row->case_id,
        .starts = row->starts_ms,
        .ends = row->ends_ms,
        .booked = id_ms(row->id),
        .own = appoint_is_own(op, row),
        .says = says_of(op, window, row),
        .bring = appoint_bring(op, window, row->category),
        .reason = row->reason.len ? row->reason : STR_NONE,
        .may_change = may_change(op, window, row),
        .may_mark = seated && actor_may(op->actor, RIGHT_APPOINT, row->area),
        .must_call = !row->account && str_eq(row->state, STATE_DISPLACED),
        .change_until = appoint_change_until(window, row),
    };
    show_offer(op, window, row, shown);
    return show_visitor(op, window, row, shown);
}

enum rc appoint_show(struct op *op, const struct appointment *row,
                     struct shown_appointment *shown)
{
    struct window window;

    enum rc rc = window_now(op, appoint_key(row), &window);
    return rc == RC_OK ? show_in(op, &window, row, shown) : rc;
}

enum rc appoint_show_all(struct op *op, struct list rows, struct view *view)
{
    struct shown_appointment *shown =
        arena_many(op->arena, rows.n + 1, struct shown_appointment);
    const struct appointment *row = rows.at;
    enum rc                   rc = shown ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        rc = appoint_show(op, &row[i], &shown[i]);
    if (rc == RC_OK)
        view_page(view, shown_appointment_fields, SHOWN_NFIELDS,
                  (struct list){ shown, rows.n }, sizeof *shown, STR_NONE);
    return rc;
}

enum rc appoint_answer(struct op *op, const struct appointment *row, struct view *view)
{
    struct shown_appointment shown;

    enum rc rc = appoint_show(op, row, &shown);
    view->version = row->version;
    if (rc == RC_OK)
        view_struct(view, shown_appointment_fields, SHOWN_NFIELDS, &shown);
    return rc;
}

/* ------------------------------------------------------------------- windows */

/* "20 分钟", "2 小时", "14 天" */
static struct str length(struct op *op, int64_t ms)
{
    const int64_t minute = 60 * 1000, hour = 60 * minute;

    if (ms % DAY_MS == 0)
        return str_fmt(op->arena, "%lld 天", (long long)(ms / DAY_MS));
    if (ms % hour == 0)
        return str_fmt(op->arena, "%lld 小时", (long long)(ms / hour));
    return str_fmt(op->arena, "%lld 分钟", (long long)(ms / minute));
}

static struct str rules_of(struct op *op, const struct scene_window *rules)
{
    struct str says = str_cat(op->arena, STR("最早提前 "), length(op, rules->ahead_ms),
                              STR("约，一个人同时最多约 "),
                              str_fmt(op->arena, "%lld 次。", (long long)rules->open));

    if (rules->change_ms)
        says = str_cat(op->arena, says, STR("来不了，最迟提前 "),
                       length(op, rules->change_ms), STR("改时间或者取消。"));
    if (rules->missed)
        says =
            str_cat(op->arena, says, length(op, rules->missed_ms),
                    str_fmt(op->arena, "里约了没来 %lld 次，就要打电话或者到窗口才能约。",
                            (long long)rules->missed));
    return says;
}

/* What it is for: what was written, or the whole of the category's list. */
static enum rc items_of(struct op *op, const struct window *window, struct list *items)
{
    const struct scene_field  *category = kind_category(window->kind);
    const struct scene_window *rules = window->rules;
    size_t      n = rules->nitems ? rules->nitems : category ? category->noptions : 0;
    struct str *texts = arena_many(op->arena, n + 1, struct str);

    if (!texts)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        texts[i] = rules->nitems ? rules->items[i] : category->options[i].value;
    *items = (struct list){ texts, n };
    return RC_OK;
}

enum rc window_show(struct op *op, const struct window *window, struct shown_window *shown)
{
    const struct scene_window *rules = window->rules;

    *shown = (struct shown_window){
        .scene = window->key.scene,
        .kind = window->key.kind,
        .window = window->key.at_window,
        .title = rules->title,
        .area = window->key.area,
        .area_name = area_name(op, window->key.area),
        .slot_minutes = rules->slot_ms / 60000,
        .people = rules->people,
        .ahead_days = rules->ahead_ms / DAY_MS,
        .says = rules_of(op, rules),
        .yours = actor_may(op->actor, RIGHT_APPOINT, window->key.area),
    };
    enum rc rc = items_of(op, window, &shown->items);
    if (rc == RC_OK)
        rc = window_kept(op, window, &shown->kept);
    if (rc == RC_OK)
        rc = appoint_missed(op, window, op->actor->account, &shown->missed, &shown->barred);
    return rc;
}
