/* What a form says: pairs of names and texts, in the order they came, however they came
 * (application/x-www-form-urlencoded here, multipart/form-data in parts.h).  A name may
 * stand more than once.  Lines end in LF, characters that show nothing are gone, blanks
 * around a text too; a text of which nothing is left was not sent. */
#ifndef HTTP_OPEN311_FORM_H
#define HTTP_OPEN311_FORM_H
#include "base/arena.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/rc.h"

struct form_pair {
    struct str name, value;
};
struct form {
    struct form_pair at[OPEN311_FORM_MAX];
    size_t           n;
};

/* RC_INVALID, told: too many, no UTF-8, a broken escape. */
MUST_USE enum rc form_read(struct arena *arena, struct str body, struct form *form,
                           struct problems *problems);
/* One pair as it came, unescaped. */
MUST_USE enum rc form_add(struct arena *arena, struct form *form, struct str name,
                          struct str value, struct problems *problems);
/* The first of that name; absent when there is none. */
struct str form_find(const struct form *form, struct str name);

#endif
