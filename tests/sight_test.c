/* Confidential cases: each way in, for those who have a hand in them and for those who
 * may read everything else there. */
#include "town_cases.h"

#include <string.h>

#include "app/door.h"
#include "base/json.h"
#include "dispute.h"
#include "gate/journal.h"
#include "gate/view.h"

static enum rc look(struct town *t, const char *login, int64_t id)
{
    return town_ask(t, login, "case.show", "{\"id\":\"%lld\"}", (long long)id).rc;
}

static size_t found(struct town *t, const char *login, const char *act, const char *args)
{
    struct asking got = town_ask(t, login, act, "{%s}", args);

    CHECK_INT(town_must(got), RC_OK);
    return town_items(t, &got);
}

static struct asking open_inside(struct town *t, const char *login, int64_t id,
                                 const char *reason)
{
    return town_ask(t, login, "look.case", "{\"id\":\"%lld\",\"reason\":\"%s\"}",
                    (long long)id, reason);
}

static bool shut(struct town *t, const char *login, int64_t id, const char *as)
{
    struct case_whole whole = town_look(t, login, id);

    return str_eq(whole.shut, str_of(as)) && whole.fields.n == 0 && whole.timeline.n == 0;
}

#define TO_ACCOUNT ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}"

/* Whose duties are in its area, and who may read all else there. */
#define ONE "{\"id\":\"%lld\"}"

static const char *const others[] = { "zhoulan", "sunli",   "liumin",     "wuqiang",
                                      "tangrui", "hejing",  "chentao",    "mali",
                                      "faraway", "lishifu", "zhaojianguo" };

TEST(a_confidential_case_is_there_for_those_who_have_a_hand_in_it_alone)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    CHECK_INT(look(&t, "wangfang", id), RC_OK); /* reported it */
    CHECK_INT(look(&t, "luting", id), RC_OK);   /* holds it */
    CHECK_INT(look(&t, "caoyong", id), RC_OK);  /* may choose who mediates */
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT(look(&t, others[i], id), RC_NOT_FOUND);
    int64_t lamp = town_case(&t, "wangfang", "树木绿化");
    CHECK_INT(look(&t, "zhoulan", lamp), RC_OK); /* as ever */
    town_close(&t);
}

TEST(nothing_is_done_to_a_confidential_case_by_who_does_not_see_it)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    CHECK_INT(town_ask(&t, "zhoulan", "case.targets", ONE, (long long)id).rc, RC_NOT_FOUND);
    CHECK_INT(town_ask(&t, "zhoulan", "case.alike", ONE, (long long)id).rc, RC_NOT_FOUND);
    CHECK_INT(town_move(&t, "zhoulan", id, "screen", ",\"text\":\"我来\"").rc,
              RC_NOT_FOUND);
    CHECK_INT(town_ask(&t, "zhoulan", "case.bulk-preview",
                       "{\"rows\":[{\"id\":\"%lld\",\"version\":1}]}", (long long)id)
                  .rc,
              RC_NOT_FOUND);
    CHECK_INT(town_ask(&t, "zhaojianguo", "case.me_too", ONE, (long long)id).rc,
              RC_NOT_FOUND);
    town_close(&t);
}

TEST(whoever_held_it_sees_it_after_it_went_on)
{
    struct town t;

    dispute_town(&t, state);
    int64_t    id = dispute_case(&t, "wangfang");
    struct str to = str_fmt(&t.arena, ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}",
                            (long long)town_account(&t, "zhoulan"));
    ALLOWED(town_move(&t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(&t, "luting", id, "choose", str_z(&t.arena, to)));
    CHECK_INT(look(&t, "zhoulan", id), RC_OK);
    CHECK_INT(found(&t, "zhoulan", "case.list", "\"view\":\"tasks\""), 1);
    to = str_fmt(&t.arena, ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}",
                 (long long)town_account(&t, "liumin"));
    ALLOWED(town_move(&t, "zhoulan", id, "choose", str_z(&t.arena, to)));
    CHECK_INT(look(&t, "liumin", id), RC_OK);
    CHECK_INT(look(&t, "zhoulan", id), RC_OK);
    CHECK_INT(look(&t, "luting", id), RC_OK);
    CHECK_INT(look(&t, "sunli", id), RC_NOT_FOUND);
    CHECK_INT(found(&t, "zhoulan", "case.list",
                    "\"view\":\"inbox\",\"bucket\":\"handling\",\"scene\":\"dispute\""),
              1);
    CHECK_INT(found(&t, "sunli", "case.list",
                    "\"view\":\"inbox\",\"bucket\":\"handling\",\"scene\":\"dispute\""),
              0);
    town_close(&t);
}

