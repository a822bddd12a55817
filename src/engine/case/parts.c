#include "engine/case/parts.h"

#include <string.h>

#include "base/clock.h"
#include "engine/case/parts_store.h"
#include "guard/actor.h"

/* --------------------------------------------------------------- reading */

enum rc parts_of(struct op *op, struct a_case *it, struct case_parts **parts)
{
    struct list rows = { 0 };

    *parts = it->parts;
    if (it->parts)
        return RC_OK;
    struct case_parts *read = arena_new(op->arena, struct case_parts);
    enum rc            rc =
        read ? part_select_case(op, it->row.id, PARTS_PER_CASE_MAX, &rows) : RC_TOO_LARGE;
    if (rc != RC_OK)
        return rc;
    /* Room for those that this turn asks for. */
    read->all = arena_many(op->arena, PARTS_PER_CASE_MAX, struct case_part);
    if (!read->all)
        return RC_TOO_LARGE;
    if (rows.n)
        memcpy(read->all, rows.at, rows.n * sizeof *read->all);
    read->n = rows.n;
    *parts = it->parts = read;
    return RC_OK;
}

bool part_is_open(const struct case_part *part)
{
    return str_eq(part->state, STR("open"));
}

struct case_part *parts_mine(struct op *op, struct a_case *it)
{
    struct case_part  *first = NULL;
    struct case_parts *parts;

    if (!it->row.parts_open || op->actor->kind == ACTOR_NOBODY ||
        parts_of(op, it, &parts) != RC_OK)
        return NULL;
    for (size_t i = 0; i < parts->n; i++) {
        struct case_part *part = &parts->all[i];
        if (part_is_open(part) && holder_is(op->actor, part->holder) &&
            (!first || part->due_ms < first->due_ms))
            first = part;
    }
    return first;
}

struct str parts_awaited(struct op *op, struct a_case *it)
{
    struct str         titles[PARTS_PER_CASE_MAX];
    struct case_parts *parts;
    size_t             n = 0;

    if (parts_of(op, it, &parts) != RC_OK)
        return STR("");
    for (size_t i = 0; i < parts->n; i++)
        if (part_is_open(&parts->all[i]))
            titles[n++] = holder_title(op, parts->all[i].holder);
    return str_join(op->arena, titles, n, STR("、"));
}

/* ---------------------------------------------------------------- asking */

static enum rc limit_of(struct turn *turn, struct span span, struct case_part *part)
{
    struct calendar calendar;

    enum rc rc = calendar_find(turn->op, part->asked_ms, &calendar);
    if (rc != RC_OK)
        return rc;
    part->due_ms = calendar_end(&calendar, part->asked_ms, span);
    part->warn_ms = calendar_share(&calendar, part->asked_ms, part->due_ms, span.kind,
                                   CLOCK_WARN_PERCENT);
    return RC_OK;
}

/* As the scene says, else until the case itself is due. */
static enum rc time_part(struct turn *turn, struct case_part *part)
{
    const struct scene_parts *declared = &turn->it->kind->parts;
    const struct clock_state *whole = &turn->clocks.of[CLOCK_RESOLVE];
    bool        urgent = turn->it->row.urgent && declared->urgent.kind != SPAN_NONE;
    struct span span = urgent ? declared->urgent : declared->limit;

    if (span.kind != SPAN_NONE)
        return limit_of(turn, span, part);
    part->due_ms = whole->due_ms > part->asked_ms ? whole->due_ms : PART_NEVER;
    part->warn_ms = whole->warn_ms > part->asked_ms ? whole->warn_ms : part->due_ms;
    return RC_OK;
}

static enum rc refuse_twice(struct turn *turn, struct str holder)
{
    const struct case_parts *parts = turn->it->parts;
    struct op               *op = turn->op;

    if (str_eq(holder, turn->it->row.holder))
        return fail(op, RC_REFUSED, "targets", "%.*s是牵头的，不用再请来协办。",
                    STR_ARG(holder_title(op, holder)));
    for (size_t i = 0; i < parts->n; i++)
        if (part_is_open(&parts->all[i]) && str_eq(holder, parts->all[i].holder))
            return fail(op, RC_REFUSED, "targets", "%.*s已经在协办了，不用再请。",
                        STR_ARG(holder_title(op, holder)));
    return RC_OK;
}

static struct str until_words(struct turn *turn, const struct case_part *part)
{
    if (part->due_ms == PART_NEVER)
        return STR("");
    struct str when = clock_zh(turn->op->arena, part->due_ms, turn->op->now_ms);
    return str_fmt(turn->op->arena, "请在 %.*s 前答复。", STR_ARG(when));
}

