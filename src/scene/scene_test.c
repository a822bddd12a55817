#include "scene/scene.h"

#include <stdio.h>
#include <string.h>

#include "files.h"
#include "guard/actor.h"
#include "scene/check.h"
#include "scene/scene_print.h"
#include "scene/schema.h"
#include "test.h"

enum { TEST_BYTES = 64 << 20 };

static struct arena arena;

static int before(void **state)
{
    (void)state;
    arena_init(&arena, TEST_BYTES);
    return 0;
}

static int after(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* ---- given ---- */

static struct scene_list lists[8];

static size_t given_lists(void)
{
    lists[0] =
        (struct scene_list){ .name = STR("lists/duties"),
                             .text = test_file(&arena, STR("scenes/lists/duties.yaml")) };
    lists[1] =
        (struct scene_list){ .name = STR("lists/events"),
                             .text = test_file(&arena, STR("scenes/lists/events.yaml")) };
    lists[2] = (struct scene_list){ .name = STR("lists/twins"),
                                    .text = test_file(
                                        &arena, STR("tests/bad-scenes/lists/twins.yaml")) };
    return 3;
}

static enum rc read_text(struct str file, struct str text, struct problems *problems,
                         struct scene **scene)
{
    struct scene_pack pack = { .file = file, .text = text, .lists = lists, .version = 7 };

    pack.nlists = given_lists();
    problems_init(problems, &arena);
    return scene_read(&pack, problems, scene);
}

static struct scene *given_scene(struct str text)
{
    struct problems problems;
    struct scene   *scene = NULL;

    if (read_text(STR("scene.yaml"), text, &problems, &scene) != RC_OK)
        fail_msg("%lld:%lld: %.*s", (long long)problems.first->line,
                 (long long)problems.first->column, STR_ARG(problems.first->says));
    return scene;
}

static struct scene *given_snap(void)
{
    return given_scene(test_file(&arena, STR("scenes/snap/scene.yaml")));
}

static struct str told(const struct problems *problems)
{
    struct str text = STR("");

    for (const struct problem *problem = problems->first; problem; problem = problem->next)
        text = str_fmt(&arena, "%.*s%.*s:%lld:%lld: %.*s\n", STR_ARG(text),
                       STR_ARG(problem->where), (long long)problem->line,
                       (long long)problem->column, STR_ARG(problem->says));
    return text;
}

/* ---- mistakes ---- */

TEST(every_mistake_is_told_with_its_place_and_the_right_word)
{
    size_t      n;
    struct str *names = test_names(&arena, STR("tests/bad-scenes"), STR(".yaml"), &n);

    CHECK(n >= 30);
    for (size_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(&arena);
        struct str      path = str_fmt(&arena, "tests/bad-scenes/%.*s", STR_ARG(names[i]));
        struct str      file = str_fmt(&arena, "%.*s.yaml", STR_ARG(names[i]));
        struct problems problems;
        struct scene   *scene;

        CHECK_INT(read_text(file,
                            test_file(&arena, str_fmt(&arena, "%.*s.yaml", STR_ARG(path))),
                            &problems, &scene),
                  RC_INVALID);
        CHECK(scene == NULL);
        CHECK_TEXT(told(&problems),
                   test_file(&arena, str_fmt(&arena, "%.*s.expect", STR_ARG(path))));
        arena_back(&arena, mark);
    }
}

TEST(a_scene_without_duties_is_refused)
{
    struct str        text = test_file(&arena, STR("scenes/snap/scene.yaml"));
    struct scene_pack pack = { .file = STR("scene.yaml"),
                               .text = text,
                               .lists = lists + 1 };
    struct problems   problems;
    struct scene     *scene;

    pack.nlists = given_lists() - 1;
    problems_init(&problems, &arena);
    CHECK_INT(scene_read(&pack, &problems, &scene), RC_INVALID);
    CHECK_TEXT(told(&problems), STR("scene.yaml:1:1: 没有职责列表“lists/duties.yaml”。\n"));
}

static struct str duties_told(struct str duties)
{
    struct scene_list list = { .name = STR("lists/duties"), .text = duties };
    struct scene_pack pack = {
        .file = STR("scene.yaml"), .text = STR("scene: a\n"), .lists = &list, .nlists = 1
    };
    struct problems problems;
    struct scene   *scene;

    problems_init(&problems, &arena);
    CHECK_INT(scene_read(&pack, &problems, &scene), RC_INVALID);
    return told(&problems);
}

TEST(a_duty_of_no_role_or_level_is_told)
{
    struct str says = duties_told(STR("duties:\n  甲: {role: dask, level: comunity}\n"));

    CHECK(str_has(
        says,
        STR("lists/duties:2:13: 没有“dask”这种角色，您是不是想写“desk（社区值守）”？")));
    CHECK(str_has(says,
                  STR("没有“comunity”这种辖区层级，您是不是想写“community（社区）”？")));
}

TEST(a_duty_is_handed_up_to_one_that_exists_and_stands_higher)
{
    CHECK(str_has(duties_told(STR("duties:\n  甲: {role: desk, level: city, above: 乙}\n")),
                  STR("可是没有这个职责")));
    CHECK(str_has(duties_told(STR("duties:\n  甲: {role: desk, level: city, above: 乙}\n"
                                  "  乙: {role: desk, level: grid}\n")),
                  STR("可是那个职责的辖区更小")));
    CHECK(str_has(duties_told(STR("duties:\n  甲: {role: desk, level: city, above: 乙}\n"
                                  "  乙: {role: desk, level: city, above: 甲}\n")),
                  STR("“甲”往上报，又会回到“甲”")));
}

TEST(a_duty_whose_role_may_not_work_on_cases_makes_no_move)
{
    struct problems problems;
    struct scene   *scene;
    struct str      text = test_file(&arena, STR("tests/bad-scenes/unknown-duty.yaml"));
    struct str_cut  at = str_cut(text, '\n');

    CHECK(at.ok);
    lists[0].name = STR("lists/duties");
    lists[0].text = STR("duties:\n  社区值手: {role: audit, level: community}\n"
                        "  社区值守: {role: desk, level: community}\n");
    problems_init(&problems, &arena);
    CHECK_INT(scene_read(
                  &(struct scene_pack){
                      .file = STR("s"), .text = text, .lists = lists, .nlists = 1 },
                  &problems, &scene),
              RC_INVALID);
    CHECK_TEXT(told(&problems),
               STR("s:14:56: “社区值手”的角色是“审计管理员”，没有“办理办件”的权限。\n"));
}

/* ---- both languages ---- */

static void check_twins(const struct scene *scene)
{
    struct str en = scene_print(&arena, scene, RULE_EN),
               zh = scene_print(&arena, scene, RULE_ZH);
    struct scene *from_en = given_scene(en), *from_zh = given_scene(zh);

    CHECK_TEXT(scene_print(&arena, from_en, RULE_EN), en);
    CHECK_TEXT(scene_print(&arena, from_en, RULE_ZH), zh);
    CHECK_TEXT(scene_print(&arena, from_zh, RULE_EN), en);
    CHECK_TEXT(scene_print(&arena, from_zh, RULE_ZH), zh);
    scene_free(&from_en);
    scene_free(&from_zh);
}

TEST(a_scene_reads_back_the_same_from_either_language)
{
    struct scene *scene = given_snap();

    check_twins(scene);
    CHECK(str_has(scene_print(&arena, scene, RULE_ZH),
                  STR("由: 承办方 或 职责（“社区值守”）")));
    scene_free(&scene);
}

TEST(texts_that_yaml_would_misread_are_quoted)
{
    struct str     plain = test_file(&arena, STR("tests/bad-scenes/unknown-state.yaml"));
    struct str_cut head = str_cut(plain, '\n');
    struct str     text = str_fmt(&arena, "%.*s\ntitle: '- it''s: #1, [好]'\n%.*s",
                                  STR_ARG(head.head), STR_ARG(str_cut(head.tail, '\n').tail));
    char          *z = str_z(&arena, text), *to = strstr(z, "to: close,");
    struct str     mended = str_fmt(&arena, "%.*sto: closed,%s", (int)(to - z), z, to + 10);
    struct scene  *scene = given_scene(mended);

    CHECK_TEXT(scene->title, STR("- it's: #1, [好]"));
    check_twins(scene);
    scene_free(&scene);
}

/* The bad scene of services with its three mistakes put right. */
static struct scene *given_service(void)
{
    static const struct {
        struct str was, is;
    } rights[] = {
        { STR_INIT("promise: 2 working days"),
          STR_INIT("promise: 2 working days, source: 示例") },
        { STR_INIT("[{example: 照片}]"),
          STR_INIT("[{title: 旧证, example: 照片, original: true}, {title: 表}], steps: "
                   "[申请, 领取]") },
        { STR_INIT(", say: 不行"), STR_INIT("") },
        { STR_INIT("    route:"),
          STR_INIT(
              "    clocks:\n      resolve: {limit: 4 h, promised: true}\n    route:") },
    };
    struct str text = test_file(&arena, STR("tests/bad-scenes/service-mistakes.yaml"));

    for (size_t i = 0; i < COUNT(rights); i++) {
        const char *z = str_z(&arena, text), *at = strstr(z, str_z(&arena, rights[i].was));
        CHECK(at != NULL);
        text = str_fmt(&arena, "%.*s%.*s%s", (int)(at - z), z, STR_ARG(rights[i].is),
                       at + rights[i].was.len);
    }
    return given_scene(text);
}

TEST(a_service_says_what_to_bring_and_what_is_promised)
{
    struct scene             *scene = given_service();
    const struct case_kind   *kind = &scene->kinds[0];
    const struct scene_guide *guide = &kind->fields[0].options[2].guide;

    CHECK_INT(guide->nmaterials, 2);
    CHECK(guide->materials[0].original && !guide->materials[1].original);
    CHECK_TEXT(guide->steps[1], STR("领取"));
    CHECK_INT(kind_promise(kind, STR("不亮")).kind, SPAN_WORKING_DAYS);
    CHECK_INT(kind_promise(kind, STR("不亮")).amount, 2);
    CHECK_INT(kind_promise(kind, STR("闪")).kind, SPAN_NONE);
    CHECK_INT(kind_promise(kind, STR_NONE).kind, SPAN_NONE);
    check_twins(scene);
    scene_free(&scene);
}

TEST(the_template_is_a_whole_scene)
{
    char *text = str_z(&arena, test_file(&arena, STR("scenes/_template/scene.yaml")));

    for (char *mark = text; (mark = strstr(mark, "@name@"));)
        memcpy(mark, "sample", 6);
    for (char *mark = text; (mark = strstr(mark, "@title@"));)
        memcpy(mark, "a scene", 7);
    struct scene *scene = given_scene(str_of(text));
    check_twins(scene);
    scene_free(&scene);
}

TEST(a_word_means_one_thing_in_both_languages)
{
    static const struct words *const all[] = {
        &asks_words,  &needs_words,  &clock_words,   &effect_words,
        &grade_words, &status_words, &level_words,   &people_words,
        &role_words,  &by_words,     &channel_words, &weekday_words
    };

    for (size_t w = 0; w < COUNT(all); w++)
        for (size_t i = 0; i < all[w]->n; i++) {
            CHECK_INT(words_find(all[w], all[w]->all[i].word), i);
            CHECK_INT(words_find(all[w], all[w]->all[i].zh), i);
        }
}

/* ---- the documentation ---- */

TEST(the_documentation_has_every_word)
{
    struct str doc = test_file(&arena, STR("docs/scenes.md"));
    struct str tables = schema_markdown(&arena);

    if (!str_ends(doc, tables)) {
        printf("docs/scenes.md shall end with:\n%.*s", STR_ARG(tables));
        fail_msg("the tables are not those of today");
    }
}

/* The text between the n-th pair of ```yaml and ```. */
static struct str example(struct str doc, int n)
{
    char *text = str_z(&arena, doc), *at = text;

    for (; n; n--)
        at = strstr(at, "```yaml\n") + 8;
    return str_slice(at, (size_t)(strstr(at, "```") - at));
}

TEST(the_examples_of_the_documentation_are_one_scene_in_two_languages)
{
    struct str    doc = test_file(&arena, STR("docs/scenes.md"));
    struct scene *en = given_scene(example(doc, 1)), *zh = given_scene(example(doc, 2));

    CHECK_TEXT(scene_print(&arena, zh, RULE_EN), scene_print(&arena, en, RULE_EN));
    scene_free(&en);
    scene_free(&zh);
}

/* ---- what engines read ---- */

TEST(a_scene_keeps_what_was_written_and_where)
{
    struct scene             *scene = given_snap();
    const struct case_kind   *kind = scene_kind(scene, STR("problem"));
    const struct scene_move  *move = kind_move(kind, STR("reopen"));
    const struct scene_field *field = kind_field(kind, STR("category"));

    CHECK_INT(scene->version, 7);
    CHECK_INT(kind->clocks[CLOCK_ACCEPT].limit.kind, SPAN_REAL);
    CHECK_INT(kind->clocks[CLOCK_ACCEPT].limit.amount, 2 * 3600 * 1000);
    CHECK_INT(kind->clocks[CLOCK_RESOLVE].limit.kind, SPAN_WORKING_DAYS);
    CHECK_INT(kind->clocks[CLOCK_ANSWER].limit.kind, SPAN_NONE);
    CHECK(!(kind->clocks[CLOCK_ACCEPT].until >> kind->begins & 1));
    CHECK_INT(kind->alike.distance_m, 250);
    CHECK_INT(kind->alike.within_ms, INT64_C(30) * 86400 * 1000);
    CHECK(kind->urgent != NULL);
    CHECK_TEXT(kind->states[move->to].name, STR("handling"));
    CHECK_INT(move->needs, NEEDS_REASON);
    CHECK_INT(move->effects[0].kind, EFFECT_UNSOLVED);
    CHECK_INT(move->effects[1].kind, EFFECT_ESCALATE);
    CHECK_INT(move->effects[2].kind, EFFECT_TELL);
    CHECK(field->noptions > 10 && field->options[0].group.len &&
          field->options[0].at.file == 2);
    CHECK(field->at.line > 5 && field->at.column == 7);
    scene_free(&scene);
}

struct given {
    const struct scene *scene;
    struct case_record  record;
    struct rule_value   fields[SCENE_FIELDS_MAX];
    struct hold         hold;
    struct actor        actor;
};

static void given_case(struct given *given, const struct scene *scene, struct str category,
                       struct str area)
{
    const struct case_kind *kind = &scene->kinds[0];

    *given = (struct given){ .scene = scene };
    given->record = (struct case_record){ .scene = scene,
                                          .kind = kind,
                                          .fields = given->fields,
                                          .area = area,
                                          .county = STR("420602"),
                                          .asker = &given->actor,
                                          .now_ms = 1 };
    given->fields[kind_field(kind, STR("category")) - kind->fields] = rule_text(category);
    given->actor =
        (struct actor){ .kind = ACTOR_PERSON, .account = 5, .holds = &given->hold };
}

static void given_duty(struct given *given, struct str duty, struct str area)
{
    given->hold = (struct hold){ .duty = duty, .area = area };
    given->actor.nholds = 1;
}

static enum rule_truth may(const struct given *given, struct str move)
{
    return case_rule_test(kind_move(given->record.kind, move)->by, &given->record, NULL);
}

TEST(a_move_is_made_by_whom_its_rule_says_and_nobody_else)
{
    struct scene *scene = given_snap();
    struct given  given;

    given_case(&given, scene, STR("燃气"), STR("420602001002003"));
    CHECK(may(&given, STR("accept")) == RULE_NO);
    given_duty(&given, STR("社区值守"), STR("420602001002"));
    CHECK(may(&given, STR("accept")) == RULE_YES);
    CHECK(may(&given, STR("rate")) == RULE_NO);
    given_duty(&given, STR("社区值守"), STR("420602001003"));
    CHECK(may(&given, STR("accept")) == RULE_NO);
    given.record.relations = 1u << RELATION_HOLDER;
    CHECK(may(&given, STR("accept")) == RULE_YES);
    given_duty(&given, STR("社区值守"), STR("420602001002"));
    CHECK(may(&given, STR("follow_up")) == RULE_NO);
    given.record.relations = 1u << RELATION_REPORTER;
    CHECK(may(&given, STR("rate")) == RULE_YES);
    scene_free(&scene);
}

static struct case_target routed(const struct given *given)
{
    const struct case_kind *kind = given->record.kind;
    struct case_target      target = { .duty = STR_NONE };

    for (size_t i = 0; i < kind->nroutes; i++)
        if (case_rule_test(kind->routes[i].when, &given->record, NULL) == RULE_YES &&
            case_rule_target(kind->routes[i].to, &given->record, &target))
            break;
    return target;
}

TEST(a_case_is_routed_by_what_it_is_and_where)
{
    struct scene *scene = given_snap();
    struct given  given;

    given_case(&given, scene, STR("燃气"), STR("420602001002003"));
    CHECK_INT(routed(&given).kind, TARGET_ORG);
    CHECK_TEXT(routed(&given).duty, STR("公用事业"));
    CHECK_TEXT(routed(&given).area, STR("420602"));
    given_case(&given, scene, STR("市容环境"), STR("420602001002003"));
    CHECK_TEXT(routed(&given).duty, STR("网格员"));
    CHECK_TEXT(routed(&given).area, STR("420602001002003"));
    given_case(&given, scene, STR("市容环境"), STR("420602001002"));
    CHECK_TEXT(routed(&given).duty, STR("社区值守"));
    given_case(&given, scene, STR("噪声扰民"), STR("420602001002003"));
    CHECK_TEXT(routed(&given).area, STR("420602001002"));
    scene_free(&scene);
}

TEST(what_is_urgent_and_what_is_stopped_follows_from_the_answers)
{
    struct scene           *scene = given_snap();
    const struct case_kind *kind = &scene->kinds[0];
    struct given            given;

    given_case(&given, scene, STR("火情"), STR("420602001002"));
    CHECK(case_rule_test(kind->stops[0].when, &given.record, NULL) == RULE_YES);
    CHECK(case_rule_test(kind->urgent, &given.record, NULL) == RULE_UNKNOWN);
    given_case(&given, scene, STR("燃气"), STR("420602001002"));
    CHECK(case_rule_test(kind->stops[0].when, &given.record, NULL) == RULE_NO);
    CHECK(case_rule_test(kind_field(kind, STR("urgent"))->ask, &given.record, NULL) ==
          RULE_YES);
    given.fields[kind_field(kind, STR("urgent")) - kind->fields] = rule_truth_value(true);
    CHECK(case_rule_test(kind->urgent, &given.record, NULL) == RULE_YES);
    given.record.my_phone = STR("13800000000");
    CHECK_TEXT(case_rule_value(kind_field(kind, STR("contact"))->fills, &given.record).text,
               STR("13800000000"));
    scene_free(&scene);
}

TEST(reopening_ends_after_fifteen_days)
{
    struct scene            *scene = given_snap();
    const struct scene_rule *when = kind_move(&scene->kinds[0], STR("reopen"))->when;
    struct given             given;

    given_case(&given, scene, STR("燃气"), STR("420602001002"));
    CHECK(case_rule_test(when, &given.record, NULL) == RULE_UNKNOWN);
    given.record.answered_ms = INT64_C(1790000000000);
    given.record.now_ms = given.record.answered_ms + INT64_C(15) * 86400000;
    CHECK(case_rule_test(when, &given.record, NULL) == RULE_YES);
    given.record.now_ms += 86400000;
    CHECK(case_rule_test(when, &given.record, NULL) == RULE_NO);
    scene_free(&scene);
}

/* ---- who may do what, and what a new version breaks ---- */

TEST(the_table_of_rights_says_who_and_who_not)
{
    struct scene *scene = given_snap();
    struct str    table = scene_table(&arena, scene);

    CHECK(str_has(table, STR("| 受理 | 承办方；社区值守 | 待受理 | 已受理 |")));
    CHECK(str_has(table, STR("| 回访未解决 | 街道值守；回访员；区指挥中心 |")));
    CHECK(str_has(table, STR("| 看报事人的电话 | 承办方 | 在办的 |")));
    scene_free(&scene);
}

TEST(a_new_version_says_what_running_cases_would_miss)
{
    struct scene *old = given_snap();
    char         *text = str_z(&arena, scene_print(&arena, old, RULE_EN));
    char         *photos = strstr(text, "photos: {title");

    memcpy(photos, "images", 6);
    struct str mended =
        str_fmt(&arena, "%.*swhat, images]}%s", (int)(strstr(text, "what, photos]") - text),
                text, strstr(text, "what, photos]") + 14);
    struct scene *now = given_scene(mended);
    CHECK_TEXT(scene_changes(&arena, old, now),
               STR("“身边问题”少了字段“photos”（照片）：填过的内容没有地方放。\n"));
    CHECK_TEXT(scene_changes(&arena, old, old), STR(""));
    scene_free(&old);
    scene_free(&now);
}

TEST(a_new_version_says_who_sees_telephones_now)
{
    struct scene *old = given_snap();
    struct str    text = scene_print(&arena, old, RULE_EN), line = STR("calls: holder");
    const char   *at = memmem(text.at, text.len, line.at, line.len);

    CHECK(at != NULL);
    struct str    before = str_slice(text.at, (size_t)(at - text.at) + line.len);
    struct scene *now =
        given_scene(str_cat(&arena, before, STR(" or helper"), str_skip(text, before.len)));
    CHECK_TEXT(scene_changes(&arena, old, now),
               STR("“身边问题”里能看报事人电话的人变了：holder or helper。\n"));
    scene_free(&old);
    scene_free(&now);
}

/* ---- limits ---- */

TEST(reading_survives_the_loss_of_any_allocation)
{
    struct str    text = test_file(&arena, STR("scenes/snap/scene.yaml"));
    struct scene *scene = NULL;
    enum rc       rc = RC_INTERNAL;

    given_lists();
    for (size_t n = 1; rc != RC_OK && n < 100000; n += n < 300 ? 1 : 37) {
        struct arena      own;
        struct problems   problems;
        struct scene_pack pack = {
            .file = STR("scene.yaml"), .text = text, .lists = lists, .nlists = 2
        };

        arena_init(&own, TEST_BYTES);
        problems_init(&problems, &own);
        arena_fail_at(n);
        rc = scene_read(&pack, &problems, &scene);
        arena_fail_at(0);
        CHECK(rc == RC_OK || (rc == RC_TOO_LARGE && !scene));
        arena_free(&own);
    }
    CHECK_INT(rc, RC_OK);
    scene_free(&scene);
}

#define IN_OWN_ARENA(test) cmocka_unit_test_setup_teardown(test, before, after)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_OWN_ARENA(every_mistake_is_told_with_its_place_and_the_right_word),
        IN_OWN_ARENA(a_scene_without_duties_is_refused),
        IN_OWN_ARENA(a_duty_of_no_role_or_level_is_told),
        IN_OWN_ARENA(a_duty_is_handed_up_to_one_that_exists_and_stands_higher),
        IN_OWN_ARENA(a_duty_whose_role_may_not_work_on_cases_makes_no_move),
        IN_OWN_ARENA(a_scene_reads_back_the_same_from_either_language),
        IN_OWN_ARENA(texts_that_yaml_would_misread_are_quoted),
        IN_OWN_ARENA(a_service_says_what_to_bring_and_what_is_promised),
        IN_OWN_ARENA(the_template_is_a_whole_scene),
        IN_OWN_ARENA(a_word_means_one_thing_in_both_languages),
        IN_OWN_ARENA(the_documentation_has_every_word),
        IN_OWN_ARENA(the_examples_of_the_documentation_are_one_scene_in_two_languages),
        IN_OWN_ARENA(a_scene_keeps_what_was_written_and_where),
        IN_OWN_ARENA(a_move_is_made_by_whom_its_rule_says_and_nobody_else),
        IN_OWN_ARENA(a_case_is_routed_by_what_it_is_and_where),
        IN_OWN_ARENA(what_is_urgent_and_what_is_stopped_follows_from_the_answers),
        IN_OWN_ARENA(reopening_ends_after_fifteen_days),
        IN_OWN_ARENA(the_table_of_rights_says_who_and_who_not),
        IN_OWN_ARENA(a_new_version_says_what_running_cases_would_miss),
        IN_OWN_ARENA(a_new_version_says_who_sees_telephones_now),
        IN_OWN_ARENA(reading_survives_the_loss_of_any_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
