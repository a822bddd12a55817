#include "gate/owner.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/rounds.h"
#include "gate/journal_store.h"

enum {
    OWNER_BYTES = 8,
    LOOKS_PER_LEASE = 12,
    RENEWALS_PER_LEASE = 3,
    COUNTY_WORDS = (COUNTY_MAX + 1) / 64,
    LOOK_BYTES = 1 << 20,
    LINES_FIRST = 64,
    CLOCKS_APART_MS = 5 * 60 * 1000, /* of two servers */
};

/* A lease as it was seen last, and since when it has been like that. */
struct seen {
    int64_t fence, until_ms;
    int64_t since_us; /* of clock_mono_us(); 0: never seen */
    bool    changed;  /* since it was seen first: somebody was alive */
};

struct owner {
    const struct gate_options *options;
    struct str                 name;
    char                       made_name[2 * OWNER_BYTES];
    int64_t                    lease_ms;
    struct held              **held; /* the writer's thread */
    size_t                     nheld;
    struct writer             *writer;
    struct db                 *db; /* the looking thread's */
    struct arena               arena;

    struct rounds   looks;
    pthread_mutex_t lock;   /* over what follows */
    bool            failed; /* the newest try to own a county, or its last batch */
    uint64_t        ours[COUNTY_WORDS], elsewhere[COUNTY_WORDS];
    struct seen     seen[COUNTY_MAX + 1];
};

/* ---- sets of counties, under the lock ---- */

static bool has(const uint64_t *set, int64_t county)
{
    return set[county / 64] >> county % 64 & 1;
}

static void put(uint64_t *set, int64_t county, bool in)
{
    uint64_t bit = UINT64_C(1) << county % 64;

    set[county / 64] = in ? set[county / 64] | bit : set[county / 64] & ~bit;
}

static bool any(const uint64_t *set)
{
    for (size_t i = 0; i < COUNTY_WORDS; i++)
        if (set[i])
            return true;
    return false;
}

/* ---- leases as they are seen, under the lock ---- */

static const struct seen *watch(struct owner *owner, const struct lease *lease)
{
    struct seen *seen = &owner->seen[lease->county];
    bool         known = seen->since_us != 0;

    if (!known || seen->fence != lease->fence || seen->until_ms != lease->until_ms)
        *seen = (struct seen){ lease->fence, lease->until_ms, clock_mono_us(), known };
    return seen;
}

static int64_t unchanged_ms(const struct seen *seen)
{
    return (clock_mono_us() - seen->since_us) / 1000;
}

/* Before that a lease is over, whoever's clock it was written by. */
static int64_t surely_over_ms(const struct owner *owner)
{
    bool one_machine = db_engine(owner->db) == DB_SQLITE;

    return clock_now_ms() - (one_machine ? 0 : CLOCKS_APART_MS);
}

/* The clock is believed only of a lease that was found like that. */
static bool is_free(const struct owner *owner, const struct seen *seen)
{
    return seen->until_ms == 0 || unchanged_ms(seen) >= owner->lease_ms ||
           (!seen->changed && seen->until_ms < surely_over_ms(owner));
}

/* Leases of that county that end before are there to be taken. */
static int64_t free_before(struct owner *owner, int64_t county)
{
    pthread_mutex_lock(&owner->lock);
    const struct seen *seen = &owner->seen[county];
    int64_t            before = !seen->since_us        ? surely_over_ms(owner)
                                : is_free(owner, seen) ? seen->until_ms + 1
                                                       : 1;
    pthread_mutex_unlock(&owner->lock);
    return before;
}

/* ---- taking, on the writer ---- */

static void note_not_taken(struct owner *owner, int64_t county, enum rc rc)
{
    pthread_mutex_lock(&owner->lock);
    if (rc == RC_CONFLICT)
        put(owner->elsewhere, county, true);
    else
        owner->failed = true;
    pthread_mutex_unlock(&owner->lock);
}

