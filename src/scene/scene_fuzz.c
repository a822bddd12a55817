/* Any text is read or refused with its mistakes told; what was read prints and
 * reads back the same in both languages. */
#include "scene/scene.h"

#include "scene/check.h"
#include "scene/scene_print.h"
#include "fuzz.h"

static const struct scene_list lists[] = {
    { .name = STR_INIT("lists/duties"),
      .text = STR_INIT("duties:\n  社区值守: {role: desk, level: community}\n"
                       "  网格员: {role: grid-worker, level: grid, above: 社区值守}\n") },
    { .name = STR_INIT("lists/events"),
      .text = STR_INIT(
          "options:\n  街面: [占道, 噪声]\n  安全: [{value: 燃气, code: B01}]\n") },
};

static struct scene *read(struct arena *arena, struct str text)
{
    struct scene_pack pack = {
        .file = STR("x.yaml"), .text = text, .lists = lists, .nlists = COUNT(lists)
    };
    struct problems problems;
    struct scene   *scene;

    problems_init(&problems, arena);
    enum rc rc = scene_read(&pack, &problems, &scene);
    demand((rc == RC_OK) == (scene != NULL) && (rc != RC_INVALID || problems.n));
    return scene;
}

static void print_and_read(struct arena *arena, const struct scene *scene,
                           enum rule_words words)
{
    struct str    text = scene_print(arena, scene, words);
    struct scene *again = read(arena, text);

    demand(again && str_eq(scene_print(arena, again, words), text));
    scene_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;

    arena_init(&arena, 64 << 20);
    struct scene *scene = read(&arena, str_slice((const char *)data, size));
    if (scene) {
        print_and_read(&arena, scene, RULE_EN);
        print_and_read(&arena, scene, RULE_ZH);
        (void)scene_table(&arena, scene);
        (void)scene_changes(&arena, scene, scene);
    }
    scene_free(&scene);
    arena_free(&arena);
    return 0;
}
