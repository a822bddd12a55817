#include "plans.h"

#include "test.h"

#include "base/arena.h"
#include "db/catalogue.h"

static void some_values(const struct stmt *stmt, struct db_value *values)
{
    for (size_t i = 0; i < stmt->nparams; i++)
        values[i] = (struct db_value){
            .kind = stmt->params[i], .number = 1, .real = 1, .text = STR("1")
        };
}

static size_t times(struct str text, struct str word)
{
    size_t n = 0;

    for (; text.len >= word.len; text = str_skip(text, 1))
        n += str_starts(text, word);
    return n;
}

/* "SCAN 4 CONSTANT ROWS" reads nothing, and a co-routine's rows are those of the plan's
 * other lines. */
static bool sqlite_is_slow(struct str plan)
{
    size_t harmless = times(plan, STR("CONSTANT ROW")) + times(plan, STR("CO-ROUTINE "));

    return times(plan, STR("SCAN ")) > harmless || str_has(plan, STR("TEMP B-TREE"));
}

/* An index without a condition is read from end to end.  (One whose condition leaves
 * out its first column is too, and says so only on SQLite.) */
static bool postgres_is_slow(struct str plan)
{
    size_t indexes = times(plan, STR("Index Scan")) + times(plan, STR("Index Only Scan"));

    return str_has(plan, STR("Seq Scan")) || str_has(plan, STR("Sort")) ||
           indexes > times(plan, STR("Index Cond"));
}

static bool may_be_slow(const struct stmt *stmt, const char *const *allowed)
{
    for (; allowed && *allowed; allowed++)
        if (str_starts(str_of(stmt->name), str_of(*allowed)))
            return true;
    return false;
}

struct str test_plan(struct db *db, struct arena *arena, const struct stmt *stmt)
{
    struct db_value values[STMT_PARAMS_MAX];

    some_values(stmt, values);
    return db_plan(db, arena, stmt, values, stmt->nparams);
}

bool test_plan_is_slow(struct db *db, struct arena *arena, const struct stmt *stmt)
{
    struct str plan = test_plan(db, arena, stmt);
    bool       slow = !plan.at                     ? true
                      : db_engine(db) == DB_SQLITE ? sqlite_is_slow(plan)
                                                   : postgres_is_slow(plan);
    if (slow)
        print_message("%s: %s\n%.*s\n", stmt->name, stmt->sql, STR_ARG(plan));
    return slow;
}

void test_plans(struct str where, const struct stmts *const *tables, size_t n,
                const char *const *allowed)
{
    struct db_catalogue *catalogue = db_catalogue_new(tables, n);
    struct arena         arena;
    struct db           *db;
    size_t               found = 0;

    assert_non_null(catalogue);
    CHECK_INT(db_open(where, DB_READ, catalogue, &db), RC_OK);
    arena_init(&arena, ARENA_REQUEST_BYTES);
    for (size_t i = 0; i < catalogue->n; i++) {
        struct arena_mark mark = arena_mark(&arena);
        if (!may_be_slow(catalogue->stmts[i], allowed))
            found += test_plan_is_slow(db, &arena, catalogue->stmts[i]);
        arena_back(&arena, mark);
    }
    arena_free(&arena);
    db_close(&db);
    db_catalogue_free(&catalogue);
    CHECK_INT(found, 0);
}
