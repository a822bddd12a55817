/* The words that every environment has. */
#include <math.h>

#include "base/area.h"
#include "rule/rule.h"

#define EARTH_M 6371008.8 /* mean radius */

/* ----------------------------------------------------------------- names */

static void fetch_today(const struct rule_record *record, const struct rule_name *name,
                        struct rule_value *value)
{
    (void)name;
    *value = rule_date(rule_today(record->now_ms));
}

static void fetch_now(const struct rule_record *record, const struct rule_name *name,
                      struct rule_value *value)
{
    (void)name;
    *value = rule_time(record->now_ms);
}

/* ------------------------------------------------------------- functions */

#define RUN(name)                                                                          \
    static void name(struct rule_run *run, const struct rule_record *record,               \
                     const struct rule_function *function, const struct rule_value *args,  \
                     size_t nargs, struct rule_value *result)

RUN(run_known)
{
    (void)run, (void)record, (void)function, (void)nargs;
    *result = rule_truth_value(args[0].known);
}

RUN(run_has)
{
    (void)run, (void)record, (void)function, (void)nargs;
    const struct rule_value *value = &args[0];
    bool                     there = value->known;

    if (value->type & RULE_SET)
        there = there && value->set.n > 0;
    else if (value->type == RULE_TEXT)
        there = there && !str_empty(str_trim(value->text));
    *result = rule_truth_value(there);
}

RUN(run_days_since)
{
    (void)run, (void)function, (void)nargs;
    int64_t from = args[0].type == RULE_TIME ? rule_today(args[0].ms) : args[0].days;

    *result = rule_int(rule_today(record->now_ms) - from);
}

static double radians(double degrees)
{
    return degrees * (M_PI / 180);
}

static double great_circle_m(const struct rule_place *a, const struct rule_place *b)
{
    double lat = sin(radians(b->lat - a->lat) / 2), lng = sin(radians(b->lng - a->lng) / 2);
    double half = lat * lat + cos(radians(a->lat)) * cos(radians(b->lat)) * lng * lng;

    return 2 * EARTH_M * asin(sqrt(fmin(half, 1)));
}

RUN(run_distance)
{
    (void)run, (void)record, (void)function, (void)nargs;
    const struct rule_place *a = &args[0].place, *b = &args[1].place;

    if (a->located && b->located)
        *result = rule_metres(llround(great_circle_m(a, b)));
    else
        result->note = STR("坐标");
}

static const struct rule_choice levels[] = {
    { STR_INIT("province"), STR_INIT("省") },    { STR_INIT("city"), STR_INIT("市") },
    { STR_INIT("county"), STR_INIT("区县") },    { STR_INIT("street"), STR_INIT("街道") },
    { STR_INIT("community"), STR_INIT("社区") }, { STR_INIT("grid"), STR_INIT("网格") },
};

RUN(run_level)
{
    (void)run, (void)record, (void)function, (void)nargs;
    int level = area_level(args[0].place.area);

    if (level > 0)
        *result = rule_text(levels[level - 1].word);
    else
        result->note = STR("所在辖区");
}

RUN(run_area)
{
    (void)run, (void)record, (void)function, (void)nargs;
    *result = rule_area(args[0].place.area);
    if (!result->known)
        result->note = STR("所在辖区");
}

static bool has_word(struct str text, const struct rule_value *word)
{
    if (!(word->type & RULE_SET))
        return word->text.len && str_has(text, word->text);
    for (size_t i = 0; i < word->set.n; i++)
        if (has_word(text, &word->set.items[i]))
            return true;
    return false;
}

RUN(run_matches)
{
    (void)run, (void)record, (void)function;
    bool found = false;

    for (size_t i = 1; i < nargs && !found; i++)
        found = has_word(args[0].text, &args[i]);
    *result = rule_truth_value(found);
}

/* ---------------------------------------------------------------- tables */

