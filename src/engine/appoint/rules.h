/* What the acts of this engine share: booking, moving, cancelling, marking, looking again.
 * All but reading in writing acts, each with its journal line.  Inside engine/appoint only.
 */
#ifndef ENGINE_APPOINT_RULES_H
#define ENGINE_APPOINT_RULES_H
#include "engine/appoint/slots.h"

/* Who comes, when staff book for them; name absent: whoever asks comes themselves. */
struct visitor {
    struct str name, phone, note;
    struct str agreed; /* struct intake's words */
};
enum { VISITOR_NFIELDS = 3 };
extern const struct field visitor_fields[VISITOR_NFIELDS]; /* as it is sealed */

struct booking {
    struct window_key key;
    int64_t           starts_ms;
    struct str        category; /* absent beside a case */
    int64_t           case_id;
    struct visitor    visitor;
};

/* RC_REFUSED, RC_CONFLICT (the last seat is gone), RC_DENIED, RC_TOO_MANY, told. */
MUST_USE enum rc appoint_book(struct op *op, const struct booking *booking,
                              struct appointment *row);
/* version 0: whichever it is. */
MUST_USE enum rc appoint_move(struct op *op, int64_t id, int64_t version, int64_t starts_ms,
                              struct appointment *row);
MUST_USE enum rc appoint_cancel(struct op *op, int64_t id, int64_t version,
                                struct str reason, struct appointment *row);
/* By the window's staff: they came, or did not. */
MUST_USE enum rc appoint_mark(struct op *op, int64_t id, int64_t version, bool came,
                              struct appointment *row);
/* The clock: reminds the day before; whoever's slot is gone hears of it. */
MUST_USE enum rc appoint_clock(struct op *op, int64_t id);

/* One that op's actor may see: their own, and what staff of its window may. */
MUST_USE enum rc appoint_find(struct op *op, int64_t id, struct appointment *row);
bool             appoint_is_own(const struct op *op, const struct appointment *row);
/* May they do what staff do with it: by RIGHT_APPOINT or taking down over its area, or
 * because they booked it? */
bool appoint_is_staff(const struct op *op, const struct appointment *row);
/* Whoever comes, opened; all absent when they were deleted. */
MUST_USE enum rc  appoint_visitor(struct op *op, const struct appointment *row,
                                  struct visitor *visitor);
struct window_key appoint_key(const struct appointment *row);

/* How often the account did not come of late, and does that bar it from this window. */
MUST_USE enum rc appoint_missed(struct op *op, const struct window *window, int64_t account,
                                int64_t *missed, bool *barred);
/* The latest moment at which its owner may still move or cancel it. */
int64_t appoint_change_until(const struct window *window, const struct appointment *row);
/* "11 月 24 日 9:00" in a sentence with its place. */
struct str appoint_when(struct op *op, int64_t starts_ms);

#endif
