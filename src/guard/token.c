#include "guard/token.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/random.h"

enum {
    COUNTY_BYTES = 2,
    TOKEN_BYTES = COUNTY_BYTES + 32,
    TEXT_BYTES =
        sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
};

static struct token token_of(const unsigned char bytes[TOKEN_BYTES])
{
    struct token token = { .county = bytes[0] << 8 | bytes[1] };

    sm3(PARTS(str_slice((const char *)bytes, TOKEN_BYTES)), token.hash);
    return token;
}

struct token token_new(struct arena *arena, struct str prefix, int64_t county,
                       struct str *text)
{
    unsigned char bytes[TOKEN_BYTES];
    char          coded[TEXT_BYTES];

    assert(county >= 0 && county <= COUNTY_MAX);
    bytes[0] = (unsigned char)(county >> 8);
    bytes[1] = (unsigned char)county;
    random_bytes(bytes + COUNTY_BYTES, TOKEN_BYTES - COUNTY_BYTES);
    (void)sodium_bin2base64(coded, sizeof coded, bytes, sizeof bytes,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *text = str_join(arena, (const struct str[]){ prefix, str_of(coded) }, 2, STR(""));
    struct token token = token_of(bytes);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(coded, sizeof coded);
    return token;
}

bool token_read(struct str prefix, struct str text, struct token *token)
{
    unsigned char bytes[TOKEN_BYTES];
    size_t        n = 0;

    if (!str_starts(text, prefix) || text.len != prefix.len + TEXT_BYTES - 1)
        return false;
    text = str_skip(text, prefix.len);
    if (sodium_base642bin(bytes, sizeof bytes, text.at, text.len, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != sizeof bytes)
        return false;
    *token = token_of(bytes);
    sodium_memzero(bytes, sizeof bytes);
    return token->county <= COUNTY_MAX;
}
