/* The server over real sockets: what it refuses and how, who is too slow or too often
 * there, and that nothing is lost when clients or the server go. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/thread.h"
#include "http/http_echo.h"

/* ---- what is refused ---- */

TEST(refusals_are_problems_with_a_sentence)
{
    struct str answer = ask("GET", "/api/v1/echo/a?n=x", "", NULL);

    CHECK_STATUS(answer, 400);
    CHECK_HAS(answer, "\r\nContent-Type: application/problem+json\r\n");
    CHECK_HAS(answer, "\"type\":\"/problems/invalid\"");
    CHECK_HAS(answer, "\"problems\":[{\"where\":\"n\",\"says\":\"");
    answer = ask("GET", "/api/v1/nothing", "", NULL);
    CHECK_STATUS(answer, 404);
    CHECK_HAS(answer, "\"detail\":\"没有找到\",\"problems\":[],\"request\":\"");
    answer = ask("GET", "/api/v1/break", "", NULL);
    CHECK_STATUS(answer, 500);
}

struct refusal {
    const char *method, *path, *headers, *body;
    int         status;
};

static const struct refusal refusals[] = {
    { "POST", "/api/v1/echo", "X-Linli: 1\r\nContent-Type: text/plain\r\n", "{}", 415 },
    { "POST", "/api/v1/echo",
      "X-Linli: 1\r\nContent-Type: application/x-www-form-urlencoded\r\n", "a=b", 415 },
    { "POST", "/api/v1/echo",
      "X-Linli: 1\r\nContent-Type: application/json; charset=gbk\r\n", "{}", 415 },
    { "POST", "/api/v1/echo", "X-Linli: 1\r\n", "{}", 415 },
    { "POST", "/api/v1/photos", "X-Linli: 1\r\nContent-Type: image/heic\r\n", "x", 415 },
    { "POST", "/api/v1/echo", "Content-Type: application/json\r\n", "{}", 403 },
    { "POST", "/api/v1/echo", CHANGES "Origin: http://evil.example\r\n", "{}", 403 },
    { "POST", "/api/v1/echo", CHANGES "Origin: null\r\n", "{}", 403 },
    { "POST", "/api/v1/echo", CHANGES, "{\"nothing\":1}", 400 },
    { "POST", "/api/v1/echo", CHANGES, "{", 400 },
    { "POST", "/api/v1/echo", CHANGES "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 400 },
    { "POST", "/api/v1/echo", CHANGES "Transfer-Encoding: gzip, chunked\r\n", NULL, 400 },
    { "GET", "/api/v1/echo/a?n=1&n=2", "", NULL, 400 },
    { "GET", "/api/v1/echo/a?n=1&m=2", "", NULL, 400 },
    { "GET", "/api/v1/echo/a%00b", "", NULL, 400 },
    { "GET", "/api/v1/echo/a%2Fb", "", NULL, 400 },
    { "GET", "/api/v1/echo/%ff", "", NULL, 400 },
    { "GET", "/api/v1/../v1/echo/a", "", NULL, 404 },
    { "GET", "/api/v1/%2e%2e/echo/a", "", NULL, 404 },
    { "GET", "/api/v1/echo/", "", NULL, 404 },
    { "GET", "/api/v1/echo/a/b", "", NULL, 404 },
    { "GET", "/api/v1", "", NULL, 404 },
    { "GET", "/.git/config", "", NULL, 404 },
    { "GET", "http://127.0.0.1/api/v1/echo/a", "", NULL, 400 },
    { "GET", "/api/v1/echo/a", "Cookie: a=b\r\nCookie: linli=good\r\n", NULL, 400 },
    { "GET", "/api/v1/echo/a", "Content-Type: application/json\r\n", "{}", 400 },
    { "BREW", "/api/v1/echo/a", "", NULL, 405 },
};

TEST(what_does_not_fit_is_refused_with_the_right_code)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        const struct refusal *row = &refusals[i];
        struct str            answer = ask(row->method, row->path, row->headers, row->body);
        if (status_of(answer) != row->status)
            fail_msg("%s %s (row %zu): want %d, got %.*s", row->method, row->path, i,
                     row->status, STR_ARG(answer));
        CHECK_HAS(answer, "\"detail\":\"");
        CHECK(str_has(answer, STR("\r\nX-Content-Type-Options: nosniff")));
    }
}

