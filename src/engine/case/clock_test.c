/* Deadlines: real and working time, warning, overdue, pauses. */
#include "town_cases.h"

#include "base/clock.h"
#include "engine/case/case_store.h"
#include "engine/case/clock.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };
#define DAY (INT64_C(24) * HOUR)

/* ------------------------------------------------------------- the calendar */

static struct str ends(struct town *t, const char *from, struct span span)
{
    struct calendar calendar;

    (void)town_account(t, "mali");
    t->op.county = TOWN_NUMBER;
    CHECK_INT(calendar_find(&t->op, town_at(from), &calendar), RC_OK);
    int64_t end = calendar_end(&calendar, town_at(from), span);
    return str_slice(clock_iso(&t->arena, end).at, sizeof "2026-11-23T09:00" - 1);
}

static struct span hours(int64_t n)
{
    return (struct span){ SPAN_WORKING, n * HOUR };
}

static struct span days(int64_t n)
{
    return (struct span){ SPAN_WORKING_DAYS, n };
}

static void given_day(struct town *t, const char *day, int works)
{
    (void)town_count(t,
                     "INSERT INTO calendar_days (county, day, works, title)"
                     " VALUES (%d, '%s', %d, '节')",
                     TOWN_NUMBER, day, works);
}

TEST(real_time_runs_through_nights_and_weekends)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(ends(&t, "2026-11-27T23:00:00+08:00", (struct span){ SPAN_REAL, 2 * HOUR }),
               STR("2026-11-28T01:00"));
    town_close(&t);
}

TEST(working_days_leave_out_weekends_and_holidays_and_count_made_up_days)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(ends(&t, "2026-11-23T09:00:00+08:00", days(3)), STR("2026-11-26T09:00"));
    CHECK_TEXT(ends(&t, "2026-11-26T09:00:00+08:00", days(3)), STR("2026-12-01T09:00"));
    CHECK_TEXT(ends(&t, "2026-11-28T15:00:00+08:00", days(1)), STR("2026-12-01T08:30"));
    given_day(&t, "2026-11-24", 0); /* a holiday in the week */
    given_day(&t, "2026-11-28", 1); /* worked on a Saturday for it */
    CHECK_TEXT(ends(&t, "2026-11-23T09:00:00+08:00", days(1)), STR("2026-11-25T09:00"));
    CHECK_TEXT(ends(&t, "2026-11-27T09:00:00+08:00", days(1)), STR("2026-11-28T09:00"));
    CHECK_TEXT(ends(&t, "2026-11-27T09:00:00+08:00", days(2)), STR("2026-11-30T09:00"));
    town_close(&t);
}

TEST(working_time_runs_only_while_offices_are_open)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(ends(&t, "2026-11-23T09:00:00+08:00", hours(4)), STR("2026-11-23T13:00"));
    CHECK_TEXT(ends(&t, "2026-11-23T16:30:00+08:00", hours(4)), STR("2026-11-24T11:30"));
    CHECK_TEXT(ends(&t, "2026-11-23T05:00:00+08:00", hours(1)), STR("2026-11-23T09:30"));
    CHECK_TEXT(ends(&t, "2026-11-27T17:00:00+08:00", hours(1)), STR("2026-11-30T09:00"));
    CHECK_TEXT(ends(&t, "2026-11-23T08:30:00+08:00", hours(9)), STR("2026-11-23T17:30"));
    CHECK_TEXT(ends(&t, "2026-11-28T12:00:00+08:00", hours(1)), STR("2026-11-30T09:30"));
    given_day(&t, "2026-11-30", 0);
    CHECK_TEXT(ends(&t, "2026-11-27T17:00:00+08:00", hours(1)), STR("2026-12-01T09:00"));
    town_close(&t);
}

/* --------------------------------------------------------- warning and late */

