/* The writer: the one thread that changes the database.  Jobs are queued from
 * any thread; what has queued up for one county while the last commit was being
 * synced is the next batch, in one transaction.  A job that is refused before it
 * changed anything leaves nothing; when one is refused later, the batch is put back
 * and runs again with each job behind a savepoint.  Statements that ask for nothing back
 * are not waited for on PostgreSQL; when one of them fails, the batch runs again likewise,
 * each waited for.  The batch is committed once; only then is every job told.  No timer: an idle writer commits a lone job at
 * once.  Group commit on both engines.
 *
 * A job's run() may be called more than once (another job was refused late, the engine
 * asked to try again, the connection broke before the commit was known): it must have no
 * effect but through op->db, and its memory is given back before it runs again.  op->ids is
 * the county's.  When the connection breaks during COMMIT, the hooks' `landed`
 * looks whether the batch is in the database, so that nothing is lost or doubled.
 *
 * A job is refused alone by its own code, by a statement that failed in it, or by
 * RC_TOO_LARGE when its arena ran over.  A batch that cannot be committed is
 * refused as a whole: RC_BUSY or RC_UNAVAILABLE after WRITER_RETRIES_MAX. */
#ifndef DB_WRITER_H
#define DB_WRITER_H
#include "db/db.h"

struct writer;

struct job {
    struct job   *next; /* the queue's */
    int64_t       county;
    struct arena *arena; /* the job's own; what run() takes is given back before a retry */
    enum rc (*run)(struct job *job, struct op *op);
    /* After the commit (rc of run, or why it could not be committed), on the
     * writer's thread: short, no database. */
    void (*done)(struct job *job, enum rc rc);
    enum rc rc;
};

struct writer_hooks {
    void *context;
    /* First in every attempt at a batch, before any job: the lease's fencing number
     * is checked here, and what an earlier attempt left in memory is forgotten.
     * Anything but RC_OK refuses the whole batch with that code. */
    enum rc (*opens)(void *context, struct op *op);
    /* Last, before the commit: followers, counters of refusals. */
    enum rc (*closes)(void *context, struct op *op);
    /* Committed: what is in memory may change now.  Or rolled back, or (after
     * RC_UNAVAILABLE, when the database stayed away) not known: what is in memory
     * must be read again. */
    void (*committed)(void *context, int64_t county);
    void (*rolled_back)(void *context, int64_t county);
    /* The outcome of a COMMIT is unknown: is the batch in the database?  RC_OK yes,
     * RC_NOT_FOUND no.  In a transaction of its own, before opens() is called again.
     * It checks the lease first: that row makes it wait for a lost connection which
     * is still committing.  NULL: nobody knows, RC_UNAVAILABLE. */
    enum rc (*landed)(void *context, struct op *op);
};

enum {
    WRITER_BATCH_MAX = 256,  /* jobs in one transaction */
    WRITER_QUEUE_MAX = 8192, /* waiting; one more is refused with RC_BUSY */
    WRITER_RETRIES_MAX = 5,
};

struct writer_options {
    size_t batch_max; /* 0: WRITER_BATCH_MAX; 1 for the benchmark's comparison */
};

/* hooks and options may be NULL, hooks' members too. */
MUST_USE enum rc writer_start(struct str where, const struct db_catalogue *catalogue,
                              const struct writer_hooks   *hooks,
                              const struct writer_options *options, struct writer **writer);
/* RC_BUSY when the queue is full, RC_UNAVAILABLE while stopping; done() is then
 * not called. */
MUST_USE enum rc writer_submit(struct writer *writer, struct job *job);
/* Wakes the writer for an empty batch of that county, so that followers that are
 * behind go on. */
void writer_nudge(struct writer *writer, int64_t county);
/* Finishes what was queued, then stops. */
void writer_stop(struct writer **writer);

struct writer_stats {
    int64_t batches, jobs, retries, queued, checkpoints;
    int64_t largest;
};
struct writer_stats writer_stats(struct writer *writer);

#endif
