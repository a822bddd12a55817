/* One picture: judged by its header before anything is decoded, turned upright,
 * brought to sRGB, and drawn anew in two sizes as JPEG without any metadata.
 * By libvips with three of its loaders, the others blocked. */
#ifndef DECODE_IMAGE_H
#define DECODE_IMAGE_H
#include "decode/wire.h"

/* Once, before the calls are confined. */
MUST_USE bool image_start(const char *program);

struct image_want {
    const struct decode_mark *marks;
    size_t                    nmarks;
    int                       screen, thumb; /* descriptors */
};
/* The picture stands at `at`.  Writes both sizes to the descriptors and fills in
 * the answer's verdict and what belongs to it. */
void image_make(void *at, size_t len, const struct image_want *want,
                struct decode_answer *answer);

#endif
