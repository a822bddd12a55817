/* Who comes in, in the order in which it costs least to say no.  Nothing of the body
 * has been read yet: what is refused here is refused before its first byte. */
#include <ctype.h>

#include "base/clock.h"
#include "base/metric.h"
#include "guard/signature.h"
#include "gate/refusals.h"
#include "http/answer.h"
#include "http/open311/open311.h"
#include "http/planted.h"

enum { AGENT_BYTES_MAX = 256, KEY_BYTES_MIN = 8, KEY_BYTES_MAX = 64 };
enum { ID_BYTES_MIN = 8, ID_BYTES_MAX = 64 };

/* ---- the head as it came ---- */

static const struct {
    struct str name;
    size_t     offset;
} known[] = {
    { STR_INIT("host"), offsetof(struct heads, host) },
    { STR_INIT("origin"), offsetof(struct heads, origin) },
    { STR_INIT("content-type"), offsetof(struct heads, content_type) },
    { STR_INIT("content-length"), offsetof(struct heads, content_length) },
    { STR_INIT("transfer-encoding"), offsetof(struct heads, transfer) },
    { STR_INIT("cookie"), offsetof(struct heads, cookie) },
    { STR_INIT("authorization"), offsetof(struct heads, authorization) },
    { STR_INIT("x-linli"), offsetof(struct heads, ours) },
    { STR_INIT("idempotency-key"), offsetof(struct heads, key) },
    { STR_INIT("if-none-match"), offsetof(struct heads, if_none_match) },
    { STR_INIT("last-event-id"), offsetof(struct heads, last_event) },
    { STR_INIT("x-forwarded-for"), offsetof(struct heads, forwarded) },
    { STR_INIT("accept-encoding"), offsetof(struct heads, encoding) },
    { STR_INIT("user-agent"), offsetof(struct heads, agent) },
    { STR_INIT("x-request-id"), offsetof(struct heads, request) },
};

static enum MHD_Result note_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    struct heads *heads = context;

    (void)kind;
    heads->n++;
    heads->bytes += name_len + value_len;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct str *slot = (struct str *)((char *)heads + known[i].offset);
        if (!same_word(known[i].name, str_slice(name, name_len)))
            continue;
        heads->repeated |= slot->at != NULL;
        *slot = value ? str_slice(value, value_len) : STR("");
    }
    return MHD_YES;
}

static enum rc small_head(struct request *r)
{
    (void)MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, note_header,
                                      &r->heads);
    if (r->raw.len > HTTP_URL_BYTES_MAX)
        return RC_URI_TOO_LONG;
    return r->heads.n > HTTP_HEADERS_MAX || r->heads.bytes > HTTP_HEADERS_BYTES_MAX
               ? RC_HEADERS
               : RC_OK;
}

static enum rc wrong(struct request *r, const char *where, const char *says)
{
    return fail(&r->op, RC_INVALID, where, "%s", says);
}

static enum rc one_framing(struct request *r)
{
    int64_t length;

    if (r->heads.repeated)
        return wrong(r, NULL, "请求头里有一项出现了两次，请只留一个。");
    if (r->heads.content_length.at && r->heads.transfer.at)
        return wrong(r, "Transfer-Encoding",
                     "不能同时写 Content-Length 和 Transfer-Encoding。");
    if (r->heads.transfer.at && !same_word(r->heads.transfer, STR("chunked")))
        return wrong(r, "Transfer-Encoding", "Transfer-Encoding 只接受 chunked。");
    if (r->heads.content_length.at &&
        (!str_int64(r->heads.content_length, &length) || length < 0))
        return wrong(r, "Content-Length", "Content-Length 应是一个整数。");
    return RC_OK;
}

/* ---- where it comes from and where it wants to go ---- */

static enum rc too_many(struct request *r, const char *limit, int64_t wait_s)
{
    metric_count(METRIC_LIMIT_HITS, limit);
    gate_refused(r->serving->gate,
                 &(struct refused_try){ .county = r->actor.county,
                                        .account = r->actor.account,
                                        .act = str_of(limit),
                                        .address = address_text(&r->arena, r->address),
                                        .rc = RC_TOO_MANY });
    r->retry_s = wait_s;
    return fail(&r->op, RC_TOO_MANY, NULL, "请求太频繁了，请 %lld 秒后再试。",
                (long long)wait_s);
}

static bool id_clean(struct str id)
{
    bool clean = id.len >= ID_BYTES_MIN && id.len <= ID_BYTES_MAX;

    for (size_t i = 0; clean && i < id.len; i++)
        clean = isalnum((unsigned char)id.at[i]) || id.at[i] == '-';
    return clean;
}

