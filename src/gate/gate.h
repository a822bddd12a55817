/* The gate: the one way in.  It knows who asks (actor), whether they may (right
 * over area), whether the input is whole (the act's field table), whether it was
 * asked before (idempotency key per account + act + body), runs the act in one
 * transaction, writes the journal line in it, and answers after the commit.
 * HTTP, the command line, timers and offline outboxes only present acts. */
#ifndef GATE_GATE_H
#define GATE_GATE_H
#include "db/writer.h"
#include "gate/act.h"
#include "gate/follower.h"
#include "gate/view.h"

struct gate;

/* One asking.  Made by a presenter in its own arena, which must live until
 * done() was called; everything below `answer` is the gate's to fill. */
struct asking {
    struct arena       *arena;
    const struct act   *act;
    const struct actor *actor;
    void               *args;     /* read and checked by gate_read_args */
    struct str          body;     /* as it came, for idempotency */
    struct str          key;      /* Idempotency-Key, absent: none */
    struct str          request;  /* request id, for the log */
    struct str          upload;   /* act->streams: path of the received file */
    void               *context;  /* the presenter's */
    void (*done)(struct asking *asking);

    /* answer */
    enum rc             rc;
    struct problems     problems;
    struct view         view;
    bool                repeated; /* an earlier answer, given again */
    struct job          job;
    struct gate        *gate;
};

struct gate_options {
    struct str            where; /* database */
    struct str            address; /* where others reach this server; in the lease */
    const struct db_catalogue *catalogue;
    const struct followers    *followers;
    struct writer_options writer;
    bool                  demo;
    /* Each line after its commit, in order, on the writer's thread: the live
     * stream.  No database, no waiting. */
    void (*landed)(void *context, const struct line *line);
    void                 *context;
};

MUST_USE enum rc gate_open(const struct gate_options *options, struct gate **gate);
void             gate_close(struct gate **gate); /* finishes what was accepted */

/* Arguments from path, query and body at once; all problems told. */
struct gate_arg {
    struct str name, value; /* from path or query: text, converted by the field's kind */
};
MUST_USE enum rc gate_read_args(struct asking *asking, const struct gate_arg *args, size_t n,
                                struct str body);

/* Reading act: runs now, with this thread's connection. */
void gate_read(struct asking *asking, struct db *db);
/* Writing act: queued; done() is called when it is over, possibly before this
 * returns.  `ready` has run before, by gate_ready(). */
enum rc gate_ready(struct asking *asking, struct db *db);
void    gate_write(struct gate *gate, struct asking *asking);
/* Runs any act and waits: the command line, timers, tests. */
void gate_ask(struct gate *gate, struct asking *asking, struct db *db);

#endif
