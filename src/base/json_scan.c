#include "base/json_scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"

struct key {
    struct str text;
    uint64_t   hash;
};

/* What a byte means inside a string. */
enum { PLAIN, HIGH, QUOTE, ESCAPE, CONTROL };

#define X8(what)  what, what, what, what, what, what, what, what
#define X32(what) X8(what), X8(what), X8(what), X8(what)
static const unsigned char meaning[256] = {
    X32(CONTROL),       ['"'] = QUOTE, ['\\'] = ESCAPE, [0x7f] = CONTROL,
    [0x80] = X32(HIGH), X32(HIGH),     X32(HIGH),       X32(HIGH),
};

struct scan scan_of(struct arena *arena, struct str text, struct problems *problems)
{
    const char *at = text.at ? text.at : "";

    return (struct scan){
        .arena = arena, .problems = problems, .start = at, .at = at, .end = at + text.len
    };
}

static struct str where_of(struct arena *arena, const struct place *place)
{
    if (!place)
        return STR("");
    struct str here = place->name.at ? place->name : str_fmt(arena, "%zu", place->index);
    struct str above = where_of(arena, place->up);
    return str_empty(above) ? here
                            : str_join(arena, (struct str[]){ above, here }, 2, STR("/"));
}

static void tell(struct scan *scan, const struct place *place, const char *at,
                 struct str says)
{
    int64_t     line = 1;
    const char *begin = scan->start;

    for (const char *next; (next = memchr(begin, '\n', (size_t)(at - begin))); line++)
        begin = next + 1;
    problem_at(scan->problems, where_of(scan->arena, place), line,
               (int64_t)str_chars(str_slice(begin, (size_t)(at - begin))) + 1, "%.*s",
               STR_ARG(says));
}

void scan_tell(struct scan *scan, const struct place *place, const char *at,
               const char *format, ...)
{
    va_list args;

    if (!scan->problems)
        return;
    if (scan->problems->n >= PROBLEMS_MAX) { /* counted, not kept */
        scan->problems->n++;
        return;
    }
    va_start(args, format);
    tell(scan, place, at, str_vfmt(scan->arena, format, args));
    va_end(args);
}

void scan_break(struct scan *scan, const struct place *place, const char *says)
{
    if (scan->broken)
        return;
    if (scan->at == scan->end)
        says = scan->start == scan->end ? "没有收到内容" : "内容没有写完";
    scan_tell(scan, place, scan->at, "格式不对：%s。", says);
    scan->broken = true;
}

char scan_peek(struct scan *scan)
{
    while (scan->at < scan->end) {
        char c = *scan->at;
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return scan->broken ? 0 : c;
        scan->at++;
    }
    return 0;
}

void scan_enter(struct scan *scan, const struct place *place, char bracket)
{
    if (scan_peek(scan) != bracket)
        scan_break(scan, place, bracket == '{' ? "这里应当是“{”" : "这里应当是“[”");
    else if (scan->depth == JSON_DEPTH_MAX)
        scan_break(scan, place, "层次太深，最多 16 层");
    static_assert(JSON_DEPTH_MAX == 16, "the sentence says so");
    if (scan->broken)
        return;
    scan->depth++;
    scan->at++;
}

bool scan_more(struct scan *scan, const struct place *place, char closing, size_t done)
{
    char c = scan_peek(scan);

    if (scan->broken)
        return false;
    if (c == closing) {
        scan->at++;
        scan->depth--;
        return false;
    }
    if (done && c != ',') {
        scan_break(scan, place,
                   closing == '}' ? "这里应当是逗号或“}”" : "这里应当是逗号或“]”");
        return false;
    }
    scan->at += done > 0;
    if (done == JSON_MEMBERS_MAX)
        scan_tell(scan, place, scan->at, "这里最多 %d 项。", JSON_MEMBERS_MAX);
    return true;
}

bool scan_key(struct scan *scan, const struct place *place, struct str *key)
{
    if (scan_peek(scan) != '"')
        scan_break(scan, place, "这里应当是一项的名字，写在引号里");
    if (!scan_string(scan, place, key))
        return false;
    if (scan_peek(scan) != ':')
        scan_break(scan, place, "名字后面应当是冒号");
    if (scan->broken)
        return false;
    scan->at++;
    return true;
}

/* Over what needs no second look: ASCII, and the Chinese that nearly everything
 * beyond it is here (lead bytes E3 to EC are followed by any two others, and all of it
 * shows). */
static const char *skip_common(const char *text, const char *end)
{
    const unsigned char *at = (const unsigned char *)text;
    const unsigned char *last = (const unsigned char *)end;

    while (at < last) {
        if (meaning[*at] == PLAIN)
            at++;
        else if (*at >= 0xe3 && *at <= 0xec && last - at >= 3 && (at[1] & 0xc0) == 0x80 &&
                 (at[2] & 0xc0) == 0x80)
            at += 3;
        else
            break;
    }
    return (const char *)at;
}

