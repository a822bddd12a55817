/* Windows and those who come to them: what can be booked, that nobody is booked on top of
 * another, and that whoever loses their time hears of it. */
#include "engine/appoint/appoint.h"

#include "town_cases.h"
#include "visits.h"

#include "base/json.h"

static struct str replaced(struct town *t, struct str text, const char *from,
                           const char *to)
{
    char *z = str_z(&t->arena, text), *at = strstr(z, from);

    assert_non_null(at);
    return str_fmt(&t->arena, "%.*s%s%s", (int)(at - z), z, to, at + strlen(from));
}

#define OLD_CHEN "\"name\":\"陈秀英\",\"phone\":\"13797555520\",\"agreed\":\"phone\""

static struct asking slots(struct town *t, const char *from)
{
    return town_ask(t, "liumin", "appoint.slots", "{" VISIT_WINDOW ",\"from\":\"%s\"}",
                    from);
}

/* How many are free of the slot that begins then; "" when there is no such slot. */
static struct str free_of(struct town *t, const char *starts)
{
    struct asking      got = slots(t, "2026-11-23");
    struct json_member one;

    ALLOWED(got);
    struct str items = json_pick(&t->arena, town_answer(&got), "items");
    for (struct str rest = json_inside(items); json_member(&t->arena, &rest, &one);)
        if (str_starts(json_pick_text(&t->arena, one.value, "starts"),
                       str_slice(starts, 16)))
            return json_pick_text(&t->arena, one.value, "free");
    return STR("");
}

static size_t tick(struct town *t)
{
    static const struct hold holds[] = {
        { .duty = STR_INIT("本机操作员"), .role = ROLE_OPERATOR, .area = STR_INIT("*") },
    };
    const struct actor clock = { .kind = ACTOR_CLOCK,
                                 .holds = holds,
                                 .nholds = COUNT(holds) };
    struct list        found;

    (void)town_account(t, "mali"); /* op's clock is today's */
    CHECK_INT(appoint_due(&t->op, &(struct due_case){ 0 }, 100, &found), RC_OK);
    const struct due_case *due = found.at;
    for (size_t i = 0; i < found.n; i++)
        ALLOWED(town_ask_as(t, &clock, "appoint.clock",
                            str_fmt(&t->arena, "{\"id\":\"%lld\"}", (long long)due[i].id)));
    return found.n;
}

static bool heard(struct town *t, const char *login, struct str what)
{
    return str_has(town_newest(t, login), what);
}

/* ------------------------------------------------------------------ what is open */

TEST(slots_lie_in_the_hours_of_days_that_are_worked)
{
    struct town t;

    visit_town(&t, state);
    CHECK_TEXT(free_of(&t, "2026-11-23T08:50:00+08:00"), STR("")); /* gone by */
    CHECK_TEXT(free_of(&t, "2026-11-23T09:10:00+08:00"), STR("2"));
    CHECK_TEXT(free_of(&t, "2026-11-24T08:30:00+08:00"), STR("2"));
    CHECK_TEXT(free_of(&t, "2026-11-24T08:40:00+08:00"), STR("")); /* half a slot */
    CHECK_TEXT(free_of(&t, "2026-11-24T17:10:00+08:00"), STR("2"));
    CHECK_TEXT(free_of(&t, "2026-11-28T09:10:00+08:00"), STR("")); /* Saturday */
    ALLOWED(visit_book(&t, "wangfang", "2026-12-07T09:10:00+08:00"));
    REFUSED(visit_book(&t, "zhaojianguo", "2026-12-08T09:10:00+08:00"), RC_REFUSED,
            "这个时间约不了，请看看别的时间。"); /* fifteen days ahead */
    town_close(&t);
}

static void load_calendar(struct town *t, const char *days)
{
    ALLOWED(town_ask(t, "system", "calendar.load",
                     "{\"area\":\"420602\",\"yaml\":\"calendar: cn\\ntitle: 日历\\nsource: "
                     "示例，待核定\\nfirst: 2026-01-01\\nlast: 2026-12-31\\nweek:\\n  mon: "
                     "[8:30-12:00]\\n  tue: [8:30-12:00]\\n  wed: [8:30-12:00]\\n  thu: "
                     "[8:30-12:00]\\n  fri: [8:30-12:00]\\n%s\"}",
                     days));
}

