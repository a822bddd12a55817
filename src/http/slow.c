#include "http/slow.h"

#include <stdlib.h>

#include "base/metric.h"
#include "base/thread.h"

struct slow {
    pthread_mutex_t  lock;
    pthread_cond_t   wake;
    struct slow_job *first, **last;
    size_t           waiting, most;
    bool             stopping;
    size_t           nthreads;
    pthread_t        threads[];
};

static struct slow_job *next_job(struct slow *slow)
{
    pthread_mutex_lock(&slow->lock);
    while (!slow->first && !slow->stopping)
        pthread_cond_wait(&slow->wake, &slow->lock);
    struct slow_job *job = slow->first;
    if (job) {
        slow->first = job->next;
        slow->waiting--;
        if (!slow->first)
            slow->last = &slow->first;
    }
    pthread_mutex_unlock(&slow->lock);
    return job;
}

static void *worker(void *context)
{
    for (struct slow_job *job; (job = next_job(context)) != NULL;)
        job->run(job);
    return NULL;
}

enum rc slow_submit(struct slow *slow, struct slow_job *job)
{
    enum rc rc = RC_TOO_MANY;

    job->next = NULL;
    pthread_mutex_lock(&slow->lock);
    if (slow->waiting < slow->most) {
        rc = RC_OK;
        slow->waiting++;
        *slow->last = job;
        slow->last = &job->next;
        pthread_cond_signal(&slow->wake);
    }
    pthread_mutex_unlock(&slow->lock);
    if (rc != RC_OK)
        metric_count(METRIC_LIMIT_HITS, "slow-queue");
    return rc;
}

size_t slow_waiting(struct slow *slow)
{
    pthread_mutex_lock(&slow->lock);
    size_t n = slow->waiting;
    pthread_mutex_unlock(&slow->lock);
    return n;
}

struct slow *slow_open(size_t threads, size_t queue_max)
{
    struct slow *slow = calloc(1, sizeof *slow + threads * sizeof slow->threads[0]);

    if (!slow)
        return NULL;
    pthread_mutex_init(&slow->lock, NULL);
    pthread_cond_init(&slow->wake, NULL);
    slow->last = &slow->first;
    slow->most = queue_max;
    while (slow->nthreads < threads &&
           thread_start(&slow->threads[slow->nthreads], worker, slow))
        slow->nthreads++;
    if (slow->nthreads < threads)
        slow_close(&slow);
    return slow;
}

void slow_close(struct slow **slow)
{
    if (!*slow)
        return;
    pthread_mutex_lock(&(*slow)->lock);
    (*slow)->stopping = true;
    pthread_cond_broadcast(&(*slow)->wake);
    pthread_mutex_unlock(&(*slow)->lock);
    for (size_t i = 0; i < (*slow)->nthreads; i++)
        pthread_join((*slow)->threads[i], NULL);
    pthread_cond_destroy(&(*slow)->wake);
    pthread_mutex_destroy(&(*slow)->lock);
    free(*slow);
    *slow = NULL;
}
