#include "engine/case/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/case/follow_up.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "scene/scenes.h"

enum { ROWS_MAX = 300, KEY_MAX = 120 };

/* ---------------------------------------------------------------- tables */

static const struct field formula_fields[] = {
    FIELD(struct rate_formula, name, OPTIONAL),
    FIELD(struct rate_formula, title, OPTIONAL),
    FIELD(struct rate_formula, of, OPTIONAL, .title = STR_INIT("分母")),
    FIELD(struct rate_formula, good, OPTIONAL, .title = STR_INIT("分子")),
};
static const struct field counted_fields[] = {
    FIELD(struct rate_counted, name, OPTIONAL),
    FIELD(struct rate_counted, good, OPTIONAL),
    FIELD(struct rate_counted, of, OPTIONAL),
};
#define R(member) FIELD(struct rates_row, member, OPTIONAL)
static const struct field row_fields[] = {
    R(key),
    R(title),
    R(answers),
    R(reached),
    R(missed),
    R(refused),
    R(rated),
    R(unrated),
    FIELD_LIST(struct rates_row, rates, struct rate_counted, counted_fields, OPTIONAL),
};
const struct field rates_fields[RATES_NFIELDS] = {
    FIELD(struct case_rates, title, OPTIONAL),
    FIELD(struct case_rates, area_name, OPTIONAL),
    FIELD_TIME(struct case_rates, from, OPTIONAL),
    FIELD_TIME(struct case_rates, to, OPTIONAL),
    FIELD_LIST(struct case_rates, formulas, struct rate_formula, formula_fields, OPTIONAL),
    FIELD_LIST(struct case_rates, rows, struct rates_row, row_fields, OPTIONAL),
    FIELD_STRUCT(struct case_rates, all, row_fields, OPTIONAL),
};

/* -------------------------------------------------------------- counting */

struct tally {
    char    key[KEY_MAX];
    size_t  len;
    int64_t answers, reached, missed, refused, rated, unrated;
    int64_t good[SCENE_RATES_MAX], of[SCENE_RATES_MAX];
};
/* Its memory was taken before: rows are walked in memory that is given back. */
struct counting {
    const struct scene     *scene;
    const struct case_kind *kind;
    struct str              area;
    bool                    by_area;
    int64_t                 now_ms;
    struct tally           *all; /* ROWS_MAX of them, and the sum in front */
    size_t                  n;
};

static struct str key_of(const struct counting *counting, const struct case_result *result)
{
    int        level = area_level(counting->area);
    struct str below =
        level < LEVEL_GRID ? area_at_level(result->area, level + 1) : STR_NONE;

    return !counting->by_area ? result->org : below.at ? below : result->area;
}

static struct tally *tally_of(struct counting *counting, struct str key)
{
    for (size_t i = 1; i <= counting->n; i++)
        if (str_eq(str_slice(counting->all[i].key, counting->all[i].len), key))
            return &counting->all[i];
    if (counting->n == ROWS_MAX || key.len > KEY_MAX)
        return NULL;
    struct tally *made = &counting->all[++counting->n];
    *made = (struct tally){ .len = key.len };
    memcpy(made->key, key.at, key.len);
    return made;
}

static void count_in(const struct counting *counting, const struct case_result *result,
                     struct tally *tally)
{
    bool                reached = str_eq(result->call, CALL_REACHED);
    struct case_outcome outcome = { .responded = (enum known)result->responded,
                                    .in_time = (enum known)result->in_time,
                                    .solved = (enum known)result->solved,
                                    .followed = reached || result->rated,
                                    .stars = result->stars };
    struct case_record  record = { .scene = counting->scene,
                                   .kind = counting->kind,
                                   .now_ms = counting->now_ms,
                                   .outcome = &outcome };

    tally->answers++;
    tally->reached += reached;
    tally->missed += str_eq(result->call, CALL_MISSED);
    tally->refused += str_eq(result->call, CALL_REFUSED);
    tally->rated += result->rated;
    tally->unrated += !result->rated && !result->call.len;
    for (size_t i = 0; i < counting->kind->nrates; i++) {
        const struct scene_rate *rate = &counting->kind->rates[i];
        bool counts = case_rule_test(rate->of, &record, NULL) == RULE_YES;
        tally->of[i] += counts;
        tally->good[i] += counts && case_rule_test(rate->good, &record, NULL) == RULE_YES;
    }
}

static enum rc count_one(void *context, const void *row)
{
    struct counting          *counting = context;
    const struct case_result *result = row;

    if (!area_within(result->area, counting->area))
        return RC_OK;
    struct tally *tally = tally_of(counting, key_of(counting, result));
    if (!tally)
        return RC_TOO_LARGE;
    count_in(counting, result, tally);
    count_in(counting, result, &counting->all[0]);
    return RC_OK;
}

/* --------------------------------------------------------------- showing */

static int most_first(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;

    return x->answers < y->answers   ? 1
           : x->answers > y->answers ? -1
                                     : memcmp(x->key, y->key, KEY_MAX);
}

