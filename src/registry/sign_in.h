/* What signing in, and proving more afterwards, answer with: a new cookie, and who that
 * is.  A session that still owes its second factor knows its person by name alone. */
#ifndef REGISTRY_SIGN_IN_H
#define REGISTRY_SIGN_IN_H
#include "gate/view.h"
#include "guard/factor.h"
#include "registry/me.h"

struct signed_in {
    struct me   me;
    struct list recovery; /* new codes on paper, shown this once: of struct str */
};
enum { SIGNED_IN_FIELDS = 2 };
extern const struct field signed_in_fields[SIGNED_IN_FIELDS];

/* A new session of the account.  RC_NOT_FOUND: there is no such account any more. */
MUST_USE enum rc sign_in(struct op *op, int64_t account, enum passed passed,
                         struct view *view);
/* Op's own session has proved that, too: another token, the old one ends.  `recovery`
 * may be empty. */
MUST_USE enum rc step_up(struct op *op, enum passed passed, struct list recovery,
                         struct view *view);

/* What is asked of the account's kind in its county, and what it has. */
struct asked_of {
    struct policy  policy;
    struct factors have;
};
MUST_USE enum rc asked_of(struct op *op, const struct actor *actor, struct asked_of *asked);

/* RC_DENIED unless op's actor is somebody in a session: no machine, no command line. */
MUST_USE enum rc in_a_session(struct op *op);
/* For ready(): the password once more before something is changed that opens doors.  Not
 * where it was just given, nor on a demonstration, whose people have none. */
bool             asks_password(const struct actor *actor);
MUST_USE enum rc be_sure(struct op *op, struct str password);

#endif