/* A proxy of ours may have named the request already, so that its log and ours can be
 * held together; nobody else names ours. */
static void take_id(struct request *r)
{
    bool ours = r->link->local || networks_hold(r->serving->proxies, r->link->address);

    if (ours && id_clean(r->heads.request))
        r->id = r->op.request = str_copy(&r->arena, r->heads.request);
}

static enum rc address_may(struct request *r)
{
    struct serving *serving = r->serving;

    take_id(r);
    r->address = address_behind(r->link->address, r->heads.forwarded, serving->proxies);
    if (!serving->rates || r->link->local)
        return RC_OK;
    int64_t factor = networks_hold(serving->offices, r->address) ? HTTP_NAT_FACTOR : 1;
    int64_t wait_s = rate_address(serving->rates, r->address, factor, clock_mono_us());
    return wait_s ? too_many(r, "address-requests", wait_s) : RC_OK;
}

static struct str host_of(struct str origin)
{
    return str_skip(origin, str_starts(origin, STR("https://")) ? 8 : 7);
}

/* A name that is not ours, resolved to our address, is somebody else's page looking
 * in (DNS rebinding). */
static enum rc host_known(struct request *r)
{
    if (r->link->local || str_eq(r->raw, STR("/healthz")) || str_eq(r->raw, STR("/readyz")))
        return RC_OK;
    for (size_t i = 0; i < r->serving->origins.n; i++)
        if (str_eq(host_of(r->serving->origins.at[i]), r->heads.host)) {
            r->op.origin = r->serving->origins.at[i];
            return RC_OK;
        }
    return wrong(r, "Host", "这里不是您要访问的网站，请核对网址。");
}

static enum rc clean_target(struct request *r)
{
    r->target = arena_new(&r->arena, struct target);
    if (!r->target)
        return RC_NO_MEMORY;
    return target_parse(&r->arena, r->raw, r->target, &r->op.problems);
}

/* ---- who asks ---- */

static struct http_credential credential_of(struct request *r)
{
    struct str             name = r->serving->secure ? STR("__Host-linli") : STR("linli");
    struct http_credential shown = { .address = address_text(&r->arena, r->address) };

    if (r->link->local) {
        shown.kind = HTTP_LOCAL;
        shown.address = STR_NONE;
    } else if (str_starts(r->heads.authorization, SIGN_SCHEME)) {
        shown.kind = HTTP_SIGNED;
        shown.secret = r->heads.authorization;
        shown.method = r->word;
        shown.target = r->raw;
    } else if (r->heads.authorization.at) {
        shown.kind = HTTP_BEARER;
        shown.secret = bearer_of(r->heads.authorization);
    } else if (cookie_find(r->heads.cookie, name, &shown.secret) == 1) {
        shown.kind = HTTP_SESSION;
    }
    return shown;
}

/* What a browser calls itself is shown to people in the list of their sessions. */
static struct str agent_of(const struct request *r)
{
    struct str agent = r->heads.agent;

    return agent.len && agent.len <= AGENT_BYTES_MAX && str_utf8(agent) ? agent : STR_NONE;
}

/* An ended session is nobody, so that the start page and signing in still work; a
 * machine is told that its key is wrong. */
static enum rc actor_known(struct request *r)
{
    struct serving *serving = r->serving;

    r->credential = credential_of(r);
    r->op.address = r->credential.address;
    r->op.agent = agent_of(r);
    r->actor = (struct actor){ .kind = ACTOR_NOBODY };
    if (r->credential.kind == HTTP_NO_CREDENTIAL)
        return RC_OK;
    if (serving->readers && readers_mine(serving->readers, &r->op.db) != RC_OK &&
        r->credential.kind != HTTP_LOCAL)
        return RC_UNAVAILABLE;
    enum rc rc =
        serving->door.actor(serving->door.context, &r->op, &r->credential, &r->actor);
    if (rc == RC_UNAUTHENTICATED && r->credential.kind == HTTP_SESSION) {
        r->actor = (struct actor){ .kind = ACTOR_NOBODY };
        return RC_OK;
    }
    return rc;
}

static enum rc account_may(struct request *r)
{
    struct serving *serving = r->serving;
    bool            staff = r->actor.nholds > 0 || r->actor.kind == ACTOR_LOCAL;

    if (!staff && links_crowded(serving->links)) {
        metric_count(METRIC_LIMIT_HITS, "connections-reserve");
        r->retry_s = HTTP_HEAD_MS / 1000;
        return RC_BUSY;
    }
    if (!serving->rates || r->actor.account == 0)
        return RC_OK;
    int64_t wait_s = rate_account(serving->rates, r->actor.account, clock_mono_us());
    return wait_s ? too_many(r, "account-requests", wait_s) : RC_OK;
}

