#include "app/story/reader.h"

static const struct story_spelling words[] = {
#define STORY_WORD(name, zh, also, en) STORY_SPELLING(zh, also, en),
#include "app/story/words.def"
};

void reader_wrong(struct reader *r, const char *says)
{
    if (!r->bad)
        problem_at(r->problems, r->story->file, r->line,
                   (int64_t)str_chars(str_slice(r->whole.at, r->whole.len - r->rest.len)) +
                       1,
                   "%s", says);
    r->bad = true;
}

/* ---- characters ---- */

static const struct str marks[][5] = {
    [MARK_SEPARATOR] = { STR_INIT("，"), STR_INIT(","), STR_INIT("；"), STR_INIT(";") },
    [MARK_COLON] = { STR_INIT("："), STR_INIT(":") },
    [MARK_EQUALS] = { STR_INIT("＝"), STR_INIT("=") },
    [MARK_DASH] = { STR_INIT("-") },
};
static const struct str blanks[4] = { STR_INIT(" "), STR_INIT("\t"), STR_INIT("　") };
static const struct str quotes[][2] = { { STR_INIT("“"), STR_INIT("”") },
                                        { STR_INIT("\""), STR_INIT("\"") },
                                        { STR_INIT("「"), STR_INIT("」") } };

/* Length of the one of them that `text` begins with; the last is absent. */
static size_t begins_with(struct str text, const struct str *any)
{
    while (any->len && !str_starts(text, *any))
        any++;
    return any->len;
}

static struct str skip_blanks(struct str text)
{
    for (size_t n; (n = begins_with(text, blanks));)
        text = str_skip(text, n);
    return text;
}

static const struct str *quote_at(struct str text) /* the pair, NULL: none */
{
    for (size_t i = 0; i < COUNT(quotes); i++)
        if (str_starts(text, quotes[i][0]))
            return quotes[i];
    return NULL;
}

static bool ends_word(struct str text)
{
    return str_empty(text) || begins_with(text, blanks) || quote_at(text) ||
           begins_with(text, marks[MARK_SEPARATOR]) ||
           begins_with(text, marks[MARK_COLON]) || begins_with(text, marks[MARK_EQUALS]);
}

/* Takes the next n bytes, which the text that is being made then ends with. */
static void take_bytes(struct reader *r, struct str *text, size_t n)
{
    text->len += n;
    r->rest = str_skip(r->rest, n);
}

bool reader_end(struct reader *r)
{
    r->rest = skip_blanks(r->rest);
    return str_empty(r->rest);
}

bool reader_at(struct reader *r, enum mark mark)
{
    return !reader_end(r) && begins_with(r->rest, marks[mark]);
}

bool reader_mark(struct reader *r, enum mark mark)
{
    struct str rest = skip_blanks(r->rest);
    size_t     n = begins_with(rest, marks[mark]);

    if (n)
        r->rest = str_skip(rest, n);
    return n > 0;
}

/* ---- words ---- */

/* `text` begins with the spelling; blanks may stand between its characters where
 * Chinese has none and where English has one. */
static bool begins(struct str text, struct str spelling, struct str *rest)
{
    text = skip_blanks(text);
    if (str_empty(spelling))
        return false;
    while (spelling.len) {
        size_t n = str_utf8_first(spelling);
        bool   blank = spelling.at[0] == ' ';
        if (blank ? !begins_with(text, blanks)
                  : !str_starts(text, str_slice(spelling.at, n)))
            return false;
        text = blank ? skip_blanks(text) : str_skip(text, n);
        spelling = str_skip(spelling, n);
        if (n > 1 && spelling.len)
            text = skip_blanks(text);
    }
    *rest = text;
    return true;
}

bool reader_spelling(struct reader *r, const struct story_spelling *word, bool loose)
{
    const struct str spellings[] = { word->zh, word->also, word->en };

    for (size_t i = 0; i < COUNT(spellings); i++) {
        struct str rest;
        if (begins(r->rest, spellings[i], &rest) && (ends_word(rest) || (loose && i < 2))) {
            r->rest = rest;
            return true;
        }
    }
    return false;
}

