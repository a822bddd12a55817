/* Any text: it is cut without harm, what comes out are whole characters, each once, and
 * every pair of characters that is asked for is found again in the text itself. */
#include "base/words.h"
#include "fuzz.h"

enum { TEXT_MAX = 4096, WORDS_MAX = 4096 };

static bool has(const struct list *words, struct str word)
{
    const struct str *word_of = words->at;

    for (size_t i = 0; i < words->n; i++)
        if (str_eq(word_of[i], word))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str   text = str_slice((const char *)bytes, n);
    struct arena arena;
    struct list  kept, asked;

    if (n > TEXT_MAX || !str_utf8(text))
        return 0;
    arena_init(&arena, ARENA_IMPORT_BYTES);
    demand(words_kept(&arena, text, WORDS_MAX, &kept) == RC_OK);
    demand(words_asked(&arena, text, WORDS_MAX, &asked) == RC_OK);
    const struct str *word = kept.at;
    for (size_t i = 0; i < kept.n; i++)
        demand(word[i].len && word[i].len <= WORD_BYTES_MAX && str_utf8(word[i]));
    word = asked.at;
    for (size_t i = 0; i < asked.n; i++)
        demand(has(&kept, word[i]));
    arena_free(&arena);
    return 0;
}
