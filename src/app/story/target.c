#include "app/story/doing.h"

/* Every word of the name stands in what is offered. */
static bool fits(struct arena *arena, struct str target, struct str name)
{
    struct str title = json_pick_text(arena, target, "title");
    struct str note = json_pick_text(arena, target, "note");
    struct str shown = str_fmt(arena, "%.*s %.*s", STR_ARG(title), STR_ARG(note));

    for (struct str_cut cut = { .tail = name, .ok = true }; cut.ok;) {
        cut = str_cut(cut.tail, ' ');
        if (!str_has(shown, str_trim(cut.head)))
            return false;
    }
    return true;
}

static void copy_member(struct doing *doing, struct str from, const char *name)
{
    struct str value = json_pick(&doing->world->scratch, from, name);

    json_key(&doing->out, str_of(name));
    if (json_type(value) == JSON_NULL)
        json_null(&doing->out);
    else
        json_raw(&doing->out, value);
}

static void put_account(struct doing *doing, struct str account)
{
    json_open(&doing->out, '{');
    json_key(&doing->out, STR("kind"));
    json_text(&doing->out, STR("account"));
    json_key(&doing->out, STR("id"));
    json_text(&doing->out, account);
    json_close(&doing->out, '}');
}

static void put_offer(struct doing *doing, struct str offer)
{
    static const char *const members[] = { "kind", "id", "duty", "area" };

    json_open(&doing->out, '{');
    for (size_t i = 0; i < COUNT(members); i++)
        copy_member(doing, offer, members[i]);
    json_close(&doing->out, '}');
}

/* From what the server offers to this person; somebody who is offered nothing
 * still tries, by the account. */
static bool put_one_target(struct doing *doing, struct str name)
{
    struct story_world  *world = doing->world;
    struct arena        *arena = &world->scratch;
    struct str           offered = STR("");
    struct json_member   entry;
    struct str           path = story_item_path(world, doing->about, "targets");
    struct story_request request = story_get(world, doing->who, path);

    struct str items =
        story_ok(&request) ? json_pick(arena, request.answer, "items") : STR_NONE;
    for (struct str rest = json_inside(items); json_member(arena, &rest, &entry);) {
        if (fits(arena, entry.value, name)) {
            put_offer(doing, entry.value);
            return true;
        }
        offered = str_fmt(arena, "%.*s%s%.*s", STR_ARG(offered), offered.len ? "、" : "",
                          STR_ARG(json_pick_text(arena, entry.value, "title")));
    }
    if (!story_ok(&request)) {
        struct story_person *person = story_person(world, name);
        if (person)
            put_account(doing, person->account);
        return person != NULL;
    }
    story_want(world, "可以交给“%.*s”", STR_ARG(name));
    return story_got(world, "可以交给的有：%.*s", STR_ARG(offered));
}

static bool takes_several(struct doing *doing)
{
    struct arena      *arena = &doing->world->scratch;
    struct json_member need;
    struct str         text, rest = json_inside(json_pick(arena, doing->move, "needs"));

    while (json_member(arena, &rest, &need))
        if (json_value_text(arena, need.value, &text) && str_eq(text, STR("targets")))
            return true;
    return false;
}

/* 给 刘敏、山水家园物业 */
bool doing_put_target(struct doing *doing)
{
    bool several = takes_several(doing), put = true;

    json_key(&doing->out, several ? STR("targets") : STR("target"));
    if (!several)
        return put_one_target(doing, doing->act->target);
    json_open(&doing->out, '[');
    for (struct piece piece = { .rest = doing->act->target };
         put && piece_next(&piece, STR("、"));)
        put = put_one_target(doing, piece.text);
    json_close(&doing->out, ']');
    return put;
}
