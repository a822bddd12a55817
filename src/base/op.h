/* One operation under way: who asks, when, with which memory and which
 * database connection, and what went wrong so far.  It is the first parameter
 * of every domain function; time and chance enter a function only through it,
 * so tests are exact.  It lives on its runner's stack (a request thread, the
 * writer, a test) and is never kept. */
#ifndef BASE_OP_H
#define BASE_OP_H
#include "base/id.h"
#include "base/problem.h"
#include "base/rc.h"

struct actor; /* guard/actor.h */
struct db;    /* db/db.h */
struct line;  /* gate/journal.h: the journal line being written, NULL while reading */

struct op {
    struct arena       *arena;
    struct db          *db;
    const struct actor *actor;
    struct line        *line;
    struct id_source   *ids; /* the county's, NULL while reading */
    int64_t             now_ms;
    int64_t             county; /* the county whose rows this operation may touch */
    struct problems     problems;
    struct str          request; /* for the log */
    struct str          address; /* the asker's, for sign-ins; absent: this machine */
    struct str          agent;   /* the asker's browser, as it calls itself */
    struct str origin; /* "https://linli.example.cn": ours, by which it was asked */
    struct str upload; /* acts that stream: path of the received file */
};

/* Notes one sentence for the person (where may be NULL) and returns rc, so
 * that a refusal is `return fail(op, RC_REFUSED, "photos", "…")`. */
enum rc fail(struct op *op, enum rc rc, const char *where, const char *format, ...)
    PRINTF(4, 5);
#ifdef __clang_analyzer__ /* which reads one file at a time */
#define fail(op, rc, ...) (fail(op, rc, __VA_ARGS__), (rc))
#endif

/* A new id of the operation's county; only while writing. */
int64_t op_new_id(struct op *op);

void op_init(struct op *op, struct arena *arena, int64_t now_ms);

#endif
