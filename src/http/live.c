#include "http/live.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/metric.h"
#include "base/log.h"
#include "base/thread.h"
#include "http/live_stream.h"

enum {
    TICK_MS = 500,
    PAGE_LINES = 64, /* read from the journal at once */
    EVENT_BYTES_MAX = 4096,
    COUNTIES = COUNTY_MAX + 1,
    UNKNOWN = -1,          /* nothing has landed in that county since the start */
    ACCOUNTS = 4096,       /* lists of streams, by account */
    RECHECKS_AT_ONCE = 16, /* before news is looked for again */
};

struct live {
    struct live_options options;
    pthread_t           hub;

    pthread_mutex_t     lock;  /* of what streams say, and of the lists */
    struct live_stream *all;   /* the hub's list: only it adds and removes */
    struct live_stream *joins; /* not yet in it */
    size_t              n;
    bool                finishing;

    /* the hub's alone */
    struct live_stream *accounts[ACCOUNTS], *on_duty;
    uint64_t            lines; /* told so far */
    int64_t             tended_us;

    pthread_mutex_t news; /* taken last; never while waiting for the other */
    pthread_cond_t  wake;
    bool            due, stopping;
    bool            called;               /* by a stream that is new, or has been heard */
    uint64_t        grown[COUNTIES / 64]; /* bits: counties with news */
    _Atomic int64_t told[COUNTIES];       /* up to which the hub has told */
    _Atomic int64_t landed[COUNTIES];     /* the newest line */
};
static_assert(COUNTIES % 64 == 0, "a bit for every county");

/* One line's events, on their way to the streams. */
struct batch {
    const struct live_event *events;
    struct told             *told[LIVE_EVENTS_MAX];
    size_t                   n;
};

static void *hub(void *context);

/* ---- news ---- */

static void nudge(struct live *live)
{
    pthread_mutex_lock(&live->news);
    live->due = live->called = true;
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->news);
}

void live_landed(struct live *live, int64_t county, int64_t seq)
{
    assert(county >= 0 && county < COUNTIES);
    pthread_mutex_lock(&live->news);
    if (live->told[county] == UNKNOWN)
        live->told[county] = seq - 1;
    live->landed[county] = seq;
    live->grown[county / 64] |= UINT64_C(1) << county % 64;
    live->due = true;
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->news);
}

/* ---- streams, on their connections' threads ---- */

static size_t count_like(struct live_stream *stream, const struct live_guest *guest,
                         size_t *same_address)
{
    struct address subscriber = address_subscriber(guest->address);
    size_t         same_account = 0;

    for (; stream; stream = stream->next) {
        bool account = stream->account && stream->account == guest->actor->account;
        bool address = !stream->local && !guest->local &&
                       memcmp(&stream->subscriber, &subscriber, sizeof subscriber) == 0;
        if ((!account && !address) || stream->gone || stream->ended)
            continue;
        if (stream_hung_up(stream)) { /* a page that was loaded again */
            stream_end(stream);
            continue;
        }
        same_account += account;
        *same_address += address;
    }
    return same_account;
}

static bool room_for(struct live *live, const struct live_guest *guest)
{
    size_t addresses = 0;
    size_t accounts = count_like(live->all, guest, &addresses) +
                      count_like(live->joins, guest, &addresses);

    return live->options.unlimited || (accounts < HTTP_STREAMS_PER_ACCOUNT_MAX &&
                                       addresses < HTTP_STREAMS_PER_ADDRESS_MAX);
}

enum rc live_join(struct live *live, const struct live_guest *guest,
                  struct live_stream **stream)
{
    enum rc rc = RC_OK;

    *stream = NULL;
    pthread_mutex_lock(&live->lock);
    if (live->finishing)
        rc = RC_UNAVAILABLE;
    else if (!room_for(live, guest))
        rc = RC_TOO_MANY;
    else if (!(*stream = stream_new(live, guest)))
        rc = RC_NO_MEMORY;
    if (*stream) {
        (*stream)->next = live->joins;
        live->joins = *stream;
        live->n++;
    }
    pthread_mutex_unlock(&live->lock);
    if (rc == RC_TOO_MANY)
        metric_count(METRIC_LIMIT_HITS, "live-streams");
    if (rc == RC_OK)
        nudge(live);
    return rc;
}

