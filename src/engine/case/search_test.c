/* Finding cases: by words, numbers, people, near a place; and what is not found. */
#include "town_cases.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/case/search.h"
#include "engine/case/terms.h"

#define HOUR (INT64_C(60) * 60 * 1000)
#define DAY  (24 * HOUR)

static int64_t reported(struct town *t, const char *login, const char *what,
                        const char *where, const char *area)
{
    struct str    fields = str_fmt(&t->arena,
                                   "{\"category\":\"其他\",\"what\":\"%s\",\"where\":{"
                                      "\"lat\":32.0103,\"lng\":112.1201,\"source\":\"gps\","
                                      "\"words\":\"%s\",\"area\":\"%s\"}}",
                                   what, where, area);
    struct asking opened = town_report(t, login, str_z(&t->arena, fields));

    CHECK_INT(town_must(opened), RC_OK);
    town_later(t, 1000);
    return town_id(t, &opened, "id");
}

#define DENIED(got)                                                                        \
    do {                                                                                   \
        struct asking got_ = (got);                                                        \
        CHECK_INT(got_.rc, RC_DENIED);                                                     \
    } while (0)

struct hits {
    int64_t    ids[30];
    size_t     n;
    struct str next;
};

static struct hits hits_of(struct town *t, struct asking got)
{
    struct hits        hits = { .n = 0 };
    struct json_member one;

    CHECK_INT(town_must(got), RC_OK);
    struct str items = town_member(t, town_answer(&got), "items");
    for (struct str rest = json_inside(items); json_member(&t->arena, &rest, &one);)
        CHECK(str_int64(town_member(t, one.value, "id"), &hits.ids[hits.n++]));
    hits.next = town_member(t, town_answer(&got), "next");
    return hits;
}

static struct hits search(struct town *t, const char *login, const char *args)
{
    return hits_of(t, town_ask(t, login, "case.search", "{%s}", args));
}

static size_t words(struct town *t, const char *login, const char *asked)
{
    struct str args = str_fmt(&t->arena, "\"words\":\"%s\"", asked);

    return search(t, login, str_z(&t->arena, args)).n;
}

TEST(cases_are_found_by_any_word_of_two_characters_and_by_all_of_several)
{
    struct town t;

    town_open(&t, state);
    int64_t lid =
        reported(&t, "wangfang", "老旧井盖松动，晚上很响", "山水家园 3 栋", TOWN_GRID);
    int64_t lamp = reported(&t, "zhaojianguo", "上海路灯不亮", "山水家园北门", TOWN_GRID);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\"").ids[0], lid);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 1);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"路灯\"").ids[0], lamp);
    CHECK_INT(words(&t, "zhoulan", "山水"), 2);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"山水\"").ids[0], lamp); /* newest */
    CHECK_INT(words(&t, "zhoulan", "山水 井盖"), 1);
    CHECK_INT(words(&t, "zhoulan", "路灯 井盖"), 0);
    CHECK_INT(words(&t, "zhoulan", "其他"), 2); /* the category */
    CHECK_INT(words(&t, "zhoulan", "３栋"), 1);
    REFUSED(town_ask(&t, "zhoulan", "case.search", "{\"words\":\"，的\"}"), RC_INVALID,
            "请写要找的词，比如“井盖”，或者办件号。");
    town_close(&t);
}

TEST(a_case_is_found_by_its_number_and_by_the_beginning_of_it)
{
    struct town t;

    town_open(&t, state);
    int64_t first = reported(&t, "wangfang", "井盖", "门口", TOWN_GRID);
    (void)reported(&t, "wangfang", "路灯", "门口", TOWN_GRID);
    CHECK_INT(words(&t, "zhoulan", "1123-0001"), 1);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"１１２３－０００１\"").ids[0], first);
    CHECK_INT(words(&t, "zhoulan", "1123-00"), 2);
    CHECK_INT(words(&t, "zhoulan", "1123"), 2);
    CHECK_INT(words(&t, "zhoulan", "0001"), 1);
    CHECK_INT(words(&t, "zhoulan", "1123-0009"), 0);
    CHECK_INT(words(&t, "zhoulan", "1123-0001 路灯"), 0);
    town_close(&t);
}

