#include "rule/lex.h"

#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>

#include "base/clock.h"
#include "rule/number.h"

enum {
    RUN_CHARS_MAX = 64, /* longer runs of letters are not cut into words */
    WHOLE_DIGITS_MAX = 18,
    DECIMALS_MAX = RULE_SCALE_MAX,
};

bool lex_is_letter(uint32_t point)
{
    return point == '_' || u_isalnum((UChar32)point);
}

static uint32_t narrow(uint32_t point) /* a full-width form as its ASCII one */
{
    return point >= 0xff01 && point <= 0xff5e ? point - 0xfee0 : point;
}

static struct str rest_of(const struct lexer *lexer)
{
    return str_skip(lexer->text, lexer->at);
}

static uint32_t peek(const struct lexer *lexer) /* 0 at the end */
{
    struct str rest = rest_of(lexer);

    return rest.len ? narrow(str_utf8_next(&rest)) : 0;
}

static void step(struct lexer *lexer)
{
    struct str rest = rest_of(lexer), after = rest;
    bool       newline = rest.at[0] == '\n';

    (void)str_utf8_next(&after);
    lexer->at += rest.len - after.len;
    lexer->line += newline;
    lexer->column = newline ? 1 : lexer->column + 1;
}

static void step_bytes(struct lexer *lexer, size_t bytes)
{
    for (size_t end = lexer->at + bytes; lexer->at < end;)
        step(lexer);
}

static bool accept(struct lexer *lexer, uint32_t point)
{
    bool there = peek(lexer) == point;

    if (there)
        step(lexer);
    return there;
}

static void skip_blanks(struct lexer *lexer)
{
    for (uint32_t c = peek(lexer);
         c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000; c = peek(lexer))
        step(lexer);
}

static bool is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

static void bad(struct token *token, const char *wrong)
{
    token->kind = T_BAD;
    token->wrong = wrong;
}

void lex_back(struct lexer *lexer, const struct token *to)
{
    lexer->at = to->at;
    lexer->line = to->line;
    lexer->column = to->column;
}

/* ------------------------------------------------------- numbers, dates */

/* Full-width digits are narrowed on the way. */
static size_t take_digits(struct lexer *lexer, char *to, size_t room)
{
    size_t n = 0;

    for (uint32_t c = peek(lexer); is_digit(c); c = peek(lexer)) {
        if (n < room)
            to[n] = (char)c;
        n++;
        step(lexer);
    }
    return n;
}

static bool two_digits(struct lexer *lexer, char to[2])
{
    size_t n = take_digits(lexer, to, 2);

    if (n == 1) { /* 3 月 is as good as 03 月 */
        to[1] = to[0];
        to[0] = '0';
    }
    return n == 1 || n == 2;
}

/* What follows the year: "-11-22" or "年11月22日".  The lexer stays where it
 * was when that is no date. */
static bool rest_of_date(struct lexer *lexer, char iso[10])
{
    struct lexer ahead = *lexer;
    bool         zh = accept(&ahead, 0x5e74); /* 年 */

    if (!zh && !accept(&ahead, '-'))
        return false;
    if (zh)
        skip_blanks(&ahead);
    if (!two_digits(&ahead, iso + 5))
        return false;
    if (zh)
        skip_blanks(&ahead);
    if (!accept(&ahead, zh ? 0x6708 : '-')) /* 月 */
        return false;
    if (zh)
        skip_blanks(&ahead);
    if (!two_digits(&ahead, iso + 8))
        return false;
    if (zh)
        skip_blanks(&ahead);
    if (zh && !accept(&ahead, 0x65e5)) /* 日 */
        return false;
    iso[4] = iso[7] = '-';
    *lexer = ahead;
    return true;
}

/* "T14:03" after a date, with seconds and an offset if they were written;
 * Beijing time if not. */
static void lex_clock(struct lexer *lexer, struct token *token, const char date[10])
{
    struct str rest = rest_of(lexer);
    size_t     n = 0;
    bool       zone = false;
    char       iso[10 + 24 + 7];

    for (; n < rest.len && n < 24 && strchr("0123456789T:.+-Z", rest.at[n]); n++)
        zone = zone || strchr("+-Z", rest.at[n]);
    int len = snprintf(iso, sizeof iso, "%.10s%.*s%s", date, (int)n, rest.at,
                       zone ? "" : "+08:00");
    step_bytes(lexer, n);
    token->kind = T_TIME;
    if (!clock_parse(str_slice(iso, (size_t)len), &token->when))
        bad(token, "没有这个时刻；时刻写成 2026-11-22T14:03");
}

