#include "app/story/world.h"

#include <time.h>

#include "base/clock.h"
#include "base/thread.h"
#include "base/random.h"
#include "rule/near.h"

enum { SCRATCH_BYTES = 64 << 20, TRIES_MAX = 4, WAIT_S_MAX = 15 };

/* ---- told when a step does not come true ---- */

static PRINTF(2, 0) struct str
    say(struct story_world *world, const char *format, va_list args)
{
    struct str text = str_vfmt(world->arena, format, args);

    return text.at ? text : STR("（内存不够了）");
}

bool story_want(struct story_world *world, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    world->want = say(world, format, args);
    va_end(args);
    return false;
}

bool story_got(struct story_world *world, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    world->got = say(world, format, args);
    va_end(args);
    return false;
}

/* ---- asking ---- */

bool story_ok(const struct story_request *request)
{
    return request->status >= 200 && request->status < 300;
}

struct str story_says(struct arena *arena, const struct story_request *request)
{
    struct str parts[24] = { json_pick_text(arena, request->answer, "title"),
                             json_pick_text(arena, request->answer, "detail") };
    size_t n = 2 + json_pick_all(arena, request->answer, STR("problems/*/says"), parts + 2,
                                 COUNT(parts) - 2);

    if (request->status == 0)
        return str_fmt(arena, "没有应答：%.*s", STR_ARG(request->answer));
    return str_fmt(arena, "%ld %.*s", request->status,
                   STR_ARG(str_trim(str_join(arena, parts, n, STR(" ")))));
}

bool story_answered(struct story_world *world, const struct story_request *request)
{
    return story_got(world, "%.*s", STR_ARG(story_says(&world->scratch, request)));
}

/* A story stops at the first broken answer: from here on it is checked JSON. */
static void check_answer(struct story_world *world, struct story_request *request)
{
    struct problems problems;

    problems_init(&problems, &world->scratch);
    if (request->status && request->answer.len &&
        json_check(&world->scratch, request->answer, &problems) != RC_OK) {
        request->status = 0;
        request->answer = str_fmt(&world->scratch, "应答不是正确的 JSON：%.200s",
                                  str_z(&world->scratch, request->answer));
    }
}

static void new_key(struct story_world *world, struct story_request *request)
{
    unsigned char bytes[12];

    random_bytes(bytes, sizeof bytes);
    request->key = str_fmt(&world->scratch, "story-%.*s",
                           STR_ARG(str_hex(&world->scratch, bytes, sizeof bytes)));
}

bool story_sign_in(struct story_world *world, struct story_person *who)
{
    struct json_out out;

    if (who->nobody)
        return true;
    json_out_init(&out, &world->scratch);
    json_open(&out, '{');
    json_key(&out, STR("account"));
    json_text(&out, who->account);
    json_close(&out, '}');
    struct story_request request = { .method = "POST",
                                     .path = STR("/demo/sessions"),
                                     .body = json_done(&out) };
    story_http_ask(world->http, &world->scratch, &request, 1);
    check_answer(world, &request);
    who->cookie = str_copy(world->arena, request.session);
    if (story_ok(&request) && who->cookie.len)
        return true;
    story_want(world, "%.*s能登录", STR_ARG(who->name));
    return story_answered(world, &request);
}

/* True when it should be sent again: the session had ended, or too many asked. */
static bool again(struct story_world *world, struct story_person *who,
                  const struct story_request *request)
{
    if ((request->status == 429 || request->status == 503) && request->wait_s) {
        thread_pause((request->wait_s < WAIT_S_MAX ? request->wait_s : WAIT_S_MAX) * 1000);
        return true;
    }
    return request->status == 401 && !who->nobody && story_sign_in(world, who);
}

/* Those who are not signed in yet do so; one who cannot is not answered. */
static bool all_signed_in(struct story_world *world, struct story_person *const *who,
                          struct story_request *requests, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_empty(who[i]->cookie) && !story_sign_in(world, who[i])) {
            for (size_t k = 0; k < n; k++)
                requests[k].answer = str_fmt(&world->scratch, "%.*s没登录上：%.*s",
                                             STR_ARG(who[i]->name), STR_ARG(world->got));
            return false;
        }
        requests[i].cookie = who[i]->cookie;
        new_key(world, &requests[i]);
    }
    return true;
}

