#include "app/keep/archive.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard/keys.h"

enum { FRAME_HEAD_BYTES = 5 };
static const char part[] = ".part";

const struct field archive_head_fields[ARCHIVE_HEAD_NFIELDS] = {
    FIELD(struct archive_head, kind, REQUIRED),
    FIELD_TIME(struct archive_head, made_ms, REQUIRED),
    FIELD(struct archive_head, migration, REQUIRED),
    FIELD(struct archive_head, schema, REQUIRED),
    FIELD(struct archive_head, index, REQUIRED),
};

enum rc archive_head_make(struct arena *arena, struct str kind, int64_t migration,
                          struct archive_head *head)
{
    unsigned char   hash[SM3_BYTES];
    struct sm3_run *run = sm3_begin();

    for (const struct migration *m = migrations; m->number && m->number <= migration; m++)
        sm3_add(run, str_of(m->sql));
    sm3_end(&run, hash);
    *head = (struct archive_head){ .kind = kind,
                                   .migration = migration,
                                   .schema = str_hex(arena, hash, sizeof hash) };
    keys_for_index(STR("linli backup"), hash);
    head->index = str_hex(arena, hash, sizeof hash);
    return arena->over ? RC_NO_MEMORY : RC_OK;
}

struct str archive_table(struct arena *arena, const struct table *table)
{
    struct str text = table->name;

    for (size_t i = 0; i < table->ncolumns; i++)
        text = str_fmt(arena, "%.*s %.*s %d", STR_ARG(text),
                       STR_ARG(table->columns[i].name), (int)table->columns[i].kind);
    return text;
}

/* ---- writing ---- */

struct archive_out {
    struct problems *problems;
    char            *path, *part; /* in the problems' arena */
    int              file;
    struct sealing  *sealing;
    int64_t          bytes;
};

/* What became of a write, in words. */
static enum rc refuse_write(struct archive_out *out)
{
    if (errno == ENOSPC || errno == EDQUOT)
        problem_add(out->problems, str_of(out->path),
                    "磁盘满了，备份没有写完，没有留下半份。");
    else
        problem_add(out->problems, str_of(out->path), "写不进去：%s。", strerror(errno));
    return RC_REFUSED;
}

void archive_drop(struct archive_out **out)
{
    struct archive_out *dropped = *out;

    *out = NULL;
    if (!dropped)
        return;
    sealing_drop(&dropped->sealing);
    if (dropped->file >= 0) {
        (void)unlink(dropped->part);
        close(dropped->file);
    }
    free(dropped);
}

/* Locked while it is written, so that a sweep tells it from what was left behind. */
static enum rc create_part(struct archive_out *out)
{
    if (access(out->path, F_OK) == 0) {
        problem_add(out->problems, str_of(out->path),
                    "已经有这个文件了，没有动它。请换一个名字。");
        return RC_REFUSED;
    }
    out->file = open(out->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out->file < 0)
        return refuse_write(out);
    if (flock(out->file, LOCK_EX | LOCK_NB) == 0 && ftruncate(out->file, 0) == 0)
        return RC_OK;
    problem_add(out->problems, str_of(out->path), "另一个备份正在写这个文件。");
    close(out->file);
    out->file = -1; /* not ours to remove */
    return RC_REFUSED;
}

enum rc archive_create(struct problems *problems, struct str path,
                       const unsigned char key[FILE_KEY_BYTES], struct archive_out **made)
{
    struct archive_out *out = calloc(1, sizeof *out);

    *made = out;
    if (!out)
        return RC_NO_MEMORY;
    *out = (struct archive_out){
        .problems = problems,
        .path = str_z(problems->arena, path),
        .part =
            str_z(problems->arena, str_fmt(problems->arena, "%.*s%s", STR_ARG(path), part)),
        .file = -1,
    };
    enum rc rc = out->path && out->part ? create_part(out) : RC_NO_MEMORY;
    if (rc == RC_OK && sealing_begin(out->file, key, &out->sealing) != RC_OK)
        rc = refuse_write(out);
    if (rc != RC_OK)
        archive_drop(made);
    return rc;
}

enum rc archive_put(struct archive_out *out, enum frame frame, struct str payload)
{
    uint32_t len = htobe32((uint32_t)payload.len);
    char     head[FRAME_HEAD_BYTES] = { (char)frame };

    assert(payload.len <= FRAME_BYTES_MAX);
    memcpy(head + 1, &len, sizeof len);
    out->bytes += (int64_t)payload.len;
    if (sealing_add(out->sealing, str_slice(head, sizeof head)) != RC_OK ||
        sealing_add(out->sealing, payload) != RC_OK)
        return refuse_write(out);
    return RC_OK;
}

