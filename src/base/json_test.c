#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

struct spot {
    double     lat, lon;
    struct str text;
};

static const struct field spot_fields[] = {
    FIELD(struct spot, lat, REQUIRED, .min = -90, .max = 90, .title = STR_INIT("纬度")),
    FIELD(struct spot, lon, REQUIRED, .min = -180, .max = 180, .title = STR_INIT("经度")),
    FIELD(struct spot, text, .max = 20, .title = STR_INIT("地址")),
};

struct report {
    int64_t     id, at, stars;
    bool        urgent;
    double      weight;
    struct str  what, hash, fields;
    struct spot where;
    struct list photos, spots, words;
};

static const struct field report_fields[] = {
    FIELD_ID(struct report, id, OPTIONAL),
    FIELD_TIME(struct report, at, OPTIONAL),
    FIELD(struct report, stars, .min = 1, .max = 5, .title = STR_INIT("星级")),
    FIELD(struct report, urgent, OPTIONAL),
    FIELD(struct report, weight, OPTIONAL),
    FIELD(struct report, what, REQUIRED, .max = 8, .title = STR_INIT("情况")),
    FIELD_BYTES(struct report, hash, .max = 4),
    FIELD_RAW(struct report, fields, OPTIONAL),
    FIELD_STRUCT(struct report, where, spot_fields, .title = STR_INIT("位置")),
    FIELD_LIST_OF(struct report, photos, KIND_ID, .max = 3, .title = STR_INIT("照片")),
    FIELD_LIST(struct report, spots, struct spot, spot_fields, OPTIONAL),
    FIELD_LIST_OF(struct report, words, KIND_TEXT, .max = 600),
};

struct reading {
    struct arena    arena;
    struct problems problems;
    struct report   report;
    enum rc         rc;
};

static struct reading reading;

static enum rc read_report(struct str text)
{
    arena_free(&reading.arena);
    reading = (struct reading){ 0 };
    arena_init(&reading.arena, 4 << 20);
    problems_init(&reading.problems, &reading.arena);
    return reading.rc = json_read(&reading.arena, text, report_fields, COUNT(report_fields),
                                  &reading.report, &reading.problems);
}

static enum rc check(struct str text)
{
    arena_free(&reading.arena);
    reading = (struct reading){ 0 };
    arena_init(&reading.arena, 4 << 20);
    problems_init(&reading.problems, &reading.arena);
    return reading.rc = json_check(&reading.arena, text, &reading.problems);
}

/* The one and only problem. */
static void expect(const char *text, const char *where, const char *says)
{
    CHECK_INT(read_report(str_of(text)), RC_INVALID);
    CHECK_TEXT(reading.problems.first->says, str_of(says));
    CHECK_TEXT(reading.problems.first->where, str_of(where));
    CHECK_INT(reading.problems.n, 1);
}

TEST(a_whole_object_comes_into_its_struct)
{
    CHECK_INT(
        read_report(
            STR(" { \"id\" : \"77\", \"at\":\"2026-11-22T14:03:07.120+08:00\",\"stars\":-0,"
                "\"stars \\u0020\":1}")),
        RC_INVALID);
    CHECK_INT(
        read_report(STR(
            "{\"id\":\"77\",\"at\":\"2026-11-22T14:03:07.120+08:00\",\"stars\":5,\n"
            "\"urgent\":true,\"weight\":2.5e3,\"what\":\"井\\u76d6\\n\\ud842\\udfb7\","
            "\"hash\":\"00fF\",\"fields\": {\"a\" : [1, {}]} ,\"where\":{\"lat\":32.0103,"
            "\"lon\":112,\"text\":null},\"photos\":[\"1\",\"2\"],"
            "\"spots\":[{\"lat\":1,\"lon\":2},{\"lon\":4,\"lat\":-3.25}],"
            "\"words\":[\"\",\"二\"]}")),
        RC_OK);
    const struct report *r = &reading.report;
    CHECK_INT(r->id, 77);
    CHECK_INT(r->stars, 5);
    CHECK(r->urgent && r->weight == 2500);
    CHECK_TEXT(clock_iso(&reading.arena, r->at), STR("2026-11-22T14:03:07.120+08:00"));
    CHECK_TEXT(r->what, STR("井盖\n𠮷"));
    CHECK_TEXT(r->hash, STR("\0\xff"));
    CHECK_TEXT(r->fields, STR("{\"a\" : [1, {}]}"));
    CHECK(r->where.lat == 32.0103 && r->where.lon == 112 && !r->where.text.at);
    CHECK_INT(r->photos.n, 2);
    CHECK_INT(((const int64_t *)r->photos.at)[1], 2);
    CHECK_INT(r->spots.n, 2);
    CHECK(((const struct spot *)r->spots.at)[1].lat == -3.25);
    CHECK_TEXT(((const struct str *)r->words.at)[1], STR("二"));
}

