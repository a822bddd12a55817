#include "database.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/keep/archive.h"
#include "app/keep/deletions.h"
#include "base/arena.h"
#include "base/log.h"
#include "db/migrate.h"

static struct arena        arena;
static struct problems     problems;
static char                root[] = "/tmp/linli-keep-XXXXXX";
static const unsigned char key[FILE_KEY_BYTES] = { 7 };

static struct str at(const char *name)
{
    return str_fmt(&arena, "%s/%s", root, name);
}

static int open_folder(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    problems_init(&problems, &arena);
    memcpy(root + sizeof root - 7, "XXXXXX", 6);
    return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(name);
}

static int close_folder(void **state)
{
    (void)state;
    arena_free(&arena);
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool is_there(const char *name)
{
    return access(str_z(&arena, at(name)), F_OK) == 0;
}

/* ---- archives ---- */

static struct archive_out *begun(const char *name)
{
    struct archive_out *out;

    CHECK_INT(archive_create(&problems, at(name), key, &out), RC_OK);
    CHECK_INT(archive_put(out, FRAME_HEAD, STR("head")), RC_OK);
    CHECK_INT(archive_put(out, FRAME_ROWS, STR("")), RC_OK);
    return out;
}

static void expect(struct archive_in *in, enum frame frame, struct str payload)
{
    enum frame got;
    struct str bytes;

    CHECK_INT(archive_next(in, &got, &bytes), RC_OK);
    CHECK_INT(got, frame);
    CHECK_TEXT(bytes, payload);
}

TEST(an_archive_gives_back_its_frames)
{
    struct archive_out *out = begun("linli-a");
    struct archive_in  *in;
    enum frame          frame;
    struct str          bytes;

    CHECK(!is_there("linli-a") && is_there("linli-a.part"));
    CHECK_INT(archive_finish(&out), RC_OK);
    CHECK(is_there("linli-a") && !is_there("linli-a.part"));
    CHECK_INT(archive_open(&problems, at("linli-a"), key, &in), RC_OK);
    expect(in, FRAME_HEAD, STR("head"));
    expect(in, FRAME_ROWS, STR(""));
    expect(in, FRAME_END, STR(""));
    CHECK_INT(archive_next(in, &frame, &bytes), RC_CONFLICT);
    archive_close(&in);
}

TEST(with_another_key_it_stays_shut)
{
    static const unsigned char other[FILE_KEY_BYTES] = { 8 };
    struct archive_out        *out = begun("linli-a");
    struct archive_in         *in;

    CHECK_INT(archive_finish(&out), RC_OK);
    CHECK_INT(archive_open(&problems, at("linli-a"), other, &in), RC_REFUSED);
    CHECK(str_has(problems.first->says, STR("backup.key")));
}

TEST(what_is_broken_off_leaves_nothing_and_takes_no_name)
{
    struct archive_out *out = begun("linli-a");

    archive_drop(&out);
    CHECK(!is_there("linli-a") && !is_there("linli-a.part"));
}

TEST(a_sweep_removes_what_nobody_writes_any_more)
{
    struct archive_out *out = begun("linli-a");
    int                 left =
        open(str_z(&arena, at("linli-b.part")), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    int mine = open(str_z(&arena, at("mine.part")), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    close(left);
    close(mine);
    archive_sweep(str_of(root));
    CHECK(is_there("linli-a.part") && !is_there("linli-b.part") && is_there("mine.part"));
    CHECK_INT(archive_finish(&out), RC_OK);
}

TEST(two_do_not_write_one_archive)
{
    struct archive_out *out = begun("linli-a"), *other;

    CHECK_INT(archive_create(&problems, at("linli-a"), key, &other), RC_REFUSED);
    CHECK_INT(archive_finish(&out), RC_OK);
    CHECK_INT(archive_create(&problems, at("linli-a"), key, &other), RC_REFUSED);
    CHECK(is_there("linli-a"));
}

/* ---- rows ---- */

TEST(a_row_comes_back_as_it_was_with_nothing_and_null_apart)
{
    struct field    columns[] = { { .name = STR_INIT("a"), .kind = KIND_INT },
                                  { .name = STR_INIT("b"), .kind = KIND_REAL },
                                  { .name = STR_INIT("c"), .kind = KIND_TEXT },
                                  { .name = STR_INIT("d"), .kind = KIND_BYTES },
                                  { .name = STR_INIT("e"), .kind = KIND_INT } };
    struct table    table = { .columns = columns, .ncolumns = COUNT(columns) };
    struct db_value row[] = { { .kind = KIND_INT, .number = INT64_MIN },
                              { .kind = KIND_REAL, .real = -0.1 },
                              { .kind = KIND_TEXT, .text = STR("") },
                              { .kind = KIND_BYTES, .text = STR("\0\xff") },
                              { .kind = KIND_INT, .null = true } };
    struct db_value got[COUNT(row)];
    struct rows    *rows = malloc(sizeof *rows);

    rows->len = 0;
    CHECK_INT(rows_put(rows, row, COUNT(row)), RC_OK);
    struct str rest = str_slice(rows->at, rows->len);
    CHECK(rows_take(&rest, &table, got) && rest.len == 0);
    CHECK(got[0].number == INT64_MIN && got[1].real == row[1].real);
    CHECK(!got[2].null && got[2].text.at && got[2].text.len == 0);
    CHECK_TEXT(got[3].text, row[3].text);
    CHECK(got[4].null);
    for (size_t len = 0; len < rows->len; len++) {
        rest = str_slice(rows->at, len);
        CHECK(!rows_take(&rest, &table, got));
    }
    free(rows);
}

/* ---- deletions ---- */

static void put(struct str path, struct str text)
{
    int file = open(str_z(&arena, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_int_equal(write(file, text.at, text.len), text.len);
    close(file);
}

static struct list listed(void)
{
    struct list list;

    CHECK_INT(deletions_read(&problems, &arena, at("deletions"), &list), RC_OK);
    return list;
}

TEST(who_was_deleted_stands_outside_the_database_once)
{
    struct str           where = test_database(state);
    const struct stmts  *tables[] = { &deletion_stmts };
    struct db_catalogue *catalogue = db_catalogue_new(tables, COUNT(tables));
    struct op            op;
    struct db           *db;
    size_t               applied;

    open_folder(state);
    CHECK_INT(migrate(where, &applied), RC_OK);
    CHECK_INT(db_open(where, DB_READ, catalogue, &db), RC_OK);
    op_init(&op, &arena, 0);
    op.db = db;
    CHECK_INT(deletions_note(&op, str_of(root)), RC_OK);
    CHECK_INT(listed().n, 0);
    (void)test_sql(where, "INSERT INTO person_deletions VALUES (7, 70, 1700000000000)");
    (void)test_sql(where, "INSERT INTO person_deletions VALUES (7, 71, 1700000000000)");
    for (int again = 0; again < 2; again++) {
        CHECK_INT(deletions_note(&op, str_of(root)), RC_OK);
        CHECK_INT(listed().n, 2);
    }
    put(at("deletions"), STR("7 70 1700000000000\n7 71 17000")); /* cut off by a crash */
    CHECK_INT(listed().n, 1);
    put(at("deletions"), STR("7 70 1700000000000\n"));
    CHECK_INT(deletions_note(&op, str_of(root)), RC_OK);
    CHECK_INT(listed().n, 2);
    CHECK_INT(((struct deletion *)listed().at)[1].person, 71);
    db_close(&db);
    db_catalogue_free(&catalogue);
    close_folder(state);
}

TEST(a_list_of_deletions_that_is_none_is_refused)
{
    static const char *const bad[] = { "7 70\n",  "7 70 x\n",  "9999 70 1\n",
                                       "7 0 1\n", "-1 70 1\n", "7  70 1\n" };
    struct list              list;

    CHECK_INT(listed().n, 0); /* there is none */
    for (size_t i = 0; i < COUNT(bad); i++) {
        put(at("deletions"), str_of(bad[i]));
        CHECK_INT(deletions_read(&problems, &arena, at("deletions"), &list), RC_REFUSED);
    }
    CHECK_INT(problems.n, COUNT(bad));
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(an_archive_gives_back_its_frames),
        IN_A_FOLDER(with_another_key_it_stays_shut),
        IN_A_FOLDER(what_is_broken_off_leaves_nothing_and_takes_no_name),
        IN_A_FOLDER(a_sweep_removes_what_nobody_writes_any_more),
        IN_A_FOLDER(two_do_not_write_one_archive),
        IN_A_FOLDER(a_row_comes_back_as_it_was_with_nothing_and_null_apart),
        ON_BOTH(who_was_deleted_stands_outside_the_database_once),
        IN_A_FOLDER(a_list_of_deletions_that_is_none_is_refused),
    };
    log_threshold((enum log_level)(LOG_ERROR + 1));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
