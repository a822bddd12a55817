/* Keys shared with the platform.  Inside engine/upper/ only.  A key is 32 bytes, shown
 * once, sealed where it lies.  Whoever makes another one leaves the one before valid for
 * UPPER_OVERLAP_MS, so that neither side has to change in the same minute: linli signs with
 * the newest that the platform takes, and takes whichever is valid. */
#ifndef ENGINE_UPPER_KEYS_H
#define ENGINE_UPPER_KEYS_H
#include "engine/upper/upper_store.h"

enum { UPPER_SECRET_BYTES = 32, UPPER_KEYS_MAX = 20 };

/* The platform's account in op's county; RC_NOT_FOUND. */
MUST_USE enum rc upper_account(struct op *op, int64_t *account);
/* Those that are valid now, newest first: struct upper_key. */
MUST_USE enum rc upper_keys(struct op *op, struct list *keys);
/* One that is valid, with its secret; RC_NOT_FOUND. */
MUST_USE enum rc upper_key_open(struct op *op, int64_t id, struct upper_key *key,
                                struct str *secret);
/* RC_REFUSED, told, when there is no account for it. */
MUST_USE enum rc upper_key_make(struct op *op, struct upper_key *key, struct str *shown);
MUST_USE enum rc upper_key_end(struct op *op, int64_t id);

#endif
