#include "engine/case/case.h"

#include "engine/case/case_store.h"
#include "engine/case/line.h"
#include "engine/case/turn.h"
#include "engine/photo/photo.h"
#include "guard/actor.h"
#include "scene/scenes.h"

/* ----------------------------------------------------------- finding a case */

static size_t state_index(const struct case_kind *kind, struct str name)
{
    const struct scene_state *state = kind_state(kind, name);

    return state ? (size_t)(state - kind->states) : 0;
}

static enum rc with_scene(struct op *op, struct a_case *it)
{
    enum rc rc = scenes_at(op, it->row.scene, it->row.scene_version, &it->scene);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_INTERNAL : rc;
    it->kind = scene_kind(it->scene, it->row.kind);
    if (!it->kind)
        return RC_INTERNAL;
    it->state = state_index(it->kind, it->row.state);
    return RC_OK;
}

static enum rc load(struct op *op, int64_t id, struct a_case *it)
{
    *it = (struct a_case){ 0 };
    enum rc rc = case_select(op, id, &it->row);
    it->was = it->row.bucket;
    return rc == RC_OK ? with_scene(op, it) : rc;
}

bool case_holds(const struct actor *actor, const struct case_row *row)
{
    return actor->kind != ACTOR_NOBODY && holder_is(actor, row->holder);
}

bool case_may_see(const struct actor *actor, const struct case_row *row)
{
    return (actor->account && actor->account == row->reporter) ||
           actor_may(actor, RIGHT_CASE_READ, row->area) || case_holds(actor, row);
}

enum rc case_find(struct op *op, int64_t id, struct a_case *found)
{
    enum rc rc = load(op, id, found);
    if (rc == RC_OK && !case_may_see(op->actor, &found->row))
        rc = RC_NOT_FOUND; /* the same as for what is not there */
    return rc;
}

static bool from_here(const struct a_case *it, const struct scene_move *move)
{
    return move->from >> it->state & 1;
}

bool case_may_move(struct op *op, const struct a_case *it, const struct scene_move *move)
{
    struct turn   turn;
    struct a_case copy = *it;

    if (!from_here(it, move) || turn_start(&turn, op, &copy) != RC_OK)
        return false;
    struct case_record record = turn_record(&turn);
    return case_rule_test(move->by, &record, NULL) == RULE_YES &&
           case_rule_test(move->when, &record, NULL) == RULE_YES;
}

/* --------------------------------------------------------------- moving */

/* Somebody was faster: who, and what. */
static enum rc told_who(struct op *op, const struct a_case *it)
{
    struct str says = line_newest(op, it);

    return fail(op, RC_CONFLICT, NULL, "%.*s请看最新情况再办。", STR_ARG(says));
}

static enum rc check_move(struct turn *turn)
{
    const struct a_case     *it = turn->it;
    const struct scene_move *move = turn->move;
    struct case_record       record = turn_record(turn);

    if (case_rule_test(move->by, &record, NULL) != RULE_YES)
        return fail(turn->op, RC_DENIED, "move", "这一步（%.*s）不归您办。",
                    STR_ARG(move->title));
    if (!from_here(it, move))
        return fail(turn->op, RC_REFUSED, "move", "这件事现在是“%.*s”，不能“%.*s”。",
                    STR_ARG(it->kind->states[it->state].title), STR_ARG(move->title));
    if (case_rule_test(move->when, &record, NULL) != RULE_YES)
        return fail(turn->op, RC_REFUSED, "move", "现在不能“%.*s”：条件不满足。",
                    STR_ARG(move->title));
    return RC_OK;
}

static enum rc check_needs(struct turn *turn)
{
    static const struct {
        unsigned    need;
        const char *where, *says;
    } needs[] = {
        { NEEDS_REASON, "reason", "请写明原因。" },
        { NEEDS_TEXT, "text", "请写几句办得怎么样。" },
        { NEEDS_PHOTO, "photos", "请至少拍一张照片。" },
        { NEEDS_TARGET, "target", "请选派给谁。" },
        { NEEDS_STARS, "stars", "请选满意程度。" },
    };
    const struct move_args *args = turn->args;
    const bool given[] = { str_trim(args->reason).len > 0, str_trim(args->text).len > 0,
                           args->photos.n > 0, args->target.kind.at != NULL,
                           args->stars > 0 };
    size_t     missing = 0;

    for (size_t i = 0; i < COUNT(needs); i++)
        if ((turn->move->needs & needs[i].need) && !given[i]) {
            problem_add(&turn->op->problems, str_of(needs[i].where), "%s", needs[i].says);
            missing++;
        }
    return missing ? RC_REFUSED : RC_OK;
}

static enum rc send_to_target(struct turn *turn)
{
    struct holder holder;

    if (!(turn->move->needs & NEEDS_TARGET))
        return RC_OK;
    enum rc rc = holder_chosen(turn->op, &turn->args->target, &holder);
    if (rc != RC_OK)
        return rc;
    turn_hand_to(turn, holder);
    turn_answers_for(turn, holder);
    turn->line.target = holder_title(turn->op, turn->it->row.holder);
    return RC_OK;
}

