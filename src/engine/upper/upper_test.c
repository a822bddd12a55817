/* The platform's rules through the gate: what is told to it and when, what it may say, and
 * what becomes of what it never took.  tests/system/upper-test speaks to a real one. */
#include "town_cases.h"
#include "visits.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/case/case.h"
#include "engine/upper/hear.h"
#include "engine/upper/keys.h"
#include "engine/upper/upper_store.h"
#include "guard/actor.h"
#include "guard/signature.h"
#include "guard/sm.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static const struct upper_platform platforms[] = {
    { STR_INIT(TOWN_COUNTY), STR_INIT("https://platform.invalid/linli/") },
};

/* The town with a platform above it. */
static void upper_open(struct town *t, void **state)
{
    upper_told(&(struct upper_options){ .platforms = platforms, .n = 1 });
    case_platform(upper_here);
    town_open(t, state);
    town_employ(t, "upper", "襄阳市事件平台", "上级平台", "upper", TOWN_COUNTY);
}

static void upper_close(struct town *t)
{
    town_close(t);
    upper_told(&(struct upper_options){ 0 });
}

/* The platform, as if it had signed. */
static struct asking says(struct town *t, const char *message, const char *kind, int64_t id,
                          int seq, const char *more)
{
    struct actor platform = town_actor(t, "upper");

    platform.kind = ACTOR_MACHINE;
    platform.only = UINT64_C(1) << RIGHT_UPPER;
    struct str known =
        id ? str_fmt(&t->arena, ",\"case_id\":\"%lld\"", (long long)id) : STR("");
    return town_ask_as(t, &platform, "case.upper",
                       str_fmt(&t->arena,
                               "{\"message\":\"%s\",\"kind\":\"%s\",\"seq\":%d%.*s%s}",
                               message, kind, seq, STR_ARG(known), more));
}

static bool taken(struct town *t, struct asking got)
{
    CHECK_INT(town_must(got), RC_OK);
    return str_eq(town_member(t, town_answer(&got), "taken"), STR("true"));
}

#define UP ",\"reason\":\"要市里的燃气集团来\""

static int64_t handed_up(struct town *t)
{
    int64_t id = town_case(t, "wangfang", "垃圾卫生");

    ALLOWED(town_move(t, "liumin", id, "start", ""));
    ALLOWED(town_move(t, "hejing", id, "hand_up", UP));
    return id;
}

/* Member of the n-th message (from 0) that was written. */
static struct str said(struct town *t, size_t n, const char *member)
{
    struct list found;
    struct str  states[] = { MESSAGE_WAITING, MESSAGE_QUEUED, MESSAGE_SENT, MESSAGE_STUCK };
    struct str  body = STR_NONE;

    for (size_t s = 0; s < COUNT(states); s++) {
        CHECK_INT(upper_message_page(&t->op, states[s], 0, 50, &found), RC_OK);
        const struct upper_message *all = found.at;
        for (size_t i = 0; i < found.n; i++)
            if (all[i].seq == (int64_t)n + 1)
                body = all[i].body;
    }
    CHECK(body.at);
    return json_pick_text(&t->arena, body, member);
}

static int64_t messages(struct town *t, const char *state)
{
    return town_count(t, "SELECT count(*) FROM upper_outbox WHERE state = '%s'", state);
}

static int64_t newest(struct town *t)
{
    return town_count(t, "SELECT max(id) FROM upper_outbox");
}

static struct asking ended(struct town *t, int64_t id, bool sent, const char *more)
{
    return town_ask(t, "*", "upper.ended", "{\"id\":\"%lld\",\"sent\":%s%s}", (long long)id,
                    sent ? "true" : "false", more);
}

static struct str holder_of(struct town *t, int64_t id)
{
    return town_look(t, "hejing", id).holder.title;
}

/* ------------------------------------------------------------- handed up */

