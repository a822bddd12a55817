/* Looking at persons: a tie or a reason, so many a day, and always seen by whom it
 * was. */
#include "registry/look.h"

#include <stdio.h>

#include "base/clock.h"
#include "gate/journal.h"
#include "town_cases.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* 居民 0 … in grid 3, without accounts. */
static void given_people(struct town *t, int n)
{
    struct str homes = STR("");

    for (int i = 0; i < n; i++)
        homes = str_fmt(&t->arena, "%.*s%s{\"name\":\"居民%d\",\"phone\":\"138%08d\"}",
                        STR_ARG(homes),
                        i % 20 ? ","
                        : i    ? "]},{\"compound\":\"乙\","
                                 "\"grid\":\"" TOWN_GRID "\",\"people\":["
                               : "",
                        i, i);
    ALLOWED(town_ask(t, "*", "person.register",
                     "{\"homes\":[{\"compound\":\"甲\",\"grid\":\"" TOWN_GRID
                     "\",\"people\":[%.*s]}]}",
                     STR_ARG(homes)));
}

static long long nth(struct town *t, int i)
{
    char name[40];

    (void)snprintf(name, sizeof name, "居民%d", i);
    return town_person(t, name);
}

TEST(whoever_works_on_somebodys_open_case_may_look_and_others_say_why)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    long long wangfang = town_person(&t, "王芳");
    REFUSED(town_look_up(&t, "liumin", wangfang, " 　"), RC_REFUSED,
            "您手上没有这位居民的事。请写明为什么要看，本人能看到。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks"), 0);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    got = town_look_up(&t, "liumin", wangfang, "");
    CHECK_INT(town_must(got), RC_OK);
    struct str tie = town_member(&t, town_answer(&got), "tie");
    CHECK_TEXT(town_member(&t, tie, "id"), str_fmt(&t.arena, "%lld", (long long)id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE tie <> '' AND costs = 0"),
              1);
    struct list lines; /* the journal's, of that person */
    CHECK_INT(journal_read(&t.op, TOWN_NUMBER, wangfang, 0, 10, &lines), RC_OK);
    CHECK_INT(lines.n, 1);
    const struct line *line = lines.at;
    CHECK_TEXT(line->act, STR("person.look"));
    CHECK_INT(line->actor, town_account(&t, "liumin"));
    CHECK(str_has(line->payload, STR("\"kind\":\"page\"")));
    CHECK_INT(town_look_up(&t, "zhoulan", wangfang, "").rc,
              RC_REFUSED); /* it is not hers now */
    ALLOWED(town_finish(&t, "liumin", id));
    ALLOWED(town_move(&t, "wangfang", id, "rate", ",\"stars\":5"));
    CHECK_INT(town_look_up(&t, "liumin", wangfang, "").rc, RC_REFUSED); /* it has ended */
    town_close(&t);
}

TEST(what_is_shown_is_masked_until_the_reason_asks_for_more)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = town_look_up(&t, "liumin", town_person(&t, "王芳"), TOWN_REASON);
    struct str shown = town_member(&t, town_answer(&got), "person");
    CHECK_TEXT(town_member(&t, shown, "name"), STR("王*"));
    CHECK_TEXT(town_member(&t, shown, "birth"), STR("1988"));
    CHECK_TEXT(town_member(&t, shown, "phone"), STR("137****5520"));
    CHECK_TEXT(town_member(&t, shown, "address"), STR("山水家园 ***"));
    got = town_ask(&t, "liumin", "person.reveal",
                   "{\"id\":\"%lld\",\"reason\":\"" TOWN_REASON "\"}",
                   town_person(&t, "王芳"));
    shown = town_member(&t, town_answer(&got), "person");
    CHECK_TEXT(town_member(&t, shown, "name"), STR("王芳"));
    CHECK_TEXT(town_member(&t, shown, "address"), STR("山水家园 3 栋 302 室"));
    CHECK_INT(town_ask(&t, "liumin", "person.reveal", "{\"id\":\"%lld\",\"reason\":\" \"}",
                       town_person(&t, "王芳"))
                  .rc,
              RC_INVALID);
    town_close(&t);
}

