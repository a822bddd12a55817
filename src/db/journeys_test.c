/* Writes of a batch that are not waited for: on PostgreSQL they go with the next question,
 * and what failed among them is said by whatever is waited for next, once, and before it.
 * On SQLite each is done when it is asked for, and nothing is different. */
#include "database.h"
#include "relay.h"

#include "base/arena.h"
#include "db/engine.h"

static const struct stmt row_add = {
    .name = "row_add",
    .sql = "INSERT INTO rows_of_it (id) VALUES ($1)",
    DB_PARAMS(KIND_INT),
};
struct moved {
    int64_t id, to;
};
static const struct field moved_fields[] = { FIELD(struct moved, id, REQUIRED),
                                             FIELD(struct moved, to, REQUIRED) };
static const struct stmt  row_move = {
     .name = "row_move",
     .sql = "UPDATE rows_of_it SET id = $2 WHERE id = $1",
     DB_RECORD(moved_fields),
};
static const struct stmt row_count = {
    .name = "row_count",
    .sql = "SELECT count(*) AS n FROM rows_of_it",
    DB_NUMBER_ROW,
};
static const struct stmt row_each = {
    .name = "row_each",
    .sql = "SELECT id AS n FROM rows_of_it ORDER BY id",
    DB_NUMBER_ROW,
};
static const struct stmts stmts = {
    .all = (const struct stmt *const[]){ &row_add, &row_move, &row_count, &row_each, NULL },
};

struct fixture {
    struct arena         arena;
    struct str           where;
    struct db_catalogue *catalogue;
    struct db           *db;
};

static void open_at(struct fixture *f, struct str where)
{
    CHECK_INT(db_open(where, DB_WRITE, f->catalogue, &f->db), RC_OK);
    db_trust(f->db, true);
}

static struct fixture given(void **state)
{
    const struct stmts *tables[] = { &stmts };
    struct fixture      f = { .where = test_database(state),
                              .catalogue = db_catalogue_new(tables, COUNT(tables)) };

    arena_init(&f.arena, ARENA_REQUEST_BYTES);
    test_sql(f.where, "CREATE TABLE rows_of_it (id BIGINT PRIMARY KEY)");
    open_at(&f, f.where);
    return f;
}

static void done(struct fixture *f)
{
    db_close(&f->db);
    db_catalogue_free(&f->catalogue);
    arena_free(&f->arena);
}

static enum rc add(const struct fixture *f, int64_t id)
{
    return db_run(f->db, &row_add, DB_VALUES(DB_INT(id)), NULL);
}

static enum rc count(struct fixture *f, int64_t *n)
{
    return db_number(f->db, &f->arena, &row_count, DB_NONE, n);
}

static enum rc sum_row(void *context, const void *row)
{
    *(int64_t *)context += *(const int64_t *)row;
    return RC_OK;
}

static int64_t in_table(const struct fixture *f)
{
    return test_sql(f->where, "SELECT count(*) FROM rows_of_it");
}

TEST(a_question_sees_what_was_written_before_it)
{
    struct fixture f = given(state);
    int64_t        n = 0, row, sum = 0;

    CHECK_INT(db_begin(f.db), RC_OK);
    for (int64_t id = 1; id <= 1000; id++)
        CHECK_INT(add(&f, id), RC_OK);
    CHECK_INT(count(&f, &n), RC_OK);
    CHECK_INT(n, 1000);
    CHECK_INT(add(&f, 1001), RC_OK);
    CHECK_INT(db_each(f.db, &f.arena, &row_each, DB_NONE, &row, sizeof row, sum_row, &sum),
              RC_OK);
    CHECK_INT(sum, 1001 * 1002 / 2);
    CHECK_INT(add(&f, 1002), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK_INT(in_table(&f), 1002);
    done(&f);
}

TEST(what_failed_is_said_by_whatever_is_waited_for_next)
{
    struct fixture f = given(state);
    int64_t        n, touched;

    for (int next = 0; next < 5; next++) {
        CHECK_INT(db_begin(f.db), RC_OK);
        CHECK_INT(add(&f, 1), RC_OK);
        enum rc rc = add(&f, 1);
        CHECK(rc == RC_OK || rc == RC_CONFLICT); /* unheard, or done at once */
        rc = add(&f, 2);
        CHECK(rc == RC_OK || rc == RC_CONFLICT);
        rc = next == 0   ? count(&f, &n)
             : next == 1 ? db_settle(f.db)
             : next == 2 ? db_savepoint(f.db)
             : next == 3 ? db_run(f.db, &row_add, DB_VALUES(DB_INT(3)), &touched)
                         : db_commit(f.db);
        CHECK_INT(rc, RC_CONFLICT);
        if (next < 4) {
            CHECK_INT(db_settle(f.db), RC_CONFLICT);
            CHECK_INT(db_commit(f.db), RC_CONFLICT);
        }
        CHECK_INT(in_table(&f), 0);
    }
    done(&f);
}

TEST(what_failed_behind_a_savepoint_is_said_before_it_is_released)
{
    struct fixture f = given(state);

    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 1), RC_OK);
    CHECK_INT(db_savepoint(f.db), RC_OK);
    (void)!add(&f, 1);
    CHECK_INT(db_release(f.db), RC_CONFLICT);
    db_back(f.db);
    CHECK_INT(db_savepoint(f.db), RC_OK);
    (void)!add(&f, 1);
    db_back(f.db); /* for a reason of its own, and unheard */
    CHECK_INT(db_savepoint(f.db), RC_OK);
    CHECK_INT(add(&f, 2), RC_OK);
    CHECK_INT(db_release(f.db), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK_INT(in_table(&f), 2);
    CHECK_INT(db_begin(f.db), RC_OK);
    (void)!add(&f, 1);
    db_rollback(f.db);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 3), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK_INT(in_table(&f), 3);
    done(&f);
}

