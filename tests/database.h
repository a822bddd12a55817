/* A database of its own for every test, on both engines: a file in a new folder,
 * or a database on the server that LINLI_TEST_PG names (tools/with-postgres makes
 * one; without it these tests are skipped, and say so).
 *
 *     TEST(a_row_is_kept) { struct str where = test_database(state); … }
 *     const struct CMUnitTest tests[] = { ON_BOTH(a_row_is_kept), … };
 *
 * It is empty: migrate() comes first. */
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H
#include "test.h"

struct str test_database(void **state); /* skips the test when there is none */
/* Runs SQL past the facade, with all rights, and gives the first cell as a number
 * (0: none): to prepare, to look, to break. */
int64_t test_sql(struct str where, const char *sql);

int test_on_sqlite(void **state);
int test_on_postgres(void **state);
int test_drop(void **state);

#define ON_SQLITE(test)                                                                    \
    {                                                                                      \
#test " (sqlite)", test, test_on_sqlite, test_drop, NULL                           \
    }
#define ON_POSTGRES(test)                                                                  \
    {                                                                                      \
#test " (postgres)", test, test_on_postgres, test_drop, NULL                       \
    }
#define ON_BOTH(test) ON_SQLITE(test), ON_POSTGRES(test)

#endif
