/* The description of the interface (OpenAPI 3.1), made from the table of acts and
 * their field tables: what is described is what runs.  Ours, beside the standard:
 * x-right (the right an act asks for), x-demo (only on demonstration databases),
 * x-grade (how delicate a field is) and x-limits (base/limits.def). */
#ifndef HTTP_OPENAPI_H
#define HTTP_OPENAPI_H
#include "base/arena.h"
#include "base/str.h"

enum { OPENAPI_BYTES_MAX = 8 << 20 };

/* Of acts_at(); absent when the arena's budget is gone. */
struct str openapi_text(struct arena *arena, struct str version);

#endif
