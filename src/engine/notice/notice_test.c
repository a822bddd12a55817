/* Notices: written, looked at by a second person, read, corrected, withdrawn, counted. */
#include "engine/notice/notice.h"

#include "notices.h"
#include "town_cases.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "engine/notice/notice_rules.h"

#define AT_NINE "2026-11-24T09:30:00+08:00"

static struct str pick(struct town *t, struct asking *got, const char *path)
{
    return json_pick_text(&t->arena, town_answer(got), path);
}

/* Of the one list, the n-th item's member. */
static struct str item(struct town *t, const char *login, const char *path)
{
    struct asking got = town_ask(t, login, "news.list", "{}");
    struct str    texts[40];

    ALLOWED(got);
    size_t n = json_pick_all(&t->arena, town_answer(&got), str_of(path), texts, 40);
    return n ? texts[0] : STR("none");
}

static int64_t unread(struct town *t, const char *login)
{
    struct actor actor = town_actor(t, login);
    int64_t      n = -1;

    t->op.actor = &actor;
    CHECK_INT(notice_unread(&t->op, &n), RC_OK);
    return n;
}

static struct str spread(struct town *t, const char *login, int64_t id, const char *path)
{
    struct asking got =
        town_ask(t, login, "notice.spread", "{\"id\":\"%lld\"}", (long long)id);

    ALLOWED(got);
    return pick(t, &got, path);
}

/* -------------------------------------------------------- a second person */

