#include "guard/guard_fixture.h"

#include "guard/guard_store.h"

enum { PARAMS_MAX = 16 };

static void some_values(const struct stmt *stmt, struct db_value values[PARAMS_MAX])
{
    assert(stmt->nparams <= PARAMS_MAX);
    for (size_t i = 0; i < stmt->nparams; i++)
        values[i] =
            (struct db_value){ .kind = stmt->params[i], .number = 1, .text = STR("x") };
}

TEST(no_statement_reads_a_whole_table_or_another_county)
{
    struct fixture  f;
    struct db_value values[PARAMS_MAX];

    fixture_open(&f, state);
    for (const struct stmt *const *stmt = guard_stmts.all; *stmt; stmt++) {
        some_values(*stmt, values);
        struct str plan = db_plan(f.db, &f.arena, *stmt, values, (*stmt)->nparams);
        if (str_has(plan, STR("SCAN")) || str_has(plan, STR("TEMP B-TREE")))
            fail_msg("%s: %.*s", (*stmt)->name, STR_ARG(plan));
        CHECK(str_has(str_of((*stmt)->sql), STR("county")));
    }
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(no_statement_reads_a_whole_table_or_another_county),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
