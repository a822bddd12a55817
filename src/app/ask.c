#include "app/ask.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/tables.h"
#include "base/clock.h"
#include "base/json.h"
#include "gate/journal.h"

enum { ANSWER_BYTES_MAX = 8 << 20 };

struct caller {
    const struct config *config;
    struct house        *house; /* NULL: a server runs */
    CURL                *curl;
};

void ask_tell(const struct problems *problems, enum rc rc)
{
    if (!problems->n)
        fprintf(stderr, "%.*s\n", STR_ARG(rc_title(rc)));
    for (const struct problem *p = problems->first; p; p = p->next)
        fprintf(stderr, "%.*s%s%.*s\n", STR_ARG(p->where), p->where.len ? ": " : "",
                STR_ARG(p->says));
}

/* ------------------------------------------------------- through a server */

struct received {
    char  *at;
    size_t len;
};

static size_t receive(char *piece, size_t size, size_t n, void *context)
{
    struct received *to = context;
    size_t           len = size * n;
    char *grown = len <= ANSWER_BYTES_MAX - to->len ? realloc(to->at, to->len + len) : NULL;

    if (!grown)
        return 0;
    memcpy(grown + to->len, piece, len);
    to->at = grown;
    to->len += len;
    return len;
}

static CURL *knock(const struct config *config, struct arena *arena)
{
    char *path = str_z(arena, config->socket);
    CURL *curl = path && access(path, W_OK) == 0 ? curl_easy_init() : NULL;

    if (!curl)
        return NULL;
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, path);
    curl_easy_setopt(curl, CURLOPT_URL, "http://localhost/healthz");
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 2000L);
    if (curl_easy_perform(curl) == CURLE_OK)
        return curl;
    curl_easy_cleanup(curl);
    return NULL;
}

/* The act's path with {x} filled in, the rest of the arguments as body or query. */
struct request {
    struct str      path;
    struct json_out body;
    struct str      query;
};

static bool is_text(struct str value)
{
    return json_type(value) == JSON_STRING;
}

static struct str plain(struct arena *arena, struct str value)
{
    struct str text;

    return is_text(value) && json_value_text(arena, value, &text) ? text : value;
}

struct str ask_escaped(struct arena *arena, struct str text)
{
    char      *made = curl_easy_escape(NULL, text.at, (int)text.len);
    struct str copy = str_copy(arena, str_of(made));

    curl_free(made);
    return copy;
}

static bool fill_path(struct arena *arena, struct str *path, struct str name,
                      struct str value)
{
    struct str  hole = str_fmt(arena, "{%.*s}", STR_ARG(name));
    const char *at = hole.len ? memmem(path->at, path->len, hole.at, hole.len) : NULL;

    if (!at)
        return false;
    size_t before = (size_t)(at - path->at);
    *path = str_fmt(arena, "%.*s%.*s%.*s", (int)before, path->at, STR_ARG(value),
                    STR_ARG(str_skip(*path, before + hole.len)));
    return true;
}

static void split(struct arena *arena, const struct act *act, struct str body,
                  struct request *request)
{
    struct json_member member;

    *request = (struct request){ .path = str_of(act->path), .query = STR("") };
    json_out_init(&request->body, arena);
    json_open(&request->body, '{');
    for (struct str rest = json_inside(body); json_member(arena, &rest, &member);) {
        struct str value = ask_escaped(arena, plain(arena, member.value));
        if (fill_path(arena, &request->path, member.key, value))
            continue;
        json_key(&request->body, member.key);
        json_raw(&request->body, member.value);
        request->query =
            str_fmt(arena, "%.*s%s%.*s=%.*s", STR_ARG(request->query),
                    request->query.len ? "&" : "?", STR_ARG(member.key), STR_ARG(value));
    }
    json_close(&request->body, '}');
}

static const char *method_word(enum method method)
{
    static const char *const words[] = { [GET] = "GET",
                                         [POST] = "POST",
                                         [PUT] = "PUT",
                                         [PATCH] = "PATCH",
                                         [DELETE] = "DELETE" };

    return words[method];
}

/* The same words as without a server between. */
static void tell_refusal(struct arena *arena, struct str answer)
{
    struct problems    problems, ignored;
    struct json_member told;

    problems_init(&problems, arena);
    problems_init(&ignored, arena);
    if (json_check(arena, answer, &ignored) != RC_OK) {
        fprintf(stderr, "%.*s\n", STR_ARG(answer));
        return;
    }
    for (struct str rest = json_inside(json_pick(arena, answer, "problems"));
         json_member(arena, &rest, &told);)
        problem_add(&problems, json_pick_text(arena, told.value, "where"), "%.*s",
                    STR_ARG(json_pick_text(arena, told.value, "says")));
    if (!problems.n)
        problem_add(&problems, STR_NONE, "%.*s",
                    STR_ARG(json_pick_text(arena, answer, "title")));
    ask_tell(&problems, RC_REFUSED);
}

