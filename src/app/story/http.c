#include "app/story/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_S = 60, ANSWER_BYTES_MAX = 8 << 20 };

struct story_http {
    CURLM *multi; /* keeps the connections */
    char  *base;
};

/* One request under way. */
struct transfer {
    struct arena         *arena;
    struct story_request *request;
    CURL                 *easy;
    struct curl_slist    *headers;
    char                 *at;
    size_t                len, room;
    char                  error[CURL_ERROR_SIZE];
};

struct story_http *story_http_open(struct str server)
{
    struct story_http *http = calloc(1, sizeof *http);

    if (!http || curl_global_init(CURL_GLOBAL_DEFAULT))
        goto failed;
    while (str_ends(server, STR("/")))
        server.len--;
    http->base = strndup(server.at, server.len);
    http->multi = curl_multi_init();
    if (http->base && http->multi)
        return http;
failed:
    story_http_close(&http);
    return NULL;
}

void story_http_close(struct story_http **http)
{
    if (!*http)
        return;
    if ((*http)->multi)
        curl_multi_cleanup((*http)->multi);
    free((*http)->base);
    free(*http);
    *http = NULL;
}

static size_t on_body(char *at, size_t size, size_t n, void *context)
{
    struct transfer *t = context;
    size_t           bytes = size * n;

    if (bytes > ANSWER_BYTES_MAX - t->len)
        return 0; /* curl then fails the transfer */
    if (t->len + bytes > t->room) {
        size_t room = t->room ? t->room : 4096;
        while (room < t->len + bytes)
            room *= 2;
        char *grown = arena_grow(t->arena, t->at, t->room, room);
        if (!grown)
            return 0;
        t->at = grown;
        t->room = room;
    }
    memcpy(t->at + t->len, at, bytes);
    t->len += bytes;
    return bytes;
}

static size_t on_header(char *at, size_t size, size_t n, void *context)
{
    struct transfer *t = context;
    struct str_cut   cut = str_cut(str_slice(at, size * n), ':');
    struct str       value = str_trim(cut.tail);
    const char      *name = cut.head.at;

    if (cut.head.len == 10 && strncasecmp(name, "Set-Cookie", 10) == 0)
        t->request->session = str_copy(t->arena, str_cut(value, ';').head);
    else if (cut.head.len == 11 && strncasecmp(name, "Retry-After", 11) == 0 &&
             !str_int64(value, &t->request->wait_s))
        t->request->wait_s = 1;
    return size * n;
}

static void add_header(struct transfer *t, const char *name, struct str value)
{
    struct str line = str_fmt(t->arena, "%s: %.*s", name, STR_ARG(value));

    if (!str_empty(value) && line.at)
        t->headers = curl_slist_append(t->headers, line.at); /* str_fmt ends in NUL */
}

static void set_body(struct transfer *t)
{
    const struct story_request *request = t->request;

    if (!strcmp(request->method, "GET"))
        return;
    curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, request->body.at ? request->body.at : "");
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    add_header(t, "X-Linli", STR("1"));
    add_header(t, "Content-Type",
               str_empty(request->type) ? STR("application/json") : request->type);
    add_header(t, "Idempotency-Key", request->key);
    t->headers = curl_slist_append(t->headers, "Expect:");
}

static bool begin(struct story_http *http, struct arena *arena, struct transfer *t,
                  struct story_request *request)
{
    struct str url = str_fmt(arena, "%s/api/v1%.*s", http->base, STR_ARG(request->path));

    *t = (struct transfer){ .arena = arena, .request = request, .easy = curl_easy_init() };
    if (!t->easy || !url.at)
        return false;
    set_body(t);
    add_header(t, "Cookie", request->cookie);
    curl_easy_setopt(t->easy, CURLOPT_URL, url.at);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    return curl_multi_add_handle(http->multi, t->easy) == CURLM_OK;
}

static void finish(struct transfer *t, CURLcode code)
{
    struct story_request *request = t->request;

    request->answer = str_slice(t->at ? t->at : "", t->len);
    if (code == CURLE_OK)
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &request->status);
    else
        request->answer =
            str_fmt(t->arena, "%s", t->error[0] ? t->error : curl_easy_strerror(code));
}

static void run(struct story_http *http)
{
    int running = 1, left;

    while (running) {
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            return;
        for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left));) {
            char *transfer = NULL; /* as curl has it */
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            if (message->msg == CURLMSG_DONE && transfer)
                finish((struct transfer *)(void *)transfer, message->data.result);
        }
        if (running)
            (void)curl_multi_poll(http->multi, NULL, 0, 1000, NULL);
    }
}

void story_http_ask(struct story_http *http, struct arena *arena,
                    struct story_request *requests, size_t n)
{
    struct transfer *all = arena_many(arena, n, struct transfer);

    for (size_t i = 0; i < n; i++) {
        requests[i].status = 0;
        requests[i].answer = STR("没有内存了");
        if (all && !begin(http, arena, &all[i], &requests[i]))
            requests[i].answer = STR("发不出去");
    }
    if (!all)
        return;
    run(http);
    for (size_t i = 0; i < n; i++) {
        if (all[i].easy) {
            (void)curl_multi_remove_handle(http->multi, all[i].easy);
            curl_easy_cleanup(all[i].easy);
        }
        curl_slist_free_all(all[i].headers);
    }
}
