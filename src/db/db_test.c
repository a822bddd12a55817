#include "database.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/engine.h"
#include "db/migrate.h"

/* ---- a small schema of every kind ---- */

static const struct migration schema[] = {
    { 1, "0001_test",
      "-- every kind; a semicolon in a comment; and more\n"
      "CREATE TABLE things (id BIGINT PRIMARY KEY, yes BIGINT NOT NULL,"
      " number BIGINT NOT NULL,\n"
      " at_ms BIGINT, measure @real@ NOT NULL, name TEXT, secret @bytes@, extra TEXT,\n"
      " CONSTRAINT things_number UNIQUE (number));\n"
      "CREATE TABLE parts (id BIGINT PRIMARY KEY,"
      " thing BIGINT NOT NULL REFERENCES things (id),\n"
      " word TEXT NOT NULL DEFAULT 'a;b -- @bytes');\n" },
    { 0, NULL, NULL },
};

struct thing {
    int64_t    id;
    bool       yes;
    int64_t    number, at_ms;
    double     measure;
    struct str name, secret, extra;
};
static const struct field thing_fields[] = {
    FIELD_ID(struct thing, id, REQUIRED),        FIELD(struct thing, yes, REQUIRED),
    FIELD(struct thing, number, REQUIRED),       FIELD_TIME(struct thing, at_ms, OPTIONAL),
    FIELD(struct thing, measure, OPTIONAL),      FIELD(struct thing, name, OPTIONAL),
    FIELD_BYTES(struct thing, secret, OPTIONAL), FIELD_RAW(struct thing, extra, OPTIONAL),
};
static const enum kind one_int[] = { KIND_INT };

static const struct stmt thing_add = {
    .name = "thing_add",
    .sql = "INSERT INTO things (:names) VALUES (:values)",
    DB_RECORD(thing_fields),
};
static const struct stmt thing_get = {
    .name = "thing_get",
    .sql = "SELECT :names FROM things WHERE id = $1",
    DB_PARAMS(KIND_ID),
    DB_ROW(thing_fields),
};
static const struct stmt thing_all = {
    .name = "thing_all",
    .sql = "SELECT :names FROM things WHERE number >= $1 ORDER BY number",
    DB_PARAMS(KIND_INT),
    DB_ROW(thing_fields),
};
/* $2 stands before $1: SQLite numbers by first appearance. */
static const struct stmt thing_rename = {
    .name = "thing_rename",
    .sql = "UPDATE things SET number = number + 1"
           " WHERE id = $2 AND name IS DISTINCT FROM $1",
    DB_PARAMS(KIND_TEXT, KIND_ID),
};
static const struct stmt thing_take = {
    .name = "thing_take",
    .sql = "UPDATE things SET yes = 1 WHERE id = $1 AND yes = 0 RETURNING :names",
    DB_PARAMS(KIND_ID),
    DB_ROW(thing_fields),
};
static const struct stmt part_add = {
    .name = "part_add",
    .sql = "INSERT INTO parts (id, thing) VALUES ($1, $2)",
    DB_PARAMS(KIND_ID, KIND_ID),
};
static const struct stmt null_is_null = {
    .name = "null_is_null",
    .sql = "SELECT id FROM things WHERE $1 IS NULL",
    DB_PARAMS(KIND_TEXT),
    .row = thing_fields,
    .nrow = 1,
};
static const struct stmt thing_put = {
    .name = "thing_put",
    .sql = "INSERT INTO things (:names) VALUES (:values)"
           " ON CONFLICT (id) DO UPDATE SET :excluded",
    DB_RECORD(thing_fields),
    .nkeys = 1,
};
static const struct stmt thing_set = {
    .name = "thing_set",
    .sql = "UPDATE things SET :sets WHERE id = $1",
    DB_RECORD(thing_fields),
    .nkeys = 1,
};
static const struct stmt *const good[] = { &thing_add,    &thing_get,  &thing_all,
                                           &thing_rename, &thing_take, &part_add,
                                           &null_is_null, &thing_put,  &thing_set,
                                           NULL };
static const struct stmts       good_table = { .all = good };

