/* Channels: whose they are, whom a case is taken down for, and what is seen of it. */
#include "town_cases.h"

#include "base/json.h"
#include "base/limits.h"

#define FIELDS                                                                             \
    "\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"树木绿化\","   \
    "\"what\":\"枝子压着电线\",\"where\":{\"lat\":32.0103,\"lng\":112.1201,"         \
    "\"area\":\"" TOWN_GRID "\",\"words\":\"3 栋门口\"}}"
#define WANGFANG_PHONE "13712345520"

static struct asking take(struct town *t, const char *login, const char *channel,
                          const char *intake)
{
    return town_ask(t, login, "case.open", "{" FIELDS ",\"channel\":\"%s\"%s%s}", channel,
                    intake[0] ? ",\"intake\":" : "", intake);
}

static const char whole_behalf[] =
    "{\"name\":\"陈秀英\",\"phone\":\"13797555520\",\"relation\":\"邻居\","
    "\"agreed\":\"oral\",\"note\":\"当面说的\"}";

/* ------------------------------------------------------------------ whose */

TEST(a_resident_has_the_resident_page_and_nothing_else)
{
    static const char *const others[] = {
        "desk",   "grid", "phone",   "counter", "letter",
        "behalf", "api",  "open311", "upper",   "import"
    };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(others); i++) {
        struct asking got = take(&t, "wangfang", others[i], whole_behalf);
        CHECK_INT(got.rc, RC_DENIED);
        CHECK_TEXT(town_where(&got), STR("channel"));
        got = town_ask(&t, "wangfang", "case.preview", "{" FIELDS ",\"channel\":\"%s\"}",
                       others[i]);
        CHECK_INT(got.rc, RC_DENIED);
    }
    REFUSED(take(&t, "wangfang", "phone", whole_behalf), RC_DENIED,
            "“来电”不归您用，要有“接听来电”的职责。");
    REFUSED(take(&t, "wangfang", "behalf", whole_behalf), RC_DENIED,
            "“代办”不归您用，要有“替人登记办件”的职责。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    ALLOWED(take(&t, "wangfang", "app", ""));
    ALLOWED(town_ask(&t, "wangfang", "case.open", "{" FIELDS "}"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE channel = 'app'"), 2);
    town_close(&t);
}

/* Who may use which, by their duties: rows of scene/words.def, held to what comes out. */
TEST(staff_use_what_their_duties_let_them_take_down)
{
    static const struct {
        const char *login, *channels;
    } rows[] = {
        { "liumin", "app desk grid behalf " },
        { "zhoulan", "app desk grid phone counter letter behalf " },
        { "sunli", "app desk grid " },
        { "hejing", "app desk grid counter letter behalf " },
        { "gaogong", "app desk grid " },
        { "system", "app " },
    };
    static const char *const all[] = { "app",    "desk",   "grid", "phone",   "counter",
                                       "letter", "behalf", "api",  "open311", "upper" };
    struct town              t;

    town_open(&t, state);
    for (size_t r = 0; r < COUNT(rows); r++)
        for (size_t i = 0; i < COUNT(all); i++) {
            struct str    word = str_fmt(&t.arena, "%s ", all[i]);
            bool          may = str_has(str_of(rows[r].channels), word);
            struct asking got = town_ask(&t, rows[r].login, "case.preview",
                                         "{" FIELDS ",\"channel\":\"%s\"}", all[i]);
            if ((got.rc == RC_OK) != may)
                fail_msg("%s %s: %s", rows[r].login, all[i], rc_word(got.rc).at);
            CHECK(may || got.rc == RC_DENIED);
        }
    town_close(&t);
}

TEST(there_is_no_other_channel)
{
    struct town t;

    town_open(&t, state);
    REFUSED(take(&t, "zhoulan", "pigeon", ""), RC_INVALID, "没有“pigeon”这个渠道。");
    REFUSED(take(&t, "zhoulan", "api", ""), RC_DENIED,
            "“其他系统”不是人用的，请换一个渠道。");
    REFUSED(take(&t, "zhoulan", "import", ""), RC_DENIED,
            "“历史工单”不是人用的，请换一个渠道。");
    town_close(&t);
}

TEST(a_machine_uses_no_channel_of_people)
{
    struct town  t;
    struct actor machine;

    town_open(&t, state);
    machine = town_actor(&t, "zhoulan");
    machine.kind = ACTOR_MACHINE;
    struct asking got = town_ask_as(&t, &machine, "case.open", STR("{" FIELDS "}"));
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "channel"), STR("其他系统"));
    REFUSED(town_ask_as(&t, &machine, "case.open", STR("{" FIELDS ",\"channel\":\"app\"}")),
            RC_DENIED, "“手机”是人用的，接口密钥不能用。");
    town_close(&t);
}

