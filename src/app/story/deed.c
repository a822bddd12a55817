#include "app/story/doing.h"

struct deed {
    enum story_thing      thing;
    struct story_spelling word;
    const char           *path, *seen, *member;
};
static const struct deed deeds[] = {
#define STORY_DEED(thing, zh, also, en, path, seen, member)                                \
    { THING_##thing, STORY_SPELLING(zh, also, en), path, seen, member },
#include "app/story/words.def"
};

bool doing_find_deed(struct doing *doing)
{
    struct story_world *world = doing->world;
    struct arena       *arena = &world->scratch;
    struct str          words = STR("");

    for (size_t i = 0; i < COUNT(deeds); i++) {
        if (deeds[i].thing != doing->thing)
            continue;
        if (story_spelt(&deeds[i].word, doing->act->what)) {
            doing->deed = &deeds[i];
            return true;
        }
        words = str_fmt(arena, "%.*s%s%.*s", STR_ARG(words), words.len ? "、" : "",
                        STR_ARG(deeds[i].word.zh));
    }
    story_want(world, "%.*s可以“%.*s”", STR_ARG(story_noun(doing->thing)),
               STR_ARG(doing->act->what));
    return story_got(world, "没有；有的是：%.*s", STR_ARG(words));
}

struct str doing_deed_path(struct doing *doing)
{
    return story_item_path(doing->world, doing->about, doing->deed->path);
}

bool doing_put_deed(struct doing *doing)
{
    const char *member = doing->deed->member;

    if (*doing->deed->seen && !doing_put_version(doing, doing->deed->seen))
        return false;
    if (*member) {
        json_key(&doing->out, str_of(*member == '!' ? member + 1 : member));
        json_bool(&doing->out, *member != '!');
    }
    return doing_put_needs(doing);
}

/* ---- made ---- */

static void put_choice(struct doing *doing, const char *member, struct str word)
{
    json_key(&doing->out, str_of(member));
    json_text(&doing->out, word);
}

/* To everybody of the writer's area, and nothing is asked of them, unless it is said. */
static bool put_notice(struct doing *doing)
{
    struct str area;

    if (!doing_gives(doing, "area")) {
        if (!doing_area(doing, doing->who->area, &area))
            return false;
        put_choice(doing, "area", area);
    }
    if (!doing_gives(doing, "audience"))
        put_choice(doing, "audience", STR("all"));
    if (!doing_gives(doing, "asks"))
        put_choice(doing, "asks", STR("nothing"));
    return true;
}

/* The window that is called so, where one lives or works. */
static bool put_window(struct doing *doing)
{
    static const char *const members[] = { "scene", "kind", "window", "area" };
    struct story_world      *world = doing->world;
    struct arena            *arena = &world->scratch;
    struct str               path = STR("/windows"), area;

    if (!str_eq(doing->who->client, STR("resident"))) {
        if (!doing_area(doing, doing->who->area, &area))
            return false;
        path = str_fmt(arena, "/windows?area=%.*s", STR_ARG(area));
    }
    struct story_request found = story_get(world, doing->who, path);
    struct str           window =
        story_titled(world, found.answer, "items", doing->act->what, "窗口");
    for (size_t i = 0; i < COUNT(members) && window.len; i++)
        put_choice(doing, members[i], json_pick_text(arena, window, members[i]));
    return window.len > 0;
}

bool doing_put_made(struct doing *doing)
{
    bool put = doing->thing == THING_NOTICE ? put_notice(doing) : put_window(doing);

    return put && doing_put_needs(doing);
}
