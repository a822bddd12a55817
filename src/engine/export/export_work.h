/* The worker that makes the files of exports: reads in pages, writes the sheet in memory,
 * seals it into the vault, and removes those whose day is over.  The rows are its queue,
 * so nothing is lost when it stops. */
#ifndef ENGINE_EXPORT_EXPORT_WORK_H
#define ENGINE_EXPORT_EXPORT_WORK_H
#include "base/rc.h"

struct actor; /* guard/actor.h */
struct db;    /* db/db.h */
struct gate;  /* gate/gate.h */

struct export_work_options {
    struct gate        *gate;
    struct db          *db;    /* a reader's connection, the worker's alone */
    const struct actor *clock; /* who it acts as; holds what RIGHT_LOCAL asks for */
};
/* Everything that is to be done now: makes what was agreed, removes what is over. */
MUST_USE enum rc export_work_round(const struct export_work_options *options);

struct export_work;
MUST_USE enum rc export_work_start(const struct export_work_options *options,
                                   struct export_work              **work);
void             export_work_stop(struct export_work **work); /* also of NULL */

#endif
