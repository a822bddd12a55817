#include "guard/blind.h"

#include <assert.h>
#include <sodium.h>

#include "guard/keys.h"

struct str blind(struct arena *arena, struct str column, enum code kind, struct str value)
{
    struct str    clean = code_clean(arena, kind, value);
    unsigned char key[SM3_BYTES], mac[SM3_BYTES];

    if (str_empty(clean))
        return STR_NONE;
    keys_for_index(column, key);
    sm3_hmac(PART_OF(key), PARTS(clean), mac);
    sodium_memzero(key, sizeof key);
    return str_copy(arena, str_slice((const char *)mac, BLIND_BYTES));
}

void blind_open(struct blind_key *key, struct str column, struct str within)
{
    unsigned char of_column[SM3_BYTES], of_both[SM3_BYTES];

    static_assert(sizeof key->bytes == crypto_shorthash_KEYBYTES, "SipHash-2-4");
    keys_for_index(column, of_column);
    sm3_hmac(PART_OF(of_column), PARTS(within), of_both);
    memcpy(key->bytes, of_both, sizeof key->bytes);
    sodium_memzero(of_column, sizeof of_column);
    sodium_memzero(of_both, sizeof of_both);
}

int64_t blind_word(const struct blind_key *key, struct str word)
{
    unsigned char hash[crypto_shorthash_BYTES];
    int64_t       number;

    crypto_shorthash(hash, (const unsigned char *)word.at, word.len, key->bytes);
    static_assert(sizeof number == sizeof hash, "all of it");
    memcpy(&number, hash, sizeof number);
    return number;
}

void blind_close(struct blind_key *key)
{
    sodium_memzero(key, sizeof *key);
}