static void lex_date(struct lexer *lexer, struct token *token, const char iso[10])
{
    token->kind = T_DATE;
    if (!rule_read_date(str_slice(iso, 10), &token->when))
        bad(token, "没有这一天；日期写成 2026-11-22 或 2026年11月22日");
    else if (peek(lexer) == 'T')
        lex_clock(lexer, token, iso);
}

static void lex_number(struct lexer *lexer, struct token *token)
{
    char   digits[WHOLE_DIGITS_MAX + 1 + DECIMALS_MAX];
    size_t n = take_digits(lexer, digits, WHOLE_DIGITS_MAX), decimals = 0;

    if (n == 4 && rest_of_date(lexer, digits)) {
        lex_date(lexer, token, digits);
        return;
    }
    struct lexer ahead = *lexer;
    if (n <= WHOLE_DIGITS_MAX && accept(&ahead, '.') && is_digit(peek(&ahead))) {
        digits[n] = '.';
        decimals = 1 + take_digits(&ahead, digits + n + 1, DECIMALS_MAX);
        *lexer = ahead;
    }
    token->kind = T_NUMBER;
    if (n > WHOLE_DIGITS_MAX || decimals > 1 + DECIMALS_MAX ||
        !number_read(str_slice(digits, n + decimals), &token->number)) {
        bad(token, "这个数太长了：最多 18 位，小数最多 9 位");
        return;
    }
    ahead = *lexer;
    skip_blanks(&ahead);
    size_t unit;
    token->unit = word_unit(rest_of(&ahead), &unit);
    if (token->unit) {
        *lexer = ahead;
        step_bytes(lexer, unit);
    }
}

/* ----------------------------------------------------------------- texts */

static bool is_quote(uint32_t point)
{
    return point == '"' || point == 0x201c || point == 0x201d;
}

static void lex_text(struct lexer *lexer, struct token *token)
{
    uint32_t open = peek(lexer);

    step(lexer);
    size_t from = lexer->at;
    for (uint32_t c = peek(lexer); c; c = peek(lexer)) {
        if (is_quote(open) ? is_quote(c) : c == open + 1) {
            token->kind = T_TEXT;
            token->text = str_slice(lexer->text.at + from, lexer->at - from);
            step(lexer);
            return;
        }
        step(lexer);
        if (c == '\\' && rest_of(lexer).len) /* a wide one, too, and it may be the last */
            step(lexer);
    }
    bad(token, "文字后面少了引号");
}

/* ----------------------------------------------------------------- words */

static bool is_known(const struct rule_env *env, struct str word)
{
    return word_kind(word) != T_WORD || env_knows(env, word);
}

/* Inside a run a number with its unit may stand too: 年龄大于80岁且独居. */
static bool may_stand(const struct rule_env *env, struct str word)
{
    size_t unit, digits = 0;

    while (digits < word.len && is_digit((unsigned char)word.at[digits]))
        digits++;
    return digits == word.len || is_known(env, word) ||
           (word_unit(word, &unit) && unit == word.len);
}

/* English is not cut: one side of a cut is always beyond ASCII. */
static bool may_cut(struct str run, size_t at)
{
    return at == run.len || (run.at[at - 1] & 0x80) || (run.at[at] & 0x80);
}

/* Length of the first word of a run that falls apart into known words, 0 when
 * it does not.  ends[i]: the text from the i-th character on falls apart. */
static size_t first_word(const struct rule_env *env, struct str run)
{
    size_t starts[RUN_CHARS_MAX + 1], n = 0, longest = 0;
    bool   ends[RUN_CHARS_MAX + 1];

    for (struct str rest = run; rest.len && n < RUN_CHARS_MAX; (void)str_utf8_next(&rest))
        starts[n++] = run.len - rest.len;
    starts[n] = run.len;
    if (n == RUN_CHARS_MAX)
        return 0;
    ends[n] = true;
    for (size_t i = n; i-- > 0;) {
        ends[i] = false;
        for (size_t k = n; k > i && !ends[i]; k--)
            if (ends[k] && may_cut(run, starts[k]) &&
                may_stand(env, str_slice(run.at + starts[i], starts[k] - starts[i]))) {
                ends[i] = true;
                longest = starts[k] - starts[i];
            }
    }
    return ends[0] ? longest : 0;
}

