/* Deleting a person: nothing of them can be read anywhere any more, nothing else is
 * lost, and every check stays green. */
#include "registry/forget.h"

#include "gate/journal.h"
#include "guard/keys.h"
#include "registry/account.h"
#include "town_cases.h"

#define PHONE  "13712345520"
#define NUMBER "420602198805020026"
#define WORDS  "3 栋门口的事"

static int64_t person_of(struct town *t, const char *name)
{
    return town_count(t, "SELECT id FROM people WHERE name = '%s'", name);
}

static enum rc verified(struct town *t)
{
    int64_t lines, broken;

    (void)town_account(t, "mali");
    return journal_verify(&t->op, TOWN_NUMBER, &lines, &broken);
}

/* In some payload, as whoever holds all keys that are left reads it? */
static bool journal_says_still(struct town *t, const char *what)
{
    struct list lines;

    (void)town_account(t, "mali");
    CHECK_INT(journal_read(&t->op, TOWN_NUMBER, 0, 0, 5000, &lines), RC_OK);
    const struct line *line = lines.at;
    for (size_t i = 0; i < lines.n; i++)
        if (line[i].payload.at && str_has(line[i].payload, str_of(what)))
            return true;
    return false;
}

static struct asking delete_me(struct town *t, const char *login)
{
    return town_ask(t, login, "person.delete", "{\"confirm\":\"注销\"}");
}

TEST(nothing_of_a_deleted_person_can_be_read_and_every_check_is_green)
{
    static const char *const theirs[] = { "王芳", "wangfang", PHONE,
                                          NUMBER, WORDS,      "1988-05-02" };
    struct town              t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    int64_t wangfang = town_account(&t, "wangfang");
    ALLOWED(town_ask(&t, "zhoulan", "person.search",
                     "{\"area\":\"" TOWN_COMMUNITY "\",\"name\":\"王芳\"}"));
    ALLOWED(town_ask(&t, "zhoulan", "person.look",
                     "{\"id\":\"%lld\",\"reason\":\"王芳来电\"}",
                     (long long)person_of(&t, "王芳")));
    CHECK(town_stores(&t, "王芳") && town_stores(&t, WORDS));
    CHECK(journal_says_still(&t, WORDS));
    struct actor her = town_actor(&t, "wangfang");
    ALLOWED(delete_me(&t, "wangfang"));
    for (size_t i = 0; i < COUNT(theirs); i++) {
        if (town_stores(&t, theirs[i]))
            fail_msg("%s still stands in the database", theirs[i]);
        if (journal_says_still(&t, theirs[i]))
            fail_msg("%s still stands in the journal", theirs[i]);
    }
    CHECK_INT(verified(&t), RC_OK);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM inbox WHERE account = %lld",
                         (long long)wangfang),
              0);
    CHECK(town_count(&t, "SELECT count(*) FROM inbox WHERE subject = %lld", (long long)id) >
          0); /* others keep that there was something */
    struct asking again = town_ask_as(&t, &her, "case.show", STR("{\"id\":\"1\"}"));
    CHECK_INT(again.rc, RC_NOT_FOUND);
    CHECK_INT(account_actor(&t.op, wangfang, &her), RC_NOT_FOUND);
    town_close(&t);
}

TEST(whoever_works_on_the_case_of_a_deleted_person_can_end_it)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(delete_me(&t, "wangfang"));
    struct case_whole whole = town_look(&t, "liumin", id);
    CHECK_TEXT(whole.card.title, STR("已注销居民的事"));
    CHECK_TEXT(whole.card.place, STR(""));
    ALLOWED(town_finish(&t, "liumin", id));
    town_close(&t);
}

TEST(a_kept_answer_about_a_deleted_person_is_not_given_again)
{
    struct town  t;
    struct actor zhoulan;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    zhoulan = town_actor(&t, "zhoulan");
    struct str body = str_fmt(
        &t.arena, "{\"id\":\"%lld\",\"version\":1,\"move\":\"accept\"}", (long long)id);
    struct asking first = town_ask_keyed(&t, &zhoulan, "case.move", body, "key-12345678");
    CHECK_INT(town_must(first), RC_OK);
    struct asking again = town_ask_keyed(&t, &zhoulan, "case.move", body, "key-12345678");
    CHECK(again.repeated && str_has(town_answer(&again), STR(WORDS)));
    ALLOWED(delete_me(&t, "wangfang"));
    again = town_ask_keyed(&t, &zhoulan, "case.move", body, "key-12345678");
    CHECK_INT(again.rc, RC_GONE);
    town_close(&t);
}

