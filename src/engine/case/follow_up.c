#include "engine/case/follow_up.h"

#include "engine/case/callbacks.h"
#include "engine/case/parts.h"
#include "guard/actor.h"
#include "registry/account.h"

enum { GOOD_STARS = 3 };

static bool is_bucket(struct str bucket, const char *word)
{
    return str_eq(bucket, str_of(word));
}

bool follow_in_hand(struct str bucket)
{
    return is_bucket(bucket, "waiting") || is_bucket(bucket, "handling");
}

/* -------------------------------------------------------------- who judges */

bool follow_calls(const struct scene_move *move)
{
    static const enum effect_kind calls[] = { EFFECT_CALL_SOLVED, EFFECT_CALL_UNSOLVED,
                                              EFFECT_CALL_MISSED, EFFECT_CALL_REFUSED };

    for (size_t i = 0; i < move->neffects; i++)
        for (size_t k = 0; k < COUNT(calls); k++)
            if (move->effects[i].kind == calls[k])
                return true;
    return false;
}

bool follow_judges(const struct scene_move *move)
{
    return move->needs & NEEDS_STARS || follow_calls(move);
}

static bool helped(struct op *op, struct a_case *it)
{
    struct case_parts *parts;

    if (parts_of(op, it, &parts) != RC_OK)
        return true;
    for (size_t i = 0; i < parts->n; i++)
        if (holder_is(op->actor, parts->all[i].holder))
            return true;
    return false;
}

/* What cannot be found out counts as handled: judging is denied by default. */
bool follow_handled(struct op *op, struct a_case *it)
{
    struct list hands;

    if (holder_is(op->actor, it->row.holder) || hands_of(op, it->row.id, &hands) != RC_OK)
        return true;
    for (size_t i = 0; i < hands.n; i++)
        if (holder_is(op->actor, ((const struct str *)hands.at)[i]))
            return true;
    return helped(op, it);
}

/* Who moves it while it is to be done has it in hand; its reporter's own steps (taking it
 * back, saying more) are none. */
static enum rc keep_mover(struct turn *turn, struct str was)
{
    const struct actor *actor = turn->op->actor;

    if (!turn->move || !actor->account || !follow_in_hand(was) ||
        turn->move->needs & NEEDS_PUBLIC || actor->account == turn->it->row.reporter)
        return RC_OK;
    struct holder mover = { HOLDER_ACCOUNT, actor->account, STR_NONE, STR_NONE };
    return hand_put(turn->op, turn->it->row.id, holder_write(turn->op, mover));
}

/* ----------------------------------------------------------------- rounds */

/* For whom a person works: an organisation, 0: none. */
static int64_t works_for(struct op *op, int64_t account)
{
    struct list             holds;
    const struct hold_kept *hold;

    if (holds_of_account(op, account, &holds) != RC_OK)
        return 0;
    hold = holds.at;
    for (size_t i = 0; i < holds.n; i++)
        if (hold[i].org)
            return hold[i].org;
    return 0;
}

/* Of a person: the organisation they answer for, else the duty that answers there. */
static struct str org_of(struct op *op, const struct case_row *row)
{
    struct holder holder = holder_read(row->holder);
    int64_t       org = holder.kind == HOLDER_ORG       ? holder.id
                        : holder.kind == HOLDER_ACCOUNT ? works_for(op, holder.id)
                                                        : 0;

    if (org)
        return holder_write(op, (struct holder){ HOLDER_ORG, org, STR_NONE, STR_NONE });
    return row->duty.len ? holder_write(op, (struct holder){ HOLDER_DUTY, 0, row->duty,
                                                             row->duty_area })
                         : row->holder;
}

static enum known kept(const struct turn *turn, enum clock_name name)
{
    const struct clock_state *clock = &turn->clocks.of[name];

    if (!clock->due_ms)
        return KNOWN_NOT;
    return clock->missed || clock->late ? KNOWN_NO : KNOWN_YES;
}

static enum known responded(const struct turn *turn)
{
    enum known answer = kept(turn, CLOCK_ANSWER);

    return answer ? answer : kept(turn, CLOCK_ACCEPT);
}

