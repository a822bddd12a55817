#include "guard/slip.h"

#include "base/random.h"

/* Without 0 O 1 I L: it is read from paper and over the telephone. */
static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
enum { LETTERS = sizeof alphabet - 1, BIASED = 256 / LETTERS * LETTERS };

static char letter(void)
{
    unsigned char byte;

    do
        random_bytes(&byte, 1);
    while (byte >= BIASED);
    return alphabet[byte % LETTERS];
}

struct str slip_new(struct arena *arena)
{
    char *text = arena_take(arena, SLIP_CHARS);

    for (size_t i = 0; text && i < SLIP_CHARS; i++)
        text[i] = letter();
    return text ? str_slice(text, SLIP_CHARS) : STR_NONE;
}

/* As it is given out; 0: too long to be one. */
static size_t clean(struct str typed, char into[SLIP_CHARS])
{
    size_t n = 0;

    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c == ' ' || c == '-')
            continue;
        if (n == SLIP_CHARS)
            return 0;
        into[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return n;
}

void slip_hash(struct str purpose, int64_t account, struct str typed,
               unsigned char hash[SM3_BYTES])
{
    const int64_t whose[] = { account };
    char          text[SLIP_CHARS];
    size_t        n = clean(typed, text);

    sm3(PARTS(STR("linli slip "), purpose, PART_OF(whose), str_slice(text, n)), hash);
}