TEST(a_notice_waits_for_a_second_person_and_then_everybody_who_lives_there_has_it)
{
    struct town t;

    town_open(&t, state);
    struct asking made = notice_waiting(&t, NOTICE_TO_ALL);
    ALLOWED(made);
    int64_t id = town_id(&t, &made, "id");
    CHECK_TEXT(pick(&t, &made, "state_title"), STR("等复核"));
    CHECK_INT(unread(&t, "wangfang"), 0);
    CHECK_INT(
        town_ask(&t, "wangfang", "notice.show", "{\"id\":\"%lld\"}", (long long)id).rc,
        RC_NOT_FOUND);
    CHECK_TEXT(town_newest(&t, "sunli"), STR("周岚写了“停水通知”，要您看过才发出去。"));
    ALLOWED(notice_approved(&t, "sunli", id, 1));
    CHECK_TEXT(town_newest(&t, "zhoulan"), STR("停水通知"));
    CHECK_INT(unread(&t, "wangfang"), 1);
    CHECK_TEXT(item(&t, "wangfang", "items/*/title"), STR("停水通知"));
    CHECK_TEXT(item(&t, "wangfang", "items/*/unread"), STR("true"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/words"),
               STR("明天 9:00 至 12:00 停水，请提前备水。"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/by"), STR_NONE);
    town_close(&t);
}

TEST(nobody_lets_out_what_they_wrote_or_what_is_not_theirs_to_decide)
{
    struct town t;

    town_open(&t, state);
    struct asking made = town_ask(&t, "sunli", "notice.write",
                                  "{" NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL "}");
    ALLOWED(made);
    long long id = (long long)town_id(&t, &made, "id");
    REFUSED(notice_approved(&t, "sunli", id, 1), RC_DENIED, "自己写的要由另一个人复核。");
    CHECK_INT(notice_approved(&t, "zhoulan", id, 1).rc, RC_DENIED);
    REFUSED(notice_approved(&t, "tangrui", id, 2), RC_CONFLICT,
            "这条通知已经有人定了，或刚刚改过。");
    ALLOWED(notice_approved(&t, "tangrui", id, 1));
    REFUSED(notice_approved(&t, "hejing", id, 1), RC_CONFLICT,
            "这条通知已经有人定了，或刚刚改过。");
    town_close(&t);
}

TEST(what_was_returned_says_why_and_is_written_again)
{
    struct town t;

    town_open(&t, state);
    struct asking made = notice_waiting(&t, NOTICE_TO_ALL);
    long long     id = (long long)town_id(&t, &made, "id");
    ALLOWED(town_ask(&t, "sunli", "notice.return",
                     "{\"id\":\"%lld\",\"version\":1,\"why\":\"写明是哪几栋\"}", id));
    CHECK_TEXT(town_newest(&t, "zhoulan"), STR("“停水通知”退回修改：写明是哪几栋"));
    CHECK_TEXT(notice_seen(&t, "zhoulan", id, "state_title"), STR("退回修改"));
    CHECK_TEXT(notice_seen(&t, "zhoulan", id, "text/why"), STR("写明是哪几栋"));
    ALLOWED(
        town_ask(&t, "zhoulan", "notice.correct",
                 "{\"id\":\"%lld\",\"version\":1,\"title\":\"停水通知\",\"words\":\"全部\","
                 "\"reason\":\"写明了\"}",
                 id));
    ALLOWED(notice_approved(&t, "sunli", id, 2));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/words"), STR("全部"));
    /* what was never out is nobody's but the staff's */
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "before/*/version"), STR_NONE);
    CHECK_TEXT(item(&t, "wangfang", "items/*/corrected"), STR("false"));
    town_close(&t);
}

TEST(where_somebody_above_has_said_so_no_second_person_is_needed)
{
    struct town t;

    town_open(&t, state);
    REFUSED(
        town_ask(&t, "sunli", "notice.policy-set", "{" NOTICE_HERE ",\"review\":false}"),
        RC_DENIED, "这个辖区要不要复核，由上一级定。");
    REFUSED(town_ask(&t, "hejing", "notice.policy-set",
                     "{\"area\":\"" TOWN_STREET "\",\"review\":false}"),
            RC_REFUSED, "街道以上的通知一律要另一个人复核；可以定的是社区和网格。");
    ALLOWED(
        town_ask(&t, "tangrui", "notice.policy-set", "{" NOTICE_HERE ",\"review\":false}"));
    ALLOWED(notice_waiting(&t, NOTICE_TO_ALL));
    CHECK_INT(unread(&t, "wangfang"), 1);
    /* a street's notice waits all the same */
    ALLOWED(town_ask(&t, "wuqiang", "notice.write",
                     "{\"area\":\"" TOWN_STREET "\"," NOTICE_SAYS "," NOTICE_TO_ALL "}"));
    CHECK_INT(unread(&t, "wangfang"), 1);
    town_close(&t);
}

/* ----------------------------------------------------------------- to whom */

TEST(only_those_it_is_for_find_it_and_each_once)
{
    static const struct {
        const char *how;
        bool        wangfang, liumin, chentao;
    } audiences[] = {
        { NOTICE_TO_ALL, true, false, false },
        { "\"audience\":\"role\",\"role\":\"grid-worker\",\"asks\":\"nothing\"", false,
          true, true },
        { "\"audience\":\"houses\",\"asks\":\"nothing\",\"houses\":[{\"compound\":"
          "\"山水家园\",\"building\":\"3\"}]",
          true, false, false },
        { "\"audience\":\"houses\",\"asks\":\"nothing\",\"houses\":[{\"compound\":"
          "\"山水家园\",\"building\":\"4\"},{\"compound\":\"碧波苑\"}]",
          false, false, false },
    };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(audiences); i++) {
        int64_t w = unread(&t, "wangfang"), l = unread(&t, "liumin"),
                c = unread(&t, "chentao");
        int64_t id = notice_given(&t, audiences[i].how);
        CHECK_INT(unread(&t, "wangfang") - w, audiences[i].wangfang);
        CHECK_INT(unread(&t, "liumin") - l, audiences[i].liumin);
        CHECK_INT(unread(&t, "chentao") - c, audiences[i].chentao);
        CHECK_INT(
            town_ask(&t, "wangfang", "notice.show", "{\"id\":\"%lld\"}", (long long)id).rc,
            audiences[i].wangfang ? RC_OK : RC_NOT_FOUND);
    }
    CHECK_INT(unread(&t, "mali"), 0);
    CHECK_TEXT(town_newest(&t, "liumin"), STR("停水通知")); /* staff have a message */
    CHECK_INT(town_messages(&t, "wangfang"), 0);
    town_close(&t);
}

