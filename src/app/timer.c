#include "app/timer.h"

#include <stdlib.h>

#include "app/due.h"
#include "app/keep/deletions.h"
#include "app/signing.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rounds.h"
#include "engine/case/case.h"
#include "gate/worker.h"
#include "registry/forget.h"

enum {
    ROUND_MS = 250,
    LOOK_ROUNDS = 4, /* rounds of a second */
    KEEP_ROUNDS = 10 * LOOK_ROUNDS,
    SIGN_ROUNDS = 60 * LOOK_ROUNDS,
    LEFT_AT_ONCE = 100,
};

struct timer {
    struct house *house;
    struct db    *db;
    struct due   *due;
    struct arena  arena;
    struct rounds rounds;
};

static void ask_clock(struct timer *timer, const char *act, struct str args)
{
    struct arena_mark mark = arena_mark(&timer->arena);
    struct actor      clock = house_clock_actor();
    struct worker     worker = { timer->house->gate, timer->db, &clock };

    enum rc rc = worker_ask(&worker, &timer->arena, act, args);
    if (rc != RC_OK && rc != RC_UNAVAILABLE)
        log_event(LOG_WARN, "timer.refused", LOG_TEXT("act", str_of(act)),
                  LOG_TEXT("rc", rc_word(rc)));
    arena_back(&timer->arena, mark);
}

/* The next chunk of each county whose calendar was loaded, until all are done. */
static void recount(struct timer *timer)
{
    struct arena_mark mark = arena_mark(&timer->arena);
    struct list       counties = { 0 };
    struct op         op;

    op_init(&op, &timer->arena, clock_now_ms());
    op.db = timer->db;
    enum rc        rc = case_recounts(&op, &counties);
    const int64_t *county = counties.at;
    for (size_t i = 0; rc == RC_OK && i < counties.n; i++)
        if (!gate_elsewhere(timer->house->gate, county[i]))
            ask_clock(timer, "case.recount",
                      str_fmt(&timer->arena, "{\"county\":%lld}", (long long)county[i]));
    arena_back(&timer->arena, mark);
}

enum rc timer_round(struct house *house, struct db *db, struct arena *arena)
{
    struct due     *due = due_new(house->gate);
    struct due_done done;

    enum rc rc = due ? due_round(due, db, arena, &done) : RC_NO_MEMORY;
    due_free(&due);
    return rc;
}

/* What a deleted person left in other counties. */
static void forget_elsewhere(struct timer *timer)
{
    struct arena_mark mark = arena_mark(&timer->arena);
    struct list       left = { 0 };
    struct op         op;

    op_init(&op, &timer->arena, clock_now_ms());
    op.db = timer->db;
    enum rc                   rc = persons_left(&op, LEFT_AT_ONCE, &left);
    const struct person_left *one = left.at;
    for (size_t i = 0; rc == RC_OK && i < left.n; i++)
        if (!gate_elsewhere(timer->house->gate, one[i].county))
            ask_clock(timer, "person.forget",
                      str_fmt(&timer->arena, "{\"county\":%lld,\"person\":\"%lld\"}",
                              (long long)one[i].county, (long long)one[i].person));
    arena_back(&timer->arena, mark);
}

/* Who was deleted, outside the database too. */
static void note_deletions(struct timer *timer)
{
    struct arena_mark mark = arena_mark(&timer->arena);
    struct op         op;

    op_init(&op, &timer->arena, clock_now_ms());
    op.db = timer->db;
    enum rc rc = deletions_note(&op, timer->house->config->home);
    (void)rc; /* it has said so in the log, and is done again */
    arena_back(&timer->arena, mark);
}

static void keep(struct timer *timer)
{
    int64_t counties[64];
    size_t  n = gate_counties(timer->house->gate, counties, COUNT(counties));

    for (size_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(&timer->arena);
        struct str        body =
            str_fmt(&timer->arena, "{\"county\":%lld}", (long long)counties[i]);
        ask_clock(timer, "session.keep", body);
        arena_back(&timer->arena, mark);
    }
}

static void look_at_cases(struct timer *timer)
{
    struct due_done done;

    enum rc rc = due_round(timer->due, timer->db, &timer->arena, &done);
    if (rc != RC_OK)
        log_event(LOG_WARN, "timer.round", LOG_TEXT("rc", rc_word(rc)));
}

static void *run(void *context)
{
    struct timer *timer = context;

    for (int round = 1; rounds_rest(&timer->rounds, ROUND_MS); round++) {
        if (!db_alive(timer->db) && db_reconnect(timer->db) != RC_OK)
            continue;
        look_at_cases(timer);
        if (round % LOOK_ROUNDS == 0)
            recount(timer);
        if (deletions_waiting())
            note_deletions(timer);
        if (round % KEEP_ROUNDS == 0) {
            keep(timer);
            forget_elsewhere(timer);
        }
        if (round % SIGN_ROUNDS == 1)
            signing_round(timer->house, timer->db, &timer->arena);
    }
    return NULL;
}

enum rc timer_start(struct house *house, struct timer **started)
{
    struct timer *timer = calloc(1, sizeof *timer);

    if (!timer)
        return RC_NO_MEMORY;
    timer->house = house;
    arena_init(&timer->arena, ARENA_REQUEST_BYTES);
    enum rc rc = db_open(house->config->db, DB_READ_MORE, house->catalogue, &timer->db);
    timer->due = due_new(house->gate);
    if (rc == RC_OK && (!timer->due || !rounds_start(&timer->rounds, run, timer)))
        rc = RC_NO_MEMORY;
    if (rc != RC_OK) {
        due_free(&timer->due);
        db_close(&timer->db);
        free(timer);
        timer = NULL;
    }
    *started = timer;
    return rc;
}

void timer_stop(struct timer **stopping)
{
    struct timer *timer = *stopping;

    if (!timer)
        return;
    rounds_stop(&timer->rounds);
    due_free(&timer->due);
    db_close(&timer->db);
    arena_free(&timer->arena);
    free(timer);
    *stopping = NULL;
}
