#include "engine/case/refile.h"

#include "base/json.h"
#include "engine/case/case_store.h"
#include "engine/case/search.h"
#include "guard/actor.h"
#include "registry/area.h"

/* Stored, routed anew, and told; `now` is what it is from now on: 改成“燃气”类. */
static enum rc refile(struct turn *turn, const struct case_row *old, struct str now)
{
    struct a_case *it = turn->it;
    struct op     *op = turn->op;

    it->row.fields = answers_write(op, &turn->answers, false);
    if (!it->row.fields.at)
        return RC_TOO_LARGE;
    it->row.title = turn->answers.title;
    it->row.urgent = turn_is_urgent(turn);
    enum rc rc = case_refile(op, &it->row, old);
    it->was = STR("");
    if (rc == RC_OK)
        rc = search_keep(op, it);
    if (rc == RC_OK)
        rc = turn_route(turn);
    if (rc == RC_OK)
        rc = clocks_follow(turn);
    if (rc != RC_OK)
        return rc;
    clocks_settle(it, &turn->clocks);
    struct str who = news_who(turn);
    turn_tell_holder(turn, holder_read(it->row.holder),
                     str_fmt(op->arena, "%.*s把这件事%.*s，转给您了。%.*s", STR_ARG(who),
                             STR_ARG(now), STR_ARG(news_until(turn, READER_HOLDER))));
    turn_tell(turn, it->row.reporter,
              str_fmt(op->arena, "您报的事%.*s，现在由%.*s负责，不用重新报。", STR_ARG(now),
                      STR_ARG(news_holder(turn))));
    return RC_OK;
}

static struct str as_json(struct op *op, struct str text)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_text(&out, text);
    return json_done(&out);
}

enum rc refile_category(struct turn *turn)
{
    const struct scene_field *field = kind_category(turn->it->kind);
    struct case_row           old = turn->it->row;
    struct op                *op = turn->op;
    struct str                category = str_trim(turn->args->category);

    if (!field)
        return RC_INTERNAL; /* the scene was checked */
    if (str_eq(category, old.category))
        return fail(op, RC_REFUSED, "category", "现在就是“%.*s”，请选另一类。",
                    STR_ARG(category));
    enum rc rc =
        answers_put(op, &turn->answers, field, as_json(op, category), STR("category"));
    if (rc != RC_OK)
        return rc;
    turn->it->row.category = category;
    return refile(turn, &old, str_fmt(op->arena, "改成“%.*s”类", STR_ARG(category)));
}

/* A transaction stays within one county: who is next to it is told by those above. */
static enum rc check_county(struct op *op, const struct case_row *old, struct str area)
{
    struct str here = area_at_level(old->area, LEVEL_COUNTY);

    if (area_within(area, here))
        return RC_OK;
    return fail(op, RC_REFUSED, "place", "新位置不在%.*s，请上报，由上一级交给那边。",
                STR_ARG(area_name(op, here)));
}

enum rc refile_place(struct turn *turn)
{
    const struct scene_field *field = kind_place(turn->it->kind);
    struct case_row           old = turn->it->row;
    struct op                *op = turn->op;

    if (!field)
        return RC_INTERNAL; /* the scene was checked */
    enum rc rc = answers_put(op, &turn->answers, field, turn->args->place, STR("place"));
    if (rc != RC_OK)
        return rc;
    const struct case_place *place = &turn->answers.place;
    if (!place->area.at)
        return fail(op, RC_INVALID, "place/area", "请选到社区。");
    rc = check_county(op, &old, place->area);
    if (rc == RC_OK)
        rc = case_put_at(op, place->area, place, &turn->it->row);
    if (rc != RC_OK)
        return rc;
    struct str path = area_path(op, place->area, LEVEL_STREET);
    return refile(turn, &old, str_fmt(op->arena, "改到%.*s", STR_ARG(path)));
}
