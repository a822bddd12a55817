#include "gate/gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "gate/held.h"
#include "gate/journal_store.h"
#include "gate/refusals.h"
#include "guard/seal.h"
#include "guard/sm.h"

enum {
    OWNER_BYTES = 8,
    BEATS_PER_LEASE = 3, /* renewed that often while nothing else is going on */
};

struct gate {
    struct gate_options options;
    char                owner[2 * OWNER_BYTES + 1];
    struct writer      *writer;
    struct refusals    *refusals;
    struct held       **held; /* the writer's thread */
    size_t              nheld;

    pthread_t       beat;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t  wake;
    int64_t        *counties; /* copy of held[]'s numbers for the beat */
    size_t          ncounties;
    bool            stopping, beating;
    bool            refused; /* the newest try to own a county failed */
};

/* ------------------------------------------------- owning counties (writer) */

static struct held *find_held(const struct gate *gate, int64_t county)
{
    for (size_t i = 0; i < gate->nheld; i++)
        if (gate->held[i]->county == county)
            return gate->held[i];
    return NULL;
}

static void tell_beat(struct gate *gate, bool refused)
{
    pthread_mutex_lock(&gate->lock);
    int64_t *grown = realloc(gate->counties, (gate->nheld + 1) * sizeof *grown);
    if (grown) {
        gate->counties = grown;
        gate->ncounties = gate->nheld;
        for (size_t i = 0; i < gate->nheld; i++)
            grown[i] = gate->held[i]->county;
    }
    gate->refused = refused;
    pthread_mutex_unlock(&gate->lock);
}

static void drop_held(struct gate *gate, struct held *held)
{
    for (size_t i = 0; i < gate->nheld; i++)
        if (gate->held[i] == held)
            gate->held[i] = gate->held[--gate->nheld];
    free(held);
    tell_beat(gate, true);
}

static int64_t lease_ms(const struct gate *gate)
{
    return gate->options.lease_ms ? gate->options.lease_ms : GATE_LEASE_MS;
}

/* Ids go on after the newest that may have been given out: the last line's time
 * is not before any id in it unless the clock stepped back, so the clock is
 * asked, too. */
static void start_ids(struct held *held, int64_t newest_ms)
{
    held->ids = (struct id_source){
        .county = held->county,
        .last = newest_ms > ID_EPOCH_MS ? id_floor(held->county, newest_ms + 1) : 0,
    };
}

static enum rc load_held(struct op *op, const struct gate *gate, struct held *held)
{
    struct list last = { 0 };

    enum rc rc = chain_load(op, held->county, &held->now);
    if (rc == RC_OK)
        rc = followers_load(op, gate->options.followers, held);
    if (rc == RC_OK && held->now.seq)
        rc = journal_rows_after(op, held->county, held->now.seq - 1, 1, &last);
    if (rc == RC_OK)
        start_ids(held, last.n ? ((const struct journal_row *)last.at)->at_ms : 0);
    return rc;
}

static enum rc take_county(struct gate *gate, struct op *op, struct held **taken)
{
    struct held *held = calloc(1, sizeof *held);
    struct held **grown = realloc(gate->held, (gate->nheld + 1) * sizeof *grown);

    if (grown)
        gate->held = grown;
    if (!held || !grown) {
        free(held);
        return RC_NO_MEMORY;
    }
    held->county = op->county;
    held->lease = (struct lease){ .county = op->county, .owner = str_of(gate->owner),
                                  .address = gate->options.address };
    enum rc rc = lease_take(op->db, op->arena, op->now_ms, lease_ms(gate), &held->lease);
    if (rc == RC_OK)
        rc = load_held(op, gate, held);
    if (rc != RC_OK) {
        free(held);
        tell_beat(gate, true);
        return rc == RC_CONFLICT ? RC_UNAVAILABLE : rc;
    }
    gate->held[gate->nheld++] = *taken = held;
    tell_beat(gate, false);
    log_event(LOG_INFO, "county.taken", LOG_INT("county", op->county),
              LOG_INT("fence", held->lease.fence), LOG_INT("seq", held->now.seq));
    return RC_OK;
}

