/* A form in parts (multipart/form-data) while it arrives: texts go into a form, files onto
 * the disk like every photo that is received, each with its hash.  The pieces are taken
 * apart by libmicrohttpd's own reader.  Nobody's file is written before it is known who
 * they are: `may_store` is asked at the first one, with what the form says so far. */
#ifndef HTTP_OPEN311_PARTS_H
#define HTTP_OPEN311_PARTS_H
#include <microhttpd.h>

#include "guard/sm.h"
#include "http/open311/form.h"

struct received { /* a file */
    struct str    path;
    unsigned char hash[SM3_BYTES];
};

struct parts {
    struct arena    *arena;
    struct str       spool;
    struct problems *problems;
    struct form     *form;
    enum rc (*may_store)(void *context);
    void                     *context;
    struct received           files[PHOTOS_PER_CASE_MAX];
    size_t                    nfiles;
    struct MHD_PostProcessor *reader;
    struct str                name;  /* of the text that is arriving; absent: none */
    char                     *value; /* … and what came of it */
    size_t                    len, room, texts;
    int                       fd; /* of the file that is arriving, -1 */
    size_t                    bytes;
    struct sm3_run           *run;
    enum rc                   rc;
};

MUST_USE enum rc parts_begin(struct parts *parts, struct MHD_Connection *connection);
MUST_USE enum rc parts_take(struct parts *parts, const char *piece, size_t len);
MUST_USE enum rc parts_end(struct parts *parts);  /* all has come */
void             parts_drop(struct parts *parts); /* also of NULL: no file stays */

#endif