static void tell_part(struct turn *turn, const struct case_part *part, struct str says)
{
    turn_tell_holder(turn, holder_read(part->holder), says);
}

static enum rc invite_one(struct turn *turn, const struct move_target *target,
                          struct str *title)
{
    struct op         *op = turn->op;
    struct a_case     *it = turn->it;
    struct case_parts *parts = it->parts;
    struct holder      holder;

    if (parts->n == PARTS_PER_CASE_MAX)
        return fail(op, RC_REFUSED, "targets", "一件事最多请 %d 次协办。",
                    PARTS_PER_CASE_MAX);
    enum rc rc = holder_chosen(op, target, &holder);
    if (rc != RC_OK)
        return rc;
    struct case_part part = {
        .county = it->row.county,
        .case_id = it->row.id,
        .part = (int64_t)parts->n + 1,
        .holder = holder_write(op, holder),
        .task = str_trim(target->task.len ? target->task : turn->args->text),
        .state = STR("open"),
        .asked_by = op->actor->account,
        .asked_ms = op->now_ms,
        .answer = STR(""),
    };
    rc = refuse_twice(turn, part.holder);
    if (rc == RC_OK)
        rc = time_part(turn, &part);
    if (rc == RC_OK)
        rc = part_insert(op, &part);
    if (rc != RC_OK)
        return rc;
    parts->all[parts->n++] = part;
    it->row.parts_open++;
    *title = holder_title(op, part.holder);
    tell_part(turn, &part,
              str_fmt(op->arena, "%.*s请您协办：%.*s%.*s", STR_ARG(news_who(turn)),
                      STR_ARG(str_sentence(op->arena, part.task)),
                      STR_ARG(until_words(turn, &part))));
    return RC_OK;
}

enum rc parts_invite(struct turn *turn)
{
    const struct move_target *targets = turn->args->targets.at;
    size_t                    n = turn->args->targets.n;
    struct str                titles[PARTS_PER_CASE_MAX];
    struct case_parts        *parts;

    enum rc rc = parts_of(turn->op, turn->it, &parts);
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = invite_one(turn, &targets[i], &titles[i]);
    if (rc == RC_OK)
        turn->line.helpers = str_join(turn->op->arena, titles, n, STR("、"));
    return rc;
}

/* ---------------------------------------------------------------- ending */

static enum rc end_part(struct turn *turn, struct case_part *part, struct str state,
                        struct str answer)
{
    part->state = state;
    part->answer = str_trim(answer).len ? str_trim(answer) : STR("");
    part->ended_ms = turn->op->now_ms;
    part->ended_by = turn->op->actor->account;
    turn->it->row.parts_open--;
    return part_update(turn->op, part);
}

/* Which part: the one that was named; without a name, the first of one's own. */
static struct case_part *part_meant(struct turn *turn, struct case_parts *parts)
{
    int64_t meant = turn->args->part;

    if (!meant)
        return parts_mine(turn->op, turn->it);
    for (size_t i = 0; i < parts->n; i++)
        if (parts->all[i].part == meant && part_is_open(&parts->all[i]))
            return &parts->all[i];
    return NULL;
}

static struct str what_is_left(struct turn *turn)
{
    struct str awaited = parts_awaited(turn->op, turn->it);

    return awaited.len ? str_fmt(turn->op->arena, "还等%.*s答复。", STR_ARG(awaited))
                       : STR("协办都答复了，请您汇总办结。");
}

enum rc parts_answer(struct turn *turn)
{
    struct case_parts *parts;

    enum rc rc = parts_of(turn->op, turn->it, &parts);
    if (rc != RC_OK)
        return rc;
    struct case_part *part = part_meant(turn, parts);
    if (!part || !holder_is(turn->op->actor, part->holder))
        return fail(turn->op, RC_REFUSED, "part",
                    "这一份协办不在您手上，或者已经答复过了。");
    rc = end_part(turn, part, STR("answered"), turn->args->text);
    if (rc != RC_OK)
        return rc;
    turn->line.helpers = holder_title(turn->op, part->holder);
    turn_tell_holder(turn, holder_read(turn->it->row.holder),
                     str_fmt(turn->op->arena, "%.*s答复了协办：%.*s%.*s",
                             STR_ARG(news_who(turn)),
                             STR_ARG(str_sentence(turn->op->arena, part->answer)),
                             STR_ARG(what_is_left(turn))));
    return RC_OK;
}

enum rc parts_excuse(struct turn *turn)
{
    struct case_parts *parts;

