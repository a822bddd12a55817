/* What the public may see of a case, who judges it, and what the rates count. */
#include "town_cases.h"

#include "base/json.h"
#include "engine/open311/open311.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const struct str open_county[] = { STR_INIT(TOWN_COUNTY) };

static void open_town(struct town *t, void **state)
{
    open311_told(&(struct open311_options){ open_county, 1, true });
    town_open(t, state);
}

static int64_t answered(struct town *t, const char *login)
{
    int64_t id = town_case(t, login, "树木绿化");

    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(t, "liumin", id));
    return id;
}

static struct asking publish(struct town *t, int64_t id, const char *texts)
{
    return town_move(t, "zhoulan", id, "publish",
                     str_z(&t->arena, str_fmt(&t->arena, ",\"public\":{%s}", texts)));
}

#define REVIEWED "\"title\":\"树断了\",\"says\":\"树断了，压着路灯\",\"answer\":\"锯掉了\""

static struct str public_list(struct town *t)
{
    struct asking got =
        town_ask(t, "zhaojianguo", "case.public", "{\"area\":\"" TOWN_COMMUNITY "\"}");

    CHECK_INT(town_must(got), RC_OK);
    return town_answer(&got);
}

static int64_t in_open311(struct town *t, int64_t id)
{
    return town_count(t, "SELECT count(*) FROM open311_requests WHERE id = %lld",
                      (long long)id);
}

static int64_t told_open311(struct town *t, int64_t id)
{
    return town_count(t,
                      "SELECT count(*) FROM open311_requests WHERE id = %lld"
                      " AND says IS NOT NULL",
                      (long long)id);
}

/* ------------------------------------------------------------- publicity */

TEST(only_what_was_reviewed_becomes_public_and_the_case_keeps_its_own_words)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "wangfang");
    CHECK_INT(town_must(publish(&t, id, REVIEWED)), RC_OK);
    CHECK(str_has(public_list(&t), STR("压着路灯")));
    CHECK(str_has(public_list(&t), STR("\"who\":\"居民\"")));
    CHECK_INT(told_open311(&t, id), 1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM open311_requests WHERE says = "
                             "'树断了，压着路灯'"),
              1);
    CHECK(!str_has(town_look(&t, "zhoulan", id).card.title, STR("压着路灯")));
    town_close(&t);
}

TEST(before_a_review_nothing_is_in_the_list_and_no_words_on_platforms)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "wangfang");
    CHECK(str_has(public_list(&t), STR("\"items\":[]")));
    CHECK_INT(in_open311(&t, id), 1);
    CHECK_INT(told_open311(&t, id), 0);
    town_close(&t);
}

TEST(a_text_with_somebodys_number_is_not_given_out_and_the_place_is_told)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "wangfang");
    REFUSED(publish(&t, id, "\"title\":\"找我 139 0719-5566\""), RC_REFUSED,
            "第 4 个字起的“139 0719-5566”像手机号码，请用 × 盖住几位再公开。");
    REFUSED(publish(&t, id,
                    "\"title\":\"好\",\"answer\":\"１１０１０５１９４９１２３１００２Ｘ\""),
            RC_REFUSED,
            "第 1 个字起的“１１０１０５１９４９１２３１００２Ｘ”像身份证号码，"
            "请用 × 盖住几位再公开。");
    CHECK_INT(town_must(publish(&t, id, "\"title\":\"鄂F12345 占道\"")), RC_OK);
    town_close(&t);
}

TEST(its_reporter_takes_it_back_everywhere_at_once)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "wangfang");
    CHECK_INT(town_must(publish(&t, id, REVIEWED)), RC_OK);
    ALLOWED(town_move(&t, "wangfang", id, "consent", ",\"consent\":{\"private\":true}"));
    CHECK(str_has(public_list(&t), STR("\"items\":[]")));
    CHECK_INT(in_open311(&t, id), 0);
    REFUSED(publish(&t, id, REVIEWED), RC_REFUSED, "报事人不愿意公开，这件事不能公开。");
    CHECK(!town_may(&t, "zhoulan", id, "publish"));
    ALLOWED(town_move(&t, "wangfang", id, "consent", ",\"consent\":{\"named\":true}"));
    CHECK_INT(town_must(publish(&t, id, REVIEWED)), RC_OK);
    CHECK(str_has(public_list(&t), STR("\"who\":\"居民 王*\"")));
    town_close(&t);
}

