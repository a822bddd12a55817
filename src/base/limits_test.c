/* The table of limits: none is looser than the security baseline, and the page has it. */
#include "files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"

enum { TEST_BYTES = 4 << 20, NAT_CONNECTIONS = 512 };

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, TEST_BYTES);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Of the baseline, written again and not taken from the table: who loosens a limit has
 * to say so here too. */
enum way { AT_MOST, AT_LEAST };
static const struct baseline {
    struct str name;
    enum way   way;
    int64_t    number;
} baseline[] = {
    { STR_INIT("HTTP_BODY_BYTES_MAX"), AT_MOST, 262144 },
    { STR_INIT("HTTP_UPLOAD_BYTES_MAX"), AT_MOST, 12582912 },
    { STR_INIT("HTTP_HEADERS_MAX"), AT_MOST, 64 },
    { STR_INIT("HTTP_HEADERS_BYTES_MAX"), AT_MOST, 16384 },
    { STR_INIT("HTTP_URL_BYTES_MAX"), AT_MOST, 4096 },
    { STR_INIT("HTTP_HEAD_MS"), AT_MOST, 5000 },
    { STR_INIT("HTTP_BODY_MS"), AT_MOST, 30000 },
    { STR_INIT("HTTP_BODY_BYTES_PER_S"), AT_LEAST, 1024 },
    { STR_INIT("HTTP_TOTAL_MS"), AT_MOST, 60000 },
    { STR_INIT("HTTP_UPLOAD_MS"), AT_MOST, 180000 },
    { STR_INIT("HTTP_CONNECTIONS_MAX"), AT_MOST, 4000 },
    { STR_INIT("HTTP_CONNECTIONS_RESERVE_PERCENT"), AT_LEAST, 10 },
    { STR_INIT("HTTP_ADDRESS_CONNECTIONS_MAX"), AT_MOST, 64 },
    { STR_INIT("HTTP_ADDRESS_REQUESTS_MAX"), AT_MOST, 300 },
    { STR_INIT("HTTP_ACCOUNT_REQUESTS_MAX"), AT_MOST, 60 },
    { STR_INIT("HTTP_ACCOUNT_HOURLY_MAX"), AT_MOST, 1200 },
    { STR_INIT("HTTP_STREAMS_PER_ACCOUNT_MAX"), AT_MOST, 4 },
    { STR_INIT("HTTP_STREAMS_PER_ADDRESS_MAX"), AT_MOST, 64 },
    { STR_INIT("HTTP_STREAM_RECHECK_MS"), AT_MOST, 5000 },
    { STR_INIT("SIGN_IN_PAIR_MAX"), AT_MOST, 5 },
    { STR_INIT("SIGN_IN_PEACE_MS"), AT_LEAST, 900000 },
    { STR_INIT("SIGN_IN_ADDRESS_MAX"), AT_MOST, 30 },
    { STR_INIT("PASSWORD_QUEUE_MAX"), AT_MOST, 64 },
    { STR_INIT("CASES_PER_DAY_MAX"), AT_MOST, 20 },
    { STR_INIT("PHOTOS_PER_CASE_MAX"), AT_MOST, 9 },
    { STR_INIT("PHOTOS_PER_DAY_MAX"), AT_MOST, 60 },
    { STR_INIT("PAGE_MAX"), AT_MOST, 200 },
    { STR_INIT("LOOKS_GRID_WORKER"), AT_MOST, 50 },
    { STR_INIT("LOOKS_DESK"), AT_MOST, 100 },
    { STR_INIT("LOOKS_OTHERS"), AT_MOST, 30 },
    { STR_INIT("EXPORT_ALONE_MAX"), AT_MOST, 200 },
    { STR_INIT("PHOTO_BYTES_MAX"), AT_MOST, 12582912 },
    { STR_INIT("DECODE_SIDE_MAX"), AT_MOST, 12000 },
    { STR_INIT("DECODE_PIXELS_MAX"), AT_MOST, 50000000 },
    { STR_INIT("DECODE_INTERLACED_PIXELS_MAX"), AT_MOST, 16000000 },
    { STR_INIT("DECODE_FRAMES_MAX"), AT_MOST, 1 },
    { STR_INIT("DECODE_JOBS_MAX"), AT_MOST, 100 },
    { STR_INIT("DECODE_CPU_SECONDS"), AT_MOST, 10 },
    { STR_INIT("JSON_DEPTH_MAX"), AT_MOST, 16 },
    { STR_INIT("JSON_MEMBERS_MAX"), AT_MOST, 512 },
    { STR_INIT("JSON_TEXT_MAX"), AT_MOST, 65536 },
    { STR_INIT("JSON_DIGITS_MAX"), AT_MOST, 18 },
    { STR_INIT("RULE_TEXT_MAX"), AT_MOST, 4096 },
    { STR_INIT("RULE_NODES_MAX"), AT_MOST, 256 },
    { STR_INIT("RULE_DEPTH_MAX"), AT_MOST, 32 },
    { STR_INIT("RULE_STEPS_MAX"), AT_MOST, 10000 },
    { STR_INIT("SCENE_BYTES_MAX"), AT_MOST, 262144 },
    { STR_INIT("SCENE_EVENTS_MAX"), AT_MOST, 20000 },
    { STR_INIT("SCENE_DEPTH_MAX"), AT_MOST, 16 },
};

static const struct limit *row_of(struct str name)
{
    for (const struct limit *row = limit_rows; row->name.at; row++)
        if (str_eq(row->name, name))
            return row;
    fail_msg("no limit %.*s in the table", STR_ARG(name));
    return NULL;
}

TEST(no_limit_is_looser_than_the_baseline)
{
    for (size_t i = 0; i < COUNT(baseline); i++) {
        const struct baseline *wanted = &baseline[i];
        int64_t                ours = row_of(wanted->name)->number;
        if (wanted->way == AT_MOST ? ours > wanted->number : ours < wanted->number)
            fail_msg("%.*s is %lld, the baseline says %lld", STR_ARG(wanted->name),
                     (long long)ours, (long long)wanted->number);
    }
    CHECK(HTTP_ADDRESS_CONNECTIONS_MAX * HTTP_NAT_FACTOR <= NAT_CONNECTIONS);
}

TEST(every_limit_says_its_unit_and_why)
{
    for (const struct limit *row = limit_rows; row->name.at; row++) {
        CHECK(row->number > 0 && row->unit.len && row->why.len);
        CHECK(row_of(row->name) == row);
    }
}

TEST(the_page_on_limits_has_the_table_of_today)
{
    struct str table = limit_table(&arena);

    if (!str_has(test_file(&arena, STR("docs/limits.md")), table))
        fail_msg("put this into docs/limits.md:\n%.*s", STR_ARG(table));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_limit_is_looser_than_the_baseline),
        cmocka_unit_test(every_limit_says_its_unit_and_why),
        cmocka_unit_test(the_page_on_limits_has_the_table_of_today),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
