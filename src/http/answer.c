#include "http/answer.h"

#include "http/open311/open311.h"

#include "base/log.h"
#include "base/metric.h"
#include "base/plant.h"

/* ---- what everything carries ---- */

#define SAME_ORIGIN                                                                        \
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; " \
    "frame-ancestors 'none'; form-action 'self'"

static const struct {
    const char *name, *value;
} always[] = {
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" },
    { "Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
};

static const char *const policies[] = {
    [DRESS_API] = SAME_ORIGIN,
    [DRESS_PAGE] = SAME_ORIGIN,
    [DRESS_FILE] = "default-src 'none'; frame-ancestors 'none'; sandbox",
};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* The library only reads what it is lent, though its type does not say so. */
struct MHD_Response *answer_lend(struct str body)
{
    return MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.at,
                                           MHD_RESPMEM_PERSISTENT);
}

bool answer_dress(struct MHD_Response *response, enum dress dress, bool secure)
{
    if (plant_is(PLANT_BARE))
        return true;
    bool ok = add(response, "Content-Security-Policy", policies[dress]);

    for (size_t i = 0; i < COUNT(always); i++)
        ok = ok && add(response, always[i].name, always[i].value);
    if (secure)
        ok = ok && add(response, "Strict-Transport-Security",
                       "max-age=31536000; includeSubDomains");
    if (dress != DRESS_PAGE)
        ok = ok && add(response, "Cache-Control", "no-store");
    return ok;
}

/* ---- one answer ---- */

/* The answer's own memory: the spare arena once the request's is used up. */
static struct arena *room(struct request *r)
{
    return r->arena.over ? &r->spare : &r->arena;
}

static bool add_text(struct request *r, struct MHD_Response *response, const char *name,
                     struct str value)
{
    if (!value.at)
        return true;
    char *z = str_z(room(r), value);
    return z && add(response, name, z);
}

static bool add_seconds(struct request *r, struct MHD_Response *response, int64_t seconds)
{
    return seconds == 0 || add_text(r, response, "Retry-After",
                                    str_fmt(room(r), "%lld", (long long)seconds));
}

static bool add_headers(struct request *r, struct MHD_Response *response,
                        const struct answer *answer)
{
    bool attach = answer->file && !str_starts(answer->type, STR("image/"));

    return answer_dress(response, answer->file ? DRESS_FILE : DRESS_API,
                        r->serving->secure) &&
           add_text(r, response, "Content-Type", answer->type) &&
           add_text(r, response, "X-Request-Id", r->id) &&
           add_text(r, response, "ETag", answer->etag) &&
           add_text(r, response, "Set-Cookie", answer->cookie) &&
           add_text(r, response, "Allow", answer->allow) &&
           add_text(r, response, "Location", answer->location) &&
           add_seconds(r, response, answer->retry_s) &&
           (!attach || add(response, "Content-Disposition", "attachment")) &&
           (!answer->repeated || add(response, "Idempotent-Replayed", "true")) &&
           (!answer->signed_out ||
            add(response, "Clear-Site-Data", "\"cache\", \"storage\"")) &&
           (answer->status != 401 || add(response, "WWW-Authenticate", "Bearer")) &&
           (!answer->close || add(response, "Connection", "close"));
}

enum MHD_Result answer_send(struct request *r, const struct answer *answer)
{
    struct MHD_Response *response = answer_lend(answer->body);
    enum MHD_Result      sent = MHD_NO;

    if (response && add_headers(r, response, answer))
        sent = MHD_queue_response(r->connection, answer->status, response);
    if (response)
        MHD_destroy_response(response);
    request_told(r, answer->status);
    return sent;
}

/* ---- problems ---- */

int64_t answer_retry(const struct request *r, int status)
{
    if (r->retry_s)
        return r->retry_s;
    return status == 429 || status == 503 ? 5 : 0;
}

