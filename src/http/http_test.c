/* The server over real sockets: what it lets in, what it refuses and how, and that
 * nothing is lost when clients or the server go. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"
#include "base/clock.h"
#include "base/limits.h"
#include "http/http_fixture.h"

/* ---- acts ---- */

struct echo {
    struct str word, text;
    int64_t    n;
};

static const struct field echo_args[] = {
    FIELD(struct echo, word, REQUIRED, .max = 20),
    FIELD(struct echo, n, OPTIONAL),
};
static const struct field text_args[] = { FIELD(struct echo, text, .max = 300000) };
static const struct field echo_answer[] = {
    FIELD(struct echo, word, OPTIONAL),
    FIELD(struct echo, text, OPTIONAL),
    FIELD(struct echo, n, OPTIONAL),
};

static atomic_int runs;

static enum rc echo(struct op *op, const void *args, struct view *view)
{
    (void)op;
    runs++;
    view_struct(view, echo_answer, COUNT(echo_answer), args);
    return RC_OK;
}

static enum rc made(struct op *op, const void *args, struct view *view)
{
    view->status = 201;
    view->version = 3;
    return echo(op, args, view);
}

static enum rc wait_a_while(struct op *op, const void *args, struct view *view)
{
    thread_pause(300);
    return echo(op, args, view);
}

static atomic_bool released;

static enum rc hash_slowly(struct op *op, void *args)
{
    (void)op, (void)args;
    for (int i = 0; i < 1000 && !released; i++)
        thread_pause(10);
    return RC_OK;
}

static enum rc received(struct op *op, const void *args, struct view *view)
{
    struct stat file;
    struct echo answer = { 0 };
    char       *path = str_z(op->arena, op->upload);

    (void)args;
    if (!path || stat(path, &file) != 0 || (file.st_mode & 0777) != 0600)
        return RC_INTERNAL;
    answer.n = file.st_size;
    answer.text = op->upload;
    view_struct(view, echo_answer, COUNT(echo_answer), &answer);
    return RC_OK;
}

static enum rc who(struct op *op, const void *args, struct view *view)
{
    struct echo answer = { .n = op->actor->account,
                           .text =
                               op->actor->kind == ACTOR_LOCAL ? STR("local") : STR_NONE };

    (void)args;
    view_struct(view, echo_answer, COUNT(echo_answer), &answer);
    return RC_OK;
}

static enum rc sign_in(struct op *op, const void *args, struct view *view)
{
    view->session = STR("good");
    view->session_ms = 60000;
    return made(op, args, view);
}

static enum rc sign_out(struct op *op, const void *args, struct view *view)
{
    (void)op, (void)args;
    view->session = STR("");
    return RC_OK;
}

static enum rc breaks(struct op *op, const void *args, struct view *view)
{
    (void)op, (void)args, (void)view;
    return RC_INTERNAL;
}

static enum rc picture(struct op *op, const void *args, struct view *view)
{
    (void)op, (void)args;
    view_file(view, STR("image/png"), STR("\211PNG"));
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "echo.read",
      .method = GET,
      .path = "/echo/{word}",
      .right = RIGHT_ANYONE,
      ARGS(struct echo, echo_args),
      .run = echo },
    { .name = "echo.all",
      .method = GET,
      .path = "/echo/all",
      .right = RIGHT_ANYONE,
      .run = picture },
    { .name = "echo.write",
      .method = POST,
      .path = "/echo",
      .right = RIGHT_ANYONE,
      .writes = true,
      ARGS(struct echo, text_args),
      .run = made },
    { .name = "echo.wait",
      .method = POST,
      .path = "/wait",
      .right = RIGHT_ANYONE,
      .writes = true,
      ARGS(struct echo, text_args),
      .run = wait_a_while },
    { .name = "echo.slow",
      .method = POST,
      .path = "/slow",
      .right = RIGHT_ANYONE,
      .writes = true,
      .slow = true,
      ARGS(struct echo, text_args),
      .ready = hash_slowly,
      .run = made },
    { .name = "file.put",
      .method = POST,
      .path = "/photos",
      .right = RIGHT_ANYONE,
      .writes = true,
      .streams = true,
      .run = received },
    { .name = "who.read", .method = GET, .path = "/who", .right = RIGHT_SELF, .run = who },
    { .name = "session.open",
      .method = POST,
      .path = "/sessions",
      .right = RIGHT_ANYONE,
      .writes = true,
      ARGS(struct echo, text_args),
      .run = sign_in },
    { .name = "session.end",
      .method = DELETE,
      .path = "/sessions/current",
      .right = RIGHT_ANYONE,
      .writes = true,
      .run = sign_out },
    { .name = "break",
      .method = GET,
      .path = "/break",
      .right = RIGHT_ANYONE,
      .run = breaks },
    { 0 },
};

