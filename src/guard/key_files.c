#include "guard/key_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

enum { HEX_BYTES = 2 * KEY_BYTES, FILE_BYTES = HEX_BYTES + 1 };

/* The directory, or -1 with a sentence. */
int key_folder_open(struct problems *problems, struct str path)
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

enum rc key_file_refuse(struct problems *problems, const char *name, const char *says)
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

enum rc key_file_read(struct problems *problems, int folder, const char *name,
                      unsigned char key[KEY_BYTES])
{
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (file < 0 && errno == ENOENT)
        return RC_NOT_FOUND;
    if (file < 0)
        return key_file_refuse(problems, name, "打不开");
    bool safe = kept_safe(file), right = safe && read_hex(file, key);
    close(file);
    if (!safe)
        return key_file_refuse(problems, name, "别人也能读或改，请先执行 chmod 600");
    return right ? RC_OK : key_file_refuse(problems, name, "不是 64 位十六进制数字");
}

static bool write_whole(int file, const char *text, size_t n)
{
    return write(file, text, n) == (ssize_t)n && fsync(file) == 0;
}

enum rc key_file_put(struct problems *problems, int folder, const char *name, int mode,
                     struct str text)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      (mode_t)mode);

    if (file < 0)
        return key_file_refuse(problems, name, errno == EEXIST ? "已经有了" : "写不进去");
    bool written = write_whole(file, text.at, text.len);
    close(file);
    return written && fsync(folder) == 0 ? RC_OK
                                         : key_file_refuse(problems, name, "没有写完");
}

enum rc key_file_make(struct problems *problems, int folder, const char *name,
                      const unsigned char key[KEY_BYTES])
{
    char text[FILE_BYTES + 1];

    sodium_bin2hex(text, sizeof text, key, KEY_BYTES);
    text[HEX_BYTES] = '\n';
    enum rc rc = key_file_put(problems, folder, name, 0600, str_slice(text, FILE_BYTES));
    sodium_memzero(text, sizeof text);
    return rc;
}

bool key_file_there(int folder, const char *name)
{
    return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
