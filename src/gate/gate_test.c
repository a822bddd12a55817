#include "base/clock.h"
#include "gate/gate_fixture.h"

TEST(an_act_is_done_with_its_line_and_answered)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    struct asking asking =
        ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL);
    CHECK_INT(asking.rc, RC_OK);
    CHECK_INT(asking.view.status, 201);
    CHECK_TEXT(json_done(&asking.view.out), STR("{\"name\":\"a\",\"value\":\"1\"}"));
    CHECK_INT(verify(&h, &broken), 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'a'"), 1);
    close_house(&h);
}

TEST(a_refused_act_leaves_no_row_and_no_line_but_is_counted)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    struct asking asking =
        ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"refuse\"}", NULL);
    CHECK_INT(asking.rc, RC_REFUSED);
    CHECK_INT(asking.problems.n, 1);
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"b\",\"value\":\"1\"}", NULL).rc,
              RC_OK);
    CHECK_INT(verify(&h, &broken), 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'a'"), 0);
    CHECK_INT(test_sql(h.where, "SELECT sum(times) FROM refusals WHERE word = 'refused'"),
              1);
    close_house(&h);
}

TEST(each_step_of_an_act_has_its_line_and_takes_back_itself_alone)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    int landed = landed_lines;
    CHECK_INT(ask(&h, &somebody, "note.many", "{\"name\":\"x\",\"value\":\"1\"}", NULL).rc,
              RC_OK);
    CHECK_INT(verify(&h, &broken), 3); /* two steps and the act around them */
    CHECK_INT(landed_lines - landed, 3);
    CHECK_INT(lines_followed(&h), 3);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'a'"), 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'bad'"), 0);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'c'"), 1);
    close_house(&h);
}

TEST(an_act_that_is_refused_takes_back_all_its_steps)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    CHECK_INT(
        ask(&h, &somebody, "note.many", "{\"name\":\"x\",\"value\":\"refuse\"}", NULL).rc,
        RC_REFUSED);
    CHECK_INT(note(&h), RC_OK);
    CHECK_INT(verify(&h, &broken), 2);
    CHECK_INT(lines_followed(&h), 2);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'c'"), 0);
    close_house(&h);
}

