/* Who owns a county: taking, losing, succeeding, and what is believed of it after
 * batches that came to nothing or of which nobody knows. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/thread.h"
#include "gate/gate_fixture.h"
#include "relay.h"

enum { SHORT_LEASE_MS = 600, PATIENCE_MS = 10000 };

/* A second server over the house's database. */
static void open_server(const struct house *h, bool serves, struct house *server)
{
    *server = *h;
    arena_init(&server->arena, ARENA_REQUEST_BYTES);
    server->options.serves = serves;
    server->options.lease_ms = SHORT_LEASE_MS;
    open_gate(server);
}

static void close_server(struct house *server)
{
    gate_close(&server->gate);
    arena_free(&server->arena);
}

static bool becomes_ready(struct house *server)
{
    for (int ms = 0; ms < PATIENCE_MS && !gate_ready(server->gate); ms += 10)
        thread_pause(10);
    return gate_ready(server->gate);
}

static bool owns(struct house *h)
{
    int64_t counties[2];

    return gate_counties(h->gate, counties, COUNT(counties)) == 1 && counties[0] == COUNTY;
}

static int64_t fence(const struct house *h)
{
    return test_sql(h->where, "SELECT fence FROM leases");
}

static void all_is_well(struct house *h, int64_t lines)
{
    int64_t broken;

    CHECK_INT(verify(h, &broken), lines);
    CHECK_INT(broken, 0);
    CHECK_INT(lines_followed(h), lines);
}

/* ---- batches that came to nothing ---- */

TEST(a_taking_that_was_rolled_back_is_as_if_it_had_never_been)
{
    struct house h;

    open_house(&h, state);
    test_sql(h.where, "ALTER TABLE heads RENAME TO mislaid");
    CHECK(note(&h) != RC_OK);
    CHECK(!owns(&h));
    test_sql(h.where, "ALTER TABLE mislaid RENAME TO heads");
    CHECK_INT(note(&h), RC_OK);
    CHECK(owns(&h));
    CHECK_INT(fence(&h), 1);
    all_is_well(&h, 1);
    close_house(&h);
}

TEST(what_memory_says_after_a_rolled_back_batch_is_not_believed)
{
    struct house h;

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    test_sql(h.where, "ALTER TABLE heads RENAME TO mislaid");
    CHECK(note(&h) != RC_OK);
    test_sql(h.where, "ALTER TABLE mislaid RENAME TO heads");
    CHECK_INT(note(&h), RC_OK);
    CHECK_INT(fence(&h), 2);
    CHECK_INT(taken_runs, 2);
    all_is_well(&h, 2);
    close_house(&h);
}

/* ---- another server ---- */

TEST(a_standby_refuses_with_a_sentence_and_takes_over_at_once_after_a_stop)
{
    struct house h, standby;

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    open_server(&h, true, &standby);
    CHECK(!gate_ready(standby.gate));
    CHECK(gate_elsewhere(standby.gate, COUNTY));
    struct asking asking =
        ask(&standby, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"2\"}", NULL);
    CHECK_INT(asking.rc, RC_UNAVAILABLE);
    CHECK(asking.problems.n == 1 &&
          str_has(asking.problems.first->says, STR("另一台服务器")));
    CHECK_INT(fence(&h), 1);
    gate_close(&h.gate);
    CHECK(becomes_ready(&standby));
    CHECK_INT(note(&standby), RC_OK);
    CHECK_INT(fence(&h), 2);
    all_is_well(&h, 2);
    close_server(&standby);
    close_house(&h);
}

TEST(a_lease_that_expired_is_taken_over_without_being_asked)
{
    struct house h, standby;

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    gate_close(&h.gate);
    open_server(&h, true, &standby);
    for (int ms = 0; ms < PATIENCE_MS && !owns(&standby); ms += 10)
        thread_pause(10);
    CHECK(owns(&standby));
    thread_pause(3 * SHORT_LEASE_MS); /* and kept */
    CHECK_INT(fence(&h), 2);
    close_server(&standby);
    close_house(&h);
}

TEST(who_was_thought_dead_writes_no_more)
{
    struct house h;

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    test_sql(h.where,
             "UPDATE leases SET owner = 'other', fence = 2, until_ms = until_ms + 60000");
    CHECK_INT(note(&h), RC_UNAVAILABLE);
    CHECK(!owns(&h));
    CHECK(gate_elsewhere(h.gate, COUNTY));
    CHECK(!gate_ready(h.gate));
    CHECK_INT(note(&h), RC_UNAVAILABLE);
    all_is_well(&h, 1);
    close_house(&h);
}

TEST(one_of_the_same_name_succeeds_without_waiting_and_shuts_the_first_out)
{
    struct house h, next;

    open_house(&h, state);
    gate_close(&h.gate);
    h.options.name = STR("this home");
    open_gate(&h);
    CHECK_INT(note(&h), RC_OK);
    open_server(&h, false, &next);
    CHECK_INT(note(&next), RC_OK);
    CHECK_INT(fence(&h), 2);
    CHECK_INT(note(&h), RC_UNAVAILABLE);
    all_is_well(&h, 2);
    close_server(&next);
    close_house(&h);
}

