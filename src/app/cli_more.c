#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/cli_scene.h"
#include "app/commands.h"
#include "app/house.h"
#include "app/load.h"
#include "base/clock.h"
#include "base/json.h"
#include "gate/journal.h"
#include "registry/area.h"

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

static void start_op(struct house *house, struct arena *arena, struct op *op)
{
    arena_init(arena, CLI_BYTES);
    op_init(op, arena, clock_now_ms());
    op->db = house->db;
}

static enum rc verify_county(struct house *house, int64_t county, bool *any)
{
    struct arena arena;
    struct op    op;
    int64_t      lines = 0, broken = 0;

    start_op(house, &arena, &op);
    op.county = county;
    enum rc rc = journal_verify(&op, county, &lines, &broken);
    if (lines || rc != RC_OK) {
        *any = true;
        struct str code, name = STR("本机");
        if (county && county_code(&op, county, &code) == RC_OK)
            name = area_name(&op, code);
        if (rc == RC_OK) {
            printf("%.*s：%lld 行，完整。\n", STR_ARG(name), (long long)lines);
        } else {
            fprintf(stderr, "%.*s：", STR_ARG(name));
            ask_tell(&op.problems, rc);
        }
    }
    arena_free(&arena);
    return rc;
}

/* All that have lines, or the one of that code. */
static enum rc counties_asked(struct op *op, struct str code, struct list *counties)
{
    int64_t *one = arena_new(op->arena, int64_t);

    if (!code.at)
        return journal_counties(op, counties);
    *counties = (struct list){ one, 1 };
    enum rc rc = one ? county_of_area(op, code, one) : RC_NO_MEMORY;
    return rc == RC_NOT_FOUND
               ? fail(op, rc, NULL, "没有编码为 %.*s 的县区。", STR_ARG(code))
               : rc;
}

/* The exit code. */
static int verify_counties(struct house *house, struct str code)
{
    struct arena arena;
    struct op    op;
    struct list  counties = { 0 };
    bool         any = false, broken = false;

    start_op(house, &arena, &op);
    enum rc rc = counties_asked(&op, code, &counties);
    if (rc != RC_OK)
        ask_tell(&op.problems, rc);
    for (size_t i = 0; rc == RC_OK && i < counties.n; i++)
        broken |= verify_county(house, ((const int64_t *)counties.at)[i], &any) != RC_OK;
    if (rc == RC_OK && !any)
        puts("日志链是空的。");
    arena_free(&arena);
    return rc != RC_OK || broken;
}

int command_journal(struct config *config, int argc, char **argv)
{
    struct arena    arena;
    struct problems problems;
    struct house   *house;

    if (argc < 2 || strcmp(argv[1], "verify") != 0)
        return command_noun(config, argc, argv) == -1 ? 2 : 0;
    arena_init(&arena, 64 << 10);
    problems_init(&problems, &arena);
    enum rc rc = house_open_to_read(config, &problems, &house);
    if (rc != RC_OK) {
        ask_tell(&problems, rc);
        arena_free(&arena);
        return 1;
    }
    int code = verify_counties(house, option(argc, argv, "--county"));
    house_close(&house);
    arena_free(&arena);
    return code;
}
