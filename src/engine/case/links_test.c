/* The same thing reported twice: what is suggested and why, "me, too", links, merging and
 * splitting. */
#include "town_cases.h"

#include "base/clock.h"

enum { HOUR = 60 * 60 * 1000 };
#define DAY (INT64_C(24) * HOUR)

static int64_t report_at(struct town *t, const char *login, const char *category,
                         const char *what, double lat, const char *area)
{
    struct str fields =
        str_fmt(&t->arena,
                "{\"category\":\"%s\",\"what\":\"%s\",\"where\":{\"lat\":%.4f,"
                "\"lng\":112.1201,\"source\":\"gps\",\"words\":\"路口\","
                "\"area\":\"%s\"}}",
                category, what, lat, area);
    struct asking opened = town_report(t, login, str_z(&t->arena, fields));

    CHECK_INT(town_must(opened), RC_OK);
    return town_id(t, &opened, "id");
}

static int64_t report(struct town *t, const char *login, const char *category,
                      const char *what)
{
    return report_at(t, login, category, what, 32.0103, TOWN_GRID);
}

static struct str number_of(struct town *t, int64_t id)
{
    return town_look(t, "hejing", id).card.number;
}

static const char *other(struct town *t, int64_t id)
{
    struct str text = str_fmt(&t->arena, ",\"other\":\"%.*s\",\"reason\":\"看错了\"",
                              STR_ARG(number_of(t, id)));

    return str_z(&t->arena, text);
}

static struct asking with(struct town *t, const char *login, int64_t id, const char *move,
                          int64_t first)
{
    return town_move(t, login, id, move, other(t, first));
}

/* ------------------------------------------------------------ suggestions */

static struct asking alike(struct town *t, const char *login, const char *category,
                           const char *words)
{
    return town_ask(
        t, login, "case.alike",
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"category\":\"%s\","
        "\"lat\":32.0103,\"lng\":112.1201,\"words\":\"%s\",\"area\":\"" TOWN_GRID "\"}",
        category, words);
}

static struct str suggestion(struct town *t, struct asking *got, size_t which)
{
    struct json_member one;
    size_t             i = 0;
    struct str         items = town_member(t, town_answer(got), "items");

    for (struct str rest = json_inside(items); json_member(&t->arena, &rest, &one); i++)
        if (i == which)
            return one.value;
    fail_msg("no suggestion %zu of %zu", which, i);
    return STR_NONE;
}

TEST(a_family_of_categories_is_found_and_why_is_said)
{
    struct town t;

    town_open(&t, state);
    report(&t, "wangfang", "市容环境", "楼道贴满小广告");
    town_later(&t, 3 * DAY);
    struct asking got = alike(&t, "zhaojianguo", "垃圾卫生", "");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_TEXT(town_member(&t, suggestion(&t, &got, 0), "why"),
               STR("[\"50 米内\",\"同一大类\",\"3 天前\"]"));
    got = alike(&t, "zhaojianguo", "市容环境", "小广告贴满楼道");
    CHECK_TEXT(town_member(&t, suggestion(&t, &got, 0), "why"),
               STR("[\"50 米内\",\"同类\",\"3 天前\",\"词语相近\"]"));
    got = alike(&t, "zhaojianguo", "噪声扰民", "");
    CHECK_INT(town_items(&t, &got), 0);
    town_close(&t);
}

TEST(the_nearest_the_newest_and_the_most_alike_in_words_come_first)
{
    struct town t;

    town_open(&t, state);
    int64_t far = report_at(&t, "wangfang", "道路损坏", "楼下一堆纸箱", 32.0112, TOWN_GRID);
    int64_t       near = report(&t, "wangfang", "道路损坏", "公厕太脏");
    struct asking got = alike(&t, "zhaojianguo", "道路损坏", "");
    CHECK_INT(town_items(&t, &got), 2);
    CHECK_TEXT(town_member(&t, suggestion(&t, &got, 0), "id"),
               str_fmt(&t.arena, "%lld", (long long)near));
    got = alike(&t, "zhaojianguo", "道路损坏", "楼下一堆纸箱");
    CHECK_TEXT(town_member(&t, suggestion(&t, &got, 0), "id"),
               str_fmt(&t.arena, "%lld", (long long)far));
    town_close(&t);
}

