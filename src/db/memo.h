/* What was read in a transaction of the writer and is asked for again in it: a county's
 * calendar, who is on duty.  Nobody else can change it meanwhile, as a county has one
 * writer; so it is read once for a batch of acts, not once for each.  It is let go when the
 * transaction ends or goes back to a savepoint, and by whoever changes it.
 *
 * Outside such a transaction nothing is kept: each asks the database. */
#ifndef DB_MEMO_H
#define DB_MEMO_H
#include "base/arena.h"
#include "base/str.h"

struct db;

/* What was kept under that key, until the end of the transaction; NULL: nothing. */
const void *memo_find(struct db *db, struct str key);
/* Where what is to be kept is put together, to its last text; NULL: nothing is kept now. */
struct arena *memo_arena(struct db *db);
/* A NULL value, of which there was no room for some part, is not kept. */
void memo_add(struct db *db, struct str key, const void *value);
/* Nothing kept so far is found any more; whoever has it may look at it on. */
void memo_drop(struct db *db);

#endif
