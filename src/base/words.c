#include "base/words.h"

#include <pthread.h>
#include <unicode/ubrk.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Of one character, and in nearly every text. */
static const struct str says_nothing =
    STR_INIT("的了在是有和就不人都一也很到说要去你会着没看好我他她它们这那个上下里把被给对"
             "吗呢吧啊请");

/* A text being cut: as ICU has it, and what it is cut into. */
struct cutting {
    struct arena *arena;
    const UChar  *at;
    int32_t       len;
    struct str   *words;
    size_t        n, most;
};

/* One word as ICU cut it, and whether it is in Chinese characters. */
struct piece {
    int32_t from, until;
    bool    han;
};

/* ------------------------------------------------------------- ICU's part */

/* Made once, as its dictionary is slow to open; each cutting works on a copy. */
static UBreakIterator *model;
static pthread_once_t  model_once = PTHREAD_ONCE_INIT;

static void make_model(void)
{
    UErrorCode error = U_ZERO_ERROR;

    model = ubrk_open(UBRK_WORD, "zh", NULL, 0, &error);
    if (U_FAILURE(error))
        model = NULL;
}

static UBreakIterator *pieces_of(const UChar *text, int32_t len)
{
    UErrorCode error = U_ZERO_ERROR;

    pthread_once(&model_once, make_model);
    UBreakIterator *pieces = model ? ubrk_clone(model, &error) : NULL;
    if (pieces)
        ubrk_setText(pieces, text, len, &error);
    if (pieces && U_FAILURE(error)) {
        ubrk_close(pieces);
        return NULL;
    }
    return pieces;
}

/* The next word; blanks and marks are passed over.  False at the end. */
static bool next_piece(UBreakIterator *pieces, struct piece *piece)
{
    for (int32_t from = ubrk_current(pieces), until = ubrk_next(pieces); until != UBRK_DONE;
         from = until, until = ubrk_next(pieces)) {
        int32_t status = ubrk_getRuleStatus(pieces);
        if (status >= UBRK_WORD_NUMBER) {
            *piece = (struct piece){ from, until, status >= UBRK_WORD_IDEO };
            return true;
        }
    }
    return false;
}

static enum rc make_alike(struct arena *arena, struct str text, struct cutting *cutting)
{
    enum { GROWS = 6 }; /* the most: ﷺ, three bytes, becomes eighteen characters */
    UErrorCode          error = U_ZERO_ERROR;
    const UNormalizer2 *alike = unorm2_getNFKCCasefoldInstance(&error);
    int32_t             n = 0, room = GROWS * (int32_t)text.len + 1;
    UChar              *from = arena_many(arena, text.len + 1, UChar);
    UChar              *to = arena_many(arena, (size_t)room, UChar);

    if (!from || !to)
        return RC_TOO_LARGE;
    u_strFromUTF8(from, (int32_t)text.len + 1, &n, text.at, (int32_t)text.len, &error);
    n = unorm2_normalize(alike, from, n, to, room, &error);
    cutting->at = to;
    cutting->len = n;
    return U_FAILURE(error) ? RC_INTERNAL : RC_OK;
}

struct str words_folded(struct arena *arena, struct str text)
{
    struct cutting cutting;
    UErrorCode     error = U_ZERO_ERROR;
    int32_t        len = 0;

    if (str_empty(text))
        return STR("");
    if (make_alike(arena, text, &cutting) != RC_OK)
        return STR_NONE;
    size_t room = 3 * (size_t)cutting.len + 1;
    char  *out = arena_take(arena, room);
    if (!out)
        return STR_NONE;
    u_strToUTF8(out, (int32_t)room, &len, cutting.at, cutting.len, &error);
    return U_FAILURE(error) ? STR_NONE : str_slice(out, (size_t)len);
}

/* ------------------------------------------------------------- one word */

static uint32_t next_point(const struct cutting *cutting, int32_t *at, int32_t until)
{
    uint32_t first = cutting->at[(*at)++];

    if (!U16_IS_LEAD(first) || *at == until || !U16_IS_TRAIL(cutting->at[*at]))
        return first;
    return 0x10000 + ((first & 0x3ffu) << 10) + (cutting->at[(*at)++] & 0x3ffu);
}

static int32_t after(const struct cutting *cutting, int32_t at)
{
    U16_FWD_1(cutting->at, at, cutting->len);
    return at;
}

static bool is_noted(const struct cutting *cutting, struct str word)
{
    for (size_t i = 0; i < cutting->n; i++)
        if (str_eq(cutting->words[i], word))
            return true;
    return false;
}

/* Whole characters only, as many as fit. */
static enum rc note(struct cutting *cutting, int32_t from, int32_t until)
{
    char   utf8[WORD_BYTES_MAX];
    size_t len = 0;

