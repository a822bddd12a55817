/* The description of the interface says what the tables say. */
#include "base/json.h"
#include "gate/act.h"
#include "base/limits.h"
#include "http/openapi.h"
#include "test.h"

struct inner {
    double lat;
};
static const struct field inner_fields[] = { FIELD(struct inner, lat, .min = -90,
                                                   .max = 90) };

struct thing {
    int64_t      id, at, count;
    struct str   text;
    struct inner where;
    struct list  photos, parts;
};
static const struct field fields[] = {
    FIELD_ID(struct thing, id, REQUIRED),
    FIELD(struct thing, text, REQUIRED, .max = 500, .title = STR_INIT("说明"),
          .grade = GRADE_SENSITIVE),
    FIELD(struct thing, count, .min = 1, .max = 9),
    FIELD_STRUCT(struct thing, where, inner_fields, OPTIONAL),
    FIELD_LIST_OF(struct thing, photos, KIND_ID, .max = 9),
    FIELD_LIST(struct thing, parts, struct inner, inner_fields, OPTIONAL),
    FIELD_TIME(struct thing, at, OPTIONAL),
};

static enum rc run(struct op *op, const void *args, struct view *view)
{
    (void)op, (void)args, (void)view;
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "thing.read",
      .method = GET,
      .path = "/things/{id}",
      .title = STR_INIT("看一件"),
      .right = RIGHT_SELF,
      ARGS(struct thing, fields),
      ANSWER(struct thing, fields),
      .run = run },
    { .name = "thing.change",
      .method = POST,
      .path = "/things/{id}",
      .writes = true,
      .right = RIGHT_CASE_WORK,
      ARGS(struct thing, fields),
      .run = run },
    { .name = "thing.list",
      .method = GET,
      .path = "/things",
      .many = true,
      ANSWER(struct inner, inner_fields),
      .run = run },
    { .name = "photo.put",
      .method = POST,
      .path = "/photos",
      .streams = true,
      .writes = true,
      .run = run },
    { .name = "clock.tick", .writes = true, .run = run },
    { 0 },
};

static struct arena arena;
static struct str   whole;

static int prepare(void **state)
{
    static const struct act *const tables[] = { acts };
    struct problems                problems;

    (void)state;
    arena_init(&arena, 2 * OPENAPI_BYTES_MAX);
    acts_register(tables, 1, false);
    problems_init(&problems, &arena);
    whole = openapi_text(&arena, STR("1.2"));
    if (json_check(&arena, whole, &problems) != RC_OK)
        print_error("%.*s\n", STR_ARG(problems.first->says));
    return problems.n != 0;
}

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static size_t size_of(struct str value)
{
    struct json_member member;
    size_t             n = 0;

    for (struct str rest = json_inside(value); json_member(&arena, &rest, &member);)
        n++;
    return n;
}

static struct str nth(struct str value, size_t i)
{
    struct json_member member;

    for (struct str rest = json_inside(value); json_member(&arena, &rest, &member); i--)
        if (i == 0)
            return member.value;
    return STR_NONE;
}

/* "a b c": the member c of b of a; absent when there is none. */
static struct str at(struct str value, const char *path)
{
    struct json_member member;

    for (struct str rest = str_of(path); rest.len && value.at;) {
        struct str_cut parts = str_cut(rest, ' ');
        struct str     found = STR_NONE;
        for (struct str in = json_inside(value); json_member(&arena, &in, &member);)
            if (str_eq(member.key, parts.head))
                found = member.value;
        value = found;
        rest = parts.tail;
    }
    return value;
}

static void check_text(struct str value, const char *path, const char *want)
{
    struct str text = STR_NONE, found = at(value, path);

    if (found.at)
        CHECK(json_value_text(&arena, found, &text));
    CHECK_TEXT(text, str_of(want));
}

static void check_number(struct str value, const char *path, int64_t want)
{
    int64_t number = -1;

    CHECK(json_value_int(at(value, path), &number));
    CHECK_INT(number, want);
}

TEST(every_act_with_a_path_is_described)
{
    struct str read = at(whole, "paths /things/{id} get");

    check_text(whole, "openapi", "3.1.0");
    check_text(whole, "info version", "1.2");
    CHECK_INT(size_of(at(whole, "paths")), 3);
    CHECK_INT(size_of(at(whole, "paths /things/{id}")), 2);
    check_text(read, "operationId", "thing.read");
    check_text(read, "summary", "看一件");
    check_text(read, "x-right", "self");
    CHECK_INT(size_of(at(read, "security")), 2);
}

TEST(arguments_stand_where_they_are_given)
{
    struct str read = at(whole, "paths /things/{id} get parameters");
    struct str change = at(whole, "paths /things/{id} post");
    struct str body = at(change, "requestBody content application/json schema");

    CHECK_INT(size_of(read), COUNT(fields));
    check_text(nth(read, 0), "in", "path");
    check_text(nth(read, 1), "in", "query");
    CHECK_INT(size_of(at(change, "parameters")), 3);
    CHECK(!at(body, "properties id").at);
    CHECK_INT(size_of(at(body, "required")), 1);
    CHECK_TEXT(at(body, "additionalProperties"), STR("false"));
}

TEST(fields_keep_their_kinds_and_bounds)
{
    struct str read = at(whole, "paths /things/{id} get responses");
    struct str answer = at(read, "2XX content application/json schema properties");

    check_number(answer, "text maxLength", 500);
    check_number(answer, "text x-grade", 4);
    check_text(answer, "text title", "说明");
    check_number(answer, "count maximum", 9);
    check_number(answer, "photos maxItems", 9);
    check_text(answer, "photos items type", "string");
    check_text(answer, "parts items properties lat type", "number");
    check_text(answer, "where properties lat type", "number");
    check_text(answer, "at format", "date-time");
}

TEST(lists_are_pages_and_photos_are_images)
{
    struct str list = at(whole, "paths /things get responses");
    struct str page = at(list, "2XX content application/json schema properties");

    check_text(page, "items type", "array");
    CHECK(at(page, "next").at);
    CHECK(at(whole, "paths /photos post requestBody content image/webp").at);
}

TEST(limits_are_told)
{
    struct str limits = at(whole, "x-limits");
    size_t     n = 0;

    while (limit_rows[n].name.at)
        n++;
    CHECK_INT(size_of(limits), n);
    check_text(nth(limits, 0), "name", "HTTP_BODY_BYTES_MAX");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_with_a_path_is_described),
        cmocka_unit_test(arguments_stand_where_they_are_given),
        cmocka_unit_test(fields_keep_their_kinds_and_bounds),
        cmocka_unit_test(lists_are_pages_and_photos_are_images),
        cmocka_unit_test(limits_are_told),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
