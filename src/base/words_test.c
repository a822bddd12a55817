#include "base/words.h"

#include "test.h"

enum { MANY = 500 };

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

static bool has(const struct list *words, struct str word)
{
    const struct str *word_of = words->at;

    for (size_t i = 0; i < words->n; i++)
        if (str_eq(word_of[i], word))
            return true;
    return false;
}

static bool finds(const char *question, const char *text)
{
    struct list asked, kept;

    CHECK_INT(words_asked(&arena, str_of(question), MANY, &asked), RC_OK);
    CHECK_INT(words_kept(&arena, str_of(text), MANY, &kept), RC_OK);
    const struct str *word = asked.at;
    for (size_t i = 0; i < asked.n; i++)
        if (!has(&kept, word[i]))
            return false;
    return asked.n > 0;
}

TEST(a_word_of_two_characters_is_found_within_any_longer_one)
{
    CHECK(finds("井盖", "小区门口老旧井盖坏了"));
    CHECK(finds("路灯", "上海路灯不亮"));
    CHECK(finds("山水", "山水家园 3 栋楼下"));
    CHECK(finds("家园", "山水家园 3 栋楼下"));
    CHECK(finds("灯不", "路灯不亮"));
    CHECK(!finds("路灯", "路边的灯"));
    CHECK(!finds("井盖", "盖井"));
}

TEST(several_words_must_all_be_there_in_any_order)
{
    CHECK(finds("路灯 山水", "山水家园门口的路灯不亮"));
    CHECK(finds("人行道井盖", "井盖坏了，人行道上"));
    CHECK(!finds("路灯 山水", "滨湖花园门口的路灯不亮"));
}

TEST(width_and_case_make_no_difference)
{
    CHECK(finds("ｗｉｆｉ", "社区的 WiFi 连不上"));
    CHECK(finds("WIFI", "社区的 ｗｉｆｉ 连不上"));
    CHECK(finds("３栋", "山水家园3栋"));
    CHECK(str_eq(words_folded(&arena, STR("１１２０－００４７ Ａ")), STR("1120-0047 a")));
    CHECK(finds("鄂F12345", "车牌鄂f12345挡住出口"));
}

TEST(a_single_character_is_found_where_it_is_a_word)
{
    CHECK(finds("狗", "楼上养了一只狗，半夜叫"));
    CHECK(!finds("的", "楼上的狗"));
    CHECK(finds("路灯坏", "路灯破损，前天坏了"));
}

TEST(what_says_nothing_asks_for_nothing)
{
    struct list words;

    CHECK_INT(words_asked(&arena, STR(""), MANY, &words), RC_OK);
    CHECK_INT(words.n, 0);
    CHECK_INT(words_asked(&arena, STR("，。 ——……！？"), MANY, &words), RC_OK);
    CHECK_INT(words.n, 0);
    CHECK_INT(words_kept(&arena, STR("的"), MANY, &words), RC_OK);
    CHECK_INT(words.n, 0);
}

TEST(no_word_is_kept_twice_and_no_more_than_so_many)
{
    struct list words;

    CHECK_INT(words_kept(&arena, STR("路灯路灯路灯"), MANY, &words), RC_OK);
    CHECK_INT(words.n, 2); /* 路灯, 灯路 */
    CHECK_INT(words_kept(&arena, STR("小区门口老旧井盖坏了"), 3, &words), RC_OK);
    CHECK_INT(words.n, 3);
}

TEST(a_word_without_end_is_cut_at_a_whole_character)
{
    char        text[400];
    struct list words;

    memset(text, 'a', sizeof text);
    CHECK_INT(words_kept(&arena, str_slice(text, sizeof text), MANY, &words), RC_OK);
    CHECK_INT(words.n, 1);
    CHECK_INT(((struct str *)words.at)->len, WORD_BYTES_MAX);
    CHECK_INT(words_kept(&arena, STR("éééééééééééééééééééééééééééééééééééé"), MANY, &words),
              RC_OK);
    CHECK(str_utf8(*(struct str *)words.at));
}

/* Beyond the first plane a character is two of ICU's units. */
TEST(rare_characters_are_whole)
{
    struct list words;

    CHECK_INT(words_kept(&arena, STR("𠮷𠮷野家"), MANY, &words), RC_OK);
    for (size_t i = 0; i < words.n; i++)
        CHECK(str_utf8(((struct str *)words.at)[i]));
    CHECK(finds("𠮷野", "𠮷野家门口"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_of_two_characters_is_found_within_any_longer_one),
        cmocka_unit_test(several_words_must_all_be_there_in_any_order),
        cmocka_unit_test(width_and_case_make_no_difference),
        cmocka_unit_test(a_single_character_is_found_where_it_is_a_word),
        cmocka_unit_test(what_says_nothing_asks_for_nothing),
        cmocka_unit_test(no_word_is_kept_twice_and_no_more_than_so_many),
        cmocka_unit_test(a_word_without_end_is_cut_at_a_whole_character),
        cmocka_unit_test(rare_characters_are_whole),
    };

    return cmocka_run_group_tests(tests, open_arena, free_arena);
}
