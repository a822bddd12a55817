/* States, moves, needs, effects, routes: what a scene says is what happens. */
#include "town_cases.h"

#include <pthread.h>

#include "base/clock.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };
#define DAY (INT64_C(24) * HOUR)

/* ---------------------------------------------------------------- opening */

TEST(a_case_is_held_numbered_and_promised_from_the_first_moment)
{
    struct town t;

    town_open(&t, state);
    int64_t           id = town_case(&t, "wangfang", "树木绿化");
    struct case_whole it = town_look(&t, "wangfang", id);
    CHECK_TEXT(it.card.number, STR("1123-0001"));
    CHECK_TEXT(it.card.title, STR("3 栋门口的事"));
    CHECK_TEXT(it.card.state_title, STR("待受理"));
    CHECK_TEXT(it.card.bucket, STR("waiting"));
    CHECK_TEXT(it.card.area_name, STR("滨湖社区"));
    CHECK_TEXT(it.card.grid_name, STR("第 3 网格"));
    CHECK_TEXT(it.card.due.which, STR("accept"));
    CHECK_TEXT(it.card.promise, STR("社区值守 周岚待派，今天 11:00 前受理。"));
    CHECK_TEXT(it.holder.title, STR("社区值守 周岚"));
    CHECK(it.reporter.you && !it.card.yours);
    CHECK_INT(it.timeline.n, 1);
    CHECK_TEXT(town_newest(&t, "zhoulan"),
               STR("居民王*报来一件身边问题。请在 11 月 23 日 11:00 前受理。"));
    (void)town_case(&t, "zhaojianguo", "树木绿化");
    town_clock(&t, "2026-11-24T09:00:00+08:00");
    id = town_case(&t, "wangfang", "树木绿化");
    CHECK_TEXT(town_look(&t, "wangfang", id).card.number, STR("1124-0001"));
    town_close(&t);
}

static bool told_at(const struct asking *got, const char *where, const char *says)
{
    for (const struct problem *one = got->problems.first; one; one = one->next)
        if (str_eq(one->where, str_of(where)) && str_eq(one->says, str_of(says)))
            return true;
    return false;
}

TEST(every_mistake_in_what_was_filled_in_is_told_with_its_field)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = town_report(
        &t, "wangfang",
        "{\"category\":\"飞碟\",\"urgent\":\"是\",\"what\":7,\"contact\":\"137\","
        "\"where\":{\"lat\":1.5,\"lng\":2.5},\"photos\":[\"x\"],\"colour\":\"红\"}");
    CHECK_INT(got.rc, RC_INVALID);
    CHECK(told_at(&got, "fields/category", "类别里没有“飞碟”这一项，请从列出的里面选。"));
    CHECK(told_at(&got, "fields/urgent", "紧急吗要回答是或否。"));
    CHECK(told_at(&got, "fields/what", "情况要写成文字。"));
    CHECK(told_at(&got, "fields/contact", "还差 8 位，手机号是 11 位数字。"));
    CHECK(told_at(&got, "fields/where",
                  "这个坐标不在中国境内，请重新定位，或写清楚在哪里。"));
    CHECK(told_at(&got, "fields/photos", "照片的编号不对，请重新选照片。"));
    CHECK(told_at(&got, "fields/colour", "“身边问题”里没有“colour”这一项。"));
    got = town_report(&t, "wangfang", "{}");
    CHECK_INT(got.rc, RC_INVALID);
    CHECK(told_at(&got, "fields/category", "还没有填类别。"));
    CHECK(told_at(&got, "fields/what", "还没有填情况。"));
    CHECK(told_at(&got, "fields/where", "还没有填位置。"));
    got = town_report(&t, "wangfang", "[]");
    REFUSED(got, RC_INVALID, "填的内容要是一组字段。");
    got = town_report(&t, "wangfang",
                      "{\"category\":\"其他\",\"what\":\"看\",\"photos\":[\"4711\"],"
                      "\"where\":{\"words\":\"门口\"}}");
    CHECK_INT(got.rc, RC_REFUSED);
    got = town_report(&t, "wangfang",
                      "{\"category\":\"其他\",\"what\":\"看\","
                      "\"where\":{\"words\":\"门口\",\"area\":\"420602004777\"}}");
    REFUSED(got, RC_INVALID, "没有这个辖区，请重新选社区。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    town_close(&t);
}

