/* Who was deleted, also outside the database: HOME/deletions, a line each, appended to
 * and never changed, so that a restored backup which still has them forgets them again.
 * It holds numbers alone.  The server writes it within a second of the deletion, and a
 * backup before it begins; a copy of it elsewhere is worth as much as the backup. */
#ifndef APP_KEEP_DELETIONS_H
#define APP_KEEP_DELETIONS_H
#include "base/op.h"
#include "base/problem.h"
#include "gate/journal.h"

struct deletion {
    int64_t county, person, at_ms;
};
extern const struct stmts deletion_stmts;

/* Something about a person has just been committed: the next note is worth the while. */
void deletions_landed(const struct line *line);
/* Did anything land since the last time? */
bool deletions_waiting(void);
/* Appends those of op's database that the file does not have. */
MUST_USE enum rc deletions_note(struct op *op, struct str home);
/* A file's lines (struct deletion); a file that is not there has none.  RC_REFUSED, told:
 * a line that is none. */
MUST_USE enum rc deletions_read(struct problems *problems, struct arena *arena,
                                struct str path, struct list *deletions);
struct str       deletions_path(struct arena *arena, struct str home);

#endif
