/* The form in which a file lies on the disk, sealed by AES-256-GCM in chunks, so
 * that a large one needs little memory and nothing of it is given out unchecked:
 *
 *     "linli 1\n" · 32 random bytes · chunks of up to 64 KiB, each with its tag
 *
 * The random bytes make a key of its own for every file, out of the key that is
 * passed in; so the nonce can count the chunks, and says which one is the last.
 * Chunks that are changed, swapped, left out or added show; so does a file that
 * was cut off at the end of a chunk (Hoang et al., STREAM, 2015). */
#ifndef GUARD_FILE_SEAL_H
#define GUARD_FILE_SEAL_H
#include "base/rc.h"

enum { FILE_KEY_BYTES = 32 };

/* Writes `bytes`, sealed, to the file's end.  RC_UNAVAILABLE when the disk does not
 * take it. */
MUST_USE enum rc file_seal(int file, const unsigned char key[FILE_KEY_BYTES],
                           struct str bytes);

/* The same for what comes bit by bit and is not known to its end.  sealing_end()
 * frees it whatever it answers; so does sealing_drop(), for what broke off. */
struct sealing;
MUST_USE enum rc sealing_begin(int file, const unsigned char key[FILE_KEY_BYTES],
                               struct sealing **sealing);
MUST_USE enum rc sealing_add(struct sealing *sealing, struct str bytes);
MUST_USE enum rc sealing_end(struct sealing **sealing);
void             sealing_drop(struct sealing **sealing); /* also of NULL */

/* How many bytes are in a sealed file of that size; false when no sealed file has
 * that size. */
MUST_USE bool file_sealed_holds(int64_t size, size_t *bytes);

/* Opens a sealed file, from its start, into memory of file_sealed_holds() bytes or
 * into another file.  RC_CONFLICT: it is not what was sealed with that key; what
 * was written so far is then good for nothing. */
MUST_USE enum rc file_unseal(int file, const unsigned char key[FILE_KEY_BYTES], char *into,
                             size_t len);
MUST_USE enum rc file_unseal_to(int file, const unsigned char key[FILE_KEY_BYTES], int into,
                                size_t len);

/* The same bit by bit, of a file of that size.  opening_read() gives exactly as many
 * bytes as asked for; RC_CONFLICT also when there are not so many. */
struct opening;
MUST_USE enum rc opening_begin(int file, int64_t size,
                               const unsigned char key[FILE_KEY_BYTES],
                               struct opening    **opening);
MUST_USE enum rc opening_read(struct opening *opening, char *into, size_t len);
size_t           opening_left(const struct opening *opening);
void             opening_end(struct opening **opening); /* also of NULL */

#endif
