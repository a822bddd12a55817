#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/keep/keep.h"
#include "base/clock.h"
#include "guard/keys_export.h"

enum { KEEP_BYTES = 4 << 20, PASSPHRASE_BYTES = 1024 };

/* A run of one of these commands: where sentences go, and the exit code. */
static int ended(struct arena *arena, const struct problems *problems, enum rc rc)
{
    if (rc != RC_OK)
        ask_tell(problems, rc);
    arena_free(arena);
    return rc == RC_OK ? 0 : 1;
}

static int not_understood(const struct config *config, const char *zh, const char *en)
{
    fprintf(stderr, "%s\n", config->chinese ? zh : en);
    return 2;
}

static bool read_line(int file, char line[PASSPHRASE_BYTES])
{
    size_t n = 0;

    while (n < PASSPHRASE_BYTES - 1 && read(file, line + n, 1) == 1 && line[n] != '\n')
        n++;
    line[n] = '\0';
    return n > 0 && n < PASSPHRASE_BYTES - 1;
}

/* ---- backup ---- */

static void tell_kept(const char *done, const struct kept *kept)
{
    const struct archive_told *told = &kept->told;

    printf("%s：%.*s\n%lld 张表，%lld 行；%lld 个文件，%.1f MB。\n", done,
           STR_ARG(kept->path), (long long)told->tables, (long long)told->rows,
           (long long)told->files, (double)told->file_bytes / 1e6);
}

static void tell_made(const struct kept *kept)
{
    tell_kept("备份做好了", kept);
    printf("个人密钥另在 %.*s.keys，最多保存 %d 天。\n", STR_ARG(kept->path),
           KEYS_KEPT_DAYS);
    if (kept->thrown)
        printf("已经删去 %lld 份过期的个人密钥备份。\n", (long long)kept->thrown);
    if (kept->missing)
        fprintf(stderr, "有 %lld 个照片文件不在磁盘上，备份里也没有；文件名在日志里。\n",
                (long long)kept->missing);
}

