/* Call-backs: who is still to be telephoned, by whom, and who sees that their number was.
 */
#include "town_cases.h"

#include "base/json.h"
#include "engine/case/callbacks.h"

#define MINUTE INT64_C(60000)
#define NOBODY ",\"text\":\"无人接听\""

/* Answered by the grid worker. */
static int64_t answered(struct town *t)
{
    int64_t id = town_case(t, "wangfang", "其他");

    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(t, "liumin", id));
    return id;
}

static struct str listed(struct town *t, const char *login)
{
    struct asking got = town_ask(t, login, "case.callbacks", "{}");

    ALLOWED(got);
    return town_answer(&got);
}

static size_t count(struct town *t, struct str page, const char *path)
{
    struct str all[20];

    return json_pick_all(&t->arena, page, str_of(path), all, COUNT(all));
}

static bool lists(struct town *t, const char *login, int64_t id)
{
    struct str all[20], page = listed(t, login);
    size_t     n = json_pick_all(&t->arena, page, STR("items/*/card/id"), all, COUNT(all));

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i], str_fmt(&t->arena, "%lld", (long long)id)))
            return true;
    return false;
}

static struct asking number(struct town *t, const char *login, int64_t id)
{
    return town_ask(t, login, "look.number", "{\"id\":\"%lld\"}", (long long)id);
}

TEST(an_answer_waits_for_its_call_back_until_somebody_was_reached)
{
    struct town t;

    town_open(&t, state);
    int64_t open = town_case(&t, "wangfang", "树木绿化"), id = answered(&t);
    CHECK(lists(&t, "wuqiang", id));
    CHECK(!lists(&t, "wuqiang", open));
    struct str page = listed(&t, "wuqiang");
    CHECK_INT(count(&t, page, "items/*/calls/*/outcome"), 2);
    CHECK_TEXT(json_pick_text(&t.arena, page, "items/*/calls/*/outcome"), STR("missed"));
    ALLOWED(town_move(&t, "wuqiang", id, "redo", ",\"text\":\"还是不亮\""));
    CHECK(!lists(&t, "wuqiang", id));
    ALLOWED(town_finish(&t, "liumin", id));
    CHECK(lists(&t, "wuqiang", id));
    ALLOWED(town_move(&t, "wangfang", id, "rate", ",\"stars\":5"));
    CHECK(!lists(&t, "wuqiang", id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_callbacks"), 0);
    town_close(&t);
}

TEST(who_was_not_reached_stands_behind_the_others_with_how_often_and_why)
{
    struct town t;

    town_open(&t, state);
    int64_t first = answered(&t);
    town_later(&t, MINUTE);
    int64_t second = answered(&t);
    CHECK_TEXT(json_pick_text(&t.arena, listed(&t, "wuqiang"), "items/*/card/id"),
               str_fmt(&t.arena, "%lld", (long long)first));
    ALLOWED(town_move(&t, "wuqiang", first, "missed", NOBODY));
    ALLOWED(town_move(&t, "wuqiang", first, "missed", ",\"text\":\"占线\""));
    struct str page = listed(&t, "wuqiang"), tries[4], ids[4], said[4];
    CHECK_INT(json_pick_all(&t.arena, page, STR("items/*/card/id"), ids, COUNT(ids)), 2);
    CHECK_TEXT(ids[0], str_fmt(&t.arena, "%lld", (long long)second));
    CHECK_INT(json_pick_all(&t.arena, page, STR("items/*/tries"), tries, COUNT(tries)), 2);
    CHECK_TEXT(tries[0], STR("0"));
    CHECK_TEXT(tries[1], STR("2"));
    CHECK_INT(json_pick_all(&t.arena, page, STR("items/*/said"), said, COUNT(said)), 2);
    CHECK_TEXT(said[1], STR("占线"));
    town_close(&t);
}

TEST(nobody_who_handled_it_has_it_on_their_list_or_gets_its_number)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered(&t), by_street = town_case(&t, "wangfang", "树木绿化");
    CHECK(!lists(&t, "zhoulan", id));
    CHECK(!lists(&t, "mali", id));
    REFUSED(number(&t, "zhoulan", id), RC_DENIED, "这一步（回访联系不上）不归您办。");
    CHECK_INT(number(&t, "mali", id).rc, RC_NOT_FOUND);
    CHECK_INT(number(&t, "wangfang", id).rc, RC_DENIED);
    ALLOWED(town_move(&t, "zhoulan", by_street, "escalate", ",\"reason\":\"要街道来办\""));
    ALLOWED(town_send(&t, "wuqiang", by_street, "liumin"));
    ALLOWED(town_finish(&t, "liumin", by_street));
    CHECK(!lists(&t, "wuqiang", by_street));
    REFUSED(number(&t, "wuqiang", by_street), RC_DENIED,
            "办过这件事的人不能评价它，也不能回访，请别的人来。");
    CHECK(lists(&t, "hejing", by_street));
    struct asking next =
        town_ask(&t, "hejing", "case.callbacks", "{\"area\":\"" TOWN_NEXT "\"}");
    CHECK_INT(town_items(&t, &next), 0);
    town_close(&t);
}

TEST(the_number_is_given_in_clear_by_a_look_that_its_owner_sees)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = answered(&t), open = town_case(&t, "wangfang", "树木绿化");
    REFUSED(number(&t, "wuqiang", open), RC_REFUSED,
            "这件事现在是“待受理”，不能“回访联系不上”。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE kind = 'number'"), 0);
    got = number(&t, "wuqiang", id);
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "phone"), STR("13712345520"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'look.number'"), 1);
    got = town_ask(&t, "wangfang", "me.looks", "{}");
    ALLOWED(got);
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/kind"), STR("number"));
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/what"),
               STR("为了回访，看了您完整的电话号码"));
    CHECK(str_has(json_pick_text(&t.arena, town_answer(&got), "items/*/tie"),
                  STR("回访办件 ")));
    got = town_ask(&t, "audit", "look.list", "{\"account\":\"%lld\"}",
                   (long long)town_account(&t, "wuqiang"));
    ALLOWED(got);
    CHECK_INT(count(&t, town_answer(&got), "items/*/id"), 1);
    town_close(&t);
}

