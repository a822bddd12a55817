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

static const struct rule *parse(const struct rule_env *env, const char *text,
                                unsigned expected)
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

/* --------------------------------------------------------------- limits */

static struct str repeated(const char *piece, size_t n, const char *end)
{
    struct str *parts = arena_many(&arena, n + 1, struct str);

    for (size_t i = 0; i < n; i++)
        parts[i] = str_of(piece);
    parts[n] = str_of(end);
    return str_join(&arena, parts, n + 1, STR(""));
}

static struct str told(struct str text)
{
    problems_init(&problems, &arena);
    CHECK(!rule_parse(&arena, &by_env, (struct rule_source){ .text = text }, RULE_TRUTH,
                      &problems));
    return problems.first->says;
}

TEST(too_long_too_many_and_too_deep_are_refused)
{
    CHECK_TEXT(told(repeated("urgent and ", 400, "urgent")),
               STR("规则太长：最多 4096 字节。"));
    CHECK_TEXT(told(repeated("urgent or ", 300, "urgent")),
               STR("规则太长：最多 256 个部分，请拆成几条。"));
    const char *nested[] = { "(", "not ", "1 + ", "household(", "[", "- " };
    for (size_t i = 0; i < COUNT(nested); i++)
        CHECK(told(repeated(nested[i], 200, "age")).len > 0);
    CHECK_TEXT(told(repeated("(", 3000, "")),
               STR("套得太深：最多 32 层，请拆成几条规则。"));
    CHECK_TEXT(told(repeated("household(", 300, "")),
               STR("套得太深：最多 32 层，请拆成几条规则。"));
    CHECK_TEXT(told(repeated("1 + ", 100, "1 = 1")),
               STR("套得太深：最多 32 层，请拆成几条规则。"));
}

TEST(depth_and_width_within_the_limits_are_fine)
{
    struct rule_source deep = { .text = repeated("(", 31, "urgent") };

    deep.text =
        str_fmt(&arena, "%.*s%.*s", STR_ARG(deep.text), STR_ARG(repeated(")", 31, "")));
    CHECK(rule_parse(&arena, &by_env, deep, RULE_TRUTH, &problems));
    struct rule_source wide = { .text = repeated("urgent or ", 254, "urgent") };
    CHECK(rule_parse(&arena, &by_env, wide, RULE_TRUTH, &problems));
}

static bool taken(struct str text)
{
    problems_init(&problems, &arena);
    return rule_parse(&arena, &by_env, (struct rule_source){ .text = text }, RULE_TRUTH,
                      &problems);
}

static struct str bracketed(size_t n)
{
    struct str open = repeated("(", n, "urgent"), closed = repeated(")", n, "");

    return str_fmt(&arena, "%.*s%.*s", STR_ARG(open), STR_ARG(closed));
}

TEST(the_longest_widest_and_deepest_that_may_be_are_taken_and_no_more)
{
    size_t blanks = RULE_TEXT_MAX - STR("urgent").len;

    CHECK(taken(repeated(" ", blanks, "urgent")));
    CHECK_TEXT(told(repeated(" ", blanks + 1, "urgent")),
               STR("规则太长：最多 4096 字节。"));
    CHECK(taken(repeated("urgent or ", RULE_NODES_MAX - 2, "urgent")));
    CHECK_TEXT(told(repeated("urgent or ", RULE_NODES_MAX - 1, "urgent")),
               STR("规则太长：最多 256 个部分，请拆成几条。"));
    CHECK(taken(bracketed(RULE_DEPTH_MAX - 1)));
    CHECK_TEXT(told(bracketed(RULE_DEPTH_MAX)),
               STR("套得太深：最多 32 层，请拆成几条规则。"));
}