/* A declared reason stops the clocks while it stands; the next move lets them run. */
static enum rc let_clocks_run(struct turn *turn)
{
    return turn->it->row.paused_ms ? clocks_resume(turn->op, turn->it, &turn->clocks)
                                   : RC_OK;
}

static void rate(struct turn *turn)
{
    if (!(turn->move->needs & NEEDS_STARS))
        return;
    turn->it->row.stars = turn->args->stars;
    turn->it->row.rating = turn->args->text.at ? turn->args->text : STR("");
}

static enum rc apply(struct turn *turn)
{
    struct a_case          *it = turn->it;
    const struct move_args *args = turn->args;

    turn->line = (struct case_line){
        .move = turn->move->name,
        .move_title = turn->move->title,
        .from = it->row.state,
        .who = turn->op->actor->name,
        .text = args->text,
        .reason = args->reason,
        .photos = args->photos,
        .stars = args->stars,
    };
    rate(turn);
    enum rc rc = let_clocks_run(turn);
    if (rc == RC_OK)
        rc = send_to_target(turn);
    if (rc == RC_OK && turn->move->to != it->state)
        turn_enter(turn, turn->move->to);
    if (rc == RC_OK)
        rc = clocks_enter(turn->op, it, &turn->clocks, it->state);
    if (rc != RC_OK)
        return rc;
    clocks_settle(it, &turn->clocks); /* what is said of it says until when */
    if (turn->line.target.len)
        turn_tell_holder(turn, holder_read(it->row.holder), news_of(turn, READER_HOLDER));
    return turn_effects(turn, turn->move->effects, turn->move->neffects);
}

static enum rc store(struct turn *turn)
{
    struct a_case *it = turn->it;

    enum rc rc = turn_settle(turn);
    if (rc != RC_OK)
        return rc;
    int64_t before = it->row.version++;
    rc = case_update(turn->op, &it->row, it->was);
    if (rc == RC_NOT_FOUND)
        return RC_CONFLICT;
    return rc == RC_OK ? turn_say(turn, before) : rc;
}

enum rc case_move(struct op *op, const struct move_args *args, struct a_case *it)
{
    struct turn turn;

    enum rc rc = case_find(op, args->id, it);
    if (rc != RC_OK)
        return rc;
    rc = turn_start(&turn, op, it);
    if (rc != RC_OK)
        return rc;
    turn.args = args;
    turn.move = kind_move(it->kind, args->move);
    if (!turn.move)
        return fail(op, RC_INVALID, "move", "没有“%.*s”这一步。", STR_ARG(args->move));
    if (args->version != it->row.version)
        return told_who(op, it);
    rc = check_move(&turn);
    if (rc == RC_OK)
        rc = check_needs(&turn);
    if (rc == RC_OK)
        rc = apply(&turn);
    if (rc == RC_OK)
        rc = photo_attach(op, args->photos.at, args->photos.n, it->row.id);
    if (rc != RC_OK)
        return rc;
    it->row.photos += (int64_t)args->photos.n;
    return store(&turn);
}

/* -------------------------------------------------------------- the clock */

static struct str clock_says(struct turn *turn, struct clocks_due due)
{
    static const struct str names[] = {
        [CLOCK_ACCEPT] = STR_INIT("受理"),
        [CLOCK_ANSWER] = STR_INIT("首次答复"),
        [CLOCK_RESOLVE] = STR_INIT("办结"),
    };
    unsigned bits = due.late ? due.late : due.warned;

    for (size_t i = 0; i < COUNT(names); i++)
        if (bits >> i & 1)
            return str_fmt(turn->op->arena, due.late ? "%.*s超时了。" : "%.*s时限快到了。",
                           STR_ARG(names[i]));
    return STR("");
}

enum rc case_due(struct op *op, size_t most, struct list *ids)
{
    return case_select_due(op, most, ids);
}

enum rc case_clock(struct op *op, int64_t id, struct a_case *it)
{
    struct turn turn;

    enum rc rc = load(op, id, it);
    if (rc == RC_OK)
        rc = turn_start(&turn, op, it);
    if (rc != RC_OK)
        return rc;
    struct clocks_due due = clocks_look(it, &turn.clocks, op->now_ms);
    if (!due.late && !due.warned)
        return RC_OK;
    turn.line = (struct case_line){ .move = due.late ? STR("overdue") : STR("warn"),
                                    .from = it->row.state,
                                    .text = clock_says(&turn, due),
                                    .late = due.late != 0 };
    if (due.late)
        rc = turn_effects(&turn, it->kind->overdue, it->kind->noverdue);
    else
        turn_tell_holder(&turn, holder_read(it->row.holder),
                         str_fmt(op->arena, "%.*s%.*s", STR_ARG(turn.line.text),
                                 STR_ARG(news_until(&turn, READER_HOLDER))));
    return rc == RC_OK ? store(&turn) : rc;
}
