/* The live stream: who hears what, who resumes from where, and who loses it. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/thread.h"
#include "base/clock.h"
#include "http/http_fixture.h"
#include "base/limits.h"

/* ---- a journal in memory: line n of county 12 is about account subject ---- */

enum { COUNTY = 12, LINES_MAX = 20000 };

static struct line     lines[LINES_MAX];
static _Atomic int64_t written;
static atomic_bool     ended; /* the session "7" */
static char            padding[3000];

static enum rc read_lines(void *context, struct op *op, int64_t county, int64_t after,
                          size_t most, struct list *found)
{
    int64_t last = written;

    (void)context;
    *found = (struct list){ arena_many(op->arena, most, struct line), 0 };
    for (int64_t seq = after + 1; county == COUNTY && seq <= last && found->n < most; seq++)
        ((struct line *)found->at)[found->n++] = lines[seq];
    return RC_OK;
}

/* To the one it is about: "inbox"; to everybody of its street: "case". */
static enum rc events_of(void *context, struct op *op, const struct line *line,
                         struct list *events)
{
    struct live_event *event = arena_many(op->arena, 2, struct live_event);

    (void)context;
    event[0] = (struct live_event){ .type = STR("inbox"), .data = STR("{\"unread\":1}") };
    event[0].audience.accounts[event[0].audience.naccounts++] = line->subject;
    event[1] =
        (struct live_event){ .type = STR("case"), .audience.area = STR("420602001") };
    event[1].data = str_fmt(op->arena, "{\"case\":\"%lld\",\"pad\":\"%s\"}",
                            (long long)line->seq, padding);
    *events = (struct list){ event, line->subject ? 2 : 0 };
    return RC_OK;
}

static bool may(void *context, const struct actor *actor,
                const struct live_audience *audience)
{
    (void)context;
    for (size_t i = 0; i < audience->naccounts; i++)
        if (audience->accounts[i] == actor->account)
            return true;
    return audience->area.at && actor->nholds &&
           area_within(audience->area, actor->holds[0].area);
}

/* A session's secret is its account's number; 8 and above hold a duty. */
static enum rc actor(void *context, struct op *op, const struct http_credential *shown,
                     struct actor *actor)
{
    struct hold *hold = arena_new(op->arena, struct hold);

    (void)context;
    if (!str_int64(shown->secret, &actor->account) || (actor->account == 7 && ended))
        return RC_UNAUTHENTICATED;
    *hold = (struct hold){ .duty = STR("社区值守"), .area = STR("420602001") };
    actor->kind = ACTOR_PERSON;
    actor->name = STR("王");
    actor->holds = hold;
    actor->nholds = actor->account > 7;
    return RC_OK;
}

static enum rc ready(void *context, struct op *op)
{
    (void)context, (void)op;
    return RC_OK;
}

static void land(int64_t subject)
{
    int64_t seq = written + 1;

    lines[seq] = (struct line){ .county = COUNTY, .seq = seq, .subject = subject };
    written = seq;
    http_landed(http, &lines[seq]);
}

/* ---- the fixture ---- */

static int start(void **state)
{
    static const struct act        none[] = { { 0 } };
    static const struct act *const tables[] = { none };

    (void)state;
    clock_unlock();
    written = 0;
    ended = false;
    padding[0] = 0;
    acts_register(tables, 1, true);
    return http_start(&(struct http_options){ .listen = STR("127.0.0.1:0"),
                                              .door = { NULL, actor, ready },
                                              .live = { NULL, read_lines, events_of, may },
                                              .threads = 2 },
                      &http) != RC_OK;
}

static int stop(void **state)
{
    (void)state;
    http_close(&http);
    return 0;
}

static int open_stream(int account, const char *headers)
{
    char text[512];
    int  fd = reach();

    (void)snprintf(text, sizeof text,
                   "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                   "Cookie: linli=%d\r\n%s\r\n",
                   http_port(http), account, headers);
    say_text(fd, text);
    return fd;
}

static int listen_in(int account, const char *headers)
{
    int fd = open_stream(account, headers);

    CHECK_HAS(hear_part(fd, STR("retry: 3000\n\n"), 2000),
              "Content-Type: text/event-stream");
    return fd;
}

/* ---- ---- */

TEST(each_hears_what_they_may_know)
{
    int resident = listen_in(7, ""), other = listen_in(6, ""), desk = listen_in(8, "");

    land(7);
    struct str heard = hear_part(resident, STR("\"unread\":1}\n\n"), 2000);
    CHECK_HAS(heard, "id: 12-1\nevent: inbox\ndata: {\"unread\":1}\n\n");
    CHECK(!str_has(heard, STR("event: case")));
    heard = hear_part(desk, STR("}\n\n"), 2000);
    CHECK_HAS(heard, "id: 12-1\nevent: case\ndata: {\"case\":\"1\"");
    CHECK_INT(hear(other, 200).len, 0);
    (void)close(resident);
    (void)close(other);
    (void)close(desk);
}

TEST(the_id_stands_on_the_last_event_of_a_line)
{
    int both = listen_in(8, "");

    land(8);
    struct str heard = hear_part(both, STR("event: case"), 2000);
    CHECK_INT(times(heard, STR("id: 12-1\n")), 1);
    CHECK(str_has(str_cut(heard, ':').tail, STR("inbox")));
    CHECK(!str_has(str_slice(heard.at, 12), STR("id:")));
    (void)close(both);
}

