#include "test.h"

#include "base/arena.h"
#include "guard/mask.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

TEST(names_keep_their_first_character)
{
    CHECK_TEXT(mask_name(&arena, STR("陈秀英")), STR("陈**"));
    CHECK_TEXT(mask_name(&arena, STR("王伟")), STR("王*"));
    CHECK_TEXT(mask_name(&arena, STR("欧阳娜娜")), STR("欧***"));
    CHECK_TEXT(mask_name(&arena, STR("阿依古丽·买买提")), STR("阿***"));
    CHECK_TEXT(mask_name(&arena, STR("王")), STR("*"));
}

TEST(telephones_keep_three_and_four_digits)
{
    CHECK_TEXT(mask_phone(&arena, STR("13797555520")), STR("137****5520"));
    CHECK_TEXT(mask_phone(&arena, STR("02787654321")), STR("027****4321"));
    CHECK_TEXT(mask_phone(&arena, STR("071035123456")), STR("071*****3456"));
    CHECK_TEXT(mask_phone(&arena, STR("87654321")), STR("******21"));
    CHECK_TEXT(mask_phone(&arena, STR("12345")), STR("*****"));
}

TEST(id_numbers_keep_three_and_four_characters)
{
    CHECK_TEXT(mask_id(&arena, STR("42060219850315123X")), STR("420***********123X"));
    CHECK_TEXT(mask_id(&arena, STR("420602850315123")), STR("420********5123"));
    CHECK_TEXT(mask_id(&arena, STR("E1234567")), STR("******"));
}

TEST(a_value_is_clear_only_up_to_the_grade_that_may_be_seen)
{
    struct str phone = STR("13797555520");

    CHECK_TEXT(mask(&arena, MASK_PHONE, GRADE_PERSONAL, GRADE_PERSONAL, phone), phone);
    CHECK_TEXT(mask(&arena, MASK_PHONE, GRADE_PERSONAL, GRADE_SENSITIVE, phone), phone);
    CHECK_TEXT(mask(&arena, MASK_PHONE, GRADE_PERSONAL, GRADE_INNER, phone),
               STR("137****5520"));
    CHECK_TEXT(mask(&arena, MASK_WHOLE, GRADE_SENSITIVE, GRADE_PERSONAL, STR("糖尿病")),
               STR("***"));
    CHECK_TEXT(mask(&arena, MASK_NAME, GRADE_PERSONAL, GRADE_OPEN, STR("陈秀英")),
               STR("陈**"));
    CHECK_TEXT(
        mask(&arena, MASK_ID, GRADE_SENSITIVE, GRADE_PERSONAL, STR("42060219850315123X")),
        STR("420***********123X"));
    CHECK(!mask(&arena, MASK_ID, GRADE_SENSITIVE, GRADE_OPEN, STR_NONE).at);
}

TEST(what_is_no_text_shows_nothing)
{
    CHECK(!mask_name(&arena, STR("\xff\xfe")).at);
    CHECK(!mask_phone(&arena, STR("")).at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_keep_their_first_character),
        cmocka_unit_test(telephones_keep_three_and_four_digits),
        cmocka_unit_test(id_numbers_keep_three_and_four_characters),
        cmocka_unit_test(a_value_is_clear_only_up_to_the_grade_that_may_be_seen),
        cmocka_unit_test(what_is_no_text_shows_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
