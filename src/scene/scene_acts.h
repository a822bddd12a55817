/* What app needs of scenes: their acts and their statements. */
#ifndef SCENE_SCENE_ACTS_H
#define SCENE_SCENE_ACTS_H
#include "gate/act.h"

struct stmts; /* db/db.h */

/* The county that an act is about, its own or that of an area named: found, and the
 * actor has the right there, in all of it. */
MUST_USE enum rc county_asked(struct op *op, struct str area, enum right right);

extern const struct act   scene_acts[]; /* ends with a row whose name is NULL */
extern const struct stmts scene_stmts;

#endif
