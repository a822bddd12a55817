/* Shielded persons: every way by which somebody could find out where they are.  Decoys:
 * whoever opens one is told of and notices nothing. */
#include "registry/look.h"

#include "gate/journal.h"
#include "town_cases.h"

#define PHONE "13712345520"

static struct asking search(struct town *t, const char *login, const char *by)
{
    return town_ask(t, login, "person.search", "{\"area\":\"" TOWN_COMMUNITY "\",%s}", by);
}

static void shield(struct town *t, const char *name, bool on)
{
    ALLOWED(town_ask(t, "protector", "person.shield",
                     "{\"id\":\"%lld\",\"shielded\":%s,\"reason\":\"人身安全\"}",
                     town_person(t, name), on ? "true" : "false"));
}

static void open_town(struct town *t, void **state)
{
    town_open(t, state);
    town_employ(t, "protector", "何警官", "保护专员", "protector", TOWN_COMMUNITY);
    town_employ(t, "police", "何警官", "社区民警", "police", TOWN_COMMUNITY);
}

TEST(a_shielded_person_is_not_found_by_name_telephone_or_number)
{
    static const char *const by[] = { "\"name\":\"王芳\"", "\"phone\":\"" PHONE "\"",
                                      "\"id_number\":\"420602198805020026\"" };
    struct town              t;

    open_town(&t, state);
    shield(&t, "王芳", true);
    for (size_t i = 0; i < COUNT(by); i++) {
        struct asking staff = search(&t, "zhoulan", by[i]),
                      police = search(&t, "police", by[i]);
        CHECK_INT(town_items(&t, &staff), 0);
        CHECK_INT(town_items(&t, &police), 1);
        CHECK(str_has(town_answer(&police), STR("137****5520")));
    }
    shield(&t, "王芳", false);
    struct asking again = search(&t, "zhoulan", by[0]);
    CHECK_INT(town_items(&t, &again), 1);
    town_close(&t);
}

TEST(the_protector_lists_who_is_shielded_and_nobody_else_does)
{
    struct town t;

    open_town(&t, state);
    struct asking none = search(&t, "protector", "\"shielded\":true");
    CHECK_INT(town_items(&t, &none), 0);
    shield(&t, "王芳", true);
    struct asking listed = search(&t, "protector", "\"shielded\":true");
    CHECK_INT(town_items(&t, &listed), 1);
    CHECK(str_has(town_answer(&listed), STR("137****5520")));
    struct asking seen = town_ask(&t, "wangfang", "me.looks", "{}");
    CHECK(str_has(town_answer(&seen), STR("何警官"))); /* she sees who listed her */
    REFUSED(search(&t, "police", "\"shielded\":true"), RC_DENIED,
            "受保护人员的名单只有保护专员能看。");
    REFUSED(search(&t, "zhoulan", "\"shielded\":true"), RC_DENIED,
            "受保护人员的名单只有保护专员能看。");
    REFUSED(town_ask(&t, "protector", "person.search",
                     "{\"area\":\"" TOWN_NEXT "\",\"shielded\":true}"),
            RC_DENIED, "这个辖区的居民不归您管。");
    shield(&t, "王芳", false);
    struct asking again = search(&t, "protector", "\"shielded\":true");
    CHECK_INT(town_items(&t, &again), 0);
    town_close(&t);
}

TEST(the_page_of_a_shielded_person_is_not_there_or_says_nothing_of_where_they_are)
{
    struct town t;

    open_town(&t, state);
    long long wangfang = town_person(&t, "王芳");
    shield(&t, "王芳", true);
    struct asking got = town_look_up(&t, "liumin", wangfang, TOWN_REASON);
    CHECK_INT(got.rc, RC_NOT_FOUND);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    got = town_look_up(&t, "liumin", wangfang, "");
    CHECK_INT(town_must(got), RC_OK); /* the case is on his hands */
    struct str shown = town_member(&t, town_answer(&got), "person");
    CHECK_TEXT(town_member(&t, shown, "shielded"), STR("true"));
    CHECK_TEXT(town_member(&t, shown, "address"), STR("null"));
    CHECK_TEXT(town_member(&t, shown, "phone"), STR("null"));
    CHECK_TEXT(town_member(&t, shown, "area"), STR("null"));
    CHECK_TEXT(town_member(&t, shown, "area_path"), STR("null"));
    REFUSED(town_ask(&t, "liumin", "person.reveal", "{\"id\":\"%lld\",\"reason\":\"x\"}",
                     wangfang),
            RC_DENIED, "这位居民受保护，住址和电话只有保护专员和社区民警能看。");
    got = town_ask(&t, "police", "person.reveal", "{\"id\":\"%lld\",\"reason\":\"出警\"}",
                   wangfang);
    shown = town_member(&t, town_answer(&got), "person");
    CHECK_TEXT(town_member(&t, shown, "phone"), STR(PHONE));
    CHECK_TEXT(town_member(&t, shown, "address"), STR("山水家园 3 栋 302 室"));
    town_close(&t);
}

