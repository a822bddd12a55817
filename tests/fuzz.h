/* What every fuzzer has: its entry, and demands that end it when they are not met. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline void demand(bool truth)
{
    if (!truth)
        abort();
}

/* Every mistake is told in a sentence, in a place of the text if in any. */
static inline void demand_told(const struct problems *problems)
{
    for (const struct problem *one = problems->first; one; one = one->next)
        demand(str_utf8(one->says) && one->says.len > 0 && one->line >= 0 &&
               one->column >= 0);
}

#endif
