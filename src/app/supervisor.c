#include "app/supervisor.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

/* The length of the address, 0: there is nobody to tell. */
static socklen_t address(struct sockaddr_un *to)
{
    const char *path = getenv("NOTIFY_SOCKET");
    size_t      len = path ? strlen(path) : 0;

    *to = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (len < 2 || len >= sizeof to->sun_path || (path[0] != '/' && path[0] != '@'))
        return 0;
    memcpy(to->sun_path, path, len);
    if (to->sun_path[0] == '@') /* a name without a file */
        to->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

void supervisor_tell(const char *says)
{
    struct sockaddr_un to;
    socklen_t          len = address(&to);
    int                fd = len ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;

    if (fd < 0)
        return;
    if (sendto(fd, says, strlen(says), MSG_NOSIGNAL, (struct sockaddr *)&to, len) < 0)
        log_event(LOG_WARN, "supervisor.untold", LOG_INT("errno", errno));
    (void)close(fd);
}

/* WATCHDOG_USEC for this very process; 0: none. */
static int64_t watchdog_us(void)
{
    int64_t us = 0, pid = 0;

    if (!str_int64(str_of(getenv("WATCHDOG_USEC")), &us) || us <= 0)
        return 0;
    if (getenv("WATCHDOG_PID") &&
        (!str_int64(str_of(getenv("WATCHDOG_PID")), &pid) || pid != getpid()))
        return 0;
    return us;
}

/* A writer that has work and finishes none is stuck.  One that tries again, because
 * the database is away, is not: a restart would not bring the database back. */
static bool gets_on(struct gate *gate, struct writer_stats *before)
{
    struct writer_stats now = gate_stats(gate);

    bool moved = now.batches != before->batches || now.retries != before->retries;
    bool idle = now.queued == 0;
    *before = now;
    return idle || moved;
}

int supervisor_wait(const sigset_t *signals, struct gate *gate)
{
    int64_t             us = watchdog_us() / 3;
    struct timespec     pause = { us / 1000000, us % 1000000 * 1000 };
    struct writer_stats stats = gate_stats(gate);

    for (;;) {
        int got = us ? sigtimedwait(signals, NULL, &pause) : sigwaitinfo(signals, NULL);
        if (got > 0)
            return got;
        if (errno == EAGAIN && gets_on(gate, &stats))
            supervisor_tell("WATCHDOG=1");
    }
}