ssize_t live_read(void *context, uint64_t position, char *to, size_t room)
{
    struct live_stream *stream = context;
    struct live        *live = stream->live;

    (void)position;
    pthread_mutex_lock(&live->lock);
    ssize_t n = stream_say(stream, to, room, clock_mono_us());
    bool    hungry = stream->behind && stream->n == 0;
    pthread_mutex_unlock(&live->lock);
    if (n > 0 && hungry)
        nudge(live);
    return n;
}

void live_end(void *context)
{
    struct live_stream *stream = context;
    struct live        *live = stream->live;

    pthread_mutex_lock(&live->lock);
    stream->asleep = false;
    stream_end(stream);
    stream->gone = true; /* the hub frees it */
    live->n--;
    pthread_mutex_unlock(&live->lock);
}

size_t live_count(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    size_t n = live->n;
    pthread_mutex_unlock(&live->lock);
    return n;
}

/* ---- telling, on the hub's thread ---- */

static struct told *told_of(const struct line *line, const struct live_event *event)
{
    if (event->data.len <= EVENT_BYTES_MAX &&
        !(event->data.len && memchr(event->data.at, '\n', event->data.len)))
        return told_new(line->county, line->seq, event->type, event->data);
    log_event(LOG_ERROR, "live.unfit", LOG_INT("county", line->county),
              LOG_INT("seq", line->seq));
    return NULL;
}

static void batch_make(struct live *live, struct op *op, struct batch *batch,
                       const struct line *line)
{
    struct list      events = { 0 };
    struct live_door door = live->options.live;
    enum rc          rc = door.events(door.context, op, line, &events);

    *batch = (struct batch){ .events = events.at };
    if (rc != RC_OK)
        log_event(LOG_WARN, "live.untold", LOG_INT("county", line->county),
                  LOG_INT("seq", line->seq), LOG_TEXT("rc", rc_word(rc)));
    while (rc == RC_OK && batch->n < events.n && batch->n < LIVE_EVENTS_MAX) {
        struct told *told = told_of(line, &batch->events[batch->n]);
        if (!told)
            break;
        batch->told[batch->n++] = told;
    }
}

/* Which of them this stream's person may know, by their places in the batch. */
static size_t batch_for(struct live *live, const struct batch *batch,
                        const struct live_stream *stream, size_t which[LIVE_EVENTS_MAX])
{
    struct live_door door = live->options.live;
    size_t           n = 0;

    for (size_t i = 0; i < batch->n; i++)
        if (door.may(door.context, stream->actor, &batch->events[i].audience))
            which[n++] = i;
    return n;
}

/* Under the lock. */
static void batch_push(const struct batch *batch, struct live_stream *stream,
                       const size_t *which, size_t n)
{
    for (size_t i = 0; i < n; i++)
        stream_push(stream, batch->told[which[i]], i + 1 == n);
}

static void batch_drop(struct batch *batch)
{
    for (size_t i = 0; i < batch->n; i++)
        told_drop(batch->told[i]);
}

/* ---- who may have to be asked ---- */

static struct live_stream **same_account(struct live *live, int64_t account)
{
    return &live->accounts[(uint64_t)account * UINT64_C(0x9e3779b97f4a7c15) >> 52];
}
static_assert(ACCOUNTS == 1 << 12, "as many lists as the shift leaves");

static void note_duty(struct live *live, struct live_stream *stream)
{
    if (stream->on_duty || !stream->actor->nholds)
        return;
    stream->on_duty = true;
    stream->next_duty = live->on_duty;
    live->on_duty = stream;
}

static void forget(struct live *live, struct live_stream *stream)
{
    struct live_stream **at = same_account(live, stream->account);

    while (*at != stream)
        at = &(*at)->alike;
    *at = stream->alike;
    if (!stream->on_duty)
        return;
    for (at = &live->on_duty; *at != stream;)
        at = &(*at)->next_duty;
    *at = stream->next_duty;
}

