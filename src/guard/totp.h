/* 动态口令: time-based one-time passwords (RFC 6238) of an authenticator app: six digits
 * of HMAC-SHA-1 over the half minute, as every app does them.  By liboath. */
#ifndef GUARD_TOTP_H
#define GUARD_TOTP_H
#include "base/arena.h"
#include "base/str.h"

enum { TOTP_SECRET_BYTES = 20, TOTP_STEP_MS = 30 * 1000, TOTP_DIGITS = 6 };

void totp_secret(unsigned char secret[TOTP_SECRET_BYTES]);
/* The secret as it is typed into an app, and as the app reads it from a picture. */
struct str totp_text(struct arena *arena, struct str secret);
struct str totp_uri(struct arena *arena, struct str secret, struct str issuer,
                    struct str account);

/* The half minute whose code this is: the present one, or the one before or after, for
 * clocks go wrong.  0: none of them, or not later than `last`, which was used. */
int64_t totp_step(struct str secret, struct str code, int64_t now_ms, int64_t last);

#endif
