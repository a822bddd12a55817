/* What fails once, on purpose: the n-th allocation, write or sync from now on, of whichever
 * thread.  A test program that lists faults.c has its own malloc and realloc for our code
 * (tests/meson.build wraps them), for SQLite another allocator, and for everybody, SQLite
 * included, its own write and fsync: the released program is linked without any of this.
 * Statements and arenas have seams of their own (db_fail_at, arena_fail_at). */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H
#include <stdbool.h>
#include <stddef.h>

enum fault {
    FAULT_NONE,
    FAULT_MALLOC, /* NULL, to our code and to SQLite */
    FAULT_WRITE,  /* the disk is full; what goes to the log is spared */
    FAULT_SYNC,   /* the disk does not answer */
};

/* Before the first database is opened. */
void faults_begin(void);
void fault_arm(enum fault fault, size_t n);
void fault_disarm(void);
bool fault_fired(void); /* the one that was armed last */

#endif
