/* One move of many cases: what would go, what went, and what each says of itself. */
#include "town_cases.h"

#include "base/limits.h"
#include "gate/journal.h"

/* {"rows":[{"id":"…","version":1},…],"move":…} of what is there now. */
static struct str rows_of(struct town *t, const int64_t *ids, size_t n)
{
    struct str rows = STR("");

    for (size_t i = 0; i < n; i++)
        rows = str_fmt(&t->arena, "%.*s%s{\"id\":\"%lld\",\"version\":%lld}", STR_ARG(rows),
                       i ? "," : "", (long long)ids[i], (long long)town_version(t, ids[i]));
    return rows;
}

#define TO_LIUMIN "\"move\":\"dispatch\",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}"

static struct str send_all(struct town *t, struct str rows)
{
    return str_fmt(&t->arena, "{\"rows\":[%.*s]," TO_LIUMIN "}", STR_ARG(rows),
                   (long long)town_account(t, "liumin"));
}

static struct asking bulk(struct town *t, const char *login, struct str body)
{
    return town_ask(t, login, "case.bulk", "%.*s", STR_ARG(body));
}

static struct str row_at(struct town *t, struct asking *got, size_t at)
{
    struct json_member one;
    struct str         rest = json_inside(town_member(t, town_answer(got), "rows"));

    for (size_t i = 0; json_member(&t->arena, &rest, &one); i++)
        if (i == at)
            return one.value;
    CHECK(false);
    return STR_NONE;
}

static struct str says(struct town *t, struct asking *got, size_t at)
{
    return town_member(t, row_at(t, got, at), "says");
}

static int64_t number(struct town *t, struct asking *got, const char *name)
{
    int64_t n = -1;

    CHECK(str_int64(town_member(t, town_answer(got), name), &n));
    return n;
}

TEST(many_go_at_once_each_by_its_own_line_and_its_own_version)
{
    struct town t;
    int64_t     ids[3];

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(ids); i++)
        ids[i] = town_case(&t, "wangfang", "树木绿化");
    int64_t       lines = town_count(&t, "SELECT count(*) FROM journal");
    struct asking got = bulk(&t, "zhoulan", send_all(&t, rows_of(&t, ids, 3)));
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "done"), 3);
    CHECK_INT(number(&t, &got, "failed"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal") - lines, 4);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'case.bulk'"), 1);
    for (size_t i = 0; i < COUNT(ids); i++) {
        CHECK_INT(town_version(&t, ids[i]), 2);
        CHECK_TEXT(town_member(&t, row_at(&t, &got, i), "version"), STR("2"));
        CHECK_INT(town_count(&t,
                             "SELECT count(*) FROM journal WHERE act = 'case.move' AND "
                             "subject = %lld AND before = 1 AND after = 2",
                             (long long)ids[i]),
                  1);
    }
    CHECK_INT(town_messages(&t, "liumin"), 3); /* each is told of as by a single move */
    town_close(&t);
}

TEST(what_was_refused_says_why_and_the_others_go)
{
    struct town t;
    int64_t     ids[4], lines, broken;

    town_open(&t, state);
    for (size_t i = 0; i < 3; i++)
        ids[i] = town_case(&t, "wangfang", "树木绿化");
    ids[3] = town_case_in(&t, "zhaojianguo", "其他", TOWN_NEXT "001");
    struct str rows = rows_of(&t, ids, 4);
    ALLOWED(town_send(&t, "zhoulan", ids[1], "liumin")); /* somebody is faster */
    struct asking got = bulk(&t, "zhoulan", send_all(&t, rows));
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "done"), 2);
    CHECK_INT(number(&t, &got, "failed"), 2);
    CHECK_INT(town_version(&t, ids[0]), 2);
    CHECK_INT(town_version(&t, ids[1]), 2);
    CHECK_INT(town_version(&t, ids[2]), 2);
    CHECK_INT(town_version(&t, ids[3]), 1);
    CHECK_TEXT(town_member(&t, row_at(&t, &got, 1), "rc"), STR("conflict"));
    CHECK(str_has(says(&t, &got, 1), STR("请看最新情况再办。")));
    CHECK_TEXT(town_member(&t, row_at(&t, &got, 3), "rc"), STR("not-found"));
    CHECK_TEXT(says(&t, &got, 3), STR("没有找到"));
    CHECK_TEXT(town_member(&t, row_at(&t, &got, 3), "title"), STR("null")); /* not theirs */
    CHECK_INT(journal_verify(&t.op, TOWN_NUMBER, &lines, &broken), RC_OK);
    town_close(&t);
}

