#include "engine/case/clock.h"

#include "base/clock.h"
#include "base/json.h"
#include "engine/case/case_store.h"

enum {
    DAY_MS = 24 * 3600 * 1000,
    OFFICE_OPENS_MS = (8 * 60 + 30) * 60 * 1000,
    OFFICE_CLOSES_MS = (17 * 60 + 30) * 60 * 1000,
    LOOK_AHEAD_DAYS = 366,
    WARN_PERCENT = 80,
};
/* Paused cases stand behind all that run; far beyond any deadline. */
#define SORT_PAUSED (INT64_C(1) << 60)

static const struct field state_fields[] = {
    FIELD(struct clock_state, start_ms, OPTIONAL),
    FIELD(struct clock_state, due_ms, OPTIONAL),
    FIELD(struct clock_state, met_ms, OPTIONAL),
    FIELD(struct clock_state, warned, OPTIONAL),
    FIELD(struct clock_state, late, OPTIONAL),
};
struct clocks_text {
    struct list clocks;
};
static const struct field text_fields[] = {
    FIELD_LIST(struct clocks_text, clocks, struct clock_state, state_fields, OPTIONAL),
};

enum rc clocks_read(struct op *op, struct str text, struct clocks *clocks)
{
    struct clocks_text read = { 0 };

    *clocks = (struct clocks){ 0 };
    enum rc rc =
        json_read(op->arena, text, text_fields, COUNT(text_fields), &read, &op->problems);
    if (rc != RC_OK)
        return RC_INTERNAL; /* our own text: not the asker's mistake */
    const struct clock_state *states = read.clocks.at;
    for (size_t i = 0; i < read.clocks.n && i < CLOCK_COUNT; i++)
        clocks->of[i] = states[i];
    return RC_OK;
}

struct str clocks_write(struct op *op, const struct clocks *clocks)
{
    struct clocks      copy = *clocks;
    struct clocks_text text = { { copy.of, CLOCK_COUNT } };
    struct json_out    out;

    json_out_init(&out, op->arena);
    out.brief = true;
    json_struct(&out, text_fields, COUNT(text_fields), &text);
    return json_done(&out);
}

/* ------------------------------------------------------------ the calendar */

struct calendar {
    struct list days; /* struct calendar_day, the unusual ones */
};

static struct str day_text(struct op *op, struct civil day)
{
    return str_fmt(op->arena, "%04lld-%02d-%02d", (long long)day.year, day.month, day.day);
}

static bool works(struct op *op, const struct calendar *calendar, int64_t ms)
{
    struct civil               civil = clock_civil(ms);
    const struct calendar_day *days = calendar->days.at;
    struct str                 day = calendar->days.n ? day_text(op, civil) : STR_NONE;

    for (size_t i = 0; i < calendar->days.n; i++)
        if (str_eq(days[i].day, day))
            return days[i].works;
    return civil.weekday != 0 && civil.weekday != 6;
}

static int64_t working_days(struct op *op, const struct calendar *calendar, int64_t from,
                            int64_t days)
{
    int64_t at = from;

    for (int i = 0; i < LOOK_AHEAD_DAYS && (days > 0 || !works(op, calendar, at)); i++) {
        at += DAY_MS;
        days -= works(op, calendar, at);
    }
    return at;
}

static int64_t working_time(struct op *op, const struct calendar *calendar, int64_t from,
                            int64_t left)
{
    int64_t day = clock_day_begins(from);

    for (int i = 0; i < LOOK_AHEAD_DAYS; i++, day += DAY_MS) {
        int64_t opens = day + OFFICE_OPENS_MS, closes = day + OFFICE_CLOSES_MS;
        int64_t begin = from > opens ? from : opens;
        if (begin >= closes || !works(op, calendar, day))
            continue;
        if (closes - begin >= left)
            return begin + left;
        left -= closes - begin;
    }
    return day;
}

enum rc clock_end(struct op *op, int64_t from_ms, struct span span, int64_t *end_ms)
{
    struct calendar calendar;

    if (span.kind == SPAN_REAL) {
        *end_ms = from_ms + span.amount;
        return RC_OK;
    }
    struct arena_mark mark = arena_mark(op->arena);
    enum rc           rc = calendar_select(
                  op, day_text(op, clock_civil(from_ms)),
                  day_text(op, clock_civil(from_ms + (int64_t)LOOK_AHEAD_DAYS * DAY_MS)),
                  &calendar.days);
    if (rc == RC_OK)
        *end_ms = span.kind == SPAN_WORKING_DAYS
                      ? working_days(op, &calendar, from_ms, span.amount)
                      : working_time(op, &calendar, from_ms, span.amount);
    arena_back(op->arena, mark);
    return rc;
}

