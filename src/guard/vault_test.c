#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/random.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"
#include "guard/secret.h"
#include "guard/vault.h"

enum { CHUNK = 64 << 10, TAG = 16, HEAD = 40 };

static struct arena    arena;
static struct problems problems;
static struct vault   *vault;
static char            path[] = "/tmp/linli-vault-XXXXXX";

static struct str folder(void)
{
    return str_of(path);
}

static void open_keys(int64_t masters)
{
    struct key_provider provider;

    assert_int_equal(keys_memory_open(masters, &provider), RC_OK);
    assert_int_equal(keys_open(&provider), RC_OK);
}

static int remove_one(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(name);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    problems_init(&problems, &arena);
    open_keys(1);
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(path));
    return vault_open(&problems, folder(), &vault) == RC_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    vault_close(&vault);
    keys_close();
    arena_free(&arena);
    return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct str noise(size_t len)
{
    struct dice dice = { len };
    char       *at = arena_take(&arena, len + 1);

    assert_non_null(at);
    for (size_t i = 0; i < len; i++)
        at[i] = (char)dice_next(&dice);
    return str_slice(at, len);
}

static enum rc load(const char *id, struct str *bytes)
{
    return vault_load(vault, &arena, str_of(id), 32 << 20, bytes);
}

/* ---- the files on the disk ---- */

static char   found[8][256];
static size_t nfound;

static int note(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)ftw;
    if (kind == FTW_F && !strstr(name, "vault.key") && nfound < COUNT(found))
        (void)snprintf(found[nfound++], sizeof found[0], "%s", name);
    return 0;
}

static size_t look(void)
{
    nfound = 0;
    nftw(path, note, 16, FTW_PHYS);
    return nfound;
}

static struct str disk_read(const char *name)
{
    char *at = arena_take(&arena, 16 << 20);
    FILE *file = fopen(name, "re");

    assert_true(at && file);
    size_t len = fread(at, 1, 16 << 20, file);
    fclose(file);
    return str_slice(at, len);
}

static void disk_write(const char *name, struct str bytes)
{
    FILE *file = fopen(name, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    fclose(file);
}

TEST(what_was_put_comes_back)
{
    static const size_t sizes[] = {
        0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 12 << 20
    };
    struct str bytes;

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct str before = noise(sizes[i]);
        CHECK_INT(vault_put(vault, STR("a"), before), RC_OK);
        CHECK_INT(load("a", &bytes), RC_OK);
        CHECK(str_eq(before, bytes));
    }
    CHECK_INT(look(), 1); /* each replaced the one before */
    CHECK_INT(vault_load(vault, &arena, STR("a"), 1 << 20, &bytes), RC_TOO_LARGE);
}

TEST(files_go_in_and_out_by_descriptor)
{
    int        in = memfd_create("in", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC);
    struct str before = noise(3 * CHUNK + 5);
    char      *after = arena_take(&arena, before.len);

    assert_int_equal(write(in, before.at, before.len), before.len);
    CHECK_INT(vault_put_file(vault, STR("7/original"), in), RC_OK);
    CHECK_INT(vault_copy(vault, STR("7/original"), out), RC_OK);
    CHECK_INT(lseek(out, 0, SEEK_END), before.len);
    assert_int_equal(pread(out, after, before.len, 0), before.len);
    CHECK(memcmp(before.at, after, before.len) == 0);
    close(in);
    close(out);
}

TEST(the_directory_tells_nothing)
{
    struct str  bytes = STR("a face that somebody knows, and a door that they know too");
    struct stat stat;

    CHECK_INT(vault_put(vault, STR("7/screen"), bytes), RC_OK);
    CHECK_INT(look(), 1);
    CHECK(!str_has(str_of(found[0]), STR("screen")));
    CHECK(!str_has(disk_read(found[0]), STR("somebody")));
    assert_int_equal(lstat(found[0], &stat), 0);
    CHECK_INT(stat.st_mode & 0777, 0600);
    assert_int_equal(lstat(path, &stat), 0);
    CHECK_INT(stat.st_mode & 0777, 0700);
}

TEST(what_was_removed_is_gone)
{
    struct str bytes;

    CHECK_INT(load("a", &bytes), RC_NOT_FOUND);
    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    CHECK_INT(vault_remove(vault, STR("a")), RC_OK);
    CHECK_INT(vault_remove(vault, STR("a")), RC_OK);
    CHECK_INT(load("a", &bytes), RC_NOT_FOUND);
    CHECK_INT(look(), 0);
}

static void check_broken(struct str on_disk)
{
    struct str bytes;
    int        out = memfd_create("out", MFD_CLOEXEC);

    disk_write(found[0], on_disk);
    CHECK_INT(load("a", &bytes), RC_INTERNAL);
    CHECK(!bytes.at);
    CHECK_INT(vault_copy(vault, STR("a"), out), RC_INTERNAL);
    close(out);
}

