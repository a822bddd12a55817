#include "gate/refusals.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gate/journal_store.h"

/* Beyond this many different refusals in a batch's time the rest is counted under
 * their word alone: memory stays bounded, no refusal goes uncounted. */
enum { KEPT_MAX = 1024 };

struct refused {
    int64_t    county, minute, account;
    struct str act;  /* static: an act's name */
    struct str word; /* static: an rc's word */
    char       address[REFUSALS_ADDRESS_CHARS + 1];
    int64_t    times, written;
};

struct refusals {
    pthread_mutex_t lock;
    struct refused  kept[KEPT_MAX];
    size_t          n;
    int64_t         minute; /* the newest, and the rows that were begun in it */
    size_t          begun;
};

struct refusals *refusals_new(void)
{
    struct refusals *refusals = calloc(1, sizeof *refusals);

    if (refusals)
        pthread_mutex_init(&refusals->lock, NULL);
    return refusals;
}

void refusals_free(struct refusals **refusals)
{
    if (!*refusals)
        return;
    pthread_mutex_destroy(&(*refusals)->lock);
    free(*refusals);
    *refusals = NULL;
}

static bool same(const struct refused *a, const struct refused *b)
{
    return a->county == b->county && a->minute == b->minute && a->account == b->account &&
           str_eq(a->act, b->act) && str_eq(a->word, b->word) &&
           strcmp(a->address, b->address) == 0;
}

static struct refused *find(struct refusals *refusals, const struct refused *wanted)
{
    for (size_t i = 0; i < refusals->n; i++)
        if (same(&refusals->kept[i], wanted))
            return &refusals->kept[i];
    return NULL;
}

/* Of one more row: a minute that has many gets no more by address. */
static bool too_many(struct refusals *refusals, int64_t minute)
{
    if (refusals->minute != minute)
        refusals->begun = 0;
    refusals->minute = minute;
    return refusals->begun++ >= REFUSALS_A_MINUTE;
}

static struct refused *find_or_add(struct refusals *refusals, struct refused wanted)
{
    struct refused *found = find(refusals, &wanted);

    if (!found && too_many(refusals, wanted.minute)) {
        wanted.address[0] = '\0';
        found = find(refusals, &wanted);
    }
    if (found)
        return found;
    if (refusals->n == KEPT_MAX) { /* the last row takes the rest */
        return &refusals->kept[KEPT_MAX - 1];
    }
    refusals->kept[refusals->n] = wanted;
    return &refusals->kept[refusals->n++];
}

void refusals_count(struct refusals *refusals, const struct refused_try *tried,
                    int64_t now_ms)
{
    struct refused wanted = { .county = tried->county,
                              .minute = now_ms / REFUSALS_MINUTE_MS,
                              .account = tried->account,
                              .act = tried->act,
                              .word = rc_word(tried->rc) };

    if (tried->address.len && tried->address.len <= REFUSALS_ADDRESS_CHARS)
        memcpy(wanted.address, tried->address.at, tried->address.len);
    pthread_mutex_lock(&refusals->lock);
    find_or_add(refusals, wanted)->times++;
    pthread_mutex_unlock(&refusals->lock);
}

enum rc refusals_write(struct refusals *refusals, struct op *op)
{
    enum rc rc = RC_OK;

    pthread_mutex_lock(&refusals->lock);
    for (size_t i = 0; i < refusals->n && rc == RC_OK; i++) {
        struct refused *r = &refusals->kept[i];
        if (r->county != op->county || r->times == 0)
            continue;
        r->written = r->times;
        rc = refusal_count(op, &(struct refusal){ r->minute, r->account, r->act, r->word,
                                                  str_of(r->address), r->times });
    }
    pthread_mutex_unlock(&refusals->lock);
    return rc;
}

void refusals_settle(struct refusals *refusals, int64_t county, bool committed)
{
    size_t left = 0;

    pthread_mutex_lock(&refusals->lock);
    for (size_t i = 0; i < refusals->n; i++) {
        struct refused *r = &refusals->kept[i];
        if (r->county == county && committed)
            r->times -= r->written;
        if (r->county == county)
            r->written = 0;
        /* This minute's are remembered, so that they are not begun again. */
        if (r->times > 0 || r->minute == refusals->minute)
            refusals->kept[left++] = *r;
    }
    refusals->n = left;
    pthread_mutex_unlock(&refusals->lock);
}