TEST(a_kind_takes_what_its_scene_names)
{
    struct town t;

    town_open(&t, state);
    town_load_scene(&t, "    title: 身边问题\n",
                    "    title: 身边问题\n    channels: [counter, phone, open311]\n");
    REFUSED(take(&t, "zhoulan", "letter", "{\"name\":\"匿名\",\"written\":\"2026-11-20\"}"),
            RC_REFUSED, "“身边问题”不从“来信”收，只从这些渠道收：来电、窗口、公众平台。");
    REFUSED(town_ask(&t, "wangfang", "case.open", "{" FIELDS "}"), RC_DENIED,
            "“身边问题”只从这些渠道收：来电、窗口、公众平台。您从这里报不了。");
    struct asking got = town_ask(&t, "zhoulan", "case.open",
                                 "{" FIELDS ",\"intake\":{\"phone\":\"13797555520\"}}");
    ALLOWED(got);
    CHECK_TEXT(town_member(&t, town_answer(&got), "channel"), STR("来电"));
    town_close(&t);
}

/* --------------------------------------------------------- what is asked */

TEST(each_channel_asks_for_its_own)
{
    static const struct {
        const char *channel, *intake, *where, *says;
    } rows[] = {
        { "behalf", "{\"name\":\"陈秀英\"}", "intake/agreed",
          "请写本人是怎样同意的：口头、书面、电话里，或者监护人同意。" },
        { "behalf", "{\"agreed\":\"oral\"}", "intake/name", "请写是替谁报的。" },
        { "behalf", "{\"name\":\"陈秀英\",\"agreed\":\"guardian\"}", "intake/note",
          "请写是哪位监护人、什么时候同意的。" },
        { "phone", "{\"name\":\"陈秀英\"}", "intake/phone", "请写来电号码。" },
        { "counter", "{}", "intake/name", "请写来的人叫什么名字。" },
        { "letter", "{\"name\":\"匿名\"}", "intake/written", "请写信上的日期。" },
        { "letter", "{\"written\":\"2026-11-20\"}", "intake/name",
          "请写信上署的名字；没有署名就写“匿名”。" },
        { "desk", "{\"name\":\"陈秀英\"}", "intake",
          "“值守台”是自己报的，不写别人；替别人报请选“代办”。" },
    };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct asking got = take(&t, "zhoulan", rows[i].channel, rows[i].intake);
        CHECK_TEXT(town_told(&got), str_of(rows[i].says));
        CHECK_TEXT(town_where(&got), str_of(rows[i].where));
        CHECK_INT(got.rc, RC_REFUSED);
    }
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    town_close(&t);
}

TEST(what_is_wrong_is_told)
{
    static const struct {
        const char *channel, *intake, *says;
    } rows[] = {
        { "behalf", "{\"name\":\"陈秀英\",\"agreed\":\"nod\"}",
          "没有“nod”这种同意：是口头、书面、电话里，或者监护人同意。" },
        { "phone", "{\"phone\":\"1371234\"}", "还差 4 位，手机号是 11 位数字。" },
        { "letter", "{\"name\":\"匿名\",\"written\":\"昨天\"}",
          "信上的日期要写成 2026-11-20 这样。" },
        { "letter", "{\"name\":\"匿名\",\"written\":\"2026-11-24\"}",
          "信上的日期还没有到。" },
    };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct asking got = take(&t, "zhoulan", rows[i].channel, rows[i].intake);
        CHECK_TEXT(town_told(&got), str_of(rows[i].says));
        CHECK_INT(got.rc, RC_INVALID);
    }
    ALLOWED(
        take(&t, "zhoulan", "letter", "{\"name\":\"匿名\",\"written\":\"2026-11-23\"}"));
    town_close(&t);
}

/* ------------------------------------------------------------ who sees it */

TEST(who_it_is_for_has_it_among_their_own_and_who_took_it_down_has_not)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = take(&t, "liumin", "behalf",
               "{\"name\":\"王芳\",\"phone\":\"" WANGFANG_PHONE "\",\"agreed\":\"phone\"}");
    ALLOWED(got);
    int64_t           id = town_id(&t, &got, "id");
    struct case_whole it = town_look(&t, "wangfang", id);
    CHECK(it.reporter.you);
    CHECK_TEXT(it.intake.name, STR("王芳"));
    CHECK_TEXT(it.intake.agreed, STR("电话里同意"));
    CHECK_TEXT(it.intake.by, STR("刘敏"));
    CHECK_TEXT(town_newest(&t, "wangfang"),
               STR("网格员刘敏替您登记了一件身边问题，办件号 1123-0001。"
                   "不是您的意思，请告诉社区。"));
    got = town_ask(&t, "wangfang", "case.list", "{\"view\":\"mine\"}");
    CHECK_INT(town_items(&t, &got), 1);
    got = town_ask(&t, "liumin", "case.list", "{\"view\":\"mine\"}");
    CHECK_INT(town_items(&t, &got), 0);
    CHECK(town_may(&t, "wangfang", id, "withdraw"));
    CHECK(!town_may(&t, "liumin", id, "withdraw"));
    town_close(&t);
}