/* ------------------------------------------------------- a batch (writer) */

static enum rc batch_opens(void *context, struct op *op)
{
    struct gate *gate = context;
    struct held *held = find_held(gate, op->county);
    enum rc      rc = RC_OK;

    if (!held)
        rc = take_county(gate, op, &held);
    else
        rc = lease_check(op->db, &held->lease, op->now_ms, lease_ms(gate));
    if (rc == RC_UNAVAILABLE && held && db_alive(op->db)) {
        log_event(LOG_WARN, "county.lost", LOG_INT("county", op->county));
        drop_held(gate, held);
    }
    if (rc == RC_OK) {
        held->batch = held->now;
        held->nlines = 0;
    }
    return rc;
}

static enum rc batch_closes(void *context, struct op *op)
{
    struct gate *gate = context;
    struct held *held = find_held(gate, op->county);

    op->ids = &held->ids;
    enum rc rc = refusals_write(gate->refusals, op);
    if (rc == RC_OK)
        rc = followers_run(op, gate->options.followers, held);
    if (rc == RC_OK && held->batch.seq != held->now.seq)
        rc = journal_head_set(op, held->county,
                              &(struct head_row){ held->batch.seq,
                                                  str_slice((const char *)held->batch.hash,
                                                            CHAIN_HASH_BYTES) });
    return rc;
}

static void batch_committed(void *context, int64_t county)
{
    struct gate *gate = context;
    struct held *held = find_held(gate, county);

    held->now = held->batch;
    memcpy(held->cursors, held->moved, sizeof held->cursors);
    refusals_settle(gate->refusals, county, true);
    for (size_t i = 0; i < held->nlines && gate->options.landed; i++)
        gate->options.landed(gate->options.context, held->lines[i]);
    held->nlines = 0;
    if (followers_behind(gate->options.followers, held))
        writer_nudge(gate->writer, county);
}

static void batch_rolled_back(void *context, int64_t county)
{
    struct gate *gate = context;
    struct held *held = find_held(gate, county);

    refusals_settle(gate->refusals, county, false);
    if (held) {
        held->batch = held->now;
        held->nlines = 0;
    }
}

/* The chain answers whether a batch whose COMMIT broke off is in the database. */
static enum rc batch_landed(void *context, struct op *op)
{
    struct gate    *gate = context;
    struct held    *held = find_held(gate, op->county);
    struct head_row head;

    if (!held || held->batch.seq == held->now.seq)
        return RC_NOT_FOUND;
    enum rc rc = journal_last(op, op->county, &head);
    if (rc != RC_OK)
        return rc;
    bool ours = head.seq == held->batch.seq &&
                str_eq(head.hash,
                       str_slice((const char *)held->batch.hash, CHAIN_HASH_BYTES));
    return ours ? RC_OK : RC_NOT_FOUND;
}

/* ------------------------------------------------------ one act (writer) */

static struct str body_hash(struct asking *asking)
{
    unsigned char *hash = arena_take(asking->arena, SM3_BYTES);

    if (!hash)
        return STR_NONE;
    sm3(PARTS(asking->body), hash);
    return str_slice((const char *)hash, SM3_BYTES);
}

/* RC_OK: asked before, the answer is in the view.  RC_NOT_FOUND: go on. */
static enum rc answered_before(struct asking *asking, struct op *op)
{
    struct asked_row row;
    struct str       answer;

    enum rc rc = asked_find(op, asking->actor->account, str_of(asking->act->name),
                            asking->key, &row);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(row.body, body_hash(asking)))
        return fail(op, RC_CONFLICT, NULL, "这个请求号已经用来办过另一件事，请换一个再发。");
    rc = unseal(op, PLACE("asked", "answer", asking->actor->account, 0), row.answer, &answer);
    if (rc != RC_OK)
        return rc;
    asking->view.status = (int)row.status;
    asking->view.version = row.version;
    if (answer.len)
        json_raw(&asking->view.out, answer);
    asking->repeated = true;
    return RC_OK;
}

