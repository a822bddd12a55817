#include "db/writer_house.h"

#include "database.h"

#include <stdio.h>

#include "base/clock.h"
#include "db/migrate.h"

/* ---- what is written ---- */

static const enum kind two_ints[] = { KIND_INT, KIND_INT }, one_int[] = { KIND_INT };

static const struct stmt row_add = {
    .name = "row_add",
    .sql = "INSERT INTO test_rows (id, batch) VALUES ($1, $2)",
    .params = two_ints,
    .nparams = COUNT(two_ints),
};
static const struct stmt batch_add = {
    .name = "batch_add",
    .sql = "INSERT INTO test_batches (number) VALUES ($1)",
    .params = one_int,
    .nparams = COUNT(one_int),
};
static const struct stmt batch_get = {
    .name = "batch_get",
    .sql = "SELECT number FROM test_batches WHERE number = $1",
    .params = one_int,
    .nparams = COUNT(one_int),
    DB_NUMBER_ROW,
};
static const struct stmt *const all[] = { &row_add, &batch_add, &batch_get, NULL };
static const struct stmts       row_stmts = { .all = all };

/* ---- a house: a database, its lease, a writer with hooks ---- */

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
    int64_t       found;
    enum rc       rc = lease_check(op->db, &h->lease, op->now_ms, TTL_MS);

    h->looked++;
    if (rc == RC_OK)
        rc = db_number(op->db, op->arena, &batch_get, DB_VALUES(DB_INT(h->batch)), &found);
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

enum rc take_lease(struct house *h, const char *owner, int64_t now_ms)
{
    struct db *db;
    enum rc    rc = db_open(h->where, DB_WRITE, h->catalogue, &db);

    if (rc != RC_OK)
        return rc;
    h->lease = (struct lease){ .county = COUNTY,
                               .owner = str_of(owner),
                               .address = STR("127.0.0.1:1") };
    rc = lease_take(db, &h->arena, now_ms, now_ms + TTL_MS, &h->lease);
    db_close(&db);
    return rc;
}

void start_writer(struct house *h, const struct writer_options *options)
{
    const struct writer_hooks hooks = { h, opens, closes, committed, rolled_back, landed };

    CHECK_INT(writer_start(h->where, h->catalogue, &hooks, options, &h->writer), RC_OK);
}

void open_house(struct house *h, struct str where)
{
    const struct stmts *tables[] = { &row_stmts, &lease_stmts };

    *h = (struct house){ .where = where };
    arena_init(&h->arena, ARENA_REQUEST_BYTES);
    h->catalogue = db_catalogue_new(tables, COUNT(tables));
}

void build(struct house *h, struct str where, const struct writer_options *options)
{
    size_t applied;

    CHECK_INT(migrate(where, &applied), RC_OK);
    test_sql(where, "CREATE TABLE test_rows (id BIGINT PRIMARY KEY, batch BIGINT NOT NULL);"
                    "CREATE TABLE test_batches (number BIGINT PRIMARY KEY);");
    open_house(h, where);
    CHECK_INT(take_lease(h, "first", clock_now_ms()), RC_OK);
    start_writer(h, options);
}

void leave(struct house *h)
{
    writer_stop(&h->writer);
    db_catalogue_free(&h->catalogue);
    arena_free(&h->arena);
}

/* ---- jobs ---- */

static _Atomic int told;

void forget_places(void)
{
    told = 0;
}

static enum rc run_task(struct job *job, struct op *op)
{
    struct task *t = (struct task *)job;

    t->runs++;
    if (t->waits_for)
        sem_wait(t->waits_for);
    char *taken = arena_take(op->arena, t->greed + 8);
    (void)taken;
    enum rc rc =
        db_run(op->db, &row_add, DB_VALUES(DB_INT(t->id), DB_INT(op->county)), NULL);
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

void task_init(struct task *t, int64_t id)
{
    *t = (struct task){ .job = { .county = COUNTY, .run = run_task, .done = task_done },
                        .id = id };
    arena_init(&t->arena, 100000);
    t->job.arena = &t->arena;
    sem_init(&t->over, 0, 0);
}

enum rc wait_for(struct task *t)
{
    while (sem_wait(&t->over) != 0)
        ;
    enum rc rc = t->rc;
    arena_free(&t->arena);
    sem_destroy(&t->over);
    return rc;
}

enum rc ask(struct house *h, int64_t id)
{
    struct task t;

    task_init(&t, id);
    enum rc rc = writer_submit(h->writer, &t.job);
    return rc == RC_OK ? wait_for(&t) : rc;
}

void shut(struct house *h, struct door *door)
{
    sem_init(&door->open, 0, 0);
    task_init(&door->task, 1000000);
    door->task.waits_for = &door->open;
    CHECK_INT(writer_submit(h->writer, &door->task.job), RC_OK);
    while (writer_stats(h->writer).queued)
        ;
}

void unlock(struct door *door)
{
    sem_post(&door->open);
    CHECK_INT(wait_for(&door->task), RC_OK);
    sem_destroy(&door->open);
}

int64_t rows_like(const struct house *h, const char *condition)
{
    char sql[200];

    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM test_rows WHERE %s", condition);
    return test_sql(h->where, sql);
}
