#include "guard/keys.h"

#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/random.h"
#include "guard/cache.h"
#include "guard/guard_store.h"
#include "guard/secret.h"

/* Opened once, before threads start; afterwards only read. */
static struct key_provider provider;
static struct secret      *index_key;
static struct cache       *cache;

/* A key is asked for again by the same request and by those that follow.  After
 * five minutes it is read again: another process may have destroyed it. */
static const struct cache_plan cache_plan = {
    .sets = 1024,
    .key_size = 2 * sizeof(int64_t),
    .value_size = sizeof(struct person_key),
    .keep_ms = 300000,
    .secret = true,
};

enum rc keys_open(const struct key_provider *opened)
{
    provider = *opened;
    if (!sm_ready()) {
        log_event(LOG_ERROR, "keys.openssl_without_sm3_or_sm4",
                  LOG_TEXT("provider", opened->name));
        keys_close();
        return RC_UNAVAILABLE;
    }
    index_key = secret_new(KEY_BYTES);
    cache = cache_new(&cache_plan);
    enum rc rc = index_key && cache
                     ? provider.index_key(provider.context, secret_at(index_key))
                     : RC_UNAVAILABLE;
    if (rc != RC_OK)
        keys_close();
    return rc;
}

void keys_close(void)
{
    secret_free(&index_key);
    cache_free(&cache);
    if (provider.close)
        provider.close(provider.context);
    provider = (struct key_provider){ 0 };
}

struct str keys_provider_name(void)
{
    return provider.name;
}

void keys_wipe(struct person_key *key)
{
    sodium_memzero(key, sizeof *key);
}

/* ---- wrapping ---- */

struct bound {
    char bytes[24];
};

/* What a wrapped key is tied to, the same on every machine. */
static struct bound bound_to(int64_t county, int64_t person)
{
    struct bound bound = { "person key" };

    for (size_t i = 0; i < 4; i++)
        bound.bytes[12 + i] = (char)((uint64_t)county >> (24 - 8 * i));
    for (size_t i = 0; i < 8; i++)
        bound.bytes[16 + i] = (char)((uint64_t)person >> (56 - 8 * i));
    return bound;
}

static enum rc wrap(struct op *op, const unsigned char raw[KEY_BYTES], struct key_row *row)
{
    struct bound bound = bound_to(op->county, row->person);

    return provider.wrap(provider.context, op->arena, PART_OF(bound.bytes), raw,
                         &row->master, &row->wrapped);
}

static enum rc unwrap(const struct op *op, const struct key_row *row,
                      unsigned char raw[KEY_BYTES])
{
    struct bound bound = bound_to(op->county, row->person);

    enum rc rc = provider.unwrap(provider.context, row->master, PART_OF(bound.bytes),
                                 row->wrapped, raw);
    if (rc != RC_OK)
        log_event(LOG_ERROR, "keys.unwrap_refused", LOG_INT("county", op->county),
                  LOG_INT("person", row->person), LOG_INT("master", row->master));
    return rc;
}

static void derive(const unsigned char raw[KEY_BYTES], struct person_key *key)
{
    unsigned char both[SM4_KEY_BYTES + SM3_BYTES];

    sm3_hkdf(str_slice((const char *)raw, KEY_BYTES), STR_NONE, STR("linli sealed value"),
             both, sizeof both);
    memcpy(key->enc, both, SM4_KEY_BYTES);
    memcpy(key->mac, both + SM4_KEY_BYTES, SM3_BYTES);
    sodium_memzero(both, sizeof both);
}

/* ---- persons ---- */

struct cache_key {
    int64_t county, person;
};

static enum rc read_key(struct op *op, int64_t person, struct person_key *key)
{
    struct key_row row = { 0 };
    unsigned char  raw[KEY_BYTES];

    enum rc rc = key_row_find(op, person, &row);
    if (rc == RC_OK && !row.wrapped.at)
        rc = RC_GONE;
    if (rc == RC_OK)
        rc = unwrap(op, &row, raw);
    if (rc == RC_OK)
        derive(raw, key);
    sodium_memzero(raw, sizeof raw);
    return rc;
}

static enum rc make_key(struct op *op, int64_t person, struct person_key *key)
{
    struct key_row   row = { .person = person };
    struct cache_key which = { op->county, person };
    unsigned char    raw[KEY_BYTES];

    random_bytes(raw, sizeof raw);
    enum rc rc = wrap(op, raw, &row);
    if (rc == RC_OK)
        rc = key_row_add(op, &row);
    if (rc == RC_OK)
        derive(raw, key);
    cache_drop(cache, &which); /* it may yet be rolled back */
    sodium_memzero(raw, sizeof raw);
    return rc;
}

enum rc keys_person(struct op *op, int64_t person, enum keys_make make,
                    struct person_key *key)
{
    struct cache_key which = { op->county, person };

    assert(cache);
    if (cache_find(cache, &which, key))
        return RC_OK;
    *key = (struct person_key){ .county = op->county, .person = person };
    enum rc rc = read_key(op, person, key);
    if (rc == RC_OK)
        cache_keep(cache, &which, key);
    if (rc == RC_NOT_FOUND && make == KEYS_MAKE)
        rc = make_key(op, person, key);
    return rc;
}

enum rc keys_destroy(struct op *op, int64_t person)
{
    struct cache_key which = { op->county, person };

    assert(person != 0);
    enum rc rc = key_row_destroy(op, person);
    cache_drop(cache, &which);
    return rc;
}

/* ---- a new master ---- */

static enum rc rewrap(struct op *op, struct key_row *row)
{
    unsigned char raw[KEY_BYTES];

    enum rc rc = unwrap(op, row, raw);
    if (rc == RC_OK)
        rc = wrap(op, raw, row);
    sodium_memzero(raw, sizeof raw);
    return rc == RC_OK ? key_row_rewrap(op, row) : rc;
}

enum rc keys_rewrap(struct op *op, int64_t *person, int64_t *done)
{
    struct list list;

    enum rc         rc = key_rows_to_rewrap(op, *person, provider.newest(provider.context),
                                            KEYS_REWRAP_MAX, &list);
    struct key_row *rows = list.at;
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        rc = rewrap(op, &rows[i]);
        *person = rows[i].person;
    }
    *done = rc == RC_OK ? (int64_t)list.n : 0;
    return rc;
}

/* ---- what is no person's ---- */

enum rc keys_wrap(struct arena *arena, struct str bound, const unsigned char key[KEY_BYTES],
                  int64_t *master, struct str *wrapped)
{
    assert(index_key);
    return provider.wrap(provider.context, arena, bound, key, master, wrapped);
}

enum rc keys_unwrap(int64_t master, struct str bound, struct str wrapped,
                    unsigned char key[KEY_BYTES])
{
    assert(index_key);
    return provider.unwrap(provider.context, master, bound, wrapped, key);
}

int64_t keys_newest_master(void)
{
    return provider.newest(provider.context);
}

void keys_for_index(struct str label, unsigned char key[SM3_BYTES])
{
    assert(index_key);
    sm3_hmac(str_slice((const char *)secret_at(index_key), KEY_BYTES), PARTS(label), key);
}
