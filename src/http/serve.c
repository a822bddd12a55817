/* What a request can turn out to be. */
#include "base/metric.h"
#include "guard/signature.h"
#include "http/answer.h"

/* ---- acts ---- */

/* On whichever thread finished it.  Nothing of the request may be touched after the
 * resume: its connection's thread may answer and free it at once. */
static void resume(struct asking *asking)
{
    struct request *r = asking->context;
    struct serving *serving = r->serving;

    MHD_resume_connection(r->connection);
    serving->suspended--;
}

static void nothing(struct asking *asking)
{
    (void)asking;
}

struct asking serve_asking(struct request *r, const struct act *act)
{
    struct asking asking = {
        .arena = &r->arena,
        .act = act,
        .actor = &r->actor,
        .request = r->id,
        .address = r->op.address,
        .agent = r->op.agent,
        .origin = r->op.origin,
        .context = r,
        .done = nothing,
    };

    problems_init(&asking.problems, &r->arena);
    return asking;
}

/* False when the server is closing: counted first, looked at second, while http_stop()
 * does it the other way round, so that none is left suspended behind its back. */
bool serve_later(struct request *r, enum MHD_Result (*next)(struct request *request))
{
    r->serving->suspended++;
    if (r->serving->closing) {
        r->serving->suspended--;
        return false;
    }
    r->asking.done = resume;
    r->next = next;
    MHD_suspend_connection(r->connection);
    return true;
}

void serve_refuse(struct request *r, enum rc rc)
{
    r->asking.rc = rc;
    r->asking.done(&r->asking);
}

void serve_ask(struct request *r)
{
    struct serving *serving = r->serving;
    struct db      *db = NULL;

    if (serving->readers && readers_mine(serving->readers, &db) != RC_OK)
        serve_refuse(r, RC_UNAVAILABLE);
    else
        gate_ask(serving->gate, &r->asking, db);
}

static void run_apart(struct slow_job *job)
{
    struct request *r = (struct request *)((char *)job - offsetof(struct request, slow));

    r->apart(r);
}

void serve_apart(struct request *r, void (*run)(struct request *request))
{
    r->apart = run;
    r->slow.run = run_apart;
    enum rc rc = slow_submit(r->serving->slow, &r->slow);
    if (rc != RC_OK)
        serve_refuse(r, rc);
}

/* Whoever signed it signed this very body. */
static enum rc body_signed(struct request *r, struct str body)
{
    struct signature signature;
    unsigned char    hash[SM3_BYTES];

    if (r->credential.kind != HTTP_SIGNED)
        return RC_OK;
    if (r->body.path.at)
        memcpy(hash, r->body.hashed, sizeof hash);
    else
        sm3(PARTS(body), hash);
    if (signature_read(r->credential.secret, &signature) &&
        signature_covers(&signature, hash))
        return RC_OK;
    problem_add(&r->asking.problems, STR("digest"), "正文和签名里的摘要不一样，没有受理。");
    return RC_UNAUTHENTICATED;
}

static enum rc read_asking(struct request *r)
{
    struct gate_arg args[ROUTE_ARGS_MAX + HTTP_QUERY_MAX];
    size_t          n = 0;

    r->asking = serve_asking(r, r->route.act);
    r->asking.key = r->heads.key;
    r->asking.upload = r->body.path;
    r->asking.file = r->body.path.at ? PART_OF(r->body.hashed) : STR_NONE;
    for (size_t i = 0; i < r->route.nargs; i++)
        args[n++] = r->route.args[i];
    for (size_t i = 0; i < r->target->nquery; i++)
        args[n++] = r->target->query[i];
    struct str body = r->body.at ? str_slice(r->body.at, r->body.len) : STR_NONE;
    enum rc    rc = body_signed(r, body);
    return rc == RC_OK ? gate_read_args(&r->asking, args, n, body) : rc;
}

enum MHD_Result serve_act(struct request *r)
{
    const struct act *act = r->route.act;
    bool              later = act->writes || act->slow;
    enum rc           rc = read_asking(r);

    if (rc == RC_OK && later && !serve_later(r, answer_asking))
        rc = RC_UNAVAILABLE;
    if (rc != RC_OK)
        return answer_problem(r, rc, &r->asking.problems);
    if (act->slow)
        serve_apart(r, serve_ask);
    else
        serve_ask(r);
    return later ? MHD_YES : answer_asking(r);
}

/* ---- the live stream ---- */

