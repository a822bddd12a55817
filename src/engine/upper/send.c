#include "engine/upper/send.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/random.h"
#include "engine/upper/keys.h"
#include "engine/upper/say.h"
#include "guard/signature.h"
#include "guard/sm.h"

enum { NONCE_BYTES = 16, HEADERS_MAX = 4 };

/* One transfer under way. */
struct transfer {
    struct op               *op;
    const struct upper_call *call;
    struct upper_answer     *answer;
    CURL                    *curl;
    struct curl_slist       *headers;
    char                    *at;
    size_t                   len;
    bool                     forbidden, large;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_ready(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* ------------------------------------------------------------ what comes in */

static size_t on_body(char *at, size_t size, size_t n, void *context)
{
    struct transfer *t = context;
    size_t           bytes = size * n;

    if (!t->at)
        t->at = arena_take(t->op->arena, UPPER_ANSWER_BYTES_MAX);
    t->large = !t->at || bytes > UPPER_ANSWER_BYTES_MAX - t->len;
    if (t->large)
        return 0; /* curl then fails the transfer */
    memcpy(t->at + t->len, at, bytes);
    t->len += bytes;
    return bytes;
}

static size_t on_header(char *at, size_t size, size_t n, void *context)
{
    struct transfer *t = context;
    struct str_cut   cut = str_cut(str_slice(at, size * n), ':');

    if (cut.ok && cut.head.len == 4 && strncasecmp(cut.head.at, "Date", 4) == 0) {
        char  *date = str_z(t->op->arena, str_trim(cut.tail));
        time_t said = date ? curl_getdate(date, NULL) : -1;
        t->answer->date_ms = said > 0 ? (int64_t)said * 1000 : 0;
    }
    return size * n;
}

/* The name has been resolved: may we go there at all? */
static curl_socket_t on_open(void *context, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
    struct transfer            *t = context;
    const struct upper_options *options = upper_options_told();

    t->forbidden = purpose != CURLSOCKTYPE_IPCXN || !options->may_reach ||
                   !options->may_reach(&address->addr);
    if (t->forbidden)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ------------------------------------------------------------- what goes out */

static void add_header(struct transfer *t, const char *name, struct str value)
{
    char *line =
        str_z(t->op->arena, str_fmt(t->op->arena, "%s: %.*s", name, STR_ARG(value)));

    if (line && value.at)
        t->headers = curl_slist_append(t->headers, line);
}

static struct str target_of(struct op *op, struct str url)
{
    struct str rest = str_skip(url, str_starts(url, STR("https://")) ? 8 : 7);

    return str_cat(op->arena, STR("/"), str_cut(rest, '/').tail);
}

static struct str sign(struct transfer *t, struct str url, int64_t key, struct str secret)
{
    struct arena         *arena = t->op->arena;
    unsigned char         nonce[NONCE_BYTES], hash[SM3_BYTES];
    struct signed_request request = { SIGN_UP, str_of(t->call->method),
                                      target_of(t->op, url) };

    random_bytes(nonce, sizeof nonce);
    sm3(PARTS(t->call->body), hash);
    struct signature signature = {
        .key = str_fmt(arena, "%lld", (long long)key),
        .time = str_fmt(arena, "%lld", (long long)clock_now_ms()),
        .nonce = str_hex(arena, nonce, sizeof nonce),
        .digest = str_hex(arena, hash, sizeof hash),
    };
    signature.mac = signature_mac(arena, secret, &request, &signature);
    return signature_write(arena, &signature);
}

static void set_limits(struct transfer *t, struct str url)
{
    const struct upper_options *options = upper_options_told();
    bool                        tls = str_starts(url, STR("https://"));

    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, tls ? "https" : "http");
    curl_easy_setopt(t->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)t->call->wait_ms);
    curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)UPPER_CALL_MS);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(t->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (options->ca)
        curl_easy_setopt(t->curl, CURLOPT_CAINFO, options->ca);
    curl_easy_setopt(t->curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(t->curl, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->curl, CURLOPT_HEADERDATA, t);
}

static bool set_request(struct transfer *t, struct str url, int64_t key, struct str secret)
{
    char *where = str_z(t->op->arena, url);

    add_header(t, "Authorization", sign(t, url, key, secret));
    add_header(t, "Content-Type", t->call->type);
    add_header(t, "Expect", STR(""));
    if (!where || t->op->arena->over)
        return false;
    curl_easy_setopt(t->curl, CURLOPT_URL, where);
    curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, t->call->method);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
    if (t->call->body.at) {
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)t->call->body.len);
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, t->call->body.at);
    }
    set_limits(t, url);
    return true;
}

/* ------------------------------------------------------------------- calls */

static struct str why_not(const struct transfer *t, CURLcode code)
{
    if (t->forbidden)
        return STR("平台的地址在内部网络里，没有列进 LINLI_UPPER_NETWORKS，不能去。");
    if (t->large)
        return STR("平台的答复太长了。");
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return STR("平台的域名解析不了。");
    case CURLE_COULDNT_CONNECT:
        return STR("平台连不上。");
    case CURLE_OPERATION_TIMEDOUT:
        return STR("平台没有及时答复。");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return STR("平台的证书通不过检查。");
    default:
        return str_fmt(t->op->arena, "平台的答复没有收完整（%s）。",
                       curl_easy_strerror(code));
    }
}

static void perform(struct transfer *t)
{
    long status = 0;

    CURLcode code = curl_easy_perform(t->curl);
    if (code != CURLE_OK) {
        t->answer->why = why_not(t, code);
        return;
    }
    (void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    t->answer->status = status;
    t->answer->body = t->at ? str_slice(t->at, t->len) : STR("");
}

static enum rc send_with(struct op *op, const struct upper_call *call, int64_t key,
                         struct upper_answer *answer)
{
    struct transfer              t = { .op = op, .call = call, .answer = answer };
    const struct upper_platform *platform = upper_platform(op);
    struct upper_key             found;
    struct str                   secret;

    enum rc rc = upper_key_open(op, key, &found, &secret);
    if (rc != RC_OK)
        return rc;
    *answer = (struct upper_answer){ 0 };
    t.curl = curl_easy_init();
    struct str url = str_cat(op->arena, platform->base, call->path);
    if (t.curl && url.at && set_request(&t, url, key, secret))
        perform(&t);
    else
        rc = RC_NO_MEMORY;
    curl_slist_free_all(t.headers);
    curl_easy_cleanup(t.curl);
    return rc;
}

enum rc upper_send(struct op *op, const struct upper_call *call,
                   struct upper_answer *answer)
{
    struct list keys;

    *answer = (struct upper_answer){ 0 };
    (void)pthread_once(&curl_once, curl_ready);
    if (!upper_platform(op)) {
        answer->why = STR("没有写平台的地址（LINLI_UPPER）。");
        return RC_OK;
    }
    enum rc rc = upper_keys(op, &keys);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    const struct upper_key *all = keys.at;
    if (!keys.n)
        answer->why = STR("还没有和平台共用的密钥。");
    for (size_t i = 0; i < keys.n && i < 2; i++) {
        rc = send_with(op, call, all[i].id, answer);
        if (rc != RC_OK || answer->status != 401)
            return rc;
    }
    return RC_OK;
}
