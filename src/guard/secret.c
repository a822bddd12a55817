#include "guard/secret.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <sodium.h>

#include "base/log.h"

struct secret {
    size_t         n;
    unsigned char *at;
};

/* The leak checker of a test build looks into its own process at the end: shut out, it
 * would only say so, and a leak would pass. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_LOOKED_FOR 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(LEAKS_ARE_LOOKED_FOR)
enum { DUMPABLE = 1 };
#else
enum { DUMPABLE = 0 };
#endif

static bool swap_allowed;

void secret_allow_swap(void)
{
    swap_allowed = true;
}

struct secret *secret_new(size_t n)
{
    if (sodium_init() < 0)
        return NULL;
    struct secret *secret = calloc(1, sizeof *secret);
    if (!secret)
        return NULL;
    secret->n = n;
    secret->at = sodium_malloc(n);
    if (secret->at && sodium_mlock(secret->at, n) != 0 && !swap_allowed) {
        log_event(LOG_ERROR, "secret.memory_not_locked", LOG_INT("bytes", (int64_t)n));
        secret_free(&secret);
        return NULL;
    }
    if (!secret->at) {
        secret_free(&secret);
        return NULL;
    }
    sodium_memzero(secret->at, n);
    return secret;
}

void secret_free(struct secret **secret)
{
    if (*secret)
        sodium_free((*secret)->at); /* makes it writable and zeroes it first */
    free(*secret);
    *secret = NULL;
}

unsigned char *secret_at(struct secret *secret)
{
    return secret->at;
}

size_t secret_size(const struct secret *secret)
{
    return secret->n;
}

void secret_hide(struct secret *secret)
{
    int done = sodium_mprotect_noaccess(secret->at);
    assert(done == 0);
}

void secret_show(struct secret *secret)
{
    int done = sodium_mprotect_readwrite(secret->at);
    assert(done == 0);
}

void secret_no_dumps(void)
{
    const struct rlimit none = { 0, 0 };

    int core = setrlimit(RLIMIT_CORE, &none);
    int dump = prctl(PR_SET_DUMPABLE, DUMPABLE);
    assert(core == 0 && dump == 0);
}