TEST(holidays_close_windows_and_days_worked_for_them_open_them)
{
    struct town t;

    visit_town(&t, state);
    load_calendar(&t, "days:\\n  - {day: 2026-11-24, title: 节日}\\n  - {day: 2026-11-28, "
                      "works: true, title: 补班}\\n");
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR(""));
    CHECK_TEXT(free_of(&t, "2026-11-25T11:30:00+08:00"), STR("2"));
    CHECK_TEXT(free_of(&t, "2026-11-25T14:10:00+08:00"), STR("")); /* not open then */
    CHECK_TEXT(free_of(&t, "2026-11-28T09:10:00+08:00"), STR("2"));
    visit_load(&t, replaced(&t, visit_scene(&t), "slot: 20 min",
                            "week: [mon, tue], slot: 20 min"));
    CHECK_TEXT(free_of(&t, "2026-11-25T11:30:00+08:00"), STR(""));
    CHECK_TEXT(free_of(&t, "2026-11-28T09:10:00+08:00"), STR(""));
    town_close(&t);
}

TEST(a_window_that_nobody_keeps_takes_nobody)
{
    struct town t;

    visit_town(&t, state);
    REFUSED(town_ask(&t, "wangfang", "appoint.book",
                     "{\"scene\":\"service\",\"kind\":\"application\",\"window\":\"hall\","
                     "\"area\":\"" TOWN_COUNTY "\",\"starts\":\"" VISIT_TUESDAY
                     "\",\"category\":\"开办企业\"}"),
            RC_REFUSED, "襄城区政务服务大厅开办企业窗口现在没有人值守，约不了。");
    struct asking got = town_ask(&t, "wangfang", "appoint.windows", "{}");
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/window"),
               STR("counter"));
    town_close(&t);
}

/* --------------------------------------------------------------------- seats */

TEST(a_slot_is_never_given_to_more_than_fit_into_it)
{
    struct town t;

    visit_town(&t, state);
    (void)visit_booked(&t, "wangfang", VISIT_TUESDAY);
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR("1"));
    int64_t second = visit_booked(&t, "zhaojianguo", VISIT_TUESDAY);
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR("0"));
    REFUSED(visit_book_for(&t, "zhoulan", VISIT_TUESDAY, OLD_CHEN), RC_CONFLICT,
            "这个时间刚刚约满了，请换一个。");
    ALLOWED(visit_change(&t, "zhaojianguo", "appoint.cancel", second, ""));
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR("1"));
    ALLOWED(visit_book_for(&t, "zhoulan", VISIT_TUESDAY, OLD_CHEN));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM appointments WHERE seat IN (1, 2)"), 2);
    town_close(&t);
}

TEST(the_database_has_each_seat_once)
{
    struct town t;

    visit_town(&t, state);
    (void)visit_booked(&t, "wangfang", VISIT_TUESDAY);
    (void)town_count(&t,
                     "INSERT INTO appointments (county, id, scene, kind, at_window, area,"
                     " starts_ms, ends_ms, seat, state, version, category, person,"
                     " agreed, code, reason, reminded) SELECT county, id + 1, scene, kind,"
                     " at_window, area, starts_ms, ends_ms, seat, state, 1, '', 0, '', '',"
                     " '', 0 FROM appointments WHERE TRUE ON CONFLICT DO NOTHING");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM appointments"), 1);
    town_close(&t);
}

TEST(those_booked_when_slots_were_longer_take_up_what_they_overlap)
{
    struct town t;

    visit_town(&t, state);
    (void)visit_booked(&t, "wangfang", VISIT_TUESDAY);
    visit_load(&t, replaced(&t, visit_scene(&t), "slot: 20 min, people: 2",
                            "slot: 30 min, people: 1"));
    CHECK_TEXT(free_of(&t, "2026-11-24T09:00:00+08:00"), STR("0"));
    CHECK_TEXT(free_of(&t, VISIT_LATER), STR("1"));
    town_close(&t);
}

