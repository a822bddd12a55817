/* Signing in over HTTP, on both databases: the second factor, what a half session may do,
 * who is locked out and who is not, and what ends a session. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <liboath/oath.h>

#include "app/door.h"
#include "authenticator.h"
#include "base/clock.h"
#include "guard/lockout.h"
#include "http/http_fixture.h"
#include "registry/account.h"
#include "town.h"

enum { TEXT_MAX = 16 << 10, DAY_MS = 24 * 3600 * 1000, HALF_MINUTE_MS = 30000 };
#define PASSWORD      "晚霞 竹篮 7 只 灯笼 在屋檐下"
#define NEXT_PASSWORD "清晨 石桥 9 匹 白马 在河岸边"

/* ---- a town that is served ---- */

struct served {
    struct town t;
    char        origin[40];
};

static void begin(struct served *s, void **state)
{
    static const struct str proxies[] = { STR_INIT("127.0.0.1/32") };
    struct town            *t = &s->t;

    town_open(t, state);
    lockout_forget();
    CHECK_INT(http_start(&(struct http_options){ .listen = STR("127.0.0.1:0"),
                                                 .transport = HTTP_PLAIN,
                                                 .proxies = { proxies, 1 },
                                                 .where = t->where,
                                                 .catalogue = t->catalogue,
                                                 .gate = t->gate,
                                                 .door = door_of(t->gate),
                                                 .live = door_live(),
                                                 .version = STR("test"),
                                                 .unlimited = true },
                         &http),
              RC_OK);
    (void)snprintf(s->origin, sizeof s->origin, "http://localhost:%u", http_port(http));
}

static void end(struct served *s)
{
    http_stop(http);
    gate_close(&s->t.gate);
    http_close(&http);
    town_close(&s->t);
}

/* ---- a browser somewhere ---- */

struct browser {
    struct served *s;
    const char    *address;
    struct str     cookie; /* absent: none */
    int            status;
    struct str     answer; /* the last one, whole */
};

static struct browser browser_at(struct served *s, const char *address)
{
    return (struct browser){ .s = s, .address = address };
}

static struct str request_text(struct browser *b, const char *method, const char *path,
                               struct str body)
{
    return str_fmt(&b->s->t.arena,
                   "%s %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n"
                   "X-Forwarded-For: %s\r\nX-Linli: 1\r\nContent-Type: application/json\r\n"
                   "%s%.*s\r\nContent-Length: %zu\r\n\r\n%.*s",
                   method, path, http_port(http), b->address,
                   b->cookie.at ? "Cookie: linli=" : "X-None: ", STR_ARG(b->cookie),
                   body.len, STR_ARG(body));
}

static struct str after(struct str text, struct str mark)
{
    for (; text.len >= mark.len; text = str_skip(text, 1))
        if (str_starts(text, mark))
            return str_skip(text, mark.len);
    return STR_NONE;
}

static int send_text(struct browser *b, const char *method, const char *path,
                     struct str body)
{
    struct str text = request_text(b, method, path, body);

    b->answer = str_copy(&b->s->t.arena, talk(text.at, text.len));
    b->status = status_of(b->answer);
    struct str given = after(b->answer, STR("Set-Cookie: linli="));
    if (given.at)
        b->cookie = str_cut(given, ';').head;
    return b->status;
}

static int send_to(struct browser *b, const char *method, const char *path,
                   const char *format, ...) PRINTF(4, 5);
static int send_to(struct browser *b, const char *method, const char *path,
                   const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str body = str_vfmt(&b->s->t.arena, format, args);
    va_end(args);
    return send_text(b, method, path, body);
}

/* A look that anybody signed in may have. */
static int look(struct browser *b)
{
    return send_to(b, "GET", "/api/v1/inbox", "%s", "");
}

static struct str told(struct browser *b, const char *name)
{
    return town_member(&b->s->t, after(b->answer, STR("\r\n\r\n")), name);
}

/* ---- people ---- */

static void set_password(struct served *s, const char *login, const char *password)
{
    struct town   *t = &s->t;
    struct asking  made = town_ask(t, "*", "account.code", "{\"id\":\"%lld\"}",
                                   (long long)town_account(t, login));
    struct str     code = town_member(t, town_answer(&made), "code");
    struct browser b = browser_at(s, "10.9.9.9");

    CHECK_INT(send_to(&b, "POST", "/api/v1/accounts/claim",
                      "{\"login\":\"%s\",\"code\":\"%.*s\",\"password\":\"%s\"}", login,
                      STR_ARG(code), password),
              204);
}

static int password_from(struct browser *b, const char *login, const char *password)
{
    return send_to(b, "POST", "/api/v1/sessions",
                   "{\"account\":\"%s\",\"password\":\"%s\"}", login, password);
}