TEST(a_host_that_is_not_ours_is_refused)
{
    const char *text = "GET /api/v1/echo/a HTTP/1.1\r\nHost: evil.example\r\n"
                       "Connection: close\r\n\r\n";

    CHECK_STATUS(talk(text, strlen(text)), 400);
}

TEST(long_urls_and_heads_are_refused)
{
    static char path[6000], headers[20000];

    memset(path, 'a', sizeof path - 1);
    memcpy(path, "/api/v1/echo/", 13);
    CHECK_STATUS(ask("GET", path, "", NULL), 414);
    size_t n = 0;
    for (int i = 0; i < 80; i++)
        n += (size_t)snprintf(headers + n, sizeof headers - n, "X-%d: y\r\n", i);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", headers, NULL), 431);
    memset(headers, 'b', sizeof headers);
    memcpy(headers, "X-Big: ", 7);
    memcpy(headers + 17000, "\r\n", 3);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", headers, NULL), 431);
}

TEST(heads_just_within_the_limits_are_answered)
{
    static char path[HTTP_URL_BYTES_MAX + 1], headers[HTTP_HEADERS_BYTES_MAX + 1024];
    size_t      n = 0;

    memset(path, 'a', sizeof path - 1);
    memcpy(path, "/api/v1/nothing/", 16);
    for (int i = 0; i < HTTP_HEADERS_MAX - 4; i++)
        n += (size_t)snprintf(headers + n, sizeof headers - n, "X-%03d: %0256d\r\n", i, i);
    CHECK_STATUS(ask("GET", path, headers, NULL), 404);
}

TEST(a_body_that_is_too_large_is_refused_before_it_is_read)
{
    int  fd = reach();
    char text[512];
    int  n = snprintf(text, sizeof text,
                      "POST /api/v1/echo HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                      "Content-Length: %d\r\n\r\n",
                      http_port(http), HTTP_BODY_BYTES_MAX + 1);

    say(fd, text, (size_t)n);
    struct str answer = hear(fd, 1000); /* not one byte of the body was sent */
    CHECK_STATUS(answer, 413);
    CHECK_HAS(answer, "内容太大了");
    CHECK(hung_up(fd, 1000));
    (void)close(fd);
}

static void say_chunks(int fd, size_t chunks)
{
    static char chunk[4096 + 8];

    memcpy(chunk, "1000\r\n", 6);
    memset(chunk + 6, ' ', 4096);
    memcpy(chunk + 4102, "\r\n", 2);
    for (size_t i = 0; i < chunks; i++)
        say(fd, chunk, 4104);
}

static int reach_chunked(void)
{
    char text[512];
    int  fd = reach();
    int  n = snprintf(text, sizeof text,
                      "POST /api/v1/echo HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                      "Transfer-Encoding: chunked\r\n\r\n",
                      http_port(http));

    say(fd, text, (size_t)n);
    return fd;
}

TEST(a_chunked_body_is_counted)
{
    int fd = reach_chunked();

    say_chunks(fd, 10);
    say_text(fd, "2\r\n{}\r\n0\r\n\r\n");
    CHECK_STATUS(hear(fd, 500), 201);
    (void)close(fd);
    fd = reach_chunked();
    say_chunks(fd, 65);
    say_text(fd, "0\r\n\r\n");
    CHECK_STATUS(hear(fd, 500), 413);
    (void)close(fd);
    fd = reach_chunked();
    say_chunks(fd, 200); /* and no end */
    CHECK(hung_up(fd, 1000));
    (void)close(fd);
}

