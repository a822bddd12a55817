#include "guard/vault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/random.h"
#include "guard/file_seal.h"
#include "guard/keys.h"
#include "guard/secret.h"

struct vault {
    int            root;
    struct secret *key;
};

/* "ab/cd/" and the rest: 65,536 folders hold a hundred million files well. */
enum { NAME_HEX = 2 * SM3_BYTES, NAME_BYTES = NAME_HEX + 3, FOLDER_BYTES = 5 };
enum { LEFT_OVER_MS = 3600000 }; /* a file half written is given up after an hour */
enum { HOLD_TRIES = 100, HOLD_PAUSE_MS = 10 };

static const char key_file[] = "vault.key";
static const char new_folder[] = "new"; /* what is being written */
static const char aside[] = "aside";    /* what was removed while a backup held it */

struct name {
    char at[NAME_BYTES];
};
static_assert(sizeof(struct name) == sizeof(struct vault_path), "a name is a path");

static struct str raw_key(const struct vault *vault)
{
    return str_slice((const char *)secret_at(vault->key), KEY_BYTES);
}

static struct name name_of(const struct vault *vault, struct str id)
{
    unsigned char mac[SM3_BYTES];
    char          hex[NAME_HEX + 1];
    struct name   name;

    sm3_hmac(raw_key(vault), PARTS(STR("linli vault name\0"), id), mac);
    sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    (void)snprintf(name.at, sizeof name.at, "%.2s/%.2s/%s", hex, hex + 2, hex + 4);
    return name;
}

static void file_key(const struct vault *vault, struct str id,
                     unsigned char key[FILE_KEY_BYTES])
{
    sm3_hkdf(raw_key(vault), id, STR("linli vault file"), key, FILE_KEY_BYTES);
}

/* ---- the directory ---- */

static bool make_folder(int at, const char *name)
{
    return mkdirat(at, name, 0700) == 0 || errno == EEXIST;
}