static void shows_no_place(struct town *t, const char *login, int64_t id)
{
    struct case_whole whole = town_look(t, login, id);

    CHECK_TEXT(whole.card.place, STR(""));
    CHECK_TEXT(whole.card.area, STR(TOWN_COMMUNITY));
    CHECK(!whole.card.grid_name.len && !whole.reporter.phone.len);
    CHECK_TEXT(whole.reporter.name, STR("受保护人员"));
    const struct shown_field *fields = whole.fields.at;
    for (size_t i = 0; i < whole.fields.n; i++)
        CHECK(!str_eq(fields[i].type, STR("place")) &&
              !str_eq(fields[i].type, STR("phone")));
    const struct shown_step *steps = whole.timeline.at;
    for (size_t i = 0; i < whole.timeline.n; i++)
        CHECK(!str_has(steps[i].who, STR("王")));
}

TEST(the_case_of_a_shielded_person_shows_no_home_whether_reported_before_or_after)
{
    struct town t;

    open_town(&t, state);
    int64_t before = town_case(&t, "wangfang", "树木绿化");
    shield(&t, "王芳", true);
    int64_t after = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", after, "liumin"));
    shows_no_place(&t, "zhoulan", before);
    shows_no_place(&t, "zhoulan", after);
    shows_no_place(&t, "liumin", after);
    CHECK_TEXT(town_look(&t, "wangfang", after).card.place, STR("3 栋门口"));
    CHECK_TEXT(town_look(&t, "police", after).card.place, STR("3 栋门口"));
    struct asking list = town_ask(&t, "zhoulan", "case.list",
                                  "{\"view\":\"inbox\",\"area\":\"" TOWN_COMMUNITY
                                  "\",\"bucket\":\"waiting\"}");
    CHECK_INT(town_items(&t, &list), 1);
    CHECK(str_has(town_answer(&list), STR("\"place\":\"\"")) &&
          !str_has(town_answer(&list), STR("第 3 网格")));
    town_close(&t);
}

TEST(what_was_told_of_their_cases_is_written_over_when_somebody_is_shielded)
{
    struct town t;

    open_town(&t, state);
    (void)town_case(&t, "wangfang", "树木绿化");
    CHECK(town_count(&t, "SELECT count(*) FROM inbox WHERE title LIKE '3 栋%%'") > 0);
    shield(&t, "王芳", true);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM inbox WHERE title LIKE '3 栋%%'"), 0);
    town_close(&t);
}

TEST(neighbours_are_not_shown_that_a_shielded_person_reported_nearby)
{
    static const char ask[] = "{\"scene\":\"snap\",\"kind\":\"problem\",\"category\":"
                              "\"树木绿化\",\"lat\":32.0103,\"lng\":112.1201,\"area\":"
                              "\"" TOWN_GRID "\"}";
    struct town       t;

    open_town(&t, state);
    (void)town_case(&t, "wangfang", "树木绿化");
    struct asking got = town_ask(&t, "zhaojianguo", "case.alike", ask);
    CHECK_INT(town_items(&t, &got), 1);
    shield(&t, "王芳", true);
    got = town_ask(&t, "zhaojianguo", "case.alike", ask);
    CHECK_INT(town_items(&t, &got), 0);
    town_close(&t);
}

