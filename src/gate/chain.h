/* One county's chain as its owner keeps it in memory: where it ends.  Inside
 * gate/ only; everybody else sees journal.h. */
#ifndef GATE_CHAIN_H
#define GATE_CHAIN_H
#include "gate/journal.h"

enum { CHAIN_HASH_BYTES = 32 };

struct chain {
    int64_t       county, seq; /* 0: no line yet */
    unsigned char hash[CHAIN_HASH_BYTES];
};

MUST_USE enum rc chain_load(struct op *op, int64_t county, struct chain *chain);
/* Numbers, hashes, seals and inserts the line and moves the chain on. */
MUST_USE enum rc chain_append(struct op *op, struct chain *chain, struct line *line);

#endif
