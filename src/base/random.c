#include "base/random.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *into, size_t n)
{
    unsigned char *at = into;

    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0)
            abort(); /* without chance there are no secrets: better no server */
        at += got;
        n -= (size_t)got;
    }
}

uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t dice_below(struct dice *dice, uint64_t n)
{
    assert(n > 0);
    return dice_next(dice) % n; /* n is tiny beside 2^64: the bias is nothing */
}
