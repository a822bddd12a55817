/* Residents: registered whole, found by name, number or place, sealed at rest, masked. */
#include "registry/person.h"

#include "gate/journal.h"
#include "town.h"

#define PHONE  "13712345520"
#define NUMBER "420602198805020026"

static struct asking search(struct town *t, const char *login, const char *by)
{
    return town_ask(t, login, "person.search", "{\"area\":\"" TOWN_COMMUNITY "\",%s}", by);
}

static struct str found_name(struct town *t, const char *by)
{
    struct asking      got = search(t, "zhoulan", by);
    struct json_member one;

    CHECK_INT(town_must(got), RC_OK);
    struct str items = town_member(t, town_answer(&got), "items");
    struct str rest = json_inside(items);
    return json_member(&t->arena, &rest, &one) ? town_member(t, one.value, "name")
                                               : STR("");
}

TEST(a_resident_is_found_by_name_and_by_exact_numbers_however_they_are_typed)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(found_name(&t, "\"name\":\"王芳\""), STR("王*"));
    CHECK_TEXT(found_name(&t, "\"name\":\"王\""), STR(""));
    CHECK_TEXT(found_name(&t, "\"phone\":\"" PHONE "\""), STR("王*"));
    CHECK_TEXT(found_name(&t, "\"phone\":\"+86 137-1234-5520\""), STR("王*"));
    CHECK_TEXT(found_name(&t, "\"phone\":\"1371234552\""), STR(""));
    CHECK_TEXT(found_name(&t, "\"id_number\":\"" NUMBER "\""), STR("王*"));
    CHECK_TEXT(found_name(&t, "\"id_number\":\"420602198805020027\""), STR(""));
    REFUSED(search(&t, "zhoulan", "\"name\":\"\""), RC_INVALID,
            "请写姓名、电话或身份证号中的一样。");
    REFUSED(search(&t, "mali", "\"name\":\"王芳\""), RC_DENIED, "这个辖区的居民不归您管。");
    struct asking got = search(&t, "liumin", "\"name\":\"王芳\"");
    REFUSED(got, RC_DENIED,
            "这个辖区的居民不归您管。"); /* a grid is less than its community */
    town_close(&t);
}

TEST(numbers_are_nowhere_in_the_database_in_clear)
{
    struct town t;

    town_open(&t, state);
    (void)search(&t, "zhoulan", "\"phone\":\"" PHONE "\"");
    int64_t person = town_count(&t, "SELECT id FROM people WHERE name = '王芳'");
    ALLOWED(town_ask(&t, "liumin", "person.reveal",
                     "{\"id\":\"%lld\",\"reason\":\"上门走访前打电话\"}",
                     (long long)person));
    CHECK(town_stores(&t, "王芳")); /* names are searched: the look itself works */
    CHECK(!town_stores(&t, PHONE));
    CHECK(!town_stores(&t, NUMBER));
    CHECK(!town_stores(&t, "上门走访前打电话"));
    town_close(&t);
}

TEST(rows_hold_numbers_sealed_and_blind)
{
    struct town t;

    town_open(&t, state);
    CHECK_INT(
        town_count(&t,
                   "SELECT count(*) FROM people WHERE name = '王芳' AND length(phone) > 40"
                   " AND length(phone_index) >= 16 AND length(id_number) > 40"),
        1);
    CHECK_INT(
        town_count(
            &t,
            "SELECT count(*) FROM people a JOIN people b ON a.phone_index = b.phone_index"
            " AND a.id <> b.id"),
        0);
    town_close(&t);
}

TEST(numbers_are_masked_until_somebody_with_a_reason_looks_and_that_is_kept)
{
    struct town   t;
    struct list   lines;
    struct asking got;

    town_open(&t, state);
    long long person =
        (long long)town_count(&t, "SELECT id FROM people WHERE name = '王芳'");
    got = search(&t, "zhoulan", "\"name\":\"王芳\"");
    CHECK(str_has(town_answer(&got), STR("137****5520")) &&
          !str_has(town_answer(&got), STR(PHONE)));
    CHECK(str_has(town_answer(&got), STR("\"birth\":\"1988\"")));
    CHECK_INT(town_ask(&t, "liumin", "person.reveal", "{\"id\":\"%lld\",\"reason\":\" \"}",
                       person)
                  .rc,
              RC_INVALID);
    CHECK_INT(town_ask(&t, "mali", "person.reveal", "{\"id\":\"%lld\",\"reason\":\"看看\"}",
                       person)
                  .rc,
              RC_NOT_FOUND);
    got = town_ask(&t, "liumin", "person.reveal",
                   "{\"id\":\"%lld\",\"reason\":\"约时间上门\"}", person);
    struct str shown = town_member(&t, town_answer(&got), "person");
    CHECK_TEXT(town_member(&t, shown, "phone"), STR(PHONE));
    CHECK_TEXT(town_member(&t, shown, "id_number"), STR(NUMBER));
    (void)town_account(&t, "mali");
    CHECK_INT(journal_read(&t.op, TOWN_NUMBER, person, 0, 10, &lines), RC_OK);
    CHECK_INT(lines.n, 2); /* the other one tried */
    const struct line *line = (const struct line *)lines.at + 1;
    CHECK_TEXT(line->act, STR("person.reveal"));
    CHECK_INT(line->actor, town_account(&t, "liumin"));
    CHECK(str_has(line->payload, STR("约时间上门")));
    town_close(&t);
}

