/* Guessing passwords.  Failed sign-ins are counted for an account from one
 * address, for the account from anywhere, and tries for an address:
 *
 *     account + address   5 failures        locked until 15 minutes of peace
 *     account             10 failures       each answer waits 1, 2, 4 … 8 seconds
 *     address             30 tries/minute   refused
 *     code, account + address   5 failures  locked until 15 minutes of peace
 *     code, account            20 failures  the same
 *
 * so that a stranger cannot lock a grid worker out: the owner signs in from an
 * address of his own, at worst slowly.  An unknown account counts like a known
 * one.  The second factor is counted apart and locks the account too: who gets there knows
 * the password, and six digits can be guessed from a thousand addresses.  A try counts as
 * failed from its beginning until it succeeds; a hundred at once are a hundred.
 *
 * Counting is in memory, at once, for it must also hold for what is refused and
 * rolled back; lockout_keep() writes it down, lockout_load() reads it back. */
#ifndef GUARD_LOCKOUT_H
#define GUARD_LOCKOUT_H
#include "base/op.h"

/* Before the password is looked at.  RC_TOO_MANY with the sentence for the person.
 * *wait_ms: how long the answer is to be held back (password_ask). */
MUST_USE enum rc lockout_try(struct op *op, struct str login, struct str address,
                             int64_t *wait_ms);
/* It was the right one. */
void lockout_passed(struct op *op, struct str login, struct str address);

/* The same for a code, of an account whose password is known already. */
MUST_USE enum rc lockout_try_code(struct op *op, int64_t account, struct str address);
void             lockout_passed_code(struct op *op, int64_t account, struct str address);

/* What counts as one address: of IPv6 the network.  Into `bytes`. */
struct str lockout_network(struct str address, unsigned char bytes[16]);

/* Writing acts of the clock's, without a journal line: what changed in op's county
 * since the last time; and back, when this server takes the county over. */
MUST_USE enum rc lockout_keep(struct op *op);
MUST_USE enum rc lockout_load(struct op *op);
void             lockout_forget(void); /* all of it, as a restart does; for tests */

#endif
