#include "app/story/doing.h"
#include "scene/scene.h"

static const struct {
    enum story_thing      thing;
    struct story_spelling word;
    struct str            member, type;
} needs[] = {
#define STORY_NEED(thing, zh, also, en, member, type)                                      \
    { THING_##thing, STORY_SPELLING(zh, also, en), STR_INIT(member), STR_INIT(type) },
#include "app/story/words.def"
};

/* What a move is made with: the row, COUNT(needs) when it is a field of its own. */
static size_t need_of(enum story_thing thing, struct str name)
{
    size_t i = 0;

    while (i < COUNT(needs) &&
           (needs[i].thing != thing || !story_spelt(&needs[i].word, name)))
        i++;
    return i;
}

static const struct {
    struct story_spelling word;
    struct str            member;
} intakes[] = {
#define STORY_INTAKE(zh, also, en, member)                                                 \
    { STORY_SPELLING(zh, also, en), STR_INIT(member) },
#include "app/story/words.def"
};

/* For whom it is taken down: the row, COUNT(intakes) for a field of the scene. */
static size_t intake_of(const struct story_pair *pair)
{
    size_t i = 0;

    while (i < COUNT(intakes) && !story_spelt(&intakes[i].word, pair->name))
        i++;
    return i;
}

static bool is_channel(const struct story_pair *pair)
{
    static const struct story_spelling word = STORY_SPELLING("渠道", "", "channel");

    return story_spelt(&word, pair->name);
}

/* By its title or its word. */
static void put_channel(struct doing *doing, struct str value)
{
    for (enum channel channel = 0; channel < CHANNEL_COUNT; channel++)
        if (str_eq(channel_title(channel), value))
            value = channel_word(channel);
    json_key(&doing->out, STR("channel"));
    json_text(&doing->out, value);
}

static void put_intake(struct doing *doing)
{
    const struct story_act *act = doing->act;
    bool                    open = false;

    for (size_t i = 0; i < act->npairs; i++) {
        size_t at = intake_of(&act->pairs[i]);
        if (at == COUNT(intakes))
            continue;
        if (!open) {
            json_key(&doing->out, STR("intake"));
            json_open(&doing->out, '{');
        }
        open = true;
        json_key(&doing->out, intakes[at].member);
        json_text(&doing->out, act->pairs[i].value);
    }
    if (open)
        json_close(&doing->out, '}');
}

static bool put_field(struct doing *doing, const struct story_pair *pair)
{
    struct story_world *world = doing->world;
    struct str field = story_titled(world, doing->kind, "fields", pair->name, "这一项：");

    if (str_empty(field))
        return false;
    json_key(&doing->out, json_pick_text(&world->scratch, field, "name"));
    return doing_put_value(doing, json_pick_text(&world->scratch, field, "type"),
                           pair->value);
}

static bool is_field(const struct story_act *act, const struct story_pair *pair)
{
    return act->makes ? intake_of(pair) == COUNT(intakes) && !is_channel(pair)
                      : need_of(THING_CASE, pair->name) == COUNT(needs);
}

static bool put_fields(struct doing *doing)
{
    const struct story_act *act = doing->act;

    json_key(&doing->out, STR("fields"));
    json_open(&doing->out, '{');
    for (size_t i = 0; i < act->npairs; i++)
        if (is_field(act, &act->pairs[i]) && !put_field(doing, &act->pairs[i]))
            return false;
    json_close(&doing->out, '}');
    return true;
}

bool doing_gives(const struct doing *doing, const char *member)
{
    for (size_t i = 0; i < doing->act->npairs; i++) {
        size_t need = need_of(doing->thing, doing->act->pairs[i].name);
        if (need < COUNT(needs) && str_eq(needs[need].member, str_of(member)))
            return true;
    }
    return false;
}

bool doing_put_needs(struct doing *doing)
{
    const struct story_act *act = doing->act;
    bool                    fields = false;

    for (size_t i = 0; i < act->npairs; i++) {
        size_t need = need_of(doing->thing, act->pairs[i].name);
        if (need == COUNT(needs)) {
            fields = true;
            continue;
        }
        json_key(&doing->out, needs[need].member);
        if (!doing_put_value(doing, needs[need].type, act->pairs[i].value))
            return false;
    }
    return !fields || put_fields(doing); /* which says so where there are none */
}

/* One who may see nothing tries the version that its maker sees. */
bool doing_put_version(struct doing *doing, const char *member)
{
    struct story_world  *world = doing->world;
    struct arena        *arena = &world->scratch;
    struct str           path = story_item_path(world, doing->about, "");
    struct story_request request = story_get(world, doing->who, path);
    int64_t              version;

    if (!story_ok(&request))
        request = story_get(world, doing->about->maker, path);
    if (!json_value_int(json_pick(arena, request.answer, member), &version)) {
        story_want(world, "%.*s有版本", STR_ARG(story_noun(doing->thing)));
        return story_answered(world, &request);
    }
    json_key(&doing->out, STR("version"));
    json_int(&doing->out, version);
    return true;
}

bool doing_put_move(struct doing *doing)
{
    json_key(&doing->out, STR("move"));
    json_text(&doing->out, json_pick_text(&doing->world->scratch, doing->move, "name"));
    return doing_put_version(doing, "version") &&
           (str_empty(doing->act->target) || doing_put_target(doing)) &&
           doing_put_needs(doing);
}

bool doing_put_report(struct doing *doing)
{
    json_key(&doing->out, STR("scene"));
    json_text(&doing->out, doing->world->scene_name);
    json_key(&doing->out, STR("kind"));
    json_text(&doing->out, json_pick_text(&doing->world->scratch, doing->kind, "name"));
    for (size_t i = 0; i < doing->act->npairs; i++)
        if (is_channel(&doing->act->pairs[i]))
            put_channel(doing, doing->act->pairs[i].value);
    put_intake(doing);
    return put_fields(doing);
}
