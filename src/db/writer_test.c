#include "database.h"

#include <pthread.h>

#include "base/thread.h"
#include "base/clock.h"
#include "db/writer_house.h"

/* ---- batches ---- */

TEST(who_is_told_finds_the_row)
{
    struct house h;

    build(&h, test_database(state), NULL);
    for (int64_t id = 1; id <= 5; id++) {
        CHECK_INT(ask(&h, id), RC_OK);
        CHECK_INT(rows_like(&h, "batch = 42"), id);
    }
    struct writer_stats stats = writer_stats(h.writer);
    CHECK(stats.batches == 5 && stats.jobs == 5 && stats.largest == 1 && stats.queued == 0);
    CHECK_INT(h.committed, 5);
    leave(&h);
}

TEST(a_refused_job_goes_alone)
{
    struct house  h;
    struct door   door;
    struct task   t[6];
    const enum rc want[] = { RC_OK,       RC_CONFLICT /* a row that is there */,
                             RC_REFUSED,  RC_TOO_LARGE,
                             RC_CONFLICT, RC_OK };

    build(&h, test_database(state), NULL);
    shut(&h, &door);
    for (size_t i = 0; i < COUNT(t); i++) {
        task_init(&t[i], i == 1 || i == 4 ? 1 : (int64_t)i + 1);
        CHECK_INT(writer_submit(h.writer, &t[i].job), RC_OK);
    }
    t[2].answer = RC_REFUSED;
    t[3].greed = 200000;
    unlock(&door);
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT(wait_for(&t[i]), want[i]);
    CHECK_INT(writer_stats(h.writer).largest, COUNT(t));
    CHECK_INT(writer_stats(h.writer).batches, 2);
    CHECK_INT(rows_like(&h, "id IN (1, 6)"), 2);
    CHECK_INT(rows_like(&h, "id < 1000000"), 2);
    leave(&h);
}

TEST(a_job_runs_again_only_when_another_was_refused_after_it_changed_something)
{
    struct house h;
    struct door  door;
    struct task  t[2];

    build(&h, test_database(state), NULL);
    shut(&h, &door);
    for (size_t i = 0; i < COUNT(t); i++) {
        task_init(&t[i], (int64_t)i + 1);
        CHECK_INT(writer_submit(h.writer, &t[i].job), RC_OK);
    }
    t[1].answer = RC_REFUSED;
    unlock(&door);
    CHECK_INT(wait_for(&t[1]), RC_REFUSED);
    CHECK_INT(wait_for(&t[0]), RC_OK);
    CHECK_INT(t[0].runs, 2);
    CHECK_INT(t[1].runs, 2);
    CHECK_INT(writer_stats(h.writer).retries, 0);
    CHECK_INT(rows_like(&h, "id = 1"), 1);
    CHECK_INT(rows_like(&h, "id = 2"), 0);
    leave(&h);
}

TEST(counties_take_turns)
{
    struct house         h;
    struct door          door;
    struct task          t[4];
    static const int64_t county[] = { 7, 7, 7, 8 };
    static const int     place[] = { 1, 3, 4, 2 }; /* the door's is 0 */

    build(&h, test_database(state), NULL);
    writer_stop(&h.writer);
    CHECK_INT(writer_start(h.where, h.catalogue, NULL,
                           &(struct writer_options){ .batch_max = 1 }, &h.writer),
              RC_OK);
    forget_places();
    shut(&h, &door);
    for (size_t i = 0; i < COUNT(t); i++) {
        task_init(&t[i], (int64_t)i);
        t[i].job.county = county[i];
        CHECK_INT(writer_submit(h.writer, &t[i].job), RC_OK);
    }
    unlock(&door);
    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT(wait_for(&t[i]), RC_OK);
        CHECK_INT(t[i].place, place[i]);
    }
    CHECK_INT(writer_stats(h.writer).largest, 1);
    leave(&h);
}

TEST(a_full_queue_says_so)
{
    struct house       h;
    struct door        door;
    static struct task t[WRITER_QUEUE_MAX + 1];

    build(&h, test_database(state), NULL);
    shut(&h, &door);
    for (size_t i = 0; i < COUNT(t); i++) {
        task_init(&t[i], (int64_t)i);
        CHECK_INT(writer_submit(h.writer, &t[i].job),
                  i < WRITER_QUEUE_MAX ? RC_OK : RC_BUSY);
    }
    unlock(&door);
    for (size_t i = 0; i < WRITER_QUEUE_MAX; i++)
        CHECK_INT(wait_for(&t[i]), RC_OK);
    CHECK_INT(writer_stats(h.writer).largest, WRITER_BATCH_MAX);
    CHECK_INT(rows_like(&h, "id < 1000000"), WRITER_QUEUE_MAX);
    leave(&h);
}

