/* The worker that makes papers (papers.h): the rows that wait are its queue. */
#ifndef ENGINE_CASE_CASE_WORK_H
#define ENGINE_CASE_CASE_WORK_H
#include "gate/worker.h"

extern const struct worker_task paper_work;

#endif
