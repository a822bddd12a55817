/* The database and what is in it. */
#include "app/doctor/doctor.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "gate/heads.h"
#include "gate/journal.h"
#include "gate/state_store.h"

enum {
    QUICK_LINES = 20000, /* of the journal, without --full */
    LAG_MANY = 1000,
    SKEW_MIND_MS = 2000,
    SKEW_BAD_MS = 60000,
    BACKUP_DAYS = 2,
    SIGNED_WITHIN_MS = 300000,
};

static struct finding later(struct doctor *doctor)
{
    return find(doctor, FINDING_NONE, "先要有数据库", "needs the database");
}

struct finding doctor_database(struct doctor *doctor)
{
    const struct examination *found = &doctor->database;

    if (found->reached)
        return find(doctor, FINDING_GOOD, "%s %.*s", "%s %.*s",
                    doctor->postgres ? "PostgreSQL" : "SQLite", STR_ARG(found->version));
    return find_todo(find(doctor, FINDING_BAD, "连不上：%.*s", "cannot be reached: %.*s",
                          STR_ARG(found->says)),
                     doctor,
                     "看 LINLI_DB 写得对不对；PostgreSQL 要在运行，文件要归 linli 用户",
                     "look at LINLI_DB; PostgreSQL must run, a file must be linli's");
}

struct finding doctor_soundness(struct doctor *doctor)
{
    const struct examination *found = &doctor->database;

    if (!found->reached)
        return later(doctor);
    if (doctor->postgres)
        return find(doctor, FINDING_NONE, "由 PostgreSQL 自己管（pg_amcheck）",
                    "PostgreSQL's own care (pg_amcheck)");
    if (!found->thorough)
        return find(doctor, FINDING_NONE, "文件很大，用 --full 才逐页看",
                    "a large file: every page is read with --full");
    if (!found->damage.at)
        return find(doctor, FINDING_GOOD, "每一页都好", "every page is sound");
    return find_todo(find(doctor, FINDING_BAD, "文件坏了：%.*s",
                          "the file is damaged: %.*s", STR_ARG(found->damage)),
                     doctor, "停下服务，保留这个文件，从最近的备份恢复，再查磁盘",
                     "stop the server, keep the file, restore the newest backup, then look "
                     "at the disk");
}

static struct finding file_settings(struct doctor *doctor)
{
    if (str_eq(doctor->database.journal_mode, STR("wal")))
        return find(doctor, FINDING_GOOD, "WAL，每次提交都落盘",
                    "WAL; every commit is synced");
    return find_todo(find(doctor, FINDING_MIND, "不是 WAL，是 %.*s", "not WAL but %.*s",
                          STR_ARG(doctor->database.journal_mode)),
                     doctor, "别的程序改过这个文件；linli 下次启动会改回来",
                     "another program changed it; linli puts it right when it starts");
}

static bool on(struct str setting)
{
    return str_eq(setting, STR("on"));
}

static struct finding server_settings(struct doctor *doctor)
{
    const struct examination *found = &doctor->database;

    if (!on(found->fsync) || !on(found->full_page_writes))
        return find_todo(find(doctor, FINDING_BAD,
                              "fsync 或 full_page_writes 关着：断电会丢数据",
                              "fsync or full_page_writes is off: a power cut loses data"),
                         doctor, "在 postgresql.conf 里改成 on，重新加载",
                         "set both to on in postgresql.conf and reload");
    if (found->superuser)
        return find_todo(find(doctor, FINDING_BAD, "用的是 PostgreSQL 的超级用户",
                              "the role is a superuser of PostgreSQL"),
                         doctor, "给 linli 单独建一个角色，见运行维护文档",
                         "give linli a role of its own, see docs/operations.md");
    if (found->remote && !found->tls)
        return find_todo(find(doctor, FINDING_BAD, "到数据库的连接没有加密",
                              "the way to the database is not encrypted"),
                         doctor, "LINLI_DB 里加 sslmode=verify-full",
                         "put sslmode=verify-full into LINLI_DB");
    return find(doctor, FINDING_GOOD, "提交都落盘，角色不是超级用户",
                "commits are synced, the role is no superuser");
}

struct finding doctor_settings(struct doctor *doctor)
{
    if (!doctor->database.reached)
        return later(doctor);
    return doctor->postgres ? server_settings(doctor) : file_settings(doctor);
}

