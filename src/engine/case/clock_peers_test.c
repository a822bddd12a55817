/* Deadlines where other systems let their users down: answers and updates, what changes
 * while a clock runs (category, holder, calendar), and a stop of any length. */
#include "town_cases.h"

#include "base/clock.h"
#include "engine/case/case_store.h"
#include "engine/case/clock.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };
#define DAY (INT64_C(24) * HOUR)

/* --------------------------------------- what others' users were let down by */

static int64_t next_of(struct town *t, int64_t id)
{
    return town_count(t, "SELECT next_ms FROM cases WHERE id = %lld", (long long)id);
}

/* Accept at once; first answer in 4 h, and then a word every hour. */
static int64_t answered_by_the_hour(struct town *t)
{
    town_load_scene(t, "update:  {limit: 2 working days, urgent: 2 h}",
                    "first_answer: {limit: 4 h}\n      update: {limit: 1 h}");
    int64_t id = town_case(t, "wangfang", "道路损坏");
    ALLOWED(town_move(t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    return id;
}

static struct str which(struct town *t, int64_t id)
{
    return town_look(t, "wangfang", id).card.due.which;
}

static void says(struct town *t, const char *login, int64_t id)
{
    ALLOWED(town_move(t, login, id, "progress", ",\"text\":\"材料到了\""));
}

/* Zammad #5177. */
TEST(a_shorter_update_time_does_not_come_before_the_first_answer)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_by_the_hour(&t);
    CHECK_TEXT(which(&t, id), STR("first_answer"));
    town_later(&t, 2 * HOUR);
    CHECK_INT(town_tick(&t), 0);
    CHECK_TEXT(town_look(&t, "wangfang", id).card.promise,
               STR("网格员 刘敏在办，今天 13:00 前首次答复您。"));
    says(&t, "liumin", id);
    CHECK_TEXT(which(&t, id), STR("update"));
    town_close(&t);
}

/* Zammad #3140. */
TEST(the_update_clock_does_not_run_out_when_the_reporter_has_been_told_in_time)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_by_the_hour(&t);
    says(&t, "liumin", id);
    for (int i = 0; i < 5; i++) {
        town_later(&t, 45 * MINUTE);
        CHECK_INT(town_tick(&t), 0);
        says(&t, "liumin", id);
    }
    CHECK(!town_look(&t, "wangfang", id).card.supervised);
    town_later(&t, 61 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_newest(&t, "liumin"), STR("进展答复超时了。已上报给街道值守吴强。"));
    town_close(&t);
}

/* Zammad #2082. */
TEST(what_is_due_next_is_reckoned_with_the_answer_itself)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_by_the_hour(&t);
    int64_t before = town_due(&t, id);
    says(&t, "liumin", id);
    CHECK(town_due(&t, id) < before); /* an hour from now, no longer the first answer */
    before = town_due(&t, id);
    town_later(&t, 30 * MINUTE);
    says(&t, "liumin", id);
    CHECK(town_due(&t, id) - before >= 30 * MINUTE);
    CHECK_INT(town_due(&t, id) - next_of(&t, id), 12 * MINUTE); /* warned at 80 % of it */
    CHECK_INT(
        town_count(&t, "SELECT sort_ms - due_ms FROM cases WHERE id = %lld", (long long)id),
        0);
    town_close(&t);
}

/* Zammad #1322: the reporter writes on the web page, and nobody's clock runs. */
TEST(a_word_of_the_reporter_starts_the_clocks_that_stood_still)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_by_the_hour(&t);
    says(&t, "liumin", id);
    ALLOWED(town_finish(&t, "liumin", id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE next_ms IS NULL"), 1);
    town_later(&t, 3 * HOUR);
    ALLOWED(town_move(&t, "wangfang", id, "reopen", ",\"reason\":\"又坏了\""));
    CHECK_TEXT(which(&t, id), STR("update"));
    town_later(&t, 61 * MINUTE);
    CHECK_INT(town_tick(&t), 1);
    town_close(&t);
}

TEST(a_word_of_the_reporter_lengthens_no_deadline)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(
        &t,
        "progress:  {title: 说进展, told: 说了进展, from: handling, to: "
        "handling, by: holder,",
        "progress:  {title: 说进展, from: handling, to: handling, by: holder or "
        "reporter,");
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    says(&t, "liumin", id);
    int64_t before = town_due(&t, id);
    town_later(&t, HOUR);
    says(&t, "wangfang", id);
    CHECK_INT(town_due(&t, id), before);
    says(&t, "liumin", id);
    CHECK(town_due(&t, id) > before);
    town_close(&t);
}

