/* Request lines and headers taken apart. */
#include "http/address.h"
#include "http/uri.h"
#include "test.h"

static struct arena    arena;
static struct problems problems;

static int fresh(void **state)
{
    (void)state;
    arena_free(&arena);
    arena_init(&arena, ARENA_REQUEST_BYTES);
    problems_init(&problems, &arena);
    return 0;
}

static int done(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static enum rc parse(const char *raw, struct target *target)
{
    return target_parse(&arena, str_of(raw), target, &problems);
}

TEST(a_target_is_split_before_it_is_decoded)
{
    struct target target;

    CHECK(parse("/api/v1/%E6%98%A5%20%E5%A4%A9?x=1+2%26&y=&z", &target) == RC_OK);
    CHECK_INT(target.nsegments, 3);
    CHECK_TEXT(target.segments[2], STR("春 天"));
    CHECK_TEXT(target.path, STR("/api/v1/春 天"));
    CHECK_INT(target.nquery, 3);
    CHECK_TEXT(target.query[0].value, STR("1 2&"));
    CHECK_TEXT(target.query[1].value, STR(""));
    CHECK_TEXT(target.query[2].name, STR("z"));
}

TEST(the_root_and_a_closing_slash_are_empty_segments)
{
    struct target target;

    CHECK(parse("/", &target) == RC_OK);
    CHECK_INT(target.nsegments, 1);
    CHECK_TEXT(target.path, STR("/"));
    CHECK(parse("/desk/", &target) == RC_OK);
    CHECK_INT(target.nsegments, 2);
    CHECK_TEXT(target.path, STR("/desk/"));
}

TEST(what_is_no_clean_text_is_refused)
{
    static const char *const bad[] = {
        "",      "a",          "*",        "/%",           "/%4",
        "/%4g",  "/%00",       "/a%0ab",   "/%2f",         "/a%5cb",
        "/\\",   "/%ff",       "/%c0%af",  "/%ed%a0%80",   "/a?b=%zz",
        "/a?=1", "/a?b=1&b=2", "/a?b=%00", "/a?%62=1&b=2",
    };
    struct target target;

    for (size_t i = 0; i < COUNT(bad); i++)
        if (parse(bad[i], &target) != RC_INVALID)
            fail_msg("\"%s\" was taken", bad[i]);
    CHECK(problems.n >= COUNT(bad));
}

TEST(nothing_climbs)
{
    struct target target;

    CHECK(parse("/../etc/passwd", &target) == RC_NOT_FOUND);
    CHECK(parse("/a/./b", &target) == RC_NOT_FOUND);
    CHECK(parse("/%2e%2E/x", &target) == RC_NOT_FOUND);
    CHECK(parse("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q", &target) == RC_NOT_FOUND);
    CHECK(parse("/...", &target) == RC_OK);
}

TEST(a_cookie_is_found_once_or_not_at_all)
{
    struct str value;

    CHECK_INT(cookie_find(STR("a=b; linli=x=y; c=d"), STR("linli"), &value), 1);
    CHECK_TEXT(value, STR("x=y"));
    CHECK_INT(cookie_find(STR("linli=x; linli=y"), STR("linli"), &value), 2);
    CHECK(!value.at);
    CHECK_INT(cookie_find(STR("xlinli=x; linlix=y; linli; Linli=z"), STR("linli"), &value),
              0);
    CHECK_INT(cookie_find(STR_NONE, STR("linli"), &value), 0);
    CHECK_INT(cookie_find(STR(";;=;"), STR(""), &value), 1);
}

TEST(headers_are_read_exactly)
{
    CHECK_TEXT(bearer_of(STR("bearer  key ")), STR("key"));
    CHECK(!bearer_of(STR("Basic a2V5")).at);
    CHECK(media_is(STR("Application/JSON"), STR("application/json")));
    CHECK(media_is(STR("application/json; charset=UTF-8"), STR("application/json")));
    CHECK(!media_is(STR("application/json; charset=gbk"), STR("application/json")));
    CHECK(!media_is(STR("application/jsonx"), STR("application/json")));
    CHECK(!media_is(STR_NONE, STR("application/json")));
    CHECK(etag_listed(STR("\"a\", W/\"b\""), STR("\"b\"")));
    CHECK(etag_listed(STR(" *"), STR("\"b\"")));
    CHECK(!etag_listed(STR("b"), STR("\"b\"")));
    CHECK(encoding_taken(STR("br, gzip;q=0.5"), STR("gzip")));
    CHECK(!encoding_taken(STR("gzip;q=0.00, br"), STR("gzip")));
    CHECK(!encoding_taken(STR("xgzip"), STR("gzip")));
}

TEST(event_ids_are_a_county_and_a_sequence)
{
    int64_t county = 0, seq = 0;

    CHECK(event_id_parse(STR("12-345"), &county, &seq));
    CHECK_INT(county, 12);
    CHECK_INT(seq, 345);
    CHECK(!event_id_parse(STR("12"), &county, &seq));
    CHECK(!event_id_parse(STR("-1-2"), &county, &seq));
    CHECK(!event_id_parse(STR("1--2"), &county, &seq));
    CHECK(!event_id_parse(STR("1-99999999999999999999"), &county, &seq));
}

static struct address address(const char *text)
{
    struct address parsed;

    CHECK(address_parse(str_of(text), &parsed));
    return parsed;
}

TEST(networks_hold_their_addresses)
{
    struct network  all[3];
    struct networks networks = { all, COUNT(all) };

    CHECK(network_parse(STR("10.1.0.0/16"), &all[0]));
    CHECK(network_parse(STR("2001:db8::/33"), &all[1]));
    CHECK(network_parse(STR("192.0.2.7"), &all[2]));
    CHECK(networks_hold(networks, address("10.1.255.255")));
    CHECK(!networks_hold(networks, address("10.2.0.0")));
    CHECK(networks_hold(networks, address("2001:db8:7fff::1")));
    CHECK(!networks_hold(networks, address("2001:db8:8000::1")));
    CHECK(networks_hold(networks, address("192.0.2.7")));
    CHECK(!networks_hold(networks, address("192.0.2.8")));
    CHECK(!network_parse(STR("10.0.0.0/33"), &all[0]));
    CHECK(!network_parse(STR("10.0.0/8"), &all[0]));
    CHECK(!network_parse(STR("::/129"), &all[0]));
    CHECK(!network_parse(STR("10.0.0.0/-1"), &all[0]));
}

TEST(only_listed_proxies_are_believed)
{
    struct network  one;
    struct networks proxies = { &one, 1 };
    struct str      through = STR("6.6.6.6, 203.0.113.9, 10.0.0.2");

    CHECK(network_parse(STR("10.0.0.0/24"), &one));
    CHECK_TEXT(address_text(&arena, address_behind(address("10.0.0.1"), through, proxies)),
               STR("203.0.113.9"));
    CHECK_TEXT(
        address_text(&arena, address_behind(address("198.51.100.1"), through, proxies)),
        STR("198.51.100.1"));
    CHECK_TEXT(
        address_text(&arena, address_behind(address("10.0.0.1"), STR("junk"), proxies)),
        STR("10.0.0.1"));
    CHECK_TEXT(address_text(&arena, address_behind(address("10.0.0.1"), STR_NONE, proxies)),
               STR("10.0.0.1"));
    CHECK_TEXT(address_text(&arena, address_subscriber(address("2001:db8:1:2:3::4"))),
               STR("2001:db8:1:2::"));
    CHECK(address_loopback(address("127.9.9.9")) && address_loopback(address("::1")));
    CHECK(!address_loopback(address("0.0.0.0")) && !address_loopback(address("::")));
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, fresh, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_target_is_split_before_it_is_decoded),
        FRESH(the_root_and_a_closing_slash_are_empty_segments),
        FRESH(what_is_no_clean_text_is_refused),
        FRESH(nothing_climbs),
        FRESH(a_cookie_is_found_once_or_not_at_all),
        FRESH(headers_are_read_exactly),
        FRESH(event_ids_are_a_county_and_a_sequence),
        FRESH(networks_hold_their_addresses),
        FRESH(only_listed_proxies_are_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