/* ---- the fixture ---- */

struct fixture {
    struct arena         arena;
    struct str           where;
    struct db_catalogue *catalogue;
    struct db           *db;
};

static struct fixture given(void **state)
{
    struct fixture      f = { .where = test_database(state) };
    const struct stmts *tables[] = { &good_table };
    size_t              applied;

    arena_init(&f.arena, ARENA_REQUEST_BYTES);
    CHECK_INT(migrate_from(f.where, schema, &applied), RC_OK);
    f.catalogue = db_catalogue_new(tables, COUNT(tables));
    CHECK_INT(db_open(f.where, DB_WRITE, f.catalogue, &f.db), RC_OK);
    return f;
}

static void done(struct fixture *f)
{
    db_close(&f->db);
    db_catalogue_free(&f->catalogue);
    arena_free(&f->arena);
}

static enum rc add(struct fixture *f, int64_t id, int64_t number)
{
    struct thing thing = { .id = id, .number = number, .name = STR("名") };

    return db_put(f->db, &thing_add, &thing, NULL);
}

static size_t count(struct fixture *f)
{
    struct list rows;

    CHECK_INT(db_all(f->db, &f->arena, &thing_all, DB_VALUES(DB_INT(0)),
                     sizeof(struct thing), 1000, &rows),
              RC_OK);
    return rows.n;
}

/* ---- rows ---- */

TEST(every_kind_goes_in_and_comes_out)
{
    struct fixture f = given(state);
    struct thing   in = { .id = 7,
                          .yes = true,
                          .number = INT64_MIN,
                          .at_ms = 1700000000123,
                          .measure = 0.1,
                          .name = STR("滨湖社区 𠮷 ' ; --"),
                          .secret = str_slice("\0\1\xff", 3),
                          .extra = STR("{\"a\":1}") };
    struct thing   out;

    CHECK_INT(db_put(f.db, &thing_add, &in, NULL), RC_OK);
    CHECK_INT(db_one(f.db, &f.arena, &thing_get, DB_VALUES(DB_ID(7)), &out), RC_OK);
    CHECK(out.id == 7 && out.yes && out.number == INT64_MIN && out.at_ms == in.at_ms);
    CHECK(fabs(out.measure - 0.1) == 0);
    CHECK_TEXT(out.name, in.name);
    CHECK_TEXT(out.secret, in.secret);
    CHECK_TEXT(out.extra, in.extra);
    done(&f);
}

TEST(nothing_is_null_and_null_is_nothing)
{
    struct fixture f = given(state);
    struct thing   in = { .id = 7 }, out;

    memset(&out, 0x55, sizeof out);
    CHECK_INT(db_put(f.db, &thing_add, &in, NULL), RC_OK);
    CHECK_INT(db_one(f.db, &f.arena, &thing_get, DB_VALUES(DB_ID(7)), &out), RC_OK);
    CHECK(!out.yes && out.number == 0 && out.at_ms == 0);
    CHECK(!out.name.at && !out.secret.at && !out.extra.at);
    CHECK_INT(test_sql(f.where,
                       "SELECT count(*) FROM things WHERE at_ms IS NULL AND name IS NULL"
                       " AND secret IS NULL AND extra IS NULL"),
              1);
    done(&f);
}

TEST(an_empty_text_is_not_an_absent_one)
{
    struct fixture f = given(state);
    struct thing   in = { .id = 7, .name = STR(""), .secret = STR("") }, out;

    CHECK_INT(db_put(f.db, &thing_add, &in, NULL), RC_OK);
    CHECK_INT(db_one(f.db, &f.arena, &thing_get, DB_VALUES(DB_ID(7)), &out), RC_OK);
    CHECK(out.name.at && !out.name.len && out.secret.at && !out.secret.len &&
          !out.extra.at);
    done(&f);
}

TEST(a_parameter_may_be_null_without_a_type)
{
    struct fixture f = given(state);
    struct thing   out;

    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(db_one(f.db, &f.arena, &null_is_null, DB_VALUES(DB_TEXT(STR_NONE)), &out),
              RC_OK);
    CHECK_INT(db_one(f.db, &f.arena, &null_is_null, DB_VALUES(DB_TEXT(STR("x"))), &out),
              RC_NOT_FOUND);
    done(&f);
}

