#include "http/http_echo.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/thread.h"

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

atomic_int echo_runs;

static enum rc echo(struct op *op, const void *args, struct view *view)
{
    (void)op;
    echo_runs++;
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

atomic_bool echo_released;

static enum rc hash_slowly(struct op *op, void *args)
{
    (void)op, (void)args;
    for (int i = 0; i < 1000 && !echo_released; i++)
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

enum rc echo_actor(void *context, struct op *op, const struct http_credential *shown,
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

enum rc echo_ready(void *context, struct op *op)
{
    (void)op;
    return *(const enum rc *)context;
}

/* ---- the server under test ---- */

char    echo_spool[] = "/tmp/linli-http-XXXXXX";
char    echo_socket[64];
enum rc echo_readiness = RC_OK;

static void serve(bool unlimited)
{
    struct http_options options = {
        .listen = STR("127.0.0.1:0"),
        .socket = str_of(echo_socket),
        .door = { &echo_readiness, echo_actor, echo_ready },
        .where = house.where,
        .catalogue = house.catalogue,
        .gate = house.gate,
        .spool = str_of(echo_spool),
        .threads = 2,
        .unlimited = unlimited,
    };

    CHECK(http_start(&options, &http) == RC_OK);
}

int echo_without_limits(void **state)
{
    (void)state;
    serve(true);
    return 0;
}

int echo_with_limits(void **state)
{
    (void)state;
    serve(false);
    return 0;
}

int echo_stop(void **state)
{
    (void)state;
    http_close(&http);
    return 0;
}

int echo_prepare(void **state)
{
    if (!mkdtemp(echo_spool))
        return 1;
    (void)snprintf(echo_socket, sizeof echo_socket, "%s/linli.sock", echo_spool);
    return house_open(state, acts);
}

int echo_clean(void **state)
{
    int left = rmdir(echo_spool); /* empty: nothing received stays behind */

    return house_close(state) || left;
}