TEST(text_without_escapes_borrows_from_the_input)
{
    struct str text = STR("{\"what\":\"井盖\"}");

    CHECK_INT(read_report(text), RC_OK);
    CHECK(reading.report.what.at == text.at + 9);
}

TEST(null_and_missing_leave_what_was_there)
{
    struct report report = { .stars = 3, .id = 9 };

    (void)read_report(STR("{\"what\":\"x\"}"));
    CHECK_INT(json_read(&reading.arena, STR("{\"what\":\"x\",\"stars\":null,\"id\":null}"),
                        report_fields, COUNT(report_fields), &report, &reading.problems),
              RC_OK);
    CHECK_INT(report.stars, 3);
    CHECK_INT(report.id, 9);
}

TEST(each_mistake_has_its_sentence_and_its_place)
{
    expect("{}", "what", "情况还没有填，请填上。");
    expect("{\"what\":null}", "what", "情况还没有填，请填上。");
    expect("{\"what\":\" \\t　\"}", "what", "情况还没有填，请填上。");
    expect("{\"what\":1}", "what", "情况要填文字。");
    expect("{\"what\":\"一二三四五六七八九\"}", "what", "情况最多写 8 个字，现在有 9 个。");
    expect("{\"what\":\"x\",\"what\":\"y\"}", "what", "情况写了两遍，请只留一个。");
    expect("{\"what\":\"x\",\"wat\":[1,{}]}", "wat", "没有“wat”这一项。");
    expect("{\"what\":\"x\",\"stars\":6}", "stars", "星级要在 1 到 5 之间，现在是 6。");
    expect("{\"what\":\"x\",\"stars\":4.0}", "stars", "星级要填整数。");
    expect("{\"what\":\"x\",\"stars\":\"4\"}", "stars", "星级要填整数。");
    expect("{\"what\":\"x\",\"stars\":1234567890123456789}", "stars",
           "这个数字太长了，最多 18 位。");
    expect("{\"what\":\"x\",\"weight\":1e309}", "weight", "“weight”太大了，系统记不下。");
    expect("{\"what\":\"x\",\"urgent\":1}", "urgent",
           "“urgent”只能填是（true）或否（false）。");
    expect("{\"what\":\"x\",\"id\":7}", "id", "“id”要填编号，就是引号里的一串数字。");
    expect("{\"what\":\"x\",\"id\":\"0\"}", "id", "“id”要填编号，就是引号里的一串数字。");
    expect("{\"what\":\"x\",\"at\":\"2026-02-30T00:00:00Z\"}", "at",
           "“at”要填时间，写成 2026-11-22T14:03:07+08:00 这样。");
    expect("{\"what\":\"x\",\"hash\":\"0g\"}", "hash", "“hash”要填引号里的十六进制数字。");
    expect("{\"what\":\"x\",\"hash\":\"0011223344\"}", "hash",
           "“hash”最多 4 个字节，现在有 5 个。");
    expect("{\"what\":\"x\",\"where\":[]}", "where", "位置要填写在 { } 里的一组内容。");
    expect("{\"what\":\"x\",\"where\":{\"lat\":1}}", "where/lon", "经度还没有填，请填上。");
    expect("{\"what\":\"x\",\"where\":{\"lat\":91,\"lon\":1}}", "where/lat",
           "纬度要在 -90 到 90 之间，现在是 91。");
    expect("{\"what\":\"x\",\"photos\":{}}", "photos", "照片要填写在 [ ] 里的一列内容。");
    expect("{\"what\":\"x\",\"photos\":[\"1\",\"2\",\"a\"]}", "photos/2",
           "照片第 3 项要填编号，就是引号里的一串数字。");
    expect("{\"what\":\"x\",\"photos\":[null]}", "photos/0",
           "照片第 1 项要填编号，就是引号里的一串数字。");
    expect("{\"what\":\"x\",\"photos\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}", "photos",
           "照片最多 3 项，现在有 5 项。");
    expect("{\"what\":\"x\",\"spots\":[{\"lat\":1,\"lon\":1},{\"lat\":1}]}", "spots/1/lon",
           "经度还没有填，请填上。");
    expect("{\"what\":\"x\",\"fields\":{\"a\":[{\"b\":1,\"\\u0062\":2}]}}", "fields/a/0/b",
           "“b”写了两遍，请只留一个。");
    expect("{\"what\":\"x\",\"fields\":[12345678901234567890]}", "fields/0",
           "这个数字太长了，最多 18 位。");
    expect("{\"what\":\"x\",\"fields\":[1e400]}", "fields/0", "这个数字太大了。");
}

