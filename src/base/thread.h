/* Threads of our own: a small stack behind a guard page, and no signals, which
 * are the main thread's. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/lang.h"

enum { THREAD_STACK_BYTES = 512 << 10 };

/* This one does nothing for that long. */
void thread_pause(int64_t ms);

/* Waits for the condition until that time of clock_mono_us(), whatever is done to the
 * calendar's clock meanwhile.  False when that time has come. */
bool thread_wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_us);

MUST_USE bool thread_start(pthread_t *thread, void *(*run)(void *), void *context);

#endif
