#include "app/story_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/story_world.h"
#include "base/clock.h"

enum { START_MS = 60000, STOP_MS = 20000, POLL_MS = 50, LOG_SHOWN = 3000 };

struct story_server {
    pid_t pid;
    int   port;
    char  folder[256], url[64];
};

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

/* In the child: never returns. */
static NO_RETURN void become(const struct story_server *server, const char *database)
{
    char port[16], file[300], files[300], log[300];

    (void)snprintf(port, sizeof port, "%d", server->port);
    (void)snprintf(file, sizeof file, "%s/linli.db", server->folder);
    (void)snprintf(files, sizeof files, "%s/files", server->folder);
    (void)snprintf(log, sizeof log, "%s/server.log", server->folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0 ||
        prctl(PR_SET_PDEATHSIG, SIGTERM) || setenv("LINLI_DB", database ? database : file, 1) ||
        setenv("LINLI_PORT", port, 1) || setenv("LINLI_FILES", files, 1))
        _exit(126);
    execl("/proc/self/exe", "linli", "serve", "--demo", "--test-clock", (char *)NULL);
    _exit(127);
}

static bool ended(struct story_server *server)
{
    if (server->pid && waitpid(server->pid, NULL, WNOHANG) != 0)
        server->pid = 0;
    return server->pid == 0;
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
        story_pause(POLL_MS);
    story_http_close(&http);
    return up;
}

static void show_log(const struct story_server *server)
{
    char  path[300], text[LOG_SHOWN];
    FILE *log;

    (void)snprintf(path, sizeof path, "%s/server.log", server->folder);
    log = fopen(path, "re");
    if (!log)
        return;
    if (fseek(log, -LOG_SHOWN, SEEK_END))
        rewind(log);
    size_t n = fread(text, 1, sizeof text, log);
    (void)fclose(log);
    fprintf(stderr, "服务器没有起来。它的日志最后是：\n%.*s\n", (int)n, text);
}

struct story_server *story_server_start(const char *database)
{
    struct story_server *server = calloc(1, sizeof *server);
    const char          *tmp = getenv("TMPDIR");

    if (!server)
        return NULL;
    (void)snprintf(server->folder, sizeof server->folder, "%s/linli-story.XXXXXX",
                   tmp ? tmp : "/tmp");
    server->port = free_port();
    if (!mkdtemp(server->folder) || !server->port) {
        fprintf(stderr, "建不了临时文件夹，或者没有空的端口。\n");
        free(server);
        return NULL;
    }
    (void)snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", server->port);
    server->pid = fork();
    if (server->pid == 0)
        become(server, database);
    if (server->pid > 0 && wait_until_it_answers(server))
        return server;
    show_log(server);
    story_server_stop(&server, false);
    return NULL;
}

struct str story_server_url(const struct story_server *server)
{
    return str_of(server->url);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    return remove(path);
}

static void end(struct story_server *server)
{
    int64_t until_us = clock_mono_us() + STOP_MS * INT64_C(1000);

    if (server->pid > 0)
        (void)kill(server->pid, SIGTERM);
    while (!ended(server) && clock_mono_us() < until_us)
        story_pause(POLL_MS);
    if (server->pid > 0) {
        (void)kill(server->pid, SIGKILL);
        (void)waitpid(server->pid, NULL, 0);
    }
}

void story_server_stop(struct story_server **server, bool keep)
{
    if (!*server)
        return;
    if ((*server)->pid < 0)
        (*server)->pid = 0; /* fork failed */
    end(*server);
    if (keep)
        printf("    服务器的日志和数据库留在 %s\n", (*server)->folder);
    else
        (void)nftw((*server)->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*server);
    *server = NULL;
}
