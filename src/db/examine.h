/* How a database is set up and whether it is sound, asked past the program's own
 * connections (which may run nothing but their statements): for the doctor. */
#ifndef DB_EXAMINE_H
#define DB_EXAMINE_H
#include "base/arena.h"
#include "base/str.h"

struct examination {
    bool       reached;
    struct str says;    /* the engine's own words when it was not reached */
    struct str version; /* of SQLite or PostgreSQL */
    /* SQLite */
    struct str journal_mode; /* "wal" */
    bool       thorough;     /* every page was read */
    struct str damage;       /* absent: none found */
    /* PostgreSQL */
    struct str fsync, full_page_writes, synchronous_commit; /* "on", "off", … */
    bool       superuser;                                   /* the role that we use */
    bool       may_create; /* it can change the tables themselves */
    bool       remote, tls;
    int64_t    clock_ms; /* of its machine, 0: not known */
};

/* `thorough` reads every page of a SQLite file. */
void examine(struct arena *arena, struct str where, bool thorough,
             struct examination *found);

#endif
