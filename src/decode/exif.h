/* The two things we want of a picture's EXIF: which way up it was held, and
 * where it was taken.  A bounded reader of TIFF directories (EXIF 2.32, §4.6):
 * it follows the first directory and the GPS directory that this names, no
 * chains, so that no input makes it loop.  Whatever does not fit is not there. */
#ifndef DECODE_EXIF_H
#define DECODE_EXIF_H
#include "base/str.h"

struct exif {
    int    orientation; /* 1 … 8; 1 when it is not said */
    bool   has_place;
    double lat, lng; /* degrees, as the camera has them (WGS-84) */
};

/* With or without the "Exif\0\0" in front. */
struct exif exif_read(struct str bytes);

#endif