TEST(a_flipped_bit_shows_wherever_it_is)
{
    static const size_t at[] = { 0,
                                 7,
                                 8,
                                 39,
                                 40,
                                 HEAD + CHUNK - 1,
                                 HEAD + CHUNK,
                                 HEAD + CHUNK + TAG,
                                 HEAD + CHUNK + TAG + 99,
                                 HEAD + CHUNK + TAG + 100 + TAG - 1 };

    CHECK_INT(vault_put(vault, STR("a"), noise(CHUNK + 100)), RC_OK);
    look();
    struct str whole = disk_read(found[0]);
    CHECK_INT(whole.len, HEAD + CHUNK + TAG + 100 + TAG);
    for (size_t i = 0; i < COUNT(at); i++) {
        char *bad = str_z(&arena, whole);
        bad[at[i]] ^= 4;
        check_broken(str_slice(bad, whole.len));
    }
}

TEST(a_file_cut_off_or_longer_shows_also_at_the_end_of_a_chunk)
{
    static const size_t lens[] = { 0,
                                   HEAD - 1,
                                   HEAD,
                                   HEAD + TAG - 1,
                                   HEAD + TAG,
                                   HEAD + CHUNK + TAG - 1,
                                   HEAD + CHUNK + TAG,
                                   HEAD + CHUNK + TAG + 1,
                                   HEAD + CHUNK + TAG + TAG,
                                   HEAD + 2 * (CHUNK + TAG) };

    CHECK_INT(vault_put(vault, STR("a"), noise(3 * CHUNK)), RC_OK);
    look();
    struct str whole = disk_read(found[0]);
    for (size_t i = 0; i < COUNT(lens); i++)
        check_broken(str_slice(whole.at, lens[i]));
    struct str more[] = { whole, noise(TAG) };
    check_broken(str_join(&arena, more, COUNT(more), STR("")));
}

TEST(chunks_in_another_order_show)
{
    CHECK_INT(vault_put(vault, STR("a"), noise(3 * CHUNK)), RC_OK);
    look();
    struct str whole = disk_read(found[0]), first = str_slice(whole.at + HEAD, CHUNK + TAG);
    struct str second = str_slice(first.at + CHUNK + TAG, CHUNK + TAG);
    struct str swapped[] = { str_slice(whole.at, HEAD), second, first,
                             str_skip(whole, HEAD + 2 * (CHUNK + TAG)) };
    check_broken(str_join(&arena, swapped, COUNT(swapped), STR("")));
}

TEST(two_files_cannot_be_swapped)
{
    struct str bytes;

    CHECK_INT(vault_put(vault, STR("a"), STR("hers")), RC_OK);
    CHECK_INT(vault_put(vault, STR("b"), STR("mine")), RC_OK);
    CHECK_INT(look(), 2);
    struct str one = disk_read(found[0]), other = disk_read(found[1]);
    disk_write(found[0], other);
    disk_write(found[1], one);
    CHECK_INT(load("a", &bytes), RC_INTERNAL);
    CHECK_INT(load("b", &bytes), RC_INTERNAL);
}

TEST(it_opens_again_and_keeps_its_key)
{
    struct str bytes;

    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    vault_close(&vault);
    CHECK_INT(vault_open(&problems, folder(), &vault), RC_OK);
    CHECK_INT(load("a", &bytes), RC_OK);
}

static struct str key_line(void)
{
    return disk_read(str_z(&arena, str_fmt(&arena, "%s/vault.key", path)));
}

/* Masters in memory are random, so a folder of them stands in for the next start. */
TEST(a_new_master_wraps_its_key_again)
{
    struct key_provider provider;
    struct str          bytes, keys = str_fmt(&arena, "%s/keys", path),
                      files = str_fmt(&arena, "%s/files", path);

    vault_close(&vault);
    keys_close();
    CHECK_INT(keys_folder_init(&problems, keys), RC_OK);
    for (int64_t master = 1; master <= 2; master++) {
        CHECK_INT(keys_folder_open(&problems, keys, &provider), RC_OK);
        CHECK_INT(keys_open(&provider), RC_OK);
        CHECK_INT(vault_open(&problems, files, &vault), RC_OK);
        if (master == 1)
            CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
        CHECK_INT(load("a", &bytes), RC_OK);
        struct str line =
            disk_read(str_z(&arena, str_fmt(&arena, "%.*s/vault.key", STR_ARG(files))));
        CHECK_INT(line.at[0] - '0', master);
        vault_close(&vault);
        keys_close();
        if (master == 1)
            CHECK_INT(keys_folder_rotate(&problems, keys), RC_OK);
    }
    open_keys(1);
}

TEST(with_other_masters_it_stays_shut)
{
    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    struct str line = key_line();
    vault_close(&vault);
    keys_close();
    open_keys(1);
    CHECK_INT(vault_open(&problems, folder(), &vault), RC_REFUSED);
    CHECK(problems.n == 1 && str_eq(line, key_line()));
}