TEST(photos_of_a_deleted_person_are_gone_with_those_of_their_cases)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    int64_t loose = town_photo(&t, "wangfang"), other = town_photo(&t, "zhaojianguo");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(&t, "liumin", id));
    int64_t shown =
        town_count(&t, "SELECT id FROM photos WHERE owner = %lld", (long long)id);
    CHECK(shown != 0);
    ALLOWED(delete_me(&t, "wangfang"));
    CHECK_INT(town_count(&t,
                         "SELECT count(*) FROM photos WHERE state = 'gone' AND id IN"
                         " (%lld, %lld)",
                         (long long)loose, (long long)shown),
              2);
    CHECK_INT(town_count(&t,
                         "SELECT count(*) FROM photos WHERE state = 'ready' AND id ="
                         " %lld",
                         (long long)other),
              1);
    town_close(&t);
}

TEST(only_who_means_it_is_deleted_and_nobody_with_duties)
{
    struct town t;

    town_open(&t, state);
    REFUSED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"好\"}"), RC_REFUSED,
            "注销以后什么都找不回来。确定的话，请写“注销”两个字。");
    REFUSED(town_ask(&t, "liumin", "person.delete", "{\"confirm\":\"注销\"}"), RC_DENIED,
            "您的账号没有对应的居民信息，请找社区办理。");
    ALLOWED(town_ask(&t, "*", "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"网格员\",\"role\":\"grid-worker\","
                     "\"area\":\"" TOWN_GRID "\"}",
                     (long long)town_account(&t, "wangfang")));
    REFUSED(delete_me(&t, "wangfang"), RC_REFUSED,
            "这位居民还担任职责，请先请安全管理员收回，再来注销。");
    CHECK(person_of(&t, "王芳") != 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM person_deletions"), 0);
    town_close(&t);
}

/* What a restore does with each row of person_deletions. */
TEST(doing_it_again_changes_nothing_but_what_came_back)
{
    struct town t;

    town_open(&t, state);
    long long person = (long long)person_of(&t, "王芳");
    ALLOWED(delete_me(&t, "wangfang"));
    int64_t at = town_count(&t,
                            "SELECT at_ms FROM person_deletions WHERE county = 7"
                            " AND person = %lld",
                            person);
    CHECK(at != 0);
    town_later(&t, 60000);
    (void)town_count(
        &t, "UPDATE people SET name = '王芳', grid = '" TOWN_GRID "' WHERE id = %lld",
        person); /* as an old backup has it */
    ALLOWED(
        town_ask(&t, "*", "person.forget", "{\"county\":7,\"person\":\"%lld\"}", person));
    CHECK_INT(person_of(&t, "王芳"), 0);
    CHECK_INT(
        town_count(&t, "SELECT at_ms FROM person_deletions WHERE person = %lld", person),
        at);
    CHECK_INT(verified(&t), RC_OK);
    town_close(&t);
}

TEST(what_they_left_in_another_county_is_found_and_deleted_there)
{
    struct town               t;
    struct list               left;
    const struct person_left *one;

    town_open(&t, state);
    long long person = (long long)person_of(&t, "王芳");
    (void)town_count(&t,
                     "INSERT INTO person_keys (county, person, master, wrapped, at_ms)"
                     " SELECT 8, person, master, wrapped, at_ms FROM person_keys"
                     " WHERE person = %lld",
                     person);
    ALLOWED(delete_me(&t, "wangfang"));
    (void)town_account(&t, "mali");
    CHECK_INT(persons_left(&t.op, 10, &left), RC_OK);
    CHECK_INT(left.n, 1);
    one = left.at;
    CHECK_INT(one->county, 8);
    ALLOWED(
        town_ask(&t, "*", "person.forget", "{\"county\":8,\"person\":\"%lld\"}", person));
    (void)town_account(&t, "mali");
    CHECK_INT(persons_left(&t.op, 10, &left), RC_OK);
    CHECK_INT(left.n, 0);
    CHECK_INT(
        town_count(&t, "SELECT count(*) FROM person_deletions WHERE person = %lld", person),
        2);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(nothing_of_a_deleted_person_can_be_read_and_every_check_is_green),
        ON_BOTH(whoever_works_on_the_case_of_a_deleted_person_can_end_it),
        ON_BOTH(a_kept_answer_about_a_deleted_person_is_not_given_again),
        ON_BOTH(photos_of_a_deleted_person_are_gone_with_those_of_their_cases),
        ON_BOTH(only_who_means_it_is_deleted_and_nobody_with_duties),
        ON_BOTH(doing_it_again_changes_nothing_but_what_came_back),
        ON_BOTH(what_they_left_in_another_county_is_found_and_deleted_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
