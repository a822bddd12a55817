#include "guard/session.h"

#include <pthread.h>
#include <string.h>

#include "base/limits.h"
#include "guard/actor.h"
#include "guard/cache.h"
#include "guard/guard_store.h"
#include "guard/token.h"

static const struct client_row {
    struct str word;
    int64_t    idle_ms, whole_ms;
} clients[] = {
#define CLIENT_ROW(name, word, idle, whole)                                                \
    [CLIENT_##name] = { STR_INIT(word), (idle)*INT64_C(1000), (whole)*INT64_C(1000) },
    CLIENTS(CLIENT_ROW)
#undef CLIENT_ROW
};

/* Noting each request would write all day: only when the note is older than this
 * part of the idle time. */
enum { SEEN_PARTS = 20, SWEEP_MAX = 1000, AGENT_BYTES_MAX = 200, ADDRESS_BYTES_MAX = 64 };
enum { STEP_BACK_MS = 3600 * 1000 }; /* of the clock, which sessions outlive */

static struct cache *found; /* token hash → struct session */

const struct field session_shown_fields[SESSION_SHOWN_FIELDS] = {
    FIELD_ID(struct session_shown, id, REQUIRED),
    FIELD_TIME(struct session_shown, made, .title = STR_INIT("登录时间")),
    FIELD_TIME(struct session_shown, seen, .title = STR_INIT("最近使用")),
    FIELD_TIME(struct session_shown, until, .title = STR_INIT("到期时间")),
    FIELD(struct session_shown, client, .title = STR_INIT("端")),
    FIELD(struct session_shown, address, .title = STR_INIT("网络地址"),
          .grade = GRADE_PERSONAL),
    FIELD(struct session_shown, agent, .title = STR_INIT("设备"), .grade = GRADE_PERSONAL),
    FIELD(struct session_shown, current, .title = STR_INIT("就是这一个")),
};

struct str client_word(enum client client)
{
    return clients[client].word;
}

static bool client_of_word(struct str word, enum client *client)
{
    for (*client = 0; *client < CLIENT_COUNT; (*client)++)
        if (str_eq(clients[*client].word, word))
            return true;
    return false;
}

static bool passed_of_word(struct str word, enum passed *passed)
{
    for (*passed = 0; *passed < PASSED_COUNT; (*passed)++)
        if (str_eq(passed_word(*passed), word))
            return true;
    return false;
}

static bool owes_of_word(struct str word, enum owes *owes)
{
    for (*owes = 0; *owes < OWES_COUNT; (*owes)++)
        if (str_eq(owes_word(*owes), word))
            return true;
    return false;
}

static int64_t until(enum client client, int64_t made_ms, int64_t seen_ms)
{
    int64_t idle = seen_ms + clients[client].idle_ms,
            whole = made_ms + clients[client].whole_ms;

    return idle < whole ? idle : whole;
}

/* ---- who was there: waits in memory for session_keep() ---- */

struct seen {
    int64_t county, id, seen_ms, until_ms;
};
enum { SEEN_MAX = 4096, SEEN_TRIES = 8 };
static struct seen     seen[SEEN_MAX];
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;

/* When all places are taken the next request notes it again. */
static void note_seen(const struct session *session, int64_t now_ms)
{
    struct seen now = { session->county, session->id, now_ms,
                        until(session->client, session->made_ms, now_ms) };

    pthread_mutex_lock(&seen_lock);
    for (size_t i = 0; i < SEEN_TRIES; i++) {
        struct seen *at = &seen[((uint64_t)session->id + i) % SEEN_MAX];
        if (at->id == 0 || (at->id == now.id && at->county == now.county)) {
            *at = now;
            break;
        }
    }
    pthread_mutex_unlock(&seen_lock);
}

/* The next note of the county from *at on. */
static bool take_seen(int64_t county, size_t *at, struct seen *one)
{
    bool took = false;

    pthread_mutex_lock(&seen_lock);
    for (; *at < SEEN_MAX && !took; (*at)++)
        if (seen[*at].id != 0 && seen[*at].county == county) {
            *one = seen[*at];
            seen[*at] = (struct seen){ 0 };
            took = true;
        }
    pthread_mutex_unlock(&seen_lock);
    return took;
}

enum rc session_keep(struct op *op)
{
    enum rc     rc = RC_OK;
    struct seen one;

    for (size_t at = 0; rc == RC_OK && take_seen(op->county, &at, &one);)
        rc = session_row_seen(op, one.id, one.seen_ms, one.until_ms);
    return rc == RC_OK ? session_rows_sweep(op, SWEEP_MAX) : rc;
}

/* ---- opening ---- */

/* A header that goes into the table: valid, without controls, not too long. */
static struct str clean(struct str text, size_t most)
{
    size_t n = 0;

    if (!text.at || !str_utf8(text))
        return STR("");
    while (n < text.len && (unsigned char)text.at[n] >= ' ' && text.at[n] != 0x7f)
        n++;
    if (n > most)
        for (n = most; n > 0 && ((unsigned char)text.at[n] & 0xc0) == 0x80;)
            n--;
    return str_slice(text.at, n);
}

static enum rc end_row(struct op *op, int64_t account, int64_t id)
{
    struct str token = STR_NONE;

    enum rc rc = session_row_end(op, account, id, &token);
    if (rc == RC_OK && token.len == SM3_BYTES)
        cache_drop(found, token.at);
    return rc;
}

static enum rc end_oldest(struct op *op, int64_t account)
{
    struct list list;

    enum rc rc = session_rows_of(op, account, SESSIONS_PER_ACCOUNT, &list);
    const struct session_row *rows = list.at;
    if (rc == RC_OK && list.n == SESSIONS_PER_ACCOUNT)
        rc = end_row(op, account, rows[list.n - 1].id);
    return rc;
}

enum rc session_open(struct op *op, const struct session_new *made, struct session *session,
                     struct str *token)
{
    int64_t since_ms = made->since_ms ? made->since_ms : op->now_ms;

    enum rc rc = end_oldest(op, made->account);
    if (rc != RC_OK)
        return rc;
    struct token fresh = token_new(op->arena, STR(""), op->county, token);
    *session = (struct session){
        .county = op->county,
        .id = op_new_id(op),
        .account = made->account,
        .client = made->client,
        .passed = made->passed,
        .owes = made->owes,
        .made_ms = since_ms,
        .seen_ms = op->now_ms,
        .until_ms = until(made->client, since_ms, op->now_ms),
    };
    struct session_row row = {
        .id = session->id,
        .account = made->account,
        .made_ms = session->made_ms,
        .seen_ms = session->seen_ms,
        .until_ms = session->until_ms,
        .token = PART_OF(fresh.hash),
        .client = clients[made->client].word,
        .passed = passed_word(made->passed),
        .owes = owes_word(made->owes),
        .address = clean(op->address, ADDRESS_BYTES_MAX),
        .agent = clean(op->agent, AGENT_BYTES_MAX),
    };
    return token->at ? session_row_add(op, &row) : RC_NO_MEMORY;
}

enum rc session_renew(struct op *op, const struct session_new *made,
                      struct session *session, struct str *token)
{
    struct session_new renewed = *made;
    struct list        list;

    enum rc rc = session_rows_of(op, made->account, SESSIONS_PER_ACCOUNT, &list);
    const struct session_row *rows = list.at;
    for (size_t i = 0; rc == RC_OK && i < list.n; i++)
        if (rows[i].id == op->actor->session)
            renewed.since_ms = rows[i].made_ms;
    if (rc == RC_OK && !renewed.since_ms)
        return RC_UNAUTHENTICATED;
    if (rc == RC_OK)
        rc = end_row(op, made->account, op->actor->session);
    return rc == RC_OK ? session_open(op, &renewed, session, token) : rc;
}

/* ---- finding ---- */

static enum rc find_row(struct op *op, const struct token *token, struct session *session)
{
    struct session_row row = { 0 };

    enum rc rc = session_row_find(op, token->county, PART_OF(token->hash), &row);
    if (rc != RC_OK)
        return rc;
    *session = (struct session){
        .county = token->county,
        .id = row.id,
        .account = row.account,
        .made_ms = row.made_ms,
        .seen_ms = row.seen_ms,
        .until_ms = row.until_ms,
    };
    if (!client_of_word(row.client, &session->client) ||
        !passed_of_word(row.passed, &session->passed) ||
        !owes_of_word(row.owes, &session->owes))
        return RC_NOT_FOUND; /* of a kind that this version no longer knows */
    cache_keep(found, token->hash, session);
    return RC_OK;
}

static bool is_over(const struct session *session, int64_t now_ms)
{
    return now_ms >= session->until_ms || session->made_ms - now_ms > STEP_BACK_MS;
}

enum rc session_peek(struct op *op, struct str text, struct session *session)
{
    struct token token;
    enum rc      rc = RC_OK;

    if (!token_read(STR(""), text, &token))
        return RC_UNAUTHENTICATED;
    op->county = token.county;
    if (!cache_find(found, token.hash, session))
        rc = find_row(op, &token, session);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && is_over(session, op->now_ms)))
        return RC_UNAUTHENTICATED;
    return rc;
}