/* The folder of a name; both levels are on the disk before a file is put there. */
static int folder_of(const struct vault *vault, const struct name *name)
{
    struct name part = *name;

    part.at[2] = '\0';
    bool made = make_folder(vault->root, part.at) && fsync(vault->root) == 0;
    int  above =
        made ? openat(vault->root, part.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    part.at[FOLDER_BYTES] = '\0';
    int folder = -1;
    if (above >= 0 && make_folder(above, part.at + 3) && fsync(above) == 0)
        folder =
            openat(above, part.at + 3, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (above >= 0)
        close(above);
    return folder;
}

static int open_existing(const struct vault *vault, const struct name *name)
{
    return openat(vault->root, name->at, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

/* A file in "new" under a random name that nobody else uses. */
static int open_new(const struct vault *vault, char path[NAME_BYTES])
{
    unsigned char chance[16];
    char          hex[2 * sizeof chance + 1];

    random_bytes(chance, sizeof chance);
    sodium_bin2hex(hex, sizeof hex, chance, sizeof chance);
    (void)snprintf(path, NAME_BYTES, "%s/%s", new_folder, hex);
    return openat(vault->root, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  0600);
}

/* ---- putting ---- */

static enum rc write_new(const struct vault *vault, int file, struct str id,
                         struct str bytes)
{
    unsigned char key[FILE_KEY_BYTES];

    file_key(vault, id, key);
    enum rc rc = file_seal(file, key, bytes);
    sodium_memzero(key, sizeof key);
    return rc == RC_OK && fsync(file) != 0 ? RC_UNAVAILABLE : rc;
}

static enum rc move_in(const struct vault *vault, const char *path, const struct name *name)
{
    int folder = folder_of(vault, name);

    if (folder < 0)
        return RC_UNAVAILABLE;
    bool moved = renameat(vault->root, path, folder, name->at + FOLDER_BYTES + 1) == 0 &&
                 fsync(folder) == 0;
    close(folder);
    return moved ? RC_OK : RC_UNAVAILABLE;
}

enum rc vault_put(struct vault *vault, struct str id, struct str bytes)
{
    struct name name = name_of(vault, id);
    char        path[NAME_BYTES];

    int file = open_new(vault, path);
    if (file < 0)
        return RC_UNAVAILABLE;
    enum rc rc = write_new(vault, file, id, bytes);
    close(file);
    if (rc == RC_OK)
        rc = move_in(vault, path, &name);
    if (rc != RC_OK) {
        log_event(LOG_ERROR, "vault.not_written", LOG_INT("errno", errno));
        (void)unlinkat(vault->root, path, 0);
    }
    return rc;
}

enum rc vault_put_file(struct vault *vault, struct str id, int file)
{
    struct stat stat;

    if (fstat(file, &stat) != 0)
        return RC_UNAVAILABLE;
    size_t len = (size_t)stat.st_size;
    if (len == 0)
        return vault_put(vault, id, STR(""));
    void *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, file, 0);
    if (at == MAP_FAILED)
        return RC_UNAVAILABLE;
    enum rc rc = vault_put(vault, id, str_slice(at, len));
    munmap(at, len);
    return rc;
}

/* ---- getting ---- */

/* The file, how much it holds and its key; the file is closed by the caller. */
static enum rc find(const struct vault *vault, struct str id, int *file, size_t *len,
                    unsigned char key[FILE_KEY_BYTES])
{
    struct name name = name_of(vault, id);
    struct stat stat;

    *file = open_existing(vault, &name);
    if (*file < 0)
        return errno == ENOENT ? RC_NOT_FOUND : RC_UNAVAILABLE;
    file_key(vault, id, key);
    if (fstat(*file, &stat) == 0 && file_sealed_holds(stat.st_size, len))
        return RC_OK;
    return RC_CONFLICT;
}

static enum rc finish(const struct vault *vault, struct str id, int file, enum rc rc,
                      unsigned char key[FILE_KEY_BYTES])
{
    struct name name = name_of(vault, id);

    sodium_memzero(key, FILE_KEY_BYTES);
    if (file >= 0)
        close(file);
    if (rc != RC_CONFLICT)
        return rc;
    log_event(LOG_ERROR, "vault.broken_file", LOG_TEXT("file", str_of(name.at)));
    return RC_INTERNAL;
}

enum rc vault_load(struct vault *vault, struct arena *arena, struct str id, size_t most,
                   struct str *bytes)
{
    unsigned char key[FILE_KEY_BYTES];
    size_t        len = 0;
    int           file;
    char         *into = NULL;

    enum rc rc = find(vault, id, &file, &len, key);
    if (rc == RC_OK && len > most)
        rc = RC_TOO_LARGE;
    if (rc == RC_OK && !(into = arena_take(arena, len)))
        rc = RC_NO_MEMORY;
    if (rc == RC_OK)
        rc = file_unseal(file, key, into, len);
    *bytes = rc == RC_OK ? str_slice(into, len) : STR_NONE;
    return finish(vault, id, file, rc, key);
}

enum rc vault_copy(struct vault *vault, struct str id, int into)
{
    unsigned char key[FILE_KEY_BYTES];
    size_t        len = 0;
    int           file;

    enum rc rc = find(vault, id, &file, &len, key);
    if (rc == RC_OK)
        rc = file_unseal_to(file, key, into, len);
    return finish(vault, id, file, rc, key);
}

/* ---- removing, and holding ---- */

struct aside_name {
    char at[sizeof aside + NAME_BYTES];
};

static struct aside_name aside_of(const struct name *name)
{
    struct aside_name put;

    (void)snprintf(put.at, sizeof put.at, "%s/%.2s-%.2s-%s", aside, name->at, name->at + 3,
                   name->at + FOLDER_BYTES + 1);
    return put;
}

/* The lock is the folder itself: shared by whoever removes, alone whoever holds.  Each
 * opens it anew, since threads that share a descriptor share its lock. */
static int open_lock(const struct vault *vault)
{
    return openat(vault->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool put_aside(const struct vault *vault, const struct name *name)
{
    struct aside_name put = aside_of(name);

    return make_folder(vault->root, aside) &&
           renameat(vault->root, name->at, vault->root, put.at) == 0;
}

static enum rc take_away(const struct vault *vault, const struct name *name)
{
    int lock = open_lock(vault);

    if (lock < 0)
        return RC_UNAVAILABLE;
    bool    held = flock(lock, LOCK_SH | LOCK_NB) != 0;
    bool    gone = held ? put_aside(vault, name) : unlinkat(vault->root, name->at, 0) == 0;
    enum rc rc = gone || errno == ENOENT ? RC_OK : RC_UNAVAILABLE;
    close(lock);
    return rc;
}

enum rc vault_remove(struct vault *vault, struct str id)
{
    struct name name = name_of(vault, id);

    return take_away(vault, &name);
}

/* Calls for each entry of a folder but hidden ones; a folder that is not there has
 * none. */
typedef void entry_seen(void *context, int folder, const char *path, const char *entry);

static void each_entry(const struct vault *vault, const char *path, entry_seen *seen,
                       void *context)
{
    int  folder = openat(vault->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;

    if (!list) {
        if (folder >= 0)
            close(folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(list));)
        if (entry->d_name[0] != '.')
            seen(context, folder, path, entry->d_name);
    closedir(list);
}

static void remove_entry(void *context, int folder, const char *path, const char *entry)
{
    (void)context, (void)path;
    (void)unlinkat(folder, entry, 0);
}

/* By whoever holds the vault alone. */
static void empty_aside(const struct vault *vault)
{
    each_entry(vault, aside, remove_entry, NULL);
    (void)unlinkat(vault->root, aside, AT_REMOVEDIR);
}

/* What a backup that was killed has left. */
static void clear_aside(const struct vault *vault)
{
    if (faccessat(vault->root, aside, F_OK, 0) != 0)
        return;
    int lock = open_lock(vault);
    if (lock < 0)
        return;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0)
        empty_aside(vault);
    close(lock);
}

/* Whoever removes has the lock for a moment, another backup for long. */
static bool lock_alone(int lock)
{
    for (int tries = 0; tries < HOLD_TRIES; tries++) {
        if (flock(lock, LOCK_EX | LOCK_NB) == 0)
            return true;
        nanosleep(&(struct timespec){ .tv_nsec = HOLD_PAUSE_MS * 1000000 }, NULL);
    }
    return false;
}

enum rc vault_hold(struct vault *vault, struct vault_hold *hold)
{
    hold->lock = open_lock(vault);
    if (hold->lock < 0)
        return RC_UNAVAILABLE;
    if (lock_alone(hold->lock)) {
        empty_aside(vault);
        return RC_OK;
    }
    close(hold->lock);
    hold->lock = -1;
    return RC_BUSY;
}

void vault_let_go(struct vault *vault, struct vault_hold *hold)
{
    if (hold->lock < 0)
        return;
    empty_aside(vault);
    close(hold->lock);
    hold->lock = -1;
}

enum rc vault_sealed(struct vault *vault, struct str id, struct vault_path *path, int *file)
{
    struct name       name = name_of(vault, id);
    struct aside_name put = aside_of(&name);

    memcpy(path->at, name.at, sizeof path->at);
    *file = open_existing(vault, &name);
    if (*file < 0 && errno == ENOENT)
        *file = openat(vault->root, put.at, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return *file >= 0 ? RC_OK : errno == ENOENT ? RC_NOT_FOUND : RC_UNAVAILABLE;
}

/* ---- sweeping ---- */

struct sweep {
    struct vault      *vault;
    const struct name *kept; /* sorted */
    size_t             n;
    int64_t            before_ms; /* last changed before */
    int64_t            removed;
};

static int by_name(const void *a, const void *b)
{
    return memcmp(a, b, NAME_BYTES);
}

static bool is_old(int folder, const char *entry, int64_t before_ms)
{
    struct stat stat;

    return fstatat(folder, entry, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(stat.st_mode) && (int64_t)stat.st_mtim.tv_sec * 1000 < before_ms;
}

static void sweep_entry(void *context, int folder, const char *path, const char *entry)
{
    struct sweep *sweep = context;
    struct name   name;
    int           n = snprintf(name.at, sizeof name.at, "%s/%s", path, entry);

    if (n == NAME_BYTES - 1 && bsearch(&name, sweep->kept, sweep->n, sizeof name, by_name))
        return;
    if (!is_old(folder, entry, sweep->before_ms))
        return;
    bool gone = n == NAME_BYTES - 1 ? take_away(sweep->vault, &name) == RC_OK
                                    : unlinkat(folder, entry, 0) == 0;
    sweep->removed += gone;
}

static void sweep_all(struct sweep *sweep)
{
    char path[FOLDER_BYTES + 1];

    for (unsigned a = 0; a < 256; a++) {
        (void)snprintf(path, sizeof path, "%02x", a);
        if (faccessat(sweep->vault->root, path, F_OK, 0) != 0)
            continue;
        for (unsigned b = 0; b < 256; b++) {
            (void)snprintf(path, sizeof path, "%02x/%02x", a & 255, b);
            each_entry(sweep->vault, path, sweep_entry, sweep);
        }
    }
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now); /* as the file system's, not a test's */
    return (int64_t)now.tv_sec * 1000;
}

enum rc vault_sweep(struct vault *vault, struct arena *arena, const struct str *ids,
                    size_t n, int64_t older_ms, int64_t *removed)
{
    struct name *kept = arena_many(arena, n, struct name);

    *removed = 0;
    if (n && !kept)
        return RC_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        kept[i] = name_of(vault, ids[i]);
    if (n)
        qsort(kept, n, sizeof *kept, by_name);
    struct sweep sweep = { vault, kept, n, now_ms() - older_ms, 0 };
    sweep_all(&sweep);
    sweep.before_ms = now_ms() - LEFT_OVER_MS;
    each_entry(vault, new_folder, sweep_entry, &sweep);
    *removed = sweep.removed;
    return RC_OK;
}

/* ---- opening ---- */

static enum rc refuse(struct problems *problems, struct str path, const char *says)
{
    problem_add(problems, path, "文件库 %.*s %s。", STR_ARG(path), says);
    return RC_REFUSED;
}

#define BOUND STR("linli vault key")

/* Wraps the key and puts it down as "<master> <hexadecimal>\n", in one step. */
static enum rc save_key(const struct vault *vault, struct arena *arena)
{
    struct str wrapped;
    int64_t    master;
    char       path[NAME_BYTES];

    enum rc rc = keys_wrap(arena, BOUND, secret_at(vault->key), &master, &wrapped);
    if (rc != RC_OK)
        return rc;
    struct str hex = str_hex(arena, wrapped.at, wrapped.len);
    struct str line = str_fmt(arena, "%lld %.*s\n", (long long)master, STR_ARG(hex));
    int        file = open_new(vault, path);
    if (file < 0 || !line.at)
        return RC_UNAVAILABLE;
    bool saved = write(file, line.at, line.len) == (ssize_t)line.len && fsync(file) == 0 &&
                 renameat(vault->root, path, vault->root, key_file) == 0 &&
                 fsync(vault->root) == 0;
    close(file);
    return saved ? RC_OK : RC_UNAVAILABLE;
}

static enum rc read_key(const struct vault *vault, struct arena *arena, int64_t *master)
{
    enum { KEY_LINE_BYTES = 4096 };
    char *line = arena_take(arena, KEY_LINE_BYTES);
    int   file = openat(vault->root, key_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (file < 0)
        return errno == ENOENT ? RC_NOT_FOUND : RC_UNAVAILABLE;
    ssize_t got = line ? read(file, line, KEY_LINE_BYTES) : 0;
    close(file);
    if (got <= 0)
        return RC_INTERNAL;
    struct str_cut cut = str_cut(str_trim(str_slice(line, (size_t)got)), ' ');
    struct str     wrapped = str_unhex(arena, cut.tail);
    if (!wrapped.at || !str_int64(cut.head, master))
        return RC_INTERNAL;
    return keys_unwrap(*master, BOUND, wrapped, secret_at(vault->key));
}

static bool has_files(const struct vault *vault)
{
    char path[3];

    for (unsigned a = 0; a < 256; a++) {
        (void)snprintf(path, sizeof path, "%02x", a & 255);
        if (faccessat(vault->root, path, F_OK, 0) == 0)
            return true;
    }
    return false;
}

static enum rc take_key(const struct vault *vault, struct problems *problems,
                        struct str path)
{
    struct arena *arena = problems->arena;
    int64_t       master = 0;

    enum rc rc = read_key(vault, arena, &master);
    if (rc == RC_NOT_FOUND && has_files(vault))
        return refuse(problems, path, "里有文件，却没有 vault.key，打不开");
    if (rc == RC_NOT_FOUND) {
        random_bytes(secret_at(vault->key), KEY_BYTES);
        rc = save_key(vault, arena);
    } else if (rc == RC_OK && master < keys_newest_master()) {
        rc = save_key(vault, arena);
    }
    return rc == RC_OK ? RC_OK : refuse(problems, path, "的 vault.key 打不开或写不进去");
}

enum rc vault_open(struct problems *problems, struct str path, struct vault **vault)
{
    struct vault *made = calloc(1, sizeof *made);
    char         *z = str_z(problems->arena, path);
    enum rc       rc = RC_NO_MEMORY;

    *vault = made;
    if (!made || !z)
        goto out;
    made->root = -1;
    made->key = secret_new(KEY_BYTES);
    if (!made->key)
        goto out;
    if (make_folder(AT_FDCWD, z))
        made->root = open(z, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (made->root < 0 || !make_folder(made->root, new_folder))
        rc = refuse(problems, path, "建不了，也打不开");
    else
        rc = take_key(made, problems, path);
    if (rc == RC_OK)
        clear_aside(made);
out:
    if (rc != RC_OK)
        vault_close(vault);
    return rc;
}

void vault_close(struct vault **vault)
{
    struct vault *closed = *vault;

    *vault = NULL;
    if (!closed)
        return;
    if (closed->root >= 0)
        close(closed->root);
    secret_free(&closed->key);
    free(closed);
}

enum rc vault_wrapped_key(struct vault *vault, int *file)
{
    *file = openat(vault->root, key_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return *file >= 0 ? RC_OK : RC_UNAVAILABLE;
}
