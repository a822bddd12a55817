/* Calendars 日历: which days are worked and when offices are open, lunch break left out.
 * A calendar is a YAML file (data/calendars/), loaded into a county by calendar.load; what
 * it says holds for the days from its first to its last, office hours for all.  Days that
 * no calendar names are as their weekday.
 *
 * What counts of a span:
 *   real time          every moment;
 *   working time       while offices are open;
 *   working days       whole days, of those that are worked: the same time of day, so many
 *                      working days later.  On a day off it begins when offices next open.
 * A deadline is the first moment by which so much has counted. */
#ifndef ENGINE_CASE_CALENDAR_H
#define ENGINE_CASE_CALENDAR_H
#include "base/offices.h"
#include "base/op.h"
#include "scene/scene.h"

enum { CALENDAR_DAYS_MAX = 400, CALENDAR_BYTES_MAX = 64 << 10 };

struct calendar_day {   /* one that is not as its weekday is */
    int64_t        day; /* since 1970, in Beijing */
    bool           works;
    struct offices offices; /* none: as its weekday, which if off is as Monday */
    struct str     title;
};
struct calendar {
    struct str     name, title, source;
    int64_t        first, last; /* days; 0: not said */
    struct offices week[7];     /* 0 Sunday */
    struct list    days;        /* struct calendar_day, in order */
};

/* From a file's text.  RC_INVALID with every mistake told. */
MUST_USE enum rc calendar_read(struct arena *arena, struct str file, struct str text,
                               struct problems *problems, struct calendar *calendar);
/* Of op's county: what was loaded that matters from some time before `from_ms` on. */
MUST_USE enum rc calendar_find(struct op *op, int64_t from_ms, struct calendar *calendar);
/* It takes the place of what was said of its days before.  *kept: what the list says of it.
 */
struct kept_calendar;
MUST_USE enum rc calendar_keep(struct op *op, const struct calendar *calendar,
                               struct kept_calendar *kept);

/* A calendar may be NULL where real time is asked for. */
int64_t calendar_end(const struct calendar *calendar, int64_t from_ms, struct span span);
/* From when it counts: for working days, from when offices next open if that day is off. */
int64_t calendar_begin(const struct calendar *calendar, int64_t at_ms, enum span_kind kind);
/* How much counts between two moments, in ms. */
int64_t calendar_between(const struct calendar *calendar, int64_t from_ms, int64_t to_ms,
                         enum span_kind kind);
/* The latest moment from which so much has counted by at_ms. */
int64_t calendar_back(const struct calendar *calendar, int64_t at_ms, int64_t counted_ms,
                      enum span_kind kind);
/* When a share of what counts has gone by: for both kinds of working time, of the time
 * that offices are open. */
int64_t calendar_share(const struct calendar *calendar, int64_t from_ms, int64_t to_ms,
                       enum span_kind kind, int percent);

/* A day as it is; its title if it has one. */
struct calendar_day calendar_day(const struct calendar *calendar, int64_t day);
int64_t             calendar_day_of(int64_t ms);    /* which day it is then */
int64_t             calendar_midnight(int64_t day); /* when the day begins */
struct str          calendar_date(struct arena *arena, int64_t day); /* 2026-10-01 */

#endif