TEST(a_mistake_in_the_grammar_ends_it)
{
    expect("", "", "格式不对：没有收到内容。");
    expect("[]", "", "格式不对：这里应当是“{”。");
    expect("{", "", "格式不对：内容没有写完。");
    expect("{\"what\"", "", "格式不对：内容没有写完。");
    expect("{\"what\":", "what", "格式不对：内容没有写完。");
    expect("{\"what\":\"x", "what", "格式不对：内容没有写完。");
    expect("{\"what\":\"x\\", "what", "格式不对：内容没有写完。");
    expect("{what:1}", "", "格式不对：这里应当是一项的名字，写在引号里。");
    expect("{\"what\" 1}", "", "格式不对：名字后面应当是冒号。");
    expect("{\"what\":tru}", "what", "格式不对：这里应当是一个值。");
    expect("{\"what\":\"x\",}", "", "格式不对：这里应当是一项的名字，写在引号里。");
    expect("{\"what\":\"x\" \"y\"}", "", "格式不对：这里应当是逗号或“}”。");
    expect("{\"what\":\"x\",\"photos\":[\"1\" 2]}", "photos",
           "格式不对：这里应当是逗号或“]”。");
    expect("{\"what\":\"x\",\"photos\":[\"1\",]}", "photos/1",
           "格式不对：这里应当是一个值。");
    expect("{\"what\":\"x\"}}", "", "格式不对：内容后面还有多余的文字。");
    expect("{\"what\":\"\\x\"}", "what", "格式不对：这个转义写法不对。");
    expect("{\"what\":\"\\u0000\"}", "what", "格式不对：这个转义写法不对。");
    expect("{\"what\":\"\\ud800\"}", "what", "格式不对：这个转义写法不对。");
    expect("{\"what\":\"\\ud800\\u0041\"}", "what", "格式不对：这个转义写法不对。");
    expect("{\"what\":\"\\udc00\"}", "what", "格式不对：这个转义写法不对。");
    expect("{\"what\":\"\xed\xa0\x80\"}", "what", "格式不对：文字不是 UTF-8 编码。");
    expect("{\"what\":\"\xe6\x88\"}", "what", "格式不对：文字不是 UTF-8 编码。");
    expect("{\"what\":\"a\nb\"}", "what", "格式不对：文字里有控制字符，换行请写成 \\n。");
    expect("{\"stars\":-}", "stars", "格式不对：数字写得不对。");
    expect("{\"stars\":1.}", "stars", "格式不对：数字写得不对。");
    expect("{\"weight\":01}", "", "格式不对：这里应当是逗号或“}”。");
    expect("\xef\xbb\xbf{}", "", "格式不对：这里应当是“{”。");
}

