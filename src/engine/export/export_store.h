/* The rows of requests.  Inside engine/export/ only. */
#ifndef ENGINE_EXPORT_EXPORT_STORE_H
#define ENGINE_EXPORT_EXPORT_STORE_H
#include "base/field.h"
#include "base/op.h"

struct request {
    int64_t    county, id;
    struct str kind, area;
    int64_t    person;
    struct str args, format, purpose; /* purpose: sealed */
    int64_t    nrows, asked_by;
    struct str state;
    int64_t    decided_by, decided_ms, until_ms, fetched;
};
#define REQUEST_WAITING  STR("waiting")
#define REQUEST_AGREED   STR("agreed")
#define REQUEST_READY    STR("ready")
#define REQUEST_DONE     STR("done")
#define REQUEST_REFUSED  STR("refused")
#define REQUEST_GONE     STR("gone")
#define REQUEST_DELETION STR("deletion")

MUST_USE enum rc request_insert(struct op *op, const struct request *request);
MUST_USE enum rc request_select(struct op *op, int64_t id, struct request *request);
/* From one state to another, by whom; RC_NOT_FOUND when it is not in the first. */
MUST_USE enum rc request_decide(struct op *op, int64_t id, struct str from, struct str to);
MUST_USE enum rc request_made(struct op *op, int64_t id, int64_t nrows, int64_t until_ms);
MUST_USE enum rc request_expired(struct op *op, int64_t id);
MUST_USE enum rc request_fetched(struct op *op, int64_t id);
/* Newest first, before an id. */
MUST_USE enum rc request_select_mine(struct op *op, int64_t account, int64_t before,
                                     size_t most, struct list *requests);
/* In an area, oldest first within each part of it. */
MUST_USE enum rc request_select_waiting(struct op *op, struct str area, size_t most,
                                        struct list *requests);
/* Of all counties: those to be made or to go; the worker's. */
MUST_USE enum rc request_select_work(struct op *op, int64_t after, size_t most,
                                     struct list *requests);

/* Residents of an area by birth date; neither shielded nor decoys. */
MUST_USE enum rc people_select_ids(struct op *op, struct str area, struct str born_from,
                                   struct str born_until, size_t most, struct list *ids);

#endif