/* From behind the opening quote to the closing one. */
static bool find_quote(struct scan *scan, const struct place *place, bool *escaped,
                       bool *rare)
{
    const char *at = scan->at, *end = scan->end, *says = NULL;

    while ((at = skip_common(at, end)) < end) {
        size_t left = (size_t)(end - at), n = 2;
        int    what = meaning[(unsigned char)*at];
        if (what == QUOTE)
            break;
        if (what == CONTROL)
            says = "文字里有控制字符，换行请写成 \\n";
        else if (what == HIGH && (n = str_utf8_first(str_slice(at, left))) == 0)
            says = "文字不是 UTF-8 编码";
        if (says)
            break;
        *escaped |= what == ESCAPE;
        *rare = true;
        at += n < left ? n : left;
    }
    scan->at = at;
    if (says || at == end)
        scan_break(scan, place, says);
    return !scan->broken;
}

static bool hex4(const char *at, const char *end, uint32_t *value)
{
    *value = 0;
    if (end - at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = at[i], low = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            *value = *value << 4 | (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            *value = *value << 4 | (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    return true;
}

/* The point behind "\u" and how many bytes say it: 4, or 10 for a pair of
 * surrogates; 0 for a lone one, NUL, or something that is not four digits. */
static size_t escaped_point(const char *at, const char *end, uint32_t *point)
{
    uint32_t low;

    if (!hex4(at, end, point) || *point == 0 || (*point >= 0xdc00 && *point <= 0xdfff))
        return 0;
    if (*point < 0xd800 || *point > 0xdfff)
        return 4;
    if (end - at < 10 || at[4] != '\\' || at[5] != 'u' || !hex4(at + 6, end, &low) ||
        low < 0xdc00 || low > 0xdfff)
        return 0;
    *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
    return 10;
}

/* Copies *raw without its escapes; `bad` is the first that is none. */
static struct str unescape(struct arena *arena, struct str raw, const char **bad)
{
    static const char names[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    char             *text = arena_take(arena, raw.len + 1), *to = text;
    const char       *at = raw.at, *end = raw.at + raw.len;

    while (text && at < end) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        uint32_t point;
        size_t   n = at[1] == 'u' ? escaped_point(at + 2, end, &point) : 0;
        size_t   i = 0;
        while (i + 1 < sizeof names && names[i] != at[1])
            i += 2;
        if (n) {
            to += str_utf8_put(point, to);
        } else if (i + 1 < sizeof names) {
            *to++ = names[i + 1];
        } else {
            *bad = at;
            break;
        }
        at += 2 + n;
    }
    return str_slice(text, text ? (size_t)(to - text) : 0);
}

/* Text that people will be shown: nothing in it hides, or turns the rest round. */
static void refuse_hidden(struct scan *scan, const struct place *place, const char *quote,
                          struct str text)
{
    for (struct str rest = text; rest.len;) {
        uint32_t point = str_utf8_next(&rest);
        if (plain_point(point))
            continue;
        scan_tell(scan, place, quote,
                  "有一个看不见的字符（U+%04X），请删去，或者重新写这一项。", point);
        return;
    }
}

bool scan_string(struct scan *scan, const struct place *place, struct str *text)
{
    bool escaped = false, rare = false;

    if (scan->broken)
        return false;
    const char *quote = scan->at++;
    if (!find_quote(scan, place, &escaped, &rare))
        return false;
    *text = str_slice(quote + 1, (size_t)(scan->at - quote) - 1);
    if (escaped) {
        const char *bad = NULL, *end = scan->at;
        *text = unescape(scan->arena, *text, &bad);
        scan->at = bad ? bad : end;
        if (bad)
            scan_break(scan, place, "这个转义写法不对");
        scan->broken |= !text->at;
    }
    if (rare && !scan->broken)
        refuse_hidden(scan, place, quote, *text);
    if (text->len > JSON_TEXT_MAX)
        scan_tell(scan, place, quote, "这段文字太长了，最多 %d 千字节。",
                  JSON_TEXT_MAX >> 10);
    scan->at++;
    return !scan->broken;
}

static size_t count_digits(const char *at, const char *end)
{
    const char *from = at;

    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return (size_t)(at - from);
}

/* Length of the number that stands at `at`, 0 when none does. */
static size_t number_length(const char *at, const char *end, bool *whole)
{
    const char *from = at;

    at += at < end && *at == '-';
    size_t n = count_digits(at, end);
    if (n == 0)
        return 0;
    at += *at == '0' ? 1 : n;
    *whole = true;
    if (at < end && *at == '.') {
        *whole = false;
        if ((n = count_digits(at + 1, end)) == 0)
            return 0;
        at += 1 + n;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        *whole = false;
        at++;
        at += at < end && (*at == '-' || *at == '+');
        if ((n = count_digits(at, end)) == 0)
            return 0;
        at += n;
    }
    return (size_t)(at - from);
}

/* "-0.0012e5" has two: zeros in front and the exponent say only how large it is. */
static size_t digits_that_count(struct str number)
{
    size_t n = 0;

    for (size_t i = 0; i < number.len && (number.at[i] | 0x20) != 'e'; i++)
        n += number.at[i] >= (n ? '0' : '1') && number.at[i] <= '9';
    return n;
}

bool scan_number(struct scan *scan, const struct place *place, struct number *number)
{
    if (scan->broken)
        return false;
    size_t n = number_length(scan->at, scan->end, &number->whole);
    number->text = str_slice(scan->at, n);
    scan->at += n;
    if (n == 0)
        scan_break(scan, place, "数字写得不对");
    else if (n > JSON_NUMBER_MAX || digits_that_count(number->text) > JSON_DIGITS_MAX)
        scan_tell(scan, place, number->text.at, "这个数字太长了，最多 %d 位。",
                  JSON_DIGITS_MAX);
    else
        return true;
    return false;
}

bool number_int(struct number number, int64_t *value)
{
    *value = 0;
    return number.whole &&
           (str_eq(number.text, STR("-0")) || str_int64(number.text, value));
}

/* Exact when both the digits and the power of ten are exact doubles (Clinger
 * 1990); that is nearly every number anybody sends. */
static bool easy_real(struct str text, double *value)
{
    static const double tens[] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
    int64_t             digits = 0;
    size_t              point = text.len, i = text.at[0] == '-';

    if (text.len > 16)
        return false;
    for (; i < text.len; i++) {
        if (text.at[i] == 'e' || text.at[i] == 'E')
            return false;
        if (text.at[i] == '.')
            point = i + 1;
        else
            digits = digits * 10 + (text.at[i] - '0');
    }
    double size = (double)digits / tens[text.len - point];
    *value = text.at[0] == '-' ? -size : size;
    return digits < 1LL << 53;
}

bool number_real(struct number number, double *value)
{
    char z[JSON_NUMBER_MAX + 1];

    if (easy_real(number.text, value))
        return true;
    memcpy(z, number.text.at, number.text.len);
    z[number.text.len] = '\0';
    *value = strtod(z, NULL);
    return isfinite(*value);
}

bool scan_word(struct scan *scan, const struct place *place, struct str word)
{
    if (!str_starts(str_slice(scan->at, (size_t)(scan->end - scan->at)), word))
        scan_break(scan, place, "这里应当是一个值");
    if (scan->broken)
        return false;
    scan->at += word.len;
    return true;
}

/* Remembers a member's name; false when its object has it already. */
static bool new_key(struct scan *scan, size_t first, struct str text)
{
    uint64_t hash = str_hash(text);

    for (size_t i = first; i < scan->nkeys; i++)
        if (scan->keys[i].hash == hash && str_eq(scan->keys[i].text, text))
            return false;
    if (scan->nkeys - first == JSON_MEMBERS_MAX)
        return true; /* told already */
    if (scan->nkeys == scan->room) {
        size_t      room = scan->room ? scan->room * 2 : 16;
        struct key *keys = arena_grow(scan->arena, scan->keys, scan->room * sizeof *keys,
                                      room * sizeof *keys);
        if (!keys) {
            scan->broken = true;
            return true;
        }
        scan->keys = keys;
        scan->room = room;
    }
    scan->keys[scan->nkeys++] = (struct key){ text, hash };
    return true;
}

static void check_object(struct scan *scan, const struct place *place)
{
    size_t       first = scan->nkeys, i = 0;
    struct place here = { .up = place };

    for (scan_enter(scan, place, '{'); scan_more(scan, place, '}', i); i++) {
        scan_peek(scan);
        const char *at = scan->at;
        if (!scan_key(scan, place, &here.name))
            break;
        if (!new_key(scan, first, here.name))
            scan_tell(scan, &here, at, "“%.*s”写了两遍，请只留一个。", STR_ARG(here.name));
        scan_value(scan, &here, NULL);
    }
    scan->nkeys = first;
}

static void check_array(struct scan *scan, const struct place *place)
{
    struct place here = { .up = place };

    for (scan_enter(scan, place, '['); scan_more(scan, place, ']', here.index);
         here.index++)
        scan_value(scan, &here, NULL);
}

static void check_number(struct scan *scan, const struct place *place)
{
    struct number number;
    double        real;

    if (scan_number(scan, place, &number) && !number.whole && !number_real(number, &real))
        scan_tell(scan, place, number.text.at, "这个数字太大了。");
}

bool scan_value(struct scan *scan, const struct place *place, struct str *value)
{
    struct str  text;
    char        c = scan_peek(scan);
    const char *from = scan->at;

    if (c == '"')
        scan_string(scan, place, &text);
    else if (c == '{')
        check_object(scan, place);
    else if (c == '[')
        check_array(scan, place);
    else if (c == '-' || (c >= '0' && c <= '9'))
        check_number(scan, place);
    else
        scan_word(scan, place,
                  c == 't'   ? STR("true")
                  : c == 'f' ? STR("false")
                             : STR("null"));
    if (value)
        *value = str_slice(from, (size_t)(scan->at - from));
    return !scan->broken;
}

bool scan_end(struct scan *scan)
{
    scan_peek(scan);
    if (!scan->broken && scan->at < scan->end)
        scan_break(scan, NULL, "内容后面还有多余的文字");
    return !scan->broken;
}