/* What the clock itself tells the reporter, or a handing over without words, is no answer.
 */
TEST(only_words_are_an_answer)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered_by_the_hour(&t); /* accept and dispatch have told the reporter */
    CHECK_TEXT(which(&t, id), STR("first_answer"));
    town_later(&t, 4 * HOUR + MINUTE);
    CHECK_INT(town_tick(&t), 1); /* supervised, handed up: the reporter is told nothing */
    CHECK_TEXT(which(&t, id), STR("first_answer"));
    town_close(&t);
}

/* --------------------------------------- limits by category, other categories */

TEST(a_limit_by_category_counts_before_the_usual_one)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(
        &t, "accept:  {limit: 2 h, urgent: 15 min}",
        "accept:\n        limit: 2 h\n        urgent: 15 min\n        by:\n"
        "          - {when: 'category = \"垃圾卫生\"', limit: 4 working hours}\n"
        "          - {when: 'category = \"照明电路\"', limit: 1 h, urgent: 5 min}");
    int64_t rubbish = town_case(&t, "wangfang", "垃圾卫生");
    int64_t lamp = town_case(&t, "wangfang", "照明电路");
    int64_t road = town_case(&t, "wangfang", "道路损坏");
    int64_t now = town_at(TOWN_BEGINS) / HOUR;
    CHECK_INT(town_due(&t, rubbish) / HOUR - now, 4);
    CHECK_INT(town_due(&t, lamp) / HOUR - now, 1);
    CHECK_INT(town_due(&t, road) / HOUR - now, 2);
    town_close(&t);
}

/* Whoever changes the category changes the row; the next turn reckons. */
TEST(with_another_category_the_end_moves_and_what_was_used_up_stays_used_up)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(&t, "update:  {limit: 2 working days, urgent: 2 h}",
                    "update:\n        limit: 8 h\n        by:\n"
                    "          - {when: urgent, limit: 2 h}");
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    says(&t, "liumin", id);
    int64_t before = town_due(&t, id);
    town_later(&t, HOUR);
    (void)town_count(
        &t,
        "UPDATE cases SET fields = '{\"category\":\"道路损坏\",\"urgent\":true,"
        "\"what\":\"坑\"}' WHERE id = %lld",
        (long long)id);
    ALLOWED(town_move(&t, "zhoulan", id, "dispatch",
                      ",\"target\":{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":"
                      "\"" TOWN_GRID "\"}"));
    CHECK_INT(before - town_due(&t, id), 6 * HOUR); /* from the same start */
    town_close(&t);
}

TEST(a_handing_over_moves_no_deadline_unless_the_scene_says_so)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    int64_t before = town_due(&t, id);
    town_later(&t, HOUR);
    ALLOWED(town_move(&t, "liumin", id, "return", ",\"reason\":\"不归我\""));
    ALLOWED(town_send_org(&t, "zhoulan", id, t.property));
    CHECK_INT(town_due(&t, id), before);
    town_load_scene(
        &t, "until: [answered, closed, refused, withdrawn], pause",
        "each_holder: true, until: [answered, closed, refused, withdrawn], pause");
    id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    before = town_due(&t, id);
    town_later(&t, HOUR);
    ALLOWED(town_send_org(&t, "zhoulan", id, t.property));
    CHECK(town_due(&t, id) - before >= HOUR);
    town_close(&t);
}

/* ------------------------------------------------------------ a stop of days */

static int64_t fired(struct town *t, int64_t id)
{
    return town_count(t,
                      "SELECT min(seq) FROM journal WHERE act = 'case.clock'"
                      " AND subject = %lld AND before <> after",
                      (long long)id);
}

