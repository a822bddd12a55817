#include "decode/sheet.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* An xlsx is a zip with the sheets, a list of all texts that they share, and a book that
 * names the sheets.  Each part is read as it is unpacked, no part is held. */
enum {
    PIECE = 32 << 10,
    STRINGS_FIRST = 256,
    COLUMNS = IMPORT_COLUMNS_MAX + 1, /* one more, so that whoever reads it sees too many */
    ROWS = IMPORT_ROWS_MAX + 2,       /* likewise, and the head */
    ROW_NUMBER_MAX = 1048576,
};

struct book {
    struct sheet *sheet;
    enum verdict  verdict;
    bool          enough; /* whoever reads it will see that there is too much */
    zip_t        *zip;
    XML_Parser    xml;
    uint64_t      unpacked;
    struct arena  arena;
    struct str   *strings; /* shared; malloc'd, the texts in the arena */
    size_t        nstrings, strings_max;
    char          text[IMPORT_CELL_BYTES_MAX + 1]; /* of what is open */
    size_t        ntext;
    bool          takes, phonetic; /* text belongs to a cell; is how it is spoken */
    size_t        column;
    char          type; /* of the cell: s shared, others as they stand */
    bool          sheet_named;
    uint64_t      cells;
    struct str    row[COLUMNS];
    size_t        ncells; /* of the row, up to its last that is not blank */
    int64_t       number, written;
    size_t        rows; /* that are not blank */
};

static void refuse(struct book *book, enum verdict verdict)
{
    if (book->verdict == VERDICT_OK)
        book->verdict = verdict;
    if (book->xml)
        XML_StopParser(book->xml, XML_FALSE);
}

/* Of a name with a prefix what stands behind it. */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *what)
{
    return strcmp(local(name), what) == 0;
}

static struct str attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (is(attributes[i], name))
            return str_of(attributes[i + 1]);
    return STR_NONE;
}

static void XMLCALL on_text(void *context, const char *text, int len)
{
    struct book *book = context;
    size_t       n = (size_t)len, left = sizeof book->text - 1 - book->ntext;

    if (!book->takes || book->phonetic)
        return;
    if (n > left) {
        refuse(book, VERDICT_SHEET_CELL);
        return;
    }
    memcpy(book->text + book->ntext, text, n);
    book->ntext += n;
}

/* Without it there are no entities of somebody's own, which could grow without end or name
 * a file. */
static void XMLCALL on_doctype(void *context, const char *name, const char *id,
                               const char *place, int internal)
{
    (void)name, (void)id, (void)place, (void)internal;
    refuse(context, VERDICT_SHEET_DTD);
}

/* ------------------------------------------------------------ shared texts */

static void keep_string(struct book *book)
{
    if (book->nstrings == XLSX_STRINGS_MAX) {
        refuse(book, VERDICT_SHEET_WORDS);
        return;
    }
    if (book->nstrings == book->strings_max) {
        size_t      most = book->strings_max ? book->strings_max * 2 : STRINGS_FIRST;
        struct str *grown = realloc(book->strings, most * sizeof *grown);
        if (!grown) {
            refuse(book, VERDICT_LOST);
            return;
        }
        book->strings = grown;
        book->strings_max = most;
    }
    struct str kept = str_copy(&book->arena, str_slice(book->text, book->ntext));
    if (!kept.at) {
        refuse(book, VERDICT_SHEET_WORDS);
        return;
    }
    book->strings[book->nstrings++] = kept;
}

static void XMLCALL strings_start(void *context, const char *name, const char **attributes)
{
    struct book *book = context;

    (void)attributes;
    if (is(name, "si"))
        book->ntext = 0;
    book->phonetic |= is(name, "rPh");
    book->takes = is(name, "t");
}

static void XMLCALL strings_end(void *context, const char *name)
{
    struct book *book = context;

    book->takes = false;
    if (is(name, "rPh"))
        book->phonetic = false;
    if (is(name, "si"))
        keep_string(book);
}

/* --------------------------------------------------------------- the sheet */

/* "BC12" is column 54. */
static size_t column_of(struct str ref, size_t otherwise)
{
    size_t column = 0, n = 0;

    for (; n < ref.len && n < 3 && ref.at[n] >= 'A' && ref.at[n] <= 'Z'; n++)
        column = column * 26 + (size_t)(ref.at[n] - 'A') + 1;
    return n ? column - 1 : otherwise;
}

