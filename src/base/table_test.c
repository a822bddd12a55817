/* Tables that people send: what office programs write is read, what they do not is refused.
 */
#include "test.h"

#include "base/table.h"

struct read {
    struct arena    arena;
    struct problems problems;
    struct table    table;
    enum rc         rc;
};

static void read_bytes(struct read *r, struct str bytes)
{
    arena_init(&r->arena, ARENA_IMPORT_BYTES);
    problems_init(&r->problems, &r->arena);
    r->rc = table_read(&r->arena, bytes, 10, &r->problems, &r->table);
}

static struct str cell(const struct read *r, size_t row, size_t column)
{
    CHECK(row < r->table.n && column < r->table.ncolumns);
    return r->table.rows[row].cells[column];
}

static void refused(struct read *r, const char *says)
{
    CHECK_INT(r->rc, RC_REFUSED);
    CHECK(r->problems.first);
    CHECK_TEXT(r->problems.first->says, str_of(says));
    arena_free(&r->arena);
}

TEST(csv_is_read_with_quotes_line_breaks_and_in_the_encoding_of_offices)
{
    struct read r;

    (void)state;
    read_bytes(
        &r,
        STR("\xEF\xBB\xBF单号,内容\r\nA-1,\"灯\"\"坏\"\"了,\n很黑\"\r\n\r\nA-2,好\r\n"));
    CHECK_INT(r.rc, RC_OK);
    CHECK_INT(r.table.n, 3);
    CHECK_TEXT(cell(&r, 1, 1), STR("灯\"坏\"了,\n很黑"));
    CHECK_TEXT(cell(&r, 2, 0), STR("A-2"));
    arena_free(&r.arena);
    read_bytes(&r, STR("\xB5\xA5\xBA\xC5,\xC4\xDA\xC8\xDD\nA-1,\xB5\xC6\n")); /* GB 18030 */
    CHECK_INT(r.rc, RC_OK);
    CHECK_TEXT(cell(&r, 0, 0), STR("单号"));
    CHECK_TEXT(cell(&r, 1, 1), STR("灯"));
    arena_free(&r.arena);
}

TEST(times_are_read_as_people_write_them)
{
    struct table table = { 0 };
    int64_t      ms, same;

    (void)state;
    CHECK(table_time(&table, STR("2026-11-03 09:12"), &ms));
    CHECK(table_time(&table, STR("2026/11/3 9:12"), &same) && same == ms);
    CHECK(table_time(&table, STR("2026年11月3日 9时12分"), &same) && same == ms);
    CHECK(table_time(&table, STR("46329.3833333333"), &same) && same == ms);
    CHECK(!table_time(&table, STR("2026-11-31"), &ms));
    CHECK(!table_time(&table, STR("20238"), &ms)); /* 1955: no report is that old */
    CHECK(!table_time(&table, STR("昨天"), &ms));
    CHECK(!table_time(&table, STR("2026-11-03 25:00"), &ms));
    CHECK(!table_time(&table, STR(""), &ms));
}

TEST(what_is_no_table_or_too_large_a_one_says_so)
{
    struct read r;

    (void)state;
    CHECK(table_packed(STR("PK\x03\x04")));
    CHECK(!table_packed(STR("单号,内容")));
    read_bytes(&r, STR("单号,内容\n"));
    refused(&r, "表里没有内容。第一行要是列名，下面一行一件。");
    read_bytes(&r, STR("a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"));
    refused(&r, "行太多了，请分成几个文件，每个不超过 500 行。");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            csv_is_read_with_quotes_line_breaks_and_in_the_encoding_of_offices),
        cmocka_unit_test(times_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_table_or_too_large_a_one_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