enum { STREAM_BLOCK_BYTES = 1024 };

/* From here on it is no request under way, needs no memory of its own, and is not cut. */
static enum MHD_Result stream(struct request *r, struct live_stream *stream)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, live_read, stream, live_end);
    enum MHD_Result sent = MHD_NO;

    if (!response) {
        live_end(stream);
        return MHD_NO;
    }
    if (answer_dress(response, DRESS_API, r->serving->secure) &&
        MHD_add_response_header(response, "Content-Type", "text/event-stream") &&
        MHD_add_response_header(response, "X-Request-Id", str_z(&r->arena, r->id)) &&
        MHD_add_response_header(response, "X-Accel-Buffering", "no"))
        sent = MHD_queue_response(r->connection, 200, response);
    MHD_destroy_response(response);
    request_told(r, 200);
    link_stream(r->link);
    r->counted = false;
    r->serving->under_way--;
    arena_free(&r->arena);
    return sent;
}

static enum rc guest_of(struct request *r, struct live_guest *guest)
{
    *guest = (struct live_guest){
        .connection = r->connection,
        .fd = r->link->fd,
        .address = r->address,
        .local = r->link->local,
        .credential = r->credential,
        .actor = &r->actor,
    };
    if (!r->heads.last_event.at)
        return RC_OK;
    if (!event_id_parse(r->heads.last_event, &guest->county, &guest->seq))
        return RC_GONE; /* the client opens a new one and loads anew */
    guest->resumes = true;
    return live_reaches(r->serving->live, &r->op, guest->county, guest->seq);
}

enum MHD_Result serve_live(struct request *r)
{
    struct live_guest   guest;
    struct live_stream *joined = NULL;
    enum rc             rc = r->serving->live ? guest_of(r, &guest) : RC_NOT_FOUND;

    if (rc == RC_OK)
        rc = live_join(r->serving->live, &guest, &joined);
    return joined ? stream(r, joined) : answer_problem(r, rc, &r->op.problems);
}

/* ---- the rest ---- */

enum MHD_Result serve_options(struct request *r)
{
    return answer_send(r, &(struct answer){ .status = 204, .allow = r->allow });
}

enum MHD_Result serve_file(struct request *r)
{
    struct file_answer  answer;
    const struct heads *heads = &r->heads;

    if (files_find(r->serving->files, r->target->path, heads->if_none_match,
                   heads->encoding, &answer) == RC_OK) {
        request_told(r, answer.status);
        return MHD_queue_response(r->connection, answer.status, answer.response);
    }
    struct str folder = str_fmt(&r->arena, "%.*s/", STR_ARG(r->target->path));
    return answer_send(r, &(struct answer){ .status = 308, .location = folder });
}

enum MHD_Result serve_health(struct request *r)
{
    return answer_send(r, &(struct answer){ .status = 200,
                                            .type = STR("application/json"),
                                            .body = STR("{\"status\":\"ok\"}") });
}

enum MHD_Result serve_ready(struct request *r)
{
    struct serving *serving = r->serving;
    enum rc         rc = RC_OK;

    if (serving->readers)
        rc = readers_mine(serving->readers, &r->op.db);
    if (rc == RC_OK)
        rc = serving->door.ready(serving->door.context, &r->op);
    if (rc != RC_OK)
        return answer_problem(r, RC_UNAVAILABLE, &r->op.problems);
    return answer_send(r, &(struct answer){ .status = 200,
                                            .type = STR("application/json"),
                                            .body = STR("{\"status\":\"ready\"}") });
}

/* What can be told without the database is told without it: that is when it is looked
 * at most. */
enum MHD_Result serve_metrics(struct request *r)
{
    struct serving *serving = r->serving;
    struct str      text;

    metric_set(METRIC_CONNECTIONS, 0, (int64_t)links_count(serving->links));
    metric_set(METRIC_UNDER_WAY, 0, (int64_t)serving->under_way);
    metric_set(METRIC_PASSWORD_QUEUE, 0, (int64_t)slow_waiting(serving->slow));
    metric_set(METRIC_STREAMS, 0, serving->live ? (int64_t)live_count(serving->live) : 0);
    if (serving->door.measure)
        serving->door.measure(serving->door.context, &r->op);
    text = metric_text(&r->arena);
    if (!text.at)
        return answer_problem(r, RC_NO_MEMORY, &r->op.problems);
    return answer_send(
        r, &(struct answer){ .status = 200, .type = METRIC_TEXT_TYPE, .body = text });
}