TEST(who_may_not_is_refused_before_anything_runs)
{
    struct house h;

    open_house(&h, state);
    CHECK_INT(ask(&h, &nobody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
              RC_UNAUTHENTICATED);
    CHECK_INT(
        ask(&h, &somebody, "note.secret", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
        RC_DENIED);
    CHECK_INT(note_runs, 0);
    close_house(&h);
}

TEST(all_mistakes_in_the_arguments_are_told_at_once)
{
    struct house h;

    open_house(&h, state);
    struct asking asking =
        ask(&h, &somebody, "note.put", "{\"value\":12,\"more\":true}", NULL);
    CHECK_INT(asking.rc, RC_INVALID);
    CHECK_INT(asking.problems.n, 3);
    close_house(&h);
}

TEST(the_same_key_gives_the_same_answer_and_another_body_is_refused)
{
    struct house h;
    int64_t      broken;
    const char  *body = "{\"name\":\"a\",\"value\":\"1\"}";

    open_house(&h, state);
    CHECK_INT(ask(&h, &somebody, "note.put", body, "key-00001").rc, RC_OK);
    struct asking again = ask(&h, &somebody, "note.put", body, "key-00001");
    CHECK_INT(again.rc, RC_OK);
    CHECK(again.repeated);
    CHECK_INT(again.view.status, 201);
    CHECK_TEXT(json_done(&again.view.out), str_of(body));
    CHECK_INT(
        ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"2\"}", "key-00001").rc,
        RC_CONFLICT);
    CHECK_INT(ask(&h, &other, "note.put", body, "key-00001").rc, RC_OK);
    CHECK_INT(note_runs, 2);
    CHECK_INT(verify(&h, &broken), 2);
    close_house(&h);
}

TEST(an_answer_is_kept_for_a_week)
{
    struct house h;
    const char  *body = "{\"name\":\"a\",\"value\":\"1\"}";

    open_house(&h, state);
    CHECK_INT(ask(&h, &somebody, "note.put", body, "key-00001").rc, RC_OK);
    clock_unlock();
    CHECK(clock_set_ms(clock_now_ms() + INT64_C(6) * 24 * 3600 * 1000));
    CHECK(ask(&h, &somebody, "note.put", body, "key-00001").repeated);
    CHECK(clock_set_ms(clock_now_ms() + INT64_C(2) * 24 * 3600 * 1000));
    CHECK_INT(ask(&h, &somebody, "note.put", body, "key-00002").rc, RC_OK); /* sweeps */
    CHECK(!ask(&h, &somebody, "note.put", body, "key-00001").repeated);
    CHECK(clock_set_ms(clock_now_ms() - INT64_C(8) * 24 * 3600 * 1000));
    close_house(&h);
}

TEST(the_same_key_with_another_file_is_refused)
{
    struct house h;
    const char  *body = "{\"name\":\"a\",\"value\":\"1\"}";

    open_house(&h, state);
    CHECK_INT(ask_with(&h, &somebody, "note.file", body, "key-00001", STR("one")).rc,
              RC_OK);
    struct asking again =
        ask_with(&h, &somebody, "note.file", body, "key-00001", STR("one"));
    CHECK_INT(again.rc, RC_OK);
    CHECK(again.repeated);
    CHECK_INT(ask_with(&h, &somebody, "note.file", body, "key-00001", STR("two")).rc,
              RC_CONFLICT);
    CHECK_INT(note_runs, 1);
    close_house(&h);
}

TEST(a_sign_in_is_done_again_and_kept_for_nobody)
{
    struct house h;

    open_house(&h, state);
    struct asking first = ask(&h, &nobody, "session.make", "{}", "key-00001");
    struct asking again = ask(&h, &nobody, "session.make", "{}", "key-00001");
    CHECK_TEXT(first.view.session, STR("token 1"));
    CHECK_TEXT(again.view.session, STR("token 2"));
    CHECK(!again.repeated);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM asked"), 0);
    close_house(&h);
}

TEST(a_follower_misses_nothing_when_it_failed_for_a_while)
{
    struct house h;

    open_house(&h, state);
    for (int i = 0; i < 5; i++) {
        follower_fails = i == 1 || i == 2;
        follower_clashes = i == 3; /* with what it wrote, which nobody waited for */
        CHECK_INT(
            ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
            RC_OK);
    }
    CHECK_INT(lines_followed(&h), 5);
    close_house(&h);
}

TEST(a_restarted_gate_goes_on_where_the_last_one_ended)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
              RC_OK);
    gate_close(&h.gate);
    open_gate(&h);
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"2\"}", NULL).rc,
              RC_OK);
    CHECK_INT(verify(&h, &broken), 2);
    CHECK_INT(lines_followed(&h), 2);
    close_house(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(an_act_is_done_with_its_line_and_answered),
        ON_BOTH(a_refused_act_leaves_no_row_and_no_line_but_is_counted),
        ON_BOTH(each_step_of_an_act_has_its_line_and_takes_back_itself_alone),
        ON_BOTH(an_act_that_is_refused_takes_back_all_its_steps),
        ON_BOTH(who_may_not_is_refused_before_anything_runs),
        ON_BOTH(all_mistakes_in_the_arguments_are_told_at_once),
        ON_BOTH(the_same_key_gives_the_same_answer_and_another_body_is_refused),
        ON_BOTH(an_answer_is_kept_for_a_week),
        ON_BOTH(the_same_key_with_another_file_is_refused),
        ON_BOTH(a_sign_in_is_done_again_and_kept_for_nobody),
        ON_BOTH(a_follower_misses_nothing_when_it_failed_for_a_while),
        ON_BOTH(a_restarted_gate_goes_on_where_the_last_one_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
