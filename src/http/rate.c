#include "http/rate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/limits.h"

/* 8,192 sets of 8, some 3 MiB: the subscribers of a county in one evening. */
enum { SETS = 8192, WAYS = 8 };

enum { SPAN_MS = 10000, HOUR_MS = 3600000 };

struct bucket {
    unsigned char key[16];
    int64_t       burst_us, hour_us; /* when it would be empty */
    int64_t       used_us;
};

struct rates {
    pthread_mutex_t lock;
    uint64_t        seed; /* so that nobody can choose whom to push out */
    struct bucket   sets[SETS][WAYS];
};

struct rates *rates_new(void)
{
    struct rates *rates = calloc(1, sizeof *rates);

    if (rates) {
        pthread_mutex_init(&rates->lock, NULL);
        random_bytes(&rates->seed, sizeof rates->seed);
    }
    return rates;
}

void rates_free(struct rates **rates)
{
    if (*rates)
        pthread_mutex_destroy(&(*rates)->lock);
    free(*rates);
    *rates = NULL;
}

static struct bucket *set_of(struct rates *rates, const unsigned char key[16])
{
    uint64_t a, b;

    memcpy(&a, key, 8);
    memcpy(&b, key + 8, 8);
    struct dice dice = { (a ^ rates->seed) * 0x9e3779b97f4a7c15u + b };
    return rates->sets[dice_next(&dice) % SETS];
}

static struct bucket *bucket_of(struct rates *rates, const unsigned char key[16],
                                int64_t now_us)
{
    struct bucket *set = set_of(rates, key), *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(set[i].key, key, 16) == 0) {
            oldest = &set[i];
            break;
        }
        if (set[i].used_us < oldest->used_us)
            oldest = &set[i];
    }
    if (memcmp(oldest->key, key, 16) != 0) {
        *oldest = (struct bucket){ 0 };
        memcpy(oldest->key, key, 16);
    }
    oldest->used_us = now_us;
    return oldest;
}

/* One more of `most` per span: 0, or the microseconds to wait.  *full_us moves only
 * when it was granted. */
static int64_t grant(int64_t *full_us, int64_t most, int64_t span_ms, int64_t now_us)
{
    int64_t each_us = span_ms * 1000 / most;
    int64_t from = *full_us > now_us ? *full_us : now_us;
    int64_t over = from + each_us - (now_us + span_ms * 1000);

    if (over > 0)
        return over;
    *full_us = from + each_us;
    return 0;
}

static int64_t whole_seconds(int64_t us)
{
    return (us + 999999) / 1000000;
}

int64_t rate_address(struct rates *rates, struct address address, int64_t factor,
                     int64_t now_us)
{
    struct address key = address_subscriber(address);

    pthread_mutex_lock(&rates->lock);
    struct bucket *bucket = bucket_of(rates, key.at, now_us);
    int64_t        wait =
        grant(&bucket->burst_us, HTTP_ADDRESS_REQUESTS_MAX * factor, SPAN_MS, now_us);
    pthread_mutex_unlock(&rates->lock);
    return whole_seconds(wait);
}

int64_t rate_account(struct rates *rates, int64_t account, int64_t now_us)
{
    unsigned char key[16] = "account"; /* no address: those begin with 0, 2 or f */

    memcpy(key + 8, &account, sizeof account);
    pthread_mutex_lock(&rates->lock);
    struct bucket *bucket = bucket_of(rates, key, now_us);
    int64_t        hour_before = bucket->hour_us;
    int64_t        wait = grant(&bucket->hour_us, HTTP_ACCOUNT_HOURLY_MAX, HOUR_MS, now_us);
    if (wait == 0)
        wait = grant(&bucket->burst_us, HTTP_ACCOUNT_REQUESTS_MAX, SPAN_MS, now_us);
    if (wait)
        bucket->hour_us = hour_before;
    pthread_mutex_unlock(&rates->lock);
    return whole_seconds(wait);
}
