/* Guessing codes that somebody may try without an account: check codes on paper.  An
 * address may be wrong PAPER_CODES_MAX times in PAPER_CODES_MS and is then told to wait;
 * who is right is not counted.  A try counts as wrong from its beginning until it was
 * right; a hundred at once are a hundred.
 *
 * In memory, per server, in one table of fixed size: whom another address pushes out of
 * it is forgiven, which is nothing beside the 85 bits to be guessed. */
#ifndef GUARD_TRIES_H
#define GUARD_TRIES_H
#include "base/op.h"

/* RC_TOO_MANY with the sentence.  This machine's own are not counted. */
MUST_USE enum rc tries_begin(struct op *op);
void             tries_passed(const struct op *op);
void             tries_forget(void); /* all of it, as a restart does; for tests */

#endif
