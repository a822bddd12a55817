/* Requests and updates as the public sees them.  Inside engine/open311/ only. */
#ifndef ENGINE_OPEN311_SHOWN_H
#define ENGINE_OPEN311_SHOWN_H
#include "engine/open311/open311_store.h"

/* Everything that GeoReport names; what is not known, or nobody's business, is null. */
struct shown_request {
    struct str service_request_id, status, status_notes, service_name, service_code,
        description, agency_responsible, service_notice, requested_datetime,
        updated_datetime, expected_datetime, address, address_id, zipcode, media_url;
    struct str lat, lng; /* numbers as they are written; absent: no point */
};
enum { SHOWN_REQUEST_FIELDS = 17 };
extern const struct field shown_request_fields[SHOWN_REQUEST_FIELDS];

struct shown_update {
    struct str update_id, service_request_id, status, description, updated_datetime,
        media_url;
};
enum { SHOWN_UPDATE_FIELDS = 6 };
extern const struct field shown_update_fields[SHOWN_UPDATE_FIELDS];

struct requests_args {
    struct str jurisdiction_id, service_request_id, service_code, start_date, end_date,
        status;
};
/* struct shown_request, newest first. */
MUST_USE enum rc requests_shown(struct op *op, const struct requests_args *args,
                                struct list *shown);
/* One, or RC_NOT_FOUND, told. */
MUST_USE enum rc request_shown(struct op *op, struct str id, struct shown_request *shown);
/* struct shown_update, oldest first. */
MUST_USE enum rc updates_shown(struct op *op, struct str start_date, struct str end_date,
                               struct list *shown);

/* "2026-11-22T14:03:07+08:00": the readers of some take no fractions.  0: absent. */
struct str w3c_time(struct arena *arena, int64_t ms);

#endif
