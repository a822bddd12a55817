/* What a SQLite connection refuses, tried through that very connection. */
#include "database.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/engine.h"

/* As sqlite.c lays it out, to try what the facade has no words for. */
struct inside {
    struct db db;
    sqlite3  *handle;
};

struct opened {
    struct str where;
    struct db *db;
    sqlite3   *handle;
};

/* As migrations open it: with more rights than anything else has. */
static struct opened given(void **state)
{
    struct opened o = { .where = test_database(state) };

    CHECK_INT(db_open(o.where, DB_WRITE, NULL, &o.db), RC_OK);
    o.handle = ((struct inside *)o.db)->handle;
    return o;
}

static enum rc run(struct opened *o, const char *sql)
{
    return o->db->engine->script(o->db, sql);
}

TEST(what_full_text_search_keeps_for_itself_cannot_be_written)
{
    struct opened o = given(state);

    CHECK_INT(run(&o, "CREATE VIRTUAL TABLE words USING fts5(text)"), RC_OK);
    CHECK_INT(run(&o, "INSERT INTO words VALUES ('one')"), RC_OK);
    CHECK_INT(run(&o, "DELETE FROM words_data"), RC_INTERNAL);
    CHECK_INT(run(&o, "UPDATE sqlite_schema SET sql = ''"), RC_INTERNAL);
    CHECK_INT(run(&o, "PRAGMA writable_schema = ON"), RC_INTERNAL);
    db_close(&o.db);
}

static void leak(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n, (void)values;
    sqlite3_result_int(context, 1);
}

/* A file that somebody else has touched may say what runs when it is read. */
TEST(a_view_in_the_file_cannot_call_what_is_not_harmless)
{
    struct opened o = given(state);

    CHECK_INT(
        sqlite3_create_function(o.handle, "leak", 0, SQLITE_UTF8, NULL, leak, NULL, NULL),
        SQLITE_OK);
    CHECK_INT(run(&o, "CREATE VIEW trap AS SELECT leak() AS x"), RC_OK);
    CHECK_INT(run(&o, "SELECT leak()"), RC_OK);
    CHECK_INT(run(&o, "SELECT x FROM trap"), RC_INTERNAL);
    db_close(&o.db);
}

TEST(nothing_is_loaded_into_the_process)
{
    struct opened o = given(state);
    char         *says = NULL;

    CHECK(sqlite3_load_extension(o.handle, "linli-no-such", NULL, &says) != SQLITE_OK);
    CHECK(says && strcmp(says, "not authorized") == 0);
    sqlite3_free(says);
    CHECK_INT(run(&o, "SELECT load_extension('x')"), RC_INTERNAL);
    db_close(&o.db);
}

static char *repeated(const char *head, const char *piece, size_t n)
{
    size_t len = strlen(piece), from = strlen(head);
    char  *text = calloc(1, from + n * len + 1);

    CHECK(text != NULL);
    memcpy(text, head, from);
    for (size_t i = 0; i < n; i++)
        memcpy(text + from + i * len, piece, len);
    return text;
}

TEST(a_value_a_text_or_an_expression_beyond_the_limits_is_refused)
{
    struct opened o = given(state);
    char         *deep = repeated("SELECT 1", " + 1", 49),
         *deeper = repeated("SELECT 1", " + 1", 60);
    char *longest = repeated("SELECT 1 --", "x", 99000),
         *longer = repeated("SELECT 1 --", "x", 100000);

    CHECK_INT(run(&o, "SELECT length(zeroblob(900000))"), RC_OK);
    CHECK_INT(run(&o, "SELECT length(randomblob(5000000))"), RC_TOO_LARGE);
    CHECK_INT(run(&o, deep), RC_OK);
    CHECK_INT(run(&o, deeper), RC_INTERNAL);
    CHECK_INT(run(&o, longest), RC_OK);
    CHECK_INT(run(&o, longer), RC_TOO_LARGE);
    CHECK_INT(sqlite3_limit(o.handle, SQLITE_LIMIT_ATTACHED, -1), 0);
    free(deep);
    free(deeper);
    free(longest);
    free(longer);
    db_close(&o.db);
}

/* The authorizer, and the limit behind it should it be taken away. */
TEST(no_other_file_is_attached)
{
    struct opened o = given(state);

    CHECK_INT(run(&o, "ATTACH ':memory:' AS other"), RC_INTERNAL);
    CHECK_INT(sqlite3_errcode(o.handle), SQLITE_AUTH);
    sqlite3_set_authorizer(o.handle, NULL, NULL);
    CHECK_INT(run(&o, "ATTACH ':memory:' AS other"), RC_INTERNAL);
    db_close(&o.db);
}

static bool file_holds(struct str where, const char *marker)
{
    char   path[512];
    char  *text = calloc(1, 8 << 20);
    size_t n = 0;

    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(where));
    FILE *file = fopen(path, "re");
    CHECK(file && text);
    n = fread(text, 1, 8 << 20, file);
    (void)fclose(file);
    bool holds = memmem(text, n, marker, strlen(marker)) != NULL;
    free(text);
    return holds;
}

TEST(what_is_deleted_is_not_in_the_file_any_more)
{
    struct opened o = given(state);

    CHECK_INT(run(&o, "CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('a-known-marker')"),
              RC_OK);
    db_close(&o.db); /* the log is copied */
    CHECK(file_holds(o.where, "a-known-marker"));
    o = given(state);
    CHECK_INT(run(&o, "DELETE FROM t"), RC_OK);
    db_close(&o.db);
    CHECK(!file_holds(o.where, "a-known-marker"));
}

static int temporary_files(void)
{
    DIR           *folder = opendir("/proc/self/fd");
    struct dirent *entry;
    char           path[300], target[300];
    int            n = 0;

    CHECK(folder != NULL);
    while ((entry = readdir(folder))) {
        (void)snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t got = readlink(path, target, sizeof target - 1);
        n += got > 0 && memmem(target, (size_t)got, "etilqs", 6) != NULL;
    }
    (void)closedir(folder);
    return n;
}

TEST(what_is_sorted_or_kept_for_a_moment_stays_in_memory)
{
    struct opened o = given(state);

    CHECK_INT(
        run(&o, "CREATE TEMP TABLE t AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT"
                " i + 1 FROM n LIMIT 200000) SELECT i, randomblob(100) AS x FROM n"),
        RC_OK);
    CHECK_INT(temporary_files(), 0);
    db_close(&o.db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(what_full_text_search_keeps_for_itself_cannot_be_written),
        ON_SQLITE(a_view_in_the_file_cannot_call_what_is_not_harmless),
        ON_SQLITE(nothing_is_loaded_into_the_process),
        ON_SQLITE(a_value_a_text_or_an_expression_beyond_the_limits_is_refused),
        ON_SQLITE(no_other_file_is_attached),
        ON_SQLITE(what_is_deleted_is_not_in_the_file_any_more),
        ON_SQLITE(what_is_sorted_or_kept_for_a_moment_stays_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
