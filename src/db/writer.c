#include "db/writer.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/metric.h"
#include "base/thread.h"
#include "db/checkpoint.h"
#include "db/engine.h"

enum {
    BUSY_WAIT_MS = 5, /* before a batch is tried again; doubles each time */
    RECONNECT_WAIT_MS = 100,
};

/* One county's jobs, in the order they came. */
struct lane {
    struct lane     *next; /* in the ready list */
    struct job      *first, **last;
    struct id_source ids;
    bool             ready; /* has jobs, or was nudged */
};

struct writer {
    struct db           *db;
    struct checkpointer *checkpointer;
    struct writer_hooks  hooks;
    size_t               batch_max;
    struct arena         arena; /* the hooks', for one attempt */
    bool                 away;  /* the database, since some batch waited in vain for it: the
                                   next ones look once, and are told at once */
    pthread_t thread;

    pthread_mutex_t     lock; /* what follows */
    pthread_cond_t      wake;
    struct lane        *ready, **ready_last;
    bool                stopping;
    struct writer_stats stats;
    struct lane         lanes[COUNTY_MAX + 1];
};

/* Of one county, in one transaction. */
struct batch {
    struct lane      *lane;
    struct job       *jobs[WRITER_BATCH_MAX];
    struct arena_mark marks[WRITER_BATCH_MAX]; /* of their arenas before the first run */
    size_t            n;
    bool              careful; /* each job behind a savepoint, each statement waited for */
};

static void *run(void *writer);

/* ---- from any thread ---- */

static enum rc open_all(struct writer *w, struct str where,
                        const struct db_catalogue *catalogue)
{
    enum rc rc = db_open(where, DB_WRITE, catalogue, &w->db);

    if (rc == RC_OK)
        rc = checkpoint_start(where, w->db, &w->checkpointer);
    if (rc == RC_OK && !thread_start(&w->thread, run, w))
        rc = RC_NO_MEMORY;
    return rc;
}

static void close_all(struct writer *w)
{
    checkpoint_stop(&w->checkpointer);
    db_close(&w->db);
    arena_free(&w->arena);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

enum rc writer_start(struct str where, const struct db_catalogue *catalogue,
                     const struct writer_hooks *hooks, const struct writer_options *options,
                     struct writer **writer)
{
    struct writer *w = calloc(1, sizeof *w);

    *writer = NULL;
    if (!w)
        return RC_NO_MEMORY;
    w->hooks = hooks ? *hooks : (struct writer_hooks){ 0 };
    w->batch_max = options && options->batch_max ? options->batch_max : WRITER_BATCH_MAX;
    assert(w->batch_max <= WRITER_BATCH_MAX);
    w->ready_last = &w->ready;
    for (size_t i = 0; i < COUNT(w->lanes); i++) {
        w->lanes[i].last = &w->lanes[i].first;
        w->lanes[i].ids.county = (int64_t)i;
    }
    arena_init(&w->arena, ARENA_IMPORT_BYTES);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    enum rc rc = open_all(w, where, catalogue);
    if (rc == RC_OK)
        *writer = w;
    else
        close_all(w);
    return rc;
}

static struct lane *lane_of(struct writer *w, int64_t county)
{
    assert(county >= 0 && county <= COUNTY_MAX);
    return &w->lanes[county];
}

static void make_ready(struct writer *w, struct lane *lane)
{
    if (lane->ready)
        return;
    lane->ready = true;
    lane->next = NULL;
    *w->ready_last = lane;
    w->ready_last = &lane->next;
    pthread_cond_signal(&w->wake);
}

enum rc writer_submit(struct writer *w, struct job *job)
{
    struct lane *lane = lane_of(w, job->county);

    pthread_mutex_lock(&w->lock);
    enum rc rc = w->stopping                           ? RC_UNAVAILABLE
                 : w->stats.queued >= WRITER_QUEUE_MAX ? RC_BUSY
                                                       : RC_OK;
    if (rc == RC_OK) {
        job->next = NULL;
        *lane->last = job;
        lane->last = &job->next;
        w->stats.queued++;
        make_ready(w, lane);
    }
    pthread_mutex_unlock(&w->lock);
    if (rc == RC_BUSY)
        metric_count(METRIC_LIMIT_HITS, "writer-queue");
    return rc;
}

void writer_nudge(struct writer *w, int64_t county)
{
    pthread_mutex_lock(&w->lock);
    if (!w->stopping)
        make_ready(w, lane_of(w, county));
    pthread_mutex_unlock(&w->lock);
}

void writer_stop(struct writer **writer)
{
    struct writer *w = *writer;

    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    close_all(w);
    *writer = NULL;
}

struct writer_stats writer_stats(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct writer_stats stats = w->stats;
    pthread_mutex_unlock(&w->lock);
    stats.checkpoints = checkpoint_count(w->checkpointer);
    return stats;
}

/* ---- the next batch ---- */

/* As many of the lane's jobs as one transaction may have; a lane with more of them
 * goes behind the other counties. */
static void fill(struct writer *w, struct lane *lane, struct batch *batch)
{
    *batch = (struct batch){ .lane = lane };
    while (lane->first && batch->n < w->batch_max) {
        batch->jobs[batch->n++] = lane->first;
        lane->first = lane->first->next;
    }
    lane->ready = false;
    if (lane->first)
        make_ready(w, lane);
    else
        lane->last = &lane->first;
    w->stats.queued -= (int64_t)batch->n;
}

/* Waits for work; false when there is none left and none will come. */
static bool take(struct writer *w, struct batch *batch)
{
    pthread_mutex_lock(&w->lock);
    while (!w->ready && !w->stopping)
        pthread_cond_wait(&w->wake, &w->lock);
    struct lane *lane = w->ready;
    if (lane) {
        w->ready = lane->next;
        if (!w->ready)
            w->ready_last = &w->ready;
        fill(w, lane, batch);
    }
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; lane && i < batch->n; i++)
        batch->marks[i] = arena_mark(batch->jobs[i]->arena);
    return lane != NULL;
}

