#include "app/measure.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/metric.h"
#include "db/lease.h"
#include "engine/upper/upper.h"
#include "gate/state_store.h"

/* ---- this process ---- */

void measure_begin(bool postgres, const char *version)
{
    size_t at =
        metric_at(METRIC_BUILD, metric_label(LABELS_VERSION, version),
                  metric_label(LABELS_DATABASE, postgres ? "postgresql" : "sqlite"));

    metric_set(METRIC_BUILD, at, 1);
    metric_set(METRIC_STARTED_AT, 0, clock_now_ms() / 1000);
}

static int64_t resident_bytes(void)
{
    FILE         *file = fopen("/proc/self/statm", "re");
    unsigned long all = 0, resident = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%lu %lu", &all, &resident) != 2)
        resident = 0;
    (void)fclose(file);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static int64_t open_files(void)
{
    DIR    *folder = opendir("/proc/self/fd");
    int64_t n = -3; /* itself, "." and ".." */

    if (!folder)
        return 0;
    while (readdir(folder))
        n++;
    (void)closedir(folder);
    return n;
}

static int64_t microseconds(struct timeval time)
{
    return time.tv_sec * INT64_C(1000000) + time.tv_usec;
}

static void measure_process(void)
{
    struct rusage used;
    struct rlimit files;

    metric_set(METRIC_RSS, 0, resident_bytes());
    metric_set(METRIC_FILES, 0, open_files());
    if (getrusage(RUSAGE_SELF, &used) == 0)
        metric_set(METRIC_CPU, 0,
                   microseconds(used.ru_utime) + microseconds(used.ru_stime));
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        metric_set(METRIC_FILES_MAX, 0, (int64_t)files.rlim_cur);
}

/* ---- what the database knows ---- */

/* A label's word lives as long as the process. */
static const char *kept(struct str word)
{
    return strndup(word.at, word.len);
}

static size_t county_label(int64_t county)
{
    static const char *words[COUNTY_MAX + 1]; /* one scrape at a time, see measure() */

    if (!words[county]) {
        char text[8];
        int  n = snprintf(text, sizeof text, "%d", (int)county);
        words[county] = kept(str_slice(text, (size_t)n));
    }
    return metric_label(LABELS_COUNTY, words[county] ? words[county] : "other");
}

static enum rc measure_journals(struct op *op)
{
    struct list journals;

    enum rc rc = state_journals(op, &journals);
    for (size_t i = 0; rc == RC_OK && i < journals.n; i++) {
        const struct journal_state *one = (const struct journal_state *)journals.at + i;
        size_t                      at = county_label(one->county);
        metric_set(METRIC_JOURNAL_SEQ, at, one->seq);
        metric_set(METRIC_JOURNAL_AT, at, one->at_ms / 1000);
    }
    return rc;
}

/* Followers are few and never end. */
static size_t follower_label(struct str name)
{
    static const char *words[GATE_FOLLOWERS_MAX];

    for (size_t i = 0; i < COUNT(words); i++) {
        if (!words[i])
            words[i] = kept(name);
        if (words[i] && str_eq(str_of(words[i]), name))
            return metric_label(LABELS_FOLLOWER, words[i]);
    }
    return metric_label(LABELS_FOLLOWER, "other");
}

static enum rc measure_followers(struct op *op)
{
    struct list followers;

    enum rc rc = state_followers(op, &followers);
    for (size_t i = 0; rc == RC_OK && i < followers.n; i++) {
        const struct follower_state *one = (const struct follower_state *)followers.at + i;
        metric_set(METRIC_FOLLOWER_LAG, follower_label(one->follower), one->behind);
    }
    return rc;
}

static enum rc measure_leases(struct gate *gate, struct op *op)
{
    int64_t     counties[COUNTY_MAX + 1];
    size_t      own = gate_counties(gate, counties, COUNT(counties)), lapsed = 0;
    struct list leases;

    enum rc rc = lease_all(op->db, op->arena, &leases);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < leases.n; i++)
        lapsed += ((const struct lease *)leases.at)[i].until_ms < op->now_ms;
    size_t held = leases.n - lapsed;
    metric_set(METRIC_LEASES, metric_label(LABELS_OWNER, "own"), (int64_t)own);
    metric_set(METRIC_LEASES, metric_label(LABELS_OWNER, "other"),
               held > own ? (int64_t)(held - own) : 0);
    metric_set(METRIC_LEASES, metric_label(LABELS_OWNER, "lapsed"), (int64_t)lapsed);
    return RC_OK;
}

static enum rc measure_upper(struct op *op)
{
    struct upper_waiting waiting = { 0 };

    enum rc rc = upper_waiting(op, &waiting);
    if (rc != RC_OK)
        return rc;
    metric_set(METRIC_UPPER_WAITING, 0, waiting.waiting);
    metric_set(METRIC_UPPER_STUCK, 0, waiting.stuck);
    metric_set(METRIC_UPPER_OLDEST, 0, waiting.oldest_ms / 1000);
    return RC_OK;
}

static bool measure_database(struct gate *gate, struct op *op)
{
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

    if (!op->db)
        return false;
    pthread_mutex_lock(&one_at_a_time);
    enum rc rc = measure_journals(op);
    if (rc == RC_OK)
        rc = measure_followers(op);
    if (rc == RC_OK)
        rc = measure_leases(gate, op);
    if (rc == RC_OK)
        rc = measure_upper(op);
    pthread_mutex_unlock(&one_at_a_time);
    return rc == RC_OK;
}

void measure(struct gate *gate, struct op *op)
{
    metric_set(METRIC_WRITER_QUEUE, 0, gate_stats(gate).queued);
    measure_process();
    metric_set(METRIC_DATABASE_UP, 0, measure_database(gate, op));
}
