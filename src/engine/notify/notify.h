/* Telling people 站内消息: a follower of the journal.  Whatever engine writes a line
 * puts into its payload whom to tell and in which words:
 *
 *     {…, "tell": [{"account": "…", "title": "…", "says": "…"}, …]}
 *
 * and this follower makes one inbox row of each, once, however often it has to
 * catch up.  It knows no engine. */
#ifndef ENGINE_NOTIFY_NOTIFY_H
#define ENGINE_NOTIFY_NOTIFY_H
#include "gate/act.h"
#include "gate/follower.h"
#include "gate/telling.h"
#include "registry/keeper.h"

struct stmts; /* db/db.h */

extern const struct follower notify_follower;
extern const struct act      notify_acts[];
extern const struct stmts    notify_stmts;

/* A deleted person's own messages go, and what others were told of what was theirs is
 * written over. */
extern const struct person_keeper notify_keeper;

/* struct telling, of a line's payload; none when it tells nobody. */
MUST_USE enum rc notify_told(struct arena *arena, struct str payload, struct list *told);
/* How many the account has not read. */
MUST_USE enum rc notify_unread(struct op *op, int64_t account, int64_t *unread);

#endif
