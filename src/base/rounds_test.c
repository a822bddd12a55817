#include "test.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/rounds.h"
#include "base/thread.h"

enum { LONG_MS = 60000 };

struct counter {
    struct rounds rounds;
    atomic_int    n;
};

static void *count_wakes(void *context)
{
    struct counter *counter = context;

    while (rounds_rest(&counter->rounds, LONG_MS))
        atomic_fetch_add(&counter->n, 1);
    return NULL;
}

static void wait_for(struct counter *counter, int n)
{
    for (int i = 0; i < 10000 && atomic_load(&counter->n) < n; i++)
        thread_pause(1);
    assert_int_equal(atomic_load(&counter->n), n);
}

static void who_is_woken_does_a_round(void **state)
{
    struct counter counter = { 0 };

    (void)state;
    assert_true(rounds_start(&counter.rounds, count_wakes, &counter));
    rounds_wake(&counter.rounds);
    wait_for(&counter, 1);
    rounds_wake(&counter.rounds);
    wait_for(&counter, 2);
    rounds_stop(&counter.rounds);
    assert_int_equal(atomic_load(&counter.n), 2);
}

static void *pause_then_rest(void *context)
{
    struct counter *counter = context;

    (void)rounds_pause(&counter->rounds, 20); /* the wake is used up by it */
    atomic_fetch_add(&counter->n, 1);
    while (rounds_rest(&counter->rounds, LONG_MS))
        ;
    return NULL;
}

static void a_pause_is_not_cut_short(void **state)
{
    struct counter counter = { 0 };
    int64_t        began_us = clock_mono_us();

    (void)state;
    assert_true(rounds_start(&counter.rounds, pause_then_rest, &counter));
    rounds_wake(&counter.rounds);
    wait_for(&counter, 1);
    assert_true(clock_mono_us() - began_us >= 20000);
    rounds_stop(&counter.rounds);
}

static void what_never_started_is_stopped_too(void **state)
{
    struct rounds rounds = { 0 };

    (void)state;
    rounds_stop(&rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_woken_does_a_round),
        cmocka_unit_test(a_pause_is_not_cut_short),
        cmocka_unit_test(what_never_started_is_stopped_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
