/* Photos for stories: a PNG that no other is like, coloured noise in soft blocks,
 * so that nothing takes two of them for the same picture. */
#ifndef APP_STORY_PHOTO_H
#define APP_STORY_PHOTO_H
#include "base/arena.h"
#include "base/str.h"

struct str story_photo(struct arena *arena, uint64_t seed);

#endif
