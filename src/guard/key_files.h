/* Files that hold one key each, 64 hexadecimal digits, in a directory that nobody but
 * its owner may change: what the providers that read keys from files share. */
#ifndef GUARD_KEY_FILES_H
#define GUARD_KEY_FILES_H
#include "guard/keys.h"

/* The directory, or -1 with a sentence. */
MUST_USE int key_folder_open(struct problems *problems, struct str path);

/* RC_NOT_FOUND without a sentence; RC_REFUSED with one, also for a file that others
 * may read. */
MUST_USE enum rc key_file_read(struct problems *problems, int folder, const char *name,
                               unsigned char key[KEY_BYTES]);
/* Into a file that is not there yet, on the disk when this returns. */
MUST_USE enum rc key_file_make(struct problems *problems, int folder, const char *name,
                               const unsigned char key[KEY_BYTES]);
MUST_USE enum rc key_file_put(struct problems *problems, int folder, const char *name,
                              int mode, struct str text);
bool             key_file_there(int folder, const char *name);
/* RC_REFUSED, told: "密钥文件 NAME SAYS。" */
enum rc key_file_refuse(struct problems *problems, const char *name, const char *says);

#endif
