/* The web client's files, read once at the start and held in memory, plain and
 * compressed, each with its answers ready made.  What a path can reach is therefore
 * exactly what was found below the folder then: no dot files, no links, no listing.
 * A folder is its index.html.  Names under /assets/ carry their content's hash and
 * may be kept for ever; everything else is asked for again by its tag. */
#ifndef HTTP_FILES_H
#define HTTP_FILES_H
#include <microhttpd.h>

#include "base/rc.h"

struct files;

MUST_USE struct files *files_new(bool secure);
void                   files_free(struct files **files); /* the daemons have stopped */

/* All below a folder.  RC_NOT_FOUND: there is none; RC_TOO_LARGE: beyond
 * HTTP_FILES_BYTES_MAX. */
MUST_USE enum rc files_read(struct files *files, struct str folder);
/* One more, from memory that outlives them. */
MUST_USE enum rc files_add(struct files *files, struct str path, struct str bytes);
/* After the last of them, before the first is found. */
void files_sort(struct files *files);

struct file_answer {
    struct MHD_Response *response; /* borrowed */
    unsigned             status;
};

/* RC_NOT_FOUND.  `etags` and `encodings` are If-None-Match and Accept-Encoding. */
MUST_USE enum rc files_find(const struct files *files, struct str path, struct str etags,
                            struct str encodings, struct file_answer *answer);
/* Is "/desk" a folder, to be asked for as "/desk/"? */
bool files_folder(const struct files *files, struct str path);

#endif
