/* What the platform says, done once.  Inside engine/upper/ only. */
#ifndef ENGINE_UPPER_HEAR_H
#define ENGINE_UPPER_HEAR_H
#include "base/field.h"
#include "engine/upper/upper_store.h"

struct hear_args {
    struct str  message, kind; /* accepted … withdrawn, handed */
    int64_t     case_id;       /* ours; 0: handed down */
    struct str  number;        /* theirs */
    int64_t     seq;
    struct str  text;
    struct list photos;                   /* int64_t, sent before */
    struct str  scene, case_kind, fields; /* handed: as of case.open */
};
struct hear_answer {
    struct str message;
    int64_t    case_id;
    struct str number, state, state_title;
    bool       taken; /* false: older than what was said before */
};
enum { HEAR_NFIELDS = 10, HEAR_ANSWER_NFIELDS = 6 };
extern const struct field hear_fields[HEAR_NFIELDS];
extern const struct field hear_answer_fields[HEAR_ANSWER_NFIELDS];

/* The answer as JSON.  RC_CONFLICT: that id said something else before; RC_NOT_FOUND,
 * RC_REFUSED, RC_INVALID, told. */
MUST_USE enum rc upper_hear(struct op *op, const struct hear_args *args,
                            struct str *answer);
/* The case comes back to its former holder; what waits for the platform is dropped. */
MUST_USE enum rc upper_give_up(struct op *op, int64_t message, struct str reason);

#endif