TEST(a_stop_holds_before_anything_else_and_leaves_nothing)
{
    struct town t;

    town_open(&t, state);
    REFUSED(town_report(&t, "wangfang", "{\"category\":\"火情\"}"), RC_REFUSED,
            "请先拨打 119，本平台不代替报警。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'case.open'"), 0);
    town_close(&t);
}

TEST(there_is_no_case_of_an_unknown_scene_or_kind)
{
    struct town t;

    town_open(&t, state);
    REFUSED(town_ask(&t, "wangfang", "case.open",
                     "{\"scene\":\"moon\",\"kind\":\"problem\",\"fields\":{}}"),
            RC_NOT_FOUND, "没有“moon”这个场景。");
    REFUSED(town_ask(&t, "wangfang", "case.open",
                     "{\"scene\":\"snap\",\"kind\":\"wish\",\"fields\":{}}"),
            RC_NOT_FOUND, "“随手拍”里没有“wish”这类办件。");
    town_close(&t);
}

/* ---------------------------------------------------------------- routes */

static struct str holder_of(struct town *t, int64_t id)
{
    return town_look(t, "hejing", id).holder.title;
}

TEST(the_first_route_that_holds_decides_who_gets_it)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(holder_of(&t, town_case(&t, "wangfang", "燃气")), STR("襄城燃气"));
    CHECK_TEXT(holder_of(&t, town_case(&t, "wangfang", "市容环境")), STR("网格员 刘敏"));
    CHECK_TEXT(holder_of(&t, town_case(&t, "wangfang", "其他")), STR("社区值守 周岚"));
    /* Known only down to the community: the second route does not hold. */
    CHECK_TEXT(holder_of(&t, town_case_in(&t, "wangfang", "市容环境", TOWN_COMMUNITY)),
               STR("社区值守 周岚"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE category = '燃气'"
                             " AND duty = '社区值守' AND duty_area = '" TOWN_COMMUNITY "'"),
              1);
    town_close(&t);
}

TEST(a_route_to_an_organisation_that_is_not_there_is_passed_over)
{
    struct town t;

    town_open(&t, state);
    (void)town_count(&t, "DELETE FROM org_duties WHERE duty = '公用事业'");
    CHECK_TEXT(holder_of(&t, town_case(&t, "wangfang", "燃气")), STR("社区值守 周岚"));
    town_close(&t);
}

TEST(a_duty_that_nobody_holds_is_taken_up_by_the_one_above)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(holder_of(&t, town_case_in(&t, "wangfang", "市容环境", TOWN_NEXT "001")),
               STR("社区值守 马丽"));
    (void)town_count(
        &t, "UPDATE accounts SET state = 'closed' WHERE login IN ('mali', 'wuqiang')");
    int64_t id = town_case_in(&t, "wangfang", "市容环境", TOWN_NEXT "001");
    CHECK_TEXT(holder_of(&t, id), STR("区指挥中心 何静"));
    CHECK_INT(town_messages(&t, "hejing"), 1);
    town_close(&t);
}

/* ------------------------------------------------------- moves and guards */