TEST(each_finds_what_lies_in_their_areas_and_nobody_finds_others)
{
    struct town t;

    town_open(&t, state);
    int64_t here = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    int64_t next = reported(&t, "wangfang", "井盖松了", "路口", TOWN_NEXT "001");
    CHECK_INT(words(&t, "zhoulan", "井盖"), 1);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\"").ids[0], here);
    CHECK_INT(search(&t, "mali", "\"words\":\"井盖\"").ids[0], next);
    CHECK_INT(words(&t, "mali", "井盖"), 1);
    CHECK_INT(words(&t, "wuqiang", "井盖"), 2);
    CHECK_INT(words(&t, "hejing", "井盖"), 2);
    CHECK_INT(words(&t, "liumin", "井盖"), 1);  /* grid 3 */
    CHECK_INT(words(&t, "chentao", "井盖"), 0); /* grid 5 */
    CHECK_INT(search(&t, "hejing", "\"words\":\"井盖\",\"area\":\"" TOWN_NEXT "\"").ids[0],
              next);
    REFUSED(town_ask(&t, "mali", "case.search",
                     "{\"words\":\"井盖\",\"area\":\"" TOWN_COMMUNITY "\"}"),
            RC_DENIED, "滨湖社区不在您的辖区里。");
    REFUSED(town_ask(&t, "hejing", "case.search", "{\"words\":\"井盖\",\"area\":\"4206\"}"),
            RC_INVALID, "请选到区县或以下的辖区。");
    REFUSED(town_ask(&t, "wangfang", "case.search", "{\"words\":\"井盖\"}"), RC_DENIED,
            "您还没有管办件的职责，请找管理员。");
    REFUSED(town_ask(&t, "lishifu", "case.search", "{\"words\":\"井盖\"}"), RC_DENIED,
            "您还没有管办件的职责，请找管理员。");
    town_close(&t);
}

TEST(who_has_no_area_searches_what_is_in_their_hands_or_theirs)
{
    struct town t;

    town_open(&t, state);
    int64_t held = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    (void)reported(&t, "zhaojianguo", "井盖松了", "路口", TOWN_GRID);
    ALLOWED(town_send_org(&t, "zhoulan", held, t.property));
    CHECK_INT(search(&t, "lishifu", "\"view\":\"tasks\",\"words\":\"井盖\"").n, 1);
    CHECK_INT(search(&t, "lishifu", "\"view\":\"tasks\",\"words\":\"路灯\"").n, 0);
    CHECK_INT(search(&t, "wangfang", "\"view\":\"mine\",\"words\":\"井盖\"").ids[0], held);
    CHECK_INT(search(&t, "wangfang", "\"view\":\"mine\",\"words\":\"井盖\"").n, 1);
    CHECK_INT(search(&t, "wangfang", "\"view\":\"mine\",\"words\":\"路灯\"").n, 0);
    town_close(&t);
}

TEST(without_words_and_bucket_all_are_listed_the_open_ones_first)
{
    struct town t;

    town_open(&t, state);
    int64_t ended = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    int64_t later = reported(&t, "wangfang", "路灯不亮", "门口", TOWN_GRID);
    ALLOWED(town_move(&t, "zhoulan", ended, "refuse", ",\"reason\":\"已经修好\""));
    ALLOWED(town_move(&t, "zhoulan", later, "refuse", ",\"reason\":\"已经修好\""));
    int64_t held = reported(&t, "wangfang", "树倒了", "门口", TOWN_GRID);
    ALLOWED(town_send(&t, "zhoulan", held, "liumin"));
    int64_t     waits = reported(&t, "wangfang", "积水", "门口", TOWN_GRID);
    struct hits all = search(&t, "zhoulan", "");
    CHECK_INT(all.n, 4);
    CHECK_TEXT(all.next, STR("null"));
    CHECK((all.ids[0] == held && all.ids[1] == waits) ||
          (all.ids[0] == waits && all.ids[1] == held));
    CHECK(all.ids[2] == ended || all.ids[3] == ended);
    for (size_t i = 0; i < all.n; i++) { /* the same, page by page */
        struct str args =
            i ? str_fmt(&t.arena, "\"limit\":1,\"cursor\":\"%.*s\"", STR_ARG(all.next))
              : STR("\"limit\":1");
        struct hits one = search(&t, "zhoulan", str_z(&t.arena, args));
        CHECK_INT(one.n, 1);
        CHECK_INT(one.ids[0], all.ids[i]);
        all.next = one.next;
    }
    CHECK_INT(search(&t, "zhoulan", "\"category\":\"燃气\"").n, 0);
    CHECK_INT(search(&t, "liumin", "\"view\":\"tasks\"").n, 1);
    CHECK_INT(hits_of(&t, town_ask(&t, "zhoulan", "case.list", "{}")).n, 1);
    town_close(&t);
}

