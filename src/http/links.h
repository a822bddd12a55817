/* Connections and their deadlines.  libmicrohttpd's own timeout counts silence only:
 * a byte a second keeps a connection for ever.  So every connection is a link here,
 * with the phase it is in and since when, and a sweeper cuts (shutdown) whichever is
 * past its hard deadline.  A kept connection that has begun to send its next head is
 * noticed by the kernel's count of bytes.  Streams are exempt; what happens to them
 * is live.h's.  Links also count connections per address, and refuse beyond; where all
 * places but the reserve are taken, a newcomer has the place of the connection that has
 * waited longest at the address that holds most. */
#ifndef HTTP_LINKS_H
#define HTTP_LINKS_H
#include <stdatomic.h>

#include "http/address.h"
#include "base/limits.h"

struct links;

enum link_phase { LINK_HEAD, LINK_BODY, LINK_UPLOAD, LINK_WORK, LINK_STREAM, LINK_IDLE };

struct link {
    struct link   *next;
    int            fd;
    struct address address; /* the peer's */
    bool           local;   /* a Unix socket whose peer may act for this machine */
    bool           cut;     /* the sweeper's */
    /* Written by the connection's thread, read by the sweeper. */
    _Atomic int64_t         began_us;   /* this request */
    _Atomic int64_t         since_us;   /* this phase */
    _Atomic int64_t         received;   /* bytes of this body */
    _Atomic int64_t         allowed_ms; /* for the whole request */
    _Atomic uint64_t        heard;      /* bytes the kernel had when it became idle */
    _Atomic enum link_phase phase;
};

struct links_options {
    struct networks proxies;   /* not counted per address */
    struct networks offices;   /* HTTP_NAT_FACTOR times as many */
    bool            unlimited; /* tests and benchmarks from one address */
};

MUST_USE struct links *links_open(const struct links_options *options);
void                   links_close(struct links **links); /* all links must be gone */

/* May one more connection come from there? */
bool links_admit(struct links *links, struct address address);
/* NULL when there is no memory. */
MUST_USE struct link *links_add(struct links *links, int fd, struct address address,
                                bool local);
void links_remove(struct links *links, struct link **link); /* before its fd is closed */
/* More than all but the reserve: only staff is served. */
bool   links_crowded(struct links *links);
size_t links_count(struct links *links);
size_t links_cut(struct links *links); /* so far */

void link_phase(struct link *link, enum link_phase phase);
/* It is a stream from here on: only the kernel's own signs of life count. */
void link_stream(struct link *link);
/* A new request: its head has begun. */
void link_request(struct link *link);

#endif
