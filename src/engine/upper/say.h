/* What a message to the platform says: the case as it stands now, whole, so that one that
 * was lost or came late leaves nothing unsaid.  Inside engine/upper/ only. */
#ifndef ENGINE_UPPER_SAY_H
#define ENGINE_UPPER_SAY_H
#include "engine/case/case.h"
#include "engine/upper/upper_store.h"

const struct upper_options  *upper_options_told(void);
const struct upper_platform *upper_platform(struct op *op); /* NULL: not connected */

#define SAYS_HANDED   STR("handed")   /* it is yours now */
#define SAYS_UPDATE   STR("update")   /* something happened to it */
#define SAYS_RECALLED STR("recalled") /* it is not yours any more */

/* Writes it behind what waits of that case; counts the link's sent_seq. */
MUST_USE enum rc upper_say(struct op *op, struct upper_link *link, struct str kind,
                           const struct a_case *it, const struct case_line *line,
                           int64_t at_ms);

#endif
