/* report-load PORT SECONDS [DATABASE] <cookies: reports sent to a running server as fast as
 * it answers them, one connection for each line of cookies.  Each connection is kept alive,
 * has one report under way and sends the next one when the answer has come; each report has
 * its own Idempotency-Key.  Prints one line of numbers for tools/bench.
 *
 * Of SQLite's file only a checkpoint changes the database itself; commits go to its log.
 * So the reports under way while DATABASE was written are told apart. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
    CONNECTIONS_MAX = 1024,
    COOKIE_BYTES = 200,
    BODY_BYTES = 2048,
    OUT_BYTES = 4096,
    IN_BYTES = 32 << 10,
    LATENCIES_MAX = 1 << 20,
    GRIDS = 13,
    SYNC_US = 20000, /* after the last write, until it is on disk */
};

struct connection {
    int     fd;
    char    cookie[COOKIE_BYTES];
    char    in[IN_BYTES];
    size_t  got;
    int64_t asked_us;
};

struct load {
    unsigned short    port;
    struct connection all[CONNECTIONS_MAX];
    size_t            n;
    int               poll;
    uint64_t          run, sent; /* together: a key that nobody had before */
    size_t            opened, refused;
    int32_t           latency_us[LATENCIES_MAX];

    const char     *database;
    struct timespec written;    /* as the file says */
    int64_t         written_us; /* when that was seen */
    size_t          beside;     /* reports that were under way then */
    int32_t         beside_us[LATENCIES_MAX];
};

