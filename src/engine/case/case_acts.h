/* What the case engine puts on the program's tables, for app. */
#ifndef ENGINE_CASE_CASE_ACTS_H
#define ENGINE_CASE_CASE_ACTS_H
#include "gate/act.h"

struct stmts; /* db/db.h */

extern const struct act   case_acts[];
extern const struct stmts case_stmts;

#endif
