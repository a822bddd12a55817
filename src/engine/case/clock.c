#include "engine/case/clock.h"

#include "base/json.h"
#include "engine/case/turn.h"
#include "guard/actor.h"

/* Paused cases stand behind all that run; far beyond any deadline. */
#define SORT_PAUSED (INT64_C(1) << 60)

static const struct field state_fields[] = {
    FIELD(struct clock_state, start_ms, OPTIONAL),
    FIELD(struct clock_state, due_ms, OPTIONAL),
    FIELD(struct clock_state, met_ms, OPTIONAL),
    FIELD(struct clock_state, warned, OPTIONAL),
    FIELD(struct clock_state, late, OPTIONAL),
    FIELD(struct clock_state, warn_ms, OPTIONAL),
    FIELD(struct clock_state, missed, OPTIONAL),
    FIELD(struct clock_state, kind, OPTIONAL),
    FIELD(struct clock_state, amount, OPTIONAL),
};
struct clocks_text {
    struct list clocks;
};
static const struct field text_fields[] = {
    FIELD_LIST(struct clocks_text, clocks, struct clock_state, state_fields, OPTIONAL),
};

/* Those of before the warning was kept: of real time. */
static struct clock_state complete(struct clock_state clock)
{
    if (clock.due_ms && !clock.warn_ms)
        clock.warn_ms = calendar_share(NULL, clock.start_ms, clock.due_ms, SPAN_REAL,
                                       CLOCK_WARN_PERCENT);
    return clock;
}

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
        clocks->of[i] = complete(states[i]);
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

/* ------------------------------------------------------------ one clock */

bool clock_runs(const struct clock_state *clock)
{
    return clock->due_ms && !clock->met_ms;
}

/* What is promised of the service that was asked for. */
static struct span promise_of(const struct scene_clock *clock,
                              const struct case_record *record)
{
    const struct scene_field *field = clock->promised ? kind_category(record->kind) : NULL;

    if (!field || !record->fields)
        return (struct span){ SPAN_NONE, 0 };
    return kind_promise(record->kind, record->fields[field - record->kind->fields].text);
}

struct span clock_span(const struct scene_clock *clock, const struct case_record *record,
                       bool urgent)
{
    for (size_t i = 0; i < clock->nby; i++) {
        const struct scene_limit *by = &clock->by[i];
        if (case_rule_test(by->when, record, NULL) == RULE_YES)
            return urgent && by->urgent.kind != SPAN_NONE ? by->urgent : by->limit;
    }
    struct span promise = promise_of(clock, record);
    if (promise.kind != SPAN_NONE)
        return promise;
    return urgent && clock->urgent.kind != SPAN_NONE ? clock->urgent : clock->limit;
}

static struct span span_now(const struct turn *turn, size_t i)
{
    const struct scene_clock *clock = &turn->it->kind->clocks[i];
    struct case_record        record = { 0 };

    if (clock->nby || clock->promised)
        record = turn_record(turn);
    return clock_span(clock, &record, turn->it->row.urgent);
}

/* The county's, read once a turn and only for working time. */
static enum rc calendar_for(struct turn *turn, enum span_kind kind)
{
    struct op *op = turn->op;

    if (kind == SPAN_REAL || turn->clocks.calendar)
        return RC_OK;
    struct calendar *calendar = arena_new(op->arena, struct calendar);
    enum rc          rc =
        calendar ? calendar_find(op, turn->it->row.opened_ms, calendar) : RC_TOO_LARGE;
    if (rc == RC_OK)
        turn->clocks.calendar = calendar;
    return rc;
}

/* With what had been used up, if any: `start_ms` lies so far back. */
static enum rc run_from(struct turn *turn, size_t i, struct span span, int64_t start_ms)
{
    struct clock_state *clock = &turn->clocks.of[i];

    enum rc rc = calendar_for(turn, span.kind);
    if (rc != RC_OK)
        return rc;
    const struct calendar *calendar = turn->clocks.calendar;
    clock->start_ms = calendar_begin(calendar, start_ms, span.kind);
    clock->due_ms = calendar_end(calendar, clock->start_ms, span);
    clock->warn_ms = calendar_share(calendar, clock->start_ms, clock->due_ms, span.kind,
                                    CLOCK_WARN_PERCENT);
    clock->kind = span.kind;
    clock->amount = span.amount;
    return RC_OK;
}

