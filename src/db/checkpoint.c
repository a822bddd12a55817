#include "db/checkpoint.h"

#include <stdlib.h>

#include "base/metric.h"
#include "base/thread.h"
#include "db/engine.h"

enum {                       /* pages in the log */
       PASSIVE_PAGES = 4000, /* what was changed again and again is copied once */
       RESTART_PAGES = 8000,
       TRUNCATE_PAGES = 64000,
       PAGE_BYTES = 4096,
};

struct checkpointer {
    struct db      *db;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    int64_t         pages;      /* in the log at the last commit */
    int64_t         seen;       /* the same when they were last copied */
    int64_t         restart_at; /* later, after a reader stood in the way */
    int64_t         count;
    bool            holding; /* the writer, between two batches */
    bool            stopping;
};

/* A log that is shorter than it was has begun again. */
static bool due(const struct checkpointer *c)
{
    return c->pages - (c->pages < c->seen ? 0 : c->seen) >= PASSIVE_PAGES;
}

static void hold(struct checkpointer *c, bool holding)
{
    pthread_mutex_lock(&c->lock);
    c->holding = holding;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

/* Copies first what can be copied in nobody's way, so that little is left for the
 * moment in which the writer is held. */
static enum rc copy(struct checkpointer *c, int64_t pages)
{
    enum rc rc = c->db->engine->checkpoint(c->db, CHECKPOINT_PASSIVE);

    if (rc != RC_OK || pages < c->restart_at)
        return rc;
    hold(c, true);
    rc = c->db->engine->checkpoint(c->db, pages < TRUNCATE_PAGES ? CHECKPOINT_RESTART
                                                                 : CHECKPOINT_TRUNCATE);
    hold(c, false);
    c->restart_at = rc == RC_OK ? RESTART_PAGES : pages * 2;
    return rc;
}

static void *run(void *checkpointer)
{
    struct checkpointer *c = checkpointer;

    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (!c->stopping && !due(c))
            pthread_cond_wait(&c->changed, &c->lock);
        if (c->stopping)
            break;
        int64_t pages = c->seen = c->pages;
        pthread_mutex_unlock(&c->lock);
        enum rc rc = copy(c, pages);
        pthread_mutex_lock(&c->lock);
        c->count += rc == RC_OK;
        metric_count(METRIC_CHECKPOINTS, rc == RC_OK ? "done" : "put-off");
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

enum rc checkpoint_start(struct str where, const struct db *writer,
                         struct checkpointer **checkpointer)
{
    *checkpointer = NULL;
    if (!writer->engine->checkpoint)
        return RC_OK;
    struct checkpointer *c = calloc(1, sizeof *c);
    if (!c)
        return RC_NO_MEMORY;
    c->restart_at = RESTART_PAGES;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    enum rc rc = db_open(where, DB_WRITE, NULL, &c->db);
    if (rc == RC_OK && thread_start(&c->thread, run, c)) {
        *checkpointer = c;
        return RC_OK;
    }
    db_close(&c->db);
    free(c);
    return rc == RC_OK ? RC_NO_MEMORY : rc;
}

void checkpoint_stop(struct checkpointer **checkpointer)
{
    struct checkpointer *c = *checkpointer;

    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    db_close(&c->db);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
    *checkpointer = NULL;
}

void checkpoint_before(struct checkpointer *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    while (c->holding)
        pthread_cond_wait(&c->changed, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

void checkpoint_after(struct checkpointer *c, const struct db *writer)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->pages = writer->engine->log_pages(writer);
    metric_set(METRIC_WAL_BYTES, 0, c->pages * PAGE_BYTES);
    if (due(c))
        pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

int64_t checkpoint_count(struct checkpointer *c)
{
    if (!c)
        return 0;
    pthread_mutex_lock(&c->lock);
    int64_t count = c->count;
    pthread_mutex_unlock(&c->lock);
    return count;
}
