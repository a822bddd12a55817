/* Acts: everything that can be asked of linli, in tables.  One row feeds the
 * router, the check of rights, the reading of arguments, OpenAPI, the help page,
 * `linli act` and the test that tries every act as every role.
 *
 *     const struct act case_acts[] = {
 *         { .name = "case.move", .method = POST, .path = "/cases/{id}/moves",
 *           .title = STR_INIT("办一步"), .right = RIGHT_SELF, .writes = true,
 *           ARGS(struct move_args, move_args), ANSWER(struct case_view, case_fields),
 *           .run = move },
 *     };
 *
 * Reading acts run at once, on the asking thread with its own connection.
 * Writing acts run on the writer, one transaction with their journal line, and
 * are answered after the commit.  What is slow and changes nothing (a password's
 * hash) goes into `ready`, which runs before, off the writer. */
#ifndef GATE_ACT_H
#define GATE_ACT_H
#include "base/field.h"
#include "base/op.h"
#include "guard/actor.h"

struct view;

enum method { GET = 1, POST, PUT, PATCH, DELETE };

struct act {
    const char *name; /* "case.open": noun.verb */
    enum method method;
    const char *path;  /* below /api/v1; {x} is the argument x */
    struct str  title; /* 中文, short: 报一件事 */
    struct str  note;  /* one or two sentences for help and OpenAPI */
    enum right  right;
    bool        writes;  /* changes something: one journal line */
    bool        unkept;  /* answers people: not kept for a key, a repeat looks again */
    bool        quiet;   /* writes, but no journal line (never a domain act) */
    bool        streams; /* the body is a file, not JSON: op gets it by path */
    bool        table;   /* streams: a table (base/table.h) instead of a photo */
    bool        slow;    /* `ready` takes long: it runs apart from other requests */
    bool        demo;    /* exists only on a demonstration database */
    unsigned    owing;   /* also for a session that still owes this: bits OWING() */
    const struct field *args;
    size_t              nargs, args_size;
    const struct field *answer; /* for OpenAPI and the typed client */
    size_t              nanswer;
    bool                many; /* answers {items:[answer…], next} */
    /* Before the act, off the writer, reading only: slow work (a password's hash)
     * and finding the county (op->county) when neither an argument `id` nor the
     * actor tells it.  May change args. */
    enum rc (*ready)(struct op *op, void *args);
    enum rc (*run)(struct op *op, const void *args, struct view *view);
};
#define OWING(what)         (1u << OWES_##what)
#define OWING_ANYTHING      (~0u)
#define ARGS(type, table)   .args = (table), .nargs = COUNT(table), .args_size = sizeof(type)
#define ANSWER(type, table) .answer = (table), .nanswer = COUNT(table)

/* All acts, told once by app before anything runs: tables that each end with a
 * row whose name is NULL.  Two acts of one name or one method and path are a
 * mistake of ours (an assert).  A demonstration's acts are left out elsewhere. */
void              acts_register(const struct act *const *tables, size_t n, bool demo);
size_t            acts_count(void);
const struct act *acts_at(size_t i);
const struct act *acts_find(struct str name);

#endif
