/* What is due on many cases: all of it, in order, once; and one that cannot be done. */
#include "town_cases.h"

#include "app/due.h"
#include "engine/case/case.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, MANY = 150 };

static struct due_done round_of(struct town *t, struct due *due)
{
    struct due_done done;

    CHECK_INT(due_round(due, t->db, &t->arena, &done), RC_OK);
    return done;
}

static int64_t fired(struct town *t, int64_t id)
{
    return town_count(t,
                      "SELECT count(*) FROM journal WHERE act = 'case.clock' AND subject ="
                      " %lld AND before <> after",
                      (long long)id);
}

TEST(what_is_refused_is_one_cases_and_holds_up_no_other)
{
    struct town t;
    int64_t     ids[3];

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(ids); i++)
        ids[i] = town_case(&t, "wangfang", "道路损坏");
    (void)town_count(&t, "UPDATE cases SET scene = 'gone' WHERE id = %lld",
                     (long long)ids[0]);
    town_later(&t, 3 * HOUR);
    struct due     *due = due_new(t.gate);
    struct due_done done = round_of(&t, due);
    CHECK_INT(done.asked, 3);
    CHECK_INT(done.done, 2);
    CHECK_INT(fired(&t, ids[0]), 0);
    CHECK_INT(fired(&t, ids[1]), 1);
    CHECK_INT(fired(&t, ids[2]), 1);
    CHECK_INT(round_of(&t, due).asked, 0); /* asked again after a while, not at once */
    (void)town_count(&t, "UPDATE cases SET scene = 'snap' WHERE id = %lld",
                     (long long)ids[0]);
    due_free(&due);
    due = due_new(t.gate); /* a server that was started anew remembers nothing */
    CHECK_INT(round_of(&t, due).done, 1);
    CHECK_INT(fired(&t, ids[0]), 1);
    due_free(&due);
    town_close(&t);
}

TEST(more_than_are_under_way_at_once_are_all_done_once_and_in_order)
{
    struct town t;

    town_open(&t, state);
    case_ceiling(0);
    for (size_t i = 0; i < MANY; i++) {
        (void)town_case(&t, "wangfang", "道路损坏");
        town_later(&t, 1000);
    }
    town_later(&t, 3 * HOUR);
    struct due *due = due_new(t.gate);
    CHECK_INT(round_of(&t, due).done, MANY);
    CHECK_INT(round_of(&t, due).asked, 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'case.clock'"),
              MANY);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal a JOIN journal b ON"
                             " b.county = a.county AND b.seq > a.seq WHERE a.act ="
                             " 'case.clock' AND b.act = 'case.clock' AND b.subject <"
                             " a.subject"),
              0);
    due_free(&due);
    case_ceiling(CASES_PER_DAY_MAX);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(what_is_refused_is_one_cases_and_holds_up_no_other),
        ON_BOTH(more_than_are_under_way_at_once_are_all_done_once_and_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
