#include "http/request.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/random.h"
#include "http/answer.h"

enum { SPARE_BYTES = 64 << 10, SLOW_US = 2000000 };

static struct link *link_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* Called with the request line, before the headers have come.  NULL, also without
 * memory, makes request_step() hang up. */
void *request_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    unsigned char   id[8];
    struct link    *link = link_of(connection);
    struct request *r = link ? calloc(1, sizeof *r) : NULL;

    if (!r)
        return NULL;
    r->serving = context;
    r->connection = connection;
    r->link = link;
    r->body.fd = -1;
    arena_init(&r->arena, ARENA_REQUEST_BYTES);
    arena_init(&r->spare, SPARE_BYTES);
    op_init(&r->op, &r->arena, clock_now_ms());
    random_bytes(id, sizeof id);
    r->id = str_hex(&r->arena, id, sizeof id);
    r->op.request = r->id;
    r->raw = str_copy(&r->arena, str_of(uri));
    if (link->phase != LINK_HEAD) /* the first one began with the connection */
        link_request(link);
    return r;
}

/* What is worth a line: refused people, slow answers, our own mistakes; every request
 * when the log is to tell all.  Ids only: a path or a query may hold what somebody
 * typed.  Floods are counted instead. */
static void log_answer(const struct request *r, const char *what, unsigned status,
                       int64_t us)
{
    bool refused = status == 401 || status == 403, slow = us > SLOW_US;

    enum log_level level = status >= 500     ? LOG_WARN
                           : refused || slow ? LOG_INFO
                                             : LOG_DEBUG;
    log_event(level, "http.answered", LOG_TEXT("request", r->id),
              LOG_TEXT("act", str_of(what)), LOG_INT("status", status), LOG_INT("us", us),
              LOG_INT("account", r->actor.account));
}

void request_told(struct request *r, unsigned status)
{
    static const char *const classes[] = { "cut", "1xx", "2xx", "3xx", "4xx", "5xx" };
    const struct act        *act = r->route.act;
    const char              *what = act ? act->name : r->place ? r->place : "nothing";
    size_t                   place = metric_label(LABELS_ACT, what);
    size_t class = metric_label(LABELS_CLASS, classes[status / 100]);

    if (r->told)
        return;
    r->told = true;
    metric_add(METRIC_HTTP_REQUESTS, metric_at(METRIC_HTTP_REQUESTS, place, class), 1);
    int64_t us = clock_mono_us() - r->link->began_us;
    metric_observe(METRIC_HTTP_SECONDS, place, us);
    if (status) /* its id is gone with its memory otherwise */
        log_answer(r, what, status, us);
}

static enum MHD_Result refuse(struct request *r)
{
    return answer_problem(r, r->refused, &r->op.problems);
}

/* The head is whole.  A refusal waits for the end of a body that is not there anyway;
 * before a body it is told at once, and the connection ends. */
static enum MHD_Result begin(struct request *r, const char *method)
{
    r->admitted = true;
    r->counted = true;
    r->serving->under_way++;
    r->word = str_of(method);
    r->refused = admit(r);
    if (r->refused == RC_OK && r->route.act)
        r->refused = body_begin(r);
    if (r->refused != RC_OK && body_expected(r))
        return refuse(r);
    bool upload =
        r->refused == RC_OK && (r->parts || (r->route.act && r->route.act->streams));
    if (upload)
        r->link->allowed_ms = HTTP_UPLOAD_MS;
    link_phase(r->link, upload ? LINK_UPLOAD : body_expected(r) ? LINK_BODY : LINK_WORK);
    return MHD_YES;
}

/* A body that was announced in chunks can be refused only at its end; one that does
 * not end is hung up on. */
static enum MHD_Result take(struct request *r, const char *piece, size_t len)
{
    r->link->received += (int64_t)len;
    if (r->refused == RC_OK)
        r->refused = body_take(r, piece, len);
    return r->link->received > 2 * (int64_t)r->body.most ? MHD_NO : MHD_YES;
}

enum MHD_Result request_step(void *serving, struct MHD_Connection *connection,
                             const char *url, const char *method, const char *version,
                             const char *piece, size_t *len, void **context)
{
    struct request *r = *context;

    (void)serving, (void)connection, (void)url, (void)version;
    if (!r)
        return MHD_NO;
    if (!r->admitted)
        return begin(r, method);
    if (*len) {
        size_t n = *len;
        *len = 0;
        return take(r, piece, n);
    }
    body_end(r);
    link_phase(r->link, LINK_WORK);
    return r->refused == RC_OK ? r->next(r) : refuse(r);
}

void request_over(void *serving, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode how)
{
    struct request *r = *context;

    (void)serving, (void)connection, (void)how;
    if (!r)
        return;
    request_told(r, 0); /* nobody waited for one */
    body_drop(r);
    link_phase(r->link, LINK_IDLE);
    if (r->counted)
        r->serving->under_way--;
    arena_free(&r->arena);
    arena_free(&r->spare);
    free(r);
    *context = NULL;
}