static enum rc keep_answer(struct asking *asking, struct op *op)
{
    struct str answer = asking->view.out.len ? json_done(&asking->view.out) : STR("");
    struct asked_row row = { .body = body_hash(asking), .status = asking->view.status,
                             .version = asking->view.version };

    enum rc rc = seal(op, PLACE("asked", "answer", asking->actor->account, 0), answer,
                      &row.answer);
    if (rc == RC_OK)
        rc = asked_keep(op, asking->actor->account, str_of(asking->act->name), asking->key,
                        &row);
    return rc;
}

static void start_line(struct asking *asking, const struct op *op)
{
    asking->line = (struct line){
        .county = op->county,
        .at_ms = op->now_ms,
        .act = str_of(asking->act->name),
        .actor = asking->actor->account,
        .payload = asking->body.at ? asking->body : STR("{}"),
    };
}

static enum rc run_act(struct asking *asking, struct op *op, struct held *held)
{
    start_line(asking, op);
    op->line = &asking->line;
    enum rc rc = asking->act->run(op, asking->args, &asking->view);
    if (rc == RC_OK && op->arena->over)
        rc = RC_TOO_LARGE;
    if (rc == RC_OK && asking->key.at)
        rc = keep_answer(asking, op);
    if (rc != RC_OK || asking->act->quiet)
        return rc;
    rc = chain_append(op, &held->batch, &asking->line);
    if (rc == RC_OK)
        held->lines[held->nlines++] = &asking->line;
    return rc;
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
    op->upload = asking->upload;
}

static enum rc run_asking(struct job *job, struct op *op)
{
    struct asking *asking = asking_of(job);
    struct held   *held = find_held(asking->gate, op->county);

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
    return rc;
}

static void finish(struct asking *asking, enum rc rc)
{
    struct gate *gate = asking->gate;

    asking->rc = rc;
    if (rc != RC_OK && rc != RC_UNAVAILABLE && rc != RC_BUSY && asking->act->writes)
        refusals_count(gate->refusals, asking->job.county, clock_now_ms(),
                       asking->actor->account, str_of(asking->act->name), rc);
    asking->done(asking);
}

static void asking_done(struct job *job, enum rc rc)
{
    finish(asking_of(job), rc);
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
        int64_t value = *(const int64_t *)(const void *)((const char *)asking->args + id->offset);
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
    asking->job = (struct job){ .county = county, .arena = asking->arena, .run = run_asking,
                                .done = asking_done };
    enum rc rc = writer_submit(gate->writer, &asking->job);
    if (rc != RC_OK)
        finish(asking, rc);
}

void gate_ask(struct gate *gate, struct asking *asking, struct db *db)
{
    struct op op;

    asking->gate = gate;
    start_op(asking, db, &op);
    asking->job.county = op.county;
    view_init(&asking->view, asking->arena);
    enum rc rc = actor_may(asking->actor, asking->act->right, STR_NONE) ? RC_OK : refuse(asking);
    if (rc == RC_OK && asking->act->ready)
        rc = asking->act->ready(&op, asking->args);
    if (rc == RC_OK && asking->act->writes) {
        queue(gate, asking, op.county);
        return;
    }
    if (rc == RC_OK)
        rc = asking->act->run(&op, asking->args, &asking->view);
    if (rc == RC_OK && asking->arena->over)
        rc = RC_TOO_LARGE;
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

/* --------------------------------------------------------- the beat */

/* An empty batch renews the lease, counts refusals and lets followers catch up. */
static void beat_once(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    for (size_t i = 0; i < gate->ncounties; i++)
        writer_nudge(gate->writer, gate->counties[i]);
    pthread_mutex_unlock(&gate->lock);
}

static void *beat(void *context)
{
    struct gate *gate = context;
    int64_t      pause_ms = lease_ms(gate) / BEATS_PER_LEASE;

    pthread_mutex_lock(&gate->lock);
    while (!gate->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += pause_ms / 1000;
        until.tv_nsec += pause_ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000;
        }
        pthread_cond_timedwait(&gate->wake, &gate->lock, &until);
        if (gate->stopping)
            break;
        pthread_mutex_unlock(&gate->lock);
        beat_once(gate);
        pthread_mutex_lock(&gate->lock);
    }
    pthread_mutex_unlock(&gate->lock);
    return NULL;
}

