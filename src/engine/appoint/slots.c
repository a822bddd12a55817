#include "engine/appoint/slots.h"

#include "base/clock.h"
#include "registry/account.h"
#include "registry/area.h"
#include "rule/rule.h"
#include "scene/scenes.h"

enum { CLOSURES_MAX = 200 };

/* ---------------------------------------------------------------- windows */

enum rc window_now(struct op *op, struct window_key key, struct window *window)
{
    *window = (struct window){ .key = key };
    enum rc rc = scenes_now(op, key.scene, &window->scene);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    window->kind = scene_kind(window->scene, key.kind);
    const struct scene_window *rules =
        window->kind ? kind_window(window->kind, key.at_window) : NULL;
    const struct scene_duty *duty = rules ? scene_duty(window->scene, rules->duty) : NULL;
    struct str               area = duty ? area_at_level(key.area, duty->level) : STR_NONE;
    if (area.at) {
        window->rules = rules;
        window->key.area = area;
    }
    return RC_OK;
}

enum rc window_find(struct op *op, struct window_key key, struct window *window)
{
    enum rc rc = window_now(op, key, window);

    return rc == RC_OK && !window->rules
               ? fail(op, RC_NOT_FOUND, NULL, "没有这个预约窗口。")
               : rc;
}

enum rc window_kept(struct op *op, const struct window *window, bool *kept)
{
    struct list keepers;

    enum rc rc =
        colleagues_with_duty(op, window->rules->duty, window->key.area, 1, &keepers);
    *kept = rc == RC_OK && keepers.n;
    return rc;
}

struct str window_place(struct op *op, const struct window *window)
{
    return str_cat(op->arena, area_name(op, window->key.area), window->rules->title);
}

int64_t window_last_day(const struct op *op, const struct window *window)
{
    return rule_today(op->now_ms) + window->rules->ahead_ms / DAY_MS;
}

/* ------------------------------------------------------------------ hours */

/* A day of one that names days of the week is open on those alone. */
static bool opens_on(const struct scene_window *rules, const struct open_day *day)
{
    return day->works && (!rules->week || rules->week >> day->weekday & 1);
}

static struct offices hours_on(struct op *op, const struct window *window,
                               const struct open_day *day)
{
    struct offices own = { .n = 0 };

    if (!opens_on(window->rules, day))
        return own;
    if (!window->rules->nhours ||
        !offices_read(window_hours(op->arena, window->rules), &own))
        return day->offices;
    return offices_both(&day->offices, &own);
}

static const struct closure *shut_by(const struct list *closures, int64_t from_ms,
                                     int64_t until_ms)
{
    const struct closure *all = closures->at;

    for (size_t i = 0; i < closures->n; i++)
        if (all[i].from_ms < until_ms && all[i].until_ms > from_ms)
            return &all[i];
    return NULL;
}

enum rc window_opens(struct op *op, const struct window *window, int64_t starts_ms,
                     int64_t ends_ms, bool *opens, struct str *why)
{
    struct open_day day;
    struct list     closures;

    *opens = false;
    *why = STR("");
    enum rc rc = case_open_days(op, rule_today(starts_ms), 1, &day);
    if (rc == RC_OK)
        rc = closures_of_window(op, &window->key, starts_ms, CLOSURES_MAX, &closures);
    if (rc != RC_OK)
        return rc;
    const struct closure *shut = shut_by(&closures, starts_ms, ends_ms);
    struct offices        hours = hours_on(op, window, &day);
    for (size_t i = 0; i < hours.n && !shut; i++)
        *opens |= day.begins_ms + hours.of[i].opens <= starts_ms &&
                  ends_ms <= day.begins_ms + hours.of[i].closes;
    *why = shut ? shut->reason : day.works ? STR("窗口那时不开") : STR("那天休息");
    if (!shut && !day.works && day.title.len)
        *why = str_cat(op->arena, STR("那天是"), day.title);
    return RC_OK;
}

/* ------------------------------------------------------------------ slots */