TEST(only_the_protector_shields_and_only_in_their_area)
{
    struct town t;

    open_town(&t, state);
    static const char *const others[] = { "zhoulan", "sunli",    "liumin",
                                          "police",  "security", "system" };
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT(town_ask(&t, others[i], "person.shield",
                           "{\"id\":\"%lld\",\"shielded\":true,\"reason\":\"x\"}",
                           town_person(&t, "王芳"))
                      .rc,
                  RC_DENIED);
    town_employ(&t, "elsewhere", "何警官", "保护专员", "protector", TOWN_NEXT);
    CHECK_INT(town_ask(&t, "elsewhere", "person.shield",
                       "{\"id\":\"%lld\",\"shielded\":true,\"reason\":\"x\"}",
                       town_person(&t, "王芳"))
                  .rc,
              RC_NOT_FOUND);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM people WHERE shielded = 1"), 0);
    town_close(&t);
}

static long long given_decoy(struct town *t)
{
    struct asking made =
        town_ask(t, "security", "decoy.make",
                 "{\"name\":\"范冰洁\",\"birth\":\"1981-09-16\",\"phone\":\"13911112222\","
                 "\"compound\":\"山水家园\",\"building\":\"1\",\"room\":\"1801\",\"grid\":"
                 "\"" TOWN_GRID "\"}");

    CHECK_INT(town_must(made), RC_OK);
    return (long long)town_id(t, &made, "id");
}

/* Abuse story 4. */
TEST(whoever_opens_a_decoy_is_told_of_at_once_and_notices_nothing)
{
    struct town t;

    open_town(&t, state);
    long long     decoy = given_decoy(&t);
    struct asking found = search(&t, "zhoulan", "\"name\":\"范冰洁\"");
    CHECK_INT(town_items(&t, &found), 1);
    CHECK_INT(town_messages(&t, "security"), 0);
    struct asking got = town_look_up(&t, "zhoulan", decoy, TOWN_REASON),
                  real =
                      town_look_up(&t, "zhoulan", town_person(&t, "赵建国"), TOWN_REASON);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(town_messages(&t, "security"), 1); /* with the very batch */
    CHECK_TEXT(town_newest(&t, "security"),
               STR("社区值守 周岚（滨湖社区）打开了诱饵人员的信息，请了解情况。"));
    CHECK_INT(town_messages(&t, "zhoulan"), 0);
    /* Member by member like a real one's. */
    struct json_member one, other;
    struct str         a = json_inside(town_member(&t, town_answer(&got), "person")),
               b = json_inside(town_member(&t, town_answer(&real), "person"));
    while (json_member(&t.arena, &a, &one)) {
        CHECK(json_member(&t.arena, &b, &other));
        CHECK_TEXT(one.key, other.key);
    }
    CHECK(!str_has(town_answer(&got), STR("decoy")) &&
          !str_has(town_answer(&got), STR("诱饵")));
    ALLOWED(town_ask(&t, "liumin", "person.reveal", "{\"id\":\"%lld\",\"reason\":\"x\"}",
                     decoy));
    CHECK_INT(town_messages(&t, "security"), 2);
    ALLOWED(town_ask(&t, "security", "decoy.end", "{\"id\":\"%lld\"}", decoy));
    CHECK_INT(town_look_up(&t, "zhoulan", decoy, TOWN_REASON).rc, RC_NOT_FOUND);
    CHECK_INT(
        town_ask(&t, "security", "decoy.end", "{\"id\":\"%lld\"}", town_person(&t, "王芳"))
            .rc,
        RC_NOT_FOUND);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_shielded_person_is_not_found_by_name_telephone_or_number),
        ON_BOTH(the_protector_lists_who_is_shielded_and_nobody_else_does),
        ON_BOTH(
            the_page_of_a_shielded_person_is_not_there_or_says_nothing_of_where_they_are),
        ON_BOTH(
            the_case_of_a_shielded_person_shows_no_home_whether_reported_before_or_after),
        ON_BOTH(what_was_told_of_their_cases_is_written_over_when_somebody_is_shielded),
        ON_BOTH(neighbours_are_not_shown_that_a_shielded_person_reported_nearby),
        ON_BOTH(only_the_protector_shields_and_only_in_their_area),
        ON_BOTH(whoever_opens_a_decoy_is_told_of_at_once_and_notices_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