TEST(what_is_handed_up_is_the_platforms_and_one_message_says_all_of_it)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    CHECK_TEXT(town_state(&t, id), STR("upper"));
    CHECK_TEXT(holder_of(&t, id), STR("上级平台 襄阳市事件平台"));
    CHECK_INT(messages(&t, "waiting"), 1);
    CHECK_TEXT(said(&t, 0, "kind"), STR("handed"));
    CHECK_TEXT(said(&t, 0, "case_id"), str_fmt(&t.arena, "%lld", (long long)id));
    CHECK_TEXT(said(&t, 0, "category"), STR("垃圾卫生"));
    CHECK_TEXT(said(&t, 0, "text"), STR("要市里的燃气集团来"));
    CHECK_TEXT(said(&t, 0, "place"), STR("3 栋门口"));
    CHECK(str_has(said(&t, 0, "fields/*/text"), STR("垃圾卫生")));
    upper_close(&t);
}

TEST(personal_answers_never_leave)
{
    struct town t;

    upper_open(&t, state);
    handed_up(&t);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM upper_outbox WHERE body LIKE "
                             "'%%13712345520%%' OR body LIKE '%%王芳%%'"),
              0);
    upper_close(&t);
}

TEST(without_a_platform_nothing_can_be_handed_up)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "垃圾卫生");
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    upper_told(&(struct upper_options){ 0 });
    REFUSED(town_move(&t, "hejing", id, "hand_up", UP), RC_REFUSED,
            "本区县还没有接上级平台，报不上去。");
    CHECK_INT(messages(&t, "waiting"), 0);
    upper_close(&t);
}

TEST(messages_of_a_case_wait_for_one_another)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    int64_t first = newest(&t);
    ALLOWED(town_move(&t, "hejing", id, "recall", ",\"reason\":\"我们自己办\""));
    CHECK_INT(messages(&t, "waiting"), 1);
    CHECK_INT(messages(&t, "queued"), 1);
    CHECK_TEXT(said(&t, 1, "kind"), STR("recalled"));
    CHECK_TEXT(said(&t, 1, "seq"), STR("2"));
    ALLOWED(ended(&t, first, true, ",\"theirs\":\"XY-1\""));
    CHECK_INT(messages(&t, "waiting"), 1);
    CHECK_INT(messages(&t, "sent"), 1);
    CHECK_TEXT(holder_of(&t, id), STR("网格员 刘敏"));
    upper_close(&t);
}

TEST(the_clocks_run_on_up_there_and_what_is_late_stays_there_and_is_told)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    town_later(&t, 8 * DAY_MS);
    town_tick(&t);
    CHECK_TEXT(holder_of(&t, id), STR("上级平台 襄阳市事件平台"));
    CHECK(town_look(&t, "hejing", id).card.supervised);
    CHECK_TEXT(said(&t, 1, "kind"), STR("update"));
    CHECK_TEXT(said(&t, 1, "late"), STR("true"));
    upper_close(&t);
}

/* --------------------------------------------------- what the platform says */

TEST(its_answers_make_the_scenes_moves_and_the_case_comes_back_to_who_had_it)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    CHECK(taken(&t, says(&t, "m1", "accepted", id, 1, ",\"number\":\"XY-1\"")));
    CHECK(taken(&t, says(&t, "m2", "progress", id, 2, ",\"text\":\"在路上\"")));
    CHECK_TEXT(town_state(&t, id), STR("upper"));
    CHECK(str_has(town_newest(&t, "wangfang"), STR("在路上")));
    CHECK(taken(&t, says(&t, "m3", "resolved", id, 3, ",\"text\":\"修好了\"")));
    CHECK_TEXT(town_state(&t, id), STR("answered"));
    CHECK_TEXT(holder_of(&t, id), STR("网格员 刘敏"));
    CHECK_INT(messages(&t, "waiting"), 1); /* its own words are not told to it */
    CHECK_INT(messages(&t, "queued"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM upper_links WHERE theirs = 'XY-1'"), 1);
    upper_close(&t);
}

TEST(what_it_returns_needs_a_reason_and_is_its_former_holders)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    REFUSED(says(&t, "m1", "returned", id, 1, ""), RC_REFUSED, "请写明原因。");
    CHECK(taken(&t, says(&t, "m1", "returned", id, 1, ",\"text\":\"归区里管\"")));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    CHECK_TEXT(holder_of(&t, id), STR("网格员 刘敏"));
    CHECK(str_has(town_newest(&t, "liumin"), STR("归区里管")));
    REFUSED(says(&t, "m2", "accepted", id, 2, ""), RC_REFUSED,
            "这件事现在是“处置中”，收不了“accepted”。");
    upper_close(&t);
}