struct held *owner_held(const struct owner *owner, int64_t county)
{
    for (size_t i = 0; i < owner->nheld; i++)
        if (owner->held[i]->county == county)
            return owner->held[i];
    return NULL;
}

void held_free(struct held *held)
{
    free((void *)held->lines);
    free(held);
}

struct line held_line(const struct held *held, const struct op *op, struct str act,
                      struct str payload)
{
    int64_t last_ms = held->batch.at_ms;

    return (struct line){ .county = op->county,
                          .at_ms = op->now_ms > last_ms ? op->now_ms : last_ms,
                          .act = act,
                          .actor = op->actor->account,
                          .payload = payload };
}

enum rc held_note(struct held *held, const struct line *line)
{
    if (held->nlines == held->lines_max) {
        size_t              most = held->lines_max ? 2 * held->lines_max : LINES_FIRST;
        const struct line **grown = realloc((void *)held->lines, most * sizeof *grown);
        if (!grown)
            return RC_NO_MEMORY;
        held->lines = grown;
        held->lines_max = most;
    }
    held->lines[held->nlines++] = line;
    return RC_OK;
}

static void forget(struct owner *owner, int64_t county)
{
    for (size_t i = 0; i < owner->nheld; i++)
        if (owner->held[i]->county == county) {
            held_free(owner->held[i]);
            owner->held[i] = owner->held[--owner->nheld];
            break;
        }
    pthread_mutex_lock(&owner->lock);
    put(owner->ours, county, false);
    pthread_mutex_unlock(&owner->lock);
}

static enum rc load_time(struct op *op, struct held *held)
{
    struct list last = { 0 };

    enum rc rc = held->now.seq
                     ? journal_rows_after(op, held->county, held->now.seq - 1, 1, &last)
                     : RC_OK;
    if (rc == RC_OK && last.n)
        held->now.at_ms = ((const struct journal_row *)last.at)->at_ms;
    return rc;
}

static enum rc load_held(struct op *op, const struct owner *owner, struct held *held)
{
    enum rc rc = chain_load(op, held->county, &held->now);
    if (rc == RC_OK)
        rc = followers_load(op, owner->options->followers, held);
    if (rc == RC_OK)
        rc = load_time(op, held);
    if (rc == RC_OK)
        rc = ids_load(op, held);
    if (rc == RC_OK && owner->options->taken)
        rc = owner->options->taken(owner->options->context, op);
    return rc;
}

void owner_give_up(struct owner *owner, int64_t county)
{
    forget(owner, county);
    pthread_mutex_lock(&owner->lock);
    owner->failed = true; /* until it, or another, is taken again */
    pthread_mutex_unlock(&owner->lock);
}

static struct held *add_held(struct owner *owner, int64_t county)
{
    struct held  *held = calloc(1, sizeof *held);
    struct held **grown = realloc(owner->held, (owner->nheld + 1) * sizeof *grown);

    if (grown)
        owner->held = grown;
    if (!held || !grown) {
        free(held);
        return NULL;
    }
    held->county = county;
    held->fresh = true;
    held->lease = (struct lease){ .county = county,
                                  .owner = owner->name,
                                  .address = owner->options->address };
    return owner->held[owner->nheld++] = held;
}

/* It counts as ours once the batch is committed. */
static enum rc take(struct owner *owner, struct op *op, struct held **taken)
{
    struct held *held = add_held(owner, op->county);

    if (!held)
        return RC_NO_MEMORY;
    enum rc rc = lease_take(op->db, op->arena, free_before(owner, op->county),
                            op->now_ms + owner->lease_ms, &held->lease);
    bool    refused = rc == RC_CONFLICT;
    if (rc == RC_OK)
        rc = load_held(op, owner, held);
    if (rc != RC_OK) {
        forget(owner, op->county);
        note_not_taken(owner, op->county, rc);
        return refused ? RC_UNAVAILABLE : rc;
    }
    /* Its texts came from the batch's arena. */
    held->lease.owner = owner->name;
    held->lease.address = owner->options->address;
    *taken = held;
    return RC_OK;
}

