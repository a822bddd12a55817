/* One list of notices and matters; and how many matters were done within a day. */
#include "engine/notice/matter.h"
#include "engine/notice/notice.h"

#include "town_cases.h"

#include "base/clock.h"
#include "base/json.h"

static struct str pick(struct town *t, struct asking *got, const char *path)
{
    return json_pick_text(&t->arena, town_answer(got), path);
}

static struct str listed(struct town *t, const char *login, const char *path)
{
    struct asking got = town_ask(t, login, "news.list", "{}");
    struct str    texts[40];

    ALLOWED(got);
    size_t n = json_pick_all(&t->arena, town_answer(&got), str_of(path), texts, 40);
    return n ? str_join(&t->arena, texts, n, STR(" ")) : STR("");
}

static int64_t unread(struct town *t, const char *login)
{
    struct actor actor = town_actor(t, login);
    int64_t      n = -1;

    t->op.actor = &actor;
    CHECK_INT(notice_unread(&t->op, &n), RC_OK);
    return n;
}

static void given_notice(struct town *t, const char *title)
{
    struct asking made = town_ask(t, "zhoulan", "notice.write",
                                  "{\"area\":\"" TOWN_COMMUNITY
                                  "\",\"audience\":\"all\",\"asks\":\"nothing\","
                                  "\"title\":\"%s\",\"words\":\"好\"}",
                                  title);

    ALLOWED(made);
    ALLOWED(town_ask(t, "sunli", "notice.approve", "{\"id\":\"%lld\",\"version\":1}",
                     (long long)town_id(t, &made, "id")));
}

static struct str shared(struct town *t, const char *login, const char *area,
                         const char *path)
{
    struct asking got = town_ask(t, login, "matter.share", "{\"area\":\"%s\"}", area);

    ALLOWED(got);
    return pick(t, &got, path);
}

/* --------------------------------------------------------------- one list */

TEST(notices_and_ones_own_matters_stand_in_one_list_newest_news_first)
{
    struct town t;

    town_open(&t, state);
    int64_t first = town_case(&t, "wangfang", "其他");
    given_notice(&t, "停水");
    (void)town_case(&t, "wangfang", "电梯");
    CHECK_TEXT(listed(&t, "wangfang", "items/*/kind"), STR("matter notice matter"));
    CHECK_TEXT(listed(&t, "wangfang", "items/*/unread"), STR("false true false"));
    ALLOWED(town_move(&t, "zhoulan", first, "accept", "")); /* news of the oldest */
    CHECK_TEXT(listed(&t, "wangfang", "items/*/kind"), STR("matter matter notice"));
    CHECK_TEXT(listed(&t, "wangfang", "items/*/unread"), STR("true false true"));
    CHECK_INT(unread(&t, "wangfang"), 2);
    ALLOWED(town_ask(&t, "wangfang", "matter.read", "{\"id\":\"%lld\"}", (long long)first));
    CHECK_INT(unread(&t, "wangfang"), 1);
    CHECK_TEXT(listed(&t, "zhaojianguo", "items/*/kind"), STR("notice"));
    town_close(&t);
}

TEST(what_others_do_among_themselves_is_no_news_and_nobody_reads_for_another)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "其他");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    ALLOWED(town_ask(&t, "wangfang", "matter.read", "{\"id\":\"%lld\"}", (long long)id));
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    int64_t told = unread(&t, "wangfang");
    CHECK_INT(told, (int64_t)(town_messages(&t, "wangfang") > 1));
    CHECK_INT(
        town_ask(&t, "zhaojianguo", "matter.read", "{\"id\":\"%lld\"}", (long long)id).rc,
        RC_NOT_FOUND);
    CHECK_INT(unread(&t, "wangfang"), told);
    town_close(&t);
}

TEST(the_list_is_paged_and_each_item_comes_once)
{
    struct town t;
    size_t      seen = 0;

    town_open(&t, state);
    for (int i = 0; i < 19; i++) {
        given_notice(&t, "停水");
        (void)town_case(&t, "wangfang", "其他");
    }
    struct str cursor = STR("9223372036854775807");
    while (!str_eq(cursor, STR("null"))) {
        struct asking got =
            town_ask(&t, "wangfang", "news.list", "{\"cursor\":\"%.*s\"}", STR_ARG(cursor));
        ALLOWED(got);
        seen += town_items(&t, &got);
        cursor = town_member(&t, town_answer(&got), "next");
    }
    CHECK_INT(seen, 38);
    town_close(&t);
}

/* ------------------------------------------------- done within twenty-four h */

/* Reported at nine on Monday, answered that many hours later. */
static void given_done_after(struct town *t, int hours)
{
    int64_t id = town_case(t, "wangfang", "其他");

    ALLOWED(town_move(t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    town_later(t, (int64_t)hours * 3600 * 1000);
    ALLOWED(town_finish(t, "liumin", id));
}

TEST(a_share_is_of_what_was_reported_and_had_its_twenty_four_hours)
{
    struct town t;

    town_open(&t, state);
    given_done_after(&t, 2);
    town_clock(&t, "2026-11-23T12:00:00+08:00");
    given_done_after(&t, 25);
    town_clock(&t, "2026-11-24T14:00:00+08:00");
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "whole/reported"), STR("0"));
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "whole/percent"), STR_NONE);
    town_clock(&t, "2026-11-25T00:00:00+08:00");
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "whole/reported"), STR("2"));
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "whole/quick"), STR("1"));
    CHECK_TEXT(shared(&t, "hejing", TOWN_COUNTY, "whole/percent"), STR("50.0%"));
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "parts/0/name"), STR_NONE);
    town_clock(&t, "2026-12-25T00:00:00+08:00"); /* thirty days and no longer */
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "whole/reported"), STR("0"));
    town_close(&t);
}

