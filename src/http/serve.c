/* What a request can turn out to be. */
#include "base/metric.h"
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

/* False when the server is closing: counted first, looked at second, while http_stop()
 * does it the other way round, so that none is left suspended behind its back. */
static bool suspend(struct request *r)
{
    r->serving->suspended++;
    if (r->serving->closing) {
        r->serving->suspended--;
        return false;
    }
    r->asking.done = resume;
    r->next = answer_asking;
    MHD_suspend_connection(r->connection);
    return true;
}

static void refuse(struct request *r, enum rc rc)
{
    r->asking.rc = rc;
    r->asking.done(&r->asking);
}

static void ask(struct request *r)
{
    struct serving *serving = r->serving;
    struct db      *db = NULL;

    if (serving->readers && readers_mine(serving->readers, &db) != RC_OK)
        refuse(r, RC_UNAVAILABLE);
    else
        gate_ask(serving->gate, &r->asking, db);
}

static void ask_slowly(struct slow_job *job)
{
    ask((struct request *)((char *)job - offsetof(struct request, slow)));
}

static void ask_apart(struct request *r)
{
    r->slow.run = ask_slowly;
    enum rc rc = slow_submit(r->serving->slow, &r->slow);
    if (rc != RC_OK)
        refuse(r, rc);
}

static enum rc read_asking(struct request *r)
{
    struct gate_arg args[ROUTE_ARGS_MAX + HTTP_QUERY_MAX];
    size_t          n = 0;

    r->asking = (struct asking){
        .arena = &r->arena,
        .act = r->route.act,
        .actor = &r->actor,
        .key = r->heads.key,
        .request = r->id,
        .address = r->op.address,
        .agent = r->op.agent,
        .origin = r->op.origin,
        .upload = r->body.path,
        .file = r->body.path.at ? PART_OF(r->body.hashed) : STR_NONE,
        .context = r,
        .done = nothing,
    };
    problems_init(&r->asking.problems, &r->arena);
    for (size_t i = 0; i < r->route.nargs; i++)
        args[n++] = r->route.args[i];
    for (size_t i = 0; i < r->target->nquery; i++)
        args[n++] = r->target->query[i];
    struct str body = r->body.at ? str_slice(r->body.at, r->body.len) : STR_NONE;
    return gate_read_args(&r->asking, args, n, body);
}

enum MHD_Result serve_act(struct request *r)
{
    const struct act *act = r->route.act;
    bool              later = act->writes || act->slow;
    enum rc           rc = read_asking(r);

    if (rc == RC_OK && later && !suspend(r))
        rc = RC_UNAVAILABLE;
    if (rc != RC_OK)
        return answer_problem(r, rc, &r->asking.problems);
    if (act->slow)
        ask_apart(r);
    else
        ask(r);
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
