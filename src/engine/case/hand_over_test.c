/* Whoever had a case in hand works here no more: somebody else has it at once, and is told.
 */
#include "town_cases.h"

static void closes(struct town *t, const char *login)
{
    ALLOWED(town_ask(t, "security", "account.close", "{\"id\":\"%lld\"}",
                     (long long)town_account(t, login)));
}

/* Held by a colleague, as an account: nobody else could take it up. */
static int64_t in_the_hands_of(struct town *t, const char *login)
{
    int64_t id = town_case(t, "wangfang", "树木绿化");

    ALLOWED(town_send(t, "zhoulan", id, login));
    return id;
}

TEST(what_a_closed_account_had_in_hand_goes_by_the_rows_of_the_scene)
{
    struct town t;

    town_open(&t, state);
    int64_t id = in_the_hands_of(&t, "liumin");
    closes(&t, "liumin");
    CHECK_INT(town_tick(&t), 1);
    struct case_whole whole = town_look(&t, "zhoulan", id);
    CHECK_TEXT(whole.holder.title, STR("社区值守 周岚"));
    const struct shown_step *step = whole.timeline.at;
    CHECK_TEXT(step->title, STR("网格员 刘敏不在岗了，转给社区值守 周岚。"));
    CHECK(str_has(step->route, STR("分派")));
    CHECK(str_has(town_newest(&t, "zhoulan"), STR("刘敏不在岗了")));
    CHECK(town_may(&t, "zhoulan", id, "progress"));
    CHECK_INT(town_tick(&t), 0);
    town_close(&t);
}

TEST(what_has_ended_or_is_in_others_hands_stays_as_it_is)
{
    struct town t;

    town_open(&t, state);
    int64_t done = in_the_hands_of(&t, "liumin"), other = in_the_hands_of(&t, "lishifu");
    ALLOWED(town_finish(&t, "liumin", done));
    ALLOWED(town_move(&t, "wangfang", done, "rate", ",\"stars\":5"));
    int64_t versions = town_version(&t, done) + town_version(&t, other);
    closes(&t, "liumin");
    CHECK_INT(town_tick(&t), 0);
    CHECK_INT(town_version(&t, done) + town_version(&t, other), versions);
    town_close(&t);
}

TEST(an_organisation_is_ended_when_nobody_works_for_it_and_its_cases_go_on)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send_org(&t, "zhoulan", id, t.property));
    struct asking end =
        town_ask(&t, "system", "org.end", "{\"id\":\"%lld\"}", (long long)t.property);
    REFUSED(end, RC_REFUSED, "还有人在这个单位任职，请先收回他们的职责。");
    closes(&t, "lishifu");
    ALLOWED(town_ask(&t, "system", "org.end", "{\"id\":\"%lld\"}", (long long)t.property));
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_look(&t, "zhoulan", id).holder.title, STR("社区值守 周岚"));
    CHECK_INT(town_send_org(&t, "zhoulan", id, t.property).rc, RC_REFUSED);
    end = town_ask(&t, "system", "org.end", "{\"id\":\"%lld\"}", (long long)t.property);
    CHECK_INT(end.rc, RC_NOT_FOUND);
    town_close(&t);
}

TEST(an_account_that_was_closed_comes_back_with_its_duties_and_a_new_password)
{
    struct town t;

    town_open(&t, state);
    long long     id = (long long)town_account(&t, "liumin");
    struct asking got = town_ask(&t, "security", "account.reopen", "{\"id\":\"%lld\"}", id);
    REFUSED(got, RC_REFUSED, "这个账号没有停用。");
    closes(&t, "liumin");
    got = town_ask(&t, "security", "account.reopen", "{\"id\":\"%lld\"}", id);
    CHECK_INT(town_must(got), RC_OK);
    CHECK(town_member(&t, town_answer(&got), "code").len > 0);
    CHECK_INT(town_count(&t,
                         "SELECT count(*) FROM accounts WHERE id = %lld AND password IS"
                         " NULL AND state = 'active'",
                         id),
              1);
    CHECK_INT(town_actor(&t, "liumin").nholds, 1);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(what_a_closed_account_had_in_hand_goes_by_the_rows_of_the_scene),
        ON_BOTH(what_has_ended_or_is_in_others_hands_stays_as_it_is),
        ON_BOTH(an_organisation_is_ended_when_nobody_works_for_it_and_its_cases_go_on),
        ON_BOTH(an_account_that_was_closed_comes_back_with_its_duties_and_a_new_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
