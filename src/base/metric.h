/* What is counted while linli runs, for /metrics.  Counting is one relaxed addition to
 * a cell of a static table, from any thread; nothing is allocated, nothing waits.  All
 * metrics and their labels stand in metrics.def.  A label's words are ours (acts,
 * reasons, numbers of counties): a word outlives the process's work, is told once by
 * metric_label(), and what finds no room is counted under the last place, "other". */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H
#include "base/arena.h"
#include "base/str.h"

enum metric {
#define LABELS(set, label, room)
#define METRIC(id, ...) METRIC_##id,
#include "base/metrics.def"
#undef METRIC
#undef LABELS
    METRIC_COUNT
};

enum metric_labels {
#define LABELS(set, label, room) LABELS_##set,
#define METRIC(id, ...)
#include "base/metrics.def"
#undef METRIC
#undef LABELS
    LABELS_COUNT
};

/* The place of a word: found, or made.  `word` is a literal or lives as long. */
size_t metric_label(enum metric_labels set, const char *word);

/* `at`: metric_at(metric, place among the first labels, among the second); 0 without
 * labels. */
size_t metric_at(enum metric metric, size_t first, size_t second);
void   metric_add(enum metric metric, size_t at, int64_t n);
void   metric_set(enum metric metric, size_t at, int64_t value); /* shown from now on */
/* One more observation of a histogram: microseconds, or a size. */
void metric_observe(enum metric metric, size_t at, int64_t value);
/* Of a metric with one label. */
void metric_count(enum metric metric, const char *word);

/* As Prometheus reads it (text format 0.0.4); absent when the arena is too small. */
struct str metric_text(struct arena *arena);
#define METRIC_TEXT_TYPE STR("text/plain; version=0.0.4; charset=utf-8")

/* The table of docs/metrics.md. */
struct str metric_table(struct arena *arena);
/* Is there one of that name outside, with the _bucket, _sum and _count of histograms? */
bool metric_known(struct str name);

#endif
