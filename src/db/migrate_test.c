#include "database.h"

#include <pthread.h>

#include "base/lang.h"
#include "db/migrate.h"

static const struct migration two[] = {
    { 1, "0001_first",
      "CREATE TABLE first (id BIGINT PRIMARY KEY, seal @bytes@, size @real@);\n" },
    { 2, "0002_second",
      "-- two statements; and a word that is none: @byte@\n"
      "CREATE TABLE second (id BIGINT PRIMARY KEY);\n"
      "INSERT INTO second (id) VALUES (42);\n" },
    { 0, NULL, NULL },
};

TEST(the_programs_own_migrations_apply_once)
{
    struct str where = test_database(state);
    size_t     applied;

    CHECK_INT(migrate_check(where), RC_CONFLICT);
    CHECK_INT(migrate(where, &applied), RC_OK);
    CHECK(applied > 0);
    CHECK_INT(migrate(where, &applied), RC_OK);
    CHECK_INT(applied, 0);
    CHECK_INT(migrate_check(where), RC_OK);
    CHECK_INT(test_sql(where, "SELECT count(*) FROM leases"), 0);
}

TEST(a_database_that_is_behind_gets_only_what_it_lacks)
{
    struct str       where = test_database(state);
    struct migration one[] = { two[0], { 0 } };
    size_t           applied;

    CHECK_INT(migrate_from(where, one, &applied), RC_OK);
    CHECK_INT(applied, 1);
    CHECK_INT(migrate_from(where, two, &applied), RC_OK);
    CHECK_INT(applied, 1);
    CHECK_INT(test_sql(where, "SELECT id FROM second"), 42);
    CHECK_INT(
        test_sql(where, "SELECT count(*) FROM migrations WHERE at_ms > 1700000000000"), 2);
}

TEST(a_text_that_has_changed_stops_the_start)
{
    struct str       where = test_database(state);
    struct migration changed[] = { two[0], two[1], { 0 } };
    size_t           applied;

    CHECK_INT(migrate_from(where, two, &applied), RC_OK);
    changed[0].sql = "CREATE TABLE first (id BIGINT PRIMARY KEY);\n";
    CHECK_INT(migrate_from(where, changed, &applied), RC_CONFLICT);
}

TEST(a_database_newer_than_the_program_stops_the_start)
{
    struct str       where = test_database(state);
    struct migration one[] = { two[0], { 0 } };
    size_t           applied;

    CHECK_INT(migrate_from(where, two, &applied), RC_OK);
    CHECK_INT(migrate_from(where, one, &applied), RC_CONFLICT);
}

TEST(a_migration_that_fails_halfway_leaves_nothing)
{
    struct str       where = test_database(state);
    struct migration bad[] = { two[0], two[1], { 0 } };
    size_t           applied;

    bad[1].sql =
        "CREATE TABLE second (id BIGINT PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);\n";
    CHECK(migrate_from(where, bad, &applied) != RC_OK);
    CHECK_INT(applied, 1);
    CHECK_INT(migrate_from(where, two, &applied), RC_OK);
    CHECK_INT(applied, 1);
    CHECK_INT(test_sql(where, "SELECT id FROM second"), 42);
}

struct server {
    struct str where;
    size_t     applied;
    enum rc    rc;
};

static void *start(void *context)
{
    struct server *server = context;

    server->rc = migrate_from(server->where, two, &server->applied);
    return NULL;
}

TEST(of_servers_that_start_at_once_one_migrates)
{
    struct str    where = test_database(state);
    struct server servers[6];
    pthread_t     threads[COUNT(servers)];
    size_t        applied = 0;

    for (size_t i = 0; i < COUNT(servers); i++) {
        servers[i] = (struct server){ .where = where };
        CHECK_INT(pthread_create(&threads[i], NULL, start, &servers[i]), 0);
    }
    for (size_t i = 0; i < COUNT(servers); i++) {
        CHECK_INT(pthread_join(threads[i], NULL), 0);
        CHECK_INT(servers[i].rc, RC_OK);
        applied += servers[i].applied;
    }
    CHECK_INT(applied, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(the_programs_own_migrations_apply_once),
        ON_BOTH(a_database_that_is_behind_gets_only_what_it_lacks),
        ON_BOTH(a_text_that_has_changed_stops_the_start),
        ON_BOTH(a_database_newer_than_the_program_stops_the_start),
        ON_BOTH(a_migration_that_fails_halfway_leaves_nothing),
        ON_BOTH(of_servers_that_start_at_once_one_migrates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