    enum rc rc = parts_of(turn->op, turn->it, &parts);
    if (rc != RC_OK)
        return rc;
    struct case_part *part = part_meant(turn, parts);
    if (!part)
        return fail(turn->op, RC_REFUSED, "part", "没有这一份协办，或者已经答复过了。");
    rc = end_part(turn, part, STR("excused"), turn->args->reason);
    if (rc != RC_OK)
        return rc;
    turn->line.helpers = holder_title(turn->op, part->holder);
    tell_part(turn, part,
              str_fmt(turn->op->arena, "%.*s说您协办的这一份不用办了：%.*s",
                      STR_ARG(news_who(turn)),
                      STR_ARG(str_sentence(turn->op->arena, part->answer))));
    return RC_OK;
}

void parts_tell(struct turn *turn, struct str says)
{
    struct case_parts *parts;

    if (!turn->it->row.parts_open || parts_of(turn->op, turn->it, &parts) != RC_OK)
        return;
    for (size_t i = 0; i < parts->n; i++)
        if (part_is_open(&parts->all[i]))
            tell_part(turn, &parts->all[i], says);
}

/* The reporter needs it no more: nobody goes on with a part of it. */
static enum rc end_all(struct turn *turn, struct case_parts *parts)
{
    enum rc rc = RC_OK;

    parts_tell(turn, STR("报事人不用办了，您协办的这一份也不用办了。"));
    for (size_t i = 0; i < parts->n && rc == RC_OK; i++)
        if (part_is_open(&parts->all[i]))
            rc = end_part(turn, &parts->all[i], STR("excused"), STR("报事人不用办了。"));
    return rc;
}

enum rc parts_close(struct turn *turn, size_t to)
{
    struct a_case          *it = turn->it;
    const struct case_kind *kind = it->kind;
    uint64_t                closed = kind->ends | kind->clocks[CLOCK_RESOLVE].until;
    struct case_parts      *parts;

    if (!it->row.parts_open || !(closed >> to & 1))
        return RC_OK;
    enum rc rc = parts_of(turn->op, it, &parts);
    if (rc != RC_OK)
        return rc;
    if (turn->op->actor->account && turn->op->actor->account == it->row.reporter)
        return end_all(turn, parts);
    return fail(turn->op, RC_REFUSED, "move",
                "还等%.*s答复协办。请等他们答复，或者先“免去协办”。",
                STR_ARG(parts_awaited(turn->op, it)));
}

/* -------------------------------------------------------------- the clock */

static int64_t next_of(const struct case_part *part)
{
    if (!part_is_open(part) || part->due_ms == PART_NEVER || part->late)
        return 0;
    return part->warned ? part->due_ms : part->warn_ms;
}

enum rc parts_settle(struct turn *turn)
{
    struct case_row   *row = &turn->it->row;
    struct case_parts *parts;

    if (!row->parts_open)
        return RC_OK;
    enum rc rc = parts_of(turn->op, turn->it, &parts);
    for (size_t i = 0; rc == RC_OK && i < parts->n; i++) {
        int64_t next = next_of(&parts->all[i]);
        if (next && (!row->next_ms || next < row->next_ms))
            row->next_ms = next;
    }
    return rc;
}

static enum rc come_due(struct turn *turn, struct case_part *part, struct str *says)
{
    struct op *op = turn->op;
    struct str who = holder_title(op, part->holder);
    bool       late = op->now_ms >= part->due_ms;

    part->late = late;
    part->warned = true;
    if (!says->len)
        *says = str_fmt(op->arena, late ? "%.*s的协办超时了。" : "%.*s的协办时限快到了。",
                        STR_ARG(who));
    tell_part(turn, part,
              late ? STR("您的协办超时了，请马上答复。")
                   : str_fmt(op->arena, "您的协办时限快到了。%.*s",
                             STR_ARG(until_words(turn, part))));
    if (late)
        turn_tell_holder(
            turn, holder_read(turn->it->row.holder),
            str_fmt(op->arena, "%.*s的协办超时了，请催一催，或者免去协办。", STR_ARG(who)));
    return part_update(op, part);
}

enum rc parts_look(struct turn *turn, struct str *says)
{
    struct case_parts *parts;
    enum rc            rc = RC_OK;

    *says = STR("");
    if (!turn->it->row.parts_open)
        return RC_OK;
    rc = parts_of(turn->op, turn->it, &parts);
    for (size_t i = 0; rc == RC_OK && i < parts->n; i++) {
        int64_t next = next_of(&parts->all[i]);
        if (next && next <= turn->op->now_ms)
            rc = come_due(turn, &parts->all[i], says);
    }
    return rc;
}
