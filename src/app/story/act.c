#include "app/story/doing.h"
#include "app/story/run.h"

static bool find_kind(struct doing *doing)
{
    struct story_world *world = doing->world;
    struct str          cases = json_pick(&world->scratch, world->scene, "cases");
    struct json_member  only, second;

    if (!str_empty(doing->act->what)) {
        doing->kind =
            story_titled(world, world->scene, "cases", doing->act->what, "办件：");
        return !str_empty(doing->kind);
    }
    struct str rest = json_inside(cases);
    bool       one = json_member(&world->scratch, &rest, &only) &&
               !json_member(&world->scratch, &rest, &second);
    doing->kind = one ? only.value : STR_NONE;
    story_want(world, "报的是哪一种办件");
    return one || story_got(world, "场景里有几种，请写在“报”后面");
}

static bool find_move(struct doing *doing)
{
    doing->kind = doing->about->kind;
    doing->move =
        story_titled(doing->world, doing->kind, "moves", doing->act->what, "动作");
    return !str_empty(doing->move);
}

/* What is made, or what is done to which. */
static bool find(struct doing *doing)
{
    doing->thing = doing->act->makes;
    if (doing->thing)
        return doing->thing != THING_CASE || find_kind(doing);
    doing->about = story_item(doing->world, doing->act->about);
    if (!doing->about)
        return false;
    doing->thing = doing->about->thing;
    return doing->thing == THING_CASE ? find_move(doing) : doing_find_deed(doing);
}

static bool put(struct doing *doing)
{
    if (doing->thing == THING_CASE)
        return doing->act->makes ? doing_put_report(doing) : doing_put_move(doing);
    return doing->act->makes ? doing_put_made(doing) : doing_put_deed(doing);
}

static struct str path_of(struct doing *doing)
{
    return doing->act->makes ? story_path(doing->thing)
           : doing->deed     ? doing_deed_path(doing)
                             : story_item_path(doing->world, doing->about, "moves");
}

static bool prepare(struct doing *doing, struct story_request *request)
{
    doing->who = story_person(doing->world, doing->act->who);
    if (!doing->who || !find(doing))
        return false;
    json_out_init(&doing->out, &doing->world->scratch);
    json_open(&doing->out, '{');
    if (!put(doing))
        return false;
    json_close(&doing->out, '}');
    *request = (struct story_request){ .method = "POST",
                                       .path = path_of(doing),
                                       .body = json_done(&doing->out) };
    return true;
}

/* Everybody is made ready first, so that they act on the same version at once. */
static bool prepare_all(struct story_world *world, const struct story_step *step,
                        struct doing *doing, struct story_request *requests)
{
    struct story_person *who[STORY_TOGETHER_MAX];

    for (size_t i = 0; i < step->nacts; i++) {
        doing[i] = (struct doing){ .world = world, .act = &step->acts[i] };
        if (!prepare(&doing[i], &requests[i]))
            return false;
        who[i] = doing[i].who;
    }
    story_ask_all(world, who, requests, step->nacts);
    world->ndone = step->nacts;
    for (size_t i = 0; i < step->nacts; i++)
        world->done[i] =
            (struct story_outcome){ who[i], requests[i].status,
                                    str_copy(world->arena,
                                             story_says(&world->scratch, &requests[i])) };
    return true;
}

static bool done_well(struct doing *doing, const struct story_request *request)
{
    struct str id = json_pick_text(&doing->world->scratch, request->answer, "id");

    if (doing->act->makes)
        return story_item_add(doing->world,
                              &(struct story_item){ .label = doing->act->label,
                                                    .id = id,
                                                    .thing = doing->thing,
                                                    .kind = doing->kind,
                                                    .maker = doing->who });
    story_take_up(doing->world, doing->about);
    return true;
}

bool story_do(struct story_world *world, const struct story_step *step, bool one_only)
{
    struct doing         doing[STORY_TOGETHER_MAX];
    struct story_request requests[STORY_TOGETHER_MAX];

    if (!prepare_all(world, step, doing, requests))
        return false;
    for (size_t i = 0; i < step->nacts; i++) {
        if (story_ok(&requests[i])) {
            if (!done_well(&doing[i], &requests[i]))
                return false;
        } else if (!one_only || requests[i].status < 400 || requests[i].status >= 500) {
            story_want(world, "%.*s办成了", STR_ARG(doing[i].who->name));
            return story_got(world, "%.*s", STR_ARG(world->done[i].says));
        }
    }
    return true;
}

bool story_refused(struct story_world *world, const struct story_step *step)
{
    struct doing         doing[STORY_TOGETHER_MAX];
    struct story_request requests[STORY_TOGETHER_MAX];

    if (!prepare_all(world, step, doing, requests))
        return false;
    int64_t    status = requests[0].status;
    struct str says = world->done[0].says;
    struct str code =
        step->code ? str_fmt(&world->scratch, "（%d）", (int)step->code) : STR("");
    story_want(world, "不让办%.*s%s%.*s", STR_ARG(code),
               step->because.len ? "，提示里有：" : "", STR_ARG(step->because));
    /* 400 says that the story itself filled something in wrongly. */
    bool refused = step->code          ? status == step->code
                   : step->because.len ? status >= 400 && status < 500
                                       : status > 400 && status < 500;
    return (refused && str_has(says, step->because)) ||
           story_got(world, "%.*s", STR_ARG(story_ok(&requests[0]) ? STR("办成了") : says));
}