static enum rc actor(void *context, struct op *op, const struct http_credential *shown,
                     struct actor *actor)
{
    (void)context, (void)op;
    actor->kind = shown->kind == HTTP_LOCAL ? ACTOR_LOCAL : ACTOR_PERSON;
    actor->account = 7;
    actor->county = 3;
    if (shown->kind == HTTP_LOCAL || str_eq(shown->secret, STR("good")))
        return RC_OK;
    return RC_UNAUTHENTICATED;
}

static enum rc ready(void *context, struct op *op)
{
    (void)op;
    return *(const enum rc *)context;
}

/* ---- the server under test, and a client that may misbehave ---- */

static char    spool[] = "/tmp/linli-http-XXXXXX";
static char    socket_path[64];
static enum rc readiness = RC_OK;

static void serve(bool unlimited)
{
    struct http_options options = {
        .listen = STR("127.0.0.1:0"),
        .socket = str_of(socket_path),
        .door = { &readiness, actor, ready },
        .where = house.where,
        .catalogue = house.catalogue,
        .gate = house.gate,
        .spool = str_of(spool),
        .threads = 2,
        .unlimited = unlimited,
    };

    CHECK(http_start(&options, &http) == RC_OK);
}

static int without_limits(void **state)
{
    (void)state;
    serve(true);
    return 0;
}

static int with_limits(void **state)
{
    (void)state;
    serve(false);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    http_close(&http);
    return 0;
}

/* ---- what is let in ---- */

TEST(arguments_come_from_the_path_and_the_query)
{
    struct str answer = ask("GET", "/api/v1/echo/%E6%98%A5?n=12", "", NULL);

    CHECK_STATUS(answer, 200);
    CHECK_HAS(answer, "{\"word\":\"春\",\"text\":null,\"n\":");
    CHECK_HAS(answer, "Content-Type: application/json\r\n");
}

TEST(a_word_beats_a_parameter)
{
    struct str answer = ask("GET", "/api/v1/echo/all", "", NULL);

    CHECK_STATUS(answer, 200);
    CHECK_HAS(answer, "Content-Type: image/png\r\n");
    CHECK_HAS(answer, "sandbox");
}

TEST(a_change_is_answered_after_it_was_made)
{
    struct str answer = ask("POST", "/api/v1/echo", CHANGES, "{\"text\":\"好\"}");

    CHECK_STATUS(answer, 201);
    CHECK_HAS(answer, "\"text\":\"好\"");
}

TEST(every_answer_carries_the_security_headers)
{
    static const char *const paths[] = {
        "/api/v1/echo/a", "/api/v1/echo/all", "/nothing", "/healthz",
        "/api/v1/who",    "/api/v1/break",    "/%zz"
    };
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct str answer = ask("GET", paths[i], "", NULL);
        CHECK_HAS(answer, "\r\nContent-Security-Policy: default-src '");
        CHECK_HAS(answer, "\r\nX-Content-Type-Options: nosniff\r\n");
        CHECK_HAS(answer, "\r\nReferrer-Policy: no-referrer\r\n");
        CHECK_HAS(answer, "\r\nPermissions-Policy: ");
        CHECK_HAS(answer, "\r\nCross-Origin-Opener-Policy: same-origin\r\n");
        CHECK_HAS(answer, "\r\nCache-Control: no-store\r\n");
        CHECK_HAS(answer, "\r\nX-Request-Id: ");
    }
}

