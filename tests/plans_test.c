/* Every statement of the program finds its rows by an index, in its order. */
#include "plans.h"
#include "town.h"

#include "db/migrate.h"

/* Photos that wait for the decoder or for their files' removal: partial indexes of what
 * waits, read up to a limit.  Leases and counties: one row for each of at most 4,096
 * counties.  Deletions: some a day, looked through every ten seconds. */
static const char *const bounded[] = { "photo_count_new", "photo_list_gone", "lease_all",
                                       "journal_county_numbers", "forget_left", NULL };

TEST(every_statement_finds_its_rows_by_an_index)
{
    struct str where = test_database(state);
    size_t     applied;

    CHECK_INT(migrate(where, &applied), RC_OK);
    test_plans(where, town_stmts, town_nstmts, bounded);
}

int main(void)
{
    const struct CMUnitTest tests[] = { ON_BOTH(
        every_statement_finds_its_rows_by_an_index) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