void story_ask_all(struct story_world *world, struct story_person *const *who,
                   struct story_request *requests, size_t n)
{
    if (!all_signed_in(world, who, requests, n))
        return;
    story_http_ask(world->http, &world->scratch, requests, n);
    for (size_t i = 0; i < n; i++) {
        for (int tries = 1; tries < TRIES_MAX && again(world, who[i], &requests[i]);
             tries++) {
            requests[i].cookie = who[i]->cookie;
            requests[i].wait_s = 0;
            story_http_ask(world->http, &world->scratch, &requests[i], 1);
        }
        check_answer(world, &requests[i]);
    }
}

struct story_request story_ask(struct story_world *world, struct story_person *who,
                               const char *method, struct str path, struct str body)
{
    struct story_request request = { .method = method, .path = path, .body = body };

    story_ask_all(world, &who, &request, 1);
    return request;
}

struct story_request story_get(struct story_world *world, struct story_person *who,
                               struct str path)
{
    return story_ask(world, who, "GET", path, STR_NONE);
}

bool story_now(struct story_world *world, int64_t *now_ms)
{
    struct story_request request = story_get(world, &world->people[0], STR("/start"));

    if (clock_parse(json_pick_text(&world->scratch, request.answer, "now"), now_ms))
        return true;
    story_want(world, "服务器说现在几点");
    return story_answered(world, &request);
}

/* ---- names ---- */

struct str story_titled(struct story_world *world, struct str of, const char *list,
                        struct str name, const char *what)
{
    struct near        near = near_start(name);
    struct json_member entry;
    struct str         titles = STR("");

    for (struct str rest = json_inside(json_pick(&world->scratch, of, list));
         json_member(&world->scratch, &rest, &entry);) {
        struct str title = json_pick_text(&world->scratch, entry.value, "title");
        struct str word = json_pick_text(&world->scratch, entry.value, "name");
        if (str_eq(title, name) || str_eq(word, name))
            return entry.value;
        near_try(&near, title, word);
        titles = str_fmt(&world->scratch, "%.*s%s%.*s", STR_ARG(titles),
                         titles.len ? "、" : "", STR_ARG(title));
    }
    story_want(world, "场景里有%s“%.*s”", what, STR_ARG(name));
    if (near.word.len)
        story_got(world, "没有；是不是“%.*s”？有的是：%.*s", STR_ARG(near.word),
                  STR_ARG(titles));
    else
        story_got(world, "没有；有的是：%.*s", STR_ARG(titles));
    return STR_NONE;
}

struct story_person *story_person(struct story_world *world, struct str name)
{
    struct near near = near_start(name);

    for (size_t i = 0; i < world->npeople; i++) {
        if (str_eq(world->people[i].name, name))
            return &world->people[i];
        near_try(&near, world->people[i].name, STR_NONE);
    }
    story_want(world, "有一个人叫“%.*s”", STR_ARG(name));
    story_got(world, "演示库里没有%s%.*s%s", near.word.len ? "；是不是“" : "",
              STR_ARG(near.word), near.word.len ? "”？" : "");
    return NULL;
}

