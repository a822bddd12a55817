/* The time.  Everything that decides anything takes it from here, once per
 * operation, in milliseconds UTC since 1970.  A server that was started with
 * its clock unlocked (tests and stories; a normal start refuses) can be moved:
 * the moved clock goes on running from where it was put. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include "base/str.h"

int64_t clock_now_ms(void);
int64_t clock_mono_us(void); /* for spans and waiting only, never moved */
void    clock_unlock(void);  /* process-wide, before threads start */
bool    clock_unlocked(void);
bool    clock_set_ms(int64_t now_ms); /* false while locked */

/* "2026-11-22T14:03:07.120+08:00", Beijing time; and back: the date, "T", the
 * time (seconds and their fraction may be missing), "Z" or an offset. */
struct str    clock_iso(struct arena *arena, int64_t ms);
MUST_USE bool clock_parse(struct str iso, int64_t *ms);
/* "11 月 22 日 14:03", for sentences; the year when it is not `now`'s. */
struct str clock_zh(struct arena *arena, int64_t ms, int64_t now_ms);

/* Civil date in Beijing and back (proleptic Gregorian; Howard Hinnant's
 * days_from_civil).  month 1..12, day 1..31, weekday 0 = Sunday. */
struct civil {
    int64_t year;
    int     month, day, weekday, hour, minute, second, ms;
};
struct civil clock_civil(int64_t ms);
int64_t      clock_of_civil(struct civil civil); /* ignores weekday */
int64_t      clock_day_begins(int64_t ms);       /* midnight in Beijing */

#endif