static void lex_word(struct lexer *lexer, struct token *token)
{
    struct str rest = rest_of(lexer), run = rest;

    for (struct str ahead = rest; ahead.len && lex_is_letter(str_utf8_next(&ahead));)
        run.len = rest.len - ahead.len;
    if (!is_known(lexer->env, run)) {
        size_t first = first_word(lexer->env, run);
        run.len = first ? first : run.len;
    }
    step_bytes(lexer, run.len);
    token->text = run;
    token->kind = word_kind(run);
}

/* ----------------------------------------------------------------- signs */

static const struct sign {
    uint32_t        point, then; /* then 0: any */
    enum token_kind kind;
    const char     *wrong;
} signs[] = {
    // clang-format off
    { '<', '=', T_LE },     { '>', '=', T_GE },     { '!', '=', T_NE },     { '<', '>', T_NE },
    { '=', '=', T_BAD, "等于号只写一个 =" },
    { '&', 0, T_BAD, "“并且”写成 and（且）" },
    { '|', 0, T_BAD, "“或者”写成 or（或）" },
    { '!', 0, T_BAD, "“不是”写成 not（非）" },
    { '<', 0, T_LT },       { '>', 0, T_GT },       { '=', 0, T_EQ },
    { 0x2264, 0, T_LE },    { 0x2265, 0, T_GE },    { 0x2260, 0, T_NE },    /* ≤ ≥ ≠ */
    { 0x2266, 0, T_LE },    { 0x2267, 0, T_GE },                            /* ≦ ≧ */
    { '+', 0, T_ADD },      { '-', 0, T_SUB },      { '*', 0, T_MUL },      { '/', 0, T_DIV },
    { 0x2212, 0, T_SUB },   { 0xd7, 0, T_MUL },     { 0xf7, 0, T_DIV },     /* − × ÷ */
    { '(', 0, T_OPEN },     { ')', 0, T_CLOSE },    { '[', 0, T_SET },      { ']', 0, T_SET_END },
    { 0x3010, 0, T_SET },   { 0x3011, 0, T_SET_END },                       /* 【 】 */
    { ',', 0, T_COMMA },    { 0x3001, 0, T_COMMA }, { ';', 0, T_COMMA },    /* 、 */
    { '.', 0, T_DOT },
    { '\'', 0, T_BAD, "文字放在双引号里：\"…\" 或 “…”" },
    { 0x2018, 0, T_BAD, "文字放在双引号里：\"…\" 或 “…”" },
    { 0x3002, 0, T_BAD, "规则里不写句号" },
    // clang-format on
};

static void lex_sign(struct lexer *lexer, struct token *token)
{
    uint32_t point = peek(lexer);

    step(lexer);
    for (size_t i = 0; i < COUNT(signs); i++) {
        if (signs[i].point != point || (signs[i].then && signs[i].then != peek(lexer)))
            continue;
        if (signs[i].then)
            step(lexer);
        token->kind = signs[i].kind;
        token->wrong = signs[i].wrong;
        return;
    }
    bad(token, "规则里不用这个符号");
}

struct token lex(struct lexer *lexer)
{
    skip_blanks(lexer);
    struct token token = { .at = lexer->at, .line = lexer->line, .column = lexer->column };
    uint32_t     point = peek(lexer);

    if (lexer->at == lexer->text.len)
        token.kind = T_END;
    else if (is_digit(point))
        lex_number(lexer, &token);
    else if (is_quote(point) || point == 0x300c || point == 0x300e) /* 「 『 */
        lex_text(lexer, &token);
    else if (lex_is_letter(point))
        lex_word(lexer, &token);
    else
        lex_sign(lexer, &token);
    token.end = lexer->at;
    if (token.kind != T_TEXT && token.kind != T_WORD)
        token.text = str_slice(lexer->text.at + token.at, token.end - token.at);
    return token;
}