enum rc admit_key(struct request *r, struct str key)
{
    struct serving *serving = r->serving;

    r->credential = (struct http_credential){
        .kind = HTTP_BEARER, .secret = key, .address = address_text(&r->arena, r->address)
    };
    r->op.address = r->credential.address;
    if (serving->readers && readers_mine(serving->readers, &r->op.db) != RC_OK)
        return RC_UNAVAILABLE;
    enum rc rc =
        serving->door.actor(serving->door.context, &r->op, &r->credential, &r->actor);
    return rc == RC_OK ? account_may(r) : rc;
}

/* ---- changing requests ---- */

static bool origin_ours(const struct request *r)
{
    for (size_t i = 0; i < r->serving->origins.n; i++)
        if (str_eq(r->serving->origins.at[i], r->heads.origin))
            return true;
    return false;
}

/* A foreign page can neither set our header without asking first, nor hide where it
 * comes from. */
static enum rc from_our_page(struct request *r)
{
    if (r->method == GET)
        return RC_OK;
    if (r->heads.origin.at && !r->link->local && !origin_ours(r))
        return fail(&r->op, RC_DENIED, "Origin", "请求来自别的网站，没有受理。");
    if (!str_eq(r->heads.ours, STR("1")))
        return fail(&r->op, RC_DENIED, "X-Linli", "请求少了 X-Linli: 1，没有受理。");
    return RC_OK;
}

static enum rc key_clean(struct request *r)
{
    struct str key = r->heads.key;

    bool clean = !key.at || (key.len >= KEY_BYTES_MIN && key.len <= KEY_BYTES_MAX);
    for (size_t i = 0; clean && key.at && i < key.len; i++)
        clean = isalnum((unsigned char)key.at[i]) || key.at[i] == '-' || key.at[i] == '_';
    return clean ? RC_OK
                 : wrong(r, "Idempotency-Key",
                         "Idempotency-Key 应是 8 到 64 个字母、数字、- 或 _。");
}

static enum rc image_type(struct request *r)
{
    static const struct str images[] = { STR_INIT("image/jpeg"), STR_INIT("image/png"),
                                         STR_INIT("image/webp") };
    struct str              type = r->heads.content_type;

    for (size_t i = 0; i < COUNT(images); i++)
        if (media_is(type, images[i]))
            return RC_OK;
    if (media_is(type, STR("image/heic")) || media_is(type, STR("image/heif")))
        return fail(&r->op, RC_UNSUPPORTED, "Content-Type",
                    "这张照片是 HEIC 格式，打不开。请在手机相机设置里把格式改为“兼容性最佳”"
                    "后再拍，或者截一张屏再发。");
    return fail(&r->op, RC_UNSUPPORTED, "Content-Type", "照片只收 JPEG、PNG 和 WebP。");
}

static enum rc table_type(struct request *r)
{
    static const struct str tables[] = {
        STR_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        STR_INIT("text/csv"),
    };

    for (size_t i = 0; i < COUNT(tables); i++)
        if (media_is(r->heads.content_type, tables[i]))
            return RC_OK;
    return fail(&r->op, RC_UNSUPPORTED, "Content-Type",
                "表格只收 xlsx 和 CSV。老的 xls 请用 Excel 另存为 xlsx。");
}

static enum rc known_type(struct request *r)
{
    if (r->method == GET || (!r->heads.content_type.at && !body_expected(r)))
        return RC_OK;
    if (r->route.act->streams)
        return r->route.act->table ? table_type(r) : image_type(r);
    if (!media_is(r->heads.content_type, STR("application/json")))
        return fail(&r->op, RC_UNSUPPORTED, "Content-Type",
                    "内容要写成 JSON（Content-Type: application/json）。");
    return RC_OK;
}

static enum rc short_enough(struct request *r)
{
    int64_t length = 0;

    r->body.most = r->route.act->streams ? HTTP_UPLOAD_BYTES_MAX : HTTP_BODY_BYTES_MAX;
    if (r->heads.content_length.at && str_int64(r->heads.content_length, &length) &&
        length > (int64_t)r->body.most)
        return RC_TOO_LARGE;
    if (r->method == GET && body_expected(r))
        return wrong(r, NULL, "查询请求不带内容。");
    return RC_OK;
}

/* ---- places ---- */

static enum rc run_checks(struct request *r, enum rc (*const *checks)(struct request *))
{
    enum rc rc = RC_OK;

