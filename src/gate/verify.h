/* Is the journal what it was?  The chain is walked from its first line; every line's hash
 * and payload must fit, and it must pass through every signed head that is given
 * (heads.h).  What does not is told by its first wrong line, by what was probably done,
 * and by the signed head that disproves it.
 *
 * The chain alone finds a line that somebody changed; only a signed head finds a chain of
 * which everything was recomputed, or of which the end is missing. */
#ifndef GATE_VERIFY_H
#define GATE_VERIFY_H
#include "gate/heads.h"

enum fault {
    FAULT_NONE,
    /* `line` is there, with other contents; or a line before it and behind `holds` is, and
     * its hash was recomputed: the chain cannot tell. */
    FAULT_CHANGED,
    FAULT_CONTENT,  /* `line` is as it was, its sealed payload is not */
    FAULT_REMOVED,  /* lines `line` to `other` are missing */
    FAULT_ADDED,    /* lines `line` to `other` do not belong there */
    FAULT_SWAPPED,  /* `line` and `other` stand in each other's place */
    FAULT_UNLINKED, /* `line` joins neither the one before nor the one behind */
    FAULT_CUT,      /* the end is missing, from `line` on; it went up to `other` at least */
    FAULT_REWRITTEN, /* between `line` and `other`, hashes and all */
    FAULT_COUNT
};

struct verdict {
    enum fault         fault;
    int64_t            line, other;
    int64_t            lines;    /* walked, up to the first wrong one */
    size_t             passed;   /* heads that the chain passes through */
    const struct head *holds;    /* the last of these, NULL: none */
    const struct head *disproof; /* the head that shows the fault, NULL: none covers it */
};

/* `heads`: of this county, in order of lines, their signatures checked.  RC_OK whatever
 * the verdict is; a server may be writing meanwhile. */
MUST_USE enum rc journal_inspect(struct op *op, int64_t county, const struct head *heads,
                                 size_t n, struct verdict *verdict);

#endif
