/* Was a request made by our own pages, or did a foreign page make the browser
 * send it (CSRF)?  Decided on header values alone.  What changes something must
 * say its content type, carry a header that a foreign page cannot add without
 * asking us first, and come from one of our own origins when it says where it
 * comes from.  Reading changes nothing and is not asked. */
#ifndef GUARD_ORIGIN_H
#define GUARD_ORIGIN_H
#include "base/rc.h"

struct origin_asking {
    bool              writes;
    struct str        content_type; /* absent: not sent */
    struct str        origin;       /* Origin */
    struct str        fetch_site;   /* Sec-Fetch-Site */
    struct str        own_header;   /* X-Linli */
    const struct str *content_types; /* that the act takes: "application/json" … */
    size_t            ncontent_types; /* 0: the request has no body */
    const struct str *own;            /* our origins: "https://linli.example", no path */
    size_t            nown;
};

/* RC_OK; RC_UNSUPPORTED: another content type; RC_DENIED: a foreign page. */
MUST_USE enum rc origin_check(const struct origin_asking *asking);

#endif