/* ---- one attempt ---- */

enum outcome {
    LANDED,
    REFUSED, /* for good */
    AGAIN,   /* nothing of it is in the database, and another attempt may succeed */
    SPOILT,  /* by a refused job that had changed something: again, carefully */
    UNKNOWN, /* the connection broke during COMMIT */
};

typedef enum rc writer_hook(void *context, struct op *op);

static void batch_op(struct writer *w, const struct batch *batch, struct arena *arena,
                     struct op *op)
{
    op_init(op, arena, clock_now_ms());
    op->db = w->db;
    op->county = batch->lane->ids.county;
    op->ids = &batch->lane->ids;
}

static enum rc call(struct writer *w, struct batch *batch, writer_hook *hook)
{
    struct op op;

    if (!hook)
        return RC_OK;
    batch_op(w, batch, &w->arena, &op);
    enum rc rc = hook(w->hooks.context, &op);
    if (rc == RC_TOO_LARGE) /* of no job's making */
        rc = RC_NO_MEMORY;
    return rc == RC_OK ? db_settle(w->db) : rc;
}

/* The engine wants the whole transaction again, or it is gone with its
 * connection. */
static bool wants_again(const struct writer *w)
{
    return db_trouble(w->db) == RC_BUSY || !db_alive(w->db);
}

/* Leaves the job's own end in job->rc. */
static void run_alone(struct job *job, struct op *op)
{
    job->rc = job->run(job, op);
    if (job->arena->over)
        job->rc = RC_TOO_LARGE;
    else if (job->rc == RC_OK)
        job->rc = db_trouble(op->db);
}

/* What it returns is about the batch.  Most refused jobs were refused before they
 * changed anything, and most jobs are not refused: a savepoint for each, for which
 * SQLite copies every page that is changed under it, is made only once it is needed. */
static enum rc run_job(struct writer *w, struct batch *batch, size_t i)
{
    struct job *job = batch->jobs[i];
    bool        careful = batch->careful;
    struct op   op;

    arena_back(job->arena, batch->marks[i]);
    enum rc rc = careful ? db_savepoint(w->db) : RC_OK;
    if (rc != RC_OK)
        return rc;
    batch_op(w, batch, job->arena, &op);
    db_watch(w->db);
    run_alone(job, &op);
    if (wants_again(w))
        return RC_BUSY;
    if (job->rc == RC_OK)
        return careful ? db_release(w->db) : RC_OK;
    if (careful)
        db_back(w->db);
    else if (db_changed(w->db) || db_trouble(w->db) != RC_OK)
        batch->careful = true;
    return batch->careful == careful ? db_trouble(w->db) : RC_REFUSED;
}

/* What nobody waited for may have failed by now: whose it was, is seen when each is waited
 * for. */
static enum rc settle_jobs(struct writer *w, struct batch *batch)
{
    if (db_settle(w->db) == RC_OK)
        return RC_OK;
    if (wants_again(w))
        return RC_BUSY;
    batch->careful = true;
    return RC_REFUSED;
}

static enum rc run_jobs(struct writer *w, struct batch *batch)
{
    enum rc rc = call(w, batch, w->hooks.opens);

    for (size_t i = 0; rc == RC_OK && i < batch->n; i++)
        rc = run_job(w, batch, i);
    if (rc == RC_OK)
        rc = settle_jobs(w, batch);
    return rc == RC_OK ? call(w, batch, w->hooks.closes) : rc;
}

static enum outcome commit(struct writer *w, enum rc *rc)
{
    int64_t began_us = clock_mono_us();

