/* What happens because time passes: deadlines, the keeping of sessions.  A thread that
 * looks four times a second and asks the acts that do it, as the clock; each act looks
 * again for itself, so nothing fires twice, and what came due while the server was off is
 * done when it is back. */
#ifndef APP_TIMER_H
#define APP_TIMER_H
#include "app/house.h"

struct timer;

MUST_USE enum rc timer_start(struct house *house, struct timer **timer);
void             timer_stop(struct timer **timer);
/* One round at this moment, on this thread: the demonstration's maker, tests. */
MUST_USE enum rc timer_round(struct house *house, struct db *db, struct arena *arena);

#endif
