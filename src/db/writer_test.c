#include "database.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "db/writer.h"

/* ---- what is written ---- */

static const enum kind two_ints[] = { KIND_INT, KIND_INT }, one_int[] = { KIND_INT };
struct number {
    int64_t value;
};
static const struct field number_fields[] = { FIELD(struct number, value, REQUIRED) };

static const struct stmt row_add = {
    .name = "row_add", .sql = "INSERT INTO test_rows (id, batch) VALUES ($1, $2)",
    .params = two_ints, .nparams = COUNT(two_ints),
};
static const struct stmt batch_add = {
    .name = "batch_add", .sql = "INSERT INTO test_batches (number) VALUES ($1)",
    .params = one_int, .nparams = COUNT(one_int),
};
static const struct stmt batch_get = {
    .name = "batch_get", .sql = "SELECT number FROM test_batches WHERE number = $1",
    .params = one_int, .nparams = COUNT(one_int), .row = number_fields, .nrow = 1,
};
static const struct stmt *const all[] = { &row_add, &batch_add, &batch_get, NULL };
static const struct stmts       row_stmts = { .all = all };

/* ---- a house: a database, its lease, a writer with hooks ---- */

enum { COUNTY = 42, TTL_MS = 60000 };

struct house {
    struct str           where;
    struct db_catalogue *catalogue;
    struct arena         arena;
    struct lease         lease;
    struct writer       *writer;
    enum rc              opens, closes; /* what the hooks answer when not RC_OK */
    int64_t              batch;         /* the number of the batch under way */
    _Atomic int          committed, rolled_back, looked;
};

static enum rc opens(void *context, struct op *op)
{
    struct house *h = context;

    if (h->opens != RC_OK)
        return h->opens;
    return lease_check(op->db, &h->lease, op->now_ms, TTL_MS);
}

static enum rc closes(void *context, struct op *op)
{
    struct house *h = context;

    if (h->closes != RC_OK)
        return h->closes;
    return db_run(op->db, &batch_add, DB_VALUES(DB_INT(h->batch)), NULL);
}

static enum rc landed(void *context, struct op *op)
{
    struct house *h = context;
    struct number found;
    enum rc       rc = lease_check(op->db, &h->lease, op->now_ms, TTL_MS);

    h->looked++;
    if (rc == RC_OK)
        rc = db_one(op->db, op->arena, &batch_get, DB_VALUES(DB_INT(h->batch)), &found);
    return rc;
}

static void committed(void *context, int64_t county)
{
    struct house *h = context;

    assert(county == COUNTY);
    h->batch++;
    h->committed++;
}

static void rolled_back(void *context, int64_t county)
{
    struct house *h = context;

    assert(county == COUNTY);
    h->batch += 1000; /* it may be there: never the same number again */
    h->rolled_back++;
}

static enum rc take_lease(struct house *h, const char *owner, int64_t now_ms)
{
    struct db *db;
    enum rc    rc = db_open(h->where, DB_WRITE, h->catalogue, &db);

    if (rc != RC_OK)
        return rc;
    h->lease = (struct lease){ .county = COUNTY, .owner = str_of(owner),
                               .address = STR("127.0.0.1:1") };
    rc = lease_take(db, &h->arena, now_ms, TTL_MS, &h->lease);
    db_close(&db);
    return rc;
}

static void start_writer(struct house *h, const struct writer_options *options)
{
    const struct writer_hooks hooks = { h, opens, closes, committed, rolled_back, landed };

    CHECK_INT(writer_start(h->where, h->catalogue, &hooks, options, &h->writer), RC_OK);
}

static void open_house(struct house *h, struct str where)
{
    const struct stmts *tables[] = { &row_stmts, &lease_stmts };

    *h = (struct house){ .where = where };
    arena_init(&h->arena, ARENA_REQUEST_BYTES);
    h->catalogue = db_catalogue_new(tables, COUNT(tables));
}

