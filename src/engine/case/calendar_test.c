/* Calendars: what counts of a span, by the files that linli comes with and by others. */
#include "test.h"

#include "base/clock.h"
#include "engine/case/calendar.h"
#include "engine/case/case.h"
#include "files.h"
#include "rule/rule.h"
#include "scene/scene_print.h"

enum { HOUR = 3600 * 1000, MINUTE = 60 * 1000 };

static struct arena    arena;
static struct problems problems;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    problems_init(&problems, &arena);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct calendar china(void)
{
    struct calendar calendar;
    struct str      text = test_file(&arena, STR("data/calendars/cn-2026.yaml"));

    CHECK_INT(calendar_read(&arena, STR("cn-2026.yaml"), text, &problems, &calendar),
              RC_OK);
    return calendar;
}

static int64_t at(const char *text) /* "2026-09-30 16:00" */
{
    struct str_cut cut = str_cut(str_of(text), ' ');
    int64_t        ms;

    struct str iso =
        str_fmt(&arena, "%.*sT%.*s+08:00", STR_ARG(cut.head), STR_ARG(cut.tail));
    assert_true(clock_parse(iso, &ms));
    return ms;
}

static struct str text_of(int64_t ms)
{
    struct str iso = clock_iso(&arena, ms);

    return str_fmt(&arena, "%.*s %.*s", 10, iso.at, 5, iso.at + 11);
}

static struct str ends(const struct calendar *calendar, const char *from, const char *span)
{
    struct span read;

    assert_true(scene_span(&arena, str_of(span), &read));
    return text_of(calendar_end(calendar, at(from), read));
}

/* ------------------------------------------------------- 2026 in China */

/* 国办发明电〔2025〕7 号, of 4 November 2025: 33 days off, 6 made up. */
TEST(the_holidays_of_2026_are_those_of_the_notice)
{
    static const struct {
        const char *first, *last;
    } off[] = { { "2026-01-01", "2026-01-03" }, { "2026-02-15", "2026-02-23" },
                { "2026-04-04", "2026-04-06" }, { "2026-05-01", "2026-05-05" },
                { "2026-06-19", "2026-06-21" }, { "2026-09-25", "2026-09-27" },
                { "2026-10-01", "2026-10-07" } };
    static const char *const worked[] = { "2026-01-04", "2026-02-14", "2026-02-28",
                                          "2026-05-09", "2026-09-20", "2026-10-10" };
    struct calendar          calendar = china();
    size_t                   days = 0;
    int64_t                  first, last;

    for (size_t i = 0; i < COUNT(off); i++) {
        assert_true(rule_read_date(str_of(off[i].first), &first));
        assert_true(rule_read_date(str_of(off[i].last), &last));
        for (int64_t day = first; day <= last; day++, days++)
            CHECK(!calendar_day(&calendar, day).works);
    }
    for (size_t i = 0; i < COUNT(worked); i++) {
        assert_true(rule_read_date(str_of(worked[i]), &first));
        CHECK(calendar_day(&calendar, first).works);
        CHECK_INT(calendar_day(&calendar, first).offices.n, 2); /* as a Monday */
    }
    CHECK_INT(days, 33);
    CHECK_INT(calendar.days.n, days + COUNT(worked));
}

TEST(working_days_over_the_national_day_count_neither_it_nor_its_weekend)
{
    struct calendar calendar = china();

    CHECK_TEXT(ends(&calendar, "2026-09-30 16:00", "3 working days"),
               STR("2026-10-10 16:00"));
    CHECK_TEXT(ends(&calendar, "2026-02-13 16:00", "2 working days"),
               STR("2026-02-24 16:00"));
}

TEST(what_comes_in_on_a_day_off_counts_from_when_offices_open)
{
    struct calendar calendar = china();

    CHECK_TEXT(ends(&calendar, "2026-10-03 20:00", "1 working days"),
               STR("2026-10-09 08:30"));
    CHECK_TEXT(ends(&calendar, "2026-10-03 20:00", "1 working hours"),
               STR("2026-10-08 09:30"));
}

/* Zammad and Frappe helpdesk #2212: hours that nobody works ran on over noon. */
TEST(the_clock_of_working_time_stands_over_lunch)
{
    struct calendar calendar = china();

    CHECK_TEXT(ends(&calendar, "2026-11-23 11:00", "2 working hours"),
               STR("2026-11-23 15:00"));
    CHECK_TEXT(ends(&calendar, "2026-11-23 12:30", "1 working hours"),
               STR("2026-11-23 15:00"));
    CHECK_TEXT(ends(&calendar, "2026-11-23 11:00", "1 working hours"),
               STR("2026-11-23 12:00")); /* not 14:00 */
    CHECK_TEXT(ends(&calendar, "2026-11-23 11:00", "2 h"), STR("2026-11-23 13:00"));
}