/* Under the lock. */
static void take_joins(struct live *live)
{
    for (struct live_stream *stream; (stream = live->joins) != NULL;) {
        struct live_stream **alike = same_account(live, stream->account);
        live->joins = stream->next;
        stream->next = live->all;
        live->all = stream;
        stream->alike = *alike;
        *alike = stream;
        note_duty(live, stream);
    }
}

/* Under the lock, once for each line. */
static void tell_stream(struct live *live, const struct line *line,
                        const struct batch *batch, struct live_stream *stream)
{
    size_t which[LIVE_EVENTS_MAX];
    bool   its_own = stream->county == line->county;

    if (stream->ended || stream->asked == live->lines ||
        (its_own && (stream->behind || line->seq <= stream->seq)))
        return;
    stream->asked = live->lines;
    batch_push(batch, stream, which, batch_for(live, batch, stream, which));
}

static void tell_named(struct live *live, const struct line *line,
                       const struct batch *batch, int64_t account)
{
    struct live_stream *stream = *same_account(live, account);

    for (; stream; stream = stream->alike)
        if (stream->account == account)
            tell_stream(live, line, batch, stream);
}

static bool is_for_residents(const struct batch *batch)
{
    for (size_t i = 0; i < batch->n; i++)
        if (batch->events[i].audience.residents)
            return true;
    return false;
}

static void tell_everyone(struct live *live, struct op *op, const struct line *line)
{
    struct batch batch;

    batch_make(live, op, &batch, line);
    live->lines++;
    pthread_mutex_lock(&live->lock);
    take_joins(live); /* whoever joined before this line is to hear of it */
    for (size_t i = 0; i < batch.n; i++)
        for (size_t a = 0; a < batch.events[i].audience.naccounts; a++)
            tell_named(live, line, &batch, batch.events[i].audience.accounts[a]);
    for (struct live_stream *stream = live->on_duty; stream && batch.n;
         stream = stream->next_duty)
        tell_stream(live, line, &batch, stream);
    for (struct live_stream *stream = is_for_residents(&batch) ? live->all : NULL; stream;
         stream = stream->next)
        tell_stream(live, line, &batch, stream);
    batch_drop(&batch);
    pthread_mutex_unlock(&live->lock);
}

static enum rc begin(struct live *live, struct op *op, struct arena *arena)
{
    arena_init(arena, ARENA_IMPORT_BYTES);
    op_init(op, arena, clock_now_ms());
    return live->options.readers ? readers_mine(live->options.readers, &op->db) : RC_OK;
}

static enum rc read_lines(struct live *live, struct op *op, int64_t county, int64_t after,
                          size_t most, struct list *lines)
{
    struct live_door door = live->options.live;
    enum rc          rc = door.lines(door.context, op, county, after, most, lines);

    if (rc != RC_OK)
        log_event(LOG_WARN, "live.unread", LOG_INT("county", county),
                  LOG_TEXT("rc", rc_word(rc)));
    return rc;
}

/* RC_NOT_FOUND: there are no more. */
static enum rc tell_page(struct live *live, int64_t county, int64_t *told)
{
    struct arena arena;
    struct op    op;
    struct list  lines = { 0 };
    enum rc      rc = begin(live, &op, &arena);

    if (rc == RC_OK)
        rc = read_lines(live, &op, county, *told, PAGE_LINES, &lines);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        const struct line *line = (const struct line *)lines.at + i;
        struct arena_mark  mark = arena_mark(&arena);
        tell_everyone(live, &op, line);
        arena_back(&arena, mark);
        *told = line->seq;
    }
    arena_free(&arena);
    return rc == RC_OK && lines.n < PAGE_LINES ? RC_NOT_FOUND : rc;
}

/* Without streams nothing is read; whoever joins later begins with what is there. */
static void tell_county(struct live *live, int64_t county)
{
    int64_t landed = live->landed[county]; /* before the look at who is there */
    enum rc rc = RC_OK;

    if (live_count(live) == 0) {
        live->told[county] = landed;
        return;
    }
    while (rc == RC_OK) {
        int64_t told = live->told[county];
        rc = tell_page(live, county, &told);
        live->told[county] = told;
    }
    if (rc == RC_NOT_FOUND)
        return;
    pthread_mutex_lock(&live->news); /* it could not be read: once more at the next tick */
    live->grown[county / 64] |= UINT64_C(1) << county % 64;
    pthread_mutex_unlock(&live->news);
}

