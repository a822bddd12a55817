/* Cookies and bearer headers, and the numbers that people copy: any text at all.
 * A token that is read is in the one way of writing it, so no two texts are the
 * same session; what a code's cleaning leaves is left alone by cleaning again. */
#include "base/arena.h"
#include "base/id.h"
#include "guard/codes.h"
#include "guard/mask.h"
#include "guard/token.h"
#include "fuzz.h"

static void read_token(struct str text)
{
    struct token token, other;

    if (token_read(STR("lk_"), text, &token))
        demand(token.county <= COUNTY_MAX && text.len == 49 &&
               !token_read(STR(""), text, &other));
    if (token_read(STR(""), text, &token))
        demand(token.county <= COUNTY_MAX && text.len == 46);
}

static void check_codes(struct arena *arena, struct str text)
{
    for (enum code code = CODE_MOBILE; code <= CODE_CREDIT; code++) {
        struct str clean = code_clean(arena, code, text);
        demand(!clean.at || str_eq(code_clean(arena, code, clean), clean));
        struct str says = code_says(arena, code, clean, 1795327387120);
        demand(!says.at || (str_utf8(says) && str_ends(says, STR("。"))));
        if (!says.at && code == CODE_ID)
            demand(code_person(clean).year >= 1900);
    }
    demand(str_utf8(mask_name(arena, text)));
    demand(str_utf8(mask_phone(arena, text)));
    demand(str_utf8(mask_id(arena, text)));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena arena;
    struct str   text = str_slice((const char *)data, n);

    arena_init(&arena, 64 << 20);
    read_token(text);
    check_codes(&arena, text);
    arena_free(&arena);
    return 0;
}
