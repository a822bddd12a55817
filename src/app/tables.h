/* Everything that the program consists of, in three lists: acts, statements,
 * followers.  The one place that a new engine is told of. */
#ifndef APP_TABLES_H
#define APP_TABLES_H
#include "db/db.h"
#include "gate/follower.h"

void                          tables_acts(bool demo);
MUST_USE struct db_catalogue *tables_catalogue(void);
/* And what copying whole tables asks. */
enum { TABLES_MORE_MAX = 4 };
MUST_USE struct db_catalogue *tables_catalogue_with(const struct stmts *const *more,
                                                    size_t                     n);
extern const struct followers tables_followers;

#endif