TEST(asking_twice_with_one_key_books_once)
{
    struct town  t;
    struct actor actor;
    struct str   body = STR("{" VISIT_WINDOW ",\"starts\":\"" VISIT_TUESDAY
                            "\",\"category\":\"高龄津贴\"}");

    visit_town(&t, state);
    actor = town_actor(&t, "wangfang");
    struct asking first = town_ask_keyed(&t, &actor, "appoint.book", body, "k1");
    struct asking again = town_ask_keyed(&t, &actor, "appoint.book", body, "k1");
    ALLOWED(first);
    ALLOWED(again);
    CHECK_INT(again.repeated, true);
    CHECK_INT(town_id(&t, &first, "id"), town_id(&t, &again, "id"));
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR("1"));
    town_close(&t);
}

/* ------------------------------------------------------------- how often, how late */

TEST(one_person_has_so_many_before_them_and_is_in_one_place_at_a_time)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    REFUSED(visit_book(&t, "wangfang", VISIT_TUESDAY), RC_REFUSED,
            "这个时间已经约了别的窗口，请换一个时间。");
    (void)visit_booked(&t, "wangfang", VISIT_LATER);
    REFUSED(visit_book(&t, "wangfang", "2026-11-25T09:10:00+08:00"), RC_REFUSED,
            "这个窗口一个人同时只能约 2 次，前面约的还没有到。");
    REFUSED(
        visit_change(&t, "wangfang", "appoint.move", id, ",\"starts\":\"" VISIT_LATER "\""),
        RC_REFUSED, "这个时间已经约了别的窗口，请换一个时间。");
    ALLOWED(visit_change(&t, "wangfang", "appoint.move", id,
                         ",\"starts\":\"2026-11-25T09:10:00+08:00\""));
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR("2"));
    CHECK_TEXT(free_of(&t, "2026-11-25T09:10:00+08:00"), STR("1"));
    town_close(&t);
}

TEST(whoever_books_and_cancels_all_day_is_stopped)
{
    struct town t;

    visit_town(&t, state);
    for (int i = 0; i < APPOINTMENTS_PER_DAY_MAX; i++)
        ALLOWED(visit_change(&t, "wangfang", "appoint.cancel",
                             visit_booked(&t, "wangfang", VISIT_TUESDAY), ""));
    CHECK_INT(visit_book(&t, "wangfang", VISIT_TUESDAY).rc, RC_TOO_MANY);
    town_clock(&t, "2026-11-24T00:00:01+08:00");
    ALLOWED(visit_book(&t, "wangfang", VISIT_TUESDAY));
    town_close(&t);
}

TEST(close_to_the_time_only_staff_move_and_cancel)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    town_clock(&t, "2026-11-24T07:11:00+08:00");
    REFUSED(visit_change(&t, "wangfang", "appoint.cancel", id, ""), RC_REFUSED,
            "离约的时间太近，不能自己改了。来不了请打电话告诉窗口。");
    CHECK_TEXT(visit_seen(&t, "wangfang", id, "may_change"), STR("false"));
    REFUSED(visit_change(&t, "zhoulan", "appoint.cancel", id, ""), RC_INVALID,
            "请写为什么取消，约的人会看到。");
    ALLOWED(
        visit_change(&t, "zhoulan", "appoint.cancel", id, ",\"reason\":\"来电说病了\""));
    CHECK_INT(heard(&t, "wangfang", STR("来电说病了")), true);
    town_close(&t);
}

TEST(an_older_version_changes_nothing)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    ALLOWED(visit_change(&t, "wangfang", "appoint.move", id,
                         ",\"version\":1,\"starts\":\"" VISIT_LATER "\""));
    REFUSED(visit_change(&t, "zhoulan", "appoint.cancel", id,
                         ",\"version\":1,\"reason\":\"停电\""),
            RC_CONFLICT, "这个预约刚刚变过，请看最新情况。");
    town_close(&t);
}