TEST(a_row_that_must_be_there_is_missed_sooner_or_later)
{
    struct fixture f = given(state);
    int64_t        n;

    CHECK_INT(add(&f, 1), RC_OK);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(db_put_one(f.db, &row_move, &(struct moved){ 1, 2 }), RC_OK);
    CHECK_INT(count(&f, &n), RC_OK);
    enum rc rc = db_put_one(f.db, &row_move, &(struct moved){ 1, 3 });
    if (db_engine(f.db) == DB_SQLITE) {
        CHECK_INT(rc, RC_NOT_FOUND);
    } else {
        CHECK_INT(rc, RC_OK);
        CHECK_INT(count(&f, &n), RC_CONFLICT);
    }
    db_rollback(f.db);
    db_trust(f.db, false);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(db_put_one(f.db, &row_move, &(struct moved){ 3, 4 }), RC_NOT_FOUND);
    CHECK_INT(db_put_one(f.db, &row_move, &(struct moved){ 1, 4 }), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    done(&f);
}

TEST(outside_a_transaction_and_by_whoever_is_careful_each_is_waited_for)
{
    struct fixture f = given(state);

    CHECK_INT(add(&f, 1), RC_OK);
    CHECK_INT(add(&f, 1), RC_CONFLICT);
    db_trust(f.db, false);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 1), RC_CONFLICT);
    CHECK_INT(db_commit(f.db), RC_CONFLICT);
    done(&f);
}

/* ---- journeys, counted by a relay on the way ---- */

enum { MANY = 100000, JOURNEYS_MAX = 12 };

TEST(a_hundred_writes_are_not_a_hundred_journeys)
{
    struct fixture f = given(state);
    struct relay   relay;
    int64_t        n;

    relay_start(&relay, f.where);
    db_close(&f.db);
    open_at(&f, str_of(relay.where));
    relay.cut_in = MANY;
    CHECK_INT(db_begin(f.db), RC_OK);
    for (int64_t id = 1; id <= 100; id++)
        CHECK_INT(add(&f, id), RC_OK);
    CHECK_INT(count(&f, &n), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK(MANY - relay.cut_in <= JOURNEYS_MAX);
    CHECK_INT(in_table(&f), 100);
    done(&f);
    relay_stop(&relay);
}

/* The line is cut before each piece of what is said: nothing is left, and the next
 * transaction is whole again. */
TEST(wherever_the_line_breaks_nothing_is_left_and_it_is_noticed)
{
    struct fixture f = given(state);
    struct relay   relay;
    int64_t        n;
    enum rc        rc;

    relay_start(&relay, f.where);
    db_close(&f.db);
    open_at(&f, str_of(relay.where));
    for (size_t at = 2; at <= 4; at++) { /* after BEGIN, until COMMIT */
        CHECK_INT(db_begin(f.db), RC_OK);
        relay.cut_in = at - 1;
        for (int64_t id = 1; id <= 100; id++) {
            rc = add(&f, id);
            if (rc == RC_OK && id % 50 == 0)
                rc = count(&f, &n);
        }
        if (rc == RC_OK)
            rc = db_commit(f.db);
        else
            db_rollback(f.db);
        CHECK_INT(rc, RC_UNAVAILABLE);
        CHECK(!db_alive(f.db));
        relay.cut_in = 0;
        CHECK_INT(in_table(&f), 0);
    }
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 1), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK_INT(in_table(&f), 1);
    done(&f);
    relay_stop(&relay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_question_sees_what_was_written_before_it),
        ON_BOTH(what_failed_is_said_by_whatever_is_waited_for_next),
        ON_BOTH(what_failed_behind_a_savepoint_is_said_before_it_is_released),
        ON_BOTH(a_row_that_must_be_there_is_missed_sooner_or_later),
        ON_BOTH(outside_a_transaction_and_by_whoever_is_careful_each_is_waited_for),
        ON_POSTGRES(a_hundred_writes_are_not_a_hundred_journeys),
        ON_POSTGRES(wherever_the_line_breaks_nothing_is_left_and_it_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
