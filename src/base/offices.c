#include "base/offices.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static struct str time_text(struct arena *arena, int64_t ms)
{
    return str_fmt(arena, "%d:%02d", (int)(ms / 3600000), (int)(ms / 60000 % 60));
}

struct str offices_text(struct arena *arena, const struct offices *offices)
{
    struct str parts[OFFICES_MAX];

    for (size_t i = 0; i < offices->n; i++) {
        struct str opens = time_text(arena, offices->of[i].opens);
        struct str closes = time_text(arena, offices->of[i].closes);
        parts[i] = str_fmt(arena, "%.*s-%.*s", STR_ARG(opens), STR_ARG(closes));
    }
    return str_join(arena, parts, offices->n, STR(" "));
}

static bool read_digits(struct str text, size_t least, int64_t *number)
{
    struct str rest = text.len == 2 && text.at[0] == '0' ? str_skip(text, 1) : text;

    return text.len >= least && text.len <= 2 && str_int64(rest, number) && *number >= 0;
}

/* "8:30" up to "24:00" */
static bool read_time(struct str text, int64_t *ms)
{
    struct str_cut cut = str_cut(str_trim(text), ':');
    int64_t        hours, minutes;

    if (!read_digits(cut.head, 1, &hours) || !read_digits(cut.tail, 2, &minutes) ||
        minutes > 59)
        return false;
    *ms = (hours * 60 + minutes) * 60000;
    return *ms <= DAY_MS;
}

bool offices_read(struct str text, struct offices *offices)
{
    *offices = (struct offices){ .n = 0 };
    for (struct str rest = str_trim(text); rest.len;) {
        struct str_cut      one = str_cut(rest, ' ');
        struct str_cut      ends = str_cut(one.head, '-');
        struct office_hours office;

        rest = one.ok ? str_trim(one.tail) : STR_NONE;
        if (offices->n == OFFICES_MAX || !ends.ok || !read_time(ends.head, &office.opens) ||
            !read_time(ends.tail, &office.closes) || office.opens >= office.closes ||
            (offices->n && office.opens < offices->of[offices->n - 1].closes))
            return false;
        offices->of[offices->n++] = office;
    }
    return true;
}

struct offices offices_both(const struct offices *one, const struct offices *other)
{
    struct offices both = { .n = 0 };

    for (size_t i = 0; i < one->n; i++)
        for (size_t k = 0; k < other->n && both.n < OFFICES_MAX; k++) {
            const struct office_hours *a = &one->of[i], *b = &other->of[k];
            struct office_hours        office = { a->opens > b->opens ? a->opens : b->opens,
                                           a->closes < b->closes ? a->closes : b->closes };
            if (office.opens < office.closes)
                both.of[both.n++] = office;
        }
    return both;
}
