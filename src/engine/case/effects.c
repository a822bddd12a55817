#include "engine/case/hand_up.h"
#include "engine/case/follow_up.h"
#include "engine/case/links.h"
#include "engine/case/minutes.h"
#include "engine/case/parts.h"
#include "engine/case/precedent.h"
#include "engine/case/public.h"
#include "engine/case/refile.h"
#include "engine/case/turn.h"

#include "guard/actor.h"
#include "registry/area.h"

enum { PEOPLE_MAX = 20 };

/* -------------------------------------------------------------- telling */

/* One message a turn for each person: the last effect knows best what came of it. */
void turn_tell(struct turn *turn, int64_t account, struct str says)
{
    for (size_t i = 0; i < turn->ntell; i++)
        if (turn->tell[i].account == account) {
            turn->tell[i].says = says;
            return;
        }
    if (!account || account == turn->op->actor->account || turn->ntell == TURN_TELL_MAX)
        return;
    turn->tell[turn->ntell++] =
        (struct telling){ .account = account, .title = turn->it->row.title, .says = says };
}

void turn_tell_holder(struct turn *turn, struct holder holder, struct str says)
{
    int64_t people[PEOPLE_MAX];
    size_t  n = holder_people(turn->op, holder, people, PEOPLE_MAX);

    for (size_t i = 0; i < n; i++)
        turn_tell(turn, people[i], says);
}

/* ------------------------------------------------------------ who holds it */

void turn_hand_to(struct turn *turn, struct holder holder)
{
    struct case_row *row = &turn->it->row;

    row->before = row->holder;
    row->holder = holder_write(turn->op, holder);
}

/* The duty that answers at its level follows when the case goes to a duty as high
 * or higher; handing it down to a worker leaves the desk answerable. */
void turn_answers_for(struct turn *turn, struct holder holder)
{
    struct case_row *row = &turn->it->row;

    if (holder.kind != HOLDER_DUTY)
        return;
    if (!row->duty.len || holder.area.len <= row->duty_area.len) {
        row->duty = holder.duty;
        row->duty_area = holder.area;
    }
}

/* --------------------------------------------------------------- effects */

static enum reader reader_is(const struct turn *turn, struct holder told)
{
    const struct case_row *row = &turn->it->row;

    if (str_eq(holder_write(turn->op, told), row->holder))
        return READER_HOLDER;
    return told.kind == HOLDER_ACCOUNT && told.id == row->reporter ? READER_REPORTER
                                                                   : READER_OTHER;
}

static enum rc do_tell(struct turn *turn, const struct scene_effect *effect)
{
    struct case_record record = turn_record(turn);
    struct case_target target;
    struct holder      holder;

    if (!case_rule_target(effect->who, &record, &target))
        return RC_OK;
    if (target.kind == TARGET_RELATION && target.relation == RELATION_HELPER) {
        parts_tell(turn, news_done(turn, READER_OTHER));
        return RC_OK;
    }
    enum rc rc = holder_of_target(turn->op, turn->it, &target, &holder);
    if (rc != RC_OK)
        return rc == RC_REFUSED ? RC_OK : rc;
    turn_tell_holder(turn, holder, news_of(turn, reader_is(turn, holder)));
    return RC_OK;
}

static enum rc do_ask_rating(struct turn *turn)
{
    struct str done = news_done(turn, READER_REPORTER);
    turn_tell(turn, turn->it->row.reporter,
              str_fmt(turn->op->arena, "%.*s请您看看结果，说说满不满意。", STR_ARG(done)));
    return RC_OK;
}

static bool can_decide(const struct a_case *it)
{
    for (size_t m = 0; m < it->kind->nmoves; m++)
        for (size_t i = 0; i < it->kind->moves[m].neffects; i++)
            if (it->kind->moves[m].effects[i].kind == EFFECT_DECIDE)
                return true;
    return false;
}

/* There is nobody above who could take it: by hand it is decided there, and when it is
 * late it stays and is supervised. */
static enum rc at_the_top(struct turn *turn)
{
    if (turn->args && can_decide(turn->it))
        return fail(turn->op, RC_REFUSED, "move",
                    "上面没有可以上报的了，请在这一级定由谁负责（权属裁定）。");
    turn->it->row.supervised = true;
    return RC_OK;
}

/* What is late with the platform above stays with it; by hand it is whoever's who answers
 * for it here. */
static enum rc back_from_above(struct turn *turn)
{
    const struct case_row *row = &turn->it->row;

    if (!turn->line.late)
        turn_hand_to(turn, (struct holder){ HOLDER_DUTY, 0, row->duty, row->duty_area });
    else
        turn->it->row.supervised = true;
    return RC_OK;
}

static enum rc do_escalate(struct turn *turn)
{
    struct holder holder, from = holder_read(turn->it->row.holder);
    struct str    from_title = holder_title(turn->op, turn->it->row.holder);
    bool          up;

