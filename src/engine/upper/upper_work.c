#include "engine/upper/upper_work.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "engine/photo/photo.h"
#include "engine/upper/send.h"
#include "engine/upper/upper_store.h"
#include "gate/gate.h"
#include "guard/sm.h"

enum { AT_ONCE = 50, LOOK_MS = 500, WHY_CHARS = 200 };

/* What came of one message. */
struct outcome {
    enum { OUTCOME_SENT, OUTCOME_AGAIN, OUTCOME_STUCK } kind;
    struct str theirs, why;
    bool       away; /* nobody is there: the others need not be tried now */
};

/* ----------------------------------------------------------- its answer */

static struct str first_words(struct str text)
{
    struct str rest = text;

    for (size_t n = 0; rest.len && n < WHY_CHARS; n++)
        rest = str_skip(rest, str_utf8_first(rest));
    return str_slice(text.at, text.len - rest.len);
}

/* Its sentence when it says one, as problems do (RFC 9457). */
static struct str its_words(struct op *op, const struct upper_answer *answer)
{
    struct problems ignored;
    struct str      says = STR_NONE;

    problems_init(&ignored, op->arena);
    if (answer->body.len && str_utf8(answer->body) &&
        json_check(op->arena, answer->body, &ignored) == RC_OK)
        says = json_pick_text(op->arena, answer->body, "detail");
    says = says.len ? first_words(says) : STR("没有说原因");
    return str_fmt(op->arena, "平台答 %lld：%.*s", (long long)answer->status,
                   STR_ARG(says));
}

/* Has it taken this very message?  Then its number for the case, which it need not say. */
static bool is_taken(struct op *op, const struct upper_answer *answer, int64_t id,
                     struct str *theirs)
{
    struct problems ignored;
    struct str      said = str_fmt(op->arena, "%lld", (long long)id);

    problems_init(&ignored, op->arena);
    if (json_check(op->arena, answer->body, &ignored) != RC_OK)
        return false;
    *theirs = json_pick_text(op->arena, answer->body, "number");
    return str_eq(json_pick_text(op->arena, answer->body, "message"), said);
}

static struct outcome outcome_of(struct op *op, const struct upper_message *message,
                                 const struct upper_answer *answer)
{
    struct outcome outcome = { .kind = OUTCOME_AGAIN, .theirs = STR_NONE };
    int64_t        status = answer->status;

    if (status == 0) {
        outcome.why = answer->why;
        outcome.away = true;
    } else if (status / 100 == 2) {
        bool taken = is_taken(op, answer, message->id, &outcome.theirs);
        outcome.kind = taken ? OUTCOME_SENT : OUTCOME_AGAIN;
        outcome.why = taken ? STR("") : STR("平台的答复里没有这条消息的编号。");
    } else if (status == 404 && str_eq(message->kind, STR("recalled"))) {
        outcome.kind = OUTCOME_SENT; /* it never got it: nothing to take back */
        outcome.why = STR("");
    } else {
        bool refused = status / 100 == 4 && status != 401 && status != 403 &&
                       status != 408 && status != 425 && status != 429;
        outcome.kind = refused ? OUTCOME_STUCK : OUTCOME_AGAIN;
        outcome.why = its_words(op, answer);
    }
    if (outcome.kind == OUTCOME_AGAIN &&
        op->now_ms - message->since_ms >= UPPER_PATIENCE_MS)
        outcome.kind = OUTCOME_STUCK;
    return outcome;
}

/* ------------------------------------------------------------- one message */

/* One that is not looked at yet holds the message up; one that is gone does not. */
static enum rc send_photo(struct op *op, int64_t id, struct upper_answer *answer)
{
    struct upper_call call = { .method = "PUT",
                               .path = str_fmt(op->arena, "photos/%lld", (long long)id),
                               .type = STR("image/jpeg"),
                               .wait_ms = UPPER_PHOTO_MS };

    *answer = (struct upper_answer){ .status = 204 };
    enum rc rc = photo_screen(op, id, &call.body);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_BUSY)
        *answer = (struct upper_answer){ .why = STR("照片还在处理。") };
    if (rc != RC_OK)
        return rc == RC_BUSY ? RC_OK : rc;
    return upper_send(op, &call, answer);
}

