/* What was just read from the database and will be asked for again: keys of
 * persons, sessions.  Bounded: sets of four, in which the oldest gives way.  An
 * entry is believed for so long and then read again.
 *
 * Memory may change only after the commit, but a cache is filled by readers, who
 * may still see the state before it, and by the writer, who sees its own changes
 * that may yet be rolled back.  So whoever changes a row drops it here, inside
 * the transaction, and from then on nothing is kept in that set until any
 * transaction is long over: meanwhile each asking reads the table.
 *
 * Any number of threads. */
#ifndef GUARD_CACHE_H
#define GUARD_CACHE_H
#include "base/str.h"

struct cache;

struct cache_plan {
    size_t  sets; /* a power of two; holds four times as many */
    size_t  key_size, value_size;
    int64_t keep_ms;
    bool    secret; /* values in locked memory */
};

enum { CACHE_DOUBT_MS = 60000 }; /* more than a batch of the writer with all its retries */

/* NULL: no memory, or none that can be locked. */
MUST_USE struct cache *cache_new(const struct cache_plan *plan);
void                   cache_free(struct cache **cache); /* also of NULL */

MUST_USE bool cache_find(struct cache *cache, const void *key, void *value);
void          cache_keep(struct cache *cache, const void *key, const void *value);
void          cache_drop(struct cache *cache, const void *key);
void          cache_empty(struct cache *cache); /* drops all */

#endif