/* What the app shows now. */
static struct str shown_by(struct served *s, struct str secret)
{
    char  *key = NULL, code[8], *z = str_z(&s->t.arena, secret);
    size_t n = 0;

    CHECK_INT(oath_base32_decode(z, secret.len, &key, &n), OATH_OK);
    CHECK_INT(oath_totp_generate(key, n, clock_now_ms() / 1000, 30, 0, 6, code), OATH_OK);
    free(key);
    return str_copy(&s->t.arena, str_slice(code, 6));
}

static int code_from(struct browser *b, const char *path, struct str code)
{
    return send_to(b, "POST", path, "{\"code\":\"%.*s\"}", STR_ARG(code));
}

static int totp_from(struct browser *b, struct str secret)
{
    return code_from(b, "/api/v1/sessions/current/totp", shown_by(b->s, secret));
}

/* Password set, an app bound; answers with its secret.  The browser is signed in. */
static struct str enrolled(struct browser *b, const char *login)
{
    set_password(b->s, login, PASSWORD);
    CHECK_INT(password_from(b, login, PASSWORD), 201);
    CHECK_TEXT(told(b, "me").at ? town_member(&b->s->t, told(b, "me"), "owes") : STR(""),
               STR("enrolment"));
    CHECK_INT(send_to(b, "POST", "/api/v1/factors/totp", "{}"), 200);
    struct str secret = told(b, "secret");
    CHECK_INT(code_from(b, "/api/v1/factors/totp/confirm", shown_by(b->s, secret)), 201);
    town_later(&b->s->t, HALF_MINUTE_MS);
    return secret;
}

static void sign_in(struct browser *b, const char *login, struct str secret)
{
    CHECK_INT(password_from(b, login, PASSWORD), 201);
    CHECK_INT(totp_from(b, secret), 201);
    town_later(&b->s->t, HALF_MINUTE_MS);
}

/* ---- half signed in ---- */

static const char *const methods[] = {
    [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [PATCH] = "PATCH", [DELETE] = "DELETE"
};

/* "/api/v1/cases/1/moves" */
static const char *path_of(struct served *s, const struct act *act)
{
    struct str path = STR("/api/v1"), rest = str_of(act->path);

    while (rest.len) {
        struct str_cut open = str_cut(rest, '{');
        path = str_fmt(&s->t.arena, "%.*s%.*s%s", STR_ARG(path), STR_ARG(open.head),
                       open.ok ? "1" : "");
        rest = open.ok ? str_cut(open.tail, '}').tail : STR("");
    }
    return str_z(&s->t.arena, path);
}

static void check_refused(struct browser *b, const char *what)
{
    if (b->status != 403 || !str_has(b->answer, STR("/problems/second-factor")))
        fail_msg("%s: %.*s", what, STR_ARG(b->answer));
}

/* Each act, with nothing in it: what it would say to that does not come into it. */
static void ask_every_act(struct browser *b, enum owes owes)
{
    for (size_t i = 0; i < acts_count(); i++) {
        const struct act *act = acts_at(i);
        if (!act->path || act->owing >> owes & 1)
            continue;
        (void)send_to(b, methods[act->method], path_of(b->s, act), "%s",
                      act->method == GET ? "" : "{}");
        check_refused(b, act->name);
    }
}

TEST(without_the_second_factor_every_act_is_refused)
{
    struct served s;

    begin(&s, state);
    struct browser first = browser_at(&s, "10.0.0.1"), b = browser_at(&s, "10.0.0.2");
    struct str     secret = enrolled(&first, "zhoulan");
    CHECK_INT(password_from(&b, "zhoulan", PASSWORD), 201);
    ask_every_act(&b, OWES_FACTOR);
    (void)send_to(&b, "GET", "/api/v1/live", "%s", "");
    check_refused(&b, "live");
    (void)send_to(&b, "GET", "/api/v1/openapi.json", "%s", "");
    check_refused(&b, "openapi.json");
    CHECK_INT(send_to(&b, "GET", "/api/v1/start", "%s", ""), 200);
    CHECK(str_has(b.answer, STR("\"owes\":\"factor\"")) &&
          str_has(b.answer, STR("\"holds\":[]")) &&
          str_has(b.answer, STR("\"scenes\":[]")));
    CHECK_INT(totp_from(&b, secret), 201);
    CHECK_INT(look(&b), 200);
    end(&s);
}

TEST(who_has_none_yet_can_do_nothing_but_bind_one)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1");
    set_password(&s, "liumin", PASSWORD);
    CHECK_INT(password_from(&b, "liumin", PASSWORD), 201);
    ask_every_act(&b, OWES_ENROLMENT);
    end(&s);
}

