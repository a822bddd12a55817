#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"

static struct arena arena;

TEST(whole_numbers_are_read_strictly)
{
    int64_t n = 7;

    CHECK(str_int64(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    CHECK(str_int64(STR("9223372036854775807"), &n) && n == INT64_MAX);
    CHECK(str_int64(STR("0"), &n) && n == 0);
    const char *bad[] = { "",   "-",   "+1",
                          "01", "-0",  " 1",
                          "1 ", "1.0", "9223372036854775808" };
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!str_int64(str_of(bad[i]), &n));
}

/* Each byte of a text of any length tells, and what follows it does not. */
TEST(a_hash_and_a_copy_are_of_all_bytes)
{
    char     text[300], copy[301];
    uint64_t low[64] = { 0 };

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    for (size_t len = 0; len < sizeof text; len++) {
        struct str s = str_slice(text, len);
        uint64_t   hash = str_hash(s);
        memset(copy, '#', sizeof copy);
        CHECK_TEXT(str_put(copy, s), s);
        CHECK(copy[len] == '\0' && (len + 1 == sizeof copy || copy[len + 1] == '#'));
        CHECK(str_hash(str_slice(copy, len)) == hash);
        for (size_t i = 0; i < len; i++) {
            copy[i] ^= 1;
            CHECK(str_hash(str_slice(copy, len)) != hash);
            copy[i] ^= 1;
        }
    }
    for (int i = 0; i < 6400; i++) { /* codes of areas differ at their end only */
        int len = snprintf(copy, sizeof copy, "4206020040%05d", i);
        low[str_hash(str_slice(copy, (size_t)len)) % COUNT(low)]++;
    }
    for (size_t i = 0; i < COUNT(low); i++)
        CHECK(low[i] > 50 && low[i] < 200);
}

TEST(blanks_at_both_ends_go_wide_ones_too)
{
    CHECK_TEXT(str_trim(STR(" \t　好 　人\r\n　")), STR("好 　人"));
    CHECK_TEXT(str_trim(STR("　 　")), STR(""));
    CHECK_TEXT(str_trim(STR("\xe3\x80")), STR("\xe3\x80")); /* half of one */
    CHECK(!str_trim(STR_NONE).at);
}

TEST(utf8_refuses_overlong_surrogates_and_beyond)
{
    CHECK(str_utf8(STR("滨湖社区 𠮷")));
    const char *bad[] = { "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xff",     "\xe6\xbb",     "a\x80" };
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!str_utf8(str_of(bad[i])));
    CHECK_INT(str_chars(STR("滨湖a𠮷")), 4);
}

TEST(points_go_out_and_come_back)
{
    uint32_t points[] = { 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff };

    for (size_t i = 0; i < COUNT(points); i++) {
        char       text[4];
        struct str s = str_slice(text, str_utf8_put(points[i], text));
        CHECK(str_utf8(s));
        CHECK_INT(str_utf8_next(&s), points[i]);
        CHECK(str_empty(s));
    }
}

TEST(an_arena_beyond_its_budget_says_so_and_goes_on)
{
    arena_init(&arena, 64);
    CHECK(arena_take(&arena, 40) != NULL);
    CHECK(arena_take(&arena, 40) == NULL);
    CHECK(arena.over);
    CHECK(str_empty(str_fmt(&arena, "%080d", 1)));
    arena_free(&arena);
}

TEST(an_arena_goes_back_to_its_mark)
{
    arena_init(&arena, 1 << 20);
    struct str        kept = str_fmt(&arena, "留下");
    struct arena_mark mark = arena_mark(&arena);
    for (int i = 0; i < 100; i++)
        CHECK(arena_take(&arena, 1000) != NULL);
    arena_back(&arena, mark);
    CHECK_INT(arena.taken, mark.taken);
    CHECK_TEXT(kept, STR("留下"));
    arena_free(&arena);
}

TEST(the_last_taken_array_grows_in_place)
{
    arena_init(&arena, 1 << 20);
    char *a = arena_take(&arena, 16);
    CHECK(arena_grow(&arena, a, 16, 64) == a);
    CHECK(arena_take(&arena, 16) != NULL);
    CHECK(arena_grow(&arena, a, 64, 128) != a);
    arena_free(&arena);
}

TEST(a_sentence_has_one_full_stop)
{
    arena_init(&arena, 4096);
    CHECK_TEXT(str_sentence(&arena, STR("灯具明天到货")), STR("灯具明天到货。"));
    CHECK_TEXT(str_sentence(&arena, STR("灯具明天到货。 ")), STR("灯具明天到货。"));
    CHECK_TEXT(str_sentence(&arena, STR("来了吗？")), STR("来了吗？"));
    arena_free(&arena);
}

TEST(ids_grow_also_when_the_clock_steps_back)
{
    struct id_source source = { .county = 42 };
    int64_t          now = ID_EPOCH_MS + 1000000, last = 0;

    for (int i = 0; i < 5000; i++) {
        int64_t id = id_next(&source, i % 2 ? now - 5000 : now);
        CHECK(id > last && id_county(id) == 42);
        last = id;
    }
    CHECK_INT(id_ms(last), now + 4);
}

TEST(a_clock_before_or_beyond_what_ids_hold_gives_ids_that_grow)
{
    struct id_source source = { .county = 42 };
    int64_t          last = id_next(&source, 0);

    CHECK(last > 0 && id_county(last) == 42 && id_ms(last) == ID_EPOCH_MS);
    for (int i = 0; i < 5000; i++) {
        int64_t id = id_next(&source, i % 2 ? INT64_C(1) << 50 : -1);
        CHECK(id > last && id_county(id) == 42);
        last = id;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_strictly),
        cmocka_unit_test(blanks_at_both_ends_go_wide_ones_too),
        cmocka_unit_test(a_hash_and_a_copy_are_of_all_bytes),
        cmocka_unit_test(utf8_refuses_overlong_surrogates_and_beyond),
        cmocka_unit_test(points_go_out_and_come_back),
        cmocka_unit_test(an_arena_beyond_its_budget_says_so_and_goes_on),
        cmocka_unit_test(an_arena_goes_back_to_its_mark),
        cmocka_unit_test(the_last_taken_array_grows_in_place),
        cmocka_unit_test(a_sentence_has_one_full_stop),
        cmocka_unit_test(ids_grow_also_when_the_clock_steps_back),
        cmocka_unit_test(a_clock_before_or_beyond_what_ids_hold_gives_ids_that_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
