/* SM3 (GB/T 32905) itself, written out: OpenSSL's takes as long for a block, but as
 * long again around every short text.  A state may be kept and gone on from, as an
 * HMAC's key is.  Inside guard/; everybody else sees sm.h. */
#ifndef GUARD_SM3_H
#define GUARD_SM3_H
#include "guard/sm.h"

enum { SM3_BLOCK_BYTES = 64 };

struct sm3_state {
    uint32_t      words[SM3_BYTES / 4];
    uint64_t      len;
    unsigned char rest[SM3_BLOCK_BYTES]; /* what does not fill a block yet */
};

void sm3_start(struct sm3_state *state);
void sm3_take(struct sm3_state *state, struct str part);
void sm3_finish(struct sm3_state *state, unsigned char hash[SM3_BYTES]);

#endif