int64_t archive_bytes(const struct archive_out *out)
{
    return out->bytes;
}

static bool sync_folder_of(struct arena *arena, struct str path)
{
    size_t n = path.len;

    while (n && path.at[n - 1] != '/')
        n--;
    char *folder = str_z(arena, n ? str_slice(path.at, n) : STR("."));
    int   file = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool  synced = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return synced;
}

enum rc archive_finish(struct archive_out **finishing)
{
    struct archive_out *out = *finishing;

    enum rc rc = archive_put(out, FRAME_END, STR(""));
    if (rc == RC_OK && (sealing_end(&out->sealing) != RC_OK || fsync(out->file) != 0 ||
                        rename(out->part, out->path) != 0))
        rc = refuse_write(out);
    if (rc == RC_OK) {
        close(out->file);
        out->file = -1;
        if (!sync_folder_of(out->problems->arena, str_of(out->path)))
            rc = refuse_write(out);
    }
    archive_drop(finishing);
    return rc;
}

static void sweep_one(int folder, const char *name)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (file < 0)
        return;
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        (void)unlinkat(folder, name, 0);
    close(file);
}

void archive_sweep(struct str path)
{
    struct arena arena;

    arena_init(&arena, 16 << 10);
    char *z = str_z(&arena, path);
    DIR  *list = z ? opendir(z) : NULL;
    for (struct dirent *entry; list && (entry = readdir(list));) {
        struct str name = str_of(entry->d_name);
        if (str_starts(name, STR("linli-")) && str_ends(name, str_of(part)))
            sweep_one(dirfd(list), entry->d_name);
    }
    if (list)
        closedir(list);
    arena_free(&arena);
}

/* ---- reading ---- */

struct archive_in {
    struct problems *problems;
    struct str       path;
    int              file;
    struct opening  *opening;
    size_t           size;
    bool             ended;
    char             payload[FRAME_BYTES_MAX];
};

void archive_close(struct archive_in **in)
{
    if (!*in)
        return;
    opening_end(&(*in)->opening);
    if ((*in)->file >= 0)
        close((*in)->file);
    free(*in);
    *in = NULL;
}

static enum rc refuse_open(struct archive_in *in, const char *says)
{
    problem_add(in->problems, in->path, "%s", says);
    return RC_REFUSED;
}

static enum rc open_file(struct archive_in *in, const unsigned char key[FILE_KEY_BYTES])
{
    struct stat stat;
    char       *z = str_z(in->problems->arena, in->path);

    in->file = z ? open(z, O_RDONLY | O_CLOEXEC) : -1;
    if (in->file < 0 || fstat(in->file, &stat) != 0 || !S_ISREG(stat.st_mode))
        return refuse_open(in, "打不开这个文件，或者没有这个文件。");
    enum rc rc = opening_begin(in->file, stat.st_size, key, &in->opening);
    if (rc == RC_CONFLICT)
        return refuse_open(in, "不是用这里的 backup.key 封的备份，或者文件已经损坏。");
    if (rc == RC_OK)
        in->size = opening_left(in->opening);
    return rc;
}

enum rc archive_open(struct problems *problems, struct str path,
                     const unsigned char key[FILE_KEY_BYTES], struct archive_in **opened)
{
    struct archive_in *in = malloc(sizeof *in);

    *opened = in;
    if (!in)
        return RC_NO_MEMORY;
    in->problems = problems;
    in->path = path;
    in->file = -1;
    in->opening = NULL;
    in->ended = false;
    enum rc rc = open_file(in, key);
    if (rc != RC_OK)
        archive_close(opened);
    return rc;
}

enum rc archive_broken(struct archive_in *in)
{
    problem_add(in->problems, in->path,
                "这份备份损坏了：内容被截断或改动过，不能用。请换一份。");
    return RC_CONFLICT;
}

enum rc archive_next(struct archive_in *in, enum frame *frame, struct str *payload)
{
    char     head[FRAME_HEAD_BYTES];
    uint32_t len;

    if (in->ended || opening_read(in->opening, head, sizeof head) != RC_OK)
        return archive_broken(in);
    memcpy(&len, head + 1, sizeof len);
    len = be32toh(len);
    if (len > FRAME_BYTES_MAX || opening_read(in->opening, in->payload, len) != RC_OK)
        return archive_broken(in);
    *frame = (enum frame)head[0];
    *payload = str_slice(in->payload, len);
    in->ended = *frame == FRAME_END;
    return in->ended && opening_left(in->opening) ? archive_broken(in) : RC_OK;
}

size_t archive_size(const struct archive_in *in)
{
    return in->size;
}

size_t archive_read_so_far(const struct archive_in *in)
{
    return in->size - opening_left(in->opening);
}