TEST(what_was_reopened_was_not_done_and_what_was_not_taken_is_not_counted)
{
    struct town t;

    town_open(&t, state);
    int64_t refused = town_case(&t, "wangfang", "其他");
    ALLOWED(town_move(&t, "zhoulan", refused, "refuse", ",\"reason\":\"不归这里管\""));
    int64_t again = town_case(&t, "wangfang", "电梯");
    ALLOWED(town_move(&t, "zhoulan", again, "accept", ""));
    ALLOWED(town_send(&t, "zhoulan", again, "liumin"));
    ALLOWED(town_finish(&t, "liumin", again));
    CHECK_INT(town_count(&t, "SELECT quick FROM matter_days WHERE scope = 'a:420602'"), 1);
    ALLOWED(town_move(&t, "wangfang", again, "reopen", ",\"reason\":\"还是坏的\""));
    CHECK_INT(town_count(&t, "SELECT quick FROM matter_days WHERE scope = 'a:420602'"), 0);
    CHECK_INT(town_count(&t, "SELECT reported FROM matter_days WHERE scope = 'a:420602'"),
              1);
    town_close(&t);
}

TEST(an_organisation_has_its_share_of_what_it_holds)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "其他");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send_org(&t, "zhoulan", id, t.property));
    CHECK_INT(town_count(&t, "SELECT reported FROM matter_days WHERE scope = 'o:%lld'",
                         (long long)t.property),
              1);
    ALLOWED(town_finish(&t, "lishifu", id));
    town_clock(&t, "2026-11-25T00:00:00+08:00");
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "orgs/*/name"), STR("山水家园物业"));
    CHECK_TEXT(shared(&t, "zhoulan", TOWN_COMMUNITY, "orgs/*/percent"), STR("100.0%"));
    town_close(&t);
}

TEST(residents_see_the_share_of_where_they_live_and_no_list_of_grids)
{
    struct town t;

    town_open(&t, state);
    given_done_after(&t, 1);
    town_clock(&t, "2026-11-25T00:00:00+08:00");
    CHECK_TEXT(shared(&t, "wangfang", TOWN_COMMUNITY, "whole/percent"), STR("100.0%"));
    CHECK_TEXT(shared(&t, "wangfang", TOWN_COMMUNITY, "parts/*/name"), STR_NONE);
    CHECK_TEXT(shared(&t, "wangfang", TOWN_COUNTY, "whole/quick"), STR("1"));
    REFUSED(town_ask(&t, "wangfang", "matter.share", "{\"area\":\"" TOWN_NEXT "\"}"),
            RC_DENIED, "您不住在这个辖区，也不管这里的办件。");
    struct asking got = town_ask(&t, "wangfang", "matter.share", "{}");
    ALLOWED(got);
    CHECK_TEXT(pick(&t, &got, "whole/name"), STR("滨湖社区"));
    town_close(&t);
}

/* Lost, begun anew, or late: the numbers come out the same. */
TEST(a_follower_that_starts_over_counts_nothing_twice)
{
    struct town t;

    town_open(&t, state);
    given_done_after(&t, 1);
    int64_t before = town_count(&t, "SELECT sum(reported * 10 + quick) FROM matter_days");
    gate_close(&t.gate);
    (void)town_count(&t, "DELETE FROM cursors WHERE follower = 'notice'");
    town_restart(&t);
    (void)town_case(&t, "wangfang", "其他");
    CHECK_INT(town_count(&t, "SELECT sum(reported * 10 + quick) FROM matter_days"),
              before + 4 * 10);
    gate_close(&t.gate);
    (void)town_count(&t, "DELETE FROM cursors WHERE follower = 'notice'");
    (void)town_count(&t, "DELETE FROM matters; DELETE FROM matter_days");
    town_restart(&t);
    (void)town_case(&t, "wangfang", "其他");
    CHECK_INT(town_count(&t, "SELECT sum(reported * 10 + quick) FROM matter_days"),
              before + 8 * 10);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(notices_and_ones_own_matters_stand_in_one_list_newest_news_first),
        ON_BOTH(what_others_do_among_themselves_is_no_news_and_nobody_reads_for_another),
        ON_BOTH(the_list_is_paged_and_each_item_comes_once),
        ON_BOTH(a_share_is_of_what_was_reported_and_had_its_twenty_four_hours),
        ON_BOTH(what_was_reopened_was_not_done_and_what_was_not_taken_is_not_counted),
        ON_BOTH(an_organisation_has_its_share_of_what_it_holds),
        ON_BOTH(residents_see_the_share_of_where_they_live_and_no_list_of_grids),
        ON_BOTH(a_follower_that_starts_over_counts_nothing_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
