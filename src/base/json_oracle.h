/* Tests only: another reader of JSON, libjansson, to be compared with ours.
 * Its functions and ours share names (json_real, json_null), so it is loaded
 * while running, out of reach of the linker, and its header stays inside
 * json_oracle.c. */
#ifndef BASE_JSON_ORACLE_H
#define BASE_JSON_ORACLE_H
#include "base/str.h"

bool oracle_accepts(struct str text);
/* Within our limits, which it does not have: depth, members, length of texts
 * and numbers; and without a NUL byte, which it passes over behind a number.
 * The text must be one that it accepts. */
bool oracle_within(struct str text);
bool oracle_same(struct str text, struct str other); /* the same value in both */

#endif
