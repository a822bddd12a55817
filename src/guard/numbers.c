#include "guard/numbers.h"

#include <string.h>

#include "base/str.h"

/* A text with everything between digits taken out: digits, capital letters, PROVINCE, and
 * BREAK for all other characters. */
struct token {
    char   c;
    size_t at, end; /* bytes of the text */
    size_t n;       /* characters before it */
};
struct tokens {
    struct str    text;
    struct token *all;
    size_t        n;
};

enum { PROVINCE = '@', BREAK = '|', GAP = 0 };

/* ---------------------------------------------------------------- reading */

static bool among(uint32_t c, const char *list)
{
    for (struct str rest = str_of(list); rest.len;)
        if (str_utf8_next(&rest) == c)
            return true;
    return false;
}

/* Where in the list, counted from 0; -1: nowhere. */
static int place_in(uint32_t c, const char *list)
{
    int i = 0;

    for (struct str rest = str_of(list); rest.len; i++)
        if (str_utf8_next(&rest) == c)
            return i;
    return -1;
}

static char digit_of(uint32_t c)
{
    static const char *const rows[] = { "零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖",
                                        "洞幺两〣〤〥〦拐〨〩", "⓪①②③④⑤⑥⑦⑧⑨" };

    for (size_t i = 0; i < COUNT(rows); i++) {
        int digit = place_in(c, rows[i]);
        if (digit >= 0)
            return (char)('0' + digit);
    }
    return 0;
}

static bool is_gap(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF ||
           among(c, " \t\u00A0\u3000-‐‑‒–—―－_.·•・/()（）");
}

static char token_of(uint32_t c)
{
    if (c >= 0xFF10 && c <= 0xFF5A) /* full-width */
        c -= 0xFF10 - '0';
    if (c >= 'a' && c <= 'z')
        c -= 'a' - 'A';
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
        return (char)c;
    if (c < 0x80)
        return is_gap(c) ? GAP : BREAK;
    if (among(c, "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"))
        return PROVINCE;
    char digit = digit_of(c);
    return digit ? digit : is_gap(c) ? GAP : BREAK;
}

static bool read_tokens(struct arena *arena, struct str text, struct tokens *tokens)
{
    *tokens = (struct tokens){ .text = text,
                               .all = arena_many(arena, text.len + 1, struct token) };
    size_t n = 0;
    for (struct str rest = text; tokens->all && rest.len; n++) {
        size_t at = (size_t)(rest.at - text.at);
        char   c = token_of(str_utf8_next(&rest));
        if (c != GAP)
            tokens->all[tokens->n++] =
                (struct token){ c, at, (size_t)(rest.at - text.at), n };
    }
    return tokens->all != NULL;
}

static char at(const struct tokens *tokens, size_t i)
{
    return i < tokens->n ? tokens->all[i].c : BREAK;
}

/* 0 … 9, also of what looks like one; -1. */
static int digit(const struct tokens *tokens, size_t i)
{
    char c = at(tokens, i);

    return c >= '0' && c <= '9' ? c - '0' : c == 'O' ? 0 : c == 'I' || c == 'L' ? 1 : -1;
}

static bool begins_here(const struct tokens *tokens, size_t i)
{
    return i == 0 || digit(tokens, i - 1) < 0;
}

static size_t run_from(const struct tokens *tokens, size_t i)
{
    size_t n = 0;

    while (digit(tokens, i + n) >= 0)
        n++;
    return n;
}

static int number_at(const struct tokens *tokens, size_t i, size_t digits)
{
    int number = 0;

    while (digits--)
        number = number * 10 + digit(tokens, i++);
    return number;
}

/* ------------------------------------------------- what it could be: tokens of it, or 0 */

static bool is_date(int year, int month, int day)
{
    return year >= 1880 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 &&
           day <= 31;
}

/* GB 11643. */
static bool id_adds_up(const struct tokens *tokens, size_t i)
{
    static const int  weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    static const char checks[] = "10X98765432";
    int               sum = 0;

    for (size_t k = 0; k < COUNT(weights); k++)
        sum += weights[k] * digit(tokens, i + k);
    char check = checks[sum % 11];
    return check == 'X' ? at(tokens, i + 17) == 'X' : digit(tokens, i + 17) == check - '0';
}