int command_backup(struct config *config, int argc, char **argv)
{
    struct arena    arena;
    struct problems problems;
    struct kept     kept;
    bool            verifies = argc == 3 && strcmp(argv[1], "verify") == 0;
    struct str      where = argc == 2 ? str_of(argv[1]) : config->backups;

    if (!verifies && (argc > 2 || !where.at || str_eq(where, STR("verify"))))
        return not_understood(
            config,
            "要写明备份到哪里：linli backup 目录|文件，或者设好 LINLI_BACKUPS；"
            "核对用 linli backup verify 文件",
            "say where to: linli backup FOLDER|FILE, or set LINLI_BACKUPS; "
            "linli backup verify FILE");
    arena_init(&arena, KEEP_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = verifies ? backup_verify(config, &problems, str_of(argv[2]), &kept)
                          : backup_make(config, &problems, where, &kept);
    if (rc == RC_OK && verifies)
        tell_kept("这份备份完整", &kept);
    else if (rc == RC_OK)
        tell_made(&kept);
    return ended(&arena, &problems, rc);
}

/* ---- restore ---- */

static void tell_restored(struct arena *arena, const struct kept *kept)
{
    struct str when = clock_zh(arena, kept->made_ms, clock_now_ms());

    tell_kept("恢复好了", kept);
    printf("这是 %.*s 的备份。日志链完整。所有人都要重新登录。\n", STR_ARG(when));
    if (kept->forgotten)
        printf("那以后注销的 %lld 位已经再注销一次。\n", (long long)kept->forgotten);
}

int command_restore(struct config *config, int argc, char **argv)
{
    struct arena     arena;
    struct problems  problems;
    struct kept      kept;
    struct restoring asked = { .keys = option(argc, argv, "--keys"),
                               .deletions = option(argc, argv, "--deletions") };

    if (argc < 2 || argv[1][0] == '-')
        return not_understood(config, "要写明从哪份备份恢复：linli restore 文件",
                              "say from which backup: linli restore FILE");
    asked.file = str_of(argv[1]);
    arena_init(&arena, KEEP_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = backup_restore(config, &problems, &asked, &kept);
    if (rc == RC_OK)
        tell_restored(&arena, &kept);
    return ended(&arena, &problems, rc);
}

/* ---- move ---- */

static void tell_moved(const struct config *config, const struct kept *kept)
{
    printf("搬好了：%lld 张表，%lld 行，两头一样，日志链完整。\n"
           "从现在起用新的数据库：LINLI_DB=%.*s（密码照旧另写），LINLI_HOME=%.*s。\n"
           "照片和密钥还在原处。旧的 %.*s 不再使用，备份过新的以后可以删去。\n",
           (long long)kept->told.tables, (long long)kept->told.rows, STR_ARG(kept->path),
           STR_ARG(config->home), STR_ARG(config->db));
}

/* A password on the command line is everybody's to read; "-" takes the address from
 * standard input. */
static struct str address_of(struct str to, char line[PASSPHRASE_BYTES])
{
    return str_eq(to, STR("-")) && read_line(STDIN_FILENO, line) ? str_of(line) : to;
}

int command_move(struct config *config, int argc, char **argv)
{
    struct arena    arena;
    struct problems problems;
    struct kept     kept;
    char            line[PASSPHRASE_BYTES] = { 0 };
    struct str      to = option(argc, argv, "--to");
    bool            cancels = option_has(argc, argv, "--cancel");

    if (cancels == (to.at != NULL))
        return not_understood(config, "要写明搬到哪里：linli move --to postgresql://…",
                              "say where to: linli move --to postgresql://…");
    arena_init(&arena, KEEP_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = cancels ? move_cancel(config, &problems, &kept)
                         : move_to(config, &problems, address_of(to, line), &kept);
    if (rc == RC_OK && cancels)
        printf("放弃了，继续用这里的。那边没有搬完的 %.*s 可以删去。\n",
               STR_ARG(kept.path));
    else if (rc == RC_OK)
        tell_moved(config, &kept);
    sodium_memzero(line, sizeof line);
    return ended(&arena, &problems, rc);
}

/* ---- keys ---- */

/* From the terminal, without showing it. */
static bool ask_hidden(const char *says, char line[PASSPHRASE_BYTES])
{
    struct termios shown, hidden;

    fputs(says, stderr);
    bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    bool some = read_line(STDIN_FILENO, line);
    if (terminal)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    return some;
}

static bool read_from(const char *path, char line[PASSPHRASE_BYTES])
{
    int  file = open(path, O_RDONLY | O_CLOEXEC);
    bool some = file >= 0 && read_line(file, line);

    if (file >= 0)
        close(file);
    return some;
}

static const char *take_passphrase(int argc, char **argv, bool twice,
                                   char line[PASSPHRASE_BYTES])
{
    struct str path = option(argc, argv, "--passphrase-file");
    char       again[PASSPHRASE_BYTES] = { 0 };

    if (path.at)
        return read_from(path.at, line) ? NULL : "读不出口令文件。";
    if (!ask_hidden("口令：", line))
        return "没有口令。";
    if (!twice)
        return NULL;
    bool same = ask_hidden("再输一次：", again) && strcmp(line, again) == 0;
    sodium_memzero(again, sizeof again);
    return same ? NULL : "两次输入的口令不一样。";
}

static void tell_exported(const char *file, size_t files)
{
    printf("%zu 个密钥文件已经封存到 %s。\n"
           "请把它和口令分开保管，不要和备份放在一起；最多保存 %d "
           "天，到期重新导出、销毁旧的。\n",
           files, file, KEYS_KEPT_DAYS);
}

static enum rc carry_keys(const struct config *config, struct problems *problems,
                          const char *verb, const char *file, struct str passphrase)
{
    bool   out = strcmp(verb, "export") == 0;
    size_t files = 0;

    if (out && (!str_utf8(passphrase) || str_chars(passphrase) < PASSPHRASE_MIN)) {
        problem_add(problems, STR_NONE, "口令太短，至少要 %d 个字。", PASSPHRASE_MIN);
        return RC_REFUSED;
    }
    enum rc rc =
        out ? keys_export(problems, config->keys, str_of(file), passphrase, &files)
            : keys_import(problems, config->keys, str_of(file), passphrase, &files);
    if (rc == RC_OK && out)
        tell_exported(file, files);
    else if (rc == RC_OK)
        printf("取回了 %zu 个密钥文件，放在 %.*s。\n", files, STR_ARG(config->keys));
    return rc;
}

int command_keys(struct config *config, int argc, char **argv)
{
    struct arena    arena;
    struct problems problems;
    char            line[PASSPHRASE_BYTES] = { 0 };

    int rotated = command_rotate(config, argc, argv);
    if (rotated != -1)
        return rotated;
    if (argc < 3 || (strcmp(argv[1], "export") != 0 && strcmp(argv[1], "import") != 0))
        return not_understood(config, "linli keys export 文件，或 linli keys import 文件",
                              "linli keys export FILE, or linli keys import FILE");
    arena_init(&arena, KEEP_BYTES);
    problems_init(&problems, &arena);
    const char *wrong = take_passphrase(argc, argv, strcmp(argv[1], "export") == 0, line);
    enum rc     rc = RC_REFUSED;
    if (wrong)
        problem_add(&problems, STR_NONE, "%s", wrong);
    else
        rc = carry_keys(config, &problems, argv[1], argv[2], str_of(line));
    sodium_memzero(line, sizeof line);
    return ended(&arena, &problems, rc);
}
