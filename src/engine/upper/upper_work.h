/* The worker that sends what waits for the platforms: each message whose turn it is,
 * once a round.  What it was sending when it was killed is sent again, under the same id.
 */
#ifndef ENGINE_UPPER_UPPER_WORK_H
#define ENGINE_UPPER_UPPER_WORK_H
#include "gate/worker.h"

extern const struct worker_task upper_work;

#endif
