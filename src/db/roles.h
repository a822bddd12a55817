/* Three roles of PostgreSQL: whoever owns the tables and changes them (migrations alone),
 * linli_run, as which the server works, and linli_read, for reports.  The server cannot
 * change a table, nor a line of the journal that is written; whoever takes the server over
 * cannot, either.  The roles that sign in are members of these; how they do is the
 * database administrator's affair.
 *
 * A small place may work with one role: nothing here is needed then. */
#ifndef DB_ROLES_H
#define DB_ROLES_H
#include "db/db.h"

/* As the owner, after migrations: what each role may.  RC_DENIED when the owner may not
 * make roles: then somebody who may has to run roles_text(). */
MUST_USE enum rc roles_grant(struct str owner);
const char      *roles_text(void);

#endif
