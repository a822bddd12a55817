/* Every statement of the program finds its rows by an index, in its order. */
#include "plans.h"
#include "town.h"

#include <stdio.h>

#include "db/catalogue.h"
#include "db/migrate.h"

/* Photos that wait for the decoder or for their files' removal: partial indexes of what
 * waits, read up to a limit.  Leases and counties: one row for each of at most 4,096
 * counties.  Copies of photos for the public: the same.  Deletions: some a day, looked
 * through every ten seconds.  Recounts: a row for each county whose calendar has just been
 * loaded. */
static const char *const bounded[] = {
    "photo_count_new",        "photo_list_gone", "lease_all",
    "journal_county_numbers", "forget_left",     "calendar_recounts_all",
    "copy_list_new",          "copy_list_gone",  NULL
};

TEST(every_statement_finds_its_rows_by_an_index)
{
    struct str where = test_database(state);
    size_t     applied;

    CHECK_INT(migrate(where, &applied), RC_OK);
    test_plans(where, town_stmts, town_nstmts, bounded);
}

/* case_page.SCOPE.BUCKET.LATE.CATEGORY.ORDER: the index of its areas and categories; NULL
 * for others.  What somebody holds (SCOPE 4) is not offered by category. */
static const char *index_of_category(const struct stmt *stmt)
{
    static const char *const indexes[] = { "cases_county_category ",
                                           "cases_street_category ",
                                           "cases_community_category ",
                                           "cases_grid_category " };
    unsigned                 scope, late, category, order;

    if (sscanf(stmt->name, "case_page.%u.0.%u.%u.%u", &scope, &late, &category, &order) !=
        4)
        return NULL;
    return scope < COUNT(indexes) && category == 1 ? indexes[scope] : NULL;
}

/* By the index of all categories it is found too, in order and without a sort: after all
 * the others have been looked at. */
TEST(a_page_of_one_category_looks_at_no_other)
{
    struct str           where = test_database(state);
    struct db_catalogue *catalogue = db_catalogue_new(town_stmts, town_nstmts);
    struct arena         arena;
    struct db           *db;
    size_t               applied, found = 0;

    CHECK_INT(migrate(where, &applied), RC_OK);
    CHECK_INT(db_open(where, DB_READ, catalogue, &db), RC_OK);
    arena_init(&arena, ARENA_IMPORT_BYTES);
    for (size_t i = 0; i < catalogue->n; i++) {
        const struct stmt *stmt = catalogue->stmts[i];
        const char        *index = index_of_category(stmt);
        if (!index)
            continue;
        CHECK(str_has(test_plan(db, &arena, stmt), str_of(index)));
        found++;
    }
    CHECK_INT(found, 24);
    arena_free(&arena);
    db_close(&db);
    db_catalogue_free(&catalogue);
}

/* The county's index would do, and look at everybody. */
TEST(decoys_are_found_without_a_look_at_residents)
{
    struct str           where = test_database(state);
    struct db_catalogue *catalogue = db_catalogue_new(town_stmts, town_nstmts);
    struct arena         arena;
    struct db           *db;
    size_t               applied, found = 0;

    CHECK_INT(migrate(where, &applied), RC_OK);
    CHECK_INT(db_open(where, DB_READ, catalogue, &db), RC_OK);
    arena_init(&arena, ARENA_REQUEST_BYTES);
    for (size_t i = 0; i < catalogue->n; i++)
        if (str_eq(str_of(catalogue->stmts[i]->name), STR("person_decoys"))) {
            CHECK(
                str_has(test_plan(db, &arena, catalogue->stmts[i]), STR("people_decoys")));
            found++;
        }
    CHECK_INT(found, 1);
    arena_free(&arena);
    db_close(&db);
    db_catalogue_free(&catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = { ON_BOTH(every_statement_finds_its_rows_by_an_index),
                                        ON_SQLITE(a_page_of_one_category_looks_at_no_other),
                                        ON_BOTH(
                                            decoys_are_found_without_a_look_at_residents) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
