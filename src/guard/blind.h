/* Exact search on sealed values: beside the sealed telephone stands a short keyed
 * hash of it (HMAC-SM3 under a key of that column, cut to 16 bytes), and an index
 * finds it.  Whoever holds the key can try all numbers in an hour, so it never
 * enters a database or backup (keys.h).  Equal numbers written differently must
 * give equal hashes: the value is cleaned by its kind first (codes.h).  The hash
 * does not depend on the county, so that a person is found wherever registered. */
#ifndef GUARD_BLIND_H
#define GUARD_BLIND_H
#include "guard/codes.h"
#include "guard/sm.h"

enum { BLIND_BYTES = 16, SIP_KEY_BYTES = 16 };

/* BLIND_BYTES of bytes for a BYTES column.  `column` is "table.column".  Absent
 * for an absent or blank value, which is never indexed. */
struct str blind(struct arena *arena, struct str column, enum code kind, struct str value);

/* The same of words, of which a text has many: a number for an INT column, of the word and
 * what it is kept for (a street), so that neither the word nor where else it stands can be
 * read from it.  SipHash-2-4 (libsodium), whose numbers cannot be told from chance without
 * its key, at a hundredth of the price: HMAC-SM3 of the street under the column's key makes
 * the key, once for all words of a text. */
struct blind_key {
    unsigned char bytes[SIP_KEY_BYTES];
};
void    blind_open(struct blind_key *key, struct str column, struct str within);
int64_t blind_word(const struct blind_key *key, struct str word);
void    blind_close(struct blind_key *key);

#endif