TEST(a_move_is_for_whom_the_scene_names_from_where_it_names)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    got = town_move(&t, "wangfang", id, "accept", "");
    REFUSED(got, RC_DENIED, "这一步（受理）不归您办。");
    CHECK_TEXT(town_where(&got), STR("move"));
    got = town_move(&t, "zhoulan", id, "answer", "");
    REFUSED(got, RC_REFUSED, "这件事现在是“待受理”，不能“办结反馈”。");
    CHECK_TEXT(town_where(&got), STR("move"));
    got = town_move(&t, "zhoulan", id, "fly", "");
    REFUSED(got, RC_INVALID, "没有“fly”这一步。");
    CHECK_TEXT(town_where(&got), STR("move"));
    CHECK_INT(town_move(&t, "mali", id, "accept", "").rc, RC_NOT_FOUND);
    CHECK_INT(town_move(&t, "zhaojianguo", id, "withdraw", "").rc, RC_NOT_FOUND);
    CHECK_INT(town_move(&t, "", id, "accept", "").rc, RC_UNAUTHENTICATED);
    CHECK_INT(town_version(&t, id), 1);
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    CHECK_TEXT(town_state(&t, id), STR("accepted"));
    CHECK_INT(town_version(&t, id), 2);
    town_close(&t);
}

TEST(what_is_missing_is_told_with_its_field)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    got = town_move(&t, "zhoulan", id, "refuse", "");
    REFUSED(got, RC_REFUSED, "请写明原因。");
    CHECK_TEXT(town_where(&got), STR("reason"));
    got = town_move(&t, "zhoulan", id, "refuse", ",\"reason\":\"  \"");
    REFUSED(got, RC_REFUSED, "请写明原因。");
    got = town_move(&t, "zhoulan", id, "dispatch", "");
    REFUSED(got, RC_REFUSED, "请选派给谁。");
    CHECK_TEXT(town_where(&got), STR("target"));
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    got = town_move(&t, "liumin", id, "answer", "");
    CHECK(told_at(&got, "text", "请写几句办得怎么样。"));
    CHECK(told_at(&got, "photos", "请至少拍一张照片。"));
    CHECK_INT(got.problems.n, 2);
    ALLOWED(town_finish(&t, "liumin", id));
    got = town_move(&t, "wangfang", id, "rate", "");
    REFUSED(got, RC_REFUSED, "请选满意程度。");
    CHECK_TEXT(town_where(&got), STR("stars"));
    town_close(&t);
}

TEST(a_case_goes_only_to_somebody_who_is_there_and_works)
{
    struct town t;

    town_open(&t, state);
    int64_t                  id = town_case(&t, "wangfang", "树木绿化");
    static const char *const nobody[] = {
        ",\"target\":{\"kind\":\"account\",\"id\":\"4711\"}",
        ",\"target\":{\"kind\":\"org\",\"id\":\"4711\"}",
        ",\"target\":{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":\"420602004006001\"}",
        ",\"target\":{\"kind\":\"duty\",\"duty\":\"网格员\"}",
        ",\"target\":{\"kind\":\"wind\"}",
    };
    for (size_t i = 0; i < COUNT(nobody); i++)
        REFUSED(town_move(&t, "zhoulan", id, "dispatch", nobody[i]), RC_REFUSED,
                "没有找到要派给的人或单位，请重新选。");
    REFUSED(town_send(&t, "zhoulan", id, "zhaojianguo"), RC_REFUSED,
            "没有找到要派给的人或单位，请重新选。");
    ALLOWED(town_move(
        &t, "zhoulan", id, "dispatch",
        ",\"target\":{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":\"" TOWN_GRID "\"}"));
    CHECK_TEXT(holder_of(&t, id), STR("网格员 刘敏"));
    ALLOWED(town_send_org(&t, "liumin", id, t.property));
    CHECK_TEXT(holder_of(&t, id), STR("山水家园物业"));
    ALLOWED(town_finish(&t, "lishifu", id));
    town_close(&t);
}

/* ----------------------------------------------------------------- effects */

