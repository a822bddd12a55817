#include "faults.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic enum fault armed;
static _Atomic size_t     left;
static _Atomic bool       fired;

void fault_arm(enum fault fault, size_t n)
{
    fired = false;
    left = n;
    armed = fault;
}

void fault_disarm(void)
{
    armed = FAULT_NONE;
}

bool fault_fired(void)
{
    return fired;
}

/* One of the threads counts down to it. */
static bool fails(enum fault fault)
{
    if (armed != fault || --left != 0)
        return false;
    armed = FAULT_NONE;
    fired = true;
    return true;
}

/* ---- our own allocations, by the linker's --wrap ---- */

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t bytes);

void *__wrap_malloc(size_t bytes)
{
    return fails(FAULT_MALLOC) ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails(FAULT_MALLOC) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return fails(FAULT_MALLOC) ? NULL : __real_realloc(old, bytes);
}

/* ---- SQLite's ---- */

static sqlite3_mem_methods real;

static void *sqlite_malloc(int bytes)
{
    return fails(FAULT_MALLOC) ? NULL : real.xMalloc(bytes);
}

static void *sqlite_realloc(void *old, int bytes)
{
    return fails(FAULT_MALLOC) ? NULL : real.xRealloc(old, bytes);
}

void faults_begin(void)
{
    int code = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);

    sqlite3_mem_methods ours = real;
    ours.xMalloc = sqlite_malloc;
    ours.xRealloc = sqlite_realloc;
    if (code == SQLITE_OK)
        code = sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    assert(code == SQLITE_OK);
}

/* ---- the disk: these stand before the library's for the whole program ---- */

static bool full(int file)
{
    bool refused = file > STDERR_FILENO && fails(FAULT_WRITE);

    if (refused)
        errno = ENOSPC;
    return refused;
}

ssize_t write(int file, const void *bytes, size_t n)
{
    return full(file) ? -1 : syscall(SYS_write, file, bytes, n);
}

ssize_t pwrite64(int file, const void *bytes, size_t n, off64_t at)
{
    return full(file) ? -1 : syscall(SYS_pwrite64, file, bytes, n, at);
}

int ftruncate64(int file, off64_t size)
{
    return full(file) ? -1 : (int)syscall(SYS_ftruncate, file, size);
}

static bool mute(void)
{
    bool refused = fails(FAULT_SYNC);

    if (refused)
        errno = EIO;
    return refused;
}

/* Nobody pulls the plug here: thousands of real ones would only take time. */
int fsync(int file)
{
    (void)file;
    return mute() ? -1 : 0;
}

int fdatasync(int file)
{
    (void)file;
    return mute() ? -1 : 0;
}
