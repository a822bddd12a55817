/* What is left to somebody who has taken the decoder over: each try is made by a
 * child that has gone behind the walls. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decode/confine.h"

/* How a child ended that did `what` inside: 0 when it could, 1 when it was refused,
 * 99 when the walls did not stand, 128 + n by signal n. */
static int inside(bool (*what)(void))
{
    int   status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(!confine_early() || !confine_calls() ? 99 : what() ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static bool open_a_file(void)
{
    return open("/etc/hostname", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool write_a_file(void)
{
    return open("/tmp/linli-confine-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

static bool connect_out(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool talk_locally(void)
{
    int pair[2];

    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
           socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool start_a_process(void)
{
    return fork() >= 0;
}

static bool run_a_program(void)
{
    char *argv[] = { NULL }, *environment[] = { NULL };

    execve("/bin/true", argv, environment);
    return false;
}

static bool run_what_it_wrote(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
               MAP_FAILED ||
           mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool kill_the_server(void)
{
    return kill(getppid(), 0) == 0 || kill(1, 0) == 0;
}

static bool raise_a_limit(void)
{
    struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

    return setrlimit(RLIMIT_CORE, &more) == 0 || setrlimit(RLIMIT_CPU, &more) == 0 ||
           setrlimit(RLIMIT_FSIZE, &more) == 0;
}

static bool move_house(void)
{
    return unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNS) == 0;
}

TEST(nothing_can_be_opened_connected_started_or_killed)
{
    static const struct {
        const char *what;
        bool (*try)(void);
    } tries[] = {
        { "open a file", open_a_file },
        { "write a file", write_a_file },
        { "connect out", connect_out },
        { "talk locally", talk_locally },
        { "start a process", start_a_process },
        { "run a program", run_a_program },
        { "run what it wrote", run_what_it_wrote },
        { "kill the server", kill_the_server },
        { "raise a limit", raise_a_limit },
        { "move house", move_house },
    };

    for (size_t i = 0; i < COUNT(tries); i++) {
        int ended = inside(tries[i].try);
        if (ended != 1)
            fail_msg("%s: ended with %d", tries[i].what, ended);
    }
}

static void *nothing(void *context)
{
    return context;
}

static bool work_in_threads(void)
{
    pthread_t thread;
    void     *back = NULL;
    int       here = 0;

    return pthread_create(&thread, NULL, nothing, &here) == 0 &&
           pthread_join(thread, &back) == 0 && back == &here;
}

TEST(threads_still_work)
{
    CHECK_INT(inside(work_in_threads), 0);
}

static bool take_a_gigabyte(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY)
        return false; /* a sanitizer's build */
    return mmap(NULL, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

TEST(memory_ends_at_its_limit)
{
    CHECK_INT(inside(take_a_gigabyte), 1);
}

static bool run_for_ever(void)
{
    if (!confine_time(0))
        return false;
    for (volatile unsigned i = 0;; i++)
        continue;
}

TEST(processor_time_ends_at_its_limit)
{
    CHECK_INT(inside(run_for_ever), 128 + SIGXCPU);
}

static int memory_file;

static bool fill_it(void)
{
    static char megabyte[1 << 20];

    for (int i = 0; i < 3; i++)
        if (write(memory_file, megabyte, sizeof megabyte) != sizeof megabyte)
            return false;
    return true;
}

TEST(a_file_ends_at_its_limit)
{
    memory_file = memfd_create("full", MFD_CLOEXEC);
    CHECK_INT(inside(fill_it), 128 + SIGXFSZ);
    CHECK_INT(lseek(memory_file, 0, SEEK_END), 2 << 20);
    close(memory_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_can_be_opened_connected_started_or_killed),
        cmocka_unit_test(threads_still_work),
        cmocka_unit_test(memory_ends_at_its_limit),
        cmocka_unit_test(processor_time_ends_at_its_limit),
        cmocka_unit_test(a_file_ends_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
