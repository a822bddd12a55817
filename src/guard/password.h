/* Passwords: argon2id, two passes over 19 MiB.  One hash takes the better part of
 * a tenth of a second and of a processor, so all of them go through one queue with
 * one worker and 64 places; who finds it full is told to come again, and the rest
 * of the server does not notice.  Waiting passwords lie in locked memory.
 *
 * An account that does not exist is checked all the same, against a hash that
 * nothing matches: neither the answer nor its time tells whether it exists.
 *
 * What is a good password is asked before it is set, never when signing in. */
#ifndef GUARD_PASSWORD_H
#define GUARD_PASSWORD_H
#include "base/limits.h"
#include "guard/policy.h"

enum {
    PASSWORD_HASH_BYTES = 128, /* with its NUL, as libsodium writes it */
    PASSWORD_BYTES_MAX = 512,
    PASSWORD_CHARS_MAX = 128,
};

/* ---- what may be one ---- */

/* RC_OK, or RC_REFUSED with the sentence at "password".  `login` and `name` may be
 * absent; neither may occur in the password. */
MUST_USE enum rc password_policy(struct op *op, const struct policy *policy,
                                 struct str login, struct str name, struct str password);

/* ---- the queue ---- */

/* Before threads start, and after they ended.  RC_UNAVAILABLE when no memory can be
 * locked. */
MUST_USE enum rc passwords_open(void);
void             passwords_close(void); /* what still waits is told RC_UNAVAILABLE */

/* Told on the queue's own thread, once: what came of it.  `hash` is set when one
 * was to be made, and borrowed. */
struct password_answer {
    enum rc    rc;    /* RC_OK; RC_UNAVAILABLE: no memory for the hash, or closing */
    bool       right; /* the password is the hash's */
    struct str hash;
};
typedef void password_done(void *context, const struct password_answer *answer);

/* RC_TOO_MANY: the queue is full; done() is then not called.  `hash` absent: there
 * is no such account.  The answer is held back for wait_ms first. */
MUST_USE enum rc password_ask(struct str password, struct str hash, int64_t wait_ms,
                              password_done *done, void *context);
MUST_USE enum rc password_ask_hash(struct str password, password_done *done, void *context);

/* The same, waiting: for an act's ready(). */
MUST_USE enum rc password_check(struct str password, struct str hash, int64_t wait_ms,
                                bool *right);
MUST_USE enum rc password_hash(struct arena *arena, struct str password, struct str *hash);

#endif
