#include "guard/codes.h"

#include <string.h>

#include "base/clock.h"

typedef struct str code_check(struct arena *arena, struct str clean, int64_t now_ms);
static code_check  mobile_says, phone_says, id_says, credit_says;

static const struct code_row {
    struct str  word, title;
    code_check *says;
} codes[] = {
    [CODE_MOBILE] = { STR_INIT("mobile"), STR_INIT("手机号"), mobile_says },
    [CODE_PHONE] = { STR_INIT("phone"), STR_INIT("电话号码"), phone_says },
    [CODE_ID] = { STR_INIT("id"), STR_INIT("身份证号"), id_says },
    [CODE_CREDIT] = { STR_INIT("credit"), STR_INIT("统一社会信用代码"), credit_says },
};

enum { MOBILE_DIGITS = 11, ID_CHARS = 18, CREDIT_CHARS = 18 };

struct str code_says(struct arena *arena, enum code code, struct str clean, int64_t now_ms)
{
    if (str_empty(clean))
        return str_fmt(arena, "请填%.*s。", STR_ARG(codes[code].title));
    return codes[code].says(arena, clean, now_ms);
}

bool code_of_word(struct str word, enum code *code)
{
    for (*code = CODE_MOBILE; *code <= CODE_CREDIT; (*code)++)
        if (str_eq(codes[*code].word, word))
            return true;
    return false;
}

/* ---- cleaning ---- */

/* What people write between the digits. */
static bool is_filler(uint32_t point)
{
    static const uint32_t fillers[] = { ' ',    '\t',   '-',    '(',    ')',    0xa0,
                                        0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212,
                                        0x3000, 0xff08, 0xff09, 0xff0d };

    for (size_t i = 0; i < COUNT(fillers); i++)
        if (point == fillers[i])
            return true;
    return false;
}

static uint32_t plain_form(uint32_t point)
{
    if (point >= 0xff01 && point <= 0xff5e) /* full-width ASCII */
        point -= 0xff01 - '!';
    return point >= 'a' && point <= 'z' ? point - 'a' + 'A' : point;
}

static struct str without_country(struct str clean)
{
    static const struct str prefixes[] = { STR_INIT("+86"), STR_INIT("0086"),
                                           STR_INIT("86") };

    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (str_starts(clean, prefixes[i]) &&
            clean.len == prefixes[i].len + MOBILE_DIGITS &&
            clean.at[prefixes[i].len] == '1')
            return str_skip(clean, prefixes[i].len);
    return clean;
}

struct str code_clean(struct arena *arena, enum code code, struct str text)
{
    char  *clean = text.at ? arena_take(arena, text.len + 1) : NULL;
    size_t len = 0;

    if (!clean || !str_utf8(text))
        return STR_NONE;
    while (text.len) {
        uint32_t point = str_utf8_next(&text);
        if (!is_filler(point))
            len += str_utf8_put(plain_form(point), clean + len);
    }
    struct str all = str_slice(clean, len);
    return code == CODE_MOBILE || code == CODE_PHONE ? without_country(all) : all;
}

/* ---- shared sentences ---- */

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

/* Absent when the length is right; `rule` says what right is. */
static struct str length_says(struct arena *arena, struct str clean, size_t fewest,
                              size_t most, const char *rule)
{
    size_t n = str_chars(clean);

    if (n < fewest)
        return str_fmt(arena, "还差 %zu 位，%s。", fewest - n, rule);
    if (n > most)
        return str_fmt(arena, "多了 %zu 位，%s。", n - most, rule);
    return STR_NONE;
}

/* ---- telephones ---- */

static struct str mobile_says(struct arena *arena, struct str clean, int64_t now_ms)
{
    (void)now_ms;
    if (!all_digits(clean))
        return STR("手机号里只有数字，请去掉别的字。");
    struct str length =
        length_says(arena, clean, MOBILE_DIGITS, MOBILE_DIGITS, "手机号是 11 位数字");
    if (length.at)
        return length;
    if (clean.at[0] != '1' || clean.at[1] < '3')
        return STR("手机号以 13 到 19 开头，请再看一遍。");
    return STR_NONE;
}

static struct str landline_says(struct arena *arena, struct str clean)
{
    bool big_city = str_starts(clean, STR("01")) || str_starts(clean, STR("02"));

    if (str_starts(clean, STR("00")))
        return STR("区号不以 00 开头，例如 027-87654321。");
    return big_city ? length_says(arena, clean, 11, 11, "座机号连区号是 11 位数字")
                    : length_says(arena, clean, 11, 12, "座机号连区号是 11 或 12 位数字");
}

static struct str phone_says(struct arena *arena, struct str clean, int64_t now_ms)
{
    bool digits = all_digits(clean);