TEST(one_transaction_stays_within_one_county)
{
    struct town t;

    town_open(&t, state);
    int64_t    id = town_case(&t, "wangfang", "树木绿化");
    struct str rows =
        str_fmt(&t.arena, "%.*s,{\"id\":\"%lld\",\"version\":1}",
                STR_ARG(rows_of(&t, &id, 1)), (long long)id_floor(8, town_at(TOWN_BEGINS)));
    struct asking got = bulk(&t, "zhoulan", send_all(&t, rows));
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "done"), 1);
    CHECK_TEXT(says(&t, &got, 1), STR("这件是另一个区县的，请和那边的一起办。"));
    town_close(&t);
}

TEST(one_key_is_answered_once)
{
    struct town  t;
    struct actor desk;

    town_open(&t, state);
    int64_t    id = town_case(&t, "wangfang", "树木绿化");
    struct str body = send_all(&t, rows_of(&t, &id, 1));
    desk = town_actor(&t, "zhoulan");
    struct asking first = town_ask_keyed(&t, &desk, "case.bulk", body, "bulk-000001");
    struct asking again = town_ask_keyed(&t, &desk, "case.bulk", body, "bulk-000001");
    CHECK_INT(town_must(first), RC_OK);
    CHECK(again.repeated);
    CHECK_TEXT(town_answer(&again), town_answer(&first));
    CHECK_INT(town_version(&t, id), 2);
    town_close(&t);
}

TEST(a_preview_says_what_would_go_and_changes_nothing)
{
    struct town t;
    int64_t     ids[2];

    town_open(&t, state);
    ids[0] = town_case(&t, "wangfang", "树木绿化");
    ids[1] = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", ids[1], "liumin"));
    ALLOWED(town_finish(&t, "liumin", ids[1]));
    int64_t       lines = town_count(&t, "SELECT count(*) FROM journal");
    struct asking got =
        town_ask(&t, "zhoulan", "case.bulk-preview",
                 "{\"rows\":[{\"id\":\"%lld\"},{\"id\":\"%lld\"}],\"move\":\"dispatch\"}",
                 (long long)ids[0], (long long)ids[1]);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "go"), 1);
    CHECK_INT(number(&t, &got, "stay"), 1);
    CHECK_TEXT(town_member(&t, row_at(&t, &got, 0), "goes"), STR("true"));
    CHECK_TEXT(town_member(&t, row_at(&t, &got, 1), "goes"), STR("false"));
    CHECK(str_has(says(&t, &got, 1), STR("不能“派单”。")));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal"), lines);
    CHECK_INT(town_version(&t, ids[0]), 1);
    town_close(&t);
}

#define ALL "{\"filter\":{\"view\":\"inbox\",\"bucket\":\"waiting\",\"words\":\"树木\"}"

TEST(all_that_a_search_finds_is_previewed_and_the_rows_shown_are_what_is_moved)
{
    struct town t;
    int64_t     ids[3];

    town_open(&t, state);
    ids[0] = town_case(&t, "wangfang", "树木绿化");
    ids[1] = town_case(&t, "wangfang", "树木绿化");
    (void)town_case(&t, "wangfang", "其他");
    struct asking got =
        town_ask(&t, "zhoulan", "case.bulk-preview", ALL ",\"move\":\"dispatch\"}");
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "go"), 2);
    CHECK_TEXT(town_member(&t, town_answer(&got), "more"), STR("false"));
    CHECK_TEXT(town_member(&t, row_at(&t, &got, 0), "version"), STR("1"));
    int64_t first = 0;
    CHECK(str_int64(town_member(&t, row_at(&t, &got, 0), "id"), &first));
    CHECK_INT(first, ids[1]);                                 /* the newest */
    got = town_ask(&t, "mali", "case.bulk-preview", ALL "}"); /* of her own community */
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "go"), 0);
    REFUSED(town_ask(&t, "zhoulan", "case.bulk-preview",
                     ALL ",\"rows\":[{\"id\":\"%lld\"}]}", (long long)ids[0]),
            RC_INVALID, "选好的办件和条件只能写一样。");
    REFUSED(
        town_ask(&t, "zhoulan", "case.bulk-preview", "{\"filter\":{\"words\":\"树木\"}}"),
        RC_INVALID, "请选要办的，至少一件。");
    CHECK_INT(town_ask(&t, "zhoulan", "case.bulk-preview",
                       "{\"filter\":{\"view\":\"inbox\",\"area\":\"" TOWN_NEXT "\"}}")
                  .rc,
              RC_DENIED);
    town_close(&t);
}

TEST(more_than_a_hundred_are_cut_and_it_says_so)
{
    struct town t;

    case_ceiling(0);
    town_open(&t, state);
    for (int i = 0; i < BULK_MAX + 1; i++)
        (void)town_case(&t, "wangfang", "其他");
    struct asking got =
        town_ask(&t, "zhoulan", "case.bulk-preview",
                 "{\"filter\":{\"view\":\"inbox\",\"bucket\":\"waiting\"}}");
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "go") + number(&t, &got, "stay"), BULK_MAX);
    CHECK_TEXT(town_member(&t, town_answer(&got), "more"), STR("true"));
    town_close(&t);
}

