/* What appointments refuse: by whom they are made, for what, when they change, who says
 * that somebody came, and whose number is read. */
#include "engine/appoint/appoint.h"

#include "town_cases.h"
#include "visits.h"

#include "base/json.h"

#define NEXT_WEEK "2026-11-30T09:10:00+08:00"
#define WANGFANG  "\"name\":\"王芳\",\"phone\":\"13712345520\",\"agreed\":\"phone\""
#define SELF      "{" VISIT_WINDOW ",\"starts\":\"" VISIT_TUESDAY "\",\"category\":\"高龄津贴\"}"

static struct asking moves_to(struct town *t, const char *login, int64_t id,
                              const char *starts)
{
    struct str more = str_fmt(&t->arena, ",\"starts\":\"%s\"", starts);

    return visit_change(t, login, "appoint.move", id, str_z(&t->arena, more));
}

static struct asking phones(struct town *t, const char *login, int64_t id)
{
    return visit_change(t, login, "appoint.phone", id, "");
}

static size_t looks_seen(struct town *t, const char *login)
{
    struct asking got = town_ask(t, login, "me.looks", "{}");

    ALLOWED(got);
    return town_items(t, &got);
}

/* ----------------------------------------------------------- by whom, for whom */

TEST(whoever_books_for_themselves_is_a_person_of_that_county)
{
    struct town  t;
    struct actor actor;

    visit_town(&t, state);
    actor = town_actor(&t, "wangfang");
    actor.kind = ACTOR_MACHINE;
    REFUSED(town_ask_as(&t, &actor, "appoint.book", STR(SELF)), RC_DENIED,
            "请用自己的账号预约。");
    actor = town_actor(&t, "wangfang");
    actor.county = 8;
    REFUSED(town_ask_as(&t, &actor, "appoint.book", STR(SELF)), RC_DENIED,
            "请到您所在区县的窗口预约。");
    REFUSED(visit_book_for(&t, "wangfang", VISIT_TUESDAY, "\"phone\":\"13797555520\""),
            RC_REFUSED, "自己约不用写电话和同意；替别人约请写姓名。");
    REFUSED(visit_book_for(&t, "wangfang", VISIT_TUESDAY, "\"agreed\":\"oral\""),
            RC_REFUSED, "自己约不用写电话和同意；替别人约请写姓名。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM appointments"), 0);
    town_close(&t);
}

TEST(of_whom_staff_book_for_it_is_known_who_they_are_and_who_agreed)
{
    static const struct {
        const char *who, *says;
    } wrong[] = {
        { "\"name\":\" \",\"phone\":\"13797555520\",\"agreed\":\"oral\"",
          "请写是替谁约的。" },
        { "\"name\":\"陈秀英\",\"phone\":\"1379755\",\"agreed\":\"oral\"",
          "还差 4 位，手机号是 11 位数字。" },
        { "\"name\":\"陈秀英\",\"phone\":\"13797555520\",\"agreed\":\"nod\"",
          "请写本人是怎样同意的：口头、书面、电话里，或者监护人同意。" },
        { "\"name\":\"陈秀英\",\"phone\":\"13797555520\",\"agreed\":\"guardian\"",
          "请写是哪位监护人、什么时候同意的。" },
        { "\"name\":\"陈秀英\",\"phone\":\"13797555520\",\"agreed\":\"guardian\",\"note\":"
          "\" \"",
          "请写是哪位监护人、什么时候同意的。" },
    };
    struct town t;

    visit_town(&t, state);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct asking got = visit_book_for(&t, "zhoulan", VISIT_TUESDAY, wrong[i].who);
        CHECK_TEXT(town_told(&got), str_of(wrong[i].says));
        CHECK_INT(got.rc, RC_INVALID);
    }
    ALLOWED(visit_book_for(&t, "zhoulan", VISIT_TUESDAY,
                           "\"name\":\"陈秀英\",\"phone\":\"13797555520\",\"agreed\":"
                           "\"guardian\",\"note\":\"儿子陈勇，今天电话里\""));
    town_close(&t);
}

TEST(staff_who_live_there_book_their_own_like_everybody)
{
    struct town t;

    visit_town(&t, state);
    ALLOWED(town_ask(&t, "*", "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"社区值守\",\"role\":\"desk\","
                     "\"area\":\"" TOWN_COMMUNITY "\"}",
                     (long long)town_account(&t, "wangfang")));
    REFUSED(visit_book_for(&t, "wangfang", VISIT_TUESDAY, WANGFANG), RC_REFUSED,
            "自己的事请自己约，不用代约。");
    town_close(&t);
}

/* ---------------------------------------------------------------- what for */

