#include "app/story/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/story/folder.h"
#include "app/story/http.h"
#include "app/story/world.h"
#include "base/thread.h"
#include "base/clock.h"

enum { START_MS = 60000, STOP_MS = 20000, POLL_MS = 50, LOG_SHOWN = 3000 };

struct story_ground {
    const char *database; /* NULL: linli.db in the folder */
    bool        stays;
    char        folder[STORY_PATH_MAX];
};

struct story_server {
    pid_t pid; /* 0: ended */
    int   port;
    bool  shared; /* stands on the ground itself */
    char  folder[STORY_PATH_MAX], url[64];
};

/* ---- this program, once more ---- */

static bool set_surroundings(const char *folder, const char *database, int port)
{
    char text[STORY_PATH_MAX + 16];

    (void)snprintf(text, sizeof text, "%s/linli.db", folder);
    bool set = !setenv("LINLI_DB", database ? database : text, 1) &&
               !setenv("LINLI_HOME", folder, 1) && !unsetenv("LINLI_KEYS") &&
               !unsetenv("LINLI_LISTEN");
    (void)snprintf(text, sizeof text, "%d", port);
    return set && !setenv("LINLI_PORT", text, 1);
}

static bool log_into(const char *folder)
{
    char path[STORY_PATH_MAX + 16];

    (void)snprintf(path, sizeof path, "%s/server.log", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0 && dup2(fd, STDERR_FILENO) >= 0;
}

/* A child that ends when this process does; -1 when there is none. */
static pid_t run(const char *folder, const char *database, int port, const char *command,
                 const char *with)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    if (!prctl(PR_SET_PDEATHSIG, SIGTERM) && log_into(folder) &&
        set_surroundings(folder, database, port))
        execl("/proc/self/exe", "linli", command, with, (char *)NULL);
    _exit(127);
}

static void show_log(const char *folder, const char *what)
{
    char  text[LOG_SHOWN];
    char  path[STORY_PATH_MAX + 16];
    FILE *log;

    (void)snprintf(path, sizeof path, "%s/server.log", folder);
    log = fopen(path, "re");
    if (!log)
        return;
    if (fseek(log, -LOG_SHOWN, SEEK_END))
        rewind(log);
    size_t n = fread(text, 1, sizeof text, log);
    (void)fclose(log);
    fprintf(stderr, "%s。日志最后是：\n%.*s\n", what, (int)n, text);
}

/* ---- the ground ---- */

struct story_ground *story_ground_make(const char *database)
{
    struct story_ground *ground = calloc(1, sizeof *ground);
    int                  status = -1;

    if (!ground || !folder_make(ground->folder)) {
        fprintf(stderr, "建不了临时文件夹。\n");
        free(ground);
        return NULL;
    }
    ground->database = database;
    pid_t pid = run(ground->folder, database, 0, "init", "--demo");
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
        !WEXITSTATUS(status))
        return ground;
    show_log(ground->folder, "演示库没有建成");
    story_ground_remove(&ground);
    return NULL;
}

struct story_ground *story_ground_of(const char *folder)
{
    struct story_ground *ground = calloc(1, sizeof *ground);

    if (ground) {
        ground->stays = true;
        (void)snprintf(ground->folder, sizeof ground->folder, "%s", folder);
    }
    return ground;
}

void story_ground_remove(struct story_ground **ground)
{
    if (!*ground)
        return;
    if (!(*ground)->stays)
        folder_remove((*ground)->folder);
    free(*ground);
    *ground = NULL;
}

/* ---- a server ---- */

/* Free a moment ago: whoever takes it in between makes the server refuse to start. */
static int free_port(void)
{
    struct sockaddr_in here = { .sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          size = sizeof here;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;

    if (fd >= 0 && bind(fd, (struct sockaddr *)&here, size) == 0 &&
        getsockname(fd, (struct sockaddr *)&here, &size) == 0)
        port = ntohs(here.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

static bool ended(struct story_server *server)
{
    if (server->pid > 0 && waitpid(server->pid, NULL, WNOHANG) != 0)
        server->pid = 0;
    return server->pid <= 0;
}

static bool answers(struct story_http *http)
{
    struct story_request request = { .method = "GET", .path = STR("/start") };
    struct arena         arena;

    arena_init(&arena, 1 << 20);
    story_http_ask(http, &arena, &request, 1);
    arena_free(&arena);
    return request.status == 200;
}

static bool wait_until_it_answers(struct story_server *server)
{
    struct story_http *http = story_http_open(str_of(server->url));
    int64_t            until_us = clock_mono_us() + START_MS * INT64_C(1000);
    bool               up = false;

    while (http && !(up = answers(http)) && !ended(server) && clock_mono_us() < until_us)
        thread_pause(POLL_MS);
    story_http_close(&http);
    return up;
}

/* A folder of its own, or the ground's. */
static bool find_folder(struct story_server *server, const struct story_ground *ground)
{
    server->shared = ground->database != NULL;
    if (!server->shared)
        return folder_make(server->folder) && folder_copy(ground->folder, server->folder);
    (void)snprintf(server->folder, sizeof server->folder, "%s", ground->folder);
    return true;
}

struct story_server *story_server_start(const struct story_ground *ground)
{
    struct story_server *server = calloc(1, sizeof *server);

    if (!server)
        return NULL;
    server->port = free_port();
    (void)snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", server->port);
    if (!server->port || !find_folder(server, ground)) {
        fprintf(stderr, "没有空的端口，或者临时文件夹放不下。\n");
    } else {
        server->pid =
            run(server->folder, ground->database, server->port, "serve", "--test-clock");
        if (server->pid > 0 && wait_until_it_answers(server))
            return server;
        show_log(server->folder, "服务器没有起来");
    }
    story_server_stop(&server, false);
    return NULL;
}

struct str story_server_url(const struct story_server *server)
{
    return str_of(server->url);
}

static void end(struct story_server *server)
{
    int64_t until_us = clock_mono_us() + STOP_MS * INT64_C(1000);

    if (server->pid > 0)
        (void)kill(server->pid, SIGTERM);
    while (!ended(server) && clock_mono_us() < until_us)
        thread_pause(POLL_MS);
    if (server->pid > 0) {
        (void)kill(server->pid, SIGKILL);
        (void)waitpid(server->pid, NULL, 0);
    }
}

void story_server_stop(struct story_server **server, bool keep)
{
    if (!*server)
        return;
    end(*server);
    if (keep && !(*server)->shared)
        printf("    服务器的日志和数据库留在 %s\n", (*server)->folder);
    else if (!(*server)->shared && (*server)->folder[0])
        folder_remove((*server)->folder);
    free(*server);
    *server = NULL;
}
