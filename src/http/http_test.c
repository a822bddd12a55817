/* The server over real sockets: what it lets in, and how. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/thread.h"
#include "http/http_echo.h"

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

    echo_runs = 0;
    CHECK_STATUS(ask("POST", "/api/v1/echo", keyed, "{\"text\":\"once\"}"), 201);
    struct str answer = ask("POST", "/api/v1/echo", keyed, "{\"text\":\"once\"}");
    CHECK_STATUS(answer, 201);
    CHECK_HAS(answer, "\r\nIdempotent-Replayed: true\r\n");
    CHECK_HAS(answer, "\"text\":\"once\"");
    CHECK_INT(echo_runs, 1);
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
    const char *from = strstr(answer.at, echo_spool);
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
        (void)snprintf(path[i], sizeof path[i], "%s/%s", echo_spool, names[i]);
        int file = open(path[i], O_WRONLY | O_CREAT, 0600);
        CHECK(file >= 0);
        (void)close(file);
    }
    (void)echo_without_limits(NULL);
    CHECK(access(path[0], F_OK) != 0 && access(path[1], F_OK) == 0);
    (void)unlink(path[1]);
}

TEST(the_command_line_comes_in_by_its_socket)
{
    struct stat file;
    const char *text =
        "GET /api/v1/who HTTP/1.1\r\nHost: linli\r\nConnection: close\r\n\r\n";
    int fd = reach_local(echo_socket);

    CHECK(stat(echo_socket, &file) == 0 && (file.st_mode & 0777) == 0600);
    say_text(fd, text);
    CHECK_HAS(hear(fd, 2000), "\"text\":\"local\"");
    (void)close(fd);
    http_stop(http);
    CHECK(stat(echo_socket, &file) != 0);
}

TEST(readiness_is_told_apart_from_life)
{
    CHECK_STATUS(ask("GET", "/readyz", "", NULL), 200);
    echo_readiness = RC_UNAVAILABLE;
    CHECK_STATUS(ask("GET", "/readyz", "", NULL), 503);
    CHECK_STATUS(ask("GET", "/healthz", "", NULL), 200);
    echo_readiness = RC_OK;
}

/* ---- unsafe starts ---- */

TEST(an_unsafe_start_is_refused)
{
    static const struct str elsewhere[] = { STR_INIT("10.0.0.0/8") };
    struct http            *none;
    struct http_options     plain = { .listen = STR("0.0.0.0:0"),
                                      .door = { &echo_readiness, echo_actor, echo_ready } };
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
        cmocka_unit_test(an_unsafe_start_is_refused),
    };
    return cmocka_run_group_tests(tests, echo_prepare, echo_clean);
}
