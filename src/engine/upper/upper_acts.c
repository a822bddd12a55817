#include "base/clock.h"
#include "base/json.h"
#include "engine/upper/hear.h"
#include "engine/upper/keys.h"
#include "engine/upper/say.h"
#include "engine/upper/send.h"
#include "gate/journal.h"
#include "gate/telling.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"

enum { PAGE = 50, CENTRES_MAX = 20 };

/* ---------------------------------------------------------------- hearing */

/* Signed, and by nobody's session. */
static enum rc hear(struct op *op, const void *in, struct view *view)
{
    struct str answer;

    if (op->actor->kind != ACTOR_MACHINE)
        return fail(op, RC_DENIED, NULL, "这里只收上级平台签了名的消息。");
    enum rc rc = upper_hear(op, in, &answer);
    if (rc == RC_OK)
        json_raw(&view->out, answer);
    return rc;
}

/* ---------------------------------------------------------------- looking */

struct area_args {
    struct str area;
};
#define AREA(type)                                                                         \
    FIELD(type, area, .max = 15, .title = STR_INIT("哪个区县"),                            \
          .note = STR_INIT("不写时是自己的"))
static const struct field area_fields_[] = { AREA(struct area_args) };

static enum rc look(struct op *op, void *in)
{
    return county_look(op, RIGHT_UPPER_WATCH, ((const struct area_args *)in)->area);
}

struct shown_key {
    int64_t id, made, until;
};
static const struct field shown_key_fields[] = {
    FIELD_ID(struct shown_key, id, OPTIONAL),
    FIELD_TIME(struct shown_key, made, OPTIONAL),
    FIELD_TIME(struct shown_key, until, OPTIONAL),
};
struct shown {
    bool        connected;
    struct str  url, name;
    int64_t     waiting, stuck, oldest, heard;
    struct list keys; /* struct shown_key */
};
static const struct field shown_fields[] = {
    FIELD(struct shown, connected, OPTIONAL, .title = STR_INIT("接上了没有")),
    FIELD(struct shown, url, OPTIONAL, .title = STR_INIT("平台的地址")),
    FIELD(struct shown, name, OPTIONAL, .title = STR_INIT("平台的账号")),
    FIELD(struct shown, waiting, OPTIONAL, .title = STR_INIT("等着发的")),
    FIELD(struct shown, stuck, OPTIONAL, .title = STR_INIT("发不出去的")),
    FIELD_TIME(struct shown, oldest, OPTIONAL, .title = STR_INIT("最早的从什么时候等起")),
    FIELD_TIME(struct shown, heard, OPTIONAL, .title = STR_INIT("最近收到平台消息的时间")),
    FIELD_LIST(struct shown, keys, struct shown_key, shown_key_fields, OPTIONAL),
};

static enum rc show_keys(struct op *op, struct list *shown)
{
    struct list keys;

    enum rc rc = upper_keys(op, &keys);
    if (rc != RC_OK || !keys.n)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct shown_key *into = arena_many(op->arena, keys.n, struct shown_key);
    if (!into)
        return RC_TOO_LARGE;
    const struct upper_key *from = keys.at;
    for (size_t i = 0; i < keys.n; i++)
        into[i] = (struct shown_key){ from[i].id, from[i].made_ms, from[i].until_ms };
    *shown = (struct list){ into, keys.n };
    return RC_OK;
}

static enum rc count(struct op *op, struct shown *shown)
{
    int64_t stuck_since = 0;

    enum rc rc = upper_message_count(op, MESSAGE_WAITING, &shown->waiting, &shown->oldest);
    if (rc == RC_OK)
        rc = upper_message_count(op, MESSAGE_STUCK, &shown->stuck, &stuck_since);
    if (stuck_since && (!shown->oldest || stuck_since < shown->oldest))
        shown->oldest = stuck_since;
    return rc == RC_OK ? upper_heard_newest(op, &shown->heard) : rc;
}

static enum rc show(struct op *op, const void *in, struct view *view)
{
    const struct upper_platform *platform = upper_platform(op);
    struct shown                 shown = { .connected = platform != NULL };
    int64_t                      account = 0;

