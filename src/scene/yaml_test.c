#include "scene/yaml.h"

#include <string.h>

#include "base/clock.h"
#include "test.h"

static struct arena    arena;
static struct problems problems;

static int before(void **state)
{
    (void)state;
    arena_init(&arena, 32 << 20);
    return 0;
}

static int after(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct node *read(struct str text)
{
    problems_init(&problems, &arena);
    return yaml_tree(&arena, (struct yaml_file){ STR("x.yaml"), 3 }, text, &problems);
}

static const struct node *child(const struct node *node, const char *key)
{
    for (const struct node *at = node->first; at; at = at->next)
        if (str_eq(at->key, str_of(key)))
            return at;
    return NULL;
}

static struct str repeated(const char *part, size_t times)
{
    size_t len = strlen(part);
    char  *text = arena_take(&arena, len * times);

    for (size_t i = 0; text && i < times; i++)
        memcpy(text + i * len, part, len);
    return str_slice(text, len * times);
}

TEST(every_node_knows_where_it_stands)
{
    struct node *root = read(STR("标题: 路灯\nlist:\n  - 一\n  - {a: 二, b: '三'}\n"));
    const struct node *list = child(root, "list");
    const struct node *map = list->first->next;

    CHECK_INT(child(root, "标题")->at.line, 1);
    CHECK_INT(child(root, "标题")->at.column, 5);
    CHECK_INT(child(root, "标题")->at.file, 3);
    CHECK_INT(list->n, 2);
    CHECK_INT(list->key_at.line, 2);
    CHECK_INT(child(map, "b")->at.line, 4);
    CHECK_INT(child(map, "b")->at.column, 15);
    CHECK(child(map, "b")->quoted && child(map, "b")->in_flow);
    CHECK(!child(map, "a")->quoted);
}

TEST(a_byte_of_a_text_is_found_in_its_file)
{
    struct node *root =
        read(STR("a: 'it''s 好 x'\nb: >\n  one\n  two three\nc: plain\n  goes on\n"));
    struct spot at = node_spot(child(root, "a"), 5);

    CHECK_TEXT(child(root, "a")->text, STR("it's 好 x"));
    CHECK_INT(at.line, 1);
    CHECK_INT(at.column, 11);
    at = node_spot(child(root, "a"), 9);
    CHECK_INT(at.column, 13);
    at = node_spot(child(root, "b"), 8);
    CHECK_INT(at.line, 4);
    CHECK_INT(at.column, 7);
    at = node_spot(child(root, "c"), 6);
    CHECK_INT(at.line, 6);
    CHECK_INT(at.column, 3);
    at = node_spot(child(root, "c"), 100);
    CHECK_INT(at.column, 10);
}

TEST(a_byte_order_mark_and_windows_lines_are_nothing)
{
    struct node *root = read(STR("\xef\xbb\xbf"
                                 "a: 1\r\nb: x y\r\n"));

    CHECK(root != NULL);
    CHECK_TEXT(child(root, "b")->text, STR("x y"));
    CHECK_INT(child(root, "b")->at.line, 2);
}

TEST(what_is_not_written_is_missing)
{
    struct node *root = read(STR("a:\nb: ''\nc: null\nd: 'null'\ne: ~\n"));

    CHECK(node_missing(child(root, "a")));
    CHECK(!node_missing(child(root, "b")));
    CHECK(node_missing(child(root, "c")));
    CHECK(!node_missing(child(root, "d")));
    CHECK(node_missing(child(root, "e")));
}

static void check_refused_at_once(struct str text, struct str says)
{
    int64_t began = clock_mono_us();

    CHECK(read(text) == NULL);
    CHECK_INT(problems.n, 1);
    CHECK_TEXT(problems.first->says, says);
    CHECK(clock_mono_us() - began < 1000000);
}

TEST(two_hundred_kilobytes_of_brackets_are_refused_at_once)
{
    check_refused_at_once(repeated("[", 200000), STR("套得太深了，最多 16 层。"));
    check_refused_at_once(repeated("- ", 100000), STR("套得太深了，最多 16 层。"));
    check_refused_at_once(repeated("{a: ", 50000), STR("套得太深了，最多 16 层。"));
}

/* n lists inside one another, below a mapping. */
static struct str nested(size_t n)
{
    struct str opened = repeated("[", n), closed = repeated("]", n);

    return str_fmt(&arena, "a: %.*s%.*s\n", STR_ARG(opened), STR_ARG(closed));
}

TEST(the_deepest_longest_and_largest_that_may_be_are_read_and_no_more)
{
    static const char head[] =
        "a:\n"; /* with stream, document, mapping and list: 9 events */
    size_t items = SCENE_EVENTS_MAX - 9;

    CHECK(read(nested(SCENE_DEPTH_MAX - 1)));
    check_refused_at_once(nested(SCENE_DEPTH_MAX), STR("套得太深了，最多 16 层。"));
    CHECK(read(str_fmt(&arena, "%s%.*s", head, STR_ARG(repeated("- x\n", items)))));
    check_refused_at_once(
        str_fmt(&arena, "%s%.*s", head, STR_ARG(repeated("- x\n", items + 1))),
        STR("文件里的内容太多了，请分成几个场景。"));
    CHECK(
        read(str_fmt(&arena, "a: 1\n#%.*s", STR_ARG(repeated("x", SCENE_BYTES_MAX - 6)))));
    check_refused_at_once(
        str_fmt(&arena, "a: 1\n#%.*s", STR_ARG(repeated("x", SCENE_BYTES_MAX - 5))),
        STR("文件太大了，最多 256 KB。"));
}

TEST(too_many_events_end_the_walk)
{
    struct str list = repeated("- x\n", 30000);

    check_refused_at_once(str_fmt(&arena, "a:\n%.*s", STR_ARG(list)),
                          STR("文件里的内容太多了，请分成几个场景。"));
}

TEST(a_mapping_has_room_for_so_many)
{
    struct str all = STR("");

    for (int i = 0; i < 600; i++)
        all = str_fmt(&arena, "%.*sk%d: 1\n", STR_ARG(all), i);
    check_refused_at_once(all, STR("这里的项目太多了，最多 512 项。"));
}

TEST(a_file_that_is_too_large_is_not_read)
{
    check_refused_at_once(repeated("# a comment\n", 30000),
                          STR("文件太大了，最多 256 KB。"));
}

TEST(other_encodings_are_refused)
{
    check_refused_at_once(STR("a: \xc4\xe3\n"),
                          STR("文件不是 UTF-8 编码。请在编辑器里另存为 UTF-8。"));
    check_refused_at_once(STR("a: b\0c\n"),
                          STR("这里有一个看不见的字符（U+0000），请删去。"));
}

TEST(keys_are_words)
{
    check_refused_at_once(STR("[a, b]: 1\n"),
                          STR("冒号前面应当是一个词，这里却是一组内容。"));
    check_refused_at_once(STR("? {a: 1}\n: 2\n"),
                          STR("冒号前面应当是一个词，这里却是一组内容。"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_node_knows_where_it_stands),
        cmocka_unit_test(a_byte_of_a_text_is_found_in_its_file),
        cmocka_unit_test(a_byte_order_mark_and_windows_lines_are_nothing),
        cmocka_unit_test(what_is_not_written_is_missing),
        cmocka_unit_test(two_hundred_kilobytes_of_brackets_are_refused_at_once),
        cmocka_unit_test(the_deepest_longest_and_largest_that_may_be_are_read_and_no_more),
        cmocka_unit_test(too_many_events_end_the_walk),
        cmocka_unit_test(a_mapping_has_room_for_so_many),
        cmocka_unit_test(a_file_that_is_too_large_is_not_read),
        cmocka_unit_test(other_encodings_are_refused),
        cmocka_unit_test(keys_are_words),
    };
    return cmocka_run_group_tests(tests, before, after);
}
