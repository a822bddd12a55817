/* The house: everything opened in the right order, and closed again.  A server and
 * the command line open the same one; only what listens is the server's. */
#ifndef APP_HOUSE_H
#define APP_HOUSE_H
#include "app/config.h"
#include "base/problem.h"
#include "base/rc.h"
#include "gate/gate.h"
#include "guard/actor.h"

#ifdef LINLI_PLANTED
#define LINLI_VERSION "0.1.0 (with holes, for tests only)"
#else
#define LINLI_VERSION "0.1.0"
#endif

struct house {
    const struct config *config;
    struct arena         arena;
    struct db_catalogue *catalogue;
    struct gate         *gate;
    int                  lock;       /* of the home, -1: none */
    struct db           *db;         /* a reader's connection, the main thread's */
    bool                 demo, made; /* house_mark() */
};

/* `landed` is told of every committed line, may be NULL.  Mistakes that the person
 * at the keyboard can mend are told as problems. */
typedef void     house_landed(void *context, const struct line *line);
MUST_USE enum rc house_open(const struct config *config, house_landed *landed,
                            void *context, struct problems *problems, struct house **house);
/* The database brought to this version; what is wrong is told. */
MUST_USE enum rc house_migrate(const struct config *config, struct problems *problems,
                               size_t *applied);
/* Without a gate: nothing can be changed; a server may be running meanwhile. */
MUST_USE enum rc house_open_to_read(const struct config *config, struct problems *problems,
                                    struct house **house);
/* Nothing is accepted any more: what the journal ends with is signed. */
void             house_close_gate(struct house *house);
void             house_close(struct house **house);
/* The home for this process alone, while `lock` is open.  RC_REFUSED, told. */
MUST_USE enum rc house_lock(const struct config *config, struct problems *problems,
                            int *lock);

/* Marks the database, for good: HOUSE_DEMO, it shows made-up people; HOUSE_MADE,
 * `linli init` came to its end.  Only what is made is served. */
#define HOUSE_DEMO STR("demo")
#define HOUSE_MADE STR("made")
/* And with where to: HOUSE_MOVING, its rows are on their way; HOUSE_MOVED, they are
 * there.  Neither is opened again. */
#define HOUSE_MOVING STR("moving")
#define HOUSE_MOVED  STR("moved")
/* On the other end: which move brings it; it stays. */
#define HOUSE_ARRIVING STR("arriving")
MUST_USE enum rc house_mark(struct house *house, struct str name);

/* Whoever sits at this machine and may read its keys; and the clock. */
struct actor house_local_actor(void);
struct actor house_clock_actor(void);

/* Asks an act and waits.  `body` is the JSON object of its arguments.  The answer's
 * text lives in `arena`. */
struct house_answer {
    enum rc         rc;
    struct str      text; /* JSON, absent: none */
    struct problems problems;
};
struct house_answer house_ask(struct house *house, struct arena *arena,
                              const struct actor *actor, const char *act, struct str body);

#endif
