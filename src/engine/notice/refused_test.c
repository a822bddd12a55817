/* What notices refuse: words that are missing, what is over or not yet out, areas that are
 * somebody else's, and names of who is shielded. */
#include "engine/notice/notice.h"

#include "notices.h"
#include "town_cases.h"

#include "base/json.h"

#define ONE       "{\"id\":\"%lld\"}"
#define ASK_WATER "\"audience\":\"all\",\"asks\":\"answer\",\"question\":\"要不要送水？\""

/* The street's, let out by who leads it. */
static int64_t of_the_street(struct town *t, const char *how)
{
    struct asking made = town_ask(t, "wuqiang", "notice.write",
                                  "{\"area\":\"" TOWN_STREET "\"," NOTICE_SAYS ",%s}", how);

    ALLOWED(made);
    int64_t id = town_id(t, &made, "id");
    ALLOWED(notice_approved(t, "tangrui", id, 1));
    return id;
}

static struct asking on(struct town *t, const char *login, const char *act, int64_t id)
{
    return town_ask(t, login, act, ONE, (long long)id);
}

static struct asking corrects(struct town *t, const char *login, int64_t id, int version,
                              const char *more)
{
    return town_ask(t, login, "notice.correct",
                    "{\"id\":\"%lld\",\"version\":%d,\"title\":\"停水\",\"words\":\"改期\","
                    "\"reason\":\"改期\"%s}",
                    (long long)id, version, more);
}

static struct str with_photo(struct town *t, int64_t photo)
{
    return str_fmt(&t->arena, ",\"photos\":[\"%lld\"]", (long long)photo);
}

/* ----------------------------------------------------------------- writing */

TEST(a_notice_has_a_title_and_words)
{
    struct town t;

    town_open(&t, state);
    REFUSED(town_ask(&t, "zhoulan", "notice.write",
                     "{" NOTICE_HERE "," NOTICE_TO_ALL
                     ",\"title\":\" \",\"words\":\"停水\"}"),
            RC_INVALID, "标题还没有填，请填上。");
    REFUSED(town_ask(&t, "zhoulan", "notice.write",
                     "{" NOTICE_HERE "," NOTICE_TO_ALL
                     ",\"title\":\"停水\",\"words\":\" \"}"),
            RC_INVALID, "内容还没有填，请填上。");
    town_close(&t);
}

TEST(houses_are_named_for_a_notice_to_houses_alone)
{
    struct town t;

    town_open(&t, state);
    REFUSED(notice_waiting(&t, NOTICE_TO_ALL ",\"houses\":[{\"compound\":\"山水家园\"}]"),
            RC_INVALID, "不按房子发的通知，不用写小区、楼栋。");
    town_close(&t);
}

TEST(what_waited_beyond_its_time_goes_out_no_more)
{
    struct town t;

    town_open(&t, state);
    struct asking made =
        notice_waiting(&t, NOTICE_TO_ALL ",\"until\":\"2026-11-23T10:00:00+08:00\"");
    ALLOWED(made);
    int64_t id = town_id(&t, &made, "id");
    town_clock(&t, "2026-11-23T10:00:00+08:00");
    REFUSED(notice_approved(&t, "sunli", id, 1), RC_REFUSED,
            "它的有效期已经过了，请退回去改一个时间。");
    ALLOWED(town_ask(&t, "sunli", "notice.return",
                     "{\"id\":\"%lld\",\"version\":1,\"why\":\"过了\"}", (long long)id));
    town_close(&t);
}

TEST(a_streets_notice_is_the_streets_to_change)
{
    struct town t;

    town_open(&t, state);
    int64_t id = of_the_street(&t, NOTICE_TO_ALL);
    CHECK_TEXT(notice_seen(&t, "zhoulan", id, "text/title"), STR("停水通知"));
    REFUSED(corrects(&t, "zhoulan", id, 1, ""), RC_DENIED, "这个辖区的通知不归您发。");
    REFUSED(on(&t, "zhoulan", "notice.remind", id), RC_DENIED, "这个辖区的通知不归您发。");
    REFUSED(town_ask(&t, "zhoulan", "notice.withdraw",
                     "{\"id\":\"%lld\",\"reason\":\"错了\"}", (long long)id),
            RC_DENIED, "这个辖区的通知不归您发。");
    ALLOWED(corrects(&t, "wuqiang", id, 1, ""));
    REFUSED(notice_approved(&t, "sunli", id, 2), RC_DENIED, "这个辖区的通知不归您复核。");
    town_close(&t);
}

TEST(a_correction_brings_photos_of_its_writers_own_or_those_that_were_there)
{
    struct town t;

    town_open(&t, state);
    int64_t    mine = town_photo(&t, "zhoulan"), others = town_photo(&t, "wangfang");
    struct str own = with_photo(&t, mine), stranger = with_photo(&t, others);
    struct str how = str_cat(&t.arena, STR(NOTICE_TO_ALL), own);
    int64_t    id = notice_given(&t, str_z(&t.arena, how));
    REFUSED(corrects(&t, "zhoulan", id, 1, str_z(&t.arena, stranger)), RC_REFUSED,
            "第 1 张照片找不到了，请重新传一次。");
    ALLOWED(corrects(&t, "zhoulan", id, 1, str_z(&t.arena, own)));
    town_close(&t);
}

/* --------------------------------------------------------------- reminding */