TEST(taking_it_makes_one_person_its_holder)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "燃气");
    ALLOWED(town_move(&t, "gaogong", id, "start", ""));
    struct case_whole it = town_look(&t, "gaogong", id);
    CHECK_INT(it.holder.account, town_account(&t, "gaogong"));
    CHECK(it.card.yours);
    CHECK_TEXT(it.card.bucket, STR("handling"));
    CHECK_TEXT(town_newest(&t, "wangfang"),
               STR("公用事业高工开始办了。11 月 26 日 9:00 前答复您。"));
    town_close(&t);
}

TEST(what_is_given_back_goes_to_whoever_had_it_and_then_to_whoever_answers_for_it)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_move(&t, "liumin", id, "return", ",\"reason\":\"不在我的网格\""));
    CHECK_TEXT(holder_of(&t, id), STR("社区值守 周岚"));
    CHECK_TEXT(town_state(&t, id), STR("accepted"));
    CHECK_TEXT(town_newest(&t, "zhoulan"),
               STR("网格员刘敏退回了：不在我的网格。请在 11 月 26 日 9:00 前办好。"));
    /* Twice in a row is no game of ping-pong. */
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_send(&t, "liumin", id, "chentao"));
    ALLOWED(town_move(&t, "chentao", id, "return", ",\"reason\":\"也不在我这里\""));
    CHECK_TEXT(holder_of(&t, id), STR("网格员 刘敏"));
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    ALLOWED(town_move(&t, "liumin", id, "return", ",\"reason\":\"办不了\""));
    CHECK_TEXT(holder_of(&t, id), STR("社区值守 周岚"));
    town_close(&t);
}

TEST(escalating_goes_up_level_by_level_until_nobody_is_above)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "escalate", ",\"reason\":\"要区里协调\""));
    CHECK_TEXT(holder_of(&t, id), STR("街道值守 吴强"));
    CHECK_TEXT(town_newest(&t, "wuqiang"),
               STR("社区值守周岚上报了：要区里协调。请在 11 月 25 日 9:00 前答复进展。"));
    ALLOWED(town_move(&t, "wuqiang", id, "escalate", ",\"reason\":\"街道也不行\""));
    CHECK_TEXT(holder_of(&t, id), STR("区指挥中心 何静"));
    CHECK(!town_look(&t, "hejing", id).card.supervised);
    /* The city's centre has nobody: whoever is at the top decides whose it is. */
    REFUSED(town_move(&t, "hejing", id, "escalate", ",\"reason\":\"再往上\""), RC_REFUSED,
            "上面没有可以上报的了，请在这一级定由谁负责（权属裁定）。");
    /* Late, it stays with somebody, and somebody looks on. */
    town_later(&t, 30 * DAY);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(holder_of(&t, id), STR("区指挥中心 何静"));
    CHECK(town_look(&t, "hejing", id).card.supervised);
    town_close(&t);
}

TEST(supervising_marks_it_and_tells_the_holder_those_above_and_those_who_lead)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    size_t leads = town_messages(&t, "tangrui");
    REFUSED(town_move(&t, "zhoulan", id, "supervise", ",\"text\":\"快\""), RC_DENIED,
            "这一步（督办）不归您办。");
    ALLOWED(town_move(&t, "sunli", id, "supervise", ",\"text\":\"今天办完\""));
    CHECK(town_look(&t, "sunli", id).card.supervised);
    CHECK_TEXT(town_newest(&t, "liumin"),
               STR("社区书记孙丽督办了：今天办完。请在 11 月 26 日 9:00 前办好。"));
    CHECK_TEXT(town_newest(&t, "wuqiang"),
               STR("社区书记孙丽督办了：今天办完。由网格员刘敏负责，已督办，请您过问。"));
    CHECK_INT(town_messages(&t, "tangrui"),
              leads);                         /* the community's own lead is told first */
    CHECK_INT(town_messages(&t, "sunli"), 0); /* who did it is not told */
    town_close(&t);
}

