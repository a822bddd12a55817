/* The worker that makes the files of exports: reads in pages, writes the sheet in memory,
 * seals it into the vault, and removes those whose day is over. */
#ifndef ENGINE_EXPORT_EXPORT_WORK_H
#define ENGINE_EXPORT_EXPORT_WORK_H
#include "gate/worker.h"

extern const struct worker_task export_work;

#endif
