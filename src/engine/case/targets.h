/* Whom a case can be given to by hand 派给谁, each with what they have on their hands: who
 * was decided to be responsible for the like of it, whom the scene offers first for that
 * move (`first`), the grid's own people, organisations, the rest of the community, the
 * street's. */
#ifndef ENGINE_CASE_TARGETS_H
#define ENGINE_CASE_TARGETS_H
#include "engine/case/case.h"

struct target_shown {
    struct str kind, duty, area, title, note;
    int64_t    id, open, late;
    bool       precedent;
};
enum { TARGET_NFIELDS = 9 };
extern const struct field target_shown_fields[TARGET_NFIELDS];
/* struct target_shown.  `move` by its name; absent: for whatever move. */
MUST_USE enum rc targets_of(struct op *op, const struct a_case *it, struct str move,
                            struct list *found);

#endif