TEST(the_holder_is_warned_once_at_eighty_percent)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化"); /* to be accepted within 2 h */
    town_later(&t, 95 * MINUTE);
    CHECK_INT(town_tick(&t), 0);
    town_later(&t, 2 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_newest(&t, "zhoulan"),
               STR("受理时限快到了。请在 11 月 23 日 11:00 前受理。"));
    CHECK_INT(town_messages(&t, "zhoulan"), 2);
    CHECK_INT(town_tick(&t), 0);
    CHECK_INT(town_messages(&t, "zhoulan"), 2);
    CHECK_INT(town_version(&t, id), 2);
    CHECK(!town_look(&t, "wangfang", id).card.supervised);
    town_close(&t);
}

TEST(what_is_late_is_supervised_and_goes_up_with_a_new_deadline)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    town_later(&t, 97 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    town_later(&t, 24 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    struct case_whole it = town_look(&t, "wangfang", id);
    CHECK(it.card.supervised);
    CHECK_TEXT(it.holder.title, STR("街道值守 吴强"));
    CHECK_TEXT(it.card.due.state, STR("soon"));
    CHECK_TEXT(it.card.promise, STR("正在督办，街道值守 吴强待派，今天 13:01 前受理。"));
    CHECK_TEXT(town_newest(&t, "wuqiang"),
               STR("社区值守周岚没能按时办好，上报到您这里，请接手。请在 11 月 23 日 13:01 "
                   "前受理。"));
    CHECK_TEXT(town_newest(&t, "zhoulan"), STR("受理超时了。已上报给街道值守吴强。"));
    CHECK_TEXT(town_newest(&t, "sunli"),
               STR("受理超时了。由社区值守周岚负责，已督办，请您过问。"));
    const struct shown_step *steps = it.timeline.at;
    CHECK_INT(it.timeline.n, 3);
    CHECK(steps[0].late && !steps[1].late);
    size_t told = town_messages(&t, "wuqiang");
    town_later(&t, HOUR);
    CHECK_INT(town_tick(&t), 0);
    CHECK_INT(town_messages(&t, "wuqiang"), told);
    town_close(&t);
}

/* The timer asks by id; two may ask for the same case, or ask too early. */
TEST(a_clock_asked_twice_or_too_early_does_nothing)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    for (int i = 0; i < 2; i++)
        ALLOWED(town_ask(&t, "*", "case.clock", "{\"id\":\"%lld\"}", (long long)id));
    CHECK_INT(town_version(&t, id), 1);
    town_later(&t, 3 * HOUR);
    for (int i = 0; i < 3; i++)
        ALLOWED(town_ask(&t, "*", "case.clock", "{\"id\":\"%lld\"}", (long long)id));
    CHECK_INT(town_version(&t, id), 2);
    CHECK_INT(town_count(&t,
                         "SELECT count(*) FROM journal WHERE subject = %lld"
                         " AND act = 'case.clock' AND before <> after",
                         (long long)id),
              1);
    CHECK_INT(town_ask(&t, "hejing", "case.clock", "{\"id\":\"%lld\"}", (long long)id).rc,
              RC_DENIED);
    town_close(&t);
}

TEST(a_stop_of_a_month_loses_no_deadline)
{
    struct town t;
    int64_t     ids[3];

    town_open(&t, state);
    for (size_t i = 0; i < 3; i++)
        ids[i] = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", ids[1], "accept", ""));
    ALLOWED(town_send(&t, "zhoulan", ids[1], "liumin"));
    ALLOWED(town_move(&t, "wangfang", ids[2], "withdraw", ""));
    town_later(&t, 31 * DAY);
    town_restart(&t);
    CHECK_INT(town_tick(&t), 2);
    CHECK_INT(town_tick(&t), 0);
    for (size_t i = 0; i < 2; i++) {
        CHECK(town_look(&t, "hejing", ids[i]).card.supervised);
        CHECK_TEXT(town_look(&t, "hejing", ids[i]).holder.title, STR("街道值守 吴强"));
    }
    CHECK_TEXT(town_state(&t, ids[2]), STR("withdrawn"));
    struct asking shown =
        town_ask(&t, "hejing", "case.show", "{\"id\":\"%lld\"}", (long long)ids[0]);
    CHECK(str_has(town_answer(&shown), STR("受理、办结超时了。"))); /* each is told */
    town_close(&t);
}