TEST(the_warning_comes_at_eighty_percent_of_the_time_that_offices_are_open)
{
    struct calendar calendar = china();
    int64_t         from = at("2026-11-27 15:00"); /* Friday */
    int64_t to = calendar_end(&calendar, from, (struct span){ SPAN_WORKING, 5 * HOUR });

    CHECK_TEXT(text_of(to), STR("2026-11-30 11:00"));
    CHECK_TEXT(text_of(calendar_share(&calendar, from, to, SPAN_WORKING, 80)),
               STR("2026-11-30 10:00"));
    to = calendar_end(&calendar, from, (struct span){ SPAN_WORKING_DAYS, 2 });
    CHECK_TEXT(text_of(to), STR("2026-12-01 15:00"));
    CHECK_TEXT(text_of(calendar_share(&calendar, from, to, SPAN_WORKING_DAYS, 80)),
               STR("2026-12-01 10:12")); /* of 14 h at work */
    CHECK_TEXT(text_of(calendar_share(NULL, from, from + 10 * HOUR, SPAN_REAL, 80)),
               STR("2026-11-27 23:00"));
}

/* Forward, between and back are one measure, from whatever moment. */
TEST(what_counts_between_two_moments_is_what_leads_from_one_to_the_other)
{
    static const enum span_kind kinds[] = { SPAN_REAL, SPAN_WORKING, SPAN_WORKING_DAYS };
    struct calendar             calendar = china();
    int64_t                     from = at("2026-01-01 00:00");

    for (int64_t step = 0; step < 900; step++, from += 9 * HOUR + 17 * MINUTE)
        for (size_t k = 0; k < COUNT(kinds); k++) {
            int64_t amount =
                kinds[k] == SPAN_WORKING_DAYS ? 1 + step % 9 : (1 + step % 40) * HOUR;
            int64_t     begin = calendar_begin(&calendar, from, kinds[k]);
            struct span span = { kinds[k], amount };
            int64_t     end = calendar_end(&calendar, from, span);
            int64_t counts = kinds[k] == SPAN_WORKING_DAYS ? amount * 24 * HOUR : amount;
            CHECK_INT(calendar_between(&calendar, begin, end, kinds[k]), counts);
            int64_t back = calendar_back(&calendar, end, counts, kinds[k]);
            CHECK(back >= begin);
            CHECK_INT(calendar_between(&calendar, back, end, kinds[k]), counts);
        }
}

/* --------------------------------------------------------------- files */

#define HEAD                                                                               \
    "calendar: a\ntitle: 甲\nsource: 示例，待核定\nfirst: 2026-01-01\nlast: 2026-12-31\n"
#define WEEK "week: {mon: [8:30-12:00, 14:00-17:30], tue: [9:00-12:00]}\n"

static struct str mistake(const char *text)
{
    struct calendar calendar;
    struct problems told;

    problems_init(&told, &arena);
    CHECK_INT(calendar_read(&arena, STR("a.yaml"), str_of(text), &told, &calendar),
              RC_INVALID);
    return str_fmt(&arena, "%lld:%lld: %.*s", (long long)told.first->line,
                   (long long)told.first->column, STR_ARG(told.first->says));
}

static struct calendar reads(const char *text)
{
    struct calendar calendar;

    CHECK_INT(calendar_read(&arena, STR("a.yaml"), str_of(text), &problems, &calendar),
              RC_OK);
    return calendar;
}

TEST(a_calendar_may_be_written_wholly_in_chinese_words)
{
    struct calendar calendar = reads(
        "日历: 甲\n标题: 甲\n来源: 示例，待核定\n第一天: 2026-01-01\n最后一天: "
        "2026-12-31\n每周:\n  周一: [8:30-12:00]\n日子:\n  - {日: 2026-01-04, 上班: 是, "
        "标题: 补班}\n  - {日: 2026-01-05, 标题: 休息}\n");

    CHECK_TEXT(ends(&calendar, "2026-01-03 10:00", "1 working hours"),
               STR("2026-01-04 09:30"));
    CHECK_TEXT(ends(&calendar, "2026-01-05 08:00", "1 working hours"),
               STR("2026-01-12 09:30"));
}

/* Summer hours: other hours on days that are worked anyway. */
TEST(hours_of_some_weeks_change_no_day_off)
{
    struct calendar calendar = reads(
        HEAD WEEK "days:\n  - {day: 2026-07-01, to: 2026-08-31, hours: [9:00-10:00]}\n");

    CHECK_TEXT(ends(&calendar, "2026-07-06 08:00", "1 working hours"),
               STR("2026-07-06 10:00")); /* a Monday */
    CHECK_TEXT(ends(&calendar, "2026-07-08 08:00", "1 working hours"),
               STR("2026-07-13 10:00")); /* Wednesday is off */
}