static enum rc show_row(struct op *op, const struct counting *counting,
                        const struct tally *tally, struct rates_row *row)
{
    const struct case_kind *kind = counting->kind;
    struct rate_counted    *rates =
        arena_many(op->arena, kind->nrates + 1, struct rate_counted);
    struct str key = str_slice(tally->key, tally->len);

    for (size_t i = 0; rates && i < kind->nrates; i++)
        rates[i] =
            (struct rate_counted){ kind->rates[i].name, tally->good[i], tally->of[i] };
    *row = (struct rates_row){ .key = key,
                               .title = !key.len            ? STR("合计")
                                        : counting->by_area ? area_name(op, key)
                                                            : holder_title(op, key),
                               .answers = tally->answers,
                               .reached = tally->reached,
                               .missed = tally->missed,
                               .refused = tally->refused,
                               .rated = tally->rated,
                               .unrated = tally->unrated,
                               .rates = { rates, kind->nrates } };
    return rates ? RC_OK : RC_TOO_LARGE;
}

static enum rc show_rows(struct op *op, struct counting *counting, struct case_rates *rates)
{
    struct rates_row *rows = arena_many(op->arena, counting->n + 1, struct rates_row);

    if (!rows)
        return RC_TOO_LARGE;
    qsort(counting->all + 1, counting->n, sizeof *counting->all, most_first);
    rates->rows = (struct list){ rows, counting->n };
    enum rc rc = show_row(op, counting, &counting->all[0], &rates->all);
    for (size_t i = 0; i < counting->n && rc == RC_OK; i++)
        rc = show_row(op, counting, &counting->all[i + 1], &rows[i]);
    return rc;
}

static enum rc show_formulas(struct op *op, const struct case_kind *kind,
                             struct list *shown)
{
    struct rate_formula *all = arena_many(op->arena, kind->nrates + 1, struct rate_formula);

    *shown = (struct list){ all, kind->nrates };
    for (size_t i = 0; all && i < kind->nrates; i++) {
        const struct scene_rate *rate = &kind->rates[i];
        all[i] = (struct rate_formula){
            .name = rate->name,
            .title = rate->title,
            .of =
                rate->of ? rule_print(op->arena, rate->of->rule, RULE_ZH) : STR("全部答复"),
            .good = rule_print(op->arena, rate->good->rule, RULE_ZH),
        };
    }
    return all ? RC_OK : RC_TOO_LARGE;
}

/* --------------------------------------------------------------- asking */

static enum rc find_kind(struct op *op, const struct rates_args *args,
                         struct counting *counting)
{
    enum rc rc = scenes_now(op, args->scene, &counting->scene);

    if (rc == RC_OK)
        counting->kind = scene_kind(counting->scene, args->kind);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !counting->kind))
        return fail(op, RC_NOT_FOUND, "kind", "没有这类办件。");
    return rc;
}

static enum rc check_area(struct op *op, struct str area)
{
    if (area_level(area) < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_CASE_READ, area)) {
        struct str name = area_name(op, area);
        return fail(op, RC_DENIED, "area", "%.*s不在您的辖区里。", STR_ARG(name));
    }
    return county_of_area(op, area, &op->county);
}

static int64_t month_begins(int64_t now_ms)
{
    enum { DAY_MS = 24 * 3600 * 1000 };
    struct civil today = clock_civil(now_ms);

    return clock_day_begins(now_ms) - (int64_t)(today.day - 1) * DAY_MS;
}

static enum rc count(struct op *op, const struct rates_args *args, struct case_rates *rates,
                     struct counting *counting)
{
    struct result_span span = { args->scene, args->kind, rates->from, rates->to };

    counting->all = arena_many(op->arena, ROWS_MAX + 1, struct tally);
    if (!counting->all)
        return RC_TOO_LARGE;
    enum rc rc = results_walk(op, &span, count_one, counting);
    return rc == RC_TOO_LARGE
               ? fail(op, RC_TOO_LARGE, "area", "分得太细了，请选小一点的辖区。")
               : rc;
}

enum rc case_rates(struct op *op, const struct rates_args *args, struct case_rates *rates)
{
    bool            by_area = str_eq(args->by, STR("area"));
    struct counting counting = { .area = args->area,
                                 .by_area = by_area,
                                 .now_ms = op->now_ms };

    if (args->by.at && !by_area && !str_eq(args->by, STR("org")))
        return fail(op, RC_INVALID, "by", "只能按 org（单位）或 area（辖区）。");
    enum rc rc = check_area(op, args->area);
    if (rc == RC_OK)
        rc = find_kind(op, args, &counting);
    if (rc != RC_OK)
        return rc;
    *rates =
        (struct case_rates){ .title = counting.kind->title,
                             .area_name = area_name(op, args->area),
                             .from = args->from ? args->from : month_begins(op->now_ms),
                             .to = args->to ? args->to : op->now_ms + 1 };
    rc = count(op, args, rates, &counting);
    if (rc == RC_OK)
        rc = show_formulas(op, counting.kind, &rates->formulas);
    return rc == RC_OK ? show_rows(op, &counting, rates) : rc;
}
