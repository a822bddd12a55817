/* Requests a second by wrk, one thread and 64 connections: nothing but HTTP, a reading
 * act, a writing act (validated, journaled, committed before its answer), and many
 * live streams.  The load generator shares the machine: read ratios. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/http_fixture.h"

extern char **environ;

struct note {
    struct str text;
    int64_t    n;
};
static const struct field note_fields[] = {
    FIELD(struct note, text, .max = 2000),
    FIELD(struct note, n, OPTIONAL),
};

static enum rc echo(struct op *op, const void *args, struct view *view)
{
    (void)op;
    view_struct(view, note_fields, COUNT(note_fields), args);
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "note.read",
      .method = GET,
      .path = "/notes/{text}",
      ARGS(struct note, note_fields),
      .run = echo },
    { .name = "note.write",
      .method = POST,
      .path = "/notes",
      .writes = true,
      ARGS(struct note, note_fields),
      .run = echo },
    { 0 },
};

static enum rc actor(void *context, struct op *op, const struct http_credential *shown,
                     struct actor *actor)
{
    (void)context, (void)op, (void)shown;
    actor->kind = ACTOR_PERSON;
    actor->account = 7;
    return RC_OK;
}

static enum rc ready(void *context, struct op *op)
{
    (void)context, (void)op;
    return RC_OK;
}

static char script[] = "/tmp/linli-wrk-XXXXXX";

static void write_script(void)
{
    int   fd = mkstemp(script);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    assert_non_null(file);
    (void)fputs("wrk.method = 'POST'\n"
                "wrk.headers['Content-Type'] = 'application/json'\n"
                "wrk.headers['X-Linli'] = '1'\n"
                "wrk.body = '{\"text\":\"'..string.rep('路灯坏了', 40)..'\",\"n\":7}'\n",
                file);
    (void)fclose(file);
}

static void run_wrk(const char *what, const char *path, const char *lua)
{
    char        url[128];
    const char *words[] = {
        "wrk", "-t1", "-c64", "-d4s", "--latency", url, NULL, NULL, NULL
    };
    char *args[COUNT(words)];
    pid_t child;
    int   status;

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", http_port(http), path);
    if (lua) {
        words[6] = "-s";
        words[7] = lua;
    }
    memcpy(args, words, sizeof args);
    (void)printf("---- %s\n", what);
    (void)fflush(stdout);
    if (posix_spawnp(&child, "wrk", NULL, NULL, args, environ) != 0) {
        (void)printf("wrk is not installed\n");
        exit(77);
    }
    (void)waitpid(child, &status, 0);
}

int main(void)
{
    void *state = NULL;

    if (house_open(&state, acts) != 0)
        return 1;
    struct http_options options = { .listen = STR("127.0.0.1:0"),
                                    .door = { NULL, actor, ready },
                                    .where = house.where,
                                    .catalogue = house.catalogue,
                                    .gate = house.gate,
                                    .unlimited = true };
    if (http_start(&options, &http) != RC_OK)
        return 1;
    write_script();
    for (int round = 0; round < 2; round++) {
        run_wrk("HTTP alone", "/healthz", NULL);
        run_wrk("a reading act", "/api/v1/notes/a?n=7", NULL);
        run_wrk("a writing act", "/api/v1/notes", script);
    }
    (void)unlink(script);
    http_close(&http);
    return house_close(&state);
}
