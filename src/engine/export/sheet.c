#include "engine/export/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#include "base/forbidden.h" /* its macros call what we do not */

#include "base/arena.h"

enum { CELL_BYTES_MAX = 4096 };

struct sheet {
    enum sheet_format format;
    size_t            ncolumns;
    char              mark[200];
    /* xlsx */
    lxw_workbook  *book;
    lxw_worksheet *page;
    lxw_row_t      row;
    /* CSV */
    FILE *file;
    bool  failed;
};

/* The library wants texts that end; longer ones are cut, at a character. */
static const char *ended(char *room, struct str text)
{
    size_t n = text.len < CELL_BYTES_MAX ? text.len : CELL_BYTES_MAX - 1;

    while (n && n < text.len && ((unsigned char)text.at[n] & 0xC0) == 0x80)
        n--;
    if (n)
        memcpy(room, text.at, n);
    room[n] = '\0';
    return room;
}

/* ------------------------------------------------------------------- xlsx */

static void put_cell(struct sheet *sheet, size_t column, struct str text)
{
    char room[CELL_BYTES_MAX];

    sheet->failed |= worksheet_write_string(sheet->page, sheet->row, (lxw_col_t)column,
                                            ended(room, text), NULL) != LXW_NO_ERROR;
}

static enum rc xlsx_open(struct sheet *sheet, const char *path,
                         const struct sheet_head *head)
{
    char text[sizeof sheet->mark + 16];

    sheet->book = workbook_new(path);
    sheet->page = sheet->book ? workbook_add_worksheet(sheet->book, NULL) : NULL;
    if (!sheet->page)
        return RC_UNAVAILABLE;
    (void)snprintf(text, sizeof text, "&L%s&R&P / &N", sheet->mark);
    sheet->failed |= worksheet_set_header(sheet->page, text) != LXW_NO_ERROR;
    (void)snprintf(text, sizeof text, "&C%s", sheet->mark);
    sheet->failed |= worksheet_set_footer(sheet->page, text) != LXW_NO_ERROR;
    sheet->failed |= worksheet_repeat_rows(sheet->page, 0, 1) != LXW_NO_ERROR;
    put_cell(sheet, 0, str_of(sheet->mark));
    put_cell(sheet, 1, head->title);
    sheet->row++;
    for (size_t i = 0; i < head->ncolumns; i++)
        put_cell(sheet, i, head->columns[i]);
    sheet->row++;
    return RC_OK;
}

/* -------------------------------------------------------------------- CSV */

static bool could_be_formula(struct str text)
{
    return text.len && strchr("=+-@\t\r", text.at[0]) != NULL;
}

static void csv_cell(struct sheet *sheet, struct str text, const char *end)
{
    FILE *file = sheet->file;

    (void)fputc('"', file);
    if (could_be_formula(text))
        (void)fputc('\'', file);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            (void)fputc('"', file);
        (void)fputc(text.at[i], file);
    }
    (void)fprintf(file, "\"%s", end);
}

static void csv_row(struct sheet *sheet, const struct str *cells, struct str mark)
{
    for (size_t i = 0; i < sheet->ncolumns; i++)
        csv_cell(sheet, cells[i], ",");
    csv_cell(sheet, mark, "\r\n");
}

static enum rc csv_open(struct sheet *sheet, const char *path,
                        const struct sheet_head *head)
{
    sheet->file = fopen(path, "wbe");
    if (!sheet->file)
        return RC_UNAVAILABLE;
    (void)fputs("\xEF\xBB\xBF", sheet->file); /* or Excel takes it for GBK */
    csv_row(sheet, head->columns, STR("导出人和时间"));
    return RC_OK;
}

/* -------------------------------------------------------------- the three */

enum rc sheet_open(const char *path, enum sheet_format format,
                   const struct sheet_head *head, struct sheet **opened)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);

    *opened = sheet;
    if (!sheet)
        return RC_NO_MEMORY;
    sheet->format = format;
    sheet->ncolumns = head->ncolumns;
    (void)snprintf(sheet->mark, sizeof sheet->mark, "%.*s", STR_ARG(head->mark));
    return format == SHEET_XLSX ? xlsx_open(sheet, path, head)
                                : csv_open(sheet, path, head);
}

enum rc sheet_row(struct sheet *sheet, const struct str *cells)
{
    if (sheet->format == SHEET_CSV) {
        csv_row(sheet, cells, str_of(sheet->mark));
        return ferror(sheet->file) ? RC_UNAVAILABLE : RC_OK;
    }
    for (size_t i = 0; i < sheet->ncolumns; i++)
        put_cell(sheet, i, cells[i]);
    sheet->row++;
    return sheet->failed ? RC_UNAVAILABLE : RC_OK;
}

enum rc sheet_close(struct sheet **closing)
{
    struct sheet *sheet = *closing;

    *closing = NULL;
    if (!sheet)
        return RC_OK;
    bool failed = sheet->failed;
    if (sheet->book)
        failed |= workbook_close(sheet->book) != LXW_NO_ERROR;
    if (sheet->file)
        failed |= fclose(sheet->file) != 0;
    free(sheet);
    return failed ? RC_UNAVAILABLE : RC_OK;
}
