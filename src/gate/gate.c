#include "gate/gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "gate/journal_store.h"
#include "gate/owner.h"
#include "gate/refusals.h"
#include "guard/seal.h"
#include "guard/sm.h"

enum { SWEEP_MS = 60 * 1000, CLOCK_BACK_MS = 1000 };

struct gate {
    struct gate_options options;
    struct writer      *writer;
    struct refusals    *refusals;
    struct owner       *owner;
    pthread_mutex_t     lock;                 /* over what follows */
    struct chain        ends[COUNTY_MAX + 1]; /* of the chains, as committed */
};

/* ------------------------------------------------------- a batch (writer) */

/* A clock that was put back is told of in the journal, whose times would otherwise go
 * back without a reason. */
static enum rc tell_clock_back(struct op *op, struct held *held)
{
    int64_t      by_ms = held->now.at_ms - op->now_ms;
    struct line *line = arena_new(op->arena, struct line);

    if (by_ms <= CLOCK_BACK_MS)
        return RC_OK;
    if (!line)
        return RC_NO_MEMORY;
    *line = (struct line){ .county = op->county,
                           .at_ms = op->now_ms,
                           .act = JOURNAL_CLOCK_BACK,
                           .payload =
                               str_fmt(op->arena, "{\"by_ms\":%lld}", (long long)by_ms) };
    log_event(LOG_WARN, "clock.back", LOG_INT("county", op->county),
              LOG_INT("by_ms", by_ms));
    enum rc rc = chain_append(op, &held->batch, line);
    return rc == RC_OK ? held_note(held, line) : rc;
}

static enum rc batch_opens(void *context, struct op *op)
{
    struct gate *gate = context;
    struct held *held;

    enum rc rc = owner_hold(gate->owner, op, &held);
    if (rc != RC_OK)
        return rc;
    held->batch = held->now;
    held->nlines = 0;
    return tell_clock_back(op, held);
}

/* Now and then: answers that nobody asks for again go, and the oldest refusals. */
static enum rc sweep(struct op *op, struct held *held)
{
    if (op->now_ms >= held->swept_ms && op->now_ms - held->swept_ms < SWEEP_MS)
        return RC_OK;
    held->swept_ms = op->now_ms;
    enum rc rc = asked_forget(op);
    return rc == RC_OK ? refusals_forget(op) : rc;
}

static enum rc batch_closes(void *context, struct op *op)
{
    struct gate *gate = context;
    struct held *held = owner_held(gate->owner, op->county);

    op->ids = &held->ids;
    enum rc rc = refusals_write(gate->refusals, op);
    if (rc == RC_OK)
        rc = followers_run(op, gate->options.followers, held);
    if (rc == RC_OK)
        rc = sweep(op, held);
    if (rc == RC_OK)
        rc = ids_keep(op, held);
    if (rc == RC_OK && held->batch.seq != held->now.seq)
        rc = journal_head_set(
            op, held->county,
            &(struct head_row){ held->batch.seq, str_slice((const char *)held->batch.hash,
                                                           CHAIN_HASH_BYTES) });
    return rc;
}

static void publish_end(struct gate *gate, const struct chain *end)
{
    pthread_mutex_lock(&gate->lock);
    gate->ends[end->county] = *end;
    pthread_mutex_unlock(&gate->lock);
}

static void batch_committed(void *context, int64_t county)
{
    struct gate *gate = context;
    struct held *held = owner_held(gate->owner, county);

    owner_settle(gate->owner, held);
    held->now = held->batch;
    publish_end(gate, &held->now);
    memcpy(held->cursors, held->moved, sizeof held->cursors);
    refusals_settle(gate->refusals, county, true);
    for (size_t i = 0; i < held->nlines && gate->options.landed; i++)
        gate->options.landed(gate->options.context, held->lines[i]);
    held->nlines = 0;
    if (followers_behind(gate->options.followers, held))
        writer_nudge(gate->writer, county);
}

/* Perhaps it is in the database nevertheless: what memory says is not believed. */
static void batch_rolled_back(void *context, int64_t county)
{
    struct gate *gate = context;

    refusals_settle(gate->refusals, county, false);
    owner_give_up(gate->owner, county);
}

