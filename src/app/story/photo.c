#include "app/story/photo.h"

#include <string.h>

#include "base/random.h"

enum {
    WIDTH = 320,
    HEIGHT = 240,
    BLOCK = 16,
    ROW = 1 + WIDTH * 3, /* filter byte, then red, green, blue */
    PIXELS = ROW * HEIGHT,
    STORED_MAX = 65535, /* bytes of one uncompressed block (RFC 1951, 3.2.4) */
};

struct png {
    unsigned char *at;
    size_t         len;
};

static void put(struct png *png, const void *bytes, size_t n)
{
    memcpy(png->at + png->len, bytes, n);
    png->len += n;
}

static void put_u32(struct png *png, uint32_t n)
{
    put(png,
        (unsigned char[]){ (unsigned char)(n >> 24), (unsigned char)(n >> 16),
                           (unsigned char)(n >> 8), (unsigned char)n },
        4);
}

static uint32_t crc32_of(const unsigned char *at, size_t n)
{
    uint32_t crc = ~0u;

    for (size_t i = 0; i < n; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static uint32_t adler32_of(const unsigned char *at, size_t n)
{
    uint32_t a = 1, b = 0;

    for (size_t i = 0; i < n; i++) {
        a = (a + at[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

/* The length stands before a chunk and its checksum behind it. */
static size_t open_chunk(struct png *png, const char *type)
{
    size_t from = png->len;

    put_u32(png, 0);
    put(png, type, 4);
    return from;
}

static void close_chunk(struct png *png, size_t from)
{
    size_t     end = png->len;
    struct png length = { png->at + from, 0 };

    put_u32(&length, (uint32_t)(end - from - 8));
    put_u32(png, crc32_of(png->at + from + 4, end - from - 4));
}

static uint64_t mixed(uint64_t seed)
{
    return dice_next(&(struct dice){ seed });
}

static void paint(unsigned char *pixels, uint64_t seed)
{
    for (size_t y = 0; y < HEIGHT; y++) {
        unsigned char *row = pixels + y * ROW;
        row[0] = 0; /* no filter */
        for (size_t x = 0; x < WIDTH; x++) {
            uint64_t block = mixed(seed ^ mixed(y / BLOCK * WIDTH + x / BLOCK));
            uint64_t grain = mixed(seed + y * WIDTH + x);
            for (size_t c = 0; c < 3; c++)
                row[1 + x * 3 + c] =
                    (unsigned char)((block >> 8 * c & 0xe0) + (grain >> 8 * c & 0x1f));
        }
    }
}

static void put_pixels(struct png *png, const unsigned char *pixels)
{
    size_t chunk = open_chunk(png, "IDAT");

    put(png, "\x78\x01", 2); /* zlib, stored */
    for (size_t at = 0; at < PIXELS; at += STORED_MAX) {
        size_t n = PIXELS - at < STORED_MAX ? PIXELS - at : STORED_MAX;
        put(png,
            (unsigned char[]){ at + n == PIXELS, (unsigned char)n, (unsigned char)(n >> 8),
                               (unsigned char)~n, (unsigned char)(~n >> 8) },
            5);
        put(png, pixels + at, n);
    }
    put_u32(png, adler32_of(pixels, PIXELS));
    close_chunk(png, chunk);
}

struct str story_photo(struct arena *arena, uint64_t seed)
{
    unsigned char *pixels = arena_take(arena, PIXELS);
    struct png     png = { arena_take(arena, PIXELS + 256), 0 };

    if (!pixels || !png.at)
        return STR_NONE;
    paint(pixels, seed);
    put(&png, "\x89PNG\r\n\x1a\n", 8);
    size_t header = open_chunk(&png, "IHDR");
    put_u32(&png, WIDTH);
    put_u32(&png, HEIGHT);
    put(&png, "\x08\x02\0\0", 5); /* 8 bits, RGB, and the only methods there are */
    close_chunk(&png, header);
    put_pixels(&png, pixels);
    close_chunk(&png, open_chunk(&png, "IEND"));
    return str_slice((const char *)png.at, png.len);
}
