/* Open311's rules through the gate: what is offered, what is taken, what the public sees.
 * tests/system/open311-test speaks to a real server. */
#include "town_cases.h"

#include <string.h>

#include "engine/open311/open311.h"

static const struct str open_county[] = { STR_INIT(TOWN_COUNTY) };

/* The town with a platform in the street. */
static void platform_open(struct town *t, void **state)
{
    open311_told(&(struct open311_options){ open_county, 1, true });
    town_open(t, state);
    town_employ(t, "paishou", "襄阳随手拍", "公众平台", "portal", TOWN_COUNTY);
}

/* Its code as the list of services has it. */
static struct str code_of(struct town *t, const char *name)
{
    struct asking      all = town_ask(t, "", "open311.services", "{}");
    struct json_member one;

    CHECK_INT(town_must(all), RC_OK);
    struct str items = town_member(t, town_answer(&all), "items");
    for (struct str rest = json_inside(items); json_member(&t->arena, &rest, &one);)
        if (str_eq(town_member(t, one.value, "service_name"), str_of(name)))
            return town_member(t, one.value, "service_code");
    return STR("none");
}

#define HERE "\"lat\":\"32.0103\",\"long\":\"112.1201\""

static struct asking report(struct town *t, const char *service, const char *more)
{
    struct str code = code_of(t, service);

    return town_ask(t, "paishou", "case.open311", "{\"service_code\":\"%.*s\",%s}",
                    STR_ARG(code), more);
}

static int64_t reported(struct town *t, const char *service, const char *more)
{
    struct asking got = report(t, service, more);
    int64_t       id = 0;

    CHECK_INT(town_must(got), RC_OK);
    struct str items = town_member(t, town_answer(&got), "items");
    struct str text = json_pick_text(&t->arena, items, "*/service_request_id");
    CHECK(str_int64(text, &id));
    return id;
}

/* The request as anybody sees it; "" when it is not there. */
static struct str seen(struct town *t, int64_t id)
{
    struct asking got = town_ask(t, "", "open311.request",
                                 "{\"service_request_id\":\"%lld\"}", (long long)id);

    return got.rc == RC_OK ? json_pick(&t->arena, town_answer(&got), "items/*") : STR("");
}

static struct asking update(struct town *t, int64_t id, const char *name,
                            const char *status, const char *at)
{
    return town_ask(
        t, "paishou", "case.update311",
        "{\"service_request_id\":\"%lld\",\"update_id\":\"%s\",\"status\":\"%s\","
        "\"updated_datetime\":\"%s\",\"description\":\"居民说：还在漏\"}",
        (long long)id, name, status, at);
}

/* ---------------------------------------------------------------- what is offered */

TEST(a_scene_that_is_open_gives_a_service_for_each_of_its_categories)
{
    struct town t;

    platform_open(&t, state);
    struct asking all = town_ask(&t, "", "open311.services", "{}");
    CHECK_INT(town_items(&t, &all), 16);
    CHECK(!str_has(town_answer(&all), STR("火情"))); /* nobody may report it here */
    struct str first = json_pick(&t.arena, town_answer(&all), "items/*");
    CHECK_TEXT(json_pick_text(&t.arena, first, "service_name"), STR("积水管网"));
    CHECK_TEXT(json_pick_text(&t.arena, first, "group"), STR("公用设施"));
    CHECK_TEXT(json_pick_text(&t.arena, first, "type"), STR("realtime"));
    CHECK_TEXT(json_pick(&t.arena, first, "metadata"), STR("true"));
    town_close(&t);
}

TEST(a_service_keeps_its_code_when_the_scene_changes_around_it)
{
    struct town t;

    platform_open(&t, state);
    struct str before = str_copy(&t.arena, code_of(&t, "燃气"));
    town_load_scene(&t, "title: 回电,", "title: 联系电话,");
    CHECK_TEXT(code_of(&t, "燃气"), before);
    town_close(&t);
}

