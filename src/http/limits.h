/* Limits of the HTTP presenter: one table (limits.def) as constants and as rows. */
#ifndef HTTP_LIMITS_H
#define HTTP_LIMITS_H
#include "base/str.h"

enum {
#define HTTP_LIMIT(name, number, unit, answer, why) HTTP_##name = (number),
#include "http/limits.def"
#undef HTTP_LIMIT
};

struct http_limit {
    struct str name, unit, answer, why;
    int64_t    number;
};

/* Ends with an absent name. */
extern const struct http_limit http_limits[];

#endif
