/* What the writer's tests share: a house is a migrated database with two tables of
 * its own, a lease and a writer with hooks that keep the number of every committed
 * batch; a task is a job that inserts one row; a door is a task that keeps the
 * writer busy, so that what is submitted meanwhile becomes one batch. */
#ifndef DB_WRITER_HOUSE_H
#define DB_WRITER_HOUSE_H
#include <semaphore.h>

#include "base/arena.h"
#include "db/lease.h"
#include "db/writer.h"

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

void build(struct house *h, struct str where, const struct writer_options *options);
void leave(struct house *h);
/* The parts of build(), for a second server over one database. */
void    open_house(struct house *h, struct str where);
enum rc take_lease(struct house *h, const char *owner, int64_t now_ms);
void    start_writer(struct house *h, const struct writer_options *options);
int64_t rows_like(const struct house *h, const char *condition);

struct task {
    struct job     job; /* first: the writer's */
    struct arena   arena;
    int64_t        id;
    enum rc        answer; /* run()'s, after its row */
    size_t         greed;  /* bytes it takes */
    sem_t         *waits_for;
    sem_t          over;
    int            runs, place; /* how often it ran; how many were told before it */
    enum rc        rc;
    struct writer *again; /* done() submits to it */
    enum rc        again_rc;
};

void    task_init(struct task *t, int64_t id);
enum rc wait_for(struct task *t);
enum rc ask(struct house *h, int64_t id); /* one task: submitted and waited for */
void    forget_places(void);

struct door {
    struct task task;
    sem_t       open;
};

void shut(struct house *h, struct door *door); /* returns when the writer stands in it */
void unlock(struct door *door);

#endif
