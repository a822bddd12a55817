#include "gate/worker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rounds.h"
#include "gate/gate.h"

void worker_op(const struct worker *worker, struct arena *arena, struct op *op)
{
    op_init(op, arena, clock_now_ms());
    op->db = worker->db;
    op->actor = worker->clock;
}

static struct asking asking_of(const struct worker *worker, struct arena *arena,
                               const char *act)
{
    const struct act *found = acts_find(str_of(act));

    assert(found);
    return (struct asking){ .arena = arena, .act = found, .actor = worker->clock };
}

enum rc worker_ask(const struct worker *worker, struct arena *arena, const char *act,
                   struct str args)
{
    struct asking asking = asking_of(worker, arena, act);

    asking.rc = gate_read_args(&asking, NULL, 0, args);
    if (asking.rc == RC_OK)
        gate_ask_wait(worker->gate, &asking, worker->db);
    return asking.rc;
}

enum rc worker_ask_with(const struct worker *worker, struct arena *arena, const char *act,
                        void *args)
{
    struct asking asking = asking_of(worker, arena, act);

    asking.args = args;
    gate_ask_wait(worker->gate, &asking, worker->db);
    return asking.rc;
}

struct worker_thread {
    struct worker             worker;
    const struct worker_task *task;
    struct rounds             rounds;
};

static void *run(void *context)
{
    struct worker_thread *thread = context;

    while (rounds_rest(&thread->rounds, thread->task->look_ms)) {
        enum rc rc = thread->task->round(&thread->worker);
        if (rc != RC_OK)
            log_event(LOG_WARN, thread->task->name, LOG_TEXT("rc", rc_word(rc)));
    }
    return NULL;
}

enum rc worker_start(const struct worker *worker, const struct worker_task *task,
                     struct worker_thread **started)
{
    struct worker_thread *thread = calloc(1, sizeof *thread);

    *started = NULL;
    if (!thread)
        return RC_NO_MEMORY;
    thread->worker = *worker;
    thread->task = task;
    if (!rounds_start(&thread->rounds, run, thread)) {
        free(thread);
        return RC_NO_MEMORY;
    }
    *started = thread;
    return RC_OK;
}

void worker_stop(struct worker_thread **stopping)
{
    struct worker_thread *thread = *stopping;

    if (!thread)
        return;
    rounds_stop(&thread->rounds);
    free(thread);
    *stopping = NULL;
}
