#include "decode/image.h"

#include <stdlib.h>
#include <unistd.h>
#include <vips/vips.h>
#include <vips/vector.h>

#include "decode/exif.h"
#include "decode/sniff.h"
#include "base/forbidden.h" /* after libvips' headers, which need what it forbids */

struct picture {
    void           *at;
    size_t          len;
    enum image_kind kind;
};

static VipsImage   *open_header(const struct picture *picture);
static enum verdict judge(VipsImage *header);
static void         describe(VipsImage *header, struct decode_answer *answer);
static enum verdict draw(const struct picture *picture, const struct image_want *want,
                         struct decode_answer *answer);

bool image_start(const char *program)
{
    /* With its home nowhere libvips finds no modules to load: ImageMagick, Poppler
     * and OpenSlide stay outside. */
    if (setenv("VIPSHOME", "/nonexistent", 1) != 0 || VIPS_INIT(program) != 0)
        return false;
    vips_concurrency_set(1);
    vips_vector_set_enabled(FALSE); /* compiles at run time: needs pages to write and run */
    vips_cache_set_max(0);          /* nothing of one picture is left for the next */
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
    vips_operation_block_set("VipsForeignLoadPng", FALSE);
    vips_operation_block_set("VipsForeignLoadWebp", FALSE);
    return true;
}

static enum verdict make(const struct picture *picture, const struct image_want *want,
                         struct decode_answer *answer)
{
    if (sniff_mixed(str_slice(picture->at, picture->len)))
        return VERDICT_MIXED;
    VipsImage *header = open_header(picture);
    if (!header)
        return VERDICT_BROKEN;
    enum verdict verdict = judge(header);
    describe(header, answer);
    g_object_unref(header);
    return verdict == VERDICT_OK ? draw(picture, want, answer) : verdict;
}

void image_make(void *at, size_t len, const struct image_want *want,
                struct decode_answer *answer)
{
    struct picture picture = { at, len, sniff_kind(str_slice(at, len)) };

    switch (picture.kind) {
    case IMAGE_JPEG:
    case IMAGE_PNG:
    case IMAGE_WEBP:
        answer->verdict = (int32_t)make(&picture, want, answer);
        break;
    case IMAGE_HEIC:
    case IMAGE_NONE:
        answer->verdict = VERDICT_NOT_IMAGE;
        break;
    }
    vips_error_clear();
}

/* Reads the header only; pixels would come with the first question for them. */
static VipsImage *open_header(const struct picture *picture)
{
    VipsImage *header = NULL;
    int        failed = -1;

    if (picture->kind == IMAGE_JPEG)
        failed = vips_jpegload_buffer(picture->at, picture->len, &header, NULL);
    else if (picture->kind == IMAGE_PNG)
        failed = vips_pngload_buffer(picture->at, picture->len, &header, NULL);
    else if (picture->kind == IMAGE_WEBP)
        failed = vips_webpload_buffer(picture->at, picture->len, &header, NULL);
    return failed ? NULL : header;
}

/* A number that the loader noted about the picture, 0 when it did not. */
static int noted(VipsImage *header, const char *name)
{
    int value = 0;

    if (!vips_image_get_typeof(header, name) ||
        vips_image_get_int(header, name, &value) != 0)
        return 0;
    return value;
}

static enum verdict judge(VipsImage *header)
{
    int     width = vips_image_get_width(header), height = vips_image_get_height(header);
    int64_t pixels = (int64_t)width * height;

    if (width > DECODE_SIDE_MAX || height > DECODE_SIDE_MAX)
        return VERDICT_SIDE;
    if (pixels > DECODE_PIXELS_MAX)
        return VERDICT_PIXELS;
    if (noted(header, "interlaced") && pixels > DECODE_INTERLACED_PIXELS_MAX)
        return VERDICT_INTERLACED;
    if (noted(header, VIPS_META_N_PAGES) > DECODE_FRAMES_MAX)
        return VERDICT_FRAMES;
    return VERDICT_OK;
}

static void describe(VipsImage *header, struct decode_answer *answer)
{
    const void *bytes = NULL;
    size_t      len = 0;
    struct exif exif = { .orientation = 1 };

    if (vips_image_get_typeof(header, VIPS_META_EXIF_NAME) &&
        vips_image_get_blob(header, VIPS_META_EXIF_NAME, &bytes, &len) == 0)
        exif = exif_read(str_slice(bytes, len));
    bool lying = exif.orientation >= 5; /* 5 … 8 are turned by a quarter */
    answer->orientation = exif.orientation;
    answer->width = lying ? vips_image_get_height(header) : vips_image_get_width(header);
    answer->height = lying ? vips_image_get_width(header) : vips_image_get_height(header);
    answer->has_place = exif.has_place;
    answer->lat = exif.lat;
    answer->lng = exif.lng;
}

/* The steps below take the image they are given and give another, or NULL. */
static VipsImage *coloured(VipsImage *image)
{
    VipsImage *out = NULL;

    (void)vips_colourspace(image, &out, VIPS_INTERPRETATION_sRGB, NULL);
    g_object_unref(image);
    return out;
}

/* What was transparent becomes paper. */
static VipsImage *flattened(VipsImage *image)
{
    VipsImage       *out = NULL;
    VipsArrayDouble *white;

    if (!vips_image_hasalpha(image))
        return image;
    white = vips_array_double_newv(1, 255.0);
    (void)vips_flatten(image, &out, "background", white, NULL);
    vips_area_unref(VIPS_AREA(white));
    g_object_unref(image);
    return out;
}

