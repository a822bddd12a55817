#include "base/clock.h"
#include "rule/rule.h"

enum { DAY_MS = 86400000, BEIJING_MS = 8 * 3600000 };

static struct rule_value known_if(bool known, unsigned type)
{
    return (struct rule_value){ .type = type, .known = known };
}

struct rule_value rule_unknown(unsigned type, struct str missing)
{
    return (struct rule_value){ .type = type, .note = missing };
}

struct rule_value rule_truth_value(bool truth)
{
    struct rule_value value = known_if(true, RULE_TRUTH);

    value.truth = truth;
    return value;
}

struct rule_value rule_decimal(int64_t digits, int scale)
{
    assert(scale >= 0 && scale <= RULE_SCALE_MAX);
    struct rule_value value = known_if(true, RULE_NUMBER);
    value.number = (struct rule_number){ digits, scale };
    return value;
}

struct rule_value rule_int(int64_t n)
{
    return rule_decimal(n, 0);
}

struct rule_value rule_money(int64_t fen)
{
    struct rule_value value = rule_decimal(fen, 0);

    value.type = RULE_MONEY;
    return value;
}

struct rule_value rule_metres(int64_t m)
{
    struct rule_value value = rule_decimal(m, 0);

    value.type = RULE_LENGTH;
    return value;
}

struct rule_value rule_text(struct str text)
{
    struct rule_value value = known_if(text.at != NULL, RULE_TEXT);

    value.text = text;
    return value;
}

struct rule_value rule_area(struct str code)
{
    struct rule_value value = known_if(!str_empty(code), RULE_AREA);

    value.place = (struct rule_place){ .area = code };
    return value;
}

struct rule_value rule_date(int64_t days)
{
    struct rule_value value = known_if(true, RULE_DATE);

    value.days = days;
    return value;
}

struct rule_value rule_time(int64_t ms)
{
    struct rule_value value = known_if(ms != 0, RULE_TIME);

    value.ms = ms;
    return value;
}

struct rule_value rule_person(int64_t id)
{
    struct rule_value value = known_if(id != 0, RULE_PERSON);

    value.id = id;
    return value;
}

struct rule_value rule_at(double lat, double lng, struct str area)
{
    struct rule_value value = known_if(true, RULE_PLACE);

    value.place = (struct rule_place){ true, lat, lng, area };
    return value;
}

struct rule_value rule_span_value(int64_t n, enum rule_unit unit)
{
    struct rule_value value = known_if(true, RULE_DURATION);

    value.span = (struct rule_span){ n, unit };
    return value;
}

struct rule_value rule_opaque(unsigned type, const void *of)
{
    struct rule_value value = known_if(of != NULL, type);

    value.of = of;
    return value;
}

struct rule_value rule_set(unsigned type, const struct rule_value *items, size_t n)
{
    struct rule_value value = known_if(true, type | RULE_SET);

    value.set.items = items;
    value.set.n = n;
    return value;
}

/* ------------------------------------------------------------------ dates */

int64_t rule_today(int64_t now_ms)
{
    int64_t rest = now_ms % DAY_MS + BEIJING_MS;

    return now_ms / DAY_MS + rest / DAY_MS - (rest < 0);
}

static struct civil civil_of(int64_t days)
{
    return clock_civil(days * DAY_MS - BEIJING_MS);
}

int64_t rule_years(int64_t birth, int64_t on)
{
    struct civil from = civil_of(birth), to = civil_of(on);
    bool         before_birthday =
        to.month < from.month || (to.month == from.month && to.day < from.day);

    return to.year - from.year - before_birthday;
}

bool rule_read_date(struct str text, int64_t *days)
{
    char    iso[] = "yyyy-mm-ddT00:00:00+08:00";
    int64_t ms;

    if (text.len != 10)
        return false;
    for (size_t i = 0; i < text.len; i++)
        iso[i] = text.at[i];
    if (!clock_parse(str_slice(iso, sizeof iso - 1), &ms))
        return false;
    *days = rule_today(ms);
    return true;
}
