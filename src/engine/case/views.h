/* Personal views 我的视图: filters that somebody keeps under a name, in an order of their
 * own, on whatever device.  A view holds no cases and gives no right: what it shows is
 * asked anew each time, as whoever asks may see it then. */
#ifndef ENGINE_CASE_VIEWS_H
#define ENGINE_CASE_VIEWS_H
#include "base/limits.h"
#include "engine/case/filter.h"

struct kept_view {
    int64_t            id;
    struct str         title;
    struct case_filter filter;
};
/* struct kept_view, in their order. */
MUST_USE enum rc views_list(struct op *op, struct list *views);
/* Another filter under a title that is there already takes its place.  RC_REFUSED, told,
 * beyond VIEWS_PER_ACCOUNT_MAX; RC_INVALID for a filter that means nothing. */
MUST_USE enum rc views_make(struct op *op, struct kept_view *view);
/* RC_NOT_FOUND, also for somebody else's. */
MUST_USE enum rc views_end(struct op *op, int64_t id);
/* All of theirs, each once; RC_CONFLICT, told, when they are not these any more. */
MUST_USE enum rc views_order(struct op *op, const struct list *ids /* int64_t */);
/* Of somebody who was deleted. */
MUST_USE enum rc views_forget(struct op *op, int64_t account);

#endif