    for (; rc == RC_OK && *checks; checks++)
        rc = (*checks)(r);
    return rc;
}

static enum rc found_act(struct request *r)
{
    /* "api", "v1" come before it */
    enum rc rc = router_find(r->serving->router, r->method, r->target->segments + 2,
                             r->target->nsegments - 2, &r->route);

    r->allow = r->route.allow;
    return rc;
}

/* The gate asks this of every act; here it comes before the body, whatever that holds. */
static enum rc owes_nothing(struct request *r)
{
    return actor_owes(&r->op, &r->actor, r->route.act->owing);
}

static enum rc admit_act(struct request *r)
{
    static enum rc (*const checks[])(struct request *) = {
        actor_known, account_may, owes_nothing, from_our_page,
        key_clean,   known_type,  short_enough, NULL,
    };

    r->next = serve_act;
    return run_checks(r, checks);
}

static enum rc signed_in(struct request *r)
{
    return r->actor.kind == ACTOR_NOBODY ? RC_UNAUTHENTICATED
                                         : actor_owes(&r->op, &r->actor, 0);
}

/* The description of the interface helps whoever looks for a way in. */
static enum rc described(struct request *r)
{
    return r->serving->demo ? RC_OK : signed_in(r);
}

static enum rc may_measure(struct request *r)
{
    if (actor_may(&r->actor, RIGHT_METRICS_READ, STR_NONE))
        return RC_OK;
    return r->actor.kind == ACTOR_NOBODY ? RC_UNAUTHENTICATED : RC_DENIED;
}

static enum rc (*const anybody[])(struct request *) = { NULL };
static enum rc (*const somebody[])(struct request *) = {
    actor_known,
    account_may,
    signed_in,
    NULL,
};

static enum rc (*const readers[])(struct request *) = {
    actor_known,
    account_may,
    described,
    NULL,
};

static enum rc (*const measurers[])(struct request *) = {
    actor_known,
    account_may,
    may_measure,
    NULL,
};

static const struct place {
    const char *name;
    struct str  path;
    enum MHD_Result (*serve)(struct request *r);
    enum rc (*const *checks)(struct request *r);
} places[] = {
    // clang-format off
    { "healthz", STR_INIT("/healthz"), serve_health, anybody },
    { "readyz", STR_INIT("/readyz"), serve_ready, anybody },
    { "live", STR_INIT("/api/v1/live"), serve_live, somebody },
    { "openapi", STR_INIT("/api/v1/openapi.json"), serve_file, readers },
    { "metrics", STR_INIT("/metrics"), serve_metrics, measurers },
    PLANTED_PLACE
    // clang-format on
};

static enum rc found_place(struct request *r)
{
    r->allow = STR("GET, HEAD, OPTIONS");
    for (size_t i = 0; i < COUNT(places); i++)
        if (str_eq(places[i].path, r->target->path)) {
            r->next = places[i].serve;
            r->place = places[i].name;
            return r->method == GET ? run_checks(r, places[i].checks) : RC_METHOD;
        }
    return RC_NOT_FOUND;
}

static enum rc found_file(struct request *r)
{
    const struct files *files = r->serving->files;
    struct file_answer  answer;

    if (!files ||
        (files_find(files, r->target->path, STR_NONE, STR_NONE, &answer) != RC_OK &&
         !files_folder(files, r->target->path)))
        return RC_NOT_FOUND;
    r->next = serve_file;
    r->place = "file";
    return r->method == GET ? RC_OK : RC_METHOD;
}

static enum rc find_place(struct request *r)
{
    if (r->open311)
        return open311_find(r);

    const struct target *target = r->target;
    enum rc              rc = found_place(r);

    bool api = target->nsegments > 2 && str_eq(target->segments[0], STR("api")) &&
               str_eq(target->segments[1], STR("v1"));
    if (rc == RC_NOT_FOUND)
        rc = api ? found_act(r) : found_file(r);
    if (rc == RC_METHOD && str_eq(r->word, STR("OPTIONS"))) {
        r->next = serve_options;
        return RC_OK;
    }
    return rc;
}

enum rc admit(struct request *r)
{
    static enum rc (*const checks[])(struct request *) = {
        small_head, one_framing, address_may, host_known, clean_target, find_place, NULL,
    };

    r->method = str_eq(r->word, STR("HEAD")) ? GET : method_of(r->word);
    if (r->serving->stopping)
        return RC_UNAVAILABLE;
    r->open311 = open311_begin(r);
    enum rc rc = run_checks(r, checks);
    return rc == RC_OK && r->route.act && !r->open311 ? admit_act(r) : rc;
}