TEST(several_mistakes_are_told_at_once_with_line_and_column)
{
    CHECK_INT(read_report(STR("{\n  \"stars\": 6,\n  \"情\": 1, \"urgent\": \"no\"\n}")),
              RC_INVALID);
    const struct problem *p = reading.problems.first;
    const int64_t         at[][2] = { { 2, 12 }, { 3, 3 }, { 3, 21 }, { 1, 1 } };
    for (size_t i = 0; i < COUNT(at); i++, p = p->next) {
        CHECK_INT(p->line, at[i][0]);
        CHECK_INT(p->column, at[i][1]);
    }
    CHECK(p == NULL);
}

TEST(an_object_inside_another_text_says_the_whole_path)
{
    struct spot spot = { 0 };

    (void)read_report(STR("{\"what\":\"x\"}"));
    CHECK_INT(json_read_at(&reading.arena, STR("{\"lat\":1}"), STR("fields/where"),
                           spot_fields, COUNT(spot_fields), &spot, &reading.problems),
              RC_INVALID);
    CHECK_TEXT(reading.problems.first->where, STR("fields/where/lon"));
}

TEST(depth_members_and_length_have_limits)
{
    static char text[200000];

    CHECK_INT(check(STR("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]")), RC_OK);
    CHECK_INT(check(STR("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]")), RC_INVALID);
    CHECK_TEXT(reading.problems.first->says, STR("格式不对：层次太深，最多 16 层。"));

    for (int n = JSON_MEMBERS_MAX; n <= JSON_MEMBERS_MAX + 2; n++) {
        char *at = stpcpy(text, "{");
        for (int i = 0; i < n; i++)
            at += snprintf(at, 20, "%s\"%d\":0", i ? "," : "", i);
        *stpcpy(at, "}") = '\0';
        CHECK_INT(check(str_of(text)), n > JSON_MEMBERS_MAX ? RC_INVALID : RC_OK);
        CHECK_INT(reading.problems.n, n > JSON_MEMBERS_MAX);
    }
    for (size_t n = JSON_TEXT_MAX; n <= JSON_TEXT_MAX + 1; n++) {
        memset(text, 'x', n + 2);
        text[0] = text[n + 1] = '"';
        CHECK_INT(check(str_slice(text, n + 2)), n > JSON_TEXT_MAX ? RC_INVALID : RC_OK);
    }
}

TEST(a_number_has_at_most_18_digits_that_count)
{
    const struct {
        const char *text;
        enum rc     rc;
    } numbers[] = {
        { "999999999999999999", RC_OK },
        { "-999999999999999999", RC_OK },
        { "1000000000000000000", RC_INVALID },
        { "-1000000000000000000", RC_INVALID },
        { "9223372036854775807", RC_INVALID },
        { "1.23456789012345678", RC_OK },
        { "1.234567890123456789", RC_INVALID },
        { "1.000000000000000000", RC_INVALID },
        { "-0.00012345678901234567e-100", RC_OK },
        { "0.000000000000000000000000000001", RC_OK },
        { "0.0000000000000000000000000000001", RC_INVALID },
        { "1e00000000000000000000000000005", RC_OK },
        { "1e0000000000000000000000000000005", RC_INVALID },
    };

    for (size_t i = 0; i < COUNT(numbers); i++)
        CHECK_INT(check(str_of(numbers[i].text)), numbers[i].rc);
    CHECK_INT(check(STR("[1234567890123456789,1e309]")), RC_INVALID);
    CHECK_INT(reading.problems.n, 2); /* passed over, so that the next is told too */
}

TEST(what_is_over_the_budget_is_too_large)
{
    static char  text[3000];
    struct arena small;

    memset(text, 'n', sizeof text);
    memcpy(text, "\"\\", 2);
    text[sizeof text - 1] = '"';
    arena_init(&small, 1000);
    struct problems problems;
    problems_init(&problems, &small);
    CHECK_INT(json_check(&small, str_slice(text, sizeof text), &problems), RC_TOO_LARGE);
    arena_free(&small);
}