/* The gate holds by itself, whoever presents the act. */
TEST(the_gate_refuses_half_a_session_by_itself)
{
    struct served s;

    begin(&s, state);
    struct actor actor = town_actor(&s.t, "zhoulan");
    actor.owes = OWES_FACTOR;
    for (size_t i = 0; i < acts_count(); i++) {
        const struct act *act = acts_at(i);
        struct asking     asking = { .arena = &s.t.arena, .act = act, .actor = &actor };
        if (act->owing >> OWES_FACTOR & 1)
            continue;
        asking.args = arena_take(&s.t.arena, act->args_size + 1);
        gate_ask_wait(s.t.gate, &asking, s.t.db);
        if (asking.rc != RC_SECOND_FACTOR)
            fail_msg("%s: %.*s", act->name, STR_ARG(rc_word(asking.rc)));
    }
    end(&s);
}

TEST(residents_sign_in_with_a_password_alone_until_they_want_more)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    set_password(&s, "wangfang", PASSWORD);
    CHECK_INT(password_from(&b, "wangfang", PASSWORD), 201);
    CHECK_INT(look(&b), 200);
    CHECK_INT(send_to(&b, "POST", "/api/v1/factors/totp", "{}"), 422);
    CHECK_INT(
        send_to(&b, "POST", "/api/v1/factors/totp", "{\"password\":\"" PASSWORD "\"}"),
        200);
    struct str secret = told(&b, "secret");
    CHECK_INT(code_from(&b, "/api/v1/factors/totp/confirm", shown_by(&s, secret)), 201);
    town_later(&s.t, HALF_MINUTE_MS);
    CHECK_INT(password_from(&other, "wangfang", PASSWORD), 201);
    CHECK_INT(look(&other), 403);
    CHECK_INT(totp_from(&other, secret), 201);
    CHECK_INT(look(&other), 200);
    end(&s);
}

/* ---- codes ---- */

TEST(a_code_of_the_app_opens_once)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), thief = browser_at(&s, "10.0.0.2");
    struct str     secret = enrolled(&b, "zhoulan");
    CHECK_INT(password_from(&b, "zhoulan", PASSWORD), 201);
    CHECK_INT(password_from(&thief, "zhoulan", PASSWORD), 201);
    struct str half = b.cookie, code = shown_by(&s, secret);
    CHECK_INT(code_from(&b, "/api/v1/sessions/current/totp", code), 201);
    CHECK_INT(code_from(&thief, "/api/v1/sessions/current/totp", code), 422);
    CHECK(!str_eq(half, b.cookie)); /* a step up is another token, and the old one ends */
    b.cookie = half;
    CHECK_INT(look(&b), 401);
    end(&s);
}

/* A binding that is not confirmed changes nothing, and never opens. */
TEST(a_secret_that_was_only_shown_is_no_factor)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    struct str     secret = enrolled(&b, "zhoulan");
    CHECK_INT(
        send_to(&b, "POST", "/api/v1/factors/totp", "{\"password\":\"" PASSWORD "\"}"),
        200);
    struct str pending = told(&b, "secret");
    CHECK_INT(password_from(&other, "zhoulan", PASSWORD), 201);
    CHECK_INT(totp_from(&other, pending), 422);
    CHECK_INT(send_to(&other, "POST", "/api/v1/factors/totp", "{}"), 403);
    CHECK_INT(totp_from(&other, secret), 201);
    end(&s);
}

TEST(codes_on_paper_open_once_each)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    (void)enrolled(&b, "zhoulan");
    CHECK_INT(
        send_to(&b, "POST", "/api/v1/factors/recovery", "{\"password\":\"" PASSWORD "\"}"),
        200);
    struct str code = str_slice(after(b.answer, STR("\"recovery\":[\"")).at, 8);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(password_from(&other, "zhoulan", PASSWORD), 201);
        CHECK_INT(code_from(&other, "/api/v1/sessions/current/recovery", code),
                  i ? 422 : 201);
    }
    CHECK_INT(town_count(&s.t, "SELECT count(*) FROM recovery_codes"), 9);
    end(&s);
}

TEST(five_wrong_codes_lock_that_address_and_the_owner_signs_in_from_another)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), thief = browser_at(&s, "10.66.0.1");
    struct str     secret = enrolled(&b, "zhoulan");
    CHECK_INT(password_from(&thief, "zhoulan", PASSWORD), 201);
    for (int i = 0; i < 5; i++)
        CHECK_INT(code_from(&thief, "/api/v1/sessions/current/totp", STR("000000")), 422);
    CHECK_INT(totp_from(&thief, secret), 429);
    CHECK_INT(password_from(&thief, "zhoulan", PASSWORD), 201); /* begins no new count */
    CHECK_INT(totp_from(&thief, secret), 429);
    sign_in(&b, "zhoulan", secret);
    CHECK_INT(look(&b), 200);
    end(&s);
}