TEST(filters_narrow_what_was_found)
{
    struct town t;

    town_open(&t, state);
    int64_t old = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    town_later(&t, 9 * DAY);
    int64_t now = reported(&t, "wangfang", "井盖又松了", "门口", TOWN_GRID);
    ALLOWED(town_send(&t, "zhoulan", now, "liumin"));
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"days\":3").ids[0], now);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"days\":3").n, 1);
    CHECK_INT(
        search(&t, "zhoulan", "\"words\":\"井盖\",\"until\":\"2026-11-24T00:00:00+08:00\"")
            .ids[0],
        old);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"bucket\":\"late\"").ids[0], old);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"bucket\":\"late\"").n, 1);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"bucket\":\"handling\"").n, 1);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"kind\":\"problem\"").n, 2);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"kind\":\"else\"").n, 0);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"category\":\"燃气\"").n, 0);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"supervised\":true").n, 0);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"channel\":\"app\"").n, 2);
    CHECK_INT(search(&t, "zhoulan", "\"bucket\":\"waiting\",\"days\":3").n, 0);
    REFUSED(town_ask(&t, "zhoulan", "case.search", "{\"view\":\"theirs\"}"), RC_INVALID,
            "要看的是 mine、inbox 或 tasks。");
    REFUSED(town_ask(&t, "zhoulan", "case.search",
                     "{\"words\":\"井盖\",\"since\":\"2026-12-01T00:00:00+08:00\","
                     "\"until\":\"2026-11-01T00:00:00+08:00\"}"),
            RC_INVALID, "结束的时候比开始的还早。");
    town_close(&t);
}

TEST(what_lies_near_a_place_is_found_with_or_without_words)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    CHECK_INT(search(&t, "zhoulan", "\"lat\":32.0110,\"lng\":112.1205,\"metres\":200").n,
              1);
    CHECK_INT(search(&t, "zhoulan", "\"lat\":32.0110,\"lng\":112.1205,\"metres\":50").n, 0);
    CHECK_INT(search(&t, "zhoulan", "\"lat\":32.0180,\"lng\":112.1201").n, 1);
    CHECK_INT(search(&t, "zhoulan", "\"lat\":32.0200,\"lng\":112.1201").n, 0);
    CHECK_INT(
        search(&t, "zhoulan", "\"words\":\"井盖\",\"lat\":32.0110,\"lng\":112.1205").n, 1);
    CHECK_INT(search(&t, "zhoulan", "\"words\":\"井盖\",\"lat\":32.1,\"lng\":112.1205").n,
              0);
    CHECK_INT(search(&t, "mali", "\"lat\":32.0110,\"lng\":112.1205").n, 0);
    REFUSED(town_ask(&t, "zhoulan", "case.search", "{\"lat\":75,\"lng\":112.1205}"),
            RC_INVALID, "这个位置不在国内。");
    town_close(&t);
}

TEST(pages_go_back_without_repeating_or_skipping)
{
    struct town t;
    int64_t     ids[7];
    size_t      seen = COUNT(ids);
    struct str  cursor = STR("");

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(ids); i++) /* two streets' worth of runs for the county */
        ids[i] = reported(&t, i % 2 ? "wangfang" : "zhaojianguo", "井盖松了", "门口",
                          i % 3 ? TOWN_GRID : TOWN_NEXT "001");
    do {
        struct str args = str_fmt(
            &t.arena, "\"words\":\"井盖\",\"area\":\"" TOWN_COUNTY "\",\"limit\":2%.*s",
            STR_ARG(cursor));
        struct hits one = search(&t, "hejing", str_z(&t.arena, args));
        for (size_t i = 0; i < one.n; i++)
            CHECK_INT(one.ids[i], ids[--seen]);
        cursor = str_eq(one.next, STR("null"))
                     ? STR_NONE
                     : str_fmt(&t.arena, ",\"cursor\":\"%.*s\"", STR_ARG(one.next));
    } while (cursor.at);
    CHECK_INT(seen, 0);
    REFUSED(town_ask(&t, "hejing", "case.search",
                     "{\"words\":\"井盖\",\"cursor\":\"nowhere\"}"),
            RC_INVALID, "翻页的位置不对，请从第一页看起。");
    town_close(&t);
}