/* As many rows for two residents as for two thousand. */
TEST(what_is_written_at_publication_does_not_grow_with_the_readers)
{
    static const char *const tables[] = { "notices",        "notice_texts",
                                          "notice_keys",    "notice_receipts",
                                          "notice_tallies", "inbox" };
    struct town              t;
    int64_t                  rows[2][COUNT(tables)];

    town_open(&t, state);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT(tables); i++)
            rows[round][i] = town_count(&t, "SELECT count(*) FROM %s", tables[i]);
        (void)notice_given(&t, NOTICE_TO_ALL);
        for (size_t i = 0; i < COUNT(tables); i++)
            rows[round][i] =
                town_count(&t, "SELECT count(*) FROM %s", tables[i]) - rows[round][i];
        for (int house = 0; round == 0 && house < 40; house++)
            ALLOWED(town_ask(&t, "*", "person.register",
                             "{\"homes\":[{\"compound\":\"碧波苑\",\"building\":\"%d\","
                             "\"grid\":\"" TOWN_GRID "\",\"people\":[{\"name\":\"甲\"},"
                             "{\"name\":\"乙\"},{\"name\":\"丙\"}]}]}",
                             house));
    }
    for (size_t i = 0; i < COUNT(tables); i++)
        CHECK_INT(rows[1][i], rows[0][i]);
    CHECK_TEXT(spread(&t, "zhoulan", town_count(&t, "SELECT max(id) FROM notices"),
                      "whole/should"),
               STR("122"));
    town_close(&t);
}

/* ---------------------------------------------------------------- receipts */

TEST(a_receipt_is_a_row_of_who_read_and_counts_once)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, "\"audience\":\"all\",\"asks\":\"read\"");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM notice_receipts"), 0);
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ""));
    CHECK_INT(unread(&t, "wangfang"), 1); /* she has still to say so */
    CHECK_TEXT(item(&t, "wangfang", "items/*/unread"), STR("false"));
    CHECK_TEXT(item(&t, "wangfang", "items/*/waits_for_you"), STR("true"));
    for (int i = 0; i < 2; i++)
        ALLOWED(notice_reads(&t, "wangfang", id, 1, ",\"confirms\":true"));
    CHECK_INT(unread(&t, "wangfang"), 0);
    CHECK_TEXT(item(&t, "wangfang", "items/*/waits_for_you"), STR("false"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM notice_receipts"), 1);
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/should"), STR("2"));
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/opened"), STR("1"));
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/done"), STR("1"));
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/missing"), STR("1"));
    CHECK_TEXT(spread(&t, "liumin", id, "whole/done"), STR("1"));
    CHECK_TEXT(spread(&t, "chentao", id, "whole/should"), STR("0"));
    town_close(&t);
}

TEST(an_answer_is_sealed_and_read_by_staff_and_its_writer_alone)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(
        &t, "\"audience\":\"all\",\"asks\":\"answer\",\"question\":\"要不要送水？\"");
    REFUSED(notice_reads(&t, "wangfang", id, 1, ",\"confirms\":true"), RC_INVALID,
            "请写一句回话。");
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ",\"answer\":\"家里有老人要两桶\""));
    CHECK(!town_stores(&t, "家里有老人要两桶"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "yours/answer"), STR("家里有老人要两桶"));
    struct asking got =
        town_ask(&t, "zhoulan", "notice.answers", "{\"id\":\"%lld\"}", (long long)id);
    ALLOWED(got);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("王*"));
    CHECK_TEXT(pick(&t, &got, "items/*/answer"), STR("家里有老人要两桶"));
    got = town_ask(&t, "liumin", "notice.answers", "{\"id\":\"%lld\"}", (long long)id);
    ALLOWED(got);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("王芳"));
    CHECK_INT(
        town_ask(&t, "wangfang", "notice.answers", "{\"id\":\"%lld\"}", (long long)id).rc,
        RC_DENIED);
    town_close(&t);
}

