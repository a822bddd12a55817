/* Keeping what there is: a backup of a running installation, its way back into an empty
 * one, and the move from SQLite to PostgreSQL.  All three copy whole tables (db/schema.h)
 * in the order of their keys, and compare by the SM3 of what was copied.
 *
 * A backup is two files: NAME, with the rows and the files of a single moment, and
 * NAME.keys, with the keys of persons of that moment.  Whoever deletes a person destroys
 * their key; a copy of it must not outlive that for long, so the second file is thrown
 * away after 30 days and the first may be kept for years: with the keys of a newer one it
 * opens for everybody who has not been deleted since. */
#ifndef APP_KEEP_KEEP_H
#define APP_KEEP_KEEP_H
#include "app/house.h"
#include "app/keep/reading.h"

enum { KEYS_KEPT_DAYS = 30 };

struct kept {
    struct archive_told told;
    struct str          path;
    int64_t             bytes;     /* in the archive, before it is sealed */
    int64_t             missing;   /* files that rows name and the disk has not */
    int64_t             thrown;    /* .keys files that had grown old */
    int64_t             forgotten; /* deletions done again */
    int64_t             made_ms;   /* when what was restored was backed up */
};

/* Into a folder, under a name of the moment, or into that very file.  Of a server that
 * runs, or of none. */
MUST_USE enum rc backup_make(const struct config *config, struct problems *problems,
                             struct str where, struct kept *kept);
/* The whole of an archive; nothing is changed. */
MUST_USE enum rc backup_verify(const struct config *config, struct problems *problems,
                               struct str path, struct kept *kept);

/* Into an empty installation, of either engine, from either engine: rows and files, then
 * deletions that were made since, then the journal is verified; only then it may be
 * served.  Sessions and leases are not brought back. */
struct restoring {
    struct str file;
    struct str keys;      /* absent: FILE.keys */
    struct str deletions; /* a further list of them; absent: only HOME/deletions */
};
MUST_USE enum rc backup_restore(const struct config *config, struct problems *problems,
                                const struct restoring *asked, struct kept *kept);

/* From SQLite to an empty PostgreSQL database, while nothing is served.  Stopped or
 * killed it goes on where it was when asked again; both ends are compared before the new
 * one may be served, and the old one never is again. */
MUST_USE enum rc move_to(const struct config *config, struct problems *problems,
                         struct str to, struct kept *kept);
/* The old one may be served again; RC_REFUSED, told, once it has been moved. */
MUST_USE enum rc move_cancel(const struct config *config, struct problems *problems,
                             struct kept *kept);

/* Every county's chain; RC_CONFLICT, told. */
MUST_USE enum rc keep_verify_journal(struct house *house, struct problems *problems);

/* The keys alone, for an archive where there is no house yet; keys_close() ends it. */
MUST_USE enum rc keep_open_keys(const struct config *config, struct problems *problems,
                                unsigned char backup[FILE_KEY_BYTES]);

/* Schema and statements of a copy, for a database of the first migrations (0: all). */
struct copying {
    struct arena         arena;
    struct schema        schema;
    struct db_catalogue *catalogue;
};
MUST_USE enum rc copying_begin(struct copying *copying, int64_t migration);
void             copying_end(struct copying *copying);

#endif