TEST(bad_bytes_are_a_problem_not_a_crash)
{
    CHECK_TEXT(told(STR("age \xff 3")), STR("规则里有看不见的字符，或者不是 UTF-8 文字。"));
    CHECK_TEXT(told(STR("age \0 3")), STR("规则里有看不见的字符，或者不是 UTF-8 文字。"));
    CHECK_TEXT(told(STR("category = \"a\\")), STR("文字后面少了引号。"));
    CHECK_TEXT(told(STR("category = “a＼")), STR("文字后面少了引号。"));
    CHECK(told(STR_NONE).len > 0);
}

TEST(an_arena_that_is_over_is_told)
{
    for (size_t n = 1; n < 20; n++) {
        struct arena small;
        arena_init(&small, 1 << 20);
        arena_fail_at(n);
        const struct rule *rule = rule_parse(
            &small, &by_env,
            (struct rule_source){ .text = STR("category in [\"治安\", \"a\\\"b\"] or "
                                              "age > 3 and duty(\"网格员\")") },
            RULE_TRUTH, &problems);
        arena_fail_at(0);
        CHECK(!rule);
        CHECK(problems.n > 0);
        arena_free(&small);
    }
}

/* ------------------------------------------------------------- positions */

TEST(problems_stand_where_the_scene_file_has_them)
{
    struct rule_source source = { .text = STR("age > 3\n  and agee > 4"),
                                  .where = STR("cases/problem/stop"),
                                  .line = 12,
                                  .column = 20 };

    CHECK(!rule_parse(&arena, &by_env, source, RULE_TRUTH, &problems));
    CHECK_INT(problems.first->line, 13);
    CHECK_INT(problems.first->column, 7);
    CHECK_TEXT(problems.first->where, STR("cases/problem/stop"));
    source.text = STR("年龄 > 3 且 agee > 4");
    problems_init(&problems, &arena);
    CHECK(!rule_parse(&arena, &by_env, source, RULE_TRUTH, &problems));
    CHECK_INT(problems.first->line, 12);
    CHECK_INT(problems.first->column, 29); /* characters, not bytes */
}

TEST(what_a_rule_names_can_be_listed)
{
    size_t             n;
    const struct rule *rule =
        parse(&by_env, "duty(\"网格员\") and area in [\"420602\", \"420603\"] or holder",
              RULE_TRUTH);
    const struct rule_mention *mentions = rule_mentions(&arena, rule, &n);

    CHECK_INT(n, 6);
    CHECK_TEXT(mentions[0].function->name, STR("duty"));
    CHECK_TEXT(mentions[1].kind, STR("duty"));
    CHECK_TEXT(mentions[1].text, STR("网格员"));
    CHECK_INT(mentions[1].column, 6);
    CHECK_TEXT(mentions[2].name->name, STR("area"));
    CHECK_TEXT(mentions[3].kind, STR("area"));
    CHECK_TEXT(mentions[4].text, STR("420603"));
    CHECK_TEXT(mentions[5].name->name, STR("holder"));
}

