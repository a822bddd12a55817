/* The walls around linli-decode.  Whoever sends a picture may take over the
 * library that reads it; then this is all they have: memory and processor time
 * within limits, the descriptors of one picture, and the socket to the server.
 *
 * Two steps, since the library needs a little more while it starts than while it
 * works: confine_early() first thing in main, one thread; confine_calls() before
 * the first byte of a picture is read.  There is no way back from either. */
#ifndef DECODE_CONFINE_H
#define DECODE_CONFINE_H
#include <stdbool.h>

#include "base/lang.h"

/* Limits, no new privileges, no core, no tracing; own namespaces without network
 * and an empty root where the kernel lets an ordinary program have them (where it
 * does not, confine_calls() still leaves nothing to open or connect).  False when
 * a limit could not be set. */
MUST_USE bool confine_early(void);

/* Only the system calls on the list from here on, in every thread. */
MUST_USE bool confine_calls(void);

/* One picture's share of processor time, from now on; beyond it SIGXCPU ends the
 * process. */
MUST_USE bool confine_time(unsigned seconds);

#endif