    enum rc rc = turn_is_up(turn, &up);
    if (rc != RC_OK || up)
        return rc == RC_OK ? back_from_above(turn) : rc;
    rc = holder_above(turn->op, turn->it, &holder);
    if (rc == RC_NOT_FOUND)
        return at_the_top(turn);
    if (rc != RC_OK)
        return rc;
    turn_hand_to(turn, holder);
    turn->it->row.duty = holder.duty;
    turn->it->row.duty_area = holder.area;
    if (turn->line.late) {
        rc = clocks_raised(turn);
        if (rc != RC_OK)
            return rc;
        clocks_settle(turn->it, &turn->clocks);
        turn_tell_holder(turn, from, news_taken_away(turn));
    }
    turn_tell_holder(turn, holder, news_escalated(turn, from_title));
    return RC_OK;
}

/* Those who lead where it is answered for, or on the next level that has any. */
static void tell_leaders(struct turn *turn, struct str says)
{
    const struct a_case     *it = turn->it;
    const struct scene_duty *answers = scene_duty(it->scene, it->row.duty);
    bool                     told = false;

    for (int level = answers ? answers->level : 0; level > 0 && !told; level--)
        for (size_t i = 0; i < it->scene->nduties; i++) {
            const struct scene_duty *duty = &it->scene->duties[i];
            struct str               area = area_at_level(it->row.area, level);
            if (!duty->leads || duty->level != level || !area.at)
                continue;
            turn_tell_holder(turn, (struct holder){ HOLDER_DUTY, 0, duty->name, area },
                             says);
            told = true;
        }
}

static enum rc do_supervise(struct turn *turn)
{
    struct holder above;
    struct str    says = news_supervised(turn);

    turn->it->row.supervised = true;
    turn_tell_holder(turn, holder_read(turn->it->row.holder),
                     STR("这件事已被督办，请马上处理。"));
    if (holder_above(turn->op, turn->it, &above) == RC_OK)
        turn_tell_holder(turn, above, says);
    tell_leaders(turn, says);
    return RC_OK;
}

/* Who takes it up from below answers for it by their own duty, so that what is late goes
 * to the level above them, and not to themselves. */
static void taken_from_below(struct turn *turn)
{
    const struct a_case *it = turn->it;
    const struct actor  *actor = turn->op->actor;

    for (size_t i = 0; i < actor->nholds; i++)
        if (scene_duty(it->scene, actor->holds[i].duty) &&
            area_within(it->row.area, actor->holds[i].area))
            turn_answers_for(turn, (struct holder){ HOLDER_DUTY, 0, actor->holds[i].duty,
                                                    actor->holds[i].area });
}

static enum rc do_take(struct turn *turn)
{
    const struct actor *actor = turn->op->actor;

    if (!actor->account)
        return RC_OK;
    if (!holder_is(actor, turn->it->row.holder))
        taken_from_below(turn);
    turn_hand_to(turn,
                 (struct holder){ HOLDER_ACCOUNT, actor->account, STR_NONE, STR_NONE });
    return RC_OK;
}

/* Back to whoever had it before; after that, to whoever answers for it. */
static enum rc do_give_back(struct turn *turn)
{
    struct case_row *row = &turn->it->row;
    struct holder    before = holder_read(row->before);

    if (before.kind == HOLDER_NONE || str_eq(row->before, row->holder))
        before = (struct holder){ HOLDER_DUTY, 0, row->duty, row->duty_area };
    turn_hand_to(turn, before);
    turn_tell_holder(turn, before, news_of(turn, READER_HOLDER));
    return RC_OK;
}

static bool may_stand(const struct scene_clock *clock, struct str reason)
{
    for (size_t i = 0; i < clock->npause; i++)
        if (str_starts(str_trim(reason), clock->pause[i]))
            return true;
    return clock->npause == 0;
}

static enum rc check_reason(struct turn *turn, const struct scene_effect *effect,
                            struct str reason)
{
    struct op                *op = turn->op;
    const struct scene_clock *clock = &turn->it->kind->clocks[effect->clock];

    return may_stand(clock, reason)
               ? RC_OK
               : fail(op, RC_REFUSED, "reason", "暂停计时要写明是哪一种原因：%.*s。",
                      STR_ARG(str_join(op->arena, clock->pause, clock->npause, STR("、"))));
}

/* The reason waits with the case for whoever agrees; the clocks run on. */
static enum rc do_ask_pause(struct turn *turn, const struct scene_effect *effect)
{
    enum rc rc = check_reason(turn, effect, turn->line.reason);

    if (rc == RC_OK)
        turn->it->row.pause_reason = str_trim(turn->line.reason);
    return rc;
}

/* For one of the scene's reasons, perhaps with more words behind it: those of this move,
 * or those with which it was asked for. */
static enum rc do_pause(struct turn *turn, const struct scene_effect *effect)
{
    struct str said = str_trim(turn->line.reason);
    struct str reason = said.len ? said : turn->it->row.pause_reason;

    enum rc rc = check_reason(turn, effect, reason);
    if (rc != RC_OK)
        return rc;
    clocks_pause(turn->it, turn->op->now_ms, reason);
    turn->line.reason = reason; /* whoever agreed need not say it again */
    return RC_OK;
}

