#include "test.h"

#include <string.h>

#include "decode/exif.h"

/* A camera's EXIF in either byte order, put together from numbers. */
struct camera {
    char   at[512];
    size_t len;
    bool   big;
};

static void put(struct camera *camera, uint32_t value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t shift = 8 * (camera->big ? n - 1 - i : i);
        camera->at[camera->len++] = (char)(value >> shift);
    }
}

static void entry(struct camera *camera, uint32_t tag, uint32_t type, uint32_t count)
{
    put(camera, tag, 2);
    put(camera, type, 2);
    put(camera, count, 4);
}

static void entry_short(struct camera *camera, uint32_t tag, uint32_t value)
{
    entry(camera, tag, 3, 1);
    put(camera, value, 2);
    put(camera, 0, 2);
}

static void entry_letter(struct camera *camera, uint32_t tag, char letter)
{
    entry(camera, tag, 2, 2);
    memcpy(camera->at + camera->len, (char[4]){ letter }, 4);
    camera->len += 4;
}

static void entry_long(struct camera *camera, uint32_t tag, uint32_t type, uint32_t count,
                       uint32_t value)
{
    entry(camera, tag, type, count);
    put(camera, value, 4);
}

/* 30°30′a/b″ with the letters given, held as `orientation` says. */
static struct camera shot(bool big, uint32_t orientation, const char *letters, uint32_t a,
                          uint32_t b)
{
    struct camera camera = { .big = big };

    memcpy(camera.at, big ? "MM" : "II", 2);
    camera.len = 2;
    put(&camera, 42, 2);
    put(&camera, 8, 4);
    put(&camera, 2, 2);
    entry_short(&camera, 0x0112, orientation);
    entry_long(&camera, 0x8825, 4, 1, 38);
    put(&camera, 0, 4);
    put(&camera, 4, 2);
    entry_letter(&camera, 1, letters[0]);
    entry_long(&camera, 2, 5, 3, 92);
    entry_letter(&camera, 3, letters[1]);
    entry_long(&camera, 4, 5, 3, 92);
    put(&camera, 0, 4);
    uint32_t angle[] = { 30, 1, 3000, 100, a, b };
    for (size_t i = 0; i < COUNT(angle); i++)
        put(&camera, angle[i], 4);
    return camera;
}

static struct exif read_of(const struct camera *camera)
{
    return exif_read(str_slice(camera->at, camera->len));
}

TEST(both_byte_orders_say_the_same)
{
    for (int big = 0; big < 2; big++) {
        struct camera camera = shot(big, 6, "NE", 360, 10);
        struct exif   exif = read_of(&camera);
        CHECK_INT(exif.orientation, 6);
        CHECK(exif.has_place && exif.lat > 30.5099 && exif.lat < 30.5101 &&
              exif.lng == exif.lat);
    }
}

TEST(south_and_west_are_negative)
{
    struct camera camera = shot(true, 1, "SW", 0, 1);
    struct exif   exif = read_of(&camera);

    CHECK(exif.has_place && exif.lat == -30.5 && exif.lng == -30.5);
}

TEST(a_place_that_cannot_be_is_no_place)
{
    struct camera all[] = { shot(true, 1, "NX", 0, 1), shot(true, 1, "XE", 0, 1),
                            shot(true, 1, "NE", 60, 1), shot(true, 1, "NE", 0, 0) };

    for (size_t i = 0; i < COUNT(all); i++)
        CHECK(!read_of(&all[i]).has_place);
}

TEST(zeros_are_a_phone_without_a_fix)
{
    struct camera camera = shot(true, 1, "NE", 0, 1);

    memset(camera.at + 92, 0, 4);
    memset(camera.at + 100, 0, 4);
    CHECK(!read_of(&camera).has_place);
}

TEST(an_orientation_that_does_not_exist_is_upright)
{
    struct camera camera = shot(false, 9, "NE", 0, 1);

    CHECK_INT(read_of(&camera).orientation, 1);
}

TEST(cut_off_anywhere_it_still_gives_an_answer)
{
    struct camera camera = shot(false, 3, "NE", 1, 7);

    for (size_t len = 0; len < camera.len; len++) {
        struct exif exif = exif_read(str_slice(camera.at, len));
        CHECK(!exif.has_place && exif.orientation >= 1 && exif.orientation <= 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_say_the_same),
        cmocka_unit_test(south_and_west_are_negative),
        cmocka_unit_test(a_place_that_cannot_be_is_no_place),
        cmocka_unit_test(zeros_are_a_phone_without_a_fix),
        cmocka_unit_test(an_orientation_that_does_not_exist_is_upright),
        cmocka_unit_test(cut_off_anywhere_it_still_gives_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