/* The chain answers whether a batch whose COMMIT broke off is in the database, the
 * lease whether that is the end of it. */
static enum rc batch_landed(void *context, struct op *op)
{
    struct gate    *gate = context;
    struct held    *held = owner_held(gate->owner, op->county);
    struct head_row head = { 0 };

    enum rc rc = held ? owner_check(gate->owner, op, held) : RC_UNAVAILABLE;
    if (rc == RC_OK && held->batch.seq == held->now.seq)
        return RC_NOT_FOUND; /* nothing that could be there twice */
    if (rc == RC_OK)
        rc = journal_last(op, op->county, &head);
    if (rc != RC_OK)
        return rc;
    bool ours =
        head.seq == held->batch.seq &&
        str_eq(head.hash, str_slice((const char *)held->batch.hash, CHAIN_HASH_BYTES));
    return ours ? RC_OK : RC_NOT_FOUND;
}

/* ------------------------------------------------------ one act (writer) */

/* RC_OK: asked before, the answer is in the view.  RC_NOT_FOUND: go on. */
static enum rc answered_before(struct asking *asking, struct op *op)
{
    struct asked_row row;
    struct str       answer;

    enum rc rc = asked_find(op, asking->actor->account, str_of(asking->act->name),
                            asking->key, &row);
    if (rc == RC_OK && asking->key_ms && op->now_ms - row.at_ms > asking->key_ms)
        rc = RC_NOT_FOUND;
    if (rc != RC_OK)
        return rc;
    if (!str_eq(row.body, PART_OF(asking->asked)))
        return fail(op, RC_CONFLICT, NULL,
                    "这个请求号已经用来办过另一件事，请换一个再发。");
    rc = unseal(op, PLACE("asked", "answer", asking->actor->account, row.person),
                row.answer, &answer);
    if (rc != RC_OK)
        return rc; /* RC_GONE: of somebody who was deleted */
    asking->view.status = (int)row.status;
    asking->view.version = row.version;
    if (answer.len)
        json_raw(&asking->view.out, answer);
    asking->repeated = true;
    return RC_OK;
}

/* Sealed with the key of whom the line is about, so that it goes when they do. */
static enum rc keep_answer(struct asking *asking, struct op *op)
{
    struct str       answer = asking->view.out.len ? json_done(&asking->view.out) : STR("");
    struct asked_row row = { .body = PART_OF(asking->asked),
                             .status = asking->view.status,
                             .version = asking->view.version,
                             .person = asking->line.person };

    enum rc rc = seal(op, PLACE("asked", "answer", asking->actor->account, row.person),
                      answer, &row.answer);
    if (rc == RC_OK)
        rc = asked_keep(op, asking->actor->account, str_of(asking->act->name), asking->key,
                        &row);
    return rc;
}

/* What opens or ends a session is not, nor what shows people or was refused. */
static bool is_kept(const struct asking *asking)
{
    const struct view *view = &asking->view;

    return !view->session.at && view->refused == RC_OK && !asking->act->unkept;
}

static enum rc run_act(struct asking *asking, struct op *op, struct held *held)
{
    asking->line = held_line(held, op, str_of(asking->act->name),
                             asking->body.at ? asking->body : STR("{}"));
    op->line = &asking->line;
    enum rc rc = asking->act->run(op, asking->args, &asking->view);
    if (rc == RC_OK && op->arena->over)
        rc = RC_TOO_LARGE;
    if (rc == RC_OK && asking->key.at && is_kept(asking))
        rc = keep_answer(asking, op);
    if (rc != RC_OK || asking->act->quiet)
        return rc;
    rc = chain_append(op, &held->batch, &asking->line);
    return rc == RC_OK ? held_note(held, &asking->line) : rc;
}

static struct asking *asking_of(struct job *job)
{
    return (struct asking *)(void *)((char *)job - offsetof(struct asking, job));
}

static void tell_op(const struct asking *asking, struct op *op)
{
    op->actor = asking->actor;
    op->request = asking->request;
    op->address = asking->address;
    op->agent = asking->agent;
    op->origin = asking->origin;
    op->upload = asking->upload;
}

