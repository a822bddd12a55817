/* Steps of a story, run one by one: things people do (act.c), time that goes by (moment.c)
 * and what must be seen afterwards (expect.c).  False leaves `want` and `got` in the world.
 */
#ifndef APP_STORY_RUN_H
#define APP_STORY_RUN_H
#include "app/story/world.h"

/* What followers and timers do comes a moment later, so what is expected may take
 * this long to come true; what must not come is waited for a little. */
enum { EXPECT_WAIT_MS = 10000, EXPECT_POLL_MS = 150, EXPECT_SETTLE_MS = 700 };

MUST_USE bool story_do(struct story_world *world, const struct story_step *step,
                       bool one_only);
MUST_USE bool story_refused(struct story_world *world, const struct story_step *step);
MUST_USE bool story_set_time(struct story_world *world, const struct story_step *step);
/* The next such moment after now; of today and of a date that very one. */
int64_t       story_moment_ms(const struct story_moment *moment, int64_t now_ms);
MUST_USE bool story_expect(struct story_world *world, const struct story_step *step);

#endif