TEST(after_a_stop_of_days_all_is_done_once_in_the_order_in_which_it_came_due)
{
    struct town t;
    int64_t     ids[4];

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(ids); i++) {
        ids[i] = town_case(&t, "wangfang", "道路损坏");
        town_later(&t, 10 * MINUTE);
    }
    ALLOWED(town_move(&t, "zhoulan", ids[0], "accept", "")); /* due last, in three days */
    town_later(&t, 5 * DAY);
    town_restart(&t);
    CHECK_INT(town_tick(&t), 4);
    CHECK(fired(&t, ids[1]) < fired(&t, ids[2]));
    CHECK(fired(&t, ids[2]) < fired(&t, ids[3]));
    CHECK(fired(&t, ids[3]) < fired(&t, ids[0]));
    CHECK_INT(town_tick(&t), 0);
    for (size_t i = 0; i < COUNT(ids); i++) /* one level, whose time begins now */
        CHECK_TEXT(town_look(&t, "wangfang", ids[i]).holder.title, STR("街道值守 吴强"));
    CHECK(town_due(&t, ids[1]) > clock_now_ms());
    town_later(&t, 5 * DAY);
    CHECK_INT(town_tick(&t), 4);
    CHECK_TEXT(town_look(&t, "wangfang", ids[1]).holder.title, STR("区指挥中心 何静"));
    town_close(&t);
}

/* From Monday 9:00 to Tuesday 9:00 are nine hours, not twenty-four. */
TEST(what_was_used_up_before_a_pause_is_what_counted)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(&t, "resolve: {limit: 3 working days, urgent: 4 h,",
                    "resolve: {limit: 20 working hours, urgent: 4 h,");
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    town_clock(&t, "2026-11-24T09:00:00+08:00");
    ALLOWED(town_move(&t, "liumin", id, "suspend", ",\"reason\":\"天气原因\""));
    ALLOWED(town_move(&t, "sunli", id, "allow", ""));
    town_clock(&t, "2026-11-24T12:00:00+08:00");
    ALLOWED(town_move(&t, "liumin", id, "resume", ""));
    int64_t due = town_look(&t, "wangfang", id).card.due.at;
    CHECK_TEXT(str_slice(clock_iso(&t.arena, due).at, 16), STR("2026-11-25T14:00"));
    town_close(&t);
}

TEST(no_clock_runs_on_a_case_that_has_ended)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(&t, "until: [answered, closed, refused, withdrawn], pause",
                    "until: [answered, closed], pause");
    int64_t id = town_case(&t, "wangfang", "道路损坏");
    ALLOWED(town_move(&t, "wangfang", id, "withdraw", ""));
    town_later(&t, 30 * DAY);
    CHECK_INT(town_tick(&t), 0);
    CHECK_INT(town_count(&t,
                         "SELECT count(*) FROM cases WHERE next_ms IS NULL AND due_ms IS"
                         " NULL AND id = %lld",
                         (long long)id),
              1);
    struct list               clocks = town_look(&t, "wangfang", id).clocks;
    const struct shown_clock *shown = clocks.at;
    CHECK_INT(clocks.n, 2);
    for (size_t i = 0; i < clocks.n; i++)
        CHECK_TEXT(shown[i].state, STR("kept"));
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_shorter_update_time_does_not_come_before_the_first_answer),
        ON_BOTH(the_update_clock_does_not_run_out_when_the_reporter_has_been_told_in_time),
        ON_BOTH(what_is_due_next_is_reckoned_with_the_answer_itself),
        ON_BOTH(a_word_of_the_reporter_starts_the_clocks_that_stood_still),
        ON_BOTH(a_word_of_the_reporter_lengthens_no_deadline),
        ON_BOTH(only_words_are_an_answer),
        ON_BOTH(a_limit_by_category_counts_before_the_usual_one),
        ON_BOTH(with_another_category_the_end_moves_and_what_was_used_up_stays_used_up),
        ON_BOTH(a_handing_over_moves_no_deadline_unless_the_scene_says_so),
        ON_BOTH(after_a_stop_of_days_all_is_done_once_in_the_order_in_which_it_came_due),
        ON_BOTH(what_was_used_up_before_a_pause_is_what_counted),
        ON_BOTH(no_clock_runs_on_a_case_that_has_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