    *rc = db_commit(w->db);
    metric_observe(METRIC_COMMIT_SECONDS, 0, clock_mono_us() - began_us);
    if (*rc == RC_OK)
        return LANDED;
    if (*rc == RC_BUSY)
        return AGAIN;
    enum outcome outcome = *rc == RC_UNAVAILABLE ? UNKNOWN : REFUSED;
    *rc = RC_UNAVAILABLE;
    return outcome;
}

static enum outcome attempt(struct writer *w, struct batch *batch, enum rc *rc)
{
    db_trust(w->db, !batch->careful);
    *rc = db_begin(w->db);
    if (*rc != RC_OK)
        return *rc == RC_BUSY || !db_alive(w->db) ? AGAIN : REFUSED;
    w->away = false;
    bool careful = batch->careful;
    *rc = run_jobs(w, batch);
    if (*rc == RC_OK)
        return commit(w, rc);
    enum outcome outcome = wants_again(w)              ? AGAIN
                           : careful != batch->careful ? SPOILT
                                                       : REFUSED;
    if (!db_alive(w->db))
        *rc = RC_UNAVAILABLE;
    db_rollback(w->db);
    return outcome;
}

/* Whether a batch whose COMMIT got no answer is in the database. */
static enum outcome look(struct writer *w, struct batch *batch)
{
    if (!w->hooks.landed)
        return REFUSED;
    if (db_begin(w->db) != RC_OK)
        return UNKNOWN;
    enum rc      rc = call(w, batch, w->hooks.landed);
    enum outcome outcome = rc == RC_OK          ? LANDED
                           : wants_again(w)     ? UNKNOWN
                           : rc == RC_NOT_FOUND ? AGAIN
                                                : REFUSED;
    db_rollback(w->db);
    return outcome;
}

/* ---- until the batch is settled ---- */

static void pause_before(struct writer *w, int tries)
{
    thread_pause((int64_t)(db_alive(w->db) ? BUSY_WAIT_MS : RECONNECT_WAIT_MS) << tries);
    pthread_mutex_lock(&w->lock);
    w->stats.retries++;
    metric_add(METRIC_WRITER_RETRIES, 0, 1);
    pthread_mutex_unlock(&w->lock);
}

/* RC_OK: committed. */
static enum rc settle(struct writer *w, struct batch *batch)
{
    struct arena_mark fresh = arena_mark(&w->arena);
    enum outcome      outcome = AGAIN;
    enum rc           rc = RC_UNAVAILABLE;

    for (int tries = 0; tries <= WRITER_RETRIES_MAX && !(tries && w->away); tries++) {
        if (tries)
            pause_before(w, tries - 1);
        arena_back(&w->arena, fresh);
        if (outcome == UNKNOWN)
            outcome = look(w, batch);
        if (outcome == AGAIN)
            outcome = attempt(w, batch, &rc);
        if (outcome == SPOILT) {
            arena_back(&w->arena, fresh);
            outcome = attempt(w, batch, &rc);
        }
        if (outcome == LANDED)
            return RC_OK;
        if (outcome == REFUSED)
            break;
    }
    w->away = !db_alive(w->db);
    return rc;
}

static void tell(struct writer *w, struct batch *batch, enum rc rc)
{
    void (*hook)(void *, int64_t) = rc == RC_OK ? w->hooks.committed : w->hooks.rolled_back;

    if (hook)
        hook(w->hooks.context, batch->lane->ids.county);
    for (size_t i = 0; i < batch->n; i++) {
        struct job *job = batch->jobs[i]; /* gone after done() */
        if (rc != RC_OK)
            job->rc = rc;
        job->done(job, job->rc);
    }
}

static void count(struct writer *w, const struct batch *batch, enum rc rc, int64_t us)
{
    metric_observe(METRIC_WRITER_BATCH, 0, (int64_t)batch->n);
    metric_observe(METRIC_WRITER_SECONDS, 0, us);
    metric_count(METRIC_WRITER_BATCHES, rc == RC_OK ? "committed" : "refused");
    pthread_mutex_lock(&w->lock);
    w->stats.batches++;
    w->stats.jobs += (int64_t)batch->n;
    if ((int64_t)batch->n > w->stats.largest)
        w->stats.largest = (int64_t)batch->n;
    pthread_mutex_unlock(&w->lock);
}

static void *run(void *writer)
{
    struct writer *w = writer;
    struct batch   batch;

    while (take(w, &batch)) {
        checkpoint_before(w->checkpointer);
        int64_t began_us = clock_mono_us();
        enum rc rc = settle(w, &batch);
        checkpoint_after(w->checkpointer, w->db);
        count(w, &batch, rc,
              clock_mono_us() -
                  began_us); /* before done(): who was told finds himself counted */
        tell(w, &batch, rc);
    }
    return NULL;
}
