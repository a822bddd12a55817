#include "engine/case/calendar.h"

#include "base/clock.h"
#include "rule/rule.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
/* Of walks forward and back: no span of a scene is longer, though a week have one working
 * day and a calendar nothing but holidays. */
enum { WALK_DAYS_MAX = 7 * SPAN_WORKING_DAYS_MAX + CALENDAR_DAYS_MAX };

int64_t calendar_day_of(int64_t ms)
{
    return rule_today(ms);
}

int64_t calendar_midnight(int64_t day)
{
    return clock_day_begins(day * DAY_MS);
}

struct str calendar_date(struct arena *arena, int64_t day)
{
    struct civil civil = clock_civil(calendar_midnight(day));

    return str_fmt(arena, "%04lld-%02d-%02d", (long long)civil.year, civil.month,
                   civil.day);
}

/* ----------------------------------------------------------------- days */

static int weekday_of(int64_t day)
{
    return (int)((day % 7 + 11) % 7);
}

static const struct calendar_day *unusual(const struct calendar *calendar, int64_t day)
{
    const struct calendar_day *days = calendar->days.at;
    size_t                     low = 0, high = calendar->days.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < calendar->days.n && days[low].day == day ? &days[low] : NULL;
}

/* Of a day that is worked though its weekday is off. */
static struct offices usual_offices(const struct calendar *calendar)
{
    static const int order[] = { 1, 2, 3, 4, 5, 6, 0 };
    size_t           i = 0;

    while (i + 1 < COUNT(order) && !calendar->week[order[i]].n)
        i++;
    return calendar->week[order[i]];
}

struct calendar_day calendar_day(const struct calendar *calendar, int64_t day)
{
    const struct calendar_day *found = unusual(calendar, day);
    struct offices             weekday = calendar->week[weekday_of(day)];

    if (!found)
        return (struct calendar_day){
            .day = day, .works = weekday.n > 0, .offices = weekday, .title = STR("")
        };
    struct calendar_day it = *found;
    if (!it.works)
        it.offices.n = 0;
    else if (!it.offices.n)
        it.offices = weekday.n ? weekday : usual_offices(calendar);
    return it;
}

/* ----------------------------------------------------- what counts of a day */

static const struct offices whole_day = { .of = { { 0, DAY_MS } }, .n = 1 };

static struct offices counting(const struct calendar *calendar, int64_t day,
                               enum span_kind kind)
{
    if (kind == SPAN_REAL)
        return whole_day;
    struct calendar_day it = calendar_day(calendar, day);
    if (kind == SPAN_WORKING)
        return it.offices;
    return it.works ? whole_day : (struct offices){ .n = 0 };
}

int64_t calendar_begin(const struct calendar *calendar, int64_t at_ms, enum span_kind kind)
{
    int64_t day = calendar_day_of(at_ms);

    if (kind != SPAN_WORKING_DAYS || calendar_day(calendar, day).works)
        return at_ms;
    for (int i = 0; i < WALK_DAYS_MAX; i++) {
        struct calendar_day it = calendar_day(calendar, ++day);
        if (it.works)
            return calendar_midnight(day) + (it.offices.n ? it.offices.of[0].opens : 0);
    }
    return at_ms;
}

static int64_t walk_on(const struct calendar *calendar, int64_t from, int64_t left,
                       enum span_kind kind)
{
    int64_t day = calendar_day_of(from);

    for (int i = 0; i < WALK_DAYS_MAX; i++, day++) {
        struct offices open = counting(calendar, day, kind);
        int64_t        midnight = calendar_midnight(day);
        for (size_t o = 0; o < open.n; o++) {
            int64_t opens = midnight + open.of[o].opens;
            int64_t closes = midnight + open.of[o].closes;
            int64_t begin = from > opens ? from : opens;
            if (begin >= closes)
                continue;
            if (closes - begin >= left)
                return begin + left;
            left -= closes - begin;
        }
    }
    return calendar_midnight(day);
}

int64_t calendar_end(const struct calendar *calendar, int64_t from_ms, struct span span)
{
    if (span.kind == SPAN_REAL)
        return from_ms + span.amount;
    if (span.kind == SPAN_WORKING)
        return walk_on(calendar, from_ms, span.amount, SPAN_WORKING);
    return walk_on(calendar, calendar_begin(calendar, from_ms, span.kind),
                   span.amount * DAY_MS, SPAN_WORKING_DAYS);
}

int64_t calendar_between(const struct calendar *calendar, int64_t from_ms, int64_t to_ms,
                         enum span_kind kind)
{
    int64_t counted = 0, last = calendar_day_of(to_ms);

    if (kind == SPAN_REAL || to_ms <= from_ms)
        return to_ms > from_ms ? to_ms - from_ms : 0;
    for (int64_t day = calendar_day_of(from_ms); day <= last; day++) {
        struct offices open = counting(calendar, day, kind);
        int64_t        midnight = calendar_midnight(day);
        for (size_t o = 0; o < open.n; o++) {
            int64_t opens = midnight + open.of[o].opens;
            int64_t closes = midnight + open.of[o].closes;
            int64_t begin = from_ms > opens ? from_ms : opens;
            int64_t end = to_ms < closes ? to_ms : closes;
            counted += end > begin ? end - begin : 0;
        }
    }
    return counted;
}

int64_t calendar_back(const struct calendar *calendar, int64_t at_ms, int64_t counted_ms,
                      enum span_kind kind)
{
    int64_t day = calendar_day_of(at_ms), left = counted_ms;

    if (kind == SPAN_REAL || left <= 0)
        return at_ms - (left > 0 ? left : 0);
    for (int i = 0; i < WALK_DAYS_MAX; i++, day--) {
        struct offices open = counting(calendar, day, kind);
        int64_t        midnight = calendar_midnight(day);
        for (size_t o = open.n; o-- > 0;) {
            int64_t opens = midnight + open.of[o].opens;
            int64_t closes = midnight + open.of[o].closes;
            int64_t end = at_ms < closes ? at_ms : closes;
            if (end <= opens)
                continue;
            if (end - opens >= left)
                return end - left;
            left -= end - opens;
        }
    }
    return calendar_midnight(day);
}

int64_t calendar_share(const struct calendar *calendar, int64_t from_ms, int64_t to_ms,
                       enum span_kind kind, int percent)
{
    enum span_kind counts = kind == SPAN_REAL ? SPAN_REAL : SPAN_WORKING;
    int64_t        whole = calendar_between(calendar, from_ms, to_ms, counts);
    struct span    part = { counts, whole / 100 * percent + whole % 100 * percent / 100 };
    int64_t        at = calendar_end(calendar, from_ms, part);

    return whole && at < to_ms ? at : to_ms;
}