TEST(five_wrong_passwords_lock_that_address_and_the_owner_signs_in_from_another)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), thief = browser_at(&s, "10.66.0.1");
    struct str     secret = enrolled(&b, "zhoulan");
    for (int i = 0; i < 5; i++)
        CHECK_INT(password_from(&thief, "zhoulan", "不是这一个密码"), 401);
    CHECK_INT(password_from(&thief, "zhoulan", PASSWORD), 429);
    sign_in(&b, "zhoulan", secret);
    CHECK_INT(look(&b), 200);
    end(&s);
}

TEST(a_one_time_code_is_tried_five_times_used_once_and_one_accounts)
{
    struct served s;

    begin(&s, state);
    struct town   *t = &s.t;
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    struct asking  made = town_ask(t, "*", "account.code", "{\"id\":\"%lld\"}",
                                   (long long)town_account(t, "zhoulan"));
    struct str     code = town_member(t, town_answer(&made), "code");
#define CLAIM(b, login, code)                                                              \
    send_to(&(b), "POST", "/api/v1/accounts/claim",                                        \
            "{\"login\":\"%s\",\"code\":\"%.*s\",\"password\":\"" PASSWORD "\"}", login,   \
            STR_ARG(code))
    for (int i = 0; i < 5; i++)
        CHECK_INT(CLAIM(b, "zhoulan", STR("AAAA2222")), 422);
    CHECK_INT(CLAIM(b, "zhoulan", code), 429);
    CHECK_INT(CLAIM(other, "liumin", code), 422);
    CHECK_INT(CLAIM(other, "zhoulan", code), 204);
    CHECK_INT(CLAIM(other, "zhoulan", code), 422);
    end(&s);
}

/* ---- passkeys ---- */

static struct page page_of(struct browser *b)
{
    return (struct page){ .origin = str_of(b->s->origin),
                          .rp = STR("localhost"),
                          .challenge = told(b, "challenge") };
}

static struct str coded(struct browser *b, struct str bytes)
{
    return base64url(&b->s->t.arena, bytes);
}

static int add_key(struct browser *b, struct authenticator *key)
{
    CHECK_INT(send_to(b, "POST", "/api/v1/factors/passkeys/begin", "{}"), 200);
    struct page         page = page_of(b);
    struct passkey_told made = authenticator_makes(key, &b->s->t.arena, &page);
    struct str data = coded(b, made.client_data), said = coded(b, made.authenticator);
    return send_to(b, "POST", "/api/v1/factors/passkeys",
                   "{\"title\":\"手机\",\"algorithm\":-7,\"client_data\":\"%.*s\","
                   "\"authenticator\":\"%.*s\"}",
                   STR_ARG(data), STR_ARG(said));
}

static int show_key(struct browser *b, struct authenticator *key, const struct page *page)
{
    struct passkey_told shown = authenticator_shows(key, &b->s->t.arena, page);
    struct str          id = coded(b, str_slice((const char *)key->credential, 32)),
               data = coded(b, shown.client_data), said = coded(b, shown.authenticator),
               signature = coded(b, shown.signature);

    return send_to(b, "POST", "/api/v1/sessions/current/passkey",
                   "{\"credential\":\"%.*s\",\"client_data\":\"%.*s\","
                   "\"authenticator\":\"%.*s\",\"signature\":\"%.*s\"}",
                   STR_ARG(id), STR_ARG(data), STR_ARG(said), STR_ARG(signature));
}

static int ask_key(struct browser *b)
{
    return send_to(b, "POST", "/api/v1/sessions/current/challenge", "{}");
}

TEST(an_administrator_binds_a_passkey_and_nothing_less_opens)
{
    struct served        s;
    struct authenticator key;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1");
    authenticator_open(&key);
    struct str secret = enrolled(&b, "audit"); /* an app is a beginning, not enough */
    CHECK_INT(look(&b), 403);
    CHECK_INT(add_key(&b, &key), 201);
    CHECK_INT(look(&b), 200);
    CHECK_INT(password_from(&b, "audit", PASSWORD), 201);
    CHECK_INT(totp_from(&b, secret), 201);
    CHECK_INT(look(&b), 403);
    CHECK_INT(ask_key(&b), 200);
    struct page page = page_of(&b);
    CHECK_INT(show_key(&b, &key, &page), 201);
    CHECK_INT(look(&b), 200);
    authenticator_close(&key);
    end(&s);
}

