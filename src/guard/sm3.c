#include "guard/sm3.h"

#include <endian.h>
#include <string.h>

enum { ROUNDS = 64, FIRST_ROUNDS = 16, EXPANDED = ROUNDS + 4 };

static inline uint32_t turn(uint32_t x, unsigned by)
{
    by %= 32;
    return by ? x << by | x >> (32 - by) : x;
}

static inline uint32_t p0(uint32_t x)
{
    return x ^ turn(x, 9) ^ turn(x, 17);
}

static inline uint32_t p1(uint32_t x)
{
    return x ^ turn(x, 15) ^ turn(x, 23);
}

static void expand(const unsigned char *block, uint32_t w[EXPANDED])
{
    for (size_t i = 0; i < 16; i++) {
        uint32_t word;
        memcpy(&word, block + 4 * i, sizeof word);
        w[i] = be32toh(word);
    }
    for (size_t i = 16; i < EXPANDED; i++)
        w[i] = p1(w[i - 16] ^ w[i - 9] ^ turn(w[i - 3], 15)) ^ turn(w[i - 13], 7) ^ w[i - 6];
}

/* One round, for registers that are renamed instead of moved.  `ff` and `gg` are the
 * round's functions of three. */
#define ROUND(a, b, c, d, e, f, g, h, j, ff, gg)                              \
    do {                                                                      \
        uint32_t a12 = turn(a, 12);                                           \
        uint32_t ss1 = turn(a12 + e + turns[j], 7);                           \
        uint32_t tt1 = (ff) + d + (ss1 ^ a12) + (w[j] ^ w[(j) + 4]);          \
        uint32_t tt2 = (gg) + h + ss1 + w[j];                                 \
        b = turn(b, 9);                                                       \
        d = tt1;                                                              \
        f = turn(f, 19);                                                      \
        h = p0(tt2);                                                          \
    } while (0)
#define PARITY(x, y, z)   ((x) ^ (y) ^ (z))
#define MAJORITY(x, y, z) (((x) & (y)) | (((x) | (y)) & (z)))
#define CHOICE(x, y, z)   ((((y) ^ (z)) & (x)) ^ (z))
#define FOUR_ROUNDS(j, ff, gg)                                                \
    ROUND(a, b, c, d, e, f, g, h, (j), ff(a, b, c), gg(e, f, g));             \
    ROUND(d, a, b, c, h, e, f, g, (j) + 1, ff(d, a, b), gg(h, e, f));         \
    ROUND(c, d, a, b, g, h, e, f, (j) + 2, ff(c, d, a), gg(g, h, e));         \
    ROUND(b, c, d, a, f, g, h, e, (j) + 3, ff(b, c, d), gg(f, g, h))

#define TURN(t, j) ((uint32_t)(t) << (j) % 32 | (uint32_t)((uint64_t)(t) >> (32 - (j) % 32)))
#define T1(j) TURN(0x79cc4519u, j)
#define T2(j) TURN(0x7a879d8au, j)
#define EIGHT(t, j) t(j), t((j) + 1), t((j) + 2), t((j) + 3), t((j) + 4), t((j) + 5), t((j) + 6), t((j) + 7)

static const uint32_t turns[ROUNDS] = {
    EIGHT(T1, 0),  EIGHT(T1, 8),  EIGHT(T2, 16), EIGHT(T2, 24),
    EIGHT(T2, 32), EIGHT(T2, 40), EIGHT(T2, 48), EIGHT(T2, 56),
};

static void compress(uint32_t v[8], const unsigned char *block)
{
    uint32_t w[EXPANDED];
    uint32_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];

    expand(block, w);
    for (size_t j = 0; j < FIRST_ROUNDS; j += 4) {
        FOUR_ROUNDS(j, PARITY, PARITY);
    }
    for (size_t j = FIRST_ROUNDS; j < ROUNDS; j += 4) {
        FOUR_ROUNDS(j, MAJORITY, CHOICE);
    }
    v[0] ^= a, v[1] ^= b, v[2] ^= c, v[3] ^= d, v[4] ^= e, v[5] ^= f, v[6] ^= g, v[7] ^= h;
}

void sm3_start(struct sm3_state *state)
{
    *state = (struct sm3_state){ .words = { 0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                            0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e } };
}

void sm3_take(struct sm3_state *state, struct str part)
{
    const unsigned char *at = (const unsigned char *)part.at;
    size_t               n = part.len, held = state->len % SM3_BLOCK_BYTES;

    state->len += n;
    if (held + n < SM3_BLOCK_BYTES) {
        if (n)
            memcpy(state->rest + held, at, n);
        return;
    }
    if (held) {
        size_t fits = SM3_BLOCK_BYTES - held;
        memcpy(state->rest + held, at, fits);
        compress(state->words, state->rest);
        at += fits;
        n -= fits;
    }
    for (; n >= SM3_BLOCK_BYTES; at += SM3_BLOCK_BYTES, n -= SM3_BLOCK_BYTES)
        compress(state->words, at);
    memcpy(state->rest, at, n);
}

void sm3_finish(struct sm3_state *state, unsigned char hash[SM3_BYTES])
{
    enum { LENGTH_AT = SM3_BLOCK_BYTES - 8 };
    size_t   held = state->len % SM3_BLOCK_BYTES;
    uint64_t bits = htobe64(state->len * 8);

    state->rest[held++] = 0x80;
    memset(state->rest + held, 0, SM3_BLOCK_BYTES - held);
    if (held > LENGTH_AT) {
        compress(state->words, state->rest);
        memset(state->rest, 0, LENGTH_AT);
    }
    memcpy(state->rest + LENGTH_AT, &bits, sizeof bits);
    compress(state->words, state->rest);
    for (size_t i = 0; i < SM3_BYTES / 4; i++) {
        uint32_t word = htobe32(state->words[i]);
        memcpy(hash + 4 * i, &word, sizeof word);
    }
}
