/* Where this installation may go by itself: to the platforms that its settings name, and
 * of addresses only to public ones, or into networks that the settings list.  A name that
 * turns out to mean this machine, its neighbours or a cloud's own services is not gone to.
 */
#ifndef APP_REACH_H
#define APP_REACH_H
#include "app/config.h"
#include "base/problem.h"
#include "base/rc.h"

struct sockaddr; /* sys/socket.h */

/* RC_REFUSED, told, when a setting cannot be understood. */
MUST_USE enum rc reach_open(struct arena *arena, const struct config *config,
                            struct problems *problems);
void             reach_close(void);
bool             reach_may(const struct sockaddr *to);

#endif