TEST(parameters_are_bound_by_their_number_not_by_their_order)
{
    struct fixture f = given(state);
    int64_t        touched;

    CHECK_INT(add(&f, 1, 10), RC_OK);
    CHECK_INT(
        db_run(f.db, &thing_rename, DB_VALUES(DB_TEXT(STR("別")), DB_ID(1)), &touched),
        RC_OK);
    CHECK_INT(touched, 1);
    CHECK_INT(
        db_run(f.db, &thing_rename, DB_VALUES(DB_TEXT(STR("名")), DB_ID(1)), &touched),
        RC_OK);
    CHECK_INT(touched, 0);
    done(&f);
}

TEST(text_that_one_engine_would_refuse_is_refused_by_both)
{
    struct fixture f = given(state);
    struct thing   nul = { .id = 1, .name = str_slice("a\0b", 3) };
    struct thing   bad = { .id = 1, .name = STR("\xff") };

    CHECK_INT(db_put(f.db, &thing_add, &nul, NULL), RC_INVALID);
    CHECK_INT(db_put(f.db, &thing_add, &bad, NULL), RC_INVALID);
    CHECK_INT(count(&f), 0);
    done(&f);
}

TEST(no_row_is_not_found_and_a_guard_passes_once)
{
    struct fixture f = given(state);
    struct thing   out;

    CHECK_INT(db_one(f.db, &f.arena, &thing_get, DB_VALUES(DB_ID(1)), &out), RC_NOT_FOUND);
    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(db_one(f.db, &f.arena, &thing_take, DB_VALUES(DB_ID(1)), &out), RC_OK);
    CHECK(out.yes);
    CHECK_INT(db_one(f.db, &f.arena, &thing_take, DB_VALUES(DB_ID(1)), &out), RC_NOT_FOUND);
    done(&f);
}

TEST(a_record_is_put_where_its_keys_say_or_changed_there_alone)
{
    struct fixture f = given(state);
    struct thing   thing = { .id = 1, .number = 1, .name = STR("一") }, other;
    int64_t        touched;

    CHECK_INT(db_put(f.db, &thing_put, &thing, NULL), RC_OK);
    CHECK_INT(add(&f, 2, 2), RC_OK);
    thing.number = 10;
    CHECK_INT(db_put(f.db, &thing_put, &thing, NULL), RC_OK);
    CHECK_INT(count(&f), 2);
    thing.name = STR("甲");
    CHECK_INT(db_put(f.db, &thing_set, &thing, &touched), RC_OK);
    CHECK_INT(touched, 1);
    CHECK_INT(db_one(f.db, &f.arena, &thing_get, DB_VALUES(DB_ID(1)), &other), RC_OK);
    CHECK_INT(other.number, 10);
    CHECK_TEXT(other.name, STR("甲"));
    CHECK_INT(db_one(f.db, &f.arena, &thing_get, DB_VALUES(DB_ID(2)), &other), RC_OK);
    CHECK_INT(other.number, 2);
    thing.id = 3;
    CHECK_INT(db_put(f.db, &thing_set, &thing, &touched), RC_OK);
    CHECK_INT(touched, 0);
    done(&f);
}

TEST(a_broken_constraint_is_a_conflict)
{
    struct fixture f = given(state);

    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(add(&f, 1, 2), RC_CONFLICT);
    CHECK_INT(add(&f, 2, 1), RC_CONFLICT);
    CHECK_INT(db_run(f.db, &part_add, DB_VALUES(DB_ID(1), DB_ID(99)), NULL), RC_CONFLICT);
    CHECK_INT(count(&f), 1);
    done(&f);
}