/* Two hours at each level, of which the last is the county's centre. */
TEST(what_is_late_at_each_level_goes_up_again_until_the_top)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    town_later(&t, 2 * HOUR + MINUTE);
    CHECK_INT(town_tick(&t), 1);
    town_later(&t, 97 * MINUTE);
    CHECK_INT(town_tick(&t), 1); /* the street is warned, too */
    CHECK_TEXT(town_newest(&t, "wuqiang"),
               STR("受理时限快到了。请在 11 月 23 日 13:01 前受理。"));
    town_later(&t, 24 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_look(&t, "wangfang", id).holder.title, STR("区指挥中心 何静"));
    CHECK_TEXT(town_newest(&t, "wuqiang"), STR("受理又超时了。已上报给区指挥中心何静。"));
    town_later(&t, 2 * HOUR + MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_look(&t, "wangfang", id).card.due.state, STR("late"));
    CHECK_TEXT(town_look(&t, "wangfang", id).holder.title, STR("区指挥中心 何静"));
    town_later(&t, 5 * HOUR);
    CHECK_INT(town_tick(&t), 0); /* nobody is above */
    int64_t version = town_version(&t, id);
    ALLOWED(town_ask(&t, "*", "case.clock", "{\"id\":\"%lld\"}", (long long)id));
    CHECK_INT(town_version(&t, id), version);
    town_close(&t);
}

TEST(at_the_top_it_stays_and_is_supervised)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "escalate", ",\"reason\":\"一\""));
    ALLOWED(town_move(&t, "wuqiang", id, "escalate", ",\"reason\":\"二\""));
    town_later(&t, 10 * DAY);
    CHECK_INT(town_tick(&t), 1);
    struct case_whole it = town_look(&t, "hejing", id);
    CHECK(it.card.supervised);
    CHECK_TEXT(it.holder.title, STR("区指挥中心 何静"));
    CHECK_INT(town_tick(&t), 0);
    town_close(&t);
}

TEST(what_is_urgent_has_less_time)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = town_report(&t, "wangfang",
                      "{\"category\":\"井盖缺失\",\"urgent\":true,\"what\":\"井盖没了\","
                      "\"where\":{\"words\":\"门口\",\"area\":\"" TOWN_GRID "\"}}");
    int64_t id = town_id(&t, &got, "id");
    CHECK(town_look(&t, "wangfang", id).card.urgent);
    CHECK_INT(town_count(&t, "SELECT due_ms - opened_ms FROM cases WHERE id = %lld",
                         (long long)id),
              15 * MINUTE);
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    CHECK_INT(town_count(&t, "SELECT due_ms - opened_ms FROM cases WHERE id = %lld",
                         (long long)id),
              4 * HOUR);
    town_close(&t);
}

/* ------------------------------------------------------------------ pauses */