/* ------------------------------------------------------ open and close */

static void name_owner(struct gate *gate)
{
    unsigned char bytes[OWNER_BYTES];

    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < OWNER_BYTES; i++) {
        gate->owner[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        gate->owner[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
}

enum rc gate_open(const struct gate_options *options, struct gate **opened)
{
    struct gate *gate = calloc(1, sizeof *gate);

    if (!gate)
        return RC_NO_MEMORY;
    gate->options = *options;
    name_owner(gate);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->wake, NULL);
    gate->refusals = refusals_new();
    struct writer_hooks hooks = {
        .context = gate, .opens = batch_opens, .closes = batch_closes,
        .committed = batch_committed, .rolled_back = batch_rolled_back,
        .landed = batch_landed,
    };
    enum rc rc = gate->refusals ? writer_start(options->where, options->catalogue, &hooks,
                                               &options->writer, &gate->writer)
                                : RC_NO_MEMORY;
    if (rc == RC_OK)
        gate->beating = pthread_create(&gate->beat, NULL, beat, gate) == 0;
    if (rc == RC_OK && !gate->beating)
        rc = RC_NO_MEMORY;
    if (rc != RC_OK)
        gate_close(&gate);
    *opened = gate;
    return rc;
}

/* The last batch of each county gives its lease back, so that another server need
 * not wait for it to expire. */
struct release {
    struct job  job;
    struct gate *gate;
    struct arena arena;
};

static enum rc release_county(struct job *job, struct op *op)
{
    struct release *release = (struct release *)(void *)job; /* its first member */

    return lease_release(op->db, &find_held(release->gate, op->county)->lease);
}

static void released(struct job *job, enum rc rc)
{
    (void)job;
    (void)rc;
}

static void release_all(struct gate *gate)
{
    size_t          n = gate->ncounties;
    struct release *releases = calloc(n + 1, sizeof *releases);

    for (size_t i = 0; releases && i < n; i++) {
        arena_init(&releases[i].arena, ARENA_REQUEST_BYTES);
        releases[i].gate = gate;
        releases[i].job = (struct job){ .county = gate->counties[i], .arena = &releases[i].arena,
                                        .run = release_county, .done = released };
        if (writer_submit(gate->writer, &releases[i].job) != RC_OK)
            break;
    }
    writer_stop(&gate->writer);
    for (size_t i = 0; releases && i < n; i++)
        arena_free(&releases[i].arena);
    free(releases);
}

void gate_close(struct gate **closing)
{
    struct gate *gate = *closing;

    if (!gate)
        return;
    pthread_mutex_lock(&gate->lock);
    gate->stopping = true;
    pthread_cond_signal(&gate->wake);
    pthread_mutex_unlock(&gate->lock);
    if (gate->beating)
        pthread_join(gate->beat, NULL);
    if (gate->writer)
        release_all(gate);
    for (size_t i = 0; i < gate->nheld; i++)
        free(gate->held[i]);
    free(gate->held);
    free(gate->counties);
    refusals_free(&gate->refusals);
    pthread_cond_destroy(&gate->wake);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
    *closing = NULL;
}

size_t gate_counties(struct gate *gate, int64_t *counties, size_t most)
{
    pthread_mutex_lock(&gate->lock);
    size_t n = gate->ncounties < most ? gate->ncounties : most;
    for (size_t i = 0; i < n; i++)
        counties[i] = gate->counties[i];
    pthread_mutex_unlock(&gate->lock);
    return n;
}

bool gate_ready(const struct gate *gate)
{
    return !gate->refused;
}

struct writer_stats gate_stats(struct gate *gate)
{
    return writer_stats(gate->writer);
}

void gate_nudge(struct gate *gate, int64_t county)
{
    writer_nudge(gate->writer, county);
}