/* ---- slow and absent clients ---- */

TEST(a_slow_head_is_cut)
{
    int     fd = reach(), kept = reach();
    char    text[256];
    int64_t from_us = clock_mono_us();
    bool    cut = false, kept_cut = false;

    int n =
        snprintf(text, sizeof text, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
                 http_port(http));
    say(kept, text, (size_t)n);
    CHECK_STATUS(hear(kept, 3000), 200);
    for (int i = 0; i < 150 && !(cut && kept_cut); i++) {
        cut = cut || hung_up(fd, 0);
        kept_cut = kept_cut || hung_up(kept, 0);
        say_text(fd, i == 0 ? "GET / HT" : "T");
        say_text(kept, i == 0 ? "GET / HT" : "T");
        thread_pause(200);
    }
    int64_t took_ms = (clock_mono_us() - from_us) / 1000;
    CHECK(cut && kept_cut);
    CHECK(took_ms > HTTP_HEAD_MS - 500); /* a busy machine may take longer */
    (void)close(fd);
    (void)close(kept);
}

TEST(a_slow_body_is_cut)
{
    int     fd = reach();
    char    text[512];
    int64_t from_us = clock_mono_us();
    int     n = snprintf(text, sizeof text,
                         "POST /api/v1/echo HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                         "Content-Length: 5000\r\n\r\n",
                         http_port(http));

    say(fd, text, (size_t)n);
    while (!hung_up(fd, 200) && clock_mono_us() - from_us < 30000000)
        say_text(fd, " ");
    int64_t took_ms = (clock_mono_us() - from_us) / 1000;
    CHECK(took_ms > HTTP_BODY_GRACE_MS - 500 && took_ms < 30000);
    (void)close(fd);
}

TEST(pipelined_requests_are_answered_in_order)
{
    char   text[4096];
    size_t n = 0;

    for (int i = 0; i < 8; i++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "%s /api/v1/echo%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                              "Content-Length: %d\r\n%s\r\n%s",
                              i % 2 ? "POST" : "GET", i % 2 ? "" : "/a", http_port(http),
                              i % 2 ? 2 : 0, i == 7 ? "Connection: close\r\n" : "",
                              i % 2 ? "{}" : "");
    struct str answer = talk(text, n);
    CHECK_INT(times(answer, STR("HTTP/1.1 200")), 4);
    CHECK_INT(times(answer, STR("HTTP/1.1 201")), 4);
}

static atomic_int answered;

static void *write_some(void *context)
{
    (void)context;
    for (int i = 0; i < 5; i++)
        if (status_of(ask("POST", "/api/v1/echo", CHANGES, "{\"text\":\"a\"}")) == 201)
            answered++;
    return NULL;
}

TEST(a_hundred_writers_at_once_are_all_answered)
{
    pthread_t threads[100];

    answered = 0;
    for (size_t i = 0; i < COUNT(threads); i++)
        CHECK(pthread_create(&threads[i], NULL, write_some, NULL) == 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(answered, 500);
}

static void ask_slowly(int *fds, size_t n)
{
    char text[512];
    int  len = snprintf(text, sizeof text,
                        "POST /api/v1/slow HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                        "Connection: close\r\nContent-Length: 2\r\n\r\n{}",
                        http_port(http));

    for (size_t i = 0; i < n; i++) {
        fds[i] = reach();
        say(fds[i], text, (size_t)len);
    }
    thread_pause(300); /* until they have their places */
}

TEST(slow_preparations_do_not_hold_up_the_others)
{
    enum { PLACES = HTTP_SLOW_THREADS + HTTP_SLOW_QUEUE_MAX };
    int fds[PLACES], more;

    echo_released = false;
    ask_slowly(fds, HTTP_SLOW_THREADS);
    ask_slowly(fds + HTTP_SLOW_THREADS, HTTP_SLOW_QUEUE_MAX);
    ask_slowly(&more, 1);
    CHECK_STATUS(hear(more, 2000), 429);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", "", NULL), 200);
    CHECK(!hung_up(fds[0], 0));
    echo_released = true;
    for (size_t i = 0; i < PLACES; i++) {
        CHECK_STATUS(hear(fds[i], 3000), 201);
        (void)close(fds[i]);
    }
    (void)close(more);
}

TEST(a_client_that_leaves_does_not_stop_its_act)
{
    char text[512];
    int  n = snprintf(text, sizeof text,
                      "POST /api/v1/wait HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                      "Content-Length: 2\r\n\r\n{}",
                      http_port(http));

    echo_runs = 0;
    for (int i = 0; i < 3; i++) {
        int fd = reach();
        say(fd, text, (size_t)n);
        thread_pause(20);
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 },
                         sizeof(struct linger));
        (void)close(fd);
    }
    thread_pause(1200);
    CHECK_INT(echo_runs, 3);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", "", NULL), 200);
}

