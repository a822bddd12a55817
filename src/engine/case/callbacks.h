/* Call-backs 待回访: whom somebody is still to telephone, to hear whether it is solved.  An
 * answer puts a case of a kind with call-backs here; it goes when somebody was reached or
 * would not say, and when the case goes on some other way: its reporter rated it, it is
 * done again.  Nobody reached: it stands behind the others for CALLBACK_AGAIN_MS, with how
 * often it was tried and what was noted.
 *
 * The list shows to each what they may call back themselves: a move of the scene's with an
 * effect call_… is theirs, and they had no hand in the case (follow_up.h).  Whoever may
 * gets the number in clear, by a look that is journaled and that its owner sees
 * (registry/look.h).  So does, while the case is in hand, who may by the scene's `calls`:
 * who is to do something for its reporter must be able to call them.  Nobody else does. */
#ifndef ENGINE_CASE_CALLBACKS_H
#define ENGINE_CASE_CALLBACKS_H
#include "engine/case/turn.h"

#define CALLBACK_AGAIN_MS (INT64_C(2) * 3600 * 1000)

/* ---- for follow_up.c ---- */
/* It was answered. */
MUST_USE enum rc callback_begin(struct turn *turn);
/* Nobody was reached. */
MUST_USE enum rc callback_missed(struct turn *turn);

struct callbacks_args {
    struct str area, cursor; /* area absent: the widest of the asker's */
    int64_t    limit;
};
struct callback {
    struct case_row row;
    int64_t         tries, tried_ms, next_ms;
    struct str      said;
    struct list     calls; /* struct scene_move *: those that the asker may make */
};
/* struct callback, who was not tried or tried the longest ago first. */
MUST_USE enum rc callbacks_page(struct op *op, const struct callbacks_args *args,
                                struct list *found, struct str *next);
/* In a writing act.  RC_DENIED and RC_REFUSED: as the move itself would be; RC_REFUSED,
 * too, when there is no number. */
MUST_USE enum rc callback_number(struct op *op, int64_t id, struct str *number);
/* May op's actor take the number out, and is there one? */
MUST_USE enum rc callback_may(struct op *op, struct a_case *it, bool *may);

/* ---- callbacks_store.c ---- */
struct callback_row {
    int64_t    county, case_id, tries, tried_ms, next_ms;
    struct str said;
};
MUST_USE enum rc callback_put(struct op *op, const struct callback_row *row);
MUST_USE enum rc callback_select(struct op *op, int64_t case_id, struct callback_row *row);
MUST_USE enum rc callback_delete(struct op *op, int64_t case_id);
/* Of op's county, behind that mark. */
MUST_USE enum rc callback_select_page(struct op *op, int64_t after_ms, int64_t after_id,
                                      size_t most, struct list *rows);

#endif
