#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/door.h"
#include "app/house.h"
#include "app/keep/deletions.h"
#include "app/measure.h"
#include "app/settings.h"
#include "app/supervisor.h"
#include "app/timer.h"
#include "app/workers.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/case/case.h"
#include "registry/area.h"
#include "scene/scenes.h"

/* Everything that runs while serving. */
struct serving {
    struct house   *house;
    struct workers *workers;
    struct http    *http;
    struct timer   *timer;
};

/* A line is committed: memory changes now, the live stream hears. */
static void landed(void *context, const struct line *line)
{
    struct serving *serving = context;

    scenes_landed(line);
    area_landed(line);
    deletions_landed(line);
    workers_landed(serving->workers, line);
    if (serving->http)
        http_landed(serving->http, line);
}

enum { NETWORKS_MAX = 64, PEM_BYTES_MAX = 64 << 10 };

static struct http_texts listed(struct arena *arena, struct str value)
{
    struct str *words = arena_many(arena, NETWORKS_MAX, struct str);

    return (struct http_texts){ words,
                                words ? settings_words(value, words, NETWORKS_MAX) : 0 };
}

/* Absent when it cannot be read, or when strangers can read a key. */
static struct str pem(struct arena *arena, struct str path, mode_t nobody)
{
    FILE       *file = path.at ? fopen(str_z(arena, path), "re") : NULL;
    char       *text = file ? arena_take(arena, PEM_BYTES_MAX) : NULL;
    struct stat stat;

    bool   safe = text && fstat(fileno(file), &stat) == 0 && (stat.st_mode & nobody) == 0;
    size_t len = safe ? fread(text, 1, PEM_BYTES_MAX, file) : 0;
    if (file)
        (void)fclose(file);
    return len ? str_slice(text, len) : STR_NONE;
}

static void set_transport(struct http_options *options, const struct config *config,
                          struct arena *arena)
{
    options->origins = listed(arena, config->origins);
    options->proxies = listed(arena, config->proxies);
    options->offices = listed(arena, config->offices);
    options->tls_cert = pem(arena, config->tls_cert, 0);
    options->tls_key = pem(arena, config->tls_key, 027);
    options->transport = config->tls_cert.at  ? HTTP_TLS
                         : config->proxies.at ? HTTP_BEHIND_PROXY
                                              : HTTP_PLAIN;
}

static enum rc start_http(struct serving *serving, const struct config *config,
                          struct arena *arena)
{
    struct http_options options = {
        .listen = config->listen,
        .socket = config->socket,
        .where = config->db,
        .catalogue = serving->house->catalogue,
        .gate = serving->house->gate,
        .door = door_of(serving->house->gate),
        .live = door_live(),
        .web = str_fmt(arena, "%.*s/web/dist", STR_ARG(config->share)),
        .spool = config->spool,
        .version = STR(LINLI_VERSION),
        .demo = serving->house->demo,
        .open311 = config->open311.len > 0,
        .unlimited = config->test_clock,
    };

    set_transport(&options, config, arena);
    if (access(str_z(arena, options.web), R_OK) != 0)
        options.web = STR_NONE;
    return http_start(&options, &serving->http);
}

static void tell_people(struct serving *serving, struct arena *arena)
{
    struct actor        actor = house_local_actor();
    struct house_answer people =
        house_ask(serving->house, arena, &actor, "demo.people", STR("{}"));
    struct json_member person;

    if (people.rc != RC_OK)
        return;
    puts("演示的人（在首页一点即登录）：");
    for (struct str rest = json_inside(json_pick(arena, people.text, "items"));
         json_member(arena, &rest, &person);)
        printf("  %.*s  %.*s %.*s\n", STR_ARG(json_pick_text(arena, person.value, "name")),
               STR_ARG(json_pick_text(arena, person.value, "area_name")),
               STR_ARG(json_pick_text(arena, person.value, "title")));
}

static void tell_ready(struct serving *serving, const struct config *config)
{
    struct arena arena;
    uint16_t     port = http_port(serving->http);

    arena_init(&arena, ARENA_REQUEST_BYTES);
    if (serving->house->demo && !config->test_clock)
        tell_people(serving, &arena);
    printf("邻里已就绪：http://127.0.0.1:%u/\n", port);
    if (serving->house->demo)
        printf(
            "  居民 http://127.0.0.1:%u/resident/  网格员 http://127.0.0.1:%u/grid/  社区 "
            "http://127.0.0.1:%u/desk/  接口 http://127.0.0.1:%u/api/\n",
            port, port, port, port);
    fflush(stdout);
    arena_free(&arena);
}

