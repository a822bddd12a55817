#include "test.h"

#include "base/arena.h"
#include "base/clock.h"

static struct arena arena;

TEST(times_are_written_in_beijing_time_and_read_back)
{
    int64_t ms;

    arena_init(&arena, 1 << 16);
    CHECK(clock_parse(STR("2026-11-22T14:03:07.120+08:00"), &ms));
    CHECK_INT(ms, 1795327387120);
    CHECK_TEXT(clock_iso(&arena, ms), STR("2026-11-22T14:03:07.120+08:00"));
    int64_t same;
    CHECK(clock_parse(STR("2026-11-22T06:03:07.12Z"), &same) && same == ms);
    arena_free(&arena);
}

TEST(days_that_do_not_exist_are_refused)
{
    const char *bad[] = { "2026-02-29T00:00Z", "2026-13-01T00:00Z", "2026-01-01T24:00Z",
                          "2026-01-01 00:00Z", "2026-01-01T00:00",  "2026-01-01T00:00Zx" };
    int64_t     ms;

    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!clock_parse(str_of(bad[i]), &ms));
    CHECK(clock_parse(STR("2024-02-29T00:00Z"), &ms));
}

TEST(civil_days_agree_with_the_calendar)
{
    struct civil day = clock_civil(1795327387120);
    CHECK(day.year == 2026 && day.month == 11 && day.day == 22 && day.weekday == 0);
    for (int64_t ms = -86400000LL * 800000; ms < 86400000LL * 800000;
         ms += 86400000LL * 997)
        CHECK_INT(clock_of_civil(clock_civil(ms)), ms);
}

TEST(a_locked_clock_does_not_move)
{
    CHECK(!clock_set_ms(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_in_beijing_time_and_read_back),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(civil_days_agree_with_the_calendar),
        cmocka_unit_test(a_locked_clock_does_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
