/* Open311 on the wire: what GeoReport v2 (and mySociety's updates) say over HTTP, as acts
 * of engine/open311/, whose answers are told as XML or as JSON, refusals too.
 *
 * Clients are ordinary ones and are taken as they are: fields in any order, names that may
 * repeat, CRLF, names we do not know, an empty field that means none, "//" where an
 * address that ends in "/" met a path that begins with one, photos in the same form.
 *
 * A key stands in the form or in the query as `api_key`; no cookie and no header counts,
 * so there is nothing that another site's page could borrow.  Reading needs none, but one
 * that is wrong is refused.
 *
 * A client that got no answer sends again.  GeoReport has nothing to tell that from a
 * second report by, so the key of idempotency is made here: of the api_key and of all that
 * the form says, who said it included, in an order of ours, and of each photo.  It counts
 * for OPEN311_REPEAT_MS; after that the same words are a new report. */
#ifndef HTTP_OPEN311_OPEN311_H
#define HTTP_OPEN311_OPEN311_H
#include "http/request.h"

/* Is this one of its addresses?  NULL when not, or when it is not served. */
struct open311 *open311_begin(struct request *request);
/* Its act, and what its body may be.  Sets `next`. */
MUST_USE enum rc open311_find(struct request *request);
enum MHD_Result  open311_problem(struct request *request, enum rc rc,
                                 const struct problems *problems);

#endif
