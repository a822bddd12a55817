/* Second factors of an account: a one-time password from an app (totp.h), passkeys
 * (passkey.h), and ten codes on paper for the day the telephone is gone.  Each is proved
 * once before it counts; each code, half minute and challenge is accepted once.
 *
 * What is wrong is counted in memory by whoever asks (lockout.h), since a refused act
 * leaves nothing in the database. */
#ifndef GUARD_FACTOR_H
#define GUARD_FACTOR_H
#include "guard/actor.h"
#include "guard/passkey.h"
#include "guard/policy.h"

enum { PASSKEYS_MAX = 10, RECOVERY_CODES = 10, CHALLENGE_MS = 5 * 60 * 1000 };

struct factors {
    int64_t totp_ms; /* confirmed when; 0: none */
    int64_t passkeys, recovery;
};
MUST_USE enum rc factors_of(struct op *op, int64_t account, struct factors *factors);
/* What a session that passed so far still owes. */
enum owes factors_owe(enum demand demand, enum passed passed, const struct factors *have);

/* ---- 动态口令 ---- */

/* A new secret in place of any that was not confirmed; the confirmed one is kept until
 * the new one is. */
MUST_USE enum rc totp_begin(struct op *op, int64_t account, struct str *secret);
MUST_USE enum rc totp_confirm(struct op *op, int64_t account, struct str code);
MUST_USE enum rc totp_pass(struct op *op, int64_t account, struct str code);
MUST_USE enum rc totp_end(struct op *op, int64_t account);

/* ---- 通行密钥 ---- */

enum purpose { PURPOSE_MAKE, PURPOSE_SHOW };
/* A challenge for op's own session, in place of any before. */
MUST_USE enum rc challenge_give(struct op *op, enum purpose purpose, struct str *challenge);

struct passkey_shown {
    int64_t    id;
    struct str title, credential, rp;
    int64_t    made, used;
};
MUST_USE enum rc passkeys_of(struct op *op, int64_t account, struct list *shown);
MUST_USE enum rc passkey_add(struct op *op, int64_t account, struct str title,
                             const struct passkey_told *told, int64_t algorithm);
MUST_USE enum rc passkey_pass(struct op *op, int64_t account, struct str credential,
                              const struct passkey_told *told);
MUST_USE enum rc passkey_end(struct op *op, int64_t account, int64_t id);

/* ---- 恢复码 ---- */

/* A new set in place of the old; `codes` are texts, shown once. */
MUST_USE enum rc recovery_give(struct op *op, int64_t account, struct list *codes);
MUST_USE enum rc recovery_pass(struct op *op, int64_t account, struct str code);

/* Takes everything away: who lost it all begins anew. */
MUST_USE enum rc factors_reset(struct op *op, int64_t account);

/* Challenges that nobody answered: of the clock's. */
MUST_USE enum rc challenges_sweep(struct op *op);

#endif
