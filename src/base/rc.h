/* How a thing ended.  One table (rc.def) gives each code its HTTP status, its
 * word and its Chinese title.  A function names the two or three codes that
 * its callers should expect; anything else is passed on upwards.  The detail
 * (which field, what to do) goes to the operation by fail(), in op.h. */
#ifndef BASE_RC_H
#define BASE_RC_H
#include "base/str.h"

enum rc {
#define RC(name, status, word, title) RC_##name,
#include "base/rc.def"
#undef RC
    RC_COUNT
};

int        rc_status(enum rc rc);
struct str rc_word(enum rc rc);
struct str rc_title(enum rc rc);

#endif
