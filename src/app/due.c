#include "app/due.h"

#include <pthread.h>
#include <stdlib.h>

#include "app/house.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/appoint/appoint.h"
#include "engine/case/case.h"

/* At once: a batch of so many keeps the writer for some ten milliseconds. */
enum { FLIGHTS = 64, PAGE = 500, REFUSED_MAX = 256, REFUSED_REST_MS = 60 * 1000 };

/* What comes due, and the act that sees to it. */
static const struct due_kind {
    const char *act;
    enum rc (*next)(struct op *op, const struct due_case *after, size_t most,
                    struct list *found);
} kinds[] = {
    { "case.clock", case_due },
    { "appoint.clock", appoint_due },
};

/* One of them under way. */
struct flight {
    struct due   *due;
    const char   *act;
    int64_t       id;
    bool          flies; /* … under the lock */
    struct arena  arena;
    struct actor  actor;
    struct asking asking;
};
struct refused {
    int64_t id, at_us;
};
struct due {
    struct gate    *gate;
    struct refused  refused[REFUSED_MAX]; /* the oldest makes room */
    size_t          nrefused;
    pthread_mutex_t lock; /* over what follows, and all that flies */
    pthread_cond_t  landed;
    size_t          flying;
    size_t          done;
    struct flight   flights[FLIGHTS];
};

struct due *due_new(struct gate *gate)
{
    struct due *due = calloc(1, sizeof *due);

    if (!due)
        return NULL;
    due->gate = gate;
    pthread_mutex_init(&due->lock, NULL);
    pthread_cond_init(&due->landed, NULL);
    return due;
}

void due_free(struct due **freeing)
{
    struct due *due = *freeing;

    if (!due)
        return;
    pthread_cond_destroy(&due->landed);
    pthread_mutex_destroy(&due->lock);
    free(due);
    *freeing = NULL;
}

/* ------------------------------------------------------------- refusals */

static bool rests(const struct due *due, int64_t id)
{
    int64_t since_us = clock_mono_us() - REFUSED_REST_MS * INT64_C(1000);

    for (size_t i = 0; i < REFUSED_MAX && i < due->nrefused; i++)
        if (due->refused[i].id == id && due->refused[i].at_us > since_us)
            return true;
    return false;
}

static void note_refused(struct due *due, const struct flight *flight, enum rc rc)
{
    due->refused[due->nrefused++ % REFUSED_MAX] =
        (struct refused){ flight->id, clock_mono_us() };
    log_event(LOG_WARN, "timer.refused", LOG_TEXT("act", str_of(flight->act)),
              LOG_INT("id", flight->id), LOG_TEXT("rc", rc_word(rc)));
}

/* -------------------------------------------------------------- flights */

/* On the writer's thread, or on ours when it was refused at once. */
static void landed(struct asking *asking)
{
    struct flight *flight = asking->context;
    struct due    *due = flight->due;

    pthread_mutex_lock(&due->lock);
    if (asking->rc == RC_OK)
        due->done++;
    else if (asking->rc != RC_UNAVAILABLE && asking->rc != RC_BUSY)
        note_refused(due, flight, asking->rc);
    flight->flies = false;
    due->flying--;
    pthread_cond_signal(&due->landed);
    pthread_mutex_unlock(&due->lock);
}

/* The next that is free, waited for. */
static struct flight *take_flight(struct due *due)
{
    struct flight *flight = due->flights;

    pthread_mutex_lock(&due->lock);
    while (due->flying == FLIGHTS)
        pthread_cond_wait(&due->landed, &due->lock);
    while (flight->flies)
        flight++;
    flight->flies = true;
    due->flying++;
    pthread_mutex_unlock(&due->lock);
    return flight;
}

static void wait_for_all(struct due *due)
{
    pthread_mutex_lock(&due->lock);
    while (due->flying)
        pthread_cond_wait(&due->landed, &due->lock);
    pthread_mutex_unlock(&due->lock);
}

static void ask(struct due *due, struct db *db, const char *act, int64_t id)
{
    struct flight *flight = take_flight(due);
    struct asking *asking = &flight->asking;

    arena_free(&flight->arena);
    arena_init(&flight->arena, ARENA_REQUEST_BYTES);
    flight->due = due;
    flight->act = act;
    flight->id = id;
    flight->actor = house_clock_actor();
    *asking = (struct asking){ .arena = &flight->arena,
                               .act = acts_find(str_of(act)),
                               .actor = &flight->actor,
                               .context = flight,
                               .done = landed };
    struct str body = str_fmt(&flight->arena, "{\"id\":\"%lld\"}", (long long)id);
    asking->rc = gate_read_args(asking, NULL, 0, body);
    if (asking->rc == RC_OK)
        gate_ask(due->gate, asking, db);
    else
        landed(asking);
}

static void ask_page(struct due *due, struct db *db, const char *act, struct list page,
                     size_t *asked)
{
    const struct due_case *cases = page.at;

    for (size_t i = 0; i < page.n; i++) {
        pthread_mutex_lock(&due->lock);
        bool skip = rests(due, cases[i].id);
        pthread_mutex_unlock(&due->lock);
        if (skip || gate_elsewhere(due->gate, id_county(cases[i].id)))
            continue; /* its owner's timer sees to it */
        ask(due, db, act, cases[i].id);
        ++*asked;
    }
}

static void land(struct due *due, struct due_done *done)
{
    wait_for_all(due);
    for (size_t i = 0; i < FLIGHTS; i++)
        arena_free(&due->flights[i].arena);
    done->done = due->done;
}

/* All of one kind, a page at a time. */
static enum rc ask_all(struct due *due, struct op *op, const struct due_kind *kind,
                       size_t *asked)
{
    struct due_case after = { 0 };
    struct list     page;
    enum rc         rc;

    do {
        struct arena_mark mark = arena_mark(op->arena);
        rc = kind->next(op, &after, PAGE, &page);
        if (rc == RC_OK) {
            ask_page(due, op->db, kind->act, page, asked);
            if (page.n)
                after = ((const struct due_case *)page.at)[page.n - 1];
        }
        arena_back(op->arena, mark);
    } while (rc == RC_OK && page.n == PAGE);
    return rc;
}

enum rc due_round(struct due *due, struct db *db, struct arena *arena,
                  struct due_done *done)
{
    enum rc   rc = RC_OK;
    struct op op;

    *done = (struct due_done){ 0 };
    due->done = 0;
    op_init(&op, arena, clock_now_ms());
    op.db = db;
    for (size_t i = 0; i < COUNT(kinds) && rc == RC_OK; i++)
        rc = ask_all(due, &op, &kinds[i], &done->asked);
    land(due, done);
    return rc;
}