/* When the writer has surely been asked to stop. */
static void *open_later(void *context)
{
    thread_pause(500);
    sem_post(&((struct door *)context)->open);
    return NULL;
}

TEST(stopping_finishes_what_was_queued_and_takes_nothing_more)
{
    struct house h;
    struct door  door;
    struct task  t;
    pthread_t    opener;

    build(&h, test_database(state), NULL);
    shut(&h, &door);
    task_init(&t, 1);
    t.again = h.writer;
    CHECK_INT(writer_submit(h.writer, &t.job), RC_OK);
    CHECK(thread_start(&opener, open_later, &door));
    writer_stop(&h.writer);
    pthread_join(opener, NULL);
    CHECK_INT(wait_for(&door.task), RC_OK);
    CHECK_INT(wait_for(&t), RC_OK);
    CHECK_INT(t.again_rc, RC_UNAVAILABLE);
    CHECK_INT(rows_like(&h, "id = 1"), 1);
    leave(&h);
}

TEST(a_nudge_is_an_empty_batch)
{
    struct house h;

    build(&h, test_database(state), NULL);
    writer_nudge(h.writer, COUNTY);
    writer_stop(&h.writer);
    CHECK_INT(h.committed, 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM test_batches"), 1);
    leave(&h);
}

/* ---- hooks ---- */

TEST(hooks_refuse_the_whole_batch)
{
    struct house h;

    build(&h, test_database(state), NULL);
    h.opens = RC_GONE;
    CHECK_INT(ask(&h, 1), RC_GONE);
    h.opens = RC_OK;
    h.closes = RC_INTERNAL;
    CHECK_INT(ask(&h, 2), RC_INTERNAL);
    h.closes = RC_OK;
    CHECK_INT(ask(&h, 3), RC_OK);
    CHECK_INT(rows_like(&h, "id < 1000000"), 1);
    CHECK(h.rolled_back == 2 && h.committed == 1);
    leave(&h);
}

TEST(a_server_that_lost_its_lease_commits_nothing_more)
{
    struct house old, new;
    int64_t      now = clock_now_ms();

    build(&old, test_database(state), NULL);
    CHECK_INT(ask(&old, 1), RC_OK);
    open_house(&new, old.where);
    CHECK_INT(take_lease(&new, "second", now), RC_CONFLICT);
    CHECK_INT(take_lease(&new, "second", now + 2 * TTL_MS), RC_OK);
    CHECK_INT(new.lease.fence, old.lease.fence + 1);
    start_writer(&new, NULL);
    CHECK_INT(ask(&old, 2), RC_UNAVAILABLE);
    new.batch = 500;
    CHECK_INT(ask(&new, 3), RC_OK);
    CHECK_INT(rows_like(&old, "id IN (1, 3)"), 2);
    CHECK_INT(rows_like(&old, "id = 2"), 0);
    CHECK_INT(old.rolled_back, 1);
    leave(&new);
    leave(&old);
}

TEST(a_released_lease_is_free_at_once_and_its_owner_is_known)
{
    struct house h;
    struct db   *db;
    struct lease found;

    build(&h, test_database(state), NULL);
    CHECK_INT(db_open(h.where, DB_WRITE, h.catalogue, &db), RC_OK);
    CHECK_INT(lease_owner(db, &h.arena, COUNTY + 1, &found), RC_NOT_FOUND);
    CHECK_INT(lease_owner(db, &h.arena, COUNTY, &found), RC_OK);
    CHECK_TEXT(found.address, STR("127.0.0.1:1"));
    CHECK_INT(found.fence, h.lease.fence);
    struct lease stale = h.lease;
    stale.fence--;
    CHECK_INT(lease_release(db, &stale), RC_UNAVAILABLE);
    CHECK_INT(take_lease(&h, "second", clock_now_ms()), RC_CONFLICT);
    CHECK_INT(lease_release(db, &found), RC_OK);
    CHECK_INT(take_lease(&h, "second", clock_now_ms()), RC_OK);
    CHECK_INT(h.lease.fence, found.fence + 1);
    db_close(&db);
    leave(&h);
}

/* ---- failures ---- */

/* BEGIN, the lease, the row, the batch's number, COMMIT. */
enum { THE_ROW = 3, STATEMENTS = 5 };

TEST(an_engine_that_asks_for_it_gets_the_batch_again)
{
    struct house h;

    build(&h, test_database(state), NULL);
    for (size_t n = 1; n <= STATEMENTS; n++) {
        struct task t;
        task_init(&t, (int64_t)n);
        db_fail_at(n, RC_BUSY);
        CHECK_INT(writer_submit(h.writer, &t.job), RC_OK);
        size_t taken;
        while (sem_wait(&t.over) != 0)
            ;
        taken = t.arena.taken;
        sem_post(&t.over);
        CHECK_INT(t.runs, n < THE_ROW ? 1 : 2);
        CHECK_INT(taken, 16); /* one run's, also after two */
        CHECK_INT(wait_for(&t), RC_OK);
        CHECK_INT(rows_like(&h, "id < 1000000"), n);
    }
    CHECK_INT(writer_stats(h.writer).retries, STATEMENTS);
    CHECK_INT(h.committed, STATEMENTS);
    leave(&h);
}

TEST(whichever_statement_fails_the_job_is_told_and_leaves_nothing)
{
    struct house h;

    build(&h, test_database(state), NULL);
    for (size_t n = 1; n <= STATEMENTS; n++) {
        db_fail_at(n, RC_INTERNAL);
        CHECK((ask(&h, (int64_t)n) == RC_OK) ==
              (n == THE_ROW)); /* again, behind a savepoint */
        db_fail_at(0, RC_OK);
    }
    CHECK_INT(rows_like(&h, "id < 1000000"), 1);
    CHECK_INT(ask(&h, 1), RC_OK);
    leave(&h);
}

TEST(a_commit_without_an_answer_is_looked_for_and_done_again)
{
    struct house h;

    build(&h, test_database(state), NULL);
    db_fail_at(STATEMENTS, RC_UNAVAILABLE);
    CHECK_INT(ask(&h, 1), RC_OK);
    CHECK_INT(h.looked, 1);
    CHECK_INT(rows_like(&h, "id = 1"), 1);
    leave(&h);
}

/* ---- many at once ---- */

enum { SUBMITTERS = 16, EACH = 60 };

struct submitter {
    struct house *house;
    pthread_t     thread;
    int64_t       first;
    int           ok, other;
};

static void *submit_all(void *context)
{
    struct submitter *s = context;

    for (int64_t i = 0; i < EACH; i++) {
        enum rc rc = ask(s->house, s->first + i);
        s->ok += rc == RC_OK;
        s->other += rc != RC_OK;
    }
    return NULL;
}

TEST(many_threads_share_commits)
{
    struct house     h;
    struct submitter s[SUBMITTERS];

    build(&h, test_database(state), NULL);
    for (size_t i = 0; i < COUNT(s); i++) {
        s[i] = (struct submitter){ .house = &h, .first = (int64_t)i * EACH };
        CHECK_INT(pthread_create(&s[i].thread, NULL, submit_all, &s[i]), 0);
    }
    for (size_t i = 0; i < COUNT(s); i++) {
        CHECK_INT(pthread_join(s[i].thread, NULL), 0);
        CHECK_INT(s[i].ok, EACH);
    }
    CHECK_INT(rows_like(&h, "batch = 42"), SUBMITTERS * EACH);
    CHECK(writer_stats(h.writer).batches < SUBMITTERS * EACH);
    leave(&h);
}

TEST(the_log_is_copied_beside_the_writer)
{
    struct house h;

    build(&h, test_database(state), NULL);
    for (int64_t id = 1; id <= 600; id++)
        CHECK_INT(ask(&h, id), RC_OK);
    for (int tries = 0; writer_stats(h.writer).checkpoints == 0 && tries < 3000; tries++)
        CHECK_INT(ask(&h, 1000 + tries), RC_OK);
    CHECK(writer_stats(h.writer).checkpoints > 0);
    leave(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(who_is_told_finds_the_row),
        ON_BOTH(a_refused_job_goes_alone),
        ON_BOTH(a_job_runs_again_only_when_another_was_refused_after_it_changed_something),
        ON_BOTH(counties_take_turns),
        ON_BOTH(a_full_queue_says_so),
        ON_BOTH(stopping_finishes_what_was_queued_and_takes_nothing_more),
        ON_BOTH(a_nudge_is_an_empty_batch),
        ON_BOTH(hooks_refuse_the_whole_batch),
        ON_BOTH(a_server_that_lost_its_lease_commits_nothing_more),
        ON_BOTH(a_released_lease_is_free_at_once_and_its_owner_is_known),
        ON_BOTH(an_engine_that_asks_for_it_gets_the_batch_again),
        ON_BOTH(whichever_statement_fails_the_job_is_told_and_leaves_nothing),
        ON_BOTH(a_commit_without_an_answer_is_looked_for_and_done_again),
        ON_BOTH(many_threads_share_commits),
        ON_SQLITE(the_log_is_copied_beside_the_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
