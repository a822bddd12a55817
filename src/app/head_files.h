/* Files of signed heads, as signing.h writes them and whoever fetched them kept them: read
 * whole, each signature checked.  Only heads that somebody whose key is trusted has signed
 * are evidence; the others are counted, and the first is named. */
#ifndef APP_HEAD_FILES_H
#define APP_HEAD_FILES_H
#include "base/problem.h"
#include "base/rc.h"
#include "gate/heads.h"
#include "guard/signer.h"

enum bad_head { BAD_UNREADABLE, BAD_FORGED, BAD_KEY, BAD_COUNT };

struct head_files {
    struct head *heads; /* true ones, by county and line */
    size_t       n;
    struct bad_heads {
        size_t     n;
        struct str file; /* of the first */
        size_t     line;
    } bad[BAD_COUNT];
};

/* `path`: a file, or a folder of files named *.heads.  RC_NOT_FOUND, told. */
MUST_USE enum rc head_files_read(struct arena *arena, struct str path,
                                 const struct sm2_publics *publics,
                                 struct problems *problems, struct head_files *files);
/* Those of one county. */
struct list head_files_of(const struct head_files *files, int64_t county);

/* A file of one or more public keys as `linli journal key` prints them. */
MUST_USE enum rc head_keys_read(struct str path, struct problems *problems,
                                struct sm2_publics *publics);

#endif