TEST(one_word_does_not_tell_whether_somebody_wrote_it)
{
    struct town t;

    town_open(&t, state);
    report(&t, "wangfang", "道路损坏", "三楼老王家把纸箱和剩饭堆在楼道口，味道很大");
    struct asking got = alike(&t, "zhaojianguo", "道路损坏", "老王");
    CHECK(!str_has(town_answer(&got), STR("词语相近")));
    got = alike(&t, "zhaojianguo", "道路损坏", "纸箱");
    CHECK(!str_has(town_answer(&got), STR("词语相近")));
    town_close(&t);
}

TEST(a_category_may_have_a_distance_of_its_own)
{
    struct town t;

    town_open(&t, state);
    report_at(&t, "wangfang", "井盖缺失", "井盖没了", 32.0117, TOWN_GRID); /* 156 m */
    struct asking got = alike(&t, "zhaojianguo", "井盖缺失", "");
    CHECK_INT(town_items(&t, &got), 0); /* 100 m by lists/events */
    got = alike(&t, "zhaojianguo", "积水管网", "");
    CHECK_INT(town_items(&t, &got), 1);
    town_close(&t);
}

TEST(staff_look_farther_and_are_told_which_it_is)
{
    struct town t;

    town_open(&t, state);
    int64_t far = report_at(&t, "wangfang", "道路损坏", "垃圾没人清", 32.0180, TOWN_GRID);
    int64_t       id = report(&t, "zhaojianguo", "道路损坏", "垃圾没有清");
    struct asking got = alike(&t, "zhaojianguo", "道路损坏", "");
    CHECK_INT(town_items(&t, &got), 1); /* one's own; the other is 860 m away */
    got = town_ask(&t, "zhoulan", "case.alike", "{\"id\":\"%lld\"}", (long long)id);
    CHECK_INT(town_must(got), RC_OK);
    struct str one = suggestion(&t, &got, 0);
    CHECK_TEXT(town_member(&t, one, "number"), number_of(&t, far));
    CHECK_TEXT(town_member(&t, one, "title"), STR("垃圾没人清"));
    CHECK_TEXT(town_member(&t, one, "distance"), STR("860 米"));
    got = town_ask(&t, "mali", "case.alike", "{\"id\":\"%lld\"}", (long long)id);
    CHECK_INT(got.rc, RC_NOT_FOUND); /* of the community next to it */
    REFUSED(town_ask(&t, "zhaojianguo", "case.alike", "{\"id\":\"%lld\"}", (long long)id),
            RC_DENIED, "是不是同一件事，由办的人来看。");
    town_close(&t);
}

TEST(neighbours_are_shown_only_what_is_public)
{
    struct town t;

    town_open(&t, state);
    report(&t, "wangfang", "道路损坏", "垃圾没人清");
    CHECK_INT(town_count(&t, "UPDATE cases SET shielded = 1 RETURNING 0"), 0);
    struct asking got = alike(&t, "zhaojianguo", "道路损坏", "垃圾没人清");
    CHECK_INT(town_items(&t, &got), 0);
    town_close(&t);
}

/* ----------------------------------------------------------------- me, too */

static struct asking me_too(struct town *t, const char *login, int64_t id, const char *act)
{
    return town_ask(t, login, act, "{\"id\":\"%lld\"}", (long long)id);
}

static int64_t met(struct town *t, int64_t id)
{
    return town_count(t, "SELECT me_too FROM cases WHERE id = %lld", (long long)id);
}

TEST(a_neighbour_who_met_it_too_hears_of_it_and_sees_nothing_of_it)
{
    struct town t;

    town_open(&t, state);
    int64_t id = report(&t, "wangfang", "道路损坏", "三楼的垃圾没人清");
    ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too"));
    ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too"));
    CHECK_INT(met(&t, id), 1);
    CHECK_INT(town_look(&t, "wangfang", id).me_too, 1);
    CHECK_INT(me_too(&t, "zhaojianguo", id, "case.show").rc, RC_NOT_FOUND);
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    CHECK_TEXT(town_newest(&t, "zhaojianguo"),
               STR("您也遇到的“道路损坏”：社区值守周岚已受理，现在是“已受理”。"));
    ALLOWED(town_move(&t, "zhoulan", id, "start", ""));
    ALLOWED(town_finish(&t, "zhoulan", id));
    CHECK_TEXT(town_newest(&t, "zhaojianguo"),
               STR("您也遇到的“道路损坏”：社区值守周岚已办结，现在是“待评价”。"));
    struct asking got = town_ask(&t, "zhaojianguo", "case.me_too_list", "{}");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(!str_has(town_answer(&got), STR("三楼")));

    ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too_end"));
    ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too_end"));
    CHECK_INT(met(&t, id), 0);
    size_t had = town_messages(&t, "zhaojianguo");
    ALLOWED(town_move(&t, "wangfang", id, "reopen", ",\"reason\":\"又有了\""));
    CHECK_INT(town_messages(&t, "zhaojianguo"), had);
    town_close(&t);
}

