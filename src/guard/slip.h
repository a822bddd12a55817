/* Codes on a slip of paper: eight of 31 letters and digits (40 bits), read aloud and
 * typed in: small letters, blanks and hyphens do.  Tables hold only the hash, bound to
 * the account and to what the code is for. */
#ifndef GUARD_SLIP_H
#define GUARD_SLIP_H
#include "base/arena.h"
#include "base/str.h"
#include "guard/sm.h"

enum { SLIP_CHARS = 8 };

/* Absent when the arena is full. */
struct str slip_new(struct arena *arena);
void       slip_hash(struct str purpose, int64_t account, struct str typed,
                     unsigned char hash[SM3_BYTES]);

#endif
