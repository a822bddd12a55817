/* Sockets to listen on: an address and port, or a path on this machine. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "http/address.h"

union socket_address {
    struct sockaddr     any;
    struct sockaddr_in  v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un  local;
};

struct endpoint {
    struct address       address;
    union socket_address at;
    socklen_t            len;
};

/* "127.0.0.1:8080", "[::1]:8443"; port 0: any free one. */
MUST_USE bool endpoint_parse(struct str text, struct endpoint *endpoint);

/* -1 with the reason in the log. */
int listen_on(const struct endpoint *endpoint);
/* A Unix socket for its owner alone.  What a server that was killed left behind is
 * removed; a living one's is not. */
int      listen_locally(struct str path);
uint16_t listen_port(int fd);

#endif
