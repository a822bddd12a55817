#include "files.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "test.h"

enum { CHUNK = 16 << 10, NAMES_MAX = 500 };

static char *path_to(struct arena *arena, struct str path)
{
    return str_z(arena, str_fmt(arena, "%s/%.*s", getenv("LINLI_SOURCE"), STR_ARG(path)));
}

struct str test_file(struct arena *arena, struct str path)
{
    FILE  *file = fopen(path_to(arena, path), "re");
    char  *text = NULL;
    size_t n = 0;

    if (!file)
        fail_msg("there is no %.*s", STR_ARG(path));
    for (size_t got = 1; got; n += got) {
        text = arena_grow(arena, text, n, n + CHUNK);
        if (!text)
            fail_msg("no memory for %.*s", STR_ARG(path));
        got = fread(text + n, 1, CHUNK, file);
    }
    assert_int_equal(fclose(file), 0);
    return str_slice(text, n);
}

static int remove_one(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(name);
}

void test_remove_folder(const char *path)
{
    assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

struct str *test_names(struct arena *arena, struct str folder, struct str ending, size_t *n)
{
    struct dirent **entries;
    struct str     *names = arena_many(arena, NAMES_MAX, struct str);
    int             count = scandir(path_to(arena, folder), &entries, NULL, alphasort);

    *n = 0;
    for (int i = 0; i < count; i++) {
        struct str name = str_of(entries[i]->d_name);

        if (names && str_ends(name, ending) && *n < NAMES_MAX)
            names[(*n)++] = str_copy(arena, str_slice(name.at, name.len - ending.len));
        free(entries[i]);
    }
    if (count < 0)
        fail_msg("there is no %.*s", STR_ARG(folder));
    free(entries);
    return names;
}
