/* Cases that come due while others are reported: how long after its time each clock has
 * fired, and what that costs intake.  LINLI_BENCH_DUE of them (5,000) over
 * LINLI_BENCH_SECONDS (60), among LINLI_BENCH_OPEN (1,000,000) that are not due.  Each goes
 * through everything that a clock that ran out does: supervised, handed up a level, the
 * people told, a new deadline, its line in the journal. */
#include "town_cases.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/due.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "engine/case/case_acts.h"
#include "guard/cache.h"
#include "registry/called.h"

enum { REPORTERS = 4, ROUND_MS = 250, ALONE_S = 5, LEAD_MS = 3000, LATE_MAX_MS = 1000 };
#define ID_STEP (INT64_C(1) << 22) /* a millisecond of ids */
#define FAR_MS  (INT64_C(30) * 24 * 3600 * 1000)

static int64_t parameter(const char *name, int64_t usual)
{
    const char *text = getenv(name);
    int64_t     number;

    return text && str_int64(str_of(text), &number) && number > 0 ? number : usual;
}

/* ------------------------------------------------------------ the cases */

/* One that was warned, and runs out next; copied backwards in time. */
static int64_t template_case(struct town *t)
{
    int64_t id = town_case(t, "wangfang", "道路损坏");

    town_later(t, 97 * 60 * 1000);
    CHECK_INT(town_tick(t), 1);
    return id;
}

#define COPY                                                                               \
    "WITH RECURSIVE k(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM k "      \
    "WHERE n < %lld)"                                                                      \
    " INSERT INTO cases SELECT county, id - (n + %lld) * %lld, number, scene, "            \
    "scene_version, kind,"                                                                 \
    " state, bucket, version, channel, title, category, urgent, fields, sealed, reporter," \
    " person, area, street, community, grid, lat, lng, cell, place, holder, before, duty," \
    " duty_area, supervised, opened_ms, answered_ms, closed_ms, replace(clocks, '%lld',"   \
    " CAST(%lld + n * %lld / 1000 AS TEXT)), due_ms, due_clock, paused_ms, pause_reason,"  \
    " %lld + n * %lld / 1000, sort_ms, stars, rating, photos, shielded,"                   \
    " parts_open, first_id, linked, me_too, supplements"                                   \
    " FROM cases, k WHERE id = %lld"

/* The n-th of them is due at from_ms + n * step_us / 1000. */
static void copy(struct town *t, int64_t id, int64_t behind, int64_t n, int64_t from_ms,
                 int64_t step_us)
{
    int64_t due_ms = town_due(t, id);

    (void)town_count(t, COPY, (long long)n, (long long)behind, (long long)ID_STEP,
                     (long long)due_ms, (long long)from_ms, (long long)step_us,
                     (long long)from_ms, (long long)step_us, (long long)id);
}

/* ------------------------------------------------------- who does what */

struct side {
    struct town     *town;
    pthread_t        thread;
    _Atomic bool     stops;
    _Atomic int64_t *reports;
};

static struct str report_body(void)
{
    return STR(
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"其他\","
        "\"what\":\"灯\",\"where\":{\"lat\":32.01,\"lng\":112.12,\"area\":\"" TOWN_GRID
        "\"}}}");
}

static void report(struct side *side, struct db *db, const struct actor *actor)
{
    struct arena  arena;
    struct asking asking = { .arena = &arena,
                             .act = acts_find(STR("case.open")),
                             .actor = actor };

    arena_init(&arena, ARENA_REQUEST_BYTES);
    asking.rc = gate_read_args(&asking, NULL, 0, report_body());
    if (asking.rc == RC_OK)
        gate_ask_wait(side->town->gate, &asking, db);
    assert(asking.rc == RC_OK);
    ++*side->reports;
    arena_free(&arena);
}

static struct actor reporter; /* read by all, once */

static void *take_in(void *context)
{
    struct side *side = context;
    struct db   *db;

    assert(db_open(side->town->where, DB_READ_MORE, side->town->catalogue, &db) == RC_OK);
    while (!side->stops)
        report(side, db, &reporter);
    db_close(&db);
    return NULL;
}

static void *time_passes(void *context)
{
    struct side    *side = context;
    struct db      *db;
    struct arena    arena;
    struct due     *due = due_new(side->town->gate);
    struct due_done done;

    assert(due &&
           db_open(side->town->where, DB_READ_MORE, side->town->catalogue, &db) == RC_OK);
    arena_init(&arena, ARENA_REQUEST_BYTES);
    while (!side->stops) {
        assert(due_round(due, db, &arena, &done) == RC_OK);
        thread_pause(ROUND_MS);
    }
    arena_free(&arena);
    db_close(&db);
    due_free(&due);
    return NULL;
}

