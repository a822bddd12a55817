#include "http/links.h"

#include <stdlib.h>

#include "base/clock.h"
#include "test.h"

enum {
    EACH = HTTP_ADDRESS_CONNECTIONS_MAX,
    EVERYBODYS = HTTP_CONNECTIONS_MAX / 100 * (100 - HTTP_CONNECTIONS_RESERVE_PERCENT),
};

/* Links without sockets; the first of each phase is told of, the rest are a crowd. */
static struct links *links;
static struct link  *all[HTTP_CONNECTIONS_MAX + 1];
static size_t        n;

static struct address numbered(size_t number)
{
    return (struct address){ { [10] = 0xff,
                               [11] = 0xff,
                               [12] = 10,
                               [14] = (unsigned char)(number >> 8),
                               [15] = (unsigned char)number } };
}

static struct link *given_link(struct address address, enum link_phase phase)
{
    struct link *link = links_add(links, -1, address, false);

    assert_non_null(link);
    link_phase(link, phase);
    return all[n++] = link;
}

static int open_links(void **state)
{
    (void)state;
    n = 0;
    links = links_open(&(struct links_options){ 0 });
    return links ? 0 : -1;
}

static int close_links(void **state)
{
    (void)state;
    while (n > 0)
        links_remove(links, &all[--n]);
    links_close(&links);
    return 0;
}

static void given_a_crowd(size_t most, enum link_phase phase)
{
    for (size_t i = 1; n < most; i++)
        for (size_t j = 0; j < EACH / 2 && n < most; j++)
            (void)given_link(numbered(i), phase);
}

TEST(the_heaviest_address_makes_room_with_its_oldest)
{
    struct link *honest = given_link(numbered(9000), LINK_IDLE);
    struct link *oldest = given_link(numbered(9001), LINK_HEAD);

    for (size_t i = 1; i < EACH; i++)
        (void)given_link(numbered(9001), LINK_HEAD);
    given_a_crowd(EVERYBODYS, LINK_IDLE);
    CHECK(links_admit(links, numbered(9002)));
    CHECK(oldest->cut && !honest->cut);
    CHECK_INT(links_cut(links), 1);
    CHECK(!links_crowded(links));
}

TEST(there_is_room_as_long_as_nobody_is_missing_any)
{
    given_a_crowd(EVERYBODYS / 10 * 9, LINK_IDLE);
    CHECK(links_admit(links, numbered(9002)));
    CHECK_INT(links_cut(links), 0);
}

TEST(an_answer_under_way_gives_no_way)
{
    given_a_crowd(EVERYBODYS + 1, LINK_WORK);
    CHECK(links_admit(links, numbered(9002)));
    CHECK_INT(links_cut(links), 0);
    CHECK(links_crowded(links)); /* from here on for staff */
}

TEST(streams_give_no_way_and_beyond_all_places_nobody_comes_in)
{
    given_a_crowd(HTTP_CONNECTIONS_MAX, LINK_STREAM);
    CHECK(!links_admit(links, numbered(9002)));
}

#define LINKS_TEST(test) cmocka_unit_test_setup_teardown(test, open_links, close_links)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINKS_TEST(the_heaviest_address_makes_room_with_its_oldest),
        LINKS_TEST(there_is_room_as_long_as_nobody_is_missing_any),
        LINKS_TEST(an_answer_under_way_gives_no_way),
        LINKS_TEST(streams_give_no_way_and_beyond_all_places_nobody_comes_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
