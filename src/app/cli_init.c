#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/cli_calendar.h"
#include "app/cli_scene.h"
#include "app/commands.h"
#include "app/demo/demo.h"
#include "app/house.h"
#include "app/load.h"
#include "app/scene_files.h"
#include "base/json.h"
#include "db/schema.h"
#include "engine/case/case.h"
#include "guard/keys_folder.h"
#include "guard/signer_folder.h"

enum { INIT_BYTES = 16 << 20 };

static int failed(const struct problems *problems, enum rc rc)
{
    ask_tell(problems, rc);
    return 1;
}

/* What is there was made to the end? */
static enum rc is_made(const struct config *config, struct problems *problems, bool *made)
{
    struct house *house;

    enum rc rc = house_open_to_read(config, problems, &house);
    *made = rc == RC_OK && house->made;
    house_close(&house);
    return rc;
}

static bool is_file(const struct config *config)
{
    return !str_starts(config->db, STR("postgres"));
}

/* An init that was broken off leaves a database that nothing was ever served from. */
static void remove_file(const struct config *config, struct arena *arena)
{
    static const char *const ends[] = { "", "-wal", "-shm" };

    for (size_t i = 0; i < COUNT(ends); i++)
        (void)unlink(str_z(arena, str_fmt(arena, "%.*s%s", STR_ARG(config->db), ends[i])));
}

enum found { FOUND_NOTHING, FOUND_MADE, FOUND_HALF };

static enum rc look(const struct config *config, struct problems *problems,
                    enum found *found)
{
    bool   there = is_file(config) && access(str_z(problems->arena, config->db), F_OK) == 0;
    bool   made = false;
    size_t applied = 0;

    *found = FOUND_NOTHING;
    enum rc rc = house_migrate(config, problems, &applied);
    if (rc == RC_OK)
        rc = is_made(config, problems, &made);
    if (rc != RC_OK)
        return rc;
    if (made)
        *found = FOUND_MADE;
    else if (there) {
        remove_file(config, problems->arena);
        rc = house_migrate(config, problems, &applied);
    } else if (!is_file(config) && !applied) {
        bool unused; /* the tables were made before, by linli migrate as their owner */
        rc = schema_is_unused(config->db, &unused);
        *found = unused ? FOUND_NOTHING : FOUND_HALF;
    }
    return rc;
}

