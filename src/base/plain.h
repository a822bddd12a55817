/* Text that is what it looks like.  Some characters show nothing, or turn round the
 * direction of others, so that a reader sees something else than what is there; and some
 * letters can be written in two ways that look alike.  The first are refused wherever
 * text comes in, the second are made one (Unicode's NFC), so that what looks the same is
 * found, compared and counted as the same. */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H
#include "base/arena.h"
#include "base/str.h"

/* Is it none of those?  Line ends, tabs and the joiners that scripts and emoji need are. */
bool plain_point(uint32_t point);
/* Valid UTF-8 in NFC; borrowed where it was so already; absent without memory. */
struct str plain_text(struct arena *arena, struct str text);

#endif
