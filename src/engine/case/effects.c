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
    turn->tell[turn->ntell++] = (struct case_tell){ .account = account,
                                                    .title = turn->it->row.title,
                                                    .says = says };
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

enum rc turn_route(struct turn *turn)
{
    struct a_case     *it = turn->it;
    struct case_record record = turn_record(turn);
    struct case_target target;
    struct holder      holder;

    for (size_t i = 0; i < it->kind->nroutes; i++) {
        const struct scene_route *way = &it->kind->routes[i];
        if (case_rule_test(way->when, &record, NULL) != RULE_YES ||
            !case_rule_target(way->to, &record, &target))
            continue;
        enum rc rc = holder_of_target(turn->op, it, &target, &holder);
        if (rc == RC_REFUSED) /* nobody of that kind here: the next route */
            continue;
        if (rc != RC_OK)
            return rc;
        turn_hand_to(turn, holder);
        it->row.duty = STR("");
        turn_answers_for(turn, holder);
        if (!it->row.duty.len) { /* an organisation: the last route's duty answers */
            const struct scene_route *last = &it->kind->routes[it->kind->nroutes - 1];
            if (case_rule_target(last->to, &record, &target) &&
                holder_of_target(turn->op, it, &target, &holder) == RC_OK)
                turn_answers_for(turn, holder);
        }
        return RC_OK;
    }
    return fail(turn->op, RC_REFUSED, "fields/where",
                "没有找到管这个地方的社区，请选到社区再发。");
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
    enum rc rc = holder_of_target(turn->op, turn->it, &target, &holder);
    if (rc != RC_OK)
        return rc == RC_REFUSED ? RC_OK : rc;
    turn_tell_holder(turn, holder, news_of(turn, reader_is(turn, holder)));
    return RC_OK;
}

static enum rc do_ask_rating(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    struct str done = news_done(turn, READER_REPORTER);
    turn_tell(turn, turn->it->row.reporter,
              str_fmt(turn->op->arena, "%.*s请您看看结果，说说满不满意。", STR_ARG(done)));
    return RC_OK;
}

/* At the top there is nobody above: it stays, and is supervised. */
static enum rc do_escalate(struct turn *turn, const struct scene_effect *effect)
{
    struct holder holder, from = holder_read(turn->it->row.holder);
    struct str    from_title = holder_title(turn->op, turn->it->row.holder);

    (void)effect;
    enum rc rc = holder_above(turn->op, turn->it, &holder);
    if (rc == RC_NOT_FOUND) {
        turn->it->row.supervised = true;
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    turn_hand_to(turn, holder);
    turn->it->row.duty = holder.duty;
    turn->it->row.duty_area = holder.area;
    if (turn->line.late)
        turn_tell_holder(turn, from, news_taken_away(turn));
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

static enum rc do_supervise(struct turn *turn, const struct scene_effect *effect)
{
    struct holder above;
    struct str    says = news_supervised(turn);

    (void)effect;
    turn->it->row.supervised = true;
    turn_tell_holder(turn, holder_read(turn->it->row.holder),
                     STR("这件事已被督办，请马上处理。"));
    if (holder_above(turn->op, turn->it, &above) == RC_OK)
        turn_tell_holder(turn, above, says);
    tell_leaders(turn, says);
    return RC_OK;
}

static enum rc do_take(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    if (turn->op->actor->account)
        turn_hand_to(turn, (struct holder){ HOLDER_ACCOUNT, turn->op->actor->account,
                                            STR_NONE, STR_NONE });
    return RC_OK;
}

/* Back to whoever had it before; after that, to whoever answers for it. */
static enum rc do_give_back(struct turn *turn, const struct scene_effect *effect)
{
    struct case_row *row = &turn->it->row;
    struct holder    before = holder_read(row->before);

    (void)effect;
    if (before.kind == HOLDER_NONE || str_eq(row->before, row->holder))
        before = (struct holder){ HOLDER_DUTY, 0, row->duty, row->duty_area };
    turn_hand_to(turn, before);
    turn_tell_holder(turn, before, news_of(turn, READER_HOLDER));
    return RC_OK;
}

static enum rc do_route(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    return turn_route(turn);
}

static bool may_stand(const struct scene_clock *clock, struct str reason)
{
    for (size_t i = 0; i < clock->npause; i++)
        if (str_starts(str_trim(reason), clock->pause[i]))
            return true;
    return clock->npause == 0;
}

/* For one of the scene's reasons, perhaps with more words behind it. */
static enum rc do_pause(struct turn *turn, const struct scene_effect *effect)
{
    struct op                *op = turn->op;
    const struct scene_clock *clock = &turn->it->kind->clocks[effect->clock];

    if (!may_stand(clock, turn->line.reason))
        return fail(op, RC_REFUSED, "reason", "暂停计时要写明是哪一种原因：%.*s。",
                    STR_ARG(str_join(op->arena, clock->pause, clock->npause, STR("、"))));
    clocks_pause(turn->it, op->now_ms, turn->line.reason);
    return RC_OK;
}

static enum rc do_resume(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    return clocks_resume(turn->op, turn->it, &turn->clocks);
}

typedef enum rc          effect_run(struct turn *turn, const struct scene_effect *effect);
static effect_run *const effect_runs[] = {
    [EFFECT_TELL] = do_tell,         [EFFECT_ASK_RATING] = do_ask_rating,
    [EFFECT_ESCALATE] = do_escalate, [EFFECT_SUPERVISE] = do_supervise,
    [EFFECT_TAKE] = do_take,         [EFFECT_GIVE_BACK] = do_give_back,
    [EFFECT_ROUTE] = do_route,       [EFFECT_PAUSE] = do_pause,
    [EFFECT_RESUME] = do_resume,
};
static_assert(COUNT(effect_runs) == EFFECT_COUNT, "every effect of a scene is run");

enum rc turn_effects(struct turn *turn, const struct scene_effect *effects, size_t n)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = effect_runs[effects[i].kind](turn, &effects[i]);
    return rc;
}