    if (digits && clean.at[0] == '0')
        return landline_says(arena, clean);
    if (digits && clean.at[0] != '1' && (clean.len == 7 || clean.len == 8))
        return STR("座机请带上区号，例如 027-87654321。");
    return mobile_says(arena, clean, now_ms);
}

/* ---- ID numbers, GB 11643 ---- */

static bool is_province(struct str two)
{
    static const char provinces[] =
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
        "46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 ";

    for (const char *at = provinces; *at; at += 3)
        if (memcmp(at, two.at, 2) == 0)
            return true;
    return false;
}

static int number_at(struct str digits, size_t from, size_t n)
{
    int number = 0;

    for (size_t i = from; i < from + n; i++)
        number = number * 10 + (digits.at[i] - '0');
    return number;
}

struct code_person code_person(struct str id_number)
{
    assert(id_number.len == ID_CHARS);
    return (struct code_person){
        .year = number_at(id_number, 6, 4),
        .month = number_at(id_number, 10, 2),
        .day = number_at(id_number, 12, 2),
        .male = (id_number.at[16] - '0') % 2 == 1,
    };
}

static struct str birthday_says(struct arena *arena, struct str clean, int64_t now_ms)
{
    struct code_person born = code_person(clean);
    struct civil       day = { .year = born.year, .month = born.month, .day = born.day };
    bool               month = born.month >= 1 && born.month <= 12;
    int64_t            ms = month ? clock_of_civil(day) : 0;
    struct civil       back = clock_civil(ms);

    if (!month || born.day < 1 || back.month != born.month || back.day != born.day)
        return str_fmt(
            arena, "身份证号里的生日是 %d 年 %d 月 %d 日，没有这一天，请对照证件再看一遍。",
            born.year, born.month, born.day);
    if (born.year < 1900 || ms > now_ms)
        return str_fmt(arena, "身份证号里的生日是 %d 年，这不可能，请对照证件再看一遍。",
                       born.year);
    return STR_NONE;
}

static char id_check_char(struct str clean)
{
    static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int              sum = 0;

    for (size_t i = 0; i < COUNT(weights); i++)
        sum += weights[i] * (clean.at[i] - '0');
    return "10X98765432"[sum % 11];
}

static bool id_characters(struct str clean)
{
    if (clean.len == ID_CHARS && clean.at[ID_CHARS - 1] == 'X')
        clean.len--;
    return all_digits(clean);
}

static struct str id_says(struct arena *arena, struct str clean, int64_t now_ms)
{
    if (!id_characters(clean))
        return STR("身份证号里只有数字，最后一位可以是 X。");
    if (clean.len == 15)
        return STR("这是 15 位的老号码，请填 18 位的身份证号。");
    struct str says = length_says(arena, clean, ID_CHARS, ID_CHARS, "身份证号是 18 位");
    if (says.at)
        return says;
    if (!is_province(clean))
        return str_fmt(arena, "没有以 %.2s 开头的身份证号，请对照证件再看一遍。", clean.at);
    says = birthday_says(arena, clean, now_ms);
    if (says.at)
        return says;
    if (id_check_char(clean) != clean.at[ID_CHARS - 1])
        return STR("身份证号对不上，有一位填错了，请对照证件再看一遍。");
    return STR_NONE;
}

/* ---- credit codes, GB 32100 ---- */

static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int credit_value(char c)
{
    const char *found = c ? strchr(credit_alphabet, c) : NULL;

    return found ? (int)(found - credit_alphabet) : -1;
}

static struct str stranger_says(struct arena *arena, char c)
{
    /* A letter, and what it was probably meant to be. */
    static const char left_out[] = "I1O0S5VUZ2";

    for (const char *at = left_out; *at; at += 2)
        if (*at == c)
            return str_fmt(arena, "统一社会信用代码里没有字母 %c，看看是不是 %c。", c,
                           at[1]);
    return STR("统一社会信用代码里只有数字和大写字母。");
}

static char credit_check_char(struct str clean)
{
    int sum = 0, weight = 1;

    for (size_t i = 0; i < CREDIT_CHARS - 1; i++) {
        sum += credit_value(clean.at[i]) * weight;
        weight = weight * 3 % 31;
    }
    return credit_alphabet[(31 - sum % 31) % 31];
}

static struct str credit_says(struct arena *arena, struct str clean, int64_t now_ms)
{
    (void)now_ms;
    for (size_t i = 0; i < clean.len; i++)
        if (credit_value(clean.at[i]) < 0)
            return stranger_says(arena, clean.at[i]);
    struct str length =
        length_says(arena, clean, CREDIT_CHARS, CREDIT_CHARS, "统一社会信用代码是 18 位");
    if (length.at)
        return length;
    if (credit_check_char(clean) != clean.at[CREDIT_CHARS - 1])
        return STR("统一社会信用代码对不上，有一位填错了，请对照证照再看一遍。");
    return STR_NONE;
}
