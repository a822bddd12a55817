/* The decoder as it runs: a real child behind its walls, given real pictures and
 * what people send instead of them. */
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "decode/decode_fixture.h"
#include "decode/decoder.h"

enum { ROOM = 64 << 20 };

static struct arena    arena;
static struct decoder *decoder;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ROOM);
    return decoder_open(decode_program(&arena), &decoder) == RC_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    decoder_close(&decoder);
    arena_free(&arena);
    return 0;
}

/* ---- pictures to send ---- */

static struct str joined(struct str a, struct str b)
{
    struct str both = str_join(&arena, (struct str[]){ a, b }, 2, STR(""));

    assert_non_null(both.at);
    return both;
}

static struct str zeros(size_t n)
{
    char *at = arena_take(&arena, n);

    assert_non_null(at);
    return str_slice(at, n);
}

static void put32(char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (24 - 8 * i));
}

static uint32_t crc32_of(struct str bytes)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (unsigned char)bytes.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

/* A small PNG whose header promises something else, with the right checksum. */
static struct str promising(uint32_t width, uint32_t height, char interlaced)
{
    struct str png = picture_saved(&arena, picture_flat(64, 64, 1), ".png");
    char      *at = str_z(&arena, png);

    put32(at + 16, width);
    put32(at + 20, height);
    at[28] = interlaced;
    put32(at + 29, crc32_of(str_slice(at + 12, 17)));
    return str_slice(at, png.len);
}

/* ---- asking ---- */

static int file_of(struct str bytes)
{
    int file = memfd_create("picture", MFD_CLOEXEC);

    assert_true(file >= 0);
    while (bytes.len) {
        ssize_t wrote = write(file, bytes.at, bytes.len);
        assert_true(wrote > 0);
        bytes = str_skip(bytes, (size_t)wrote);
    }
    return file;
}

static struct decoded decoded_of(struct str bytes)
{
    struct decoded decoded;
    int            file = file_of(bytes);

    CHECK_INT(decoder_ask(decoder, &arena, file, &decoded), RC_OK);
    close(file);
    return decoded;
}