TEST(more_rows_than_asked_for_are_too_many)
{
    struct fixture f = given(state);
    struct list    rows;

    for (int64_t i = 1; i <= 40; i++)
        CHECK_INT(add(&f, i, i), RC_OK);
    CHECK_INT(db_all(f.db, &f.arena, &thing_all, DB_VALUES(DB_INT(0)), sizeof(struct thing),
                     40, &rows),
              RC_OK);
    CHECK_INT(rows.n, 40);
    CHECK_INT(((struct thing *)rows.at)[39].number, 40);
    CHECK_INT(db_all(f.db, &f.arena, &thing_all, DB_VALUES(DB_INT(0)), sizeof(struct thing),
                     39, &rows),
              RC_TOO_LARGE);
    struct thing first;
    CHECK_INT(db_one(f.db, &f.arena, &thing_all, DB_VALUES(DB_INT(0)), &first),
              RC_INTERNAL);
    done(&f);
}

TEST(rows_beyond_the_arena_are_too_large)
{
    struct fixture f = given(state);
    struct arena   small;
    struct list    rows;

    for (int64_t i = 1; i <= 40; i++)
        CHECK_INT(add(&f, i, i), RC_OK);
    arena_init(&small, 1000);
    CHECK_INT(db_all(f.db, &small, &thing_all, DB_VALUES(DB_INT(0)), sizeof(struct thing),
                     100, &rows),
              RC_TOO_LARGE);
    CHECK(small.over);
    arena_free(&small);
    CHECK_INT(count(&f), 40);
    done(&f);
}

static enum rc sum_until_30(void *context, const void *row)
{
    const struct thing *thing = row;

    *(int64_t *)context += thing->number;
    return thing->number == 30 ? RC_REFUSED : RC_OK;
}

TEST(a_walk_needs_the_memory_of_one_row_and_may_stop)
{
    struct fixture f = given(state);
    struct arena   small;
    struct thing   row;
    int64_t        sum = 0;

    for (int64_t i = 1; i <= 40; i++)
        CHECK_INT(add(&f, i, i), RC_OK);
    arena_init(&small, 200);
    CHECK_INT(db_each(f.db, &small, &thing_all, DB_VALUES(DB_INT(31)), &row, sizeof row,
                      sum_until_30, &sum),
              RC_OK);
    CHECK_INT(sum, (31 + 40) * 5);
    CHECK_INT(db_each(f.db, &small, &thing_all, DB_VALUES(DB_INT(29)), &row, sizeof row,
                      sum_until_30, &sum),
              RC_REFUSED);
    CHECK_INT(sum, (31 + 40) * 5 + 29 + 30);
    arena_free(&small);
    CHECK_INT(count(&f), 40);
    done(&f);
}

TEST(a_text_above_the_limit_is_too_large)
{
    static char    text[DB_VALUE_MAX + 1];
    struct fixture f = given(state);
    struct thing   in = { .id = 1, .secret = str_slice(text, DB_VALUE_MAX) };

    CHECK_INT(db_put(f.db, &thing_add, &in, NULL), RC_OK);
    in = (struct thing){ .id = 2, .secret = str_slice(text, sizeof text) };
    CHECK_INT(db_put(f.db, &thing_add, &in, NULL), RC_TOO_LARGE);
    done(&f);
}

/* ---- transactions ---- */

