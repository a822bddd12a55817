/* The machine that linli runs on. */
#include "app/doctor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    LOW_PERCENT = 10,
    EMPTY_PERCENT = 2,
    SYNCS = 15,
    SYNC_BYTES = 4096,
    SYNC_SLOW_US = 20000, /* a batch waits for one */
    SYNC_BAD_US = 200000,
    FILES_MIN = 4096,
};
#define MEMORY_MIN (INT64_C(512) << 20)
#define DISK_MIN   (INT64_C(1) << 30)
#define DISK_BAD   (INT64_C(100) << 20)

/* ---- disk ---- */

static enum finding_state state_of(double percent, bool low, bool empty)
{
    return empty || percent < EMPTY_PERCENT ? FINDING_BAD
           : low || percent < LOW_PERCENT   ? FINDING_MIND
                                            : FINDING_GOOD;
}

struct finding doctor_disk(struct doctor *doctor)
{
    struct statvfs disk;

    if (statvfs(str_z(doctor->arena, doctor->config->home), &disk) != 0)
        return find(doctor, FINDING_BAD, "看不到 %.*s：%s", "%.*s cannot be looked at: %s",
                    STR_ARG(doctor->config->home), strerror(errno));
    int64_t free_bytes = (int64_t)(disk.f_bavail * disk.f_frsize);
    double  percent =
        disk.f_blocks ? 100.0 * (double)disk.f_bavail / (double)disk.f_blocks : 0;
    struct finding finding =
        find(doctor, state_of(percent, free_bytes < DISK_MIN, free_bytes < DISK_BAD),
             "%.*s 还有 %.1f GB（%.0f %%）", "%.*s has %.1f GB left (%.0f %%)",
             STR_ARG(doctor->config->home), (double)free_bytes / 1e9, percent);
    return finding.state == FINDING_GOOD
               ? finding
               : find_todo(finding, doctor,
                           "清出空间或加磁盘；写满后什么都办不成，但已经办好的不会丢",
                           "make room; once full nothing can be done any more, what was "
                           "done stays");
}

struct finding doctor_inodes(struct doctor *doctor)
{
    struct statvfs disk;

    if (statvfs(str_z(doctor->arena, doctor->config->home), &disk) != 0 || !disk.f_files)
        return find(doctor, FINDING_NONE, "这个文件系统没有上限",
                    "no limit on this file system");
    double         percent = 100.0 * (double)disk.f_favail / (double)disk.f_files;
    struct finding finding = find(doctor, state_of(percent, false, false),
                                  "还能建 %.0f %% 的文件", "%.0f %% are free", percent);
    return finding.state == FINDING_GOOD
               ? finding
               : find_todo(finding, doctor,
                           "每张照片占几个文件：换一个文件系统，或删去别的小文件",
                           "a photo takes some files: another file system, or remove other "
                           "small files");
}

/* ---- folders and the speed of the disk ---- */

/* A file of our own in that folder; removed at once.  -1 when it cannot be made. */
static int scratch(struct doctor *doctor, struct str folder)
{
    char *path = str_z(doctor->arena,
                       str_fmt(doctor->arena, "%.*s/.doctor-XXXXXX", STR_ARG(folder)));
    int   file = path ? mkostemp(path, O_CLOEXEC) : -1;

    if (file >= 0)
        (void)unlink(path);
    return file;
}

struct finding doctor_folders(struct doctor *doctor)
{
    const struct config *config = doctor->config;
    const struct str     folders[] = { config->home, config->files, config->spool };
    struct stat          stat;

    for (size_t i = 0; i < COUNT(folders); i++) {
        int file = scratch(doctor, folders[i]);
        if (file < 0)
            return find_todo(
                find(doctor, FINDING_BAD, "%.*s 写不进去：%s", "%.*s cannot be written: %s",
                     STR_ARG(folders[i]), strerror(errno)),
                doctor, "目录要在，要归 linli 用户：chown linli: 目录",
                "the folder must be there and be linli's: chown linli: FOLDER");
        (void)close(file);
    }
    if (lstat(str_z(doctor->arena, config->home), &stat) == 0 && (stat.st_mode & 07))
        return find_todo(find(doctor, FINDING_MIND, "%.*s 谁都能看", "%.*s is open to all",
                              STR_ARG(config->home)),
                         doctor, "chmod 700", "chmod 700");
    return find(doctor, FINDING_GOOD, "数据、照片、收件目录都写得进去",
                "data, files and spool can be written");
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

/* The median of some syncs; -1: could not be tried. */
static int64_t sync_us(struct doctor *doctor)
{
    static const char block[SYNC_BYTES];
    int64_t           took[SYNCS];
    int               file = scratch(doctor, doctor->config->home);

    if (file < 0)
        return -1;
    for (size_t i = 0; i < SYNCS; i++) {
        int64_t began = clock_mono_us();
        bool    wrote =
            write(file, block, sizeof block) == sizeof block && fdatasync(file) == 0;
        took[i] = wrote ? clock_mono_us() - began : INT64_MAX;
    }
    (void)close(file);
    qsort(took, SYNCS, sizeof took[0], by_size);
    return took[SYNCS / 2] == INT64_MAX ? -1 : took[SYNCS / 2];
}

struct finding doctor_sync(struct doctor *doctor)
{
    int64_t us = sync_us(doctor);