/* Abuse story 1. */
TEST(whoever_opens_a_resident_of_another_grid_finds_nobody_and_that_stands_in_the_journal)
{
    struct town t;
    struct list lines;

    town_open(&t, state);
    long long     wangfang = town_person(&t, "王芳");
    struct asking got = town_look_up(&t, "chentao", wangfang, TOWN_REASON);
    CHECK_INT(got.rc, RC_NOT_FOUND);
    CHECK(!town_told(&got).at);
    (void)town_account(&t, "mali");
    CHECK_INT(journal_read(&t.op, TOWN_NUMBER, wangfang, 0, 10, &lines), RC_OK);
    CHECK_INT(lines.n, 1);
    const struct line *line = lines.at;
    CHECK_TEXT(line->act, STR("person.look"));
    CHECK_INT(line->actor, town_account(&t, "chentao"));
    CHECK(str_has(line->payload, STR("denied")));
    CHECK_INT(town_look_up(&t, "chentao", wangfang + 1024, TOWN_REASON).rc, RC_NOT_FOUND);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks"), 0);
    town_close(&t);
}

/* Abuse story 2. */
TEST(a_grid_workers_51st_untied_person_of_a_day_is_refused_and_the_security_is_told)
{
    struct town t;
    int64_t     lines, broken;

    town_open(&t, state);
    given_people(&t, 52);
    for (int i = 0; i < 50; i++)
        ALLOWED(town_look_up(&t, "liumin", nth(&t, i), TOWN_REASON));
    ALLOWED(
        town_look_up(&t, "liumin", nth(&t, 7), TOWN_REASON)); /* the same one costs once */
    CHECK_INT(town_messages(&t, "security"), 0);
    REFUSED(town_look_up(&t, "liumin", nth(&t, 50), TOWN_REASON), RC_DENIED,
            "您今天已经看了 50 位手上没有事的居民，请明天再看；有急事请找领导。");
    CHECK_INT(town_messages(&t, "security"), 1);
    CHECK_TEXT(
        town_newest(&t, "security"),
        STR("网格员 刘敏（第 3 网格）今天看了 50 位手上没有事的居民，再看时没有让看，"
            "请了解情况。"));
    REFUSED(town_look_up(&t, "liumin", nth(&t, 51), TOWN_REASON), RC_DENIED,
            "您今天已经看了 50 位手上没有事的居民，请明天再看；有急事请找领导。");
    CHECK_INT(town_messages(&t, "security"), 1); /* once a day */
    CHECK_INT(town_messages(&t, "liumin"), 0);
    CHECK_INT(town_count(&t, "SELECT count(DISTINCT person) FROM looks WHERE kind ="
                             " 'page' AND person > 0"),
              50);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_look_up(&t, "liumin", town_person(&t, "王芳"), "")); /* work goes on */
    CHECK_INT(journal_verify(&t.op, TOWN_NUMBER, &lines, &broken), RC_OK);
    town_later(&t, DAY_MS);
    ALLOWED(town_look_up(&t, "liumin", nth(&t, 50), TOWN_REASON));
    town_close(&t);
}

TEST(leaders_and_the_county_have_thirty_a_day_and_the_desk_a_hundred)
{
    struct town t;

    town_open(&t, state);
    given_people(&t, 32);
    for (int i = 0; i < 30; i++)
        ALLOWED(town_look_up(&t, "sunli", nth(&t, i), TOWN_REASON));
    CHECK_INT(town_look_up(&t, "sunli", nth(&t, 30), TOWN_REASON).rc, RC_DENIED);
    (void)town_count(
        &t,
        "INSERT INTO looks (county, id, account, person, kind, who, fields, tie, costs)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)"
        " SELECT 7, %lld + i, %lld, 0, 'list', '', '', '', 1 FROM n",
        (long long)id_floor(TOWN_NUMBER, clock_day_begins(clock_now_ms())),
        (long long)town_account(&t, "zhoulan"));
    ALLOWED(town_look_up(&t, "zhoulan", nth(&t, 0), TOWN_REASON));
    CHECK_INT(town_look_up(&t, "zhoulan", nth(&t, 1), TOWN_REASON).rc, RC_DENIED);
    town_close(&t);
}

