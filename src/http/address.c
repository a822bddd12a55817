#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_v4(struct address address)
{
    return memcmp(address.at, mapped, sizeof mapped) == 0;
}

struct address address_of(const struct sockaddr *from)
{
    struct address address = { 0 };

    if (from->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, from, sizeof v4);
        memcpy(address.at, mapped, sizeof mapped);
        memcpy(address.at + 12, &v4.sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, from, sizeof v6);
        memcpy(address.at, &v6.sin6_addr, 16);
    }
    return address;
}

unsigned address_to(struct address address, uint16_t port, struct sockaddr *to)
{
    struct sockaddr_in  v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

    if (is_v4(address)) {
        memcpy(&v4.sin_addr, address.at + 12, 4);
        memcpy(to, &v4, sizeof v4);
        return sizeof v4;
    }
    memcpy(&v6.sin6_addr, address.at, 16);
    memcpy(to, &v6, sizeof v6);
    return sizeof v6;
}

bool address_parse(struct str text, struct address *address)
{
    char z[INET6_ADDRSTRLEN];

    if (text.len == 0 || text.len >= sizeof z)
        return false;
    memcpy(z, text.at, text.len);
    z[text.len] = 0;
    *address = (struct address){ 0 };
    if (inet_pton(AF_INET6, z, address->at) == 1)
        return true;
    memcpy(address->at, mapped, sizeof mapped);
    return inet_pton(AF_INET, z, address->at + 12) == 1;
}

struct str address_text(struct arena *arena, struct address address)
{
    char        z[INET6_ADDRSTRLEN];
    bool        v4 = is_v4(address);
    const void *from = v4 ? address.at + 12 : address.at;

    if (!inet_ntop(v4 ? AF_INET : AF_INET6, from, z, sizeof z))
        return STR_NONE;
    return str_copy(arena, str_of(z));
}

bool address_loopback(struct address address)
{
    static const unsigned char v6[16] = { [15] = 1 };

    return is_v4(address) ? address.at[12] == 127 : memcmp(address.at, v6, 16) == 0;
}

struct address address_subscriber(struct address address)
{
    if (!is_v4(address))
        memset(address.at + 8, 0, 8);
    return address;
}

bool network_parse(struct str text, struct network *network)
{
    struct str_cut parts = str_cut(text, '/');
    int64_t        bits = 128;

    if (!address_parse(parts.ok ? parts.head : text, &network->address))
        return false;
    int64_t before = is_v4(network->address) ? 96 : 0; /* the mapped prefix */
    if (parts.ok && (!str_int64(parts.tail, &bits) || bits < 0 || bits + before > 128))
        return false;
    network->bits = (unsigned)(parts.ok ? bits + before : 128);
    return true;
}

static bool same_bits(struct address a, struct address b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    if (memcmp(a.at, b.at, whole) != 0)
        return false;
    return rest == 0 || ((a.at[whole] ^ b.at[whole]) >> (8 - rest)) == 0;
}

bool networks_hold(struct networks networks, struct address address)
{
    for (size_t i = 0; i < networks.n; i++)
        if (same_bits(networks.at[i].address, address, networks.at[i].bits))
            return true;
    return false;
}

static struct str last_of(struct str *list)
{
    size_t from = list->len;

    while (from > 0 && list->at[from - 1] != ',')
        from--;
    struct str last = str_trim(str_skip(*list, from));
    list->len = from > 0 ? from - 1 : 0;
    return last;
}

struct address address_behind(struct address peer, struct str forwarded,
                              struct networks proxies)
{
    struct address client = peer, before;

    while (networks_hold(proxies, client) && forwarded.len) {
        if (!address_parse(last_of(&forwarded), &before))
            break;
        client = before;
    }
    return client;
}
