/* One-time codes: how an account gets its first password, the first administrator
 * included.  A slip (guard/slip.h), good for an hour; guessing is
 * counted with the sign-ins (guard/lockout.h); the table holds only the hash. */
#ifndef REGISTRY_CODE_H
#define REGISTRY_CODE_H
#include "base/op.h"

enum { CODE_LIFE_MS = 3600 * 1000 };

/* A new code for the account, in place of any before. */
MUST_USE enum rc code_give(struct op *op, int64_t account, struct str *code);
/* RC_REFUSED, told, when it is wrong or over; a right one is used up. */
MUST_USE enum rc code_take(struct op *op, int64_t account, struct str code);

#endif
