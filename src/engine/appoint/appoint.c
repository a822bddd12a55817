#include "engine/appoint/rules.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/random.h"
#include "engine/appoint/appoint.h"
#include "engine/appoint/telling.h"
#include "guard/actor.h"
#include "guard/codes.h"
#include "guard/seal.h"
#include "registry/account.h"
#include "registry/keeper.h"
#include "rule/rule.h"

enum {
    AHEAD_MAX = 200,  /* before one person, at all windows */
    REMIND_HOUR = 10, /* of the day before */
    MARK_DAYS = 7,    /* so long may be said who came */
};

const struct field visitor_fields[VISITOR_NFIELDS] = {
    FIELD(struct visitor, name, .max = 40, .grade = GRADE_PERSONAL),
    FIELD(struct visitor, phone, .max = 24, .grade = GRADE_PERSONAL),
    FIELD(struct visitor, note, .max = APPOINTMENT_NOTE_MAX, .grade = GRADE_PERSONAL),
};
#define SEALED_AT(row) PLACE("appointments", "sealed", (row)->id, (row)->person)

struct window_key appoint_key(const struct appointment *row)
{
    return (struct window_key){ row->scene, row->kind, row->at_window, row->area };
}

bool appoint_is_own(const struct op *op, const struct appointment *row)
{
    return row->account && row->account == op->actor->account;
}

bool appoint_is_staff(const struct op *op, const struct appointment *row)
{
    return actor_may(op->actor, RIGHT_APPOINT, row->area) ||
           actor_may(op->actor, RIGHT_CASE_INTAKE, row->area) ||
           (row->taken_by && row->taken_by == op->actor->account);
}

/* A grid's worker goes to the window of their community, too, for those of the grid. */
static bool takes_down(const struct actor *actor, struct str area)
{
    bool may = actor_may(actor, RIGHT_CASE_INTAKE, area);

    for (size_t i = 0; i < actor->nholds && !may; i++)
        may = area_within(actor->holds[i].area, area) &&
              actor_may(actor, RIGHT_CASE_INTAKE, actor->holds[i].area);
    return may;
}

enum rc appoint_find(struct op *op, int64_t id, struct appointment *row)
{
    enum rc rc = appointment_select(op, id, row);

    if (rc == RC_OK && !appoint_is_own(op, row) && !appoint_is_staff(op, row))
        rc = RC_NOT_FOUND;
    return rc == RC_NOT_FOUND ? fail(op, rc, NULL, "没有这个预约。") : rc;
}

/* --------------------------------------------------------------- visitors */

static enum rc seal_visitor(struct op *op, const struct visitor *visitor,
                            struct appointment *row)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_struct(&out, visitor_fields, VISITOR_NFIELDS, visitor);
    struct str clear = json_done(&out);
    return clear.at ? seal(op, SEALED_AT(row), clear, &row->sealed) : RC_TOO_LARGE;
}

enum rc appoint_visitor(struct op *op, const struct appointment *row,
                        struct visitor *visitor)
{
    struct str clear = STR_NONE;

    *visitor = (struct visitor){ .agreed = row->agreed };
    enum rc rc = row->sealed.at ? unseal(op, SEALED_AT(row), row->sealed, &clear) : RC_GONE;
    if (rc == RC_OK)
        rc = json_read(op->arena, clear, visitor_fields, VISITOR_NFIELDS, visitor,
                       &op->problems);
    return rc == RC_GONE ? RC_OK : rc;
}

/* Of whom staff book for: known by what, and that they agreed. */
static enum rc check_visitor(struct op *op, struct visitor *visitor)
{
    bool       guardian = str_eq(visitor->agreed, STR("guardian"));
    struct str wrong;

    visitor->name = str_trim(visitor->name);
    visitor->phone = code_clean(op->arena, CODE_PHONE, visitor->phone);
    wrong = code_says(op->arena, CODE_PHONE, visitor->phone, op->now_ms);
    if (!visitor->name.len)
        return fail(op, RC_INVALID, "name", "请写是替谁约的。");
    if (wrong.at)
        return fail(op, RC_INVALID, "phone", "%.*s", STR_ARG(wrong));
    if (!intake_agreed(visitor->agreed).at)
        return fail(op, RC_INVALID, "agreed",
                    "请写本人是怎样同意的：口头、书面、电话里，或者监护人同意。");
    if (guardian && !str_trim(visitor->note).len)
        return fail(op, RC_INVALID, "note", "请写是哪位监护人、什么时候同意的。");
    return RC_OK;
}