TEST(a_kind_without_the_word_is_not_offered)
{
    struct town t;

    platform_open(&t, state);
    town_load_scene(
        &t,
        "    open311:                    # 公众平台能报、能看；没有列出的状态是 OPEN\n"
        "      - {in: accepted, status: FOR_TRIAGE}\n"
        "      - {in: handling, status: IN_PROGRESS}\n"
        "      - {in: waiting, status: ACTION_SCHEDULED}\n"
        "      - {in: answered, status: FIXED}\n"
        "      - {in: closed, status: CLOSED}\n"
        "      - {in: refused, status: NO_FURTHER_ACTION}\n"
        "      - {in: withdrawn, status: CANCELLED}\n"
        "      - {in: merged, status: DUPLICATE}\n",
        "");
    struct asking all = town_ask(&t, "", "open311.services", "{}");
    CHECK_INT(town_items(&t, &all), 0);
    town_close(&t);
}

TEST(attributes_are_what_the_kind_asks_beside_what_every_report_has)
{
    struct town t;

    platform_open(&t, state);
    struct asking got = town_ask(&t, "", "open311.service", "{\"service_code\":\"%.*s\"}",
                                 STR_ARG(code_of(&t, "燃气")));
    struct str    all = town_member(&t, town_answer(&got), "attributes");
    CHECK_TEXT(json_pick_text(&t.arena, all, "*/code"), STR("urgent"));
    CHECK_TEXT(json_pick_text(&t.arena, all, "*/datatype"), STR("singlevaluelist"));
    CHECK_TEXT(json_pick(&t.arena, all, "*/order"), STR("1"));
    CHECK_TEXT(json_pick_text(&t.arena, all, "*/values/*/key"), STR("yes"));
    /* It is asked for some categories only. */
    got = town_ask(&t, "", "open311.service", "{\"service_code\":\"%.*s\"}",
                   STR_ARG(code_of(&t, "垃圾卫生")));
    CHECK_TEXT(town_member(&t, town_answer(&got), "attributes"), STR("[]"));
    REFUSED(town_ask(&t, "", "open311.service", "{\"service_code\":\"none\"}"),
            RC_NOT_FOUND, "没有这项服务。");
    town_close(&t);
}

TEST(a_county_that_is_not_open_is_not_there)
{
    struct town t;

    platform_open(&t, state);
    REFUSED(town_ask(&t, "", "open311.services", "{\"jurisdiction_id\":\"420606\"}"),
            RC_NOT_FOUND, "没有这个区县，或者没有开通。");
    ALLOWED(town_ask(&t, "", "open311.services", "{\"jurisdiction_id\":\"420602\"}"));
    open311_told(&(struct open311_options){ 0 });
    REFUSED(town_ask(&t, "", "open311.services", "{}"), RC_NOT_FOUND,
            "这里没有开通公众平台接口。");
    REFUSED(town_ask(&t, "paishou", "case.open311", "{\"service_code\":\"x\"," HERE "}"),
            RC_NOT_FOUND, "这里没有开通公众平台接口。");
    town_close(&t);
}

/* ------------------------------------------------------------------- what is taken */

TEST(a_report_becomes_a_case_of_the_platform_with_its_telephone_sealed)
{
    struct town t;

    platform_open(&t, state);
    int64_t id =
        reported(&t, "燃气",
                 HERE ",\"description\":\"楼下闻到燃气味。\\n三天了\","
                      "\"phone\":\"+86 137-1234-5520\","
                      "\"attributes\":[{\"code\":\"urgent\",\"values\":[\"yes\"]}]");
    struct case_whole whole = town_look(&t, "paishou", id);
    CHECK_TEXT(whole.card.title, STR("楼下闻到燃气味"));
    CHECK_TEXT(whole.card.category, STR("燃气"));
    CHECK_TEXT(whole.card.channel, STR("公众平台"));
    CHECK(whole.card.urgent);
    CHECK_TEXT(whole.card.area, STR(TOWN_GRID)); /* of the house that stands there */
    CHECK_TEXT(whole.reporter.phone, STR("13712345520"));
    CHECK(!town_stores(&t, "13712345520"));
    /* Its people see who it came from, and route it as ever. */
    whole = town_look(&t, "hejing", id);
    CHECK_TEXT(whole.reporter.name, STR("襄阳随手拍"));
    CHECK_INT(whole.holder.org, t.gas);
    town_close(&t);
}