static int64_t paused_case(struct town *t)
{
    int64_t id = town_case(t, "wangfang", "树木绿化");

    ALLOWED(town_move(t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    ALLOWED(town_move(t, "liumin", id, "suspend", ",\"reason\":\"等待材料\""));
    ALLOWED(town_move(t, "sunli", id, "allow", ""));
    return id;
}

TEST(a_pause_stops_the_clock_and_moves_its_end_by_as_long_as_it_lasted)
{
    struct town t;

    town_open(&t, state);
    int64_t           id = paused_case(&t);
    int64_t           due = town_look(&t, "wangfang", id).card.due.at;
    struct case_whole it = town_look(&t, "wangfang", id);
    CHECK_TEXT(it.card.due.state, STR("hold"));
    CHECK_TEXT(it.pause_reason, STR("等待材料"));
    CHECK_TEXT(it.card.promise, STR("暂停计时：等待材料。"));
    town_later(&t, 14 * DAY);
    CHECK_INT(town_tick(&t), 0);
    ALLOWED(town_move(&t, "liumin", id, "resume", ""));
    it = town_look(&t, "wangfang", id);
    CHECK(it.card.due.at - due >= 14 * DAY && it.card.due.at - due < 14 * DAY + MINUTE);
    CHECK_TEXT(it.card.due.state, STR("far"));
    CHECK(!it.pause_reason.at);
    CHECK_INT(town_tick(&t), 0); /* 80 % of the time that ran, not of the time that stood */
    town_close(&t);
}

TEST(a_pause_over_a_weekend_gives_back_the_working_days_that_were_left)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(&t, "update:  {limit: 2 working days, urgent: 2 h}", "");
    town_clock(&t, "2026-11-26T16:00:00+08:00"); /* Thursday: due on Tuesday at 16:00 */
    int64_t id = paused_case(&t);
    town_clock(&t, "2026-11-30T16:30:30+08:00"); /* Monday, four days later */
    ALLOWED(town_move(&t, "liumin", id, "resume", ""));
    struct str due = clock_iso(&t.arena, town_look(&t, "wangfang", id).card.due.at);
    CHECK(str_starts(due, STR("2026-12-03T16:30"))); /* three working days were left */
    town_close(&t);
}

/* An hour of 2 had run when it was paused: 36 minutes later 80 % have. */
TEST(a_warning_counts_the_time_that_ran)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(&t, "resolve: {limit: 3 working days, urgent: 4 h,",
                    "resolve: {limit: 2 h, urgent: 1 h,");
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    town_later(&t, HOUR);
    ALLOWED(town_move(&t, "liumin", id, "suspend", ",\"reason\":\"天气原因\""));
    ALLOWED(town_move(&t, "sunli", id, "allow", ""));
    town_later(&t, 20 * HOUR);
    ALLOWED(town_move(&t, "liumin", id, "resume", ""));
    CHECK_INT(town_tick(&t), 0);
    town_later(&t, 35 * MINUTE);
    CHECK_INT(town_tick(&t), 0);
    town_later(&t, 2 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_newest(&t, "liumin"),
               STR("办结时限快到了。请在 11 月 24 日 7:00 前办好。"));
    town_close(&t);
}

static struct list reasons_for(struct town *t, const char *move, int64_t id)
{
    struct case_whole        it = town_look(t, "liumin", id);
    const struct shown_move *moves = it.moves.at;

    for (size_t i = 0; i < it.moves.n; i++)
        if (str_eq(moves[i].name, str_of(move)))
            return moves[i].reasons;
    return (struct list){ NULL, 99 };
}

TEST(a_clock_stands_only_for_reasons_that_the_scene_names)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    struct list reasons = reasons_for(&t, "suspend", id);
    CHECK_INT(reasons.n, 4);
    const struct str *reason = reasons.at;
    CHECK_TEXT(reason ? reason[1] : STR_NONE, STR("天气原因"));
    CHECK_INT(reasons_for(&t, "return", id).n, 0); /* any words will do */
    got = town_move(&t, "liumin", id, "suspend", ",\"reason\":\"今天太忙\"");
    REFUSED(got, RC_REFUSED,
            "暂停计时要写明是哪一种原因：等待材料、天气原因、等待专业单位、居民约定改期。");
    CHECK_TEXT(town_where(&got), STR("reason"));
    ALLOWED(
        town_move(&t, "liumin", id, "suspend", ",\"reason\":\"等待材料：井盖明天到货\""));
    CHECK_TEXT(town_look(&t, "wangfang", id).pause_reason, STR("等待材料：井盖明天到货"));
    town_close(&t);
}

/* ----------------------------------------------------- calendars of a county */

