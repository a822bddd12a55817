/* Which act a method and a path mean.  The tree is made once from the table of acts;
 * a word in a path beats a parameter, so that /sessions/current is not the session
 * called "current". */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H
#include "base/arena.h"
#include "gate/gate.h"

struct router;

enum { ROUTE_ARGS_MAX = 4 };
#define METHODS_END (DELETE + 1)

struct route {
    const struct act *act;
    struct gate_arg   args[ROUTE_ARGS_MAX];
    size_t            nargs;
    struct str        allow; /* RC_METHOD: what the path takes, for the header */
};

/* From acts_at(); the arena must live as long as the router. */
MUST_USE struct router *router_new(struct arena *arena);

/* `method` may be 0 for one that no act has.  RC_NOT_FOUND, RC_METHOD. */
MUST_USE enum rc router_find(const struct router *router, enum method method,
                             const struct str *segments, size_t n, struct route *route);

/* "GET" … "DELETE"; 0 for others. */
enum method method_of(struct str word);
struct str  method_word(enum method method);

#endif
