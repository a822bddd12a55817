/* How many jobs a second the writer commits for 64 submitters who each wait for
 * their answer, in batches and one by one, alternately in one run.  The row is that
 * of an intake: twelve columns, 400 bytes of text, a primary key, a unique uid and
 * two indexes.  `meson test --benchmark`, with tools/with-postgres for both engines. */
#include "database.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "db/writer.h"
#include "bench/line.h"

enum {
    SUBMITTERS = 64,
    ROUNDS = 3,
    ROUND_US = 3000000,
    COUNTY = 42,
    TTL_MS = 600000,
    LATENCIES_MAX = 1 << 20
};

static const enum kind   intake_kinds[] = { KIND_ID,   KIND_INT,  KIND_TEXT, KIND_TEXT,
                                            KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT,
                                            KIND_INT,  KIND_TIME, KIND_TIME, KIND_TEXT };
static const struct stmt intake_add = {
    .name = "intake_add",
    .sql = "INSERT INTO intake (id, county, uid, grid, category, state, title, version,"
           " priority, made_ms, due_ms, body)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    .params = intake_kinds,
    .nparams = COUNT(intake_kinds),
};
static const struct stmt *const all[] = { &intake_add, NULL };
static const struct stmts       intake_stmts = { .all = all };

static const char schema[] =
    "CREATE TABLE intake (id BIGINT PRIMARY KEY, county BIGINT NOT NULL,"
    " uid TEXT NOT NULL UNIQUE,"
    " grid TEXT NOT NULL, category TEXT NOT NULL, state TEXT NOT NULL, title TEXT NOT NULL,"
    " version BIGINT NOT NULL, priority BIGINT NOT NULL, made_ms BIGINT NOT NULL,"
    " due_ms BIGINT, body TEXT NOT NULL);"
    "CREATE INDEX intake_grid ON intake (grid, state, due_ms);"
    "CREATE INDEX intake_made ON intake (county, made_ms);";

struct bench {
    struct str           where;
    struct db_catalogue *catalogue;
    struct arena         arena;
    struct lease         lease;
    struct writer       *writer;
    char                 body[400];
    int64_t              until_us;
    _Atomic size_t       n; /* latencies */
    int32_t             *latency_us;
};

struct intake {
    struct job    job;
    struct arena  arena;
    struct bench *bench;
    uint64_t      sender, number;
    sem_t         over;
};

static enum rc opens(void *context, struct op *op)
{
    struct bench *b = context;

    return lease_check(op->db, &b->lease, op->now_ms, TTL_MS);
}

static enum rc take_in(struct job *job, struct op *op)
{
    struct intake *in = (struct intake *)job;
    int64_t        id = op_new_id(op);
    struct str     uid =
        str_fmt(op->arena, "%012llx-%04llx-%08llx", (unsigned long long)op->now_ms,
                (unsigned long long)in->sender, (unsigned long long)in->number);

    return db_run(op->db, &intake_add,
                  DB_VALUES(DB_ID(id), DB_INT(COUNTY), DB_TEXT(uid),
                            DB_TEXT(STR("420602001002003")), DB_TEXT(STR("市容环境")),
                            DB_TEXT(STR("filed")), DB_TEXT(STR("楼道堆物请尽快清理")),
                            DB_INT(1), DB_INT(2), DB_TIME(op->now_ms),
                            DB_TIME(op->now_ms + 86400000),
                            DB_TEXT(str_slice(in->bench->body, sizeof in->bench->body))),
                  NULL);
}

static void answered(struct job *job, enum rc rc)
{
    struct intake *in = (struct intake *)job;

    assert(rc == RC_OK);
    sem_post(&in->over);
}