struct finding doctor_migrations(struct doctor *doctor)
{
    if (!doctor->database.reached)
        return later(doctor);
    if (doctor->migrated == RC_OK)
        return find(doctor, FINDING_GOOD, "是这个版本的", "of this version");
    return find_todo(find(doctor, FINDING_BAD, "不是这个版本的表结构",
                          "the tables are not of this version"),
                     doctor, "先备份，再 linli migrate；如果数据库更新，就换新版本的 linli",
                     "back up, then linli migrate; if the database is newer, take a newer "
                     "linli");
}

/* ---- time ---- */

static struct finding skewed(struct doctor *doctor, int64_t ms)
{
    enum finding_state state = llabs(ms) > SKEW_BAD_MS    ? FINDING_BAD
                               : llabs(ms) > SKEW_MIND_MS ? FINDING_MIND
                                                          : FINDING_GOOD;
    struct finding     finding = find(doctor, state, "和数据库差 %.1f 秒",
                                      "%.1f s from the database's", (double)ms / 1000);

    return state == FINDING_GOOD ? finding
                                 : find_todo(finding, doctor, "两台机器都要对时",
                                             "let a time service keep both machines");
}

/* The newest moment of any county's journal; 0: none. */
static int64_t newest_line(struct doctor *doctor)
{
    struct list journals;
    struct op   op;
    int64_t     newest = 0;

    doctor_op(doctor, &op);
    if (state_journals(&op, &journals) != RC_OK)
        return 0;
    for (size_t i = 0; i < journals.n; i++) {
        int64_t at_ms = ((const struct journal_state *)journals.at)[i].at_ms;
        newest = at_ms > newest ? at_ms : newest;
    }
    return newest;
}

struct finding doctor_clock(struct doctor *doctor)
{
    int64_t now = clock_now_ms(), newest = doctor->db ? newest_line(doctor) : 0;

    if (!doctor->db)
        return later(doctor);
    if (newest > now + SKEW_MIND_MS)
        return find_todo(find(doctor, FINDING_BAD, "日志链最后一行在未来 %.0f 分钟",
                              "the journal's last line is %.0f minutes ahead",
                              (double)(newest - now) / 60000),
                         doctor, "时钟被拨回过：先对好时，等时间追上，再开服务",
                         "the clock was set back: put it right and let it catch up before "
                         "serving");
    if (doctor->database.clock_ms)
        return skewed(doctor, doctor->database.clock_ms - now);
    return find(doctor, FINDING_GOOD, "没有倒退", "has not gone backwards");
}

/* ---- the journal and who follows it ---- */

static struct finding broken(struct doctor *doctor, int64_t county, int64_t seq)
{
    return find_todo(find(doctor, FINDING_BAD, "县区 %lld 的日志链从第 %lld 行起对不上",
                          "county %lld: the chain does not fit from line %lld on",
                          (long long)county, (long long)seq),
                     doctor,
                     "不要再写：停下服务，保留现场，告诉审计管理员，linli journal verify",
                     "stop the server, keep everything as it is, tell the audit "
                     "administrator: linli journal verify");
}

/* The last line is there; the whole chain where that is quick or asked for. */
static bool look_through(struct doctor *doctor, const struct journal_state *one,
                         int64_t *wrong)
{
    struct op op;
    int64_t   lines = 0;

    *wrong = one->seq;
    if (one->seq && !one->at_ms)
        return false;
    if (!doctor->full && one->seq > QUICK_LINES)
        return true;
    struct arena_mark mark = arena_mark(doctor->arena);
    doctor_op(doctor, &op);
    op.county = one->county;
    enum rc rc = journal_verify(&op, one->county, &lines, wrong);
    arena_back(doctor->arena, mark);
    return rc == RC_OK;
}

struct finding doctor_journal(struct doctor *doctor)
{
    struct list journals;
    struct op   op;
    int64_t     lines = 0, wrong = 0;

    if (!doctor->db || !doctor->keys_open)
        return find(doctor, FINDING_NONE, "先要有数据库和密钥", "needs database and keys");
    doctor_op(doctor, &op);
    if (state_journals(&op, &journals) != RC_OK)
        return find(doctor, FINDING_BAD, "读不了", "cannot be read");
    for (size_t i = 0; i < journals.n; i++) {
        const struct journal_state *one = (const struct journal_state *)journals.at + i;
        if (!look_through(doctor, one, &wrong))
            return broken(doctor, one->county, wrong);
        lines += one->seq;
    }
    return find(doctor, FINDING_GOOD, "%lld 行%s", "%lld lines%s", (long long)lines,
                doctor->full || lines <= QUICK_LINES ? "" : " (--full)");
}

