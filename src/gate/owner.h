/* This server as an owner of counties.  It takes a county with the first batch it
 * is asked for, proves in every later batch that it still has it, and gives it back
 * when it closes.  A server that serves also looks round several times while a lease
 * lasts: it renews what is about to expire, and takes over what has expired, so that
 * timers go on although nobody asks for anything.  What another server has is left
 * alone: its acts are refused here without a word to the writer.
 *
 * What is known of a county in memory (the end of its chain, cursors, ids) is as the
 * database has it, or is forgotten: after a batch that was rolled back, or of which
 * nobody knows, the next one reads it again, under a new fencing number.  Inside
 * gate/ only. */
#ifndef GATE_OWNER_H
#define GATE_OWNER_H
#include "gate/held.h"

struct owner;

/* Reads the leases once; nothing is taken yet.  `options` must live as long. */
MUST_USE enum rc owner_open(const struct gate_options *options, struct owner **owner);
/* From now on leases are renewed (and looked for) by nudging this writer. */
MUST_USE enum rc owner_start(struct owner *owner, struct writer *writer);
void             owner_stop(struct owner *owner); /* no more nudges */
/* Gives every county back, by the writer, which then ends. */
void owner_release(struct owner *owner, struct writer **writer);
void owner_close(struct owner **owner);

/* ---- on the writer ---- */

/* First in a batch: the county is ours, or is taken in this very transaction.
 * RC_UNAVAILABLE: it is somebody else's. */
MUST_USE enum rc owner_hold(struct owner *owner, struct op *op, struct held **held);
struct held     *owner_held(const struct owner *owner, int64_t county);
/* Is it still ours?  Waits for a lost connection that is committing. */
MUST_USE enum rc owner_check(const struct owner *owner, struct op *op,
                             const struct held *held);
/* After the commit, and after a batch that was rolled back or may have been. */
void owner_settle(struct owner *owner, struct held *held);
void owner_give_up(struct owner *owner, int64_t county);

/* ---- on any thread ---- */

size_t owner_counties(struct owner *owner, int64_t *counties, size_t most);
bool   owner_elsewhere(struct owner *owner, int64_t county);
bool   owner_stands_by(struct owner *owner); /* for some county, another server's */
bool   owner_ready(struct owner *owner);

#endif