static enum rc start(struct turn *turn, size_t i)
{
    struct clock_state *clock = &turn->clocks.of[i];
    int64_t             missed = clock->missed;

    *clock = (struct clock_state){ .missed = missed };
    return run_from(turn, i, span_now(turn, i), turn->op->now_ms);
}

static bool declared(const struct turn *turn, size_t i)
{
    return turn->it->kind->clocks[i].limit.kind != SPAN_NONE;
}

/* Whatever it says: on a case that has ended no clock runs. */
static bool ends_in(const struct turn *turn, size_t i, size_t state)
{
    const struct case_kind *kind = turn->it->kind;

    return state != STATE_NEW && ((kind->clocks[i].until | kind->ends) >> state & 1);
}

/* ------------------------------------------------------ what is done to it */

static bool starts(const struct turn *turn, size_t i, size_t from)
{
    if (from == STATE_NEW)
        return i != CLOCK_UPDATE;
    return ends_in(turn, i, from) && !ends_in(turn, i, turn->it->state);
}

enum rc clocks_enter(struct turn *turn, size_t from)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < CLOCK_COUNT && rc == RC_OK; i++) {
        struct clock_state *clock = &turn->clocks.of[i];
        if (!declared(turn, i))
            continue;
        if (starts(turn, i, from))
            rc = start(turn, i);
        if (clock_runs(clock) && ends_in(turn, i, turn->it->state))
            clock->met_ms = turn->op->now_ms;
    }
    return rc;
}

/* Does the move tell the reporter what somebody wrote? */
static bool is_word(const struct turn *turn)
{
    const struct scene_move *move = turn->move;
    struct case_record       record = turn_record(turn);
    bool                     tells = false;

    if ((record.relations >> RELATION_REPORTER & 1) || (move->needs & NEEDS_TARGET) ||
        !str_trim(turn->line.text.len ? turn->line.text : turn->line.reason).len)
        return false;
    for (size_t i = 0; i < move->neffects && !tells; i++) {
        struct case_target target = { .kind = TARGET_DUTY };
        tells = move->effects[i].kind == EFFECT_ASK_RATING ||
                (move->effects[i].kind == EFFECT_TELL &&
                 case_rule_target(move->effects[i].who, &record, &target) &&
                 target.kind == TARGET_RELATION && target.relation == RELATION_REPORTER);
    }
    return tells;
}

enum rc clocks_word(struct turn *turn)
{
    struct clock_state *answer = &turn->clocks.of[CLOCK_ANSWER];

    if (!is_word(turn))
        return RC_OK;
    if (clock_runs(answer))
        answer->met_ms = turn->op->now_ms;
    bool over = ends_in(turn, CLOCK_UPDATE, turn->it->state);
    return declared(turn, CLOCK_UPDATE) && !over ? start(turn, CLOCK_UPDATE) : RC_OK;
}

/* What it has not come to yet may come again. */
static void look_ahead(struct clock_state *clock, int64_t now_ms)
{
    clock->warned = clock->warned && clock->warn_ms <= now_ms;
    clock->late = clock->late && clock->due_ms <= now_ms;
}

static enum rc choose_again(struct turn *turn, size_t i)
{
    struct clock_state *clock = &turn->clocks.of[i];
    struct span         span = span_now(turn, i);

    if (span.kind == (enum span_kind)clock->kind && span.amount == clock->amount)
        return RC_OK;
    enum rc rc = run_from(turn, i, span, clock->start_ms);
    look_ahead(clock, turn->op->now_ms);
    return rc;
}

/* A case that stands still is reckoned again when it goes on. */
enum rc clocks_follow(struct turn *turn)
{
    bool    handed = turn->held_by.len && !str_eq(turn->held_by, turn->it->row.holder);
    enum rc rc = RC_OK;

    for (size_t i = 0; i < CLOCK_COUNT && rc == RC_OK && !turn->it->row.paused_ms; i++) {
        if (!clock_runs(&turn->clocks.of[i]))
            continue;
        rc = handed && turn->it->kind->clocks[i].each_holder ? start(turn, i)
                                                             : choose_again(turn, i);
    }
    turn->held_by = turn->it->row.holder;
    return rc;
}

enum rc clocks_raised(struct turn *turn)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < CLOCK_COUNT && rc == RC_OK; i++)
        if (clock_runs(&turn->clocks.of[i]) && turn->clocks.of[i].late)
            rc = start(turn, i);
    return rc;
}

