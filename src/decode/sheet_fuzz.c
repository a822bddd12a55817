/* Any bytes as an xlsx: refused or made CSV, never more than was promised; and any bytes as
 * the sheet inside of one. */
#include <stdlib.h>
#include <zip.h>

#include "base/table.h"
#include "decode/sheet.h"
#include "fuzz.h"

static struct sheet sheet;

static void read_csv(void)
{
    struct arena    arena;
    struct problems problems;
    struct table    table;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    problems_init(&problems, &arena);
    struct str csv = str_slice(sheet.csv, sheet.n);
    demand(str_utf8(csv) && sheet.nname <= sizeof sheet.name);
    enum rc rc = table_read(&arena, csv, IMPORT_ROWS_MAX, &problems, &table);
    demand(rc == RC_OK || rc == RC_REFUSED || rc == RC_TOO_LARGE);
    arena_free(&arena);
}

/* A zip with these bytes as its sheet, unpacked: the fuzzer cannot guess checksums. */
static void read_inside(const unsigned char *data, size_t n)
{
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t        *zip = whole ? zip_open_from_source(whole, ZIP_TRUNCATE, NULL) : NULL;
    zip_stat_t    told;

    demand(zip);
    zip_source_keep(whole);
    zip_int64_t at = zip_file_add(zip, "xl/worksheets/sheet1.xml",
                                  zip_source_buffer(zip, data, n, 0), 0);
    demand(at >= 0 &&
           zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0 &&
           zip_close(zip) == 0 && zip_source_stat(whole, &told) == 0);
    char *bytes = malloc(told.size);
    demand(bytes && zip_source_open(whole) == 0 &&
           zip_source_read(whole, bytes, told.size) == (zip_int64_t)told.size);
    if (sheet_read(str_slice(bytes, told.size), &sheet) == VERDICT_OK)
        read_csv();
    zip_source_close(whole);
    zip_source_free(whole);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    if (sheet_read(str_slice((const char *)data, n), &sheet) == VERDICT_OK)
        read_csv();
    read_inside(data, n);
    return 0;
}
