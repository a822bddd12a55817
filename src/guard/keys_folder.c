#include "guard/keys_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/random.h"
#include "guard/masters.h"

enum { HEX_BYTES = 2 * KEY_BYTES, FILE_BYTES = HEX_BYTES + 1, NAME_MAX_BYTES = 32 };

/* ---- files ---- */

static void master_name(char name[NAME_MAX_BYTES], int64_t number)
{
    (void)snprintf(name, NAME_MAX_BYTES, "master-%d.key", (int)number);
}

/* The directory, or -1 with a sentence. */
static int open_folder(struct problems *problems, struct str path)
{
    char       *z = str_z(problems->arena, path);
    int         folder = z ? open(z, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    struct stat stat;

    if (folder < 0) {
        problem_add(problems, path, "打不开密钥目录：%s。", strerror(errno));
        return -1;
    }
    if (fstat(folder, &stat) == 0 && (stat.st_mode & 022) == 0)
        return folder;
    problem_add(problems, path, "别人也能改动密钥目录，请先执行 chmod 700。");
    close(folder);
    return -1;
}

/* Nobody but the owner writes it and no stranger reads it; a reading group is
 * systemd's way of handing out credentials. */
static bool kept_safe(int file)
{
    struct stat stat;

    return fstat(file, &stat) == 0 && S_ISREG(stat.st_mode) && (stat.st_mode & 037) == 0 &&
           (stat.st_uid == geteuid() || stat.st_uid == 0);
}

static enum rc refuse(struct problems *problems, const char *name, const char *says)
{
    problem_add(problems, str_of(name), "密钥文件 %s %s。", name, says);
    return RC_REFUSED;
}

static bool read_hex(int file, unsigned char key[KEY_BYTES])
{
    char   text[FILE_BYTES + 1];
    size_t n = 0;

    ssize_t got = read(file, text, sizeof text);
    bool    whole = (got == FILE_BYTES && text[HEX_BYTES] == '\n') || got == HEX_BYTES;
    bool    right = whole &&
                 sodium_hex2bin(key, KEY_BYTES, text, HEX_BYTES, NULL, &n, NULL) == 0 &&
                 n == KEY_BYTES;
    sodium_memzero(text, sizeof text);
    return right;
}

/* RC_NOT_FOUND without a sentence; RC_REFUSED with one. */
static enum rc read_key(struct problems *problems, int folder, const char *name,
                        unsigned char key[KEY_BYTES])
{
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (file < 0 && errno == ENOENT)
        return RC_NOT_FOUND;
    if (file < 0)
        return refuse(problems, name, "打不开");
    bool safe = kept_safe(file), right = safe && read_hex(file, key);
    close(file);
    if (!safe)
        return refuse(problems, name, "别人也能读或改，请先执行 chmod 600");
    return right ? RC_OK : refuse(problems, name, "不是 64 位十六进制数字");
}

static bool write_whole(int file, const char *text, size_t n)
{
    return write(file, text, n) == (ssize_t)n && fsync(file) == 0;
}

/* A new random key in a file that is not there yet. */
static enum rc make_key(struct problems *problems, int folder, const char *name)
{
    unsigned char key[KEY_BYTES];
    char          text[FILE_BYTES + 1];

    int file =
        openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return refuse(problems, name, errno == EEXIST ? "已经有了" : "写不进去");
    random_bytes(key, sizeof key);
    sodium_bin2hex(text, sizeof text, key, sizeof key);
    text[HEX_BYTES] = '\n';
    bool written = write_whole(file, text, FILE_BYTES);
    close(file);
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, sizeof text);
    return written && fsync(folder) == 0 ? RC_OK : refuse(problems, name, "没有写完");
}