// clang-format off
static const struct rule_param any_param[] = {
    { STR_INIT("value"), STR_INIT("值"), RULE_ANY },
};
static const struct rule_param since_params[] = {
    { STR_INIT("date"), STR_INIT("日期"), RULE_DATE | RULE_TIME },
};
static const struct rule_param distance_params[] = {
    { STR_INIT("a"), STR_INIT("起点"), RULE_PLACE | RULE_AREA },
    { STR_INIT("b"), STR_INIT("终点"), RULE_PLACE | RULE_AREA },
};
static const struct rule_param place_params[] = {
    { STR_INIT("place"), STR_INIT("地点"), RULE_PLACE | RULE_AREA },
};
static const struct rule_param matches_params[] = {
    { STR_INIT("text"), STR_INIT("文字"), RULE_TEXT },
    { STR_INIT("words"), STR_INIT("词"), RULE_TEXT | RULE_SET, .many = true },
};

static const struct rule_name common_names[] = {
    { .name = STR_INIT("today"), .zh = STR_INIT("今天"), .type = RULE_DATE,
      .fetch = fetch_today, .doc = STR_INIT("今天的日期，北京时间。") },
    { .name = STR_INIT("now"), .zh = STR_INIT("现在"), .type = RULE_TIME,
      .fetch = fetch_now, .doc = STR_INIT("现在的时刻。") },
};

static const struct rule_function common_functions[] = {
    { .name = STR_INIT("known"), .zh = STR_INIT("已知"), .gives = RULE_TRUTH,
      .params = any_param, .nparams = COUNT(any_param), .run = run_known, .takes_unknown = true,
      .doc = STR_INIT("这一项是不是已经知道；本身总是有结论。") },
    { .name = STR_INIT("has"), .zh = STR_INIT("已填"), .gives = RULE_TRUTH,
      .params = any_param, .nparams = COUNT(any_param), .run = run_has, .takes_unknown = true,
      .doc = STR_INIT("这一项填了没有：文字不是空白，一组里至少有一个。") },
    { .name = STR_INIT("days_since"), .zh = STR_INIT("距今天数"), .gives = RULE_NUMBER,
      .params = since_params, .nparams = COUNT(since_params), .run = run_days_since,
      .doc = STR_INIT("从那天到今天过了几天，按日历算；当天是 0。") },
    { .name = STR_INIT("distance"), .zh = STR_INIT("距离"), .gives = RULE_LENGTH,
      .params = distance_params, .nparams = COUNT(distance_params), .run = run_distance,
      .doc = STR_INIT("两处之间的直线距离。") },
    { .name = STR_INIT("level"), .zh = STR_INIT("层级"), .gives = RULE_TEXT,
      .params = place_params, .nparams = COUNT(place_params), .run = run_level,
      .choices = levels, .nchoices = COUNT(levels),
      .doc = STR_INIT("辖区是哪一级：省、市、区县、街道、社区、网格。") },
    { .name = STR_INIT("area"), .zh = STR_INIT("辖区"), .gives = RULE_AREA,
      .params = place_params, .nparams = COUNT(place_params), .run = run_area,
      .doc = STR_INIT("一个地点所在的辖区。") },
    { .name = STR_INIT("matches"), .zh = STR_INIT("含有"), .gives = RULE_TRUTH,
      .params = matches_params, .nparams = COUNT(matches_params), .run = run_matches,
      .doc = STR_INIT("文字里有没有其中一个词。") },
};

const struct rule_table rule_common = {
    .title = STR_INIT("通用"),
    .names = common_names,
    .nnames = COUNT(common_names),
    .functions = common_functions,
    .nfunctions = COUNT(common_functions),
};

static const struct rule_name person_names[] = {
    { .name = STR_INIT("age"), .zh = STR_INIT("年龄"), .type = RULE_NUMBER,
      .slot = RULE_PERSON_AGE, .doc = STR_INIT("周岁。") },
    { .name = STR_INIT("birth"), .zh = STR_INIT("出生日期"), .type = RULE_DATE,
      .slot = RULE_PERSON_BIRTH, .doc = STR_INIT("出生的那一天。") },
    { .name = STR_INIT("area"), .zh = STR_INIT("辖区"), .type = RULE_AREA,
      .slot = RULE_PERSON_AREA, .doc = STR_INIT("住在哪个网格。") },
    { .name = STR_INIT("home"), .zh = STR_INIT("住址"), .type = RULE_PLACE,
      .slot = RULE_PERSON_HOME, .doc = STR_INIT("家的位置。") },
};

const struct rule_table rule_person_table = {
    .title = STR_INIT("人"),
    .names = person_names,
    .nnames = COUNT(person_names),
};
// clang-format on
