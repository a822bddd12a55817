#include "decode/exif.h"

enum {
    TAG_ORIENTATION = 0x0112,
    TAG_GPS = 0x8825,
    TAG_LAT_REF = 1,
    TAG_LAT = 2,
    TAG_LNG_REF = 3,
    TAG_LNG = 4,
};
enum { TYPE_ASCII = 2, TYPE_SHORT = 3, TYPE_LONG = 4, TYPE_RATIONAL = 5 };
enum { ENTRIES_MAX = 512, ENTRY_BYTES = 12 };

struct tiff {
    struct str bytes; /* from the byte order mark on: offsets count from here */
    bool       big;   /* big-endian */
};

struct entry {
    uint32_t type, count;
    size_t   at; /* of the value or its offset */
};

static bool          tiff_open(struct str bytes, struct tiff *tiff);
static bool          find(const struct tiff *tiff, size_t directory, uint32_t tag,
                          struct entry *entry);
static uint32_t      short_at(const struct tiff *tiff, size_t at);
static uint32_t      long_at(const struct tiff *tiff, size_t at);
static MUST_USE bool degrees(const struct tiff *tiff, size_t directory, uint32_t tag,
                             double *angle);
static int sign(const struct tiff *tiff, size_t directory, uint32_t tag, char minus,
                char plus);

static int orientation(const struct tiff *tiff, size_t directory)
{
    struct entry entry;

    if (!find(tiff, directory, TAG_ORIENTATION, &entry) || entry.type != TYPE_SHORT)
        return 1;
    uint32_t value = short_at(tiff, entry.at);
    return value >= 1 && value <= 8 ? (int)value : 1;
}

static void place(const struct tiff *tiff, size_t directory, struct exif *exif)
{
    struct entry gps;

    if (!find(tiff, directory, TAG_GPS, &gps) || gps.type != TYPE_LONG)
        return;
    size_t at = long_at(tiff, gps.at);
    int    north = sign(tiff, at, TAG_LAT_REF, 'S', 'N');
    int    east = sign(tiff, at, TAG_LNG_REF, 'W', 'E');
    double lat, lng;
    if (!north || !east || !degrees(tiff, at, TAG_LAT, &lat) ||
        !degrees(tiff, at, TAG_LNG, &lng))
        return;
    /* A phone without a fix writes zeros; nobody lives there. */
    if (lat > 90 || lng > 180 || (lat == 0 && lng == 0))
        return;
    exif->has_place = true;
    exif->lat = north * lat;
    exif->lng = east * lng;
}

struct exif exif_read(struct str bytes)
{
    struct exif exif = { .orientation = 1 };
    struct tiff tiff;

    if (!tiff_open(bytes, &tiff))
        return exif;
    size_t directory = long_at(&tiff, 4);
    exif.orientation = orientation(&tiff, directory);
    place(&tiff, directory, &exif);
    return exif;
}

static bool tiff_open(struct str bytes, struct tiff *tiff)
{
    struct str mark = { "Exif\0\0", 6 };

    if (str_starts(bytes, mark))
        bytes = str_skip(bytes, mark.len);
    bool big = str_starts(bytes, STR("MM"));
    *tiff = (struct tiff){ bytes, big };
    return (big || str_starts(bytes, STR("II"))) && short_at(tiff, 2) == 42;
}

/* `n` bytes at `at`, 0 when they are not all there. */
static uint32_t number_at(const struct tiff *tiff, size_t at, size_t n)
{
    uint32_t value = 0;

    if (at > tiff->bytes.len || tiff->bytes.len - at < n)
        return 0;
    for (size_t i = 0; i < n; i++) {
        size_t next = tiff->big ? at + i : at + n - 1 - i;
        value = value << 8 | (unsigned char)tiff->bytes.at[next];
    }
    return value;
}

static uint32_t short_at(const struct tiff *tiff, size_t at)
{
    return number_at(tiff, at, 2);
}

static uint32_t long_at(const struct tiff *tiff, size_t at)
{
    return number_at(tiff, at, 4);
}

/* Offsets have 32 bits and size_t has 64, so that sums do not overflow. */
static_assert(sizeof(size_t) > sizeof(uint32_t), "offsets are added without checks");

static bool find(const struct tiff *tiff, size_t directory, uint32_t tag,
                 struct entry *entry)
{
    uint32_t n = short_at(tiff, directory);

    if (n > ENTRIES_MAX)
        n = ENTRIES_MAX;
    for (uint32_t i = 0; i < n; i++) {
        size_t at = directory + 2 + (size_t)i * ENTRY_BYTES;
        if (at + ENTRY_BYTES > tiff->bytes.len)
            return false;
        if (short_at(tiff, at) != tag)
            continue;
        *entry = (struct entry){ short_at(tiff, at + 2), long_at(tiff, at + 4), at + 8 };
        return entry->count > 0;
    }
    return false;
}

/* A rational: two longs.  x/0 is how cameras write "unknown". */
static bool rational(const struct tiff *tiff, size_t at, double *value)
{
    uint32_t above = long_at(tiff, at), below = long_at(tiff, at + 4);

    *value = below ? (double)above / (double)below : 0;
    return below != 0;
}

/* Degrees, minutes, seconds: three rationals behind an offset. */
static bool degrees(const struct tiff *tiff, size_t directory, uint32_t tag, double *angle)
{
    struct entry entry;
    double       d, m, s;

    if (!find(tiff, directory, tag, &entry) || entry.type != TYPE_RATIONAL ||
        entry.count != 3)
        return false;
    size_t at = long_at(tiff, entry.at);
    if (!rational(tiff, at, &d) || !rational(tiff, at + 8, &m) ||
        !rational(tiff, at + 16, &s))
        return false;
    *angle = d + m / 60 + s / 3600;
    return m < 60 && s < 60;
}

static int sign(const struct tiff *tiff, size_t directory, uint32_t tag, char minus,
                char plus)
{
    struct entry entry;

    if (!find(tiff, directory, tag, &entry) || entry.type != TYPE_ASCII)
        return 0;
    char letter = tiff->bytes.at[entry.at];
    return letter == plus ? 1 : letter == minus ? -1 : 0;
}
