/* Any text is read or refused with its mistakes told.  By what was read forward, between
 * and back are one measure, from whatever moment, and a warning comes before its end. */
#include "engine/case/calendar.h"

#include "fuzz.h"

#define DAY_MS INT64_C(86400000)

static void check_days(const struct calendar *calendar)
{
    const struct calendar_day *day = calendar->days.at;
    size_t                     open = 0;

    for (size_t i = 0; i < COUNT(calendar->week); i++)
        open += calendar->week[i].n;
    demand(open > 0 && calendar->first <= calendar->last);
    demand(calendar->name.len && calendar->title.len && calendar->source.len);
    for (size_t i = 0; i < calendar->days.n; i++)
        demand(day[i].day >= calendar->first && day[i].day <= calendar->last &&
               (i == 0 || day[i].day > day[i - 1].day));
}

static void check_span(const struct calendar *calendar, int64_t from, struct span span)
{
    int64_t counts = span.kind == SPAN_WORKING_DAYS ? span.amount * DAY_MS : span.amount;
    int64_t begin = calendar_begin(calendar, from, span.kind);
    int64_t end = calendar_end(calendar, from, span);
    int64_t back = calendar_back(calendar, end, counts, span.kind);
    int64_t warn = calendar_share(calendar, begin, end, span.kind, 80);

    demand(begin >= from && end > begin && back >= begin);
    demand(calendar_between(calendar, begin, end, span.kind) == counts);
    demand(calendar_between(calendar, back, end, span.kind) == counts);
    demand(warn >= begin && warn <= end);
}

/* A minute a week is the least that a calendar has open: an hour of it lies within what is
 * walked, as do as many working days as a scene may say. */
static void check_spans(const struct calendar *calendar, uint64_t chance)
{
    int64_t days = calendar->last - calendar->first;
    int64_t from =
        calendar_midnight(calendar->first + (int64_t)(chance % 400) % (days + 1)) +
        (int64_t)(chance >> 16) % DAY_MS;

    check_span(calendar, from,
               (struct span){ SPAN_WORKING, 1 + (int64_t)(chance >> 8) % 3600000 });
    check_span(calendar, from,
               (struct span){ SPAN_WORKING_DAYS,
                              1 + (int64_t)(chance >> 24) % SPAN_WORKING_DAYS_MAX });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str      text = str_slice((const char *)data, n);
    struct arena    arena;
    struct problems problems;
    struct calendar calendar;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = calendar_read(&arena, STR("x.yaml"), text, &problems, &calendar);
    demand(rc == RC_OK || rc == RC_TOO_LARGE || (rc == RC_INVALID && problems.n));
    demand_told(&problems);
    if (rc == RC_OK) {
        check_days(&calendar);
        check_spans(&calendar, str_hash(text) >> 1);
    }
    arena_free(&arena);
    return 0;
}
