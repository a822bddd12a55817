/* Runs tests/rules/<file>.rules (see names.rules and docs/rules.md): blocks of
 *     rule …          the text; lines that begin with two blanks go on with it
 *     type …          what is expected of it, truth if not said
 *     en … / zh …     canonical text
 *     error 1:8 …     a problem: line, column and sentence, in order
 *     when … member … the record and those of its household
 *     then …          yes, no, unknown WHAT, or value TEXT
 *     says …          one sentence of the explanation, in order
 * The same lines are given to other implementations as tests/vectors/rules.json. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "rule/world.h"

struct block {
    const char               *file;
    size_t                    line;
    struct world             *world;
    struct problems           problems;
    struct problem           *told; /* the next to be named by an `error` line */
    struct str                text;
    unsigned                  expected;
    const struct rule        *rule;
    bool                      parsed;
    struct sample             sample;
    const struct rule_clause *clauses;
    size_t                    nclauses, said;
    int64_t                   now_ms;
};

static struct arena  arena;
static struct world *world;

static struct str slurp(const char *file)
{
    const char *root = getenv("LINLI_SOURCE");
    struct str  path = str_fmt(&arena, "%s/tests/rules/%s.rules", root ? root : "..", file);
    FILE       *in = fopen(str_z(&arena, path), "r");

    assert_non_null(in);
    char  *text = arena_take(&arena, 64 << 10);
    size_t len = fread(text, 1, 64 << 10, in);
    fclose(in);
    return str_slice(text, len);
}

static void wrong(const struct block *b, struct str got, struct str want)
{
    fail_msg("tests/rules/%s.rules:%zu: %.*s\n  got  %.*s\n  want %.*s", b->file, b->line,
             STR_ARG(b->text), STR_ARG(got), STR_ARG(want));
}

static void same(const struct block *b, struct str got, struct str want)
{
    if (!str_eq(got, want))
        wrong(b, got, want);
}

/* ------------------------------------------------------------ the lines */

static void parse_now(struct block *b)
{
    if (b->parsed)
        return;
    b->parsed = true;
    problems_init(&b->problems, &arena);
    b->rule = rule_parse(&arena, &world->env, (struct rule_source){ .text = b->text },
                         b->expected, &b->problems);
    b->told = b->problems.first;
    sample_init(&b->sample, world, b->now_ms);
}

static void need_rule(struct block *b)
{
    parse_now(b);
    if (!b->rule)
        wrong(b, b->problems.first->says, STR("a rule"));
}

static void line_rule(struct block *b, struct str rest)
{
    b->text = rest;
    b->parsed = false;
    b->rule = NULL;
    b->told = NULL;
    b->expected = RULE_TRUTH;
}

static void line_type(struct block *b, struct str rest)
{
    b->expected = type_of_word(rest);
}

static void line_print(struct block *b, struct str want, enum rule_words words)
{
    need_rule(b);
    struct str printed = rule_print(&arena, b->rule, words);
    same(b, printed, want);
}

static void line_en(struct block *b, struct str rest)
{
    line_print(b, rest, RULE_EN);
}

static void line_zh(struct block *b, struct str rest)
{
    line_print(b, rest, RULE_ZH);
}

static void line_error(struct block *b, struct str rest)
{
    parse_now(b);
    if (!b->told) {
        wrong(b, STR("no problem"), rest);
        return; /* the analyser does not know that a failed test goes no further */
    }
    struct str got = str_fmt(&arena, "%d:%d %.*s", (int)b->told->line, (int)b->told->column,
                             STR_ARG(b->told->says));
    b->told = b->told->next;
    same(b, got, rest);
}

static void line_when(struct block *b, struct str rest)
{
    need_rule(b);
    sample_init(&b->sample, world, b->now_ms);
    sample_read(&b->sample, rest);
}

static void line_member(struct block *b, struct str rest)
{
    sample_member(&b->sample, rest);
}

static struct str result_of_test(const struct block *b)
{
    struct rule_why why;

    switch (rule_test(b->rule, &b->sample.record, &why)) {
    case RULE_YES:
        return STR("yes");
    case RULE_NO:
        return STR("no");
    case RULE_UNKNOWN:
        break;
    }
    return str_fmt(&arena, "unknown %.*s", STR_ARG(why.missing));
}

static struct str result_of_value(const struct block *b)
{
    struct rule_value value = rule_value(b->rule, &b->sample.record, NULL);
    struct str        text = rule_value_zh(&arena, &value);

    return value.known ? str_fmt(&arena, "value %.*s", STR_ARG(text))
                       : str_fmt(&arena, "unknown %.*s", STR_ARG(value.note));
}

