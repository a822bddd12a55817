/* The log: one event, one line, whatever is in it. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"

enum { TEST_BYTES = 256 << 10, PIPE_BYTES = 32 << 10 };

static struct arena arena;
static int          before, pair[2];

/* Standard error goes into a pipe while something is logged. */
static int listen_in(void **state)
{
    (void)state;
    arena_init(&arena, TEST_BYTES);
    before = dup(STDERR_FILENO);
    return pipe(pair) != 0 || dup2(pair[1], STDERR_FILENO) < 0;
}

static struct str heard(void)
{
    char *text = arena_take(&arena, PIPE_BYTES);

    CHECK(write(pair[1], "\n", 1) == 1); /* so that there is something to read */
    ssize_t n = read(pair[0], text, PIPE_BYTES);
    CHECK(n > 0);
    return str_slice(text, (size_t)n - 1);
}

static int stop_listening(void **state)
{
    (void)state;
    (void)dup2(before, STDERR_FILENO);
    (void)close(before);
    (void)close(pair[0]);
    (void)close(pair[1]);
    arena_free(&arena);
    return 0;
}

TEST(a_name_with_line_ends_in_it_stays_on_one_line)
{
    struct problems problems;
    struct str      name = STR("张\r\n{\"level\":\"error\"}");

    problems_init(&problems, &arena);
    log_event(LOG_ERROR, "tests.name", LOG_TEXT("name", name), LOG_INT("n", 3));
    struct str line = heard();
    CHECK(str_ends(line, STR("\n")));
    line.len--;
    for (size_t i = 0; i < line.len; i++)
        CHECK((unsigned char)line.at[i] >= 0x20);
    CHECK(json_check(&arena, line, &problems) == RC_OK);
    CHECK_TEXT(json_pick_text(&arena, line, "name"), name);
}

TEST(a_name_cannot_colour_a_terminal)
{
    log_event(LOG_ERROR, "tests.name", LOG_TEXT("name", STR("张\x1b[31m")));
    struct str line = heard();
    CHECK(memchr(line.at, 0x1b, line.len) == NULL);
    CHECK(str_ends(line, STR("\\u001b[31m\"}\n")));
}

TEST(what_is_below_the_threshold_is_not_written)
{
    log_threshold(LOG_WARN);
    log_event(LOG_INFO, "tests.quiet", LOG_INT("n", 1));
    CHECK_INT(heard().len, 0);
    log_threshold(LOG_INFO);
}

TEST(a_text_that_is_far_too_long_is_cut_between_characters)
{
    enum { CHARACTERS = 10000 };
    char *text = arena_take(&arena, 3 * CHARACTERS + 1);

    for (size_t i = 0; i < CHARACTERS; i++)
        memcpy(text + 3 * i, "长", 3);
    log_event(LOG_ERROR, "tests.long", LOG_TEXT("text", str_slice(text, 3 * CHARACTERS)));
    struct str line = heard();
    CHECK(str_ends(line, STR("长\"}\n")) && str_utf8(line));
    CHECK(line.len > 1000 && line.len < 1300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_with_line_ends_in_it_stays_on_one_line,
                                        listen_in, stop_listening),
        cmocka_unit_test_setup_teardown(a_name_cannot_colour_a_terminal, listen_in,
                                        stop_listening),
        cmocka_unit_test_setup_teardown(what_is_below_the_threshold_is_not_written,
                                        listen_in, stop_listening),
        cmocka_unit_test_setup_teardown(
            a_text_that_is_far_too_long_is_cut_between_characters, listen_in,
            stop_listening),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