TEST(four_thousand_characters_are_taken_and_kept_and_not_one_more)
{
    struct town t;
    static char words[3 * 4001 + 1];

    platform_open(&t, state);
    for (size_t i = 0; i < 4001; i++)
        memcpy(words + 3 * i, "灯", 3);
    REFUSED(
        report(&t, "照明电路",
               str_z(&t.arena, str_fmt(&t.arena, HERE ",\"description\":\"%s\"", words))),
        RC_INVALID, "情况最多写 4000 个字，现在有 4001 个。");
    words[3 * 4000] = '\0';
    int64_t id =
        reported(&t, "照明电路",
                 str_z(&t.arena, str_fmt(&t.arena, HERE ",\"description\":\"%s\"", words)));
    struct case_whole         whole = town_look(&t, "zhoulan", id);
    const struct shown_field *fields = whole.fields.at;
    for (size_t i = 0; i < whole.fields.n; i++)
        if (str_eq(fields[i].name, STR("what")))
            CHECK_INT(str_chars(fields[i].text), 4000);
    /* And it still moves. */
    ALLOWED(town_move(&t, "zhoulan", id, "accept", ""));
    town_close(&t);
}

TEST(links_are_kept_for_people_to_open_and_only_safe_ones)
{
    struct town t;

    platform_open(&t, state);
    struct asking got =
        report(&t, "垃圾卫生",
               HERE ",\"description\":\"垃圾\",\"media_url\":["
                    "\"https://photos.example.cn/1.jpg\","
                    "\"http://10.0.0.1/admin\",\"data:image/png;base64,AA\"]");
    CHECK_INT(town_must(got), RC_OK);
    CHECK(str_has(town_answer(&got), STR("照片地址只收 https:// 开头的")));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE fields LIKE "
                             "'%%https://photos.example.cn/1.jpg%%' AND fields NOT LIKE "
                             "'%%10.0.0.1%%' AND fields NOT LIKE '%%base64%%'"),
              1);
    town_close(&t);
}

TEST(where_it_is_comes_from_houses_from_names_or_from_a_code)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", "\"address_string\":\"檀溪街道檀溪社区 5 号\"");
    CHECK_TEXT(town_look(&t, "paishou", id).card.area, STR(TOWN_NEXT));
    id = reported(&t, "垃圾卫生", "\"address_id\":\"" TOWN_COMMUNITY "\"");
    CHECK_TEXT(town_look(&t, "paishou", id).card.area, STR(TOWN_COMMUNITY));
    /* Cut by a client that drops zeros. */
    id = reported(
        &t, "垃圾卫生",
        "\"lat\":\"+32.\",\"long\":\"112.1\",\"address_string\":\"檀溪街道滨湖社区\"");
    CHECK_TEXT(town_look(&t, "paishou", id).card.area, STR(TOWN_COMMUNITY));
    town_close(&t);
}

TEST(a_place_outside_the_county_or_none_at_all_is_refused)
{
    static const struct {
        const char *place, *says;
    } bad[] = {
        { "\"description\":\"没有地点\"",
          "请写明地点：lat 和 long，或者 address_string，或者 address_id。" },
        { "\"lat\":\"32.0103\"", "lat 和 long 要一起写。" },
        { "\"lat\":\"三十二\",\"long\":\"112\"",
          "坐标要写成小数度数（WGS-84），例如 32.0103。" },
        { "\"lat\":\"32\",\"long\":\"东经 112 度\"",
          "坐标要写成小数度数（WGS-84），例如 32.0103。" },
        { "\"lat\":\"1e999\",\"long\":\"112\"",
          "坐标要写成小数度数（WGS-84），例如 32.0103。" },
        { "\"lat\":\"39.9\",\"long\":\"116.4\"",
          "认不出这是本区县哪个社区：附近没有登记过的房屋。请在 address_string "
          "里写明街道和社区，或用 address_id 写社区代码。" },
        { "\"lat\":\"39.9\",\"long\":\"116.4\",\"address_string\":\"檀溪街道\"",
          "这个地点不在本区县。" },
        { "\"address_id\":\"420606002\"", "这个地点不在本区县。" },
        { "\"address_id\":\"420606001\"", "address_id 要是街道、社区或网格的代码。" },
        { "\"address_id\":\"'; DROP\"", "address_id 要是街道、社区或网格的代码。" },
    };
    struct town t;

    platform_open(&t, state);
    (void)town_count(&t, "INSERT INTO areas (code, parent, level, name, kind, source)"
                         " VALUES ('420606002', '420606', 4, '王寨街道', '', 'test')");
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct asking got = report(&t, "垃圾卫生", bad[i].place);
        CHECK_TEXT(town_told(&got), str_of(bad[i].says));
        CHECK_INT(got.rc, RC_INVALID);
    }
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    town_close(&t);
}