TEST(whoever_was_asked_to_help_sees_it)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    (void)town_count(
        &t,
        "INSERT INTO case_parts (county, case_id, part, holder, task, state, asked_by,"
        " asked_ms, warn_ms, due_ms, warned, late, answer) VALUES (7, %lld, 1, 'a:%lld',"
        " '看现场', 'answered', 1, 1, 1, 1, 0, 0, '')",
        (long long)id, (long long)town_account(&t, "chentao"));
    CHECK_INT(look(&t, "chentao", id), RC_OK);
    CHECK_INT(look(&t, "liumin", id), RC_NOT_FOUND);
    town_close(&t);
}

TEST(a_list_leaves_it_out)
{
    struct town t;

    dispute_town(&t, state);
    (void)dispute_case(&t, "wangfang");
    (void)town_case(&t, "wangfang", "树木绿化");
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(found(&t, others[i], "case.list", "\"view\":\"inbox\""),
                  strcmp(others[i], "mali") == 0 ? 0 : 1);
    CHECK_INT(found(&t, "luting", "case.list", "\"view\":\"tasks\""), 1);
    CHECK_INT(found(&t, "wangfang", "case.list", "\"view\":\"mine\""), 2);
    town_close(&t);
}

TEST(nobody_else_finds_it_by_words_place_or_person)
{
    struct town t;

    dispute_town(&t, state);
    int64_t     id = dispute_case(&t, "wangfang");
    struct str  number = town_look(&t, "wangfang", id).card.number;
    const char *by_number =
        str_z(&t.arena, str_fmt(&t.arena, "\"words\":\"%.*s\"", STR_ARG(number)));
    CHECK_INT(found(&t, "wangfang", "case.search", "\"view\":\"mine\",\"words\":\"漏水\""),
              1);
    CHECK_INT(found(&t, "luting", "case.search", "\"view\":\"tasks\",\"words\":\"漏水\""),
              1);
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"words\":\"漏水\""), 0);
    CHECK_INT(found(&t, "zhoulan", "case.search", by_number), 0);
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"lat\":32.0103,\"lng\":112.1201"), 0);
    CHECK_INT(found(&t, "zhoulan", "case.of-person", "\"phone\":\"13712345520\""), 0);
    CHECK_INT(found(&t, "zhoulan", "case.of-person", "\"name\":\"王芳\""), 0);
    town_close(&t);
}

