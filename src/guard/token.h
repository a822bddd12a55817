/* Tokens: what a browser's cookie or a machine's bearer header carries.  256
 * random bits and the county's number in front, as text, so that the county's
 * shard is found by the token itself; the table holds only its SM3 hash. */
#ifndef GUARD_TOKEN_H
#define GUARD_TOKEN_H
#include "base/arena.h"
#include "base/str.h"
#include "guard/sm.h"

struct token {
    int64_t       county;
    unsigned char hash[SM3_BYTES];
};

/* A new one: `text` goes out once and is not kept.  The prefix tells kinds apart
 * ("lk_"). */
struct token token_new(struct arena *arena, struct str prefix, int64_t county,
                       struct str *text);

/* False when the text cannot be a token of that prefix. */
MUST_USE bool token_read(struct str prefix, struct str text, struct token *token);

#endif
