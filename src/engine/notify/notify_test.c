/* The inbox: one row a line and person, whatever stops in between. */
#include "engine/notify/notify.h"

#include "town_cases.h"

static int64_t unread(struct town *t, const char *login)
{
    int64_t n = -1, id = town_account(t, login);

    CHECK_INT(notify_unread(&t->op, id, &n), RC_OK);
    return n;
}

TEST(whom_a_line_tells_has_one_message_of_it)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    CHECK_INT(town_messages(&t, "zhoulan"), 1);
    CHECK_INT(town_messages(&t, "wangfang"), 0);
    got = town_ask(&t, "zhoulan", "inbox.list", "{}");
    struct json_member one;
    struct str         items = town_member(&t, town_answer(&got), "items");
    struct str         rest = json_inside(items);
    CHECK(json_member(&t.arena, &rest, &one));
    CHECK_TEXT(town_member(&t, one.value, "title"), STR("3 栋门口的事"));
    CHECK_TEXT(town_member(&t, one.value, "case"),
               str_fmt(&t.arena, "%lld", (long long)id));
    CHECK_TEXT(town_member(&t, one.value, "read"), STR("false"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM inbox"), 1);
    town_close(&t);
}

/* A follower that lost its place reads everything again. */
TEST(what_was_told_is_not_told_again_when_the_follower_starts_over)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    int64_t before = town_count(&t, "SELECT count(*) FROM inbox");
    gate_close(&t.gate);
    (void)town_count(&t, "DELETE FROM cursors WHERE follower = 'notify'");
    town_restart(&t);
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM inbox"),
              before + 2); /* liumin, wangfang */
    CHECK_INT(town_count(&t, "SELECT count(*) FROM (SELECT seq, account FROM inbox"
                             " GROUP BY seq, account HAVING count(*) > 1) AS twice"),
              0);
    town_close(&t);
}

TEST(what_was_missed_while_it_was_down_is_told_later)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    gate_close(&t.gate);
    (void)town_count(&t, "DELETE FROM inbox");
    (void)town_count(&t, "UPDATE cursors SET seq = 0 WHERE follower = 'notify'");
    town_restart(&t);
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    CHECK_INT(town_messages(&t, "zhoulan"), 1);
    CHECK_INT(town_messages(&t, "wangfang"), 2);
    CHECK_INT(town_messages(&t, "liumin"), 1);
    town_close(&t);
}

TEST(what_was_read_stays_read_and_newer_ones_count)
{
    struct town t;

    town_open(&t, state);
    (void)town_case(&t, "wangfang", "树木绿化");
    (void)town_case(&t, "wangfang", "其他");
    CHECK_INT(unread(&t, "zhoulan"), 2);
    CHECK_INT(unread(&t, "mali"), 0);
    long long first = (long long)town_count(&t, "SELECT min(id) FROM inbox");
    long long last = (long long)town_count(&t, "SELECT max(id) FROM inbox");
    ALLOWED(town_ask(&t, "zhoulan", "inbox.read", "{\"until\":\"%lld\"}", first));
    CHECK_INT(unread(&t, "zhoulan"), 1);
    ALLOWED(town_ask(&t, "zhoulan", "inbox.read", "{\"until\":\"%lld\"}", last));
    ALLOWED(town_ask(&t, "zhoulan", "inbox.read", "{\"until\":\"%lld\"}",
                     first)); /* an old tab */
    CHECK_INT(unread(&t, "zhoulan"), 0);
    (void)town_case(&t, "wangfang", "电梯");
    CHECK_INT(unread(&t, "zhoulan"), 1);
    town_close(&t);
}

TEST(a_page_of_two_hundred_is_given_and_no_larger_one)
{
    static const struct {
        const char *act, *more;
    } lists[] = { { "inbox.list", "" }, { "case.list", ",\"view\":\"inbox\"" } };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(lists); i++) {
        ALLOWED(town_ask(&t, "zhoulan", lists[i].act, "{\"limit\":200%s}", lists[i].more));
        struct asking got =
            town_ask(&t, "zhoulan", lists[i].act, "{\"limit\":201%s}", lists[i].more);
        CHECK_INT(got.rc, RC_INVALID);
    }
    town_close(&t);
}

TEST(the_inbox_is_paged_newest_first)
{
    struct town   t;
    struct asking got;
    size_t        seen = 0;

    town_open(&t, state);
    for (int i = 0; i < 5; i++)
        (void)town_case(&t, "wangfang", "其他");
    struct str cursor = STR("9223372036854775807");
    while (!str_eq(cursor, STR("null"))) {
        got = town_ask(&t, "zhoulan", "inbox.list", "{\"limit\":2,\"cursor\":\"%.*s\"}",
                       STR_ARG(cursor));
        CHECK_INT(town_must(got), RC_OK);
        seen += town_items(&t, &got);
        cursor = town_member(&t, town_answer(&got), "next");
    }
    CHECK_INT(seen, 5);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(whom_a_line_tells_has_one_message_of_it),
        ON_BOTH(what_was_told_is_not_told_again_when_the_follower_starts_over),
        ON_BOTH(what_was_missed_while_it_was_down_is_told_later),
        ON_BOTH(what_was_read_stays_read_and_newer_ones_count),
        ON_BOTH(a_page_of_two_hundred_is_given_and_no_larger_one),
        ON_BOTH(the_inbox_is_paged_newest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