TEST(what_is_reported_as_private_is_never_on_a_platform)
{
    struct town t;

    open_town(&t, state);
    struct asking got =
        town_ask(&t, "wangfang", "case.open",
                 "{\"scene\":\"snap\",\"kind\":\"problem\",\"consent\":{\"private\":true},"
                 "\"fields\":{\"category\":\"树木绿化\",\"what\":\"树断了\",\"where\":{"
                 "\"lat\":32.01,"
                 "\"lng\":112.12,\"area\":\"" TOWN_GRID "\"}}}");
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(in_open311(&t, town_id(&t, &got, "id")), 0);
    town_close(&t);
}

TEST(what_is_not_out_is_not_taken_back)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "wangfang");
    CHECK_INT(town_must(publish(&t, id, REVIEWED)), RC_OK);
    ALLOWED(town_move(&t, "zhoulan", id, "unpublish", ",\"reason\":\"有门牌\""));
    REFUSED(town_move(&t, "zhoulan", id, "unpublish", ",\"reason\":\"有门牌\""), RC_REFUSED,
            "这件事没有公开，不用撤下。");
    CHECK(str_has(public_list(&t), STR("\"items\":[]")));
    CHECK_INT(told_open311(&t, id), 0);
    town_close(&t);
}

static int64_t copies(struct town *t, const char *where)
{
    return town_count(t, "SELECT count(*) FROM photo_copies WHERE %s", where);
}

TEST(photos_are_given_out_one_by_one_under_addresses_of_their_own)
{
    struct town t;

    open_town(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    int64_t    one = town_photo(&t, "liumin"), other = town_photo(&t, "liumin");
    struct str both = str_fmt(&t.arena, ",\"text\":\"好\",\"photos\":[\"%lld\",\"%lld\"]",
                              (long long)one, (long long)other);
    ALLOWED(town_move(&t, "liumin", id, "answer", str_z(&t.arena, both)));
    struct str with =
        str_fmt(&t.arena,
                "\"title\":\"树\",\"photos\":[{\"id\":\"%lld\",\"marks\":[{"
                "\"shape\":\"oval\",\"x\":0.1,\"y\":0.1,\"w\":0.2,\"h\":0.2}]}]",
                (long long)one);
    CHECK_INT(town_must(publish(&t, id, str_z(&t.arena, with))), RC_OK);
    CHECK_INT(copies(&t, "state = 'new'"), 1);
    int64_t address = town_count(&t, "SELECT id FROM photo_copies WHERE state = 'new'");
    CHECK(address != one);
    CHECK_INT(copies(&t, "length(key) = 32"), 1);
    /* Not before it is made; then by its key alone. */
    CHECK(str_has(public_list(&t), STR("\"photos\":[]")));
    (void)town_count(&t, "UPDATE photo_copies SET state = 'ready'");
    struct str list = public_list(&t);
    CHECK(!str_has(list, str_fmt(&t.arena, "%lld", (long long)one)));
    CHECK(str_has(list, str_fmt(&t.arena, "%lld", (long long)address)));
    CHECK_INT(town_ask(&t, "", "photo.public", "{\"id\":\"%lld\",\"key\":\"%032d\"}",
                       (long long)address, 0)
                  .rc,
              RC_NOT_FOUND);
    /* The same again keeps its address; without it, it goes. */
    CHECK_INT(town_must(publish(&t, id, str_z(&t.arena, with))), RC_OK);
    CHECK_INT(town_count(&t, "SELECT id FROM photo_copies WHERE state = 'ready'"), address);
    CHECK_INT(town_must(publish(&t, id, REVIEWED)), RC_OK);
    CHECK_INT(copies(&t, "state = 'gone'"), 1);
    town_close(&t);
}

TEST(another_cases_photo_is_not_given_out)
{
    struct town t;

    open_town(&t, state);
    int64_t    id = answered(&t, "wangfang"), photo = town_photo(&t, "liumin");
    struct str with = str_fmt(&t.arena, "\"title\":\"树\",\"photos\":[{\"id\":\"%lld\"}]",
                              (long long)photo);
    REFUSED(publish(&t, id, str_z(&t.arena, with)), RC_REFUSED,
            "第 1 张照片不是这件事的。");
    town_close(&t);
}

TEST(what_staff_note_is_theirs)
{
    struct town t;

    open_town(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "note", ",\"note\":\"老张去看过\""));
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ",\"note\":\"去年也断过\""));
    struct asking mine =
        town_ask(&t, "wangfang", "case.show", "{\"id\":\"%lld\"}", (long long)id);
    CHECK(!str_has(town_answer(&mine), STR("老张")));
    CHECK(!str_has(town_answer(&mine), STR("去年")));
    CHECK(!str_has(town_answer(&mine), STR("内部备注")));
    struct asking desk =
        town_ask(&t, "zhoulan", "case.show", "{\"id\":\"%lld\"}", (long long)id);
    CHECK(str_has(town_answer(&desk), STR("老张")));
    CHECK(str_has(town_answer(&desk), STR("去年")));
    CHECK(!str_has(town_newest(&t, "wangfang"), STR("去年")));
    CHECK_INT(town_move(&t, "wangfang", id, "withdraw", ",\"note\":\"我也写\"").rc,
              RC_DENIED);
    CHECK_INT(town_ask(&t, "wangfang", "case.draft", "{\"id\":\"%lld\"}", (long long)id).rc,
              RC_NOT_FOUND);
    town_close(&t);
}

