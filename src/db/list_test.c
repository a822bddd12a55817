#include "database.h"

#include <stdio.h>

#include "base/arena.h"
#include "db/catalogue.h"
#include "db/list.h"
#include "db/migrate.h"
#include "plans.h"

/* ---- a list of visits: three scopes, two states, two orders ---- */

static const struct migration schema[] = {
    { 1, "0001_test",
      "CREATE TABLE visits (county BIGINT NOT NULL, id BIGINT NOT NULL,"
      " street TEXT NOT NULL,"
      " grid TEXT NOT NULL, open BIGINT NOT NULL, due_ms BIGINT NOT NULL, note TEXT,"
      " PRIMARY KEY (county, id));\n"
      "CREATE INDEX visits_county ON visits (county, open, due_ms, id);\n"
      "CREATE INDEX visits_street ON visits (county, street, open, due_ms, id);\n"
      "CREATE INDEX visits_grid ON visits (county, grid, open, due_ms, id);\n" },
    { 0, NULL, NULL },
};

struct visit {
    int64_t id, due_ms;
};
static const struct field visit_fields[] = {
    FIELD(struct visit, id, REQUIRED),
    FIELD_TIME(struct visit, due_ms, REQUIRED),
};
static const enum kind one_int[] = { KIND_INT }, one_text[] = { KIND_TEXT };
static const enum kind one_bool[] = { KIND_BOOL };
static const enum kind three_ints[] = { KIND_INT, KIND_INT, KIND_INT };

static const struct list_choice scopes[] = {
    { "", NULL, 0 },
    { "AND street = ?", one_text, 1 },
    { "AND grid = ? AND grid <> '?'", one_text, 1 }, /* a mark in quotes is none */
};
static const struct list_choice states[] = { { "AND open = ?", one_bool, 1 },
                                             { "", NULL, 0 } };
static const struct list_choice cursors[] = {
    { "ORDER BY due_ms, id", NULL, 0 },
    { "AND due_ms >= ? AND (due_ms > ? OR id > ?) ORDER BY due_ms, id", three_ints, 3 },
};
static const struct list_dimension dimensions[] = {
    { "scope", scopes, COUNT(scopes) },
    { "state", states, COUNT(states) },
    { "cursor", cursors, COUNT(cursors) },
};

/* Open and closed together have no index in this order. */
static bool keep(const size_t *choice)
{
    return choice[1] == 0;
}

static const struct list_query visits = {
    .name = "visits",
    .head = "SELECT id, due_ms FROM visits WHERE county = ?",
    .head_params = one_int,
    .nhead_params = 1,
    .dimensions = dimensions,
    .ndimensions = COUNT(dimensions),
    .tail = "LIMIT ?",
    .tail_params = one_int,
    .ntail_params = 1,
    .row = visit_fields,
    .nrow = COUNT(visit_fields),
    .keep = keep,
};
static const struct list_query *const lists[] = { &visits, NULL };
static const struct stmts             table = { .lists = lists };
static const struct stmts *const      tables[] = { &table };

static struct db_catalogue *given_catalogue(void)
{
    struct db_catalogue *catalogue = db_catalogue_new(tables, 1);

    CHECK(catalogue && catalogue->faults == 0);
    return catalogue;
}

/* ---- composing ---- */

TEST(marks_are_numbered_in_the_order_of_composition)
{
    struct db_catalogue   *catalogue = given_catalogue();
    const struct stmt     *stmt = list_pick(catalogue, &visits, (size_t[]){ 2, 0, 1 });
    static const enum kind kinds[] = { KIND_INT, KIND_TEXT, KIND_BOOL, KIND_INT,
                                       KIND_INT, KIND_INT,  KIND_INT };

    CHECK_TEXT(str_of(stmt->name), STR("visits.2.0.1"));
    CHECK_TEXT(
        str_of(stmt->sql),
        STR("SELECT id, due_ms FROM visits WHERE county = $1"
            " AND grid = $2 AND grid <> '?' AND open = $3"
            " AND due_ms >= $4 AND (due_ms > $5 OR id > $6) ORDER BY due_ms, id LIMIT $7"));
    CHECK_INT(stmt->nparams, COUNT(kinds));
    for (size_t i = 0; i < COUNT(kinds); i++)
        CHECK_INT(stmt->params[i], kinds[i]);
    CHECK(stmt->row == visit_fields && stmt->nrow == COUNT(visit_fields));
    db_catalogue_free(&catalogue);
}