static int through_server(struct caller *caller, struct arena *arena, const struct act *act,
                          struct str body, struct str *answer)
{
    struct request     request;
    struct received    got = { 0 };
    struct curl_slist *heads = NULL;
    long               status = 0;

    if (!act->path) {
        fprintf(stderr, "%s: 服务器在运行，这个操作由它自己来做。\n", act->name);
        return 1;
    }
    split(arena, act, body, &request);
    struct str url =
        str_fmt(arena, "http://localhost/api/v1%.*s%.*s", STR_ARG(request.path),
                act->method == GET ? (int)request.query.len : 0, request.query.at);
    struct str sent = json_done(&request.body);
    heads = curl_slist_append(heads, "Content-Type: application/json");
    heads = curl_slist_append(heads, "X-Linli: 1");
    curl_easy_setopt(caller->curl, CURLOPT_NOBODY, 0L);
    curl_easy_setopt(caller->curl, CURLOPT_URL, str_z(arena, url));
    curl_easy_setopt(caller->curl, CURLOPT_CUSTOMREQUEST, method_word(act->method));
    curl_easy_setopt(caller->curl, CURLOPT_HTTPHEADER, heads);
    curl_easy_setopt(caller->curl, CURLOPT_TIMEOUT_MS, 120000L);
    curl_easy_setopt(caller->curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(caller->curl, CURLOPT_WRITEDATA, &got);
    if (act->method != GET) {
        curl_easy_setopt(caller->curl, CURLOPT_POSTFIELDSIZE, (long)sent.len);
        curl_easy_setopt(caller->curl, CURLOPT_POSTFIELDS, sent.at);
    }
    CURLcode code = curl_easy_perform(caller->curl);
    curl_easy_getinfo(caller->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(heads);
    *answer = str_copy(arena, str_slice(got.at, got.len));
    free(got.at);
    if (code == CURLE_OK && status >= 200 && status < 300)
        return 0;
    if (code == CURLE_OK)
        tell_refusal(arena, *answer);
    else
        fprintf(stderr, "%s\n", curl_easy_strerror(code));
    return 1;
}

enum rc caller_get(const struct config *config, struct arena *arena, struct str path,
                   struct str *answer)
{
    CURL           *curl = knock(config, arena);
    struct received got = { 0 };
    long            status = 0;

    if (!curl)
        return RC_UNAVAILABLE;
    struct str url = str_fmt(arena, "http://localhost%.*s", STR_ARG(path));
    curl_easy_setopt(curl, CURLOPT_NOBODY, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl, CURLOPT_URL, str_z(arena, url));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 10000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    *answer = str_copy(arena, str_slice(got.at, got.len));
    free(got.at);
    return code == CURLE_OK && status == 200 ? RC_OK : RC_UNAVAILABLE;
}

/* -------------------------------------------------------------- the caller */

enum rc ask_counties(const struct config *config, struct arena *arena,
                     struct problems *problems, struct list *counties)
{
    struct house *house = NULL;
    struct op     op;

    enum rc rc = house_open_to_read(config, problems, &house);
    if (rc == RC_OK) {
        op_init(&op, arena, clock_now_ms());
        op.db = house->db;
        rc = journal_counties(&op, counties);
    }
    house_close(&house);
    return rc;
}

struct caller *caller_open(const struct config *config)
{
    struct caller  *caller = calloc(1, sizeof *caller);
    struct arena    arena;
    struct problems problems;

    if (!caller)
        return NULL;
    arena_init(&arena, 64 << 10);
    problems_init(&problems, &arena);
    caller->config = config;
    caller->curl = knock(config, &arena);
    enum rc rc =
        caller->curl ? RC_OK : house_open(config, NULL, NULL, &problems, &caller->house);
    if (caller->curl)
        tables_acts(true);
    if (rc != RC_OK) {
        ask_tell(&problems, rc);
        free(caller);
        caller = NULL;
    }
    arena_free(&arena);
    return caller;
}

void caller_close(struct caller **closing)
{
    struct caller *caller = *closing;

    if (!caller)
        return;
    if (caller->curl)
        curl_easy_cleanup(caller->curl);
    house_close(&caller->house);
    free(caller);
    *closing = NULL;
}

int caller_ask(struct caller *caller, struct arena *arena, struct str name, struct str body,
               struct str *answer)
{
    const struct act *act = acts_find(name);
    struct problems   problems;

    *answer = STR_NONE;
    if (!act) {
        fprintf(stderr, "没有“%.*s”这个操作。linli act 列出全部。\n", STR_ARG(name));
        return 2;
    }
    problems_init(&problems, arena);
    if (json_check(arena, body, &problems) != RC_OK || json_type(body) != JSON_OBJECT) {
        ask_tell(&problems, RC_INVALID);
        return 2;
    }
    if (caller->curl)
        return through_server(caller, arena, act, body, answer);
    struct actor        actor = house_local_actor();
    struct house_answer got = house_ask(caller->house, arena, &actor, act->name, body);
    if (got.rc != RC_OK)
        ask_tell(&got.problems, got.rc);
    *answer = got.text;
    return got.rc == RC_OK ? 0 : 1;
}