static enum rc begin_round(struct turn *turn)
{
    const struct case_row *row = &turn->it->row;
    struct case_result     last = { 0 };

    enum rc rc = result_last(turn->op, row->id, &last);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    return result_put(turn->op,
                      &(struct case_result){ .county = row->county,
                                             .case_id = row->id,
                                             .round = last.round + 1,
                                             .scene = row->scene,
                                             .kind = row->kind,
                                             .org = org_of(turn->op, row),
                                             .area = row->area,
                                             .answered_ms = turn->op->now_ms,
                                             .responded = (int64_t)responded(turn),
                                             .in_time = (int64_t)kept(turn, CLOCK_RESOLVE),
                                             .call = STR("") });
}

/* Taken back by its reporter is not answered. */
static bool is_answered(const struct turn *turn, struct str was)
{
    return follow_in_hand(was) && !follow_in_hand(turn->it->row.bucket) && turn->move &&
           turn->op->actor->account != turn->it->row.reporter;
}

enum rc follow_settle(struct turn *turn, struct str was)
{
    enum rc rc = RC_OK;

    if (!str_eq(turn->had, turn->it->row.holder))
        rc = hand_put(turn->op, turn->it->row.id, turn->it->row.holder);
    if (rc == RC_OK)
        rc = keep_mover(turn, was);
    if (rc == RC_OK && is_bucket(was, "answered") &&
        !is_bucket(turn->it->row.bucket, "answered"))
        rc = callback_delete(turn->op, turn->it->row.id);
    if (rc != RC_OK || !is_answered(turn, was))
        return rc;
    rc = begin_round(turn);
    return rc == RC_OK ? callback_begin(turn) : rc;
}

/* ------------------------------------------------------------- what came of it */

/* Of cases that were answered before there were rounds nothing is kept. */
static enum rc last_round(struct turn *turn, struct case_result *result)
{
    enum rc rc = result_last(turn->op, turn->it->row.id, result);

    return rc == RC_NOT_FOUND ? RC_GONE : rc;
}

static enum rc keep(struct turn *turn, enum rc found, const struct case_result *result)
{
    return found == RC_GONE ? RC_OK : found == RC_OK ? result_put(turn->op, result) : found;
}

/* Whoever gave the answer hears of it, also when the case goes to somebody else. */
static void tell_answerer(struct turn *turn, const struct case_result *result)
{
    struct str why = turn->line.reason.len ? turn->line.reason : turn->line.text;

    turn_tell_holder(turn, holder_read(result->org),
                     str_fmt(turn->op->arena, "您答复的这件事没有解决，要重新办：%.*s",
                             STR_ARG(str_sentence(turn->op->arena, why))));
}

enum rc follow_called(struct turn *turn, struct str call, enum known solved)
{
    struct case_result result;

    enum rc rc = last_round(turn, &result);
    if (rc == RC_OK) {
        result.call = call;
        result.solved = solved ? (int64_t)solved : result.solved;
        result.stars = turn->args->stars ? turn->args->stars : result.stars;
        if (solved == KNOWN_NO)
            tell_answerer(turn, &result);
    }
    rc = keep(turn, rc, &result);
    if (rc != RC_OK)
        return rc;
    return str_eq(call, CALL_MISSED) ? callback_missed(turn)
                                     : callback_delete(turn->op, turn->it->row.id);
}

/* A reporter who is content says that it is solved; who is not may say so (`unsolved`). */
enum rc follow_rated(struct turn *turn)
{
    struct case_result result;

    if (turn->op->actor->account != turn->it->row.reporter)
        return RC_OK;
    enum rc rc = last_round(turn, &result);
    if (rc == RC_OK) {
        result.rated = true;
        result.stars = turn->args->stars;
        if (turn->args->stars >= GOOD_STARS)
            result.solved = KNOWN_YES;
    }
    return keep(turn, rc, &result);
}

enum rc follow_unsolved(struct turn *turn)
{
    struct case_result result;

    enum rc rc = last_round(turn, &result);
    if (rc == RC_OK) {
        result.rated = turn->op->actor->account == turn->it->row.reporter || result.rated;
        result.solved = KNOWN_NO;
        tell_answerer(turn, &result);
    }
    return keep(turn, rc, &result);
}
