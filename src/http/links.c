#include "http/links.h"

#include <netinet/in.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/metric.h"
#include "base/thread.h"

enum { HEADS = 1024 }; /* lists, by address */

struct links {
    pthread_mutex_t      lock;
    pthread_cond_t       wake;
    pthread_t            sweeper;
    bool                 stopping;
    struct links_options options;
    struct link         *heads[HEADS];
    size_t               n, cut;
};

static struct link **head_of(struct links *links, struct address address)
{
    return &links->heads[str_hash(str_slice((const char *)address.at, 16)) % HEADS];
}

static bool same(struct address a, struct address b)
{
    return memcmp(a.at, b.at, sizeof a.at) == 0;
}

bool links_admit(struct links *links, struct address address)
{
    const struct links_options *options = &links->options;
    struct address              who = address_subscriber(address);
    size_t                      n = 0;
    size_t                      most = HTTP_ADDRESS_CONNECTIONS_MAX *
                  (networks_hold(options->offices, address) ? HTTP_NAT_FACTOR : 1);

    if (options->unlimited)
        return true;
    if (networks_hold(options->proxies, address))
        most = HTTP_CONNECTIONS_MAX;
    pthread_mutex_lock(&links->lock);
    for (struct link *link = *head_of(links, who); link; link = link->next)
        n += same(address_subscriber(link->address), who);
    bool room = n < most, any = links->n < HTTP_CONNECTIONS_MAX;
    pthread_mutex_unlock(&links->lock);
    if (!room || !any)
        metric_count(METRIC_LIMIT_HITS, any ? "address-connections" : "connections");
    return room && any;
}

struct link *links_add(struct links *links, int fd, struct address address, bool local)
{
    struct link  *link = calloc(1, sizeof *link);
    struct link **head = head_of(links, address_subscriber(address));

    if (!link)
        return NULL;
    link->fd = fd;
    link->address = address;
    link->local = local;
    link_request(link);
    pthread_mutex_lock(&links->lock);
    link->next = *head;
    *head = link;
    links->n++;
    pthread_mutex_unlock(&links->lock);
    return link;
}

void links_remove(struct links *links, struct link **link)
{
    pthread_mutex_lock(&links->lock);
    struct link **at = head_of(links, address_subscriber((*link)->address));
    while (*at != *link)
        at = &(*at)->next;
    *at = (*link)->next;
    links->n--;
    pthread_mutex_unlock(&links->lock);
    free(*link);
    *link = NULL;
}

size_t links_count(struct links *links)
{
    pthread_mutex_lock(&links->lock);
    size_t n = links->n;
    pthread_mutex_unlock(&links->lock);
    return n;
}

size_t links_cut(struct links *links)
{
    pthread_mutex_lock(&links->lock);
    size_t n = links->cut;
    pthread_mutex_unlock(&links->lock);
    return n;
}

bool links_crowded(struct links *links)
{
    return !links->options.unlimited &&
           links_count(links) >
               HTTP_CONNECTIONS_MAX / 100 * (100 - HTTP_CONNECTIONS_RESERVE_PERCENT);
}

/* Bytes that ever came in; 0 where the kernel does not count (a Unix socket). */
static uint64_t bytes_in(int fd)
{
    struct tcp_info info;
    socklen_t       len = sizeof info;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return 0;
    return info.tcpi_bytes_received;
}

/* `since` before `phase`: a sweeper that sees the new phase sees its start too. */
void link_phase(struct link *link, enum link_phase phase)
{
    if (phase == LINK_IDLE)
        link->heard = bytes_in(link->fd);
    link->since_us = clock_mono_us();
    link->phase = phase;
}

void link_stream(struct link *link)
{
    unsigned unheard_ms = HTTP_STREAM_UNHEARD_MS;

    (void)setsockopt(link->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard_ms,
                     sizeof unheard_ms);
    link_phase(link, LINK_STREAM);
}

void link_request(struct link *link)
{
    link->began_us = clock_mono_us();
    link->allowed_ms = HTTP_TOTAL_MS;
    link->received = 0;
    link_phase(link, LINK_HEAD);
}

static bool too_slow(const struct link *link, int64_t phase_ms)
{
    return phase_ms > HTTP_BODY_GRACE_MS &&
           link->received < phase_ms * HTTP_BODY_BYTES_PER_S / 1000;
}

static bool overdue(struct link *link, int64_t now_us)
{
    enum link_phase phase = link->phase;
    int64_t         phase_ms = (now_us - link->since_us) / 1000;
    bool            request = (now_us - link->began_us) / 1000 > link->allowed_ms;

    switch (phase) {
    case LINK_HEAD:
        return phase_ms > HTTP_HEAD_MS;
    case LINK_BODY:
        return phase_ms > HTTP_BODY_MS || too_slow(link, phase_ms) || request;
    case LINK_UPLOAD:
        return too_slow(link, phase_ms) || request;
    case LINK_WORK:
        return request;
    case LINK_IDLE:
        return phase_ms > HTTP_IDLE_MS;
    case LINK_STREAM:
        return false;
    }
    return false;
}

/* A kept connection whose next head has begun is held to that head's deadline. */
static void look_for_head(struct link *link)
{
    enum link_phase idle = LINK_IDLE;

    if (link->phase == LINK_IDLE && bytes_in(link->fd) > link->heard) {
        link->since_us = clock_mono_us();
        atomic_compare_exchange_strong(&link->phase, &idle, LINK_HEAD);
    }
}

static void sweep(struct links *links, int64_t now_us)
{
    for (size_t i = 0; i < HEADS; i++)
        for (struct link *link = links->heads[i]; link; link = link->next) {
            look_for_head(link);
            if (link->cut || !overdue(link, now_us))
                continue;
            link->cut = true;
            links->cut++;
            metric_count(METRIC_LIMIT_HITS, "deadline");
            (void)shutdown(link->fd, SHUT_RDWR);
        }
}

static void *sweeper(void *context)
{
    struct links *links = context;

    pthread_mutex_lock(&links->lock);
    while (!links->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += HTTP_SWEEP_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_clockwait(&links->wake, &links->lock, CLOCK_MONOTONIC, &until);
        sweep(links, clock_mono_us());
    }
    pthread_mutex_unlock(&links->lock);
    return NULL;
}

struct links *links_open(const struct links_options *options)
{
    struct links *links = calloc(1, sizeof *links);

    if (!links)
        return NULL;
    links->options = *options;
    pthread_mutex_init(&links->lock, NULL);
    pthread_cond_init(&links->wake, NULL);
    if (thread_start(&links->sweeper, sweeper, links))
        return links;
    free(links);
    return NULL;
}

void links_close(struct links **links)
{
    if (!*links)
        return;
    pthread_mutex_lock(&(*links)->lock);
    (*links)->stopping = true;
    pthread_cond_signal(&(*links)->wake);
    pthread_mutex_unlock(&(*links)->lock);
    pthread_join((*links)->sweeper, NULL);
    assert((*links)->n == 0);
    pthread_cond_destroy(&(*links)->wake);
    pthread_mutex_destroy(&(*links)->lock);
    free(*links);
    *links = NULL;
}
