#include "app/story/folder.h"

#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_make(char path[STORY_PATH_MAX])
{
    const char *tmp = getenv("TMPDIR");
    int         n =
        snprintf(path, STORY_PATH_MAX, "%s/linli-story.XXXXXX", tmp && *tmp ? tmp : "/tmp");

    return n < STORY_PATH_MAX && mkdtemp(path);
}

/* Every entry, folders before what is in them and again behind it, until `visit`
 * says false. */
static bool walk(const char *path, bool (*visit)(const FTSENT *entry, const char *to),
                 const char *to)
{
    char    root[STORY_PATH_MAX];
    FTSENT *entry;
    bool    good = true;

    (void)snprintf(root, sizeof root, "%s", path);
    FTS *tree = fts_open((char *[]){ root, NULL }, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    while (tree && good && (entry = fts_read(tree)))
        good = visit(entry, to);
    if (tree)
        (void)fts_close(tree);
    return tree && good;
}

static bool copy_file(const char *from, const char *to, const struct stat *about)
{
    int     in = open(from, O_RDONLY | O_CLOEXEC);
    int     out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, about->st_mode & 0777);
    off_t   left = about->st_size;
    ssize_t n = 1;

    while (in >= 0 && out >= 0 && left > 0 &&
           (n = sendfile(out, in, NULL, (size_t)left)) > 0)
        left -= n;
    if (in >= 0)
        (void)close(in);
    bool closed = out >= 0 && close(out) == 0;
    return closed && left == 0 && in >= 0;
}

/* Sockets and the like are not copied: they belong to who made them. */
static bool copy_one(const FTSENT *entry, const char *to)
{
    char   path[2 * STORY_PATH_MAX];
    size_t root = entry->fts_pathlen;

    for (const FTSENT *up = entry; up->fts_level > 0; up = up->fts_parent)
        root = up->fts_parent->fts_pathlen;
    int n = snprintf(path, sizeof path, "%s%s", to, entry->fts_path + root);
    if (n >= (int)sizeof path || entry->fts_errno)
        return false;
    if (entry->fts_info == FTS_D && entry->fts_level > 0)
        return mkdir(path, entry->fts_statp->st_mode & 0777) == 0;
    return entry->fts_info != FTS_F || copy_file(entry->fts_path, path, entry->fts_statp);
}

bool folder_copy(const char *from, const char *to)
{
    return walk(from, copy_one, to);
}

static bool remove_one(const FTSENT *entry, const char *to)
{
    (void)to;
    if (entry->fts_info != FTS_D)
        (void)remove(entry->fts_accpath);
    return true;
}

void folder_remove(const char *path)
{
    (void)walk(path, remove_one, NULL);
}
