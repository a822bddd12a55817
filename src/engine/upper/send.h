/* One call to the platform of op's county, signed; by libcurl, on the caller's thread,
 * never the writer's.  The address is the installation's setting; TLS is checked; no
 * redirect is followed, no proxy of the environment used; time and size of the answer are
 * limited; the address that the name turned out to mean is asked about before anything is
 * said to it.  Inside engine/upper/ only. */
#ifndef ENGINE_UPPER_SEND_H
#define ENGINE_UPPER_SEND_H
#include "base/op.h"

struct upper_call {
    const char *method;
    struct str  path; /* below the platform's address: "messages" */
    struct str  type, body;
    int64_t     wait_ms;
};
struct upper_answer {
    int64_t    status;  /* 0: nobody answered */
    struct str body;    /* up to UPPER_ANSWER_BYTES_MAX */
    int64_t    date_ms; /* of its Date; 0: none */
    struct str why;     /* nobody answered, in words for people */
};
/* Signs with the newest key; where the platform does not know that yet (401), with the one
 * before.  RC_OK also when nobody answered. */
MUST_USE enum rc upper_send(struct op *op, const struct upper_call *call,
                            struct upper_answer *answer);

#endif
