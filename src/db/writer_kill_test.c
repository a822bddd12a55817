/* A server that is killed under load: whoever was told "done" finds his row. */
#include "database.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"
#include "db/writer_house.h"

enum { SUBMITTERS = 8, ROUNDS = 4, RANGE = 1000000 };

struct submitter {
    struct house *house;
    int           told; /* the pipe to the survivor */
    int64_t       id;
};

/* Each counts upwards in a range of its own, and says every number that was
 * acknowledged.  A write of eight bytes to a pipe is whole or not at all. */
static void *submit(void *context)
{
    struct submitter *s = context;

    while (ask(s->house, s->id) == RC_OK && write(s->told, &s->id, sizeof s->id) > 0)
        s->id++;
    return NULL;
}

static void serve(struct house *h, int told, int64_t first)
{
    struct submitter s[SUBMITTERS];
    pthread_t        threads[SUBMITTERS];

    start_writer(h, NULL);
    for (int i = 0; i < SUBMITTERS; i++) {
        s[i] = (struct submitter){ .house = h, .told = told, .id = first + i * RANGE };
        if (pthread_create(&threads[i], NULL, submit, &s[i]) != 0)
            _exit(1);
    }
    for (int i = 0; i < SUBMITTERS; i++)
        pthread_join(threads[i], NULL);
    _exit(1); /* it should have been killed */
}

/* How many were acknowledged in each range before the server died. */
static void kill_under_load(struct house *h, int64_t first, int64_t n[SUBMITTERS])
{
    int     ends[2];
    int64_t id;

    assert_int_equal(pipe(ends), 0);
    pid_t server = fork();
    if (server == 0) {
        close(ends[0]);
        serve(h, ends[1], first);
    }
    close(ends[1]);
    thread_pause(400);
    kill(server, SIGKILL);
    while (read(ends[0], &id, sizeof id) == sizeof id)
        n[(id - first) / RANGE]++;
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(server, &status, 0), server);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(who_was_told_before_the_server_was_killed_finds_his_row)
{
    struct house h;
    int64_t      acknowledged = 0;

    build(&h, test_database(state), NULL);
    writer_stop(&h.writer);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t n[SUBMITTERS] = { 0 }, first = 1 + round * SUBMITTERS * RANGE;
        h.batch = round * RANGE;
        kill_under_load(&h, first, n);
        for (int i = 0; i < SUBMITTERS; i++) {
            char    mine[100];
            int64_t from = first + i * RANGE;
            (void)snprintf(mine, sizeof mine, "id >= %lld AND id < %lld", (long long)from,
                           (long long)(from + n[i]));
            CHECK_INT(rows_like(&h, mine), n[i]);
            acknowledged += n[i];
        }
    }
    CHECK(acknowledged > 0);
    print_message("%lld acknowledged, none lost\n", (long long)acknowledged);
    start_writer(&h, NULL);
    h.batch = ROUNDS * RANGE;
    CHECK_INT(ask(&h, 0), RC_OK);
    leave(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(who_was_told_before_the_server_was_killed_finds_his_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