static enum rc send_photos(struct op *op, const struct upper_message *message,
                           struct upper_answer *answer)
{
    enum rc rc = RC_OK;

    *answer = (struct upper_answer){ .status = 204 };
    for (struct str rest = message->photos; rc == RC_OK && rest.len;) {
        struct arena_mark mark = arena_mark(op->arena);
        struct str_cut    cut = str_cut(rest, ' ');
        int64_t           id = 0;
        if (str_int64(cut.head, &id))
            rc = send_photo(op, id, answer);
        rest = cut.tail;
        if (rc != RC_OK || answer->status / 100 != 2)
            return rc;
        arena_back(op->arena, mark);
    }
    return rc;
}

static enum rc send_message(struct op *op, const struct upper_message *message,
                            struct outcome *outcome)
{
    struct upper_answer answer;

    enum rc rc = send_photos(op, message, &answer);
    if (rc == RC_OK && answer.status / 100 == 2)
        rc = upper_send(op,
                        &(struct upper_call){ .method = "POST",
                                              .path = STR("messages"),
                                              .type = STR("application/json"),
                                              .body = message->body,
                                              .wait_ms = UPPER_CALL_MS },
                        &answer);
    if (rc == RC_OK)
        *outcome = outcome_of(op, message, &answer);
    return rc;
}

static enum rc tell(const struct worker *worker, struct arena *arena,
                    const struct upper_message *message, const struct outcome *outcome)
{
    bool            again = outcome->kind == OUTCOME_AGAIN;
    struct json_out out;

    json_out_init(&out, arena);
    json_open(&out, '{');
    json_key(&out, STR("id"));
    json_id(&out, message->id);
    if (!again) {
        json_key(&out, STR("sent"));
        json_bool(&out, outcome->kind == OUTCOME_SENT);
        json_key(&out, STR("theirs"));
        json_text(&out, outcome->theirs);
    }
    json_key(&out, STR("why"));
    json_text(&out, outcome->why);
    json_close(&out, '}');
    return worker_ask(worker, arena, again ? "upper.tried" : "upper.ended",
                      json_done(&out));
}

/* ------------------------------------------------------------------ rounds */

static bool see_to(const struct worker *worker, int64_t id)
{
    struct upper_message message;
    struct outcome       outcome = { 0 };
    struct arena         arena;
    struct op            op;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    worker_op(worker, &arena, &op);
    op.county = id_county(id);
    enum rc rc = upper_message_find(&op, id, &message);
    if (rc == RC_OK)
        rc = send_message(&op, &message, &outcome);
    if (rc == RC_OK)
        rc = tell(worker, &arena, &message, &outcome);
    if (rc != RC_OK && rc != RC_UNAVAILABLE)
        log_event(LOG_WARN, "upper.not_sent", LOG_INT("message", id),
                  LOG_TEXT("why", rc_word(rc)));
    arena_free(&arena);
    return rc == RC_OK && !outcome.away;
}

static enum rc next_due(const struct worker *worker, struct arena *arena,
                        struct list *found)
{
    struct op op;

    worker_op(worker, arena, &op);
    return upper_message_due(&op, (struct upper_due){ 0 }, AT_ONCE, found);
}

/* Nobody there: what else waits for the same county's platform is tried next time. */
static enum rc send_waiting(const struct worker *worker)
{
    struct arena arena;
    struct list  found = { 0 };
    int64_t      away[AT_ONCE];
    size_t       naway = 0;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    enum rc                 rc = next_due(worker, &arena, &found);
    const struct upper_due *due = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++) {
        int64_t county = id_county(due[i].id);
        bool    skip = gate_elsewhere(worker->gate, county);
        for (size_t a = 0; a < naway; a++)
            skip |= away[a] == county;
        if (!skip && !see_to(worker, due[i].id))
            away[naway++] = county;
    }
    arena_free(&arena);
    return rc;
}

const struct worker_task upper_work = { "upper.round", LOOK_MS, send_waiting };