/* Who held it once sees its card, and would have to say why to open it. */
static int64_t once_held(struct town *t, const char *login)
{
    int64_t    id = dispute_case(t, "wangfang");
    struct str to = str_fmt(&t->arena, TO_ACCOUNT, (long long)town_account(t, login));

    ALLOWED(town_move(t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(t, "luting", id, "choose", str_z(&t->arena, to)));
    to = str_fmt(&t->arena, TO_ACCOUNT, (long long)town_account(t, "liumin"));
    ALLOWED(town_move(t, login, id, "choose", str_z(&t->arena, to)));
    return id;
}

TEST(its_title_is_of_its_kind_and_category_and_has_nobodys_words)
{
    struct town  t;
    struct str   cells[EXPORT_COLUMNS_MAX];
    struct actor zhoulan;

    dispute_town(&t, state);
    int64_t id = once_held(&t, "zhoulan");
    zhoulan = town_actor(&t, "zhoulan");
    CHECK(shut(&t, "zhoulan", id, "asks"));
    CHECK_TEXT(town_look(&t, "zhoulan", id).card.title, STR("纠纷：邻里"));
    struct asking got = town_ask(&t, "zhoulan", "case.list",
                                 "{\"view\":\"inbox\",\"scene\":\"dispute\","
                                 "\"bucket\":\"handling\"}");
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(!str_has(town_answer(&got), STR("漏水")));
    t.op.actor = &zhoulan;
    CHECK_INT(case_export.row(&t.op, id, cells), RC_OK);
    CHECK_TEXT(cells[2], STR("纠纷：邻里"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE title LIKE '%%漏水%%'"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM inbox WHERE title LIKE '%%漏水%%'"), 0);
    town_close(&t);
}

TEST(its_words_find_it_for_who_may_open_it_alone)
{
    struct town t;

    dispute_town(&t, state);
    int64_t     id = once_held(&t, "zhoulan");
    struct str  number = town_look(&t, "wangfang", id).card.number;
    const char *by_number =
        str_z(&t.arena, str_fmt(&t.arena, "\"words\":\"%.*s\"", STR_ARG(number)));
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"words\":\"漏水\""), 0);
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"words\":\"邻里 漏水\""), 0);
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"words\":\"纠纷 邻里\""), 1);
    CHECK_INT(found(&t, "zhoulan", "case.search", by_number), 1);
    CHECK_INT(found(&t, "liumin", "case.search", "\"words\":\"漏水\""), 1); /* holds it */
    ALLOWED(open_inside(&t, "zhoulan", id, "派调解员之前要了解"));
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"words\":\"漏水\""), 1);
    town_close(&t);
}

static struct str place_in_list(struct town *t, const char *login)
{
    struct asking got = town_ask(t, login, "case.list",
                                 "{\"view\":\"inbox\",\"scene\":\"dispute\","
                                 "\"bucket\":\"handling\"}");

    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(town_items(t, &got), 1);
    return json_pick_text(&t->arena, town_answer(&got), "items/*/place");
}

TEST(where_it_is_stands_on_its_card_for_who_holds_or_opened_it_alone)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = once_held(&t, "zhoulan");
    CHECK_TEXT(place_in_list(&t, "liumin"), STR("3 栋门口")); /* holds it */
    CHECK_TEXT(town_look(&t, "wangfang", id).card.place, STR("3 栋门口"));
    CHECK_TEXT(place_in_list(&t, "zhoulan"), STR(""));
    CHECK_TEXT(town_look(&t, "zhoulan", id).card.place, STR(""));
    CHECK_INT(found(&t, "zhoulan", "case.search", "\"words\":\"纠纷 门口\""), 0);
    CHECK_INT(found(&t, "liumin", "case.search", "\"words\":\"纠纷 门口\""), 1);
    ALLOWED(open_inside(&t, "zhoulan", id, "派调解员之前要了解"));
    CHECK_TEXT(town_look(&t, "zhoulan", id).card.place, STR("3 栋门口"));
    town_close(&t);
}

