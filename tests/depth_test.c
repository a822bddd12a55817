/* Whatever recurses has a bound, and a thread's real stack is enough for it: the deepest
 * texts that may be, and those that go on and on, are read, walked, printed and explained
 * on a stack of exactly that size, with a page below it that nobody may touch.  Half of it
 * is left for those who called. */
#include "test.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "base/json.h"
#include "base/thread.h"
#include "files.h"
#include "rule/world.h"
#include "scene/scene.h"
#include "scene/scene_print.h"
#include "scene/yaml.h"

#ifndef __has_feature
#define __has_feature(what) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                       \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FRAMES_AS_RELEASED false
#else
#define FRAMES_AS_RELEASED true
#endif

enum {
    GUARD_BYTES = 64 << 10,
    ARENA_BYTES = 64 << 20,
    ENDLESS_BYTES = 200000,
    UNTOUCHED = 0xa5,
};

/* ------------------------------------------------ on a stack of its own */

struct trial {
    bool (*read)(struct arena *arena, struct str text);
    struct str   text;
    struct arena arena;
    bool         taken;
};

static void *run(void *context)
{
    struct trial *trial = context;

    trial->taken = trial->read(&trial->arena, trial->text);
    return NULL;
}

/* How much of the stack was written to. */
static size_t used_of(const unsigned char *stack)
{
    size_t untouched = 0;

    while (untouched < THREAD_STACK_BYTES && stack[untouched] == UNTOUCHED)
        untouched++;
    return THREAD_STACK_BYTES - untouched;
}

static size_t run_apart(struct trial *trial)
{
    size_t         whole = GUARD_BYTES + THREAD_STACK_BYTES;
    pthread_t      thread;
    pthread_attr_t attr;
    unsigned char *pages = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages, GUARD_BYTES, PROT_NONE), 0);
    unsigned char *stack = pages + GUARD_BYTES;
    memset(stack, UNTOUCHED, THREAD_STACK_BYTES);
    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstack(&attr, stack, THREAD_STACK_BYTES), 0);
    assert_int_equal(pthread_create(&thread, &attr, run, trial), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    (void)pthread_attr_destroy(&attr);
    size_t used = used_of(stack);
    (void)munmap(pages, whole);
    return used;
}

/* -------------------------------------------------------- what is tried */

static size_t walk(struct arena *arena, struct str value)
{
    struct json_member member;
    size_t             n = 1;

    for (struct str rest = json_inside(value); json_member(arena, &rest, &member);)
        n += walk(arena, member.value);
    return n;
}

static bool read_json(struct arena *arena, struct str text)
{
    struct problems problems;

    problems_init(&problems, arena);
    if (json_check(arena, text, &problems) != RC_OK)
        return false;
    (void)json_pick(arena, text, "*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*");
    return walk(arena, text) > 0;
}

static void fetch(const struct rule_record *record, const struct rule_name *name,
                  struct rule_value *value)
{
    (void)record;
    if (name->type == RULE_TRUTH)
        *value = rule_truth_value(true);
}

static bool read_rule(struct arena *arena, struct str text)
{
    struct rule_record record = { .fetch = fetch, .arena = arena, .now_ms = 1772330400000 };
    struct problems    problems;
    size_t             n;

    problems_init(&problems, arena);
    const struct rule *rule = rule_parse(
        arena, &by_env, (struct rule_source){ .text = text }, RULE_TRUTH, &problems);
    return rule && rule_print(arena, rule, RULE_ZH).at && rule_mentions(arena, rule, &n) &&
           rule_test(rule, &record, NULL) != RULE_UNKNOWN &&
           rule_explain(arena, rule, &record, &n);
}

static bool read_yaml(struct arena *arena, struct str text)
{
    struct problems problems;

    problems_init(&problems, arena);
    return yaml_tree(arena, (struct yaml_file){ STR("x.yaml"), 0 }, text, &problems);
}

static struct arena      kept;
static struct scene_list lists[2];

static int read_lists(void **state)
{
    (void)state;
    arena_init(&kept, ARENA_BYTES);
    lists[0] =
        (struct scene_list){ .name = STR("lists/duties"),
                             .text = test_file(&kept, STR("scenes/lists/duties.yaml")) };
    lists[1] =
        (struct scene_list){ .name = STR("lists/events"),
                             .text = test_file(&kept, STR("scenes/lists/events.yaml")) };
    return 0;
}

static int drop_lists(void **state)
{
    (void)state;
    arena_free(&kept);
    return 0;
}

static bool read_scene(struct arena *arena, struct str text)
{
    struct scene_pack pack = {
        .file = STR("x.yaml"), .text = text, .lists = lists, .nlists = COUNT(lists)
    };
    struct problems problems;
    struct json_out out;
    struct scene   *scene;

    problems_init(&problems, arena);
    if (scene_read(&pack, &problems, &scene) != RC_OK)
        return false;
    json_out_init(&out, arena);
    scene_json(&out, scene);
    bool shown = json_done(&out).at && scene_print(arena, scene, RULE_ZH).at;
    scene_free(&scene);
    return shown;
}