static double reports_a_second(struct town *t, int64_t seconds, bool beside_clocks)
{
    _Atomic int64_t reports = 0;
    struct side     sides[REPORTERS + 1] = { 0 };
    size_t          n = beside_clocks ? COUNT(sides) : REPORTERS;

    for (size_t i = 0; i < n; i++) {
        sides[i].town = t;
        sides[i].reports = &reports;
        CHECK(!pthread_create(&sides[i].thread, NULL,
                              i == REPORTERS ? time_passes : take_in, &sides[i]));
    }
    thread_pause(seconds * 1000);
    for (size_t i = 0; i < n; i++)
        sides[i].stops = true;
    for (size_t i = 0; i < n; i++)
        pthread_join(sides[i].thread, NULL);
    return (double)reports / (double)seconds;
}

/* ------------------------------------------------------------- lateness */

#define LATENESS "at_ms - (%lld + (%lld - subject) / %lld * %lld / 1000)"
#define FIRED                                                                              \
    " FROM journal WHERE act = 'case.clock' AND before <> after AND subject < %lld"

static int64_t lateness(struct town *t, int64_t id, int64_t from_ms, int64_t step_us,
                        int64_t behind)
{
    return town_count(t, "SELECT " LATENESS FIRED " ORDER BY 1 DESC LIMIT 1 OFFSET %lld",
                      (long long)from_ms, (long long)id, (long long)ID_STEP,
                      (long long)step_us, (long long)id, (long long)behind);
}

static void told(const struct town *t, const char *name, double value, const char *unit,
                 double ratio, const char *baseline, double goal, bool ok)
{
    printf("bench %s%s %.0f %s %.2f vs %s %.2f %s\n", name,
           str_starts(t->where, STR("postgresql:")) ? "-postgresql" : "", value, unit,
           ratio, baseline, goal, ok ? "ok" : "short");
}

/* As in a server that has run for a while: names are kept, somebody has looked at a case of
 * this scene, and keys that were made a moment ago are no longer read each time. */
static void settle_in(struct town *t, int64_t id, int64_t began_us)
{
    int64_t past_ms = (clock_mono_us() - began_us) / 1000;

    CHECK_INT(called_open(), RC_OK);
    ALLOWED(town_ask(t, "zhoulan", "case.show", "{\"id\":\"%lld\"}", (long long)id));
    if (past_ms < CACHE_DOUBT_MS)
        thread_pause(CACHE_DOUBT_MS - past_ms + 1000);
}

TEST(clocks_fire_in_time_while_cases_come_in)
{
    int64_t     due = parameter("LINLI_BENCH_DUE", 5000);
    int64_t     open = parameter("LINLI_BENCH_OPEN", 1000000);
    int64_t     seconds = parameter("LINLI_BENCH_SECONDS", 60);
    int64_t     step_us = seconds * 1000000 / due;
    struct town t;

    log_threshold(LOG_ERROR);
    town_open(&t, state);
    case_ceiling(0);
    reporter = town_actor(&t, "wangfang");
    int64_t id = template_case(&t), began_us = clock_mono_us();
    copy(&t, id, due, open, clock_now_ms() + FAR_MS, 0);
    settle_in(&t, id, began_us);
    double  alone = reports_a_second(&t, ALONE_S, false);
    int64_t from_ms = clock_now_ms() + LEAD_MS;
    copy(&t, id, 0, due, from_ms, step_us);
    (void)town_count(&t, "UPDATE cases SET next_ms = NULL WHERE id = %lld", (long long)id);
    double  beside = reports_a_second(&t, seconds + LEAD_MS / 1000 + 2, true);
    int64_t fired = town_count(&t, "SELECT count(*)" FIRED, (long long)id);
    int64_t worst = lateness(&t, id, from_ms, step_us, 0);
    int64_t p99 = lateness(&t, id, from_ms, step_us, due / 100);
    print_message(
        "%lld due in %lld s, %lld fired; p99 %lld ms after their time, worst %lld ms;"
        " %.0f reports/s beside it, %.0f alone\n",
        (long long)due, (long long)seconds, (long long)fired, (long long)p99,
        (long long)worst, beside, alone);
    told(&t, "case-timers", (double)worst, "ms", (double)worst / LATE_MAX_MS, "one-second",
         1, fired == due && worst <= LATE_MAX_MS);
    told(&t, "case-timers-intake", beside, "per_s", beside / alone, "intake-alone", 0.5,
         beside >= alone / 2);
    CHECK_INT(fired, due);
    called_close();
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = { ON_BOTH(clocks_fire_in_time_while_cases_come_in) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