TEST(the_same_id_gets_the_same_answer_and_is_done_once)
{
    struct town t;

    upper_open(&t, state);
    int64_t       id = handed_up(&t);
    struct asking one = says(&t, "m1", "accepted", id, 1, "");
    int64_t       version = town_version(&t, id);
    CHECK(taken(&t, says(&t, "m2", "progress", id, 2, ",\"text\":\"在路上\"")));
    struct asking two = says(&t, "m1", "accepted", id, 1, "");
    CHECK_INT(town_must(two), RC_OK);
    CHECK_TEXT(town_answer(&two), town_answer(&one));
    CHECK_INT(town_version(&t, id), version + 1);
    REFUSED(says(&t, "m1", "accepted", id, 1, ",\"text\":\"别的\""), RC_CONFLICT,
            "这个消息编号用过，内容不一样。新的消息请用新的编号。");
    upper_close(&t);
}

TEST(an_older_message_never_overwrites_a_newer_one)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    CHECK(taken(&t, says(&t, "m3", "progress", id, 3, ",\"text\":\"到场了\"")));
    int64_t version = town_version(&t, id);
    CHECK(!taken(&t, says(&t, "m2", "returned", id, 2, ",\"text\":\"不归我\"")));
    CHECK(!taken(&t, says(&t, "m4", "resolved", id, 3, ",\"text\":\"好了\"")));
    CHECK_INT(town_version(&t, id), version);
    CHECK_TEXT(town_state(&t, id), STR("upper"));
    CHECK(taken(&t, says(&t, "m5", "resolved", id, 4, ",\"text\":\"好了\"")));
    upper_close(&t);
}

TEST(a_refused_message_is_not_kept_and_may_come_again)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    REFUSED(says(&t, "m1", "progress", id, 1, ""), RC_REFUSED, "请写几句办得怎么样。");
    CHECK(taken(&t, says(&t, "m1", "progress", id, 1, ",\"text\":\"到场了\"")));
    upper_close(&t);
}

TEST(it_may_say_nothing_of_cases_that_were_not_handed_to_it)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "垃圾卫生");
    REFUSED(says(&t, "m1", "accepted", id, 1, ""), RC_NOT_FOUND,
            "没有这件事，或者没有交给过贵平台。");
    REFUSED(says(&t, "m1", "accepted", 0, 1, ""), RC_NOT_FOUND,
            "没有这件事，或者没有交给过贵平台。");
    id = handed_up(&t);
    REFUSED(says(&t, "m1", "deleted", id, 1, ""), RC_INVALID,
            "没有“deleted”这种消息。可以是 accepted、progress、returned、resolved、"
            "withdrawn、handed。");
    upper_close(&t);
}

TEST(its_account_may_do_nothing_else_and_nobody_else_may_speak_for_it)
{
    struct town t;

    upper_open(&t, state);
    int64_t      id = handed_up(&t);
    struct actor platform = town_actor(&t, "upper");
    struct str   body = str_fmt(&t.arena, "{\"id\":\"%lld\"}", (long long)id);
    REFUSED(town_ask_as(&t, &platform, "case.upper",
                        STR("{\"message\":\"m1\",\"kind\":\"accepted\",\"seq\":1}")),
            RC_DENIED, "这里只收上级平台签了名的消息。");
    platform.kind = ACTOR_MACHINE;
    platform.only = UINT64_C(1) << RIGHT_UPPER;
    CHECK_INT(town_ask_as(&t, &platform, "case.show", body).rc, RC_DENIED);
    CHECK_INT(town_ask_as(&t, &platform, "upper.show", STR("{}")).rc, RC_DENIED);
    CHECK_INT(town_ask(&t, "hejing", "case.upper",
                       "{\"message\":\"m1\",\"kind\":\"accepted\",\"seq\":1}")
                  .rc,
              RC_DENIED);
    REFUSED(town_ask(&t, "system", "key.make",
                     "{\"title\":\"平台\",\"account\":\"%lld\",\"until\":"
                     "\"2026-12-23T09:00:00+08:00\"}",
                     (long long)platform.account),
            RC_DENIED, "上级平台的账号只认签名，不发接口密钥。请到“上级平台”页面做密钥。");
    upper_close(&t);
}