TEST(another_ones_passkey_opens_nothing)
{
    struct served        s;
    struct authenticator mine, theirs;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    authenticator_open(&mine);
    authenticator_open(&theirs);
    set_password(&s, "audit", PASSWORD);
    set_password(&s, "system", PASSWORD);
    CHECK_INT(password_from(&other, "system", PASSWORD), 201);
    CHECK_INT(add_key(&other, &theirs), 201);
    CHECK_INT(password_from(&b, "audit", PASSWORD), 201);
    CHECK_INT(add_key(&b, &mine), 201);
    CHECK_INT(password_from(&b, "audit", PASSWORD), 201);
    CHECK_INT(ask_key(&b), 200);
    struct page page = page_of(&b);
    CHECK_INT(show_key(&b, &theirs, &page), 422);
    CHECK_INT(look(&b), 403);
    CHECK_INT(ask_key(&b), 200);
    page = page_of(&b);
    CHECK_INT(show_key(&b, &mine, &page), 201);
    authenticator_close(&mine);
    authenticator_close(&theirs);
    end(&s);
}

TEST(a_challenge_is_one_sessions_for_five_minutes_and_once)
{
    struct served        s;
    struct authenticator key;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    authenticator_open(&key);
    set_password(&s, "audit", PASSWORD);
    CHECK_INT(password_from(&b, "audit", PASSWORD), 201);
    CHECK_INT(add_key(&b, &key), 201);
    CHECK_INT(password_from(&b, "audit", PASSWORD), 201);
    CHECK_INT(password_from(&other, "audit", PASSWORD), 201);
    CHECK_INT(ask_key(&b), 200);
    struct page page = page_of(&b);
    CHECK_INT(ask_key(&other), 200);
    struct page own = page_of(&other);
    CHECK_INT(show_key(&other, &key, &page), 422); /* b's challenge */
    CHECK_INT(show_key(&other, &key, &own), 422);  /* gone with the wrong answer */
    town_later(&s.t, 5 * 60 * 1000 + 1);
    CHECK_INT(show_key(&b, &key, &page), 422); /* too late */
    CHECK_INT(ask_key(&b), 200);
    page = page_of(&b);
    CHECK_INT(show_key(&b, &key, &page), 201);
    CHECK_INT(town_count(&s.t, "SELECT count(*) FROM challenges WHERE challenge = '%.*s'",
                         STR_ARG(page.challenge)),
              0);
    authenticator_close(&key);
    end(&s);
}

/* ---- what ends a session ---- */

TEST(a_cookie_is_nobody_after_signing_out)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1");
    (void)enrolled(&b, "zhoulan");
    struct str cookie = b.cookie;
    CHECK_INT(look(&b), 200);
    CHECK_INT(send_to(&b, "DELETE", "/api/v1/sessions/current", "%s", ""), 204);
    CHECK(str_has(b.answer, STR("Clear-Site-Data: \"cache\", \"storage\"")));
    CHECK(str_has(b.answer, STR("Max-Age=0")));
    b.cookie = cookie;
    CHECK_INT(look(&b), 401);
    end(&s);
}

static int open_stream(struct browser *b)
{
    struct str text = str_fmt(&b->s->t.arena,
                              "GET /api/v1/live HTTP/1.1\r\nHost: localhost:%u\r\n"
                              "X-Forwarded-For: %s\r\nCookie: linli=%.*s\r\n\r\n",
                              http_port(http), b->address, STR_ARG(b->cookie));
    int        fd = reach();

    say(fd, text.at, text.len);
    CHECK(str_has(hear_part(fd, STR("retry: 3000"), 3000), STR("200 OK")));
    return fd;
}

/* At once for requests, within five seconds for a stream that is open. */
static void check_ended(struct browser *b, int stream)
{
    int64_t began_us = clock_mono_us();

    CHECK_INT(look(b), 401);
    if (!str_has(hear_part(stream, STR("0\r\n\r\n"), 8000), STR("0\r\n\r\n")))
        fail_msg("the stream is open still");
    CHECK(clock_mono_us() - began_us < 5000000);
    (void)close(stream);
}

TEST(an_account_that_is_closed_or_changes_its_duty_is_out_at_once)
{
    struct served s;

    begin(&s, state);
    struct town   *t = &s.t;
    struct browser b = browser_at(&s, "10.0.0.1");
    struct str     secret = enrolled(&b, "zhoulan");
    long long      id = (long long)town_account(t, "zhoulan");
    int            stream = open_stream(&b);
    ALLOWED(town_ask(t, "security", "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"网格员\",\"role\":\"grid-worker\","
                     "\"area\":\"" TOWN_GRID "\"}",
                     id));
    check_ended(&b, stream);

    sign_in(&b, "zhoulan", secret);
    stream = open_stream(&b);
    ALLOWED(town_ask(t, "security", "hold.end", "{\"account\":\"%lld\",\"hold\":\"%lld\"}",
                     id,
                     (long long)town_count(t,
                                           "SELECT id FROM holds WHERE account = %lld AND "
                                           "role = 'grid-worker'",
                                           id)));
    check_ended(&b, stream);

    sign_in(&b, "zhoulan", secret);
    stream = open_stream(&b);
    ALLOWED(town_ask(t, "security", "account.sign-out", "{\"id\":\"%lld\"}", id));
    check_ended(&b, stream);

    sign_in(&b, "zhoulan", secret);
    stream = open_stream(&b);
    ALLOWED(town_ask(t, "security", "account.close", "{\"id\":\"%lld\"}", id));
    check_ended(&b, stream);
    CHECK_INT(password_from(&b, "zhoulan", PASSWORD), 401);
    end(&s);
}

