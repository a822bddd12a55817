/* Threads of our own: a small stack behind a guard page, and no signals, which
 * are the main thread's. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H
#include <pthread.h>
#include <stdbool.h>

#include "base/lang.h"

enum { THREAD_STACK_BYTES = 512 << 10 };

MUST_USE bool thread_start(pthread_t *thread, void *(*run)(void *), void *context);

#endif