static void tell_news(struct live *live)
{
    uint64_t grown[COUNTIES / 64];

    pthread_mutex_lock(&live->news);
    memcpy(grown, live->grown, sizeof grown);
    memset(live->grown, 0, sizeof live->grown);
    pthread_mutex_unlock(&live->news);
    for (int64_t i = 0; i < COUNTIES / 64; i++)
        for (; grown[i]; grown[i] &= grown[i] - 1)
            tell_county(live, i * 64 + __builtin_ctzll(grown[i]));
}

/* ---- those who resume ---- */

/* One line for one stream; false when it has to be heard first. */
static bool tell_one(struct live *live, struct op *op, const struct line *line,
                     struct live_stream *stream)
{
    struct batch batch;
    size_t       which[LIVE_EVENTS_MAX];

    batch_make(live, op, &batch, line);
    size_t n = batch_for(live, &batch, stream, which);
    pthread_mutex_lock(&live->lock);
    bool room = stream->n == 0 || stream->n + n <= HTTP_STREAM_EVENTS_MAX;
    if (room && !stream->ended)
        batch_push(&batch, stream, which, n);
    batch_drop(&batch);
    pthread_mutex_unlock(&live->lock);
    return room;
}

/* The rest of a page for one stream; false when it has to wait until it is heard. */
static bool tell_lines(struct live *live, struct op *op, const struct list *lines,
                       struct live_stream *stream)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = (const struct line *)lines->at + i;
        struct arena_mark  mark = arena_mark(op->arena);
        bool               room = tell_one(live, op, line, stream);
        arena_back(op->arena, mark);
        if (!room)
            return false;
        stream->seq = line->seq;
    }
    return true;
}

/* A page that is shorter than asked was the last: whatever comes later is news.  What
 * cannot be read ends the stream, and its client tries again. */
static void catch_up(struct live *live, struct live_stream *stream)
{
    struct arena arena;
    struct op    op;
    struct list  lines = { 0 };
    enum rc      rc = begin(live, &op, &arena);

    if (rc == RC_OK)
        rc = read_lines(live, &op, stream->county, stream->seq, PAGE_LINES, &lines);
    bool all = rc == RC_OK && tell_lines(live, &op, &lines, stream);
    pthread_mutex_lock(&live->lock);
    if (rc != RC_OK)
        stream_end(stream);
    else if (all && lines.n < PAGE_LINES)
        stream->behind = false;
    pthread_mutex_unlock(&live->lock);
    arena_free(&arena);
}

/* Until it is up to date or has something to say first. */
static bool hungry(struct live *live, struct live_stream *stream)
{
    pthread_mutex_lock(&live->lock);
    bool yes = stream->behind && stream->n == 0 && !stream->ended;
    pthread_mutex_unlock(&live->lock);
    return yes;
}

static void catch_up_all(struct live *live)
{
    for (struct live_stream *stream = live->all; stream; stream = stream->next)
        while (hungry(live, stream))
            catch_up(live, stream);
}

enum rc live_reaches(struct live *live, struct op *op, int64_t county, int64_t seq)
{
    struct list lines = { 0 };
    int64_t     last;

    if (county > COUNTY_MAX || __builtin_add_overflow(seq, HTTP_STREAM_RESUME_MAX, &last))
        return RC_GONE;
    enum rc rc = read_lines(live, op, county, last, 1, &lines);
    return rc == RC_OK && lines.n > 0 ? RC_GONE : rc;
}

/* ---- whose they are still ---- */

static void recheck(struct live *live, struct live_stream *stream)
{
    struct http_door       door = live->options.door;
    struct http_credential shown = { .kind = stream->kind,
                                     .secret = stream->secret,
                                     .address = stream->address,
                                     .recheck = true };
    struct actor           actor = { .kind = ACTOR_NOBODY };
    struct arena           arena;
    struct op              op;

    bool ours = begin(live, &op, &arena) == RC_OK &&
                door.actor(door.context, &op, &shown, &actor) == RC_OK &&
                actor.account == stream->account && stream_belongs(stream, &actor);
    arena_free(&arena);
    stream->checked_us = clock_mono_us();
    if (ours) {
        note_duty(live, stream);
        return;
    }
    pthread_mutex_lock(&live->lock);
    stream_end(stream);
    pthread_mutex_unlock(&live->lock);
}