TEST(a_page_of_a_list_is_one_look_that_everybody_on_it_sees)
{
    struct town   t;
    struct asking got;
    struct list   lines;

    town_open(&t, state);
    got = town_ask(&t, "zhoulan", "person.search",
                   "{\"area\":\"" TOWN_COMMUNITY "\",\"phone\":\"13712345520\"}");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_INT(
        town_count(&t, "SELECT count(*) FROM looks WHERE kind = 'list' AND costs = 1"), 1);
    got = town_ask(&t, "wangfang", "me.looks", "{}");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(str_has(town_answer(&got), STR("查找居民时列出了您")));
    got = town_ask(&t, "zhaojianguo", "me.looks", "{}");
    CHECK_INT(town_items(&t, &got), 0);
    (void)town_account(&t, "mali");
    CHECK_INT(journal_read(&t.op, TOWN_NUMBER, 0, 0, 1000, &lines), RC_OK);
    const struct line *line = (const struct line *)lines.at + lines.n - 1;
    CHECK_TEXT(line->act, STR("person.search"));
    CHECK(str_has(line->payload, STR("\"by\":\"phone\"")));
    CHECK(!str_has(line->payload, STR("13712345520"))); /* it would outlive the person */
    town_close(&t);
}

TEST(a_resident_sees_who_looked_at_what_when_and_why)
{
    struct town        t;
    struct json_member one;

    town_open(&t, state);
    long long wangfang = town_person(&t, "王芳");
    ALLOWED(town_look_up(&t, "zhoulan", wangfang, TOWN_REASON));
    town_later(&t, 60000);
    ALLOWED(town_ask(&t, "liumin", "person.reveal",
                     "{\"id\":\"%lld\",\"reason\":\"约时间上门\"}", wangfang));
    struct asking got = town_ask(&t, "wangfang", "me.looks", "{}");
    CHECK_INT(town_items(&t, &got), 2);
    struct str items = town_member(&t, town_answer(&got), "items");
    struct str rest = json_inside(items);
    CHECK(json_member(&t.arena, &rest, &one));
    CHECK_TEXT(town_member(&t, one.value, "who"), STR("网格员 刘敏（第 3 网格）"));
    CHECK_TEXT(town_member(&t, one.value, "what"),
               STR("看了您完整的姓名、电话、身份证号和住址"));
    CHECK_TEXT(town_member(&t, one.value, "reason"), STR("约时间上门"));
    CHECK(str_starts(town_member(&t, one.value, "at"), STR("2026-11-23T09:01")));
    CHECK(json_member(&t.arena, &rest, &one));
    CHECK_TEXT(town_member(&t, one.value, "who"), STR("社区值守 周岚（滨湖社区）"));
    CHECK_TEXT(town_member(&t, one.value, "reason"), STR(TOWN_REASON));
    CHECK(!town_stores(&t, TOWN_REASON));
    REFUSED(town_ask(&t, "zhoulan", "me.looks", "{}"), RC_NOT_FOUND,
            "您的账号没有对应的居民信息。");
    town_close(&t);
}

