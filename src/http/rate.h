/* How often somebody may ask.  Each address and each account has a leaky bucket,
 * kept as one number: the time at which it would be empty again (GCRA).  All of
 * them stand in one table of fixed size; in a full set the one that was quiet for
 * longest gives way, which a flood of addresses can use only to forget others that
 * ask seldom.  In memory, per server; a restart forgives.  Time is
 * clock_mono_us(), which no test moves. */
#ifndef HTTP_RATE_H
#define HTTP_RATE_H
#include <stdbool.h>
#include <stdint.h>

#include "base/lang.h"
#include "http/address.h"

struct rates;

MUST_USE struct rates *rates_new(void);
void                   rates_free(struct rates **rates);

/* 0: go on; otherwise the whole seconds to wait.  `factor` multiplies the limit. */
int64_t rate_address(struct rates *rates, struct address address, int64_t factor,
                     int64_t now_us);
int64_t rate_account(struct rates *rates, int64_t account, int64_t now_us);

#endif