/* ------------------------------------------------------------------- for others */

TEST(staff_book_for_somebody_who_agreed_and_nobody_else_does)
{
    struct town t;

    visit_town(&t, state);
    REFUSED(visit_book_for(&t, "wangfang", VISIT_TUESDAY, OLD_CHEN), RC_DENIED,
            "只有工作人员能替别人预约。");
    REFUSED(visit_book_for(&t, "mali", VISIT_TUESDAY, OLD_CHEN), RC_DENIED,
            "只有工作人员能替别人预约。"); /* of the community next to it */
    REFUSED(visit_book_for(&t, "zhoulan", VISIT_TUESDAY,
                           "\"name\":\"陈秀英\",\"phone\":\"13797555520\""),
            RC_INVALID, "请写本人是怎样同意的：口头、书面、电话里，或者监护人同意。");
    struct asking got = visit_book_for(&t, "zhoulan", VISIT_TUESDAY, OLD_CHEN);
    ALLOWED(got);
    int64_t id = town_id(&t, &got, "id");
    CHECK_TEXT(visit_seen(&t, "dengli", id, "name"), STR("陈秀英")); /* who calls them up */
    CHECK_TEXT(visit_seen(&t, "zhoulan", id, "name"), STR("陈**"));
    CHECK_TEXT(visit_seen(&t, "dengli", id, "phone"), STR("137****5520"));
    CHECK_TEXT(visit_seen(&t, "dengli", id, "agreed"), STR("电话里同意"));
    CHECK_TEXT(visit_seen(&t, "dengli", id, "by"), STR("周岚"));
    CHECK_INT(town_stores(&t, "陈秀英"), false);
    CHECK_INT(town_stores(&t, "13797555520"), false);
    town_close(&t);
}

TEST(a_grids_worker_books_at_the_window_of_the_community_and_sees_that_alone)
{
    struct town t;

    visit_town(&t, state);
    struct asking got = visit_book_for(&t, "liumin", VISIT_TUESDAY, OLD_CHEN);
    ALLOWED(got);
    ALLOWED(visit_change(&t, "liumin", "appoint.move", town_id(&t, &got, "id"),
                         ",\"starts\":\"" VISIT_LATER "\""));
    int64_t other = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    CHECK_INT(visit_change(&t, "liumin", "appoint.show", other, "").rc, RC_NOT_FOUND);
    town_close(&t);
}

TEST(who_is_registered_by_that_name_and_number_has_it_among_their_own)
{
    struct town t;

    visit_town(&t, state);
    struct asking got =
        visit_book_for(&t, "zhoulan", VISIT_TUESDAY,
                       "\"name\":\"王芳\",\"phone\":\"13712345520\",\"agreed\":\"oral\"");
    ALLOWED(got);
    CHECK_INT(heard(&t, "wangfang", STR("周岚替您约了")), true);
    struct asking mine = town_ask(&t, "wangfang", "appoint.list", "{}");
    CHECK_INT(town_items(&t, &mine), 1);
    ALLOWED(visit_change(&t, "wangfang", "appoint.cancel", town_id(&t, &got, "id"), ""));
    town_close(&t);
}

TEST(others_see_nothing_of_an_appointment)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    REFUSED(visit_change(&t, "zhaojianguo", "appoint.show", id, ""), RC_NOT_FOUND,
            "没有这个预约。");
    REFUSED(visit_change(&t, "mali", "appoint.cancel", id, ",\"reason\":\"停电\""),
            RC_NOT_FOUND, "没有这个预约。");
    REFUSED(town_ask(&t, "mali", "appoint.day", "{" VISIT_WINDOW "}"), RC_DENIED,
            "这个窗口不归您管。");
    struct asking day =
        town_ask(&t, "dengli", "appoint.day", "{" VISIT_WINDOW ",\"day\":\"2026-11-24\"}");
    ALLOWED(day);
    CHECK_INT(town_items(&t, &day), 1);
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&day), "items/*/name"), STR("王芳"));
    town_close(&t);
}