/* A duty that ends by its date asks for a sign-in of another kind. */
TEST(a_duty_that_runs_out_ends_the_session)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1");
    (void)enrolled(&b, "zhoulan");
    CHECK_INT(look(&b), 200);
    (void)town_count(&s.t, "UPDATE holds SET until_ms = %lld WHERE account = %lld",
                     (long long)clock_now_ms() - 1,
                     (long long)town_account(&s.t, "zhoulan"));
    CHECK_INT(look(&b), 401);
    end(&s);
}

TEST(another_password_or_factor_ends_the_other_sessions)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    struct str     secret = enrolled(&b, "zhoulan");
    sign_in(&other, "zhoulan", secret);
    CHECK_INT(send_to(&b, "POST", "/api/v1/sessions/current/password",
                      "{\"old\":\"" PASSWORD "\",\"password\":\"" PASSWORD "\"}"),
              422);
    CHECK_INT(send_to(&b, "POST", "/api/v1/sessions/current/password",
                      "{\"old\":\"" PASSWORD "\",\"password\":\"" NEXT_PASSWORD "\"}"),
              201);
    CHECK_INT(look(&b), 200);
    CHECK_INT(look(&other), 401);
    CHECK_INT(password_from(&other, "zhoulan", NEXT_PASSWORD), 201);
    CHECK_INT(totp_from(&other, secret), 201);
    CHECK_INT(
        send_to(&b, "POST", "/api/v1/factors/totp", "{\"password\":\"" NEXT_PASSWORD "\"}"),
        200);
    struct str fresh = told(&b, "secret");
    CHECK_INT(code_from(&b, "/api/v1/factors/totp/confirm", shown_by(&s, fresh)), 201);
    CHECK_INT(look(&b), 200);
    CHECK_INT(look(&other), 401);
    end(&s);
}

TEST(what_the_security_administrator_resets_is_bound_anew_and_never_her_own)
{
    struct served s;

    begin(&s, state);
    struct town   *t = &s.t;
    struct browser b = browser_at(&s, "10.0.0.1");
    (void)enrolled(&b, "zhoulan");
    ALLOWED(town_ask(t, "security", "factor.reset", "{\"id\":\"%lld\"}",
                     (long long)town_account(t, "zhoulan")));
    CHECK_INT(look(&b), 401);
    CHECK_INT(password_from(&b, "zhoulan", PASSWORD), 201);
    CHECK(str_has(b.answer, STR("\"owes\":\"enrolment\"")));
    REFUSED(town_ask(t, "security", "factor.reset", "{\"id\":\"%lld\"}",
                     (long long)town_account(t, "security")),
            RC_DENIED, "不能办自己的，请另一位安全管理员来办。");
    end(&s);
}

TEST(ones_own_sign_ins_are_listed_and_ended_one_by_one)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), other = browser_at(&s, "10.0.0.2");
    struct str     secret = enrolled(&b, "zhoulan");
    sign_in(&other, "zhoulan", secret);
    CHECK_INT(send_to(&b, "GET", "/api/v1/sessions", "%s", ""), 200);
    CHECK_INT(times(b.answer, STR("\"current\":true")), 1);
    CHECK(str_has(b.answer, STR("\"address\":\"10.0.0.2\"")));
    struct str id = str_cut(after(b.answer, STR("{\"items\":[{\"id\":\"")), '"').head;
    CHECK_INT(send_to(&b, "DELETE",
                      str_z(&s.t.arena,
                            str_fmt(&s.t.arena, "/api/v1/sessions/%.*s", STR_ARG(id))),
                      "%s", ""),
              204);
    CHECK_INT(look(&other), 401);
    CHECK_INT(look(&b), 200);
    end(&s);
}

/* ---- policies ---- */

static int claim_staff(struct served *s, const char *login, const char *password)
{
    struct browser b = browser_at(s, "10.9.9.9");
    struct asking  made = town_ask(&s->t, "*", "account.code", "{\"id\":\"%lld\"}",
                                   (long long)town_account(&s->t, login));
    struct str     code = town_member(&s->t, town_answer(&made), "code");

    return send_to(&b, "POST", "/api/v1/accounts/claim",
                   "{\"login\":\"%s\",\"code\":\"%.*s\",\"password\":\"%s\"}", login,
                   STR_ARG(code), password);
}

