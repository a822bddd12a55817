/* The clocks of a case 时限: accept, first answer, resolve, update.  When each started,
 * when it warns and runs out, whether it was met.  calendar.h says what counts.
 *
 *   start     accept, first answer and resolve when the case is opened; update with the
 *             first word to the reporter, so that it never comes before the first answer.
 *   met       when the case comes into one of the clock's `until`; the first answer also by
 *             the first word to the reporter.
 *   anew      all, when a move leads out of `until` again (reopen); update with each word
 *             to the reporter; one that says each_holder when the case is handed over; and
 *             what ran out, when that took the case up a level: who has it now gets the
 *             whole time.  At the top it stays late.
 *   pause     stops all, for one of the scene's reasons.  What counted before counts: when
 *             it goes on, it goes on with what was left.
 *   reckoned  its limit is chosen again at every turn (category, urgency, `by`).  Where it
 *   again     is another one, start and what has been used up stay, and the end moves.  A
 *             handing over (transfer, return) does not move it.  With a new calendar all
 *             ends are reckoned again from where they started.
 *   warning   once, when 80 % of the time that counts has gone by; late once a level.
 *
 * A word to the reporter is written by somebody else, in a move that tells the reporter;
 * neither the reporter's own words nor the clock's are one.
 *
 * After a stop of any length each case is looked at once, in the order of what was due:
 * what ran out long ago goes up one level, and the time there begins now. */
#ifndef ENGINE_CASE_CLOCK_H
#define ENGINE_CASE_CLOCK_H
#include "base/op.h"
#include "engine/case/calendar.h"
#include "engine/case/case.h"

struct turn;

struct clock_state {
    int64_t start_ms, warn_ms, due_ms, met_ms; /* due 0: not started; met 0: running */
    bool    warned, late; /* late: it ran out, and nobody above could take it */
    int64_t missed;       /* how often it ran out: of levels */
    int64_t kind, amount; /* the span it was started with */
};
struct clocks {
    struct clock_state of[CLOCK_COUNT];
    struct calendar   *calendar; /* once somebody asked */
};

MUST_USE enum rc clocks_read(struct op *op, struct str text, struct clocks *clocks);
struct str       clocks_write(struct op *op, const struct clocks *clocks);

enum { CLOCK_WARN_PERCENT = 80 };
/* Which span a clock has of such a case: by its rules, its urgency. */
struct case_record;
struct span clock_span(const struct scene_clock *clock, const struct case_record *record,
                       bool urgent);

/* The case, new or in `from`, came into its state. */
enum { STATE_NEW = SCENE_STATES_MAX };
MUST_USE enum rc clocks_enter(struct turn *turn, size_t from);
/* What was done of it so far makes: limits chosen again, whoever it was handed to. */
MUST_USE enum rc clocks_follow(struct turn *turn);
/* The reporter was told something, if this move does that. */
MUST_USE enum rc clocks_word(struct turn *turn);
/* What has run out starts anew: it went up a level. */
MUST_USE enum rc clocks_raised(struct turn *turn);
void             clocks_pause(struct a_case *it, int64_t now_ms, struct str reason);
MUST_USE enum rc clocks_resume(struct turn *turn);
/* All that run and come to something by then, by today's calendar. */
MUST_USE enum rc clocks_today(struct turn *turn, int64_t until_ms);
/* The row's due, next and sort times from its clocks. */
void clocks_settle(struct a_case *it, const struct clocks *clocks);

/* What has come due by now: marked in *clocks, told by bits 1 << CLOCK_x. */
struct clocks_due {
    unsigned warned, late;
};
struct clocks_due clocks_look(const struct a_case *it, struct clocks *clocks,
                              int64_t now_ms);
bool              clock_runs(const struct clock_state *clock);

#endif
