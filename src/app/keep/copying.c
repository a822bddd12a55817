#include "app/keep/keep.h"
#include "app/tables.h"

enum { COPYING_BYTES = 16 << 20 };

enum rc copying_begin(struct copying *copying, int64_t migration)
{
    const struct stmts *more[] = { &copying->schema.stmts, &schema_stmts };

    copying->catalogue = NULL;
    arena_init(&copying->arena, COPYING_BYTES);
    enum rc rc = schema_read(&copying->arena, migration, &copying->schema);
    if (rc != RC_OK)
        return rc;
    /* The program's own statements fit today's tables alone. */
    copying->catalogue = migration == 0 || migration == schema_newest()
                             ? tables_catalogue_with(more, COUNT(more))
                             : db_catalogue_new(more, COUNT(more));
    return copying->catalogue ? RC_OK : RC_NO_MEMORY;
}

void copying_end(struct copying *copying)
{
    db_catalogue_free(&copying->catalogue);
    arena_free(&copying->arena);
}