/* --------------------------------------------------------------- pauses */

void clocks_pause(struct a_case *it, int64_t now_ms, struct str reason)
{
    if (!it->row.paused_ms) {
        it->row.paused_ms = now_ms;
        it->row.pause_reason = reason.at ? reason : STR("");
    }
}

static enum rc go_on(struct turn *turn, size_t i, int64_t stopped_ms, int64_t now_ms)
{
    struct clock_state *clock = &turn->clocks.of[i];
    enum span_kind      kind = clock->kind ? (enum span_kind)clock->kind : SPAN_REAL;

    enum rc rc = calendar_for(turn, kind);
    if (rc != RC_OK)
        return rc;
    const struct calendar *calendar = turn->clocks.calendar;
    int64_t used = calendar_between(calendar, clock->start_ms, stopped_ms, kind);
    int64_t at = calendar_begin(calendar, now_ms, kind);
    rc = run_from(turn, i, span_now(turn, i), calendar_back(calendar, at, used, kind));
    look_ahead(clock, now_ms);
    return rc;
}

enum rc clocks_resume(struct turn *turn)
{
    struct case_row *row = &turn->it->row;
    int64_t          stopped = row->paused_ms, now = turn->op->now_ms;
    enum rc          rc = RC_OK;

    if (now < stopped) /* a clock put back must not bring a deadline forward */
        now = stopped;
    for (size_t i = 0; i < CLOCK_COUNT && stopped && rc == RC_OK; i++)
        if (clock_runs(&turn->clocks.of[i]))
            rc = go_on(turn, i, stopped, now);
    row->paused_ms = 0;
    row->pause_reason = STR("");
    return rc;
}

/* -------------------------------------------------------------- looking */

static int64_t next_of(const struct clock_state *clock)
{
    return clock->late ? 0 : clock->warned ? clock->due_ms : clock->warn_ms;
}

enum rc clocks_today(struct turn *turn, int64_t until_ms)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < CLOCK_COUNT && rc == RC_OK && !turn->it->row.paused_ms; i++) {
        struct clock_state *clock = &turn->clocks.of[i];
        struct span         span = { (enum span_kind)clock->kind, clock->amount };
        if (!clock_runs(clock) || next_of(clock) > until_ms || span.kind == SPAN_NONE ||
            span.kind == SPAN_REAL)
            continue;
        rc = run_from(turn, i, span, clock->start_ms);
        look_ahead(clock, turn->op->now_ms);
    }
    return rc;
}

void clocks_settle(struct a_case *it, const struct clocks *clocks)
{
    struct case_row *row = &it->row;

    row->due_ms = row->next_ms = 0;
    row->due_clock = STR("");
    bool ended = it->kind->ends >> it->state & 1;
    for (size_t i = 0; i < CLOCK_COUNT && !ended; i++) {
        const struct clock_state *clock = &clocks->of[i];
        if (!clock_runs(clock))
            continue;
        if (!row->due_ms || clock->due_ms < row->due_ms) {
            row->due_ms = clock->due_ms;
            row->due_clock = clock_word((enum clock_name)i);
        }
        int64_t next = next_of(clock);
        if (next && (!row->next_ms || next < row->next_ms))
            row->next_ms = next;
    }
    bool stands = row->paused_ms || row->first_id; /* what it follows has clocks, too */
    if (stands)
        row->next_ms = 0;
    row->sort_ms = ended              ? row->closed_ms
                   : stands           ? SORT_PAUSED
                   : row->due_ms      ? row->due_ms
                   : row->answered_ms ? row->answered_ms
                                      : row->opened_ms;
}

struct clocks_due clocks_look(const struct a_case *it, struct clocks *clocks,
                              int64_t now_ms)
{
    struct clocks_due due = { 0 };

    if (it->row.paused_ms || it->row.first_id || it->kind->ends >> it->state & 1)
        return due;
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        struct clock_state *clock = &clocks->of[i];
        if (!clock_runs(clock))
            continue;
        if (!clock->late && now_ms >= clock->due_ms) {
            clock->late = clock->warned = true;
            clock->missed++;
            due.late |= 1u << i;
        } else if (!clock->warned && now_ms >= clock->warn_ms) {
            clock->warned = true;
            due.warned |= 1u << i;
        }
    }
    return due;
}
