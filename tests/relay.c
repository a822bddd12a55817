#include "relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

enum { WAIT_MS = 20 };

static int to_server(const struct relay *r)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(r->server_port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void hang_up(struct relay *r, size_t i)
{
    close(r->pairs[i].client);
    close(r->pairs[i].server);
    r->pairs[i] = r->pairs[--r->n];
}

static void let_in(struct relay *r)
{
    int client = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC);

    if (client < 0)
        return;
    if (r->mode == DOWN || r->n == RELAY_PAIRS_MAX)
        close(client);
    else
        r->pairs[r->n++] = (struct relay_pair){ .client = client, .server = to_server(r) };
}

/* One piece of the conversation; false when it is over. */
static bool pass_on(struct relay *r, struct relay_pair *pair, int from, int to)
{
    static const char commit[] = "COMMIT"; /* and its NUL, as the message has it */
    char              piece[16384];
    ssize_t           n = read(from, piece, sizeof piece);
    enum relay_mode   mode = r->mode;
    bool              commits = n > 0 && memmem(piece, (size_t)n, commit, sizeof commit);

    if (n <= 0 || pair->swallowing || mode == DOWN)
        return false;
    bool cut = from == pair->client && r->cut_in && --r->cut_in == 0;
    if (cut && !r->cut_heard)
        return false;
    if (write(to, piece, (size_t)n) != n)
        return false;
    pair->swallowing = cut;
    if (!commits || mode == RELAY)
        return true;
    r->mode = r->then;
    pair->swallowing = mode == SWALLOW_COMMIT; /* the next piece is its answer */
    return pair->swallowing;
}

static bool converse(struct relay *r, struct relay_pair *pair, const struct pollfd *fds)
{
    bool on = !fds[0].revents || pass_on(r, pair, pair->client, pair->server);

    return on && (!fds[1].revents || pass_on(r, pair, pair->server, pair->client));
}

static void *run(void *relay)
{
    struct relay *r = relay;
    struct pollfd fds[2 * RELAY_PAIRS_MAX + 1];

    while (!r->stopping) {
        size_t n = r->n;
        for (size_t i = 0; i < n; i++) {
            fds[2 * i] = (struct pollfd){ .fd = r->pairs[i].client, .events = POLLIN };
            fds[2 * i + 1] = (struct pollfd){ .fd = r->pairs[i].server, .events = POLLIN };
        }
        fds[2 * n] = (struct pollfd){ .fd = r->listener, .events = POLLIN };
        poll(fds, 2 * n + 1, WAIT_MS);
        for (size_t i = n; i-- > 0;) {
            bool swallowing = r->pairs[i].swallowing;
            bool keeps = swallowing || r->mode != DOWN;
            if (!keeps || !converse(r, &r->pairs[i], &fds[2 * i]))
                hang_up(r, i);
        }
        if (fds[2 * n].revents)
            let_in(r);
    }
    while (r->n)
        hang_up(r, 0);
    return NULL;
}

void relay_start(struct relay *r, struct str where)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          size = sizeof address;
    struct str         host = STR("@127.0.0.1:");
    const char        *port =
        (const char *)memmem(where.at, where.len, host.at, host.len) + host.len;

    *r = (struct relay){ .server_port = (uint16_t)strtoul(port, NULL, 10) };
    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(r->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(r->listener, 8), 0);
    assert_int_equal(getsockname(r->listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(r->where, sizeof r->where, "%.*s%d%s", (int)(port - where.at), where.at,
                   ntohs(address.sin_port), strchr(port, '/'));
    assert_int_equal(pthread_create(&r->thread, NULL, run, r), 0);
}

void relay_stop(struct relay *r)
{
    r->stopping = true;
    pthread_join(r->thread, NULL);
    close(r->listener);
}
