/* Whatever stands in a sealed column: it opens only when it is what was sealed,
 * and nothing is read beyond its end. */
#include <string.h>

#include "base/arena.h"
#include "guard/seal.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    static const struct person_key key = {
        .county = 7, .person = 42, .enc = { 1 }, .mac = { 2 }
    };
    const struct place *here = PLACE("people", "phone", 1, 42);
    const struct place *there = PLACE("people", "phone", 2, 42);
    struct arena        arena;
    struct str          input = str_slice((const char *)data, n);

    arena_init(&arena, 64 << 20);
    demand(!unseal_with(&arena, &key, here, input).at);
    struct str sealed = seal_with(&arena, &key, here, input);
    demand(str_eq(unseal_with(&arena, &key, here, sealed), input));
    demand(!unseal_with(&arena, &key, there, sealed).at);
    if (n > 0 && n < 65536) { /* one byte of it changed, chosen by the input */
        char  *changed = str_z(&arena, sealed);
        size_t at = (data[0] | (size_t)data[n - 1] << 8) % sealed.len;
        changed[at] = (char)(changed[at] ^ (data[0] | 1));
        demand(!unseal_with(&arena, &key, here, str_slice(changed, sealed.len)).at);
    }
    arena_free(&arena);
    return 0;
}
