/* Work that goes on beside the batches: making the files of exports, sending what waits
 * for another platform.  A worker reads with a connection of its own and changes things as
 * everybody does, by asking the gate for acts, as the clock.  The rows are its queue: what
 * it had in hand when it was killed is found again, so whatever it does outside the
 * database must bear to be done twice.
 *
 * What goes on in rounds is a task: a row of a table, and one thread each. */
#ifndef GATE_WORKER_H
#define GATE_WORKER_H
#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

struct actor; /* guard/actor.h */
struct db;    /* db/db.h */
struct gate;  /* gate/gate.h */
struct op;    /* base/op.h */

struct worker {
    struct gate        *gate;
    struct db          *db;    /* a reader's connection, the worker's alone */
    const struct actor *clock; /* who it acts as; holds what RIGHT_LOCAL asks for */
};

/* An operation of its own, of no county yet. */
void worker_op(const struct worker *worker, struct arena *arena, struct op *op);
/* The act with these arguments, a JSON object; waits until it is on disk. */
MUST_USE enum rc worker_ask(const struct worker *worker, struct arena *arena,
                            const char *act, struct str args);
/* … or as the struct of the act's arguments. */
MUST_USE enum rc worker_ask_with(const struct worker *worker, struct arena *arena,
                                 const char *act, void *args);

struct worker_task {
    const char *name;    /* of the round, in the log when one did not succeed */
    int64_t     look_ms; /* between two rounds */
    enum rc (*round)(const struct worker *worker); /* everything that is to be done now */
};
struct worker_thread;
MUST_USE enum rc worker_start(const struct worker *worker, const struct worker_task *task,
                              struct worker_thread **thread);
void             worker_stop(struct worker_thread **thread); /* also of NULL */

#endif
