/* What the stories of the scenes tell of, all together: every move is made in one and
 * refused in one, every clock warns in one and runs out in one, every sentence that stops
 * somebody is heard in one.  Whether what they tell is true, `linli story` finds out. */
#include "test.h"

#include <stdlib.h>

#include "app/scene_files.h"
#include "app/story/world.h"

enum { TOLD_BYTES = 128 << 20, TOLD_STORIES_MAX = 100 };

static struct arena    arena;
static struct problems problems;

struct told {
    struct scene *scene;
    struct story  stories[TOLD_STORIES_MAX];
    size_t        n;
};

static int before(void **state)
{
    (void)state;
    arena_init(&arena, TOLD_BYTES);
    problems_init(&problems, &arena);
    return 0;
}

static int after(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct str scenes_folder(void)
{
    return str_fmt(&arena, "%s/scenes", getenv("LINLI_SOURCE"));
}

/* ---- reading ---- */

static void read_one(struct told *told, struct str path)
{
    struct str text;

    CHECK(told->n < TOLD_STORIES_MAX);
    CHECK_INT(scene_files_text(&arena, path, &text, &problems), RC_OK);
    struct story *story = &told->stories[told->n++];
    CHECK_INT(story_parse(&arena, path, text, story, &problems), RC_OK);
    CHECK(str_eq(story->scene, told->scene->title) ||
          str_eq(story->scene, told->scene->name));
}

/* `path`: of the scene's file. */
static struct told *read_scene(struct str path)
{
    struct told      *told = arena_new(&arena, struct told);
    struct scene_pack pack;
    struct str        folder = str_slice(path.at, path.len - (sizeof "scene.yaml" - 1));

    CHECK(told != NULL);
    CHECK_INT(scene_files_read(&arena, path, &pack, &problems), RC_OK);
    CHECK_INT(scene_read(&pack, &problems, &told->scene), RC_OK);
    for (size_t i = 0; i < told->scene->nstories; i++)
        read_one(told, str_fmt(&arena, "%.*s%.*s", STR_ARG(folder),
                               STR_ARG(told->scene->stories[i])));
    return told;
}

/* How many things the scenes lack together, each of them said. */
static size_t lacking(size_t (*count)(const struct told      *told,
                                      const struct case_kind *kind))
{
    struct list paths;
    size_t      n = 0;

    CHECK_INT(scene_files_all(&arena, scenes_folder(), &paths), RC_OK);
    CHECK(paths.n > 0);
    for (size_t i = 0; i < paths.n; i++) {
        struct told *told = read_scene(((const struct str *)paths.at)[i]);
        for (size_t k = 0; k < told->scene->nkinds; k++)
            n += count(told, &told->scene->kinds[k]);
        scene_free(&told->scene);
    }
    return n;
}

static size_t lacks(const struct told *told, struct str what, const char *how)
{
    print_error("scenes/%.*s: no story in which “%.*s” %s\n", STR_ARG(told->scene->name),
                STR_ARG(what), how);
    return 1;
}

/* ---- what is done ---- */

static enum story_thing thing_of(const struct story *story, const struct story_act *act)
{
    for (size_t i = 0; i < story->n; i++)
        for (size_t a = 0; a < story->steps[i].nacts; a++) {
            const struct story_act *made = &story->steps[i].acts[a];
            if (made->makes && made->label.len && str_eq(made->label, act->about))
                return made->makes;
        }
    for (size_t i = THING_CASE; i < THINGS; i++)
        if (str_eq(act->about, story_noun((enum story_thing)i)))
            return (enum story_thing)i;
    return THING_CASE;
}

static bool step_does(const struct story *story, const struct story_step *step,
                      enum story_thing thing, const struct story_spelling *word)
{
    for (size_t i = 0; i < step->nacts; i++) {
        const struct story_act *act = &step->acts[i];
        if (!act->makes && story_spelt(word, act->what) && thing_of(story, act) == thing)
            return true;
    }
    return false;
}

/* Where only one of several succeeds, nobody knows which. */
static bool tells(const struct told *told, enum story_thing thing,
                  const struct story_spelling *word, enum story_verb verb)
{
    for (size_t s = 0; s < told->n; s++)
        for (size_t i = 0; i < told->stories[s].n; i++) {
            const struct story_step *step = &told->stories[s].steps[i];
            bool one = i + 1 < told->stories[s].n && step[1].verb == STEP_ONE_DONE;
            if (step->verb == verb && !one &&
                step_does(&told->stories[s], step, thing, word))
                return true;
        }
    return false;
}

static bool tells_move(const struct told *told, const struct scene_move *move,
                       enum story_verb verb)
{
    struct story_spelling word = { .zh = move->title, .en = move->name };

    return tells(told, THING_CASE, &word, verb);
}

/* Those that cannot be made in a demonstration. */
static const struct {
    struct str scene, move;
} elsewhere[] = {
    /* There is no platform above it: tests/system/upper-test plays one. */
    { STR_INIT("snap"), STR_INIT("hand_up") },
    { STR_INIT("snap"), STR_INIT("up_accept") },
    { STR_INIT("snap"), STR_INIT("up_progress") },
    { STR_INIT("snap"), STR_INIT("up_return") },
    { STR_INIT("snap"), STR_INIT("up_answer") },
    { STR_INIT("snap"), STR_INIT("recall") },
};

static bool is_elsewhere(const struct told *told, const struct scene_move *move)
{
    for (size_t i = 0; i < COUNT(elsewhere); i++)
        if (str_eq(elsewhere[i].scene, told->scene->name) &&
            str_eq(elsewhere[i].move, move->name))
            return true;
    return false;
}

static size_t lacks_made(const struct told *told, const struct case_kind *kind)
{
    size_t n = 0;

    for (size_t i = 0; i < kind->nmoves; i++) {
        bool made = tells_move(told, &kind->moves[i], STEP_DO);
        bool excused = is_elsewhere(told, &kind->moves[i]);
        if (made == excused)
            n += lacks(told, kind->moves[i].title,
                       made ? "is not made, as `elsewhere` has it" : "is made");
    }
    return n;
}

static size_t lacks_refused(const struct told *told, const struct case_kind *kind)
{
    size_t n = 0;

    for (size_t i = 0; i < kind->nmoves; i++)
        if (!tells_move(told, &kind->moves[i], STEP_REFUSED))
            n += lacks(told, kind->moves[i].title, "is refused");
    return n;
}

TEST(every_move_of_every_scene_is_made_in_a_story)
{
    CHECK_INT(lacking(lacks_made), 0);
}

TEST(every_move_of_every_scene_is_refused_in_a_story)
{
    CHECK_INT(lacking(lacks_refused), 0);
}

/* ---- notices and appointments, of whatever scene the story is ---- */

static const struct {
    enum story_thing      thing;
    struct story_spelling word;
} deeds[] = {
#define STORY_DEED(thing, zh, also, en, path, seen, member)                                \
    { THING_##thing, STORY_SPELLING(zh, also, en) },
#include "app/story/words.def"
};
static struct {
    bool made, refused;
} done[COUNT(deeds)];

static size_t note_deeds(const struct told *told, const struct case_kind *kind)
{
    (void)kind;
    for (size_t i = 0; i < COUNT(deeds); i++) {
        done[i].made |= tells(told, deeds[i].thing, &deeds[i].word, STEP_DO);
        done[i].refused |= tells(told, deeds[i].thing, &deeds[i].word, STEP_REFUSED);
    }
    return 0;
}

TEST(what_is_done_to_notices_and_appointments_is_done_and_refused_in_a_story)
{
    size_t n = lacking(note_deeds);

    for (size_t i = 0; i < COUNT(deeds); i++)
        if (!done[i].made || !done[i].refused) {
            print_error("no story in which “%.*s” is %s\n", STR_ARG(deeds[i].word.zh),
                        done[i].made ? "refused" : "done");
            n++;
        }
    CHECK_INT(n, 0);
}

/* ---- sentences that stop somebody ---- */

static bool is_told(const struct told *told, struct str says)
{
    for (size_t s = 0; s < told->n; s++)
        for (size_t i = 0; i < told->stories[s].n; i++) {
            const struct story_step *step = &told->stories[s].steps[i];
            if (step->verb == STEP_REFUSED && step->because.len &&
                str_has(says, step->because))
                return true;
        }
    return false;
}

static size_t lacks_said(const struct told *told, const struct case_kind *kind)
{
    size_t n = 0;

    for (size_t i = 0; i < kind->nstops; i++)
        if (!is_told(told, kind->stops[i].say))
            n += lacks(told, kind->stops[i].say, "is said");
    for (size_t i = 0; i < kind->nmoves; i++)
        if (kind->moves[i].say.len && !is_told(told, kind->moves[i].say))
            n += lacks(told, kind->moves[i].say, "is said");
    return n;
}

TEST(every_sentence_by_which_a_scene_refuses_is_heard_in_a_story)
{
    CHECK_INT(lacking(lacks_said), 0);
}

/* ---- clocks ---- */

/* Somebody is told so, or the history has it: “受理时限快到了”, “办结又超时了”. */
static bool fires(const struct told *told, enum clock_name clock, struct str how)
{
    for (size_t s = 0; s < told->n; s++)
        for (size_t i = 0; i < told->stories[s].n; i++) {
            const struct story_step *step = &told->stories[s].steps[i];
            if ((step->verb == STEP_MESSAGE || step->verb == STEP_FACT) &&
                !step->not &&str_starts(step->value, clock_title(clock)) &&
                str_has(step->value, how))
                return true;
        }
    return false;
}

static size_t lacks_clocks(const struct told *told, const struct case_kind *kind)
{
    size_t n = 0;

    for (enum clock_name clock = 0; clock < CLOCK_COUNT; clock++) {
        if (kind->clocks[clock].limit.kind == SPAN_NONE)
            continue;
        if (!fires(told, clock, STR("时限快到了")))
            n += lacks(told, clock_title(clock), "warns (…时限快到了)");
        if (!fires(told, clock, STR("超时了")))
            n += lacks(told, clock_title(clock), "runs out (…超时了)");
    }
    return n;
}

TEST(every_clock_of_every_scene_warns_and_runs_out_in_a_story)
{
    CHECK_INT(lacking(lacks_clocks), 0);
}

#define IN_OWN_ARENA(test) cmocka_unit_test_setup_teardown(test, before, after)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_OWN_ARENA(every_move_of_every_scene_is_made_in_a_story),
        IN_OWN_ARENA(every_move_of_every_scene_is_refused_in_a_story),
        IN_OWN_ARENA(
            what_is_done_to_notices_and_appointments_is_done_and_refused_in_a_story),
        IN_OWN_ARENA(every_sentence_by_which_a_scene_refuses_is_heard_in_a_story),
        IN_OWN_ARENA(every_clock_of_every_scene_warns_and_runs_out_in_a_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