TEST(who_is_no_reader_leaves_no_receipt)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    REFUSED(notice_reads(&t, "zhoulan", id, 1, ""), RC_REFUSED,
            "这条通知不是发给您的，不用回执。");
    CHECK_INT(notice_reads(&t, "mali", id, 1, "").rc, RC_NOT_FOUND);
    REFUSED(notice_reads(&t, "wangfang", id, 1, ",\"answer\":\"好\""), RC_REFUSED,
            "这条通知不用回话。");
    town_close(&t);
}

TEST(after_its_time_a_notice_is_seen_and_asks_nothing_any_more)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, "\"audience\":\"all\",\"asks\":\"read\",\"until\":"
                                  "\"2026-11-23T18:00:00+08:00\"");
    CHECK_INT(unread(&t, "wangfang"), 1);
    town_clock(&t, AT_NINE);
    CHECK_INT(unread(&t, "wangfang"), 0);
    CHECK_TEXT(item(&t, "wangfang", "items/*/state_title"), STR("已到期"));
    CHECK_TEXT(item(&t, "wangfang", "items/*/waits_for_you"), STR("false"));
    REFUSED(notice_reads(&t, "wangfang", id, 1, ",\"confirms\":true"), RC_REFUSED,
            "这条通知已经到期或撤回了，不用再回执。");
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ""));
    town_close(&t);
}

/* -------------------------------------------------- correcting, withdrawing */

static struct asking corrects(struct town *t, const char *login, int64_t id, int version)
{
    return town_ask(t, login, "notice.correct",
                    "{\"id\":\"%lld\",\"version\":%d,\"title\":\"停水改期\",\"words\":"
                    "\"改到后天。\",\"reason\":\"施工改期\"}",
                    (long long)id, version);
}

TEST(a_correction_stands_beside_what_it_corrects_and_is_to_be_read_again)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ""));
    REFUSED(corrects(&t, "zhoulan", id, 2), RC_CONFLICT,
            "这条通知刚刚有人改过，请看了新的再改。");
    ALLOWED(corrects(&t, "zhoulan", id, 1));
    /* until somebody has looked at it, the old one stands */
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/title"), STR("停水通知"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "waiting/title"), STR_NONE);
    CHECK_TEXT(notice_seen(&t, "zhoulan", id, "waiting/title"), STR("停水改期"));
    CHECK_INT(unread(&t, "wangfang"), 0);
    REFUSED(corrects(&t, "zhoulan", id, 2), RC_REFUSED,
            "上一次写的还在等复核，请等定下来再改。");
    ALLOWED(notice_approved(&t, "sunli", id, 2));
    CHECK_INT(unread(&t, "wangfang"), 1);
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/title"), STR("停水改期"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/reason"), STR("施工改期"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "before/*/title"), STR("停水通知"));
    CHECK_TEXT(item(&t, "wangfang", "items/*/corrected"), STR("true"));
    REFUSED(notice_reads(&t, "wangfang", id, 1, ""), RC_CONFLICT,
            "这条通知刚刚更正过，请看新的内容。");
    ALLOWED(notice_reads(&t, "wangfang", id, 2, ""));
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/opened"), STR("1"));
    town_close(&t);
}

TEST(a_correction_that_was_returned_leaves_what_stands)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    ALLOWED(corrects(&t, "zhoulan", id, 1));
    ALLOWED(town_ask(&t, "sunli", "notice.return",
                     "{\"id\":\"%lld\",\"version\":2,\"why\":\"没有改期\"}",
                     (long long)id));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/title"), STR("停水通知"));
    CHECK_TEXT(notice_seen(&t, "zhoulan", id, "state_title"), STR("已发出"));
    ALLOWED(corrects(&t, "zhoulan", id, 2));
    town_close(&t);
}

TEST(a_withdrawn_notice_stays_to_be_seen_with_its_reason_by_one_person_at_once)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ""));
    ALLOWED(town_ask(&t, "zhoulan", "notice.withdraw",
                     "{\"id\":\"%lld\",\"reason\":\"发错了社区\"}", (long long)id));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "state_title"), STR("已撤回"));
    CHECK_TEXT(notice_seen(&t, "wangfang", id, "text/reason"), STR("发错了社区"));
    CHECK_TEXT(item(&t, "wangfang", "items/*/unread"), STR("true"));
    CHECK_TEXT(item(&t, "zhaojianguo", "items/*/unread"), STR("false")); /* never read it */
    CHECK_INT(unread(&t, "zhaojianguo"), 0);
    REFUSED(corrects(&t, "zhoulan", id, 2), RC_REFUSED, "这条通知已经撤回了。");
    ALLOWED(notice_reads(&t, "wangfang", id, 2, ""));
    CHECK_TEXT(item(&t, "wangfang", "items/*/unread"), STR("false"));
    town_close(&t);
}

