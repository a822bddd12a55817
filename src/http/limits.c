#include "http/limits.h"

const struct http_limit http_limits[] = {
#define HTTP_LIMIT(name, number, unit, answer, why)                                        \
    { STR_INIT(#name), STR_INIT(unit), STR_INIT(answer), STR_INIT(why), (number) },
#include "http/limits.def"
#undef HTTP_LIMIT
    { .number = 0 },
};