#define FOR_CASE "{" VISIT_WINDOW ",\"starts\":\"" VISIT_TUESDAY "\",\"case_id\":\"%lld\"}"

TEST(a_case_tells_what_it_is_about_and_whose_it_is)
{
    struct town t;

    visit_town(&t, state);
    struct asking made = town_ask(
        &t, "wangfang", "case.open",
        "{\"scene\":\"service\",\"kind\":\"application\",\"fields\":{\"category\":"
        "\"残疾证换领\",\"whom\":\"我自己\",\"contact\":\"13712345520\",\"way\":"
        "\"我自己来领\",\"where\":{\"lat\":32.0103,\"lng\":112.1201,\"area\":\"" TOWN_GRID
        "\"}}}");
    ALLOWED(made);
    int64_t id = town_id(&t, &made, "id");
    REFUSED(town_ask(&t, "zhaojianguo", "appoint.book", FOR_CASE, (long long)id),
            RC_NOT_FOUND, "没有这个办件。");
    REFUSED(town_ask(&t, "zhoulan", "appoint.book", FOR_CASE, (long long)id), RC_DENIED,
            "只能给自己的办件预约。");
    struct asking got = town_ask(&t, "wangfang", "appoint.book", FOR_CASE, (long long)id);
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "category"), STR("残疾证换领"));
    struct asking of_case =
        town_ask(&t, "dengli", "appoint.list", "{\"case_id\":\"%lld\"}", (long long)id);
    CHECK_INT(town_items(&t, &of_case), 1);
    CHECK_INT(
        town_ask(&t, "zhaojianguo", "appoint.list", "{\"case_id\":\"%lld\"}", (long long)id)
            .rc,
        RC_NOT_FOUND);
    town_close(&t);
}

/* ---------------------------------------------------------------- who came, who did not */

TEST(only_the_window_says_who_came_and_not_before_the_time)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    REFUSED(visit_mark(&t, "dengli", id, true), RC_REFUSED, "约的那天还没有到。");
    town_clock(&t, "2026-11-24T09:05:00+08:00");
    CHECK_INT(visit_mark(&t, "wangfang", id, true).rc, RC_DENIED);
    CHECK_INT(visit_mark(&t, "liumin", id, true).rc, RC_DENIED);
    REFUSED(visit_mark(&t, "dengli", id, false), RC_REFUSED,
            "约的时间还没有到，不能记没来。");
    ALLOWED(visit_mark(&t, "dengli", id, true));
    CHECK_TEXT(visit_seen(&t, "wangfang", id, "state"), STR("came"));
    town_close(&t);
}

static void given_missed(struct town *t, const char *day)
{
    struct str starts = str_fmt(&t->arena, "%sT09:10:00+08:00", day);
    int64_t    id = visit_booked(t, "wangfang", str_z(&t->arena, starts));

    town_clock(t, str_z(&t->arena, str_fmt(&t->arena, "%sT09:40:00+08:00", day)));
    ALLOWED(visit_mark(t, "dengli", id, false));
}

TEST(who_does_not_come_three_times_books_with_staff_until_ninety_days_are_over)
{
    struct town t;

    visit_town(&t, state);
    given_missed(&t, "2026-11-24");
    CHECK_INT(heard(&t, "wangfang", STR("90 天里没来 3 次")), true);
    given_missed(&t, "2026-11-25");
    given_missed(&t, "2026-11-26");
    REFUSED(visit_book(&t, "wangfang", "2026-11-27T09:10:00+08:00"), RC_REFUSED,
            "最近 90 天里约了没来 3 次，请打电话或者到窗口预约。");
    struct asking got = town_ask(&t, "wangfang", "appoint.windows", "{}");
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/barred"), STR("true"));
    ALLOWED(
        visit_book_for(&t, "zhoulan", "2026-11-27T09:10:00+08:00",
                       "\"name\":\"王芳\",\"phone\":\"13712345520\",\"agreed\":\"phone\""));
    town_clock(&t, "2027-02-22T10:00:00+08:00");
    ALLOWED(visit_book(&t, "wangfang", "2027-02-23T09:10:00+08:00"));
    town_close(&t);
}

