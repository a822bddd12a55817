/* The ordinary key provider: a directory outside the database and its backups,
 *
 *     master-1.key   master-2.key …   64 hexadecimal digits each, the highest wraps
 *     index.key                       the key of the blind indexes
 *     backup.key                      the key that seals backups
 *
 * made by `linli init`, readable by nobody else; systemd's LoadCredential= fits.
 * Whoever loses it loses every sealed value: it is backed up apart. */
#ifndef GUARD_KEYS_FOLDER_H
#define GUARD_KEYS_FOLDER_H
#include "guard/keys.h"

/* Makes the directory (it may exist, empty) with its first keys.  RC_CONFLICT
 * when there are keys already. */
MUST_USE enum rc keys_folder_init(struct problems *problems, struct str path);
/* Adds the next master key; used from the next start on. */
MUST_USE enum rc keys_folder_rotate(struct problems *problems, struct str path);

/* Reads all keys.  RC_REFUSED with sentences when something is missing, broken
 * or readable by others. */
MUST_USE enum rc keys_folder_open(struct problems *problems, struct str path,
                                  struct key_provider *provider);

/* The key that seals backups; made when there is none yet. */
MUST_USE enum rc keys_folder_backup(struct problems *problems, struct str path,
                                    unsigned char key[KEY_BYTES]);

/* For tests: `masters` random ones, gone with the process. */
MUST_USE enum rc keys_memory_open(int64_t masters, struct key_provider *provider);

#endif
