/* Templates of answers and articles on policies: kept, filled in, suggested. */
#include "town_cases.h"

#define TEMPLATE(area, more)                                                               \
    "{\"kind\":\"template\",\"area\":\"" area "\",\"scene\":\"snap\"," more "}"
#define ARTICLE                                                                                                   \
    "{\"kind\":\"article\",\"area\":\"" TOWN_COMMUNITY "\",\"title\":\"高龄津贴怎么领\","                  \
    "\"words\":\"满 80 岁的老人，带身份证和银行卡到社区窗口登记。\",\"source\":\"示例，" \
    "待核定\"%s}"

static struct str items(struct town *t, struct asking got)
{
    CHECK_INT(town_must(got), RC_OK);
    return town_member(t, town_answer(&got), "items");
}

static struct asking for_case(struct town *t, const char *login, int64_t id)
{
    return town_ask(t, login, "case.wordings", "{\"id\":\"%lld\"}", (long long)id);
}

static struct asking typed(struct town *t, const char *login, const char *words)
{
    return town_ask(t, login, "wording.suggest",
                    "{\"typed\":\"%s\",\"area\":\"" TOWN_COMMUNITY "\"}", words);
}

TEST(a_template_is_offered_where_it_fits_and_filled_in)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    int64_t other = town_case(&t, "wangfang", "其他");
    ALLOWED(town_ask(&t, "zhoulan", "wording.make",
                     TEMPLATE(TOWN_COMMUNITY,
                              "\"title\":\"修剪\",\"categories\":[\"树木绿化\"],\"words\":"
                              "\"{办件号} 由{承办方}办，{时限} 前答复。\",\"inner_words\":"
                              "\"先看 {办件号} 的照片\"")));
    ALLOWED(
        town_ask(&t, "zhoulan", "wording.make",
                 TEMPLATE(TOWN_COMMUNITY, "\"title\":\"都行\",\"words\":\"收到了。\"")));
    ALLOWED(town_ask(&t, "mali", "wording.make",
                     TEMPLATE(TOWN_NEXT, "\"title\":\"隔壁的\",\"words\":\"收到了。\"")));
    struct asking got = for_case(&t, "zhoulan", id);
    CHECK_INT(town_items(&t, &got), 2);
    struct str found = items(&t, got);
    CHECK(str_has(found, STR("1123-0001 由社区值守")));
    CHECK(str_has(found, STR("先看 1123-0001 的照片")));
    CHECK(!str_has(found, STR("{办件号}")));
    got = for_case(&t, "zhoulan", other);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_INT(for_case(&t, "mali", id).rc, RC_NOT_FOUND);
    town_close(&t);
}

TEST(what_cannot_be_filled_in_is_told_when_it_is_saved)
{
    struct town t;

    town_open(&t, state);
    REFUSED(
        town_ask(&t, "zhoulan", "wording.make",
                 TEMPLATE(TOWN_COMMUNITY, "\"title\":\"修剪\",\"words\":\"您好{姓名}\"")),
        RC_INVALID, "“{姓名}”不会填。能填的是 {办件号}、{时限}、{承办方}。");
    REFUSED(town_ask(&t, "zhoulan", "wording.make",
                     TEMPLATE(TOWN_COMMUNITY, "\"title\":\"修剪\",\"words\":\"好\","
                                              "\"state\":\"nowhere\"")),
            RC_INVALID, "“随手拍”里没有“nowhere”这个状态。");
    REFUSED(town_ask(&t, "zhoulan", "wording.make",
                     TEMPLATE(TOWN_NEXT, "\"title\":\"修剪\",\"words\":\"好\"")),
            RC_DENIED, "这个辖区的常用文字不归您维护。");
    REFUSED(town_ask(&t, "zhoulan", "wording.make",
                     "{\"kind\":\"article\",\"area\":\"" TOWN_COMMUNITY
                     "\",\"title\":\"津贴\",\"words\":\"好\"}"),
            RC_INVALID, "请写明出处：哪份文件、哪一条。");
    CHECK_INT(town_ask(&t, "liumin", "wording.make",
                       TEMPLATE(TOWN_COMMUNITY, "\"title\":\"修剪\",\"words\":\"好\""))
                  .rc,
              RC_DENIED);
    town_close(&t);
}

TEST(an_article_is_suggested_by_what_is_typed_while_it_holds)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "zhoulan", "wording.make", ARTICLE,
                     ",\"until\":\"2026-12-31T00:00:00+08:00\""));
    struct asking got = typed(&t, "liumin", "老人问高龄津贴要带什么");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(str_has(items(&t, got), STR("示例，待核定")));
    got = typed(&t, "liumin", "津贴"); /* two characters */
    CHECK_INT(town_items(&t, &got), 1);
    got = typed(&t, "liumin", "路灯不亮，楼道很黑");
    CHECK_INT(town_items(&t, &got), 0);
    got = town_ask(&t, "mali", "wording.suggest",
                   "{\"typed\":\"高龄津贴\",\"area\":\"" TOWN_NEXT "\"}");
    CHECK_INT(town_items(&t, &got), 0); /* kept for another community */
    town_clock(&t, "2027-01-02T09:00:00+08:00");
    got = typed(&t, "liumin", "高龄津贴");
    CHECK_INT(town_items(&t, &got), 0); /* no longer in force */
    town_close(&t);
}

TEST(one_that_is_changed_is_found_by_its_new_words_and_one_that_ended_by_none)
{
    struct town t;

    town_open(&t, state);
    struct asking made = town_ask(&t, "zhoulan", "wording.make", ARTICLE, "");
    CHECK_INT(town_must(made), RC_OK);
    long long id = (long long)town_id(&t, &made, "id");
    ALLOWED(town_ask(&t, "zhoulan", "wording.change",
                     "{\"id\":\"%lld\",\"version\":1,\"title\":\"居住证明\",\"words\":"
                     "\"带身份证来开。\",\"source\":\"示例，待核定\"}",
                     id));
    struct asking got = typed(&t, "zhoulan", "高龄津贴");
    CHECK_INT(town_items(&t, &got), 0);
    got = typed(&t, "zhoulan", "居住证明");
    CHECK_INT(town_items(&t, &got), 1);
    REFUSED(town_ask(&t, "zhoulan", "wording.end", "{\"id\":\"%lld\",\"version\":1}", id),
            RC_CONFLICT, "刚才有人改过，请看最新的再改。");
    CHECK_INT(town_ask(&t, "mali", "wording.end", "{\"id\":\"%lld\",\"version\":2}", id).rc,
              RC_NOT_FOUND);
    ALLOWED(town_ask(&t, "zhoulan", "wording.end", "{\"id\":\"%lld\",\"version\":2}", id));
    got = typed(&t, "zhoulan", "居住证明");
    CHECK_INT(town_items(&t, &got), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM wording_terms"), 0);
    got = town_ask(&t, "zhoulan", "wording.list", "{\"kind\":\"article\"}");
    CHECK_INT(town_items(&t, &got), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE subject = %lld", id), 3);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_template_is_offered_where_it_fits_and_filled_in),
        ON_BOTH(what_cannot_be_filled_in_is_told_when_it_is_saved),
        ON_BOTH(an_article_is_suggested_by_what_is_typed_while_it_holds),
        ON_BOTH(one_that_is_changed_is_found_by_its_new_words_and_one_that_ended_by_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