TEST(what_ended_without_an_answer_waits_for_no_call)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "refuse", ",\"reason\":\"不归社区管\""));
    CHECK(!lists(&t, "wuqiang", id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_callbacks"), 0);
    town_close(&t);
}

TEST(who_was_deleted_is_called_no_more)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered(&t);
    CHECK(lists(&t, "wuqiang", id));
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    CHECK(!lists(&t, "wuqiang", id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_callbacks"), 0);
    town_close(&t);
}

TEST(who_left_no_number_cannot_be_called)
{
    struct town t;

    town_open(&t, state);
    struct asking taken = town_ask(
        &t, "zhoulan", "case.open",
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"channel\":\"counter\",\"intake\":{"
        "\"name\":\"过路人\"},\"fields\":{\"category\":\"其他\",\"what\":\"路牌歪了\","
        "\"where\":{\"lat\":32.0103,\"lng\":112.1201,\"area\":\"" TOWN_GRID "\"}}}");
    ALLOWED(taken);
    int64_t id = town_id(&t, &taken, "id");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(&t, "liumin", id));
    CHECK(lists(&t, "wuqiang", id));
    REFUSED(number(&t, "wuqiang", id), RC_REFUSED, "这件事没有留下电话，打不了。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE kind = 'number'"), 0);
    town_close(&t);
}

TEST(of_a_shielded_person_the_number_is_not_for_every_caller)
{
    struct town t;

    town_open(&t, state);
    int64_t id = answered(&t);
    (void)town_count(&t, "UPDATE cases SET shielded = 1 RETURNING 0");
    REFUSED(number(&t, "wuqiang", id), RC_DENIED,
            "这位居民受保护，电话只有保护专员和社区民警能看，请找他们来回访。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE kind = 'number'"), 0);
    town_close(&t);
}

TEST(who_has_it_in_hand_takes_the_number_out_by_a_look_that_its_owner_sees)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send_org(&t, "zhoulan", id, t.gas));
    CHECK(town_look(&t, "gaogong", id).calls);
    CHECK(str_has(town_look(&t, "gaogong", id).reporter.phone, STR("****")));
    got = number(&t, "gaogong", id);
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "phone"), STR("13712345520"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'look.number'"), 1);
    got = town_ask(&t, "wangfang", "me.looks", "{}");
    ALLOWED(got);
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/kind"), STR("reach"));
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/what"),
               STR("为了办您报的事，看了您完整的电话号码"));
    CHECK(str_has(json_pick_text(&t.arena, town_answer(&got), "items/*/tie"),
                  STR("在办办件 ")));
    town_close(&t);
}

/* Whoever reads it, leads there, or had it before has no number to call. */
TEST(nobody_else_gets_the_number_nor_its_holder_once_it_is_answered)
{
    static const char *const others[] = { "zhoulan", "sunli", "tangrui", "liumin",
                                          "wangfang" };
    struct town              t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send_org(&t, "zhoulan", id, t.gas));
    for (size_t i = 0; i < COUNT(others); i++) {
        CHECK(!town_look(&t, others[i], id).calls);
        CHECK(number(&t, others[i], id).rc != RC_OK);
    }
    CHECK_INT(number(&t, "lishifu", id).rc, RC_NOT_FOUND);
    ALLOWED(town_finish(&t, "gaogong", id));
    CHECK(!town_look(&t, "gaogong", id).calls);
    CHECK_INT(number(&t, "gaogong", id).rc, RC_DENIED);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks"), 0);
    town_close(&t);
}

TEST(of_a_shielded_person_the_number_is_not_for_who_has_it_in_hand)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send_org(&t, "zhoulan", id, t.gas));
    (void)town_count(&t, "UPDATE cases SET shielded = 1 RETURNING 0");
    CHECK(!town_look(&t, "gaogong", id).calls);
    REFUSED(number(&t, "gaogong", id), RC_DENIED,
            "这位居民受保护，电话只有保护专员和社区民警能看，请找他们来联系。");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(an_answer_waits_for_its_call_back_until_somebody_was_reached),
        ON_BOTH(who_was_not_reached_stands_behind_the_others_with_how_often_and_why),
        ON_BOTH(nobody_who_handled_it_has_it_on_their_list_or_gets_its_number),
        ON_BOTH(the_number_is_given_in_clear_by_a_look_that_its_owner_sees),
        ON_BOTH(what_ended_without_an_answer_waits_for_no_call),
        ON_BOTH(who_was_deleted_is_called_no_more),
        ON_BOTH(who_left_no_number_cannot_be_called),
        ON_SQLITE(of_a_shielded_person_the_number_is_not_for_every_caller),
        ON_BOTH(who_has_it_in_hand_takes_the_number_out_by_a_look_that_its_owner_sees),
        ON_BOTH(nobody_else_gets_the_number_nor_its_holder_once_it_is_answered),
        ON_SQLITE(of_a_shielded_person_the_number_is_not_for_who_has_it_in_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