/* One chunk: is all done? */
static bool rebuild_some(struct town *t, bool resumed)
{
    struct asking made = town_ask(t, "*", "case.remake-words", "{\"county\":7}");

    CHECK_INT(town_must(made), RC_OK);
    CHECK_TEXT(town_member(t, town_answer(&made), "resumed"),
               resumed ? STR("true") : STR("false"));
    return str_eq(town_member(t, town_answer(&made), "over"), STR("true"));
}

static void rebuild(struct town *t)
{
    for (bool resumed = false; !rebuild_some(t, resumed);)
        resumed = true;
}

TEST(what_was_said_on_the_way_is_found_too)
{
    struct town t;

    town_open(&t, state);
    int64_t id = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    CHECK_INT(words(&t, "zhoulan", "换好"), 0);
    ALLOWED(town_finish(&t, "liumin", id));
    CHECK_INT(words(&t, "zhoulan", "换好 井盖"), 1);
    town_close(&t);
}

/* It says the same of thousands: a list by deadline finds those. */
TEST(what_the_clock_said_is_not_looked_for_also_after_a_rebuild)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    int64_t before = town_count(&t, "SELECT count(*) FROM case_terms");
    town_later(&t, 30 * DAY);
    CHECK_INT(town_tick(&t), 1);
    CHECK(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'case.clock'") > 0);
    CHECK_INT(words(&t, "zhoulan", "超时"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_terms"), before);
    rebuild(&t);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_terms"), before);
    town_close(&t);
}

TEST(a_case_that_is_put_elsewhere_is_found_there_with_all_its_words)
{
    struct town t;

    town_open(&t, state);
    int64_t id = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    (void)town_count(&t, "DELETE FROM case_found_by WHERE id = %lld", (long long)id);
    int64_t before = town_count(&t, "SELECT count(*) FROM case_terms");
    CHECK(before > 5);
    rebuild(&t);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_terms"), before);
    town_close(&t);
}

TEST(cases_from_before_are_found_once_their_words_were_made)
{
    struct town t;

    town_open(&t, state);
    int64_t id = reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(&t, "liumin", id));
    (void)town_count(&t, "DELETE FROM case_terms");
    (void)town_count(&t, "DELETE FROM case_found_by");
    CHECK_INT(words(&t, "zhoulan", "井盖"), 0);
    rebuild(&t);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 1);
    CHECK_INT(words(&t, "zhoulan", "换好"), 1);
    CHECK_INT(words(&t, "zhoulan", "1123-0001"), 1);
    DENIED(town_ask(&t, "zhoulan", "case.remake-words", "{\"county\":7}"));
    town_close(&t);
}

#define OTHER(one, two) "SELECT count(*) FROM (" one " EXCEPT " two ") AS other"
#define TERMS           "SELECT county, term, id, spot FROM case_terms"
#define TERMS_BEFORE    "SELECT county, term, id, spot FROM terms_before"
#define CUTS            "SELECT county, id, cut, spot FROM case_found_by"
#define CUTS_BEFORE     "SELECT county, id, cut, spot FROM cuts_before"

