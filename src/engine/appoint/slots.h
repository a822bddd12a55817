/* Windows as they stand in an area, and their slots: what is declared, less what the
 * calendar and the staff take away, and how much of it is taken.  Inside engine/appoint
 * only. */
#ifndef ENGINE_APPOINT_SLOTS_H
#define ENGINE_APPOINT_SLOTS_H
#include "engine/appoint/appoint_store.h"
#include "engine/case/case.h"

enum { SLOTS_MAX = 1100, SLOT_DAYS_MAX = 7 }; /* of one answer */
#define DAY_MS (INT64_C(24) * 3600 * 1000)

struct window {
    const struct scene        *scene;
    const struct case_kind    *kind;
    const struct scene_window *rules; /* NULL: its scene has it no longer */
    struct window_key          key;
};
struct slot {
    int64_t starts_ms, ends_ms, free;
};

/* The window by name, as the county's scene has it today; key.area is an area of its
 * duty's level or within one, and becomes that. */
MUST_USE enum rc window_now(struct op *op, struct window_key key, struct window *window);
/* … which there must be: RC_NOT_FOUND, told. */
MUST_USE enum rc window_find(struct op *op, struct window_key key, struct window *window);
/* Does anybody keep it there? */
MUST_USE enum rc window_kept(struct op *op, const struct window *window, bool *kept);
struct str window_place(struct op *op, const struct window *window); /* 滨湖社区… */

/* Its slots of `days` days from that one on, in order, those without a free seat too:
 * struct slot.  Only what can be booked: later than now, and not too far ahead. */
MUST_USE enum rc slots_of(struct op *op, const struct window *window, int64_t day,
                          size_t days, struct list *slots);
/* The one that begins then.  RC_NOT_FOUND: there is none to book. */
MUST_USE enum rc slot_at(struct op *op, const struct window *window, int64_t starts_ms,
                         struct slot *slot);
/* The first with a free seat after a moment; RC_NOT_FOUND. */
MUST_USE enum rc slot_after(struct op *op, const struct window *window, int64_t after_ms,
                            struct slot *slot);
/* Is the window open then, as is declared today?  */
MUST_USE enum rc window_opens(struct op *op, const struct window *window, int64_t starts_ms,
                              int64_t ends_ms, bool *opens, struct str *why);
/* The last day for which it can be booked. */
int64_t window_last_day(const struct op *op, const struct window *window);

#endif
