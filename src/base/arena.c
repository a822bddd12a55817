#include "base/arena.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = alignof(max_align_t), BLOCK_BYTES = 8192 };

struct arena_block {
    struct arena_block *older;
    size_t              size, used;
    alignas(max_align_t) unsigned char bytes[];
};

static _Atomic size_t fail_in;

size_t arena_fail_at(size_t n)
{
    return atomic_exchange(&fail_in, n);
}

static bool told_to_fail(void)
{
    return fail_in != 0 && --fail_in == 0;
}

void arena_init(struct arena *arena, size_t budget)
{
    *arena = (struct arena){ .budget = budget };
}

static void drop_until(struct arena *arena, const struct arena_block *keep)
{
    while (arena->blocks != keep) {
        struct arena_block *older = arena->blocks->older;
        free(arena->blocks);
        arena->blocks = older;
    }
}

void arena_free(struct arena *arena)
{
    drop_until(arena, NULL);
    *arena = (struct arena){ 0 };
}

static struct arena_block *add_block(struct arena *arena, size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;

    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        return NULL;
    block->older = arena->blocks;
    block->size = size;
    block->used = 0;
    arena->blocks = block;
    return block;
}

/* `whole` bytes as they come. */
static unsigned char *take(struct arena *arena, size_t whole)
{
    struct arena_block *block = arena->blocks;

    if (whole > arena->budget - arena->taken || told_to_fail())
        goto over;
    if (!block || block->size - block->used < whole)
        block = add_block(arena, whole);
    if (!block) {
        arena->starved = true;
        goto over;
    }
    unsigned char *at = block->bytes + block->used;
    block->used += whole;
    arena->taken += whole;
    return at;
over:
    arena->over = true;
    return NULL;
}

/* SIZE_MAX, which no budget has, when it does not fit. */
static size_t aligned(size_t bytes)
{
    return bytes > SIZE_MAX - ALIGN ? SIZE_MAX : (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

void *arena_take_raw(struct arena *arena, size_t bytes)
{
    return take(arena, aligned(bytes));
}

void *arena_take(struct arena *arena, size_t bytes)
{
    size_t whole = aligned(bytes);
    void  *at = take(arena, whole);

    return at ? memset(at, 0, whole) : NULL;
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes)) {
        arena->over = true;
        return NULL;
    }
    return arena_take(arena, bytes);
}

/* Bytes that follow what was taken last, if it was that and there is room. */
static bool widen(struct arena *arena, const unsigned char *old, size_t had, size_t more)
{
    struct arena_block *block = arena->blocks;

    if (!old || !block || old + had != block->bytes + block->used ||
        more > block->size - block->used || more > arena->budget - arena->taken)
        return false;
    block->used += more;
    arena->taken += more;
    return true;
}

void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t bytes)
{
    assert(bytes >= old_bytes);
    size_t         had = aligned(old_bytes), want = aligned(bytes);
    unsigned char *grown = old;

    if (!widen(arena, old, had, want - had)) {
        grown = take(arena, want);
        if (!grown)
            return NULL;
        if (old_bytes)
            memcpy(grown, old, old_bytes);
    }
    memset(grown + old_bytes, 0, want - old_bytes);
    return grown;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){
        .block = arena->blocks,
        .used = arena->blocks ? arena->blocks->used : 0,
        .taken = arena->taken,
    };
}

void arena_back(struct arena *arena, struct arena_mark mark)
{
    drop_until(arena, mark.block);
    if (arena->blocks)
        arena->blocks->used = mark.used;
    arena->taken = mark.taken;
    arena->over = arena->starved = false;
}
