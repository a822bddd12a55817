/* Many cases, one move 批量办理: the same turn as for a single one, each with its own
 * version, its own journal line and its own end.  Whoever was refused is told why, and the
 * others go all the same; together they are committed once, and answered for one key.
 *
 * A preview may also be asked for all that a filter finds, up to BULK_MAX: it answers with
 * these rows and their versions, and the move is then asked for them.  So what is done is
 * what was shown, not what is found a minute later.
 *
 * Only what can be said of many at once: moves that ask for words, a reason, a holder or a
 * category (scene/words.def says of which needs and effects that is so).  What is
 * photographed, judged, placed, split or telephoned about is done case by case. */
#ifndef ENGINE_CASE_BULK_H
#define ENGINE_CASE_BULK_H
#include "engine/case/filter.h"
#include "engine/case/view.h"

struct bulk_row {
    int64_t id, version; /* as it was seen; in a preview 0: as it is */
};
struct bulk_args {
    struct list        rows;   /* struct bulk_row; at most BULK_MAX */
    struct case_filter filter; /* of a preview without rows: with its view */
    struct str         move, text, reason, category;
    struct move_target target;
    struct list        targets; /* struct move_target */
};

/* Of one case: would it go, or did it; and why not. */
struct bulk_end {
    int64_t    id, version;
    struct str number, title, state_title;
    bool       goes;
    struct str rc, says; /* how it was refused */
};
struct bulk_choice { /* a move that some of the chosen are open to */
    struct shown_move shown;
    int64_t           may;   /* how many of them */
    int64_t           first; /* one of them: for whom it can be given to */
};
struct bulk_preview {
    struct list choices; /* struct bulk_choice, what most are open to first */
    int64_t     go, stay;
    bool        more; /* the filter finds others */
    struct list rows; /* struct bulk_end, in the order of the asking */
};
struct bulk_result {
    int64_t     done, failed;
    struct list rows; /* struct bulk_end */
};

/* Nothing is written.  Without a move: only which there are. */
MUST_USE enum rc bulk_preview(struct op *op, const struct bulk_args *args,
                              struct bulk_preview *preview);
MUST_USE enum rc bulk_move(struct op *op, const struct bulk_args *args,
                           struct bulk_result *result);

#endif
