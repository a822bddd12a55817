/* What app needs of scenes: their acts and their statements. */
#ifndef SCENE_SCENE_ACTS_H
#define SCENE_SCENE_ACTS_H
#include "gate/act.h"

struct stmts; /* db/db.h */

extern const struct act   scene_acts[]; /* ends with a row whose name is NULL */
extern const struct stmts scene_stmts;

#endif
