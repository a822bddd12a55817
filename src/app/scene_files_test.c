#include "app/scene_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli_scene.h"
#include "test.h"

static struct arena    arena;
static struct problems problems;

static int before(void **state)
{
    (void)state;
    arena_init(&arena, 32 << 20);
    problems_init(&problems, &arena);
    return 0;
}

static int after(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct str source(const char *path)
{
    return str_fmt(&arena, "%s/%s", getenv("LINLI_SOURCE"), path);
}

static struct scene *given(struct str path)
{
    struct scene_pack pack;
    struct scene     *scene;

    CHECK_INT(scene_files_read(&arena, path, &pack, &problems), RC_OK);
    CHECK_INT(scene_read(&pack, &problems, &scene), RC_OK);
    return scene;
}

TEST(a_scene_is_sent_with_the_lists_it_uses_and_no_others)
{
    struct scene *scene = given(source("scenes/snap"));
    struct str    body = scene_files_body(&arena, scene, STR("420602"));

    CHECK(str_has(body, STR("\"name\":\"lists/duties\"")));
    CHECK(str_has(body, STR("\"name\":\"lists/events\"")));
    CHECK(str_ends(body, STR("\"area\":\"420602\"}")));
    scene_free(&scene);
    scene = given(source("tests/bad-scenes/lists/../../../scenes/snap/scene.yaml"));
    CHECK(str_has(scene->lists[0].file, STR("duties.yaml")));
    scene_free(&scene);
}

TEST(a_story_that_is_not_there_is_told)
{
    struct scene *scene = given(source("scenes/snap/scene.yaml"));
    struct scene  elsewhere = *scene;

    scene_files_stories(&arena, scene, &problems);
    CHECK_INT(problems.n, 0);
    elsewhere.file = STR("nowhere/scene.yaml");
    scene_files_stories(&arena, &elsewhere, &problems);
    CHECK_INT(problems.n, scene->nstories);
    scene_free(&scene);
}

TEST(a_file_that_is_not_there_or_too_large_is_told)
{
    struct scene_pack pack;

    CHECK_INT(scene_files_read(&arena, source("scenes/none"), &pack, &problems),
              RC_NOT_FOUND);
    CHECK_TEXT(problems.first->says, STR("读不了这个文件。"));
    CHECK_INT(scene_files_read(&arena, STR("/dev/zero"), &pack, &problems), RC_NOT_FOUND);
}

/* `linli scene new` in an empty place beside the lists. */
TEST(a_new_scene_is_whole_and_never_overwrites_another)
{
    char  folder[] = "/tmp/linli-scenes-XXXXXX";
    char *argv[] = { (char[]){ "new" }, (char[]){ "lamp-2" }, (char[]){ "路灯报修" },
                     (char[]){ "--in" }, folder };

    CHECK(mkdtemp(folder) != NULL);
    char *lists = str_z(&arena, str_fmt(&arena, "%s/lists", folder));
    CHECK_INT(symlink(str_z(&arena, source("scenes/lists")), lists), 0);
    CHECK_INT(cli_scene_new(5, argv), 0);
    struct scene *scene = given(str_fmt(&arena, "%s/lamp-2", folder));
    CHECK_TEXT(scene->name, STR("lamp-2"));
    CHECK_TEXT(scene->kinds[0].title, STR("路灯报修"));
    scene_free(&scene);
    CHECK_INT(cli_scene_new(5, argv), 1);
    argv[1] = (char[]){ "../up" };
    CHECK_INT(cli_scene_new(5, argv), 1);
    CHECK_INT(unlink(str_z(&arena, str_fmt(&arena, "%s/lamp-2/scene.yaml", folder))), 0);
    CHECK_INT(rmdir(str_z(&arena, str_fmt(&arena, "%s/lamp-2", folder))), 0);
    CHECK_INT(unlink(lists), 0);
    CHECK_INT(rmdir(folder), 0);
}

TEST(what_was_not_understood_is_answered_with_how_it_goes)
{
    char *nothing[] = { (char[]){ "check" } };
    char *unknown[] = { (char[]){ "show" }, (char[]){ "x" }, (char[]){ "--lang" },
                        (char[]){ "fr" } };

    CHECK_INT(cli_scene_check(1, nothing), 2);
    CHECK_INT(cli_scene_show(4, unknown), 2);
}

#define IN_OWN_ARENA(test) cmocka_unit_test_setup_teardown(test, before, after)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_OWN_ARENA(a_scene_is_sent_with_the_lists_it_uses_and_no_others),
        IN_OWN_ARENA(a_story_that_is_not_there_is_told),
        IN_OWN_ARENA(a_file_that_is_not_there_or_too_large_is_told),
        IN_OWN_ARENA(a_new_scene_is_whole_and_never_overwrites_another),
        IN_OWN_ARENA(what_was_not_understood_is_answered_with_how_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
