/* The event platform above 上级平台: a city's own, to which a county hands cases up and
 * from which it is handed cases down.  docs/upper.md says what goes over the wire.
 *
 * The platform is an account with the role `upper`, never a person's.  A case that is
 * handed up is held by that account, so that everything else of the engine holds for it:
 * its moves are the scene's, made through the gate; it is never without a holder, and when
 * the platform gives it back it is its former holder's again.
 *
 * What we say is written by a follower of the journal, in the transaction of the line that
 * it tells of (its own cursor commits with it), one message a line, numbered within the
 * case.  A worker sends them, one of a case at a time, at least once: a message keeps its
 * id until the platform has answered it.  What cannot be delivered is tried again, further
 * and further apart, for three days; then it is stuck, and the operation centre is told.
 *
 * What the platform says comes signed (guard/signature.h), is done once for each id, and only when it
 * is newer than what it has said of that case before. */
#ifndef ENGINE_UPPER_UPPER_H
#define ENGINE_UPPER_UPPER_H
#include "base/limits.h"
#include "gate/act.h"
#include "gate/follower.h"
#include "registry/keeper.h"

struct sockaddr; /* sys/socket.h */
struct stmts;    /* db/db.h */

extern const struct act           upper_acts[];
extern const struct stmts         upper_stmts;
extern const struct follower      upper_follower;
extern const struct person_keeper upper_keeper;

/* Where the platform of a county is: from the installation's own settings and from nowhere
 * else.  Told once, before anything runs. */
enum { UPPER_PLATFORMS_MAX = 64 };
struct upper_platform {
    struct str county; /* its code */
    struct str base;   /* "https://…/", ends with "/" */
};
struct upper_options {
    const struct upper_platform *platforms;
    size_t                       n;
    const char                  *ca; /* a PEM file of its own; NULL: the machine's */
    /* May that address be spoken to at all?  Asked once the name was resolved. */
    bool (*may_reach)(const struct sockaddr *address);
};
void upper_told(const struct upper_options *options);

/* "420602=https://platform.example.cn/linli": false when it is not that.  Plain http goes
 * only to this machine itself. */
MUST_USE bool upper_platform_parse(struct arena *arena, struct str text,
                                   struct upper_platform *platform);

/* Is op's county connected to one? */
bool upper_here(struct op *op);

/* Who signs a request: the platform's account, which may then do what RIGHT_UPPER allows
 * and nothing else.  RC_UNAUTHENTICATED, told why. */
struct upper_caller {
    struct str authorization, method, target; /* as they came */
};
MUST_USE enum rc upper_caller(struct op *op, const struct upper_caller *caller,
                              struct actor *actor);

/* For /metrics and `linli doctor`, of all counties. */
struct upper_waiting {
    int64_t waiting, stuck, oldest_ms; /* 0: none */
};
MUST_USE enum rc upper_waiting(struct op *op, struct upper_waiting *waiting);

/* Speaks to the platform of op's county now: is it there, does its clock agree? */
struct upper_reached {
    bool       reached;
    int64_t    status;  /* of HTTP; 0: none */
    int64_t    ms;      /* how long it took */
    int64_t    skew_ms; /* its clock minus ours, by its Date to the second */
    struct str says;
};
MUST_USE enum rc upper_reach(struct op *op, struct upper_reached *reached);
/* For each county that is connected, with op->county set. */
MUST_USE enum rc upper_each(struct op *op, enum rc (*each)(void *context, struct op *op),
                            void      *context);

#endif