/* The duty's in the community first, then the street's, then all others, each once. */
TEST(mediators_are_offered_before_others_with_what_they_have_on_their_hands)
{
    struct town t;
    struct str  titles[20], notes[20];

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    ALLOWED(town_move(&t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(&t, "luting", id, "mediate", ""));
    struct asking got = town_ask(&t, "luting", "case.targets",
                                 "{\"id\":\"%lld\",\"move\":\"choose\"}", (long long)id);
    ALLOWED(got);
    size_t n = json_pick_all(&t.arena, town_answer(&got), STR("items/*/title"), titles, 20);
    CHECK_INT(json_pick_all(&t.arena, town_answer(&got), STR("items/*/note"), notes, 20),
              n);
    CHECK_TEXT(titles[0], STR("调解员 卢婷"));
    CHECK_TEXT(notes[0], STR("在办 1 件"));
    CHECK_TEXT(titles[1], STR("街道调解 曹勇（檀溪街道）"));
    CHECK_TEXT(titles[2], STR("网格员 刘敏（第 3 网格）"));
    for (size_t i = 3; i < n; i++)
        CHECK(!str_has(titles[i], STR("卢婷")) && !str_has(titles[i], STR("曹勇")));
    got = town_ask(&t, "luting", "case.targets", ONE, (long long)id);
    ALLOWED(got);
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/title"),
               STR("网格员 刘敏（第 3 网格）"));
    REFUSED(town_ask(&t, "luting", "case.targets", "{\"id\":\"%lld\",\"move\":\"gone\"}",
                     (long long)id),
            RC_INVALID, "没有“gone”这一步。");
    town_close(&t);
}

