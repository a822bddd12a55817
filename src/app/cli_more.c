#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/cli_scene.h"
#include "app/commands.h"
#include "app/load.h"
#include "base/json.h"

enum { CLI_BYTES = 64 << 20 };

int command_area(struct config *config, int argc, char **argv)
{
    if (argc < 3 || strcmp(argv[1], "import") != 0)
        return command_noun(config, argc, argv);
    struct caller *caller = caller_open(config);
    if (!caller)
        return 1;
    int code = load_areas(caller, str_of(argv[2]), option(argc, argv, "--within"));
    caller_close(&caller);
    return code;
}

static int ask_scene(void *context, struct str act, struct str body)
{
    struct arena arena;
    struct str   answer;

    arena_init(&arena, CLI_BYTES);
    int code = caller_ask(context, &arena, act, body, &answer);
    if (code == 0)
        printf("%.*s，第 %.*s 版。\n%.*s\n%.*s",
               STR_ARG(json_pick_text(&arena, answer, "title")),
               STR_ARG(json_pick_text(&arena, answer, "version")),
               STR_ARG(json_pick_text(&arena, answer, "changes")),
               STR_ARG(json_pick_text(&arena, answer, "table")));
    arena_free(&arena);
    return code;
}

static int scene_load(struct config *config, int argc, char **argv)
{
    struct caller *caller = caller_open(config);
    int            code = caller ? cli_scene_load(argc, argv, ask_scene, caller) : 1;

    caller_close(&caller);
    return code;
}

int command_scene(struct config *config, int argc, char **argv)
{
    static const struct {
        const char *word;
        int (*run)(int argc, char **argv);
    } verbs[] = { { "check", cli_scene_check },
                  { "show", cli_scene_show },
                  { "new", cli_scene_new } };

    for (size_t i = 0; argc > 1 && i < COUNT(verbs); i++)
        if (strcmp(argv[1], verbs[i].word) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "load") == 0)
        return scene_load(config, argc - 1, argv + 1);
    return command_noun(config, argc, argv);
}
