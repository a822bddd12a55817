/* What people are called, kept in memory: every card of a list names who has the case,
 * and a few names make up nearly all of them.  For showing only; who may act is always
 * read.  A name is believed for five seconds, of the asker's clock, too, since duties
 * begin and end by it; whoever changes an account or a duty lets all of them go, inside
 * the transaction (guard/cache.h).
 *
 * Who is on duty is more than a name: cases go there.  That is kept no longer than nobody
 * can change it (db/memo.h). */
#ifndef REGISTRY_CALLED_H
#define REGISTRY_CALLED_H
#include "base/op.h"
#include "base/str.h"

/* Not open: everything is read each time. */
MUST_USE enum rc called_open(void);
void             called_close(void);
void             called_changed(struct op *op);

struct called {
    struct str name, duty; /* duty: the first it took up of those in force, or empty */
};
/* Empty when there is no such account. */
struct called called_account(struct op *op, int64_t id);
/* The same of an organisation's name, which never changes. */
struct str called_org(struct op *op, int64_t id);
/* Whoever alone holds the duty in exactly that area; empty for none and for several. */
struct called called_alone(struct op *op, struct str duty, struct str area);

enum { ON_DUTY_MAX = 20 }; /* of more, nothing is kept */
/* The accounts of those who hold the duty in exactly that area, in the order they took it
 * up; how many. */
size_t called_on_duty(struct op *op, struct str duty, struct str area, int64_t *accounts,
                      size_t most);

#endif