#define APPLY                                                                                    \
    "{\"scene\":\"service\",\"kind\":\"application\",\"fields\":{\"category\":"                  \
    "\"残疾证换领\","                                                                       \
    "\"whom\":\"我自己\",\"contact\":\"13712345520\",\"way\":\"我自己来领\",\"where\":{" \
    "\"lat\":32.0103,\"lng\":112.1201,\"area\":\"" TOWN_GRID "\"}}}"
#define FOR_CASE "{" VISIT_WINDOW ",\"starts\":\"" VISIT_TUESDAY "\",\"case_id\":\"%lld\"}"

TEST(a_case_is_of_the_windows_kind_and_still_open)
{
    struct town t;

    visit_town(&t, state);
    int64_t lamp = town_case(&t, "wangfang", "照明电路");
    REFUSED(town_ask(&t, "wangfang", "appoint.book", FOR_CASE, (long long)lamp), RC_REFUSED,
            "这个窗口不办这件事。");
    struct asking made = town_ask(&t, "wangfang", "case.open", APPLY);
    ALLOWED(made);
    int64_t id = town_id(&t, &made, "id");
    ALLOWED(town_move(&t, "wangfang", id, "withdraw", ""));
    REFUSED(town_ask(&t, "wangfang", "appoint.book", FOR_CASE, (long long)id), RC_REFUSED,
            "这件事已经办结，不用再约。");
    town_close(&t);
}

/* ------------------------------------------------------------ when it changes */

TEST(what_is_over_or_gone_by_does_not_change_any_more)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY),
            gone = visit_booked(&t, "wangfang", VISIT_LATER);
    REFUSED(moves_to(&t, "wangfang", id, VISIT_TUESDAY), RC_REFUSED, "约的就是这个时间。");
    ALLOWED(visit_change(&t, "wangfang", "appoint.cancel", gone, ""));
    REFUSED(moves_to(&t, "wangfang", gone, VISIT_LATER), RC_REFUSED,
            "这个预约已经过去了，不能再改。");
    town_clock(&t, VISIT_TUESDAY);
    REFUSED(moves_to(&t, "dengli", id, VISIT_LATER), RC_REFUSED,
            "约的时间已经到了，不能再改。");
    REFUSED(visit_change(&t, "dengli", "appoint.cancel", id, ",\"reason\":\"停电\""),
            RC_REFUSED, "约的时间已经到了，不能再改。");
    CHECK_TEXT(visit_seen(&t, "dengli", id, "may_change"), STR("false"));
    town_close(&t);
}

/* ---------------------------------------------------------------- who came */

TEST(who_works_at_one_window_says_nothing_of_their_own_visit_to_another)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "mali", VISIT_TUESDAY);
    town_clock(&t, VISIT_LATER);
    CHECK_TEXT(visit_seen(&t, "mali", id, "may_mark"), STR("false"));
    REFUSED(visit_mark(&t, "mali", id, true), RC_DENIED, "由窗口的人来记。");
    REFUSED(phones(&t, "mali", id), RC_DENIED, "这个窗口不归您管。");
    CHECK_TEXT(visit_seen(&t, "dengli", id, "may_mark"), STR("true"));
    town_close(&t);
}

TEST(who_came_is_said_of_a_seat_and_within_a_week)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY),
            gone = visit_booked(&t, "wangfang", VISIT_LATER);
    ALLOWED(visit_change(&t, "wangfang", "appoint.cancel", gone, ""));
    town_clock(&t, VISIT_LATER);
    REFUSED(visit_mark(&t, "dengli", gone, false), RC_REFUSED,
            "这个预约没有占号，不用记。");
    town_clock(&t, "2026-12-01T09:05:00+08:00");
    ALLOWED(visit_mark(&t, "dengli", id, true));
    town_clock(&t, "2026-12-01T09:11:00+08:00");
    REFUSED(visit_mark(&t, "dengli", id, false), RC_REFUSED, "过了 7 天，不能再记。");
    town_close(&t);
}

/* --------------------------------------------------------------- their number */

TEST(a_number_that_was_told_is_looked_at_like_one_that_is_registered)
{
    struct town t;

    visit_town(&t, state);
    struct asking got = visit_book_for(&t, "zhoulan", VISIT_TUESDAY, WANGFANG);
    ALLOWED(got);
    int64_t id = town_id(&t, &got, "id");
    got = phones(&t, "dengli", id);
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "phone"), STR("13712345520"));
    CHECK_INT(looks_seen(&t, "wangfang"), 1);
    town_close(&t);
}

