/* What routing and the look for the same thing cost of a report: 随手拍 as it is, asked
 * what is alike before each report, against the same with one route, no precedents and
 * nothing looked for; by turns, in one run. */
#include "town_cases.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

enum { ROUNDS = 5, REPORTS = 100, GOAL_PERCENT = 20, PACK = 300 };

#define ROUTES                                                                                           \
    "      - {title: 燃气、供水和煤气味交给区公用事业, when: 'category in [\"燃气\", " \
    "\"供水\"] or "                                                                                    \
    "matches(what, [\"煤气味\", \"燃气味\"])', to: 'org(duty=\"公用事业\", "                   \
    "area=county)'}\n"                                                                                   \
    "      - {title: 夜里的治安先给街道值守, when: 'category = \"治安\" and (hour >= 22 "   \
    "or "                                                                                                \
    "hour < 6)', to: duty(\"街道值守\")}\n"                                                          \
    "      - {title: 市容和垃圾先给网格员, when: 'category in [\"市容环境\", "             \
    "\"垃圾卫生\"] and "                                                                             \
    "level(area) = \"grid\"', to: duty(\"网格员\")}\n"
/* In the order of the file: the routes, and all between them and what is alike. */
#define REST "      - {title: 其他都给社区值守, to: duty(\"社区值守\")}\n"

static void report(struct town *t, int i)
{
    struct str fields =
        str_fmt(&t->arena,
                "{\"category\":\"道路损坏\",\"what\":\"3 栋门口的路面塌了一块，第 %d "
                "处\",\"where\":"
                "{\"lat\":%.4f,\"lng\":112.1201,\"area\":\"" TOWN_GRID "\"}}",
                i, 32.0 + 0.0005 * (i % PACK));

    ALLOWED(town_report(t, "lishifu", str_z(&t->arena, fields)));
}

static void look(struct town *t, int i)
{
    ALLOWED(town_ask(t, "lishifu", "case.alike",
                     "{\"scene\":\"snap\",\"kind\":\"problem\",\"category\":\"道路损坏\","
                     "\"words\":\"3 栋门口的路面塌了\",\"lat\":%.4f,\"lng\":112.1201,"
                     "\"area\":\"" TOWN_GRID "\"}",
                     32.0 + 0.0005 * (i % PACK)));
}

/* Microseconds a report. */
static double round_of(struct town *t, bool whole)
{
    int64_t began = clock_mono_us();

    for (int i = 0; i < REPORTS; i++) {
        struct arena_mark mark = arena_mark(&t->arena);
        if (whole)
            look(t, i);
        report(t, i);
        arena_back(&t->arena, mark);
    }
    return (double)(clock_mono_us() - began) / REPORTS;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

TEST(routing_and_looking_for_the_same_cost_little_of_a_report)
{
    struct town t;
    double      with[ROUNDS], without[ROUNDS];

    case_ceiling(0);
    town_open(&t, state);
    for (int i = 0; i < ROUNDS; i++) {
        town_load_scene(&t, NULL, NULL);
        with[i] = round_of(&t, true);
        town_load_scene(&t, ROUTES REST, REST);
        without[i] = round_of(&t, false);
    }
    qsort(with, ROUNDS, sizeof *with, by_size);
    qsort(without, ROUNDS, sizeof *without, by_size);
    double share = 100 * (1 - without[ROUNDS / 2] / with[ROUNDS / 2]);
    printf("bench routing-share %.1f %% %.2f vs %.0f us a report without %.2f %s\n", share,
           share / GOAL_PERCENT, without[ROUNDS / 2], 1.0,
           share <= GOAL_PERCENT ? "ok" : "short");
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = { ON_SQLITE(
        routing_and_looking_for_the_same_cost_little_of_a_report) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