TEST(a_stream_resumes_where_it_was)
{
    for (int i = 0; i < 200; i++)
        land(i % 2 ? 8 : 0); /* every second line tells nobody anything */
    int        fd = open_stream(8, "Last-Event-ID: 12-150\r\n");
    struct str heard = hear_part(fd, STR("id: 12-200\n"), 3000);
    CHECK(!str_has(heard, STR("id: 12-150\n")));
    CHECK_INT(times(heard, STR("id: 12-")), 25);
    land(8);
    heard = hear_part(fd, STR("id: 12-201\nevent: case"), 2000);
    CHECK_INT(times(heard, STR("id: 12-201\n")), 1);
    (void)close(fd);
}

TEST(nothing_is_lost_or_doubled_between_resuming_and_news)
{
    for (int i = 0; i < 500; i++)
        land(8);
    int fd = open_stream(8, "Last-Event-ID: 12-1\r\n");
    for (int i = 0; i < 20; i++) {
        land(8);
        thread_pause(1);
    }
    int64_t next = 2;
    for (struct str heard; next <= 520 && (heard = hear_part(fd, STR("\n\n"), 2000)).len;)
        for (const char *at = heard.at;
             (at = memmem(at, (size_t)(heard.at + heard.len - at), "\"case\":\"", 8)) !=
             NULL;
             at += 8)
            if (atoll(at + 8) == next)
                next++;
            else
                fail_msg("line %.8s came where %lld was due", at + 8, (long long)next);
    CHECK_INT(next, 521);
    (void)close(fd);
}

TEST(who_is_too_far_behind_loads_anew)
{
    for (int i = 0; i < HTTP_STREAM_RESUME_MAX + 10; i++)
        land(0);
    int fd = open_stream(8, "Last-Event-ID: 12-3\r\n");
    CHECK_STATUS(hear(fd, 500), 410);
    (void)close(fd);
    fd = open_stream(8, "Last-Event-ID: nonsense\r\n");
    CHECK_STATUS(hear(fd, 500), 410);
    (void)close(fd);
    fd = listen_in(8, "Last-Event-ID: 12-20\r\n");
    (void)close(fd);
}

TEST(nobody_has_no_stream)
{
    CHECK_STATUS(ask("GET", "/api/v1/live", "", NULL), 401);
    CHECK_STATUS(ask("GET", "/api/v1/live", "Cookie: linli=nobody\r\n", NULL), 401);
    CHECK_STATUS(ask("POST", "/api/v1/live", CHANGES "Cookie: linli=8\r\n", "{}"), 405);
}

TEST(a_person_has_only_so_many_streams)
{
    int fds[HTTP_STREAMS_PER_ACCOUNT_MAX];

    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = listen_in(8, "");
    CHECK_STATUS(ask("GET", "/api/v1/live", "Cookie: linli=8\r\n", NULL), 429);
    (void)close(fds[0]); /* a page that is loaded again gets its place back at once */
    fds[0] = listen_in(8, "");
    for (size_t i = 0; i < COUNT(fds); i++)
        (void)close(fds[i]);
}

TEST(an_ended_session_loses_its_stream)
{
    int     fd = listen_in(7, ""), stays = listen_in(8, "");
    int64_t from_us = clock_mono_us();

    ended = true;
    CHECK_HAS(hear_part(fd, STR("0\r\n\r\n"), 6000), "0\r\n\r\n");
    CHECK(clock_mono_us() - from_us < 5000000);
    land(8);
    CHECK_HAS(hear_part(stays, STR("event: case"), 1000), "event: case");
    (void)close(fd);
    (void)close(stays);
}

TEST(a_reader_that_does_not_read_is_dropped)
{
    int    fd = listen_in(8, "");
    size_t heard = 0;
    bool   ends = false;

    memset(padding, 'x', sizeof padding - 1);
    for (int i = 0; i < 4000; i++) {
        land(8);
        if (i % 10 == 0)
            thread_pause(1);
    }
    for (struct str part; (part = hear(fd, 300)).len > 0; heard += part.len)
        ends = str_ends(part, STR("0\r\n\r\n"));
    CHECK(ends && heard < 4000 * sizeof padding);
    (void)close(fd);
}

TEST(a_stop_ends_the_streams)
{
    int     fd = listen_in(8, "");
    int64_t from_us = clock_mono_us();

    http_stop(http);
    CHECK(clock_mono_us() - from_us < 2000000);
    CHECK_HAS(hear(fd, 500), "0\r\n\r\n");
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_hears_what_they_may_know, start, stop),
        cmocka_unit_test_setup_teardown(the_id_stands_on_the_last_event_of_a_line, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_stream_resumes_where_it_was, start, stop),
        cmocka_unit_test_setup_teardown(
            nothing_is_lost_or_doubled_between_resuming_and_news, start, stop),
        cmocka_unit_test_setup_teardown(who_is_too_far_behind_loads_anew, start, stop),
        cmocka_unit_test_setup_teardown(nobody_has_no_stream, start, stop),
        cmocka_unit_test_setup_teardown(a_person_has_only_so_many_streams, start, stop),
        cmocka_unit_test_setup_teardown(an_ended_session_loses_its_stream, start, stop),
        cmocka_unit_test_setup_teardown(a_reader_that_does_not_read_is_dropped, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_stop_ends_the_streams, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