    while (from < until) {
        char     one[4];
        uint32_t point = next_point(cutting, &from, until);
        size_t   n = U_IS_SURROGATE(point) ? 0 : str_utf8_put(point, one);
        if (len + n > sizeof utf8)
            break;
        memcpy(utf8 + len, one, n);
        len += n;
    }
    struct str word = str_slice(utf8, len);
    if (!len || cutting->n == cutting->most || is_noted(cutting, word))
        return RC_OK;
    word = str_copy(cutting->arena, word);
    if (!word.at)
        return RC_TOO_LARGE;
    cutting->words[cutting->n++] = word;
    return RC_OK;
}

static bool is_one(const struct cutting *cutting, const struct piece *piece)
{
    return after(cutting, piece->from) == piece->until;
}

static bool says_something(const struct cutting *cutting, const struct piece *piece)
{
    char     one[4];
    int32_t  at = piece->from;
    uint32_t point = next_point(cutting, &at, piece->until);

    return !str_has(says_nothing, str_slice(one, str_utf8_put(point, one)));
}

static enum rc note_pairs(struct cutting *cutting, int32_t from, int32_t until)
{
    enum rc rc = RC_OK;

    for (int32_t next = after(cutting, from); next < until && rc == RC_OK;) {
        int32_t past = after(cutting, next);
        rc = note(cutting, from, past);
        from = next;
        next = past;
    }
    return rc;
}

/* ------------------------------------------------------------ whole texts */

typedef enum rc cut_fn(struct cutting *cutting, UBreakIterator *pieces);

static enum rc cut(struct arena *arena, struct str text, size_t most, cut_fn *by,
                   struct list *words)
{
    struct cutting cutting = { .arena = arena };

    *words = (struct list){ 0 };
    if (str_empty(text))
        return RC_OK;
    enum rc rc = make_alike(arena, text, &cutting);
    if (rc != RC_OK)
        return rc;
    /* Each character begins at most two: a pair, and itself. */
    size_t room = 2 * (size_t)cutting.len + 1;
    cutting.most = most < room ? most : room;
    cutting.words = arena_many(arena, cutting.most + 1, struct str);
    if (!cutting.words)
        return RC_TOO_LARGE;
    UBreakIterator *pieces = pieces_of(cutting.at, cutting.len);
    if (!pieces)
        return RC_INTERNAL;
    rc = by(&cutting, pieces);
    ubrk_close(pieces);
    *words = (struct list){ cutting.words, cutting.n };
    return rc;
}

/* Pairs go over the ends of ICU's words, as these are not the same in every text. */
static enum rc cut_kept(struct cutting *cutting, UBreakIterator *pieces)
{
    struct piece piece;
    int32_t      run = 0, run_until = -1; /* Chinese without a gap so far */
    enum rc      rc = RC_OK;

    while (rc == RC_OK && next_piece(pieces, &piece)) {
        if (!piece.han) {
            rc = note(cutting, piece.from, piece.until);
            continue;
        }
        if (piece.from != run_until) {
            rc = note_pairs(cutting, run, run_until);
            run = piece.from;
        }
        run_until = piece.until;
        if (rc == RC_OK && is_one(cutting, &piece) && says_something(cutting, &piece))
            rc = note(cutting, piece.from, piece.until);
    }
    return rc == RC_OK ? note_pairs(cutting, run, run_until) : rc;
}

enum rc words_kept(struct arena *arena, struct str text, size_t most, struct list *words)
{
    return cut(arena, text, most, cut_kept, words);
}

/* What stands in single characters side by side is one word that ICU does not know: 山|水.
 * A single one beside longer words is asked for only when there is nothing else, as
 * another text has it inside a word (坏|了, 坏了). */
static enum rc cut_asked(struct cutting *cutting, UBreakIterator *pieces)
{
    struct piece piece, lone = { 0 };
    int32_t      run = 0, run_until = -1;
    enum rc      rc = RC_OK;

    while (rc == RC_OK && next_piece(pieces, &piece)) {
        if (!piece.han) {
            rc = note(cutting, piece.from, piece.until);
        } else if (!is_one(cutting, &piece)) {
            rc = note_pairs(cutting, piece.from, piece.until);
        } else {
            if (piece.from == run_until)
                rc = note_pairs(cutting, run, piece.until);
            else
                run = piece.from;
            run_until = piece.until;
            if (!lone.until && says_something(cutting, &piece))
                lone = piece;
        }
    }
    if (rc == RC_OK && !cutting->n && lone.until)
        rc = note(cutting, lone.from, lone.until);
    return rc;
}

enum rc words_asked(struct arena *arena, struct str question, size_t most,
                    struct list *words)
{
    return cut(arena, question, most, cut_asked, words);
}