/* Ten years of Mondays: the longest that a scene may say, where least is open. */
TEST(the_longest_span_is_counted_whole_though_one_hour_a_week_is_open)
{
    struct calendar calendar = reads(HEAD "week: {mon: [9:00-10:00]}\n");
    int64_t         from = at("2026-01-05 09:00");
    struct span     hours = { SPAN_WORKING, SPAN_WORKING_DAYS_MAX * HOUR },
                days = { SPAN_WORKING_DAYS, SPAN_WORKING_DAYS_MAX };

    CHECK_INT(calendar_between(&calendar, from, calendar_end(&calendar, from, hours),
                               SPAN_WORKING),
              SPAN_WORKING_DAYS_MAX * HOUR);
    CHECK_INT(calendar_between(&calendar, from, calendar_end(&calendar, from, days),
                               SPAN_WORKING_DAYS),
              SPAN_WORKING_DAYS_MAX * INT64_C(24) * HOUR);
}

TEST(what_a_calendar_cannot_say_is_told_with_its_place)
{
    CHECK_TEXT(mistake("calendar: a\n"), STR("1:1: 日历里少了“title”（标题）。"));
    CHECK_TEXT(
        mistake(HEAD "week: {mon: [12:00-8:30]}\n"),
        STR("6:13: 时段要写成 [8:30-12:00, 14:00-17:30]：从早到晚，不重叠，最多 4 段。"));
    CHECK(str_has(mistake(HEAD "week: {mon: [8:30-12:00, 11:00-13:00]}\n"), STR("不重叠")));
    CHECK(str_has(mistake(HEAD "week: {mon: [8:30-25:00]}\n"), STR("时段要写成")));
    CHECK(str_has(mistake(HEAD "week: {mon: []}\n"), STR("至少要有一天办公")));
    CHECK(
        str_has(mistake(HEAD "week: {monday: [8:30-12:00]}\n"), STR("没有“monday”这一项")));
    CHECK(str_has(mistake(HEAD WEEK "days: [{day: 2026-02-30}]\n"), STR("这里要写一天")));
    CHECK(str_has(mistake(HEAD WEEK "days: [{title: 节}]\n"), STR("每一条要写 day")));
    CHECK(str_has(mistake(HEAD WEEK "days: [{day: 2027-01-01}]\n"), STR("第一天")));
    CHECK(
        str_has(mistake(HEAD WEEK "days: [{day: 2026-02-03, works: 行}]\n"), STR("true")));
    CHECK(str_has(mistake(HEAD WEEK "days: {day: 2026-02-03}\n"), STR("应当是一个列表")));
}

/* ------------------------------------------------------------- reckoning */

TEST(a_deadline_is_explained_day_by_day)
{
    struct str            says;
    struct case_reckoning asked = {
        .file = STR("cn-2026.yaml"),
        .calendar = test_file(&arena, STR("data/calendars/cn-2026.yaml")),
        .from_ms = at("2026-12-31 16:00"),
        .span = { SPAN_WORKING, 2 * HOUR },
    };

    CHECK_INT(case_reckon(&arena, &asked, &problems, &says), RC_OK);
    CHECK(str_has(says, STR("2026-12-31 周四 上班 8:30-12:00 14:00-17:30：1 小时 30 分")));
    CHECK(str_has(says, STR("2027-01-01 周五 上班 8:30-12:00 14:00-17:30：30 "
                            "分（这本日历没有说到这一天，只看周几）")));
    CHECK(str_has(says, STR("到期 2027-01-01 周五 9:00；用掉 80% 时提醒：2027-01-01 周五 "
                            "8:36")));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(the_holidays_of_2026_are_those_of_the_notice),
        WITH(working_days_over_the_national_day_count_neither_it_nor_its_weekend),
        WITH(what_comes_in_on_a_day_off_counts_from_when_offices_open),
        WITH(the_clock_of_working_time_stands_over_lunch),
        WITH(the_warning_comes_at_eighty_percent_of_the_time_that_offices_are_open),
        WITH(what_counts_between_two_moments_is_what_leads_from_one_to_the_other),
        WITH(a_calendar_may_be_written_wholly_in_chinese_words),
        WITH(hours_of_some_weeks_change_no_day_off),
        WITH(the_longest_span_is_counted_whole_though_one_hour_a_week_is_open),
        WITH(what_a_calendar_cannot_say_is_told_with_its_place),
        WITH(a_deadline_is_explained_day_by_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
