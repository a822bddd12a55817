#include "base/rounds.h"

#include "base/clock.h"
#include "base/thread.h"

bool rounds_start(struct rounds *rounds, void *(*run)(void *), void *context)
{
    pthread_mutex_init(&rounds->lock, NULL);
    pthread_cond_init(&rounds->wake, NULL);
    rounds->running = thread_start(&rounds->thread, run, context);
    if (!rounds->running) {
        pthread_cond_destroy(&rounds->wake);
        pthread_mutex_destroy(&rounds->lock);
    }
    return rounds->running;
}

static void set(struct rounds *rounds, bool *flag)
{
    pthread_mutex_lock(&rounds->lock);
    *flag = true;
    pthread_cond_signal(&rounds->wake);
    pthread_mutex_unlock(&rounds->lock);
}

void rounds_wake(struct rounds *rounds)
{
    set(rounds, &rounds->woken);
}

void rounds_stop(struct rounds *rounds)
{
    if (!rounds->running)
        return;
    set(rounds, &rounds->stopping);
    pthread_join(rounds->thread, NULL);
    pthread_cond_destroy(&rounds->wake);
    pthread_mutex_destroy(&rounds->lock);
    rounds->running = false;
}

static bool wait(struct rounds *rounds, int64_t ms, bool light)
{
    int64_t until_us = clock_mono_us() + ms * 1000;

    pthread_mutex_lock(&rounds->lock);
    while (!rounds->stopping && !(light && rounds->woken) &&
           thread_wait_until(&rounds->wake, &rounds->lock, until_us))
        ;
    rounds->woken = false;
    bool stopping = rounds->stopping;
    pthread_mutex_unlock(&rounds->lock);
    return !stopping;
}

bool rounds_rest(struct rounds *rounds, int64_t ms)
{
    return wait(rounds, ms, true);
}

bool rounds_pause(struct rounds *rounds, int64_t ms)
{
    return wait(rounds, ms, false);
}

bool rounds_woken(struct rounds *rounds)
{
    pthread_mutex_lock(&rounds->lock);
    bool woken = rounds->woken;
    rounds->woken = false;
    pthread_mutex_unlock(&rounds->lock);
    return woken;
}

bool rounds_go_on(struct rounds *rounds)
{
    pthread_mutex_lock(&rounds->lock);
    bool stopping = rounds->stopping;
    pthread_mutex_unlock(&rounds->lock);
    return !stopping;
}