struct laying {
    struct op           *op;
    const struct window *window;
    struct list          closures, taken;
    struct slot         *slots;
    size_t               n;
};

/* Those, too, that were booked when its slots were of another length. */
static int64_t taken_of(const struct laying *at, int64_t starts_ms, int64_t ends_ms)
{
    const struct taken *taken = at->taken.at;
    int64_t             n = 0;

    for (size_t i = 0; i < at->taken.n && taken[i].starts_ms < ends_ms; i++)
        n += taken[i].ends_ms > starts_ms ? taken[i].n : 0;
    return n;
}

static void lay(struct laying *at, int64_t from_ms, int64_t until_ms)
{
    const struct scene_window *rules = at->window->rules;

    for (int64_t starts = from_ms; starts + rules->slot_ms <= until_ms;
         starts += rules->slot_ms) {
        int64_t ends = starts + rules->slot_ms;
        if (starts <= at->op->now_ms || shut_by(&at->closures, starts, ends) ||
            at->n == SLOTS_MAX)
            continue;
        int64_t free = rules->people - taken_of(at, starts, ends);
        at->slots[at->n++] = (struct slot){ starts, ends, free > 0 ? free : 0 };
    }
}

static void lay_day(struct laying *at, const struct open_day *day)
{
    struct offices hours = hours_on(at->op, at->window, day);

    for (size_t i = 0; i < hours.n; i++)
        lay(at, day->begins_ms + hours.of[i].opens, day->begins_ms + hours.of[i].closes);
}

enum rc slots_of(struct op *op, const struct window *window, int64_t day, size_t days,
                 struct list *slots)
{
    struct open_day open[SLOT_DAYS_MAX];
    struct laying   at = { .op = op,
                           .window = window,
                           .slots = arena_many(op->arena, SLOTS_MAX, struct slot) };
    int64_t         last = window_last_day(op, window);

    assert(days <= SLOT_DAYS_MAX);
    *slots = (struct list){ 0 };
    if (!at.slots)
        return RC_TOO_LARGE;
    enum rc rc = case_open_days(op, day, days, open);
    if (rc == RC_OK)
        rc = closures_of_window(op, &window->key, op->now_ms, CLOSURES_MAX, &at.closures);
    if (rc == RC_OK && days)
        rc = seats_taken(op, &window->key, open[0].begins_ms,
                         open[days - 1].begins_ms + DAY_MS, SLOTS_MAX, &at.taken);
    for (size_t i = 0; rc == RC_OK && i < days && day + (int64_t)i <= last; i++)
        lay_day(&at, &open[i]);
    *slots = (struct list){ at.slots, at.n };
    return rc;
}

enum rc slot_at(struct op *op, const struct window *window, int64_t starts_ms,
                struct slot *slot)
{
    struct list slots;

    enum rc            rc = slots_of(op, window, rule_today(starts_ms), 1, &slots);
    const struct slot *all = slots.at;
    for (size_t i = 0; rc == RC_OK && i < slots.n; i++)
        if (all[i].starts_ms == starts_ms) {
            *slot = all[i];
            return RC_OK;
        }
    return rc == RC_OK ? RC_NOT_FOUND : rc;
}

enum rc slot_after(struct op *op, const struct window *window, int64_t after_ms,
                   struct slot *slot)
{
    int64_t last = window_last_day(op, window);

    for (int64_t day = rule_today(after_ms); day <= last; day += SLOT_DAYS_MAX) {
        struct arena_mark  mark = arena_mark(op->arena);
        struct list        slots;
        enum rc            rc = slots_of(op, window, day, SLOT_DAYS_MAX, &slots);
        const struct slot *all = slots.at;
        for (size_t i = 0; rc == RC_OK && i < slots.n; i++)
            if (all[i].starts_ms > after_ms && all[i].free) {
                *slot = all[i];
                arena_back(op->arena, mark);
                return RC_OK;
            }
        arena_back(op->arena, mark);
        if (rc != RC_OK)
            return rc;
    }
    return RC_NOT_FOUND;
}