static void line_then(struct block *b, struct str rest)
{
    need_rule(b);
    bool truth = b->expected == RULE_TRUTH;
    same(b, truth ? result_of_test(b) : result_of_value(b), rest);
    b->clauses =
        truth ? rule_explain(&arena, b->rule, &b->sample.record, &b->nclauses) : NULL;
    b->said = 0;
}

static void line_says(struct block *b, struct str rest)
{
    if (!b->clauses || b->said == b->nclauses)
        wrong(b, STR("no clause"), rest);
    else
        same(b, b->clauses[b->said++].says, rest);
}

static void line_now(struct block *b, struct str rest)
{
    CHECK(clock_parse(rest, &b->now_ms));
}

static void line_name(struct block *b, struct str rest)
{
    (void)b;
    world_name(world, rest);
}

static const struct {
    struct str word;
    void (*run)(struct block *b, struct str rest);
} lines[] = {
    // clang-format off
    { STR_INIT("rule"), line_rule },   { STR_INIT("type"), line_type },
    { STR_INIT("en"), line_en },       { STR_INIT("zh"), line_zh },
    { STR_INIT("error"), line_error }, { STR_INIT("when"), line_when },
    { STR_INIT("member"), line_member }, { STR_INIT("then"), line_then },
    { STR_INIT("says"), line_says },   { STR_INIT("now"), line_now },
    { STR_INIT("name"), line_name },
    // clang-format on
};

/* ----------------------------------------------------------- the files */

/* At the end of a block: nothing may be left unsaid. */
static void check_block(struct block *b)
{
    if (b->text.at && !b->parsed)
        need_rule(b);
    if (b->told)
        wrong(b, b->told->says, STR("no further problem"));
    if (b->rule) {
        struct str         zh = rule_print(&arena, b->rule, RULE_ZH);
        const struct rule *again =
            rule_parse(&arena, &world->env, (struct rule_source){ .text = zh }, b->expected,
                       &b->problems);
        if (!again)
            wrong(b, b->problems.first->says, zh);
        same(b, rule_print(&arena, again, RULE_EN), rule_print(&arena, b->rule, RULE_EN));
    }
    b->text = STR_NONE;
    b->parsed = false;
    b->rule = NULL;
}

static void run_line(struct block *b, struct str line)
{
    struct str rest = line, word = take_word(&rest);

    for (size_t i = 0; i < COUNT(lines); i++)
        if (str_eq(word, lines[i].word)) {
            lines[i].run(b, rest.at ? str_trim(rest) : STR(""));
            return;
        }
    wrong(b, line, STR("a line that begins with rule, when, then …"));
}

static void run_file(const char *file)
{
    struct block b = { .file = file, .now_ms = 1772330400000 };

    for (struct str_cut cut = { .tail = slurp(file), .ok = true };
         cut.ok && cut.tail.len;) {
        cut = str_cut(cut.tail, '\n');
        b.line++;
        if (str_starts(cut.head, STR("  ")))
            b.text = str_fmt(&arena, "%.*s\n%.*s", STR_ARG(b.text), STR_ARG(cut.head));
        else if (str_empty(cut.head))
            check_block(&b);
        else if (cut.head.at[0] != '#')
            run_line(&b, cut.head);
    }
    check_block(&b);
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    world = arena_new(&arena, struct world);
    world_init(world, &arena);
    run_file("names");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

TEST(and_or_not_are_three_valued)
{
    run_file("logic");
}

TEST(numbers_money_and_lengths_are_exact)
{
    run_file("numbers");
}

TEST(dates_times_and_durations_count_in_beijing)
{
    run_file("dates");
}

TEST(texts_sets_and_closed_lists_compare)
{
    run_file("texts");
}

TEST(areas_places_and_households_are_looked_into)
{
    run_file("areas");
}

TEST(what_lasts_is_asked_of_the_record)
{
    run_file("lasting");
}

TEST(chinese_words_and_punctuation_mean_the_same)
{
    run_file("chinese");
}

TEST(mistakes_are_told_with_place_and_remedy)
{
    run_file("mistakes");
}

TEST(what_does_not_fit_together_is_told_too)
{
    run_file("misfits");
}

TEST(results_are_explained_clause_by_clause)
{
    run_file("explained");
}

#define CASE(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(and_or_not_are_three_valued),
        CASE(numbers_money_and_lengths_are_exact),
        CASE(dates_times_and_durations_count_in_beijing),
        CASE(texts_sets_and_closed_lists_compare),
        CASE(areas_places_and_households_are_looked_into),
        CASE(what_lasts_is_asked_of_the_record),
        CASE(chinese_words_and_punctuation_mean_the_same),
        CASE(mistakes_are_told_with_place_and_remedy),
        CASE(what_does_not_fit_together_is_told_too),
        CASE(results_are_explained_clause_by_clause),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