TEST(nobody_is_reminded_of_what_is_not_out_or_is_over)
{
    struct town t;

    town_open(&t, state);
    struct asking made = notice_waiting(&t, NOTICE_TO_ALL);
    ALLOWED(made);
    REFUSED(on(&t, "zhoulan", "notice.remind", town_id(&t, &made, "id")), RC_REFUSED,
            "这条通知还没有发出去，不用提醒。");
    int64_t id = notice_given(&t, NOTICE_TO_ALL ",\"until\":\"2026-11-24T09:00:00+08:00\"");
    town_clock(&t, "2026-11-24T10:00:00+08:00");
    REFUSED(on(&t, "zhoulan", "notice.remind", id), RC_REFUSED,
            "这条通知已经到期了，不用提醒。");
    town_close(&t);
}

/* ------------------------------------------------------------------- seeing */

static enum rc shown(struct town *t, const char *login, int64_t id)
{
    return on(t, login, "notice.show", id).rc;
}

TEST(of_a_streets_notice_a_community_sees_what_is_out_and_for_residents)
{
    struct town t;

    town_open(&t, state);
    struct asking made =
        town_ask(&t, "wuqiang", "notice.write",
                 "{\"area\":\"" TOWN_STREET "\"," NOTICE_SAYS "," NOTICE_TO_ALL "}");
    ALLOWED(made);
    int64_t id = town_id(&t, &made, "id");
    CHECK_INT(shown(&t, "zhoulan", id), RC_NOT_FOUND);
    ALLOWED(notice_approved(&t, "tangrui", id, 1));
    CHECK_INT(shown(&t, "zhoulan", id), RC_OK);
    id = of_the_street(
        &t, "\"audience\":\"role\",\"role\":\"grid-worker\",\"asks\":\"nothing\"");
    CHECK_INT(shown(&t, "zhoulan", id), RC_NOT_FOUND);
    CHECK_INT(shown(&t, "liumin", id), RC_OK);
    town_close(&t);
}

TEST(who_watches_looks_at_their_own_part_alone)
{
    struct town t;

    town_open(&t, state);
    int64_t id = of_the_street(&t, NOTICE_TO_ALL);
    REFUSED(town_ask(&t, "zhoulan", "notice.spread",
                     "{\"id\":\"%lld\",\"area\":\"" TOWN_NEXT "\"}", (long long)id),
            RC_DENIED, "这个辖区的通知不归您看。");
    REFUSED(town_ask(&t, "mali", "notice.policy", "{" NOTICE_HERE "}"), RC_DENIED,
            "这个辖区的通知不归您看。");
    REFUSED(town_ask(&t, "mali", "notice.list", "{\"view\":\"out\"," NOTICE_HERE "}"),
            RC_DENIED, "这个辖区的通知不归您看。");
    REFUSED(town_ask(&t, "hejing", "notice.list", "{\"view\":\"out\",\"area\":\"4206\"}"),
            RC_INVALID, "请选到区县或以下的辖区。");
    REFUSED(town_ask(&t, "mali", "notice.list", "{\"view\":\"all\"}"), RC_INVALID,
            "要看的是 out、waiting 或 mine。");
    town_close(&t);
}

TEST(who_has_not_read_is_asked_of_what_is_out)
{
    struct town t;

    town_open(&t, state);
    struct asking made = notice_waiting(&t, NOTICE_TO_ALL);
    ALLOWED(made);
    REFUSED(town_ask(&t, "zhoulan", "notice.absent",
                     "{\"id\":\"%lld\",\"area\":\"" TOWN_GRID "\"}",
                     (long long)town_id(&t, &made, "id")),
            RC_REFUSED, "这条通知还没有发出去。");
    town_close(&t);
}

/* ---------------------------------------------------------------- shielded */

/* What they said is read, who and where they are is not. */
TEST(of_who_is_shielded_an_answer_says_neither_name_nor_grid)
{
    struct town t;

    town_open(&t, state);
    int64_t id = notice_given(&t, ASK_WATER);
    ALLOWED(notice_reads(&t, "wangfang", id, 1, ",\"answer\":\"要两桶\""));
    (void)town_count(&t, "UPDATE people SET shielded = 1 WHERE name = '王芳'");
    static const char *const staff[] = { "zhoulan", "liumin" };
    for (size_t i = 0; i < COUNT(staff); i++) {
        struct asking got = on(&t, staff[i], "notice.answers", id);
        struct str    all = town_answer(&got);
        ALLOWED(got);
        CHECK_TEXT(json_pick_text(&t.arena, all, "items/*/answer"), STR("要两桶"));
        CHECK_TEXT(json_pick_text(&t.arena, all, "items/*/name"), STR("受保护人员"));
        CHECK_TEXT(json_pick_text(&t.arena, all, "items/*/area_name"), STR_NONE);
    }
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_notice_has_a_title_and_words),
        ON_BOTH(houses_are_named_for_a_notice_to_houses_alone),
        ON_BOTH(what_waited_beyond_its_time_goes_out_no_more),
        ON_BOTH(a_streets_notice_is_the_streets_to_change),
        ON_BOTH(a_correction_brings_photos_of_its_writers_own_or_those_that_were_there),
        ON_BOTH(nobody_is_reminded_of_what_is_not_out_or_is_over),
        ON_BOTH(of_a_streets_notice_a_community_sees_what_is_out_and_for_residents),
        ON_BOTH(who_watches_looks_at_their_own_part_alone),
        ON_BOTH(who_has_not_read_is_asked_of_what_is_out),
        ON_BOTH(of_who_is_shielded_an_answer_says_neither_name_nor_grid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
