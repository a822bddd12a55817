#include "base/clock.h"

#include <time.h>

#include "base/arena.h"

enum { BEIJING_MS = 8 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000 };

static bool            unlocked;
static _Atomic int64_t moved_ms;

static int64_t read_clock(clockid_t which, int64_t per_second)
{
    struct timespec now;

    int failed = clock_gettime(which, &now);
    assert(!failed);
    (void)failed;
    return now.tv_sec * per_second + now.tv_nsec / (1000000000 / per_second);
}

int64_t clock_now_ms(void)
{
    return read_clock(CLOCK_REALTIME, 1000) + moved_ms;
}

int64_t clock_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

void clock_unlock(void)
{
    unlocked = true;
}

bool clock_unlocked(void)
{
    return unlocked;
}

bool clock_set_ms(int64_t now_ms)
{
    if (unlocked)
        moved_ms = now_ms - read_clock(CLOCK_REALTIME, 1000);
    return unlocked;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_of_civil(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400), of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

    return era * 146097 + day_of_era - 719468;
}

struct civil clock_civil(int64_t ms)
{
    int64_t local = ms + BEIJING_MS, days = floor_div(local, DAY_MS);
    int64_t rest = local - days * DAY_MS;
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int     month = (int)(mp < 10 ? mp + 3 : mp - 9);

    return (struct civil){
        .year = yoe + era * 400 + (month <= 2),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .weekday = (int)((days % 7 + 11) % 7),
        .hour = (int)(rest / 3600000),
        .minute = (int)(rest / 60000 % 60),
        .second = (int)(rest / 1000 % 60),
        .ms = (int)(rest % 1000),
    };
}

int64_t clock_of_civil(struct civil c)
{
    return days_of_civil(c.year, c.month, c.day) * DAY_MS +
           ((c.hour * 60LL + c.minute) * 60 + c.second) * 1000 + c.ms - BEIJING_MS;
}

struct str clock_iso(struct arena *arena, int64_t ms)
{
    struct civil c = clock_civil(ms);

    return str_fmt(arena, "%04lld-%02d-%02dT%02d:%02d:%02d.%03d+08:00", (long long)c.year,
                   c.month, c.day, c.hour, c.minute, c.second, c.ms);
}

struct str clock_zh(struct arena *arena, int64_t ms, int64_t now_ms)
{
    struct civil c = clock_civil(ms);

    if (c.year == clock_civil(now_ms).year)
        return str_fmt(arena, "%d 月 %d 日 %d:%02d", c.month, c.day, c.hour, c.minute);
    return str_fmt(arena, "%lld 年 %d 月 %d 日 %d:%02d", (long long)c.year, c.month, c.day,
                   c.hour, c.minute);
}

/* Exactly n digits at the head of *rest. */
static bool take_digits(struct str *rest, size_t n, int *value)
{
    *value = 0;
    if (rest->len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = rest->at[i];
        if (c < '0' || c > '9')
            return false;
        *value = *value * 10 + (c - '0');
    }
    *rest = str_skip(*rest, n);
    return true;
}

static bool take_char(struct str *rest, char c)
{
    if (!rest->len || rest->at[0] != c)
        return false;
    *rest = str_skip(*rest, 1);
    return true;
}

static bool take_fraction(struct str *rest, int *ms)
{
    int digits = 0;

    for (*ms = 0; rest->len && rest->at[0] >= '0' && rest->at[0] <= '9'; digits++) {
        if (digits < 3)
            *ms = *ms * 10 + (rest->at[0] - '0');
        *rest = str_skip(*rest, 1);
    }
    for (int i = digits; i < 3; i++)
        *ms *= 10;
    return digits > 0 && digits <= 9;
}

static bool take_offset(struct str *rest, int *minutes)
{
    int hours = 0, rest_minutes = 0;

    *minutes = 0;
    if (take_char(rest, 'Z'))
        return true;
    bool east = take_char(rest, '+');
    if (!east && !take_char(rest, '-'))
        return false;
    if (!take_digits(rest, 2, &hours) || !take_char(rest, ':') ||
        !take_digits(rest, 2, &rest_minutes) || hours > 14 || rest_minutes > 59)
        return false;
    *minutes = (hours * 60 + rest_minutes) * (east ? 1 : -1);
    return true;
}

bool clock_parse(struct str iso, int64_t *ms)
{
    struct civil c = { 0 };
    int          year, offset;

    if (!take_digits(&iso, 4, &year) || !take_char(&iso, '-') ||
        !take_digits(&iso, 2, &c.month) || !take_char(&iso, '-') ||
        !take_digits(&iso, 2, &c.day) || !take_char(&iso, 'T') ||
        !take_digits(&iso, 2, &c.hour) || !take_char(&iso, ':') ||
        !take_digits(&iso, 2, &c.minute))
        return false;
    if (take_char(&iso, ':') && !take_digits(&iso, 2, &c.second))
        return false;
    if (take_char(&iso, '.') && !take_fraction(&iso, &c.ms))
        return false;
    if (!take_offset(&iso, &offset) || iso.len || c.hour > 23 || c.minute > 59 ||
        c.second > 59)
        return false;
    c.year = year;
    int64_t      local = clock_of_civil(c);
    struct civil back = clock_civil(local);
    if (back.month != c.month || back.day != c.day) /* 31 June and the like */
        return false;
    *ms = local + BEIJING_MS - offset * 60000LL;
    return true;
}

int64_t clock_day_begins(int64_t ms)
{
    struct civil c = clock_civil(ms);

    return clock_of_civil((struct civil){ .year = c.year, .month = c.month, .day = c.day });
}
