#include "database.h"

#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/migrate.h"
#include "db/schema.h"

static struct arena  arena;
static struct schema schema;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return schema_read(&arena, 0, &schema) == RC_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct db *open_there(struct str where, enum db_mode mode)
{
    const struct stmts  *tables[] = { &schema.stmts, &schema_stmts };
    struct db_catalogue *catalogue = db_catalogue_new(tables, COUNT(tables));
    struct db           *db;

    assert_non_null(catalogue);
    CHECK_INT(schema_open(where, mode, catalogue, &db), RC_OK);
    return db;
}

static void close_there(struct db **db)
{
    struct db_catalogue *catalogue = NULL;

    memcpy(&catalogue, &(const struct db_catalogue *){ db_catalogue(*db) },
           sizeof catalogue);
    db_close(db);
    db_catalogue_free(&catalogue);
}

TEST(every_table_of_the_migrations_is_known_with_its_key)
{
    const struct table *cursors = schema_find(&schema, STR("cursors"));
    const struct table *houses = schema_find(&schema, STR("houses"));

    CHECK(schema.n > 20 && cursors && houses);
    CHECK_INT(cursors->nkey, 2);
    CHECK_TEXT(cursors->columns[cursors->key[1]].name, STR("follower"));
    CHECK_INT(houses->columns[8].kind, KIND_REAL);
    for (size_t i = 0; i < schema.n; i++)
        CHECK(schema.tables[i].nkey > 0);
}

TEST(an_older_schema_has_the_tables_of_its_time)
{
    struct schema older;

    CHECK_INT(schema_read(&arena, 1, &older), RC_OK);
    CHECK(schema_find(&older, STR("journal")) && !schema_find(&older, STR("people")));
    CHECK_INT(schema_read(&arena, 9999, &older), RC_NOT_FOUND);
}

static void add_houses(struct db *db, int64_t n)
{
    const struct table *houses = schema_find(&schema, STR("houses"));
    struct db_value     row[16];

    CHECK_INT(db_begin(db), RC_OK);
    CHECK_INT(table_fill_begin(db, houses), RC_OK);
    for (int64_t i = 0; i < n; i++) {
        for (size_t at = 0; at < houses->ncolumns; at++)
            row[at] = (struct db_value){ .kind = houses->columns[at].kind,
                                         .text = STR("山水家园") };
        row[0].number = 7;
        row[1].number = i * 3;
        row[8].null = i % 2;
        row[8].real = -1.5;
        CHECK_INT(table_fill(db, houses, row), RC_OK);
    }
    CHECK_INT(table_fill_end(db, houses), RC_OK);
    CHECK_INT(db_commit(db), RC_OK);
}

struct seen {
    int64_t n, last, nulls;
};

static enum rc see(void *context, const struct db_value *row)
{
    struct seen *seen = context;

    CHECK(row[1].number > seen->last);
    CHECK_TEXT(row[2].text, STR("山水家园"));
    CHECK(row[8].null || row[8].real + 1.5 == 0);
    seen->last = row[1].number;
    seen->nulls += row[8].null;
    seen->n++;
    return RC_OK;
}

TEST(a_table_is_filled_and_read_in_the_order_of_its_key)
{
    struct str          where = test_database(state);
    const struct table *houses = schema_find(&schema, STR("houses"));
    struct seen         seen = { .last = -1 };
    struct db_value     key[2];
    int64_t             n;
    bool                by_bytes;

    CHECK_INT(migrate_to(where, schema_newest()), RC_OK);
    struct db *db = open_there(where, DB_WRITE);
    CHECK_INT(schema_sorts_by_bytes(db, &by_bytes), RC_OK);
    CHECK(by_bytes);
    CHECK_INT(table_last(db, &arena, houses, key), RC_NOT_FOUND);
    add_houses(db, 2500);
    CHECK_INT(table_count(db, houses, &n), RC_OK);
    CHECK_INT(n, 2500);
    CHECK_INT(table_walk(db, houses, NULL, see, &seen), RC_OK);
    CHECK_INT(seen.n, 2500);
    CHECK_INT(seen.nulls, 1250);
    CHECK_INT(table_last(db, &arena, houses, key), RC_OK);
    CHECK_INT(key[1].number, 2499 * 3);
    key[1].number = 30;
    seen = (struct seen){ .last = 30 };
    CHECK_INT(table_walk(db, houses, key, see, &seen), RC_OK);
    CHECK_INT(seen.n, 2500 - 11);
    CHECK_INT(table_clear(db, houses), RC_OK);
    CHECK_INT(table_count(db, houses, &n), RC_OK);
    CHECK_INT(n, 0);
    close_there(&db);
}

TEST(what_is_there_is_known_before_it_is_touched)
{
    struct str        where = test_database(state);
    enum schema_found found;

    CHECK_INT(schema_look(where, &found), RC_OK);
    CHECK_INT(found, SCHEMA_NOTHING);
    CHECK_INT(migrate_to(where, 3), RC_OK);
    CHECK_INT(schema_look(where, &found), RC_OK);
    CHECK_INT(found, SCHEMA_HALF);
    (void)test_sql(where, "INSERT INTO installation (name, value) VALUES ('made', 'yes')");
    CHECK_INT(schema_look(where, &found), RC_OK);
    CHECK_INT(found, SCHEMA_MADE);
}

static enum rc nothing(void *context, const struct db_value *row)
{
    (void)context, (void)row;
    return RC_OK;
}

TEST(every_table_can_be_read)
{
    struct str where = test_database(state);
    int64_t    n;

    CHECK_INT(migrate_to(where, schema_newest()), RC_OK);
    struct db *db = open_there(where, DB_READ);
    for (size_t i = 0; i < schema.n; i++) {
        CHECK_INT(table_count(db, &schema.tables[i], &n), RC_OK);
        CHECK_INT(table_walk(db, &schema.tables[i], NULL, nothing, NULL), RC_OK);
    }
    close_there(&db);
}

TEST(a_password_is_not_told_with_the_address)
{
    CHECK_TEXT(schema_where(&arena, STR("postgresql://linli:s3cret@db.local:5432/linli")),
               STR("postgresql://linli@db.local:5432/linli"));
    CHECK_TEXT(schema_where(&arena, STR("postgresql://db.local/linli?password=s3cret")),
               STR("postgresql://db.local/linli"));
    CHECK_TEXT(schema_where(&arena, STR("postgresql://db.local/linli")),
               STR("postgresql://db.local/linli"));
    CHECK_TEXT(schema_where(&arena, STR("postgres://linli:s3cret@db.local/linli")),
               STR("postgres://linli@db.local/linli"));
    CHECK_TEXT(schema_where(&arena, STR("postgres://al@db.local/linli")),
               STR("postgres://al@db.local/linli"));
    CHECK_TEXT(schema_where(&arena, STR("postgresql://linli:s3@cret@db.local/linli")),
               STR("postgresql://linli@db.local/linli"));
    CHECK_TEXT(schema_where(&arena, STR("var/linli.db")), STR("var/linli.db"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_of_the_migrations_is_known_with_its_key),
        cmocka_unit_test(an_older_schema_has_the_tables_of_its_time),
        ON_BOTH(a_table_is_filled_and_read_in_the_order_of_its_key),
        ON_BOTH(what_is_there_is_known_before_it_is_touched),
        ON_BOTH(every_table_can_be_read),
        cmocka_unit_test(a_password_is_not_told_with_the_address),
    };
    log_threshold(LOG_ERROR);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
