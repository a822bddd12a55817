/* Matters 事项: cases as their reporter's list knows them, and as they are counted.  The
 * follower looks at each case that a line of the journal is about and puts down what is
 * true of it by now, so that doing it twice, or late, changes nothing.
 *
 * 24 小时办结率, of an area or an organisation:
 *
 *     of all matters reported on the 30 days that ended the day before yesterday (since
 *     then 24 h have gone by for each of them), how many were answered within 24 h of
 *     being reported, and were not reopened since
 *
 * Left out of both numbers are matters that ended without an answer (not taken, taken
 * back, merged into another: those would be done quickest of all), and confidential ones.
 * The hours are those of the clock: nights, holidays and pauses count. */
#ifndef ENGINE_NOTICE_MATTER_H
#define ENGINE_NOTICE_MATTER_H
#include "base/field.h"
#include "base/op.h"

enum { MATTER_DAYS = 30, MATTER_QUICK_MS = 24 * 3600 * 1000 };

struct matter {
    int64_t    county, id; /* the case */
    int64_t    reporter, mark, read_mark, day_ms;
    struct str area; /* empty: it is not counted */
    int64_t    org;
    bool       quick;
};
MUST_USE enum rc matter_put(struct op *op, const struct matter *matter);
MUST_USE enum rc matter_select(struct op *op, int64_t id, struct matter *matter);
/* The reporter's, newest news first, before a mark. */
MUST_USE enum rc matter_select_page(struct op *op, int64_t reporter, int64_t before,
                                    size_t most, struct list *matters);
MUST_USE enum rc matter_count_unread(struct op *op, int64_t reporter, size_t most,
                                     int64_t *unread);
/* Their reporter has seen all news of it so far. */
MUST_USE enum rc matter_set_read(struct op *op, int64_t id, int64_t reporter);

struct matter_count {
    int64_t reported, quick;
};
/* Once or back again (by: 1 or -1) under at most MATTER_SCOPES scopes; empty ones are
 * passed over. */
enum { MATTER_SCOPES = 5 };
MUST_USE enum rc matter_count_day(struct op *op, const struct str scopes[MATTER_SCOPES],
                                  int64_t day_ms, struct matter_count by);
/* Of the days from … until (not it). */
MUST_USE enum rc matter_count_sum(struct op *op, struct str scope, int64_t from_ms,
                                  int64_t until_ms, struct matter_count *count);

struct str matter_area_scope(struct op *op, struct str area);
struct str matter_org_scope(struct op *op, int64_t org);

#endif
