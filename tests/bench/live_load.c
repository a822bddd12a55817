/* live-load PORT SECONDS PER_S <cookies: many live streams open, reports sent meanwhile.
 * A line is "listen COOKIE" or "report COOKIE"; "done" ends them.  Every stream comes from
 * one of a few hundred addresses of this machine.  Says "open" when all streams are, and
 * waits for a line (memory is measured then).  Then PER_S reports a second are sent,
 * evenly, over connections that are kept; each event is matched with the report that
 * caused it by the case's id.  Prints one line of numbers for tools/bench. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
    STREAMS_MAX = 8192,
    REPORTERS_MAX = 256,
    ADDRESSES = 250,
    COOKIE_BYTES = 200,
    IN_BYTES = 16 << 10,
    STREAM_BYTES = 2048, /* the longest event is a tenth of it */
    CASES = 1 << 18,     /* of the table; a power of two */
    HEARD_MAX = 1 << 23,
    LINGER_US = 3000000,
    GRIDS = 13,
};

struct stream {
    int    fd;
    char   in[STREAM_BYTES];
    size_t got;
};

struct reporter {
    int     fd;
    char    cookie[COOKIE_BYTES];
    char    in[IN_BYTES];
    size_t  got;
    int64_t asked_us; /* 0: nothing under way */
};

/* A case's events may come before its answer. */
struct told {
    uint64_t id; /* 0: free */
    int64_t  asked_us, answered_us;
    uint32_t heard;
};
struct heard {
    uint32_t place;
    int64_t  us;
};

static struct {
    unsigned short  port;
    struct stream   streams[STREAMS_MAX];
    struct reporter reporters[REPORTERS_MAX];
    char            listeners[STREAMS_MAX][COOKIE_BYTES];
    size_t          nstreams, nreporters, ended;
    int             poll;
    uint64_t        run, sent, answered, refused, late;
    struct told     cases[CASES];
    struct heard    heard[HEARD_MAX];
    size_t          nheard;
} load;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "live-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* ---- connections ---- */

