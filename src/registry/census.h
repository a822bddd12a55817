/* How many live where: a number for each grid, changed beside the people themselves, so
 * that what is said of 600,000 of them is the sum of some hundred rows. */
#ifndef REGISTRY_CENSUS_H
#define REGISTRY_CENSUS_H
#include "base/op.h"

struct stmts; /* db/db.h */

/* Somebody came (1) or went (-1). */
MUST_USE enum rc census_add(struct op *op, struct str grid, int64_t people);
/* In the area itself and below it. */
MUST_USE enum rc census_count(struct op *op, struct str area, int64_t *people);

extern const struct stmts census_stmts;

#endif
