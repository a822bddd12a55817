/* Where a request comes from.  Every address is kept as IPv6 (IPv4 mapped), so that
 * one comparison does.  Limits count an IPv6 address by its /64, since that is what
 * one subscriber is given.  X-Forwarded-For is believed only from listed proxies,
 * from the right: the last address that is not itself a proxy is the client. */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H
#include "base/arena.h"
#include "base/str.h"

struct sockaddr;

struct address {
    unsigned char at[16]; /* all zero: a Unix socket */
};

struct network {
    struct address address;
    unsigned       bits; /* 0 … 128 */
};

struct networks {
    const struct network *at;
    size_t                n;
};

struct address address_of(const struct sockaddr *from);
/* Fills a sockaddr_in or sockaddr_in6; its length. */
unsigned      address_to(struct address address, uint16_t port, struct sockaddr *to);
MUST_USE bool address_parse(struct str text, struct address *address);
struct str    address_text(struct arena *arena, struct address address);
bool          address_loopback(struct address address);
/* What limits count by: an IPv4 address, or the /64 of an IPv6 address. */
struct address address_subscriber(struct address address);

/* "10.0.0.0/8", "2001:db8::/32", or a single address. */
MUST_USE bool network_parse(struct str text, struct network *network);
bool          networks_hold(struct networks networks, struct address address);

/* The client behind `peer`, by its X-Forwarded-For (may be absent). */
struct address address_behind(struct address peer, struct str forwarded,
                              struct networks proxies);

#endif