    (void)in;
    if (platform)
        shown.url = platform->base;
    enum rc rc = upper_account(op, &account);
    if (rc == RC_OK)
        shown.name = account_name(op, account);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = show_keys(op, &shown.keys);
    if (rc == RC_OK)
        rc = count(op, &shown);
    if (rc == RC_OK)
        view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return rc;
}

struct list_args {
    struct str area, state;
    int64_t    cursor;
};
static const struct field list_fields[] = {
    AREA(struct list_args),
    FIELD(struct list_args, state, REQUIRED, .max = 10, .title = STR_INIT("哪些"),
          .note = STR_INIT("stuck 发不出去的，waiting 等着发的，queued 排在后面的，"
                           "sent 发出的，dropped 放弃的")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};
/* What stands in the message is the case's, and read there. */
struct shown_message {
    int64_t    id, case_id;
    struct str number, kind, state, why;
    int64_t    made, since, next, tries, ended;
};
static const struct field message_fields[] = {
    FIELD_ID(struct shown_message, id, OPTIONAL),
    FIELD_ID(struct shown_message, case_id, OPTIONAL),
    FIELD(struct shown_message, number, OPTIONAL),
    FIELD(struct shown_message, kind, OPTIONAL),
    FIELD(struct shown_message, state, OPTIONAL),
    FIELD(struct shown_message, why, OPTIONAL),
    FIELD_TIME(struct shown_message, made, OPTIONAL),
    FIELD_TIME(struct shown_message, since, OPTIONAL),
    FIELD_TIME(struct shown_message, next, OPTIONAL),
    FIELD(struct shown_message, tries, OPTIONAL),
    FIELD_TIME(struct shown_message, ended, OPTIONAL),
};

static struct shown_message shown_of(const struct upper_message *from)
{
    return (struct shown_message){
        .id = from->id,
        .case_id = from->case_id,
        .number = from->number,
        .kind = from->kind,
        .state = from->state,
        .why = from->why,
        .made = from->made_ms,
        .since = from->since_ms,
        .next = str_eq(from->state, MESSAGE_WAITING) ? from->next_ms : 0,
        .tries = from->tries,
        .ended = from->ended_ms,
    };
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;
    struct list             found;

    enum rc rc = upper_message_page(op, args->state, args->cursor, PAGE, &found);
    if (rc != RC_OK)
        return rc;
    struct shown_message *rows = arena_many(op->arena, PAGE, struct shown_message);
    if (!rows)
        return RC_TOO_LARGE;
    const struct upper_message *from = found.at;
    for (size_t i = 0; i < found.n; i++)
        rows[i] = shown_of(&from[i]);
    struct str next = found.n == PAGE
                          ? str_fmt(op->arena, "%lld", (long long)rows[PAGE - 1].id)
                          : STR_NONE;
    view_page(view, message_fields, COUNT(message_fields), (struct list){ rows, found.n },
              sizeof *rows, next);
    return RC_OK;
}

/* ------------------------------------------------------ what people decide */

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("消息")),
};

static enum rc watched(struct op *op, void *in)
{
    (void)in;
    return county_yours(op, RIGHT_UPPER_WATCH);
}

static enum rc again(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct upper_message  message;

    (void)view;
    enum rc rc = upper_message_find(op, args->id, &message);
    if (rc == RC_OK && !str_eq(message.state, MESSAGE_STUCK) &&
        !str_eq(message.state, MESSAGE_WAITING))
        rc = fail(op, RC_REFUSED, "id", "这条消息不在等着发的和发不出去的里面。");
    if (rc != RC_OK)
        return rc;
    message.state = MESSAGE_WAITING;
    message.tries = 0;
    message.since_ms = message.next_ms = op->now_ms;
    journal_about(op, args->id, 0, 0, 0);
    return upper_message_update(op, &message);
}

struct back_args {
    int64_t    id;
    struct str reason;
};
static const struct field back_fields[] = {
    FIELD_ID(struct back_args, id, REQUIRED, .title = STR_INIT("消息")),
    FIELD(struct back_args, reason, REQUIRED, .max = 200, .title = STR_INIT("原因")),
};