static bool is_there(int folder, const char *name)
{
    return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* ---- the commands ---- */

enum rc keys_folder_init(struct problems *problems, struct str path)
{
    char *z = str_z(problems->arena, path);

    if (!z || (mkdir(z, 0700) != 0 && errno != EEXIST)) {
        problem_add(problems, path, "建不了密钥目录：%s。", strerror(errno));
        return RC_REFUSED;
    }
    int folder = open_folder(problems, path);
    if (folder < 0)
        return RC_REFUSED;
    enum rc rc = RC_OK;
    if (is_there(folder, "master-1.key") || is_there(folder, "index.key")) {
        problem_add(problems, path,
                    "这个目录里已经有密钥，不能重新生成：旧密钥封存的内容会再也打不开。");
        rc = RC_CONFLICT;
    }
    if (rc == RC_OK)
        rc = make_key(problems, folder, "index.key");
    if (rc == RC_OK)
        rc = make_key(problems, folder, "master-1.key");
    if (rc == RC_OK)
        rc = make_key(problems, folder, "backup.key");
    close(folder);
    return rc;
}

static int64_t newest_in(int folder)
{
    char    name[NAME_MAX_BYTES];
    int64_t newest = 0;

    for (int64_t number = 1; number <= MASTERS_MAX; number++) {
        master_name(name, number);
        if (is_there(folder, name))
            newest = number;
    }
    return newest;
}

enum rc keys_folder_rotate(struct problems *problems, struct str path)
{
    char name[NAME_MAX_BYTES];
    int  folder = open_folder(problems, path);

    if (folder < 0)
        return RC_REFUSED;
    int64_t newest = newest_in(folder);
    master_name(name, newest + 1);
    enum rc rc =
        newest == MASTERS_MAX ? refuse(problems, name, "太多了，请先删去不再用的旧密钥")
        : newest == 0 ? refuse(problems, name, "之前没有主密钥，请先执行 linli init")
                      : make_key(problems, folder, name);
    close(folder);
    return rc;
}

/* ---- reading them all ---- */

static enum rc read_index(struct problems *problems, int folder, struct masters *masters)
{
    unsigned char key[KEY_BYTES];

    enum rc rc = read_key(problems, folder, "index.key", key);
    if (rc == RC_OK)
        masters_put_index(masters, key);
    sodium_memzero(key, sizeof key);
    return rc == RC_NOT_FOUND ? refuse(problems, "index.key", "不在，请从备份里取回") : rc;
}

/* Numbers may be missing: of a master that wraps nothing any more. */
static enum rc read_masters(struct problems *problems, int folder, struct masters *masters)
{
    unsigned char key[KEY_BYTES];
    char          name[NAME_MAX_BYTES];
    enum rc       rc = RC_OK;
    bool          some = false;

    for (int64_t number = 1; number <= MASTERS_MAX; number++) {
        master_name(name, number);
        enum rc one = read_key(problems, folder, name, key);
        if (one == RC_OK) {
            masters_put(masters, number, key);
            some = true;
        } else if (one != RC_NOT_FOUND) {
            rc = one;
        }
    }
    sodium_memzero(key, sizeof key);
    return rc == RC_OK && !some ? refuse(problems, "master-1.key", "不在，请从备份里取回")
                                : rc;
}

enum rc keys_folder_open(struct problems *problems, struct str path,
                         struct key_provider *provider)
{
    int folder = open_folder(problems, path);

    if (folder < 0)
        return RC_REFUSED;
    struct masters *masters = masters_new();
    if (!masters) {
        problem_add(problems, path,
                    "不能把密钥锁在内存里，请放宽 LimitMEMLOCK（ulimit -l）。");
        close(folder);
        return RC_UNAVAILABLE;
    }
    enum rc rc = read_index(problems, folder, masters);
    enum rc masters_rc = read_masters(problems, folder, masters);
    close(folder);
    if (rc == RC_OK)
        rc = masters_rc;
    if (rc == RC_OK)
        *provider = masters_provider(masters, STR("folder"));
    else
        masters_free(&masters);
    return rc;
}

enum rc keys_folder_backup(struct problems *problems, struct str path,
                           unsigned char key[KEY_BYTES])
{
    static const char name[] = "backup.key";
    int               folder = open_folder(problems, path);

    if (folder < 0)
        return RC_REFUSED;
    enum rc rc = read_key(problems, folder, name, key);
    if (rc == RC_NOT_FOUND)
        rc = make_key(problems, folder, name);
    if (rc == RC_OK)
        rc = read_key(problems, folder, name, key);
    close(folder);
    return rc;
}

enum rc keys_memory_open(int64_t count, struct key_provider *provider)
{
    unsigned char   key[KEY_BYTES];
    struct masters *masters = masters_new();

    assert(count >= 1 && count <= MASTERS_MAX);
    if (!masters)
        return RC_UNAVAILABLE;
    random_bytes(key, sizeof key);
    masters_put_index(masters, key);
    for (int64_t number = 1; number <= count; number++) {
        random_bytes(key, sizeof key);
        masters_put(masters, number, key);
    }
    sodium_memzero(key, sizeof key);
    *provider = masters_provider(masters, STR("memory"));
    return RC_OK;
}