/* Peak memory of the decoder, in KiB, as the kernel counted it. */
static long peak_kib(void)
{
    char path[64], line[128];
    long kib = 0;

    snprintf(path, sizeof path, "/proc/%d/status", (int)decoder_process(decoder));
    FILE *status = fopen(path, "re");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld kB", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

/* Each case gets a decoder of its own, so that its cost is seen alone. */
static struct decoded measured(const char *what, struct str bytes)
{
    decoder_close(&decoder);
    assert_int_equal(decoder_open(decode_program(&arena), &decoder), RC_OK);
    int64_t        began = clock_mono_us();
    struct decoded decoded = decoded_of(bytes);
    print_message("%-44s %-10s %7zu KiB  %5lld ms  %4ld MiB\n", what,
                  verdict_word(decoded.verdict).at, bytes.len >> 10,
                  (long long)((clock_mono_us() - began) / 1000), peak_kib() >> 10);
    return decoded;
}

static void check_refused(const char *what, struct str bytes, enum verdict why)
{
    struct decoded decoded = measured(what, bytes);

    CHECK_TEXT(verdict_word(decoded.verdict), verdict_word(why));
    CHECK(!decoded.screen.at && !decoded.thumb.at);
    CHECK(verdict_says(why).len > 0);
}

static VipsImage *opened(struct str jpeg)
{
    VipsImage *image = vips_image_new_from_buffer(jpeg.at, jpeg.len, "", NULL);

    assert_non_null(image);
    return image;
}

static void check_size(struct str jpeg, int width, int height)
{
    VipsImage *image = opened(jpeg);

    CHECK_INT(vips_image_get_width(image), width);
    CHECK_INT(vips_image_get_height(image), height);
    CHECK_INT(vips_image_get_bands(image), 3);
    g_object_unref(image);
}

/* Walks the segments of a JPEG up to its picture: JFIF and tables, nothing else. */
static void check_bare(struct str jpeg)
{
    size_t at = 2;

    while (at + 4 <= jpeg.len && (unsigned char)jpeg.at[at + 1] != 0xda) {
        unsigned marker = (unsigned char)jpeg.at[at + 1];
        CHECK(marker == 0xe0 || marker < 0xe0); /* no APP1 … APP15, no comment */
        CHECK(marker != 0xfe);
        at += 2 + (size_t)(unsigned char)jpeg.at[at + 2] * 256 +
              (unsigned char)jpeg.at[at + 3];
    }
    CHECK(!str_has(jpeg, STR("SECRET")) && !str_has(jpeg, STR("Exif")));
}

/* ---- what people send ---- */

TEST(jpeg_png_and_webp_become_a_screen_and_a_thumbnail)
{
    static const char *const as[] = { ".jpg", ".png", ".webp" };

    for (size_t i = 0; i < COUNT(as); i++) {
        struct decoded decoded =
            measured(as[i], picture_saved(&arena, picture_halves(2400, 1800), as[i]));
        CHECK_INT(decoded.verdict, VERDICT_OK);
        CHECK(decoded.width == 2400 && decoded.height == 1800 && !decoded.has_place);
        check_size(decoded.screen, 1600, 1200);
        check_size(decoded.thumb, 400, 300);
    }
}

TEST(a_small_picture_is_not_blown_up)
{
    struct decoded decoded =
        decoded_of(picture_saved(&arena, picture_halves(300, 500), ".png"));

    check_size(decoded.screen, 300, 500);
    check_size(decoded.thumb, 240, 400);
}

TEST(every_kind_of_colour_becomes_srgb)
{
    struct str grey = picture_saved(&arena, picture_flat(500, 300, 1), ".png"),
               veiled = picture_saved(&arena, picture_flat(500, 300, 2), ".png");
    VipsImage *deep, *cmyk, *plain = picture_halves(500, 300);

    assert_int_equal(vips_colourspace(plain, &deep, VIPS_INTERPRETATION_RGB16, NULL), 0);
    assert_int_equal(vips_colourspace(plain, &cmyk, VIPS_INTERPRETATION_CMYK, NULL), 0);
    struct str all[] = { grey, veiled, picture_saved(&arena, deep, ".png"),
                         picture_saved(&arena, cmyk, ".jpg"),
                         picture_saved(&arena, plain, ".png[palette]") };
    for (size_t i = 0; i < COUNT(all); i++) {
        struct decoded decoded = decoded_of(all[i]);
        CHECK_INT(decoded.verdict, VERDICT_OK);
        check_size(decoded.screen, 500, 300);
    }
}

TEST(what_was_transparent_is_white)
{
    struct decoded decoded =
        decoded_of(picture_saved(&arena, picture_flat(50, 50, 4), ".png"));
    VipsImage *image = opened(decoded.screen);
    double    *point = NULL;
    int        n = 0;

    assert_int_equal(vips_getpoint(image, &point, &n, 10, 10, NULL), 0);
    CHECK(n == 3 && point[0] > 250 && point[1] > 250);
    g_free(point);
    g_object_unref(image);
}

TEST(the_place_is_told_and_all_metadata_stays_behind)
{
    struct decoded decoded = decoded_of(
        picture_telling(&arena, picture_saved(&arena, picture_halves(800, 600), ".jpg")));

    CHECK_INT(decoded.verdict, VERDICT_OK);
    CHECK(decoded.has_place);
    CHECK(decoded.lat > 32.04349 && decoded.lat < 32.04351);
    CHECK(decoded.lng > 112.13999 && decoded.lng < 112.14001);
    check_bare(decoded.screen);
    check_bare(decoded.thumb);
}

TEST(a_picture_taken_sideways_is_turned_upright)
{
    struct decoded decoded = decoded_of(
        picture_telling(&arena, picture_saved(&arena, picture_halves(800, 600), ".jpg")));

    CHECK(decoded.width == 600 && decoded.height == 800);
    check_size(decoded.screen, 600, 800);
    VipsImage *image = opened(decoded.screen);
    double    *top = NULL;
    int        n = 0;
    assert_int_equal(vips_getpoint(image, &top, &n, 300, 100, NULL), 0);
    CHECK(top[0] > 150 && top[2] < 100); /* the red half is on top now */
    g_free(top);
    g_object_unref(image);
}

TEST(confetti_still_fits)
{
    VipsImage *noise, *grey, *bytes;

    assert_int_equal(
        vips_gaussnoise(&noise, 1600, 1600, "sigma", 80.0, "mean", 128.0, NULL), 0);
    assert_int_equal(vips_cast(noise, &grey, VIPS_FORMAT_UCHAR, NULL), 0);
    VipsImage *three[] = { grey, grey, grey };
    assert_int_equal(vips_bandjoin(three, &bytes, 3, NULL), 0);
    bytes->Type = VIPS_INTERPRETATION_sRGB;
    g_object_unref(noise);
    g_object_unref(grey);
    struct decoded decoded =
        measured("noise 1600 x 1600", picture_saved(&arena, bytes, ".jpg[Q=95]"));
    CHECK_INT(decoded.verdict, VERDICT_OK);
    CHECK(decoded.screen.len <= DECODE_SCREEN_BYTES_MAX);
    CHECK(decoded.thumb.len <= DECODE_THUMB_BYTES_MAX);
}

TEST(the_largest_that_is_taken_stays_within_its_walls)
{
    CHECK_INT(measured("jpeg 8000 x 6000",
                       picture_saved(&arena, picture_flat(8000, 6000, 3), ".jpg"))
                  .verdict,
              VERDICT_OK);
    CHECK_INT(measured("png 8000 x 6000", picture_saved(&arena, picture_flat(8000, 6000, 3),
                                                        ".png[compression=1]"))
                  .verdict,
              VERDICT_OK);
    CHECK_INT(
        measured("webp 8000 x 6000",
                 picture_saved(&arena, picture_flat(8000, 6000, 3), ".webp[effort=0]"))
            .verdict,
        VERDICT_OK);
    CHECK_INT(
        measured("png 4000 x 4000 interlaced",
                 picture_saved(&arena, picture_flat(4000, 4000, 4), ".png[interlace]"))
            .verdict,
        VERDICT_OK);
    CHECK_INT(
        measured("jpeg 4000 x 4000 progressive",
                 picture_saved(&arena, picture_flat(4000, 4000, 3), ".jpg[interlace]"))
            .verdict,
        VERDICT_OK);
}

TEST(a_film_behind_a_photo_is_no_reason_to_refuse_it)
{
    struct str film = STR("\0\0\0\x18"
                          "ftypmp42\0\0\0\0mp42isom");

    CHECK_INT(
        decoded_of(joined(picture_saved(&arena, picture_halves(80, 60), ".jpg"), film))
            .verdict,
        VERDICT_OK);
}

TEST(what_is_no_picture_is_refused_whatever_its_name_says)
{
    struct str zip = STR("PK\5\6\0\0\0\0\1\0\1\0\x2e\0\0\0\0\0\0\0\3\0abc");
    struct str photo = picture_saved(&arena, picture_halves(80, 60), ".jpg");
    char       elf[4096];
    FILE      *self = fopen("/proc/self/exe", "re");

    assert_int_equal(fread(elf, 1, sizeof elf, self), sizeof elf);
    fclose(self);
    check_refused("nothing", STR(""), VERDICT_EMPTY);
    check_refused("a program", str_slice(elf, sizeof elf), VERDICT_NOT_IMAGE);
    check_refused("svg",
                  STR("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
                  VERDICT_NOT_IMAGE);
    check_refused("pgm", STR("P5 2 2 255\nabcd"), VERDICT_NOT_IMAGE);
    check_refused(
        "gif", STR("GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"),
        VERDICT_NOT_IMAGE);
    check_refused("heic",
                  STR("\0\0\0\x18"
                      "ftypheic\0\0\0\0mif1heic"),
                  VERDICT_NOT_IMAGE);
    check_refused("a photo that is a zip too", joined(photo, zip), VERDICT_MIXED);
    check_refused("a photo that is a page too",
                  picture_with(&arena, photo, 0xfe, STR("<script>1</script>")),
                  VERDICT_MIXED);
    check_refused("a photo that is a pdf too",
                  picture_with(&arena, photo, 0xfe, STR("%PDF-1.7")), VERDICT_MIXED);
    check_refused("png that is svg", joined(STR("\x89PNG\r\n\x1a\n"), STR("<svg/>")),
                  VERDICT_BROKEN);
}

TEST(half_a_picture_is_refused)
{
    static const char *const as[] = { ".jpg", ".png", ".webp" };

    for (size_t i = 0; i < COUNT(as); i++) {
        VipsImage *noise, *bytes;
        assert_int_equal(vips_gaussnoise(&noise, 900, 900, "mean", 128.0, NULL), 0);
        assert_int_equal(vips_cast(noise, &bytes, VIPS_FORMAT_UCHAR, NULL), 0);
        g_object_unref(noise);
        struct str whole = picture_saved(&arena, bytes, as[i]);
        check_refused("half of it", str_slice(whole.at, whole.len / 2), VERDICT_BROKEN);
        check_refused("its first 20 bytes", str_slice(whole.at, 20), VERDICT_BROKEN);
    }
}

TEST(bombs_are_refused_by_their_header)
{
    check_refused("png 50,000 x 50,000", promising(50000, 50000, 0), VERDICT_SIDE);
    check_refused("png 2^31-1 x 1", promising(INT32_MAX, 1, 0), VERDICT_BROKEN);
    check_refused("png 8000 x 7000", promising(8000, 7000, 0), VERDICT_PIXELS);
    check_refused("png 5000 x 5000 interlaced", promising(5000, 5000, 1),
                  VERDICT_INTERLACED);
    check_refused("jpeg 5000 x 5000 progressive",
                  picture_saved(&arena, picture_flat(5000, 5000, 1), ".jpg[interlace]"),
                  VERDICT_INTERLACED);
    check_refused("promises 7000 x 7000, holds 64", promising(7000, 7000, 0),
                  VERDICT_BROKEN);
}

TEST(a_side_of_12000_is_taken_and_12001_refused)
{
    struct str strip = picture_saved(&arena, picture_flat(DECODE_SIDE_MAX, 8, 3), ".png");

    CHECK_INT(decoded_of(strip).verdict, VERDICT_OK);
    check_refused("png 12001 x 8", promising(DECODE_SIDE_MAX + 1, 8, 0), VERDICT_SIDE);
    check_refused("png 8 x 12001", promising(8, DECODE_SIDE_MAX + 1, 0), VERDICT_SIDE);
}

TEST(moving_pictures_are_refused)
{
    VipsImage *lying = picture_halves(120, 80), *film;

    assert_int_equal(vips_rot90(lying, &film, NULL), 0); /* a red frame above a blue one */
    g_object_unref(lying);
    vips_image_set_int(film, VIPS_META_PAGE_HEIGHT, 60);
    check_refused("animated webp", picture_saved(&arena, film, ".webp"), VERDICT_FRAMES);
}

TEST(one_byte_more_than_12_mib_is_refused)
{
    struct str photo = picture_saved(&arena, picture_halves(80, 60), ".jpg");
    struct str exact = joined(photo, zeros(PHOTO_BYTES_MAX - photo.len));

    CHECK_INT(decoded_of(exact).verdict, VERDICT_OK);
    check_refused("12 MiB + 1", joined(photo, zeros(PHOTO_BYTES_MAX - photo.len + 1)),
                  VERDICT_BYTES);
}

/* ---- deaths ---- */

static void *kill_later(void *process)
{
    usleep(100 * 1000);
    kill(*(pid_t *)process, SIGKILL);
    return NULL;
}

TEST(a_decoder_killed_over_a_picture_is_replaced_and_the_picture_made)
{
    struct str photo = picture_saved(&arena, picture_halves(800, 600), ".jpg");
    pthread_t  thread;

    CHECK_INT(decoded_of(photo).verdict, VERDICT_OK);
    pid_t first = decoder_process(decoder);
    kill(first, SIGSTOP); /* holds it in the middle of the next picture */
    assert_int_equal(pthread_create(&thread, NULL, kill_later, &first), 0);
    CHECK_INT(decoded_of(photo).verdict, VERDICT_OK);
    pthread_join(thread, NULL);
    CHECK(decoder_process(decoder) > 0 && decoder_process(decoder) != first);
}

TEST(a_decoder_that_dies_over_every_picture_loses_the_picture_only)
{
    struct decoder *dying;
    struct decoded  decoded;
    int             file = file_of(STR("x"));

    CHECK_INT(decoder_open(STR("/bin/true"), &dying), RC_OK);
    CHECK_INT(decoder_ask(dying, &arena, file, &decoded), RC_OK);
    CHECK_INT(decoded.verdict, VERDICT_LOST);
    CHECK_INT(decoder_process(dying), 0);
    decoder_close(&dying);
    close(file);
}

TEST(without_its_program_there_is_no_verdict)
{
    struct decoder *missing;
    struct decoded  decoded;
    int             file = file_of(STR("x"));

    CHECK_INT(decoder_open(STR("/nowhere/linli-decode"), &missing), RC_OK);
    CHECK_INT(decoder_ask(missing, &arena, file, &decoded), RC_UNAVAILABLE);
    decoder_close(&missing);
    close(file);
}

TEST(a_process_makes_a_hundred_pictures_and_no_more)
{
    struct str photo = picture_saved(&arena, picture_halves(40, 30), ".png");

    CHECK_INT(decoded_of(photo).verdict, VERDICT_OK);
    pid_t first = decoder_process(decoder);
    for (int i = 1; i < DECODE_JOBS_MAX; i++) {
        CHECK_INT(decoder_process(decoder), first);
        CHECK_INT(decoded_of(photo).verdict, VERDICT_OK);
    }
    CHECK_INT(decoder_process(decoder), 0);
    CHECK_INT(decoded_of(photo).verdict, VERDICT_OK);
    CHECK(decoder_process(decoder) != first);
}

TEST(an_answer_out_of_its_range_is_no_answer)
{
    struct decode_answer good = { .magic = DECODE_ANSWER_MAGIC,
                                  .job = 7,
                                  .width = 3,
                                  .height = 2,
                                  .orientation = 1,
                                  .screen_bytes = 9,
                                  .thumb_bytes = 9,
                                  .has_place = 1,
                                  .lat = 32,
                                  .lng = 112 };
    struct decode_ask    asked = { .job = 7 }, other = { .job = 8 };
    struct decode_answer bad;

    CHECK(decode_answer_whole(&good, sizeof good, &asked));
    CHECK(!decode_answer_whole(&good, sizeof good - 1, &asked));
    CHECK(!decode_answer_whole(&good, sizeof good, &other));
#define CHECK_BAD(member, value)                                                           \
    bad = good, bad.member = (value);                                                      \
    CHECK(!decode_answer_whole(&bad, sizeof bad, &asked))
    CHECK_BAD(magic, 0);
    CHECK_BAD(verdict, VERDICT_COUNT);
    CHECK_BAD(verdict, -1);
    CHECK_BAD(width, 0);
    CHECK_BAD(height, DECODE_SIDE_MAX + 1);
    CHECK_BAD(orientation, 9);
    CHECK_BAD(screen_bytes, -1);
    CHECK_BAD(thumb_bytes, DECODE_THUMB_BYTES_MAX + 1);
    CHECK_BAD(has_place, 2);
    CHECK_BAD(lat, 91);
    CHECK_BAD(lng, -1 / 0.0);
    CHECK_BAD(lng, 0 / 0.0);
}

/* ---- what is marked ---- */

/* One pixel of a JPEG, red. */
static int red_at(struct str jpeg, int x, int y)
{
    VipsImage *image = vips_image_new_from_buffer(jpeg.at, jpeg.len, "", NULL);
    double    *pixel = NULL;
    int        n = 0;

    assert_non_null(image);
    CHECK_INT(vips_getpoint(image, &pixel, &n, x, y, NULL), 0);
    int red = (int)pixel[0];
    g_free(pixel);
    g_object_unref(image);
    return red;
}

static bool is_levelled(int red)
{
    return red > 50 && red < 170;
}

/* Left red, right blue: where a block lies over the border it is neither; what surrounds
 * the marks is as before, and so is an oval's box in its corners. */
TEST(what_is_marked_is_levelled_and_nothing_else)
{
    static const struct decode_mark marks[] = { { MARK_BOX, 450, 0, 200, 400 },
                                                { MARK_OVAL, 450, 600, 200, 400 } };
    struct decoded                  decoded;
    int file = file_of(picture_saved(&arena, picture_halves(800, 800), ".jpg[Q=95]"));

    (void)state;
    CHECK_INT(decoder_ask_marked(decoder, &arena, file, marks, COUNT(marks), &decoded),
              RC_OK);
    close(file);
    CHECK_INT(decoded.verdict, VERDICT_OK);
    CHECK(is_levelled(red_at(decoded.screen, 385, 150)));
    CHECK(is_levelled(red_at(decoded.thumb, 192, 75)));
    CHECK(is_levelled(red_at(decoded.screen, 385, 650)));
    CHECK(red_at(decoded.screen, 200, 150) > 180);
    CHECK(red_at(decoded.screen, 385, 440) > 180);
    CHECK(red_at(decoded.screen, 364, 484) > 180);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (VIPS_INIT(argv[0]))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jpeg_png_and_webp_become_a_screen_and_a_thumbnail),
        cmocka_unit_test(a_small_picture_is_not_blown_up),
        cmocka_unit_test(every_kind_of_colour_becomes_srgb),
        cmocka_unit_test(what_was_transparent_is_white),
        cmocka_unit_test(the_place_is_told_and_all_metadata_stays_behind),
        cmocka_unit_test(a_picture_taken_sideways_is_turned_upright),
        cmocka_unit_test(confetti_still_fits),
        cmocka_unit_test(the_largest_that_is_taken_stays_within_its_walls),
        cmocka_unit_test(a_film_behind_a_photo_is_no_reason_to_refuse_it),
        cmocka_unit_test(what_is_no_picture_is_refused_whatever_its_name_says),
        cmocka_unit_test(half_a_picture_is_refused),
        cmocka_unit_test(bombs_are_refused_by_their_header),
        cmocka_unit_test(a_side_of_12000_is_taken_and_12001_refused),
        cmocka_unit_test(moving_pictures_are_refused),
        cmocka_unit_test(one_byte_more_than_12_mib_is_refused),
        cmocka_unit_test(a_decoder_killed_over_a_picture_is_replaced_and_the_picture_made),
        cmocka_unit_test(a_decoder_that_dies_over_every_picture_loses_the_picture_only),
        cmocka_unit_test(without_its_program_there_is_no_verdict),
        cmocka_unit_test(a_process_makes_a_hundred_pictures_and_no_more),
        cmocka_unit_test(an_answer_out_of_its_range_is_no_answer),
        cmocka_unit_test(what_is_marked_is_levelled_and_nothing_else),
    };
    /* A fresh arena and decoder for each. */
    struct CMUnitTest each[COUNT(tests)];
    for (size_t i = 0; i < COUNT(tests); i++) {
        each[i] = tests[i];
        each[i].setup_func = set_up;
        each[i].teardown_func = tear_down;
    }
    log_threshold(LOG_ERROR);
    int failed = cmocka_run_group_tests(each, NULL, NULL);
    vips_shutdown();
    return failed;
}
