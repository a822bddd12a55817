#include "guard/masters.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/random.h"
#include "guard/secret.h"

/* What is derived from a master; the master itself is not kept. */
struct wrapping {
    unsigned char enc[SM4_KEY_BYTES], mac[SM3_BYTES];
};

struct hidden {
    unsigned char   index[KEY_BYTES];
    struct wrapping of[MASTERS_MAX]; /* [0] is of master 1 */
};

struct masters {
    pthread_mutex_t lock; /* showing and hiding is for the whole process */
    struct secret  *secret;
    bool            there[MASTERS_MAX];
    int64_t         newest;
};

/* A wrapped key as it stands in the table. */
struct wrapped {
    unsigned char iv[SM4_IV_BYTES], sealed[KEY_BYTES], mac[SM3_BYTES];
};
static_assert(sizeof(struct wrapped) == SM4_IV_BYTES + KEY_BYTES + SM3_BYTES, "bytes only");

struct masters *masters_new(void)
{
    struct masters *masters = calloc(1, sizeof *masters);

    if (!masters)
        return NULL;
    pthread_mutex_init(&masters->lock, NULL);
    masters->secret = secret_new(sizeof(struct hidden));
    if (!masters->secret)
        masters_free(&masters);
    else
        secret_hide(masters->secret);
    return masters;
}

void masters_free(struct masters **masters)
{
    if (!*masters)
        return;
    secret_free(&(*masters)->secret);
    pthread_mutex_destroy(&(*masters)->lock);
    free(*masters);
    *masters = NULL;
}

static struct hidden *show(struct masters *masters)
{
    pthread_mutex_lock(&masters->lock);
    secret_show(masters->secret);
    return (struct hidden *)(void *)secret_at(masters->secret);
}

static void hide(struct masters *masters)
{
    secret_hide(masters->secret);
    pthread_mutex_unlock(&masters->lock);
}

void masters_put(struct masters *masters, int64_t number,
                 const unsigned char key[KEY_BYTES])
{
    struct str from = str_slice((const char *)key, KEY_BYTES);

    assert(number >= 1 && number <= MASTERS_MAX);
    struct wrapping *with = &show(masters)->of[number - 1];
    sm3_hkdf(from, STR_NONE, STR("linli wrap enc"), with->enc, sizeof with->enc);
    sm3_hkdf(from, STR_NONE, STR("linli wrap mac"), with->mac, sizeof with->mac);
    hide(masters);
    masters->there[number - 1] = true;
    if (number > masters->newest)
        masters->newest = number;
}

void masters_put_index(struct masters *masters, const unsigned char key[KEY_BYTES])
{
    memcpy(show(masters)->index, key, KEY_BYTES);
    hide(masters);
}

/* ---- wrapping ---- */

/* A copy, to be wiped by whoever asked. */
static struct wrapping wrapping_of(struct masters *masters, int64_t number)
{
    struct wrapping with = show(masters)->of[number - 1];

    hide(masters);
    return with;
}

static void mac_of(const struct wrapping *with, struct str bound,
                   const struct wrapped *wrapped, unsigned char mac[SM3_BYTES])
{
    sm3_hmac(PART_OF(with->mac),
             PARTS(PART_OF(wrapped->iv), PART_OF(wrapped->sealed), bound), mac);
}

static enum rc wrap(void *context, struct arena *arena, struct str bound,
                    const unsigned char key[KEY_BYTES], int64_t *master, struct str *into)
{
    struct masters *masters = context;
    struct wrapped *wrapped = arena_new(arena, struct wrapped);

    if (!wrapped)
        return RC_NO_MEMORY;
    struct wrapping with = wrapping_of(masters, masters->newest);
    random_bytes(wrapped->iv, sizeof wrapped->iv);
    sm4_ctr(with.enc, wrapped->iv, str_slice((const char *)key, KEY_BYTES),
            wrapped->sealed);
    mac_of(&with, bound, wrapped, wrapped->mac);
    sodium_memzero(&with, sizeof with);
    *master = masters->newest;
    *into = str_slice((const char *)wrapped, sizeof *wrapped);
    return RC_OK;
}

static enum rc unwrap(void *context, int64_t master, struct str bound, struct str from,
                      unsigned char key[KEY_BYTES])
{
    struct masters *masters = context;
    struct wrapped  wrapped;
    unsigned char   mac[SM3_BYTES];

    if (master < 1 || master > masters->newest || !masters->there[master - 1] ||
        from.len != sizeof wrapped)
        return RC_INTERNAL;
    memcpy(&wrapped, from.at, sizeof wrapped);
    struct wrapping with = wrapping_of(masters, master);
    mac_of(&with, bound, &wrapped, mac);
    bool right = sodium_memcmp(mac, wrapped.mac, sizeof mac) == 0;
    if (right)
        sm4_ctr(with.enc, wrapped.iv, PART_OF(wrapped.sealed), key);
    sodium_memzero(&with, sizeof with);
    return right ? RC_OK : RC_INTERNAL;
}

static enum rc index_key(void *context, unsigned char key[KEY_BYTES])
{
    memcpy(key, show(context)->index, KEY_BYTES);
    hide(context);
    return RC_OK;
}

static int64_t newest(void *context)
{
    const struct masters *masters = context;

    return masters->newest;
}

static void close_masters(void *context)
{
    struct masters *masters = context;

    masters_free(&masters);
}

struct key_provider masters_provider(struct masters *masters, struct str name)
{
    return (struct key_provider){
        .name = name,
        .context = masters,
        .wrap = wrap,
        .unwrap = unwrap,
        .index_key = index_key,
        .newest = newest,
        .close = close_masters,
    };
}
