/* Bytes that must not leak: keys, and passwords on their way to the hash.  They
 * live in memory of their own between guard pages, locked so that it is never
 * swapped out, and are zeroed when given back.  A secret is no text: the log, the
 * JSON writer and printf have no way to take one.
 *
 * libsodium carries on silently where the kernel refuses the lock, so it is asked
 * for again and demanded.  Where it cannot be had (a container without the limit)
 * the operator may say so with secret_allow_swap(), before the first secret. */
#ifndef GUARD_SECRET_H
#define GUARD_SECRET_H
#include <stddef.h>

#include "base/lang.h"

struct secret;

void secret_allow_swap(void);

/* Zeroed; NULL when there is no memory, or none that can be locked. */
MUST_USE struct secret *secret_new(size_t n);
void                    secret_free(struct secret **secret); /* also of NULL */

/* Valid until secret_free(), and only while shown. */
unsigned char *secret_at(struct secret *secret);
size_t         secret_size(const struct secret *secret);

/* Out of reach of every read, also of our own mistakes, until shown again.  Both
 * are for the whole process: whoever shares a secret takes turns. */
void secret_hide(struct secret *secret);
void secret_show(struct secret *secret);

/* From here on this process leaves no core file and nobody may look into it (but the
 * leak checker, in a build with the address sanitizer). */
void secret_no_dumps(void);

#endif
