/* The metrics that nobody counts while working: how the process, the journal, its
 * followers and the leases stand, looked up when they are asked for. */
#ifndef APP_MEASURE_H
#define APP_MEASURE_H
#include "base/op.h"
#include "gate/gate.h"

/* Once, at the start: what does not change. */
void measure_begin(bool postgres, const char *version);
/* op->db may be NULL: what the database would tell is then left as it was. */
void measure(struct gate *gate, struct op *op);

#endif
