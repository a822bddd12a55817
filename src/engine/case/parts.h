/* Joint handling 联办: a case has one lead, its holder, who may ask several helpers 协办方
 * for a part each.  A part has a holder, a task, an answer and a clock of its own, which
 * runs on while the case's stands.  Who holds an open part sees the case and finds it
 * among what is on their hands; neither holds any longer than the part is open.  The lead
 * alone closes the case, once every part is answered or excused. */
#ifndef ENGINE_CASE_PARTS_H
#define ENGINE_CASE_PARTS_H
#include "engine/case/turn.h"

/* Due at no time; behind all that is. */
#define PART_NEVER (INT64_C(1) << 60)

struct case_part {
    int64_t    county, case_id, part;
    struct str holder, task, state; /* open, answered, excused */
    int64_t    asked_by, asked_ms, warn_ms, due_ms;
    bool       warned, late;
    int64_t    ended_ms, ended_by;
    struct str answer;
};
struct case_parts {
    struct case_part *all; /* in order of `part` */
    size_t            n;
};

/* Read once for the case; never NULL when RC_OK. */
MUST_USE enum rc parts_of(struct op *op, struct a_case *it, struct case_parts **parts);
bool             part_is_open(const struct case_part *part);
/* The actor's own open part that runs out first; NULL: none. */
struct case_part *parts_mine(struct op *op, struct a_case *it);
/* "网格员 刘敏、山水家园物业": of whom an answer is awaited. */
struct str parts_awaited(struct op *op, struct a_case *it);

/* ---- what a turn does with them ---- */
MUST_USE enum rc parts_invite(struct turn *turn);
MUST_USE enum rc parts_answer(struct turn *turn);
MUST_USE enum rc parts_excuse(struct turn *turn);
void parts_tell(struct turn *turn, struct str says); /* all open ones' holders */
/* A case is not answered while a part is open: RC_REFUSED, told which.  When its
 * reporter ends it, the parts end with it. */
MUST_USE enum rc parts_close(struct turn *turn, size_t to);
/* Warns at 80 % and marks what is late; `says` of the turn's line when it is the first
 * thing that has come due, absent when nothing has. */
MUST_USE enum rc parts_look(struct turn *turn, struct str *says);
/* The row is looked at again when the next part comes due. */
MUST_USE enum rc parts_settle(struct turn *turn);

#endif