static void *ask_readiness(void *context)
{
    struct house *h = context;

    for (int i = 0; i < 2000; i++)
        (void)gate_ready(h->gate);
    return NULL;
}

TEST(readiness_may_be_asked_while_a_county_is_taken)
{
    struct house h;
    pthread_t    thread;

    open_house(&h, state);
    CHECK_INT(pthread_create(&thread, NULL, ask_readiness, &h), 0);
    CHECK_INT(note(&h), RC_OK);
    pthread_join(thread, NULL);
    close_house(&h);
}

/* ---- clocks that are wrong ---- */

#define YEAR_MS (INT64_C(365) * 24 * 3600 * 1000)

static void put_clock(int64_t by_ms)
{
    clock_unlock();
    CHECK(clock_set_ms(clock_now_ms() + by_ms));
}

TEST(a_lease_that_nobody_extends_is_free_whatever_it_says)
{
    struct house h, standby;

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    gate_close(&h.gate);
    test_sql(h.where,
             "UPDATE leases SET owner = 'dead', until_ms = 4102444800000"); /* 2100 */
    open_server(&h, true, &standby);
    CHECK(!gate_ready(standby.gate));
    CHECK_INT(note(&standby), RC_UNAVAILABLE);
    CHECK(becomes_ready(&standby));
    CHECK_INT(note(&standby), RC_OK);
    all_is_well(&h, 2);
    close_server(&standby);
    close_house(&h);
}

/* Both have the same wrong clock, which stands in for two that are apart. */
TEST(who_extends_its_lease_keeps_it_when_the_clock_jumps)
{
    static const int64_t jumps[] = { YEAR_MS, -2 * YEAR_MS, YEAR_MS };
    struct house         h, first, standby;

    open_house(&h, state);
    gate_close(&h.gate);
    open_server(&h, true, &first);
    CHECK_INT(note(&first), RC_OK);
    open_server(&h, true, &standby);
    for (size_t i = 0; i < COUNT(jumps); i++) {
        thread_pause(SHORT_LEASE_MS); /* the standby sees that it is extended */
        put_clock(jumps[i]);
        thread_pause(2 * SHORT_LEASE_MS);
        CHECK(owns(&first) && !owns(&standby));
        CHECK_INT(fence(&h), 1);
    }
    close_server(&first);
    close_server(&standby);
    close_house(&h);
}

/* Another server, whose clock is three minutes behind, extends its lease. */
struct alive {
    struct house *h;
    atomic_bool   stop;
};

static void *go_on_extending(void *context)
{
    struct alive *alive = context;

    while (!alive->stop) {
        test_sql(alive->h->where, "UPDATE leases SET until_ms = until_ms + 200");
        thread_pause(SHORT_LEASE_MS / 3); /* as a server does */
    }
    return NULL;
}

TEST(who_comes_with_a_clock_ahead_takes_nothing_that_is_being_extended)
{
    struct house h, standby;
    struct alive alive = { .h = &h };
    pthread_t    thread;
    char         behind[100];

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    gate_close(&h.gate);
    (void)snprintf(behind, sizeof behind,
                   "UPDATE leases SET owner = 'another', until_ms = %lld",
                   (long long)clock_now_ms() - 180000);
    test_sql(h.where, behind);
    CHECK_INT(pthread_create(&thread, NULL, go_on_extending, &alive), 0);
    open_server(&h, true, &standby);
    thread_pause(3 * SHORT_LEASE_MS);
    CHECK(!owns(&standby));
    CHECK_INT(fence(&h), 1);
    alive.stop = true;
    pthread_join(thread, NULL);
    CHECK(becomes_ready(&standby));
    close_server(&standby);
    close_house(&h);
}

/* ---- losing it in the middle of a batch ---- */

struct heir {
    struct house *h;
    pthread_t     thread;
};

/* While the batch of the first one is open, its connection ends, as PostgreSQL ends that of
 * a server that froze; the county goes to somebody else. */
static void *succeed(void *context)
{
    struct heir *heir = context;

    while (!note_waits)
        thread_pause(5);
    test_sql(heir->h->where,
             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
             " WHERE datname = current_database() AND application_name = 'linli'"
             " AND state = 'idle in transaction'");
    test_sql(heir->h->where, "UPDATE leases SET owner = 'heir', fence = fence + 1,"
                             " until_ms = until_ms + 60000");
    note_waits = false;
    return NULL;
}

