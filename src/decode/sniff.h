/* What a file is by its first bytes, whatever its name or its sender says; and
 * whether it is something else besides.  Pure functions, used by the server (to
 * answer an upload at once) and by the decoder. */
#ifndef DECODE_SNIFF_H
#define DECODE_SNIFF_H
#include "base/str.h"

enum image_kind {
    IMAGE_NONE,
    IMAGE_JPEG,
    IMAGE_PNG,
    IMAGE_WEBP,
    IMAGE_HEIC, /* also AVIF: known by name, not decoded, since browsers in use cannot */
};

enum { SNIFF_BYTES = 16 }; /* enough of a file's start */

enum image_kind sniff_kind(struct str head);

/* A picture that is at the same time an archive, a document or a page.  What is
 * passed on is drawn anew and carries nothing along; this is for whoever tries.
 * Trailers that cameras append (a film, a second picture, a maker's notes) are
 * no reason to refuse. */
bool sniff_mixed(struct str file);

#endif