TEST(whatever_was_done_to_the_table_of_words_a_rebuild_makes_it_what_it_was)
{
    struct town t;
    int64_t     ids[4];

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(ids); i++)
        ids[i] = reported(&t, i ? "wangfang" : "zhaojianguo", "井盖松了，夜里很响",
                          "山水家园", i == 3 ? TOWN_NEXT "001" : TOWN_GRID);
    ALLOWED(town_send(&t, "zhoulan", ids[0], "liumin"));
    ALLOWED(town_finish(&t, "liumin", ids[0]));
    rebuild(&t);
    (void)town_count(&t, "CREATE TABLE terms_before AS SELECT * FROM case_terms");
    (void)town_count(&t, "CREATE TABLE cuts_before AS SELECT * FROM case_found_by");
    (void)town_count(&t, "DELETE FROM case_terms WHERE id = %lld", (long long)ids[0]);
    (void)town_count(&t, "DELETE FROM case_found_by WHERE id = %lld", (long long)ids[1]);
    (void)town_count(&t, "UPDATE case_terms SET spot = 8 WHERE id = %lld",
                     (long long)ids[1]);
    (void)town_count(&t, "UPDATE case_terms SET term = term / 2 WHERE id = %lld",
                     (long long)ids[2]);
    (void)town_count(&t, "INSERT INTO case_terms (county, term, id, spot)"
                         " SELECT DISTINCT 7, term / 3, 12345, 1 FROM terms_before");
    (void)town_count(&t,
                     "UPDATE case_found_by SET cut = 0, spot = 9, terms = (SELECT terms"
                     " FROM cuts_before WHERE id = %lld) WHERE id = %lld",
                     (long long)ids[2], (long long)ids[3]);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 0); /* of three */
    CHECK(!rebuild_some(&t, false));
    rebuild_some(&t, true);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 3);
    CHECK_INT(words(&t, "zhoulan", "换好"), 1);
    CHECK_INT(town_count(&t, OTHER(TERMS, TERMS_BEFORE)), 0);
    CHECK_INT(town_count(&t, OTHER(TERMS_BEFORE, TERMS)), 0);
    CHECK_INT(town_count(&t, OTHER(CUTS, CUTS_BEFORE)), 0);
    CHECK_INT(town_count(&t, OTHER(CUTS_BEFORE, CUTS)), 0);
    town_close(&t);
}

TEST(a_rebuild_that_is_broken_off_goes_on_and_nothing_is_lost_meanwhile)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    CHECK(!rebuild_some(&t, false));
    CHECK_INT(words(&t, "zhoulan", "井盖"), 1);
    (void)reported(&t, "wangfang", "井盖又松了", "路口", TOWN_GRID);
    CHECK(rebuild_some(&t, true));
    CHECK_INT(words(&t, "zhoulan", "井盖"), 2);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM search_rebuilds"), 0);
    CHECK(!rebuild_some(&t, false));
    town_close(&t);
}

TEST(the_table_of_words_tells_nothing_without_the_key)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_NEXT "001");
    /* The same words in one street are the same numbers, and the key makes them. */
    struct blind_key key;
    blind_open(&key, TERMS_COLUMN, STR(TOWN_STREET));
    int64_t term = blind_word(&key, STR("井盖"));
    blind_open(&key, TERMS_COLUMN, STR("420602001"));
    CHECK(term != blind_word(&key, STR("井盖")));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_terms WHERE term = %lld",
                         (long long)term),
              2);
    blind_open(&key, STR("case_terms.other"), STR(TOWN_STREET));
    CHECK(term != blind_word(&key, STR("井盖")));
    blind_close(&key);
    town_close(&t);
}

/* ------------------------------------------------------------------ views */