static const struct {
    struct story_spelling noun;
    struct str            path;
} things[] = {
#define STORY_THING(name, zh, also, en, path)                                              \
    [THING_##name] = { STORY_SPELLING(zh, also, en), STR_INIT("/" path) },
#include "app/story/words.def"
};

struct str story_noun(enum story_thing thing)
{
    return things[thing].noun.zh;
}

struct str story_path(enum story_thing thing)
{
    return things[thing].path;
}

struct str story_item_path(struct story_world *world, const struct story_item *item,
                           const char *of)
{
    return str_fmt(&world->scratch, "%.*s/%.*s%s%s", STR_ARG(things[item->thing].path),
                   STR_ARG(item->id), *of ? "/" : "", of);
}

/* The one that is spoken of as "通知"; that of the label; without one the case. */
struct story_item *story_item(struct story_world *world, struct str label)
{
    enum story_thing thing = str_empty(label) ? THING_CASE : THING_NONE;

    for (size_t i = 0; i < world->nitems; i++)
        if (label.len && str_eq(world->items[i].label, label))
            return &world->items[i];
    for (size_t i = THING_NONE + 1; i < THINGS && !thing; i++)
        if (story_spelt(&things[i].noun, label))
            thing = (enum story_thing)i;
    if (thing && world->at_hand[thing])
        return world->at_hand[thing];
    if (thing) {
        story_want(world, "前面已经有了一个%.*s", STR_ARG(story_noun(thing)));
        story_got(world, "还没有%.*s", STR_ARG(story_noun(thing)));
    } else {
        story_want(world, "前面有“记作 %.*s”", STR_ARG(label));
        story_got(world, "没有");
    }
    return NULL;
}

void story_take_up(struct story_world *world, struct story_item *item)
{
    world->at_hand[item->thing] = world->at_hand[THING_NONE] = item;
}

bool story_item_add(struct story_world *world, const struct story_item *item)
{
    if (world->nitems == STORY_ITEMS_MAX) {
        story_want(world, "一个故事最多 %d 件", STORY_ITEMS_MAX);
        return story_got(world, "更多");
    }
    struct story_item *added = &world->items[world->nitems++];
    *added = *item;
    added->id = str_copy(world->arena, item->id);
    story_take_up(world, added);
    return true;
}

/* ---- opening ---- */

static struct story_person *somebody(struct story_world *world)
{
    static const struct str name = STR_INIT("没登录的人");

    world->people[0] =
        (struct story_person){ .name = name, .cookie = STR(""), .nobody = true };
    world->npeople = 1;
    return &world->people[0];
}

static bool read_people(struct story_world *world)
{
    struct story_person *nobody = somebody(world);
    struct story_request request = story_get(world, nobody, STR("/demo/people"));
    struct json_member   entry;

    story_want(world, "服务器是演示库，能列出演示的人");
    if (!story_ok(&request))
        return story_answered(world, &request);
    struct str all = str_copy(world->arena, request.answer);
    if (json_type(str_trim(all)) == JSON_OBJECT)
        all = json_pick(world->arena, all, "items");
    for (struct str rest = json_inside(all);
         world->npeople < STORY_PEOPLE_MAX && json_member(world->arena, &rest, &entry);)
        world->people[world->npeople++] = (struct story_person){
            .account = json_pick_text(world->arena, entry.value, "account"),
            .name = json_pick_text(world->arena, entry.value, "name"),
            .title = json_pick_text(world->arena, entry.value, "title"),
            .area = json_pick_text(world->arena, entry.value, "area_name"),
            .client = json_pick_text(world->arena, entry.value, "client"),
        };
    return world->npeople > 1 || story_got(world, "一个也没有");
}

static bool read_scene(struct story_world *world)
{
    struct arena        *arena = &world->scratch;
    struct story_person *who = &world->people[1];
    struct story_request start = story_get(world, who, STR("/start"));

    if (!story_ok(&start)) {
        story_want(world, "服务器告诉有哪些场景");
        return story_answered(world, &start);
    }
    struct str found =
        story_titled(world, start.answer, "scenes", world->story->scene, "场景");
    if (str_empty(found))
        return false;
    world->scene_name = str_copy(world->arena, json_pick_text(arena, found, "name"));
    struct str           path = str_fmt(arena, "/scenes/%.*s", STR_ARG(world->scene_name));
    struct story_request request = story_get(world, who, path);
    if (!story_ok(&request)) {
        story_want(world, "服务器给出场景“%.*s”", STR_ARG(world->story->scene));
        return story_answered(world, &request);
    }
    world->scene = str_copy(world->arena, request.answer);
    return true;
}

bool story_world_open(struct story_world *world, struct arena *arena,
                      struct story_http *http, const struct story *story)
{
    *world = (struct story_world){ .arena = arena, .http = http, .story = story };
    arena_init(&world->scratch, SCRATCH_BYTES);
    random_bytes(&world->seed, sizeof world->seed);
    return read_people(world) && read_scene(world);
}

void story_world_close(struct story_world *world)
{
    arena_free(&world->scratch);
}
