#include "guard/blind.h"

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

void blind_open(struct blind_key *key, struct str column)
{
    keys_for_index(column, key->bytes);
}

/* A word has no NUL. */
int64_t blind_word(const struct blind_key *key, struct str within, struct str word)
{
    unsigned char mac[SM3_BYTES];
    int64_t       number;

    sm3_hmac_kept(key->bytes, PARTS(within, str_slice("", 1), word), mac);
    memcpy(&number, mac, sizeof number);
    return number;
}

void blind_close(struct blind_key *key)
{
    sodium_memzero(key, sizeof *key);
    sm3_hmac_forget();
}
