#include "guard/mask.h"

#include <string.h>

#include "base/arena.h"

/* The first and the last so many characters, stars between.  Stars stand for at
 * most `stars_max` characters, so that the length of a long value stays hidden. */
static struct str keep_ends(struct arena *arena, struct str value, size_t first,
                            size_t last, size_t stars_max)
{
    size_t     n = str_chars(value), hidden = n > first + last ? n - first - last : 0;
    size_t     stars = hidden < stars_max ? hidden : stars_max;
    struct str rest = value;

    for (size_t i = 0; i < first; i++)
        (void)str_utf8_next(&rest);
    struct str head = str_slice(value.at, value.len - rest.len);
    for (size_t i = 0; i < hidden; i++)
        (void)str_utf8_next(&rest);
    char *text = arena_take(arena, head.len + stars + rest.len + 1);
    if (!text)
        return STR_NONE;
    char *end = mempcpy(text, head.at, head.len);
    end = (char *)memset(end, '*', stars) + stars;
    if (rest.len)
        memcpy(end, rest.at, rest.len);
    return str_slice(text, head.len + stars + rest.len);
}

static bool can_be_masked(struct str value)
{
    return value.len > 0 && str_utf8(value);
}

struct str mask_name(struct arena *arena, struct str name)
{
    if (!can_be_masked(name))
        return STR_NONE;
    return str_chars(name) == 1 ? STR("*") : keep_ends(arena, name, 1, 0, 3);
}

struct str mask_phone(struct arena *arena, struct str phone)
{
    if (!can_be_masked(phone))
        return STR_NONE;
    size_t n = str_chars(phone);
    return n >= 10  ? keep_ends(arena, phone, 3, 4, 6)
           : n >= 7 ? keep_ends(arena, phone, 0, 2, 6)
                    : keep_ends(arena, phone, 0, 0, 6);
}

struct str mask_id(struct arena *arena, struct str id_number)
{
    if (!can_be_masked(id_number))
        return STR_NONE;
    return str_chars(id_number) >= 15 ? keep_ends(arena, id_number, 3, 4, 11)
                                      : keep_ends(arena, id_number, 0, 0, 6);
}

struct str mask(struct arena *arena, enum mask how, enum grade grade, enum grade seen,
                struct str value)
{
    if (!value.at || grade <= seen)
        return value;
    switch (how) {
    case MASK_WHOLE:
        return STR("***");
    case MASK_NAME:
        return mask_name(arena, value);
    case MASK_PHONE:
        return mask_phone(arena, value);
    case MASK_ID:
        return mask_id(arena, value);
    }
    return STR_NONE;
}