/* ------------------------------------------------------------ handed down */

#define DOWN                                                                                   \
    ",\"scene\":\"snap\",\"case_kind\":\"problem\",\"fields\":{\"category\":\"垃圾卫生\"," \
    "\"what\":\"桥下有一堆垃圾\",\"where\":{\"lat\":32.0103,\"lng\":112.1201,\"area\":" \
    "\"" TOWN_GRID "\"}}"

static int64_t handed_down(struct town *t)
{
    struct asking got = says(t, "d1", "handed", 0, 1, ",\"number\":\"XY-7\"" DOWN);

    CHECK_INT(town_must(got), RC_OK);
    return town_id(t, &got, "case_id");
}

TEST(what_is_handed_down_becomes_a_case_with_their_number_and_each_step_is_told)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_down(&t);
    CHECK_TEXT(town_state(&t, id), STR("new"));
    CHECK_INT(messages(&t, "waiting"), 0);
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    CHECK_TEXT(said(&t, 0, "kind"), STR("update"));
    CHECK_TEXT(said(&t, 0, "theirs"), STR("XY-7"));
    CHECK_TEXT(said(&t, 0, "done"), STR("false"));
    ALLOWED(town_finish(&t, "liumin", id));
    CHECK_TEXT(said(&t, 1, "done"), STR("true"));
    CHECK_TEXT(said(&t, 1, "text"), STR("换好了"));
    REFUSED(town_move(&t, "liumin", id, "redo", ",\"text\":\"没办好\""), RC_DENIED,
            "这一步（回访未解决）不归您办。");
    ALLOWED(town_move(&t, "hejing", id, "redo", ",\"text\":\"没办好\""));
    CHECK_TEXT(said(&t, 2, "done"), STR("false"));
    upper_close(&t);
}

TEST(one_number_of_theirs_is_one_case_here)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_down(&t);
    CHECK_INT(handed_down(&t), id);
    struct asking again = says(&t, "d2", "handed", 0, 1, ",\"number\":\"XY-7\"" DOWN);
    CHECK_INT(again.rc, RC_CONFLICT);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 1);
    REFUSED(says(&t, "d3", "handed", 0, 1, ",\"number\":\"XY-8\""), RC_INVALID,
            "交下来的事要写 scene、case_kind、number 和 fields。");
    upper_close(&t);
}

static struct asking hands_down(struct town *t, const struct actor *platform,
                                const char *number, const char *what)
{
    return town_ask_as(t, platform, "case.upper",
                       str_fmt(&t->arena,
                               "{\"message\":\"%s\",\"kind\":\"handed\",\"seq\":1,"
                               "\"number\":\"%s\"%s}",
                               number, number, what));
}

#define APPLY                                                                              \
    ",\"scene\":\"service\",\"case_kind\":\"application\",\"fields\":{\"category\":"       \
    "\"残疾证换领\",\"whom\":\"我自己\",\"contact\":\"13712345520\",\"way\":"      \
    "\"我自己来领\",\"where\":{\"lat\":32.0103,\"lng\":112.1201,\"area\":"            \
    "\"" TOWN_GRID "\"}}"

