#include "test.h"

#include "rule/world.h"

static struct arena    arena;
static struct problems problems;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 4 << 20);
    problems_init(&problems, &arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static const struct rule *parse(const struct rule_env *env, const char *text, unsigned expected)
{
    return rule_parse(&arena, env, (struct rule_source){ .text = str_of(text) }, expected,
                      &problems);
}

static void check_round_trip(const struct rule_env *env, const struct rule *rule,
                             enum rule_words words)
{
    struct str         once = rule_print(&arena, rule, words);
    const struct rule *again = rule_parse(&arena, env, (struct rule_source){ .text = once },
                                          rule_type(rule), &problems);

    if (!again)
        fail_msg("%.*s: %.*s", STR_ARG(once), STR_ARG(problems.first->says));
    CHECK_TEXT(rule_print(&arena, again, words), once);
    CHECK_TEXT(rule_print(&arena, again, RULE_EN), rule_print(&arena, rule, RULE_EN));
}

/* Every rule in the design of scenes. */
static const struct {
    const struct rule_env *env;
    unsigned               expected;
    const char            *text;
} scenes[] = {
    // clang-format off
    { &by_env, RULE_TRUTH, "age >= 80 and not tag(\"高龄津贴\") and area in \"420602001\"" },
    { &by_env, RULE_TRUTH, "category = \"治安\" and urgent" },
    { &alarm_env, RULE_TRUTH, "heart < 40 for 5 min" },
    { &by_env, RULE_TRUTH, "count(household, tag(\"学龄儿童\")) >= 2" },
    { &by_env, RULE_TRUTH, "category in [\"治安\", \"燃气\", \"井盖缺失\"]" },
    { &by_env, RULE_TEXT, "me.phone" },
    { &by_env, RULE_TRUTH, "category = \"火情\"" },
    { &by_env, RULE_TRUTH, "duty(\"社区值守\")" },
    { &to_env, RULE_TARGET, "reporter" },
    { &by_env, RULE_TRUTH, "duty(\"社区值守\") or holder" },
    { &to_env, RULE_EFFECT, "tell(reporter)" },
    { &to_env, RULE_EFFECT, "ask_rating" },
    { &by_env, RULE_TRUTH, "days_since(answered_at) <= 15" },
    { &to_env, RULE_EFFECT, "escalate" },
    { &to_env, RULE_EFFECT, "tell(holder)" },
    { &by_env, RULE_DURATION, "2 h" },
    { &by_env, RULE_DURATION, "15 min" },
    { &by_env, RULE_DURATION, "3 working days" },
    { &by_env, RULE_TRUTH, "category = \"市容环境\" and level(area) = \"grid\"" },
    { &to_env, RULE_TARGET, "duty(\"网格员\")" },
    { &by_env, RULE_TRUTH, "category in [\"燃气\", \"供水\"]" },
    { &to_env, RULE_TARGET, "org(duty=\"公用事业\", area=county)" },
    { &by_env, RULE_LENGTH, "250 m" },
    { &by_env, RULE_DURATION, "30 days" },
    { &by_env, RULE_TRUTH, "category = \"治安\" and graded(\"重大线索\")" },
    { &by_env, RULE_NUMBER, "table(\"日常报事积分\")" },
    { &by_env, RULE_TRUTH, "resolve.on_time" },
    { &by_env, RULE_TRUTH, "employer.org" },
    { &by_env, RULE_DURATION, "10 working days" },
    { &to_env, RULE_TARGET, "team(area(address))" },
    { &by_env, RULE_DURATION, "1 year" },
    { &by_env, RULE_TRUTH, "member or volunteer" },
    { &by_env, RULE_TRUTH, "duty(\"社区书记\")" },
    { &by_env, RULE_TRUTH, "lives_in(offer.area)" },
    { &by_env, RULE_LENGTH, "200 m" },
    { &by_env, RULE_TRUTH, "beneficiary or duty(\"社区值守\")" },
    { &by_env, RULE_DURATION, "14 days" },
    { &by_env, RULE_NUMBER, "100 households" },
    { &by_env, RULE_TRUTH, "skill(\"驾驶\")" },
    { &by_env, RULE_TRUTH, "distance(home, area) < 500 m" },
    { &by_env, RULE_TRUTH, "age > 65" },
    { &by_env, RULE_NUMBER, "1000 people" },
    { &by_env, RULE_NUMBER, "10%" },
    { &by_env, RULE_TRUTH, "household(tag(\"独居老人\"))" },
    { &alarm_env, RULE_TRUTH, "event(\"sos\")" },
    { &alarm_env, RULE_TRUTH, "(heart < 45 or heart > 130) for 5 min and heart > 0" },
    { &alarm_env, RULE_TRUTH, "measure_again within 10 min" },
    { &alarm_env, RULE_TRUTH, "heart between 50 and 120 for 10 min" },
    { &alarm_env, RULE_TRUTH, "no reading for 6 h and worn" },
    { &alarm_env, RULE_TRUTH, "battery < 15" },
    { &to_env, RULE_TARGET, "duty(\"网格员\", of=wearer)" },
    { &by_env, RULE_DURATION, "60 s" },
    { &to_env, RULE_TARGET, "neighbour(\"结对\")" },
    { &by_env, RULE_TRUTH, "verified and lives_in(vote.area) and age >= 18" },
    { &to_env, RULE_TARGET, "org(partner)" },
    { &to_env, RULE_TARGET, "resident_delegates" },
    { &by_env, RULE_MONEY, "100000 fen" },
    { &by_env, RULE_NUMBER, "compare(3)" },
    { &by_env, RULE_TRUTH,
      "age >= 80 and registered_in(county) and not tag(\"高龄津贴\") and not tag(\"已故\")" },
    { &to_env, RULE_TARGET, "list(duty(\"网格员\"))" },
    { &to_env, RULE_EFFECT, "before_payment" },
    { &by_env, RULE_TRUTH, "death or moved_out(county)" },
    { &alarm_env, RULE_TRUTH, "avg(heart, 10 min) > 100 and rate(heart, 1 h) > 5" },
    { &alarm_env, RULE_TRUTH, "last(reading, 1 day) > 3" },
    // clang-format on
};

TEST(every_rule_of_the_scenes_parses_and_prints_in_both_languages)
{
    for (size_t i = 0; i < COUNT(scenes); i++) {
        const struct rule *rule = parse(scenes[i].env, scenes[i].text, scenes[i].expected);
        if (!rule)
            fail_msg("%s: %.*s", scenes[i].text, STR_ARG(problems.first->says));
        CHECK_TEXT(rule_print(&arena, rule, RULE_EN), str_of(scenes[i].text));
        check_round_trip(scenes[i].env, rule, RULE_ZH);
    }
}

TEST(the_same_word_is_a_right_here_and_a_target_there)
{
    CHECK(parse(&by_env, "duty(\"网格员\")", RULE_TRUTH));
    CHECK(parse(&to_env, "duty(\"网格员\")", RULE_TARGET));
    CHECK(!parse(&to_env, "duty(\"网格员\")", RULE_TRUTH));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_rule_of_the_scenes_parses_and_prints_in_both_languages, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_word_is_a_right_here_and_a_target_there, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
