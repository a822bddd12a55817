/* The calendar's clock is put forward and back, by hours, days and years, while the town is
 * at work and while its gate is closed: nothing may depend on its going on evenly. */
#include "town_cases.h"

#include "base/clock.h"
#include "gate/journal.h"

#define HOUR (INT64_C(3600) * 1000)
#define DAY  (24 * HOUR)
#define YEAR (365 * DAY)

/* Times that go back have a line that says so, and only those; the chain is whole. */
static void check_journal(struct town *t, int64_t steps_back)
{
    struct op op;
    int64_t   lines, broken;

    op_init(&op, &t->arena, clock_now_ms());
    op.db = t->db;
    op.county = TOWN_NUMBER;
    CHECK_INT(journal_verify(&op, TOWN_NUMBER, &lines, &broken), RC_OK);
    CHECK_INT(town_count(t, "SELECT count(*) FROM journal a JOIN journal b"
                            " ON b.county = a.county AND b.seq = a.seq + 1"
                            " WHERE b.at_ms < a.at_ms AND b.act <> 'clock.back'"),
              0);
    CHECK_INT(town_count(t, "SELECT count(*) FROM journal WHERE act = 'clock.back'"),
              steps_back);
}

static int64_t report(struct town *t)
{
    return town_case(t, "wangfang", "噪声扰民");
}

static int64_t later_than(struct town *t, int64_t before)
{
    int64_t id = report(t);

    CHECK(id > before);
    return id;
}

TEST(ids_go_on_growing_whatever_is_done_to_the_clock)
{
    static const int64_t steps[] = { HOUR, -2 * HOUR, 3 * YEAR, -DAY, -4 * YEAR, 5 * DAY };
    struct town          t;

    town_open(&t, state);
    int64_t id = report(&t);
    for (size_t i = 0; i < COUNT(steps); i++) {
        town_later(&t, steps[i]);
        id = later_than(&t, id);
        id = later_than(&t, id);
    }
    check_journal(&t, 3);
    town_close(&t);
}

/* The newest ids are far ahead of the clock, and of the times in the journal. */
TEST(ids_go_on_growing_over_a_restart_with_the_clock_put_back)
{
    struct town t;

    town_open(&t, state);
    town_later(&t, 2 * YEAR);
    int64_t id = report(&t);
    town_later(&t, -2 * YEAR);
    id = later_than(&t, id);
    for (int i = 0; i < 3; i++) {
        town_restart(&t);
        id = later_than(&t, id);
        town_later(&t, -HOUR);
    }
    check_journal(&t, 3);
    town_close(&t);
}

TEST(a_clock_that_has_forgotten_the_year_does_no_harm)
{
    struct town t;

    town_open(&t, state);
    int64_t id = report(&t);
    town_clock(&t, "1970-01-02T00:00:00Z");
    id = later_than(&t, id);
    town_restart(&t);
    id = later_than(&t, id);
    town_clock(&t, "2151-01-01T00:00:00Z");
    id = later_than(&t, id);
    town_restart(&t);
    id = later_than(&t, id);
    town_clock(&t, TOWN_BEGINS);
    (void)later_than(&t, id);
    check_journal(&t, 2);
    town_close(&t);
}

TEST(a_step_of_a_moment_is_waited_out)
{
    struct town t;

    town_open(&t, state);
    (void)report(&t);
    town_later(&t, -900);
    (void)report(&t);
    check_journal(&t, 0);
    town_close(&t);
}

static int64_t late_lines(struct town *t, int64_t id)
{
    return town_count(t,
                      "SELECT count(*) FROM journal WHERE act = 'case.clock' AND"
                      " subject = %lld",
                      (long long)id);
}

TEST(what_came_due_is_told_once)
{
    struct town t;

    town_open(&t, state);
    int64_t id = report(&t);
    CHECK_INT(town_tick(&t), 0);
    town_later(&t, 3 * HOUR);
    CHECK_INT(town_tick(&t), 1);
    int64_t lines = late_lines(&t, id);
    size_t  told = town_messages(&t, "zhoulan");
    for (int i = 0; i < 3; i++) { /* to and fro, and over a restart */
        town_later(&t, -3 * HOUR);
        CHECK_INT(town_tick(&t), 0);
        town_restart(&t);
        town_later(&t, 3 * HOUR);
        CHECK_INT(town_tick(&t), 0);
    }
    CHECK_INT(late_lines(&t, id), lines);
    CHECK_INT(town_messages(&t, "zhoulan"), told);
    town_later(&t, 2 * YEAR);
    CHECK_INT(town_tick(&t), 1); /* the other deadline */
    CHECK_INT(town_tick(&t), 0);
    town_close(&t);
}

TEST(a_pause_during_which_the_clock_was_put_back_brings_no_deadline_forward)
{
    struct town t;

    town_open(&t, state);
    int64_t id = report(&t);
    ALLOWED(town_move(&t, "zhoulan", id, "start", ""));
    int64_t before = town_due(&t, id);
    ALLOWED(town_move(&t, "zhoulan", id, "suspend", ",\"reason\":\"等待材料\""));
    ALLOWED(town_move(&t, "sunli", id, "allow", ""));
    town_later(&t, -30 * DAY);
    ALLOWED(town_move(&t, "zhoulan", id, "resume", ""));
    CHECK(town_due(&t, id) >= before);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(ids_go_on_growing_whatever_is_done_to_the_clock),
        ON_BOTH(ids_go_on_growing_over_a_restart_with_the_clock_put_back),
        ON_BOTH(a_clock_that_has_forgotten_the_year_does_no_harm),
        ON_BOTH(a_step_of_a_moment_is_waited_out),
        ON_BOTH(what_came_due_is_told_once),
        ON_BOTH(a_pause_during_which_the_clock_was_put_back_brings_no_deadline_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
