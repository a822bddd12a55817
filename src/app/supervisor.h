/* What systemd is told (Type=notify): that we are ready, that we stop, and, as long as
 * the writer gets on, that we live.  Its protocol is one datagram to $NOTIFY_SOCKET,
 * so no library is needed; without a supervisor nothing happens. */
#ifndef APP_SUPERVISOR_H
#define APP_SUPERVISOR_H
#include <signal.h>

#include "gate/gate.h"

/* "READY=1", "STOPPING=1"; lines of NAME=VALUE. */
void supervisor_tell(const char *says);
/* Until one of the signals comes; meanwhile the watchdog hears of us. The signal. */
int supervisor_wait(const sigset_t *signals, struct gate *gate);

#endif