TEST(titles_that_would_be_words_of_the_language_cannot_be_names)
{
    const char *good[] = { "类别", "紧急吗", "age", "PM25", "年龄组", "or_not", "分类" };
    const char *bad[] = { "",      "且",  "or", "分", "天", "回 电", "面积（平方米）",
                          "3号楼", "min", "a.b" };

    for (size_t i = 0; i < COUNT(good); i++)
        CHECK(rule_is_word(str_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!rule_is_word(str_of(bad[i])));
}

TEST(the_nearest_word_is_found_across_the_twins)
{
    CHECK_TEXT(rule_nearest(&arena, &by_env, STR("categori")), STR("category（类别）"));
    CHECK_TEXT(rule_nearest(&arena, &by_env, STR("Urgent")), STR("urgent（紧急）"));
    CHECK_TEXT(rule_nearest(&arena, &by_env, STR("报告仁")), STR("报告人（reporter）"));
    CHECK(!rule_nearest(&arena, &by_env, STR("电梯")).len);
    CHECK(!rule_nearest(&arena, &by_env, STR("\xff\xfe")).len);
    const struct str words[] = { STR_INIT("accept"), STR_INIT("refuse") };
    CHECK_TEXT(rule_nearest_of(STR("acept"), words, COUNT(words)), STR("accept"));
}

/* --------------------------------------------------------------- running */

TEST(constants_need_no_record)
{
    struct rule_value value;

    CHECK(rule_constant(parse(&by_env, "3 working days", RULE_DURATION), &value));
    CHECK_INT(value.span.n, 3);
    CHECK_INT(value.span.unit, RULE_WORKING_DAYS);
    CHECK(rule_constant(parse(&by_env, "1.5 h", RULE_DURATION), &value));
    CHECK_INT(value.span.n, 5400000);
    CHECK(rule_constant(parse(&by_env, "1.5 years", RULE_DURATION), &value));
    CHECK_INT(value.span.n, 18);
    CHECK(rule_constant(parse(&by_env, "12.34 yuan", RULE_MONEY), &value));
    CHECK_INT(value.number.digits, 1234);
    CHECK(!rule_constant(parse(&by_env, "age", RULE_NUMBER), &value));
    CHECK(!rule_constant(parse(&by_env, "1 / 0", RULE_NUMBER), &value));
}

static void fetch_ages(const struct rule_record *record, const struct rule_name *name,
                       struct rule_value *value)
{
    (void)record;
    if (str_eq(name->name, STR("age")))
        *value = rule_int(50);
}

TEST(why_points_at_the_clause_that_decided)
{
    struct rule_record record = { .fetch = fetch_ages };
    struct rule_why    why;
    const struct rule *rule =
        parse(&by_env, "age > 18 and age > 65 and urgent", RULE_TRUTH);

    CHECK_INT(rule_test(rule, &record, &why), RULE_NO);
    CHECK_INT(why.column, 14);
    rule = parse(&by_env, "age > 18 and urgent", RULE_TRUTH);
    CHECK_INT(rule_test(rule, &record, &why), RULE_UNKNOWN);
    CHECK_INT(why.column, 14);
    CHECK_TEXT(why.missing, STR("紧急"));
    CHECK(!why.stopped);
}

/* A function that runs its rule on ever more sub-records. */
static void run_ever(struct rule_run *run, const struct rule_record *record,
                     const struct rule_function *function, const struct rule_value *args,
                     size_t nargs, struct rule_value *result)
{
    (void)function, (void)nargs;
    for (int i = 0; i < 100000; i++)
        if (rule_run(run, args[0].rule, record) == RULE_YES)
            *result = rule_truth_value(true);
}

TEST(a_rule_that_looks_at_too_much_is_stopped_and_unknown)
{
    static const struct rule_param    param[] = { { .name = STR_INIT("rule"),
                                                    .takes = RULE_RULE } };
    static const struct rule_function function = { .name = STR_INIT("ever"),
                                                   .gives = RULE_TRUTH,
                                                   .params = param,
                                                   .nparams = 1,
                                                   .run = run_ever };
    const struct rule_table           table = { .functions = &function, .nfunctions = 1 };
    const struct rule_table *const    tables[] = { &table };
    const struct rule_env             env = { tables, 1, false };
    struct rule_record                record = { 0 };
    struct rule_why                   why;

    const struct rule *rule = parse(&env, "ever(1 = 1) and ever(ever(1 = 1))", RULE_TRUTH);
    CHECK_INT(rule_test(rule, &record, &why), RULE_UNKNOWN);
    CHECK(why.stopped);
    CHECK(why.missing.len > 0);
}

TEST(each_lasting_test_has_its_own_number)
{
    const struct rule *rule =
        parse(&alarm_env, "heart > 100 for 5 min and (no reading for 1 h or worn for 2 h)",
              RULE_TRUTH);

    CHECK_INT(rule_overs(rule), 3);
    CHECK(!parse(&by_env, "urgent for 5 min", RULE_TRUTH));
}

TEST(an_argument_is_read_with_the_words_of_its_own_record)
{
    static const struct rule_name inner_names[] = {
        { .name = STR_INIT("floor"), .zh = STR_INIT("楼层"), .type = RULE_NUMBER }
    };
    static const struct rule_table inner_table = { .names = inner_names, .nnames = 1 };
    static const struct rule_table *const inner_tables[] = { &inner_table };
    static const struct rule_env          inner = { inner_tables, 1, false };
    static const struct rule_param        param[] = {
               { .name = STR_INIT("rule"), .takes = RULE_RULE, .env = &inner }
    };
    static const struct rule_function     function = { .name = STR_INIT("house"),
                                                       .gives = RULE_TRUTH,
                                                       .params = param,
                                                       .nparams = 1,
                                                       .run = run_ever };
    static const struct rule_table        outer_table = { .functions = &function,
                                                          .nfunctions = 1 };
    static const struct rule_table *const outer_tables[] = { &outer_table };
    static const struct rule_env          outer = { outer_tables, 1, false };

    CHECK(parse(&outer, "house(楼层大于6)", RULE_TRUTH));
    CHECK(!parse(&outer, "house(floor > 6) and floor > 6", RULE_TRUTH));
    CHECK_INT(problems.first->column, 22);
}

static void run_last(struct rule_run *run, const struct rule_record *record,
                     const struct rule_function *function, const struct rule_value *args,
                     size_t nargs, struct rule_value *result)
{
    (void)run, (void)record, (void)function;
    *result = rule_truth_value(args[0].type == 0 && args[nargs - 1].number.digits == 16);
}

TEST(as_many_arguments_as_may_be_are_given_beside_those_left_out)
{
    static const struct rule_param params[] = {
        { .name = STR_INIT("a"), .takes = RULE_TEXT, .optional = true },
        { .name = STR_INIT("b"), .takes = RULE_NUMBER, .many = true },
    };
    static const struct rule_function function = { .name = STR_INIT("last"),
                                                   .gives = RULE_TRUTH,
                                                   .params = params,
                                                   .nparams = COUNT(params),
                                                   .run = run_last };
    const struct rule_table           table = { .functions = &function, .nfunctions = 1 };
    const struct rule_table *const    tables[] = { &table };
    const struct rule_env             env = { tables, 1, false };
    const struct rule_record          record = { 0 };

    const struct rule *rule = parse(
        &env, "last(b=1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)", RULE_TRUTH);
    CHECK_INT(rule_test(rule, &record, NULL), RULE_YES);
    CHECK(!parse(&env, "last(b=1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)",
                 RULE_TRUTH));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_rule_of_the_scenes_parses_and_prints_in_both_languages),
        CASE(the_same_word_is_a_right_here_and_a_target_there),
        CASE(too_long_too_many_and_too_deep_are_refused),
        CASE(depth_and_width_within_the_limits_are_fine),
        CASE(the_longest_widest_and_deepest_that_may_be_are_taken_and_no_more),
        CASE(bad_bytes_are_a_problem_not_a_crash),
        CASE(an_arena_that_is_over_is_told),
        CASE(problems_stand_where_the_scene_file_has_them),
        CASE(what_a_rule_names_can_be_listed),
        CASE(titles_that_would_be_words_of_the_language_cannot_be_names),
        CASE(the_nearest_word_is_found_across_the_twins),
        CASE(constants_need_no_record),
        CASE(why_points_at_the_clause_that_decided),
        CASE(a_rule_that_looks_at_too_much_is_stopped_and_unknown),
        CASE(each_lasting_test_has_its_own_number),
        CASE(as_many_arguments_as_may_be_are_given_beside_those_left_out),
        CASE(an_argument_is_read_with_the_words_of_its_own_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
