#ifndef ENGINE_PHOTO_PHOTO_H
#define ENGINE_PHOTO_PHOTO_H
#include "base/op.h"
/* Ties the asker's own photos to a case. */
MUST_USE enum rc photo_attach(struct op *op, const int64_t *ids, size_t n, int64_t owner);
#endif