TEST(only_a_platform_may_report_and_only_in_its_area)
{
    struct town t;

    platform_open(&t, state);
    struct str body = str_fmt(&t.arena, "{\"service_code\":\"%.*s\"," HERE "}",
                              STR_ARG(code_of(&t, "燃气")));
    static const char *const others[] = { "wangfang", "zhoulan", "hejing", "system", "*" };
    for (size_t i = 0; i < COUNT(others); i++) {
        struct actor actor = town_actor(&t, others[i]);
        CHECK_INT(town_ask_as(&t, &actor, "case.open311", body).rc, RC_DENIED);
    }
    CHECK_INT(town_ask(&t, "", "case.open311", "%.*s", STR_ARG(body)).rc,
              RC_UNAUTHENTICATED);
    struct actor      narrow = town_actor(&t, "paishou");
    const struct hold next = { STR_INIT("公众平台"), ROLE_PORTAL, STR_INIT(TOWN_NEXT), 0,
                               0 };
    narrow.holds = &next;
    REFUSED(town_ask_as(&t, &narrow, "case.open311", body), RC_DENIED,
            "这个地点不在密钥的辖区里。");
    town_close(&t);
}

TEST(of_several_counties_one_is_named_and_the_key_is_of_that_one)
{
    static const struct str counties[] = { STR_INIT(TOWN_COUNTY), STR_INIT("420606") };
    struct town             t;

    platform_open(&t, state);
    struct str code = code_of(&t, "燃气");
    open311_told(&(struct open311_options){ counties, 2, true });
    REFUSED(town_ask(&t, "", "open311.services", "{}"), RC_INVALID,
            "这里有几个区县，请用 jurisdiction_id 写明是哪一个（区县代码）。");
    REFUSED(town_ask(&t, "paishou", "case.open311",
                     "{\"jurisdiction_id\":\"420606\",\"service_code\":\"%.*s\"," HERE "}",
                     STR_ARG(code)),
            RC_DENIED, "这把密钥不是这个区县的。");
    ALLOWED(town_ask(&t, "paishou", "case.open311",
                     "{\"jurisdiction_id\":\"" TOWN_COUNTY
                     "\",\"service_code\":\"%.*s\"," HERE "}",
                     STR_ARG(code)));
    town_close(&t);
}

TEST(a_platform_reports_for_many_and_is_not_held_to_one_residents_day)
{
    struct town t;

    platform_open(&t, state);
    for (int i = 0; i < CASES_PER_DAY_MAX + 1; i++)
        (void)reported(&t, "垃圾卫生", HERE);
    town_close(&t);
}

TEST(what_a_stop_says_is_told)
{
    struct town t;

    platform_open(&t, state);
    town_load_scene(
        &t, "{when: 'category = \"火情\"', say: 请先拨打 119，本平台不代替报警。}",
        "{when: 'category = \"燃气\" and urgent', say: 请先拨打燃气抢修电话。}");
    REFUSED(report(&t, "燃气",
                   HERE ",\"attributes\":[{\"code\":\"urgent\",\"values\":[\"true\"]}]"),
            RC_REFUSED, "请先拨打燃气抢修电话。");
    town_close(&t);
}