TEST(nobody_takes_down_their_own_for_themselves)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "*", "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"社区值守\",\"role\":\"desk\","
                     "\"area\":\"" TOWN_COMMUNITY "\"}",
                     (long long)town_account(&t, "wangfang")));
    REFUSED(take(&t, "wangfang", "behalf",
                 "{\"name\":\"王芳\",\"phone\":\"" WANGFANG_PHONE
                 "\",\"agreed\":\"oral\"}"),
            RC_REFUSED, "自己的事不用代办，请自己报。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    town_close(&t);
}

TEST(of_who_was_deleted_nobody_reads_for_whom_it_was_taken_down)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(take(&t, "liumin", "behalf",
                 "{\"name\":\"王芳\",\"phone\":\"" WANGFANG_PHONE
                 "\",\"agreed\":\"phone\"}"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_intakes"), 1);
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_intakes"), 0);
    town_close(&t);
}

TEST(outside_their_area_who_took_it_down_does_not_see_it_again)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = take(&t, "mali", "behalf", whole_behalf); /* of the community next to it */
    ALLOWED(got);
    int64_t id = town_id(&t, &got, "id");
    got = town_ask(&t, "mali", "case.show", "{\"id\":\"%lld\"}", (long long)id);
    CHECK_INT(got.rc, RC_NOT_FOUND);
    struct case_whole it = town_look(&t, "zhoulan", id);
    CHECK_TEXT(it.intake.name, STR("陈**"));
    CHECK_TEXT(it.intake.phone, STR("137****5520"));
    CHECK_TEXT(it.intake.by, STR("马丽"));
    CHECK_TEXT(it.reporter.name, STR("陈**"));
    CHECK_TEXT(it.card.channel, STR("代办"));
    town_close(&t);
}

TEST(a_name_alone_or_another_name_makes_nobody_the_reporter)
{
    static const char *const others[] = {
        "{\"name\":\"王芳\",\"agreed\":\"oral\"}",
        "{\"name\":\"王方\",\"phone\":\"" WANGFANG_PHONE "\",\"agreed\":\"oral\"}",
    };
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < COUNT(others); i++)
        ALLOWED(take(&t, "zhoulan", "behalf", others[i]));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE reporter IS NULL"), 2);
    CHECK_INT((int64_t)town_messages(&t, "wangfang"), 0);
    town_close(&t);
}

TEST(names_and_numbers_are_sealed_and_the_consent_is_told_in_the_journal)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = take(&t, "zhoulan", "behalf", whole_behalf);
    ALLOWED(got);
    struct case_whole it = town_look(&t, "zhoulan", town_id(&t, &got, "id"));
    CHECK_TEXT(((const struct shown_step *)it.timeline.at)[0].text,
               STR("代陈**登记，口头同意，周岚记下。"));
    CHECK(!town_stores(&t, "陈秀英"));
    CHECK(!town_stores(&t, "13797555520"));
    CHECK_INT(town_count(&t,
                         "SELECT count(*) FROM case_intakes WHERE agreed = 'oral'"
                         " AND taken_by = %lld",
                         (long long)town_account(&t, "zhoulan")),
              1);
    town_close(&t);
}

TEST(a_letter_runs_from_its_registration_and_keeps_its_date)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = take(&t, "zhoulan", "letter", "{\"name\":\"陈秀英\",\"written\":\"2026-11-02\"}");
    ALLOWED(got);
    struct case_whole it = town_look(&t, "zhoulan", town_id(&t, &got, "id"));
    CHECK_TEXT(it.intake.written, STR("2026-11-02"));
    CHECK_TEXT(it.card.promise, STR("等您处理，今天 11:00 前受理。"));
    town_close(&t);
}

TEST(a_case_is_found_by_the_number_that_was_given)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    ALLOWED(take(&t, "zhoulan", "counter",
                 "{\"name\":\"陈秀英\",\"phone\":\"137 9755 5520\"}"));
    got = town_ask(&t, "zhoulan", "case.of-person",
                   "{\"phone\":\"13797555520\",\"area\":\"" TOWN_COMMUNITY "\"}");
    ALLOWED(got);
    CHECK_INT(town_items(&t, &got), 1);
    town_close(&t);
}

/* ------------------------------------------------------------- who calls */

