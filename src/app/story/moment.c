#include "app/story/run.h"
#include "base/clock.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static bool is_that(enum story_day day, int weekday)
{
    return day == DAY_MONDAY ? weekday == 1
                             : day != DAY_WORKDAY || (weekday >= 1 && weekday <= 5);
}

int64_t story_moment_ms(const struct story_moment *moment, int64_t now_ms)
{
    bool         later = moment->day != DAY_TODAY && moment->day != DAY_DATE;
    struct civil civil = clock_civil(later ? now_ms + DAY_MS : now_ms);

    while (!is_that(moment->day, civil.weekday))
        civil = clock_civil(clock_of_civil(civil) + DAY_MS);
    if (moment->day == DAY_DATE) {
        civil.year = moment->year;
        civil.month = moment->month;
        civil.day = moment->mday;
    }
    civil.hour = moment->minute / 60;
    civil.minute = moment->minute % 60;
    civil.second = civil.ms = 0;
    return clock_of_civil(civil);
}

bool story_set_time(struct story_world *world, const struct story_step *step)
{
    struct json_out out;
    int64_t         now_ms, to_ms;

    if (!story_now(world, &now_ms))
        return false;
    to_ms = step->verb == STEP_PASS ? now_ms + step->for_ms
                                    : story_moment_ms(&step->moment, now_ms);
    struct str now = clock_iso(&world->scratch, now_ms),
               to = clock_iso(&world->scratch, to_ms);
    story_want(world, "时间往后走到 %.*s", STR_ARG(to));
    if (to_ms < now_ms)
        return story_got(world, "服务器上已经是 %.*s", STR_ARG(now));
    json_out_init(&out, &world->scratch);
    json_open(&out, '{');
    json_key(&out, STR("now"));
    json_time(&out, to_ms);
    json_close(&out, '}');
    struct story_request request =
        story_ask(world, &world->people[0], "POST", STR("/clock"), json_done(&out));
    return story_ok(&request) || story_answered(world, &request);
}
