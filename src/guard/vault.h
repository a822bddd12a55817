/* The vault: files, sealed, in a directory of their own (later elsewhere; nobody
 * outside sees which).  A file goes by an id that its owner chose and keeps in a
 * row of the database; on the disk its name is a MAC of that id and its content is
 * sealed under a key tied to that id (file_seal.h), so the directory tells nothing
 * and two files cannot be swapped.  The rows are the references: whoever writes a
 * row puts the file first, whoever deletes the last row removes it after.
 *
 * The vault's key lies beside the files, wrapped by the master key (keys.h); it is
 * wrapped again by itself when a newer master is there.  A vault is used by all
 * threads. */
#ifndef GUARD_VAULT_H
#define GUARD_VAULT_H
#include "base/problem.h"
#include "base/rc.h"

struct vault;

/* Makes the directory (0700) with its key when it is not there.  RC_REFUSED with a
 * sentence when it cannot be used: files without a key, a key that no master here
 * unwraps. */
MUST_USE enum rc vault_open(struct problems *problems, struct str path,
                            struct vault **vault);
void             vault_close(struct vault **vault); /* also of NULL */

/* On the disk, under its name, when this returns RC_OK; an older one of that id is
 * replaced in one step.  RC_UNAVAILABLE when the disk does not take it. */
MUST_USE enum rc vault_put(struct vault *vault, struct str id, struct str bytes);
/* The same from a file, which must not change meanwhile. */
MUST_USE enum rc vault_put_file(struct vault *vault, struct str id, int file);

/* RC_NOT_FOUND; RC_TOO_LARGE above `most`; RC_INTERNAL, told in the log, when the
 * file is not what was put. */
MUST_USE enum rc vault_load(struct vault *vault, struct arena *arena, struct str id,
                            size_t most, struct str *bytes);
/* The same into a file; on any other answer than RC_OK its content is no good. */
MUST_USE enum rc vault_copy(struct vault *vault, struct str id, int into);

/* RC_OK also when it was not there. */
MUST_USE enum rc vault_remove(struct vault *vault, struct str id);

/* Removes what nobody names any more: every file older than `older_ms` that is none
 * of those ids, and what a crash left half written. */
MUST_USE enum rc vault_sweep(struct vault *vault, struct arena *arena,
                             const struct str *ids, size_t n, int64_t older_ms,
                             int64_t *removed);

/* For a backup: until it is let go, what is removed, by whichever process, is only put
 * aside, so that every file a snapshot of the database names can still be read.
 * RC_BUSY: another backup holds it. */
struct vault_hold {
    int lock;
};
MUST_USE enum rc vault_hold(struct vault *vault, struct vault_hold *hold);
void             vault_let_go(struct vault *vault, struct vault_hold *hold);

/* A file of a held vault as it lies on the disk, sealed, and its path in the vault's
 * folder.  It is closed by whoever asked.  RC_NOT_FOUND. */
enum { VAULT_PATH_BYTES = 67 };
struct vault_path {
    char at[VAULT_PATH_BYTES];
};
MUST_USE enum rc vault_sealed(struct vault *vault, struct str id, struct vault_path *path,
                              int *file);
/* The vault's own key, wrapped by a master key, without which its files stay shut. */
#define VAULT_KEY_PATH STR("vault.key")
MUST_USE enum rc vault_wrapped_key(struct vault *vault, int *file);

#endif
