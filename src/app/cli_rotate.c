#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/progress.h"
#include "base/json.h"
#include "guard/keys_folder.h"
#include "guard/masters.h"
#include "guard/signer_folder.h"

enum { ROTATE_BYTES = 16 << 20 };

static bool is_there(const struct config *config, struct arena *arena, const char *kind,
                     int number)
{
    char *path =
        str_z(arena, str_fmt(arena, "%.*s/%s-%d.key", STR_ARG(config->keys), kind, number));

    return path && access(path, F_OK) == 0;
}

static int newest(const struct config *config, struct arena *arena, const char *kind)
{
    int number = MASTERS_MAX;

    while (number > 0 && !is_there(config, arena, kind, number))
        number--;
    return number;
}

/* ---- making ---- */

static int rotate(struct config *config, struct arena *arena, int argc, char **argv)
{
    struct problems problems;
    bool            heads = option_has(argc, argv, "--heads");

    problems_init(&problems, arena);
    enum rc rc = heads ? signer_folder_make(&problems, config->keys)
                       : keys_folder_rotate(&problems, config->keys);
    if (rc != RC_OK) {
        ask_tell(&problems, rc);
        return 1;
    }
    if (heads)
        printf(
            config->chinese
                ? "有了新的链头密钥 "
                  "heads-%d.key。重启服务器后用它签名；请把新的公钥交给审计"
                  "管理员（linli journal key），旧公钥要留着。\n"
                : "heads-%d.key is made and signs from the next start on; hand its public "
                  "key to the auditor (linli journal key), and keep the old one.\n",
            newest(config, arena, "heads"));
    else
        printf(
            config->chinese
                ? "有了新的主密钥 "
                  "master-%d.key。请先把密钥另外备份，再重启服务器，然后运行 "
                  "linli keys rewrap。\n"
                : "master-%d.key is made. Back up the keys, restart the server, then run "
                  "linli keys rewrap.\n",
            newest(config, arena, "master"));
    return 0;
}

static int list(struct config *config, struct arena *arena, int argc, char **argv)
{
    static const char *const kinds[] = { "master", "heads" };

    (void)argc, (void)argv;
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (int number = 1; number <= MASTERS_MAX; number++)
            if (is_there(config, arena, kinds[i], number))
                printf("%s-%d.key%s\n", kinds[i], number,
                       number != newest(config, arena, kinds[i]) ? ""
                       : config->chinese                         ? "\t最新"
                                                                 : "\tnewest");
    return 0;
}

/* ---- wrapping again ---- */

struct rewrapping {
    struct caller  *caller;
    struct arena   *arena;
    int64_t         done, master;
    struct progress progress;
};

/* Chunk after chunk; broken off, it is run again. */
static int rewrap_county(struct rewrapping *r, int64_t county)
{
    int64_t person = 0, done = 1;
    int     code = 0;

    while (code == 0 && done) {
        struct arena_mark mark = arena_mark(r->arena);
        struct str        answer, until;
        struct str        after =
            person ? str_fmt(r->arena, "\"%lld\"", (long long)person) : STR("null");
        code = caller_ask(r->caller, r->arena, STR("master.rewrap"),
                          str_fmt(r->arena, "{\"county\":%lld,\"person\":%.*s}",
                                  (long long)county, STR_ARG(after)),
                          &answer);
        until = code == 0 ? json_pick_text(r->arena, answer, "person") : STR_NONE;
        person = 0;
        if (code == 0 &&
            (!str_int64(json_pick_text(r->arena, answer, "done"), &done) ||
             (until.at && !str_int64(until, &person)) ||
             !str_int64(json_pick_text(r->arena, answer, "master"), &r->master)))
            code = 1;
        r->done += code == 0 ? done : 0;
        progress_at(&r->progress, (size_t)r->done);
        arena_back(r->arena, mark);
    }
    return code;
}

static int tell_end(struct config *config, struct rewrapping *r, int wanted)
{
    if (r->master != wanted) {
        fprintf(stderr,
                config->chinese
                    ? "服务器还在用第 %d 号主密钥：请先重启它，再运行一次。\n"
                    : "the server still wraps with master %d: restart it first\n",
                (int)r->master);
        return 1;
    }
    printf(config->chinese
               ? "换了 %lld 把，都在第 %d 号主密钥下了。更早的 master 文件可以移走；"
                 "含有旧钥匙的备份过期以前，另外留一份。\n"
               : "%lld keys, all under master %d now. Older master files may go; "
                 "keep a copy apart until the backups made with them have expired.\n",
           (long long)r->done, wanted);
    return 0;
}

static int rewrap(struct config *config, struct arena *arena, int argc, char **argv)
{
    struct problems   problems;
    struct list       counties = { 0 };
    struct rewrapping r = { .arena = arena };

    (void)argc, (void)argv;
    problems_init(&problems, arena);
    enum rc rc = ask_counties(config, arena, &problems, &counties);
    if (rc != RC_OK) {
        ask_tell(&problems, rc);
        return 1;
    }
    r.caller = caller_open(config);
    int code = r.caller ? 0 : 1;
    progress_begin(&r.progress, config->chinese ? "改用新的主密钥" : "rewrapping", 0);
    for (size_t i = 0; code == 0 && i < counties.n; i++)
        code = rewrap_county(&r, ((const int64_t *)counties.at)[i]);
    progress_end(&r.progress);
    caller_close(&r.caller);
    return code ? code : tell_end(config, &r, newest(config, arena, "master"));
}

/* ---- the words ---- */

int command_rotate(struct config *config, int argc, char **argv)
{
    static const struct {
        const char *word;
        int (*run)(struct config *config, struct arena *arena, int argc, char **argv);
    } verbs[] = { { "rotate", rotate }, { "rewrap", rewrap }, { "list", list } };
    struct arena arena;
    int          code = -1;

    arena_init(&arena, ROTATE_BYTES);
    for (size_t i = 0; argc > 1 && i < COUNT(verbs); i++)
        if (strcmp(argv[1], verbs[i].word) == 0)
            code = verbs[i].run(config, &arena, argc - 1, argv + 1);
    arena_free(&arena);
    return code;
}