TEST(while_it_rings_the_desk_sees_what_that_number_reported_and_what_is_open_first)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t ended = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "wangfang", ended, "withdraw", ""));
    got = take(&t, "zhoulan", "phone", "{\"phone\":\"" WANGFANG_PHONE "\"}");
    ALLOWED(got);
    struct str open = town_member(&t, town_answer(&got), "id");
    ALLOWED(town_move(&t, "wangfang", town_case(&t, "wangfang", "其他"), "withdraw", ""));
    got = town_ask(&t, "zhoulan", "case.of-phone", "{\"phone\":\"137 1234 5520\"}");
    ALLOWED(got);
    struct str answer = town_answer(&got);
    CHECK_TEXT(json_pick_text(&t.arena, answer, "phone"), STR("137****5520"));
    CHECK_TEXT(json_pick_text(&t.arena, answer, "names/*"), STR("王*"));
    CHECK_TEXT(json_pick_text(&t.arena, answer, "open"), STR("1"));
    CHECK_TEXT(json_pick_text(&t.arena, answer, "cases/*/id"), open);
    struct str all[4];
    CHECK_INT(json_pick_all(&t.arena, answer, STR("cases/*/id"), all, COUNT(all)), 3);
    CHECK_TEXT(all[2], str_fmt(&t.arena, "%lld", (long long)ended));
    CHECK(!str_has(answer, STR(WANGFANG_PHONE)));
    town_close(&t);
}

TEST(the_look_at_a_number_is_journaled_with_its_reason_and_seen_by_its_owner)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "zhoulan", "case.of-phone", "{\"phone\":\"" WANGFANG_PHONE "\"}"));
    ALLOWED(town_ask(&t, "zhoulan", "case.of-phone", "{\"phone\":\"13900000000\"}"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'case.of-phone'"),
              2);
    got = town_ask(&t, "wangfang", "me.looks", "{}");
    ALLOWED(got);
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/kind"), STR("call"));
    CHECK_TEXT(json_pick_text(&t.arena, town_answer(&got), "items/*/what"),
               STR("有电话用您的号码打来，接电话的人查了用这个号码报过的事"));
    town_close(&t);
}

TEST(only_who_answers_the_telephone_looks_for_numbers_and_not_without_end)
{
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < 3; i++)
        CHECK_INT(town_ask(&t, (const char *[]){ "wangfang", "liumin", "hejing" }[i],
                           "case.of-phone", "{\"phone\":\"" WANGFANG_PHONE "\"}")
                      .rc,
                  RC_DENIED);
    REFUSED(town_ask(&t, "zhoulan", "case.of-phone", "{\"phone\":\"1371234\"}"), RC_INVALID,
            "还差 4 位，手机号是 11 位数字。");
    CHECK_INT(town_ask(&t, "zhoulan", "case.of-phone",
                       "{\"phone\":\"" WANGFANG_PHONE "\",\"area\":\"" TOWN_NEXT "\"}")
                  .rc,
              RC_DENIED);
    for (size_t i = 0; i < LOOKS_CALLING; i++)
        ALLOWED(town_ask(&t, "zhoulan", "case.of-phone", "{\"phone\":\"13900000000\"}"));
    REFUSED(town_ask(&t, "zhoulan", "case.of-phone", "{\"phone\":\"13900000000\"}"),
            RC_DENIED, "您今天已经按来电号码查了 300 次，请换一位同事接听，或者找领导。");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(a_resident_has_the_resident_page_and_nothing_else),
        ON_SQLITE(staff_use_what_their_duties_let_them_take_down),
        ON_SQLITE(there_is_no_other_channel),
        ON_SQLITE(a_machine_uses_no_channel_of_people),
        ON_SQLITE(a_kind_takes_what_its_scene_names),
        ON_BOTH(each_channel_asks_for_its_own),
        ON_SQLITE(what_is_wrong_is_told),
        ON_BOTH(who_it_is_for_has_it_among_their_own_and_who_took_it_down_has_not),
        ON_BOTH(nobody_takes_down_their_own_for_themselves),
        ON_BOTH(of_who_was_deleted_nobody_reads_for_whom_it_was_taken_down),
        ON_SQLITE(outside_their_area_who_took_it_down_does_not_see_it_again),
        ON_SQLITE(a_name_alone_or_another_name_makes_nobody_the_reporter),
        ON_BOTH(names_and_numbers_are_sealed_and_the_consent_is_told_in_the_journal),
        ON_SQLITE(a_letter_runs_from_its_registration_and_keeps_its_date),
        ON_BOTH(a_case_is_found_by_the_number_that_was_given),
        ON_BOTH(
            while_it_rings_the_desk_sees_what_that_number_reported_and_what_is_open_first),
        ON_BOTH(the_look_at_a_number_is_journaled_with_its_reason_and_seen_by_its_owner),
        ON_SQLITE(only_who_answers_the_telephone_looks_for_numbers_and_not_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