static void start_cell(struct book *book, const char **attributes)
{
    struct str type = attribute(attributes, "t");

    if (++book->cells > XLSX_CELLS_MAX) {
        refuse(book, VERDICT_SHEET_CELLS);
        return;
    }
    book->column = column_of(attribute(attributes, "r"), book->column + 1);
    book->type = str_eq(type, STR("s")) ? 's' : 'v';
    book->ntext = 0;
}

/* What stands further right stands in the last of them: nobody takes it. */
static void keep_cell(struct book *book, struct str text)
{
    size_t column = book->column < COLUMNS ? book->column : COLUMNS - 1;

    if (!text.len)
        return;
    book->row[column] = str_copy(&book->arena, text);
    if (!book->row[column].at)
        refuse(book, VERDICT_SHEET_WORDS);
    if (column >= book->ncells)
        book->ncells = column + 1;
}

static void end_cell(struct book *book)
{
    struct str text = str_slice(book->text, book->ntext);
    int64_t    at;

    if (book->type == 's' && text.len) {
        if (!str_int64(text, &at) || at < 0 || (uint64_t)at >= book->nstrings) {
            refuse(book, VERDICT_SHEET_BROKEN);
            return;
        }
        text = book->strings[at];
    }
    keep_cell(book, str_trim(text));
}

static void put(struct book *book, char c)
{
    struct sheet *sheet = book->sheet;

    if (sheet->n == sizeof sheet->csv)
        refuse(book, VERDICT_SHEET_WORDS);
    else
        sheet->csv[sheet->n++] = c;
}

static void put_cell(struct book *book, struct str text)
{
    put(book, '"');
    for (size_t i = 0; i < text.len && book->verdict == VERDICT_OK; i++) {
        if (text.at[i] == '"')
            put(book, '"');
        put(book, text.at[i]);
    }
    put(book, '"');
}

/* Rows that are left out are blank lines: a row keeps its number. */
static void put_row(struct book *book)
{
    if (book->number <= book->written || book->number > ROW_NUMBER_MAX) {
        refuse(book, VERDICT_SHEET_BROKEN);
        return;
    }
    while (++book->written < book->number && book->verdict == VERDICT_OK)
        put(book, '\n');
    for (size_t i = 0; i < book->ncells && book->verdict == VERDICT_OK; i++) {
        if (i)
            put(book, ',');
        put_cell(book, book->row[i]);
    }
    put(book, '\n');
    book->enough = ++book->rows == ROWS;
    if (book->enough)
        XML_StopParser(book->xml, XML_FALSE);
}

static void end_row(struct book *book)
{
    if (book->ncells && book->verdict == VERDICT_OK)
        put_row(book);
    memset(book->row, 0, sizeof book->row);
    book->ncells = 0;
}

static void XMLCALL sheet_start(void *context, const char *name, const char **attributes)
{
    struct book *book = context;
    int64_t      number;

    if (is(name, "row")) {
        bool given = str_int64(attribute(attributes, "r"), &number) && number > 0;
        book->number = given ? number : book->number + 1;
        book->column = SIZE_MAX; /* the first is one behind it */
    }
    if (is(name, "c"))
        start_cell(book, attributes);
    book->phonetic |= is(name, "rPh");
    book->takes = is(name, "v") || is(name, "t");
}

static void XMLCALL sheet_end(void *context, const char *name)
{
    struct book *book = context;

    book->takes = false;
    if (is(name, "rPh"))
        book->phonetic = false;
    if (is(name, "c"))
        end_cell(book);
    if (is(name, "row"))
        end_row(book);
}

/* ----------------------------------------------------------------- the book */

static void name_sheet(struct sheet *sheet, struct str name)
{
    if (name.len > sizeof sheet->name)
        return; /* no office program lets anybody write so long a one */
    sheet->nname = name.len;
    if (name.len)
        memcpy(sheet->name, name.at, name.len);
}

static void XMLCALL book_start(void *context, const char *name, const char **attributes)
{
    struct book *book = context;

    if (is(name, "workbookPr")) {
        struct str since = attribute(attributes, "date1904");
        book->sheet->since_1904 = str_eq(since, STR("1")) || str_eq(since, STR("true"));
    }
    if (is(name, "sheet") && !book->sheet_named) {
        book->sheet_named = true;
        name_sheet(book->sheet, attribute(attributes, "name"));
    }
}