TEST(whoever_is_asked_to_mediate_is_told_in_a_sentence)
{
    struct town t;

    dispute_town(&t, state);
    int64_t    id = dispute_case(&t, "wangfang");
    struct str to = str_fmt(&t.arena, TO_ACCOUNT, (long long)town_account(&t, "luting"));
    ALLOWED(town_move(&t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(&t, "caoyong", id, "choose", str_z(&t.arena, to)));
    CHECK(str_starts(town_newest(&t, "luting"), STR("街道调解曹勇请您来调解。")));
    CHECK(str_starts(town_newest(&t, "wangfang"), STR("街道调解曹勇请调解员卢婷来调解。")));
    town_close(&t);
}

TEST(it_is_in_no_file_of_somebody_elses)
{
    struct town  t;
    struct str   cells[EXPORT_COLUMNS_MAX];
    struct actor zhoulan, luting;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    luting = town_actor(&t, "luting");
    zhoulan = town_actor(&t, "zhoulan");
    t.op.actor = &zhoulan;
    CHECK_INT(case_export.row(&t.op, id, cells), RC_NOT_FOUND);
    t.op.actor = &luting;
    CHECK_INT(case_export.row(&t.op, id, cells), RC_OK);
    CHECK(!str_has(cells[11], STR("漏水"))); /* its inside in nobody's */
    town_close(&t);
}

static size_t alike(struct town *t, const char *login)
{
    return found(t, login, "case.alike",
                 "\"scene\":\"dispute\",\"kind\":\"dispute\",\"category\":\"邻里\","
                 "\"lat\":32.0103,\"lng\":112.1201,\"area\":\"" TOWN_GRID "\"");
}

/* Early signs: the mediator is told that it is not the first between these doors. */
TEST(it_is_suggested_as_alike_to_who_sees_it_alone)
{
    struct town t;

    dispute_town(&t, state);
    (void)dispute_case(&t, "wangfang");
    int64_t       second = dispute_case(&t, "zhaojianguo");
    struct asking got =
        town_ask(&t, "luting", "case.alike", "{\"id\":\"%lld\"}", (long long)second);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(town_items(&t, &got), 1);
    CHECK_INT(alike(&t, "luting"), 2);
    CHECK_INT(alike(&t, "wangfang"), 1);
    CHECK_INT(alike(&t, "zhoulan"), 0);
    CHECK_INT(alike(&t, "liumin"), 0);
    town_close(&t);
}

TEST(a_link_to_it_is_not_shown)
{
    struct town t;

    dispute_town(&t, state);
    int64_t hers = dispute_case(&t, "wangfang"), his = dispute_case(&t, "zhaojianguo");
    (void)town_count(
        &t,
        "INSERT INTO case_links (county, case_id, link, first_id, how, who, made_ms,"
        " ended_who, told, heard) VALUES (7, %lld, 1, %lld, 'same', '卢婷', 1, '', 1, 0)",
        (long long)hers, (long long)his);
    ALLOWED(town_ask(&t, "luting", "look.case", ONE, (long long)hers));
    CHECK_INT(town_look(&t, "luting", hers).links.n, 1);
    CHECK_INT(town_look(&t, "wangfang", hers).links.n, 0);
    CHECK_INT(town_look(&t, "zhaojianguo", his).links.n, 0);
    town_close(&t);
}

/* How many events about cases of the newest line the account would hear. */
static size_t hears(struct town *t, const char *login, int64_t id)
{
    struct live_door door = door_live();
    struct actor     actor = town_actor(t, login);
    struct list      lines, events;
    size_t           n = 0;

    CHECK_INT(journal_read(&t->op, TOWN_NUMBER, id, 0, 100, &lines), RC_OK);
    CHECK_INT(door.events(door.context, &t->op, (const struct line *)lines.at + lines.n - 1,
                          &events),
              RC_OK);
    const struct live_event *event = events.at;
    for (size_t i = 0; i < events.n; i++)
        n += str_eq(event[i].type, STR("case")) &&
             door.may(door.context, &actor, &event[i].audience);
    return n;
}

TEST(the_live_stream_tells_nobody_else_that_it_moved)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    ALLOWED(town_move(&t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(&t, "luting", id, "mediate", ""));
    CHECK_INT(hears(&t, "wangfang", id), 1);
    CHECK_INT(hears(&t, "luting", id), 1);
    CHECK_INT(hears(&t, "zhoulan", id), 0);
    CHECK_INT(hears(&t, "hejing", id), 0);
    CHECK_INT(hears(&t, "zhoulan", town_case(&t, "wangfang", "树木绿化")), 1);
    town_close(&t);
}

TEST(who_leads_is_told_that_there_is_one_and_nothing_of_it)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    ALLOWED(town_move(&t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(&t, "luting", id, "mediate", ""));
    ALLOWED(town_move(&t, "luting", id, "agree",
                      ",\"text\":\"赔五百元\",\"terms\":[{\"who\":\"张三\",\"what\":\"付五"
                      "百元\",\"by\":\"2030-01-01\"}]"));
    ALLOWED(town_move(&t, "wangfang", id, "broken", ",\"reason\":\"张三一分没给\""));
    CHECK(str_has(town_newest(&t, "luting"), STR("张三一分没给")));
    CHECK(shut(&t, "caoyong", id, "asks")); /* sees that it is there, and hears no more */
    CHECK_TEXT(town_newest(&t, "caoyong"), town_newest(&t, "sunli"));
    CHECK_TEXT(town_newest(&t, "sunli"),
               STR("有一件保密的纠纷要请您督促，现在由调解员 卢婷承办。内容只有经手的人看得"
                   "到。"));
    town_close(&t);
}

/* ------------------------------------------------------------ the inside */

static bool inside(struct town *t, const char *login, int64_t id)
{
    struct case_whole whole = town_look(t, login, id);

    return !whole.shut.at && whole.fields.n > 0 && whole.timeline.n > 0;
}

static bool sees_photos(struct town *t, const char *login, int64_t id)
{
    struct actor actor = town_actor(t, login);

    t->op.actor = &actor;
    return case_inside(&t->op, id);
}

TEST(the_inside_opens_by_a_look_that_its_reporter_sees)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    CHECK(inside(&t, "wangfang", id)); /* her own */
    CHECK(shut(&t, "luting", id, "tied"));
    REFUSED(town_ask(&t, "luting", "case.draft", "{\"id\":\"%lld\"}", (long long)id),
            RC_REFUSED, "这类事是保密的，不公开。");
    CHECK(!sees_photos(&t, "luting", id));
    CHECK_INT(found(&t, "wangfang", "me.looks", ""), 0);
    int64_t lines = town_count(&t, "SELECT count(*) FROM journal WHERE act = 'look.case'");
    ALLOWED(open_inside(&t, "luting", id, ""));
    CHECK(inside(&t, "luting", id));
    CHECK(sees_photos(&t, "luting", id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'look.case'"),
              lines + 1);
    struct str    one = str_fmt(&t.arena, "\"id\":\"%lld\"", (long long)id);
    struct asking seen = town_ask(&t, "wangfang", "look.of-case", "{%.*s}", STR_ARG(one));
    CHECK(str_has(town_answer(&seen), STR("卢婷")));
    CHECK(str_has(town_answer(&seen), STR("承办办件")));
    seen = town_ask(&t, "wangfang", "me.looks", "{}");
    CHECK(str_has(town_answer(&seen), STR("保密")));
    town_close(&t);
}

TEST(who_has_it_not_in_hand_writes_down_why)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    CHECK(shut(&t, "caoyong", id, "asks"));
    CHECK_INT(open_inside(&t, "caoyong", id, "").rc, RC_REFUSED);
    CHECK_INT(open_inside(&t, "caoyong", id, "  ").rc, RC_REFUSED);
    CHECK(shut(&t, "caoyong", id, "asks"));
    ALLOWED(open_inside(&t, "caoyong", id, "派调解员之前要了解"));
    CHECK(inside(&t, "caoyong", id));
    struct asking seen = town_ask(&t, "wangfang", "look.of-case", ONE, (long long)id);
    CHECK(str_has(town_answer(&seen), STR("派调解员之前要了解")));
    seen = town_ask(&t, "audit", "look.of-case", ONE, (long long)id);
    CHECK(str_has(town_answer(&seen), STR("曹勇")));
    CHECK_INT(town_ask(&t, "luting", "look.of-case", ONE, (long long)id).rc, RC_NOT_FOUND);
    town_close(&t);
}