TEST(me_too_is_refused_of_ones_own_of_what_is_over_and_of_what_is_not_public)
{
    struct town t;

    town_open(&t, state);
    int64_t id = report(&t, "wangfang", "道路损坏", "垃圾没人清");
    REFUSED(me_too(&t, "wangfang", id, "case.me_too"), RC_REFUSED,
            "这件事就是您报的，办得怎么样会告诉您。");
    CHECK_INT(me_too(&t, "", id, "case.me_too").rc, RC_UNAUTHENTICATED);
    CHECK_INT(me_too(&t, "zhaojianguo", id + 1, "case.me_too").rc, RC_NOT_FOUND);
    CHECK_INT(town_count(&t, "UPDATE cases SET shielded = 1 RETURNING 0"), 0);
    CHECK_INT(me_too(&t, "zhaojianguo", id, "case.me_too").rc, RC_NOT_FOUND);
    CHECK_INT(me_too(&t, "zhaojianguo", id, "case.me_too_end").rc, RC_NOT_FOUND);
    CHECK_INT(town_count(&t, "UPDATE cases SET shielded = 0 RETURNING 0"), 0);
    ALLOWED(town_move(&t, "wangfang", id, "withdraw", ""));
    REFUSED(me_too(&t, "zhaojianguo", id, "case.me_too"), RC_REFUSED,
            "这件事已经结束了。又遇到了，请再报一次。");
    CHECK_INT(met(&t, id), 0);
    town_close(&t);
}

TEST(me_too_is_said_so_often_a_day_and_no_oftener)
{
    struct town t;
    int64_t     id = 0;

    town_open(&t, state);
    for (int i = 0; i <= ME_TOO_PER_DAY_MAX; i++) {
        if (i == ME_TOO_PER_DAY_MAX)
            town_later(&t, DAY); /* reports have a limit, too */
        id = report(&t, "wangfang", "道路损坏", "垃圾没人清");
        if (i == ME_TOO_PER_DAY_MAX)
            break;
        ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too"));
    }
    ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too")); /* another day */
    CHECK_INT(town_count(&t, "UPDATE case_followers SET at_ms = %lld RETURNING 0",
                         (long long)clock_now_ms()),
              0);
    id = report(&t, "wangfang", "道路损坏", "还有一处");
    REFUSED(me_too(&t, "zhaojianguo", id, "case.me_too"), RC_TOO_MANY,
            "您今天已经说了 20 次“我也遇到了”，明天再说吧。");
    town_close(&t);
}

/* ----------------------------------------------------------------- linking */

struct pair {
    int64_t first, later;
};

static struct pair two(struct town *t)
{
    struct pair pair = { report(t, "wangfang", "道路损坏", "垃圾没人清"), 0 };

    town_later(t, HOUR);
    pair.later = report(t, "zhaojianguo", "道路损坏", "垃圾堆了两天");
    return pair;
}

static struct pair linked(struct town *t)
{
    struct pair pair = two(t);

    ALLOWED(with(t, "zhoulan", pair.later, "link", pair.first));
    return pair;
}

TEST(an_answer_to_the_first_reaches_all_and_each_rates_its_own)
{
    struct town t;

    town_open(&t, state);
    struct pair it = two(&t);
    ALLOWED(with(&t, "zhoulan", it.later, "link", it.first));
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("是同一件事，现在一起办")));
    struct case_whole first = town_look(&t, "zhoulan", it.first);
    struct case_whole later = town_look(&t, "zhoulan", it.later);
    CHECK_INT(first.links.n, 1);
    CHECK_INT(later.links.n, 1);
    CHECK(((const struct shown_link *)later.links.at)->first);
    CHECK_INT(((const struct shown_link *)first.links.at)->id, it.later);
    later = town_look(&t, "zhaojianguo", it.later);
    CHECK_INT(((const struct shown_link *)later.links.at)->id, 0); /* not theirs to open */

    ALLOWED(town_move(&t, "zhoulan", it.first, "start", ""));
    CHECK_INT(town_tick(&t), 1);
    CHECK(str_has(town_newest(&t, "zhaojianguo"),
                  STR("和您报的是同一件事：社区值守周岚开始办了")));
    CHECK_TEXT(town_state(&t, it.later), STR("new"));
    ALLOWED(town_finish(&t, "zhoulan", it.first));
    town_tick(&t);
    CHECK_TEXT(town_state(&t, it.later), STR("answered"));
    CHECK(str_has(town_newest(&t, "zhaojianguo"),
                  STR("和您报的是同一件事：社区值守周岚已办结")));
    CHECK_INT(town_tick(&t), 0);

    ALLOWED(town_move(&t, "wangfang", it.first, "rate", ",\"stars\":5"));
    town_tick(&t);
    CHECK_TEXT(town_state(&t, it.later), STR("answered"));
    ALLOWED(town_move(&t, "zhaojianguo", it.later, "rate", ",\"stars\":1"));
    CHECK_TEXT(town_state(&t, it.later), STR("closed"));
    town_close(&t);
}