/* -------------------------------------------------------------------- being told */

TEST(the_day_before_everybody_is_reminded_once_with_what_to_bring)
{
    struct town t;

    visit_town(&t, state);
    (void)visit_booked(&t, "wangfang", "2026-11-25T09:10:00+08:00");
    CHECK_INT(tick(&t), 0);
    town_clock(&t, "2026-11-24T10:00:00+08:00");
    CHECK_INT(tick(&t), 1);
    CHECK_INT(heard(&t, "wangfang", STR("带上老人的身份证、户口簿")), true);
    size_t told = town_messages(&t, "wangfang");
    CHECK_INT(tick(&t), 0);
    load_calendar(&t, ""); /* everything that is booked is looked at again */
    CHECK_INT(tick(&t), 1);
    CHECK_INT(town_messages(&t, "wangfang"), told);
    town_close(&t);
}

TEST(a_reminder_that_came_too_late_is_not_sent)
{
    struct town t;

    visit_town(&t, state);
    (void)visit_booked(&t, "wangfang", "2026-11-25T09:10:00+08:00");
    town_clock(&t, "2026-11-25T11:00:00+08:00"); /* nobody served meanwhile */
    CHECK_INT(tick(&t), 1);
    CHECK_INT(town_messages(&t, "wangfang"), 0);
    CHECK_INT(tick(&t), 0);
    town_close(&t);
}

#define SHUT(from, until, reason)                                                          \
    "{" VISIT_WINDOW ",\"from\":\"" from "\",\"until\":\"" until "\",\"reason\":\"" reason \
    "\"}"

TEST(who_had_booked_a_window_that_closes_hears_of_it_and_is_offered_another)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY),
            kept = visit_booked(&t, "zhaojianguo", VISIT_LATER);
    REFUSED(
        town_ask(&t, "mali", "window.close",
                 SHUT("2026-11-24T09:00:00+08:00", "2026-11-24T09:30:00+08:00", "停电")),
        RC_DENIED, "这个窗口不归您管。");
    struct asking shut =
        town_ask(&t, "dengli", "window.close",
                 SHUT("2026-11-24T09:00:00+08:00", "2026-11-24T09:30:00+08:00", "停电"));
    ALLOWED(shut);
    CHECK_TEXT(town_member(&t, town_answer(&shut), "displaced"), STR("1"));
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR(""));
    CHECK_INT(tick(&t), 1);
    CHECK_INT(heard(&t, "wangfang", STR("停电。最近还空着的是 11 月 24 日 9:30")), true);
    CHECK_TEXT(visit_seen(&t, "wangfang", id, "state"), STR("displaced"));
    CHECK_TEXT(visit_seen(&t, "wangfang", id, "offer/free"), STR("1"));
    CHECK_TEXT(visit_seen(&t, "zhaojianguo", kept, "state"), STR("booked"));
    ALLOWED(visit_change(&t, "wangfang", "appoint.move", id,
                         ",\"starts\":\"" VISIT_LATER "\""));
    CHECK_TEXT(visit_seen(&t, "wangfang", id, "state"), STR("booked"));
    town_close(&t);
}

TEST(a_holiday_that_is_added_displaces_whom_it_concerns_and_nobody_else)
{
    struct town t;

    visit_town(&t, state);
    int64_t tuesday = visit_booked(&t, "wangfang", VISIT_TUESDAY),
            wednesday = visit_booked(&t, "zhaojianguo", "2026-11-25T09:10:00+08:00");
    load_calendar(&t, "days:\\n  - {day: 2026-11-24, title: 节日}\\n");
    CHECK_INT(tick(&t), 2);
    CHECK_TEXT(visit_seen(&t, "wangfang", tuesday, "state"), STR("displaced"));
    CHECK_TEXT(visit_seen(&t, "wangfang", tuesday, "reason"), STR("那天是节日"));
    CHECK_TEXT(visit_seen(&t, "zhaojianguo", wednesday, "state"), STR("booked"));
    town_close(&t);
}