TEST(attributes_that_fit_no_answer_are_told_and_strangers_are_let_by)
{
    struct town t;

    platform_open(&t, state);
    REFUSED(report(&t, "燃气",
                   HERE ",\"attributes\":[{\"code\":\"urgent\",\"values\":[\"maybe\"]}]"),
            RC_INVALID, "紧急吗要回答是或否。");
    REFUSED(report(&t, "燃气",
                   HERE
                   ",\"attributes\":[{\"code\":\"urgent\",\"values\":[\"yes\",\"no\"]}]"),
            RC_INVALID, "紧急吗只能选一个。");
    /* Nobody gets at a field that stands for something else. */
    int64_t id =
        reported(&t, "燃气",
                 HERE ",\"attributes\":[{\"code\":\"category\",\"values\":[\"治安\"]},"
                      "{\"code\":\"easting\",\"values\":[\"1\"]}]");
    CHECK_TEXT(town_look(&t, "paishou", id).card.category, STR("燃气"));
    town_close(&t);
}

TEST(a_telephone_that_nobody_can_call_does_not_lose_the_report)
{
    struct town t;

    platform_open(&t, state);
    struct asking got = report(&t, "燃气", HERE ",\"phone\":\"+44 20 7946 0000\"");
    CHECK_INT(town_must(got), RC_OK);
    CHECK(str_has(town_answer(&got), STR("电话号码认不出，没有留下。")));
    town_close(&t);
}

TEST(a_key_made_of_the_report_counts_for_ten_minutes)
{
    struct town t;

    platform_open(&t, state);
    struct actor actor = town_actor(&t, "paishou");
    struct str   body = str_fmt(&t.arena, "{\"service_code\":\"%.*s\"," HERE "}",
                                STR_ARG(code_of(&t, "燃气")));
    for (int i = 0; i < 3; i++) {
        struct asking asking = { .arena = &t.arena,
                                 .act = acts_find(STR("case.open311")),
                                 .actor = &actor,
                                 .key = STR("0123456789abcdef"),
                                 .key_ms = OPEN311_REPEAT_MS };
        CHECK_INT(gate_read_args(&asking, NULL, 0, body), RC_OK);
        gate_ask_wait(t.gate, &asking, t.db);
        CHECK_INT(town_must(asking), RC_OK);
        CHECK_INT(asking.repeated, i == 1);
        CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), i < 2 ? 1 : 2);
        town_later(&t, i == 0 ? OPEN311_REPEAT_MS - 1000 : OPEN311_REPEAT_MS);
    }
    town_close(&t);
}

/* ------------------------------------------------------------- what the public sees */

TEST(the_public_sees_state_place_and_time_and_nobody)
{
    struct town t;

    platform_open(&t, state);
    int64_t    id = town_case(&t, "wangfang", "燃气");
    struct str shown = seen(&t, id);
    CHECK_TEXT(json_pick_text(&t.arena, shown, "status"), STR("open"));
    CHECK_TEXT(json_pick_text(&t.arena, shown, "status_notes"), STR("待受理"));
    CHECK_TEXT(json_pick_text(&t.arena, shown, "service_name"), STR("燃气"));
    CHECK_TEXT(json_pick_text(&t.arena, shown, "service_code"), code_of(&t, "燃气"));
    CHECK_TEXT(json_pick_text(&t.arena, shown, "agency_responsible"), STR("襄城燃气"));
    CHECK_TEXT(json_pick(&t.arena, shown, "lat"), STR("32.0103"));
    CHECK_TEXT(json_pick(&t.arena, shown, "description"),
               STR("null")); /* looked at first */
    CHECK(str_starts(json_pick_text(&t.arena, shown, "requested_datetime"),
                     STR("2026-11-23T09:00"))); /* the clock runs on */
    CHECK(str_starts(json_pick_text(&t.arena, shown, "expected_datetime"),
                     STR("2026-11-23T11:00")));
    CHECK(!str_has(shown, STR("王芳")) && !str_has(shown, STR("1371234")) &&
          !str_has(shown, STR("137*"))); /* ids may begin like a telephone */
    ALLOWED(town_move(
        &t, "hejing", id, "dispatch",
        ",\"target\":{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":\"" TOWN_GRID "\"}"));
    CHECK_TEXT(json_pick_text(&t.arena, seen(&t, id), "agency_responsible"),
               STR("滨湖社区 社区值守"));
    town_close(&t);
}