static int reach(unsigned from)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons(load.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in own = { .sin_family = AF_INET,
                               .sin_addr.s_addr =
                                   htonl(INADDR_LOOPBACK + from % ADDRESSES) };
    int                on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own) != 0 ||
        connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void watch(int fd, void *who)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = who };

    if (epoll_ctl(load.poll, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

static void send_text(int fd, const char *text, int len)
{
    if (write(fd, text, (size_t)len) != len)
        die("write");
}

/* Waits until the server has greeted: what comes later is heard. */
static void open_stream(size_t i)
{
    struct stream *stream = &load.streams[i];
    char           out[512];

    stream->fd = reach(1 + (unsigned)i);
    send_text(
        stream->fd, out,
        snprintf(out, sizeof out,
                 "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n\r\n",
                 load.port, load.listeners[i]));
    while (!strstr(stream->in, "retry: 3000\n\n")) {
        ssize_t n =
            read(stream->fd, stream->in + stream->got, sizeof stream->in - 1 - stream->got);
        if (n <= 0)
            die("a stream did not open");
        stream->got += (size_t)n;
        stream->in[stream->got] = 0;
    }
    stream->got = 0;
    watch(stream->fd, stream);
}

/* ---- which report an event is about ---- */

static uint32_t place_of(uint64_t id)
{
    uint32_t at = (uint32_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (CASES - 1);

    while (load.cases[at].id && load.cases[at].id != id)
        at = (at + 1) & (CASES - 1);
    load.cases[at].id = id;
    return at;
}

static void note_events(const char *text, int64_t at_us)
{
    static const char mark[] = "{\"case\":\"";

    for (const char *at = text; (at = strstr(at, mark)) != NULL;) {
        at += strlen(mark);
        if (load.nheard == HEARD_MAX)
            return;
        load.heard[load.nheard++] =
            (struct heard){ place_of(strtoull(at, NULL, 10)), at_us };
    }
}

/* What is whole is looked at, the rest waits for its end. */
static void hear_stream(struct stream *stream)
{
    ssize_t n =
        read(stream->fd, stream->in + stream->got, sizeof stream->in - 1 - stream->got);

    if (n <= 0) {
        load.ended++;
        (void)close(stream->fd);
        return;
    }
    int64_t at_us = now_us();
    stream->got += (size_t)n;
    stream->in[stream->got] = 0;
    load.ended += strstr(stream->in, "\r\n0\r\n\r\n") != NULL; /* 32 events waited */
    char *end = NULL;
    for (char *at = stream->in; (at = strstr(at, "\n\n")) != NULL;)
        end = at += 2;
    if (!end) {
        if (stream->got == sizeof stream->in - 1)
            die("an event is too long");
        return;
    }
    char kept = *end;
    *end = 0;
    note_events(stream->in, at_us);
    *end = kept;
    stream->got -= (size_t)(end - stream->in);
    memmove(stream->in, end, stream->got);
}

/* ---- reports ---- */

static void report(struct reporter *r)
{
    char     body[1024], out[2048];
    uint64_t n = load.sent++;
    int      len = snprintf(
             body, sizeof body,
             "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"照明电路\","
                  "\"what\":\"中心花园路灯连着三盏不亮，晚上看不清路，昨天有老人绊了一下。\","
                  "\"where\":{\"lat\":32.%05d,\"lng\":112.%05d,\"source\":\"gps\","
                  "\"words\":\"滨湖花园 中心花园\",\"area\":\"420602004008%03d\"},"
                  "\"contact\":\"1387100%04d\"}}",
             1000 + (int)(n * 7 % 500), 10500 + (int)(n * 11 % 500), 1 + (int)(n % GRIDS),
             (int)(n % 10000));

    r->got = 0;
    r->asked_us = now_us();
    send_text(r->fd, out,
              snprintf(out, sizeof out,
                       "POST /api/v1/cases HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                       "Content-Type: application/json\r\nX-Linli: 1\r\n"
                       "Idempotency-Key: %016llx%08llx\r\nCookie: %s\r\n"
                       "Content-Length: %d\r\n\r\n%s",
                       load.port, (unsigned long long)load.run, (unsigned long long)n,
                       r->cookie, len, body));
}

static void note_answer(struct reporter *r)
{
    const char *id = strstr(r->in, "{\"id\":\"");

    if (strncmp(r->in, "HTTP/1.1 201 ", 13) != 0 || !id) {
        if (load.refused++ == 0)
            fprintf(stderr, "live-load: refused: %s\n", r->in);
        return;
    }
    struct told *told = &load.cases[place_of(strtoull(id + 7, NULL, 10))];
    told->asked_us = r->asked_us;
    told->answered_us = now_us();
    load.answered++;
}

static void hear_answer(struct reporter *r)
{
    ssize_t n = read(r->fd, r->in + r->got, sizeof r->in - 1 - r->got);

    if (n <= 0)
        die("the server hung up");
    r->got += (size_t)n;
    r->in[r->got] = 0;
    const char *end = strstr(r->in, "\r\n\r\n");
    const char *length = end ? strcasestr(r->in, "\r\nContent-Length:") : NULL;
    if (!length || r->got < (size_t)(end + 4 - r->in) + strtoul(length + 17, NULL, 10))
        return;
    note_answer(r);
    r->asked_us = 0;
}

/* In turn: a connection that is never used would be cut for its silence. */
static struct reporter *idle(void)
{
    static size_t next;

    for (size_t i = 0; i < load.nreporters; i++) {
        struct reporter *r = &load.reporters[next++ % load.nreporters];
        if (!r->asked_us)
            return r;
    }
    return NULL;
}

/* ---- all of it ---- */

static void hear(int wait_ms)
{
    struct epoll_event events[256];
    int                n = epoll_wait(load.poll, events, COUNT(events), wait_ms);

    for (int i = 0; i < n; i++) {
        char *who = events[i].data.ptr;
        if (who >= (char *)load.reporters && who < (char *)(load.reporters + REPORTERS_MAX))
            hear_answer(events[i].data.ptr);
        else
            hear_stream(events[i].data.ptr);
    }
}

/* Evenly, whatever the server does: what cannot be sent in time is sent as soon as a
 * connection is free. */
static int64_t run(int64_t lasts_us, double per_s)
{
    int64_t  began = now_us(), now = began;
    uint64_t due = 0;

    while ((now = now_us()) - began < lasts_us) {
        due = (uint64_t)((double)(now - began) * per_s / 1e6);
        while (load.sent < due) {
            struct reporter *r = idle();
            if (!r)
                break;
            report(r);
        }
        hear(1);
    }
    load.late = due - load.sent;
    while (now_us() - now < LINGER_US)
        hear(10);
    return now - began;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void tell_delays(const char *name, int64_t *us, size_t n)
{
    qsort(us, n, sizeof *us, by_value);
    printf(" %s_p50_ms %.2f %s_p99_ms %.2f", name, n ? (double)us[n / 2] / 1e3 : 0, name,
           n ? (double)us[n * 99 / 100] / 1e3 : 0);
}

static void tell(int64_t took_us)
{
    int64_t *heard = calloc(load.nheard + 1, sizeof *heard);
    int64_t *answers = calloc(CASES, sizeof *answers);
    size_t   nanswers = 0, nheard = 0, unheard = 0;

    if (!heard || !answers)
        die("memory");
    for (size_t i = 0; i < load.nheard; i++) {
        struct told *told = &load.cases[load.heard[i].place];
        told->heard++;
        if (told->asked_us)
            heard[nheard++] = load.heard[i].us - told->asked_us;
    }
    for (size_t i = 0; i < CASES; i++) {
        const struct told *told = &load.cases[i];
        if (told->asked_us)
            answers[nanswers++] = told->answered_us - told->asked_us;
        unheard += told->asked_us && !told->heard;
    }
    printf("acts_per_s %.0f answered %llu late %llu refused %llu heard_per_s %.0f unheard "
           "%zu ended %zu",
           (double)load.answered * 1e6 / (double)took_us, (unsigned long long)load.answered,
           (unsigned long long)load.late, (unsigned long long)load.refused,
           (double)nheard * 1e6 / (double)took_us, unheard, load.ended);
    tell_delays("answer", answers, nanswers);
    tell_delays("heard", heard, nheard);
    printf("\n");
    free(heard);
    free(answers);
}

static void read_people(void)
{
    char what[20], cookie[COOKIE_BYTES];

    while (scanf("%19s", what) == 1 && strcmp(what, "done") != 0 &&
           scanf("%199s", cookie) == 1) {
        bool listens = strcmp(what, "listen") == 0;
        if (load.nstreams == STREAMS_MAX || load.nreporters == REPORTERS_MAX)
            die("too many");
        memcpy(listens ? load.listeners[load.nstreams++]
                       : load.reporters[load.nreporters++].cookie,
               cookie, sizeof cookie);
    }
}

int main(int argc, char **argv)
{
    struct rlimit   files = { 2 * STREAMS_MAX, 2 * STREAMS_MAX };
    struct timespec now;
    char            word[20];

    if (argc != 4 || setrlimit(RLIMIT_NOFILE, &files) != 0) {
        fprintf(stderr, "usage: live-load PORT SECONDS PER_S <cookies\n");
        return 2;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    load.port = (unsigned short)strtoul(argv[1], NULL, 10);
    load.run = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
    load.poll = epoll_create1(0);
    read_people();
    for (size_t i = 0; i < load.nstreams; i++)
        open_stream(i);
    for (size_t i = 0; i < load.nreporters; i++) {
        load.reporters[i].fd = reach(1 + (unsigned)i);
        watch(load.reporters[i].fd, &load.reporters[i]);
    }
    printf("open\n");
    fflush(stdout);
    if (scanf("%19s", word) != 1)
        return 1;
    tell(run((int64_t)(strtod(argv[2], NULL) * 1e6), strtod(argv[3], NULL)));
    return load.refused != 0 || load.answered == 0;
}
