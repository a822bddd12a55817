#include "base/metric.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum kind { TOTAL, NOW, SINCE, TIME, TIMES, SIZES };

/* Upper bounds; above the last is +Inf. */
static const int64_t times_us[] = { 500,     1000,    2500,    5000,    10000,
                                    25000,   50000,   100000,  250000,  500000,
                                    1000000, 2500000, 5000000, 10000000 };
static const int64_t sizes[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256 };

/* Of one series: the value; or the buckets, +Inf, and the sum. */
enum {
    CELLS_TOTAL = 1,
    CELLS_NOW = 1,
    CELLS_SINCE = 1,
    CELLS_TIME = 1,
    CELLS_TIMES = COUNT(times_us) + 2,
    CELLS_SIZES = COUNT(sizes) + 2,
};

enum {
#define LABELS(set, label, room) ROOM_##set = (room),
#define METRIC(id, ...)
#include "base/metrics.def"
#undef METRIC
#undef LABELS
};

static struct {
#define LABELS(set, label, room)
#define METRIC(id, kind, first, second, name, zh, en)                                      \
    _Atomic int64_t id[ROOM_##first * ROOM_##second * CELLS_##kind];                       \
    atomic_bool     id##_shown[ROOM_##first * ROOM_##second];
#include "base/metrics.def"
#undef METRIC
#undef LABELS
} cells;

static const struct row {
    enum kind          kind;
    enum metric_labels first, second;
    const char        *name, *zh, *en;
    size_t             series, width; /* cells of one series */
    _Atomic int64_t   *cells;
    atomic_bool       *shown; /* of each series */
} rows[METRIC_COUNT] = {
#define LABELS(set, label, room)
#define METRIC(id, kind, first, second, name, zh, en)                                      \
    [METRIC_##id] = { kind,                                                                \
                      LABELS_##first,                                                      \
                      LABELS_##second,                                                     \
                      name,                                                                \
                      zh,                                                                  \
                      en,                                                                  \
                      ROOM_##first * ROOM_##second,                                        \
                      CELLS_##kind,                                                        \
                      cells.id,                                                            \
                      cells.id##_shown },
#include "base/metrics.def"
#undef METRIC
#undef LABELS
};

/* ---- labels ---- */

static struct words {
    const char    *label;
    size_t         room;
    const char   **at;
    _Atomic size_t n;
} words[LABELS_COUNT] = {
#define LABELS(set, label, room)                                                           \
    [LABELS_##set] = { label, room, (const char *[room]){ 0 }, 0 },
#define METRIC(id, ...)
#include "base/metrics.def"
#undef METRIC
#undef LABELS
};
static pthread_mutex_t words_lock = PTHREAD_MUTEX_INITIALIZER;

/* By where it stands: the same literal is nearly always the same pointer. */
static size_t find(const struct words *set, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (set->at[i] == word)
            return i;
    for (size_t i = 0; i < n; i++)
        if (strcmp(set->at[i], word) == 0)
            return i;
    return n;
}

size_t metric_label(enum metric_labels labels, const char *word)
{
    struct words *set = &words[labels];
    size_t        n = atomic_load_explicit(&set->n, memory_order_acquire);
    size_t        at = find(set, word, n);

    if (at < n)
        return at;
    pthread_mutex_lock(&words_lock);
    n = set->n;
    at = find(set, word, n);
    if (at == n && n == set->room)
        at = n - 1;
    else if (at == n) {
        set->at[n] = n + 1 == set->room && n > 1 ? "other" : word;
        atomic_store_explicit(&set->n, n + 1, memory_order_release);
    }
    pthread_mutex_unlock(&words_lock);
    return at;
}

/* ---- counting ---- */

size_t metric_at(enum metric metric, size_t first, size_t second)
{
    const struct row *row = &rows[metric];

    assert(first < words[row->first].room && second < words[row->second].room);
    return first * words[row->second].room + second;
}

static void bump(_Atomic int64_t *cell, int64_t n)
{
    atomic_fetch_add_explicit(cell, n, memory_order_relaxed);
}

static void show(const struct row *row, size_t at)
{
    if (!atomic_load_explicit(&row->shown[at], memory_order_relaxed))
        atomic_store_explicit(&row->shown[at], true, memory_order_relaxed);
}

void metric_add(enum metric metric, size_t at, int64_t n)
{
    const struct row *row = &rows[metric];

    assert(row->width == 1 && at < row->series);
    bump(&row->cells[at], n);
    show(row, at);
}

void metric_set(enum metric metric, size_t at, int64_t value)
{
    const struct row *row = &rows[metric];

    assert(row->width == 1 && at < row->series);
    atomic_store_explicit(&row->cells[at], value, memory_order_relaxed);
    show(row, at);
}

void metric_count(enum metric metric, const char *word)
{
    metric_add(metric, metric_at(metric, metric_label(rows[metric].first, word), 0), 1);
}

static const int64_t *bounds(const struct row *row, size_t *n)
{
    *n = row->width - 2;
    return row->kind == TIMES ? times_us : sizes;
}

void metric_observe(enum metric metric, size_t at, int64_t value)
{
    const struct row *row = &rows[metric];
    size_t            n, bucket = 0;
    const int64_t    *bound = bounds(row, &n);
    _Atomic int64_t  *series = &row->cells[at * row->width];

    assert(row->width > 1 && at < row->series);
    while (bucket < n && value > bound[bucket])
        bucket++;
    bump(&series[bucket], 1);
    bump(&series[n + 1], value);
    show(row, at);
}

/* ---- as text ---- */

struct page {
    struct arena *arena;
    char         *at; /* NULL: the arena is used up */
    size_t        len, room;
};

enum { PAGE_BYTES = 64 << 10, LINE_BYTES = 512 };

static void line(struct page *page, const char *format, ...) PRINTF(2, 3);

static void line(struct page *page, const char *format, ...)
{
    va_list args;

    if (page->at && page->room - page->len < LINE_BYTES) {
        page->at = arena_grow(page->arena, page->at, page->room, page->room * 2);
        page->room *= 2;
    }
    if (!page->at)
        return;
    va_start(args, format);
    int n = vsnprintf(page->at + page->len, LINE_BYTES, format, args);
    va_end(args);
    assert(n > 0 && n < LINE_BYTES);
    page->len += (size_t)n;
}

static void begin(struct page *page, struct arena *arena)
{
    *page = (struct page){ arena, arena_take(arena, PAGE_BYTES), 0, PAGE_BYTES };
}

static struct str done(const struct page *page)
{
    return page->at ? str_slice(page->at, page->len) : STR_NONE;
}

enum { LABEL_BYTES = 160, NUMBER_BYTES = 32 };

static const char *word_at(enum metric_labels labels, size_t i)
{
    return i < atomic_load_explicit(&words[labels].n, memory_order_acquire)
               ? words[labels].at[i]
               : "";
}

/* act="case.open",class="2xx" */
static void label_text(const struct row *row, size_t at, char text[LABEL_BYTES])
{
    size_t room = words[row->second].room;
    size_t len = 0;

    text[0] = '\0';
    if (row->first != LABELS_NONE)
        len += (size_t)snprintf(text, LABEL_BYTES, "%s=\"%.60s\"", words[row->first].label,
                                word_at(row->first, at / room));
    if (row->second != LABELS_NONE)
        (void)snprintf(text + len, LABEL_BYTES - len, ",%s=\"%.60s\"",
                       words[row->second].label, word_at(row->second, at % room));
}

/* Microseconds are written as seconds, exactly. */
static const char *number(bool time, int64_t value, char text[NUMBER_BYTES])
{
    if (time)
        (void)snprintf(text, NUMBER_BYTES, "%lld.%06lld", (long long)(value / 1000000),
                       (long long)(value % 1000000));
    else
        (void)snprintf(text, NUMBER_BYTES, "%lld", (long long)value);
    return text;
}

static int64_t cell(const struct row *row, size_t at, size_t i)
{
    return atomic_load_explicit(&row->cells[at * row->width + i], memory_order_relaxed);
}

static void write_histogram(struct page *page, const struct row *row, size_t at,
                            const char *labels)
{
    char           text[NUMBER_BYTES];
    size_t         n;
    const int64_t *bound = bounds(row, &n);
    const char    *comma = *labels ? "," : "", *open = *labels ? "{" : "",
               *close = *labels ? "}" : "";
    bool    time = row->kind == TIMES;
    int64_t sum = 0;

    for (size_t i = 0; i <= n; i++) {
        sum += cell(row, at, i);
        line(page, "%s_bucket{%s%sle=\"%s\"} %lld\n", row->name, labels, comma,
             i < n ? number(time, bound[i], text) : "+Inf", (long long)sum);
    }
    line(page, "%s_sum%s%s%s %s\n", row->name, open, labels, close,
         number(time, cell(row, at, n + 1), text));
    line(page, "%s_count%s%s%s %lld\n", row->name, open, labels, close, (long long)sum);
}

static void write_series(struct page *page, const struct row *row, size_t at)
{
    char labels[LABEL_BYTES], text[NUMBER_BYTES];

    if (!atomic_load_explicit(&row->shown[at], memory_order_relaxed))
        return;
    label_text(row, at, labels);
    if (row->width > 1)
        write_histogram(page, row, at, labels);
    else
        line(page, "%s%s%s%s %s\n", row->name, *labels ? "{" : "", labels,
             *labels ? "}" : "", number(row->kind == TIME, cell(row, at, 0), text));
}

static const char *const kind_words[] = {
    [TOTAL] = "counter", [NOW] = "gauge",       [SINCE] = "gauge",
    [TIME] = "counter",  [TIMES] = "histogram", [SIZES] = "histogram",
};

struct str metric_text(struct arena *arena)
{
    struct page page;

    begin(&page, arena);
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        const struct row *row = &rows[i];
        line(&page, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->zh, row->name,
             kind_words[row->kind]);
        for (size_t at = 0; at < row->series; at++)
            write_series(&page, row, at);
    }
    return done(&page);
}

struct str metric_table(struct arena *arena)
{
    struct page page;

    begin(&page, arena);
    line(&page, "| 名称 name | 种类 type | 标签 labels | 含义 | meaning |\n"
                "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        const struct row *row = &rows[i];
        line(&page, "| `%s` | %s | %s%s%s | %s | %s |\n", row->name, kind_words[row->kind],
             words[row->first].label, row->second == LABELS_NONE ? "" : ", ",
             words[row->second].label, row->zh, row->en);
    }
    return done(&page);
}

bool metric_known(struct str name)
{
    static const struct str ends[] = { STR_INIT("_bucket"), STR_INIT("_sum"),
                                       STR_INIT("_count") };

    for (size_t i = 0; i < METRIC_COUNT; i++) {
        struct str own = str_of(rows[i].name);
        if (rows[i].width == 1 && str_eq(name, own))
            return true;
        for (size_t e = 0; rows[i].width > 1 && e < COUNT(ends); e++)
            if (name.len == own.len + ends[e].len && str_starts(name, own) &&
                str_ends(name, ends[e]))
                return true;
    }
    return false;
}