TEST(words_that_nobody_has_to_look_at_first_are_shown)
{
    struct town t;

    platform_open(&t, state);
    town_load_scene(&t, "review: [what, photos]", "review: photos");
    int64_t id = town_case(&t, "wangfang", "燃气");
    CHECK_TEXT(json_pick_text(&t.arena, seen(&t, id), "description"),
               STR("3 栋门口的事。第二句。"));
    town_load_scene(&t, "hide: contact, review: [what, photos]",
                    "hide: [what, where, contact]");
    id = town_case(&t, "wangfang", "燃气");
    CHECK_TEXT(json_pick(&t.arena, seen(&t, id), "description"), STR("null"));
    CHECK_TEXT(json_pick(&t.arena, seen(&t, id), "lat"), STR("null"));
    CHECK_TEXT(json_pick(&t.arena, seen(&t, id), "address"), STR("null"));
    town_close(&t);
}

TEST(kinds_that_are_not_public_are_taken_and_not_shown)
{
    struct town t;

    platform_open(&t, state);
    town_load_scene(&t, "public: {default: true", "public: {default: false");
    int64_t id = reported(&t, "燃气", HERE);
    CHECK_TEXT(seen(&t, id), STR(""));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM open311_requests"), 0);
    town_close(&t);
}

TEST(a_deleted_or_shielded_persons_cases_are_gone_from_the_public)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "燃气");
    ALLOWED(town_move(&t, "gaogong", id, "accept", ""));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM open311_updates"), 1);
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    CHECK_TEXT(seen(&t, id), STR(""));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM open311_updates"), 0);
    town_close(&t);
}

TEST(lists_go_by_service_state_and_time)
{
    struct town t;

    platform_open(&t, state);
    int64_t gas = town_case(&t, "wangfang", "燃气");
    town_later(&t, 3600 * 1000);
    int64_t lamp = town_case(&t, "wangfang", "照明电路");
    ALLOWED(town_move(&t, "wangfang", gas, "withdraw", ""));
    const struct {
        const char *asked;
        int64_t     first;
        size_t      n;
    } lists[] = {
        { "", lamp, 2 },
        { "\"status\":\"open\"", lamp, 1 },
        { "\"status\":\"closed\"", gas, 1 },
        { "\"status\":\"open, closed\"", lamp, 2 },
        { "\"service_code\":\"@\"", gas, 1 },
        { "\"service_code\":\"nothing,@\",\"status\":\"open\"", 0, 0 },
        { "\"end_date\":\"2026-11-23T09:30:00+08:00\"", gas, 1 },
        { "\"start_date\":\"2026-11-23T01:30:00Z\"", lamp, 1 },
        { "\"start_date\":\"2026-11-23T09:30:00 08:00\"", lamp, 1 }, /* "+" unescaped */
        { "\"start_date\":\"2026-11-24T09:30:00Z\"", 0, 0 },
    };
    struct str code = code_of(&t, "燃气");
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct str_cut cut = str_cut(str_of(lists[i].asked), '@');
        struct asking  got =
            town_ask(&t, "", "open311.requests", "{%.*s%.*s%.*s}", STR_ARG(cut.head),
                     STR_ARG(cut.ok ? code : STR("")), STR_ARG(cut.tail));
        CHECK_INT(town_must(got), RC_OK);
        CHECK_INT(town_items(&t, &got), lists[i].n);
        struct str first =
            json_pick_text(&t.arena, town_answer(&got), "items/*/service_request_id");
        if (lists[i].n)
            CHECK_TEXT(first, str_fmt(&t.arena, "%lld", (long long)lists[i].first));
    }
    struct asking got =
        town_ask(&t, "", "open311.requests",
                 "{\"service_request_id\":\"%lld,x,1, %lld\",\"status\":\"?\"}",
                 (long long)gas, (long long)lamp);
    CHECK_INT(town_items(&t, &got), 2);
    REFUSED(town_ask(&t, "", "open311.requests", "{\"status\":\"done\"}"), RC_INVALID,
            "status 只能是 open、closed。");
    struct str many = STR("1");
    for (int i = 0; i < OPEN311_NAMED_MAX; i++)
        many = str_cat(&t.arena, many, STR(",1"));
    REFUSED(town_ask(&t, "", "open311.requests", "{\"service_request_id\":\"%.*s\"}",
                     STR_ARG(many)),
            RC_INVALID, "一次最多写 50 个。");
    REFUSED(town_ask(&t, "", "open311.requests", "{\"start_date\":\"昨天\"}"), RC_INVALID,
            "时间要写成 2026-11-22T14:03:07+08:00，带时区。");
    REFUSED(town_ask(&t, "", "open311.requests",
                     "{\"start_date\":\"2026-01-01T00:00:00Z\",\"end_date\":"
                     "\"2026-06-01T00:00:00Z\"}"),
            RC_INVALID, "start_date 到 end_date 最多 90 天。");
    town_close(&t);
}