static void build(struct house *h, void **state, size_t batch_max)
{
    struct str where = test_database(state);
    size_t     applied;

    CHECK_INT(migrate(where, &applied), RC_OK);
    test_sql(where, "CREATE TABLE test_rows (id BIGINT PRIMARY KEY, batch BIGINT NOT NULL);"
                    "CREATE TABLE test_batches (number BIGINT PRIMARY KEY);");
    open_house(h, where);
    CHECK_INT(take_lease(h, "first", clock_now_ms()), RC_OK);
    start_writer(h, &(struct writer_options){ .batch_max = batch_max });
}

static void leave(struct house *h)
{
    writer_stop(&h->writer);
    db_catalogue_free(&h->catalogue);
    arena_free(&h->arena);
}

/* ---- jobs ---- */

struct task {
    struct job   job; /* first: the writer's */
    struct arena arena;
    int64_t      id;
    enum rc      answer;     /* run()'s, after its row */
    size_t       greed;      /* bytes it takes */
    sem_t       *waits_for;
    sem_t        over;
    int          runs, place; /* how often it ran; how many were told before it */
    enum rc      rc;
    struct writer *again; /* done() submits to it */
    enum rc        again_rc;
};

static _Atomic int told;

static enum rc run_task(struct job *job, struct op *op)
{
    struct task *t = (struct task *)job;

    t->runs++;
    if (t->waits_for)
        sem_wait(t->waits_for);
    char *taken = arena_take(op->arena, t->greed + 8);
    (void)taken;
    enum rc rc = db_run(op->db, &row_add, DB_VALUES(DB_INT(t->id), DB_INT(op->county)), NULL);
    if (rc == RC_OK && t->answer != RC_OK)
        return fail(op, t->answer, "id", "%s", "不行。");
    return rc;
}

static void task_done(struct job *job, enum rc rc)
{
    struct task *t = (struct task *)job;

    t->rc = rc;
    t->place = told++;
    if (t->again)
        t->again_rc = writer_submit(t->again, &(struct job){ .county = COUNTY });
    sem_post(&t->over);
}

static void task_init(struct task *t, int64_t id)
{
    *t = (struct task){ .job = { .county = COUNTY, .run = run_task, .done = task_done }, .id = id };
    arena_init(&t->arena, 100000);
    t->job.arena = &t->arena;
    sem_init(&t->over, 0, 0);
}

static enum rc wait_for(struct task *t)
{
    while (sem_wait(&t->over) != 0)
        ;
    enum rc rc = t->rc;
    arena_free(&t->arena);
    sem_destroy(&t->over);
    return rc;
}

static enum rc ask(struct house *h, int64_t id)
{
    struct task t;

    task_init(&t, id);
    enum rc rc = writer_submit(h->writer, &t.job);
    return rc == RC_OK ? wait_for(&t) : rc;
}

/* A first job that keeps the writer busy while others queue up behind it. */
struct door {
    struct task task;
    sem_t       open;
};

static void shut(struct house *h, struct door *door)
{
    sem_init(&door->open, 0, 0);
    task_init(&door->task, 1000000);
    door->task.waits_for = &door->open;
    CHECK_INT(writer_submit(h->writer, &door->task.job), RC_OK);
    while (writer_stats(h->writer).queued)
        ;
}

static void unlock(struct door *door)
{
    sem_post(&door->open);
    CHECK_INT(wait_for(&door->task), RC_OK);
    sem_destroy(&door->open);
}

static int64_t rows_like(const struct house *h, const char *condition)
{
    char sql[200];

    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM test_rows WHERE %s", condition);
    return test_sql(h->where, sql);
}

/* ---- batches ---- */

