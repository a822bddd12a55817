/* What is asked of each kind of account: how long and how mixed a password, after how many
 * days another, which second factor.  Ours follow OWASP ASVS, which forbids demanding
 * mixtures and rotation; assessors of 等级保护 ask for both, so an installation may set
 * them for its staff.  Never less than our length, and residents are never made to
 * change a password that they can remember.
 *
 * A session is held to what was asked when it was opened; a change of policy therefore
 * ends those of its kind. */
#ifndef GUARD_POLICY_H
#define GUARD_POLICY_H
#include "base/field.h"
#include "base/op.h"
#include "guard/session.h"

/* The second factor. */
enum demand { DEMAND_NONE, DEMAND_TOTP, DEMAND_PASSKEY };

struct policy {
    struct str kind;    /* "resident", "staff", "admin" */
    int64_t    chars;   /* of a password, at least */
    int64_t    classes; /* of small letter, capital, digit, other: so many */
    int64_t    days;    /* until it must be changed; 0: never */
    struct str factor;  /* "none", "totp", "passkey" */
    struct str area;    /* whose; only while it is being set */
};
enum { POLICY_COLUMNS = 5, POLICY_FIELDS = 6 };
extern const struct field policy_fields[POLICY_FIELDS];

/* The program's own. */
struct policy policy_default(enum client kind);
/* The one in force in op's county. */
MUST_USE enum rc policy_of(struct op *op, enum client kind, struct policy *policy);
MUST_USE enum rc policy_set(struct op *op, const struct policy *policy);
enum demand      policy_demand(const struct policy *policy);

#endif
