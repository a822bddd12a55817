#include "db/memo.h"

#include <string.h>

#include "database.h"
#include "db/db.h"

static struct db *given(void **state)
{
    struct db *db;

    CHECK_INT(db_open(test_database(state), DB_WRITE, NULL, &db), RC_OK);
    return db;
}

/* The key's own text is copied, the value is not. */
static void keep(struct db *db, const int *value)
{
    char key[] = "what";

    memo_add(db, str_of(key), value);
    memset(key, 0, sizeof key);
}

static const int *found(struct db *db)
{
    return memo_find(db, STR("what"));
}

static const int one = 1, two = 2;

TEST(it_is_found_until_its_transaction_ends)
{
    struct db *db = given(state);

    keep(db, &one);
    CHECK(!found(db) && !memo_arena(db)); /* no transaction */
    CHECK_INT(db_begin(db), RC_OK);
    keep(db, NULL);
    CHECK(!found(db));
    keep(db, &one);
    CHECK(found(db) == &one && !memo_find(db, STR("wha")));
    CHECK_INT(db_commit(db), RC_OK);
    CHECK(!found(db));
    CHECK_INT(db_begin(db), RC_OK);
    CHECK(!found(db));
    keep(db, &one);
    db_rollback(db);
    CHECK(!found(db));
    CHECK_INT(db_begin(db), RC_OK);
    CHECK(!found(db));
    db_rollback(db);
    CHECK_INT(db_snapshot(db), RC_OK); /* nobody's alone */
    CHECK(!memo_arena(db));
    db_snapshot_end(db);
    db_close(&db);
}

TEST(whoever_goes_back_or_changes_something_lets_all_of_it_go)
{
    struct db *db = given(state);

    CHECK_INT(db_begin(db), RC_OK);
    keep(db, &one);
    CHECK_INT(db_savepoint(db), RC_OK);
    keep(db, &two);
    CHECK(found(db) == &two);
    db_back(db);
    CHECK(!found(db));
    keep(db, &one);
    memo_drop(db);
    CHECK(!found(db));
    db_rollback(db);
    db_close(&db);
}

TEST(what_there_is_no_room_for_is_read_again)
{
    struct db *db = given(state);

    CHECK_INT(db_begin(db), RC_OK);
    CHECK(!arena_take(memo_arena(db), ARENA_REQUEST_BYTES + 1));
    CHECK(!memo_arena(db));
    keep(db, &one);
    CHECK(!found(db));
    db_rollback(db);
    db_close(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(it_is_found_until_its_transaction_ends),
        ON_BOTH(whoever_goes_back_or_changes_something_lets_all_of_it_go),
        ON_BOTH(what_there_is_no_room_for_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