TEST(a_batch_that_lost_its_county_half_way_is_not_committed_and_its_heir_does_it_once)
{
    struct house h, heir_house;
    struct heir  heir = { .h = &h };
    const char  *body = "{\"name\":\"half-way\",\"value\":\"1\"}";

    open_house(&h, state);
    CHECK_INT(note(&h), RC_OK);
    note_stops = 1;
    CHECK_INT(pthread_create(&heir.thread, NULL, succeed, &heir), 0);
    struct asking asking = ask(&h, &somebody, "note.put", body, "the-same-key");
    pthread_join(heir.thread, NULL);
    CHECK_INT(asking.rc, RC_UNAVAILABLE);
    CHECK(asking.problems.n == 1 &&
          str_has(asking.problems.first->says, STR("另一台服务器")));
    CHECK(!owns(&h));
    CHECK_INT(
        test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'half-way'"), 0);
    CHECK_INT(landed_lines, 1);
    all_is_well(&h, 1);
    open_server(&h, true, &heir_house); /* the heir, in deed */
    CHECK(becomes_ready(&heir_house));
    CHECK_INT(ask(&heir_house, &somebody, "note.put", body, "the-same-key").rc, RC_OK);
    CHECK_INT(ask(&h, &somebody, "note.put", body, "the-same-key").rc, RC_UNAVAILABLE);
    CHECK(ask(&heir_house, &somebody, "note.put", body, "the-same-key").repeated);
    all_is_well(&h, 2);
    close_server(&heir_house);
    close_house(&h);
}

/* ---- commits of which nobody knows ---- */

static void open_behind(struct house *h, struct relay *relay, void **state)
{
    open_house(h, state);
    gate_close(&h->gate);
    relay_start(relay, h->where);
    h->options.where = str_of(relay->where);
    open_gate(h);
    CHECK_INT(note(h), RC_OK);
}

static void close_behind(struct house *h, struct relay *relay)
{
    close_house(h);
    relay_stop(relay);
}

TEST(a_commit_that_landed_unseen_is_there_when_the_database_is_back)
{
    struct house h;
    struct relay relay;

    open_behind(&h, &relay, state);
    relay.then = DOWN;
    relay.mode = SWALLOW_COMMIT;
    CHECK_INT(note(&h), RC_UNAVAILABLE);
    relay.mode = RELAY;
    CHECK_INT(note(&h), RC_OK);
    all_is_well(&h, 3);
    close_behind(&h, &relay);
}

/* A deferred trigger keeps COMMIT busy beyond the first look. */
TEST(a_commit_that_is_still_under_way_is_waited_for)
{
    struct house h;
    struct relay relay;

    open_behind(&h, &relay, state);
    test_sql(h.where,
             "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
             " 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END';"
             "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON journal"
             " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();");
    relay.mode = CUT_AT_COMMIT;
    CHECK_INT(note(&h), RC_OK);
    CHECK_INT(note_runs, 2);
    all_is_well(&h, 2);
    close_behind(&h, &relay);
}

struct thief {
    struct house *h;
    struct relay *relay;
};

/* While the writer cannot get through, another one takes the county. */
static void *take_away(void *context)
{
    struct thief *thief = context;

    while (thief->relay->mode != DOWN)
        thread_pause(5);
    thread_pause(50); /* the swallowed COMMIT lands */
    test_sql(thief->h->where,
             "UPDATE leases SET owner = 'other', fence = 9, until_ms = until_ms + 60000");
    thief->relay->mode = RELAY;
    return NULL;
}

TEST(a_county_that_went_elsewhere_meanwhile_is_not_claimed)
{
    struct house h;
    struct relay relay;
    pthread_t    thread;

    open_behind(&h, &relay, state);
    struct thief thief = { &h, &relay };
    relay.then = DOWN;
    relay.mode = SWALLOW_COMMIT;
    CHECK_INT(pthread_create(&thread, NULL, take_away, &thief), 0);
    CHECK_INT(note(&h), RC_UNAVAILABLE);
    pthread_join(thread, NULL);
    CHECK(!owns(&h));
    CHECK_INT(landed_lines, 1); /* memory was told of the first only */
    close_behind(&h, &relay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_taking_that_was_rolled_back_is_as_if_it_had_never_been),
        ON_BOTH(what_memory_says_after_a_rolled_back_batch_is_not_believed),
        ON_BOTH(a_standby_refuses_with_a_sentence_and_takes_over_at_once_after_a_stop),
        ON_BOTH(a_lease_that_expired_is_taken_over_without_being_asked),
        ON_BOTH(who_was_thought_dead_writes_no_more),
        ON_BOTH(one_of_the_same_name_succeeds_without_waiting_and_shuts_the_first_out),
        ON_BOTH(readiness_may_be_asked_while_a_county_is_taken),
        ON_BOTH(a_lease_that_nobody_extends_is_free_whatever_it_says),
        ON_BOTH(who_extends_its_lease_keeps_it_when_the_clock_jumps),
        ON_POSTGRES(who_comes_with_a_clock_ahead_takes_nothing_that_is_being_extended),
        ON_POSTGRES(
            a_batch_that_lost_its_county_half_way_is_not_committed_and_its_heir_does_it_once),
        ON_POSTGRES(a_commit_that_landed_unseen_is_there_when_the_database_is_back),
        ON_POSTGRES(a_commit_that_is_still_under_way_is_waited_for),
        ON_POSTGRES(a_county_that_went_elsewhere_meanwhile_is_not_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
