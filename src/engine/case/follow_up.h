/* Follow-up 回访: what became of each answer.  An answer is what a case is when it comes
 * out of hands: a row of its own, so that a department's unsolved answer stays one after
 * another has solved it.  The scene's moves say what a call-back came to (effects call_…),
 * its reporter rates (`stars`) or says that nothing is solved (`unsolved`).
 *
 * Nobody judges what they had in hand themselves: whoever held the case, helped with it or
 * made a move on it before it was answered, is refused what rates it or follows it up. */
#ifndef ENGINE_CASE_FOLLOW_UP_H
#define ENGINE_CASE_FOLLOW_UP_H
#include "engine/case/turn.h"

/* What a call-back came to. */
#define CALL_REACHED STR("reached")
#define CALL_MISSED  STR("missed")
#define CALL_REFUSED STR("refused")

struct case_result {
    int64_t    county, case_id, round;
    struct str scene, kind, org, area;
    int64_t    answered_ms;
    int64_t    responded, in_time; /* enum known */
    struct str call;
    bool       rated;  /* its reporter said something */
    int64_t    solved; /* enum known */
    int64_t    stars;
};

/* Somebody has what is in that bucket to do. */
bool follow_in_hand(struct str bucket);
/* What a call-back came to, by the move's effects? */
bool follow_calls(const struct scene_move *move);
/* Is the move a judgement: a rating, or a call-back? */
bool follow_judges(const struct scene_move *move);
/* Had the actor the case in hand? */
bool follow_handled(struct op *op, struct a_case *it);

/* Once a turn, before it is stored: who has it in hand now, and a new round when it has
 * been answered.  `was`: the bucket before. */
MUST_USE enum rc follow_settle(struct turn *turn, struct str was);
MUST_USE enum rc follow_called(struct turn *turn, struct str call, enum known solved);
MUST_USE enum rc follow_rated(struct turn *turn);
MUST_USE enum rc follow_unsolved(struct turn *turn);

/* follow_store.c */
MUST_USE enum rc hand_put(struct op *op, int64_t case_id, struct str hand);
MUST_USE enum rc hands_of(struct op *op, int64_t case_id,
                          struct list *hands /* struct str */);
MUST_USE enum rc result_put(struct op *op, const struct case_result *result);
MUST_USE enum rc result_last(struct op *op, int64_t case_id, struct case_result *result);
/* Each of a kind's answers of that time. */
struct result_span {
    struct str scene, kind;
    int64_t    from_ms, to_ms;
};
typedef enum rc  result_each(void *context, const void *result /* struct case_result */);
MUST_USE enum rc results_walk(struct op *op, const struct result_span *span,
                              result_each *each, void *context);

#endif
