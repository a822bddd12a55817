/* Appointments 预约: when somebody comes to a window.  Which windows take them, when they
 * are open and how many people fit into a slot, a scene says (`windows`, scene/scene.h);
 * there is such a window in every area in which somebody holds its duty.  Which days are
 * worked, the county's calendar says; that a window stays shut for once, its staff.
 *
 *     booked ─┬─ came, missed            said by the window's staff
 *             ├─ cancelled
 *             └─ displaced ── booked …   its slot is gone: another is offered
 *
 * A slot is never given to more people than fit into it: everybody who comes has a seat of
 * it, and the database has each seat once.  What is declared may change at any time, as may
 * calendars; whoever had booked a time that is no longer open hears of it within seconds,
 * with the next that is free, and keeps the right to another.  The day before, everybody is
 * reminded, with what to bring.
 *
 * A resident books for themselves, so far ahead and so often as the window says; staff book
 * for whoever telephones or stands there, and note how they agreed.  Who did not come so
 * often as the window says books with staff only: nobody is turned away. */
#ifndef ENGINE_APPOINT_APPOINT_H
#define ENGINE_APPOINT_APPOINT_H
#include "engine/case/case.h"
#include "gate/act.h"
#include "gate/follower.h"
#include "registry/keeper.h"

struct stmts; /* db/db.h */

extern const struct act           appoint_acts[], window_acts[];
extern const struct stmts         appoint_stmts;
extern const struct follower      appoint_follower;
extern const struct person_keeper appoint_keeper;

/* The appointments of all counties that appoint.clock must look at by op's now, in order,
 * behind `after` (all zero: from the first). */
MUST_USE enum rc appoint_due(struct op *op, const struct due_case *after, size_t most,
                             struct list *found);

#endif
