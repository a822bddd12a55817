#include "decode/confine.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The sanitizers reserve terabytes of addresses for their shadow. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ADDRESS_BYTES RLIM_INFINITY
#else
#define ADDRESS_BYTES ((rlim_t)512 << 20)
#endif

/* Soft and hard alike, so that nothing can be raised again.  RLIMIT_NPROC is not
 * among them: it counts the threads of everything that runs under the same user,
 * the server's too; the filter of calls forbids processes instead. */
static const struct {
    __rlimit_resource_t what;
    rlim_t              most;
} limits[] = {
    { RLIMIT_AS, ADDRESS_BYTES },
    { RLIMIT_FSIZE, 2 << 20 }, /* what is written are two small JPEGs */
    { RLIMIT_NOFILE, 16 },
    { RLIMIT_MEMLOCK, 0 },
    { RLIMIT_CORE, 0 },   /* a core would be somebody's photo on disk */
    { RLIMIT_CPU, 1000 }, /* all pictures of one process; each one by confine_time */
};

static bool set_limits(void)
{
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct rlimit limit = { limits[i].most, limits[i].most };
        if (setrlimit(limits[i].what, &limit) != 0)
            return false;
    }
    return true;
}

/* Capabilities: all of them inside the new user namespace, or root's own when the
 * server was started as root. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct   none[_LINUX_CAPABILITY_U32S_3] = { 0 };

    return syscall(SYS_capset, &head, none) == 0;
}

/* The empty root is the descriptor list of a process: a folder that always exists,
 * cannot be written, and holds nothing but the numbers of our own descriptors. */
static void leave_the_house(void)
{
    (void)unshare(CLONE_NEWUSER);
    (void)unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS);
    if (chroot("/proc/self/fdinfo") != 0 || chdir("/") != 0)
        return;
}

bool confine_early(void)
{
    leave_the_house();
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           drop_capabilities() && set_limits();
}

bool confine_time(unsigned seconds)
{
    struct timespec used;
    struct rlimit   limit;

    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0 ||
        getrlimit(RLIMIT_CPU, &limit) != 0)
        return false;
    limit.rlim_cur = (rlim_t)used.tv_sec + 1 + seconds;
    return setrlimit(RLIMIT_CPU, &limit) == 0;
}

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#error "the filter of system calls is not written for this processor"
#endif

/* Decoding is computing: memory, threads within the process, and talking through
 * what is open already.  Nothing here names a file, an address or a process. */
// clang-format off
static const uint32_t plain[] = {
    __NR_recvmsg,           __NR_sendmsg,           __NR_read,
    __NR_write,             __NR_lseek,             __NR_close,
    __NR_brk,               __NR_munmap,            __NR_mremap,
    __NR_madvise,           __NR_futex,             __NR_set_robust_list,
    __NR_rseq,              __NR_sched_yield,       __NR_sched_getaffinity,
    __NR_rt_sigprocmask,    __NR_rt_sigreturn,      __NR_restart_syscall,
    __NR_clock_gettime,     __NR_gettimeofday,      __NR_clock_nanosleep,
    __NR_nanosleep,         __NR_getrandom,         __NR_getpid,
    __NR_gettid,            __NR_exit,              __NR_exit_group,
    __NR_sigaltstack,
};
// clang-format on

/* Allowed when (argument & mask) == wanted; the kernel itself looks at no more
 * than the low 32 bits of these. */
static const struct {
    uint32_t call, argument, mask, wanted;
} guarded[] = {
    { __NR_mmap, 2, PROT_EXEC, 0 }, /* no page is ever both written and run */
    { __NR_mprotect, 2, PROT_EXEC, 0 },
    { __NR_clone, 0, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD }, /* threads only */
    { __NR_prlimit64, 0, UINT32_MAX, 0 }, /* its own limits, which are hard already */
};

enum {
    CHECK_ARCH = 4, /* instructions of each part */
    CHECK_PLAIN = 2,
    CHECK_GUARDED = 6,
    FILTER_LENGTH = CHECK_ARCH + (int)COUNT(plain) * CHECK_PLAIN +
                    (int)COUNT(guarded) * CHECK_GUARDED + 1,
};

#define LOAD(member)                                                                       \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, member))
#define UNLESS(value, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (n))
#define GIVE(action)     BPF_STMT(BPF_RET | BPF_K, (action))
/* Everything else is answered as by a kernel that has never heard of it, which
 * the C library knows how to live with (clone3, whose arguments cannot be looked
 * at, becomes clone) and which the decoder of a stranger's picture cannot use. */
#define UNHEARD_OF (SECCOMP_RET_ERRNO | 38 /* ENOSYS */)

static size_t put_guarded(struct sock_filter *at, size_t i)
{
    const struct sock_filter check[CHECK_GUARDED] = {
        UNLESS(guarded[i].call, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 (uint32_t)offsetof(struct seccomp_data, args) + 8 * guarded[i].argument),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, guarded[i].mask),
        UNLESS(guarded[i].wanted, 1),
        GIVE(SECCOMP_RET_ALLOW),
        GIVE(UNHEARD_OF),
    };

    for (size_t j = 0; j < CHECK_GUARDED; j++)
        at[j] = check[j];
    return CHECK_GUARDED;
}

static void compose(struct sock_filter filter[FILTER_LENGTH])
{
    size_t n = 0;

    filter[n++] = (struct sock_filter)LOAD(arch);
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
    filter[n++] = (struct sock_filter)GIVE(SECCOMP_RET_KILL_PROCESS);
    filter[n++] = (struct sock_filter)LOAD(nr);
    for (size_t i = 0; i < COUNT(plain); i++) {
        filter[n++] = (struct sock_filter)UNLESS(plain[i], 1);
        filter[n++] = (struct sock_filter)GIVE(SECCOMP_RET_ALLOW);
    }
    for (size_t i = 0; i < COUNT(guarded); i++)
        n += put_guarded(filter + n, i);
    filter[n++] = (struct sock_filter)GIVE(UNHEARD_OF);
    assert(n == FILTER_LENGTH);
}

bool confine_calls(void)
{
    struct sock_filter filter[FILTER_LENGTH];
    struct sock_fprog  program = { FILTER_LENGTH, filter };

    compose(filter);
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                   &program) == 0;
}
