/* Whoever keeps something of persons besides the registry: cases, messages, photos;
 * later visits, forms, tags.  Each engine has one row in a closed table, told once by
 * app before anything runs, and the registry asks them all when a person is looked
 * at, shielded or deleted, and when somebody who worked here works here no more.  An engine
 * knows no other: what it hands on to those behind it in the table is ids. */
#ifndef REGISTRY_KEEPER_H
#define REGISTRY_KEEPER_H
#include "base/field.h"
#include "base/op.h"

/* A person as keepers know them.  op->county is the county whose rows are meant; the
 * person's own may be another. */
struct whose {
    int64_t        person;
    const int64_t *accounts; /* of theirs */
    size_t         naccounts;
    struct list    subjects; /* int64_t, SUBJECTS_MAX: ids of what was theirs, so far */
};
enum { SUBJECTS_MAX = 10000 };
/* RC_TOO_LARGE beyond SUBJECTS_MAX. */
MUST_USE enum rc whose_subject(struct whose *whose, int64_t id);

/* What the asker and a person have to do with each other. */
struct tie {
    struct str says; /* "办件 1120-0047" */
    int64_t    id;   /* of the case, … */
};

/* An account that was closed or an organisation that was ended; the other is 0. */
struct gone {
    int64_t account, org;
};

struct person_keeper {
    const char *name;
    /* RC_NOT_FOUND when op's actor has nothing to do for the person. */
    enum rc (*tie)(struct op *op, const struct whose *whose, struct tie *tie);
    /* From now on where they are is hidden, or no longer. */
    enum rc (*shield)(struct op *op, struct whose *whose, bool shielded);
    /* For good: what says something of them goes, what others need stays.  Doing it
     * again changes nothing. */
    enum rc (*forget)(struct op *op, struct whose *whose);
    /* What they had in hand goes to others, now or soon. */
    enum rc (*hand_over)(struct op *op, struct gone gone);
};

/* Ends with NULL; in the order in which they are asked. */
void person_keepers(const struct person_keeper *const *all);

/* The person with their accounts; no subjects yet. */
MUST_USE enum rc whose_of(struct op *op, int64_t person, struct whose *whose);
/* Who is registered in the area's county by that very name and telephone, and has an
 * account; RC_NOT_FOUND. */
MUST_USE enum rc whose_named(struct op *op, struct str area, struct str name,
                             struct str phone, struct whose *whose);
MUST_USE enum rc keepers_tie(struct op *op, int64_t person, struct tie *tie);
MUST_USE enum rc keepers_shield(struct op *op, int64_t person, bool shielded);
MUST_USE enum rc keepers_forget(struct op *op, struct whose *whose);
MUST_USE enum rc keepers_hand_over(struct op *op, struct gone gone);

#endif
