/* page-time PORT PORT ROUNDS [each] <questions: how long two servers take for pages, in
 * turn.  A line asks both: NAME COOKIE PATH COOKIE PATH, with blanks between; a path with
 * a body behind a bar is posted.  Prints for each its name and the medians in microseconds,
 * from the first byte sent to the last one received, on one connection that is kept; with
 * "each" every round. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 1000, IN_BYTES = 1 << 20, WARM_UP = 3 };

struct server {
    unsigned short port;
    int            fd;
    char           cookie[200], path[1000];
    int64_t        took_us[ROUNDS_MAX];
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "page-time: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void reach(struct server *server)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons(server->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int                on = 1;

    server->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (server->fd < 0 || connect(server->fd, (struct sockaddr *)&at, sizeof at) != 0)
        die("connect");
    setsockopt(server->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Bytes of the whole answer once its head is there, 0 before. */
static size_t answer_size(const char *in)
{
    const char *end = strstr(in, "\r\n\r\n");
    const char *length = end ? strcasestr(in, "\r\nContent-Length:") : NULL;

    if (!length || length > end)
        return 0;
    return (size_t)(end + 4 - in) +
           strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

static void hear(const struct server *server)
{
    static char in[IN_BYTES];
    size_t      got = 0, whole = 0;

    while (!whole || got < whole) {
        ssize_t n = read(server->fd, in + got, sizeof in - 1 - got);
        if (n <= 0)
            die("the server hung up");
        got += (size_t)n;
        in[got] = 0;
        whole = whole ? whole : answer_size(in);
    }
    if (strncmp(in, "HTTP/1.1 200 ", 13) != 0) {
        fprintf(stderr, "page-time: %s: %s\n", server->path, in);
        exit(1);
    }
}

static int64_t ask(const struct server *server)
{
    char        out[1600];
    const char *body = strchr(server->path, '|');
    int         path = body ? (int)(body - server->path) : (int)strlen(server->path);
    int         len = snprintf(out, sizeof out,
                               "%s %.*s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n"
                                       "X-Linli: 1\r\nContent-Type: application/json\r\n"
                                       "Content-Length: %zu\r\n\r\n%s",
                       body ? "POST" : "GET", path, server->path, server->port,
                               server->cookie, body ? strlen(body + 1) : 0, body ? body + 1 : "");
    int64_t     began = now_us();

    if (write(server->fd, out, (size_t)len) != len)
        die("write");
    hear(server);
    return now_us() - began;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static long long median(struct server *server, int n)
{
    qsort(server->took_us, (size_t)n, sizeof *server->took_us, by_value);
    return server->took_us[n / 2];
}

static void tell(const char *name, struct server *a, struct server *b, int rounds,
                 bool each)
{
    for (int i = 0; each && i < rounds; i++)
        printf("%s %lld %lld\n", name, (long long)a->took_us[i], (long long)b->took_us[i]);
    if (!each)
        printf("%s %lld %lld\n", name, median(a, rounds), median(b, rounds));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct server a, b;
    char                 name[100];

    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: page-time PORT PORT ROUNDS [each] <questions\n");
        return 2;
    }
    a.port = (unsigned short)strtoul(argv[1], NULL, 10);
    b.port = (unsigned short)strtoul(argv[2], NULL, 10);
    int rounds = (int)strtol(argv[3], NULL, 10);
    if (rounds < 1 || rounds > ROUNDS_MAX)
        return 2;
    reach(&a);
    reach(&b);
    while (scanf("%99s %199s %999s %199s %999s", name, a.cookie, a.path, b.cookie,
                 b.path) == 5) {
        for (int i = -WARM_UP; i < rounds; i++) {
            int64_t one = ask(&a), other = ask(&b);
            if (i >= 0) {
                a.took_us[i] = one;
                b.took_us[i] = other;
            }
        }
        tell(name, &a, &b, rounds, argc == 5);
    }
    return 0;
}
