#include "base/limits.h"

#include "base/arena.h"

const struct limit limit_rows[] = {
#define LIMIT(name, number, unit, answer, why)                                             \
    { STR_INIT(#name), STR_INIT(unit), STR_INIT(answer), STR_INIT(why), (number) },
#include "base/limits.def"
#undef LIMIT
    { .number = 0 },
};

/* In the largest unit that it is a whole number of. */
static struct str written(struct arena *arena, const struct limit *limit)
{
    static const struct {
        struct str unit;
        int64_t    of;
        struct str larger;
    } larger[] = {
        { STR_INIT("bytes"), 1 << 20, STR_INIT("MiB") },
        { STR_INIT("bytes"), 1 << 10, STR_INIT("KiB") },
        { STR_INIT("bytes/s"), 1 << 10, STR_INIT("KiB/s") },
        { STR_INIT("ms"), 60 * 1000, STR_INIT("min") },
        { STR_INIT("ms"), 1000, STR_INIT("s") },
    };

    for (size_t i = 0; i < COUNT(larger); i++)
        if (str_eq(limit->unit, larger[i].unit) && limit->number % larger[i].of == 0)
            return str_fmt(arena, "%lld %.*s", (long long)(limit->number / larger[i].of),
                           STR_ARG(larger[i].larger));
    return str_fmt(arena, "%lld %.*s", (long long)limit->number, STR_ARG(limit->unit));
}

struct str limit_table(struct arena *arena)
{
    struct str table =
        STR("| 限额 limit | 数 number | 超过时 beyond it | 说明 what and why |\n"
            "| --- | --- | --- | --- |\n");

    for (const struct limit *row = limit_rows; row->name.at; row++)
        table = str_fmt(arena, "%.*s| `%.*s` | %.*s | %.*s | %.*s |\n", STR_ARG(table),
                        STR_ARG(row->name), STR_ARG(written(arena, row)),
                        STR_ARG(row->answer), STR_ARG(row->why));
    return table;
}
