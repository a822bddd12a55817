/* Deleting a person.  Their key is destroyed, so that whatever was sealed with it,
 * wherever a copy of it lies, is noise; what stood in clear because it was searched is
 * written over; what others keep of them goes by keeper.h.  The journal stays whole:
 * its lines hold ids and hashes.  A row in person_deletions stays behind, so that a
 * restored backup can be brought up to date: person_forget() for each of them.
 *
 * What they left in other counties is deleted there, by acts of the clock's. */
#ifndef REGISTRY_FORGET_H
#define REGISTRY_FORGET_H
#include "base/field.h"
#include "base/op.h"

/* In a writing act: everything of the person in op's county.  Again: changes nothing. */
MUST_USE enum rc person_forget(struct op *op, int64_t person);
/* May they be deleted now?  RC_REFUSED, told, while an account of theirs holds duties;
 * RC_NOT_FOUND. */
MUST_USE enum rc person_may_go(struct op *op, int64_t person);

struct person_left { /* something of a deleted person in another county */
    int64_t county, person;
};
MUST_USE enum rc persons_left(struct op *op, size_t most, struct list *left);

#endif