void owner_settle(struct owner *owner, struct held *held)
{
    if (!held->fresh)
        return;
    held->fresh = false;
    pthread_mutex_lock(&owner->lock);
    put(owner->ours, held->county, true);
    put(owner->elsewhere, held->county, false);
    owner->failed = false;
    pthread_mutex_unlock(&owner->lock);
    log_event(LOG_INFO, "county.taken", LOG_INT("county", held->county),
              LOG_INT("fence", held->lease.fence), LOG_INT("seq", held->now.seq));
}

enum rc owner_check(const struct owner *owner, struct op *op, const struct held *held)
{
    return lease_check(op->db, &held->lease, op->now_ms, owner->lease_ms);
}

enum rc owner_hold(struct owner *owner, struct op *op, struct held **held)
{
    *held = owner_held(owner, op->county);
    if (*held && (*held)->fresh) { /* by an attempt that came to nothing */
        forget(owner, op->county);
        *held = NULL;
    }
    if (!*held)
        return take(owner, op, held);
    enum rc rc = owner_check(owner, op, *held);
    if (rc == RC_UNAVAILABLE && db_alive(op->db)) {
        log_event(LOG_WARN, "county.lost", LOG_INT("county", op->county));
        forget(owner, op->county);
        note_not_taken(owner, op->county, RC_CONFLICT);
        *held = NULL;
    }
    return rc;
}

/* ---- looking round ---- */

/* What is ours is held (or was forgotten, and is to be read again) and renewed in
 * time; what we hold although another has it, the writer finds out. */
static bool wants_batch(const struct owner *owner, const struct lease *lease, bool lapsed,
                        int64_t unchanged)
{
    bool ours = str_eq(lease->owner, owner->name);
    bool held = has(owner->ours, lease->county);

    if (held)
        return !ours || unchanged >= owner->lease_ms / RENEWALS_PER_LEASE;
    return owner->options->serves && (ours || lapsed);
}

static void look_at(struct owner *owner, const struct lease *lease)
{
    bool ours = str_eq(lease->owner, owner->name);

    pthread_mutex_lock(&owner->lock);
    const struct seen *seen = watch(owner, lease);
    bool               lapsed = is_free(owner, seen);
    put(owner->elsewhere, lease->county, !ours && !lapsed);
    bool wants = wants_batch(owner, lease, lapsed, unchanged_ms(seen));
    pthread_mutex_unlock(&owner->lock);
    if (wants && owner->writer)
        writer_nudge(owner->writer, lease->county);
}

static enum rc look(struct owner *owner)
{
    struct arena_mark mark = arena_mark(&owner->arena);
    struct list       leases = { 0 };
    enum rc           rc = db_alive(owner->db) ? RC_OK : db_reconnect(owner->db);

    if (rc == RC_OK)
        rc = lease_all(owner->db, &owner->arena, &leases);
    for (size_t i = 0; rc == RC_OK && i < leases.n; i++)
        look_at(owner, (const struct lease *)leases.at + i);
    arena_back(&owner->arena, mark);
    return rc;
}

static void *look_round(void *context)
{
    struct owner *owner = context;

    do
        (void)look(owner); /* what the database says against it is in the log */
    while (rounds_rest(&owner->looks, owner->lease_ms / LOOKS_PER_LEASE));
    return NULL;
}

/* ---- giving back ---- */

/* In the last batch of each county, so that another server need not wait until the
 * lease expires. */
struct release {
    struct job    job; /* first: the writer's */
    struct owner *owner;
    struct arena  arena;
};

static enum rc release_county(struct job *job, struct op *op)
{
    struct release *release = (struct release *)(void *)job;