/* Decodes no finer than needed (shrink-on-load), turns upright, gives sRGB with
 * eight bits in memory, so that it can be used twice.  "Fail" is told to the loader
 * itself: the thumbnailer's own fail_on does not reach it in libvips 8.14, and half
 * a photo would pass with its rest painted grey. */
static VipsImage *screen_of(const struct picture *picture)
{
    VipsImage *image = NULL, *whole = NULL;

    (void)vips_thumbnail_buffer(picture->at, picture->len, &image, DECODE_SCREEN_SIDE,
                                "height", DECODE_SCREEN_SIDE, "size", VIPS_SIZE_DOWN,
                                "option_string", "fail_on=truncated", NULL);
    if (image)
        image = coloured(image);
    if (image)
        image = flattened(image);
    if (image) {
        whole = vips_image_copy_memory(image);
        g_object_unref(image);
    }
    return whole;
}

static bool write_all(int file, const char *at, size_t len)
{
    while (len) {
        ssize_t wrote = write(file, at, len);
        if (wrote <= 0)
            return false;
        at += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

/* As good as fits: confetti takes more bytes than a wall. */
static bool save(VipsImage *image, int file, size_t most, int32_t *bytes)
{
    static const int qualities[] = { 82, 68, 50, 30, 15 };

    for (size_t i = 0; i < COUNT(qualities); i++) {
        void  *at = NULL;
        size_t len = 0;
        if (vips_jpegsave_buffer(image, &at, &len, "Q", qualities[i], "strip", TRUE,
                                 "optimize_coding", TRUE, NULL) != 0)
            return false;
        bool fits = len <= most;
        bool wrote = fits && write_all(file, at, len);
        g_free(at);
        *bytes = (int32_t)len;
        if (fits)
            return wrote;
    }
    return false;
}

/* A mark in pixels: the box, and whether only the oval in it counts. */
struct patch {
    int  left, top, width, height;
    bool oval;
};

static int part_of(int side, int32_t thousandths)
{
    int part = (int)((int64_t)side * thousandths / 1000);

    return part < 0 ? 0 : part > side ? side : part;
}

static struct patch patch_of(VipsImage *image, const struct decode_mark *mark)
{
    int          width = vips_image_get_width(image), height = vips_image_get_height(image);
    struct patch patch = { part_of(width, mark->x), part_of(height, mark->y), 0, 0,
                           mark->shape == MARK_OVAL };

    patch.width = part_of(width, mark->x + mark->w + 1) - patch.left;
    patch.height = part_of(height, mark->y + mark->h + 1) - patch.top;
    return patch;
}

static bool is_in(const struct patch *patch, int x, int y)
{
    double across = (x + 0.5 - patch->width / 2.0) / (patch->width / 2.0);
    double down = (y + 0.5 - patch->height / 2.0) / (patch->height / 2.0);

    return !patch->oval || across * across + down * down <= 1;
}

/* Of eight bits a band, as coloured() makes them. */
static VipsPel *pixel(VipsImage *image, int x, int y, int band)
{
    int at = (y * image->Xsize + x) * image->Bands + band;

    return image->data + at;
}

/* One block becomes its average. */
static void level_block(VipsImage *image, const struct patch *patch, int x0, int y0,
                        int side, int band)
{
    int     x1 = VIPS_MIN(x0 + side, patch->width), y1 = VIPS_MIN(y0 + side, patch->height);
    int64_t sum = 0, n = (int64_t)(x1 - x0) * (y1 - y0);

    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            sum += *pixel(image, patch->left + x, patch->top + y, band);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            if (is_in(patch, x, y))
                *pixel(image, patch->left + x, patch->top + y, band) = (VipsPel)(sum / n);
}

/* Four blocks to the longer side: of a face or a plate nothing is left that could be
 * reckoned back, as it could be from a soft blur.  The pixels are ours, in memory. */
static bool blur(VipsImage *image, const struct decode_mark *mark)
{
    enum { BLOCKS = 4 };
    struct patch patch = patch_of(image, mark);
    int          side = (VIPS_MAX(patch.width, patch.height) + BLOCKS - 1) / BLOCKS;

    if (vips_image_inplace(image) != 0)
        return false;
    for (int y = 0; side && y < patch.height; y += side)
        for (int x = 0; x < patch.width; x += side)
            for (int band = 0; band < vips_image_get_bands(image); band++)
                level_block(image, &patch, x, y, side, band);
    return true;
}

static enum verdict draw(const struct picture *picture, const struct image_want *want,
                         struct decode_answer *answer)
{
    VipsImage *large = screen_of(picture), *small = NULL;
    bool       drawn = false;

    bool blurred = large != NULL;
    for (size_t i = 0; blurred && i < want->nmarks; i++)
        blurred = blur(large, &want->marks[i]);
    if (large && !blurred)
        g_object_unref(large);
    if (!blurred)
        return VERDICT_BROKEN;
    if (vips_thumbnail_image(large, &small, DECODE_THUMB_SIDE, "height", DECODE_THUMB_SIDE,
                             "size", VIPS_SIZE_DOWN, NULL) == 0) {
        drawn = save(large, want->screen, DECODE_SCREEN_BYTES_MAX, &answer->screen_bytes) &&
                save(small, want->thumb, DECODE_THUMB_BYTES_MAX, &answer->thumb_bytes);
        g_object_unref(small);
    }
    g_object_unref(large);
    return drawn ? VERDICT_OK : VERDICT_BROKEN;
}
