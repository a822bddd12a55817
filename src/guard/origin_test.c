#include "test.h"

#include "guard/origin.h"

static const struct str own[] = { STR_INIT("https://linli.example"),
                                  STR_INIT("http://127.0.0.1:8080") };
static const struct str json[] = { STR_INIT("application/json") };

static struct origin_asking asking(void)
{
    return (struct origin_asking){
        .writes = true,
        .content_type = STR("application/json"),
        .origin = STR("https://linli.example"),
        .fetch_site = STR("same-origin"),
        .own_header = STR("1"),
        .content_types = json,
        .ncontent_types = COUNT(json),
        .own = own,
        .nown = COUNT(own),
    };
}

TEST(our_own_pages_and_programs_without_origin_may_write)
{
    struct origin_asking ours = asking();

    CHECK_INT(origin_check(&ours), RC_OK);
    ours.origin = STR("http://127.0.0.1:8080");
    CHECK_INT(origin_check(&ours), RC_OK);
    ours.origin = ours.fetch_site = STR_NONE;
    CHECK_INT(origin_check(&ours), RC_OK);
}

TEST(a_foreign_page_is_denied)
{
    const char *foreign[] = {
        "https://evil.example", "https://linli.example.evil.example", "null", "",
        "http://linli.example", "https://linli.example:444"
    };

    for (size_t i = 0; i < COUNT(foreign); i++) {
        struct origin_asking theirs = asking();
        theirs.origin = str_of(foreign[i]);
        CHECK_INT(origin_check(&theirs), RC_DENIED);
    }
}

TEST(a_browser_that_says_cross_site_is_believed)
{
    const char *sites[] = { "cross-site", "same-site", "none", "" };

    for (size_t i = 0; i < COUNT(sites); i++) {
        struct origin_asking theirs = asking();
        theirs.fetch_site = str_of(sites[i]);
        theirs.origin = STR_NONE;
        CHECK_INT(origin_check(&theirs), RC_DENIED);
    }
}

TEST(our_own_header_must_be_there)
{
    struct origin_asking theirs = asking();

    theirs.own_header = STR_NONE;
    CHECK_INT(origin_check(&theirs), RC_DENIED);
    theirs.own_header = STR("0");
    CHECK_INT(origin_check(&theirs), RC_DENIED);
}

TEST(the_content_type_must_be_one_that_the_act_takes)
{
    const char *right[] = { "application/json", "application/json; charset=utf-8",
                            "Application/JSON ;x" };
    const char *wrong[] = {
        "text/plain",        "application/x-www-form-urlencoded", "",
        "application/jsonx", "text/plain; application/json",      "multipart/form-data"
    };

    for (size_t i = 0; i < COUNT(right); i++) {
        struct origin_asking theirs = asking();
        theirs.content_type = str_of(right[i]);
        CHECK_INT(origin_check(&theirs), RC_OK);
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct origin_asking theirs = asking();
        theirs.content_type = str_of(wrong[i]);
        CHECK_INT(origin_check(&theirs), RC_UNSUPPORTED);
    }
    struct origin_asking none = asking();
    none.content_type = STR_NONE;
    CHECK_INT(origin_check(&none), RC_UNSUPPORTED);
    none.ncontent_types = 0;
    CHECK_INT(origin_check(&none), RC_OK);
}

TEST(reading_is_not_asked)
{
    struct origin_asking theirs = { .origin = STR("https://evil.example") };

    CHECK_INT(origin_check(&theirs), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_pages_and_programs_without_origin_may_write),
        cmocka_unit_test(a_foreign_page_is_denied),
        cmocka_unit_test(a_browser_that_says_cross_site_is_believed),
        cmocka_unit_test(our_own_header_must_be_there),
        cmocka_unit_test(the_content_type_must_be_one_that_the_act_takes),
        cmocka_unit_test(reading_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
