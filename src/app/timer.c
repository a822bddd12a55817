#include "app/timer.h"

#include <stdlib.h>

#include "app/keep/deletions.h"
#include "app/signing.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "engine/case/case.h"
#include "registry/forget.h"

enum { DUE_AT_ONCE = 100, ROUND_MS = 1000, KEEP_ROUNDS = 10, SIGN_ROUNDS = 60 };

struct timer {
    struct house   *house;
    struct db      *db;
    struct arena    arena;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  wake;
    bool            stopping;
};

static enum rc ask_clock(struct house *house, struct db *db, const char *act,
                         struct str body)
{
    struct arena  arena;
    struct actor  actor = house_clock_actor();
    struct asking asking = { .arena = &arena,
                             .act = acts_find(str_of(act)),
                             .actor = &actor };

    arena_init(&arena, ARENA_REQUEST_BYTES);
    asking.rc = gate_read_args(&asking, NULL, 0, body);
    if (asking.rc == RC_OK)
        gate_ask_wait(house->gate, &asking, db);
    if (asking.rc != RC_OK && asking.rc != RC_UNAVAILABLE)
        log_event(LOG_WARN, "timer.refused", LOG_TEXT("act", str_of(act)),
                  LOG_TEXT("rc", rc_word(asking.rc)));
    arena_free(&arena);
    return asking.rc;
}

static enum rc look_at_cases(struct house *house, struct db *db, struct arena *arena)
{
    struct op   op;
    struct list due;

    op_init(&op, arena, clock_now_ms());
    op.db = db;
    enum rc        rc = case_due(&op, DUE_AT_ONCE, &due);
    const int64_t *ids = due.at;
    for (size_t i = 0; rc == RC_OK && i < due.n; i++) {
        if (gate_elsewhere(house->gate, id_county(ids[i])))
            continue; /* its owner's timer sees to it */
        (void)ask_clock(house, db, "case.clock",
                        str_fmt(arena, "{\"id\":\"%lld\"}", (long long)ids[i]));
    }
    return rc;
}

enum rc timer_round(struct house *house, struct db *db, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    enum rc           rc = look_at_cases(house, db, arena);

    arena_back(arena, mark);
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
    enum rc                   rc = persons_left(&op, DUE_AT_ONCE, &left);
    const struct person_left *one = left.at;
    for (size_t i = 0; rc == RC_OK && i < left.n; i++)
        if (!gate_elsewhere(timer->house->gate, one[i].county))
            (void)ask_clock(timer->house, timer->db, "person.forget",
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
        (void)ask_clock(timer->house, timer->db, "session.keep", body);
        arena_back(&timer->arena, mark);
    }
}

/* True when it is time to stop. */
static bool rest(struct timer *timer)
{
    int64_t until_us = clock_mono_us() + ROUND_MS * INT64_C(1000);

    pthread_mutex_lock(&timer->lock);
    while (!timer->stopping && thread_wait_until(&timer->wake, &timer->lock, until_us))
        ;
    bool stopping = timer->stopping;
    pthread_mutex_unlock(&timer->lock);
    return stopping;
}

static void *run(void *context)
{
    struct timer *timer = context;

    for (int round = 1; !rest(timer); round++) {
        if (!db_alive(timer->db) && db_reconnect(timer->db) != RC_OK)
            continue;
        enum rc rc = timer_round(timer->house, timer->db, &timer->arena);
        if (rc != RC_OK)
            log_event(LOG_WARN, "timer.round", LOG_TEXT("rc", rc_word(rc)));
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
    pthread_mutex_init(&timer->lock, NULL);
    pthread_cond_init(&timer->wake, NULL);
    enum rc rc = db_open(house->config->db, DB_READ_MORE, house->catalogue, &timer->db);
    if (rc == RC_OK && !thread_start(&timer->thread, run, timer))
        rc = RC_NO_MEMORY;
    if (rc != RC_OK) {
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
    pthread_mutex_lock(&timer->lock);
    timer->stopping = true;
    pthread_cond_signal(&timer->wake);
    pthread_mutex_unlock(&timer->lock);
    pthread_join(timer->thread, NULL);
    db_close(&timer->db);
    arena_free(&timer->arena);
    pthread_cond_destroy(&timer->wake);
    pthread_mutex_destroy(&timer->lock);
    free(timer);
    *stopping = NULL;
}
