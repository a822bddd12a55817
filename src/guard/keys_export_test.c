#include "test.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "guard/keys_export.h"
#include "guard/keys_folder.h"

#define PHRASE STR("three horses and a long battery")

static struct arena    arena;
static struct problems problems;
static char            root[] = "/tmp/linli-export-XXXXXX";

static struct str at(const char *name)
{
    return str_fmt(&arena, "%s/%s", root, name);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 4 << 20);
    problems_init(&problems, &arena);
    memcpy(root + sizeof root - 7, "XXXXXX", 6);
    return mkdtemp(root) && keys_folder_init(&problems, at("keys")) == RC_OK ? 0 : -1;
}

static int remove_one(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(name);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct str bytes_of(struct str path)
{
    char   *bytes = arena_take(&arena, 64 << 10);
    int     file = open(str_z(&arena, path), O_RDONLY | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, bytes, 64 << 10) : 0;

    if (file >= 0)
        close(file);
    return str_slice(bytes, (size_t)got);
}

static void put(struct str path, struct str bytes)
{
    int file = open(str_z(&arena, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_int_equal(write(file, bytes.at, bytes.len), bytes.len);
    close(file);
}

TEST(what_was_exported_is_imported_as_it_was)
{
    static const char *const names[] = { "master-1.key", "index.key", "backup.key" };
    size_t                   files;
    struct stat              stat;

    CHECK_INT(keys_export(&problems, at("keys"), at("file"), PHRASE, &files), RC_OK);
    CHECK_INT(files, COUNT(names));
    CHECK_INT(keys_import(&problems, at("other"), at("file"), PHRASE, &files), RC_OK);
    CHECK_INT(files, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++) {
        struct str there = at(str_fmt(&arena, "other/%s", names[i]).at);
        CHECK_TEXT(bytes_of(there), bytes_of(at(str_fmt(&arena, "keys/%s", names[i]).at)));
        assert_int_equal(lstat(str_z(&arena, there), &stat), 0);
        CHECK_INT(stat.st_mode & 0777, 0600);
        struct str key = bytes_of(there);
        CHECK(!str_has(bytes_of(at("file")), str_slice(key.at, key.len - 1)));
    }
}

TEST(nothing_is_written_over)
{
    size_t files;

    CHECK_INT(keys_export(&problems, at("keys"), at("file"), PHRASE, &files), RC_OK);
    CHECK_INT(keys_export(&problems, at("keys"), at("file"), PHRASE, &files), RC_REFUSED);
    CHECK_INT(keys_import(&problems, at("keys"), at("file"), PHRASE, &files), RC_REFUSED);
    CHECK_INT(problems.n, 2);
}

/* Each leaves the folder unmade. */
TEST(another_passphrase_or_a_changed_file_brings_nothing_back)
{
    size_t files;

    CHECK_INT(keys_export(&problems, at("keys"), at("file"), PHRASE, &files), RC_OK);
    CHECK_INT(keys_import(&problems, at("other"), at("file"), STR("three horses"), &files),
              RC_REFUSED);
    struct str whole = bytes_of(at("file"));
    char      *bad = str_z(&arena, whole);
    bad[whole.len - 30] ^= 1;
    put(at("bad"), str_slice(bad, whole.len));
    CHECK_INT(keys_import(&problems, at("other"), at("bad"), PHRASE, &files), RC_REFUSED);
    put(at("bad"), str_slice(whole.at, whole.len - 1));
    CHECK_INT(keys_import(&problems, at("other"), at("bad"), PHRASE, &files), RC_REFUSED);
    put(at("bad"), str_slice(whole.at, 20));
    CHECK_INT(keys_import(&problems, at("other"), at("bad"), PHRASE, &files), RC_REFUSED);
    CHECK_INT(access(str_z(&arena, at("other")), F_OK), -1);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(what_was_exported_is_imported_as_it_was),
        IN_A_FOLDER(nothing_is_written_over),
        IN_A_FOLDER(another_passphrase_or_a_changed_file_brings_nothing_back),
    };
    log_threshold((enum log_level)(LOG_ERROR + 1));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