/* ----------------------------------------------------------------------- updates */

TEST(each_change_of_state_is_an_update_in_the_scenes_own_words)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", HERE);
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    ALLOWED(town_finish(&t, "liumin", id));
    struct asking got = town_ask(&t, "", "open311.updates", "{}");
    CHECK_INT(town_items(&t, &got), 2);
    CHECK(str_has(town_answer(&got),
                  STR("\"status\":\"IN_PROGRESS\",\"description\":\"开始办了\"")));
    CHECK(
        str_has(town_answer(&got), STR("\"status\":\"FIXED\",\"description\":\"已办结\"")));
    CHECK(
        !str_has(town_answer(&got), STR("换好了"))); /* told to the reporter, not to all */
    CHECK_TEXT(json_pick_text(&t.arena, seen(&t, id), "status"), STR("closed"));
    town_close(&t);
}

TEST(an_update_that_says_not_solved_reopens_by_the_reporters_own_move)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", HERE);
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    ALLOWED(town_finish(&t, "liumin", id));
    town_later(&t, 60 * 1000);
    ALLOWED(update(&t, id, "u1", "OPEN", "2026-11-23T09:01:00+08:00"));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    town_close(&t);
}

TEST(an_update_without_another_state_is_a_remark_that_its_holder_hears_of)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", HERE);
    size_t  before = town_messages(&t, "liumin");
    ALLOWED(update(&t, id, "u1", "INVESTIGATING", "2026-11-23T09:00:00+08:00"));
    CHECK_TEXT(town_state(&t, id), STR("new"));
    CHECK_INT(town_messages(&t, "liumin"), before + 1);
    CHECK(str_has(town_newest(&t, "liumin"), STR("居民说：还在漏。")));
    struct case_whole whole = town_look(&t, "zhoulan", id);
    CHECK_TEXT(((const struct shown_step *)whole.timeline.at)[0].text,
               STR("居民说：还在漏"));
    /* The list goes on as it was: it is no change of state. */
    struct asking got = town_ask(&t, "", "open311.updates", "{}");
    CHECK_INT(town_items(&t, &got), 0);
    town_close(&t);
}

TEST(an_update_that_is_older_never_overwrites_a_newer_state)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", HERE);
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    town_later(&t, 10 * 60 * 1000);
    ALLOWED(town_finish(&t, "liumin", id));
    town_later(&t, 60 * 1000);
    ALLOWED(
        update(&t, id, "u1", "OPEN", "2026-11-23T09:05:00+08:00")); /* before it was done */
    CHECK_TEXT(town_state(&t, id), STR("answered"));
    /* Nor one that is older than another of its own. */
    ALLOWED(update(&t, id, "u2", "CLOSED", "2026-11-23T09:10:30+08:00"));
    ALLOWED(update(&t, id, "u3", "OPEN", "2026-11-23T09:10:20+08:00"));
    CHECK_TEXT(town_state(&t, id), STR("answered"));
    town_close(&t);
}