/* --------------------------------------------------------------- reminding */

TEST(who_has_not_read_is_reminded_once_a_day_and_never_at_night)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(
        &t, "\"audience\":\"role\",\"role\":\"grid-worker\",\"asks\":\"read\"");
    long long n = (long long)id;
    ALLOWED(notice_reads(&t, "liumin", id, 1, ",\"confirms\":true"));
    REFUSED(town_ask(&t, "zhoulan", "notice.remind", "{\"id\":\"%lld\"}", n), RC_REFUSED,
            "一天最多提醒一次，11 月 24 日 9:00 以后可以再提醒。");
    town_clock(&t, "2026-11-24T22:00:00+08:00");
    REFUSED(town_ask(&t, "zhoulan", "notice.remind", "{\"id\":\"%lld\"}", n), RC_REFUSED,
            "夜里（21:00 至次日 8:00）不打扰大家，请 8:00 以后再提醒。");
    town_clock(&t, "2026-11-25T07:59:00+08:00");
    CHECK_INT(town_ask(&t, "zhoulan", "notice.remind", "{\"id\":\"%lld\"}", n).rc,
              RC_REFUSED);
    town_clock(&t, "2026-11-25T08:00:00+08:00");
    size_t read = town_messages(&t, "liumin"), missing = town_messages(&t, "chentao");
    ALLOWED(town_ask(&t, "zhoulan", "notice.remind", "{\"id\":\"%lld\"}", n));
    CHECK_INT(town_messages(&t, "liumin"), read);
    CHECK_INT(town_messages(&t, "chentao"), missing + 1);
    CHECK_TEXT(item(&t, "chentao", "items/*/reminded"), STR("true"));
    CHECK_INT(town_ask(&t, "zhoulan", "notice.remind", "{\"id\":\"%lld\"}", n).rc,
              RC_REFUSED);
    CHECK_INT(town_ask(&t, "liumin", "notice.remind", "{\"id\":\"%lld\"}", n).rc,
              RC_DENIED);
    town_close(&t);
}

/* ------------------------------------------------------- who has not read */

static struct asking absent(struct town *t, const char *login, int64_t id, const char *area)
{
    return town_ask(t, login, "notice.absent", "{\"id\":\"%lld\",\"area\":\"%s\"}",
                    (long long)id, area);
}

TEST(names_are_for_the_grids_own_worker_and_masked_for_others)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ""));
    struct asking got = absent(&t, "liumin", id, TOWN_GRID);
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("赵建国"));
    CHECK_TEXT(pick(&t, &got, "items/*/has_account"), STR("true"));
    got = absent(&t, "zhoulan", id, TOWN_GRID);
    ALLOWED(got);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("赵**"));
    CHECK_TEXT(pick(&t, &got, "items/*/id"), STR_NONE);
    CHECK_INT(absent(&t, "chentao", id, TOWN_GRID).rc, RC_DENIED);
    CHECK_INT(absent(&t, "wangfang", id, TOWN_GRID).rc, RC_DENIED);
    REFUSED(absent(&t, "zhoulan", id, TOWN_COMMUNITY), RC_INVALID,
            "名单按网格看，请选一个网格。");
    REFUSED(absent(&t, "zhoulan", id, TOWN_NEXT), RC_INVALID, "这条通知没有发到那里。");
    /* whose name was read sees by whom; a masked one tells nobody */
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE person ="
                             " (SELECT id FROM people WHERE name = '赵建国')"),
              1);
    town_close(&t);
}

