#include "registry/area.h"

#include "town.h"

static struct asking put(struct town *t, const char *rows)
{
    return town_ask(t, "*", "area.put", "{\"source\":\"试验\",\"rows\":[%s]}", rows);
}

TEST(names_are_not_unique_and_are_looked_for_within_an_area)
{
    struct town t;
    struct list found;

    town_open(&t, state);
    ALLOWED(put(&t, "{\"code\":\"420606001\",\"name\":\"清河口街道\"},"
                    "{\"code\":\"420606001001\",\"name\":\"滨湖社区居委会\"},"
                    "{\"code\":\"420602004009\",\"name\":\"滨湖社区\"}"));
    CHECK_INT(area_named(&t.op, STR("滨湖社区"), STR(""), 50, &found), RC_OK);
    CHECK_INT(found.n, 3);
    CHECK_INT(area_named(&t.op, STR("滨湖社区"), STR("420602"), 50, &found), RC_OK);
    CHECK_INT(found.n, 2);
    CHECK_INT(area_named(&t.op, STR("滨湖社区"), STR("42060"), 50, &found), RC_OK);
    CHECK_INT(found.n, 0);
    town_close(&t);
}

TEST(an_area_comes_after_the_one_it_lies_in)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = put(&t, "{\"code\":\"430103004001\",\"name\":\"远方社区\"}");
    REFUSED(got, RC_REFUSED, "第 1 行：430103004001 的上级 430103004 还没有装入。");
    CHECK_TEXT(town_where(&got), STR("rows"));
    got = put(&t, "{\"code\":\"420602004010\",\"name\":\"新社区\"},{\"code\":"
                  "\"42060200401\",\"name\":\"错\"}");
    REFUSED(got, RC_REFUSED,
            "第 2 行：“42060200401”不是辖区代码，要 2、4、6、9、12 或 15 位数字。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM areas WHERE code = '420602004010'"), 0);
    town_close(&t);
}

TEST(the_same_area_put_twice_is_one_area_with_the_newer_name)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = town_ask(&t, "", "area.show", "{\"code\":\"420602004008\"}");
    CHECK_TEXT(town_member(&t, town_answer(&got), "name"), STR("滨湖社区"));
    ALLOWED(put(&t, "{\"code\":\"420602004008\",\"name\":\"滨湖新区社区居民委员会\"}"));
    ALLOWED(put(&t, "{\"code\":\"420602004008\",\"name\":\"滨湖新区社区居民委员会\"}"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM areas WHERE code = '420602004008'"), 1);
    got = town_ask(&t, "", "area.show", "{\"code\":\"420602004008\"}");
    CHECK_TEXT(town_member(&t, town_answer(&got), "name"), STR("滨湖新区社区"));
    CHECK_TEXT(town_member(&t, town_answer(&got), "path"),
               STR("湖北省 襄阳市 襄城区 檀溪街道 滨湖新区社区"));
    town_close(&t);
}

TEST(a_county_keeps_its_number_whatever_is_put_later)
{
    struct town t;
    int64_t     number = 0;
    struct str  code;

    town_open(&t, state);
    REFUSED(
        town_ask(&t, "*", "area.number", "{\"rows\":[{\"number\":7,\"code\":\"420699\"}]}"),
        RC_REFUSED, "永久编号 7 已经给了 420602，不能再给 420699。");
    ALLOWED(town_ask(&t, "*", "area.number",
                     "{\"rows\":[{\"number\":7,\"code\":\"420602\"},"
                     "{\"number\":11,\"code\":\"420607\"}]}"));
    CHECK_INT(county_code(&t.op, 7, &code), RC_OK);
    CHECK_TEXT(code, STR("420602"));
    CHECK_INT(county_of_area(&t.op, STR("420602004008003"), &number), RC_OK);
    CHECK_INT(number, 7);
    CHECK_INT(county_of_area(&t.op, STR("420607"), &number), RC_OK);
    CHECK_INT(number, 11);
    /* One without a number of its own lies in its city's; elsewhere there is none. */
    CHECK_INT(county_of_area(&t.op, STR("420625003"), &number), RC_OK);
    CHECK_INT(number, 9);
    CHECK_INT(county_of_area(&t.op, STR("110101001"), &number), RC_NOT_FOUND);
    town_close(&t);
}

/* Codes are a county's only once: a second number would hide the first one's rows. */
TEST(a_code_that_has_a_number_gets_no_second_one)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = town_ask(&t, "*", "area.number",
                   "{\"rows\":[{\"number\":12,\"code\":\"420602\"}]}");
    REFUSED(got, RC_REFUSED, "420602 的永久编号是 7，不能再改成 12。");
    got =
        town_ask(&t, "*", "area.number", "{\"rows\":[{\"number\":12,\"code\":\"42060\"}]}");
    REFUSED(got, RC_REFUSED, "“42060”不是省、市或县区的代码。");
    town_close(&t);
}

TEST(reference_data_is_changed_by_those_who_keep_that_area)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "system", "area.put",
                     "{\"source\":\"区里\",\"rows\":[{\"code\":\"420602004008006\","
                     "\"name\":\"第 6 网格\"}]}"));
    got = town_ask(
        &t, "system", "area.put",
        "{\"source\":\"区里\",\"rows\":[{\"code\":\"420606\",\"name\":\"改名\"}]}");
    REFUSED(got, RC_DENIED, "第 1 行：420606 不在您维护的辖区里。");
    got = town_ask(&t, "system", "area.number",
                   "{\"rows\":[{\"number\":20,\"code\":\"420608\"}]}");
    CHECK_INT(got.rc, RC_DENIED);
    town_close(&t);
}

TEST(areas_are_listed_below_one_another_in_order_of_their_codes)
{
    struct town   t;
    struct asking got;
    struct list   below;

    town_open(&t, state);
    CHECK_INT(area_children(&t.op, STR("420602004"), STR_NONE, 50, &below), RC_OK);
    CHECK_INT(below.n, 2);
    CHECK_TEXT(((struct area *)below.at)[0].code, STR("420602004006"));
    CHECK_INT(area_children(&t.op, STR("420602004"), STR("420602004006"), 50, &below),
              RC_OK);
    CHECK_INT(below.n, 1);
    got = town_ask(&t, "", "area.list", "{\"parent\":\"420602004008\"}");
    CHECK_INT(town_items(&t, &got), 2);
    got = town_ask(&t, "", "area.show", "{\"code\":\"4206020\"}");
    REFUSED(got, RC_NOT_FOUND, "没有代码是“4206020”的辖区。");
    got = town_ask(&t, "", "area.show", "{\"code\":\"420602999\"}");
    CHECK_INT(got.rc, RC_NOT_FOUND);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(names_are_not_unique_and_are_looked_for_within_an_area),
        ON_BOTH(an_area_comes_after_the_one_it_lies_in),
        ON_BOTH(the_same_area_put_twice_is_one_area_with_the_newer_name),
        ON_BOTH(a_county_keeps_its_number_whatever_is_put_later),
        ON_BOTH(a_code_that_has_a_number_gets_no_second_one),
        ON_BOTH(reference_data_is_changed_by_those_who_keep_that_area),
        ON_BOTH(areas_are_listed_below_one_another_in_order_of_their_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