TEST(head_has_no_body_and_options_says_what_goes)
{
    struct str answer = ask("HEAD", "/api/v1/echo/a", "", NULL);

    CHECK_STATUS(answer, 200);
    CHECK(str_ends(answer, STR("\r\n\r\n")));
    answer = ask("OPTIONS", "/api/v1/echo/a", "", NULL);
    CHECK_STATUS(answer, 204);
    CHECK_HAS(answer, "\r\nAllow: GET, HEAD, OPTIONS\r\n");
    answer = ask("TRACE", "/api/v1/echo/a", "", NULL);
    CHECK_STATUS(answer, 405);
    answer = ask("DELETE", "/api/v1/echo/a", CHANGES, NULL);
    CHECK_STATUS(answer, 405);
    CHECK_HAS(answer, "\r\nAllow: GET, HEAD, OPTIONS\r\n");
}

TEST(what_is_known_already_is_not_sent_again)
{
    struct str answer = ask("GET", "/api/v1/echo/a", "", NULL);
    char       header[128];

    struct str etag = str_cut(str_skip(answer, 0), '"').tail; /* ETag is the first quoted */
    etag = str_cut(etag, '"').head;
    (void)snprintf(header, sizeof header, "If-None-Match: \"x\", W/\"%.*s\"\r\n",
                   STR_ARG(etag));
    answer = ask("GET", "/api/v1/echo/a", header, NULL);
    CHECK_STATUS(answer, 304);
    CHECK(str_ends(answer, STR("\r\n\r\n")));
}

TEST(sessions_are_cookies_that_scripts_cannot_read)
{
    CHECK_STATUS(ask("GET", "/api/v1/who", "", NULL), 401);
    CHECK_STATUS(ask("GET", "/api/v1/who", "Cookie: linli=bad\r\n", NULL), 401);
    CHECK_STATUS(ask("GET", "/api/v1/who", "Cookie: linli=good; linli=bad\r\n", NULL), 401);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", "Cookie: linli=bad\r\n", NULL), 200);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", "Authorization: Bearer bad\r\n", NULL), 401);
    struct str answer = ask("POST", "/api/v1/sessions", CHANGES, "{}");
    CHECK_STATUS(answer, 201);
    CHECK_HAS(answer,
              "\r\nSet-Cookie: linli=good; Path=/; Max-Age=60; HttpOnly; SameSite=Lax\r\n");
    answer = ask("GET", "/api/v1/who", "Cookie: a=b; linli=good\r\n", NULL);
    CHECK_STATUS(answer, 200);
    CHECK_HAS(answer, "\"n\":7");
    answer = ask("DELETE", "/api/v1/sessions/current", CHANGES, NULL);
    CHECK_STATUS(answer, 204);
    CHECK_HAS(answer, "\r\nSet-Cookie: linli=; Path=/; Max-Age=0;");
    CHECK_HAS(answer, "\r\nClear-Site-Data: ");
}

TEST(a_repeat_is_given_the_same_answer)
{
    static const char keyed[] = CHANGES "Idempotency-Key: 0123-4567_abc\r\n";

    runs = 0;
    CHECK_STATUS(ask("POST", "/api/v1/echo", keyed, "{\"text\":\"once\"}"), 201);
    struct str answer = ask("POST", "/api/v1/echo", keyed, "{\"text\":\"once\"}");
    CHECK_STATUS(answer, 201);
    CHECK_HAS(answer, "\r\nIdempotent-Replayed: true\r\n");
    CHECK_HAS(answer, "\"text\":\"once\"");
    CHECK_INT(runs, 1);
    CHECK_STATUS(ask("POST", "/api/v1/echo", keyed, "{\"text\":\"twice\"}"), 409);
    CHECK_STATUS(ask("POST", "/api/v1/echo", CHANGES "Idempotency-Key: short\r\n", "{}"),
                 400);
    CHECK_STATUS(
        ask("POST", "/api/v1/echo", CHANGES "Idempotency-Key: 12345678\t9\r\n", "{}"), 400);
}

