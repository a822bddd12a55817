#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/cli_scene.h"
#include "app/commands.h"
#include "app/demo.h"
#include "app/load.h"
#include "base/json.h"
#include "db/migrate.h"
#include "guard/keys_folder.h"

enum { INIT_BYTES = 16 << 20 };

static int failed(const struct problems *problems, enum rc rc)
{
    ask_tell(problems, rc);
    return 1;
}

static int make_ground(const struct config *config, struct arena *arena)
{
    struct problems problems;
    size_t          applied;

    problems_init(&problems, arena);
    (void)mkdir(str_z(arena, config->home), 0700);
    if (!str_starts(config->db, STR("postgres")) && access(str_z(arena, config->db), F_OK) == 0) {
        fprintf(stderr, "%.*s 已经有了，什么也没有动。要升级请用 linli migrate。\n", STR_ARG(config->db));
        return 1;
    }
    enum rc rc = keys_folder_init(&problems, config->keys);
    if (rc != RC_OK && rc != RC_CONFLICT)
        return failed(&problems, rc);
    rc = migrate(config->db, &applied);
    return rc == RC_OK ? 0 : failed(&problems, rc);
}

static int ask_scene(void *context, struct str act, struct str body)
{
    struct arena arena;
    struct str   answer;

    arena_init(&arena, INIT_BYTES);
    int code = caller_ask(context, &arena, act, body, &answer);
    arena_free(&arena);
    return code;
}

static int load_scene(struct caller *caller, struct arena *arena, const struct config *config,
                      struct str area)
{
    char *argv[] = { (char[]){ "load" },
                     str_z(arena, str_fmt(arena, "%.*s/scenes/snap/scene.yaml",
                                          STR_ARG(config->share))),
                     (char[]){ "--area" }, str_z(arena, area), NULL };

    return cli_scene_load(4, argv, ask_scene, caller);
}

static struct str member_of(struct arena *arena, struct str object, const char *name)
{
    struct json_member member;
    struct str         text = STR_NONE;

    for (struct str rest = json_inside(object); json_member(arena, &rest, &member);)
        if (str_eq(member.key, str_of(name)) && !json_value_text(arena, member.value, &text))
            return STR_NONE;
        else if (text.at)
            return text;
    return text;
}

/* No password anywhere: the first administrator sets one with a one-time code. */
static int first_administrator(struct caller *caller, struct arena *arena, struct str area,
                               struct str login, struct str name)
{
    struct json_out out;
    struct str      answer;

    json_out_init(&out, arena);
    json_open(&out, '{');
    json_key(&out, STR("login"));
    json_text(&out, login);
    json_key(&out, STR("name"));
    json_text(&out, name);
    json_key(&out, STR("client"));
    json_text(&out, STR("desk"));
    json_key(&out, STR("area"));
    json_text(&out, area);
    json_close(&out, '}');
    int code = caller_ask(caller, arena, STR("account.make"), json_done(&out), &answer);
    if (code)
        return code;
    struct str account = member_of(arena, answer, "account");
    struct str one_time = member_of(arena, answer, "code");
    struct str hold = str_fmt(arena, "{\"account\":\"%.*s\",\"duty\":\"安全管理员\",\"role\":\"security\",\"area\":\"%.*s\"}",
                              STR_ARG(account), STR_ARG(area));
    code = caller_ask(caller, arena, STR("hold.give"), hold, &answer);
    if (code)
        return code;
    printf("第一位管理员：登录名 %.*s，开通码 %.*s，一小时内有效，用一次就作废。\n"
           "打开 /desk/，选“用开通码设密码”。过期了再运行 linli account code id=%.*s。\n",
           STR_ARG(login), STR_ARG(one_time), STR_ARG(account));
    return 0;
}

static int fill(const struct config *config, struct arena *arena, int argc, char **argv)
{
    bool       demo = option_has(argc, argv, "--demo");
    struct str area = demo ? STR(DEMO_COUNTY) : option(argc, argv, "--area");
    struct str login = option(argc, argv, "--login"), name = option(argc, argv, "--name");

    struct caller *caller = caller_open(config);
    if (!caller)
        return 1;
    int code = load_counties(caller, config);
    if (!code)
        code = load_areas(caller, str_fmt(arena, "%.*s/data/areas-42.csv.gz", STR_ARG(config->share)),
                          STR_NONE);
    if (!code)
        code = load_scene(caller, arena, config, area);
    if (!code && !demo)
        code = first_administrator(caller, arena, area, login, name);
    caller_close(&caller);
    return !code && demo ? demo_make(config) : code;
}

int command_init(struct config *config, int argc, char **argv)
{
    struct arena arena;

    if (!option_has(argc, argv, "--demo") &&
        (!option(argc, argv, "--area").at || !option(argc, argv, "--login").at ||
         !option(argc, argv, "--name").at)) {
        fprintf(stderr, config->chinese
                            ? "要写明管哪里、第一位管理员是谁：linli init --area 420602 --login admin --name 姓名\n"
                            : "say where and who: linli init --area 420602 --login admin --name NAME\n");
        return 2;
    }
    arena_init(&arena, INIT_BYTES);
    int code = make_ground(config, &arena);
    if (!code)
        code = fill(config, &arena, argc, argv);
    arena_free(&arena);
    return code;
}
