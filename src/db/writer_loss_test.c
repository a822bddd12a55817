/* Connections to PostgreSQL that break, for real: the server ends them, or a relay
 * between it and the writer swallows the answer to a COMMIT or goes away. */
#include "database.h"
#include "relay.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/thread.h"
#include "db/writer_house.h"

/* How many connections of ours the server ended. */
static int64_t cut(const struct house *h)
{
    return test_sql(h->where,
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'linli'");
}

/* ---- the server ends the connection ---- */

TEST(between_two_batches_nobody_notices)
{
    struct house h;

    build(&h, test_database(state), NULL);
    CHECK_INT(ask(&h, 1), RC_OK);
    CHECK_INT(cut(&h), 1);
    CHECK_INT(ask(&h, 2), RC_OK);
    CHECK_INT(writer_stats(h.writer).retries, 0);
    CHECK_INT(rows_like(&h, "id IN (1, 2)"), 2);
    leave(&h);
}

TEST(in_the_middle_of_a_batch_it_runs_again)
{
    struct house h;
    struct door  door;

    build(&h, test_database(state), NULL);
    shut(&h, &door);
    CHECK_INT(cut(&h), 1);
    sem_post(&door.open); /* for the first run; unlock() is for the second */
    unlock(&door);
    CHECK_INT(door.task.runs, 2);
    CHECK_INT(h.looked, 0);
    CHECK_INT(rows_like(&h, "TRUE"), 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM test_batches"), 1);
    leave(&h);
}

/* A deferred trigger keeps COMMIT busy for long enough to be hit. */
static void slow_commits(const struct house *h)
{
    test_sql(h->where,
             "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
             " 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END';"
             "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON test_batches"
             " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();");
}

static void wait_until_committing(const struct house *h)
{
    while (!test_sql(
        h->where, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'linli'"
                  " AND datname = current_database() AND query = 'COMMIT'"
                  " AND wait_event = 'PgSleep'"))
        thread_pause(5);
}

TEST(during_a_commit_that_did_not_land_it_runs_again)
{
    struct house h;
    struct task  t;

    build(&h, test_database(state), NULL);
    slow_commits(&h);
    task_init(&t, 1);
    CHECK_INT(writer_submit(h.writer, &t.job), RC_OK);
    wait_until_committing(&h);
    CHECK_INT(cut(&h), 1);
    CHECK_INT(wait_for(&t), RC_OK);
    CHECK(t.runs == 2 && h.looked == 1);
    CHECK_INT(rows_like(&h, "TRUE"), 1);
    leave(&h);
}

/* ---- a relay between the writer and the server ---- */

/* The house's writer goes through the relay, all else to the server itself. */
static void build_behind(struct house *h, struct relay *r, struct str where)
{
    build(h, where, NULL);
    writer_stop(&h->writer);
    relay_start(r, where);
    h->where = str_of(r->where);
    start_writer(h, NULL);
    h->where = where;
}

TEST(a_commit_whose_answer_was_lost_is_found_and_not_repeated)
{
    struct house h;
    struct relay r;
    struct task  t;

    build_behind(&h, &r, test_database(state));
    CHECK_INT(ask(&h, 1), RC_OK);
    r.mode = SWALLOW_COMMIT;
    task_init(&t, 2);
    CHECK_INT(writer_submit(h.writer, &t.job), RC_OK);
    CHECK_INT(wait_for(&t), RC_OK);
    CHECK(t.runs == 1 && h.looked == 1);
    CHECK_INT(ask(&h, 3), RC_OK);
    CHECK_INT(rows_like(&h, "TRUE"), 3);
    CHECK(h.committed == 3 && h.rolled_back == 0);
    leave(&h);
    relay_stop(&r);
}

TEST(while_the_server_is_away_jobs_are_told_so_and_later_it_goes_on)
{
    struct house h;
    struct relay r;

    build_behind(&h, &r, test_database(state));
    CHECK_INT(ask(&h, 1), RC_OK);
    r.mode = DOWN;
    int64_t began = clock_mono_us();
    CHECK_INT(ask(&h, 2), RC_UNAVAILABLE);
    CHECK(clock_mono_us() - began < 10000000);
    CHECK_INT(h.rolled_back, 1);
    began = clock_mono_us();
    CHECK_INT(ask(&h, 4), RC_UNAVAILABLE); /* whoever comes later need not wait */
    CHECK(clock_mono_us() - began < 1000000);
    r.mode = RELAY;
    CHECK_INT(ask(&h, 3), RC_OK);
    CHECK_INT(rows_like(&h, "id IN (1, 3)"), 2);
    CHECK_INT(rows_like(&h, "TRUE"), 2);
    leave(&h);
    relay_stop(&r);
}

/* ---- cut again and again, under load ---- */

enum { SUBMITTERS = 12, EACH = 40, CUTS = 12 };

struct submitter {
    struct house *house;
    pthread_t     thread;
    int64_t       first;
    int           ok, unavailable;
};

static void *submit_all(void *context)
{
    struct submitter *s = context;

    for (int64_t i = 0; i < EACH; i++) {
        enum rc rc = ask(s->house, s->first + i);
        s->ok += rc == RC_OK;
        s->unavailable += rc == RC_UNAVAILABLE;
        thread_pause(20);
    }
    return NULL;
}

TEST(cut_again_and_again_nothing_is_lost_and_nothing_doubled)
{
    struct house     h;
    struct submitter s[SUBMITTERS];
    int64_t          ok = 0, unavailable = 0, ended = 0;

    build(&h, test_database(state), NULL);
    for (size_t i = 0; i < COUNT(s); i++) {
        s[i] = (struct submitter){ .house = &h, .first = (int64_t)i * EACH };
        CHECK_INT(pthread_create(&s[i].thread, NULL, submit_all, &s[i]), 0);
    }
    for (int i = 0; i < CUTS; i++) {
        thread_pause(60);
        ended += cut(&h);
    }
    for (size_t i = 0; i < COUNT(s); i++) {
        CHECK_INT(pthread_join(s[i].thread, NULL), 0);
        ok += s[i].ok;
        unavailable += s[i].unavailable;
    }
    CHECK(ended > CUTS / 2);
    CHECK_INT(ok + unavailable, SUBMITTERS * EACH); /* a doubled row would be a conflict */
    CHECK_INT(unavailable, 0);
    CHECK_INT(rows_like(&h, "TRUE"), SUBMITTERS * EACH);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM test_batches"), h.committed);
    leave(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_POSTGRES(between_two_batches_nobody_notices),
        ON_POSTGRES(in_the_middle_of_a_batch_it_runs_again),
        ON_POSTGRES(during_a_commit_that_did_not_land_it_runs_again),
        ON_POSTGRES(a_commit_whose_answer_was_lost_is_found_and_not_repeated),
        ON_POSTGRES(while_the_server_is_away_jobs_are_told_so_and_later_it_goes_on),
        ON_POSTGRES(cut_again_and_again_nothing_is_lost_and_nothing_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