TEST(a_window_that_is_taken_out_of_its_scene_displaces_everybody)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    visit_load(&t, replaced(&t, visit_scene(&t), "      counter: {", "      elsewhere: {"));
    CHECK_INT(tick(&t), 1);
    CHECK_TEXT(visit_seen(&t, "wangfang", id, "state"), STR("displaced"));
    REFUSED(
        visit_change(&t, "wangfang", "appoint.move", id, ",\"starts\":\"" VISIT_LATER "\""),
        RC_REFUSED, "这个窗口不再接受预约了。");
    ALLOWED(visit_change(&t, "wangfang", "appoint.cancel", id, ""));
    town_close(&t);
}

TEST(who_has_no_account_is_telephoned_by_the_window)
{
    struct town t;

    visit_town(&t, state);
    struct asking got = visit_book_for(&t, "zhoulan", VISIT_TUESDAY, OLD_CHEN);
    int64_t       id = town_id(&t, &got, "id");
    ALLOWED(
        town_ask(&t, "dengli", "window.close",
                 SHUT("2026-11-24T00:00:00+08:00", "2026-11-25T00:00:00+08:00", "停电")));
    CHECK_INT(tick(&t), 1);
    CHECK_INT(heard(&t, "dengli", STR("请打电话改约")), true);
    CHECK_TEXT(visit_seen(&t, "dengli", id, "must_call"), STR("true"));
    CHECK_INT(visit_change(&t, "mali", "appoint.phone", id, "").rc, RC_NOT_FOUND);
    struct asking told = visit_change(&t, "dengli", "appoint.phone", id, "");
    ALLOWED(told);
    CHECK_TEXT(town_member(&t, town_answer(&told), "phone"), STR("13797555520"));
    town_close(&t);
}

TEST(who_is_registered_sees_who_looked_at_their_number)
{
    struct town t;

    visit_town(&t, state);
    int64_t       id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    struct asking told = visit_change(&t, "dengli", "appoint.phone", id, "");
    ALLOWED(told);
    CHECK_TEXT(town_member(&t, town_answer(&told), "phone"), STR("13712345520"));
    struct asking looks = town_ask(&t, "wangfang", "me.looks", "{}");
    CHECK_INT(town_items(&t, &looks), 1);
    town_close(&t);
}

TEST(a_window_that_opens_after_all_can_be_booked_again)
{
    struct town t;

    visit_town(&t, state);
    struct asking shut =
        town_ask(&t, "dengli", "window.close",
                 SHUT("2026-11-24T00:00:00+08:00", "2026-11-25T00:00:00+08:00", "停电"));
    int64_t id = town_id(&t, &shut, "id");
    CHECK_INT(visit_book(&t, "wangfang", VISIT_TUESDAY).rc, RC_REFUSED);
    CHECK_INT(visit_change(&t, "mali", "window.open", id, "").rc, RC_NOT_FOUND);
    struct asking list = town_ask(&t, "dengli", "window.closures", "{" VISIT_WINDOW "}");
    CHECK_INT(town_items(&t, &list), 1);
    ALLOWED(visit_change(&t, "dengli", "window.open", id, ""));
    ALLOWED(visit_book(&t, "wangfang", VISIT_TUESDAY));
    town_close(&t);
}