/* For somebody else: whose it is, if they are registered and have an account. */
static enum rc for_another(struct op *op, struct visitor *visitor, struct appointment *row)
{
    struct whose whose;

    if (!takes_down(op->actor, row->area))
        return fail(op, RC_DENIED, NULL, "只有工作人员能替别人预约。");
    enum rc rc = check_visitor(op, visitor);
    if (rc == RC_OK)
        rc = whose_named(op, row->area, visitor->name, visitor->phone, &whose);
    if (rc == RC_OK && whose.accounts[0] == op->actor->account)
        return fail(op, RC_REFUSED, "name", "自己的事请自己约，不用代约。");
    if (rc == RC_OK) {
        row->account = whose.accounts[0];
        row->person = whose.person;
    }
    row->taken_by = op->actor->account;
    row->agreed = visitor->agreed;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc for_oneself(struct op *op, struct visitor *visitor, struct appointment *row)
{
    if (op->actor->kind != ACTOR_PERSON || !op->actor->account)
        return fail(op, RC_DENIED, NULL, "请用自己的账号预约。");
    if (op->actor->county != op->county)
        return fail(op, RC_DENIED, NULL, "请到您所在区县的窗口预约。");
    if (visitor->phone.len || visitor->agreed.len)
        return fail(op, RC_REFUSED, "name", "自己约不用写电话和同意；替别人约请写姓名。");
    visitor->name = op->actor->name;
    row->account = op->actor->account;
    row->person = op->actor->person;
    return RC_OK;
}

/* ------------------------------------------------------------------ what for */

/* One's own case, or one that staff may see; it tells what it is about, and whose it is. */
static enum rc for_case(struct op *op, const struct booking *booking,
                        struct appointment *row)
{
    struct a_case it;

    enum rc rc = case_find(op, booking->case_id, &it);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? fail(op, rc, "case", "没有这个办件。") : rc;
    if (!str_eq(it.row.scene, booking->key.scene) ||
        !str_eq(it.row.kind, booking->key.kind))
        return fail(op, RC_REFUSED, "case", "这个窗口不办这件事。");
    if (str_eq(it.row.bucket, STR("ended")))
        return fail(op, RC_REFUSED, "case", "这件事已经办结，不用再约。");
    if (!booking->visitor.name.len && it.row.reporter != op->actor->account)
        return fail(op, RC_DENIED, "case", "只能给自己的办件预约。");
    row->case_id = it.row.id;
    row->category = it.row.category;
    return RC_OK;
}

static enum rc check_category(struct op *op, const struct window *window,
                              struct str category)
{
    if (!kind_option(window->kind, category))
        return fail(op, RC_INVALID, "category", "没有“%.*s”这件事。", STR_ARG(category));
    if (!window_takes(window->rules, category))
        return fail(op, RC_REFUSED, "category", "“%.*s”不在这个窗口办。",
                    STR_ARG(category));
    return RC_OK;
}

/* ------------------------------------------------------------------ how often */

static bool at_window(const struct window *window, const struct appointment *row)
{
    return str_eq(row->scene, window->key.scene) && str_eq(row->kind, window->key.kind) &&
           str_eq(row->at_window, window->key.at_window);
}

enum rc appoint_missed(struct op *op, const struct window *window, int64_t account,
                       int64_t *missed, bool *barred)
{
    const struct scene_window *rules = window->rules;
    enum rc                    rc = RC_OK;

    *missed = 0;
    if (account)
        rc = appointments_missed(op, account, op->now_ms - rules->missed_ms, missed);
    *barred = rules->missed && *missed >= rules->missed;
    return rc;
}

/* What they have before them; `but`: the one that is being moved. */
static enum rc check_others(struct op *op, const struct window *window,
                            const struct appointment *row, int64_t but)
{
    struct list rows = { 0 };
    int64_t     open = 0;
    enum rc     rc = RC_OK;

    if (row->account)
        rc = appointments_ahead(op, row->account, op->now_ms - DAY_MS, AHEAD_MAX, &rows);
    const struct appointment *other = rows.at;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        if (other[i].id == but)
            continue;
        if (other[i].starts_ms < row->ends_ms && other[i].ends_ms > row->starts_ms)
            return fail(op, RC_REFUSED, "starts",
                        "这个时间已经约了别的窗口，请换一个时间。");
        open += other[i].starts_ms > op->now_ms && at_window(window, &other[i]);
    }
    if (rc == RC_OK && !but && open >= window->rules->open)
        return fail(op, RC_REFUSED, NULL,
                    "这个窗口一个人同时只能约 %lld 次，前面约的还没有到。",
                    (long long)window->rules->open);
    return rc;
}

