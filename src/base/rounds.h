/* A thread that works in rounds: it does one, rests until there is more to do or until
 * it is time to look again, and does the next, until it is stopped.  Whoever has work
 * for it wakes it; a wake that comes while it works is not lost. */
#ifndef BASE_ROUNDS_H
#define BASE_ROUNDS_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/lang.h"

struct rounds { /* the worker's own, zeroed before */
    pthread_t       thread;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t  wake;
    bool            running, woken, stopping;
};

/* run(context) is the thread; false when there is none.  Nothing is to be undone then. */
MUST_USE bool rounds_start(struct rounds *rounds, void *(*run)(void *), void *context);
/* From any thread, between start and stop. */
void rounds_wake(struct rounds *rounds);
/* When its round is done.  Of those that never started: nothing. */
void rounds_stop(struct rounds *rounds);

/* For run() alone: */

/* Until woken, or that long; false when it is time to stop. */
bool rounds_rest(struct rounds *rounds, int64_t ms);
/* That long, woken or not; false when it is time to stop. */
bool rounds_pause(struct rounds *rounds, int64_t ms);
/* Was it woken since this was last asked, or since it rested? */
bool rounds_woken(struct rounds *rounds);
bool rounds_go_on(struct rounds *rounds);

#endif
