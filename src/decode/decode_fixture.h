/* Pictures to send, and the program to send them to: for the tests of the decoder and
 * of those who use it. */
#ifndef DECODE_DECODE_FIXTURE_H
#define DECODE_DECODE_FIXTURE_H
#include <vips/vips.h>

#include "base/str.h"

/* linli-decode, which stands in the same build tree as its tests. */
struct str decode_program(struct arena *arena);

/* Left half red, right half blue: one can see which way up it is. */
VipsImage *picture_halves(int width, int height);
VipsImage *picture_flat(int width, int height, int bands);

/* As a file, by the ending ".jpg", ".png[interlace]" …; takes the image. */
struct str picture_saved(struct arena *arena, VipsImage *image, const char *as);

/* A JPEG with one segment more, right behind its start. */
struct str picture_with(struct arena *arena, struct str jpeg, unsigned char marker,
                        struct str body);
/* A JPEG that tells a lot, each time with the word SECRET: comment, IPTC, XMP, and
 * EXIF with orientation 6 and a place in 襄阳, 32°2′36.6″N 112°8′24″E. */
struct str picture_telling(struct arena *arena, struct str jpeg);

#endif
