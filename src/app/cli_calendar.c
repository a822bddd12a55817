/* `linli due`: what the engine says of a deadline, and why; `linli calendar load`. */
#include <stdio.h>

#include "app/ask.h"
#include "app/cli_calendar.h"
#include "app/cli_scene.h"
#include "app/commands.h"
#include "app/scene_files.h"
#include "base/clock.h"
#include "base/json.h"
#include "engine/case/case.h"

enum { CLI_BYTES = 16 << 20, DONE = 0, MISTAKES = 1, NOT_UNDERSTOOD = 2 };

/* A path, or the name of one in the share folder. */
static struct str path_of(struct arena *arena, const struct config *config, struct str name,
                          const char *folder, const char *ending)
{
    bool path = str_has(name, STR("/")) || str_ends(name, STR(".yaml"));

    return path ? name
                : str_fmt(arena, "%.*s/%s/%.*s%s", STR_ARG(config->share), folder,
                          STR_ARG(name), ending);
}

/* ---------------------------------------------------------------- load */

int calendar_load(struct caller *caller, struct str path, struct str area)
{
    struct arena    arena;
    struct problems problems;
    struct json_out out;
    struct str      text, answer;

    arena_init(&arena, CLI_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = scene_files_text(&arena, path, &text, &problems);
    cli_tell(&problems);
    json_out_init(&out, &arena);
    json_open(&out, '{');
    json_key(&out, STR("yaml"));
    json_text(&out, text);
    if (area.at) {
        json_key(&out, STR("area"));
        json_text(&out, area);
    }
    json_close(&out, '}');
    int code = rc == RC_OK ? caller_ask(caller, &arena, STR("calendar.load"),
                                        json_done(&out), &answer)
                           : MISTAKES;
    if (code == DONE) {
        struct str title = json_pick_text(&arena, answer, "title");
        struct str source = json_pick_text(&arena, answer, "source");
        printf("装入了%.*s。来源：%.*s\n", STR_ARG(title), STR_ARG(source));
    }
    arena_free(&arena);
    return code;
}

int calendar_load_usual(struct caller *caller, const struct config *config, struct str area)
{
    char path[4096];

    (void)snprintf(path, sizeof path, "%.*s/data/calendars/cn-2026.yaml",
                   STR_ARG(config->share));
    return calendar_load(caller, str_of(path), area);
}

int command_calendar(struct config *config, int argc, char **argv)
{
    struct arena arena;

    if (argc < 3 || !str_eq(str_of(argv[1]), STR("load")))
        return command_noun(config, argc, argv);
    struct caller *caller = caller_open(config);
    if (!caller)
        return MISTAKES;
    arena_init(&arena, CLI_BYTES);
    struct str path = path_of(&arena, config, str_of(argv[2]), "data/calendars", ".yaml");
    int        code = calendar_load(caller, path, option(argc, argv, "--area"));
    caller_close(&caller);
    arena_free(&arena);
    return code;
}

/* ----------------------------------------------------------------- due */

static int usage(void)
{
    fputs("用法：linli due --calendar 日历 --from \"2026-09-30 16:00\" --for \"3 working "
          "days\"\n"
          "      linli due --calendar 日历 --from 时间 --scene 场景 [--kind 哪类] "
          "[--category "
          "类别] [--urgent]\n"
          "日历和场景写文件，或者名称（cn-2026、snap）。\n",
          stderr);
    return NOT_UNDERSTOOD;
}

/* "2026-09-30 16:00" in Beijing, or ISO 8601; absent: now. */
static bool read_from(struct arena *arena, struct str text, int64_t *ms)
{
    struct str_cut cut = str_cut(text, ' ');

    *ms = clock_now_ms();
    if (!text.at || clock_parse(text, ms))
        return true;
    if (!cut.ok)
        cut = str_cut(text, 'T');
    struct str time =
        str_fmt(arena, "%s%.*s", cut.tail.len == 4 ? "0" : "", STR_ARG(cut.tail));
    return clock_parse(str_fmt(arena, "%.*sT%.*s+08:00", STR_ARG(cut.head), STR_ARG(time)),
                       ms);
}

/* False when told. */
static bool find_kind(struct case_reckoning *asked, struct str kind)
{
    asked->kind = kind.at ? scene_kind(asked->scene, kind) : &asked->scene->kinds[0];
    if (!asked->kind)
        fprintf(stderr, "“%.*s”里没有“%.*s”这类办件。\n", STR_ARG(asked->scene->title),
                STR_ARG(kind));
    return asked->kind;
}

static int reckon(struct arena *arena, struct case_reckoning *asked)
{
    struct problems problems;
    struct str      says;

    problems_init(&problems, arena);
    enum rc rc = scene_files_text(arena, asked->file, &asked->calendar, &problems);
    if (rc == RC_OK)
        rc = case_reckon(arena, asked, &problems, &says);
    cli_tell(&problems);
    if (rc == RC_OK)
        printf("%.*s\n", STR_ARG(says));
    return rc == RC_OK ? DONE : MISTAKES;
}

static int reckon_scene(struct arena *arena, const struct config *config, int argc,
                        char **argv, struct case_reckoning *asked)
{
    struct str path = path_of(arena, config, option(argc, argv, "--scene"), "scenes", "");
    struct scene *scene = cli_scene_read(arena, str_z(arena, path));

    if (!scene)
        return MISTAKES;
    asked->scene = scene;
    asked->category = option(argc, argv, "--category");
    asked->urgent = option_has(argc, argv, "--urgent");
    int code =
        find_kind(asked, option(argc, argv, "--kind")) ? reckon(arena, asked) : MISTAKES;
    scene_free(&scene);
    return code;
}

int command_due(struct config *config, int argc, char **argv)
{
    struct arena          arena;
    struct case_reckoning asked = { 0 };
    struct str            calendar = option(argc, argv, "--calendar");
    struct str            span = option(argc, argv, "--for");
    struct str            scene = option(argc, argv, "--scene");

    if (!calendar.at || !span.at == !scene.at)
        return usage();
    arena_init(&arena, CLI_BYTES);
    asked.file = path_of(&arena, config, calendar, "data/calendars", ".yaml");
    int code = NOT_UNDERSTOOD;
    if (!read_from(&arena, option(argc, argv, "--from"), &asked.from_ms))
        fputs("--from 要写时间，例如 \"2026-09-30 16:00\"。\n", stderr);
    else if (span.at && !scene_span(&arena, span, &asked.span))
        fputs("--for 要写时长，例如 \"2 h\"、\"4 working hours\"、\"3 个工作日\"。\n",
              stderr);
    else
        code = scene.at ? reckon_scene(&arena, config, argc, argv, &asked)
                        : reckon(&arena, &asked);
    arena_free(&arena);
    return code;
}