bool reader_take(struct reader *r, enum story_word word)
{
    bool loose = word == STORY_IS || word == STORY_IS_NOT || word == STORY_TIME_IS ||
                 word == STORY_AFTER;

    return reader_spelling(r, &words[word], loose);
}

bool story_spelt(const struct story_spelling *spelling, struct str word)
{
    return !str_empty(word) && (str_eq(word, spelling->zh) ||
                                str_eq(word, spelling->also) || str_eq(word, spelling->en));
}

bool reader_tail_word(struct reader *r)
{
    return reader_take(r, STORY_BECAUSE) || reader_take(r, STORY_LABEL) ||
           reader_take(r, STORY_TOGETHER);
}

bool reader_digits(struct reader *r, int64_t *number)
{
    size_t n = 0;

    r->rest = skip_blanks(r->rest);
    for (*number = 0; r->rest.len && r->rest.at[0] >= '0' && r->rest.at[0] <= '9'; n++) {
        *number = n < 9 ? *number * 10 + (r->rest.at[0] - '0') : 0;
        r->rest = str_skip(r->rest, 1);
    }
    return n > 0 && n <= 9;
}

/* ---- names and values ---- */

static struct str take_quoted(struct reader *r, const struct str *quote)
{
    struct str rest = str_skip(r->rest, quote[0].len), text = { rest.at, 0 };

    while (text.len < rest.len && !str_starts(str_skip(rest, text.len), quote[1]))
        text.len++;
    if (text.len == rest.len)
        reader_wrong(r, "引号只有一半，请补上另一半。");
    else
        r->rest = str_skip(rest, text.len + quote[1].len);
    return text;
}

struct str reader_name(struct reader *r, const char *what)
{
    struct str        name = { skip_blanks(r->rest).at, 0 };
    const struct str *quote = reader_end(r) ? NULL : quote_at(r->rest);

    if (quote)
        return take_quoted(r, quote);
    while (!ends_word(r->rest))
        take_bytes(r, &name, str_utf8_first(r->rest));
    if (!name.len)
        reader_wrong(r, what);
    return name;
}

struct str reader_phrase(struct reader *r)
{
    struct str        phrase = { skip_blanks(r->rest).at, 0 };
    const struct str *quote = reader_end(r) ? NULL : quote_at(r->rest);

    if (quote)
        return take_quoted(r, quote);
    while (r->rest.len && !begins_with(r->rest, marks[MARK_COLON]) &&
           !begins_with(r->rest, marks[MARK_SEPARATOR]))
        take_bytes(r, &phrase, str_utf8_first(r->rest));
    return str_trim(phrase);
}

/* A comma ends a value when something else begins behind it: 类别=…, 因为 …; in
 * between it belongs to the text. */
static bool ends_value(const struct reader *r)
{
    struct reader probe = *r;

    probe.bad = true; /* nothing is told */
    if (!reader_mark(&probe, MARK_SEPARATOR))
        return false;
    return reader_tail_word(&probe) ||
           (reader_name(&probe, "").len > 0 && reader_mark(&probe, MARK_EQUALS));
}

struct str reader_value(struct reader *r)
{
    struct str        value = { skip_blanks(r->rest).at, 0 };
    const struct str *quote = reader_end(r) ? NULL : quote_at(r->rest);

    if (quote) {
        struct reader before = *r;
        struct str    text = take_quoted(r, quote);
        if (reader_end(r) || reader_at(r, MARK_SEPARATOR))
            return text;
        *r = before; /* “3 栋”门口: the quotes are part of it */
    }
    while (r->rest.len && !ends_value(r))
        take_bytes(r, &value, str_utf8_first(r->rest));
    return str_trim(value);
}

struct str reader_rest(struct reader *r)
{
    struct str rest = str_trim(skip_blanks(r->rest));

    r->rest = str_skip(r->rest, r->rest.len);
    return rest;
}