static void write_problems(struct json_out *out, const struct problems *problems)
{
    json_open(out, '[');
    for (const struct problem *one = problems->first; one; one = one->next) {
        json_open(out, '{');
        json_key(out, STR("where"));
        json_text(out, str_empty(one->where) ? STR_NONE : one->where);
        json_key(out, STR("says"));
        json_text(out, one->says);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* The first sentence is the detail; without one the title says it all. */
static struct str problem_text(struct request *r, enum rc rc,
                               const struct problems *problems)
{
    struct json_out out;
    struct str      first = problems->first ? problems->first->says : STR_NONE;

    json_out_init(&out, room(r));
    json_open(&out, '{');
    json_key(&out, STR("type"));
    json_text(&out, str_fmt(room(r), "/problems/%.*s", STR_ARG(rc_word(rc))));
    json_key(&out, STR("title"));
    json_text(&out, rc_title(rc));
    json_key(&out, STR("status"));
    json_int(&out, rc_status(rc));
    json_key(&out, STR("detail"));
    json_text(&out, first.at ? first : rc_title(rc));
    json_key(&out, STR("problems"));
    write_problems(&out, problems);
    json_key(&out, STR("request"));
    json_text(&out, r->id);
    json_close(&out, '}');
    return json_done(&out);
}

static void tell_log(const struct request *r, enum rc rc)
{
    const struct act *act = r->route.act;

    log_event(LOG_ERROR, "http.failed", LOG_TEXT("request", r->id),
              LOG_TEXT("act", act ? str_of(act->name) : STR("")),
              LOG_TEXT("rc", rc_word(rc)));
}

enum MHD_Result answer_problem(struct request *r, enum rc rc,
                               const struct problems *problems)
{
    if (r->open311)
        return open311_problem(r, rc, problems);
    int        status = rc_status(rc);
    struct str text = problem_text(r, rc, problems);

    if (!text.at) { /* that took the last of the arena: once more, with the spare one */
        assert(r->arena.over);
        text = problem_text(r, rc, problems);
    }
    metric_count(METRIC_HTTP_REFUSALS, rc_word(rc).at);
    if (rc == RC_INTERNAL)
        tell_log(r, rc);
    return answer_send(r, &(struct answer){
                              .status = (unsigned)status,
                              .type = STR("application/problem+json"),
                              .body = text,
                              .allow = rc == RC_METHOD ? r->allow : STR_NONE,
                              .retry_s = answer_retry(r, status),
                              .close = body_expected(r),
                          });
}

/* ---- what the gate made ---- */

static struct str etag_of(struct request *r, struct str body)
{
    if (r->method != GET)
        return STR_NONE;
    return str_fmt(room(r), "\"%lld-%016llx\"", (long long)r->asking.view.version,
                   (unsigned long long)str_hash(body));
}

/* "" ends the session's cookie. */
static struct str cookie_of(struct request *r)
{
    const struct view *view = &r->asking.view;
    bool               secure = r->serving->secure;

    if (!view->session.at)
        return STR_NONE;
    return str_fmt(room(r), "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=%s%s",
                   secure ? "__Host-linli" : "linli", STR_ARG(view->session),
                   (long long)(view->session.len ? view->session_ms / 1000 : 0),
                   view->session_strict ? "Strict" : "Lax", secure ? "; Secure" : "");
}

static unsigned status_of(const struct view *view, struct str body)
{
    if (view->status)
        return (unsigned)view->status;
    return body.at ? 200 : 204;
}

static enum MHD_Result not_modified(struct request *r, struct str etag)
{
    return answer_send(r, &(struct answer){ .status = 304, .etag = etag });
}

enum MHD_Result answer_asking(struct request *r)
{
    struct asking *asking = &r->asking;
    struct view   *view = &asking->view;
    bool           file = view->type.at != NULL;

    if (asking->rc != RC_OK)
        return answer_problem(r, asking->rc, &asking->problems);
    bool       json = !file && view->out.len > 0;
    struct str body = file ? view->bytes : json ? json_done(&view->out) : STR_NONE;
    if (r->arena.over)
        return answer_problem(r, RC_NO_MEMORY, &asking->problems);
    struct str etag = body.at ? etag_of(r, body) : STR_NONE;
    if (etag.at && r->heads.if_none_match.at && etag_listed(r->heads.if_none_match, etag))
        return not_modified(r, etag);
    return answer_send(r, &(struct answer){
                              .status = status_of(view, body),
                              .type = file   ? view->type
                                      : json ? STR("application/json")
                                             : STR_NONE,
                              .body = body,
                              .etag = etag,
                              .cookie = cookie_of(r),
                              .file = file,
                              .repeated = asking->repeated,
                              .signed_out = view->session.at && view->session.len == 0,
                          });
}
