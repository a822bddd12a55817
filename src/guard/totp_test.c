#include "guard/totp.h"

#include <string.h>

#include "guard/qr.h"
#include "test.h"

static const struct str secret = STR_INIT("12345678901234567890");

/* RFC 6238, appendix B, the last six digits. */
TEST(the_codes_are_those_of_the_standard)
{
    static const struct {
        int64_t     seconds;
        const char *code;
    } rows[] = { { 59, "287082" },         { 1111111109, "081804" },
                 { 1111111111, "050471" }, { 1234567890, "005924" },
                 { 2000000000, "279037" }, { 20000000000, "353130" } };

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(totp_step(secret, str_of(rows[i].code), rows[i].seconds * 1000, 0),
                  rows[i].seconds / 30);
}

TEST(a_clock_may_be_half_a_minute_wrong_and_no_more)
{
    int64_t step = 1234567890 / 30, at_ms = step * 30000;

    CHECK_INT(totp_step(secret, STR("005924"), at_ms - 30000, 0), step);
    CHECK_INT(totp_step(secret, STR("005924"), at_ms + 59999, 0), step);
    CHECK_INT(totp_step(secret, STR("005924"), at_ms - 30001, 0), 0);
    CHECK_INT(totp_step(secret, STR("005924"), at_ms + 60000, 0), 0);
}

TEST(a_half_minute_is_accepted_once)
{
    int64_t step = 1234567890 / 30;

    CHECK_INT(totp_step(secret, STR("005924"), 1234567890000, step - 1), step);
    CHECK_INT(totp_step(secret, STR("005924"), 1234567890000, step), 0);
    CHECK_INT(totp_step(secret, STR("005924"), 1234567890000, step + 1), 0);
}

TEST(what_is_not_six_digits_is_no_code)
{
    static const struct str bad[] = { STR_INIT(""),        STR_INIT("00592"),
                                      STR_INIT("0059240"), STR_INIT("00592x"),
                                      STR_INIT(" 05924"),  STR_INIT("005\00024") };

    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_INT(totp_step(secret, bad[i], 1234567890000, 0), 0);
    CHECK_INT(totp_step(secret, STR_NONE, 1234567890000, 0), 0);
}

TEST(an_app_reads_the_secret_and_whose_it_is)
{
    struct arena arena;

    arena_init(&arena, 64 << 10);
    struct str uri = totp_uri(&arena, secret, STR("邻里"), STR("zhou lan"));
    CHECK_TEXT(uri, STR("otpauth://totp/%E9%82%BB%E9%87%8C:zhou%20lan?secret="
                        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E9%82%BB%E9%87%8C"));
    CHECK_TEXT(totp_text(&arena, secret), STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    arena_free(&arena);
}

/* A picture of squares: each corner but the last has its eye, seven wide. */
TEST(a_text_becomes_the_squares_of_a_qr_code)
{
    struct arena arena;

    arena_init(&arena, 256 << 10);
    struct qr qr = qr_of(&arena, STR("otpauth://totp/a?secret=GEZDGNBV"));
    CHECK_INT(qr.size, 29);
    CHECK(str_starts(qr.path, STR("M0 0h7v1h-7z")));
    CHECK(str_has(qr.path, STR("M22 0h7v1h-7z")) && str_has(qr.path, STR("M0 28h7v1h-7z")));
    struct qr none =
        qr_of(&arena, str_slice(memset(arena_take(&arena, 4000), 'x', 4000), 4000));
    CHECK(!none.path.at);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_codes_are_those_of_the_standard),
        cmocka_unit_test(a_clock_may_be_half_a_minute_wrong_and_no_more),
        cmocka_unit_test(a_half_minute_is_accepted_once),
        cmocka_unit_test(what_is_not_six_digits_is_no_code),
        cmocka_unit_test(an_app_reads_the_secret_and_whose_it_is),
        cmocka_unit_test(a_text_becomes_the_squares_of_a_qr_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
