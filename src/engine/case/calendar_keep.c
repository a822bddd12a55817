/* Calendars in the database: a county's own, put together from all that were loaded. */
#include "engine/case/calendar.h"

#include <string.h>

#include "base/clock.h"
#include "db/memo.h"
#include "engine/case/calendar_store.h"
#include "engine/case/case.h"
#include "rule/rule.h"

/* Clocks that were started long ago are reckoned back to their start. */
enum { LOOK_BACK_DAYS = 400 };
#define HOUR (INT64_C(3600) * 1000)

static void default_week(struct calendar *calendar)
{
    static const struct offices usual = { .of = { { 17 * HOUR / 2, 35 * HOUR / 2 } },
                                          .n = 1 };

    for (int weekday = 1; weekday <= 5; weekday++)
        calendar->week[weekday] = usual;
}

static enum rc find_week(struct op *op, struct calendar *calendar)
{
    struct list found;

    enum rc rc = week_select(op, &found);
    if (rc == RC_OK && !found.n)
        default_week(calendar);
    const struct kept_week *weekdays = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        if (weekdays[i].weekday < 0 || weekdays[i].weekday > 6 ||
            !offices_read(weekdays[i].hours, &calendar->week[weekdays[i].weekday]))
            rc = RC_INTERNAL; /* our own text */
    return rc;
}

static enum rc find_days(struct op *op, int64_t from, struct calendar *calendar)
{
    struct list found;

    enum rc rc = days_select(op, calendar_date(op->arena, from), &found);
    if (rc != RC_OK)
        return rc;
    struct calendar_day   *days = arena_many(op->arena, found.n + 1, struct calendar_day);
    const struct kept_day *kept = found.at;
    if (!days)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++) {
        days[i] = (struct calendar_day){ .works = kept[i].works, .title = kept[i].title };
        if (!rule_read_date(kept[i].day, &days[i].day) ||
            !offices_read(kept[i].hours, &days[i].offices))
            return RC_INTERNAL;
    }
    calendar->days = (struct list){ days, found.n };
    return RC_OK;
}

static enum rc read_calendar(struct op *op, int64_t from, struct calendar *calendar)
{
    *calendar = (struct calendar){ 0 };
    enum rc rc = find_week(op, calendar);
    return rc == RC_OK ? find_days(op, from, calendar) : rc;
}

/* NULL: no room for all of it. */
static struct calendar *copy_calendar(struct arena *arena, const struct calendar *calendar)
{
    size_t               n = calendar->days.n;
    struct calendar     *copy = arena_new(arena, struct calendar);
    struct calendar_day *days = arena_many(arena, n + 1, struct calendar_day);

    if (!copy || !days)
        return NULL;
    *copy = *calendar;
    copy->days.at = days;
    memcpy(days, calendar->days.at, n * sizeof *days);
    for (size_t i = 0; i < n; i++)
        days[i].title = str_copy(arena, days[i].title);
    return arena->over ? NULL : copy;
}

enum rc calendar_find(struct op *op, int64_t from_ms, struct calendar *calendar)
{
    int64_t    from = calendar_day_of(from_ms) - LOOK_BACK_DAYS;
    struct str key =
        str_fmt(op->arena, "calendar %lld %lld", (long long)op->county, (long long)from);

    const struct calendar *kept = memo_find(op->db, key);
    if (kept) {
        *calendar = *kept;
        return RC_OK;
    }
    enum rc       rc = read_calendar(op, from, calendar);
    struct arena *keeps = memo_arena(op->db);
    if (rc == RC_OK && keeps)
        memo_add(op->db, key, copy_calendar(keeps, calendar));
    return rc;
}

enum rc case_open_days(struct op *op, int64_t day, size_t n, struct open_day *days)
{
    struct calendar calendar;

    enum rc rc = calendar_find(op, calendar_midnight(day), &calendar);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct calendar_day it = calendar_day(&calendar, day + (int64_t)i);
        days[i] =
            (struct open_day){ .begins_ms = calendar_midnight(it.day),
                               .weekday = clock_civil(calendar_midnight(it.day)).weekday,
                               .works = it.works,
                               .offices = it.offices,
                               .title = it.title };
    }
    return rc;
}

static enum rc keep_week(struct op *op, const struct calendar *calendar)
{
    enum rc rc = RC_OK;

    for (int weekday = 0; weekday < 7 && rc == RC_OK; weekday++)
        rc = week_upsert(op, weekday, offices_text(op->arena, &calendar->week[weekday]));
    return rc;
}

static enum rc keep_days(struct op *op, const struct calendar *calendar)
{
    const struct calendar_day *days = calendar->days.at;
    enum rc                    rc = RC_OK;

    for (size_t i = 0; i < calendar->days.n && rc == RC_OK; i++)
        rc = day_upsert(
            op, &(struct kept_day){ .day = calendar_date(op->arena, days[i].day),
                                    .works = days[i].works,
                                    .title = days[i].title,
                                    .hours = offices_text(op->arena, &days[i].offices) });
    return rc;
}

enum rc calendar_keep(struct op *op, const struct calendar *calendar,
                      struct kept_calendar *kept)
{
    *kept = (struct kept_calendar){ .name = calendar->name,
                                    .title = calendar->title,
                                    .source = calendar->source,
                                    .first = calendar_date(op->arena, calendar->first),
                                    .last = calendar_date(op->arena, calendar->last),
                                    .loaded = op->now_ms };
    memo_drop(op->db);
    enum rc rc = days_delete(op, kept->first, kept->last);
    if (rc == RC_OK)
        rc = keep_week(op, calendar);
    if (rc == RC_OK)
        rc = keep_days(op, calendar);
    return rc == RC_OK ? calendar_upsert(op, kept) : rc;
}
