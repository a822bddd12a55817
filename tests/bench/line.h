/* What tools/bench collects from a benchmark: one line for each comparison, of medians
 * over rounds that alternated in one run. */
#ifndef TESTS_BENCH_LINE_H
#define TESTS_BENCH_LINE_H
#include <stdio.h>
#include <stdlib.h>

static inline int bench_by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Sorts the values. */
static inline double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, bench_by_value);
    return values[n / 2];
}

static inline void bench_line(const char *name, double per_s, const char *baseline,
                              double baseline_per_s, double goal)
{
    double ratio = per_s / baseline_per_s;

    printf("bench %s %.0f per_s %.2f vs %s %.2f %s\n", name, per_s, ratio, baseline, goal,
           ratio >= goal ? "ok" : "short");
}

#endif
