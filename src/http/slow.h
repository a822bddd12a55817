/* The few threads for acts whose preparation takes long (a password's hash): they
 * must not hold up the threads that serve everybody else.  Bounded: what does not
 * find room in the queue is refused at once. */
#ifndef HTTP_SLOW_H
#define HTTP_SLOW_H
#include "base/rc.h"

struct slow;

struct slow_job {
    struct slow_job *next;
    void (*run)(struct slow_job *job);
};

MUST_USE struct slow *slow_open(size_t threads, size_t queue_max);
void                  slow_close(struct slow **slow); /* finishes what was accepted */
MUST_USE enum rc slow_submit(struct slow *slow, struct slow_job *job); /* RC_TOO_MANY */
size_t           slow_waiting(struct slow *slow);

#endif
