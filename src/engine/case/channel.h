/* Channels 渠道: the ways in which a case comes in.  They are rows of scene/words.def, each
 * with the right that it takes and whose the case then is: residents have their own page
 * and nothing else, staff what their duties let them take down, machines what their keys
 * are for.  A kind may name those that it takes.  Where a case may be taken down is not
 * asked: a counter takes whatever somebody brings, and routes find whose it is.  Inside
 * engine/case only. */
#ifndef ENGINE_CASE_CHANNEL_H
#define ENGINE_CASE_CHANNEL_H
#include "engine/case/case.h"

enum channel_takes {
    TAKES_SELF,     /* the asker's own */
    TAKES_PERSON,   /* somebody's for whom it is taken down (intake.h) */
    TAKES_MACHINE,  /* another system's */
    TAKES_PLATFORM, /* one's that has a right of its own */
    TAKES_PAST,     /* import.h alone: what another system had */
};
enum channel_takes channel_takes(enum channel channel);
/* Of a case that was opened; CHANNEL_COUNT: one that is no more. */
enum channel channel_of(const struct case_row *row);

/* The one that was named, or the first that the kind takes and the asker may use.
 * RC_INVALID for one that there is not, RC_REFUSED for one that the kind does not take,
 * RC_DENIED for one that is not the asker's; told at "channel". */
MUST_USE enum rc channel_choose(struct op *op, const struct case_kind *kind,
                                struct str word, enum channel *channel);
/* The import's, which has asked who does it. */
MUST_USE enum rc channel_past(struct op *op, const struct case_kind *kind,
                              enum channel *channel);

#endif