TEST(what_makes_no_sense_is_left_out)
{
    struct db_catalogue *catalogue = given_catalogue();

    CHECK_INT(catalogue->n, 6);
    for (size_t scope = 0; scope < COUNT(scopes); scope++)
        for (size_t cursor = 0; cursor < COUNT(cursors); cursor++) {
            CHECK(list_pick(catalogue, &visits, (size_t[]){ scope, 0, cursor }) != NULL);
            CHECK(list_pick(catalogue, &visits, (size_t[]){ scope, 1, cursor }) == NULL);
        }
    db_catalogue_free(&catalogue);
}

/* ---- running ---- */

static void given_visits(struct str where)
{
    size_t applied;

    CHECK_INT(migrate_from(where, schema, &applied), RC_OK);
    for (int i = 1; i <= 9; i++) { /* times come in threes */
        char sql[200];
        (void)snprintf(sql, sizeof sql,
                       "INSERT INTO visits VALUES (7, %d, '420602001', 'g%d', 1, %d, NULL)",
                       i, i % 2, 1000 + i / 3);
        test_sql(where, sql);
    }
}

TEST(pages_neither_repeat_nor_skip)
{
    struct str           where = test_database(state);
    struct db_catalogue *catalogue = given_catalogue();
    struct arena         arena;
    struct db           *db;
    struct visit         last = { 0 };
    struct list          page;
    int64_t              seen = 0;

    given_visits(where);
    arena_init(&arena, ARENA_REQUEST_BYTES);
    CHECK_INT(db_open(where, DB_READ, catalogue, &db), RC_OK);
    const struct stmt *next = list_pick(catalogue, &visits, (size_t[]){ 1, 0, 1 });
    do {
        CHECK_INT(db_all(db, &arena, next,
                         DB_VALUES(DB_INT(7), DB_TEXT(STR("420602001")), DB_BOOL(true),
                                   DB_INT(last.due_ms), DB_INT(last.due_ms),
                                   DB_INT(last.id), DB_INT(2)),
                         sizeof last, 2, &page),
                  RC_OK);
        for (size_t i = 0; i < page.n; i++) {
            last = ((struct visit *)page.at)[i];
            CHECK_INT(last.id, ++seen);
        }
    } while (page.n);
    CHECK_INT(seen, 9);
    db_close(&db);
    arena_free(&arena);
    db_catalogue_free(&catalogue);
}

/* ---- plans ---- */

TEST(every_variant_finds_its_rows_by_an_index)
{
    struct str where = test_database(state);

    given_visits(where);
    test_plans(where, tables, 1, NULL);
}

static bool refused(struct str where, const char *sql)
{
    const struct stmt  stmt = { .name = "bad", .sql = sql, .row = visit_fields, .nrow = 2 };
    const struct stmts bad = { .all = (const struct stmt *const[]){ &stmt, NULL } };
    const struct stmts  *bads[] = { &bad };
    struct db_catalogue *catalogue = db_catalogue_new(bads, 1);
    struct arena         arena;
    struct db           *db;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    CHECK_INT(db_open(where, DB_READ, catalogue, &db), RC_OK);
    bool slow = test_plan_is_slow(db, &arena, &stmt);
    db_close(&db);
    arena_free(&arena);
    db_catalogue_free(&catalogue);
    return slow;
}

TEST(scans_and_sorts_are_seen)
{
    struct str where = test_database(state);

    given_visits(where);
    CHECK(refused(where, "SELECT id, due_ms FROM visits WHERE note = 'x'"));
    CHECK(refused(where,
                  "SELECT id, due_ms FROM visits WHERE county = 7 ORDER BY grid, street"));
    CHECK(refused(where, "SELECT id, due_ms FROM visits"));
    CHECK(!refused(where, "SELECT id, due_ms FROM visits WHERE county = 7 AND id = 5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_numbered_in_the_order_of_composition),
        cmocka_unit_test(what_makes_no_sense_is_left_out),
        ON_BOTH(pages_neither_repeat_nor_skip),
        ON_BOTH(every_variant_finds_its_rows_by_an_index),
        ON_BOTH(scans_and_sorts_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