TEST(what_is_handed_down_is_of_its_area_and_of_a_kind_that_it_can_answer)
{
    static const struct hold next = { STR_INIT("上级平台"), ROLE_UPPER, STR_INIT(TOWN_NEXT),
                                      0, 0 };
    struct town              t;

    upper_open(&t, state);
    visit_load(&t, visit_scene(&t));
    struct actor platform = town_actor(&t, "upper");
    platform.kind = ACTOR_MACHINE;
    REFUSED(hands_down(&t, &platform, "XY-1", APPLY), RC_REFUSED,
            "这类办件不从上级平台接。");
    platform.holds = &next;
    REFUSED(hands_down(&t, &platform, "XY-2", DOWN), RC_DENIED,
            "这个地点不在贵平台的辖区里。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    upper_close(&t);
}

TEST(one_platform_says_nothing_of_anothers_cases)
{
    struct town t;

    upper_open(&t, state);
    int64_t      id = handed_up(&t);
    struct actor another = town_actor(&t, "upper");
    another.kind = ACTOR_MACHINE;
    another.account = town_account(&t, "hejing");
    REFUSED(town_ask_as(&t, &another, "case.upper",
                        str_fmt(&t.arena,
                                "{\"message\":\"m1\",\"kind\":\"accepted\",\"seq\":1,"
                                "\"case_id\":\"%lld\"}",
                                (long long)id)),
            RC_NOT_FOUND, "没有这件事，或者没有交给过贵平台。");
    upper_close(&t);
}

TEST(it_may_add_words_to_its_case_and_take_it_back_and_cannot_be_given_it_again)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_down(&t);
    CHECK(taken(&t, says(&t, "d2", "progress", id, 2, ",\"text\":\"又多了一堆\"")));
    CHECK(str_has(town_newest(&t, "liumin"), STR("又多了一堆")));
    CHECK(taken(&t, says(&t, "d3", "withdrawn", id, 3, "")));
    CHECK_TEXT(town_state(&t, id), STR("withdrawn"));
    struct asking other = says(&t, "d4", "handed", 0, 1, ",\"number\":\"XY-9\"" DOWN);
    id = town_id(&t, &other, "case_id");
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    REFUSED(town_move(&t, "hejing", id, "hand_up", UP), RC_REFUSED,
            "这件事就是上级平台交下来的。办不了请写明原因退回去。");
    upper_close(&t);
}

/* --------------------------------------------------------------- not taken */

TEST(what_is_not_taken_is_tried_again_later_and_later)
{
    struct town t;

    upper_open(&t, state);
    handed_up(&t);
    long long     id = (long long)newest(&t);
    const int64_t waits[] = { 5, 10, 20, 40 };
    for (size_t i = 0; i < COUNT(waits); i++) {
        ALLOWED(
            town_ask(&t, "*", "upper.tried", "{\"id\":\"%lld\",\"why\":\"连不上\"}", id));
        int64_t wait_ms =
            town_count(&t, "SELECT next_ms FROM upper_outbox") - clock_now_ms();
        CHECK(wait_ms > waits[i] * 1000 - 2000 && wait_ms <= waits[i] * 1000);
    }
    for (int i = 0; i < 20; i++)
        ALLOWED(
            town_ask(&t, "*", "upper.tried", "{\"id\":\"%lld\",\"why\":\"连不上\"}", id));
    CHECK(town_count(&t, "SELECT next_ms FROM upper_outbox") - clock_now_ms() <=
          UPPER_LONGEST_WAIT_MS);
    upper_close(&t);
}

TEST(what_is_stuck_is_told_to_the_centre_and_can_be_sent_again)
{
    struct town t;

    upper_open(&t, state);
    handed_up(&t);
    int64_t id = newest(&t);
    ALLOWED(ended(&t, id, false, ",\"why\":\"平台连不上。\""));
    CHECK_INT(messages(&t, "stuck"), 1);
    CHECK(
        str_has(town_newest(&t, "hejing"), STR("给上级平台的消息发不出去：平台连不上。")));
    struct asking shown = town_ask(&t, "hejing", "upper.show", "{}");
    CHECK_TEXT(town_member(&t, town_answer(&shown), "stuck"), STR("1"));
    struct asking list = town_ask(&t, "hejing", "upper.list", "{\"state\":\"stuck\"}");
    CHECK_INT(town_items(&t, &list), 1);
    ALLOWED(town_ask(&t, "hejing", "upper.again", "{\"id\":\"%lld\"}", (long long)id));
    CHECK_INT(messages(&t, "waiting"), 1);
    CHECK_INT(ended(&t, id, true, "").rc, RC_OK);
    CHECK_INT(ended(&t, id, true, "").rc, RC_NOT_FOUND); /* once */
    REFUSED(town_ask(&t, "hejing", "upper.again", "{\"id\":\"%lld\"}", (long long)id),
            RC_REFUSED, "这条消息不在等着发的和发不出去的里面。");
    upper_close(&t);
}

