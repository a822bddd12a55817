/* Requests of a story: real HTTP to a server, several at once when people act at
 * the same time.  Connections are kept between requests; cookies are the
 * caller's, since one story has many people. */
#ifndef APP_STORY_HTTP_H
#define APP_STORY_HTTP_H
#include "base/arena.h"
#include "base/str.h"

struct story_http;

struct story_request {
    /* asked */
    const char *method;
    struct str  path; /* below /api/v1 */
    struct str  body, type;
    struct str  cookie; /* "name=value", absent: nobody */
    struct str  key;    /* Idempotency-Key, absent: none */
    /* answered */
    long       status;          /* 0: nobody answered, and `answer` says why */
    struct str answer, session; /* session: the cookie that was set */
    int64_t    wait_s;          /* Retry-After */
};

MUST_USE struct story_http *story_http_open(struct str server);
void                        story_http_close(struct story_http **http);

/* All n together; returns when all are answered.  Answers are in the arena. */
void story_http_ask(struct story_http *http, struct arena *arena,
                    struct story_request *requests, size_t n);

#endif
