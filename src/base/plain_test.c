#include "base/plain.h"

#include "base/json.h"
#include "test.h"

struct said {
    struct str name, raw;
};

static const struct field said_fields[] = {
    FIELD(struct said, name, OPTIONAL),
    FIELD_RAW(struct said, raw, OPTIONAL),
};

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct str told(const char *json, struct said *said)
{
    struct problems problems;

    *said = (struct said){ 0 };
    problems_init(&problems, &arena);
    enum rc rc =
        json_read(&arena, str_of(json), said_fields, COUNT(said_fields), said, &problems);
    CHECK(rc == (problems.n ? RC_INVALID : RC_OK));
    return problems.n ? problems.first->says : STR("");
}

TEST(what_turns_or_hides_text_is_refused_however_it_is_written)
{
    static const char *const bad[] = {
        "{\"name\":\"王\\u202e芳\"}",    "{\"name\":\"王\u202e芳\"}",
        "{\"raw\":{\"a\":\"\u200b\"}}",  "{\"raw\":[\"\\u0007\"]}",
        "{\"raw\":{\"\u2066\":1}}",      "{\"name\":\"\\b\"}",
        "{\"name\":\"\x7f\"}",           "{\"name\":\"\xc2\x85\"}",
        "{\"name\":\"\\uFEFF\"}",        "{\"name\":\"\u00ad\"}",
        "{\"name\":\"\\udb40\\udc41\"}", "{\"name\":\"\uffff\"}",
    };
    struct said said;

    for (size_t i = 0; i < COUNT(bad); i++)
        if (!told(bad[i], &said).len)
            fail_msg("taken: %s", bad[i]);
    CHECK(str_has(told(bad[0], &said), STR("U+202E")));
}

TEST(lines_tabs_and_joined_emoji_are_text)
{
    struct said said;

    CHECK_TEXT(
        told("{\"name\":\"一\\n二\\t三\\r\\n👨‍👩‍👧 “好”…\"}", &said),
        STR(""));
    CHECK_TEXT(said.name, STR("一\n二\t三\r\n👨‍👩‍👧 “好”…"));
}

TEST(two_ways_of_writing_one_letter_become_one)
{
    struct said said;

    CHECK_TEXT(told("{\"name\":\"Ame\\u0301lie\"}", &said), STR(""));
    CHECK_TEXT(said.name, STR("Am\u00e9lie"));
    CHECK_TEXT(plain_text(&arena, STR("\uf900")), STR("\u8c48")); /* a double of 豈 */
    CHECK_TEXT(plain_text(&arena, STR("\u212b")), STR("\u00c5"));
}

TEST(ordinary_text_is_not_copied)
{
    struct str text = STR("山水家园 3 栋，“灯”坏了（急）。");

    CHECK(plain_text(&arena, text).at == text.at);
}

#define PLAIN_TEST(test) cmocka_unit_test_setup_teardown(test, open_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN_TEST(what_turns_or_hides_text_is_refused_however_it_is_written),
        PLAIN_TEST(lines_tabs_and_joined_emoji_are_text),
        PLAIN_TEST(two_ways_of_writing_one_letter_become_one),
        PLAIN_TEST(ordinary_text_is_not_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