TEST(of_who_is_shielded_neither_name_nor_number_is_read_at_the_window)
{
    struct town t;

    visit_town(&t, state);
    int64_t       own = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    struct asking got = visit_book_for(&t, "zhoulan", VISIT_LATER, WANGFANG);
    ALLOWED(got);
    int64_t told = town_id(&t, &got, "id");
    (void)town_count(&t, "UPDATE people SET shielded = 1 WHERE name = '王芳'");
    REFUSED(phones(&t, "dengli", own), RC_DENIED, "受保护人员的电话在这里看不到。");
    REFUSED(phones(&t, "dengli", told), RC_DENIED, "受保护人员的电话在这里看不到。");
    CHECK_TEXT(visit_seen(&t, "dengli", told, "name"), STR("受保护人员"));
    CHECK_TEXT(visit_seen(&t, "dengli", told, "phone"), STR_NONE);
    CHECK_TEXT(visit_seen(&t, "wangfang", told, "name"), STR("王芳"));
    CHECK_INT(looks_seen(&t, "wangfang"), 0);
    town_close(&t);
}

#define ALL_OF_A_DAY                                                                       \
    "INSERT INTO looks (county, id, account, person, kind, who, fields, tie, tie_id,"      \
    " reason, costs) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"       \
    " WHERE i < %d) SELECT county, id + i, account, person, kind, who, fields, tie,"       \
    " tie_id, reason, costs FROM looks, n"

TEST(beyond_the_days_looks_a_number_is_not_given)
{
    struct town t;

    visit_town(&t, state);
    int64_t       one = visit_booked(&t, "zhaojianguo", NEXT_WEEK);
    int64_t       other = visit_booked(&t, "wangfang", NEXT_WEEK);
    struct asking got = phones(&t, "dengli", one);
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "phone"), STR("13800138000"));
    (void)town_count(&t, ALL_OF_A_DAY, LOOKS_DESK);
    got = phones(&t, "dengli", other);
    CHECK(str_has(town_told(&got), STR("您今天已经看了 100 位手上没有事的居民")));
    CHECK(!str_has(town_answer(&got), STR("13712345520")));
    CHECK_INT(looks_seen(&t, "wangfang"), 0);
    town_close(&t);
}

TEST(who_left_no_number_has_none)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "mali", VISIT_TUESDAY); /* no resident's account */
    REFUSED(phones(&t, "dengli", id), RC_GONE, "没有留电话。");
    town_close(&t);
}

/* --------------------------------------------------------------------- ties */

static enum rc opens(struct town *t, const char *login)
{
    return town_look_up(t, login, town_person(t, "王芳"), "").rc;
}

TEST(a_visit_ties_its_window_to_who_comes_from_the_day_before_on)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", "2026-11-26T09:10:00+08:00");
    CHECK_INT(opens(&t, "dengli"), RC_REFUSED);
    town_clock(&t, "2026-11-25T09:00:00+08:00");
    CHECK_INT(opens(&t, "dengli"), RC_OK);
    CHECK_INT(opens(&t, "liumin"), RC_REFUSED); /* keeps no window */
    ALLOWED(visit_change(&t, "wangfang", "appoint.cancel", id, ""));
    CHECK_INT(opens(&t, "dengli"), RC_REFUSED);
    town_close(&t);
}

/* ------------------------------------------------------------------ closing */

TEST(a_window_is_not_closed_for_a_time_that_is_over)
{
    struct town t;

    visit_town(&t, state);
    REFUSED(town_ask(&t, "dengli", "window.close",
                     "{" VISIT_WINDOW ",\"from\":\"2026-11-20T09:00:00+08:00\",\"until\":"
                     "\"2026-11-20T10:00:00+08:00\",\"reason\":\"停电\"}"),
            RC_INVALID, "这段时间已经过去了。");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(whoever_books_for_themselves_is_a_person_of_that_county),
        ON_BOTH(of_whom_staff_book_for_it_is_known_who_they_are_and_who_agreed),
        ON_BOTH(staff_who_live_there_book_their_own_like_everybody),
        ON_BOTH(a_case_is_of_the_windows_kind_and_still_open),
        ON_BOTH(what_is_over_or_gone_by_does_not_change_any_more),
        ON_BOTH(who_works_at_one_window_says_nothing_of_their_own_visit_to_another),
        ON_BOTH(who_came_is_said_of_a_seat_and_within_a_week),
        ON_BOTH(a_number_that_was_told_is_looked_at_like_one_that_is_registered),
        ON_BOTH(of_who_is_shielded_neither_name_nor_number_is_read_at_the_window),
        ON_BOTH(beyond_the_days_looks_a_number_is_not_given),
        ON_BOTH(who_left_no_number_has_none),
        ON_BOTH(a_visit_ties_its_window_to_who_comes_from_the_day_before_on),
        ON_BOTH(a_window_is_not_closed_for_a_time_that_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