/* Is the county's last line signed, or too young for it? */
static bool head_signed(struct doctor *doctor, const struct journal_state *one)
{
    struct op   op;
    struct head head = { 0 };

    doctor_op(doctor, &op);
    op.county = one->county;
    enum rc rc = heads_last(&op, one->county, &head);
    return rc == RC_OK &&
           (head.seq >= one->seq || one->at_ms > op.now_ms - SIGNED_WITHIN_MS);
}

struct finding doctor_heads(struct doctor *doctor)
{
    struct list journals;
    struct op   op;

    if (!doctor->db)
        return later(doctor);
    doctor_op(doctor, &op);
    if (state_journals(&op, &journals) != RC_OK)
        return find(doctor, FINDING_BAD, "读不了", "cannot be read");
    for (size_t i = 0; i < journals.n; i++) {
        const struct journal_state *one = (const struct journal_state *)journals.at + i;
        if (!head_signed(doctor, one))
            return find_todo(
                find(doctor, FINDING_BAD, "县区 %lld 的日志链末尾没有签名",
                     "county %lld: the journal's end is not signed",
                     (long long)one->county),
                doctor, "服务开着每分钟会签；没有签，看日志里的 heads，看签名密钥和目录",
                "a running server signs every minute; if it does not, look for "
                "heads in the log, and at the signing key and its folder");
    }
    return find(doctor, FINDING_GOOD, "都签到了最后一行", "signed to the last line");
}

struct finding doctor_followers(struct doctor *doctor)
{
    struct list followers;
    struct op   op;

    if (!doctor->db)
        return later(doctor);
    doctor_op(doctor, &op);
    if (state_followers(&op, &followers) != RC_OK)
        return find(doctor, FINDING_BAD, "读不了", "cannot be read");
    for (size_t i = 0; i < followers.n; i++) {
        const struct follower_state *one = (const struct follower_state *)followers.at + i;
        if (one->behind > LAG_MANY)
            return find_todo(
                find(doctor, FINDING_MIND, "%.*s 落后 %lld 行", "%.*s is %lld lines behind",
                     STR_ARG(one->follower), (long long)one->behind),
                doctor, "服务开着就会追上；一直追不上，看日志里的 follower.failed",
                "it catches up while the server runs; if not, look for "
                "follower.failed in the log");
    }
    return find(doctor, FINDING_GOOD, "都跟上了", "have seen everything");
}

/* ---- backups ---- */

/* When the newest file of the folder was written; 0: there is none. */
static int64_t newest_file(struct doctor *doctor, struct str path)
{
    DIR        *folder = opendir(str_z(doctor->arena, path));
    int64_t     newest = 0;
    struct stat stat;

    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.' &&
            fstatat(dirfd(folder), entry->d_name, &stat, 0) == 0 && S_ISREG(stat.st_mode) &&
            stat.st_mtime > newest)
            newest = stat.st_mtime;
    if (folder)
        (void)closedir(folder);
    return newest;
}

struct finding doctor_backups(struct doctor *doctor)
{
    struct str path = doctor->config->backups;
    int64_t    newest = path.at ? newest_file(doctor, path) : 0;
    double     days = (double)(time(NULL) - newest) / 86400;

    if (newest && days <= BACKUP_DAYS)
        return find(doctor, FINDING_GOOD, "最近一份是 %.1f 天前的",
                    "the newest is %.1f days old", days);
    struct finding finding =
        !path.at
            ? find(doctor, FINDING_MIND, "没有说备份放在哪里", "nobody said where they are")
        : !newest
            ? find(doctor, FINDING_BAD, "%.*s 里没有备份", "none in %.*s", STR_ARG(path))
            : find(doctor, FINDING_BAD, "最近一份是 %.0f 天前的",
                   "the newest is %.0f days old", days);
    return find_todo(
        finding, doctor, "每天 linli backup 目录，目录写进 LINLI_BACKUPS，并拷到另一台机器",
        "linli backup FOLDER every day, the folder in LINLI_BACKUPS, and a copy "
        "on another machine");
}
