/* The statements of open311.  Inside engine/open311/ only. */
#ifndef ENGINE_OPEN311_OPEN311_STORE_H
#define ENGINE_OPEN311_OPEN311_STORE_H
#include "engine/open311/open311.h"

struct request_row {
    int64_t    county, id;
    struct str code;
    bool       open;
    struct str status, notes, service, says, agency;
    int64_t    updated_ms, changed_ms, due_ms;
    struct str area, address;
    double     lat, lng;
};
struct update_row {
    int64_t    county, seq, id, at_ms;
    struct str status, says;
};

MUST_USE enum rc open311_put(struct op *op, const struct request_row *row);
MUST_USE enum rc open311_select(struct op *op, int64_t id, struct request_row *row);
MUST_USE enum rc open311_delete(struct op *op, int64_t id); /* with its updates */

/* Newest first, from `from_id` on, before `to_id`. */
struct request_page {
    struct str code;   /* absent: all */
    bool       either; /* open and closed ones */
    bool       open;   /* which, if not */
    int64_t    from_id, to_id;
    size_t     most;
};
MUST_USE enum rc open311_select_page(struct op *op, const struct request_page *page,
                                     struct list *rows);

MUST_USE enum rc open311_update_add(struct op *op, const struct update_row *row);
/* Oldest first. */
MUST_USE enum rc open311_updates_select(struct op *op, int64_t from_ms, int64_t to_ms,
                                        size_t most, struct list *rows);

/* RC_CONFLICT: that name was heard before.  Looked for first: a broken constraint would
 * end the batch. */
MUST_USE enum rc open311_heard_add(struct op *op, struct str name, int64_t id,
                                   int64_t said_ms);
MUST_USE enum rc open311_heard_newest(struct op *op, int64_t id,
                                      int64_t *said_ms); /* 0: none */

#endif
