/* Sheets that people send, read as linli-decode reads them: what office programs write
 * comes out as CSV, what they do not is refused. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "base/clock.h"
#include "base/table.h"
#include "decode/sheet.h"

static struct sheet sheet;
static struct arena arena;

static int open_memory(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* The bytes of a file, which goes. */
static struct str taken(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = arena_take(&arena, 4 << 20);

    CHECK(file && bytes);
    size_t n = fread(bytes, 1, 4 << 20, file);
    CHECK(n > 0);
    (void)fclose(file);
    (void)unlink(path);
    return str_slice(bytes, n);
}

static void path_for(char path[32])
{
    strncpy(path, "/tmp/linli-table-XXXXXX", 31);
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    (void)close(fd);
}

struct part {
    const char *name, *text;
};

static struct str zipped(const struct part *parts, size_t n)
{
    char   path[32] = { 0 };
    int    error;
    zip_t *zip;

    path_for(path);
    zip = zip_open(path, ZIP_TRUNCATE | ZIP_CREATE, &error);
    CHECK(zip);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *source =
            zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        CHECK(zip_file_add(zip, parts[i].name, source, 0) >= 0);
    }
    CHECK_INT(zip_close(zip), 0);
    return taken(path);
}

#define SHEET "xl/worksheets/sheet1.xml"

static enum verdict read_sheet(const char *text)
{
    struct part parts[] = { { SHEET, text } };

    return sheet_read(zipped(parts, 1), &sheet);
}

static void comes_to(const char *csv)
{
    CHECK_TEXT(str_slice(sheet.csv, sheet.n), str_of(csv));
}

#define ROWS(rows)        "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define INLINE(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

TEST(what_an_office_program_writes_is_read)
{
    char            path[32] = { 0 };
    int64_t         ms;
    lxw_datetime    at = { 2026, 11, 3, 9, 12, 0 };
    struct table    table;
    struct problems problems;

    (void)state;
    path_for(path);
    lxw_workbook  *book = workbook_new(path);
    lxw_worksheet *page = workbook_add_worksheet(book, "十月");
    lxw_format    *format = workbook_add_format(book);
    format_set_num_format(format, "yyyy-mm-dd hh:mm");
    worksheet_write_string(page, 0, 0, "原单号", NULL);
    worksheet_write_string(page, 0, 1, "来电时间", NULL);
    worksheet_write_string(page, 0, 2, "内容", NULL);
    worksheet_write_string(page, 2, 0, "A-1", NULL); /* row 2 is blank */
    worksheet_write_datetime(page, 2, 1, &at, format);
    worksheet_write_string(page, 2, 2, "灯\"坏\"了,\n很黑", NULL);
    CHECK_INT(workbook_close(book), LXW_NO_ERROR);
    CHECK_INT(sheet_read(taken(path), &sheet), VERDICT_OK);
    CHECK_TEXT(str_slice(sheet.name, sheet.nname), STR("十月"));
    problems_init(&problems, &arena);
    CHECK_INT(table_read(&arena, str_slice(sheet.csv, sheet.n), 10, &problems, &table),
              RC_OK);
    CHECK_INT(table.n, 2);
    CHECK_INT(table.rows[1].number, 3);
    CHECK_TEXT(table.rows[0].cells[1], STR("来电时间"));
    CHECK_TEXT(table.rows[1].cells[2], STR("灯\"坏\"了,\n很黑"));
    CHECK(table_time(&table, table.rows[1].cells[1], &ms));
    struct civil civil = clock_civil(ms);
    CHECK_INT(civil.day, 3);
    CHECK_INT(civil.hour, 9);
    CHECK_INT(civil.minute, 12);
}

TEST(a_formula_is_what_it_came_to_and_a_gap_stays_a_gap)
{
    (void)state;
    CHECK_INT(
        read_sheet(ROWS("<row r=\"2\">" INLINE("A2", "号") INLINE(
            "C2", "=A1") "</row><row r=\"4\"><c r=\"B4\"><f>HYPERLINK(\"http://x\")</f>"
                         "<v>7</v></c><c r=\"C4\" t=\"str\"><f>A1&amp;B1</f><v>合</v></c>"
                         "<c r=\"D4\"><f>1+1</f></c></row>")),
        VERDICT_OK);
    comes_to("\n\"号\",\"\",\"=A1\"\n\n\"\",\"7\",\"合\"\n");
}

