/* What the engine says of a deadline, and why: a line for each day that it looked at. */
#include "engine/case/calendar.h"
#include "engine/case/case.h"
#include "engine/case/clock.h"
#include "scene/scene_env.h"
#include "scene/scene_print.h"

#include "base/clock.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
enum { LINES_MAX = 600 };

struct saying {
    struct arena          *arena;
    const struct calendar *calendar;
    struct str             lines[LINES_MAX];
    size_t                 n;
};

static void say(struct saying *s, struct str line)
{
    if (s->n < LINES_MAX)
        s->lines[s->n++] = line;
}

static struct str weekday(int64_t day)
{
    static const struct str names[] = { STR_INIT("周日"), STR_INIT("周一"),
                                        STR_INIT("周二"), STR_INIT("周三"),
                                        STR_INIT("周四"), STR_INIT("周五"),
                                        STR_INIT("周六") };

    return names[clock_civil(calendar_midnight(day)).weekday];
}

/* "2026-11-23 周一 9:00" */
static struct str moment(struct arena *arena, int64_t ms)
{
    int64_t      day = calendar_day_of(ms);
    struct civil civil = clock_civil(ms);
    struct str   date = calendar_date(arena, day);

    return str_fmt(arena, "%.*s %.*s %d:%02d", STR_ARG(date), STR_ARG(weekday(day)),
                   civil.hour, civil.minute);
}

/* "7 小时 30 分" */
static struct str length(struct arena *arena, int64_t ms)
{
    long long hours = ms / 3600000, minutes = ms / 60000 % 60;

    if (!minutes)
        return str_fmt(arena, "%lld 小时", hours);
    return hours ? str_fmt(arena, "%lld 小时 %lld 分", hours, minutes)
                 : str_fmt(arena, "%lld 分", minutes);
}

static struct str hours_of(struct saying *s, const struct calendar_day *it)
{
    if (!it->works)
        return STR("休息");
    struct str hours = offices_text(s->arena, &it->offices);
    return str_fmt(s->arena, "上班 %.*s", STR_ARG(hours));
}

static void say_day(struct saying *s, int64_t day, int64_t from, int64_t to,
                    struct span span)
{
    struct calendar_day it = calendar_day(s->calendar, day);
    int64_t             begins = calendar_midnight(day), ends = begins + DAY_MS;
    int64_t    counted = calendar_between(s->calendar, from > begins ? from : begins,
                                       to < ends ? to : ends, span.kind);
    struct str date = calendar_date(s->arena, day), hours = hours_of(s, &it);
    struct str counts = counted ? length(s->arena, counted) : STR("不算");
    struct str unsaid =
        s->calendar->last && (day < s->calendar->first || day > s->calendar->last)
            ? STR("（这本日历没有说到这一天，只看周几）")
            : STR("");

    say(s, str_fmt(s->arena, "  %.*s %.*s %.*s%s%.*s：%.*s%.*s", STR_ARG(date),
                   STR_ARG(weekday(day)), STR_ARG(hours), it.title.len ? "，" : "",
                   STR_ARG(it.title), STR_ARG(counts), STR_ARG(unsaid)));
}

static void say_span(struct saying *s, int64_t from_ms, struct span span)
{
    int64_t begin =
        span.kind == SPAN_REAL ? from_ms : calendar_begin(s->calendar, from_ms, span.kind);
    int64_t due = calendar_end(s->calendar, begin, span);
    int64_t warn = calendar_share(s->calendar, begin, due, span.kind, CLOCK_WARN_PERCENT);
    struct str from = moment(s->arena, from_ms),
               length = span_text(s->arena, span, RULE_ZH);
    struct str at = moment(s->arena, due), before = moment(s->arena, warn);

    say(s, str_fmt(s->arena, "从 %.*s 起，%.*s", STR_ARG(from), STR_ARG(length)));
    if (begin != from_ms) {
        struct str later = moment(s->arena, begin);
        say(s, str_fmt(s->arena, "  这一天休息，从下一个上班的时候 %.*s 算起",
                       STR_ARG(later)));
    }
    if (span.kind != SPAN_REAL)
        for (int64_t day = calendar_day_of(from_ms); day <= calendar_day_of(due); day++)
            say_day(s, day, begin, due, span);
    say(s, str_fmt(s->arena, "  到期 %.*s；用掉 %d%% 时提醒：%.*s", STR_ARG(at),
                   CLOCK_WARN_PERCENT, STR_ARG(before)));
}

/* ------------------------------------------------------- a kind's clocks */

static struct rule_value *answers_of(struct arena                *arena,
                                     const struct case_reckoning *asked)
{
    struct rule_value *values =
        arena_many(arena, asked->kind->nfields + 1, struct rule_value);

    for (size_t i = 0; values && i < asked->kind->nfields; i++) {
        const struct scene_field *field = &asked->kind->fields[i];
        if (str_eq(field->name, STR("category")) && asked->category.at)
            values[i] = rule_text(asked->category);
        else if (str_eq(field->name, STR("urgent")))
            values[i] = rule_truth_value(asked->urgent);
    }
    return values;
}

static bool is_urgent(const struct case_reckoning *asked, const struct case_record *record)
{
    return asked->urgent || (asked->kind->urgent &&
                             case_rule_test(asked->kind->urgent, record, NULL) == RULE_YES);
}

static void say_clocks(struct saying *s, const struct case_reckoning *asked)
{
    struct case_record record = { .scene = asked->scene,
                                  .kind = asked->kind,
                                  .fields = answers_of(s->arena, asked),
                                  .opened_ms = asked->from_ms,
                                  .now_ms = asked->from_ms };
    bool               urgent = is_urgent(asked, &record);

    say(s, str_fmt(s->arena, "%.*s，%.*s%s%.*s%s", STR_ARG(asked->scene->title),
                   STR_ARG(asked->kind->title), asked->category.at ? "，" : "",
                   STR_ARG(asked->category), urgent ? "，紧急" : ""));
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        const struct scene_clock *clock = &asked->kind->clocks[i];
        if (clock->limit.kind == SPAN_NONE)
            continue;
        say(s, str_fmt(s->arena, "%.*s%s：", STR_ARG(clock_title((enum clock_name)i)),
                       i == CLOCK_UPDATE ? "（从每次给反映人答复以后）" : ""));
        say_span(s, asked->from_ms, clock_span(clock, &record, urgent));
    }
}

enum rc case_reckon(struct arena *arena, const struct case_reckoning *asked,
                    struct problems *problems, struct str *says)
{
    struct calendar calendar;
    struct saying   s = { .arena = arena, .calendar = &calendar };

    enum rc rc = calendar_read(arena, asked->file, asked->calendar, problems, &calendar);
    if (rc != RC_OK)
        return rc;
    say(&s, str_fmt(arena, "%.*s。来源：%.*s", STR_ARG(calendar.title),
                    STR_ARG(calendar.source)));
    if (asked->kind)
        say_clocks(&s, asked);
    else
        say_span(&s, asked->from_ms, asked->span);
    *says = str_join(arena, s.lines, s.n, STR("\n"));
    return says->at ? RC_OK : RC_TOO_LARGE;
}
