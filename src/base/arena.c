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

void *arena_take(struct arena *arena, size_t bytes)
{
    size_t              whole = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct arena_block *block = arena->blocks;

    if (whole < bytes || whole > arena->budget - arena->taken || told_to_fail())
        goto over;
    if (!block || block->size - block->used < whole)
        block = add_block(arena, whole);
    if (!block) {
        arena->starved = true;
        goto over;
    }
    void *at = block->bytes + block->used;
    block->used += whole;
    arena->taken += whole;
    return memset(at, 0, whole);
over:
    arena->over = true;
    return NULL;
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

void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t bytes)
{
    assert(bytes >= old_bytes);
    struct arena_block *block = arena->blocks;
    size_t              had = (old_bytes + ALIGN - 1) / ALIGN * ALIGN;
    size_t              want = (bytes + ALIGN - 1) / ALIGN * ALIGN;

    bool last = old && block && (unsigned char *)old + had == block->bytes + block->used;
    if (last && want >= bytes && want - had <= block->size - block->used &&
        want - had <= arena->budget - arena->taken) {
        memset(block->bytes + block->used, 0, want - had);
        block->used += want - had;
        arena->taken += want - had;
        return old;
    }
    void *grown = arena_take(arena, bytes);
    if (grown && old_bytes)
        memcpy(grown, old, old_bytes);
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
