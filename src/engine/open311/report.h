/* A report from a public platform, made a case; and an update from one, made a move or a
 * remark.  Inside engine/open311/ only. */
#ifndef ENGINE_OPEN311_REPORT_H
#define ENGINE_OPEN311_REPORT_H
#include "base/field.h"
#include "engine/open311/county.h"

struct sent_attribute {
    struct str  code;
    struct list values; /* struct str */
};
struct report_args {
    struct str            jurisdiction_id, service_code;
    struct reported_place told;
    struct str            description, phone;
    struct list           attributes; /* struct sent_attribute */
    struct list           media_url;  /* struct str */
    struct list           photos;     /* int64_t, brought before */
    struct found_place    found;      /* by report_ready() */
};
struct report_taken {
    struct str service_request_id, service_notice, account_id;
};

MUST_USE enum rc report_ready(struct op *op, struct report_args *args);
MUST_USE enum rc report_take(struct op *op, const struct report_args *args,
                             struct report_taken *taken);

struct update_args {
    int64_t     id; /* of the case: the gate takes the county from it */
    struct str  update_id, status, updated_datetime, description;
    struct list media_url, photos;
};
/* RC_CONFLICT: that update_id came before. */
MUST_USE enum rc update_take(struct op *op, const struct update_args *args);

#endif
