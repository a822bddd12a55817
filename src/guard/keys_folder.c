#include "guard/keys_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/random.h"
#include "guard/key_files.h"
#include "guard/masters.h"

enum { NAME_MAX_BYTES = 32 };

static void master_name(char name[NAME_MAX_BYTES], int64_t number)
{
    (void)snprintf(name, NAME_MAX_BYTES, "master-%d.key", (int)number);
}

/* A new random key in a file that is not there yet. */
static enum rc make_key(struct problems *problems, int folder, const char *name)
{
    unsigned char key[KEY_BYTES];

    random_bytes(key, sizeof key);
    enum rc rc = key_file_make(problems, folder, name, key);
    sodium_memzero(key, sizeof key);
    return rc;
}

/* ---- the commands ---- */

enum rc keys_folder_init(struct problems *problems, struct str path)
{
    char *z = str_z(problems->arena, path);

    if (!z || (mkdir(z, 0700) != 0 && errno != EEXIST)) {
        problem_add(problems, path, "建不了密钥目录：%s。", strerror(errno));
        return RC_REFUSED;
    }
    int folder = key_folder_open(problems, path);
    if (folder < 0)
        return RC_REFUSED;
    enum rc rc = RC_OK;
    if (key_file_there(folder, "master-1.key") || key_file_there(folder, "index.key")) {
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
        if (key_file_there(folder, name))
            newest = number;
    }
    return newest;
}

enum rc keys_folder_rotate(struct problems *problems, struct str path)
{
    char name[NAME_MAX_BYTES];
    int  folder = key_folder_open(problems, path);

    if (folder < 0)
        return RC_REFUSED;
    int64_t newest = newest_in(folder);
    master_name(name, newest + 1);
    enum rc rc = newest == MASTERS_MAX
                     ? key_file_refuse(problems, name, "太多了，请先删去不再用的旧密钥")
                 : newest == 0 ? key_file_refuse(problems, name,
                                                 "之前没有主密钥，请先执行 linli init")
                               : make_key(problems, folder, name);
    close(folder);
    return rc;
}

/* ---- reading them all ---- */

static enum rc read_index(struct problems *problems, int folder, struct masters *masters)
{
    unsigned char key[KEY_BYTES];

    enum rc rc = key_file_read(problems, folder, "index.key", key);
    if (rc == RC_OK)
        masters_put_index(masters, key);
    sodium_memzero(key, sizeof key);
    return rc == RC_NOT_FOUND
               ? key_file_refuse(problems, "index.key", "不在，请从备份里取回")
               : rc;
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
        enum rc one = key_file_read(problems, folder, name, key);
        if (one == RC_OK) {
            masters_put(masters, number, key);
            some = true;
        } else if (one != RC_NOT_FOUND) {
            rc = one;
        }
    }
    sodium_memzero(key, sizeof key);
    return rc == RC_OK && !some
               ? key_file_refuse(problems, "master-1.key", "不在，请从备份里取回")
               : rc;
}

enum rc keys_folder_open(struct problems *problems, struct str path,
                         struct key_provider *provider)
{
    int folder = key_folder_open(problems, path);

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
    int               folder = key_folder_open(problems, path);

    if (folder < 0)
        return RC_REFUSED;
    enum rc rc = key_file_read(problems, folder, name, key);
    if (rc == RC_NOT_FOUND)
        rc = make_key(problems, folder, name);
    if (rc == RC_OK)
        rc = key_file_read(problems, folder, name, key);
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
