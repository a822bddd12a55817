#include "rule/sum.h"

#include "base/clock.h"
#include "rule/number.h"

enum { DAY_MS = 86400000, YEARS_MAX = 10000 };

int64_t value_days(const struct rule_value *value)
{
    return value->type == RULE_TIME ? rule_today(value->ms) : value->days;
}

/* The same day some months later, the month's last if it is shorter. */
static bool shifted(int64_t days, int64_t months, int64_t *to)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    struct civil     at = clock_civil(days * DAY_MS);
    int64_t          count = at.year * 12 + at.month - 1 + months;

    if (count < 0)
        return false;
    at.year = count / 12;
    at.month = (int)(count % 12) + 1;
    bool leap = at.year % 4 == 0 && (at.year % 100 != 0 || at.year % 400 == 0);
    int  last = lengths[at.month - 1] + (at.month == 2 && leap);
    at.day = at.day < last ? at.day : last;
    *to = clock_of_civil(at) / DAY_MS;
    return true;
}

/* A date or time moved by a duration; false beyond the calendar, and for working
 * time, which only the county's calendar can count. */
static bool move(const struct rule_value *from, struct rule_span span,
                 struct rule_value *value)
{
    int64_t most = span.unit == RULE_MONTHS ? YEARS_MAX * 12LL : YEARS_MAX * 366LL * DAY_MS;
    int64_t today = value_days(from), to = today;
    int64_t ms = span.unit == RULE_MS ? span.n : 0;

    if ((span.unit != RULE_MS && span.unit != RULE_MONTHS) || span.n > most ||
        span.n < -most || today > YEARS_MAX * 366LL || today < -YEARS_MAX * 366LL)
        return false;
    if (span.unit == RULE_MONTHS && !shifted(today, span.n, &to))
        return false;
    *value = from->type == RULE_TIME ? rule_time(from->ms + (to - today) * DAY_MS + ms)
                                     : rule_date(to + ms / DAY_MS);
    return true;
}

static bool span_sum(struct rule_span a, struct rule_span b, struct rule_value *value)
{
    int64_t n;

    if (a.unit != b.unit || __builtin_add_overflow(a.n, b.n, &n))
        return false;
    *value = rule_span_value(n, a.unit);
    return true;
}

static struct rule_number as_number(const struct rule_value *value)
{
    return value->type == RULE_DURATION ? (struct rule_number){ value->span.n, 0 }
                                        : value->number;
}

/* Products and quotients: of durations too, which then stay whole. */
bool sum_scaled(const struct rule_value *a, const struct rule_value *b, enum rule_node kind,
                unsigned gives, struct rule_value *value)
{
    struct rule_number result;
    bool               two_spans = a->type == RULE_DURATION && b->type == RULE_DURATION;
    enum rule_unit     unit = a->type == RULE_DURATION ? a->span.unit : b->span.unit;

    if ((two_spans && a->span.unit != b->span.unit) ||
        !(kind == RULE_NODE_MUL ? number_mul : number_div)(as_number(a), as_number(b),
                                                           &result))
        return false;
    if (gives == RULE_DURATION) {
        *value = rule_span_value(number_round(result), unit);
    } else {
        *value = rule_decimal(result.digits, result.scale);
        value->type = gives;
    }
    return true;
}

bool sum_negated(const struct rule_value *a, struct rule_value *value)
{
    struct rule_number result;

    if (!number_neg(as_number(a), &result))
        return false;
    *value = *a;
    if (a->type == RULE_DURATION)
        value->span.n = result.digits;
    else
        value->number = result;
    return true;
}

bool sum_added(const struct rule_value *a, const struct rule_value *b, unsigned gives,
               struct rule_value *value)
{
    struct rule_number result;

    if (a->type == RULE_DURATION)
        return span_sum(a->span, b->span, value);
    if (a->type == RULE_DATE || a->type == RULE_TIME)
        return move(a, b->span, value);
    if (!number_add(a->number, b->number, &result))
        return false;
    *value = rule_decimal(result.digits, result.scale);
    value->type = gives;
    return true;
}

bool sum_subtracted(const struct rule_value *a, const struct rule_value *b, unsigned gives,
                    struct rule_value *value)
{
    struct rule_value minus;
    int64_t           apart;

    if (b->type == RULE_DURATION || gives != RULE_DURATION)
        return sum_negated(b, &minus) && sum_added(a, &minus, gives, value);
    bool times = a->type == RULE_TIME;
    if (__builtin_sub_overflow(times ? a->ms : a->days, times ? b->ms : b->days, &apart) ||
        __builtin_mul_overflow(apart, times ? 1 : DAY_MS, &apart))
        return false;
    *value = rule_span_value(apart, RULE_MS);
    return true;
}
