#include <string.h>

#include "app/story/run.h"
#include "base/thread.h"
#include "base/clock.h"

enum { FACTS_MAX = 400 };

static const struct {
    struct story_spelling word;
    const char           *path, *value;
} flags[] = {
#define STORY_FLAG(zh, also, en, path, value) { STORY_SPELLING(zh, also, en), path, value },
#include "app/story/words.def"
};
static const struct {
    enum story_thing      thing;
    struct story_spelling word;
    const char           *of, *path;
} facts[] = {
#define STORY_FACT(thing, zh, also, en, of, path)                                          \
    { THING_##thing, STORY_SPELLING(zh, also, en), of, path },
#include "app/story/words.def"
};

/* ---- who looks, and at what ---- */

/* Whoever is named, else the one who made it. */
static bool look(struct story_world *world, const struct story_step *step, const char *of,
                 struct story_request *request)
{
    struct story_item   *about = story_item(world, step->about);
    struct story_person *who = !about                 ? NULL
                               : str_empty(step->who) ? about->maker
                                                      : story_person(world, step->who);

    if (!who)
        return false;
    *request = story_get(world, who, story_item_path(world, about, of));
    return true;
}

static bool open_item(struct story_world *world, const struct story_step *step,
                      const char *of, struct str *seen)
{
    struct story_request request;

    if (!look(world, step, of, &request))
        return false;
    *seen = request.answer;
    if (story_ok(&request))
        return true;
    story_want(world, "看得到%.*s",
               STR_ARG(story_noun(story_item(world, step->about)->thing)));
    return story_answered(world, &request);
}

/* ---- facts ---- */

static bool has_words(struct str text, struct str words)
{
    for (struct str_cut cut = { .tail = words, .ok = true }; cut.ok;) {
        cut = str_cut(cut.tail, ' ');
        if (!str_has(text, str_trim(cut.head)))
            return false;
    }
    return true;
}

/* The row of the table; COUNT(facts): a field of the scene. */
static size_t fact_of(enum story_thing thing, struct str name)
{
    size_t i = 0;

    while (i < COUNT(facts) &&
           (facts[i].thing != thing || !story_spelt(&facts[i].word, name)))
        i++;
    return i;
}

/* The texts of a fact, as whoever looks sees them. */
static bool find_fact(struct story_world *world, const struct story_step *step,
                      struct str *seen, struct str *texts, size_t *n)
{
    struct arena      *arena = &world->scratch;
    struct story_item *about = story_item(world, step->about);
    size_t             fact = about ? fact_of(about->thing, step->fact) : 0;
    bool               known = fact < COUNT(facts);

    if (!about || !open_item(world, step, known ? facts[fact].of : "", seen))
        return false;
    struct str field =
        known ? *seen : story_titled(world, *seen, "fields", step->fact, "这一项：");
    struct str path = known ? str_of(facts[fact].path) : STR("text");
    *n = json_pick_all(arena, field, path, texts, FACTS_MAX);
    return !str_empty(field);
}

/* A state may also be said by its name in the scene. */
static bool is_state(struct arena *arena, struct str seen, const struct story_step *step)
{
    return str_eq(step->fact, STR("状态")) &&
           str_eq(json_pick_text(arena, seen, "state"), step->value);
}

static bool expect_fact(struct story_world *world, const struct story_step *step)
{
    struct str seen, texts[FACTS_MAX];
    size_t     n = 0;
    bool       found = false;

    if (!find_fact(world, step, &seen, texts, &n))
        return false;
    struct str all = str_join(&world->scratch, texts, n, STR(" · "));
    for (size_t i = 0; i < n && step->whole; i++)
        found |= str_eq(texts[i], step->value);
    if (!step->whole)
        found = has_words(all, step->value);
    found |= str_eq(all, step->value) || is_state(&world->scratch, seen, step);
    story_want(world, "%.*s%s%s“%.*s”", STR_ARG(step->fact), step->not ? "不" : "",
               step->whole ? "是" : "含", STR_ARG(step->value));
    return found != step->not ||
           story_got(world, "%.*s", STR_ARG(n ? all : STR("（空的）")));
}

static bool expect_flag(struct story_world *world, const struct story_step *step)
{
    struct str seen;

    if (!open_item(world, step, "", &seen))
        return false;
    struct str value = json_pick(&world->scratch, seen, flags[step->flag].path);
    story_want(world, "办件%.*s", STR_ARG(flags[step->flag].word.zh));
    return str_eq(value, str_of(flags[step->flag].value)) ||
           story_got(world, "%s 是 %.*s", flags[step->flag].path, STR_ARG(value));
}

/* ---- who sees, may, hears ---- */

static bool expect_seen(struct story_world *world, const struct story_step *step)
{
    struct story_request request;

    if (!look(world, step, "", &request))
        return false;
    story_want(world, "%.*s%s", STR_ARG(step->who), step->not ? "看不到" : "看得到");
    bool hidden = request.status == 401 || request.status == 403 || request.status == 404;
    if (step->not ? hidden : story_ok(&request))
        return true;
    return story_ok(&request) ? story_got(world, "看到了")
                              : story_answered(world, &request);
}

/* Each client has its own list of cases (docs/api.md). */
static const char *view_of(const struct story_person *who)
{
    return str_eq(who->client, STR("desk"))   ? "inbox"
           : str_eq(who->client, STR("grid")) ? "tasks"
                                              : "mine";
}

/* Where somebody finds things of that sort. */
static struct str list_of(struct story_world *world, const struct story_person *who,
                          enum story_thing thing)
{
    return thing == THING_NOTICE ? STR("/news")
           : thing == THING_APPOINTMENT
               ? STR("/appointments")
               : str_fmt(&world->scratch, "/cases?view=%s&limit=200", view_of(who));
}

static bool expect_listed(struct story_world *world, const struct story_step *step)
{
    struct arena        *arena = &world->scratch;
    struct story_item   *about = story_item(world, step->about);
    struct story_person *who = story_person(world, step->who);
    struct str           ids[FACTS_MAX];

    if (!about || !who)
        return false;
    struct story_request request = story_get(world, who, list_of(world, who, about->thing));
    size_t n = json_pick_all(arena, request.answer, STR("items/*/id"), ids, COUNT(ids));
    bool   listed = false;
    for (size_t i = 0; i < n; i++)
        listed |= str_eq(ids[i], about->id);
    story_want(world, "%.*s的清单%s%.*s", STR_ARG(step->who), step->not ? "没有" : "有",
               STR_ARG(story_noun(about->thing)));
    if (!story_ok(&request))
        return story_answered(world, &request);
    return listed != step->not ||
           story_got(world, "清单里有 %zu 件，%s它", n, listed ? "有" : "没有");
}

static bool expect_may(struct story_world *world, const struct story_step *step)
{
    struct arena           *arena = &world->scratch;
    const struct story_act *act = &step->acts[0];
    struct story_step       looking = { .who = act->who, .about = act->about };
    struct story_item      *about = story_item(world, act->about);
    struct str              seen, names[FACTS_MAX];

    if (!about)
        return false;
    struct str move = story_titled(world, about->kind, "moves", act->what, "动作");
    if (str_empty(move) || !open_item(world, &looking, "", &seen))
        return false;
    struct str name = json_pick_text(arena, move, "name");
    size_t     n = json_pick_all(arena, seen, STR("moves/*/name"), names, COUNT(names));
    for (size_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return true;
    n = json_pick_all(arena, seen, STR("moves/*/title"), names, COUNT(names));
    story_want(world, "%.*s能“%.*s”", STR_ARG(act->who), STR_ARG(act->what));
    return story_got(world, "能做的是：%.*s",
                     STR_ARG(str_join(arena, names, n, STR("、"))));
}

/* Whether the newest messages have one about it with these words.  Only a case is named in
 * its messages. */
static bool was_told(struct arena *arena, struct str answer, const struct story_item *about,
                     struct str words)
{
    struct str         id = about->thing == THING_CASE ? about->id : STR("");
    struct str         rest = json_inside(json_pick(arena, answer, "items"));
    struct json_member entry;

    while (json_member(arena, &rest, &entry)) {
        struct str title = json_pick_text(arena, entry.value, "title");
        struct str says = json_pick_text(arena, entry.value, "says");
        if (str_eq(json_pick_text(arena, entry.value, "case"), id) &&
            (str_has(title, words) || str_has(says, words)))
            return true;
    }
    return false;
}

static bool expect_message(struct story_world *world, const struct story_step *step)
{
    struct arena        *arena = &world->scratch;
    struct story_item   *about = world->at_hand[THING_NONE];
    struct story_person *who = story_person(world, step->who);
    struct str           texts[FACTS_MAX];

    if (!about)
        about = story_item(world, STR_NONE);
    if (!about || !who)
        return false;
    struct story_request request = story_get(world, who, STR("/inbox?limit=200"));
    story_want(world, "%.*s%s关于这件事的消息%s%.*s", STR_ARG(step->who),
               step->not ? "没有收到" : "收到", step->value.len ? "：" : "",
               STR_ARG(step->value));
    if (!story_ok(&request))
        return story_answered(world, &request);
    if (was_told(arena, request.answer, about, step->value) != step->not )
        return true;
    size_t     n = json_pick_all(arena, request.answer, STR("items/*/says"), texts, 5);
    struct str all = n ? str_join(arena, texts, n, STR(" / ")) : STR("没有");
    return story_got(world, "最近的消息：%.*s", STR_ARG(all));
}

/* ---- of several at once ---- */

static bool expect_one_done(struct story_world *world)
{
    struct str all = STR("");
    size_t     done = 0, late = 0;

    for (size_t i = 0; i < world->ndone; i++) {
        const struct story_outcome *outcome = &world->done[i];
        done += outcome->status >= 200 && outcome->status < 300;
        late += outcome->status == 409;
        all = str_fmt(&world->scratch, "%.*s%s%.*s %.*s", STR_ARG(all), i ? "；" : "",
                      STR_ARG(outcome->who->name), STR_ARG(outcome->says));
    }
    story_want(world, "同时做的人里只有一人办成，其他人是 409");
    return (world->ndone > 1 && done == 1 && done + late == world->ndone) ||
           story_got(world, "%.*s", STR_ARG(all));
}

static bool expect_told_who(struct story_world *world)
{
    const struct story_person *winner = NULL;

    for (size_t i = 0; i < world->ndone; i++)
        if (world->done[i].status < 300)
            winner = world->done[i].who;
    story_want(world, "没办成的人知道是谁办的");
    if (!winner)
        return story_got(world, "没有人办成");
    for (size_t i = 0; i < world->ndone; i++)
        if (world->done[i].who != winner && !str_has(world->done[i].says, winner->name))
            return story_got(world, "%.*s", STR_ARG(world->done[i].says));
    return true;
}

/* ---- people ---- */

static bool expect_person(struct story_world *world, const struct story_step *step)
{
    struct arena        *arena = &world->scratch;
    struct story_person *who = story_person(world, step->who);

    if (!who)
        return false;
    struct str about = str_fmt(arena, "%.*s %.*s", STR_ARG(who->area), STR_ARG(who->title));
    struct str rest = step->value;
    while (!str_empty(rest)) { /* 滨湖社区的居民: both words */
        const char *of = memmem(rest.at, rest.len, "的", sizeof "的" - 1);
        struct str  words = of ? str_slice(rest.at, (size_t)(of - rest.at)) : rest;
        rest = of ? str_skip(rest, words.len + sizeof "的" - 1) : STR_NONE;
        story_want(world, "%.*s是%.*s", STR_ARG(step->who), STR_ARG(step->value));
        if (!has_words(about, words))
            return story_got(world, "%.*s", STR_ARG(about));
    }
    return story_sign_in(world, who);
}

/* ---- waiting ---- */

static bool check(struct story_world *world, const struct story_step *step)
{
    switch (step->verb) {
    case STEP_PERSON:
        return expect_person(world, step);
    case STEP_MAY:
        return expect_may(world, step);
    case STEP_FACT:
        return expect_fact(world, step);
    case STEP_FLAG:
        return expect_flag(world, step);
    case STEP_SEEN:
        return expect_seen(world, step);
    case STEP_LISTED:
        return expect_listed(world, step);
    case STEP_MESSAGE:
        return expect_message(world, step);
    case STEP_ONE_DONE:
        return expect_one_done(world);
    case STEP_TOLD_WHO:
        return expect_told_who(world);
    case STEP_TIME:
    case STEP_PASS:
    case STEP_DO:
    case STEP_REFUSED:
        break;
    }
    assert(false && "an expectation");
    return false;
}

/* Nothing that was already asked changes by asking again. */
static bool may_come(const struct story_step *step)
{
    return step->verb != STEP_PERSON && step->verb != STEP_ONE_DONE &&
           step->verb != STEP_TOLD_WHO;
}

bool story_expect(struct story_world *world, const struct story_step *step)
{
    int64_t until_us = clock_mono_us() + EXPECT_WAIT_MS * INT64_C(1000);

    if (step->not )
        thread_pause(EXPECT_SETTLE_MS);
    for (;;) {
        struct arena_mark mark = arena_mark(&world->scratch);
        if (check(world, step))
            return true;
        if (!may_come(step) || clock_mono_us() > until_us)
            return false;
        arena_back(&world->scratch, mark);
        thread_pause(EXPECT_POLL_MS);
    }
}
