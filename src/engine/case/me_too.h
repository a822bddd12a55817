/* "I met it, too" 我也遇到了: a neighbour who would have reported the same thing hears of
 * its answers instead.  Only of what is public, and nothing of it is opened to them but
 * what the public sees: category, state, how far away.  Who they are is shown to nobody,
 * how many there are to everybody who sees the case. */
#ifndef ENGINE_CASE_ME_TOO_H
#define ENGINE_CASE_ME_TOO_H
#include "engine/case/turn.h"

struct me_too_shown {
    int64_t    id;
    struct str category, state_title, place;
    int64_t    me_too, when;
    bool       you;
};
enum { ME_TOO_NFIELDS = 7 };
extern const struct field me_too_fields[ME_TOO_NFIELDS];

/* Saying it twice is saying it once.  RC_NOT_FOUND for what is not public. */
MUST_USE enum rc me_too_say(struct op *op, int64_t id, struct me_too_shown *shown);
MUST_USE enum rc me_too_end(struct op *op, int64_t id, struct me_too_shown *shown);
/* struct me_too_shown: the asker's own, newest first. */
MUST_USE enum rc me_too_list(struct op *op, struct list *shown);
/* Whose report was merged into the case hears of it like those; and no longer. */
MUST_USE enum rc me_too_add(struct op *op, int64_t id, int64_t account);
MUST_USE enum rc me_too_take(struct op *op, int64_t id, int64_t account);
/* All of them, of what this turn did. */
MUST_USE enum rc me_too_tell(struct turn *turn);
MUST_USE enum rc me_too_forget(struct op *op, int64_t account);

#endif
