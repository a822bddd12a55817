#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "guard/codes.h"

/* The vectors that the clients' core is held against, too. */
struct vector {
    struct str code, text, clean, says, born;
    bool       male;
};
static const struct field vector_fields[] = {
    FIELD(struct vector, code, REQUIRED),  FIELD(struct vector, text, OPTIONAL),
    FIELD(struct vector, clean, OPTIONAL), FIELD(struct vector, says, OPTIONAL),
    FIELD(struct vector, born, OPTIONAL),  FIELD(struct vector, male, OPTIONAL),
};

struct vectors {
    int64_t     now;
    struct list vectors;
};
static const struct field vectors_fields[] = {
    FIELD_TIME(struct vectors, now, REQUIRED),
    FIELD_LIST(struct vectors, vectors, struct vector, vector_fields, REQUIRED),
};

static struct arena   arena;
static struct vectors given;

static int read_vectors(void **state)
{
    static char     text[64 << 10];
    char            path[512];
    struct problems problems;

    (void)state;
    arena_init(&arena, 1 << 20);
    problems_init(&problems, &arena);
    (void)snprintf(path, sizeof path, "%s/tests/vectors/codes.json",
                   getenv("LINLI_SOURCE"));
    FILE  *file = fopen(path, "r");
    size_t n = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        (void)fclose(file);
    return json_read(&arena, str_slice(text, n), vectors_fields, COUNT(vectors_fields),
                     &given, &problems) != RC_OK;
}

static int forget_vectors(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

TEST(every_vector_gets_its_sentence)
{
    const struct vector *vectors = given.vectors.at;

    CHECK(given.vectors.n > 60);
    for (size_t i = 0; i < given.vectors.n; i++) {
        enum code code;
        CHECK(code_of_word(vectors[i].code, &code));
        struct str clean = code_clean(&arena, code, vectors[i].text);
        CHECK_TEXT(clean, vectors[i].clean);
        CHECK_TEXT(code_says(&arena, code, clean, given.now), vectors[i].says);
    }
}

TEST(an_id_number_tells_birthday_and_sex)
{
    const struct vector *vectors = given.vectors.at;
    size_t               told = 0;

    for (size_t i = 0; i < given.vectors.n; i++) {
        if (!vectors[i].born.at)
            continue;
        struct code_person person = code_person(vectors[i].clean);
        CHECK_TEXT(str_fmt(&arena, "%04d-%02d-%02d", person.year, person.month, person.day),
                   vectors[i].born);
        CHECK_INT(person.male, vectors[i].male);
        told++;
    }
    CHECK(told >= 5);
}

TEST(one_wrong_digit_of_an_id_number_is_always_noticed)
{
    char digits[] = "42060219850315123X";

    for (int last = '0';
         last <= '9' && code_says(&arena, CODE_ID, str_of(digits), given.now).at; last++)
        digits[17] = (char)last;
    CHECK(!code_says(&arena, CODE_ID, str_of(digits), given.now).at);
    for (size_t i = 0; i < 17; i++)
        for (int c = '0'; c <= '9'; c++) {
            char wrong[sizeof digits];
            memcpy(wrong, digits, sizeof digits);
            wrong[i] = (char)c;
            CHECK_INT(code_says(&arena, CODE_ID, str_of(wrong), given.now).at == NULL,
                      c == digits[i]);
        }
}

TEST(text_that_is_not_utf8_is_no_code)
{
    enum code code;

    CHECK(!code_of_word(STR("passport"), &code));
    CHECK(!code_clean(&arena, CODE_MOBILE, STR("137\xff")).at);
    CHECK_TEXT(code_says(&arena, CODE_MOBILE, STR_NONE, given.now), STR("请填手机号。"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_gets_its_sentence),
        cmocka_unit_test(an_id_number_tells_birthday_and_sex),
        cmocka_unit_test(one_wrong_digit_of_an_id_number_is_always_noticed),
        cmocka_unit_test(text_that_is_not_utf8_is_no_code),
    };
    return cmocka_run_group_tests(tests, read_vectors, forget_vectors);
}