/* -------------------------------------------------------------- judging */

#define CALLED ",\"stars\":5,\"text\":\"电话里说好了\""

TEST(nobody_who_handled_a_case_follows_it_up)
{
    struct town t;

    open_town(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(
        &t, "wuqiang", id, "dispatch",
        str_z(&t.arena,
              str_fmt(&t.arena, ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}",
                      (long long)town_account(&t, "liumin")))));
    ALLOWED(town_finish(&t, "liumin", id));
    town_later(&t, 3 * DAY + MINUTE);
    REFUSED(town_move(&t, "wuqiang", id, "follow_up", CALLED), RC_DENIED,
            "办过这件事的人不能评价它，也不能回访，请别的人来。");
    CHECK(!town_may(&t, "wuqiang", id, "follow_up"));
    ALLOWED(town_move(&t, "hejing", id, "missed", ",\"text\":\"没人接\""));
    ALLOWED(town_move(&t, "hejing", id, "follow_up", CALLED));
    /* What was said on the telephone is not what its reporter gave. */
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_results WHERE rated <> 0"), 0);
    town_close(&t);
}

TEST(a_reporter_who_handled_it_does_not_rate_it)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "liumin");
    REFUSED(town_move(&t, "liumin", id, "rate", ",\"stars\":5"), RC_DENIED,
            "办过这件事的人不能评价它，也不能回访，请别的人来。");
    town_close(&t);
}

TEST(what_is_not_solved_reaches_whoever_answered)
{
    struct town t;

    open_town(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send_org(&t, "zhoulan", id, t.property));
    ALLOWED(town_finish(&t, "lishifu", id));
    ALLOWED(town_move(&t, "wangfang", id, "reopen", ",\"reason\":\"又断了一根\""));
    CHECK_TEXT(town_newest(&t, "lishifu"),
               STR("您答复的这件事没有解决，要重新办：又断了一根。"));
    CHECK(town_look(&t, "wangfang", id).timeline.n >= 4);
    town_close(&t);
}

/* ---------------------------------------------------------------- rates */

static struct str rates(struct town *t, const char *by)
{
    struct asking got = town_ask(t, "hejing", "case.rates",
                                 "{\"scene\":\"snap\",\"kind\":\"problem\",\"area\":"
                                 "\"" TOWN_COUNTY "\",\"by\":\"%s\"}",
                                 by);

    CHECK_INT(town_must(got), RC_OK);
    return town_answer(&got);
}

/* What is counted of all: the end of the answer. */
static void check_all(struct town *t, const char *says)
{
    struct str all = json_pick(&t->arena, rates(t, "org"), "all");

    if (!str_has(all, str_of(says)))
        fail_msg("%.*s", STR_ARG(all));
}

