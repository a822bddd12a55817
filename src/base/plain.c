#include "base/plain.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static const struct {
    uint32_t from, to;
} hidden[] = {
    { 0x00, 0x08 },       { 0x0b, 0x0c },     { 0x0e, 0x1f },     { 0x7f, 0x9f },
    { 0xad, 0xad },       { 0x61c, 0x61c },   { 0x200b, 0x200b }, { 0x200e, 0x200f },
    { 0x2028, 0x202e },   { 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
    { 0xe0000, 0xe0fff },
};

bool plain_point(uint32_t point)
{
    for (size_t i = 0; i < COUNT(hidden); i++)
        if (point >= hidden[i].from && point <= hidden[i].to)
            return false;
    return (point & 0xfffe) != 0xfffe; /* those are no characters at all */
}

/* Nearly every text here: ASCII to U+02FF, and the unified characters. */
static bool surely_composed(struct str text)
{
    while (text.len) {
        uint32_t point = str_utf8_next(&text);
        if (point >= 0x300 && (point < 0x3400 || point > 0x9fff) &&
            (point < 0x3001 || point > 0x3020) && (point < 0xff01 || point > 0xffef) &&
            (point < 0x2010 || point > 0x2027))
            return false;
    }
    return true;
}

static struct str composed(struct arena *arena, const UNormalizer2 *nfc, struct str text)
{
    int32_t    n = (int32_t)text.len, room = 3 * n + 1, len = 0;
    UErrorCode error = U_ZERO_ERROR;
    UChar     *from = arena_many(arena, text.len + 1, UChar);
    UChar     *to = arena_many(arena, (size_t)room, UChar);
    char      *out = arena_take(arena, 3 * (size_t)room);

    if (!from || !to || !out)
        return STR_NONE;
    u_strFromUTF8(from, n + 1, &len, text.at, n, &error);
    len = unorm2_normalize(nfc, from, len, to, room, &error);
    u_strToUTF8(out, 3 * room, &len, to, len, &error);
    return U_FAILURE(error) ? STR_NONE : str_slice(out, (size_t)len);
}

struct str plain_text(struct arena *arena, struct str text)
{
    UErrorCode error = U_ZERO_ERROR;

    if (surely_composed(text))
        return text;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
    return U_FAILURE(error) ? STR_NONE : composed(arena, nfc, text);
}