TEST(a_person_is_told_once_a_move_and_the_last_word_counts)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    size_t before = town_messages(&t, "wangfang");
    ALLOWED(town_finish(&t, "liumin", id)); /* tell(reporter), ask_rating */
    CHECK_INT(town_messages(&t, "wangfang"), before + 1);
    CHECK_TEXT(town_newest(&t, "wangfang"),
               STR("网格员刘敏已办结：换好了。请您看看结果，说说满不满意。"));
    CHECK_INT(town_messages(&t, "zhoulan"), 1);
    town_close(&t);
}

/* -------------------------------------------------- rating and coming back */

static int64_t answered_case(struct town *t)
{
    int64_t id = town_case(t, "wangfang", "树木绿化");

    ALLOWED(town_move(t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(t, "liumin", id));
    return id;
}

TEST(a_rating_closes_it_and_is_kept)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_case(&t);
    CHECK(town_look(&t, "wangfang", id).card.yours);
    CHECK_INT(town_move(&t, "wangfang", id, "rate", ",\"stars\":6").rc, RC_INVALID);
    ALLOWED(town_move(&t, "wangfang", id, "rate", ",\"stars\":4,\"text\":\"就是慢了点\""));
    struct case_whole it = town_look(&t, "liumin", id);
    CHECK_INT(it.rating.stars, 4);
    CHECK_TEXT(it.rating.text, STR("就是慢了点"));
    CHECK_TEXT(it.card.bucket, STR("ended"));
    CHECK_TEXT(it.card.due.state, STR("done"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE next_ms IS NOT NULL"), 0);
    town_close(&t);
}

TEST(not_solved_opens_it_again_one_level_up_within_fifteen_days)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_case(&t);
    REFUSED(town_move(&t, "wangfang", id, "reopen", ""), RC_REFUSED, "请写明原因。");
    ALLOWED(town_move(&t, "wangfang", id, "rate", ",\"stars\":2"));
    town_later(&t, 14 * DAY);
    ALLOWED(town_move(&t, "wangfang", id, "reopen", ",\"reason\":\"又松了\""));
    struct case_whole it = town_look(&t, "wangfang", id);
    CHECK_TEXT(it.card.state, STR("handling"));
    CHECK_TEXT(it.holder.title, STR("街道值守 吴强"));
    CHECK_TEXT(it.card.due.which, STR("update"));
    CHECK(it.card.due.at > clock_now_ms()); /* a new time is promised */
    CHECK_TEXT(town_newest(&t, "wuqiang"),
               STR("居民王*说没解决：又松了。请在 12 月 9 日 9:00 前答复进展。"));
    ALLOWED(town_send(&t, "wuqiang", id, "liumin"));
    ALLOWED(town_finish(&t, "liumin", id));
    town_later(&t, 16 * DAY);
    REFUSED(town_move(&t, "wangfang", id, "reopen", ",\"reason\":\"又松了\""), RC_REFUSED,
            "现在不能“没解决”：条件不满足。");
    CHECK(!town_may(&t, "wangfang", id, "reopen"));
    town_close(&t);
}

TEST(a_follow_up_call_is_made_by_somebody_else_after_three_days)
{
    struct town t;

    town_open(&t, state);
    static const char said[] = ",\"stars\":5,\"text\":\"电话里说满意\"";
    int64_t           id = answered_case(&t);
    REFUSED(town_move(&t, "wuqiang", id, "follow_up", said), RC_REFUSED,
            "现在不能“回访办结”：条件不满足。");
    town_later(&t, 3 * DAY + MINUTE);
    REFUSED(town_move(&t, "liumin", id, "follow_up", said), RC_DENIED,
            "这一步（回访办结）不归您办。");
    ALLOWED(town_move(&t, "wuqiang", id, "follow_up", said));
    CHECK_TEXT(town_state(&t, id), STR("closed"));
    id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "start", ""));
    ALLOWED(town_finish(&t, "zhoulan", id));
    town_later(&t, 4 * DAY);
    CHECK_INT(town_move(&t, "zhoulan", id, "follow_up", said).rc, RC_DENIED);
    ALLOWED(town_move(&t, "wuqiang", id, "redo", ",\"text\":\"电话里说没好\""));
    CHECK(town_look(&t, "wangfang", id).card.supervised);
    CHECK_TEXT(town_newest(&t, "wangfang"), STR("街道值守吴强回访时听说没有解决：电话里说没"
                                                "好。12 月 2 日 9:01 前告诉您进展。"));
    town_close(&t);
}