TEST(a_photo_is_received_into_a_file_that_goes_with_the_request)
{
    struct str answer = ask("POST", "/api/v1/photos", PHOTO, "not really a picture");
    char       path[128];

    CHECK_STATUS(answer, 200);
    CHECK_HAS(answer, "\"n\":20");
    const char *from = strstr(answer.at, spool);
    CHECK(from);
    (void)snprintf(path, sizeof path, "%.*s", (int)strcspn(from, "\""), from);
    thread_pause(50);
    CHECK(access(path, F_OK) != 0);
}

/* Its body, in a buffer of the caller's: the next answer takes this one's place. */
static const char *body_in(struct str answer, char *room, size_t size)
{
    (void)snprintf(room, size, "%.*s", STR_ARG(answer));
    const char *body = strstr(room, "\r\n\r\n");
    CHECK(body);
    return body;
}

TEST(a_repeated_photo_is_the_same_one_only_if_it_is_the_same)
{
    static const char keyed[] = PHOTO "Idempotency-Key: photo-0001\r\n";
    char              first[4096], again[4096];

    struct str answer = ask("POST", "/api/v1/photos", keyed, "not really a picture");
    CHECK_STATUS(answer, 200);
    const char *body = body_in(answer, first, sizeof first);
    answer = ask("POST", "/api/v1/photos", keyed, "not really a picture");
    CHECK_HAS(answer, "\r\nIdempotent-Replayed: true\r\n");
    assert_string_equal(body_in(answer, again, sizeof again), body);
    CHECK_STATUS(ask("POST", "/api/v1/photos", keyed, "not really a Picture"), 409);
}

TEST(signing_in_again_with_the_same_key_gives_a_cookie_again)
{
    static const char keyed[] = CHANGES "Idempotency-Key: sign-in-0001\r\n";

    for (int i = 0; i < 2; i++)
        CHECK_HAS(ask("POST", "/api/v1/sessions", keyed, "{}"),
                  "\r\nSet-Cookie: linli=good;");
    for (int i = 0; i < 2; i++)
        CHECK_HAS(ask("DELETE", "/api/v1/sessions/current", keyed, NULL),
                  "\r\nSet-Cookie: linli=; ");
}

/* A name like those that a server which was killed leaves behind, and others. */
TEST(what_a_killed_server_had_received_is_removed_at_the_start)
{
    static const char *const names[] = { "0123456789abcdef0123456789abcdef", "mine.txt" };
    char                     path[2][128];

    http_close(&http);
    for (size_t i = 0; i < COUNT(names); i++) {
        (void)snprintf(path[i], sizeof path[i], "%s/%s", spool, names[i]);
        int file = open(path[i], O_WRONLY | O_CREAT, 0600);
        CHECK(file >= 0);
        (void)close(file);
    }
    serve(true);
    CHECK(access(path[0], F_OK) != 0 && access(path[1], F_OK) == 0);
    (void)unlink(path[1]);
}

TEST(the_command_line_comes_in_by_its_socket)
{
    struct stat file;
    const char *text =
        "GET /api/v1/who HTTP/1.1\r\nHost: linli\r\nConnection: close\r\n\r\n";
    int fd = reach_local(socket_path);

    CHECK(stat(socket_path, &file) == 0 && (file.st_mode & 0777) == 0600);
    say_text(fd, text);
    CHECK_HAS(hear(fd, 2000), "\"text\":\"local\"");
    (void)close(fd);
    http_stop(http);
    CHECK(stat(socket_path, &file) != 0);
}