TEST(nonsense_is_told_in_words)
{
    struct town t;

    visit_town(&t, state);
    REFUSED(town_ask(&t, "wangfang", "appoint.book",
                     "{" VISIT_WINDOW ",\"starts\":\"" VISIT_TUESDAY
                     "\",\"category\":\"上天\"}"),
            RC_INVALID, "没有“上天”这件事。");
    REFUSED(town_ask(&t, "wangfang", "appoint.book",
                     "{" VISIT_WINDOW ",\"starts\":\"" VISIT_TUESDAY
                     "\",\"category\":\"开办企业\"}"),
            RC_REFUSED, "“开办企业”不在这个窗口办。");
    REFUSED(
        town_ask(&t, "wangfang", "appoint.slots", "{" VISIT_WINDOW ",\"from\":\"明天\"}"),
        RC_INVALID, "日期要写成 2026-11-24 这样。");
    REFUSED(town_ask(&t, "wangfang", "appoint.slots",
                     "{\"scene\":\"service\",\"kind\":\"application\",\"window\":\"x\","
                     "\"area\":\"" TOWN_COMMUNITY "\"}"),
            RC_NOT_FOUND, "没有这个预约窗口。");
    REFUSED(
        town_ask(&t, "dengli", "window.close",
                 SHUT("2026-11-24T09:00:00+08:00", "2026-11-24T09:00:00+08:00", "停电")),
        RC_INVALID, "结束要在开始以后。");
    REFUSED(
        town_ask(&t, "dengli", "window.close",
                 SHUT("2026-11-24T09:00:00+08:00", "2027-11-24T09:00:00+08:00", "停电")),
        RC_INVALID, "一次最多停 60 天。");
    town_close(&t);
}

/* -------------------------------------------------------------------- persons */

TEST(of_a_deleted_person_the_seat_is_free_and_nothing_can_be_read)
{
    struct town t;

    visit_town(&t, state);
    int64_t id = visit_booked(&t, "wangfang", VISIT_TUESDAY);
    CHECK_TEXT(visit_seen(&t, "dengli", id, "name"), STR("王芳"));
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    CHECK_TEXT(free_of(&t, VISIT_TUESDAY), STR("2"));
    CHECK_TEXT(visit_seen(&t, "dengli", id, "name"), STR_NONE);
    CHECK_TEXT(visit_seen(&t, "dengli", id, "state"), STR("cancelled"));
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(slots_lie_in_the_hours_of_days_that_are_worked),
        ON_BOTH(holidays_close_windows_and_days_worked_for_them_open_them),
        ON_BOTH(a_window_that_nobody_keeps_takes_nobody),
        ON_BOTH(a_slot_is_never_given_to_more_than_fit_into_it),
        ON_BOTH(the_database_has_each_seat_once),
        ON_BOTH(those_booked_when_slots_were_longer_take_up_what_they_overlap),
        ON_BOTH(asking_twice_with_one_key_books_once),
        ON_BOTH(one_person_has_so_many_before_them_and_is_in_one_place_at_a_time),
        ON_BOTH(whoever_books_and_cancels_all_day_is_stopped),
        ON_BOTH(close_to_the_time_only_staff_move_and_cancel),
        ON_BOTH(an_older_version_changes_nothing),
        ON_BOTH(staff_book_for_somebody_who_agreed_and_nobody_else_does),
        ON_BOTH(a_grids_worker_books_at_the_window_of_the_community_and_sees_that_alone),
        ON_BOTH(who_is_registered_by_that_name_and_number_has_it_among_their_own),
        ON_BOTH(others_see_nothing_of_an_appointment),
        ON_BOTH(a_case_tells_what_it_is_about_and_whose_it_is),
        ON_BOTH(only_the_window_says_who_came_and_not_before_the_time),
        ON_BOTH(who_does_not_come_three_times_books_with_staff_until_ninety_days_are_over),
        ON_BOTH(the_day_before_everybody_is_reminded_once_with_what_to_bring),
        ON_BOTH(a_reminder_that_came_too_late_is_not_sent),
        ON_BOTH(who_had_booked_a_window_that_closes_hears_of_it_and_is_offered_another),
        ON_BOTH(a_holiday_that_is_added_displaces_whom_it_concerns_and_nobody_else),
        ON_BOTH(a_window_that_is_taken_out_of_its_scene_displaces_everybody),
        ON_BOTH(who_has_no_account_is_telephoned_by_the_window),
        ON_BOTH(who_is_registered_sees_who_looked_at_their_number),
        ON_BOTH(a_window_that_opens_after_all_can_be_booked_again),
        ON_BOTH(nonsense_is_told_in_words),
        ON_BOTH(of_a_deleted_person_the_seat_is_free_and_nothing_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
