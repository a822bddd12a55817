/* The statements of calendars.  Inside engine/case/ only. */
#ifndef ENGINE_CASE_CALENDAR_STORE_H
#define ENGINE_CASE_CALENDAR_STORE_H
#include "base/op.h"
#include "base/field.h"

struct kept_calendar { /* what was loaded */
    struct str name, title, source, first, last;
    int64_t    loaded;
};
struct kept_week {
    int64_t    weekday;
    struct str hours;
};
struct kept_day {
    struct str day;
    bool       works;
    struct str title, hours;
};
enum { CALENDARS_MAX = 50, KEPT_DAYS_MAX = 4000 };

MUST_USE enum rc calendars_select(struct op *op, struct list *kept);
MUST_USE enum rc calendar_upsert(struct op *op, const struct kept_calendar *kept);
MUST_USE enum rc week_select(struct op *op, struct list *weekdays);
MUST_USE enum rc week_upsert(struct op *op, int64_t weekday, struct str hours);
/* From a day on, in order. */
MUST_USE enum rc days_select(struct op *op, struct str from, struct list *days);
MUST_USE enum rc days_delete(struct op *op, struct str first, struct str last);
MUST_USE enum rc day_upsert(struct op *op, const struct kept_day *day);

/* How far the cases of a county have been looked at again since a calendar was loaded. */
struct recount {
    int64_t county, after_ms, after_id;
};
enum { RECOUNTS_MAX = 64 };
MUST_USE enum rc recounts_select(struct op *op, struct list *recounts); /* all counties' */
MUST_USE enum rc recount_select(struct op *op, struct recount *recount);
MUST_USE enum rc recount_upsert(struct op *op, const struct recount *recount);
MUST_USE enum rc recount_delete(struct op *op);

#endif
