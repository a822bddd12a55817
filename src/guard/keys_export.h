/* The key folder in one file, sealed under a passphrase (argon2id, then file_seal.h):
 *
 *     "linli keys 1\n" · 16 random bytes · sealed: for each file its name, size, bytes
 *
 * Database and backups are useless without these keys, and they must not lie beside
 * them: whoever has both has everything. */
#ifndef GUARD_KEYS_EXPORT_H
#define GUARD_KEYS_EXPORT_H
#include "base/problem.h"
#include "base/rc.h"

enum { PASSPHRASE_MIN = 15 }; /* characters */

/* Every file of the folder into a new one.  RC_REFUSED with sentences; then there is no
 * such file. */
MUST_USE enum rc keys_export(struct problems *problems, struct str folder, struct str file,
                             struct str passphrase, size_t *files);
/* Into a folder that has no keys yet (it is made).  RC_REFUSED with a sentence, also for
 * a wrong passphrase or a file that is not what was exported; then nothing was written. */
MUST_USE enum rc keys_import(struct problems *problems, struct str folder, struct str file,
                             struct str passphrase, size_t *files);

#endif
