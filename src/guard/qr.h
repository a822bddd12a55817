/* A text as a QR code, for a phone to read from a screen; by libqrencode.  The dark
 * squares come as the path of an SVG whose side is `size`, a border not included. */
#ifndef GUARD_QR_H
#define GUARD_QR_H
#include "base/arena.h"
#include "base/str.h"

struct qr {
    int64_t    size;
    struct str path; /* "M0 0h7v1h-7z…"; absent: the text is too long */
};
struct qr qr_of(struct arena *arena, struct str text);

#endif