TEST(a_full_page_of_names_is_given_and_the_next_one_goes_on)
{
    struct town t;

    town_open(&t, state);
    for (int i = 0; i < 3; i++)
        ALLOWED(town_ask(
            &t, "*", "person.register",
            "{\"homes\":[{\"compound\":\"碧波苑\",\"grid\":\"" TOWN_GRID "\",\"people\":["
            "{\"name\":\"甲\"},{\"name\":\"乙\"},{\"name\":\"丙\"},{\"name\":\"丁\"},"
            "{\"name\":\"戊\"},{\"name\":\"己\"},{\"name\":\"庚\"},{\"name\":\"辛\"},"
            "{\"name\":\"壬\"},{\"name\":\"癸\"},{\"name\":\"子\"},{\"name\":\"丑\"},"
            "{\"name\":\"寅\"},{\"name\":\"卯\"},{\"name\":\"辰\"},{\"name\":\"巳\"}]}]}"));
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    ALLOWED(town_ask(&t, "*", "person.register",
                     "{\"homes\":[{\"compound\":\"碧波苑\",\"grid\":\"" TOWN_GRID
                     "\",\"people\":[{\"name\":\"龙大爷\"}]}]}"));
    struct asking got = absent(&t, "zhoulan", id, TOWN_GRID);
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 50);
    struct str next = town_member(&t, town_answer(&got), "next");
    got = town_ask(&t, "zhoulan", "notice.absent",
                   "{\"id\":\"%lld\",\"area\":\"" TOWN_GRID "\",\"cursor\":\"%.*s\"}",
                   (long long)id, STR_ARG(next));
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("龙**"));
    town_close(&t);
}

TEST(a_shielded_resident_is_not_on_the_list)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    (void)town_count(&t, "UPDATE people SET shielded = 1 WHERE name = '赵建国'");
    struct asking got = absent(&t, "liumin", id, TOWN_GRID);
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("王芳"));
    town_close(&t);
}

TEST(of_houses_only_those_who_live_in_them_are_counted_and_listed)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "*", "person.register",
                     "{\"homes\":[{\"compound\":\"碧波苑\",\"building\":\"1\",\"grid\":"
                     "\"" TOWN_GRID "\",\"people\":[{\"name\":\"孙大爷\"}]}]}"));
    int64_t id =
        notice_given(&t, "\"audience\":\"houses\",\"asks\":\"nothing\",\"houses\":["
                         "{\"compound\":\"碧波苑\"}]");
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/should"), STR("1"));
    struct asking got = absent(&t, "liumin", id, TOWN_GRID);
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_TEXT(pick(&t, &got, "items/*/name"), STR("孙大爷"));
    CHECK_TEXT(pick(&t, &got, "items/*/has_account"), STR("false"));
    got = town_ask(&t, "liumin", "notice.list", "{\"view\":\"out\"}");
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    town_close(&t);
}

TEST(of_who_was_deleted_neither_receipt_nor_number_is_left)
{
    struct town t;

    town_open(&t, state);
    int64_t   id = notice_given(&t, "\"audience\":\"all\",\"asks\":\"answer\",\"question\":"
                                      "\"在家吗？\"");
    long long person = town_person(&t, "王芳");
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ",\"answer\":\"在\""));
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/done"), STR("1"));
    struct asking asked = town_ask(&t, "zhoulan", "deletion.ask",
                                   "{\"id\":\"%lld\",\"purpose\":\"本人要求\"}", person);
    if (asked.rc == RC_OK)
        ALLOWED(town_ask(&t, "sunli", "request.agree", "{\"id\":\"%lld\"}",
                         (long long)town_id(&t, &asked, "id")));
    CHECK_INT(asked.rc, RC_OK);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM notice_receipts"), 0);
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/should"), STR("1"));
    CHECK_TEXT(spread(&t, "zhoulan", id, "whole/done"), STR("0"));
    town_close(&t);
}

/* ------------------------------------------------------------ what is wrong */

