#include "guard/cache.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "guard/secret.h"

enum { WAYS = 4, LOCKS = 16 };

/* Sets lie one after the other in one piece of memory; a set is its head and
 * four slots, a slot is its head, the key, the value. */
struct set {
    int64_t doubted_until_us;
};
struct slot {
    int64_t       kept_us; /* 0: empty */
    unsigned char bytes[];
};

struct cache {
    struct cache_plan plan;
    size_t            slot_size, set_size;
    unsigned char    *at;
    struct secret    *secret; /* holds `at` when the plan says so */
    pthread_mutex_t   locks[LOCKS];
};

static size_t aligned(size_t n)
{
    return (n + alignof(int64_t) - 1) / alignof(int64_t) * alignof(int64_t);
}

struct cache *cache_new(const struct cache_plan *plan)
{
    assert(plan->sets && (plan->sets & (plan->sets - 1)) == 0);
    struct cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->plan = *plan;
    cache->slot_size = aligned(sizeof(struct slot) + plan->key_size + plan->value_size);
    cache->set_size = sizeof(struct set) + WAYS * cache->slot_size;
    cache->secret = plan->secret ? secret_new(plan->sets * cache->set_size) : NULL;
    cache->at = cache->secret  ? secret_at(cache->secret)
                : plan->secret ? NULL
                               : calloc(plan->sets, cache->set_size);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&cache->locks[i], NULL);
    if (!cache->at)
        cache_free(&cache);
    return cache;
}

void cache_free(struct cache **cache)
{
    struct cache *old = *cache;

    *cache = NULL;
    if (!old)
        return;
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&old->locks[i]);
    if (!old->plan.secret)
        free(old->at);
    secret_free(&old->secret);
    free(old);
}

static size_t index_of(const struct cache *cache, const void *key)
{
    uint64_t hash = str_hash(str_slice(key, cache->plan.key_size));

    return (size_t)(hash ^ hash >> 32) & (cache->plan.sets - 1);
}

static struct set *set_at(const struct cache *cache, size_t index)
{
    return (struct set *)(void *)(cache->at + index * cache->set_size);
}

static struct slot *slot_at(const struct cache *cache, struct set *set, size_t way)
{
    return (struct slot *)(void *)((unsigned char *)(set + 1) + way * cache->slot_size);
}

static struct slot *slot_of(const struct cache *cache, struct set *set, const void *key)
{
    for (size_t way = 0; way < WAYS; way++) {
        struct slot *slot = slot_at(cache, set, way);
        if (slot->kept_us && memcmp(slot->bytes, key, cache->plan.key_size) == 0)
            return slot;
    }
    return NULL;
}

static struct slot *oldest_slot(const struct cache *cache, struct set *set)
{
    struct slot *oldest = slot_at(cache, set, 0);

    for (size_t way = 1; way < WAYS; way++)
        if (slot_at(cache, set, way)->kept_us < oldest->kept_us)
            oldest = slot_at(cache, set, way);
    return oldest;
}

static void empty(const struct cache *cache, struct slot *slot)
{
    sodium_memzero(slot, cache->slot_size);
}

bool cache_find(struct cache *cache, const void *key, void *value)
{
    size_t           index = index_of(cache, key);
    pthread_mutex_t *lock = &cache->locks[index % LOCKS];
    int64_t          oldest_us = clock_mono_us() - cache->plan.keep_ms * 1000;

    pthread_mutex_lock(lock);
    struct slot *slot = slot_of(cache, set_at(cache, index), key);
    bool         found = slot && slot->kept_us >= oldest_us;
    if (found)
        memcpy(value, slot->bytes + cache->plan.key_size, cache->plan.value_size);
    else if (slot)
        empty(cache, slot);
    pthread_mutex_unlock(lock);
    return found;
}

void cache_keep(struct cache *cache, const void *key, const void *value)
{
    size_t           index = index_of(cache, key);
    pthread_mutex_t *lock = &cache->locks[index % LOCKS];
    int64_t          now_us = clock_mono_us();

    pthread_mutex_lock(lock);
    struct set *set = set_at(cache, index);
    if (now_us >= set->doubted_until_us) {
        struct slot *slot = slot_of(cache, set, key);
        if (!slot)
            slot = oldest_slot(cache, set);
        slot->kept_us = now_us;
        memcpy(slot->bytes, key, cache->plan.key_size);
        memcpy(slot->bytes + cache->plan.key_size, value, cache->plan.value_size);
    }
    pthread_mutex_unlock(lock);
}

void cache_empty(struct cache *cache)
{
    int64_t until_us = clock_mono_us() + CACHE_DOUBT_MS * INT64_C(1000);

    for (size_t i = 0; i < cache->plan.sets; i++) {
        pthread_mutex_t *lock = &cache->locks[i % LOCKS];
        pthread_mutex_lock(lock);
        struct set *set = set_at(cache, i);
        for (size_t way = 0; way < WAYS; way++)
            empty(cache, slot_at(cache, set, way));
        set->doubted_until_us = until_us;
        pthread_mutex_unlock(lock);
    }
}

void cache_drop(struct cache *cache, const void *key)
{
    size_t           index = index_of(cache, key);
    pthread_mutex_t *lock = &cache->locks[index % LOCKS];

    pthread_mutex_lock(lock);
    struct set  *set = set_at(cache, index);
    struct slot *slot = slot_of(cache, set, key);
    if (slot)
        empty(cache, slot);
    set->doubted_until_us = clock_mono_us() + CACHE_DOUBT_MS * INT64_C(1000);
    pthread_mutex_unlock(lock);
}
