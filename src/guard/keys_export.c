#include "guard/keys_export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/random.h"
#include "guard/file_seal.h"

enum {
    MAGIC = 13,
    SALT = crypto_pwhash_SALTBYTES,
    NAME_BYTES = 60,
    FILE_BYTES = 16 << 10,
    FILES_MAX = 200,
    MEMORY_BYTES = 256 << 20, /* 256 MiB and three passes: about a second a guess */
    PASSES = 3,
};
static const char magic[MAGIC + 1] = "linli keys 1\n";

/* One key file on its way; wiped afterwards. */
struct carried {
    char name[NAME_BYTES];
    char size[4]; /* big-endian */
    char bytes[FILE_BYTES];
};

static enum rc refuse(struct problems *problems, struct str where, const char *says)
{
    problem_add(problems, where, "%s", says);
    return RC_REFUSED;
}

static enum rc derive(struct problems *problems, struct str passphrase,
                      const unsigned char salt[SALT], unsigned char key[FILE_KEY_BYTES])
{
    if (sodium_init() < 0 ||
        crypto_pwhash(key, FILE_KEY_BYTES, passphrase.at, passphrase.len, salt, PASSES,
                      MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return refuse(problems, STR_NONE, "内存不够，算不出封存用的密钥（要 256 MB）。");
    return RC_OK;
}

/* "master-1.key", "heads-1.pem" …: nothing that leads elsewhere. */
static bool is_name(struct str name)
{
    if (!name.len || name.len >= NAME_BYTES || name.at[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!memchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name.at[i], 38))
            return false;
    return true;
}

/* ---- out ---- */

static enum rc carry_out(struct problems *problems, int folder, const char *name,
                         struct sealing *sealing)
{
    struct carried carried = { 0 };
    int            file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t        got = file >= 0 ? read(file, carried.bytes, sizeof carried.bytes) : -1;
    enum rc        rc;

    if (file >= 0)
        close(file);
    (void)snprintf(carried.name, sizeof carried.name, "%s", name);
    carried.size[2] = (char)(got >> 8);
    carried.size[3] = (char)got;
    if (got < 0 || got == sizeof carried.bytes) {
        problem_add(problems, str_of(name), "密钥文件 %s 读不出来。", name);
        rc = RC_REFUSED;
    } else {
        rc = sealing_add(sealing, str_slice((const char *)&carried,
                                            offsetof(struct carried, bytes) + (size_t)got));
    }
    sodium_memzero(&carried, sizeof carried);
    return rc;
}

static enum rc carry_all(struct problems *problems, struct str path,
                         struct sealing *sealing, size_t *files)
{
    char   *z = str_z(problems->arena, path);
    DIR    *list = z ? opendir(z) : NULL;
    enum rc rc = RC_OK;

    if (!list)
        return refuse(problems, path, "打不开密钥目录。");
    for (struct dirent *entry; rc == RC_OK && (entry = readdir(list));) {
        if (!is_name(str_of(entry->d_name)))
            continue;
        ++*files;
        rc = carry_out(problems, dirfd(list), entry->d_name, sealing);
    }
    closedir(list);
    return rc == RC_OK && !*files ? refuse(problems, path, "这个目录里没有密钥。") : rc;
}

static enum rc seal_into(struct problems *problems, struct str folder, int file,
                         struct str passphrase, size_t *files)
{
    unsigned char   salt[SALT], key[FILE_KEY_BYTES];
    struct sealing *sealing = NULL;

    random_bytes(salt, sizeof salt);
    enum rc rc = derive(problems, passphrase, salt, key);
    if (rc == RC_OK &&
        (write(file, magic, MAGIC) != MAGIC || write(file, salt, SALT) != SALT))
        rc = RC_UNAVAILABLE;
    if (rc == RC_OK)
        rc = sealing_begin(file, key, &sealing);
    sodium_memzero(key, sizeof key);
    if (rc == RC_OK)
        rc = carry_all(problems, folder, sealing, files);
    if (rc == RC_OK)
        rc = sealing_end(&sealing);
    sealing_drop(&sealing);
    return rc == RC_OK && fsync(file) != 0 ? RC_UNAVAILABLE : rc;
}

enum rc keys_export(struct problems *problems, struct str folder, struct str path,
                    struct str passphrase, size_t *files)
{
    char *z = str_z(problems->arena, path);
    int file = z ? open(z, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;

    *files = 0;
    if (file < 0)
        return refuse(problems, path,
                      errno == EEXIST ? "已经有这个文件了，没有动它。请换一个名字。"
                                      : "写不进去。");
    enum rc rc = seal_into(problems, folder, file, passphrase, files);
    if (rc == RC_UNAVAILABLE)
        rc = refuse(problems, path, "没有写完，磁盘可能满了。");
    if (rc != RC_OK)
        (void)unlink(z);
    close(file);
    return rc;
}

/* ---- in ---- */

static enum rc read_carried(struct opening *opening, struct carried *carried, size_t *size)
{
    enum rc rc = opening_read(opening, (char *)carried, offsetof(struct carried, bytes));

    if (rc != RC_OK)
        return rc;
    *size = (size_t)(unsigned char)carried->size[2] << 8 | (unsigned char)carried->size[3];
    bool named = memchr(carried->name, 0, NAME_BYTES) && is_name(str_of(carried->name));
    if (!named || *size >= sizeof carried->bytes)
        return RC_CONFLICT;
    return opening_read(opening, carried->bytes, *size);
}

static bool write_key(int folder, const struct carried *carried, size_t size)
{
    int file = openat(folder, carried->name,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (file < 0)
        return false;
    bool written = write(file, carried->bytes, size) == (ssize_t)size && fsync(file) == 0;
    close(file);
    return written;
}

/* folder -1: only looks. */
static enum rc carry_in(struct problems *problems, struct opening *opening, int folder,
                        size_t *files)
{
    struct carried carried;
    size_t         size;
    enum rc        rc = RC_OK;

    *files = 0;
    while (rc == RC_OK && opening_left(opening)) {
        rc = read_carried(opening, &carried, &size);
        if (rc == RC_OK && folder >= 0 && !write_key(folder, &carried, size)) {
            problem_add(problems, str_of(carried.name), "密钥文件 %s 写不进去：%s。",
                        carried.name, strerror(errno));
            rc = RC_REFUSED;
        }
        *files += rc == RC_OK;
    }
    sodium_memzero(&carried, sizeof carried);
    return rc;
}

static enum rc open_exported(struct problems *problems, int file, struct str passphrase,
                             unsigned char key[FILE_KEY_BYTES])
{
    unsigned char salt[SALT];
    char          head[MAGIC];

    if (read(file, head, MAGIC) != MAGIC || memcmp(head, magic, MAGIC) != 0 ||
        read(file, salt, SALT) != SALT)
        return refuse(problems, STR_NONE, "这不是 linli keys export 写的文件。");
    return derive(problems, passphrase, salt, key);
}

/* Twice over the same file: whole before the first key is written. */
static enum rc read_exported(struct problems *problems, int file,
                             const unsigned char key[FILE_KEY_BYTES], int folder,
                             size_t *files)
{
    struct opening *opening = NULL;
    struct stat     stat;

    if (lseek(file, MAGIC + SALT, SEEK_SET) < 0 || fstat(file, &stat) != 0)
        return RC_UNAVAILABLE;
    enum rc rc = opening_begin(file, stat.st_size - MAGIC - SALT, key, &opening);
    if (rc == RC_OK)
        rc = carry_in(problems, opening, folder, files);
    opening_end(&opening);
    return rc == RC_CONFLICT ? refuse(problems, STR_NONE, "口令不对，或者文件已经损坏。")
                             : rc;
}

static bool has_names(int folder)
{
    DIR *list = fdopendir(dup(folder));
    bool some = false;

    for (struct dirent *entry; list && (entry = readdir(list));)
        some |= is_name(str_of(entry->d_name));
    if (list)
        closedir(list);
    return some;
}

/* The empty folder, made when it is not there; -1 with a sentence. */
static int open_empty(struct problems *problems, struct str path)
{
    char *z = str_z(problems->arena, path);
    int   folder = -1;

    if (z && (mkdir(z, 0700) == 0 || errno == EEXIST))
        folder = open(z, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        problem_add(problems, path, "建不了密钥目录，也打不开。");
    } else if (has_names(folder)) {
        problem_add(problems, path, "这个目录里已经有密钥，没有动它们。");
        close(folder);
        folder = -1;
    }
    return folder;
}

enum rc keys_import(struct problems *problems, struct str path, struct str from,
                    struct str passphrase, size_t *files)
{
    unsigned char key[FILE_KEY_BYTES];
    char         *z = str_z(problems->arena, from);
    int           file = z ? open(z, O_RDONLY | O_CLOEXEC) : -1;
    int           folder = -1;

    if (file < 0)
        return refuse(problems, from, "打不开这个文件，或者没有这个文件。");
    enum rc rc = open_exported(problems, file, passphrase, key);
    if (rc == RC_OK)
        rc = read_exported(problems, file, key, -1, files);
    if (rc == RC_OK && (folder = open_empty(problems, path)) < 0)
        rc = RC_REFUSED;
    if (rc == RC_OK)
        rc = read_exported(problems, file, key, folder, files);
    if (rc == RC_OK && fsync(folder) != 0)
        rc = RC_UNAVAILABLE;
    sodium_memzero(key, sizeof key);
    if (folder >= 0)
        close(folder);
    close(file);
    return rc;
}