/* ------------------------------------------------------------- the clocks */

static struct span span_of(const struct a_case *it, const struct scene_clock *clock)
{
    return it->row.urgent && clock->urgent.kind != SPAN_NONE ? clock->urgent : clock->limit;
}

static enum rc start(struct op *op, const struct a_case *it,
                     const struct scene_clock *clock, struct clock_state *state)
{
    struct span span = span_of(it, clock);

    *state = (struct clock_state){ .start_ms = op->now_ms };
    return clock_end(op, op->now_ms, span, &state->due_ms);
}

static bool runs(const struct clock_state *clock)
{
    return clock->due_ms && !clock->met_ms;
}

enum rc clocks_enter(struct op *op, struct a_case *it, struct clocks *clocks, size_t state)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < CLOCK_COUNT && rc == RC_OK; i++) {
        const struct scene_clock *clock = &it->kind->clocks[i];
        struct clock_state       *now = &clocks->of[i];
        if (clock->limit.kind == SPAN_NONE)
            continue;
        bool ends = clock->until >> state & 1;
        if (!now->due_ms || (now->met_ms && !ends))
            rc = start(op, it, clock, now);
        if (ends && !now->met_ms)
            now->met_ms = op->now_ms;
    }
    return rc;
}

void clocks_pause(struct a_case *it, int64_t now_ms, struct str reason)
{
    if (!it->row.paused_ms) {
        it->row.paused_ms = now_ms;
        it->row.pause_reason = reason.at ? reason : STR("");
    }
}

/* Both ends move, so that 80 % stays 80 % of the time that ran. */
static enum rc shift(struct op *op, struct span span, struct clock_state *clock,
                     int64_t by_ms)
{
    int64_t due = clock->due_ms + by_ms;

    clock->start_ms += by_ms;
    return clock_end(op, due, (struct span){ span.kind, 0 }, &clock->due_ms);
}

enum rc clocks_resume(struct op *op, struct a_case *it, struct clocks *clocks)
{
    int64_t stood = it->row.paused_ms ? op->now_ms - it->row.paused_ms : 0;
    enum rc rc = RC_OK;

    if (stood < 0) /* a clock put back must not bring a deadline forward */
        stood = 0;

    for (size_t i = 0; i < CLOCK_COUNT && stood && rc == RC_OK; i++)
        if (runs(&clocks->of[i]))
            rc = shift(op, span_of(it, &it->kind->clocks[i]), &clocks->of[i], stood);
    it->row.paused_ms = 0;
    it->row.pause_reason = STR("");
    return rc;
}

static int64_t warn_at(const struct clock_state *clock)
{
    return clock->start_ms + (clock->due_ms - clock->start_ms) / 100 * WARN_PERCENT;
}

void clocks_settle(struct a_case *it, const struct clocks *clocks)
{
    struct case_row *row = &it->row;

    row->due_ms = row->next_ms = 0;
    row->due_clock = STR("");
    bool ended = it->kind->ends >> it->state & 1;
    for (size_t i = 0; i < CLOCK_COUNT && !ended; i++) {
        const struct clock_state *clock = &clocks->of[i];
        if (!runs(clock))
            continue;
        if (!row->due_ms || clock->due_ms < row->due_ms) {
            row->due_ms = clock->due_ms;
            row->due_clock = clock_word((enum clock_name)i);
        }
        int64_t next = clock->late ? 0 : clock->warned ? clock->due_ms : warn_at(clock);
        if (next && (!row->next_ms || next < row->next_ms))
            row->next_ms = next;
    }
    if (row->paused_ms)
        row->next_ms = 0;
    row->sort_ms = ended              ? row->closed_ms
                   : row->paused_ms   ? SORT_PAUSED
                   : row->due_ms      ? row->due_ms
                   : row->answered_ms ? row->answered_ms
                                      : row->opened_ms;
}

struct clocks_due clocks_look(const struct a_case *it, struct clocks *clocks,
                              int64_t now_ms)
{
    struct clocks_due due = { 0 };

    if (it->row.paused_ms || it->kind->ends >> it->state & 1)
        return due;
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        struct clock_state *clock = &clocks->of[i];
        if (!runs(clock))
            continue;
        if (!clock->late && now_ms >= clock->due_ms) {
            clock->late = clock->warned = true;
            due.late |= 1u << i;
        } else if (!clock->warned && now_ms >= warn_at(clock)) {
            clock->warned = true;
            due.warned |= 1u << i;
        }
    }
    return due;
}