/* There are thousands, all due at once when they came at once: news does not wait. */
static void recheck_all(struct live *live)
{
    int64_t due_us = clock_mono_us() - HTTP_STREAM_RECHECK_MS * INT64_C(1000);
    size_t  n = 0;

    for (struct live_stream *stream = live->all; stream; stream = stream->next) {
        if (stream->checked_us >= due_us)
            continue;
        recheck(live, stream);
        if (++n % RECHECKS_AT_ONCE == 0)
            tell_news(live);
    }
}

/* ---- the hub ---- */

static void tend_one(struct live_stream *stream, int64_t now_us)
{
    if (stream_stuck(stream, now_us))
        (void)shutdown(stream->fd, SHUT_RDWR);
    if (stream->asleep && now_us - stream->said_us > HTTP_STREAM_BEAT_MS * INT64_C(1000)) {
        stream->beat = true;
        stream_wake(stream);
    }
}

/* New streams come into the list, gone ones out of it. */
static void tend(struct live *live)
{
    int64_t now_us = clock_mono_us();

    pthread_mutex_lock(&live->lock);
    take_joins(live);
    for (struct live_stream **at = &live->all; *at;) {
        struct live_stream *stream = *at;
        if (stream->gone) {
            *at = stream->next;
            forget(live, stream);
            stream_free(stream);
        } else {
            tend_one(stream, now_us);
            at = &stream->next;
        }
    }
    pthread_mutex_unlock(&live->lock);
}

/* False: it is over.  *called: by a stream, not only by news. */
static bool wait_for_news(struct live *live, bool *called)
{
    int64_t until_us = clock_mono_us() + TICK_MS * INT64_C(1000);

    pthread_mutex_lock(&live->news);
    while (!live->due && !live->stopping &&
           thread_wait_until(&live->wake, &live->news, until_us))
        ;
    *called = live->called;
    live->due = live->called = false;
    bool on = !live->stopping;
    pthread_mutex_unlock(&live->news);
    return on;
}

/* What goes through all streams is done when one has called, else at every tick. */
static void *hub(void *context)
{
    struct live *live = context;

    for (bool called; wait_for_news(live, &called);) {
        bool tick = clock_mono_us() - live->tended_us >= TICK_MS * INT64_C(1000);
        tell_news(live);
        if (!called && !tick)
            continue;
        live->tended_us = clock_mono_us();
        tend(live);
        catch_up_all(live);
        recheck_all(live);
    }
    return NULL;
}

struct live *live_open(const struct live_options *options)
{
    struct live *live = calloc(1, sizeof *live);

    if (!live)
        return NULL;
    live->options = *options;
    for (size_t i = 0; i < COUNTIES; i++)
        live->told[i] = UNKNOWN;
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->news, NULL);
    pthread_cond_init(&live->wake, NULL);
    if (thread_start(&live->hub, hub, live))
        return live;
    free(live);
    return NULL;
}

void live_finish(struct live *live)
{
    struct live_stream *lists[2];

    pthread_mutex_lock(&live->lock);
    live->finishing = true;
    lists[0] = live->all;
    lists[1] = live->joins;
    for (size_t i = 0; i < COUNT(lists); i++)
        for (struct live_stream *stream = lists[i]; stream; stream = stream->next)
            if (!stream->gone)
                stream_end(stream);
    pthread_mutex_unlock(&live->lock);
}

void live_close(struct live **live)
{
    if (!*live)
        return;
    pthread_mutex_lock(&(*live)->news);
    (*live)->stopping = true;
    pthread_cond_signal(&(*live)->wake);
    pthread_mutex_unlock(&(*live)->news);
    pthread_join((*live)->hub, NULL);
    assert((*live)->n == 0);
    tend(*live);
    pthread_cond_destroy(&(*live)->wake);
    pthread_mutex_destroy(&(*live)->news);
    pthread_mutex_destroy(&(*live)->lock);
    free(*live);
    *live = NULL;
}
