#include "rule/number.h"

#include <inttypes.h>

/* Every intermediate result fits: 64 bits times 10^18 is below 2^127. */
__extension__ typedef __int128 wide;

static wide power(int n)
{
    wide ten = 1;

    while (n-- > 0)
        ten *= 10;
    return ten;
}

static wide divide(wide a, wide b) /* rounded half away from zero */
{
    wide quotient = a / b, rest = a % b;
    wide twice = (rest < 0 ? -rest : rest) * 2, size = b < 0 ? -b : b;

    if (twice < size)
        return quotient;
    return quotient + ((a < 0) == (b < 0) ? 1 : -1);
}

static bool fit(wide digits, int scale, struct rule_number *out)
{
    if (scale > RULE_SCALE_MAX) {
        digits = divide(digits, power(scale - RULE_SCALE_MAX));
        scale = RULE_SCALE_MAX;
    }
    for (; scale > 0 && digits % 10 == 0; scale--)
        digits /= 10;
    if (digits > INT64_MAX || digits < INT64_MIN)
        return false;
    *out = (struct rule_number){ (int64_t)digits, scale };
    return true;
}

static wide aligned(struct rule_number a)
{
    return a.digits * power(RULE_SCALE_MAX - a.scale);
}

bool number_add(struct rule_number a, struct rule_number b, struct rule_number *out)
{
    return fit(aligned(a) + aligned(b), RULE_SCALE_MAX, out);
}

bool number_sub(struct rule_number a, struct rule_number b, struct rule_number *out)
{
    return fit(aligned(a) - aligned(b), RULE_SCALE_MAX, out);
}

bool number_mul(struct rule_number a, struct rule_number b, struct rule_number *out)
{
    return fit((wide)a.digits * b.digits, a.scale + b.scale, out);
}

bool number_div(struct rule_number a, struct rule_number b, struct rule_number *out)
{
    if (b.digits == 0)
        return false;
    return fit(
        divide(a.digits * power(RULE_SCALE_MAX + b.scale), b.digits * power(a.scale)),
        RULE_SCALE_MAX, out);
}

int number_cmp(struct rule_number a, struct rule_number b)
{
    wide left = aligned(a), right = aligned(b);

    return (left > right) - (left < right);
}

bool number_neg(struct rule_number a, struct rule_number *out)
{
    return fit(-(wide)a.digits, a.scale, out);
}

bool number_read(struct str text, struct rule_number *out)
{
    wide digits = 0;
    int  scale = 0;
    bool point = false;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '.') {
            point = true;
            continue;
        }
        digits = digits * 10 + (text.at[i] - '0');
        scale += point;
        if (digits > INT64_MAX || scale > RULE_SCALE_MAX)
            return false;
    }
    return fit(digits, scale, out);
}

bool number_whole(struct rule_number a, int64_t *n)
{
    *n = number_round(a);
    return a.digits == (wide)*n * power(a.scale);
}

int64_t number_round(struct rule_number a)
{
    return (int64_t)divide(a.digits, power(a.scale));
}

struct str number_text(struct arena *arena, struct rule_number n)
{
    if (n.scale == 0)
        return str_fmt(arena, "%" PRId64, n.digits);
    wide unit = power(n.scale), whole = n.digits / unit, rest = n.digits % unit;
    return str_fmt(arena, "%s%" PRId64 ".%0*" PRId64, n.digits < 0 ? "-" : "",
                   (int64_t)(whole < 0 ? -whole : whole), n.scale,
                   (int64_t)(rest < 0 ? -rest : rest));
}
