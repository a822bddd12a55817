#include "base/thread.h"

#include <signal.h>
#include <time.h>

void thread_pause(int64_t ms)
{
    struct timespec span = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

    (void)nanosleep(&span, NULL);
}

bool thread_wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_us)
{
    struct timespec until = { .tv_sec = until_us / 1000000,
                              .tv_nsec = until_us % 1000000 * 1000 };

    return pthread_cond_clockwait(condition, lock, CLOCK_MONOTONIC, &until) == 0;
}

bool thread_start(pthread_t *thread, void *(*run)(void *), void *context)
{
    pthread_attr_t attr;
    sigset_t       all, before;

    if (pthread_attr_init(&attr) != 0)
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* a new thread inherits the mask */
    bool started = pthread_attr_setstacksize(&attr, THREAD_STACK_BYTES) == 0 &&
                   pthread_create(thread, &attr, run, context) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return started;
}
