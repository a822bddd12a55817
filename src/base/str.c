#include "base/str.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

enum { SHORT_BYTES = 256 };
#define WIDE_BLANK "\u3000"

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int    order = n ? memcmp(a.at, b.at, n) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str head)
{
    return s.len >= head.len && str_eq(str_slice(s.at, head.len), head);
}

bool str_ends(struct str s, struct str tail)
{
    return s.len >= tail.len && str_eq(str_skip(s, s.len - tail.len), tail);
}

bool str_has(struct str s, struct str part)
{
    return part.len == 0 || (s.len && memmem(s.at, s.len, part.at, part.len) != NULL);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bytes of a blank at the head, at the tail: 0 for none.  Whoever types Chinese types
 * wide ones. */
static size_t blank_ahead(struct str s)
{
    return !s.len ? 0 : is_blank(s.at[0]) ? 1 : str_starts(s, STR(WIDE_BLANK)) ? 3 : 0;
}

static size_t blank_behind(struct str s)
{
    return !s.len                         ? 0
           : is_blank(s.at[s.len - 1])    ? 1
           : str_ends(s, STR(WIDE_BLANK)) ? 3
                                          : 0;
}

struct str str_trim(struct str s)
{
    for (size_t n; (n = blank_ahead(s)) != 0;)
        s = str_skip(s, n);
    for (size_t n; (n = blank_behind(s)) != 0;)
        s.len -= n;
    return s;
}

struct str_cut str_cut(struct str s, char separator)
{
    const char *found = s.len ? memchr(s.at, separator, s.len) : NULL;

    if (!found)
        return (struct str_cut){ .head = s, .tail = STR_NONE };
    size_t head = (size_t)(found - s.at);
    return (struct str_cut){ str_slice(s.at, head), str_skip(s, head + 1), true };
}

static uint64_t eight_at(const char *at)
{
    uint64_t eight;

    memcpy(&eight, at, sizeof eight);
    return eight;
}

__extension__ typedef unsigned __int128 wide;

/* Both halves of the product: what differs in the highest bit differs in the lowest. */
static uint64_t fold(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t mix(uint64_t hash, uint64_t eight)
{
    return fold(hash ^ eight, UINT64_C(0x9fb21c651e98df25));
}

enum { LANES_BYTES = 32, LANES_FROM = 128 };

/* Of a long text, two lanes side by side: no step waits for the other's. */
static uint64_t mix_lanes(uint64_t hash, const char *at, const char *end)
{
    const uint64_t odd = UINT64_C(0xa0761d6478bd642f);
    uint64_t       one = hash, two = ~hash;

    for (; at < end; at += LANES_BYTES) {
        one = fold(eight_at(at) ^ odd, eight_at(at + 8) ^ one);
        two = fold(eight_at(at + 16) ^ odd, eight_at(at + 24) ^ two);
    }
    return mix(mix(hash, one), two);
}

uint64_t str_hash(struct str s)
{
    uint64_t    hash = mix(UINT64_C(0x9e3779b97f4a7c15), s.len), rest = 0;
    const char *end = s.at + s.len;
    bool        is_long = s.len >= sizeof rest;

    if (s.len >= LANES_FROM) {
        size_t whole = s.len / LANES_BYTES * LANES_BYTES;
        hash = mix_lanes(hash, s.at, s.at + whole);
        s = str_skip(s, whole);
    }
    for (; s.len >= sizeof rest; s = str_skip(s, sizeof rest))
        hash = mix(hash, eight_at(s.at));
    if (is_long && s.len)
        return mix(hash, eight_at(end - sizeof rest));
    if (s.len)
        memcpy(&rest, s.at, s.len);
    return mix(hash, rest);
}

/* Of as many digits as always fit. */
static bool few_digits(struct str s, int64_t *value)
{
    int64_t sum = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned char)s.at[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

bool str_int64(struct str s, int64_t *value)
{
    bool    minus = s.len && s.at[0] == '-';
    int64_t sum = 0;

    if (minus)
        s = str_skip(s, 1);
    if (!s.len || (s.at[0] == '0' && (s.len > 1 || minus)))
        return false;
    if (s.len <= 18 && !minus)
        return few_digits(s, value);
    for (size_t i = 0; i < s.len; i++) {
        int digit = s.at[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, minus ? -digit : digit, &sum))
            return false;
    }
    *value = sum;
    return true;
}

size_t str_utf8_first(struct str s) /* RFC 3629, section 4 */
{
    const unsigned char *at = (const unsigned char *)s.at;
    size_t               n = at[0] < 0x80   ? 1
                             : at[0] < 0xc2 ? 0
                             : at[0] < 0xe0 ? 2
                             : at[0] < 0xf0 ? 3
                             : at[0] < 0xf5 ? 4
                                            : 0;

    if (n == 0 || n > s.len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    bool surrogate = at[0] == 0xed && at[1] > 0x9f;
    bool beyond = at[0] == 0xf4 && at[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : n;
}

/* How many bytes at the front are ASCII, eight at a time: maybe a few less. */
static size_t ascii_run(struct str s)
{
    size_t   i = 0;
    uint64_t eight;

    for (; s.len - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, s.at + i, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    return i;
}

/* A character of three bytes whose first byte alone says that it is in order: nearly
 * all of Chinese. */
static bool plain_three(const unsigned char *at, size_t len)
{
    return len >= 3 && at[0] > 0xe0 && at[0] < 0xed && (at[1] & 0xc0) == 0x80 &&
           (at[2] & 0xc0) == 0x80;
}

bool str_utf8(struct str s)
{
    while (s.len) {
        size_t n = plain_three((const unsigned char *)s.at, s.len) ? 3 : ascii_run(s);
        if (!n)
            n = str_utf8_first(s);
        if (!n)
            return false;
        s.at += n;
        s.len -= n;
    }
    return true;
}

uint32_t str_utf8_next(struct str *rest)
{
    static const unsigned char lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    size_t                     n = str_utf8_first(*rest);

    assert(n > 0);
    uint32_t point = (unsigned char)rest->at[0] & lead_bits[n];
    for (size_t i = 1; i < n; i++)
        point = point << 6 | ((unsigned char)rest->at[i] & 0x3f);
    *rest = str_skip(*rest, n);
    return point;
}

size_t str_chars(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n;
}

size_t str_utf8_put(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3f));
    static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    out[0] = (char)(lead[n] | point);
    return n;
}

struct str str_copy(struct arena *arena, struct str s)
{
    if (!s.at)
        return STR_NONE;
    char *copy = arena_take_raw(arena, s.len + 1);
    return copy ? str_put(copy, s) : STR_NONE;
}

char *str_z(struct arena *arena, struct str s)
{
    char *z = arena_take(arena, s.len + 1);

    if (z && s.len)
        memcpy(z, s.at, s.len);
    return z;
}

struct str str_vfmt(struct arena *arena, const char *format, va_list args)
{
    char    brief[SHORT_BYTES]; /* most texts fit, and are written once */
    va_list again;

    va_copy(again, args);
    int   n = vsnprintf(brief, sizeof brief, format, args);
    char *text = n < 0 ? NULL : arena_take(arena, (size_t)n + 1);
    if (text && n < SHORT_BYTES)
        memcpy(text, brief, (size_t)n);
    else if (text)
        (void)vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text ? str_slice(text, (size_t)n) : STR_NONE;
}

struct str str_fmt(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str text = str_vfmt(arena, format, args);
    va_end(args);
    return text;
}

struct str str_sentence(struct arena *arena, struct str s)
{
    static const struct str closing[] = {
        STR_INIT("。"), STR_INIT("！"), STR_INIT("？"), STR_INIT("…"),
        STR_INIT("!"),  STR_INIT("?"),  STR_INIT("."),
    };
    struct str text = str_trim(s);

    for (size_t i = 0; i < COUNT(closing); i++)
        if (str_ends(text, closing[i]))
            return text;
    return str_fmt(arena, "%.*s。", STR_ARG(text));
}

struct str str_join(struct arena *arena, const struct str *parts, size_t n,
                    struct str between)
{
    size_t len = n ? between.len * (n - 1) : 0;

    for (size_t i = 0; i < n; i++)
        len += parts[i].len;
    char *text = arena_take(arena, len + 1), *end = text;
    if (!text)
        return STR_NONE;
    for (size_t i = 0; i < n; i++) {
        if (i && between.len)
            end = mempcpy(end, between.at, between.len);
        if (parts[i].len)
            end = mempcpy(end, parts[i].at, parts[i].len);
    }
    return str_slice(text, len);
}

struct str str_hex(struct arena *arena, const void *bytes, size_t n)
{
    static const char    digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char                *text = arena_take(arena, n * 2 + 1);

    if (!text)
        return STR_NONE;
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[from[i] >> 4];
        text[2 * i + 1] = digits[from[i] & 15];
    }
    return str_slice(text, n * 2);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

struct str str_unhex(struct arena *arena, struct str hex)
{
    char *bytes = hex.len % 2 ? NULL : arena_take(arena, hex.len / 2 + 1);

    if (!bytes)
        return STR_NONE;
    for (size_t i = 0; i < hex.len / 2; i++) {
        int high = hex_digit(hex.at[2 * i]), low = hex_digit(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return STR_NONE;
        bytes[i] = (char)(high * 16 + low);
    }
    return str_slice(bytes, hex.len / 2);
}