/* Asked of whoever books for themselves. */
static enum rc check_often(struct op *op, const struct window *window)
{
    int64_t today = 0, missed = 0;
    bool    barred = false;

    enum rc rc = appoint_missed(op, window, op->actor->account, &missed, &barred);
    if (rc == RC_OK && barred)
        return fail(op, RC_REFUSED, NULL,
                    "最近 %lld 天里约了没来 %lld 次，请打电话或者到窗口预约。",
                    (long long)(window->rules->missed_ms / DAY_MS), (long long)missed);
    if (rc == RC_OK)
        rc = appointments_booked_since(op, op->actor->account, clock_day_begins(op->now_ms),
                                       &today);
    if (rc == RC_OK && today >= APPOINTMENTS_PER_DAY_MAX)
        return fail(op, RC_TOO_MANY, NULL,
                    "今天已经约了 %d 次。要再约，请打电话或者到窗口。",
                    APPOINTMENTS_PER_DAY_MAX);
    return rc;
}

/* ------------------------------------------------------------------- seats */

/* The first that nobody has; the database has each of them once. */
static enum rc free_seat(struct op *op, const struct window *window, int64_t starts_ms,
                         int64_t *seat)
{
    struct list taken;

    enum rc rc = seats_of_slot(op, &window->key, starts_ms, WINDOW_PEOPLE_MAX, &taken);
    const int64_t *seats = taken.at;
    *seat = 1;
    for (size_t i = 0; rc == RC_OK && i < taken.n && seats[i] == *seat; i++)
        ++*seat;
    return rc;
}

static enum rc take_seat(struct op *op, const struct window *window, int64_t starts_ms,
                         struct appointment *row)
{
    struct slot slot;
    bool        kept = false;

    enum rc rc = window_kept(op, window, &kept);
    if (rc == RC_OK && !kept)
        return fail(op, RC_REFUSED, NULL, "%.*s现在没有人值守，约不了。",
                    STR_ARG(window_place(op, window)));
    if (rc == RC_OK)
        rc = slot_at(op, window, starts_ms, &slot);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_REFUSED, "starts", "这个时间约不了，请看看别的时间。");
    if (rc == RC_OK && !slot.free)
        return fail(op, RC_CONFLICT, "starts", "这个时间刚刚约满了，请换一个。");
    if (rc != RC_OK)
        return rc;
    row->starts_ms = slot.starts_ms;
    row->ends_ms = slot.ends_ms;
    row->state = STATE_BOOKED;
    row->reason = STR("");
    return free_seat(op, window, slot.starts_ms, &row->seat);
}

static int64_t reminder_ms(const struct appointment *row)
{
    return clock_day_begins(row->starts_ms) - DAY_MS + REMIND_HOUR * INT64_C(3600) * 1000;
}

/* Whoever books later than that knows it by heart. */
static void set_reminder(const struct op *op, struct appointment *row)
{
    row->reminded = reminder_ms(row) <= op->now_ms;
    row->next_ms = row->reminded ? 0 : reminder_ms(row);
}

/* ----------------------------------------------------------------- booking */

/* Six digits: enough to be found by in a day's list; it opens nothing. */
static struct str new_code(struct arena *arena)
{
    uint32_t chance;

    random_bytes(&chance, sizeof chance);
    return str_fmt(arena, "%06u", (unsigned)(chance % 1000000));
}