#define CALENDAR                                                                             \
    "calendar: cn\\ntitle: 日历\\nsource: 示例，待核定\\nfirst: 2026-01-01\\nlast: " \
    "2026-12-31\\nweek: {mon: [8:30-12:00, 14:00-17:30], tue: [8:30-12:00], wed: "           \
    "[8:30-12:00], thu: [8:30-12:00], fri: [8:30-12:00]}\\n"

static void load_calendar(struct town *t, const char *days)
{
    ALLOWED(town_ask(t, "system", "calendar.load", "{\"yaml\":\"" CALENDAR "%s\"}", days));
    ALLOWED(town_ask(t, "*", "case.recount", "{\"county\":%d}", TOWN_NUMBER));
}

TEST(a_calendar_is_always_todays_for_what_runs_too)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    int64_t version = town_version(&t, id), before = town_due(&t, id);
    load_calendar(&t, "days: [{day: 2026-11-24, title: 停一天}]");
    CHECK_INT(town_due(&t, id) - before, DAY);
    CHECK_INT(town_version(&t, id), version); /* nothing has happened to the case */
    load_calendar(&t, "");
    CHECK_INT(town_due(&t, id), before); /* what it said of its days before is gone */
    CHECK_INT(town_count(&t, "SELECT count(*) FROM calendar_recounts"), 0);
    CHECK_TEXT(ends(&t, "2026-11-23T11:00:00+08:00", hours(2)), STR("2026-11-23T15:00"));
    town_close(&t);
}

/* Between the loading and the looking again the old time may come. */
TEST(a_deadline_on_a_day_that_became_a_holiday_does_not_fire)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_ask(&t, "system", "calendar.load",
                     "{\"yaml\":\"" CALENDAR
                     "days: [{day: 2026-11-24, to: 2026-11-27, title: 节}]\"}"));
    town_later(&t, 3 * DAY + MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK(!town_look(&t, "wangfang", id).card.supervised);
    CHECK_INT(town_tick(&t), 0); /* looked at again when it is due by today's calendar */
    CHECK(town_due(&t, id) > town_at("2026-11-28T00:00:00+08:00"));
    town_close(&t);
}

TEST(a_calendar_with_mistakes_is_told_of_and_changes_nothing)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = town_ask(&t, "system", "calendar.load",
                   "{\"yaml\":\"" CALENDAR "days: [{day: 2027-11-24}]\"}");
    REFUSED(got, RC_INVALID,
            "这几天要从前往后，并且在 first（第一天）到 last（最后一天）之间。");
    CHECK_TEXT(town_where(&got), STR("日历:7:8"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM calendars"), 0);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(real_time_runs_through_nights_and_weekends),
        ON_BOTH(working_days_leave_out_weekends_and_holidays_and_count_made_up_days),
        ON_BOTH(working_time_runs_only_while_offices_are_open),
        ON_BOTH(the_holder_is_warned_once_at_eighty_percent),
        ON_BOTH(what_is_late_is_supervised_and_goes_up_with_a_new_deadline),
        ON_BOTH(a_clock_asked_twice_or_too_early_does_nothing),
        ON_BOTH(a_stop_of_a_month_loses_no_deadline),
        ON_BOTH(what_is_late_at_each_level_goes_up_again_until_the_top),
        ON_BOTH(at_the_top_it_stays_and_is_supervised),
        ON_BOTH(what_is_urgent_has_less_time),
        ON_BOTH(a_pause_stops_the_clock_and_moves_its_end_by_as_long_as_it_lasted),
        ON_BOTH(a_pause_over_a_weekend_gives_back_the_working_days_that_were_left),
        ON_BOTH(a_warning_counts_the_time_that_ran),
        ON_BOTH(a_clock_stands_only_for_reasons_that_the_scene_names),
        ON_BOTH(a_calendar_is_always_todays_for_what_runs_too),
        ON_BOTH(a_deadline_on_a_day_that_became_a_holiday_does_not_fire),
        ON_BOTH(a_calendar_with_mistakes_is_told_of_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
