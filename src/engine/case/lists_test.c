/* Lists, counts, likeness, and whom a case can be given to. */
#include "town_cases.h"

#include "base/clock.h"
#include "engine/case/lists.h"
#include "gate/view.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };
#define DAY (INT64_C(24) * HOUR)

/* A page's ids in order, and its next cursor. */
struct page {
    int64_t    ids[20];
    size_t     n;
    struct str next;
};

static struct page page(struct town *t, const char *login, const char *args)
{
    struct asking      got = town_ask(t, login, "case.list", "{%s}", args);
    struct page        page = { .n = 0 };
    struct json_member one;

    CHECK_INT(town_must(got), RC_OK);
    struct str items = town_member(t, town_answer(&got), "items");
    for (struct str rest = json_inside(items); json_member(&t->arena, &rest, &one);)
        CHECK(str_int64(town_member(t, one.value, "id"), &page.ids[page.n++]));
    page.next = town_member(t, town_answer(&got), "next");
    return page;
}

static size_t size(struct town *t, const char *login, const char *args)
{
    return page(t, login, args).n;
}

TEST(each_sees_what_is_theirs_in_each_list)
{
    struct town t;

    town_open(&t, state);
    int64_t mine = town_case(&t, "wangfang", "树木绿化");
    int64_t gas = town_case(&t, "zhaojianguo", "燃气");
    (void)town_case_in(&t, "zhaojianguo", "其他", TOWN_NEXT "001");
    CHECK_INT(page(&t, "wangfang", "\"view\":\"mine\"").ids[0], mine);
    CHECK_INT(size(&t, "wangfang", "\"view\":\"mine\""), 1);
    CHECK_INT(size(&t, "zhaojianguo", "\"view\":\"mine\""), 2);
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\""), 2);
    CHECK_INT(size(&t, "mali", "\"view\":\"inbox\""), 1);
    CHECK_INT(size(&t, "liumin", "\"view\":\"inbox\""), 2); /* both are in grid 3 */
    CHECK_INT(size(&t, "chentao", "\"view\":\"inbox\""), 0);
    CHECK_INT(size(&t, "wuqiang", "\"view\":\"inbox\""), 3);
    CHECK_INT(size(&t, "hejing", "\"view\":\"inbox\",\"area\":\"" TOWN_NEXT "\""), 1);
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"tasks\""), 1);
    CHECK_INT(page(&t, "gaogong", "\"view\":\"tasks\"").ids[0], gas);
    CHECK_INT(size(&t, "liumin", "\"view\":\"tasks\""), 0);
    REFUSED(town_ask(&t, "mali", "case.list",
                     "{\"view\":\"inbox\",\"area\":\"" TOWN_COMMUNITY "\"}"),
            RC_DENIED, "滨湖社区不在您的辖区里。");
    REFUSED(town_ask(&t, "wangfang", "case.list", "{\"view\":\"inbox\"}"), RC_DENIED,
            "您还没有管办件的职责，请找管理员。");
    REFUSED(town_ask(&t, "zhoulan", "case.list", "{\"view\":\"sky\"}"), RC_INVALID,
            "要看的是 mine、inbox 或 tasks。");
    REFUSED(
        town_ask(&t, "zhoulan", "case.list", "{\"view\":\"inbox\",\"bucket\":\"lost\"}"),
        RC_INVALID, "没有“lost”这个状态。");
    REFUSED(town_ask(&t, "hejing", "case.list", "{\"view\":\"inbox\",\"area\":\"4206\"}"),
            RC_INVALID, "请选到区县或以下的辖区。");
    REFUSED(town_ask(&t, "zhoulan", "case.list", "{\"view\":\"inbox\",\"cursor\":\"x\"}"),
            RC_INVALID, "翻页的位置不对，请从第一页看起。");
    town_close(&t);
}