static void *submit(void *context)
{
    struct intake *in = context;
    struct bench  *b = in->bench;

    while (clock_mono_us() < b->until_us) {
        struct arena_mark mark = arena_mark(&in->arena);
        int64_t           began = clock_mono_us();
        in->number++;
        assert_int_equal(writer_submit(b->writer, &in->job), RC_OK);
        while (sem_wait(&in->over) != 0)
            ;
        size_t at = b->n++;
        if (at < LATENCIES_MAX)
            b->latency_us[at] = (int32_t)(clock_mono_us() - began);
        arena_back(&in->arena, mark);
    }
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double report(struct bench *b, size_t batch_max, int64_t took_us)
{
    struct writer_stats stats = writer_stats(b->writer);
    size_t              n = b->n < LATENCIES_MAX ? b->n : LATENCIES_MAX;

    qsort(b->latency_us, n, sizeof *b->latency_us, by_value);
    print_message(
        "  batch_max %3zu: %7.0f jobs/s, batches of %5.1f, p50 %5.2f ms, p99 %6.2f ms,"
        " longest %6.1f ms, checkpoints %lld\n",
        batch_max, (double)b->n * 1e6 / (double)took_us,
        (double)stats.jobs / (double)(stats.batches ? stats.batches : 1),
        b->latency_us[n / 2] / 1e3, b->latency_us[n * 99 / 100] / 1e3,
        b->latency_us[n - 1] / 1e3, (long long)stats.checkpoints);
    return (double)b->n * 1e6 / (double)took_us;
}

/* Gives the jobs a second. */
static double round_of(struct bench *b, size_t batch_max)
{
    static struct intake in[SUBMITTERS];
    pthread_t            threads[SUBMITTERS];
    struct writer_hooks  hooks = { .context = b, .opens = opens };

    assert_int_equal(writer_start(b->where, b->catalogue, &hooks,
                                  &(struct writer_options){ .batch_max = batch_max },
                                  &b->writer),
                     RC_OK);
    b->n = 0;
    int64_t began = clock_mono_us();
    b->until_us = began + ROUND_US;
    for (size_t i = 0; i < SUBMITTERS; i++) {
        in[i].bench = b;
        in[i].sender = i;
        in[i].job = (struct job){
            .county = COUNTY, .arena = &in[i].arena, .run = take_in, .done = answered
        };
        arena_init(&in[i].arena, ARENA_REQUEST_BYTES);
        sem_init(&in[i].over, 0, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, submit, &in[i]), 0);
    }
    for (size_t i = 0; i < SUBMITTERS; i++) {
        pthread_join(threads[i], NULL);
        arena_free(&in[i].arena);
    }
    double per_s = report(b, batch_max, clock_mono_us() - began);
    writer_stop(&b->writer);
    return per_s;
}

static void set_up(struct bench *b, struct str where)
{
    const struct stmts *tables[] = { &intake_stmts, &lease_stmts };
    size_t              applied;
    struct db          *db;

    *b = (struct bench){ .where = where,
                         .latency_us = malloc(LATENCIES_MAX * sizeof(int32_t)) };
    assert_non_null(b->latency_us);
    memset(b->body, 'x', sizeof b->body);
    assert_int_equal(migrate(where, &applied), RC_OK);
    test_sql(where, schema);
    arena_init(&b->arena, ARENA_REQUEST_BYTES);
    b->catalogue = db_catalogue_new(tables, COUNT(tables));
    b->lease =
        (struct lease){ .county = COUNTY, .owner = STR("bench"), .address = STR("-") };
    assert_int_equal(db_open(where, DB_WRITE, b->catalogue, &db), RC_OK);
    assert_int_equal(
        lease_take(db, &b->arena, clock_now_ms(), clock_now_ms() + TTL_MS, &b->lease),
        RC_OK);
    db_close(&db);
}

TEST(jobs_a_second)
{
    struct bench b;
    double       single[ROUNDS], batched[ROUNDS];

    set_up(&b, test_database(state));
    for (int i = 0; i < ROUNDS; i++) {
        single[i] = round_of(&b, 1);
        batched[i] = round_of(&b, WRITER_BATCH_MAX);
    }
    bench_line(str_starts(b.where, STR("postgres")) ? "writer-postgresql" : "writer",
               bench_median(batched, ROUNDS), "one-by-one", bench_median(single, ROUNDS),
               2);
    db_catalogue_free(&b.catalogue);
    arena_free(&b.arena);
    free(b.latency_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = { ON_BOTH(jobs_a_second) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