static enum rc give_up(struct op *op, const void *in, struct view *view)
{
    const struct back_args *args = in;

    (void)view;
    return upper_give_up(op, args->id, args->reason);
}

/* ------------------------------------------------------------------ trying */

struct test_args {
    struct str           area;
    struct upper_reached reached; /* by reach() */
};
static const struct field test_fields[] = { AREA(struct test_args) };
static const struct field reached_fields[] = {
    FIELD(struct upper_reached, reached, OPTIONAL, .title = STR_INIT("通不通")),
    FIELD(struct upper_reached, status, OPTIONAL, .title = STR_INIT("平台的答复码")),
    FIELD(struct upper_reached, ms, OPTIONAL, .title = STR_INIT("用了几毫秒")),
    FIELD(struct upper_reached, skew_ms, OPTIONAL, .title = STR_INIT("平台的钟快几毫秒")),
    FIELD(struct upper_reached, says, OPTIONAL, .title = STR_INIT("怎么样")),
};

static bool clocks_differ(const struct upper_reached *reached)
{
    return reached->skew_ms > UPPER_SKEW_MS || reached->skew_ms < -UPPER_SKEW_MS;
}

static struct str says_of(struct op *op, const struct upper_reached *reached,
                          const struct upper_answer *answer)
{
    if (!answer->status)
        return answer->why;
    if (answer->status == 401)
        return STR("平台连得上，但不认这里的签名：请核对密钥和两边的时钟。");
    if (answer->status / 100 != 2)
        return str_fmt(op->arena, "平台连得上，但答复是 %lld。", (long long)answer->status);
    if (clocks_differ(reached))
        return str_fmt(
            op->arena, "通，但平台的钟比这里%s %lld 秒，请校时。",
            reached->skew_ms > 0 ? "快" : "慢",
            (long long)(reached->skew_ms > 0 ? reached->skew_ms : -reached->skew_ms) /
                1000);
    return STR("通。");
}

enum rc upper_reach(struct op *op, struct upper_reached *reached)
{
    int64_t             began_us = clock_mono_us();
    struct upper_answer answer;

    *reached = (struct upper_reached){ 0 };
    enum rc rc =
        upper_send(op,
                   &(struct upper_call){
                       .method = "GET", .path = STR("ping"), .wait_ms = UPPER_CALL_MS },
                   &answer);
    if (rc != RC_OK)
        return rc;
    reached->status = answer.status;
    reached->ms = (clock_mono_us() - began_us) / 1000;
    reached->skew_ms = answer.date_ms ? answer.date_ms - clock_now_ms() : 0;
    reached->reached = answer.status / 100 == 2 && !clocks_differ(reached);
    reached->says = says_of(op, reached, &answer);
    return RC_OK;
}

static enum rc reach(struct op *op, void *in)
{
    struct test_args *args = in;

    enum rc rc = county_look(op, RIGHT_UPPER_WATCH, args->area);
    return rc == RC_OK ? upper_reach(op, &args->reached) : rc;
}

static enum rc test(struct op *op, const void *in, struct view *view)
{
    const struct test_args *args = in;

    (void)op;
    view_struct(view, reached_fields, COUNT(reached_fields), &args->reached);
    return RC_OK;
}

/* -------------------------------------------------------------------- keys */

struct made_key {
    int64_t    id;
    struct str secret;
};
static const struct field made_fields[] = {
    FIELD_ID(struct made_key, id, OPTIONAL),
    FIELD(struct made_key, secret, OPTIONAL, .note = STR_INIT("只显示这一次")),
};

static enum rc key_county(struct op *op, void *in)
{
    return county_look(op, RIGHT_KEY_WRITE, ((const struct area_args *)in)->area);
}

static enum rc make_key(struct op *op, const void *in, struct view *view)
{
    struct upper_key key;
    struct made_key  made;

    (void)in;
    enum rc rc = upper_key_make(op, &key, &made.secret);
    if (rc != RC_OK)
        return rc;
    made.id = key.id;
    journal_about(op, key.id, 0, 1, 0);
    view->status = 201;
    view_struct(view, made_fields, COUNT(made_fields), &made);
    return RC_OK;
}

