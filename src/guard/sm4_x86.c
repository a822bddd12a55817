#include "guard/sm4_x86.h"

#if defined(__x86_64__)

#include <endian.h>
#include <immintrin.h>
#include <sodium.h>
#include <string.h>

enum { ROUNDS = 32, LANES = 4, GROUPS = 4, CHUNK_BYTES = GROUPS * LANES * SM4_IV_BYTES };

#define WITH_AES __attribute__((target("aes,ssse3,sse4.1")))

bool sm4_x86_ready(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
}

/* By the low and the high half of each byte: `x` multiplied and moved. */
WITH_AES static inline __m128i affine(__m128i x, __m128i low, __m128i high)
{
    const __m128i half = _mm_set1_epi8(0x0f);

    return _mm_xor_si128(_mm_shuffle_epi8(low, _mm_and_si128(x, half)),
                         _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi64(x, 4), half)));
}

/* SM4's substitution of sixteen bytes. */
WITH_AES static inline __m128i substitute(__m128i x)
{
    const __m128i rows_back = _mm_set_epi64x(0x0306090c0f020508, 0x0b0e0104070a0d00);

    x = affine(x, _mm_set_epi64x((int64_t)0xc7c1b4b222245157, (int64_t)0x9197e2e474720701),
               _mm_set_epi64x((int64_t)0xf052b91bf95bb012, (int64_t)0xe240ab09eb49a200));
    x = _mm_aesenclast_si128(_mm_shuffle_epi8(x, rows_back), _mm_setzero_si128());
    return affine(x, _mm_set_epi64x((int64_t)0xedd14478172bbe82, 0x5b67f2cea19d0834),
                  _mm_set_epi64x(0x11cdbe62cc1063bf, (int64_t)0xae7201dd73afdc00));
}

WITH_AES static inline __m128i turn(__m128i x, int by)
{
    return _mm_or_si128(_mm_slli_epi32(x, by), _mm_srli_epi32(x, 32 - by));
}

/* x ^ x<<<2 ^ x<<<10 ^ x<<<18 ^ x<<<24 of each word. */
WITH_AES static inline __m128i spread(__m128i x)
{
    const __m128i by8 = _mm_set_epi64x(0x0e0d0c0f0a09080b, 0x0605040702010003);
    const __m128i by16 = _mm_set_epi64x(0x0d0c0f0e09080b0a, 0x0504070601000302);
    const __m128i by24 = _mm_set_epi64x(0x0c0f0e0d080b0a09, 0x0407060500030201);
    __m128i       y = _mm_xor_si128(_mm_xor_si128(x, _mm_shuffle_epi8(x, by8)),
                                    _mm_shuffle_epi8(x, by16));

    return _mm_xor_si128(_mm_xor_si128(x, turn(y, 2)), _mm_shuffle_epi8(x, by24));
}

static uint32_t word_at(const unsigned char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word);
    return be32toh(word);
}

static inline uint32_t turn_word(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

WITH_AES static void make_round_keys(const unsigned char key[SM4_KEY_BYTES],
                                     uint32_t            keys[ROUNDS])
{
    static const uint32_t family[] = { 0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc };
    uint32_t              k[4];

    for (size_t i = 0; i < 4; i++)
        k[i] = word_at(key + 4 * i) ^ family[i];
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t fixed = (28 * i & 0xff) << 24 | ((28 * i + 7) & 0xff) << 16 |
                         ((28 * i + 14) & 0xff) << 8 | ((28 * i + 21) & 0xff);
        uint32_t mixed = k[(i + 1) % 4] ^ k[(i + 2) % 4] ^ k[(i + 3) % 4] ^ fixed;
        uint32_t s = (uint32_t)_mm_cvtsi128_si32(substitute(_mm_set1_epi32((int)mixed)));
        keys[i] = k[i % 4] ^= s ^ turn_word(s, 13) ^ turn_word(s, 23);
    }
}

