/* Memory of one operation: a request, a batch, a scene.  Everything that is
 * made while it runs is taken from its arena and goes with it; nothing is
 * freed piece by piece.  An arena has a budget in bytes.  A request beyond it
 * (or a malloc that fails) gives NULL and marks the arena `over` for good, so
 * that the owner can check once at the end and answer "too large" instead of
 * checking each call.  Text builders pass the NULL on as an absent text.
 * Memory comes zeroed, aligned for any type.  One arena, one thread. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdbool.h>
#include <stddef.h>

#include "base/lang.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t              taken;  /* bytes handed out */
    size_t              budget;
    bool                over;
    bool                starved; /* `over`, since malloc failed: not the asker's doing */
};

struct arena_mark {
    struct arena_block *block;
    size_t              used, taken;
};

enum { ARENA_REQUEST_BYTES = 1 << 20, ARENA_IMPORT_BYTES = 8 << 20 };

void arena_init(struct arena *arena, size_t budget);
void arena_free(struct arena *arena); /* may be used again after arena_init */

MUST_USE void *arena_take(struct arena *arena, size_t bytes);
/* As it comes: for whoever writes every byte of it at once. */
MUST_USE void *arena_take_raw(struct arena *arena, size_t bytes);
MUST_USE void *arena_array(struct arena *arena, size_t n, size_t size);
/* A larger copy of an array that was taken from this arena; in place when it
 * was the last thing taken.  NULL leaves the old one as it was. */
MUST_USE void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t bytes);

#define arena_new(arena, type)     ((type *)arena_take((arena), sizeof(type)))
#define arena_many(arena, n, type) ((type *)arena_array((arena), (n), sizeof(type)))

/* What was taken after the mark is given back; `over` and `starved` are cleared. */
struct arena_mark arena_mark(const struct arena *arena);
void              arena_back(struct arena *arena, struct arena_mark mark);

/* Tests only: the n-th arena_take from now on fails (0: never).  What was left to count
 * of the one before: 0, it has failed. */
size_t arena_fail_at(size_t n);

#endif