static enum rc key_yours(struct op *op, void *in)
{
    (void)in;
    return county_yours(op, RIGHT_KEY_WRITE);
}

static enum rc end_key(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;

    (void)view;
    enum rc rc = upper_key_end(op, args->id);
    if (rc == RC_OK)
        journal_about(op, args->id, 1, 2, 0);
    return rc;
}

/* ------------------------------------------------------------- the worker's */

struct tried_args {
    int64_t    id;
    bool       sent;
    struct str theirs, why;
};
static const struct field tried_fields[] = {
    FIELD_ID(struct tried_args, id, REQUIRED),
    FIELD(struct tried_args, why, .max = 1000),
};
static const struct field ended_fields[] = {
    FIELD_ID(struct tried_args, id, REQUIRED),
    FIELD(struct tried_args, sent, REQUIRED),
    FIELD(struct tried_args, theirs, .max = 60),
    FIELD(struct tried_args, why, .max = 1000),
};

static int64_t wait_after(int64_t tries)
{
    int64_t wait_ms = UPPER_FIRST_WAIT_MS;

    while (tries-- > 0 && wait_ms < UPPER_LONGEST_WAIT_MS)
        wait_ms *= 2;
    return wait_ms < UPPER_LONGEST_WAIT_MS ? wait_ms : UPPER_LONGEST_WAIT_MS;
}

/* It may have been dropped meanwhile. */
static enum rc find_waiting(struct op *op, int64_t id, struct upper_message *message)
{
    enum rc rc = upper_message_find(op, id, message);

    return rc == RC_OK && !str_eq(message->state, MESSAGE_WAITING) ? RC_NOT_FOUND : rc;
}

static enum rc tried(struct op *op, const void *in, struct view *view)
{
    const struct tried_args *args = in;
    struct upper_message     message;

    (void)view;
    enum rc rc = find_waiting(op, args->id, &message);
    if (rc != RC_OK)
        return rc;
    message.next_ms = op->now_ms + wait_after(message.tries);
    message.tries++;
    message.why = args->why;
    return upper_message_update(op, &message);
}

static enum rc note_theirs(struct op *op, int64_t case_id, struct str theirs)
{
    struct upper_link link;

    if (!theirs.len)
        return RC_OK;
    enum rc rc = upper_link_find(op, case_id, &link);
    if (rc != RC_OK || str_eq(link.theirs, theirs))
        return rc;
    link.theirs = theirs;
    return upper_link_put(op, &link);
}

struct stuck_says {
    struct list tell;
    struct str  number, why;
};
static const struct field stuck_fields[] = {
    FIELD_TELL(struct stuck_says),
    FIELD(struct stuck_says, number, OPTIONAL),
    FIELD(struct stuck_says, why, OPTIONAL),
};

/* The operation centre hears of what nobody up there takes. */
static enum rc tell_centre(struct op *op, const struct upper_message *message)
{
    struct list ids;

    enum rc rc = accounts_with_role(op, ROLE_CENTRE, CENTRES_MAX, &ids);
    if (rc != RC_OK)
        return rc;
    const int64_t  *accounts = ids.at;
    struct telling *tell = arena_many(op->arena, CENTRES_MAX, struct telling);
    struct str      says =
        str_fmt(op->arena, "%.*s 给上级平台的消息发不出去：%.*s请到“上级平台”页面处理。",
                STR_ARG(message->number), STR_ARG(str_sentence(op->arena, message->why)));
    if (!tell || !says.at)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < ids.n; i++)
        tell[i] = (struct telling){ accounts[i], STR("上级平台"), says, true };
    return journal_says(
        op, stuck_fields, COUNT(stuck_fields),
        &(struct stuck_says){ { tell, ids.n }, message->number, message->why });
}

static enum rc ended(struct op *op, const void *in, struct view *view)
{
    const struct tried_args *args = in;
    struct upper_message     message;