TEST(a_stop_finishes_what_was_accepted)
{
    int  fd = reach(), idle = reach();
    char text[512];
    int  n = snprintf(text, sizeof text,
                      "POST /api/v1/wait HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" CHANGES
                      "Content-Length: 2\r\n\r\n{}",
                      http_port(http));

    say(fd, text, (size_t)n);
    thread_pause(50);
    http_stop(http);
    CHECK_STATUS(hear(fd, 1000), 200);
    CHECK(hung_up(idle, 1000));
    (void)close(fd);
    (void)close(idle);
}

/* ---- how often ---- */

TEST(an_address_that_asks_too_often_waits)
{
    struct str answer = STR_NONE;
    int        n = 0;

    for (; n < 400; n++) {
        answer = ask("GET", "/nothing", "", NULL);
        if (status_of(answer) == 429)
            break;
    }
    CHECK(n >= HTTP_ADDRESS_REQUESTS_MAX && n < 400);
    CHECK_HAS(answer, "\r\nRetry-After: ");
}

TEST(an_address_has_only_so_many_connections)
{
    int    fds[HTTP_ADDRESS_CONNECTIONS_MAX + 6];
    size_t refused = 0;

    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = reach();
    thread_pause(200);
    for (size_t i = 0; i < COUNT(fds); i++) {
        refused += hung_up(fds[i], 0);
        (void)close(fds[i]);
    }
    CHECK(refused >= 4 && refused <= 6); /* two threads accept */
    thread_pause(200);
    CHECK_STATUS(ask("GET", "/healthz", "", NULL), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITHOUT_LIMITS(refusals_are_problems_with_a_sentence),
        WITHOUT_LIMITS(what_does_not_fit_is_refused_with_the_right_code),
        WITHOUT_LIMITS(a_host_that_is_not_ours_is_refused),
        WITHOUT_LIMITS(long_urls_and_heads_are_refused),
        WITHOUT_LIMITS(heads_just_within_the_limits_are_answered),
        WITHOUT_LIMITS(a_body_that_is_too_large_is_refused_before_it_is_read),
        WITHOUT_LIMITS(a_chunked_body_is_counted),
        WITHOUT_LIMITS(a_slow_head_is_cut),
        WITHOUT_LIMITS(a_slow_body_is_cut),
        WITHOUT_LIMITS(pipelined_requests_are_answered_in_order),
        WITHOUT_LIMITS(a_hundred_writers_at_once_are_all_answered),
        WITHOUT_LIMITS(slow_preparations_do_not_hold_up_the_others),
        WITHOUT_LIMITS(a_client_that_leaves_does_not_stop_its_act),
        WITHOUT_LIMITS(a_stop_finishes_what_was_accepted),
        WITH_LIMITS(an_address_that_asks_too_often_waits),
        WITH_LIMITS(an_address_has_only_so_many_connections),
    };
    return cmocka_run_group_tests(tests, echo_prepare, echo_clean);
}