/* ----------------------------------------------------------- two at once */

TEST(who_saw_an_older_version_is_told_who_did_what_and_when)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move_at(&t, "zhoulan", id, 1, "accept", ""));
    got = town_move_at(&t, "wangfang", id, 1, "withdraw", "");
    REFUSED(got, RC_CONFLICT, "周岚在 11 月 23 日 9:00 已经办了“受理”，请看最新情况再办。");
    CHECK_TEXT(town_state(&t, id), STR("accepted"));
    CHECK_INT(town_move_at(&t, "wangfang", id, 3, "withdraw", "").rc, RC_CONFLICT);
    ALLOWED(town_move_at(&t, "wangfang", id, 2, "withdraw", ""));
    town_close(&t);
}

struct racer {
    struct town       *t;
    struct db         *db;
    struct arena       arena;
    struct actor       actor;
    struct str         body;
    struct asking      asking;
    pthread_barrier_t *line;
};

static void *race(void *context)
{
    struct racer *r = context;

    r->asking = (struct asking){ .arena = &r->arena,
                                 .act = acts_find(STR("case.move")),
                                 .actor = &r->actor };
    r->asking.rc = gate_read_args(&r->asking, NULL, 0, r->body);
    pthread_barrier_wait(r->line);
    gate_ask_wait(r->t->gate, &r->asking, r->db);
    return NULL;
}