TEST(a_linked_cases_deadlines_run_on_and_fire_when_it_is_unlinked)
{
    struct town t;

    town_open(&t, state);
    struct pair it = linked(&t);
    town_later(&t, 10 * DAY);
    town_tick(&t);
    struct case_whole later = town_look(&t, "zhoulan", it.later);
    CHECK(!later.card.supervised);
    CHECK_TEXT(later.card.due.state, STR("hold"));
    CHECK(town_look(&t, "hejing", it.first).card.supervised);

    ALLOWED(town_move(&t, "zhoulan", it.later, "unlink", ",\"reason\":\"不是一处\""));
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("分开办了")));
    CHECK_INT(
        town_count(&t, "SELECT linked FROM cases WHERE id = %lld", (long long)it.first), 0);
    town_tick(&t);
    CHECK(town_look(&t, "hejing", it.later).card.supervised);
    later = town_look(&t, "hejing", it.later);
    CHECK(((const struct shown_link *)later.links.at)->ended);
    town_close(&t);
}

TEST(both_are_linked_and_unlinked_from_the_first_ones_side_too)
{
    struct town t;

    town_open(&t, state);
    struct pair it = two(&t);
    ALLOWED(with(&t, "zhoulan", it.first, "gather", it.later));
    CHECK_INT(town_tick(&t), 1);
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("是同一件事，现在一起办")));
    CHECK(!town_may(&t, "zhoulan", it.later, "link"));
    CHECK(town_may(&t, "zhoulan", it.first, "release"));
    ALLOWED(with(&t, "zhoulan", it.first, "release", it.later));
    CHECK_INT(town_tick(&t), 1);
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("分开办了")));
    CHECK(town_may(&t, "zhoulan", it.later, "link"));
    CHECK(!town_may(&t, "zhoulan", it.first, "release"));
    ALLOWED(with(&t, "zhoulan", it.later, "link", it.first)); /* and once more */
    town_close(&t);
}

TEST(what_cannot_be_one_thing_is_not_linked)
{
    struct town t;

    town_open(&t, state);
    struct pair it = linked(&t);
    int64_t     third = report(&t, "wangfang", "道路损坏", "又一处");
    REFUSED(with(&t, "zhoulan", third, "link", third), RC_REFUSED,
            "1123-0003 就是这一件，请写另一件的编号。");
    REFUSED(with(&t, "zhoulan", third, "link", it.later), RC_REFUSED,
            "1123-0002 自己随另一件一起办，请并到那一件。");
    REFUSED(with(&t, "zhoulan", it.first, "link", third), RC_REFUSED,
            "1123-0001 还有后报的随它一起办，请先把它们分开。");
    REFUSED(with(&t, "zhoulan", it.first, "merge", third), RC_REFUSED,
            "1123-0001 还有后报的随它一起办，请先把它们分开。");
    REFUSED(with(&t, "zhoulan", third, "gather", it.later), RC_REFUSED,
            "1123-0002 已经随另一件一起办，请先把它分开。");
    REFUSED(with(&t, "zhoulan", it.first, "link", it.later), RC_REFUSED,
            "1123-0002 自己随另一件一起办，请并到那一件。"); /* no going round */
    REFUSED(town_move(&t, "zhoulan", third, "link", ",\"other\":\"1123-0099\""), RC_REFUSED,
            "没有编号是“1123-0099”的办件，或者不归您看。");
    REFUSED(town_move(&t, "zhoulan", third, "link", ",\"other\":\"井盖\""), RC_REFUSED,
            "没有编号是“井盖”的办件，或者不归您看。");
    REFUSED(town_move(&t, "zhoulan", third, "link", ""), RC_REFUSED,
            "请写是哪一件，写编号。");
    CHECK_INT(with(&t, "wangfang", third, "link", it.first).rc, RC_DENIED);
    ALLOWED(town_move(&t, "zhoulan", third, "start", ""));
    ALLOWED(town_finish(&t, "zhoulan", third));
    int64_t fourth = report(&t, "wangfang", "道路损坏", "再一处");
    REFUSED(with(&t, "zhoulan", fourth, "link", third), RC_REFUSED,
            "1123-0003 已经答复过了，请照它的答复办。");
    town_close(&t);
}

