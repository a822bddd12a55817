/* Any bytes as a table: refused or read, never more than was promised. */
#include "base/table.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena    arena;
    struct problems problems;
    struct table    table;
    int64_t         ms;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    problems_init(&problems, &arena);
    enum rc rc =
        table_read(&arena, str_slice((const char *)data, size), 20, &problems, &table);
    if (rc == RC_OK) {
        assert(table.n >= 2 && table.n <= 21 && table.ncolumns <= IMPORT_COLUMNS_MAX);
        for (size_t i = 0; i < table.n; i++)
            for (size_t k = 0; k < table.ncolumns; k++)
                if (table_time(&table, table.rows[i].cells[k], &ms))
                    assert(ms > 0);
    } else {
        assert(rc != RC_REFUSED || problems.n == 1);
    }
    arena_free(&arena);
    return 0;
}
