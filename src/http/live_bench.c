/* Many live streams in one process: what one costs in memory, and how long it takes
 * until everybody has heard of a line.  Clients and server share the machine. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/http_fixture.h"

enum { STREAMS = 5000, ROUNDS = 20, COUNTY = 12 };

static _Atomic int64_t written;
static int             fds[STREAMS];

static enum rc read_lines(void *context, struct op *op, int64_t county, int64_t after,
                          size_t most, struct list *found)
{
    int64_t      last = written;
    struct line *lines = arena_many(op->arena, most, struct line);

    (void)context;
    *found = (struct list){ lines, 0 };
    for (int64_t seq = after + 1; seq <= last && found->n < most; seq++)
        lines[found->n++] = (struct line){ .county = county, .seq = seq };
    return RC_OK;
}

static enum rc events_of(void *context, struct op *op, const struct line *line,
                         struct list *events)
{
    struct live_event *event = arena_new(op->arena, struct live_event);

    (void)context, (void)line;
    *event = (struct live_event){
        .type = STR("case"),
        .data =
            STR("{\"case\":\"123456789012345678\",\"state\":\"handling\",\"version\":3}"),
    };
    *events = (struct list){ event, 1 };
    return RC_OK;
}

static bool may(void *context, const struct actor *actor,
                const struct live_audience *audience)
{
    (void)context, (void)audience;
    return actor->kind == ACTOR_PERSON;
}

static enum rc actor(void *context, struct op *op, const struct http_credential *shown,
                     struct actor *actor)
{
    struct hold *hold = arena_new(op->arena, struct hold);

    (void)context;
    *hold = (struct hold){ .duty = STR("社区值守"), .area = STR("420602001") };
    actor->kind = ACTOR_PERSON;
    actor->name = STR("王小明");
    actor->holds = hold;
    actor->nholds = 1;
    return str_int64(shown->secret, &actor->account) ? RC_OK : RC_UNAUTHENTICATED;
}

static enum rc ready(void *context, struct op *op)
{
    (void)context, (void)op;
    return RC_OK;
}

static long resident_kb(void)
{
    long  whole = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file && fscanf(file, "%ld %ld", &whole, &resident) != 2)
        resident = 0;
    if (file)
        (void)fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void open_all(void)
{
    char text[256];

    for (int i = 0; i < STREAMS; i++) {
        fds[i] = reach();
        (void)snprintf(text, sizeof text,
                       "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                       "Cookie: linli=%d\r\n\r\n",
                       http_port(http), i + 1);
        say_text(fds[i], text);
        CHECK(hear_part(fds[i], STR("retry: 3000\n\n"), 5000).len > 0);
    }
}

static void hear_all(int64_t seq)
{
    char want[32];

    (void)snprintf(want, sizeof want, "id: %d-%lld\n", COUNTY, (long long)seq);
    for (int i = 0; i < STREAMS; i++)
        CHECK(str_has(hear_part(fds[i], STR("}\n\n"), 5000), str_of(want)));
}

static int64_t processor_us(void)
{
    struct rusage used;

    (void)getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) +
           used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int main(void)
{
    static const struct act        none[] = { { 0 } };
    static const struct act *const tables[] = { none };
    struct rlimit                  files = { 2 * STREAMS + 100, 2 * STREAMS + 100 };

    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        return 77;
    clock_unlock();
    log_threshold(LOG_DEBUG);
    acts_register(tables, 1, true);
    struct http_options options = { .listen = STR("127.0.0.1:0"),
                                    .door = { NULL, actor, ready },
                                    .live = { NULL, read_lines, events_of, may },
                                    .unlimited = true };
    if (http_start(&options, &http) != RC_OK)
        return 1;
    long before_kb = resident_kb();
    open_all();
    long    after_kb = resident_kb();
    int64_t from_us = clock_mono_us(), used_us = processor_us();
    for (int64_t seq = 1; seq <= ROUNDS; seq++) {
        written = seq;
        http_landed(http, &(struct line){ .county = COUNTY, .seq = seq });
        hear_all(seq);
    }
    (void)printf("%d streams: %.1f KB each; a line to all of them: %.1f ms (%.1f ms of "
                 "processor, clients included)\n",
                 STREAMS, (double)(after_kb - before_kb) / STREAMS,
                 (double)(clock_mono_us() - from_us) / 1000 / ROUNDS,
                 (double)(processor_us() - used_us) / 1000 / ROUNDS);
    for (int i = 0; i < STREAMS; i++)
        (void)close(fds[i]);
    http_close(&http);
    return 0;
}