TEST(of_two_at_once_one_succeeds_and_the_other_knows_why)
{
    static const char *const who[] = { "zhoulan", "wangfang" };
    static const char *const what[] = { "accept", "withdraw" };
    struct town              t;
    struct racer             racers[2];
    pthread_t                threads[2];
    pthread_barrier_t        line;

    town_open(&t, state);
    pthread_barrier_init(&line, NULL, 2);
    for (int round = 0; round < 5; round++) {
        int64_t id = town_case(&t, "wangfang", "树木绿化");
        for (size_t i = 0; i < 2; i++) {
            racers[i] =
                (struct racer){ .t = &t, .line = &line, .actor = town_actor(&t, who[i]) };
            arena_init(&racers[i].arena, ARENA_REQUEST_BYTES);
            CHECK_INT(db_open(t.where, DB_READ, t.catalogue, &racers[i].db), RC_OK);
            racers[i].body =
                str_fmt(&racers[i].arena, "{\"id\":\"%lld\",\"version\":1,\"move\":\"%s\"}",
                        (long long)id, what[i]);
            CHECK_INT(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
        }
        for (size_t i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        size_t won = racers[0].asking.rc == RC_OK ? 0 : 1, lost = 1 - won;
        CHECK_INT(racers[won].asking.rc, RC_OK);
        CHECK_INT(racers[lost].asking.rc, RC_CONFLICT);
        CHECK(str_starts(town_told(&racers[lost].asking), racers[won].actor.name));
        CHECK_INT(town_version(&t, id), 2);
        for (size_t i = 0; i < 2; i++) {
            db_close(&racers[i].db);
            arena_free(&racers[i].arena);
        }
    }
    pthread_barrier_destroy(&line);
    town_close(&t);
}

/* ------------------------------------------------------- what stays as it was */

TEST(a_running_case_keeps_the_scene_it_was_opened_under)
{
    struct town t;

    town_open(&t, state);
    int64_t old = town_case(&t, "wangfang", "树木绿化");
    town_load_scene(
        &t,
        "accept:    {title: 受理, told: 已受理, from: new, to: accepted, by: holder or "
        "duty(\"社区值守\")",
        "accept:    {title: 收下, from: new, to: accepted, by: duty(\"街道值守\")");
    int64_t young = town_case(&t, "wangfang", "树木绿化");
    CHECK(town_may(&t, "zhoulan", old, "accept"));
    CHECK(!town_may(&t, "zhoulan", young, "accept"));
    CHECK(town_may(&t, "wuqiang", young, "accept"));
    town_restart(&t); /* nor does a restart forget */
    ALLOWED(town_move(&t, "zhoulan", old, "accept", ""));
    REFUSED(town_move(&t, "zhoulan", young, "accept", ""), RC_DENIED,
            "这一步（收下）不归您办。");
    ALLOWED(town_move(&t, "wuqiang", young, "accept", ""));
    CHECK_TEXT(town_newest(&t, "wangfang"), /* the scene did not say how to tell it */
               STR("街道值守吴强办了“收下”。11 月 26 日 9:00 前答复您。"));
    CHECK_INT(
        town_count(&t, "SELECT scene_version FROM cases WHERE id = %lld", (long long)old),
        1);
    CHECK_INT(
        town_count(&t, "SELECT scene_version FROM cases WHERE id = %lld", (long long)young),
        2);
    town_close(&t);
}

TEST(the_timeline_says_who_did_what_newest_on_top)
{
    struct town t;

    town_open(&t, state);
    int64_t                  id = answered_case(&t);
    struct case_whole        it = town_look(&t, "wangfang", id);
    const struct shown_step *steps = it.timeline.at;

    CHECK_INT(it.timeline.n, 4);
    CHECK_TEXT(steps[0].move, STR("answer"));
    CHECK_TEXT(steps[0].text, STR("换好了"));
    CHECK_TEXT(steps[0].state, STR("待评价"));
    CHECK_INT(steps[0].photos.n, 1);
    CHECK_TEXT(steps[1].move, STR("dispatch"));
    CHECK_TEXT(steps[2].who, STR("社区值守 周岚"));
    CHECK_TEXT(steps[3].act, STR("case.open"));
    CHECK(steps[0].seq > steps[1].seq && steps[1].seq > steps[2].seq);
    town_close(&t);
}

/* ---------------------------------------------------------- who sees what */

static struct str phone_of(struct town *t, const char *login, const char *by,
                           const char *more)
{
    struct str fields =
        str_fmt(&t->arena,
                "{\"category\":\"其他\",\"what\":\"灯不亮\","
                "\"where\":{\"words\":\"门口\",\"area\":\"" TOWN_GRID "\"}%s}",
                more);
    struct asking got = town_report(t, login, str_z(&t->arena, fields));

    return town_look(t, by, town_id(t, &got, "id")).reporter.phone;
}

TEST(a_telephone_that_was_not_sent_is_the_reporters_own_and_an_empty_one_was_meant)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(phone_of(&t, "wangfang", "wangfang", ""), STR("13712345520"));
    CHECK_TEXT(phone_of(&t, "wangfang", "zhoulan", ""), STR("137****5520"));
    CHECK_TEXT(phone_of(&t, "wangfang", "wangfang", ",\"contact\":\"0710-3512345\""),
               STR("0710-3512345"));
    CHECK(!phone_of(&t, "wangfang", "wangfang", ",\"contact\":null").at);
    CHECK(!phone_of(&t, "zhoulan", "zhoulan", "").at); /* on somebody's behalf: nobody's */
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE fields LIKE '%%1371234%%'"),
              0);
    town_close(&t);
}

