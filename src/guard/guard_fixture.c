#include "guard/guard_fixture.h"

#include "db/migrate.h"
#include "guard/guard_store.h"

void fixture_open(struct fixture *f, void **state)
{
    const struct stmts *tables[] = { &guard_stmts };
    size_t              applied;

    *f = (struct fixture){ .where = test_database(state), .ids = { .county = 7 } };
    CHECK_INT(migrate(f->where, &applied), RC_OK);
    f->catalogue = db_catalogue_new(tables, COUNT(tables));
    assert_non_null(f->catalogue);
    CHECK_INT(db_open(f->where, DB_WRITE, f->catalogue, &f->db), RC_OK);
    arena_init(&f->arena, 8 << 20);
    op_init(&f->op, &f->arena, 1795327387120); /* 2026-11-22 14:03 in Beijing */
    f->op.db = f->db;
    f->op.county = 7;
    f->op.ids = &f->ids;
}

void fixture_close(struct fixture *f)
{
    db_close(&f->db);
    db_catalogue_free(&f->catalogue);
    arena_free(&f->arena);
}
