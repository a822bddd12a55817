/* The gate: the one way in.  It knows who asks (actor), whether they may (right
 * over area), whether the input is whole (the act's field table), whether it was
 * asked before (idempotency key per account + act + body + file), runs the act in
 * one transaction, writes the journal line in it, and answers after the commit.  An
 * answer that opens or ends a session, or shows people, is not kept: a repeat is done
 * again.
 * HTTP, the command line, timers and offline outboxes only present acts. */
#ifndef GATE_GATE_H
#define GATE_GATE_H
#include "db/writer.h"
#include "gate/act.h"
#include "gate/chain.h"
#include "gate/follower.h"
#include "gate/view.h"

struct gate;

/* One asking.  Made by a presenter in its own arena, which must live until
 * done() was called; everything below `answer` is the gate's to fill. */
struct asking {
    struct arena       *arena;
    const struct act   *act;
    const struct actor *actor;
    void               *args;           /* read and checked by gate_read_args */
    struct str          body;           /* as it came, for idempotency */
    struct str          key;            /* Idempotency-Key, absent: none */
    int64_t             key_ms;         /* so long it counts; 0: as long as it is kept */
    struct str          file;           /* act->streams: SM3 of the received file */
    struct str          request;        /* request id, for the log */
    struct str          address, agent; /* the client's, absent: this machine */
    struct str          origin; /* of ours, by which it was reached; absent: this machine */
    struct str          upload; /* act->streams: path of the received file */
    void               *context; /* the presenter's */
    void (*done)(struct asking *asking);

    /* answer */
    enum rc         rc;
    struct problems problems;
    struct view     view;
    bool            repeated; /* an earlier answer, given again */

    /* the gate's own */
    struct job    job;
    struct gate  *gate;
    struct line   line;
    unsigned char asked[32]; /* SM3 of body and file, when there is a key */
};

struct gate_options {
    struct str where;   /* database */
    struct str address; /* where others reach this server; in the lease */
    /* Who this is: one of that name which has died is succeeded at once.  Never two
     * at a time.  Absent: made by chance. */
    struct str name;
    /* Takes over every county that nobody owns (any more), asked or not. */
    bool                       serves;
    const struct db_catalogue *catalogue;
    const struct followers    *followers; /* may be NULL */
    struct writer_options      writer;
    int64_t                    lease_ms; /* 0: GATE_LEASE_MS */
    /* A county is being taken, in op's transaction: what others of this program keep
     * of it in memory is read.  May run more than once. */
    enum rc (*taken)(void *context, struct op *op);
    /* Each line after its commit, in order, on the writer's thread: what is in memory
     * changes now, the live stream hears.  No database, no waiting. */
    void (*landed)(void *context, const struct line *line);
    void *context;
};

enum { GATE_LEASE_MS = 6000, GATE_FOLLOWERS_MAX = 16 };

MUST_USE enum rc gate_open(const struct gate_options *options, struct gate **gate);
void             gate_close(struct gate **gate); /* finishes what was accepted */

/* Arguments from path, query and body at once; all problems told. */
struct gate_arg {
    struct str name, value; /* from path or query: text, converted by the field's kind */
};
MUST_USE enum rc gate_read_args(struct asking *asking, const struct gate_arg *args,
                                size_t n, struct str body);

/* The one call a presenter needs on a thread that may read the database: checks
 * the right, runs `ready`, then a reading act at once, a writing act by the writer.
 * done() is called exactly once, possibly before this returns. */
void gate_ask(struct gate *gate, struct asking *asking, struct db *db);
/* The same, waiting for the answer (done() is not needed): command line, timers, tests. */
void gate_ask_wait(struct gate *gate, struct asking *asking, struct db *db);

/* The counties that this server owns; how many were written, at most `most`. */
size_t gate_counties(struct gate *gate, int64_t *counties, size_t most);
/* Does another server own it, as far as is known?  Then its timers are not ours, and
 * its acts are refused here: RC_UNAVAILABLE. */
bool gate_elsewhere(struct gate *gate, int64_t county);
/* Where a county's chain ends, as this server itself has computed and committed it: what
 * is signed, rather than what stands in the table by then.  seq 0: nothing was committed
 * by this server. */
void gate_chain_end(struct gate *gate, int64_t county, struct chain *end);
/* No county is another server's, none could not be taken, nor its last batch be
 * committed.  For /readyz; and whether it is for another server that it is not ready. */
bool                gate_ready(struct gate *gate);
bool                gate_stands_by(struct gate *gate);
struct writer_stats gate_stats(struct gate *gate);
/* What a presenter refused before it came to the gate (a limit that was hit) is kept with
 * the gate's own refusals. */
struct refused_try; /* gate/refusals.h */
void gate_refused(struct gate *gate, const struct refused_try *tried);
/* Wakes the writer for a county so that followers that are behind go on. */
void gate_nudge(struct gate *gate, int64_t county);

#endif