    if (us < 0)
        return find(doctor, FINDING_BAD, "写不了",
                    "could not be tried: nothing can be written");
    enum finding_state state = us > SYNC_BAD_US    ? FINDING_BAD
                               : us > SYNC_SLOW_US ? FINDING_MIND
                                                   : FINDING_GOOD;
    struct finding     finding =
        find(doctor, state, "落盘一次 %.1f 毫秒", "%.1f ms a sync", (double)us / 1000);
    return state == FINDING_GOOD
               ? finding
               : find_todo(
                     finding, doctor,
                     "每一批操作都等一次落盘：换固态盘，或看看谁在占用磁盘（iostat -x）",
                     "every batch waits for one: a solid-state disk, or see who else "
                     "uses it (iostat -x)");
}

/* ---- memory, limits, time ---- */

struct finding doctor_swap(struct doctor *doctor)
{
    char  line[256];
    FILE *file = fopen("/proc/swaps", "re");
    bool  any = file && fgets(line, sizeof line, file) && fgets(line, sizeof line, file);

    if (file)
        (void)fclose(file);
    if (!any)
        return find(doctor, FINDING_GOOD, "没有开", "none");
    return find_todo(find(doctor, FINDING_MIND, "开着交换区，个人信息可能被写到磁盘上",
                          "swap is on: personal data may reach the disk"),
                     doctor, "关掉（swapoff -a）或加密；密钥本身锁在内存里，不受影响",
                     "turn it off (swapoff -a) or encrypt it; keys themselves are locked");
}

/* What the group of processes may have, where that is limited. */
static int64_t memory_allowed(void)
{
    struct sysinfo info;
    long long      limit = 0;
    FILE          *file = fopen("/sys/fs/cgroup/memory.max", "re");

    int64_t all =
        sysinfo(&info) == 0 ? (int64_t)info.totalram * (int64_t)info.mem_unit : INT64_MAX;
    bool read = file && fscanf(file, "%lld", &limit) == 1;
    if (file)
        (void)fclose(file);
    return read && limit < all ? limit : all;
}

struct finding doctor_limits(struct doctor *doctor)
{
    struct rlimit files = { 0 };
    int64_t       memory = memory_allowed();

    (void)getrlimit(RLIMIT_NOFILE, &files);
    bool enough = files.rlim_cur >= FILES_MIN && memory >= MEMORY_MIN;

    struct finding finding =
        find(doctor, enough ? FINDING_GOOD : FINDING_MIND, "可开 %lld 个文件，内存 %.1f GB",
             "%lld open files, %.1f GB of memory", (long long)files.rlim_cur,
             (double)memory / 1e9);
    return enough
               ? finding
               : find_todo(finding, doctor,
                           "LimitNOFILE=20000，内存至少 512 MB：一个连接占一个文件",
                           "LimitNOFILE=20000 and at least 512 MB: a connection is a file");
}

struct finding doctor_ntp(struct doctor *doctor)
{
    struct timex time = { 0 };

    int state = adjtimex(&time);
    if (state < 0)
        return find(doctor, FINDING_NONE, "这里看不到对时的情况",
                    "cannot be seen from here");
    if (state != TIME_ERROR)
        return find(doctor, FINDING_GOOD, "系统在对时",
                    "the clock is kept by a time service");
    return find_todo(
        find(doctor, FINDING_MIND, "没有对时", "no time service keeps the clock"), doctor,
        "装 systemd-timesyncd 或 chrony：时限、签名和动态口令都看时间",
        "install systemd-timesyncd or chrony: deadlines, signatures and codes "
        "go by the clock");
}