enum rc session_find(struct op *op, struct str text, struct session *session)
{
    enum rc rc = session_peek(op, text, session);

    if (rc != RC_OK)
        return rc;
    int64_t ago_ms = op->now_ms - session->seen_ms; /* less than none: a clock put back */
    if (ago_ms > clients[session->client].idle_ms / SEEN_PARTS || ago_ms < -STEP_BACK_MS)
        note_seen(session, op->now_ms);
    return RC_OK;
}

/* ---- ending and listing ---- */

enum rc session_end(struct op *op, int64_t account, int64_t id)
{
    return end_row(op, account, id);
}

enum rc session_end_all(struct op *op, int64_t account, int64_t except)
{
    struct list list;

    enum rc rc = session_rows_of(op, account, SESSIONS_PER_ACCOUNT, &list);
    const struct session_row *rows = list.at;
    for (size_t i = 0; rc == RC_OK && i < list.n; i++)
        if (rows[i].id != except)
            rc = end_row(op, account, rows[i].id);
    return rc;
}

enum rc sessions_end_kind(struct op *op, enum client kind)
{
    enum rc rc = session_rows_end_kind(op, clients[kind].word);

    if (rc == RC_OK)
        cache_empty(found);
    return rc;
}

enum rc session_list(struct op *op, int64_t account, struct list *shown)
{
    struct list list;

    enum rc rc = session_rows_of(op, account, SESSIONS_PER_ACCOUNT, &list);
    if (rc != RC_OK)
        return rc;
    const struct session_row *rows = list.at;
    struct session_shown     *into = arena_many(op->arena, list.n, struct session_shown);
    *shown = (struct list){ .at = into };
    for (size_t i = 0; into && i < list.n; i++)
        if (op->now_ms < rows[i].until_ms)
            into[shown->n++] = (struct session_shown){
                .id = rows[i].id,
                .made = rows[i].made_ms,
                .seen = rows[i].seen_ms,
                .until = rows[i].until_ms,
                .client = rows[i].client,
                .address = rows[i].address,
                .agent = rows[i].agent,
                .current = op->actor && op->actor->session == rows[i].id,
            };
    return into || list.n == 0 ? RC_OK : RC_TOO_LARGE;
}

enum rc sessions_open(void)
{
    static const struct cache_plan plan = {
        .sets = 4096,
        .key_size = SM3_BYTES,
        .value_size = sizeof(struct session),
        .keep_ms = 5000,
    };

    found = cache_new(&plan);
    return found ? RC_OK : RC_NO_MEMORY;
}

void sessions_close(void)
{
    cache_free(&found);
}
