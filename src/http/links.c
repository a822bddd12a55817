#include "http/links.h"

#include <netinet/in.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/metric.h"
#include "base/plant.h"
#include "base/thread.h"

enum {
    HEADS = 1024, /* lists, by address */
    /* Served without the reserve for staff. */
    EVERYBODYS = HTTP_CONNECTIONS_MAX / 100 * (100 - HTTP_CONNECTIONS_RESERVE_PERCENT),
    /* Room is made a little before: who is let in at this moment is not counted yet. */
    ARRIVING = 64,
};

/* One address, or one subscriber's network, and what it has open. */
struct origin {
    struct origin *next;
    struct address address;
    struct link   *links;
    size_t         n;
};

struct links {
    pthread_mutex_t      lock;
    pthread_cond_t       wake;
    pthread_t            sweeper;
    bool                 stopping;
    struct links_options options;
    struct origin       *heads[HEADS];
    size_t               n, cut;
    size_t               leaving; /* of n: cut, and not yet gone */
};

static bool same(struct address a, struct address b)
{
    return memcmp(a.at, b.at, sizeof a.at) == 0;
}

/* Where it hangs, or would. */
static struct origin **find_origin(struct links *links, struct address address)
{
    size_t head = str_hash(str_slice((const char *)address.at, sizeof address.at)) % HEADS;
    struct origin **at = &links->heads[head];

    while (*at && !same((*at)->address, address))
        at = &(*at)->next;
    return at;
}

static void cut(struct links *links, struct link *link)
{
    link->cut = true;
    links->cut++;
    links->leaving++;
    (void)shutdown(link->fd, SHUT_RDWR);
}

/* Nobody waits for what it does, or it has had its time. */
static bool may_give_way(const struct link *link, int64_t now_us)
{
    bool late = now_us - link->since_us > HTTP_HEAD_MS * INT64_C(1000);

    switch ((enum link_phase)link->phase) { /* clang wants it plain */
    case LINK_HEAD:
    case LINK_BODY:
    case LINK_IDLE:
        return !link->cut;
    case LINK_UPLOAD:
    case LINK_WORK:
        return !link->cut && late;
    case LINK_STREAM:
        return false;
    }
    return false;
}

static struct link *longest_there(struct link *list, int64_t now_us)
{
    struct link *found = NULL;

    for (struct link *link = list; link; link = link->next)
        if (may_give_way(link, now_us) && (!found || link->since_us <= found->since_us))
            found = link;
    return found;
}

/* The address that holds most makes room: whoever keeps thousands of connections open
 * from hundreds of addresses pushes out his own. */
static bool make_room(struct links *links)
{
    struct link *found = NULL;
    size_t       most = 0;
    int64_t      now_us = clock_mono_us();

    if (links->n - links->leaving < EVERYBODYS - ARRIVING)
        return true;
    for (size_t i = 0; i < HEADS; i++)
        for (const struct origin *at = links->heads[i]; at; at = at->next) {
            struct link *link = at->n > most ? longest_there(at->links, now_us) : NULL;
            if (!link)
                continue;
            found = link;
            most = at->n;
        }
    if (found) {
        cut(links, found);
        metric_count(METRIC_LIMIT_HITS, "gave-way");
    }
    return found || links->n - links->leaving < HTTP_CONNECTIONS_MAX;
}

bool links_admit(struct links *links, struct address address)
{
    const struct links_options *options = &links->options;
    size_t                      most = HTTP_ADDRESS_CONNECTIONS_MAX *
                  (networks_hold(options->offices, address) ? HTTP_NAT_FACTOR : 1);

    if (options->unlimited)
        return true;
    if (networks_hold(options->proxies, address))
        most = HTTP_CONNECTIONS_MAX;
    pthread_mutex_lock(&links->lock);
    const struct origin *origin = *find_origin(links, address_subscriber(address));
    bool                 room = !origin || origin->n < most, any = room && make_room(links);
    pthread_mutex_unlock(&links->lock);
    if (!any)
        metric_count(METRIC_LIMIT_HITS, room ? "connections" : "address-connections");
    return any;
}

static struct origin *origin_of(struct links *links, struct address address)
{
    struct origin **at = find_origin(links, address);

    if (!*at && (*at = calloc(1, sizeof **at)))
        (*at)->address = address;
    return *at;
}

static bool hang(struct links *links, struct link *link)
{
    struct origin *origin = origin_of(links, address_subscriber(link->address));

    if (!origin)
        return false;
    link->next = origin->links;
    origin->links = link;
    origin->n++;
    links->n++;
    return true;
}

struct link *links_add(struct links *links, int fd, struct address address, bool local)
{
    struct link *link = calloc(1, sizeof *link);

    if (!link)
        return NULL;
    link->fd = fd;
    link->address = address;
    link->local = local;
    link_request(link);
    pthread_mutex_lock(&links->lock);
    bool hung = hang(links, link);
    pthread_mutex_unlock(&links->lock);
    if (hung)
        return link;
    free(link);
    return NULL;
}

static void forget_origin(struct origin **at)
{
    struct origin *gone = *at;

    *at = gone->next;
    free(gone);
}

void links_remove(struct links *links, struct link **link)
{
    pthread_mutex_lock(&links->lock);
    struct origin **origin = find_origin(links, address_subscriber((*link)->address));
    assert(*origin);
    struct link **at = &(*origin)->links;
    while (*at && *at != *link)
        at = &(*at)->next;
    assert(*at == *link);
    *at = (*link)->next;
    links->leaving -= (*link)->cut;
    links->n--;
    if (--(*origin)->n == 0)
        forget_origin(origin);
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
    if (links->options.unlimited)
        return false;
    pthread_mutex_lock(&links->lock);
    bool crowded = links->n - links->leaving > EVERYBODYS;
    pthread_mutex_unlock(&links->lock);
    return crowded;
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

static void look_at(struct links *links, struct link *link, int64_t now_us)
{
    look_for_head(link);
    if (link->cut || plant_is(PLANT_SLOW) || !overdue(link, now_us))
        return;
    cut(links, link);
    metric_count(METRIC_LIMIT_HITS, "deadline");
}

static void sweep(struct links *links, int64_t now_us)
{
    for (size_t i = 0; i < HEADS; i++)
        for (const struct origin *at = links->heads[i]; at; at = at->next)
            for (struct link *link = at->links; link; link = link->next)
                look_at(links, link, now_us);
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