TEST(what_could_not_be_asked_is_counted_apart)
{
    struct town t;

    open_town(&t, state);
    int64_t good = answered(&t, "wangfang"), bad = answered(&t, "wangfang");
    int64_t missed = answered(&t, "zhaojianguo"), refused = answered(&t, "zhaojianguo");
    (void)answered(&t, "zhaojianguo");
    ALLOWED(town_move(&t, "wangfang", good, "rate", ",\"stars\":5"));
    ALLOWED(town_move(&t, "hejing", bad, "redo", ",\"text\":\"说没好\""));
    ALLOWED(town_move(&t, "hejing", missed, "missed", ",\"text\":\"没人接\""));
    town_later(&t, 3 * DAY + MINUTE);
    ALLOWED(town_move(&t, "hejing", refused, "declined", ",\"text\":\"不想说\""));
    check_all(&t, "\"answers\":5,\"reached\":1,\"missed\":1,\"refused\":1,\"rated\":1,"
                  "\"unrated\":1");
    check_all(&t, "{\"name\":\"response\",\"good\":5,\"of\":5}");
    check_all(&t, "{\"name\":\"solved\",\"good\":1,\"of\":2}");
    check_all(&t, "{\"name\":\"satisfied\",\"good\":1,\"of\":2}");
    CHECK(str_has(rates(&t, "org"), STR("\"of\":\"有效回访\",\"good\":\"已解决\"")));
    town_close(&t);
}

TEST(an_answer_that_solved_nothing_stays_one_after_another_did)
{
    struct town t;

    open_town(&t, state);
    int64_t id = answered(&t, "wangfang");
    ALLOWED(town_move(&t, "wangfang", id, "reopen", ",\"reason\":\"又断了\""));
    ALLOWED(town_send(&t, "wuqiang", id, "liumin"));
    ALLOWED(town_finish(&t, "liumin", id));
    ALLOWED(town_move(&t, "wangfang", id, "rate", ",\"stars\":4"));
    check_all(&t, "\"answers\":2,");
    check_all(&t, "{\"name\":\"solved\",\"good\":1,\"of\":2}");
    town_close(&t);
}

TEST(rates_are_of_the_areas_one_may_see)
{
    struct town t;

    open_town(&t, state);
    (void)answered(&t, "wangfang");
    CHECK(str_has(rates(&t, "area"), STR("\"key\":\"" TOWN_STREET "\"")));
    CHECK_INT(town_ask(&t, "zhoulan", "case.rates",
                       "{\"scene\":\"snap\",\"kind\":\"problem\",\"area\":\"" TOWN_COUNTY
                       "\"}")
                  .rc,
              RC_DENIED);
    CHECK_INT(town_ask(&t, "hejing", "case.rates",
                       "{\"scene\":\"snap\",\"kind\":\"none\",\"area\":\"" TOWN_COUNTY
                       "\"}")
                  .rc,
              RC_NOT_FOUND);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(only_what_was_reviewed_becomes_public_and_the_case_keeps_its_own_words),
        ON_BOTH(before_a_review_nothing_is_in_the_list_and_no_words_on_platforms),
        ON_BOTH(a_text_with_somebodys_number_is_not_given_out_and_the_place_is_told),
        ON_BOTH(its_reporter_takes_it_back_everywhere_at_once),
        ON_BOTH(what_is_reported_as_private_is_never_on_a_platform),
        ON_BOTH(what_is_not_out_is_not_taken_back),
        ON_BOTH(photos_are_given_out_one_by_one_under_addresses_of_their_own),
        ON_BOTH(another_cases_photo_is_not_given_out),
        ON_BOTH(what_staff_note_is_theirs),
        ON_BOTH(nobody_who_handled_a_case_follows_it_up),
        ON_BOTH(a_reporter_who_handled_it_does_not_rate_it),
        ON_BOTH(what_is_not_solved_reaches_whoever_answered),
        ON_BOTH(what_could_not_be_asked_is_counted_apart),
        ON_BOTH(an_answer_that_solved_nothing_stays_one_after_another_did),
        ON_BOTH(rates_are_of_the_areas_one_may_see),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
