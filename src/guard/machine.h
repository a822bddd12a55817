/* Bearer keys of machines: a hospital, a broker, another system.  A key acts for
 * an account, never with more than the account may, and usually with less: it can
 * be narrowed to some areas and some rights.  It always ends; its text, "lk_…", is
 * shown once when it is made.  A key that was withdrawn stays in the list. */
#ifndef GUARD_MACHINE_H
#define GUARD_MACHINE_H
#include "base/op.h"
#include "guard/actor.h"

struct machine_key {
    int64_t     county, id, account;
    int64_t     made, made_by, until, ended; /* ended: 0 while it works */
    struct str  title;                       /* whose machine, for people */
    struct list areas;                       /* of struct str; none: all of the account's */
    struct list rights; /* of struct str, words; none: all of the account's */
};
enum { MACHINE_KEY_FIELDS = 9, MACHINE_KEY_LIFE_DAYS = 730, MACHINE_NARROW_MAX = 32 };
extern const struct field machine_key_fields[MACHINE_KEY_FIELDS];

/* Makes the key that `asked` describes (account, title, until, areas, rights);
 * the rest is filled in.  RC_INVALID with a sentence for each mistake.  `text` is
 * the bearer text. */
MUST_USE enum rc machine_key_make(struct op *op, struct machine_key *asked,
                                  struct str *text);
/* RC_NOT_FOUND when there is none that works. */
MUST_USE enum rc machine_key_end(struct op *op, int64_t id);
/* All that work as that account, when it becomes a person's own. */
MUST_USE enum rc machine_keys_end_of(struct op *op, int64_t account);
/* The county's keys after `id`, at most `most`: of struct machine_key. */
MUST_USE enum rc machine_key_list(struct op *op, int64_t id, size_t most,
                                  struct list *keys);

/* Is this bearer text a machine key, and of which county? */
MUST_USE bool machine_county(struct str text, int64_t *county);
/* The key of a bearer text, in the county that it names.  RC_UNAUTHENTICATED when
 * there is none or it has ended. */
MUST_USE enum rc machine_key_find(struct op *op, struct str text, struct machine_key *key);

/* What the key leaves of its account's duties: each cut to the key's areas.  Goes
 * into an actor together with machine_key_rights() as its `only`. */
MUST_USE enum rc machine_key_holds(struct arena *arena, const struct machine_key *key,
                                   const struct hold *holds, size_t n, struct list *left);
uint64_t         machine_key_rights(const struct machine_key *key);

#endif