static void wait_for_signal(struct serving *serving, const sigset_t *signals)
{
    log_event(LOG_INFO, "serve.ready", LOG_INT("port", http_port(serving->http)),
              LOG_TEXT("version", STR(LINLI_VERSION)));
    supervisor_tell("READY=1");
    int got = supervisor_wait(signals, serving->house->gate);
    supervisor_tell("STOPPING=1");
    log_event(LOG_INFO, "serve.stopping", LOG_INT("signal", got));
}

static enum rc listen_there(struct serving *serving, const struct config *config,
                            struct arena *arena, struct problems *problems)
{
    enum rc rc = start_http(serving, config, arena);

    if (rc != RC_OK)
        problem_add(problems, STR_NONE,
                    "不能在 %.*s 提供服务：被别的程序占着，或者不安全（演示库只对本机开放；"
                    "上网要有证书，或者前面有列出的代理）。原因在上面的日志里。",
                    STR_ARG(config->listen));
    return rc;
}

static enum rc open_serving(struct serving *serving, const struct config *config,
                            struct arena *arena, struct problems *problems)
{
    size_t applied;

    enum rc rc = access(str_z(arena, config->db), R_OK) == 0 ||
                         str_starts(config->db, STR("postgres"))
                     ? house_migrate(config, problems, &applied)
                     : RC_OK;
    if (rc == RC_OK)
        rc = house_open(config, landed, serving, problems, &serving->house);
    if (rc == RC_OK && !serving->house->made) {
        problem_add(problems, STR_NONE, "数据库没有建完：请再运行一次 linli init。");
        rc = RC_REFUSED;
    }
    if (rc == RC_OK && config->test_clock && !serving->house->demo) {
        problem_add(problems, STR_NONE, "只有演示库才能拨动时钟（--test-clock）。");
        rc = RC_REFUSED;
    }
    if (rc == RC_OK)
        rc = workers_start(serving->house, &serving->workers);
    if (rc == RC_OK)
        rc = listen_there(serving, config, arena, problems);
    if (rc == RC_OK)
        rc = timer_start(serving->house, &serving->timer);
    return rc;
}

/* Takes nothing new, finishes what was accepted, then closes in the other order. */
static void close_serving(struct serving *serving)
{
    timer_stop(&serving->timer);
    if (serving->http)
        http_stop(serving->http);
    workers_stop(&serving->workers);
    if (serving->house)
        house_close_gate(serving->house);
    if (serving->http)
        http_close(&serving->http);
    house_close(&serving->house);
}

int command_serve(struct config *config, int argc, char **argv)
{
    struct serving  serving = { 0 };
    struct arena    arena;
    struct problems problems;
    sigset_t        signals;
    int64_t         batch = 0;

    config->test_clock = option_has(argc, argv, "--test-clock");
    if (config->test_clock)
        case_ceiling(0); /* like every other limit: stories and load tests */
    if (option(argc, argv, "--batch").at &&
        str_int64(option(argc, argv, "--batch"), &batch))
        config->batch_max = (size_t)batch;
    if (config->test_clock)
        clock_unlock();
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    measure_begin(str_starts(config->db, STR("postgres")), LINLI_VERSION);
    arena_init(&arena, 512 << 10);
    problems_init(&problems, &arena);
    enum rc rc = open_serving(&serving, config, &arena, &problems);
    if (rc == RC_OK) {
        tell_ready(&serving, config);
        wait_for_signal(&serving, &signals);
    } else {
        ask_tell(&problems, rc);
    }
    close_serving(&serving);
    arena_free(&arena);
    return rc == RC_OK ? 0 : 1;
}

int command_migrate(struct config *config, int argc, char **argv)
{
    struct arena    arena;
    struct problems problems;
    size_t          applied = 0;

    (void)argc;
    (void)argv;
    arena_init(&arena, 64 << 10);
    problems_init(&problems, &arena);
    enum rc rc = house_migrate(config, &problems, &applied);
    if (rc == RC_OK)
        printf("升级了 %zu 步，已是最新。\n", applied);
    else
        ask_tell(&problems, rc);
    arena_free(&arena);
    return rc == RC_OK ? 0 : 1;
}