TEST(readiness_is_told_apart_from_life)
{
    CHECK_STATUS(ask("GET", "/readyz", "", NULL), 200);
    readiness = RC_UNAVAILABLE;
    CHECK_STATUS(ask("GET", "/readyz", "", NULL), 503);
    CHECK_STATUS(ask("GET", "/healthz", "", NULL), 200);
    readiness = RC_OK;
}

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

    released = false;
    ask_slowly(fds, HTTP_SLOW_THREADS);
    ask_slowly(fds + HTTP_SLOW_THREADS, HTTP_SLOW_QUEUE_MAX);
    ask_slowly(&more, 1);
    CHECK_STATUS(hear(more, 2000), 429);
    CHECK_STATUS(ask("GET", "/api/v1/echo/a", "", NULL), 200);
    CHECK(!hung_up(fds[0], 0));
    released = true;
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

    runs = 0;
    for (int i = 0; i < 3; i++) {
        int fd = reach();
        say(fd, text, (size_t)n);
        thread_pause(20);
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 },
                         sizeof(struct linger));
        (void)close(fd);
    }
    thread_pause(1200);
    CHECK_INT(runs, 3);
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

/* ---- unsafe starts ---- */

TEST(an_unsafe_start_is_refused)
{
    static const struct str elsewhere[] = { STR_INIT("10.0.0.0/8") };
    struct http            *none;
    struct http_options     plain = { .listen = STR("0.0.0.0:0"),
                                      .door = { &readiness, actor, ready } };
    struct http_options     demo = plain, nonsense = plain, hidden = plain;

    CHECK(http_start(&plain, &none) == RC_REFUSED && !none);
    demo.demo = true;
    demo.transport = HTTP_BEHIND_PROXY;
    demo.proxies = (struct http_texts){ elsewhere, 1 };
    demo.origins = (struct http_texts){ elsewhere, 1 };
    CHECK(http_start(&demo, &none) == RC_REFUSED);
    nonsense.listen = STR("localhost");
    CHECK(http_start(&nonsense, &none) == RC_REFUSED);
    hidden.transport = HTTP_TLS;
    CHECK(http_start(&hidden, &none) == RC_REFUSED);
}

static int prepare(void **state)
{
    if (!mkdtemp(spool))
        return 1;
    (void)snprintf(socket_path, sizeof socket_path, "%s/linli.sock", spool);
    return house_open(state, acts);
}

static int clean(void **state)
{
    int left = rmdir(spool); /* empty: nothing received stays behind */

    return house_close(state) || left;
}

#define WITHOUT_LIMITS(test) cmocka_unit_test_setup_teardown(test, without_limits, stop)
#define WITH_LIMITS(test)    cmocka_unit_test_setup_teardown(test, with_limits, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITHOUT_LIMITS(arguments_come_from_the_path_and_the_query),
        WITHOUT_LIMITS(a_word_beats_a_parameter),
        WITHOUT_LIMITS(a_change_is_answered_after_it_was_made),
        WITHOUT_LIMITS(every_answer_carries_the_security_headers),
        WITHOUT_LIMITS(head_has_no_body_and_options_says_what_goes),
        WITHOUT_LIMITS(what_is_known_already_is_not_sent_again),
        WITHOUT_LIMITS(sessions_are_cookies_that_scripts_cannot_read),
        WITHOUT_LIMITS(a_repeat_is_given_the_same_answer),
        WITHOUT_LIMITS(a_photo_is_received_into_a_file_that_goes_with_the_request),
        WITHOUT_LIMITS(a_repeated_photo_is_the_same_one_only_if_it_is_the_same),
        WITHOUT_LIMITS(signing_in_again_with_the_same_key_gives_a_cookie_again),
        WITHOUT_LIMITS(what_a_killed_server_had_received_is_removed_at_the_start),
        WITHOUT_LIMITS(the_command_line_comes_in_by_its_socket),
        WITHOUT_LIMITS(readiness_is_told_apart_from_life),
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
        cmocka_unit_test(an_unsafe_start_is_refused),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