TEST(what_is_wrong_with_a_notice_is_said_in_a_sentence)
{
    static const struct {
        const char *login, *body, *says;
        enum rc     rc;
    } wrong[] = {
        { "zhoulan", "\"area\":\"" TOWN_NEXT "\"," NOTICE_SAYS "," NOTICE_TO_ALL,
          "这个辖区的通知不归您发。", RC_DENIED },
        { "zhoulan", "\"area\":\"4206\"," NOTICE_SAYS "," NOTICE_TO_ALL,
          "请选到区县或以下的辖区。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS ",\"audience\":\"some\",\"asks\":\"nothing\"",
          "发给谁只能是 all（全体居民）、role（某种职责的人）或 houses（某些楼栋）。",
          RC_INVALID },
        { "zhoulan", NOTICE_HERE "," NOTICE_SAYS ",\"audience\":\"all\",\"asks\":\"maybe\"",
          "要不要回执只能是 nothing（不用）、read（已阅）或 answer（回一句话）。",
          RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS
                      ",\"audience\":\"role\",\"role\":\"resident\",\"asks\":\"nothing\"",
          "请选工作人员的一种角色，例如 grid-worker 网格员。", RC_INVALID },
        { "zhoulan", NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL ",\"role\":\"desk\"",
          "发给居民的通知不用选角色。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS ",\"audience\":\"houses\",\"asks\":\"nothing\"",
          "请写明是哪些小区、楼栋。", RC_INVALID },
        { "wuqiang",
          "\"area\":\"" TOWN_STREET "\"," NOTICE_SAYS ",\"audience\":\"houses\",\"asks\":"
          "\"nothing\",\"houses\":[{\"compound\":\"山水家园\"}]",
          "按房子发的通知，辖区请选到社区或网格。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE
          "," NOTICE_SAYS ",\"audience\":\"houses\",\"asks\":\"nothing\",\"houses\":["
          "{\"compound\":\"山水家园\"},{\"compound\":\"山水家园\",\"building\":\"3\"}]",
          "第 1 处和第 2 处重了，请去掉一处。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS
                      ",\"audience\":\"houses\",\"asks\":\"nothing\",\"houses\":["
                      "{\"compound\":\"山水家园\",\"unit\":\"1\"}]",
          "第 1 处写了单元，没有写楼栋。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS
                      ",\"audience\":\"houses\",\"asks\":\"nothing\",\"houses\":["
                      "{\"compound\":\"山水|家园\"}]",
          "第 1 处的名称里不能有“|”。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL
                      ",\"until\":\"2026-11-23T08:00:00+08:00\"",
          "有效期已经过了，请选以后的时间。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL
                      ",\"until\":\"2028-01-01T08:00:00+08:00\"",
          "有效期最长 366 天。", RC_INVALID },
        { "zhoulan",
          NOTICE_HERE "," NOTICE_SAYS ",\"audience\":\"all\",\"asks\":\"answer\"",
          "要回执的通知，请写明请大家回答什么。", RC_INVALID },
        { "zhoulan", NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL ",\"question\":\"来吗\"",
          "不要回执的通知，不用写要回答什么。", RC_INVALID },
        { "zhoulan", NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL ",\"photos\":[\"123\"]",
          "第 1 张照片找不到了，请重新传一次。", RC_REFUSED },
    };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct asking got =
            town_ask(&t, wrong[i].login, "notice.write", "{%s}", wrong[i].body);
        CHECK_TEXT(town_told(&got), str_of(wrong[i].says));
        CHECK_INT(got.rc, wrong[i].rc);
    }
    CHECK_INT(town_count(&t, "SELECT count(*) FROM notices"), 0);
    CHECK_INT(town_ask(&t, "liumin", "notice.write",
                       "{" NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL "}")
                  .rc,
              RC_DENIED);
    town_close(&t);
}

TEST(who_writes_too_many_a_day_waits_till_tomorrow)
{
    struct town t;

    town_open(&t, state);
    for (int i = 0; i < NOTICES_PER_DAY_MAX; i++)
        ALLOWED(notice_waiting(&t, NOTICE_TO_ALL));
    REFUSED(notice_waiting(&t, NOTICE_TO_ALL), RC_TOO_MANY,
            "今天已经写了 20 条通知，请明天再写。");
    town_clock(&t, AT_NINE);
    ALLOWED(notice_waiting(&t, NOTICE_TO_ALL));
    town_close(&t);
}