/* ---- to whom it may go: the target is the holder by now, `before` who had it ---- */

static enum rc levels(struct turn *turn, int *from, int *to)
{
    const struct case_row *row = &turn->it->row;

    *from = holder_level(turn->op, holder_read(row->before));
    *to = holder_level(turn->op, holder_read(row->holder));
    return str_eq(row->before, row->holder)
               ? fail(turn->op, RC_REFUSED, "target", "这件事已经在%.*s手上了。",
                      STR_ARG(holder_title(turn->op, row->holder)))
               : RC_OK;
}

static enum rc do_transfer(struct turn *turn)
{
    int from, to;

    enum rc rc = levels(turn, &from, &to);
    if (rc != RC_OK || from == to)
        return rc;
    return fail(turn->op, RC_REFUSED, "target",
                "转办要转给同一级的；往上请用“上报”，往下请用“派单”或“下派”。");
}

static enum rc do_hand_down(struct turn *turn)
{
    int from, to;

    enum rc rc = levels(turn, &from, &to);
    if (rc != RC_OK || to > from)
        return rc;
    return fail(turn->op, RC_REFUSED, "target",
                "下派要派给下面一级的；同一级请用“转办”，往上请用“上报”。");
}

static enum rc do_supplement(struct turn *turn)
{
    turn->it->row.supplements++;
    return RC_OK;
}

static enum rc do_call_solved(struct turn *turn)
{
    return follow_called(turn, CALL_REACHED, KNOWN_YES);
}

static enum rc do_call_unsolved(struct turn *turn)
{
    return follow_called(turn, CALL_REACHED, KNOWN_NO);
}

static enum rc do_call_missed(struct turn *turn)
{
    return follow_called(turn, CALL_MISSED, KNOWN_NOT);
}

static enum rc do_call_refused(struct turn *turn)
{
    return follow_called(turn, CALL_REFUSED, KNOWN_NOT);
}

/* `with`: what the scene says of the effect counts, too. */
static const struct {
    enum rc (*plain)(struct turn *turn);
    enum rc (*with)(struct turn *turn, const struct scene_effect *effect);
} effect_runs[] = {
    [EFFECT_TELL] = { .with = do_tell },
    [EFFECT_ASK_RATING] = { .plain = do_ask_rating },
    [EFFECT_ESCALATE] = { .plain = do_escalate },
    [EFFECT_SUPERVISE] = { .plain = do_supervise },
    [EFFECT_TAKE] = { .plain = do_take },
    [EFFECT_GIVE_BACK] = { .plain = do_give_back },
    [EFFECT_ROUTE] = { .plain = turn_route },
    [EFFECT_PAUSE] = { .with = do_pause },
    [EFFECT_RESUME] = { .plain = clocks_resume },
    [EFFECT_ASK_PAUSE] = { .with = do_ask_pause },
    [EFFECT_TRANSFER] = { .plain = do_transfer },
    [EFFECT_HAND_DOWN] = { .plain = do_hand_down },
    [EFFECT_INVITE] = { .plain = parts_invite },
    [EFFECT_ANSWER_PART] = { .plain = parts_answer },
    [EFFECT_EXCUSE_PART] = { .plain = parts_excuse },
    [EFFECT_DECIDE] = { .plain = precedent_keep },
    [EFFECT_HAND_UP] = { .plain = turn_hand_up },
    [EFFECT_RECATEGORISE] = { .plain = refile_category },
    [EFFECT_RELOCATE] = { .plain = refile_place },
    [EFFECT_LINK] = { .plain = links_link },
    [EFFECT_GATHER] = { .plain = links_gather },
    [EFFECT_UNLINK] = { .plain = links_unlink },
    [EFFECT_MERGE] = { .plain = links_merge },
    [EFFECT_SPLIT] = { .plain = links_split },
    [EFFECT_SUPPLEMENT] = { .plain = do_supplement },
    [EFFECT_PUBLISH] = { .plain = public_give_out },
    [EFFECT_UNPUBLISH] = { .plain = public_take_back },
    [EFFECT_CALL_SOLVED] = { .plain = do_call_solved },
    [EFFECT_CALL_UNSOLVED] = { .plain = do_call_unsolved },
    [EFFECT_CALL_MISSED] = { .plain = do_call_missed },
    [EFFECT_CALL_REFUSED] = { .plain = do_call_refused },
    [EFFECT_UNSOLVED] = { .plain = follow_unsolved },
    [EFFECT_MINUTES] = { .plain = minutes_keep },
};
static_assert(COUNT(effect_runs) == EFFECT_COUNT, "every effect of a scene is run");

static enum rc run_effect(struct turn *turn, const struct scene_effect *effect)
{
    return effect_runs[effect->kind].plain ? effect_runs[effect->kind].plain(turn)
                                           : effect_runs[effect->kind].with(turn, effect);
}

enum rc turn_effects(struct turn *turn, const struct scene_effect *effects, size_t n)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = run_effect(turn, &effects[i]);
    return rc;
}
