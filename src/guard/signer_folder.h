/* The ordinary signer of heads: files in the directory of the master keys,
 *
 *     heads-1.key   heads-2.key …   private, 64 hexadecimal digits, the highest signs
 *     heads-1.pem   heads-2.pem …   public, for whoever checks; kept for good
 *
 * An old private key may be deleted once its successor signs. */
#ifndef GUARD_SIGNER_FOLDER_H
#define GUARD_SIGNER_FOLDER_H
#include "base/problem.h"
#include "guard/signer.h"

/* Makes the next key; it signs from the next start on. */
MUST_USE enum rc signer_folder_make(struct problems *problems, struct str path);
/* RC_NOT_FOUND, without a sentence, when there is no key yet; RC_REFUSED with sentences
 * when one is broken or readable by others; RC_UNAVAILABLE: memory cannot be locked. */
MUST_USE enum rc signer_folder_open(struct problems *problems, struct str path,
                                    struct signer_provider *provider);

/* For tests: a random key, gone with the process. */
MUST_USE enum rc signer_memory_open(struct signer_provider *provider);

#endif
