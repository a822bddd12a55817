#include "guard/guard_fixture.h"

#include "guard/lockout.h"

#define MINUTE INT64_C(60000)

static void begin(struct fixture *f, void **state)
{
    fixture_open(f, state);
    lockout_forget();
}

static enum rc try(struct fixture *f, const char *login, const char *address)
{
    int64_t wait_ms;

    f->op.now_ms += 10;
    return lockout_try(&f->op, str_of(login), str_of(address), &wait_ms);
}

static int64_t wait_of(struct fixture *f, const char *login, const char *address)
{
    int64_t wait_ms;

    CHECK_INT(lockout_try(&f->op, str_of(login), str_of(address), &wait_ms), RC_OK);
    return wait_ms;
}

TEST(five_failures_lock_the_account_from_that_address_only)
{
    struct fixture f;

    begin(&f, state);
    for (int i = 0; i < 5; i++)
        CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_TOO_MANY);
    CHECK_TEXT(f.op.problems.first->says, STR("输错的次数多了，请 15 分钟后再试。"));
    CHECK_INT(try(&f, "wang", "10.0.0.2"), RC_OK);
    CHECK_INT(try(&f, "li", "10.0.0.1"), RC_OK);
    f.op.now_ms += 14 * MINUTE;
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_TOO_MANY);
    f.op.now_ms += MINUTE;
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    fixture_close(&f);
}

TEST(the_right_password_starts_the_count_again)
{
    struct fixture f;

    begin(&f, state);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 4; i++)
            CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
        CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
        lockout_passed(&f.op, STR("wang"), STR("10.0.0.1"));
        f.op.now_ms += MINUTE;
    }
    fixture_close(&f);
}

TEST(an_account_guessed_from_everywhere_is_slowed_but_open)
{
    struct fixture f;

    begin(&f, state);
    for (int i = 0; i < 10; i++)
        CHECK_INT(wait_of(&f, "wang", (char[]){ '1', '.', (char)('0' + i), 0 }), 0);
    CHECK_INT(wait_of(&f, "wang", "2.1"), 1000);
    CHECK_INT(wait_of(&f, "wang", "2.2"), 2000);
    CHECK_INT(wait_of(&f, "wang", "2.3"), 4000);
    for (int i = 0; i < 100; i++)
        CHECK_INT(wait_of(&f, "wang", (char[]){ '3', '.', (char)('0' + i), 0 }), 8000);
    CHECK_INT(wait_of(&f, "li", "3.0"), 0);
    f.op.now_ms += 15 * MINUTE;
    CHECK_INT(wait_of(&f, "wang", "2.1"), 0);
    fixture_close(&f);
}

TEST(an_address_may_try_thirty_times_a_minute)
{
    struct fixture f;
    int            let = 0;

    begin(&f, state);
    for (int i = 0; i < 100; i++)
        let += try(&f, (char[]){ 'a', (char)('0' + i), 0 }, "10.0.0.1") == RC_OK;
    CHECK_INT(let, 30);
    CHECK_INT(try(&f, "wang", "10.0.0.2"), RC_OK);
    f.op.now_ms += MINUTE;
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    fixture_close(&f);
}

TEST(an_ipv6_network_counts_as_one_address)
{
    struct fixture f;

    begin(&f, state);
    for (int i = 0; i < 5; i++)
        CHECK_INT(try(&f, "wang", (char[]){ "2408:8400:1:2::1" }), RC_OK);
    CHECK_INT(try(&f, "wang", "2408:8400:1:2:ffff::9"), RC_TOO_MANY);
    CHECK_INT(try(&f, "wang", "2408:8400:1:3::1"), RC_OK);
    fixture_close(&f);
}

TEST(counts_outlive_a_restart)
{
    struct fixture f;

    begin(&f, state);
    for (int i = 0; i < 5; i++)
        CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    CHECK_INT(lockout_keep(&f.op), RC_OK);
    lockout_forget();
    CHECK_INT(lockout_load(&f.op), RC_OK);
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_TOO_MANY);
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM sign_in_fails"), 3);
    f.op.now_ms += 16 * MINUTE;
    CHECK_INT(lockout_keep(&f.op), RC_OK);
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM sign_in_fails"), 0);
    fixture_close(&f);
}

TEST(counties_do_not_share_counts)
{
    struct fixture f;

    begin(&f, state);
    for (int i = 0; i < 5; i++)
        CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    f.op.county = 8;
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    CHECK_INT(lockout_keep(&f.op), RC_OK);
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM sign_in_fails WHERE county = 7"), 0);
    fixture_close(&f);
}

TEST(a_flood_of_names_stays_within_memory)
{
    struct fixture f;

    begin(&f, state);
    for (int i = 0; i < 100000; i++) {
        struct arena_mark mark = arena_mark(&f.arena);
        struct str name = str_fmt(&f.arena, "name%d", i), from = str_fmt(&f.arena, "%d", i);
        int64_t    wait_ms;
        CHECK_INT(lockout_try(&f.op, name, from, &wait_ms), RC_OK);
        arena_back(&f.arena, mark);
    }
    fixture_close(&f);
}

TEST(a_clock_that_was_ahead_locks_nobody_out_for_longer)
{
    struct fixture f;

    begin(&f, state);
    f.op.now_ms += 365 * 24 * 60 * MINUTE;
    for (int i = 0; i < 5; i++)
        CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    f.op.now_ms -= 365 * 24 * 60 * MINUTE;
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_TOO_MANY);
    f.op.now_ms += 15 * MINUTE;
    CHECK_INT(try(&f, "wang", "10.0.0.1"), RC_OK);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(five_failures_lock_the_account_from_that_address_only),
        ON_SQLITE(the_right_password_starts_the_count_again),
        ON_SQLITE(an_account_guessed_from_everywhere_is_slowed_but_open),
        ON_SQLITE(an_address_may_try_thirty_times_a_minute),
        ON_SQLITE(an_ipv6_network_counts_as_one_address),
        ON_BOTH(counts_outlive_a_restart),
        ON_BOTH(counties_do_not_share_counts),
        ON_SQLITE(a_flood_of_names_stays_within_memory),
        ON_BOTH(a_clock_that_was_ahead_locks_nobody_out_for_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
