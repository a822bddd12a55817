/* How many case objects of 857 bytes a second are checked, read into a struct and
 * written, and how many libjansson reads, alternately in one run, by the time of
 * the processor: a busy machine measures the same. */
#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_oracle.h"
#include "bench/line.h"

enum { ROUNDS = 5, ROUND_CLOCKS = CLOCKS_PER_SEC / 5 };

struct spot {
    double     lat, lng;
    struct str source;
};

static const struct field spot_fields[] = {
    FIELD(struct spot, lat, REQUIRED, .min = -90, .max = 90),
    FIELD(struct spot, lng, REQUIRED, .min = -180, .max = 180),
    FIELD(struct spot, source, .max = 8),
};

struct matter {
    int64_t     id, version, opened, due, stars;
    struct str  scene, title, text, state, area, holder, phone, fields;
    bool        urgent, open;
    struct spot where;
    struct list photos;
};

static const struct field matter_fields[] = {
    FIELD_ID(struct matter, id, REQUIRED),
    FIELD(struct matter, version, REQUIRED),
    FIELD(struct matter, scene, REQUIRED, .max = 40),
    FIELD(struct matter, title, REQUIRED, .max = 100),
    FIELD(struct matter, text, .max = 1000),
    FIELD(struct matter, state, .max = 40),
    FIELD(struct matter, area, .max = 15),
    FIELD(struct matter, holder, .max = 100),
    FIELD_TIME(struct matter, opened, REQUIRED),
    FIELD_TIME(struct matter, due, OPTIONAL),
    FIELD(struct matter, urgent, OPTIONAL),
    FIELD(struct matter, open, OPTIONAL),
    FIELD_STRUCT(struct matter, where, spot_fields, OPTIONAL),
    FIELD_LIST_OF(struct matter, photos, KIND_ID, .max = 9),
    FIELD_RAW(struct matter, fields, OPTIONAL),
    FIELD(struct matter, stars, .min = 0, .max = 5),
    FIELD(struct matter, phone, .max = 20),
};

static const char matter_text[] =
    "{\"id\":\"88217391827391827\",\"version\":3,\"scene\":\"snap\",\"title\":\"3 "
    "栋门口井盖松动\","
    "\"text\":\"3 栋 2 "
    "单元门口的井盖松了，电动车一过就响，晚上看不清，老人和孩子容易绊倒。前天已经"
    "跟物业说过，说是市政的，一直没有人来。请帮忙看一下，最好先围起来，谢谢。我平时 6 "
    "点以后都在家，"
    "可以带你们过去看，电话随时能打通。\",\"state\":\"handling\",\"area\":"
    "\"420602001002003\","
    "\"holder\":\"檀溪街道滨湖社区第 3 网格 "
    "刘敏\",\"opened\":\"2026-11-22T14:03:07.120+08:00\","
    "\"due\":\"2026-11-25T14:03:07.120+08:00\",\"urgent\":false,\"open\":true,"
    "\"where\":{\"lat\":32.010345,\"lng\":112.122087,\"source\":\"gps\"},"
    "\"photos\":[\"88217391827391828\",\"88217391827391829\"],"
    "\"fields\":{\"kind\":\"manhole\",\"what\":\"井盖松动\",\"place\":\"山水家园 3 栋\"},"
    "\"stars\":0,\"phone\":null}\n                             ";

struct bench {
    struct arena  arena;
    struct str    text;
    struct matter matter; /* what is written */
};

static void read_into(struct bench *bench, struct matter *matter)
{
    struct problems problems;

    problems_init(&problems, &bench->arena);
    enum rc rc = json_read(&bench->arena, bench->text, matter_fields, COUNT(matter_fields),
                           matter, &problems);
    assert(rc == RC_OK);
    (void)rc;
}

static void read_one(struct bench *bench)
{
    struct matter matter = { 0 };

    read_into(bench, &matter);
}

static void check_one(struct bench *bench)
{
    struct problems problems;

    problems_init(&problems, &bench->arena);
    enum rc rc = json_check(&bench->arena, bench->text, &problems);
    assert(rc == RC_OK);
    (void)rc;
}

static void write_one(struct bench *bench)
{
    struct json_out out;

    json_out_init(&out, &bench->arena);
    json_struct(&out, matter_fields, COUNT(matter_fields), &bench->matter);
    assert(json_done(&out).len);
}

static void jansson_one(struct bench *bench)
{
    bool accepted = oracle_accepts(bench->text);

    assert(accepted);
    (void)accepted;
}

static double per_second(struct bench *bench, void (*once)(struct bench *bench))
{
    struct arena_mark mark = arena_mark(&bench->arena);
    clock_t           from = clock(), now = from;
    int64_t           n = 0;

    for (; now - from < ROUND_CLOCKS; now = clock())
        for (int i = 0; i < 1000; i++, n++) {
            once(bench);
            arena_back(&bench->arena, mark);
        }
    return (double)n * CLOCKS_PER_SEC / (double)(now - from);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*once)(struct bench *bench);
        double goal; /* times what libjansson reads */
    } rows[] = {
        { "json-check", check_one, 5 },
        { "json-read", read_one, 3 },
        { "json-write", write_one, 3 },
        { "jansson", jansson_one, 1 },
    };
    enum { ORACLE = COUNT(rows) - 1 };
    double       rates[COUNT(rows)][ROUNDS], medians[COUNT(rows)];
    struct bench bench = { .text = str_slice(matter_text, sizeof matter_text - 1) };

    arena_init(&bench.arena, 1 << 20);
    read_into(&bench, &bench.matter);
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < COUNT(rows); i++)
            rates[i][round] = per_second(&bench, rows[i].once);
    for (size_t i = 0; i < COUNT(rows); i++)
        medians[i] = bench_median(rates[i], ROUNDS);
    for (size_t i = 0; i < ORACLE; i++)
        bench_line(rows[i].name, medians[i], rows[ORACLE].name, medians[ORACLE],
                   rows[i].goal);
    arena_free(&bench.arena);
    return 0;
}