TEST(a_filter_is_kept_under_a_name_by_whoever_uses_it_and_by_nobody_else)
{
    struct town t;

    town_open(&t, state);
    struct asking made = town_ask(&t, "zhoulan", "view.make",
                                  "{\"title\":\"井盖\",\"filter\":{\"words\":\"井盖 山水\","
                                  "\"bucket\":\"late\",\"days\":30}}");
    CHECK_INT(town_must(made), RC_OK);
    int64_t lids = town_id(&t, &made, "id");
    ALLOWED(town_ask(&t, "zhoulan", "view.make",
                     "{\"title\":\"手上的\",\"filter\":{\"view\":\"tasks\"}}"));
    struct asking all = town_ask(&t, "zhoulan", "view.list", "{}");
    CHECK_INT(town_items(&t, &all), 2);
    CHECK(str_has(town_answer(&all), STR("井盖 山水")));
    CHECK(!town_stores(&t, "井盖 山水"));
    struct asking others = town_ask(&t, "mali", "view.list", "{}");
    CHECK_INT(town_items(&t, &others), 0);
    CHECK_INT(town_ask(&t, "mali", "view.end", "{\"id\":\"%lld\"}", (long long)lids).rc,
              RC_NOT_FOUND);
    ALLOWED(town_ask(&t, "zhoulan", "view.make",
                     "{\"title\":\" 井盖 \",\"filter\":{\"words\":\"井盖\"}}"));
    all = town_ask(&t, "zhoulan", "view.list", "{}");
    CHECK_INT(town_items(&t, &all), 2);
    REFUSED(town_ask(&t, "zhoulan", "view.order", "{\"ids\":[\"%lld\"]}", (long long)lids),
            RC_CONFLICT, "视图刚才变了，请看最新的再排。");
    REFUSED(town_ask(&t, "zhoulan", "view.make",
                     "{\"title\":\"甲\",\"filter\":{\"bucket\":\"lost\"}}"),
            RC_INVALID, "没有“lost”这个状态。");
    ALLOWED(town_ask(&t, "zhoulan", "view.end", "{\"id\":\"%lld\"}", (long long)lids));
    for (int i = 0; i < 19; i++)
        ALLOWED(town_ask(&t, "zhoulan", "view.make",
                         "{\"title\":\"视图 %d\",\"filter\":{}}", i));
    REFUSED(town_ask(&t, "zhoulan", "view.make", "{\"title\":\"再一个\",\"filter\":{}}"),
            RC_REFUSED, "最多存 20 个视图，请先去掉不用的。");
    town_close(&t);
}

/* ----------------------------------------------------------------- people */

static void given_protector(struct town *t)
{
    town_employ(t, "protector", "何专员", "保护专员", "protector", TOWN_COMMUNITY);
}

static size_t of_person(struct town *t, const char *login, const char *args)
{
    return hits_of(t, town_ask(t, login, "case.of-person", "{%s}", args)).n;
}

TEST(the_cases_of_a_person_are_found_by_name_or_telephone_and_the_person_sees_it)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    (void)reported(&t, "zhaojianguo", "路灯不亮", "门口", TOWN_GRID);
    (void)town_case(&t, "zhaojianguo", "燃气"); /* gives her telephone as its contact */
    int64_t looks = town_count(&t, "SELECT count(*) FROM looks");
    CHECK_INT(of_person(&t, "zhoulan", "\"name\":\"王芳\""), 1);
    CHECK(town_count(&t, "SELECT count(*) FROM looks") > looks);
    CHECK_INT(of_person(&t, "zhoulan", "\"phone\":\"137 1234 5520\""),
              2); /* her own, and the one that gave it */
    CHECK_INT(of_person(&t, "mali", "\"phone\":\"13712345520\""), 0);
    CHECK(!town_stores(&t, "13712345520"));
    REFUSED(town_ask(&t, "zhoulan", "case.of-person", "{}"), RC_INVALID,
            "请写姓名、电话或身份证号中的一样。");
    DENIED(town_ask(&t, "lishifu", "case.of-person", "{\"name\":\"王芳\"}"));
    DENIED(town_ask(&t, "wangfang", "case.of-person", "{\"name\":\"王芳\"}"));
    town_close(&t);
}

/* A duty elsewhere that lets somebody look for people does not let them look here. */
TEST(people_and_callers_are_looked_for_where_ones_duty_for_that_is)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "*", "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"社区值守\",\"role\":\"desk\","
                     "\"area\":\"" TOWN_NEXT "\"}",
                     (long long)town_account(&t, "hejing")));
    REFUSED(town_ask(&t, "hejing", "case.of-person",
                     "{\"name\":\"王芳\",\"area\":\"" TOWN_COMMUNITY "\"}"),
            RC_DENIED, "这个辖区的居民不归您管。");
    REFUSED(town_ask(&t, "hejing", "case.of-phone",
                     "{\"phone\":\"13712345520\",\"area\":\"" TOWN_COMMUNITY "\"}"),
            RC_DENIED, "这个辖区的电话不归您接。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks"), 0);
    town_close(&t);
}