TEST(a_look_with_a_key_is_not_kept_and_a_repeat_looks_again)
{
    struct town  t;
    struct actor liumin;

    town_open(&t, state);
    liumin = town_actor(&t, "liumin");
    struct str body = str_fmt(&t.arena, "{\"id\":\"%lld\",\"reason\":\"" TOWN_REASON "\"}",
                              town_person(&t, "王芳"));
    for (int i = 0; i < 2; i++) {
        struct asking got =
            town_ask_keyed(&t, &liumin, "person.look", body, "key-12345678");
        CHECK_INT(town_must(got), RC_OK);
        CHECK(!got.repeated);
    }
    CHECK_INT(town_count(&t, "SELECT count(*) FROM asked"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks"), 2);
    town_close(&t);
}

TEST(the_audit_asks_whom_an_account_saw_between_two_days)
{
    struct town t;

    town_open(&t, state);
    long long wangfang = town_person(&t, "王芳"),
              liumin = (long long)town_account(&t, "liumin");
    ALLOWED(town_look_up(&t, "liumin", wangfang, TOWN_REASON));
    town_later(&t, DAY_MS);
    ALLOWED(town_look_up(&t, "liumin", town_person(&t, "赵建国"), TOWN_REASON));
    struct asking got =
        town_ask(&t, "audit", "look.list",
                 "{\"account\":\"%lld\",\"from\":\"2026-11-24T00:00:00+08:00\","
                 "\"until\":\"2026-11-25T00:00:00+08:00\"}",
                 liumin);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(str_has(town_answer(&got), str_fmt(&t.arena, "%lld", town_person(&t, "赵建国"))));
    got = town_ask(&t, "audit", "look.list", "{\"person\":\"%lld\"}", wangfang);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(str_has(town_answer(&got), STR(TOWN_REASON)));
    REFUSED(town_ask(&t, "audit", "look.list", "{}"), RC_INVALID,
            "请写账号或居民中的一个。");
    CHECK_INT(town_ask(&t, "security", "look.list", "{\"account\":\"%lld\"}", liumin).rc,
              RC_DENIED);
    CHECK_INT(town_ask(&t, "sunli", "look.list", "{\"account\":\"%lld\"}", liumin).rc,
              RC_DENIED);
    town_close(&t);
}

/* A million looks of some two hundred accounts: 200 of one of them, out of a week. */
TEST(that_question_is_answered_in_less_than_ten_seconds_among_a_million_looks)
{
    struct town t;

    town_open(&t, state);
    long long liumin = (long long)town_account(&t, "liumin");
    (void)town_count(
        &t,
        "INSERT INTO looks (county, id, account, person, kind, who, fields, tie, costs)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
        " SELECT 7, %lld + i * 4194304 * 100, %lld + i %% 200, i, 'page', '', '', '', 1"
        " FROM n",
        (long long)id_floor(TOWN_NUMBER, clock_now_ms() - (int64_t)30 * DAY_MS), liumin);
    int64_t       began = clock_mono_us();
    struct asking got =
        town_ask(&t, "audit", "look.list",
                 "{\"account\":\"%lld\",\"from\":\"2026-10-24T09:00:00+08:00\","
                 "\"until\":\"2026-10-31T00:00:00+08:00\"}",
                 liumin);
    int64_t took_us = clock_mono_us() - began;
    CHECK_INT(town_items(&t, &got), 200);
    print_message("a page of 200 in %lld us\n", (long long)took_us);
    CHECK(took_us < 10000000);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(whoever_works_on_somebodys_open_case_may_look_and_others_say_why),
        ON_BOTH(what_is_shown_is_masked_until_the_reason_asks_for_more),
        ON_BOTH(
            whoever_opens_a_resident_of_another_grid_finds_nobody_and_that_stands_in_the_journal),
        ON_BOTH(
            a_grid_workers_51st_untied_person_of_a_day_is_refused_and_the_security_is_told),
        ON_BOTH(leaders_and_the_county_have_thirty_a_day_and_the_desk_a_hundred),
        ON_BOTH(a_page_of_a_list_is_one_look_that_everybody_on_it_sees),
        ON_BOTH(a_resident_sees_who_looked_at_what_when_and_why),
        ON_BOTH(a_look_with_a_key_is_not_kept_and_a_repeat_looks_again),
        ON_BOTH(the_audit_asks_whom_an_account_saw_between_two_days),
        ON_SQLITE(that_question_is_answered_in_less_than_ten_seconds_among_a_million_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