static size_t id_number(const struct tokens *tokens, size_t i)
{
    size_t run = run_from(tokens, i);

    if (run >= 17 &&
        is_date(number_at(tokens, i + 6, 4), number_at(tokens, i + 10, 2),
                number_at(tokens, i + 12, 2)) &&
        id_adds_up(tokens, i))
        return 18;
    bool old = run == 15 && begins_here(tokens, i) && number_at(tokens, i, 2) >= 11 &&
               number_at(tokens, i, 2) <= 65 &&
               is_date(1900 + number_at(tokens, i + 6, 2), number_at(tokens, i + 8, 2),
                       number_at(tokens, i + 10, 2));
    return old ? 15 : 0;
}

/* The check digit of ISO 7812 (Luhn). */
static size_t bank_card(const struct tokens *tokens, size_t i)
{
    size_t run = run_from(tokens, i);
    int    sum = 0;

    if (run < 16 || run > 19 || !begins_here(tokens, i) || digit(tokens, i) < 3 ||
        digit(tokens, i) > 6)
        return 0;
    for (size_t k = 0; k < run; k++) {
        int value = digit(tokens, i + run - 1 - k) * (k % 2 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0 ? run : 0;
}

static size_t mobile(const struct tokens *tokens, size_t i)
{
    return digit(tokens, i) == 1 && digit(tokens, i + 1) >= 3 && run_from(tokens, i) >= 11
               ? 11
               : 0;
}

/* With the area's code: 010 12345678, 0710 3456789. */
static size_t landline(const struct tokens *tokens, size_t i)
{
    size_t run = run_from(tokens, i);
    size_t code = digit(tokens, i + 1) == 1 || digit(tokens, i + 1) == 2 ? 3 : 4;
    bool   whole = run == code + 7 || run == code + 8;

    return begins_here(tokens, i) && whole && digit(tokens, i) == 0 &&
                   digit(tokens, i + 1) > 0 && digit(tokens, i + code) >= 2
               ? run
               : 0;
}

static bool of_plate(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static size_t plate(const struct tokens *tokens, size_t i)
{
    size_t n = 2, digits = 0;
    char   city = at(tokens, i + 1);

    if (at(tokens, i) != PROVINCE || city < 'A' || city > 'Z')
        return 0;
    for (; of_plate(at(tokens, i + n)); n++)
        digits += at(tokens, i + n) <= '9';
    return (n == 7 || n == 8) && digits >= 2 ? n : 0;
}

/* -------------------------------------------------------------- together */

typedef size_t number_try(const struct tokens *tokens, size_t i);

static const struct {
    struct str  title;
    number_try *try;
    bool        blocks;
} kinds[] = {
    [NUMBER_MOBILE] = { STR_INIT("手机号码"), mobile, true },
    [NUMBER_LANDLINE] = { STR_INIT("座机号码"), landline, true },
    [NUMBER_ID] = { STR_INIT("身份证号码"), id_number, true },
    [NUMBER_CARD] = { STR_INIT("银行卡号"), bank_card, true },
    [NUMBER_PLATE] = { STR_INIT("车牌号码"), plate, false },
};
static_assert(COUNT(kinds) == NUMBER_KINDS, "every kind has its row");

struct str number_title(enum number_kind kind)
{
    return kinds[kind].title;
}

bool number_blocks(enum number_kind kind)
{
    return kinds[kind].blocks;
}

/* The longer ones first: eleven of an ID number's digits may look like a telephone. */
static size_t find_at(const struct tokens *tokens, size_t i, enum number_kind *kind)
{
    static const enum number_kind order[] = { NUMBER_ID, NUMBER_CARD, NUMBER_LANDLINE,
                                              NUMBER_MOBILE, NUMBER_PLATE };

    for (size_t k = 0; k < COUNT(order); k++) {
        size_t n = kinds[order[k]].try(tokens, i);
        *kind = order[k];
        if (n)
            return n;
    }
    return 0;
}

enum rc numbers_find(struct arena *arena, struct str text, struct list *found)
{
    struct tokens tokens;

    *found = (struct list){ 0 };
    if (!read_tokens(arena, text, &tokens))
        return RC_NO_MEMORY;
    struct number_found *all = arena_many(arena, tokens.n / 7 + 1, struct number_found);
    if (!all)
        return RC_NO_MEMORY;
    found->at = all;
    for (size_t i = 0; i < tokens.n;) {
        enum number_kind kind;
        size_t           n = find_at(&tokens, i, &kind);
        if (n) {
            const struct token *first = &tokens.all[i], *last = &tokens.all[i + n - 1];
            all[found->n++] =
                (struct number_found){ .kind = kind,
                                       .at = (int64_t)first->n + 1,
                                       .chars = (int64_t)(last->n - first->n) + 1,
                                       .text = str_slice(text.at + first->at,
                                                         last->end - first->at) };
        }
        i += n ? n : 1;
    }
    return RC_OK;
}
