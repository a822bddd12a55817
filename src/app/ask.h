/* The command line's way to the acts: through the socket of a server that is
 * running on this machine, else by opening the house itself.  Either way the gate
 * runs them, as whoever works at this machine. */
#ifndef APP_ASK_H
#define APP_ASK_H
#include "app/house.h"

struct caller;

/* Tells on standard error what is wrong; NULL then. */
struct caller *caller_open(const struct config *config);
void           caller_close(struct caller **caller);
/* Exit code: 0 done, 1 refused (told on standard error), 2 not understood.
 * *answer: the JSON, in the arena. */
int caller_ask(struct caller *caller, struct arena *arena, struct str act, struct str body,
               struct str *answer);
/* Counties (int64_t) that have lines in the journal, read past any server. */
MUST_USE enum rc ask_counties(const struct config *config, struct arena *arena,
                              struct problems *problems, struct list *counties);
/* What a running server answers to GET PATH; RC_UNAVAILABLE: none runs. */
MUST_USE enum rc caller_get(const struct config *config, struct arena *arena,
                            struct str path, struct str *answer);
/* As it stands in a query. */
struct str ask_escaped(struct arena *arena, struct str text);
/* What is wrong, a line each, on standard error. */
void ask_tell(const struct problems *problems, enum rc rc);

#endif
