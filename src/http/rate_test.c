/* How often somebody may ask. */
#include "base/limits.h"
#include "http/rate.h"
#include "test.h"

enum { SECOND_US = 1000000 };

static struct address nth(uint32_t i)
{
    struct address address = { { [10] = 0xff, [11] = 0xff } };

    for (int byte = 0; byte < 4; byte++)
        address.at[12 + byte] = (unsigned char)(i >> (24 - 8 * byte));
    return address;
}

TEST(a_burst_is_taken_and_then_a_steady_rate)
{
    struct rates *rates = rates_new();
    int64_t       now_us = 5000 * (int64_t)SECOND_US;
    int           n = 0;

    while (rate_address(rates, nth(1), 1, now_us) == 0)
        n++;
    CHECK_INT(n, HTTP_ADDRESS_REQUESTS_MAX);
    CHECK_INT(rate_address(rates, nth(1), 1, now_us), 1);
    CHECK_INT(rate_address(rates, nth(2), 1, now_us), 0);
    now_us += SECOND_US;
    for (n = 0; rate_address(rates, nth(1), 1, now_us) == 0;)
        n++;
    CHECK_INT(n, HTTP_ADDRESS_REQUESTS_MAX / 10);
    rates_free(&rates);
}

TEST(an_account_has_an_hourly_limit_too)
{
    struct rates *rates = rates_new();
    int64_t       now_us = 5000 * (int64_t)SECOND_US;
    int           n = 0;

    while (rate_account(rates, 7, now_us) == 0)
        n++;
    CHECK_INT(n, HTTP_ACCOUNT_REQUESTS_MAX);
    for (int i = 0; i < 3600; i++, now_us += SECOND_US)
        while (rate_account(rates, 7, now_us) == 0)
            n++;
    CHECK(n > HTTP_ACCOUNT_HOURLY_MAX && n < 2 * HTTP_ACCOUNT_HOURLY_MAX + 2);
    CHECK(rate_account(rates, 8, now_us) == 0);
    rates_free(&rates);
}

TEST(a_flood_of_addresses_does_not_free_a_busy_one)
{
    struct rates *rates = rates_new();
    int64_t       now_us = 5000 * (int64_t)SECOND_US;

    while (rate_address(rates, nth(1), 1, now_us) == 0)
        ;
    for (uint32_t i = 1000; i < 200000; i++) {
        CHECK_INT(rate_address(rates, nth(i), 1, ++now_us), 0);
        if (i % 100 == 0)
            (void)rate_address(rates, nth(1), 1, now_us);
    }
    CHECK(rate_address(rates, nth(1), 1, now_us - 199000) > 0);
    rates_free(&rates);
}

TEST(whole_offices_have_more)
{
    struct rates *rates = rates_new();
    int           n = 0;

    while (rate_address(rates, nth(1), HTTP_NAT_FACTOR, SECOND_US) == 0)
        n++;
    CHECK_INT(n, HTTP_ADDRESS_REQUESTS_MAX * HTTP_NAT_FACTOR);
    rates_free(&rates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_taken_and_then_a_steady_rate),
        cmocka_unit_test(an_account_has_an_hourly_limit_too),
        cmocka_unit_test(a_flood_of_addresses_does_not_free_a_busy_one),
        cmocka_unit_test(whole_offices_have_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
