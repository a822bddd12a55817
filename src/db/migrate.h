/* Migrations: numbered SQL files (migrations/0001_ground.sql …), compiled into
 * the program, forward only, one transaction each, recorded with the SHA-256 of
 * their text; a recorded one whose text has changed stops the start.  In the
 * text @bytes@ becomes BLOB or BYTEA and @real@ REAL or DOUBLE PRECISION; nothing else
 * differs. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H
#include "db/db.h"

struct migration {
    int         number;
    const char *name;
    const char *sql;
};
/* Generated from migrations/; ends with number 0. */
extern const struct migration migrations[];

/* Brings the database at `where` (made when it is a file that is not there) to
 * the newest; *applied counts. */
MUST_USE enum rc migrate(struct str where, size_t *applied);
MUST_USE enum rc migrate_from(struct str where, const struct migration *all,
                              size_t *applied);
/* Only up to that number: for what was kept by an older version. */
MUST_USE enum rc migrate_to(struct str where, int64_t newest);
/* RC_OK when it is at the newest, RC_CONFLICT otherwise. */
MUST_USE enum rc migrate_check(struct str where);

#endif
