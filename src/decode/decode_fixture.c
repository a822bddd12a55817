#include "decode/decode_fixture.h"

#include <unistd.h>

#include "base/arena.h"
#include "test.h"

struct str decode_program(struct arena *arena)
{
    char    path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);

    assert_true(len > 0);
    struct str self = str_slice(path, (size_t)len);
    while (self.len && self.at[self.len - 1] != '/')
        self.len--;
    return str_fmt(arena, "%.*s../linli-decode", STR_ARG(self));
}

VipsImage *picture_halves(int width, int height)
{
    VipsImage *left, *right, *black, *both;
    double     red[] = { 220, 20, 20 }, blue[] = { 20, 20, 220 }, one[] = { 0, 0, 0 };

    assert_int_equal(vips_black(&black, width / 2, height, "bands", 3, NULL), 0);
    assert_int_equal(vips_linear(black, &left, one, red, 3, "uchar", TRUE, NULL), 0);
    assert_int_equal(vips_linear(black, &right, one, blue, 3, "uchar", TRUE, NULL), 0);
    assert_int_equal(vips_join(left, right, &both, VIPS_DIRECTION_HORIZONTAL, NULL), 0);
    both->Type = VIPS_INTERPRETATION_sRGB;
    g_object_unref(left);
    g_object_unref(right);
    g_object_unref(black);
    return both;
}

VipsImage *picture_flat(int width, int height, int bands)
{
    VipsImage *image;

    assert_int_equal(vips_black(&image, width, height, "bands", bands, NULL), 0);
    image->Type = bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    return image;
}

struct str picture_saved(struct arena *arena, VipsImage *image, const char *as)
{
    void  *at = NULL;
    size_t len = 0;

    assert_int_equal(vips_image_write_to_buffer(image, as, &at, &len, NULL), 0);
    g_object_unref(image);
    struct str bytes = str_copy(arena, str_slice(at, len));
    g_free(at);
    assert_non_null(bytes.at);
    return bytes;
}

struct str picture_with(struct arena *arena, struct str jpeg, unsigned char marker,
                        struct str body)
{
    unsigned char head[] = { 0xff, marker, (unsigned char)((body.len + 2) >> 8),
                             (unsigned char)(body.len + 2) };
    struct str    parts[] = { str_slice(jpeg.at, 2), str_slice((char *)head, sizeof head),
                              body, str_skip(jpeg, 2) };

    return str_join(arena, parts, COUNT(parts), STR(""));
}

/* Big-endian; a directory with orientation and a pointer, then the GPS directory, then
 * six rationals. */
#define EXIF_HEAD "Exif\0\0MM\0*\0\0\0\10"
#define EXIF_PLACE                                                                         \
    "\0\2"                                                                                 \
    "\1\x12\0\3\0\0\0\1\0\6\0\0"                                                           \
    "\x88\x25\0\4\0\0\0\1\0\0\0\x26"                                                       \
    "\0\0\0\0"                                                                             \
    "\0\4"                                                                                 \
    "\0\1\0\2\0\0\0\2N\0\0\0"                                                              \
    "\0\2\0\5\0\0\0\3\0\0\0\x5c"                                                           \
    "\0\3\0\2\0\0\0\2E\0\0\0"                                                              \
    "\0\4\0\5\0\0\0\3\0\0\0\x74"                                                           \
    "\0\0\0\0"                                                                             \
    "\0\0\0\x20\0\0\0\1\0\0\0\2\0\0\0\1\0\0\x01\x6e\0\0\0\x0a"                             \
    "\0\0\0\x70\0\0\0\1\0\0\0\x08\0\0\0\1\0\0\0\x18\0\0\0\1"

struct str picture_telling(struct arena *arena, struct str jpeg)
{
    struct str exif = STR(EXIF_HEAD EXIF_PLACE "SECRET-EXIF");
    struct str xmp = STR("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET-XMP</x:xmpmeta>");

    jpeg = picture_with(arena, jpeg, 0xfe, STR("SECRET-COMMENT"));
    jpeg = picture_with(arena, jpeg, 0xed, STR("Photoshop 3.0\0SECRET-IPTC"));
    return picture_with(arena, picture_with(arena, jpeg, 0xe1, xmp), 0xe1, exif);
}
