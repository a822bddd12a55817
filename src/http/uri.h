/* What a request line and its headers say, taken apart once and strictly: percent
 * escapes are decoded once, after the path was split, so that no escape can make a
 * new segment; text must be UTF-8 without controls; a repeated argument is refused
 * rather than guessed at. */
#ifndef HTTP_URI_H
#define HTTP_URI_H
#include "base/problem.h"
#include "base/rc.h"
#include "gate/gate.h"
#include "base/limits.h"

struct target {
    struct str      path; /* decoded; starts with "/" */
    struct str      segments[HTTP_SEGMENTS_MAX];
    size_t          nsegments; /* "/a/b/" has three, the last one empty; "/" has one */
    struct gate_arg query[HTTP_QUERY_MAX];
    size_t          nquery;
};

/* `raw` as sent: path and query.  RC_INVALID with a problem told; RC_NOT_FOUND for
 * what no path of ours looks like; RC_URI_TOO_LONG. */
MUST_USE enum rc target_parse(struct arena *arena, struct str raw, struct target *target,
                              struct problems *problems);

/* One part of it, its escapes decoded.  In a query and a form "+" is a blank; a form's
 * texts have lines.  Absent when an escape is broken, or what it makes is no clean text. */
enum uri_text { URI_PATH, URI_QUERY, URI_FORM };
struct str uri_decoded(struct arena *arena, struct str raw, enum uri_text kind);

/* The same but for the case of letters. */
bool same_word(struct str a, struct str b);

/* How often the cookie stands in a Cookie header; its value when it does once. */
size_t cookie_find(struct str header, struct str name, struct str *value);

/* "Bearer KEY" → KEY; absent for anything else. */
struct str bearer_of(struct str authorization);

/* Does an If-None-Match list name this entity tag (weak comparison) or "*"? */
bool etag_listed(struct str list, struct str etag);

/* Does an Accept-Encoding list take this one (named, and not with q=0)? */
bool encoding_taken(struct str list, struct str encoding);

/* "application/json", parameters beside charset=utf-8 refused. */
bool media_is(struct str content_type, struct str wanted);

/* "12-345" → 12, 345. */
MUST_USE bool event_id_parse(struct str text, int64_t *county, int64_t *seq);

#endif