TEST(a_photo_of_a_notice_is_seen_by_who_may_see_the_notice)
{
    struct town t;

    town_open(&t, state);
    int64_t       photo = town_photo(&t, "zhoulan");
    struct asking made = town_ask(&t, "zhoulan", "notice.write",
                                  "{" NOTICE_HERE "," NOTICE_SAYS "," NOTICE_TO_ALL
                                  ",\"photos\":[\"%lld\"]}",
                                  (long long)photo);
    ALLOWED(made);
    CHECK_TEXT(pick(&t, &made, "text/photos/*"),
               str_fmt(&t.arena, "%lld", (long long)photo));
    struct actor actor = town_actor(&t, "wangfang");
    t.op.actor = &actor;
    CHECK(!notice_sees(&t.op, town_id(&t, &made, "id")));
    ALLOWED(town_ask(&t, "sunli", "notice.approve", "{\"id\":\"%lld\",\"version\":1}",
                     (long long)town_id(&t, &made, "id")));
    actor = town_actor(&t, "wangfang");
    t.op.actor = &actor;
    CHECK(notice_sees(&t.op, town_id(&t, &made, "id")));
    town_close(&t);
}

TEST(each_step_is_in_the_journal_and_readers_streams_hear_of_what_goes_out)
{
    struct town t;
    struct list lines;
    struct str  area;
    size_t      heard = 0;

    town_open(&t, state);
    int64_t id = notice_given(&t, NOTICE_TO_ALL);
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ""));
    CHECK_INT(journal_read(&t.op, TOWN_NUMBER, id, 0, 20, &lines), RC_OK);
    CHECK_INT(lines.n, 3);
    for (size_t i = 0; i < lines.n; i++)
        heard += notice_line_area(&t.op, (const struct line *)lines.at + i, &area) == RC_OK;
    CHECK_INT(heard, 1);
    CHECK_TEXT(((const struct line *)lines.at)[1].act, STR("notice.approve"));
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(
            a_notice_waits_for_a_second_person_and_then_everybody_who_lives_there_has_it),
        ON_BOTH(nobody_lets_out_what_they_wrote_or_what_is_not_theirs_to_decide),
        ON_BOTH(what_was_returned_says_why_and_is_written_again),
        ON_BOTH(where_somebody_above_has_said_so_no_second_person_is_needed),
        ON_BOTH(only_those_it_is_for_find_it_and_each_once),
        ON_BOTH(what_is_written_at_publication_does_not_grow_with_the_readers),
        ON_BOTH(a_receipt_is_a_row_of_who_read_and_counts_once),
        ON_BOTH(an_answer_is_sealed_and_read_by_staff_and_its_writer_alone),
        ON_BOTH(who_is_no_reader_leaves_no_receipt),
        ON_BOTH(after_its_time_a_notice_is_seen_and_asks_nothing_any_more),
        ON_BOTH(a_correction_stands_beside_what_it_corrects_and_is_to_be_read_again),
        ON_BOTH(a_correction_that_was_returned_leaves_what_stands),
        ON_BOTH(a_withdrawn_notice_stays_to_be_seen_with_its_reason_by_one_person_at_once),
        ON_BOTH(who_has_not_read_is_reminded_once_a_day_and_never_at_night),
        ON_BOTH(names_are_for_the_grids_own_worker_and_masked_for_others),
        ON_BOTH(a_full_page_of_names_is_given_and_the_next_one_goes_on),
        ON_BOTH(a_shielded_resident_is_not_on_the_list),
        ON_BOTH(of_houses_only_those_who_live_in_them_are_counted_and_listed),
        ON_BOTH(of_who_was_deleted_neither_receipt_nor_number_is_left),
        ON_BOTH(what_is_wrong_with_a_notice_is_said_in_a_sentence),
        ON_BOTH(who_writes_too_many_a_day_waits_till_tomorrow),
        ON_BOTH(a_photo_of_a_notice_is_seen_by_who_may_see_the_notice),
        ON_BOTH(each_step_is_in_the_journal_and_readers_streams_hear_of_what_goes_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