/* OWASP ASVS: long, any mixture, never rotated. */
TEST(by_our_own_policy_a_long_password_does_and_lasts)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1");
    CHECK_INT(claim_staff(&s, "zhoulan", "lake cats count ducks"), 204);
    CHECK_INT(claim_staff(&s, "liumin", "lake cats c"), 422);
    struct str secret = enrolled(&b, "zhoulan");
    town_later(&s.t, 400 * (int64_t)DAY_MS);
    sign_in(&b, "zhoulan", secret);
    CHECK_INT(look(&b), 200);
    end(&s);
}

/* 等级保护: mixed, and another one every ninety days. */
TEST(by_the_assessors_policy_it_is_mixed_and_changed)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), resident = browser_at(&s, "10.0.0.2");
    ALLOWED(town_ask(&s.t, "security", "policy.set",
                     "{\"kind\":\"staff\",\"chars\":12,\"classes\":3,\"days\":90,"
                     "\"factor\":\"totp\"}"));
    CHECK_INT(claim_staff(&s, "zhoulan", "lake cats count ducks"), 422);
    CHECK_INT(claim_staff(&s, "zhoulan", "Lake cats count 9 ducks"), 204);
    set_password(&s, "wangfang", PASSWORD);
    ALLOWED(town_ask(&s.t, "security", "policy.set",
                     "{\"kind\":\"staff\",\"chars\":12,\"classes\":2,\"days\":90,"
                     "\"factor\":\"totp\"}"));
    struct str secret = enrolled(&b, "zhoulan");
    town_later(&s.t, 90 * (int64_t)DAY_MS);
    sign_in(&b, "zhoulan", secret);
    ask_every_act(&b, OWES_PASSWORD);
    CHECK_INT(send_to(&b, "POST", "/api/v1/sessions/current/password",
                      "{\"old\":\"lake cats count geese\",\"password\":\"" NEXT_PASSWORD
                      "\"}"),
              422);
    CHECK_INT(send_to(&b, "POST", "/api/v1/sessions/current/password",
                      "{\"old\":\"" PASSWORD "\",\"password\":\"" NEXT_PASSWORD "\"}"),
              201);
    CHECK_INT(look(&b), 200);
    CHECK_INT(password_from(&resident, "wangfang", PASSWORD), 201);
    CHECK_INT(look(&resident), 200);
    end(&s);
}

TEST(no_policy_asks_less_than_what_is_laid_down)
{
    static const struct {
        const char *asks, *says;
    } less[] = {
        { "\"kind\":\"staff\",\"chars\":11,\"factor\":\"totp\"",
          "这类账号的密码至少要 12 个字。" },
        { "\"kind\":\"admin\",\"chars\":14,\"factor\":\"passkey\"",
          "这类账号的密码至少要 15 个字。" },
        { "\"kind\":\"staff\",\"chars\":12,\"factor\":\"none\"",
          "工作人员和管理员登录要有第二重验证。" },
        { "\"kind\":\"admin\",\"chars\":15,\"factor\":\"none\"",
          "工作人员和管理员登录要有第二重验证。" },
        { "\"kind\":\"resident\",\"chars\":8,\"factor\":\"none\",\"days\":90",
          "居民的密码不要求定期更换。" },
    };
    struct served s;

    begin(&s, state);
    for (size_t i = 0; i < COUNT(less); i++) {
        struct asking got = town_ask(&s.t, "security", "policy.set", "{%s}", less[i].asks);
        CHECK_INT(got.rc, RC_REFUSED);
        CHECK_TEXT(town_told(&got), str_of(less[i].says));
    }
    end(&s);
}

TEST(another_policy_asks_those_it_is_for_to_sign_in_again)
{
    struct served s;

    begin(&s, state);
    struct browser b = browser_at(&s, "10.0.0.1"), resident = browser_at(&s, "10.0.0.2");
    (void)enrolled(&b, "zhoulan");
    set_password(&s, "wangfang", PASSWORD);
    CHECK_INT(password_from(&resident, "wangfang", PASSWORD), 201);
    ALLOWED(town_ask(&s.t, "security", "policy.set",
                     "{\"kind\":\"staff\",\"chars\":12,\"factor\":\"passkey\"}"));
    CHECK_INT(look(&b), 401);
    CHECK_INT(look(&resident), 200);
    end(&s);
}

/* ---- three administrators ---- */

