/* 百姓通: notices 通知, and everybody's own matters beside them.  A notice is written by
 * staff for an area: for all who live there, for the people of some houses, or for those
 * who hold a role there.  Where its area's policy says so (it does unless somebody above
 * has said otherwise) a second person looks at it before it goes out.
 *
 *     waiting ─┬─ standing ── withdrawn
 *              └─ returned ── waiting …
 *
 * What is out is never written over: a correction is a new version with its reason, which
 * everybody who had read the one before finds unread again; the old ones stay to be seen.
 *
 * Nothing is written for each reader.  A notice stands under a few keys (notice_keys.h);
 * whoever asks has keys too, and finds those that agree.  Those who read leave a receipt,
 * and a number for their grid; who has not read is the registry's count less that number.
 *
 * Matters are cases as their reporters' list knows them, kept by a follower; it counts
 * beside, for each area and organisation, how many were done within a day (matter.h). */
#ifndef ENGINE_NOTICE_NOTICE_H
#define ENGINE_NOTICE_NOTICE_H
#include "gate/act.h"
#include "gate/follower.h"
#include "registry/keeper.h"

struct stmts; /* db/db.h */

extern const struct act           notice_acts[], watch_acts[], matter_acts[];
extern const struct stmts         notice_stmts, matter_stmts;
extern const struct follower      notice_follower;
extern const struct person_keeper notice_keeper;

/* What op's actor has not read: notices that are out, and news of their own matters. */
MUST_USE enum rc notice_unread(struct op *op, int64_t *unread);
/* May op's actor see the notice that a photo belongs to? */
bool notice_sees(struct op *op, int64_t id);

/* Of a line by which a notice goes out, is corrected, withdrawn or brought to mind:
 * where.  RC_NOT_FOUND for all others. */
MUST_USE enum rc notice_line_area(struct op *op, const struct line *line, struct str *area);

#endif
