/* Metrics: counted exactly, written as Prometheus reads them; and the page, the
 * dashboard and the alarms that speak of them know them. */
#include "files.h"
#include "test.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/metric.h"

enum { TEST_BYTES = 4 << 20 };

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, TEST_BYTES);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static bool has_line(struct str text, const char *wanted)
{
    for (struct str_cut lines = str_cut(text, '\n'); lines.ok;
         lines = str_cut(lines.tail, '\n'))
        if (str_eq(lines.head, str_of(wanted)))
            return true;
    return false;
}

static void check_line(const char *wanted)
{
    struct str text = metric_text(&arena);

    if (!has_line(text, wanted))
        fail_msg("no line \"%s\" in\n%.*s", wanted, STR_ARG(text));
}

/* ---- counting ---- */

TEST(what_is_counted_is_written_with_its_labels)
{
    size_t at = metric_at(METRIC_HTTP_REQUESTS, metric_label(LABELS_ACT, "tests.act"),
                          metric_label(LABELS_CLASS, "2xx"));

    metric_add(METRIC_HTTP_REQUESTS, at, 2);
    metric_add(METRIC_HTTP_REQUESTS, at, 3);
    metric_set(METRIC_CONNECTIONS, 0, 7);
    check_line("linli_http_requests_total{act=\"tests.act\",class=\"2xx\"} 5");
    check_line("linli_http_connections 7");
    check_line("# TYPE linli_http_requests_total counter");
}

TEST(a_histogram_is_cumulative_and_its_times_are_seconds)
{
    size_t at = metric_label(LABELS_ACT, "tests.slow");

    metric_observe(METRIC_HTTP_SECONDS, at, 500);
    metric_observe(METRIC_HTTP_SECONDS, at, 501);
    metric_observe(METRIC_HTTP_SECONDS, at, 60000000);
    check_line("linli_http_request_seconds_bucket{act=\"tests.slow\",le=\"0.000500\"} 1");
    check_line("linli_http_request_seconds_bucket{act=\"tests.slow\",le=\"0.001000\"} 2");
    check_line("linli_http_request_seconds_bucket{act=\"tests.slow\",le=\"10.000000\"} 2");
    check_line("linli_http_request_seconds_bucket{act=\"tests.slow\",le=\"+Inf\"} 3");
    check_line("linli_http_request_seconds_sum{act=\"tests.slow\"} 60.001001");
    check_line("linli_http_request_seconds_count{act=\"tests.slow\"} 3");
}

TEST(words_beyond_the_room_are_counted_together)
{
    static const char *const words[] = { "a", "b", "c", "d", "e", "f" };

    for (size_t i = 0; i < COUNT(words); i++)
        metric_count(METRIC_RECONNECTS, words[i]);
    check_line("linli_postgres_reconnects_total{outcome=\"c\"} 1");
    check_line("linli_postgres_reconnects_total{outcome=\"other\"} 3");
}

enum { COUNTERS = 4, TIMES = 20000 };

static void *count_along(void *unused)
{
    for (int i = 0; i < TIMES; i++) {
        metric_count(METRIC_LIMIT_HITS, "tests");
        metric_observe(METRIC_WRITER_BATCH, 0, 3);
    }
    return unused;
}

TEST(many_threads_lose_no_count)
{
    pthread_t threads[COUNTERS];

    for (size_t i = 0; i < COUNTERS; i++)
        CHECK(pthread_create(&threads[i], NULL, count_along, NULL) == 0);
    for (size_t i = 0; i < COUNTERS; i++)
        pthread_join(threads[i], NULL);
    check_line("linli_limit_hits_total{limit=\"tests\"} 80000");
    check_line("linli_writer_batch_acts_count 80000");
    check_line("linli_writer_batch_acts_sum 240000");
}

/* ---- the format, read as Prometheus does ---- */

static bool name_starts(int c)
{
    return isalpha(c) || c == '_' || c == ':';
}

static size_t name_len(struct str text)
{
    size_t n = 0;

    if (!text.len || !name_starts(text.at[0]))
        return 0;
    while (n < text.len && (name_starts(text.at[n]) || isdigit(text.at[n])))
        n++;
    return n;
}