static enum rc who_and_what(struct op *op, const struct booking *booking,
                            const struct window *window, struct visitor *visitor,
                            struct appointment *row)
{
    row->category = booking->category;
    enum rc rc = booking->case_id ? for_case(op, booking, row) : RC_OK;
    if (rc == RC_OK)
        rc = check_category(op, window, row->category);
    if (rc != RC_OK)
        return rc;
    return visitor->name.len ? for_another(op, visitor, row)
                             : for_oneself(op, visitor, row);
}

enum rc appoint_book(struct op *op, const struct booking *booking, struct appointment *row)
{
    struct visitor visitor = booking->visitor;
    struct window  window;

    enum rc rc = window_find(op, booking->key, &window);
    if (rc != RC_OK)
        return rc;
    *row = (struct appointment){ .county = op->county,
                                 .id = op_new_id(op),
                                 .scene = window.key.scene,
                                 .kind = window.key.kind,
                                 .at_window = window.key.at_window,
                                 .area = window.key.area,
                                 .version = 1,
                                 .agreed = STR(""),
                                 .code = new_code(op->arena) };
    rc = who_and_what(op, booking, &window, &visitor, row);
    if (rc == RC_OK && !row->taken_by)
        rc = check_often(op, &window);
    if (rc == RC_OK)
        rc = take_seat(op, &window, booking->starts_ms, row);
    if (rc == RC_OK)
        rc = check_others(op, &window, row, 0);
    if (rc == RC_OK)
        rc = seal_visitor(op, &visitor, row);
    if (rc != RC_OK)
        return rc;
    set_reminder(op, row);
    rc = appointment_insert(op, row);
    return rc == RC_OK ? tell_booked(op, &window, row) : rc;
}

/* -------------------------------------------------------- moving, cancelling */

/* One that its actor may see, at the version that was seen. */
static enum rc open_row(struct op *op, int64_t id, int64_t version, struct window *window,
                        struct appointment *row)
{
    enum rc rc = appoint_find(op, id, row);

    if (rc == RC_OK && version && version != row->version)
        rc = fail(op, RC_CONFLICT, NULL, "这个预约刚刚变过，请看最新情况。");
    if (rc != RC_OK)
        return rc;
    return window_now(op, appoint_key(row), window);
}

int64_t appoint_change_until(const struct window *window, const struct appointment *row)
{
    return row->starts_ms - (window->rules ? window->rules->change_ms : 0);
}

static enum rc check_changes(struct op *op, const struct window *window,
                             const struct appointment *row)
{
    bool displaced = str_eq(row->state, STATE_DISPLACED);

    if (!displaced && !str_eq(row->state, STATE_BOOKED))
        return fail(op, RC_REFUSED, NULL, "这个预约已经过去了，不能再改。");
    if (displaced)
        return RC_OK;
    if (op->now_ms >= row->starts_ms)
        return fail(op, RC_REFUSED, NULL, "约的时间已经到了，不能再改。");
    if (!appoint_is_staff(op, row) && op->now_ms > appoint_change_until(window, row))
        return fail(op, RC_REFUSED, NULL,
                    "离约的时间太近，不能自己改了。来不了请打电话告诉窗口。");
    return RC_OK;
}

static enum rc store(struct op *op, struct appointment *row)
{
    row->version++;
    return appointment_update(op, row);
}

enum rc appoint_move(struct op *op, int64_t id, int64_t version, int64_t starts_ms,
                     struct appointment *row)
{
    struct window window;

    enum rc rc = open_row(op, id, version, &window, row);
    if (rc == RC_OK && !window.rules)
        rc = fail(op, RC_REFUSED, NULL, "这个窗口不再接受预约了。");
    if (rc == RC_OK)
        rc = check_changes(op, &window, row);
    if (rc == RC_OK && row->seat && row->starts_ms == starts_ms)
        rc = fail(op, RC_REFUSED, "starts", "约的就是这个时间。");
    if (rc == RC_OK)
        rc = take_seat(op, &window, starts_ms, row);
    if (rc == RC_OK)
        rc = check_others(op, &window, row, row->id);
    if (rc != RC_OK)
        return rc;
    set_reminder(op, row);
    rc = store(op, row);
    return rc == RC_OK ? tell_moved(op, &window, row) : rc;
}