TEST(a_telephone_is_masked_for_all_but_its_owner_and_sealed_at_rest)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    CHECK_TEXT(town_look(&t, "wangfang", id).reporter.phone, STR("13712345520"));
    CHECK_TEXT(town_look(&t, "zhoulan", id).reporter.phone, STR("137****5520"));
    CHECK_TEXT(town_look(&t, "zhoulan", id).reporter.name, STR("王*"));
    CHECK_INT(
        town_count(&t, "SELECT count(*) FROM cases WHERE fields LIKE '%%13712345520%%'"),
        0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE sealed IS NULL"), 0);
    struct case_whole         it = town_look(&t, "zhoulan", id);
    const struct shown_field *fields = it.fields.at;
    for (size_t i = 0; i < it.fields.n; i++)
        if (str_eq(fields[i].name, STR("contact"))) {
            CHECK(!fields[i].value.at);
            CHECK_TEXT(fields[i].text, STR("137****5520"));
        }
    town_close(&t);
}

TEST(a_residents_21st_report_of_a_day_is_taken_by_people)
{
    struct town t;

    town_open(&t, state);
    for (int i = 0; i < CASES_PER_DAY_MAX; i++)
        (void)town_case(&t, "wangfang", "其他");
    REFUSED(
        town_report(&t, "wangfang",
                    "{\"category\":\"其他\",\"what\":\"灯\",\"where\":{\"lat\":32.01,"
                    "\"lng\":112.12,\"area\":\"" TOWN_GRID "\"}}"),
        RC_TOO_MANY,
        "您今天已经报了 20 件。还有要报的，请到社区窗口，或打社区值守电话，我们替您登记。");
    (void)town_case(&t, "zhaojianguo", "其他");
    for (int i = 0; i <= CASES_PER_DAY_MAX; i++)
        (void)town_case(&t, "zhoulan", "其他"); /* for whoever calls */
    town_later(&t, (int64_t)24 * 3600 * 1000);
    (void)town_case(&t, "wangfang", "其他");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_case_is_held_numbered_and_promised_from_the_first_moment),
        ON_BOTH(every_mistake_in_what_was_filled_in_is_told_with_its_field),
        ON_BOTH(a_stop_holds_before_anything_else_and_leaves_nothing),
        ON_BOTH(there_is_no_case_of_an_unknown_scene_or_kind),
        ON_BOTH(the_first_route_that_holds_decides_who_gets_it),
        ON_BOTH(a_route_to_an_organisation_that_is_not_there_is_passed_over),
        ON_BOTH(a_duty_that_nobody_holds_is_taken_up_by_the_one_above),
        ON_BOTH(a_move_is_for_whom_the_scene_names_from_where_it_names),
        ON_BOTH(what_is_missing_is_told_with_its_field),
        ON_BOTH(a_case_goes_only_to_somebody_who_is_there_and_works),
        ON_BOTH(taking_it_makes_one_person_its_holder),
        ON_BOTH(
            what_is_given_back_goes_to_whoever_had_it_and_then_to_whoever_answers_for_it),
        ON_BOTH(escalating_goes_up_level_by_level_until_nobody_is_above),
        ON_BOTH(supervising_marks_it_and_tells_the_holder_those_above_and_those_who_lead),
        ON_BOTH(a_person_is_told_once_a_move_and_the_last_word_counts),
        ON_BOTH(a_rating_closes_it_and_is_kept),
        ON_BOTH(not_solved_opens_it_again_one_level_up_within_fifteen_days),
        ON_BOTH(a_follow_up_call_is_made_by_somebody_else_after_three_days),
        ON_BOTH(who_saw_an_older_version_is_told_who_did_what_and_when),
        ON_BOTH(of_two_at_once_one_succeeds_and_the_other_knows_why),
        ON_BOTH(a_running_case_keeps_the_scene_it_was_opened_under),
        ON_BOTH(the_timeline_says_who_did_what_newest_on_top),
        ON_BOTH(
            a_telephone_that_was_not_sent_is_the_reporters_own_and_an_empty_one_was_meant),
        ON_BOTH(a_telephone_is_masked_for_all_but_its_owner_and_sealed_at_rest),
        ON_BOTH(a_residents_21st_report_of_a_day_is_taken_by_people),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