TEST(giving_up_brings_the_case_back_to_its_former_holder)
{
    struct town t;

    upper_open(&t, state);
    int64_t id = handed_up(&t);
    int64_t message = newest(&t);
    ALLOWED(ended(&t, message, false, ",\"why\":\"连不上\""));
    REFUSED(town_ask(&t, "hejing", "case.upper_back", "{\"id\":\"%lld\",\"reason\":\"\"}",
                     (long long)message),
            RC_INVALID, "原因还没有填，请填上。");
    ALLOWED(town_ask(&t, "hejing", "case.upper_back",
                     "{\"id\":\"%lld\",\"reason\":\"平台坏了，我们自己办\"}",
                     (long long)message));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    CHECK_TEXT(holder_of(&t, id), STR("网格员 刘敏"));
    CHECK_INT(messages(&t, "dropped"), 1);
    CHECK_INT(messages(&t, "waiting"), 1); /* that it was taken back */
    CHECK_TEXT(said(&t, 1, "kind"), STR("recalled"));
    CHECK_INT(town_ask(&t, "hejing", "case.upper_back",
                       "{\"id\":\"%lld\",\"reason\":\"再来\"}", (long long)message)
                  .rc,
              RC_REFUSED);
    upper_close(&t);
}

TEST(who_may_not_make_that_move_cannot_give_up_either)
{
    struct town t;

    upper_open(&t, state);
    handed_up(&t);
    long long message = (long long)newest(&t);
    CHECK_INT(town_ask(&t, "zhoulan", "case.upper_back",
                       "{\"id\":\"%lld\",\"reason\":\"不等了\"}", message)
                  .rc,
              RC_DENIED);
    CHECK_INT(town_ask(&t, "system", "case.upper_back",
                       "{\"id\":\"%lld\",\"reason\":\"不等了\"}", message)
                  .rc,
              RC_NOT_FOUND); /* it reads no case */
    CHECK_INT(messages(&t, "waiting"), 1);
    upper_close(&t);
}