TEST(nobody_links_to_what_lies_outside_their_area)
{
    struct town t;

    town_open(&t, state);
    int64_t here = report(&t, "wangfang", "道路损坏", "垃圾没人清");
    int64_t there = report_at(&t, "wangfang", "道路损坏", "垃圾没人清", 32.0110, TOWN_NEXT);
    int64_t own = report_at(&t, "zhoulan", "道路损坏", "路过看到的", 32.0110, TOWN_NEXT);
    REFUSED(with(&t, "zhoulan", here, "link", there), RC_REFUSED,
            "没有编号是“1123-0002”的办件，或者不归您看。");
    REFUSED(with(&t, "zhoulan", here, "link", own), RC_DENIED,
            "1123-0003 不在您的辖区里。");
    REFUSED(with(&t, "zhoulan", here, "gather", own), RC_DENIED,
            "1123-0003 不在您的辖区里。");
    ALLOWED(with(&t, "wuqiang", here, "link", there)); /* the street has both */
    town_close(&t);
}

TEST(a_follower_goes_on_by_itself_when_the_first_is_withdrawn_or_it_is_not_solved)
{
    struct town t;

    town_open(&t, state);
    struct pair it = linked(&t);
    ALLOWED(town_move(&t, "wangfang", it.first, "withdraw", ""));
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_state(&t, it.later), STR("new"));
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("分开办了")));
    CHECK(town_may(&t, "zhoulan", it.later, "link"));

    it = linked(&t);
    ALLOWED(town_move(&t, "zhoulan", it.first, "start", ""));
    ALLOWED(town_finish(&t, "zhoulan", it.first));
    while (town_tick(&t))
        ;
    ALLOWED(town_move(&t, "zhaojianguo", it.later, "reopen", ",\"reason\":\"还在\""));
    CHECK_TEXT(town_state(&t, it.later), STR("handling"));
    CHECK_INT(
        town_count(&t, "SELECT first_id FROM cases WHERE id = %lld", (long long)it.later),
        0);
    CHECK(town_count(&t, "SELECT next_ms FROM cases WHERE id = %lld", (long long)it.later) >
          0);
    CHECK_TEXT(town_state(&t, it.first), STR("answered"));
    town_close(&t);
}

TEST(what_the_first_hears_before_the_follower_was_told_of_it_is_followed_too)
{
    struct town t;

    town_open(&t, state);
    struct pair it = two(&t);
    ALLOWED(with(&t, "zhoulan", it.first, "gather", it.later));
    ALLOWED(town_move(&t, "zhoulan", it.first, "start", ""));
    ALLOWED(town_finish(&t, "zhoulan", it.first));
    ALLOWED(town_ask(&t, "*", "case.recount", "{\"county\":%d}", TOWN_NUMBER));
    int rounds = 0;
    while (town_tick(&t))
        assert_true(rounds++ < 10); /* and then it rests */
    CHECK_TEXT(town_state(&t, it.later), STR("answered"));
    town_close(&t);
}

/* ------------------------------------------------------- merging, splitting */

TEST(a_merged_case_ends_and_its_reporter_hears_the_answer_until_it_is_undone)
{
    struct town t;

    town_open(&t, state);
    struct pair it = two(&t);
    ALLOWED(with(&t, "zhoulan", it.later, "merge", it.first));
    CHECK_TEXT(town_state(&t, it.later), STR("merged"));
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("已经并过去一起办")));
    CHECK_INT(met(&t, it.first), 1);
    CHECK_INT(town_look(&t, "zhoulan", it.first).links.n, 1);
    ALLOWED(town_move(&t, "zhoulan", it.first, "start", ""));
    CHECK(str_has(town_newest(&t, "zhaojianguo"), STR("您报的事并入了 1123-0001：")));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE id = %lld AND next_ms > 0",
                         (long long)it.later),
              0);

    REFUSED(with(&t, "zhoulan", it.first, "release", it.later), RC_REFUSED,
            "现在不能“让后报的分开办”：条件不满足。");
    ALLOWED(town_move(&t, "zhoulan", it.later, "unmerge", ",\"reason\":\"不是一处\""));
    CHECK_TEXT(town_state(&t, it.later), STR("accepted"));
    CHECK_INT(met(&t, it.first), 0);
    CHECK(town_count(&t, "SELECT next_ms FROM cases WHERE id = %lld", (long long)it.later) >
          0);
    town_close(&t);
}

