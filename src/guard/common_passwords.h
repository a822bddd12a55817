/* Words that passwords are guessed from, in byte order: data/common-passwords.txt,
 * compiled in.  Small letters; what people put before and after is cut off first. */
#ifndef GUARD_COMMON_PASSWORDS_H
#define GUARD_COMMON_PASSWORDS_H
#include "base/str.h"

extern const struct str common_passwords[];
extern const size_t     ncommon_passwords;

#endif