TEST(nothing_of_a_deleted_persons_case_waits_to_be_sent)
{
    struct town t;

    upper_open(&t, state);
    handed_up(&t);
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    CHECK_INT(messages(&t, "waiting"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM upper_outbox WHERE body <> ''"), 0);
    upper_close(&t);
}

/* -------------------------------------------------------------------- keys */

static struct str made_key(struct town *t, int64_t *id)
{
    struct asking made = town_ask(t, "system", "upper.key", "{}");

    CHECK_INT(town_must(made), RC_OK);
    *id = town_id(t, &made, "id");
    return str_unhex(&t->arena, town_member(t, town_answer(&made), "secret"));
}

/* The header of a request that is signed now, but for so many milliseconds. */
static struct str header(struct town *t, int64_t key, struct str secret, int64_t off_ms,
                         const char *nonce)
{
    struct signed_request request = { SIGN_DOWN, STR("POST"),
                                      STR("/api/v1/upper/messages") };
    unsigned char         hash[SM3_BYTES];
    struct arena         *arena = &t->arena;

    sm3(PARTS(STR("{}")), hash);
    struct signature signature = {
        .key = str_fmt(arena, "%lld", (long long)key),
        .time = str_fmt(arena, "%lld", (long long)clock_now_ms() + off_ms),
        .nonce = str_of(nonce),
        .digest = str_hex(arena, hash, sizeof hash),
    };
    signature.mac = signature_mac(arena, secret, &request, &signature);
    return signature_write(arena, &signature);
}

static enum rc call(struct town *t, struct str header, const char *target,
                    struct actor *actor)
{
    t->op.now_ms = clock_now_ms();
    problems_init(&t->op.problems, &t->arena);
    return upper_caller(
        &t->op, &(struct upper_caller){ header, STR("POST"), str_of(target) }, actor);
}

#define TARGET   "/api/v1/upper/messages"
#define NONCE(n) "00112233445566778899aabbccdd00" n

TEST(who_signs_is_the_platform_and_may_that_one_thing)
{
    struct town  t;
    struct actor actor;
    int64_t      key;

    upper_open(&t, state);
    struct str secret = made_key(&t, &key);
    CHECK_INT(call(&t, header(&t, key, secret, 0, NONCE("01")), TARGET, &actor), RC_OK);
    CHECK_INT(actor.kind, ACTOR_MACHINE);
    CHECK_INT(actor.account, town_account(&t, "upper"));
    CHECK(actor_may(&actor, RIGHT_UPPER, STR(TOWN_GRID)));
    CHECK(!actor_may(&actor, RIGHT_SELF, STR_NONE));
    upper_close(&t);
}

TEST(a_signature_of_another_time_place_or_key_is_refused_and_told_why)
{
    struct town  t;
    struct actor actor;
    int64_t      key;

    upper_open(&t, state);
    struct str secret = made_key(&t, &key);
    CHECK_INT(
        call(&t, header(&t, key, secret, -300000 + 2000, NONCE("11")), TARGET, &actor),
        RC_OK);
    CHECK_INT(call(&t, header(&t, key, secret, -432000, NONCE("12")), TARGET, &actor),
              RC_UNAUTHENTICATED);
    CHECK_TEXT(t.op.problems.first->says,
               STR("贵平台的时钟比这里慢 7 分 12 秒，超过了 5 分钟。请先校时再发。"));
    CHECK_INT(call(&t, header(&t, key, secret, 301000, NONCE("13")), TARGET, &actor),
              RC_UNAUTHENTICATED);
    CHECK_INT(call(&t, header(&t, key, secret, 0, NONCE("14")), TARGET "?x=1", &actor),
              RC_UNAUTHENTICATED);
    CHECK_INT(call(&t, header(&t, key, STR("forged"), 0, NONCE("15")), TARGET, &actor),
              RC_UNAUTHENTICATED);
    CHECK_INT(call(&t, header(&t, key + 1, secret, 0, NONCE("16")), TARGET, &actor),
              RC_UNAUTHENTICATED);
    CHECK_INT(call(&t, STR("LINLI-HMAC-SM3 key=1"), TARGET, &actor), RC_UNAUTHENTICATED);
    upper_close(&t);
}

TEST(a_nonce_is_taken_once)
{
    struct town  t;
    struct actor actor;
    int64_t      key;

    upper_open(&t, state);
    struct str secret = made_key(&t, &key);
    struct str forged = header(&t, key, STR("forged"), 0, NONCE("21"));
    CHECK_INT(call(&t, forged, TARGET, &actor), RC_UNAUTHENTICATED);
    struct str good = header(&t, key, secret, 0, NONCE("21")); /* the forger used none up */
    CHECK_INT(call(&t, good, TARGET, &actor), RC_OK);
    CHECK_INT(call(&t, good, TARGET, &actor), RC_UNAUTHENTICATED);
    CHECK(str_has(t.op.problems.first->says, STR("nonce")));
    upper_close(&t);
}

TEST(a_key_is_shown_once_sealed_and_two_hold_while_it_is_changed)
{
    struct town  t;
    struct actor actor;
    int64_t      old, now;

    upper_open(&t, state);
    struct str first = made_key(&t, &old), second = made_key(&t, &now);
    CHECK(!town_stores(&t, str_z(&t.arena, str_hex(&t.arena, first.at, first.len))));
    CHECK_INT(call(&t, header(&t, old, first, 0, NONCE("31")), TARGET, &actor), RC_OK);
    CHECK_INT(call(&t, header(&t, now, second, 0, NONCE("32")), TARGET, &actor), RC_OK);
    town_later(&t, UPPER_OVERLAP_MS + 1000);
    CHECK_INT(call(&t, header(&t, old, first, 0, NONCE("33")), TARGET, &actor),
              RC_UNAUTHENTICATED);
    CHECK_INT(call(&t, header(&t, now, second, 0, NONCE("34")), TARGET, &actor), RC_OK);
    ALLOWED(town_ask(&t, "system", "upper.key_end", "{\"id\":\"%lld\"}", (long long)now));
    CHECK_INT(call(&t, header(&t, now, second, 0, NONCE("35")), TARGET, &actor),
              RC_UNAUTHENTICATED);
    upper_close(&t);
}

TEST(a_key_is_of_a_platforms_account)
{
    struct town t;

    town_open(&t, state);
    REFUSED(town_ask(&t, "system", "upper.key", "{}"), RC_REFUSED,
            "还没有上级平台的账号。请安全管理员先开一个账号，给它“上级平台”的职责。");
    town_close(&t);
}

/* The last of them here: what it filled stays full for ten minutes. */
TEST(beyond_what_can_be_remembered_nothing_more_is_taken)
{
    struct town  t;
    struct actor actor;
    int64_t      key;
    enum rc      rc = RC_OK;
    char         nonce[33];

    upper_open(&t, state);
    struct str secret = made_key(&t, &key);
    for (int i = 0; i <= UPPER_NONCES_MAX && rc == RC_OK; i++) {
        struct arena_mark mark = arena_mark(&t.arena);
        (void)snprintf(nonce, sizeof nonce, "%032x", 0xa000 + i);
        rc = call(&t, header(&t, key, secret, 0, nonce), TARGET, &actor);
        arena_back(&t.arena, mark);
    }
    CHECK_INT(rc, RC_TOO_MANY);
    upper_close(&t);
}

TEST(an_address_is_the_settings_and_nothing_but_a_plain_one)
{
    static const char *const good[] = { "420602=https://a.example.cn",
                                        "420602=https://a.example.cn:8443/x/",
                                        "420602=http://127.0.0.1:8080/x" };
    static const char *const bad[] = { "https://a.example.cn",
                                       "42=https://a.example.cn",
                                       "420602=http://a.example.cn",
                                       "420602=http://localhost.example.cn",
                                       "420602=http://127.example.cn",
                                       "420602=http://127.0.0.1.example.cn/x",
                                       "420602=https://u:p@a.example.cn",
                                       "420602=https://a.example.cn/?x",
                                       "420602=https://",
                                       "420602=file:///etc/passwd" };
    struct upper_platform    platform;
    struct arena             arena;

    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < COUNT(good); i++) {
        CHECK(upper_platform_parse(&arena, str_of(good[i]), &platform));
        CHECK(str_ends(platform.base, STR("/")));
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!upper_platform_parse(&arena, str_of(bad[i]), &platform));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(what_is_handed_up_is_the_platforms_and_one_message_says_all_of_it),
        ON_BOTH(personal_answers_never_leave),
        ON_BOTH(without_a_platform_nothing_can_be_handed_up),
        ON_BOTH(messages_of_a_case_wait_for_one_another),
        ON_BOTH(the_clocks_run_on_up_there_and_what_is_late_stays_there_and_is_told),
        ON_BOTH(its_answers_make_the_scenes_moves_and_the_case_comes_back_to_who_had_it),
        ON_BOTH(what_it_returns_needs_a_reason_and_is_its_former_holders),
        ON_BOTH(the_same_id_gets_the_same_answer_and_is_done_once),
        ON_BOTH(an_older_message_never_overwrites_a_newer_one),
        ON_BOTH(a_refused_message_is_not_kept_and_may_come_again),
        ON_BOTH(it_may_say_nothing_of_cases_that_were_not_handed_to_it),
        ON_BOTH(its_account_may_do_nothing_else_and_nobody_else_may_speak_for_it),
        ON_BOTH(what_is_handed_down_becomes_a_case_with_their_number_and_each_step_is_told),
        ON_BOTH(one_number_of_theirs_is_one_case_here),
        ON_BOTH(what_is_handed_down_is_of_its_area_and_of_a_kind_that_it_can_answer),
        ON_BOTH(one_platform_says_nothing_of_anothers_cases),
        ON_BOTH(it_may_add_words_to_its_case_and_take_it_back_and_cannot_be_given_it_again),
        ON_BOTH(what_is_not_taken_is_tried_again_later_and_later),
        ON_BOTH(what_is_stuck_is_told_to_the_centre_and_can_be_sent_again),
        ON_BOTH(giving_up_brings_the_case_back_to_its_former_holder),
        ON_BOTH(who_may_not_make_that_move_cannot_give_up_either),
        ON_BOTH(nothing_of_a_deleted_persons_case_waits_to_be_sent),
        ON_BOTH(who_signs_is_the_platform_and_may_that_one_thing),
        ON_BOTH(a_signature_of_another_time_place_or_key_is_refused_and_told_why),
        ON_BOTH(a_nonce_is_taken_once),
        ON_BOTH(a_key_is_shown_once_sealed_and_two_hold_while_it_is_changed),
        ON_BOTH(a_key_is_of_a_platforms_account),
        ON_SQLITE(beyond_what_can_be_remembered_nothing_more_is_taken),
        cmocka_unit_test(an_address_is_the_settings_and_nothing_but_a_plain_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
