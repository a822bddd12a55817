/* Any bytes as EXIF and as a file to sniff at: read within bounds, and what is
 * found is within its range. */
#include <math.h>

#include "decode/exif.h"
#include "decode/sniff.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct str  bytes = str_slice((const char *)data, n);
    struct exif exif = exif_read(bytes);
    bool        upright = exif.orientation >= 1 && exif.orientation <= 8;
    bool somewhere = !exif.has_place || (fabs(exif.lat) <= 90 && fabs(exif.lng) <= 180);

    demand(upright && somewhere && sniff_kind(bytes) <= IMAGE_HEIC);
    (void)sniff_mixed(bytes);
    return 0;
}