/* Four blocks into registers of their first, second, third and fourth words, and back. */
WITH_AES static inline void transpose(__m128i x[4])
{
    __m128i a = _mm_unpacklo_epi32(x[0], x[1]), b = _mm_unpackhi_epi32(x[0], x[1]);
    __m128i c = _mm_unpacklo_epi32(x[2], x[3]), d = _mm_unpackhi_epi32(x[2], x[3]);

    x[0] = _mm_unpacklo_epi64(a, c);
    x[1] = _mm_unpackhi_epi64(a, c);
    x[2] = _mm_unpacklo_epi64(b, d);
    x[3] = _mm_unpackhi_epi64(b, d);
}

/* The next four values of the counter, most significant word first. */
WITH_AES static void count_on(uint64_t counter[2], __m128i x[LANES])
{
    for (size_t i = 0; i < LANES; i++) {
        __m128i halves = _mm_set_epi64x((int64_t)counter[1], (int64_t)counter[0]);
        x[i] = _mm_shuffle_epi32(halves, _MM_SHUFFLE(2, 3, 0, 1));
        counter[1]++;
        counter[0] += counter[1] == 0;
    }
    transpose(x);
}

WITH_AES static void store(__m128i x[4], unsigned char *into)
{
    const __m128i bytes = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i       y[] = { x[3], x[2], x[1], x[0] };

    transpose(y);
    for (size_t i = 0; i < LANES; i++)
        _mm_storeu_si128((__m128i *)(void *)(into + i * SM4_IV_BYTES),
                         _mm_shuffle_epi8(y[i], bytes));
}

/* Groups side by side, because one waits long for each round's substitution. */
WITH_AES static void key_stream(const uint32_t keys[ROUNDS], uint64_t counter[2],
                                unsigned char into[CHUNK_BYTES])
{
    __m128i x[GROUPS][LANES];

    for (size_t g = 0; g < GROUPS; g++)
        count_on(counter, x[g]);
    for (size_t i = 0; i < ROUNDS; i += 4)
        for (size_t k = 0; k < 4; k++) {
            __m128i key = _mm_set1_epi32((int)keys[i + k]);
            for (size_t g = 0; g < GROUPS; g++) {
                __m128i mixed = _mm_xor_si128(_mm_xor_si128(x[g][(k + 1) % 4], x[g][(k + 2) % 4]),
                                              _mm_xor_si128(x[g][(k + 3) % 4], key));
                x[g][k] = _mm_xor_si128(x[g][k], spread(substitute(mixed)));
            }
        }
    for (size_t g = 0; g < GROUPS; g++)
        store(x[g], into + g * LANES * SM4_IV_BYTES);
}

void sm4_x86_ctr(const unsigned char key[SM4_KEY_BYTES], const unsigned char iv[SM4_IV_BYTES],
                 struct str from, unsigned char *into)
{
    unsigned char stream[CHUNK_BYTES];
    uint32_t      keys[ROUNDS];
    uint64_t      counter[2];

    make_round_keys(key, keys);
    memcpy(counter, iv, sizeof counter);
    counter[0] = be64toh(counter[0]);
    counter[1] = be64toh(counter[1]);
    for (size_t done = 0; done < from.len; done += CHUNK_BYTES) {
        size_t n = from.len - done < CHUNK_BYTES ? from.len - done : CHUNK_BYTES;
        key_stream(keys, counter, stream);
        for (size_t i = 0; i < n; i++)
            into[done + i] = (unsigned char)from.at[done + i] ^ stream[i];
    }
    sodium_memzero(keys, sizeof keys);
    sodium_memzero(stream, sizeof stream);
}

#else

bool sm4_x86_ready(void)
{
    return false;
}

void sm4_x86_ctr(const unsigned char key[SM4_KEY_BYTES], const unsigned char iv[SM4_IV_BYTES],
                 struct str from, unsigned char *into)
{
    (void)key, (void)iv, (void)from, (void)into;
    assert(false && "not without sm4_x86_ready()");
}

#endif