static void leave_seat(struct appointment *row, struct str state, struct str reason)
{
    row->state = state;
    row->reason = reason;
    row->seat = 0;
    row->next_ms = 0;
}

enum rc appoint_cancel(struct op *op, int64_t id, int64_t version, struct str reason,
                       struct appointment *row)
{
    struct window window;

    enum rc rc = open_row(op, id, version, &window, row);
    if (rc == RC_OK)
        rc = check_changes(op, &window, row);
    if (rc == RC_OK && !appoint_is_own(op, row) && !str_trim(reason).len)
        rc = fail(op, RC_INVALID, "reason", "请写为什么取消，约的人会看到。");
    if (rc != RC_OK)
        return rc;
    leave_seat(row, STATE_CANCELLED, reason.len ? str_trim(reason) : STR(""));
    rc = store(op, row);
    return rc == RC_OK ? tell_cancelled(op, &window, row) : rc;
}

/* ------------------------------------------------------------- who came */

enum rc appoint_mark(struct op *op, int64_t id, int64_t version, bool came,
                     struct appointment *row)
{
    struct window window;

    enum rc rc = open_row(op, id, version, &window, row);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_APPOINT, row->area))
        return fail(op, RC_DENIED, NULL, "由窗口的人来记。");
    if (rc == RC_OK && !row->seat)
        return fail(op, RC_REFUSED, NULL, "这个预约没有占号，不用记。");
    if (rc == RC_OK && op->now_ms < clock_day_begins(row->starts_ms))
        return fail(op, RC_REFUSED, NULL, "约的那天还没有到。");
    if (rc == RC_OK && !came && op->now_ms < row->starts_ms)
        return fail(op, RC_REFUSED, NULL, "约的时间还没有到，不能记没来。");
    if (rc == RC_OK && op->now_ms > row->starts_ms + MARK_DAYS * DAY_MS)
        return fail(op, RC_REFUSED, NULL, "过了 %d 天，不能再记。", MARK_DAYS);
    if (rc != RC_OK)
        return rc;
    row->state = came ? STATE_CAME : STATE_MISSED;
    row->next_ms = 0;
    rc = store(op, row);
    return rc == RC_OK ? tell_marked(op, &window, row) : rc;
}

/* ------------------------------------------------------------- the clock */

/* What is declared today has its time open; RC_OK with why when not. */
static enum rc still_open(struct op *op, const struct window *window,
                          const struct appointment *row, bool *open, struct str *why)
{
    *open = false;
    *why = STR("窗口不再接受预约了");
    return window->rules ? window_opens(op, window, row->starts_ms, row->ends_ms, open, why)
                         : RC_OK;
}

static enum rc displace(struct op *op, const struct window *window, struct appointment *row,
                        struct str why)
{
    leave_seat(row, STATE_DISPLACED, why);
    enum rc rc = store(op, row);
    return rc == RC_OK ? tell_displaced(op, window, row) : rc;
}

/* Once, and not to whom it no longer helps. */
static enum rc remind(struct op *op, const struct window *window, struct appointment *row)
{
    bool now = !row->reminded && reminder_ms(row) <= op->now_ms;
    bool helps = now && op->now_ms < row->starts_ms;

    row->reminded |= now;
    row->next_ms = row->reminded ? 0 : reminder_ms(row);
    enum rc rc = store(op, row);
    return rc == RC_OK && helps ? tell_reminded(op, window, row) : rc;
}

enum rc appoint_clock(struct op *op, int64_t id)
{
    struct appointment row;
    struct window      window;
    struct str         why;
    bool               open;

    enum rc rc = appointment_select(op, id, &row);
    if (rc != RC_OK || !row.next_ms || row.next_ms > op->now_ms)
        return rc;
    rc = window_now(op, appoint_key(&row), &window);
    if (rc == RC_OK)
        rc = still_open(op, &window, &row, &open, &why);
    if (rc != RC_OK)
        return rc;
    if (!open && str_eq(row.state, STATE_BOOKED))
        return displace(op, &window, &row, why);
    return remind(op, &window, &row);
}
