#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "decode/decoder.h"
#include "engine/case/import.h"

/* All of it in memory that is given back at once; NULL. */
static char *load(int file, size_t *n)
{
    char   *bytes = malloc(IMPORT_BYTES_MAX + 1);
    ssize_t got = bytes ? pread(file, bytes, IMPORT_BYTES_MAX + 1, 0) : -1;

    if (got < 0) {
        log_event(LOG_ERROR, "import.file", LOG_INT("errno", errno));
        free(bytes);
        return NULL;
    }
    *n = (size_t)got;
    return bytes;
}

static enum rc keep_rows(struct arena *arena, struct table *table)
{
    struct table_row *rows = arena_many(arena, table->n + 1, struct table_row);

    table->sheet = str_copy(arena, table->sheet);
    for (size_t i = 0; rows && i < table->n; i++) {
        struct str *cells = arena_many(arena, table->ncolumns + 1, struct str);
        for (size_t k = 0; cells && k < table->ncolumns; k++)
            cells[k] = str_copy(arena, table->rows[i].cells[k]);
        rows[i] = (struct table_row){ table->rows[i].number, cells };
    }
    table->rows = rows;
    return arena->over ? RC_TOO_LARGE : RC_OK;
}

/* What is packed is unpacked behind the decoder's walls, and comes back as CSV. */
static enum rc read_packed(struct arena *arena, int file, struct problems *problems,
                           struct table *table)
{
    struct decoded decoded;

    enum rc rc = decoder_read_table(arena, file, &decoded);
    if (rc == RC_OK && decoded.verdict != VERDICT_OK) {
        problem_add(problems, STR("file"), "%.*s", STR_ARG(verdict_says(decoded.verdict)));
        return RC_REFUSED;
    }
    if (rc == RC_OK)
        rc = table_read(arena, decoded.screen, IMPORT_ROWS_MAX, problems, table);
    if (rc == RC_OK) {
        table->sheet = decoded.thumb;
        table->since_1904 = decoded.since_1904;
    }
    return rc;
}

/* In memory of its own: of a file that is refused nothing stays. */
static enum rc read_table(struct op *op, int file, struct str bytes, struct table *table)
{
    struct arena    arena;
    struct problems problems;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = table_packed(bytes)
                     ? read_packed(&arena, file, &problems, table)
                     : table_read(&arena, bytes, IMPORT_ROWS_MAX, &problems, table);
    for (const struct problem *one = problems.first; one; one = one->next)
        problem_at(&op->problems, one->where, one->line, one->column, "%.*s",
                   STR_ARG(one->says));
    if (rc == RC_OK)
        rc = keep_rows(op->arena, table);
    arena_free(&arena);
    return rc == RC_TOO_LARGE
               ? fail(op, RC_REFUSED, "file", "这个文件里的字太多了，请分成几个。")
               : rc;
}

enum rc import_table(struct op *op, struct table *table)
{
    size_t  n = 0;
    char   *path = str_z(op->arena, op->upload);
    int     file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    char   *bytes = file >= 0 ? load(file, &n) : NULL;
    enum rc rc = RC_UNAVAILABLE;

    if (bytes)
        rc = n > IMPORT_BYTES_MAX
                 ? fail(op, RC_REFUSED, "file", "这个文件超过 4 MB 了，请分成几个。")
                 : read_table(op, file, str_slice(bytes, n), table);
    free(bytes);
    if (file >= 0)
        close(file);
    return rc;
}