TEST(a_case_stands_in_the_bucket_of_its_state)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"waiting\""), 1);
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"waiting\""), 0);
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"handling\""), 1);
    CHECK_INT(size(&t, "liumin", "\"view\":\"tasks\""), 1);
    CHECK_INT(size(&t, "liumin", "\"view\":\"tasks\",\"bucket\":\"late\""), 0);
    town_later(&t, 10 * DAY);
    CHECK_INT(size(&t, "liumin", "\"view\":\"tasks\",\"bucket\":\"late\""), 1);
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"late\""), 1);
    ALLOWED(town_finish(&t, "liumin", id));
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"late\""), 0);
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"answered\""), 1);
    ALLOWED(town_move(&t, "wangfang", id, "rate", ",\"stars\":5"));
    CHECK_INT(size(&t, "zhoulan", "\"view\":\"inbox\",\"bucket\":\"ended\""), 1);
    CHECK_INT(size(&t, "zhoulan",
                   "\"view\":\"inbox\",\"bucket\":\"ended\",\"category\":\"树木绿化\""),
              1);
    CHECK_INT(size(&t, "zhoulan",
                   "\"view\":\"inbox\",\"bucket\":\"ended\",\"category\":\"燃气\""),
              0);
    town_close(&t);
}

TEST(pages_neither_repeat_nor_skip_and_the_most_pressing_comes_first)
{
    static const char *const categories[] = { "树木绿化", "道路损坏", "其他", "电梯",
                                              "噪声扰民" };
    struct town              t;
    struct str               cursor = STR_NONE;
    int64_t                  ids[COUNT(categories)];
    size_t                   seen = 0;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(categories); i++)
        ids[i] = town_case(&t, "wangfang", categories[i]);
    /* Equal times: the id decides. */
    (void)town_count(&t, "UPDATE cases SET sort_ms = 1795327387120");
    (void)town_count(&t, "UPDATE cases SET sort_ms = 1795327387000 WHERE id = %lld",
                     (long long)ids[4]);
    do {
        struct str args =
            cursor.at
                ? str_fmt(&t.arena, "\"view\":\"inbox\",\"limit\":2,\"cursor\":\"%.*s\"",
                          STR_ARG(cursor))
                : STR("\"view\":\"inbox\",\"limit\":2");
        struct page one = page(&t, "zhoulan", str_z(&t.arena, args));
        for (size_t i = 0; i < one.n; i++, seen++)
            CHECK_INT(one.ids[i], ids[seen == 0 ? 4 : seen - 1]);
        cursor = str_eq(one.next, STR("null")) ? STR_NONE : one.next;
    } while (cursor.at);
    CHECK_INT(seen, COUNT(categories));
    /* More than a page's share of one of its ranges: the rest is read on the way. */
    struct page whole = page(&t, "zhoulan", "\"view\":\"inbox\",\"limit\":5");
    CHECK_INT(whole.n, COUNT(categories));
    for (size_t i = 0; i < whole.n; i++)
        CHECK_INT(whole.ids[i], ids[i == 0 ? 4 : i - 1]);
    struct page newest = page(&t, "wangfang", "\"view\":\"mine\",\"limit\":2");
    CHECK_INT(newest.ids[0], ids[4]);
    town_close(&t);
}

