/* What is found of people's numbers in a text, and what is left alone. */
#include "test.h"

#include "base/arena.h"
#include "guard/numbers.h"

static struct list look(struct arena *arena, const char *text)
{
    struct list found;

    CHECK_INT(numbers_find(arena, str_of(text), &found), RC_OK);
    return found;
}

/* The one number of the text. */
static void check_one(const char *text, enum number_kind kind, const char *written)
{
    struct arena arena;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    struct list                found = look(&arena, text);
    const struct number_found *one = found.at;
    if (found.n != 1 || one->kind != kind || !str_eq(one->text, str_of(written)))
        fail_msg("%s: %zu found", text, found.n);
    arena_free(&arena);
}

static void check_none(const char *text)
{
    struct arena arena;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    if (look(&arena, text).n)
        fail_msg("%s: something was found", text);
    arena_free(&arena);
}

TEST(telephones_are_found_however_they_are_written)
{
    (void)state;
    check_one("打 13907195566 找我", NUMBER_MOBILE, "13907195566");
    check_one("电话139 0719-5566。", NUMBER_MOBILE, "139 0719-5566");
    check_one("微信同号１３９０７１９５５６６", NUMBER_MOBILE, "１３９０７１９５５６６");
    check_one("一三九零七一九五五六六", NUMBER_MOBILE, "一三九零七一九五五六六");
    check_one("幺三九〇柒①九5 5 6六", NUMBER_MOBILE, "幺三九〇柒①九5 5 6六");
    check_one("l39O7195566", NUMBER_MOBILE, "l39O7195566");
    check_one("139\u200B0719\u200B5566", NUMBER_MOBILE, "139\u200B0719\u200B5566");
    check_one("+86 13907195566", NUMBER_MOBILE, "13907195566");
    check_one("座机（0710）3450110", NUMBER_LANDLINE, "0710）3450110");
    check_one("010-62345678", NUMBER_LANDLINE, "010-62345678");
}

TEST(id_numbers_and_cards_are_told_by_their_check_digit)
{
    (void)state;
    check_one("身份证11010519491231002X的人", NUMBER_ID, "11010519491231002X");
    check_one("440524 18800101 0014", NUMBER_ID, "440524 18800101 0014");
    check_one("１１０１０５１９４９１２３１００２ｘ", NUMBER_ID,
              "１１０１０５１９４９１２３１００２ｘ");
    check_one("老证 110105491231002", NUMBER_ID, "110105491231002");
    check_one("卡号 6222 0212 3456 7890 128", NUMBER_CARD, "6222 0212 3456 7890 128");
    check_none("编号 420602200002020023，又 6222021234567890129");
}

TEST(a_plate_is_found_and_blocks_nothing)
{
    (void)state;
    check_one("鄂F·12345 乱停", NUMBER_PLATE, "鄂F·12345");
    check_one("新能源鄂ＦＤ12345占道", NUMBER_PLATE, "鄂ＦＤ12345");
    CHECK(!number_blocks(NUMBER_PLATE));
    CHECK(number_blocks(NUMBER_MOBILE) && number_blocks(NUMBER_ID));
}

TEST(what_was_blacked_out_and_ordinary_figures_are_left_alone)
{
    (void)state;
    check_none("139××××5566，139****5566，1390719");
    check_none("2026 年 11 月 22 日 14:03，办件 1120-0047，3 号楼 2 单元 1301");
    check_none("一二三号楼，二〇二六年，十一点半，请打 12345");
    check_none("新一届居委会，云南，甘A");
    check_none("");
}

TEST(the_place_is_told_in_characters)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_REQUEST_BYTES);
    struct list found = look(&arena, "找我：139 0719 5566，或 010-62345678");
    const struct number_found *all = found.at;
    CHECK_INT(found.n, 2);
    CHECK_INT(all[0].at, 4);
    CHECK_INT(all[0].chars, 13);
    CHECK_INT(all[1].at, 20);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telephones_are_found_however_they_are_written),
        cmocka_unit_test(id_numbers_and_cards_are_told_by_their_check_digit),
        cmocka_unit_test(a_plate_is_found_and_blocks_nothing),
        cmocka_unit_test(what_was_blacked_out_and_ordinary_figures_are_left_alone),
        cmocka_unit_test(the_place_is_told_in_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
