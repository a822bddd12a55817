/* The workers of a house, beside its batches: the photos', and those of gate/worker.h,
 * a row each; all with connections of their own. */
#ifndef APP_WORKERS_H
#define APP_WORKERS_H
#include "app/house.h"

struct workers;

MUST_USE enum rc workers_start(struct house *house, struct workers **workers);
/* A line was committed. */
void workers_landed(struct workers *workers, const struct line *line);
void workers_stop(struct workers **workers);

#endif
