#include "engine/case/parts.h"
#include "engine/case/precedent.h"
#include "engine/case/turn.h"
#include "registry/area.h"

/* Who is sought in a row, as people say it: "网格员", "公用事业单位". */
static struct str sought(struct turn *turn, const struct case_target *target)
{
    return target->kind == TARGET_DUTY
               ? target->duty
               : str_fmt(turn->op->arena, "%.*s单位", STR_ARG(target->duty));
}

static struct str row_title(struct turn *turn, const struct scene_route *way)
{
    if (way->title.len)
        return way->title;
    return way->when ? rule_print(turn->op->arena, way->when->rule, RULE_ZH)
                     : STR("其他都交给值守");
}

/* 按“燃气、供水交给区公用事业”分派; and who took it up when nobody was there. */
static struct str row_says(struct turn *turn, const struct scene_route *way,
                           const struct case_target *target, struct holder holder)
{
    struct arena *arena = turn->op->arena;
    struct str says = str_fmt(arena, "按“%.*s”分派", STR_ARG(row_title(turn, way)));

    if (target->kind != TARGET_DUTY || str_eq(target->duty, holder.duty))
        return says;
    return str_fmt(arena, "%.*s；%.*s现在没有人，由%.*s接", STR_ARG(says),
                   STR_ARG(sought(turn, target)), STR_ARG(holder.duty));
}

void turn_answers_by_route(struct turn *turn)
{
    struct a_case            *it = turn->it;
    const struct scene_route *last = &it->kind->routes[it->kind->nroutes - 1];
    struct case_record        record = turn_record(turn);
    struct case_target        target;
    struct holder             holder;

    it->row.duty = STR("");
    if (case_rule_target(last->to, &record, &target) &&
        holder_of_target(turn->op, it, &target, &holder) == RC_OK)
        turn_answers_for(turn, holder);
}

static void give(struct turn *turn, struct holder holder, struct str says)
{
    turn_hand_to(turn, holder);
    turn->line.route = says;
    turn->it->row.duty = STR("");
    turn_answers_for(turn, holder);
    if (!turn->it->row.duty.len) /* an organisation: the last route's duty answers */
        turn_answers_by_route(turn);
}

static enum rc try_row(struct turn *turn, const struct scene_route *way, bool *given)
{
    struct case_record record = turn_record(turn);
    struct case_target target;
    struct holder      holder;

    if (case_rule_test(way->when, &record, NULL) != RULE_YES ||
        !case_rule_target(way->to, &record, &target))
        return RC_OK;
    enum rc rc = holder_of_target(turn->op, turn->it, &target, &holder);
    if (rc == RC_REFUSED) /* nobody of that kind here: the next row */
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    give(turn, holder, row_says(turn, way, &target, holder));
    *given = true;
    return RC_OK;
}

static enum rc try_precedent(struct turn *turn, bool *given)
{
    struct precedent like;
    enum rc          rc = precedent_for(turn->op, turn->it, &like);

    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    give(turn, holder_read(like.holder),
         str_fmt(turn->op->arena, "按先例分派：%.*s",
                 STR_ARG(precedent_says(turn->op, &like))));
    *given = true;
    return RC_OK;
}

/* No row fits, perhaps as the place is known to no community: the desk of where it is
 * known to be, or the next above that has one. */
static bool give_to_a_desk(struct turn *turn)
{
    const struct a_case *it = turn->it;

    for (int level = area_level(it->row.area); level >= LEVEL_CITY; level--)
        for (size_t i = 0; i < it->scene->nduties; i++) {
            const struct scene_duty *duty = &it->scene->duties[i];
            enum role                role = role_of_word(duty->role);
            if (duty->level != level || (role != ROLE_DESK && role != ROLE_CENTRE))
                continue;
            give(turn,
                 (struct holder){ HOLDER_DUTY, 0, duty->name,
                                  area_at_level(it->row.area, level) },
                 str_fmt(turn->op->arena, "没有规则适合，交给%.*s", STR_ARG(duty->name)));
            return true;
        }
    return false;
}

enum rc turn_route(struct turn *turn)
{
    const struct case_kind *kind = turn->it->kind;
    bool                    given = false;
    enum rc                 rc = kind->precedents ? try_precedent(turn, &given) : RC_OK;

    for (size_t i = 0; i < kind->nroutes && rc == RC_OK && !given; i++)
        rc = try_row(turn, &kind->routes[i], &given);
    if (rc != RC_OK || given || give_to_a_desk(turn))
        return rc;
    return fail(turn->op, RC_REFUSED, "fields/where",
                "没有找到管这个地方的社区，请选到社区再发。");
}
