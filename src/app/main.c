#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/story/story.h"
#include "base/plant.h"
#include "guard/secret.h"

static const struct {
    const char  *word;
    command_run *run;
    const char  *zh, *en;
    const char  *usage;
} commands[] = {
    { "init", command_init,
      "建一个新的安装：密钥、数据库、辖区、场景，和第一位管理员的开通码",
      "make a new installation: keys, database, areas, scenes, the first administrator's "
      "code",
      "linli init --area 420602 --login admin --name 姓名 [--security 登录名=姓名] "
      "[--audit "
      "登录名=姓名] | --demo" },
    { "serve", command_serve, "提供服务", "serve", "linli serve" },
    { "migrate", command_migrate, "把数据库升到这个版本",
      "bring the database to this version", "linli migrate" },
    { "area", command_area, "装入一个省或全国的辖区；列出和查看",
      "import a province's or all areas; list, show",
      "linli area import FILE|FOLDER [--within 42] | linli area list parent=420602" },
    { "org", NULL, "登记和列出单位", "register and list organisations",
      "linli org make name=… kind=property area=420602004008" },
    { "account", NULL, "开账号、发开通码、停用",
      "make accounts, give one-time codes, close",
      "linli account make login=… name=… client=desk" },
    { "hold", NULL, "授予和收回职责", "give and take back duties",
      "linli hold give account=… duty=社区值守 role=desk area=420602004008" },
    { "policy", NULL, "看和定账号的安全要求：密码、更换周期、第二重验证",
      "show and set what accounts are asked for: passwords, rotation, second factor",
      "linli policy list area=420602 | linli policy set kind=staff chars=12 factor=totp "
      "area=420602" },
    { "key", NULL, "发接口密钥、停用、列出", "bearer keys of machines",
      "linli key make title=… account=… until=2027-01-01T00:00+08:00" },
    { "scene", command_scene, "检查、新建、装入、查看场景",
      "check, start, load and show scenes", "linli scene check|new|load|show FILE" },
    { "calendar", command_calendar, "装入和列出日历：节假日、调休、办公时段",
      "load and list calendars: holidays, make-up days, office hours",
      "linli calendar load FILE [--area 420602] | linli calendar list area=420602" },
    { "due", command_due, "算一个期限，一天一天说明为什么",
      "what the engine says of a deadline, day by day",
      "linli due --calendar cn-2026 --from \"2026-09-30 16:00\" --for \"3 working days\" | "
      "--scene snap --category 燃气 [--urgent]" },
    { "act", command_act, "做任何一个操作；不写名字时列出全部",
      "do any act; without a name: list them", "linli act NAME JSON" },
    { "story", command_story, "跑场景的故事", "run a scene's stories",
      "linli story [--server URL] FILE…" },
    { "backup", command_backup, "备份到一个目录或文件，服务器可以开着；核对一份备份",
      "back up into a folder or file, of a running server too; verify a backup",
      "linli backup [FOLDER|FILE] | linli backup verify FILE" },
    { "restore", command_restore, "从一份备份恢复到空的安装",
      "restore a backup into an empty installation",
      "linli restore FILE [--keys FILE] [--deletions FILE]" },
    { "move", command_move, "从 SQLite 搬到 PostgreSQL；停下以后再运行就接着搬",
      "move from SQLite to PostgreSQL; run again it goes on where it was",
      "linli move --to postgresql://…|- | linli move --cancel" },
    { "keys", command_keys, "把主密钥另外封存到一个文件；从那个文件取回",
      "seal the master keys into a file of their own; bring them back",
      "linli keys export FILE | linli keys import FILE [--passphrase-file FILE] | "
      "linli keys rotate [--heads] | rewrap | list" },
    { "search", command_search, "从办件重做检索词，服务器可以开着；停下以后再运行就接着做",
      "make the words of all cases anew, of a running server too; run again it goes on",
      "linli search rebuild" },
    { "doctor", command_doctor, "体检：什么不对，怎么办",
      "what is wrong, and what to do about it", "linli doctor [--full] [--json]" },
    { "metrics", command_metrics, "运行指标，给监控系统", "metrics of the running server",
      "linli metrics [--table]" },
    { "journal", command_journal,
      "核对日志链，指出第一处不对的行和证据；取签过名的链头；打印公钥",
      "verify the journal, naming the first broken line and its disproof; signed heads; "
      "public keys",
      "linli journal verify [--county 420602] [--against HEADS] [--key PUBLIC.pem] | heads "
      "[--since 2026-11-01T00:00+08:00] | key" },
};

static int help(const struct config *config)
{
    bool zh = config->chinese;

    puts(zh ? "linli 邻里：街道、社区、县区的基层治理平台\n\n用法：linli 命令 …\n"
            : "linli: what streets, communities and counties run their grassroots "
              "governance on\n\n"
              "usage: linli COMMAND …\n");
    for (size_t i = 0; i < COUNT(commands); i++)
        printf("  %-9s %s\n            %s\n", commands[i].word,
               zh ? commands[i].zh : commands[i].en, commands[i].usage);
    puts(zh ? "\n环境变量：LINLI_DB 数据库（文件，或 postgresql://…，默认 "
              "var/linli.db），LINLI_PORT 端口（8080），\n"
              "LINLI_KEYS 密钥目录，LINLI_SHARE 数据、场景和网页所在，LINLI_LOG "
              "日志级别；上网用的几个见 docs/operations.zh-CN.md。\n"
              "退出码：0 办好，1 没办成，2 没看懂。"
            : "\nenvironment: LINLI_DB (a file, or postgresql://…; var/linli.db), "
              "LINLI_PORT (8080),\n"
              "LINLI_KEYS folder of keys, LINLI_SHARE data, scenes and web, LINLI_LOG "
              "level; those for the network stand in docs/operations.md.\n"
              "Exit: 0 done, 1 failed, 2 not understood.");
    return 0;
}

static bool asks_help(int argc, char **argv)
{
    return argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
           strcmp(argv[1], "help") == 0;
}

int command_story(struct config *config, int argc, char **argv)
{
    (void)config;
    return story_main(argc, argv);
}

static int run(struct config *config, int argc, char **argv)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (strcmp(commands[i].word, argv[1]) != 0)
            continue;
        if (argc > 2 && asks_help(argc - 1, argv + 1)) {
            printf("%s\n  %s\n", config->chinese ? commands[i].zh : commands[i].en,
                   commands[i].usage);
            return 0;
        }
        return commands[i].run ? commands[i].run(config, argc - 1, argv + 1)
                               : command_noun(config, argc - 1, argv + 1);
    }
    int code = command_noun(config, argc - 1, argv + 1);
    if (code == -1) {
        fprintf(stderr,
                config->chinese ? "没有“%s”这个命令。linli --help 列出全部。\n"
                                : "there is no command '%s'; see linli --help\n",
                argv[1]);
        return 2;
    }
    return code;
}

int main(int argc, char **argv)
{
    struct arena  arena;
    struct config config;

    if (!plant_start()) {
        fputs(
            "这个程序里有意留了漏洞，只用来试验攻击工具：要用请把 LINLI_PLANT 设为一个漏洞"
            "的名字。\n",
            stderr);
        return 1;
    }
    arena_init(&arena, 64 << 10);
    config_read(&arena, argc > 1 ? argv[1] : "", &config);
    log_threshold(config.log);
    secret_no_dumps();
    int code = asks_help(argc, argv) ? help(&config) : run(&config, argc, argv);
    arena_free(&arena);
    return code;
}