/* {name="value",…}; 0: not well formed. */
static size_t labels_len(struct str text)
{
    size_t at = 1;

    while (at < text.len && text.at[at] != '}') {
        size_t n = name_len(str_skip(text, at));
        at += n;
        if (!n || at + 1 >= text.len || text.at[at] != '=' || text.at[at + 1] != '"')
            return 0;
        for (at += 2; at < text.len && text.at[at] != '"'; at++)
            if (text.at[at] == '\\' || text.at[at] == '\n')
                return 0;
        at++;
        if (at < text.len && text.at[at] == ',')
            at++;
    }
    return at < text.len ? at + 1 : 0;
}

/* One sample: its name, "" when it is none. */
static struct str sample_name(struct str line)
{
    size_t     n = name_len(line);
    struct str name = str_slice(line.at, n), rest = str_skip(line, n);
    char      *end;

    if (n && rest.len && rest.at[0] == '{')
        rest = str_skip(rest, labels_len(rest));
    char *number = str_z(&arena, rest);
    (void)strtod(number, &end);
    return n && number[0] == ' ' && *end == '\0' && end > number + 1 ? name : STR("");
}

static struct str word(struct str *rest)
{
    struct str_cut parts = str_cut(*rest, ' ');

    *rest = parts.tail;
    return parts.head;
}

TEST(prometheus_can_read_it)
{
    struct str text = metric_text(&arena), family = STR("");
    size_t     families = 0, samples = 0;

    CHECK(str_ends(text, STR("\n")) && str_utf8(text));
    for (struct str_cut lines = str_cut(text, '\n'); lines.ok;
         lines = str_cut(lines.tail, '\n')) {
        struct str rest = lines.head;
        if (str_starts(rest, STR("# HELP "))) {
            rest = str_skip(rest, 7);
            family = word(&rest);
            CHECK(name_len(family) == family.len && rest.len);
            families++;
        } else if (str_starts(rest, STR("# TYPE "))) {
            rest = str_skip(rest, 7);
            CHECK_TEXT(word(&rest), family);
        } else {
            struct str name = sample_name(rest);
            if (!str_starts(name, family) || !metric_known(name))
                fail_msg("not a sample of %.*s: %.*s", STR_ARG(family),
                         STR_ARG(lines.head));
            samples++;
        }
    }
    CHECK_INT(families, METRIC_COUNT);
    CHECK(samples > 0);
}

/* ---- those who speak of them ---- */

TEST(the_page_on_metrics_has_the_table_of_today)
{
    struct str table = metric_table(&arena);

    if (!str_has(test_file(&arena, STR("docs/metrics.md")), table))
        fail_msg("put this into docs/metrics.md:\n%.*s", STR_ARG(table));
}

static bool ours(struct str name)
{
    return str_starts(name, STR("linli_")) || str_starts(name, STR("process_"));
}

/* How many names of ours stand in the queries of a file. */
static size_t check_queries(const char *path)
{
    struct str text = test_file(&arena, str_of(path));
    size_t     found = 0;

    for (size_t at = 0; at < text.len;) {
        size_t     n = name_len(str_skip(text, at));
        struct str name = str_slice(text.at + at, n);
        if (ours(name)) {
            found++;
            if (!metric_known(name))
                fail_msg("%s asks for %.*s, which is no metric", path, STR_ARG(name));
        }
        at += n ? n : 1;
    }
    return found;
}

TEST(the_dashboard_and_the_alarms_ask_for_metrics_that_exist)
{
    CHECK(check_queries("packaging/grafana-dashboard.json") > 20);
    CHECK(check_queries("packaging/prometheus-alarms.yml") > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_counted_is_written_with_its_labels),
        cmocka_unit_test(a_histogram_is_cumulative_and_its_times_are_seconds),
        cmocka_unit_test(words_beyond_the_room_are_counted_together),
        cmocka_unit_test(many_threads_lose_no_count),
        cmocka_unit_test(prometheus_can_read_it),
        cmocka_unit_test(the_page_on_metrics_has_the_table_of_today),
        cmocka_unit_test(the_dashboard_and_the_alarms_ask_for_metrics_that_exist),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