TEST(a_row_too_many_is_still_seen_and_fifty_thousand_are_not_read)
{
    size_t n = 0, room = 50000 * 100;
    char  *text = malloc(room);

    (void)state;
    CHECK(text);
    n += (size_t)snprintf(text, room, "<worksheet><sheetData>");
    for (int i = 1; i <= 50000; i++)
        n += (size_t)snprintf(text + n, room - n,
                              "<row r=\"%d\"><c r=\"A%d\"><v>%d</v></c></row>", i, i,
                              i * 7919 % 65521);
    (void)snprintf(text + n, room - n, "</sheetData></worksheet>");
    CHECK_INT(read_sheet(text), VERDICT_OK);
    free(text);
    size_t lines = 0;
    for (size_t i = 0; i < sheet.n; i++)
        lines += sheet.csv[i] == '\n';
    CHECK_INT(lines, IMPORT_ROWS_MAX + 2);
}

TEST(more_columns_than_are_read_stand_in_one_too_many)
{
    (void)state;
    CHECK_INT(read_sheet(ROWS("<row r=\"1\">" INLINE("XFD1", "远") "</row>")), VERDICT_OK);
    size_t commas = 0;
    for (size_t i = 0; i < sheet.n; i++)
        commas += sheet.csv[i] == ',';
    CHECK_INT(commas, IMPORT_COLUMNS_MAX);
}

TEST(what_a_program_would_not_write_is_refused)
{
    (void)state;
    CHECK_INT(read_sheet(
                  "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>" ROWS(
                      "<row r=\"1\">" INLINE("A1", "&b;") "</row>")),
              VERDICT_SHEET_DTD);
    CHECK_INT(read_sheet(ROWS("<row r=\"1\">" INLINE("A1", "&b;") "</row>")),
              VERDICT_SHEET_BROKEN);
    CHECK_INT(read_sheet("<worksheet><row><c t=\"s\"><v>7</v></c></row></worksheet>"),
              VERDICT_SHEET_BROKEN); /* texts that it should share are not there */
    CHECK_INT(read_sheet("<worksheet><row><c><v>7</v></c></row>"), VERDICT_SHEET_BROKEN);
    CHECK_INT(read_sheet(ROWS("<row r=\"9\">" INLINE(
                  "A9", "1") "</row><row r=\"3\">" INLINE("A3", "2") "</row>")),
              VERDICT_SHEET_BROKEN);
    CHECK_INT(read_sheet(ROWS("<row r=\"1048577\">" INLINE("A1048577", "1") "</row>")),
              VERDICT_SHEET_BROKEN);
    struct part word[] = { { "word/document.xml", "<w/>" } };
    CHECK_INT(sheet_read(zipped(word, 1), &sheet), VERDICT_NO_SHEET);
}

TEST(a_zip_that_is_cut_off_anywhere_is_refused_and_nothing_breaks)
{
    struct part parts[] = { { SHEET, ROWS("<row r=\"1\">" INLINE("A1", "号") "</row>") } };

    (void)state;
    struct str whole = zipped(parts, 1);
    for (size_t n = 0; n < whole.len; n++)
        CHECK(sheet_read(str_copy(&arena, str_slice(whole.at, n)), &sheet) != VERDICT_OK);
    CHECK_INT(sheet_read(whole, &sheet), VERDICT_OK);
    CHECK_INT(sheet_read(STR("PK\x03\x04 not a zip at all"), &sheet), VERDICT_NO_ZIP);
}

TEST(a_bomb_is_refused_before_it_is_unpacked)
{
    size_t n = 30 << 20;
    char  *text = malloc(n + 1);

    (void)state;
    CHECK(text);
    memset(text, ' ', n);
    text[n] = 0;
    memcpy(text, "<worksheet>", 11);
    CHECK_INT(read_sheet(text), VERDICT_SHEET_BOMB);
    free(text);
}

TEST(a_cell_with_too_many_words_is_refused)
{
    static const char before[] = "<worksheet><row><c t=\"inlineStr\"><is><t>";
    static const char after[] = "</t></is></c></row></worksheet>";
    size_t            n = IMPORT_CELL_BYTES_MAX + 1, from = sizeof before - 1;
    char             *text = malloc(from + n + sizeof after);

    (void)state;
    CHECK(text);
    memcpy(text, before, from);
    for (size_t i = 0; i < n; i++)
        text[from + i] = (char)('a' + i * 31 % 26);
    memcpy(text + from + n, after, sizeof after);
    CHECK_INT(read_sheet(text), VERDICT_SHEET_CELL);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_office_program_writes_is_read),
        cmocka_unit_test(a_formula_is_what_it_came_to_and_a_gap_stays_a_gap),
        cmocka_unit_test(a_row_too_many_is_still_seen_and_fifty_thousand_are_not_read),
        cmocka_unit_test(more_columns_than_are_read_stand_in_one_too_many),
        cmocka_unit_test(what_a_program_would_not_write_is_refused),
        cmocka_unit_test(a_zip_that_is_cut_off_anywhere_is_refused_and_nothing_breaks),
        cmocka_unit_test(a_bomb_is_refused_before_it_is_unpacked),
        cmocka_unit_test(a_cell_with_too_many_words_is_refused),
    };

    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