TEST(no_account_holds_two_of_the_three_offices_now_or_later)
{
    struct served s;

    begin(&s, state);
    struct town *t = &s.t;
    ALLOWED(town_ask(t, "security", "account.make",
                     "{\"login\":\"newone\",\"name\":\"新人\",\"client\":\"desk\"}"));
    long long id = (long long)town_account(t, "newone");
#define GIVE(by, id, role, more)                                                           \
    town_ask(t, by, "hold.give",                                                           \
             "{\"account\":\"%lld\",\"duty\":\"管理\",\"role\":\"" role                    \
             "\",\"area\":\"420602\"" more "}",                                            \
             (long long)(id))
#define APART "系统、安全、审计三种管理员要由不同的人担任，也不办其他业务。"
    ALLOWED(GIVE("security", id, "audit", ",\"from\":\"2026-12-24T00:00:00+08:00\""));
    REFUSED(GIVE("security", id, "system", ""), RC_REFUSED, APART);
    REFUSED(GIVE("*", id, "security", ""), RC_REFUSED, APART);
    REFUSED(GIVE("security", id, "desk", ""), RC_REFUSED, APART);
    REFUSED(GIVE("security", town_account(t, "zhoulan"), "audit", ""), RC_REFUSED, APART);
    REFUSED(GIVE("audit", town_account(t, "audit"), "desk", ""), RC_DENIED, "");
    REFUSED(GIVE("security", town_account(t, "security"), "desk", ""), RC_DENIED,
            "不能给自己加职责，请另一位安全管理员来办。");
    end(&s);
}

TEST(no_administrator_makes_a_key_to_act_as_a_colleague)
{
    struct served s;

    begin(&s, state);
    set_password(&s, "zhoulan", PASSWORD);
    REFUSED(town_ask(&s.t, "system", "key.make",
                     "{\"title\":\"机器\",\"account\":\"%lld\","
                     "\"until\":\"2026-12-31T00:00:00+08:00\"}",
                     (long long)town_account(&s.t, "zhoulan")),
            RC_DENIED, "这个账号有人用密码登录。接口密钥要用给机器另开的账号。");
    static const char *const others[] = { "wangfang", "security", "audit" };
    for (size_t i = 0; i < COUNT(others); i++)
        REFUSED(town_ask(&s.t, "system", "key.make",
                         "{\"title\":\"机器\",\"account\":\"%lld\","
                         "\"until\":\"2026-12-31T00:00:00+08:00\"}",
                         (long long)town_account(&s.t, others[i])),
                RC_DENIED, "接口密钥要用给机器开的账号，不能用居民或管理员的账号。");
    end(&s);
}

TEST(no_administrator_reads_cases_or_persons)
{
    static const enum role  offices[] = { ROLE_SYSTEM, ROLE_SECURITY, ROLE_AUDIT };
    static const enum right content[] = { RIGHT_CASE_READ, RIGHT_CASE_WORK,
                                          RIGHT_CASE_INTAKE, RIGHT_PERSON_READ,
                                          RIGHT_PERSON_WRITE };

    for (size_t i = 0; i < COUNT(offices); i++)
        for (size_t r = 0; r < COUNT(content); r++)
            CHECK(!(role_rights(offices[i]) >> content[r] & 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(without_the_second_factor_every_act_is_refused),
        ON_SQLITE(who_has_none_yet_can_do_nothing_but_bind_one),
        ON_SQLITE(the_gate_refuses_half_a_session_by_itself),
        ON_SQLITE(residents_sign_in_with_a_password_alone_until_they_want_more),
        ON_BOTH(a_code_of_the_app_opens_once),
        ON_SQLITE(a_secret_that_was_only_shown_is_no_factor),
        ON_SQLITE(codes_on_paper_open_once_each),
        ON_SQLITE(five_wrong_codes_lock_that_address_and_the_owner_signs_in_from_another),
        ON_SQLITE(
            five_wrong_passwords_lock_that_address_and_the_owner_signs_in_from_another),
        ON_SQLITE(a_one_time_code_is_tried_five_times_used_once_and_one_accounts),
        ON_SQLITE(an_administrator_binds_a_passkey_and_nothing_less_opens),
        ON_SQLITE(another_ones_passkey_opens_nothing),
        ON_SQLITE(no_policy_asks_less_than_what_is_laid_down),
        ON_BOTH(a_challenge_is_one_sessions_for_five_minutes_and_once),
        ON_SQLITE(a_cookie_is_nobody_after_signing_out),
        ON_BOTH(an_account_that_is_closed_or_changes_its_duty_is_out_at_once),
        ON_SQLITE(a_duty_that_runs_out_ends_the_session),
        ON_BOTH(another_password_or_factor_ends_the_other_sessions),
        ON_SQLITE(what_the_security_administrator_resets_is_bound_anew_and_never_her_own),
        ON_SQLITE(ones_own_sign_ins_are_listed_and_ended_one_by_one),
        ON_SQLITE(by_our_own_policy_a_long_password_does_and_lasts),
        ON_BOTH(by_the_assessors_policy_it_is_mixed_and_changed),
        ON_SQLITE(another_policy_asks_those_it_is_for_to_sign_in_again),
        ON_SQLITE(no_account_holds_two_of_the_three_offices_now_or_later),
        ON_SQLITE(no_administrator_makes_a_key_to_act_as_a_colleague),
        cmocka_unit_test(no_administrator_reads_cases_or_persons),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
