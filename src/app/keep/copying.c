#include "app/keep/keep.h"
#include "app/keep/marks.h"
#include "app/tables.h"
#include "base/clock.h"
#include "gate/journal.h"

enum { COPYING_BYTES = 16 << 20 };

enum rc copying_begin(struct copying *copying, int64_t migration)
{
    const struct stmts *more[] = { &copying->schema.stmts, &schema_stmts, &mark_stmts };

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

static enum rc verify_county(struct house *house, struct problems *problems, int64_t county)
{
    struct arena arena;
    struct op    op;
    int64_t      lines, broken = 0;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    op_init(&op, &arena, clock_now_ms());
    op.db = house->db;
    op.county = county;
    enum rc rc = journal_verify(&op, county, &lines, &broken);
    if (rc != RC_OK)
        problem_add(problems, STR_NONE, "县区 %lld 的日志链在第 %lld 行对不上。",
                    (long long)county, (long long)broken);
    arena_free(&arena);
    return rc;
}

enum rc keep_verify_journal(struct house *house, struct problems *problems)
{
    struct arena arena;
    struct op    op;
    struct list  counties = { 0 };

    arena_init(&arena, ARENA_REQUEST_BYTES);
    op_init(&op, &arena, clock_now_ms());
    op.db = house->db;
    enum rc        rc = journal_counties(&op, &counties);
    const int64_t *numbers = counties.at;
    for (size_t i = 0; rc == RC_OK && i < counties.n; i++)
        rc = verify_county(house, problems, numbers[i]);
    arena_free(&arena);
    return rc;
}
