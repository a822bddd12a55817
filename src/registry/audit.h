/* What the audit administrator reads of the journal.  A journal has a hundred lines about
 * cases for one about a sign-in; so that the one is found, a follower notes which lines
 * are about sign-ins, rights, exports and deletions, once for all and once for each
 * account that did it or that it was done to.  A note holds no more than where the line
 * stands: what is shown is the line itself, as the chain has it. */
#ifndef REGISTRY_AUDIT_H
#define REGISTRY_AUDIT_H
#include "gate/act.h"
#include "gate/follower.h"

struct stmts; /* db/db.h */

extern const struct act      audit_acts[];
extern const struct follower audit_follower;
extern const struct stmts    audit_stmts;

/* The acts of a kind: what is looked for, in the words of the interface. */
enum audit_kind { AUDIT_SIGN_IN, AUDIT_RIGHTS, AUDIT_EXPORT, AUDIT_DELETION, AUDIT_KINDS };
/* AUDIT_KINDS when there is no such kind. */
enum audit_kind audit_kind_of(struct str word);

struct audit_asked {
    enum audit_kind kind;
    int64_t         account;               /* or a person; 0: everybody's */
    int64_t         since_ms, until_ms;    /* until is not part of it */
    int64_t         before_ms, before_seq; /* the last line of the page before; 0: none */
};
/* Lines (struct line) of op's county, newest first, payloads opened. */
MUST_USE enum rc audit_lines(struct op *op, const struct audit_asked *asked, size_t most,
                             struct list *lines);

#endif