TEST(a_household_that_is_wrong_in_one_place_is_not_registered_at_all)
{
    struct town t;

    town_open(&t, state);
    int64_t before = town_count(&t, "SELECT count(*) FROM people");
    REFUSED(town_ask(&t, "liumin", "person.register",
                     "{\"homes\":[{\"compound\":\"甲\",\"grid\":\"" TOWN_GRID
                     "\",\"people\":[{\"name\":\"好\"}]},"
                     "{\"compound\":\"乙\",\"grid\":\"" TOWN_GRID
                     "\",\"people\":[{\"name\":\"一\"},"
                     "{\"name\":\"二\",\"phone\":\"1371234\"}]}]}"),
            RC_REFUSED, "第 2 户第 2 人：还差 4 位，手机号是 11 位数字。");
    REFUSED(town_ask(&t, "liumin", "person.register",
                     "{\"homes\":[{\"compound\":\"甲\",\"grid\":\"" TOWN_COMMUNITY
                     "005\",\"people\":[]}]}"),
            RC_DENIED, "第 1 户不在您的网格里。");
    REFUSED(town_ask(&t, "*", "person.register",
                     "{\"homes\":[{\"compound\":\"甲\",\"grid\":\"" TOWN_COMMUNITY
                     "\",\"people\":[]}]}"),
            RC_REFUSED, "第 1 户：要写明网格，15 位代码。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM people"), before);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM houses"), 1);
    town_close(&t);
}

TEST(a_point_lies_in_the_grid_of_the_nearest_house_or_at_home)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "*", "person.register",
                     "{\"homes\":[{\"compound\":\"乙\",\"grid\":\"" TOWN_COMMUNITY
                     "005\",\"lat\":32.0110,"
                     "\"lng\":112.1201,\"people\":[]}]}"));
    got = town_ask(&t, "wangfang", "place.near", "{\"lat\":32.0104,\"lng\":112.1202}");
    CHECK_TEXT(town_member(&t, town_answer(&got), "grid"), STR(TOWN_GRID));
    CHECK_TEXT(town_member(&t, town_answer(&got), "area_name"), STR("滨湖社区"));
    got = town_ask(&t, "wangfang", "place.near", "{\"lat\":32.0109,\"lng\":112.1201}");
    CHECK_TEXT(town_member(&t, town_answer(&got), "grid"), STR(TOWN_COMMUNITY "005"));
    got = town_ask(&t, "wangfang", "place.near", "{\"lat\":32.2,\"lng\":112.2}");
    CHECK_TEXT(town_member(&t, town_answer(&got), "grid"), STR(TOWN_GRID)); /* her home */
    got = town_ask(&t, "zhoulan", "place.near", "{\"lat\":32.2,\"lng\":112.2}");
    CHECK_TEXT(town_member(&t, town_answer(&got), "area"), STR(TOWN_COMMUNITY));
    CHECK_TEXT(town_member(&t, town_answer(&got), "grid"), STR("null"));
    REFUSED(town_ask(&t, "hejing", "place.near", "{\"lat\":32.2,\"lng\":112.2}"),
            RC_NOT_FOUND, "还不知道这里是哪个社区，请选一下社区。");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_resident_is_found_by_name_and_by_exact_numbers_however_they_are_typed),
        ON_BOTH(numbers_are_nowhere_in_the_database_in_clear),
        ON_BOTH(rows_hold_numbers_sealed_and_blind),
        ON_BOTH(numbers_are_masked_until_somebody_with_a_reason_looks_and_that_is_kept),
        ON_BOTH(a_household_that_is_wrong_in_one_place_is_not_registered_at_all),
        ON_BOTH(a_point_lies_in_the_grid_of_the_nearest_house_or_at_home),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
