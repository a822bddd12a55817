/* docs/rules.md holds the tables of words as the parser has them. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "rule/rule.h"

static struct arena arena;

static struct str docs(void)
{
    const char *root = getenv("LINLI_SOURCE");
    struct str  path = str_fmt(&arena, "%s/docs/rules.md", root ? root : "..");
    FILE       *in = fopen(str_z(&arena, path), "r");

    assert_non_null(in);
    char  *text = arena_take(&arena, 64 << 10);
    size_t len = fread(text, 1, 64 << 10, in);
    fclose(in);
    return str_slice(text, len);
}

TEST(the_page_on_rules_has_the_words_of_today)
{
    const struct rule_table *const tables[] = { &rule_common, &rule_person_table };
    const struct rule_env          env = { tables, COUNT(tables), false };

    arena_init(&arena, 1 << 20);
    struct str words = rule_words(&arena, &env);
    if (!str_has(docs(), words))
        fail_msg("put this into docs/rules.md:\n%.*s", STR_ARG(words));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        the_page_on_rules_has_the_words_of_today) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