TEST(counts_agree_with_the_lists_and_every_area_below_is_there)
{
    struct town        t;
    struct case_counts counts = { .area = STR_NONE };
    struct problems    problems;

    town_open(&t, state);
    (void)town_case(&t, "wangfang", "树木绿化");
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    (void)town_case_in(&t, "wangfang", "其他", TOWN_NEXT "001");
    town_later(&t, 3 * HOUR);
    struct asking got = town_ask(&t, "wuqiang", "case.counts", "{}");
    problems_init(&problems, &t.arena);
    CHECK_INT(json_read(&t.arena, town_answer(&got), counts_fields, COUNTS_NFIELDS, &counts,
                        &problems),
              RC_OK);
    CHECK_TEXT(counts.name, STR("檀溪街道"));
    CHECK_INT(counts.buckets.waiting, 2);
    CHECK_INT(counts.buckets.handling, 1);
    CHECK_INT(counts.buckets.late, 2);
    const struct area_open *areas = counts.areas.at;
    CHECK_INT(counts.areas.n, 2);
    CHECK_INT(areas[0].open, 1);
    CHECK_INT(areas[1].open, 2);
    got = town_ask(&t, "zhoulan", "case.counts", "{}");
    CHECK_INT(json_read(&t.arena, town_answer(&got), counts_fields, COUNTS_NFIELDS, &counts,
                        &problems),
              RC_OK);
    CHECK_INT(counts.areas.n, 2);
    CHECK_INT(((struct area_open *)counts.areas.at)[1].open,
              0); /* grid 5: nothing, but there */
    town_close(&t);
}

/* In every community and grid, in every bucket, as many as there are; and none that is
 * not counted. */
static void check_counted(struct town *t)
{
    static const char *const columns[] = { "community", "grid" };

    for (int i = 0; i < 2; i++) {
        CHECK_INT(town_count(t,
                             "SELECT count(*) FROM case_counts c WHERE c.level = %d AND"
                             " c.n <> (SELECT count(*) FROM cases k WHERE k.county ="
                             " c.county AND k.bucket = c.bucket AND k.%s = c.area)",
                             5 + i, columns[i]),
                  0);
        CHECK_INT(town_count(t,
                             "SELECT count(*) FROM cases k WHERE k.bucket <> 'ended' AND"
                             " NOT EXISTS (SELECT 1 FROM case_counts c WHERE c.county ="
                             " k.county AND c.level = %d AND c.bucket = k.bucket AND"
                             " c.area = k.%s)",
                             5 + i, columns[i]),
                  0);
    }
}

TEST(what_is_open_is_counted_through_its_whole_life)
{
    struct town t;

    town_open(&t, state);
    int64_t kept = town_case(&t, "wangfang", "树木绿化");
    int64_t withdrawn = town_case(&t, "wangfang", "树木绿化");
    check_counted(&t);
    ALLOWED(town_send(&t, "zhoulan", kept, "liumin"));
    check_counted(&t);
    ALLOWED(town_move(&t, "wangfang", withdrawn, "withdraw", ""));
    check_counted(&t);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_counts WHERE n = 1"), 2);
    CHECK_INT(town_move(&t, "wangfang", withdrawn, "withdraw", "").rc, RC_REFUSED);
    (void)town_finish(&t, "liumin", kept);
    check_counted(&t);
    CHECK_INT(town_count(&t, "SELECT sum(n) FROM case_counts WHERE bucket = 'answered'"),
              2);
    town_close(&t);
}

/* ----------------------------------------------------------------- likeness */

static size_t alike(struct town *t, const char *category, double lat, double lng)
{
    struct asking got =
        town_ask(t, "zhaojianguo", "case.alike",
                 "{\"scene\":\"snap\",\"kind\":\"problem\",\"category\":\"%s\","
                 "\"lat\":%.5f,\"lng\":%.5f}",
                 category, lat, lng);

    CHECK_INT(town_must(got), RC_OK);
    return town_items(t, &got);
}

TEST(what_was_reported_nearby_lately_is_found_without_saying_by_whom)
{
    struct town t;

    town_open(&t, state);
    (void)town_case(&t, "wangfang", "树木绿化"); /* at 32.0103, 112.1201 */
    CHECK_INT(alike(&t, "树木绿化", 32.0103, 112.1201), 1);
    CHECK_INT(alike(&t, "树木绿化", 32.0120, 112.1201), 1); /* 190 m */
    CHECK_INT(alike(&t, "树木绿化", 32.0130, 112.1201), 0); /* 300 m */
    CHECK_INT(alike(&t, "燃气", 32.0103, 112.1201), 0);
    struct asking got = town_ask(
        &t, "zhaojianguo", "case.alike",
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"lat\":32.0103,\"lng\":112.1201}");
    struct str answer = town_answer(&got);
    CHECK(str_has(answer, STR("50 米内")) && !str_has(answer, STR("王芳")) &&
          !str_has(answer, STR("3 栋门口的事")));
    town_later(&t, 31 * DAY);
    CHECK_INT(alike(&t, "树木绿化", 32.0103, 112.1201), 0);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "wangfang", id, "withdraw", ""));
    CHECK_INT(alike(&t, "树木绿化", 32.0103, 112.1201), 0);
    town_close(&t);
}