TEST(a_checked_value_is_walked)
{
    struct str text =
        STR(" {\"a\\n\" : [1, \"二,]\", null] , \"b\":{},\"c\":-2.5, \"d\":\"\\\"}\" } ");

    CHECK_INT(check(text), RC_OK);
    struct arena      *arena = &reading.arena;
    struct json_member m;
    struct str         rest = json_inside(text), word = STR_NONE;
    int64_t            whole;
    double             real;

    CHECK(json_member(arena, &rest, &m));
    CHECK_TEXT(m.key, STR("a\n"));
    CHECK_TEXT(m.value, STR("[1, \"二,]\", null]"));
    struct str         elements = json_inside(m.value);
    struct json_member e;
    CHECK(json_member(arena, &elements, &e) && !e.key.at);
    CHECK(json_value_int(e.value, &whole) && whole == 1);
    CHECK(json_member(arena, &elements, &e) && json_value_text(arena, e.value, &word));
    CHECK_TEXT(word, STR("二,]"));
    CHECK(!json_value_int(e.value, &whole));
    CHECK(json_member(arena, &elements, &e) && json_type(e.value) == JSON_NULL);
    CHECK(!json_member(arena, &elements, &e));

    CHECK(json_member(arena, &rest, &m) && json_type(m.value) == JSON_OBJECT);
    struct str none = json_inside(m.value);
    CHECK(!json_member(arena, &none, &e));
    CHECK(json_member(arena, &rest, &m) && json_type(m.value) == JSON_NUMBER);
    CHECK(json_value_real(m.value, &real) && real == -2.5);
    CHECK(!json_value_int(m.value, &whole));
    CHECK(json_member(arena, &rest, &m) && json_value_text(arena, m.value, &word));
    CHECK_TEXT(word, STR("\"}"));
    CHECK(!json_member(arena, &rest, &m));
}

TEST(what_was_written_is_read_back_the_same)
{
    const char *text =
        "{\"id\":\"77\",\"at\":\"2026-11-22T14:03:07.120+08:00\",\"stars\":5,"
        "\"urgent\":true,\"weight\":0.1,\"what\":\"a\\\"\\t\\n\","
        "\"hash\":\"00ff\",\"fields\":{\"a\":[1,{}]},\"where\":{\"lat\":32.0103,"
        "\"lon\":1e-7,\"text\":null},\"photos\":[\"1\",\"2\"],"
        "\"spots\":[{\"lat\":1,\"lon\":-2,\"text\":\"\"}],\"words\":[]}";

    struct json_out out;
    CHECK_INT(read_report(str_of(text)), RC_OK);
    json_out_init(&out, &reading.arena);
    json_struct(&out, report_fields, COUNT(report_fields), &reading.report);
    CHECK_TEXT(
        json_done(&out),
        str_of("{\"id\":\"77\",\"at\":\"2026-11-22T14:03:07.120+08:00\","
               "\"stars\":5,\"urgent\":true,\"weight\":0.1,\"what\":"
               "\"a\\\"\\t\\n\","
               "\"hash\":\"00ff\",\"fields\":{\"a\":[1,{}]},\"where\":{\"lat\":32.0103,"
               "\"lon\":1e-07,\"text\":null},\"photos\":[\"1\",\"2\"],"
               "\"spots\":[{\"lat\":1,\"lon\":-2,\"text\":\"\"}],\"words\":[]}"));
}

static struct str written(const struct report *report)
{
    struct json_out out;

    json_out_init(&out, &reading.arena);
    json_struct(&out, report_fields, COUNT(report_fields), report);
    return json_done(&out);
}

/* Of every length, with one character that is to be escaped at each place. */
TEST(a_text_is_escaped_wherever_it_must_be)
{
    static const char specials[] = "\"\\\n\x01\x1f\x7f";

    for (size_t len = 1; len <= 40; len++)
        for (size_t at = 0; at < len; at++)
            for (const char *c = specials; *c; c++) {
                char text[41];
                memset(text, 'a', sizeof text);
                text[at] = *c;
                CHECK_INT(read_report(STR("{\"what\":\"x\"}")), RC_OK);
                reading.report.where.text = str_slice(text, len);
                struct str json = written(&reading.report);
                CHECK_TEXT(json_pick_text(&reading.arena, json, "where/text"),
                           str_slice(text, len));
                CHECK(str_has(json, STR("\\")));
                for (size_t i = 0; i < json.len; i++)
                    CHECK((unsigned char)json.at[i] >= 0x20 && json.at[i] != 0x7f);
            }
}

