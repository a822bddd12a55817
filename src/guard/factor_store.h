/* The tables of second factors and policies.  Inside guard/ only. */
#ifndef GUARD_FACTOR_STORE_H
#define GUARD_FACTOR_STORE_H
#include "guard/factor.h"

struct stmts;
extern const struct stmts factor_stmts;

/* ---- totps ---- */
struct totp_row {
    struct str secret, pending; /* sealed; absent: none */
    int64_t    step, confirmed;
};
MUST_USE enum rc totp_row_find(struct op *op, int64_t account, struct totp_row *row);
MUST_USE enum rc totp_row_pending(struct op *op, int64_t account, struct str sealed);
MUST_USE enum rc totp_row_confirm(struct op *op, int64_t account, int64_t step);
/* RC_CONFLICT: that step, or a later one, was taken meanwhile. */
MUST_USE enum rc totp_row_step(struct op *op, int64_t account, int64_t step);
MUST_USE enum rc totp_row_end(struct op *op, int64_t account);

/* ---- passkeys ---- */
MUST_USE enum rc passkey_row_add(struct op *op, int64_t account, struct str title,
                                 const struct passkey *passkey);
MUST_USE enum rc passkey_row_find(struct op *op, int64_t account, struct str credential,
                                  struct passkey *passkey);
MUST_USE enum rc passkey_rows_of(struct op *op, int64_t account, size_t most,
                                 struct list *shown);
MUST_USE enum rc passkey_row_used(struct op *op, int64_t account, int64_t id,
                                  int64_t counter);
MUST_USE enum rc passkey_row_end(struct op *op, int64_t account, int64_t id);
MUST_USE enum rc passkey_rows_end(struct op *op, int64_t account);

/* ---- recovery_codes ---- */
MUST_USE enum rc recovery_row_add(struct op *op, int64_t account, struct str code);
MUST_USE enum rc recovery_row_take(struct op *op, int64_t account, struct str code);
MUST_USE enum rc recovery_rows_end(struct op *op, int64_t account);

MUST_USE enum rc factor_rows_count(struct op *op, int64_t account, int64_t *passkeys,
                                   int64_t *recovery);

/* ---- challenges ---- */
MUST_USE enum rc challenge_row_put(struct op *op, int64_t session, struct str purpose,
                                   struct str challenge, int64_t until_ms);
/* RC_NOT_FOUND: none, of another purpose, or too old. */
MUST_USE enum rc challenge_row_take(struct op *op, int64_t session, struct str purpose,
                                    struct str *challenge);
MUST_USE enum rc challenge_rows_sweep(struct op *op);

/* ---- policies ---- */
MUST_USE enum rc policy_row_find(struct op *op, struct str kind, struct policy *policy);
MUST_USE enum rc policy_row_put(struct op *op, const struct policy *policy);

#endif