static const struct {
    const char *category, *what, *words;
} matters[] = {
    { "照明电路", "中心花园路灯连着三盏不亮，晚上看不清路，昨天有老人绊了一下。",
      "滨湖花园 中心花园" },
    { "市容环境", "烧烤摊把桌子摆到盲道上，油烟直排到住户窗下，夜里十二点还不收。",
      "檀溪路 42 号" },
    { "垃圾卫生", "垃圾桶满了两天没有清，下雨后污水流到单元门口，气味很大。",
      "山水家园 3 栋" },
    { "安全隐患", "外墙瓷砖脱落，砸到过楼下的车，请先围起来，再找人来修。",
      "滨湖花园 1 栋西侧" },
    { "积水管网", "下水道返水，一楼住户家里已经进水，门口积水有十厘米深。", "营盘路口" },
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "report-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* ---- one report ---- */

static int write_body(char *body, uint64_t number)
{
    size_t i = number % COUNT(matters);

    return snprintf(
        body, BODY_BYTES,
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"%s\","
        "\"what\":\"%s\",\"where\":{\"lat\":32.%05d,\"lng\":112.%05d,"
        "\"source\":\"gps\",\"words\":\"%s\",\"area\":\"420602004008%03d\"},"
        "\"contact\":\"1387100%04d\"}}",
        matters[i].category, matters[i].what, 1000 + (int)(number * 7 % 500),
        10500 + (int)(number * 11 % 500), matters[i].words, 1 + (int)(number % GRIDS),
        (int)(number % 10000));
}

static void ask(struct load *load, struct connection *c)
{
    char     body[BODY_BYTES], out[OUT_BYTES];
    uint64_t number = load->sent++;
    int      body_len = write_body(body, number);
    int      len = snprintf(out, sizeof out,
                            "POST /api/v1/cases HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                                 "Content-Type: application/json\r\nX-Linli: 1\r\n"
                                 "Idempotency-Key: %016llx%08llx\r\nCookie: %s\r\n"
                                 "Content-Length: %d\r\n\r\n%s",
                            load->port, (unsigned long long)load->run,
                            (unsigned long long)number, c->cookie, body_len, body);

    c->got = 0;
    c->asked_us = now_us();
    if (len >= (int)sizeof out || write(c->fd, out, (size_t)len) != len)
        die("write");
}

/* ---- its answer ---- */

/* Bytes of the whole answer once its head is there, 0 before. */
static size_t answer_size(struct connection *c)
{
    c->in[c->got] = 0;
    const char *end = strstr(c->in, "\r\n\r\n");
    const char *length = end ? strcasestr(c->in, "\r\nContent-Length:") : NULL;

    if (!length || length > end)
        return 0;
    return (size_t)(end + 4 - c->in) +
           strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

static void look_at_database(struct load *load)
{
    struct stat about;

    if (!load->database || stat(load->database, &about) != 0)
        return;
    if (about.st_mtim.tv_sec != load->written.tv_sec ||
        about.st_mtim.tv_nsec != load->written.tv_nsec)
        load->written_us = load->written.tv_sec ? now_us() : 0;
    load->written = about.st_mtim;
}

static void note_latency(struct load *load, const struct connection *c)
{
    int32_t took_us = (int32_t)(now_us() - c->asked_us);

    if (load->opened < LATENCIES_MAX)
        load->latency_us[load->opened] = took_us;
    if (load->written_us && load->written_us + SYNC_US >= c->asked_us &&
        load->beside < LATENCIES_MAX)
        load->beside_us[load->beside++] = took_us;
    load->opened++;
}

static void count(struct load *load, const struct connection *c)
{
    static const char created[] = "HTTP/1.1 201 ";

    if (strncmp(c->in, created, strlen(created)) == 0) {
        note_latency(load, c);
    } else if (load->refused++ == 0) {
        fprintf(stderr, "report-load: refused: %s\n", c->in);
    }
}

/* True when the answer is whole. */
static int hear(struct load *load, struct connection *c)
{
    ssize_t n = read(c->fd, c->in + c->got, sizeof c->in - 1 - c->got);

    if (n <= 0)
        die("the server hung up");
    c->got += (size_t)n;
    size_t whole = answer_size(c);
    if (whole == 0 || c->got < whole)
        return 0;
    count(load, c);
    return 1;
}

/* ---- all of them ---- */

static void reach(struct load *load, struct connection *c)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons(load->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    int                on = 1;

    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof at) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (epoll_ctl(load->poll, EPOLL_CTL_ADD, c->fd, &event) != 0)
        die("epoll_ctl");
}

/* What is under way when the time is over is still waited for and counted, and so is
 * the time it takes.  Gives the microseconds. */
static int64_t run(struct load *load, int64_t lasts_us)
{
    struct epoll_event events[64];
    int64_t            began = now_us();
    size_t             under_way = load->n;

    for (size_t i = 0; i < load->n; i++)
        ask(load, &load->all[i]);
    while (under_way) {
        int n = epoll_wait(load->poll, events, COUNT(events), -1);
        look_at_database(load);
        for (int i = 0; i < n; i++) {
            if (!hear(load, events[i].data.ptr))
                continue;
            if (now_us() - began < lasts_us)
                ask(load, events[i].data.ptr);
            else
                under_way--;
        }
    }
    return now_us() - began;
}

static int by_value(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double percentile_ms(int32_t *us, size_t n, size_t percent)
{
    n = n < LATENCIES_MAX ? n : LATENCIES_MAX;
    qsort(us, n, sizeof *us, by_value);
    return n ? us[n * percent / 100] / 1e3 : 0;
}

static void tell(struct load *load, int64_t took_us)
{
    printf("per_s %.1f opened %zu refused %zu p50_ms %.2f p99_ms %.2f",
           (double)load->opened * 1e6 / (double)took_us, load->opened, load->refused,
           percentile_ms(load->latency_us, load->opened, 50),
           percentile_ms(load->latency_us, load->opened, 99));
    if (load->database)
        printf(" beside %zu beside_p99_ms %.2f", load->beside,
               percentile_ms(load->beside_us, load->beside, 99));
    printf("\n");
}

int main(int argc, char **argv)
{
    static struct load load;
    struct timespec    now;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: report-load PORT SECONDS [DATABASE] <cookies\n");
        return 2;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    load.port = (unsigned short)strtoul(argv[1], NULL, 10);
    load.run = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
    load.database = argc > 3 ? argv[3] : NULL;
    load.poll = epoll_create1(0);
    while (load.n < CONNECTIONS_MAX && scanf("%199s", load.all[load.n].cookie) == 1)
        reach(&load, &load.all[load.n++]);
    tell(&load, run(&load, (int64_t)(strtod(argv[2], NULL) * 1e6)));
    return load.refused != 0 || load.opened == 0;
}
