/* Chance: the kernel's for secrets, and a seeded generator for demonstration
 * data and tests (splitmix64, Steele et al. 2014), the same on every machine. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H
#include <stddef.h>
#include <stdint.h>

void random_bytes(void *into, size_t n); /* getrandom; aborts if the kernel has none */

struct dice {
    uint64_t state;
};
uint64_t dice_next(struct dice *dice);
uint64_t dice_below(struct dice *dice, uint64_t n); /* 0 … n-1, n > 0 */

#endif