TEST(a_report_of_two_things_becomes_two_cases_with_holder_clocks_and_history_each)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_move(&t, "zhoulan", id, "split",
                      ",\"category\":\"照明电路\",\"text\":\"楼道灯不亮。\""));
    int64_t made = town_count(&t, "SELECT max(id) FROM cases");
    CHECK(made != id);
    CHECK_INT(town_tick(&t), 1);
    struct case_whole it = town_look(&t, "zhoulan", made);
    CHECK_TEXT(it.card.title, STR("楼道灯不亮"));
    CHECK_TEXT(it.card.category, STR("照明电路"));
    CHECK_TEXT(it.card.state, STR("new"));
    CHECK(it.holder.title.len && it.card.due.at && it.timeline.n == 1);
    CHECK_INT(it.links.n, 1);
    CHECK_INT(town_look(&t, "zhoulan", id).links.n, 1);
    CHECK(str_has(town_newest(&t, "wangfang"),
                  STR("说了两件事，另一件单独登记为 1123-0002")));
    CHECK_TEXT(town_look(&t, "wangfang", made).reporter.name, STR("王芳"));
    CHECK(town_may(&t, "zhoulan", made, "link"));
    CHECK(town_count(&t, "SELECT count(*) FROM case_terms WHERE id = %lld",
                     (long long)made) > 0);
    REFUSED(town_move(&t, "zhoulan", id, "split",
                      ",\"category\":\"没有这一类\",\"text\":\"x\""),
            RC_INVALID, "类别里没有“没有这一类”这一项，请从列出的里面选。");
    town_later(&t, 10 * DAY);
    town_tick(&t);
    CHECK(town_look(&t, "hejing", made).card.supervised);
    town_close(&t);
}

TEST(who_is_deleted_has_met_nothing)
{
    struct town t;

    town_open(&t, state);
    int64_t id = report(&t, "wangfang", "道路损坏", "垃圾没人清");
    ALLOWED(me_too(&t, "zhaojianguo", id, "case.me_too"));
    ALLOWED(town_ask(&t, "zhaojianguo", "person.delete", "{\"confirm\":\"注销\"}"));
    town_tick(&t);
    CHECK_INT(met(&t, id), 0);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_family_of_categories_is_found_and_why_is_said),
        ON_BOTH(the_nearest_the_newest_and_the_most_alike_in_words_come_first),
        ON_SQLITE(one_word_does_not_tell_whether_somebody_wrote_it),
        ON_SQLITE(a_category_may_have_a_distance_of_its_own),
        ON_BOTH(staff_look_farther_and_are_told_which_it_is),
        ON_SQLITE(neighbours_are_shown_only_what_is_public),
        ON_BOTH(a_neighbour_who_met_it_too_hears_of_it_and_sees_nothing_of_it),
        ON_BOTH(me_too_is_refused_of_ones_own_of_what_is_over_and_of_what_is_not_public),
        ON_SQLITE(me_too_is_said_so_often_a_day_and_no_oftener),
        ON_BOTH(an_answer_to_the_first_reaches_all_and_each_rates_its_own),
        ON_BOTH(a_linked_cases_deadlines_run_on_and_fire_when_it_is_unlinked),
        ON_BOTH(both_are_linked_and_unlinked_from_the_first_ones_side_too),
        ON_BOTH(what_cannot_be_one_thing_is_not_linked),
        ON_BOTH(nobody_links_to_what_lies_outside_their_area),
        ON_BOTH(what_the_first_hears_before_the_follower_was_told_of_it_is_followed_too),
        ON_BOTH(
            a_follower_goes_on_by_itself_when_the_first_is_withdrawn_or_it_is_not_solved),
        ON_BOTH(a_merged_case_ends_and_its_reporter_hears_the_answer_until_it_is_undone),
        ON_BOTH(
            a_report_of_two_things_becomes_two_cases_with_holder_clocks_and_history_each),
        ON_BOTH(who_is_deleted_has_met_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