TEST(moves_that_are_judged_case_by_case_are_not_offered_for_many)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    struct asking got = town_ask(&t, "liumin", "case.bulk-preview",
                                 "{\"rows\":[{\"id\":\"%lld\"}]}", (long long)id);
    CHECK_INT(town_must(got), RC_OK);
    struct str choices = town_member(&t, town_answer(&got), "choices");
    CHECK(!str_has(choices, STR("\"photo\"")));
    got = town_ask(&t, "liumin", "case.bulk",
                   "{\"rows\":[{\"id\":\"%lld\",\"version\":2}],\"move\":\"answer\","
                   "\"text\":\"好了\"}",
                   (long long)id);
    CHECK_INT(town_must(got), RC_OK);
    CHECK(str_has(says(&t, &got, 0), STR("要一件一件地办。")));
    CHECK_INT(town_version(&t, id), 2);
    town_close(&t);
}

TEST(what_is_done_to_one_case_alone_is_not_offered_for_many)
{
    struct town t;

    town_open(&t, state);
    int64_t       id = town_case(&t, "wangfang", "树木绿化");
    struct asking got = town_ask(&t, "zhoulan", "case.bulk-preview",
                                 "{\"rows\":[{\"id\":\"%lld\"}]}", (long long)id);
    CHECK_INT(town_must(got), RC_OK);
    struct str choices = town_member(&t, town_answer(&got), "choices");
    CHECK(town_may(&t, "zhoulan", id, "split")); /* which asks for a category and words … */
    CHECK(str_has(choices, STR("\"recategorise\""))); /* … as does what goes for many */
    CHECK(!str_has(choices, STR("\"split\"")));
    got = town_ask(&t, "zhoulan", "case.bulk",
                   "{\"rows\":[{\"id\":\"%lld\",\"version\":1}],\"move\":\"split\","
                   "\"category\":\"道路破损\",\"text\":\"路也坏了\"}",
                   (long long)id);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_TEXT(says(&t, &got, 0), STR("“拆分”要一件一件地办。"));
    CHECK_INT(town_version(&t, id), 1);
    town_close(&t);
}

TEST(too_many_none_and_unseen_ones_are_refused_whole)
{
    struct town t;
    struct str  rows = STR("");

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    REFUSED(town_ask(&t, "zhoulan", "case.bulk", "{\"rows\":[],\"move\":\"dispatch\"}"),
            RC_INVALID, "请选要办的，至少一件。");
    REFUSED(town_ask(&t, "zhoulan", "case.bulk",
                     "{\"rows\":[{\"id\":\"%lld\"}],\"move\":\"dispatch\"}", (long long)id),
            RC_INVALID, "每一件都要写您看到的版本。");
    for (size_t i = 0; i <= BULK_MAX; i++)
        rows = str_fmt(&t.arena, "%.*s%s{\"id\":\"%lld\",\"version\":1}", STR_ARG(rows),
                       i ? "," : "", (long long)id);
    struct asking got = bulk(&t, "zhoulan", send_all(&t, rows));
    CHECK_INT(got.rc, RC_INVALID);
    CHECK_INT(bulk(&t, "wangfang", send_all(&t, rows_of(&t, &id, 1))).rc, RC_DENIED);
    CHECK_INT(bulk(&t, "mali", send_all(&t, rows_of(&t, &id, 1))).rc, RC_NOT_FOUND);
    CHECK_INT(town_ask(&t, "mali", "case.bulk-preview", "{\"rows\":[{\"id\":\"%lld\"}]}",
                       (long long)id)
                  .rc,
              RC_NOT_FOUND);
    CHECK_INT(town_version(&t, id), 1);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(many_go_at_once_each_by_its_own_line_and_its_own_version),
        ON_BOTH(what_was_refused_says_why_and_the_others_go),
        ON_BOTH(one_transaction_stays_within_one_county),
        ON_BOTH(one_key_is_answered_once),
        ON_BOTH(a_preview_says_what_would_go_and_changes_nothing),
        ON_BOTH(moves_that_are_judged_case_by_case_are_not_offered_for_many),
        ON_BOTH(all_that_a_search_finds_is_previewed_and_the_rows_shown_are_what_is_moved),
        ON_BOTH(more_than_a_hundred_are_cut_and_it_says_so),
        ON_BOTH(what_is_done_to_one_case_alone_is_not_offered_for_many),
        ON_BOTH(too_many_none_and_unseen_ones_are_refused_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