    (void)view;
    enum rc rc = find_waiting(op, args->id, &message);
    if (rc != RC_OK)
        return rc;
    journal_about(op, args->id, 0, 0, 0);
    message.state = args->sent ? MESSAGE_SENT : MESSAGE_STUCK;
    message.why = args->why.at ? args->why : STR("");
    message.tries++;
    message.ended_ms = args->sent ? op->now_ms : 0;
    rc = upper_message_update(op, &message);
    if (rc == RC_OK && args->sent)
        rc = note_theirs(op, message.case_id, args->theirs);
    if (rc == RC_OK && args->sent)
        rc = upper_message_turn(op, message.case_id);
    return rc == RC_OK && !args->sent ? tell_centre(op, &message) : rc;
}

const struct act upper_acts[] = {
    { .name = "case.upper",
      .method = POST,
      .path = "/upper/messages",
      .title = STR_INIT("上级平台来的消息"),
      .note = STR_INIT("要签名（docs/upper.md）。同一个编号只办一次，重发得到同样的答复；"
                       "比已经收到的旧就只记下（taken 是 false）。"),
      .right = RIGHT_UPPER,
      .writes = true,
      .args = hear_fields,
      .nargs = HEAR_NFIELDS,
      .args_size = sizeof(struct hear_args),
      .answer = hear_answer_fields,
      .nanswer = HEAR_ANSWER_NFIELDS,
      .run = hear },
    { .name = "upper.show",
      .method = GET,
      .path = "/upper",
      .title = STR_INIT("和上级平台接得怎样"),
      .right = RIGHT_UPPER_WATCH,
      ARGS(struct area_args, area_fields_),
      ANSWER(struct shown, shown_fields),
      .ready = look,
      .run = show },
    { .name = "upper.list",
      .method = GET,
      .path = "/upper/messages",
      .title = STR_INIT("给上级平台的消息"),
      .right = RIGHT_UPPER_WATCH,
      ARGS(struct list_args, list_fields),
      ANSWER(struct shown_message, message_fields),
      .many = true,
      .ready = look,
      .run = list },
    { .name = "upper.again",
      .method = POST,
      .path = "/upper/messages/{id}/again",
      .title = STR_INIT("再发一次"),
      .right = RIGHT_UPPER_WATCH,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .ready = watched,
      .run = again },
    { .name = "case.upper_back",
      .method = POST,
      .path = "/upper/messages/{id}/give-up",
      .title = STR_INIT("不再发给上级平台"),
      .note = STR_INIT("这件事等着发的都不发了；它在平台手上的，还给原来的承办方。"),
      .right = RIGHT_UPPER_WATCH,
      .writes = true,
      ARGS(struct back_args, back_fields),
      .ready = watched,
      .run = give_up },
    { .name = "upper.test",
      .method = POST,
      .path = "/upper/test",
      .title = STR_INIT("试一试平台通不通"),
      .right = RIGHT_UPPER_WATCH,
      .slow = true,
      ARGS(struct test_args, test_fields),
      ANSWER(struct upper_reached, reached_fields),
      .ready = reach,
      .run = test },
    { .name = "upper.key",
      .method = POST,
      .path = "/upper/keys",
      .title = STR_INIT("做一把和上级平台共用的密钥"),
      .note = STR_INIT("只显示这一次。原来的一把还能用七天，两边都换好以前不会中断。"),
      .right = RIGHT_KEY_WRITE,
      .writes = true,
      .unkept = true,
      ARGS(struct area_args, area_fields_),
      ANSWER(struct made_key, made_fields),
      .ready = key_county,
      .run = make_key },
    { .name = "upper.key_end",
      .method = POST,
      .path = "/upper/keys/{id}/end",
      .title = STR_INIT("停用和上级平台共用的密钥"),
      .right = RIGHT_KEY_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .ready = key_yours,
      .run = end_key },
    { .name = "upper.tried",
      .title = STR_INIT("给上级平台的消息还没有发出去"),
      .right = RIGHT_LOCAL,
      .writes = true,
      .quiet = true,
      ARGS(struct tried_args, tried_fields),
      .run = tried },
    { .name = "upper.ended",
      .title = STR_INIT("给上级平台的消息发出去了，或者发不出去"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct tried_args, ended_fields),
      .run = ended },
    { .name = NULL },
};