/* ------------------------------------------------------------------ targets */

TEST(it_can_be_given_to_those_of_its_grid_first_then_firms_then_all_up_to_the_street)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_send(&t, "zhoulan", town_case(&t, "wangfang", "其他"), "liumin"));
    struct asking got =
        town_ask(&t, "zhoulan", "case.targets", "{\"id\":\"%lld\"}", (long long)id);
    struct str         titles[12] = { 0 };
    struct json_member one;
    size_t             n = 0;
    struct str         items = town_member(&t, town_answer(&got), "items");
    for (struct str rest = json_inside(items); json_member(&t.arena, &rest, &one);) {
        if (n == 0)
            CHECK_TEXT(town_member(&t, one.value, "note"), STR("在办 1 件"));
        titles[n++] = town_member(&t, one.value, "title");
    }
    CHECK_INT(n, 8);
    CHECK_TEXT(titles[0], STR("网格员 刘敏（第 3 网格）"));
    CHECK_TEXT(titles[1], STR("山水家园物业"));
    CHECK_TEXT(titles[2], STR("襄城燃气"));
    CHECK_TEXT(titles[3], STR("社区值守 周岚"));
    CHECK_TEXT(titles[4], STR("社区书记 孙丽"));
    CHECK_TEXT(titles[5], STR("网格员 陈涛（第 5 网格）"));
    CHECK_TEXT(titles[6], STR("街道值守 吴强（檀溪街道）"));
    CHECK_TEXT(titles[7], STR("街道领导 唐蕊（檀溪街道）"));
    REFUSED(town_ask(&t, "wangfang", "case.targets", "{\"id\":\"%lld\"}", (long long)id),
            RC_DENIED, "派单由社区和承办单位来做。");
    town_close(&t);
}

TEST(a_mark_is_only_what_we_wrote)
{
    static const char *const strange[] = {
        "",     "-",    "5",    "5-",    "-5-7", "5-0",  "5--7",
        "05-7", "5-07", "5-7 ", "5-7-1", "x-7",  "+5-7", "5-9223372036854775808",
    };
    struct arena     arena;
    struct page_mark mark = { 0 };

    arena_init(&arena, ARENA_REQUEST_BYTES);
    struct str written =
        page_mark_write(&arena, (struct page_mark){ INT64_MAX, INT64_MAX });
    CHECK(page_mark_read(written, &mark) && mark.sort == INT64_MAX && mark.id == INT64_MAX);
    for (size_t i = 0; i < COUNT(strange); i++)
        CHECK(!page_mark_read(str_of(strange[i]), &mark));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_only_what_we_wrote),
        ON_BOTH(each_sees_what_is_theirs_in_each_list),
        ON_BOTH(a_case_stands_in_the_bucket_of_its_state),
        ON_BOTH(pages_neither_repeat_nor_skip_and_the_most_pressing_comes_first),
        ON_BOTH(counts_agree_with_the_lists_and_every_area_below_is_there),
        ON_BOTH(what_is_open_is_counted_through_its_whole_life),
        ON_BOTH(what_was_reported_nearby_lately_is_found_without_saying_by_whom),
        ON_BOTH(
            it_can_be_given_to_those_of_its_grid_first_then_firms_then_all_up_to_the_street),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
