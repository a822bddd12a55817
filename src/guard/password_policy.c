#include "guard/password.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "guard/common_passwords.h"

enum { WORD_BYTES_MIN = 3, NAME_CHARS_MIN = 2 };

/* ---- what many people take ---- */

static bool is_common_word(struct str word)
{
    size_t from = 0, to = ncommon_passwords;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int    order = str_cmp(word, common_passwords[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A letter, or part of a Chinese character. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "P@ssw0rd2024!" → "p@ssw0rd": what stands before and after the word is the first
 * thing that is tried with it. */
static struct str without_trimmings(struct str word)
{
    while (word.len && !is_letter(word.at[word.len - 1]))
        word.len--;
    while (word.len && !is_letter(word.at[0]))
        word = str_skip(word, 1);
    return word;
}

/* "wuhan2020wuhan" → "wuhanwuhan" */
static struct str letters_alone(struct arena *arena, struct str text)
{
    char  *letters = arena_take(arena, text.len + 1);
    size_t n = 0;

    for (size_t i = 0; letters && i < text.len; i++)
        if (is_letter(text.at[i]))
            letters[n++] = text.at[i];
    return letters ? str_slice(letters, n) : STR_NONE;
}

static struct str in_small_letters(struct arena *arena, struct str text)
{
    char *small = arena_take(arena, text.len + 1);

    for (size_t i = 0; small && i < text.len; i++)
        small[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] - 'A' + 'a')
                                                          : text.at[i];
    return small ? str_slice(small, text.len) : STR_NONE;
}

/* "p@ssw0rd" → "password" */
static struct str in_plain_letters(struct arena *arena, struct str text)
{
    static const char disguised[] = "@4031!$57", meant[] = "aaoeiisst";
    char             *plain = arena_take(arena, text.len + 1);

    for (size_t i = 0; plain && i < text.len; i++) {
        const char *found = text.at[i] ? strchr(disguised, text.at[i]) : NULL;
        plain[i] = found ? meant[found - disguised] : text.at[i];
    }
    return plain ? str_slice(plain, text.len) : STR_NONE;
}

/* One listed word, or two that follow each other. */
static bool is_made_of_common_words(struct str word)
{
    if (is_common_word(word))
        return true;
    for (size_t n = WORD_BYTES_MIN; n + WORD_BYTES_MIN <= word.len; n++)
        if (is_common_word(str_slice(word.at, n)) && is_common_word(str_skip(word, n)))
            return true;
    return false;
}

/* aaaaaaaa, 12341234, 武汉武汉武汉: the same again and again. */
static bool is_repetition(struct str text)
{
    for (size_t n = 1; n <= text.len / 2; n++)
        if (text.len % n == 0 && memcmp(text.at, text.at + n, text.len - n) == 0)
            return true;
    return false;
}

/* 12345678, hgfedcba, 11223344: each character a neighbour of the one before. */
static bool is_run(struct str text)
{
    size_t steps = 0;

    for (size_t i = 1; i < text.len; i++) {
        int step = text.at[i] - text.at[i - 1];
        steps += step >= -1 && step <= 1;
    }
    return text.len > 1 && steps * 4 >= (text.len - 1) * 3;
}

/* A birthday written in eight digits, at either end of nothing but digits. */
static bool is_day(struct str eight)
{
    int number = 0;

    for (size_t i = 0; i < 8; i++)
        number = number * 10 + (eight.at[i] - '0');
    struct civil day = { .year = number / 10000,
                         .month = number / 100 % 100,
                         .day = number % 100 };
    return day.year >= 1900 && day.year < 2100 && day.month >= 1 && day.month <= 12 &&
           day.day >= 1 && clock_civil(clock_of_civil(day)).month == day.month;
}

static bool is_number_of_a_life(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.at[i]))
            return false;
    bool day = text.len >= 8 && (is_day(text) || is_day(str_skip(text, text.len - 8)));
    return day || (text.len == 11 && text.at[0] == '1');
}

static bool is_guessable(struct arena *arena, struct str password)
{
    struct str small = in_small_letters(arena, password);
    struct str plain = in_plain_letters(arena, without_trimmings(small));

    return is_repetition(small) || is_run(small) || is_number_of_a_life(small) ||
           is_made_of_common_words(small) || is_made_of_common_words(plain) ||
           is_made_of_common_words(letters_alone(arena, small));
}

/* ---- the rules ---- */

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f)
            return true;
    return false;
}

static bool contains(struct arena *arena, struct str password, struct str part)
{
    return str_chars(part) >= NAME_CHARS_MIN &&
           str_has(in_small_letters(arena, password), in_small_letters(arena, part));
}

static enum rc refuse_length(struct op *op, int64_t least, int64_t n)
{
    if (n < least)
        return fail(op, RC_REFUSED, "password", "密码至少 %lld 个字符，还差 %lld 个。",
                    (long long)least, (long long)(least - n));
    return fail(op, RC_REFUSED, "password", "密码最多 %d 个字符。", PASSWORD_CHARS_MAX);
}

/* Of small letters, capitals, digits and all else, a Chinese character included. */
static int64_t classes_of(struct str text)
{
    bool small = false, capital = false, digit = false, other = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= 'a' && c <= 'z')
            small = true;
        else if (c >= 'A' && c <= 'Z')
            capital = true;
        else if (is_digit(c))
            digit = true;
        else
            other = true;
    }
    return small + capital + digit + other;
}

enum rc password_policy(struct op *op, const struct policy *policy, struct str login,
                        struct str name, struct str password)
{
    if (!str_utf8(password) || has_control(password))
        return fail(op, RC_REFUSED, "password", "密码里有打不出来的字符，请换一个。");
    int64_t n = (int64_t)str_chars(password);
    if (n < policy->chars || n > PASSWORD_CHARS_MAX || password.len > PASSWORD_BYTES_MAX)
        return refuse_length(op, policy->chars, n);
    if (classes_of(password) < policy->classes)
        return fail(op, RC_REFUSED, "password",
                    "密码要有小写字母、大写字母、数字、其他字符里的 %lld 种。",
                    (long long)policy->classes);
    if (contains(op->arena, password, login) || contains(op->arena, password, name))
        return fail(op, RC_REFUSED, "password", "密码里不要有账号名或姓名。");
    if (is_guessable(op->arena, password))
        return fail(op, RC_REFUSED, "password",
                    "这个密码很容易被猜到，请换一个，比如把三四个不相干的词连起来。");
    return RC_OK;
}