TEST(numbers_and_times_of_any_size_are_written)
{
    static const struct {
        int64_t     number;
        const char *says;
    } numbers[] = {
        { 0, "0" },
        { 5, "5" },
        { 10, "10" },
        { 99, "99" },
        { 100, "100" },
        { 101, "101" },
        { 1009, "1009" },
        { -7, "-7" },
        { -70, "-70" },
        { INT64_MAX, "9223372036854775807" },
        { INT64_MIN, "-9223372036854775808" },
    };
    /* A day is known from the time before: over midnight, back, and far away. */
    static const struct {
        int64_t     ms;
        const char *says;
    } times[] = {
        { 1795017599999, "\"2026-11-18T23:59:59.999+08:00\"" },
        { 1795017600000, "\"2026-11-19T00:00:00.000+08:00\"" },
        { 1795017599998, "\"2026-11-18T23:59:59.998+08:00\"" },
        { 1, "\"1970-01-01T08:00:00.001+08:00\"" },
        { -1, "\"1970-01-01T07:59:59.999+08:00\"" },
        { 0, "null" },
        { INT64_C(253402271999999), "\"9999-12-31T23:59:59.999+08:00\"" },
        { INT64_C(253402272000000), "null" },
        { 1795104000000, "\"2026-11-20T00:00:00.000+08:00\"" },
    };
    struct json_out out;

    CHECK_INT(read_report(STR("{\"what\":\"x\"}")), RC_OK);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        reading.report.stars = numbers[i].number;
        CHECK_TEXT(json_pick(&reading.arena, written(&reading.report), "stars"),
                   str_of(numbers[i].says));
    }
    json_out_init(&out, &reading.arena);
    json_open(&out, '[');
    for (size_t i = 0; i < COUNT(times); i++)
        json_time(&out, times[i].ms);
    json_close(&out, ']');
    struct str all = json_done(&out), rest = json_inside(all);
    for (size_t i = 0; i < COUNT(times); i++) {
        struct json_member m;
        CHECK(json_member(&reading.arena, &rest, &m));
        CHECK_TEXT(m.value, str_of(times[i].says));
    }
}

TEST(a_quick_look_never_misses_a_member)
{
    struct str text = STR("{\"place\":\"p\",\"photos\":[1],\"what\":\"phot\"}");

    CHECK(json_may_have(text, STR("photos")));
    CHECK(json_may_have(text, STR("what")));
    CHECK(!json_may_have(text, STR("photosx")));
    CHECK(!json_may_have(text, STR("urgent")));
    CHECK(!json_may_have(STR(""), STR("photos")));
    CHECK(!json_may_have(STR_NONE, STR("photos")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_escaped_wherever_it_must_be),
        cmocka_unit_test(numbers_and_times_of_any_size_are_written),
        cmocka_unit_test(a_quick_look_never_misses_a_member),
        cmocka_unit_test(a_whole_object_comes_into_its_struct),
        cmocka_unit_test(text_without_escapes_borrows_from_the_input),
        cmocka_unit_test(null_and_missing_leave_what_was_there),
        cmocka_unit_test(each_mistake_has_its_sentence_and_its_place),
        cmocka_unit_test(a_mistake_in_the_grammar_ends_it),
        cmocka_unit_test(several_mistakes_are_told_at_once_with_line_and_column),
        cmocka_unit_test(an_object_inside_another_text_says_the_whole_path),
        cmocka_unit_test(depth_members_and_length_have_limits),
        cmocka_unit_test(a_number_has_at_most_18_digits_that_count),
        cmocka_unit_test(what_is_over_the_budget_is_too_large),
        cmocka_unit_test(a_checked_value_is_walked),
        cmocka_unit_test(what_was_written_is_read_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