static int make_ground(const struct config *config, struct arena *arena, bool unless_made,
                       bool *made)
{
    struct problems problems;
    enum found      found;

    problems_init(&problems, arena);
    (void)mkdir(str_z(arena, config->home), 0700);
    enum rc rc = keys_folder_init(&problems, config->keys);
    if (rc == RC_OK)
        rc = signer_folder_make(&problems, config->keys);
    if (rc == RC_OK || rc == RC_CONFLICT)
        rc = look(config, &problems, &found);
    if (rc != RC_OK)
        return failed(&problems, rc);
    *made = found == FOUND_MADE;
    if (found == FOUND_NOTHING || (*made && unless_made))
        return 0;
    fputs(*made ? "这个数据库已经建好了，什么也没有动。要升级请用 linli migrate。\n"
                : "这个数据库里有上次没有建完的东西。请换一个空的再来。\n",
          stderr);
    return 1;
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

static int load_scene(struct caller *caller, struct arena *arena, struct str path,
                      struct str area)
{
    char *argv[] = { (char[]){ "load" }, str_z(arena, path), (char[]){ "--area" },
                     str_z(arena, area), NULL };

    return cli_scene_load(4, argv, ask_scene, caller);
}

/* All that come with the program. */
static int load_scenes(struct caller *caller, struct arena *arena,
                       const struct config *config, struct str area)
{
    struct str  folder = str_fmt(arena, "%.*s/scenes", STR_ARG(config->share));
    struct list paths;
    int         code = 0;

    if (scene_files_all(arena, folder, &paths) != RC_OK) {
        fprintf(stderr, "读不了场景目录 %.*s。\n", STR_ARG(folder));
        return 1;
    }
    for (size_t i = 0; i < paths.n && !code; i++)
        code = load_scene(caller, arena, ((const struct str *)paths.at)[i], area);
    return code;
}

/* Three offices that no account holds two of. */
static const struct office {
    const char *role, *duty, *option;
} offices[] = {
    { "system", "系统管理员", NULL },
    { "security", "安全管理员", "--security" },
    { "audit", "审计管理员", "--audit" },
};
enum { OFFICES = COUNT(offices) };

/* Whom init is told of; a login absent: nobody yet. */
struct first_people {
    struct str login[OFFICES], name[OFFICES];
};

static struct str account_body(struct arena *arena, struct str area, struct str login,
                               struct str name)
{
    const struct {
        struct str key, value;
    } members[] = { { STR("login"), login },
                    { STR("name"), name },
                    { STR("client"), STR("desk") },
                    { STR("area"), area } };
    struct json_out out;

    json_out_init(&out, arena);
    json_open(&out, '{');
    for (size_t i = 0; i < COUNT(members); i++) {
        json_key(&out, members[i].key);
        json_text(&out, members[i].value);
    }
    json_close(&out, '}');
    return json_done(&out);
}

/* No password anywhere: each sets a first one with a one-time code. */
static int make_administrator(struct caller *caller, struct arena *arena, struct str area,
                              struct str login, struct str name,
                              const struct office *office)
{
    struct str answer;

    int code = caller_ask(caller, arena, STR("account.make"),
                          account_body(arena, area, login, name), &answer);
    if (code)
        return code;
    struct str account = json_pick_text(arena, answer, "account");
    struct str one_time = json_pick_text(arena, answer, "code");
    struct str hold = str_fmt(
        arena, "{\"account\":\"%.*s\",\"duty\":\"%s\",\"role\":\"%s\",\"area\":\"%.*s\"}",
        STR_ARG(account), office->duty, office->role, STR_ARG(area));
    code = caller_ask(caller, arena, STR("hold.give"), hold, &answer);
    if (!code)
        printf("%s：登录名 %.*s，开通码 %.*s，一小时内有效，用一次就作废。\n"
               "  过期了再运行 linli account code id=%.*s\n",
               office->duty, STR_ARG(login), STR_ARG(one_time), STR_ARG(account));
    return code;
}

/* What the two commands are that make one who was not named. */
static void tell_missing(const struct office *office, struct str area)
{
    printf("还没有%s。在这台机器上这样设：\n"
           "  linli account make login=登录名 name=姓名 client=desk area=%.*s\n"
           "  linli hold give account=上面的账号 duty=%s role=%s area=%.*s\n",
           office->duty, STR_ARG(area), office->duty, office->role, STR_ARG(area));
}

static int make_administrators(struct caller *caller, struct arena *arena, struct str area,
                               const struct first_people *people)
{
    int code = 0;

    for (size_t i = 0; i < OFFICES && !code; i++)
        if (people->login[i].at)
            code = make_administrator(caller, arena, area, people->login[i],
                                      people->name[i], &offices[i]);
    for (size_t i = 0; i < OFFICES && !code; i++)
        if (!people->login[i].at)
            tell_missing(&offices[i], area);
    if (!code)
        puts("打开 /，选“用开通码设密码”；第一次登录要绑定通行密钥或动态口令。");
    return code;
}

static int load(const struct config *config, struct arena *arena, struct str area,
                const struct first_people *people)
{
    struct str areas = str_fmt(arena, "%.*s/data/areas-42.csv.gz", STR_ARG(config->share));
    struct caller *caller = caller_open(config);

    if (!caller)
        return 1;
    int code = load_counties(caller, config);
    if (!code)
        code = load_areas(caller, areas, STR_NONE);
    if (!code)
        code = load_scenes(caller, arena, config, area);
    if (!code)
        code = calendar_load_usual(caller, config, area);
    if (!code && people)
        code = make_administrators(caller, arena, area, people);
    caller_close(&caller);
    return code;
}

static int mark_made(const struct config *config, struct arena *arena)
{
    struct problems problems;
    struct house   *house;

    problems_init(&problems, arena);
    enum rc rc = house_open_to_read(config, &problems, &house);
    if (rc == RC_OK)
        rc = house_mark(house, HOUSE_MADE);
    house_close(&house);
    return rc == RC_OK ? 0 : failed(&problems, rc);
}

static int make_demo(const struct config *config, struct arena *arena)
{
    int64_t now_ms = demo_begin();
    case_ceiling(0); /* three residents report for a whole community */
    int code = load(config, arena, STR(DEMO_COUNTY), NULL);

    return code ? code : demo_make(config, now_ms);
}

/* "--security zhang=张安": who is named beside the first. */
static bool read_people(int argc, char **argv, struct first_people *people)
{
    *people = (struct first_people){ .login = { option(argc, argv, "--login") },
                                     .name = { option(argc, argv, "--name") } };
    for (size_t i = 0; i < OFFICES; i++) {
        struct str_cut named = offices[i].option
                                   ? str_cut(option(argc, argv, offices[i].option), '=')
                                   : (struct str_cut){ .ok = false };
        if (offices[i].option && option_has(argc, argv, offices[i].option)) {
            people->login[i] = named.head;
            people->name[i] = named.tail;
            if (!named.ok || !named.head.len || !named.tail.len)
                return false;
        }
    }
    return people->login[0].at && people->name[0].at;
}

static int not_understood(const struct config *config)
{
    fputs(
        config->chinese
            ? "要写明管哪里、系统管理员是谁：linli init --area 420602 --login admin "
              "--name 姓名\n另外两位可以一起写：--security 登录名=姓名 --audit "
              "登录名=姓名\n"
            : "say where and who: linli init --area 420602 --login admin --name NAME\n"
              "and the other two, if you like: --security LOGIN=NAME --audit LOGIN=NAME\n",
        stderr);
    return 2;
}

/* Whoever is to check on this installation needs them from the first day. */
static int tell_keys(const struct config *config)
{
    puts(
        config->chinese
            ? "\n把下面的公钥交给审计管理员另存：日志链每分钟的签名要用它核对（linli "
              "journal key 随时再打印）。"
            : "\nHand this public key to the audit administrator: it checks what is signed "
              "of the journal every minute (again: linli journal key).");
    return journal_print_keys(config);
}

int command_init(struct config *config, int argc, char **argv)
{
    bool                demo = option_has(argc, argv, "--demo"), made = false;
    struct str          area = option(argc, argv, "--area");
    struct first_people people;
    struct arena        arena;

    if (!demo && (!area.at || !read_people(argc, argv, &people)))
        return not_understood(config);
    arena_init(&arena, INIT_BYTES);
    int code = make_ground(config, &arena, option_has(argc, argv, "--unless-made"), &made);
    if (!code && !made)
        code = demo ? make_demo(config, &arena) : load(config, &arena, area, &people);
    if (!code && !made)
        code = mark_made(config, &arena);
    if (!code && !made && !demo)
        code = tell_keys(config);
    arena_free(&arena);
    return code;
}