/* ----------------------------------------------------------------- unpacking */

static void take_piece(struct book *book, const char *piece, zip_int64_t n, uint64_t packed,
                       uint64_t *of_part)
{
    book->unpacked += (uint64_t)n;
    *of_part += (uint64_t)n;
    if (book->unpacked > XLSX_UNPACKED_MAX ||
        (*of_part > XLSX_RATIO_FREE && *of_part / XLSX_RATIO_MAX > packed)) {
        refuse(book, VERDICT_SHEET_BOMB);
        return;
    }
    if (XML_Parse(book->xml, piece, (int)n, n == 0) != XML_STATUS_OK && !book->enough)
        refuse(book, VERDICT_SHEET_BROKEN);
}

static void listen(struct book *book, XML_StartElementHandler start,
                   XML_EndElementHandler end)
{
    XML_SetUserData(book->xml, book);
    XML_SetElementHandler(book->xml, start, end);
    XML_SetCharacterDataHandler(book->xml, on_text);
    XML_SetStartDoctypeDeclHandler(book->xml, on_doctype);
}

static void unpack(struct book *book, zip_file_t *file, uint64_t packed)
{
    char        piece[PIECE];
    uint64_t    of_part = 0;
    zip_int64_t n = 1;

    while (book->verdict == VERDICT_OK && !book->enough && n > 0) {
        n = zip_fread(file, piece, sizeof piece);
        if (n < 0)
            refuse(book, VERDICT_SHEET_BROKEN);
        else
            take_piece(book, piece, n, packed, &of_part);
    }
}

static void read_part(struct book *book, zip_uint64_t at, XML_StartElementHandler start,
                      XML_EndElementHandler end)
{
    zip_stat_t  told = { 0 };
    zip_file_t *file = zip_fopen_index(book->zip, at, 0);

    if (!file || zip_stat_index(book->zip, at, 0, &told) != 0) {
        refuse(book, VERDICT_SHEET_CLOSED);
    } else if (!(book->xml = XML_ParserCreate(NULL))) {
        refuse(book, VERDICT_LOST);
    } else {
        listen(book, start, end);
        unpack(book, file, told.comp_size);
        XML_ParserFree(book->xml);
        book->xml = NULL;
    }
    if (file)
        zip_fclose(file);
}

static void ends_nothing(void *context, const char *name)
{
    (void)context, (void)name;
}

static void read_named(struct book *book, const char *name, XML_StartElementHandler start,
                       XML_EndElementHandler end)
{
    zip_int64_t at = zip_name_locate(book->zip, name, 0);

    book->takes = book->phonetic = false;
    if (at >= 0 && book->verdict == VERDICT_OK)
        read_part(book, (zip_uint64_t)at, start, end);
}

static void read_book(struct book *book)
{
    if (zip_get_num_entries(book->zip, 0) > XLSX_ENTRIES_MAX)
        refuse(book, VERDICT_SHEET_PARTS);
    else if (zip_name_locate(book->zip, "xl/worksheets/sheet1.xml", 0) < 0)
        refuse(book, VERDICT_NO_SHEET);
    read_named(book, "xl/workbook.xml", book_start, ends_nothing);
    read_named(book, "xl/sharedStrings.xml", strings_start, strings_end);
    read_named(book, "xl/worksheets/sheet1.xml", sheet_start, sheet_end);
}

static void read_zip(struct book *book, struct str bytes)
{
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, NULL);

    book->zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (book->zip) {
        read_book(book);
        zip_discard(book->zip);
    } else {
        zip_source_free(source);
        refuse(book, VERDICT_NO_ZIP);
    }
}

enum verdict sheet_read(struct str bytes, struct sheet *sheet)
{
    struct book *book = calloc(1, sizeof *book);

    sheet->n = sheet->nname = 0;
    sheet->since_1904 = false;
    if (!book)
        return VERDICT_LOST;
    book->sheet = sheet;
    arena_init(&book->arena, ARENA_IMPORT_BYTES);
    read_zip(book, bytes);
    enum verdict verdict = book->verdict;
    arena_free(&book->arena);
    free(book->strings);
    free(book);
    return verdict;
}