static enum rc run_asking(struct job *job, struct op *op)
{
    struct asking *asking = asking_of(job);
    struct held   *held = owner_held(asking->gate->owner, op->county);
    struct chain   before = held->batch;
    size_t         nlines = held->nlines;

    view_init(&asking->view, asking->arena);
    asking->repeated = false;
    op->ids = &held->ids;
    tell_op(asking, op);
    enum rc rc = RC_NOT_FOUND;
    if (asking->key.at)
        rc = answered_before(asking, op);
    if (rc == RC_NOT_FOUND)
        rc = run_act(asking, op, held);
    asking->problems = op->problems;
    if (rc != RC_OK) { /* also the lines of its steps (each.h) */
        held->batch = before;
        held->nlines = nlines;
    }
    return rc;
}

void gate_refused(struct gate *gate, const struct refused_try *tried)
{
    refusals_count(gate->refusals, tried, clock_now_ms());
}

/* Whoever only looks is noted when they look where they may not, or where nothing is: so
 * other people's things are looked for. */
static bool is_noted(const struct act *act, enum rc rc)
{
    if (rc == RC_OK || rc == RC_UNAVAILABLE || rc == RC_BUSY)
        return false;
    return act->writes || rc == RC_DENIED || rc == RC_NOT_FOUND || rc == RC_TOO_MANY ||
           rc == RC_SECOND_FACTOR;
}

static void finish(struct asking *asking, enum rc rc)
{
    struct gate *gate = asking->gate;

    if (rc == RC_TOO_LARGE && asking->arena->starved)
        rc = RC_NO_MEMORY; /* it is we who have too little */
    asking->rc = rc;
    if (rc == RC_UNAVAILABLE && asking->act->writes && asking->problems.n == 0 &&
        owner_elsewhere(gate->owner, asking->job.county))
        problem_add(&asking->problems, STR_NONE,
                    "这里的事现在由另一台服务器办理，这一台只能查看，请过几秒再试。");
    if (is_noted(asking->act, rc))
        gate_refused(gate, &(struct refused_try){ .county = asking->job.county,
                                                  .account = asking->actor->account,
                                                  .act = str_of(asking->act->name),
                                                  .address = asking->address,
                                                  .rc = rc });
    asking->done(asking);
}

static void asking_done(struct job *job, enum rc rc)
{
    struct asking *asking = asking_of(job);

    finish(asking, rc == RC_OK ? asking->view.refused : rc);
}

/* ------------------------------------------------------------- asking */

static enum rc refuse(const struct asking *asking)
{
    return asking->actor->kind == ACTOR_NOBODY ? RC_UNAUTHENTICATED : RC_DENIED;
}

/* An argument `id` tells the county, otherwise the actor does. */
static int64_t county_of(const struct asking *asking)
{
    const struct field *id = field_find(asking->act->args, asking->act->nargs, STR("id"));

    if (id && id->kind == KIND_ID) {
        int64_t value =
            *(const int64_t *)(const void *)((const char *)asking->args + id->offset);
        if (value)
            return id_county(value);
    }
    return asking->actor->county;
}

static void start_op(struct asking *asking, struct db *db, struct op *op)
{
    op_init(op, asking->arena, clock_now_ms());
    tell_op(asking, op);
    op->db = db;
    op->county = county_of(asking);
}

static void queue(struct gate *gate, struct asking *asking, int64_t county)
{
    asking->job = (struct job){
        .county = county, .arena = asking->arena, .run = run_asking, .done = asking_done
    };
    enum rc rc = owner_elsewhere(gate->owner, county)
                     ? RC_UNAVAILABLE
                     : writer_submit(gate->writer, &asking->job);
    if (rc != RC_OK)
        finish(asking, rc);
}

/* All of one reading act sees the same state.  On SQLite that also costs less than a look
 * at its locks for every statement; on PostgreSQL it would be two journeys more. */
static enum rc read_act(struct asking *asking, struct op *op)
{
    bool still = op->db && db_engine(op->db) == DB_SQLITE && db_snapshot(op->db) == RC_OK;
    enum rc rc = asking->act->run(op, asking->args, &asking->view);

    if (still)
        db_snapshot_end(op->db);
    return rc == RC_OK && asking->arena->over ? RC_TOO_LARGE : rc;
}