/* `times` 0: for 200 kB, and never closed. */
static const struct {
    const char *says;
    bool (*read)(struct arena *arena, struct str text);
    const char *open;
    size_t      times;
    const char *inside, *close;
    bool        taken;
} texts[] = {
    { "JSON", read_json, "[", JSON_DEPTH_MAX, "1", "]", true },
    { "JSON", read_json, "[", JSON_DEPTH_MAX + 1, "1", "]", false },
    { "JSON", read_json, "{\"a\":", JSON_DEPTH_MAX, "1", "}", true },
    { "JSON", read_json, "[", 0, "", "", false },
    { "JSON", read_json, "{\"a\":", 0, "", "", false },
    { "rule", read_rule, "(", RULE_DEPTH_MAX - 1, "urgent", ")", true },
    { "rule", read_rule, "(", RULE_DEPTH_MAX, "urgent", ")", false },
    { "rule", read_rule, "not ", RULE_DEPTH_MAX - 1, "urgent", "", true },
    { "rule", read_rule, "not ", RULE_DEPTH_MAX, "urgent", "", false },
    { "rule", read_rule, "not (", RULE_DEPTH_MAX / 2 - 1, "urgent", ")", true },
    { "rule", read_rule, "1 + ", RULE_DEPTH_MAX - 2, "1 > 1", "", true },
    { "rule", read_rule, "- ", RULE_DEPTH_MAX, "1 = 1", "", false },
    { "rule", read_rule, "(", RULE_TEXT_MAX - 6, "urgent", "", false },
    { "rule", read_rule, "not ", RULE_TEXT_MAX / 4 - 2, "urgent", "", false },
    { "rule", read_rule, "1 in [", RULE_TEXT_MAX / 6 - 1, "1", "", false },
    { "rule", read_rule, "- ", RULE_TEXT_MAX / 2 - 4, "1 = 1", "", false },
    { "rule", read_rule, "household(", RULE_TEXT_MAX / 10 - 1, "urgent", "", false },
    { "rule", read_rule, "(", 0, "", "", false },
    { "rule", read_rule, "not ", 0, "", "", false },
    { "YAML", read_yaml, "{a: ", SCENE_DEPTH_MAX, "1", "}", true },
    { "YAML", read_yaml, "{a: ", SCENE_DEPTH_MAX + 1, "1", "}", false },
    { "YAML", read_yaml, "{a: [", SCENE_DEPTH_MAX / 2, "1", "]}", true },
    { "YAML", read_yaml, "[", 0, "", "", false },
    { "YAML", read_yaml, "{a: ", 0, "", "", false },
    { "YAML", read_yaml, "- ", 0, "", "", false },
    { "YAML", read_yaml, "? ", 0, "", "", false },
    { "scene", read_scene, "[", 0, "", "", false },
};

static struct str text_of(struct arena *arena, size_t i)
{
    size_t      len = strlen(texts[i].open);
    size_t      times = texts[i].times ? texts[i].times : ENDLESS_BYTES / len;
    struct str *parts = arena_many(arena, 2 * times + 1, struct str);

    for (size_t n = 0; n < times; n++) {
        parts[n] = str_of(texts[i].open);
        parts[times + 1 + n] = str_of(texts[i].close);
    }
    parts[times] = str_of(texts[i].inside);
    return str_join(arena, parts, 2 * times + 1, STR(""));
}

static size_t try_text(size_t i)
{
    struct trial trial = { .read = texts[i].read };

    arena_init(&trial.arena, ARENA_BYTES);
    trial.text = text_of(&trial.arena, i);
    size_t used = run_apart(&trial);
    arena_free(&trial.arena);
    if (trial.taken != texts[i].taken)
        fail_msg("%s of %zu × “%s” %s", texts[i].says, texts[i].times, texts[i].open,
                 trial.taken ? "is taken" : "is refused");
    return used;
}

TEST(the_deepest_texts_of_each_kind_are_read_within_half_of_a_threads_stack)
{
    size_t most = 0;

    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t used = try_text(i);
        if (FRAMES_AS_RELEASED && used > THREAD_STACK_BYTES / 2)
            fail_msg("%s of %zu × “%s” takes %zu bytes of the stack", texts[i].says,
                     texts[i].times, texts[i].open, used);
        most = used > most ? used : most;
    }
    print_message("the deepest takes %zu of %d KiB\n", most >> 10,
                  THREAD_STACK_BYTES >> 10);
}

TEST(a_whole_scene_is_read_shown_and_printed_within_it_too)
{
    struct trial trial = { .read = read_scene };

    arena_init(&trial.arena, ARENA_BYTES);
    trial.text = test_file(&trial.arena, STR("scenes/snap/scene.yaml"));
    size_t used = run_apart(&trial);
    arena_free(&trial.arena);
    CHECK(trial.taken);
    CHECK(!FRAMES_AS_RELEASED || used <= THREAD_STACK_BYTES / 2);
    print_message("a scene takes %zu of %d KiB\n", used >> 10, THREAD_STACK_BYTES >> 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_deepest_texts_of_each_kind_are_read_within_half_of_a_threads_stack),
        cmocka_unit_test(a_whole_scene_is_read_shown_and_printed_within_it_too),
    };

    return cmocka_run_group_tests(tests, read_lists, drop_lists);
}