TEST(a_shielded_person_s_cases_are_found_by_the_protector_and_by_nobody_else)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 1);
    given_protector(&t);
    ALLOWED(town_ask(&t, "protector", "person.shield",
                     "{\"id\":\"%lld\",\"shielded\":true,\"reason\":\"人身安全\"}",
                     town_person(&t, "王芳")));
    CHECK_INT(words(&t, "zhoulan", "井盖"), 0);
    CHECK_INT(words(&t, "zhoulan", "1123-0001"), 0);
    CHECK_INT(words(&t, "hejing", "井盖"), 0);
    CHECK_INT(search(&t, "zhoulan", "\"lat\":32.0110,\"lng\":112.1205").n, 0);
    CHECK_INT(of_person(&t, "zhoulan", "\"name\":\"王芳\""), 0);
    CHECK_INT(words(&t, "protector", "井盖"), 1);
    CHECK_INT(search(&t, "wangfang", "\"view\":\"mine\",\"words\":\"井盖\"").n, 1);
    town_close(&t);
}

TEST(of_a_person_who_was_deleted_no_word_is_left)
{
    struct town t;

    town_open(&t, state);
    (void)reported(&t, "wangfang", "井盖松了", "门口", TOWN_GRID);
    CHECK(town_count(&t, "SELECT count(*) FROM case_terms") > 0);
    ALLOWED(town_ask(&t, "wangfang", "view.make",
                     "{\"title\":\"井盖\",\"filter\":{\"view\":\"mine\"}}"));
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_views"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_terms"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_found_by"), 0);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 0);
    town_close(&t);
}

TEST(a_long_report_is_taken_and_found_by_its_beginning)
{
    struct town t;
    char        what[3200] = "井盖松了";

    town_open(&t, state);
    for (size_t i = 0, n = strlen(what); i < 300; i++) { /* no two pairs alike */
        char one[4];
        n += str_utf8_put((uint32_t)(0x4e00 + 7 * i), one) == 3 ? 3 : 0;
        memcpy(what + n - 3, one, 3);
    }
    (void)reported(&t, "wangfang", what, "门口", TOWN_GRID);
    CHECK_INT(words(&t, "zhoulan", "井盖"), 1);
    CHECK(town_count(&t, "SELECT count(*) FROM case_terms") <= TERMS_PER_CASE_MAX);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(cases_are_found_by_any_word_of_two_characters_and_by_all_of_several),
        ON_BOTH(a_case_is_found_by_its_number_and_by_the_beginning_of_it),
        ON_BOTH(each_finds_what_lies_in_their_areas_and_nobody_finds_others),
        ON_BOTH(who_has_no_area_searches_what_is_in_their_hands_or_theirs),
        ON_BOTH(without_words_and_bucket_all_are_listed_the_open_ones_first),
        ON_BOTH(filters_narrow_what_was_found),
        ON_BOTH(what_lies_near_a_place_is_found_with_or_without_words),
        ON_BOTH(pages_go_back_without_repeating_or_skipping),
        ON_BOTH(what_was_said_on_the_way_is_found_too),
        ON_BOTH(what_the_clock_said_is_not_looked_for_also_after_a_rebuild),
        ON_BOTH(a_case_that_is_put_elsewhere_is_found_there_with_all_its_words),
        ON_BOTH(cases_from_before_are_found_once_their_words_were_made),
        ON_BOTH(whatever_was_done_to_the_table_of_words_a_rebuild_makes_it_what_it_was),
        ON_BOTH(a_rebuild_that_is_broken_off_goes_on_and_nothing_is_lost_meanwhile),
        ON_BOTH(a_filter_is_kept_under_a_name_by_whoever_uses_it_and_by_nobody_else),
        ON_BOTH(the_table_of_words_tells_nothing_without_the_key),
        ON_BOTH(
            the_cases_of_a_person_are_found_by_name_or_telephone_and_the_person_sees_it),
        ON_BOTH(people_and_callers_are_looked_for_where_ones_duty_for_that_is),
        ON_BOTH(a_shielded_person_s_cases_are_found_by_the_protector_and_by_nobody_else),
        ON_BOTH(of_a_person_who_was_deleted_no_word_is_left),
        ON_BOTH(a_long_report_is_taken_and_found_by_its_beginning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