void gate_ask(struct gate *gate, struct asking *asking, struct db *db)
{
    struct op op;

    asking->gate = gate;
    start_op(asking, db, &op);
    asking->job.county = op.county;
    view_init(&asking->view, asking->arena);
    enum rc rc = actor_owes(&op, asking->actor, asking->act->owing);
    if (rc == RC_OK && !actor_may(asking->actor, asking->act->right, STR_NONE))
        rc = refuse(asking);
    if (rc == RC_OK && asking->act->ready)
        rc = asking->act->ready(&op, asking->args);
    asking->job.county = op.county; /* where it is refused, too */
    asking->problems = op.problems;
    if (rc == RC_OK && asking->act->writes) {
        if (asking->key.at)
            sm3(PARTS(asking->body, asking->file), asking->asked);
        queue(gate, asking, op.county);
        return;
    }
    if (rc == RC_OK)
        rc = read_act(asking, &op);
    asking->problems = op.problems;
    finish(asking, rc);
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t  over;
    bool            done;
};

static void wake_waiting(struct asking *asking)
{
    struct waiting *waiting = asking->context;

    pthread_mutex_lock(&waiting->lock);
    waiting->done = true;
    pthread_cond_signal(&waiting->over);
    pthread_mutex_unlock(&waiting->lock);
}

void gate_ask_wait(struct gate *gate, struct asking *asking, struct db *db)
{
    struct waiting waiting = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };

    asking->context = &waiting;
    asking->done = wake_waiting;
    gate_ask(gate, asking, db);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.done)
        pthread_cond_wait(&waiting.over, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    pthread_cond_destroy(&waiting.over);
    pthread_mutex_destroy(&waiting.lock);
}

/* ------------------------------------------------------ open and close */

static enum rc start(struct gate *gate)
{
    const struct gate_options *options = &gate->options;
    struct writer_hooks        hooks = {
               .context = gate,
               .opens = batch_opens,
               .closes = batch_closes,
               .committed = batch_committed,
               .rolled_back = batch_rolled_back,
               .landed = batch_landed,
    };

    gate->refusals = refusals_new();
    enum rc rc = gate->refusals ? owner_open(options, &gate->owner) : RC_NO_MEMORY;
    if (rc == RC_OK)
        rc = writer_start(options->where, options->catalogue, &hooks, &options->writer,
                          &gate->writer);
    return rc == RC_OK ? owner_start(gate->owner, gate->writer) : rc;
}

enum rc gate_open(const struct gate_options *options, struct gate **opened)
{
    struct gate *gate = calloc(1, sizeof *gate);

    *opened = gate;
    if (!gate)
        return RC_NO_MEMORY;
    gate->options = *options;
    pthread_mutex_init(&gate->lock, NULL);
    enum rc rc = start(gate);
    if (rc != RC_OK)
        gate_close(opened);
    return rc;
}

void gate_close(struct gate **closing)
{
    struct gate *gate = *closing;

    if (!gate)
        return;
    if (gate->owner)
        owner_stop(gate->owner);
    if (gate->writer)
        owner_release(gate->owner, &gate->writer);
    owner_close(&gate->owner);
    refusals_free(&gate->refusals);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
    *closing = NULL;
}

size_t gate_counties(struct gate *gate, int64_t *counties, size_t most)
{
    return owner_counties(gate->owner, counties, most);
}

bool gate_elsewhere(struct gate *gate, int64_t county)
{
    return owner_elsewhere(gate->owner, county);
}

bool gate_stands_by(struct gate *gate)
{
    return owner_stands_by(gate->owner);
}

void gate_chain_end(struct gate *gate, int64_t county, struct chain *end)
{
    pthread_mutex_lock(&gate->lock);
    *end = gate->ends[county];
    pthread_mutex_unlock(&gate->lock);
}

bool gate_ready(struct gate *gate)
{
    return owner_ready(gate->owner);
}

struct writer_stats gate_stats(struct gate *gate)
{
    return writer_stats(gate->writer);
}

void gate_nudge(struct gate *gate, int64_t county)
{
    writer_nudge(gate->writer, county);
}