TEST(files_without_their_key_are_not_given_a_new_one)
{
    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    vault_close(&vault);
    assert_int_equal(remove(str_z(&arena, str_fmt(&arena, "%s/vault.key", path))), 0);
    CHECK_INT(vault_open(&problems, folder(), &vault), RC_REFUSED);
    CHECK(problems.first && str_has(problems.first->says, STR("vault.key")));
}

TEST(what_nobody_names_is_swept_once_it_is_old)
{
    struct str kept[] = { STR("b"), STR("c") }, bytes;
    int64_t    removed;

    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    CHECK_INT(vault_put(vault, STR("b"), STR("x")), RC_OK);
    CHECK_INT(vault_sweep(vault, &arena, kept, 2, 3600000, &removed), RC_OK);
    CHECK_INT(removed, 0);
    CHECK_INT(vault_sweep(vault, &arena, kept, 2, -3600000, &removed), RC_OK);
    CHECK_INT(removed, 1);
    CHECK_INT(load("a", &bytes), RC_NOT_FOUND);
    CHECK_INT(load("b", &bytes), RC_OK);
}

TEST(a_full_disk_is_told_and_leaves_nothing)
{
    char       below[sizeof path + 4];
    struct str bytes;

    CHECK_INT(vault_put(vault, STR("a"), STR("old")), RC_OK);
    (void)snprintf(below, sizeof below, "%s/new", path);
    assert_int_equal(rmdir(below), 0); /* nothing can be written any more */
    CHECK_INT(vault_put(vault, STR("a"), STR("new")), RC_UNAVAILABLE);
    CHECK_INT(load("a", &bytes), RC_OK);
    CHECK_TEXT(bytes, STR("old"));
}

TEST(what_is_removed_while_a_backup_holds_the_vault_is_still_read)
{
    struct vault_hold hold, other;
    struct vault_path name;
    struct str        bytes;
    int               file;

    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    CHECK_INT(vault_put(vault, STR("b"), STR("y")), RC_OK);
    CHECK_INT(vault_hold(vault, &hold), RC_OK);
    CHECK_INT(vault_hold(vault, &other), RC_BUSY);
    CHECK_INT(vault_remove(vault, STR("a")), RC_OK);
    CHECK_INT(load("a", &bytes), RC_NOT_FOUND);
    CHECK_INT(vault_sealed(vault, STR("a"), &name, &file), RC_OK);
    CHECK_INT(strlen(name.at), VAULT_PATH_BYTES - 1);
    close(file);
    CHECK_INT(vault_sealed(vault, STR("c"), &name, &file), RC_NOT_FOUND);
    vault_let_go(vault, &hold);
    CHECK_INT(vault_sealed(vault, STR("a"), &name, &file), RC_NOT_FOUND);
    CHECK_INT(look(), 1);
}

TEST(what_a_killed_backup_left_aside_goes_at_the_next_start)
{
    struct vault_hold hold;

    CHECK_INT(vault_put(vault, STR("a"), STR("x")), RC_OK);
    CHECK_INT(vault_hold(vault, &hold), RC_OK);
    CHECK_INT(vault_remove(vault, STR("a")), RC_OK);
    close(hold.lock); /* as when the process dies */
    CHECK_INT(look(), 1);
    vault_close(&vault);
    CHECK_INT(vault_open(&problems, folder(), &vault), RC_OK);
    CHECK_INT(look(), 0);
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_VAULT(what_was_put_comes_back),
        WITH_VAULT(files_go_in_and_out_by_descriptor),
        WITH_VAULT(the_directory_tells_nothing),
        WITH_VAULT(what_was_removed_is_gone),
        WITH_VAULT(a_flipped_bit_shows_wherever_it_is),
        WITH_VAULT(a_file_cut_off_or_longer_shows_also_at_the_end_of_a_chunk),
        WITH_VAULT(chunks_in_another_order_show),
        WITH_VAULT(two_files_cannot_be_swapped),
        WITH_VAULT(it_opens_again_and_keeps_its_key),
        WITH_VAULT(a_new_master_wraps_its_key_again),
        WITH_VAULT(with_other_masters_it_stays_shut),
        WITH_VAULT(files_without_their_key_are_not_given_a_new_one),
        WITH_VAULT(what_nobody_names_is_swept_once_it_is_old),
        WITH_VAULT(a_full_disk_is_told_and_leaves_nothing),
        WITH_VAULT(what_is_removed_while_a_backup_holds_the_vault_is_still_read),
        WITH_VAULT(what_a_killed_backup_left_aside_goes_at_the_next_start),
    };
    secret_allow_swap(); /* where the test runs, memory may not be lockable */
    log_threshold((enum log_level)(LOG_ERROR + 1));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