TEST(who_is_told_finds_the_row)
{
    struct house h;

    build(&h, state, 0);
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
    struct house h;
    struct door  door;
    struct task  t[6];
    /*                    good   twice        own code  too greedy      last row of 1  good */
    const enum rc want[] = { RC_OK, RC_CONFLICT, RC_REFUSED, RC_TOO_LARGE, RC_CONFLICT, RC_OK };

    build(&h, state, 0);
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

TEST(counties_take_turns)
{
    struct house h;
    struct door  door;
    struct task  t[4];
    static const int64_t county[] = { 7, 7, 7, 8 };
    static const int     place[] = { 1, 3, 4, 2 }; /* the door's is 0 */

    build(&h, state, 1);
    writer_stop(&h.writer);
    CHECK_INT(writer_start(h.where, h.catalogue, NULL, &(struct writer_options){ .batch_max = 1 },
                           &h.writer), RC_OK);
    told = 0;
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

    build(&h, state, 0);
    shut(&h, &door);
    for (size_t i = 0; i < COUNT(t); i++) {
        task_init(&t[i], (int64_t)i);
        CHECK_INT(writer_submit(h.writer, &t[i].job), i < WRITER_QUEUE_MAX ? RC_OK : RC_BUSY);
    }
    unlock(&door);
    for (size_t i = 0; i < WRITER_QUEUE_MAX; i++)
        CHECK_INT(wait_for(&t[i]), RC_OK);
    CHECK_INT(writer_stats(h.writer).largest, WRITER_BATCH_MAX);
    CHECK_INT(rows_like(&h, "id < 1000000"), WRITER_QUEUE_MAX);
    leave(&h);
}

TEST(stopping_finishes_what_was_queued_and_takes_nothing_more)
{
    struct house h;
    struct door  door;
    struct task  t;

    build(&h, state, 0);
    shut(&h, &door);
    task_init(&t, 1);
    t.again = h.writer;
    CHECK_INT(writer_submit(h.writer, &t.job), RC_OK);
    sem_post(&door.open);
    writer_stop(&h.writer);
    CHECK_INT(wait_for(&door.task), RC_OK);
    CHECK_INT(wait_for(&t), RC_OK);
    CHECK_INT(t.again_rc, RC_UNAVAILABLE);
    CHECK_INT(rows_like(&h, "id = 1"), 1);
    leave(&h);
}

TEST(a_nudge_is_an_empty_batch)
{
    struct house h;

    build(&h, state, 0);
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

    build(&h, state, 0);
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

    build(&old, state, 0);
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

    build(&h, state, 0);
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

/* BEGIN, the lease, SAVEPOINT, the row, RELEASE, the batch's number, COMMIT. */
enum { STATEMENTS = 7 };

TEST(an_engine_that_asks_for_it_gets_the_batch_again)
{
    struct house h;

    build(&h, state, 0);
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
        CHECK_INT(t.runs, n < 4 ? 1 : 2);
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

    build(&h, state, 0);
    for (size_t n = 1; n <= STATEMENTS; n++) {
        db_fail_at(n, RC_INTERNAL);
        CHECK(ask(&h, (int64_t)n) != RC_OK);
        db_fail_at(0, RC_OK);
    }
    CHECK_INT(rows_like(&h, "id < 1000000"), 0);
    CHECK_INT(ask(&h, 1), RC_OK);
    leave(&h);
}

TEST(a_commit_without_an_answer_is_looked_for_and_done_again)
{
    struct house h;

    build(&h, state, 0);
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

    build(&h, state, 0);
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

    build(&h, state, 0);
    for (int64_t id = 1; id <= 600; id++)
        CHECK_INT(ask(&h, id), RC_OK);
    for (int tries = 0; writer_stats(h.writer).checkpoints == 0 && tries < 100; tries++)
        CHECK_INT(ask(&h, 1000 + tries), RC_OK);
    CHECK(writer_stats(h.writer).checkpoints > 0);
    leave(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(who_is_told_finds_the_row),
        ON_BOTH(a_refused_job_goes_alone),
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