TEST(a_look_opens_for_half_an_hour_to_its_account_alone)
{
    struct town t;

    dispute_town(&t, state);
    int64_t id = dispute_case(&t, "wangfang");
    ALLOWED(open_inside(&t, "luting", id, ""));
    CHECK(shut(&t, "caoyong", id, "asks"));
    ALLOWED(open_inside(&t, "luting", id, "")); /* no second row */
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE kind = 'case'"), 1);
    (void)town_count(&t, "UPDATE looks SET id = id - %lld WHERE kind = 'case'",
                     (long long)(31LL * 60 * 1000) << 22);
    CHECK(shut(&t, "luting", id, "tied"));
    CHECK_INT(open_inside(&t, "zhoulan", id, "想看").rc, RC_NOT_FOUND);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_confidential_case_is_there_for_those_who_have_a_hand_in_it_alone),
        ON_BOTH(nothing_is_done_to_a_confidential_case_by_who_does_not_see_it),
        ON_BOTH(whoever_held_it_sees_it_after_it_went_on),
        ON_BOTH(whoever_was_asked_to_help_sees_it),
        ON_BOTH(a_list_leaves_it_out),
        ON_BOTH(nobody_else_finds_it_by_words_place_or_person),
        ON_BOTH(its_title_is_of_its_kind_and_category_and_has_nobodys_words),
        ON_BOTH(its_words_find_it_for_who_may_open_it_alone),
        ON_BOTH(where_it_is_stands_on_its_card_for_who_holds_or_opened_it_alone),
        ON_BOTH(mediators_are_offered_before_others_with_what_they_have_on_their_hands),
        ON_BOTH(whoever_is_asked_to_mediate_is_told_in_a_sentence),
        ON_BOTH(it_is_in_no_file_of_somebody_elses),
        ON_BOTH(the_inside_opens_by_a_look_that_its_reporter_sees),
        ON_BOTH(who_has_it_not_in_hand_writes_down_why),
        ON_BOTH(a_look_opens_for_half_an_hour_to_its_account_alone),
        ON_BOTH(it_is_suggested_as_alike_to_who_sees_it_alone),
        ON_BOTH(a_link_to_it_is_not_shown),
        ON_BOTH(the_live_stream_tells_nobody_else_that_it_moved),
        ON_BOTH(who_leads_is_told_that_there_is_one_and_nothing_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
