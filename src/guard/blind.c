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