/* Else nothing that its platform says afterwards would ever count. */
TEST(an_update_from_a_clock_that_is_fast_counts_as_of_now)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", HERE);
    ALLOWED(update(&t, id, "u1", "OPEN", "2030-01-01T00:00:00+08:00"));
    ALLOWED(town_move(&t, "liumin", id, "start", ""));
    ALLOWED(town_finish(&t, "liumin", id));
    town_later(&t, 60 * 1000);
    ALLOWED(update(&t, id, "u2", "OPEN", "2026-11-23T09:01:00+08:00"));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    town_close(&t);
}

TEST(an_update_is_taken_once_by_its_name)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = reported(&t, "垃圾卫生", HERE);
    ALLOWED(update(&t, id, "u1", "OPEN", "2026-11-23T09:00:00+08:00"));
    REFUSED(update(&t, id, "u1", "OPEN", "2026-11-23T09:00:00+08:00"), RC_CONFLICT,
            "这条进展已经收到过。");
    CHECK_INT(town_version(&t, id), 2);
    town_close(&t);
}

TEST(an_update_says_nothing_of_what_others_reported)
{
    struct town t;

    platform_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "燃气");
    REFUSED(update(&t, id, "u1", "CLOSED", "2026-11-23T09:00:00+08:00"), RC_NOT_FOUND,
            "没有这件诉求。");
    REFUSED(update(&t, id, "u1", "DONE", "2026-11-23T09:00:00+08:00"), RC_INVALID,
            "没有“DONE”这种状态。");
    REFUSED(update(&t, id, "u1", "OPEN", "今天"), RC_INVALID,
            "时间要写成 2026-11-22T14:03:07+08:00，带时区。");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_scene_that_is_open_gives_a_service_for_each_of_its_categories),
        ON_BOTH(a_service_keeps_its_code_when_the_scene_changes_around_it),
        ON_BOTH(a_kind_without_the_word_is_not_offered),
        ON_BOTH(attributes_are_what_the_kind_asks_beside_what_every_report_has),
        ON_BOTH(a_county_that_is_not_open_is_not_there),
        ON_BOTH(a_report_becomes_a_case_of_the_platform_with_its_telephone_sealed),
        ON_BOTH(four_thousand_characters_are_taken_and_kept_and_not_one_more),
        ON_BOTH(links_are_kept_for_people_to_open_and_only_safe_ones),
        ON_BOTH(where_it_is_comes_from_houses_from_names_or_from_a_code),
        ON_BOTH(a_place_outside_the_county_or_none_at_all_is_refused),
        ON_BOTH(only_a_platform_may_report_and_only_in_its_area),
        ON_BOTH(of_several_counties_one_is_named_and_the_key_is_of_that_one),
        ON_BOTH(a_platform_reports_for_many_and_is_not_held_to_one_residents_day),
        ON_BOTH(what_a_stop_says_is_told),
        ON_BOTH(attributes_that_fit_no_answer_are_told_and_strangers_are_let_by),
        ON_BOTH(a_telephone_that_nobody_can_call_does_not_lose_the_report),
        ON_BOTH(a_key_made_of_the_report_counts_for_ten_minutes),
        ON_BOTH(the_public_sees_state_place_and_time_and_nobody),
        ON_BOTH(words_that_nobody_has_to_look_at_first_are_shown),
        ON_BOTH(kinds_that_are_not_public_are_taken_and_not_shown),
        ON_BOTH(a_deleted_or_shielded_persons_cases_are_gone_from_the_public),
        ON_BOTH(lists_go_by_service_state_and_time),
        ON_BOTH(each_change_of_state_is_an_update_in_the_scenes_own_words),
        ON_BOTH(an_update_that_says_not_solved_reopens_by_the_reporters_own_move),
        ON_BOTH(an_update_without_another_state_is_a_remark_that_its_holder_hears_of),
        ON_BOTH(an_update_that_is_older_never_overwrites_a_newer_state),
        ON_BOTH(an_update_from_a_clock_that_is_fast_counts_as_of_now),
        ON_BOTH(an_update_is_taken_once_by_its_name),
        ON_BOTH(an_update_says_nothing_of_what_others_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