    return lease_release(op->db, &owner_held(release->owner, op->county)->lease);
}

static void released(struct job *job, enum rc rc)
{
    (void)job;
    (void)rc;
}

void owner_release(struct owner *owner, struct writer **writer)
{
    int64_t         counties[COUNTY_MAX + 1];
    size_t          n = owner_counties(owner, counties, COUNT(counties)), i = 0;
    struct release *releases = calloc(n + 1, sizeof *releases);

    for (; releases && i < n; i++) {
        arena_init(&releases[i].arena, ARENA_REQUEST_BYTES);
        releases[i].owner = owner;
        releases[i].job = (struct job){ .county = counties[i],
                                        .arena = &releases[i].arena,
                                        .run = release_county,
                                        .done = released };
        if (writer_submit(*writer, &releases[i].job) != RC_OK)
            break;
    }
    writer_stop(writer);
    for (size_t k = 0; releases && k < n; k++)
        arena_free(&releases[k].arena);
    free(releases);
}

/* ---- opening and closing ---- */

static struct str make_name(struct owner *owner)
{
    unsigned char bytes[OWNER_BYTES];

    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < OWNER_BYTES; i++) {
        owner->made_name[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        owner->made_name[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return str_slice(owner->made_name, sizeof owner->made_name);
}

enum rc owner_open(const struct gate_options *options, struct owner **opened)
{
    struct owner *owner = calloc(1, sizeof *owner);

    *opened = owner;
    if (!owner)
        return RC_NO_MEMORY;
    owner->options = options;
    owner->lease_ms = options->lease_ms ? options->lease_ms : GATE_LEASE_MS;
    owner->name = options->name.len ? options->name : make_name(owner);
    arena_init(&owner->arena, LOOK_BYTES);
    pthread_mutex_init(&owner->lock, NULL);
    enum rc rc = db_open(options->where, DB_READ_MORE, options->catalogue, &owner->db);
    if (rc == RC_OK)
        rc = look(owner);
    if (rc != RC_OK)
        owner_close(opened);
    return rc;
}

enum rc owner_start(struct owner *owner, struct writer *writer)
{
    owner->writer = writer;
    return rounds_start(&owner->looks, look_round, owner) ? RC_OK : RC_NO_MEMORY;
}

void owner_stop(struct owner *owner)
{
    rounds_stop(&owner->looks);
}

void owner_close(struct owner **closing)
{
    struct owner *owner = *closing;

    if (!owner)
        return;
    db_close(&owner->db);
    for (size_t i = 0; i < owner->nheld; i++)
        held_free(owner->held[i]);
    free(owner->held);
    arena_free(&owner->arena);
    pthread_mutex_destroy(&owner->lock);
    free(owner);
    *closing = NULL;
}

/* ---- asked from any thread ---- */

size_t owner_counties(struct owner *owner, int64_t *counties, size_t most)
{
    size_t n = 0;

    pthread_mutex_lock(&owner->lock);
    for (int64_t county = 0; county <= COUNTY_MAX && n < most; county++)
        if (has(owner->ours, county))
            counties[n++] = county;
    pthread_mutex_unlock(&owner->lock);
    return n;
}

bool owner_elsewhere(struct owner *owner, int64_t county)
{
    pthread_mutex_lock(&owner->lock);
    bool elsewhere = has(owner->elsewhere, county);
    pthread_mutex_unlock(&owner->lock);
    return elsewhere;
}

bool owner_stands_by(struct owner *owner)
{
    pthread_mutex_lock(&owner->lock);
    bool stands_by = any(owner->elsewhere);
    pthread_mutex_unlock(&owner->lock);
    return stands_by;
}

bool owner_ready(struct owner *owner)
{
    pthread_mutex_lock(&owner->lock);
    bool ready = !owner->failed && !any(owner->elsewhere);
    pthread_mutex_unlock(&owner->lock);
    return ready;
}
