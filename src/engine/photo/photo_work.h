/* The worker: the one thread that has photos made.  It owns the decoder, takes the
 * newest photo that is new (somebody waits to see it), hands its original over, puts what
 * came back into the vault, and records it by the act photo.made.  The rows are its queue,
 * so nothing is lost when it stops, and nothing is made twice that matters.  Every hour it
 * clears away what nobody attached to anything.
 *
 * When there is no decoder to be had, or the disk is full, photos stay new and are
 * tried again later. */
#ifndef ENGINE_PHOTO_PHOTO_WORK_H
#define ENGINE_PHOTO_PHOTO_WORK_H
#include "gate/worker.h"

struct line; /* gate/journal.h */

struct photo_work;

/* After photos_open() and gate_open(); stopped before either is closed.  `decode`: path
 * of linli-decode. */
MUST_USE enum rc photo_work_start(const struct worker *worker, struct str decode,
                                  struct photo_work **work);
void             photo_work_stop(struct photo_work **work); /* also of NULL */

/* A line was committed: wakes the worker when a photo came in. */
void photo_work_landed(struct photo_work *work, const struct line *line);

#endif
