/* The clocks of a case: when each started, when it runs out, whether it was met.
 * A clock's limit is real time, working time (8:30 to 17:30 on working days) or
 * working days (the same time of day, that many working days later).  Weekends and
 * the days of calendar_days (holidays, make-up working days) are what working
 * means.  Warned at 80 % of the time, once; late once.  A pause stops all clocks
 * that are running and moves their ends by as long as it lasted; an end in working time
 * that then falls outside of it moves on to where it is working time again. */
#ifndef ENGINE_CASE_CLOCK_H
#define ENGINE_CASE_CLOCK_H
#include "base/op.h"
#include "engine/case/case.h"

struct clock_state {
    int64_t start_ms, due_ms, met_ms; /* due 0: not declared; met 0: running */
    bool    warned, late;
};
struct clocks {
    struct clock_state of[CLOCK_COUNT];
};

MUST_USE enum rc clocks_read(struct op *op, struct str text, struct clocks *clocks);
struct str       clocks_write(struct op *op, const struct clocks *clocks);

/* The case came into `state`: clocks that end there are met, met ones whose end was
 * left start anew, others start when the case is new. */
MUST_USE enum rc clocks_enter(struct op *op, struct a_case *it, struct clocks *clocks,
                              size_t state);
void             clocks_pause(struct a_case *it, int64_t now_ms, struct str reason);
MUST_USE enum rc clocks_resume(struct op *op, struct a_case *it, struct clocks *clocks);
/* The row's due, next and sort times from its clocks. */
void clocks_settle(struct a_case *it, const struct clocks *clocks);

/* What has come due by now: marked in *clocks, told by bits 1 << CLOCK_x. */
struct clocks_due {
    unsigned warned, late;
};
struct clocks_due clocks_look(const struct a_case *it, struct clocks *clocks,
                              int64_t now_ms);

/* from + span by the county's calendar; of a span of nothing: the first working time. */
MUST_USE enum rc clock_end(struct op *op, int64_t from_ms, struct span span,
                           int64_t *end_ms);

#endif
