/* One county's chain as its owner keeps it in memory: where it ends.  Its functions are
 * for gate/ alone; everybody else sees journal.h, and signs ends (heads.h). */
#ifndef GATE_CHAIN_H
#define GATE_CHAIN_H
#include "gate/journal.h"

enum { CHAIN_HASH_BYTES = 32 };

struct chain {
    int64_t       county, seq; /* 0: no line yet */
    int64_t       at_ms;       /* the last line's time */
    unsigned char hash[CHAIN_HASH_BYTES];
};

MUST_USE enum rc chain_load(struct op *op, int64_t county, struct chain *chain);
/* Numbers, hashes, seals and inserts the line and moves the chain on. */
MUST_USE enum rc chain_append(struct op *op, struct chain *chain, struct line *line);

struct journal_row;

/* What a line's hash must be behind a line of that hash. */
void chain_hash(const unsigned char before[CHAIN_HASH_BYTES], const struct journal_row *row,
                unsigned char out[CHAIN_HASH_BYTES]);
/* Does the payload open, and is it the one that was hashed?  One whose key is destroyed
 * fits. */
bool chain_payload_fits(struct op *op, const struct journal_row *row);

#endif