TEST(a_savepoint_goes_back_alone)
{
    struct fixture f = given(state);

    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(db_savepoint(f.db), RC_OK);
    CHECK_INT(add(&f, 2, 2), RC_OK);
    db_back(f.db);
    CHECK_INT(db_savepoint(f.db), RC_OK);
    CHECK_INT(add(&f, 3, 3), RC_OK);
    CHECK_INT(db_release(f.db), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK_INT(test_sql(f.where, "SELECT sum(id) FROM things"), 4);
    done(&f);
}

TEST(after_a_failure_nothing_runs_until_it_went_back)
{
    struct fixture f = given(state);

    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(db_savepoint(f.db), RC_OK);
    CHECK_INT(add(&f, 2, 1), RC_CONFLICT);
    CHECK_INT(add(&f, 2, 2), RC_CONFLICT);
    CHECK_INT(db_release(f.db), RC_CONFLICT);
    db_back(f.db);
    CHECK_INT(add(&f, 3, 3), RC_OK);
    CHECK_INT(db_commit(f.db), RC_OK);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(add(&f, 4, 1), RC_CONFLICT);
    CHECK_INT(db_commit(f.db), RC_CONFLICT);
    CHECK_INT(test_sql(f.where, "SELECT sum(id) FROM things"), 4);
    done(&f);
}

TEST(a_snapshot_stands_still)
{
    struct fixture f = given(state);
    struct db     *writer = f.db, *reader;

    CHECK_INT(db_open(f.where, DB_READ, f.catalogue, &reader), RC_OK);
    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(db_snapshot(reader), RC_OK);
    f.db = reader;
    CHECK_INT(count(&f), 1);
    f.db = writer;
    CHECK_INT(add(&f, 2, 2), RC_OK);
    f.db = reader;
    CHECK_INT(count(&f), 1);
    db_snapshot_end(reader);
    CHECK_INT(count(&f), 2);
    f.db = writer;
    db_close(&reader);
    done(&f);
}

TEST(a_reader_cannot_write)
{
    struct fixture f = given(state);
    struct db     *writer = f.db;

    CHECK_INT(db_open(f.where, DB_READ, f.catalogue, &f.db), RC_OK);
    CHECK_INT(add(&f, 1, 1), RC_INTERNAL);
    CHECK_INT(count(&f), 0);
    db_close(&f.db);
    f.db = writer;
    done(&f);
}

static void cut_connections(const struct fixture *f)
{
    test_sql(f->where, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                       " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

TEST(a_reader_that_was_cut_notices_only_inside_a_snapshot)
{
    struct fixture f = given(state);
    struct db     *writer = f.db;

    CHECK_INT(add(&f, 1, 1), RC_OK);
    CHECK_INT(db_open(f.where, DB_READ, f.catalogue, &f.db), RC_OK);
    CHECK_INT(count(&f), 1);
    cut_connections(&f);
    CHECK_INT(count(&f), 1);
    cut_connections(&f);
    CHECK_INT(db_snapshot(f.db), RC_OK);
    CHECK_INT(count(&f), 1);
    cut_connections(&f);
    struct list rows;
    CHECK_INT(db_all(f.db, &f.arena, &thing_all, DB_VALUES(DB_INT(0)), sizeof(struct thing),
                     1000, &rows),
              RC_UNAVAILABLE);
    CHECK(!db_alive(f.db));
    db_snapshot_end(f.db);
    CHECK_INT(count(&f), 1);
    db_close(&f.db);
    f.db = writer;
    done(&f);
}

/* A server that goes says so and is gone: what is written to it fails, though there is
 * still something to read.  libpq takes such a connection for good. */
static void break_behind_a_warning(int fd)
{
    static const char warning[] = "N\0\0\0\x1bSWARNING\0C57P02\0Mgone\0";
    int               pair[2];

    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK_INT(write(pair[1], warning, sizeof warning), sizeof warning);
    close(pair[1]);
    dup2(pair[0], fd);
    close(pair[0]);
}

static int socket_opened_from(int first)
{
    struct stat stat;

    for (int fd = first;; fd++)
        if (fstat(fd, &stat) == 0 && S_ISSOCK(stat.st_mode))
            return fd;
}

TEST(a_line_that_broke_unheard_is_told_as_one_that_broke)
{
    struct fixture f = given(state);
    struct db     *writer = f.db;
    struct list    rows;
    int            first = dup(0);

    close(first);
    CHECK_INT(db_open(f.where, DB_READ, f.catalogue, &f.db), RC_OK);
    CHECK_INT(db_snapshot(f.db), RC_OK);
    CHECK_INT(count(&f), 0);
    break_behind_a_warning(socket_opened_from(first));
    CHECK_INT(db_all(f.db, &f.arena, &thing_all, DB_VALUES(DB_INT(0)), sizeof(struct thing),
                     1000, &rows),
              RC_UNAVAILABLE);
    CHECK(!db_alive(f.db));
    db_snapshot_end(f.db);
    db_close(&f.db);
    f.db = writer;
    done(&f);
}

/* Three statements and their transaction, each of them failed in turn. */
static enum rc scenario(struct fixture *f)
{
    enum rc rc = db_begin(f->db);

    if (rc != RC_OK)
        return rc;
    for (int64_t i = 1; i <= 3 && rc == RC_OK; i++)
        rc = add(f, i, i);
    if (rc == RC_OK)
        return db_commit(f->db);
    db_rollback(f->db);
    return rc;
}

TEST(whichever_statement_fails_nothing_is_left)
{
    struct fixture f = given(state);

    for (size_t n = 1; n <= 5; n++) {
        db_fail_at(n, RC_UNAVAILABLE);
        CHECK_INT(scenario(&f), RC_UNAVAILABLE);
        db_fail_at(0, RC_OK);
        CHECK_INT(count(&f), 0);
    }
    CHECK_INT(scenario(&f), RC_OK);
    CHECK_INT(count(&f), 3);
    done(&f);
}

/* ---- statements that do not fit ---- */

static enum rc open_with(struct str where, const struct stmt *stmt)
{
    const struct stmt  *all[] = { stmt, NULL };
    struct stmts        table = { .all = all };
    const struct stmts *tables[] = { &table };
    struct db          *db;

    struct db_catalogue *catalogue = db_catalogue_new(tables, 1);
    enum rc              rc = db_open(where, DB_WRITE, catalogue, &db);
    CHECK(rc == RC_OK || db == NULL);
    db_close(&db);
    db_catalogue_free(&catalogue);
    return rc;
}

TEST(a_statement_that_does_not_fit_stops_the_opening)
{
    struct fixture f = given(state);
    const struct {
        const char *sql;
        size_t      nparams, nrow;
    } bad[] = {
        { "SELECT id FROM things WHERE number = $1::bigint", 1, 1 },
        { "SELECT id FROM things WHERE number = $1x", 1, 1 },
        { "SELECT id FROM things WHERE number = ?", 1, 1 },
        { "SELECT id FROM things WHERE number = :n", 1, 1 },
        { "SELECT id FROM things WHERE number = $2", 2, 1 }, /* $1 is missing */
        { "SELECT id FROM things WHERE number = $1", 0, 1 },
        { "SELECT id FROM things WHERE number = $1 AND '$2' = ''", 2, 1 },
        { "SELECT id, number FROM things", 0, 1 },
        { "SELECT id FROM things", 0, 0 },
        { "DELETE FROM things", 0, 1 },
        { "SELECT missing FROM things", 0, 1 },
        { "SELECT id FROM nowhere", 0, 1 },
        { "SELECT id FROM things; DELETE FROM things", 0, 1 },
        { "DROP TABLE things", 0, 0 },
        { "COMMIT", 0, 0 },
        { "SELECT count(number) AS id, sum(number) FROM things", 0, 1 },
    };

    CHECK_INT(open_with(f.where, &(struct stmt){ .name = "good",
                                                 .sql = "SELECT id FROM things",
                                                 .row = thing_fields,
                                                 .nrow = 1 }),
              RC_OK);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (open_with(f.where, &(struct stmt){ .name = "bad",
                                               .sql = bad[i].sql,
                                               .params = one_int,
                                               .nparams = bad[i].nparams,
                                               .row = thing_fields,
                                               .nrow = bad[i].nrow }) == RC_OK)
            fail_msg("opened with %s", bad[i].sql);
    done(&f);
}

/* SQLite has no types to compare; PostgreSQL would hand over something else. */
TEST(a_column_of_another_type_stops_the_opening)
{
    struct fixture f = given(state);
    const char    *bad[] = { "SELECT sum(number) FROM things", "SELECT name FROM things",
                             "SELECT measure FROM things", "SELECT now()", "SELECT true" };

    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_INT(open_with(f.where, &(struct stmt){ .name = "bad",
                                                     .sql = bad[i],
                                                     .row = thing_fields,
                                                     .nrow = 1 }),
                  RC_INTERNAL);
    CHECK_INT(open_with(f.where,
                        &(struct stmt){
                            .name = "good",
                            .row = thing_fields,
                            .nrow = 1,
                            .sql = "SELECT CAST(sum(number) AS BIGINT) FROM things" }),
              RC_OK);
    done(&f);
}

TEST(two_statements_of_one_name_stop_the_opening)
{
    struct fixture      f = given(state);
    struct stmt         twin = thing_get;
    const struct stmt  *all[] = { &thing_get, &twin, NULL };
    struct stmts        table = { .all = all };
    const struct stmts *tables[] = { &table };
    struct db          *db;

    struct db_catalogue *catalogue = db_catalogue_new(tables, 1);
    CHECK_INT(db_open(f.where, DB_WRITE, catalogue, &db), RC_INTERNAL);
    db_catalogue_free(&catalogue);
    done(&f);
}

TEST(even_a_migration_can_neither_attach_nor_set_anything)
{
    struct fixture f = given(state);
    struct db     *db;
    const char    *bad[] = { "ATTACH 'other.db' AS other", "PRAGMA secure_delete = OFF",
                             "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint",
                             "SELECT load_extension('x')" };

    CHECK_INT(db_open(f.where, DB_WRITE, NULL, &db), RC_OK);
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_INT(db->engine->script(db, bad[i]), RC_INTERNAL);
    db_close(&db);
    done(&f);
}

TEST(a_new_file_is_its_owners_alone)
{
    struct fixture           f = given(state);
    static const char *const tails[] = { "", "-wal", "-shm" };
    char                     path[300];
    struct stat              stat_of;

    for (size_t i = 0; i < COUNT(tails); i++) {
        (void)snprintf(path, sizeof path, "%.*s%s", STR_ARG(f.where), tails[i]);
        CHECK_INT(stat(path, &stat_of), 0);
        CHECK_INT(stat_of.st_mode & 0777, 0600);
    }
    done(&f);
}

TEST(a_file_that_is_not_there_is_not_made_by_a_server)
{
    struct fixture f = given(state);
    struct db     *db;

    CHECK_INT(db_open(STR("/tmp/linli-no-such-folder/x.db"), DB_WRITE, f.catalogue, &db),
              RC_NOT_FOUND);
    CHECK(db == NULL);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(every_kind_goes_in_and_comes_out),
        ON_BOTH(nothing_is_null_and_null_is_nothing),
        ON_BOTH(an_empty_text_is_not_an_absent_one),
        ON_BOTH(a_parameter_may_be_null_without_a_type),
        ON_BOTH(parameters_are_bound_by_their_number_not_by_their_order),
        ON_BOTH(text_that_one_engine_would_refuse_is_refused_by_both),
        ON_BOTH(no_row_is_not_found_and_a_guard_passes_once),
        ON_BOTH(a_record_is_put_where_its_keys_say_or_changed_there_alone),
        ON_BOTH(a_broken_constraint_is_a_conflict),
        ON_BOTH(more_rows_than_asked_for_are_too_many),
        ON_BOTH(rows_beyond_the_arena_are_too_large),
        ON_BOTH(a_walk_needs_the_memory_of_one_row_and_may_stop),
        ON_BOTH(a_text_above_the_limit_is_too_large),
        ON_BOTH(a_savepoint_goes_back_alone),
        ON_BOTH(after_a_failure_nothing_runs_until_it_went_back),
        ON_BOTH(a_snapshot_stands_still),
        ON_BOTH(a_reader_cannot_write),
        ON_POSTGRES(a_reader_that_was_cut_notices_only_inside_a_snapshot),
        ON_POSTGRES(a_line_that_broke_unheard_is_told_as_one_that_broke),
        ON_BOTH(whichever_statement_fails_nothing_is_left),
        ON_BOTH(a_statement_that_does_not_fit_stops_the_opening),
        ON_POSTGRES(a_column_of_another_type_stops_the_opening),
        ON_BOTH(two_statements_of_one_name_stop_the_opening),
        ON_SQLITE(even_a_migration_can_neither_attach_nor_set_anything),
        ON_SQLITE(a_new_file_is_its_owners_alone),
        ON_SQLITE(a_file_that_is_not_there_is_not_made_by_a_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
