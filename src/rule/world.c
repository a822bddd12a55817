#include "rule/world.h"

#include <stdlib.h>

#define RUN(name)                                                                          \
    static void name(struct rule_run *run, const struct rule_record *record,               \
                     const struct rule_function *function, const struct rule_value *args,  \
                     size_t nargs, struct rule_value *result)

/* --------------------------------------------------------------- samples */

static struct str text_of(const struct sample *sample, struct str name)
{
    for (size_t i = 0; i < sample->n; i++)
        if (str_eq(sample->pairs[i].name, name))
            return sample->pairs[i].text;
    return STR_NONE;
}

static struct rule_value place_of(struct str text)
{
    struct str_cut lat = str_cut(text, ','), lng = str_cut(lat.tail, ',');
    char           z[2][32] = { { 0 } };
    struct str     numbers[] = { lat.head, lng.head };

    if (!lat.ok) {
        struct rule_value area = rule_area(text);
        area.type = RULE_PLACE;
        return area;
    }
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < numbers[i].len && k < 31; k++)
            z[i][k] = numbers[i].at[k];
    return rule_at(strtod(z[0], NULL), strtod(z[1], NULL), lng.tail);
}

static struct rule_value person_of(struct str text)
{
    int64_t id;

    return rule_person(str_int64(text, &id) ? id : 0);
}

static struct rule_value literal_of(struct arena *arena, unsigned type, struct str text)
{
    static const struct rule_env nothing = { NULL, 0, false };
    struct problems              problems;
    struct rule_value            value = rule_unknown(type, STR_NONE);

    problems_init(&problems, arena);
    const struct rule *rule =
        rule_parse(arena, &nothing, (struct rule_source){ .text = text }, type, &problems);
    return rule && rule_constant(rule, &value) ? value : rule_unknown(type, STR_NONE);
}

static struct rule_value value_of(struct arena *arena, unsigned type, struct str text);

static struct rule_value set_of(struct arena *arena, unsigned type, struct str text)
{
    struct rule_value *items = arena_many(arena, text.len + 1, struct rule_value);
    size_t             n = 0;

    for (struct str_cut cut = { .tail = text, .ok = text.len > 0 }; items && cut.ok;) {
        cut = str_cut(cut.tail, ',');
        items[n++] = value_of(arena, type, str_trim(cut.head));
    }
    return rule_set(type, items, n);
}

static struct rule_value value_of(struct arena *arena, unsigned type, struct str text)
{
    if (type & RULE_SET)
        return set_of(arena, type & ~(unsigned)RULE_SET, text);
    if (type == RULE_TRUTH)
        return rule_truth_value(str_eq(text, STR("yes")));
    if (type == RULE_TEXT)
        return rule_text(text);
    if (type == RULE_AREA)
        return rule_area(text);
    if (type == RULE_PLACE)
        return place_of(text);
    if (type == RULE_PERSON)
        return person_of(text);
    return literal_of(arena, type, text);
}

static void fetch(const struct rule_record *record, const struct rule_name *name,
                  struct rule_value *value)
{
    const struct sample *sample = record->of;
    struct str           text = text_of(sample, name->name);

    if (!text.at)
        return;
    struct str_cut from = str_cut(text, '@');
    *value = value_of(record->arena, name->type, str_trim(from.head));
    if (from.ok)
        value->note = str_trim(from.tail);
}

/* `lasted 6 min`: for how long the test under `for` has held, or how long ago the
 * one under `within` did; `quiet 7 h`: since when nothing came. */
static enum rule_truth over(const struct rule_record *record, const struct rule_over *over,
                            enum rule_truth now)
{
    bool       no = over->kind == RULE_OVER_NO;
    struct str text = text_of(record->of, no ? STR("quiet") : STR("lasted"));

    if (!text.at || (over->kind == RULE_OVER_FOR && now == RULE_UNKNOWN))
        return RULE_UNKNOWN;
    int64_t n = literal_of(record->arena, RULE_DURATION, text).span.n;
    switch (over->kind) {
    case RULE_OVER_FOR:
        return now == RULE_YES && n >= over->span.n ? RULE_YES : RULE_NO;
    case RULE_OVER_WITHIN:
        return now == RULE_YES || n <= over->span.n ? RULE_YES : RULE_NO;
    case RULE_OVER_NO:
        return n >= over->span.n ? RULE_YES : RULE_NO;
    }
    return RULE_UNKNOWN;
}

void sample_init(struct sample *sample, const struct world *world, int64_t now_ms)
{
    *sample = (struct sample){ .world = world };
    sample->record = (struct rule_record){
        .fetch = fetch, .over = over, .of = sample, .arena = world->arena, .now_ms = now_ms
    };
}

struct str take_word(struct str *rest)
{
    struct str     trimmed = str_trim(*rest);
    struct str_cut cut = str_cut(trimmed, ' ');

    *rest = cut.tail;
    return cut.head;
}

void sample_read(struct sample *sample, struct str line)
{
    for (struct str_cut cut = { .tail = line, .ok = true }; cut.ok;) {
        cut = str_cut(cut.tail, ';');
        struct str text = cut.head, name = take_word(&text);
        if (name.len && sample->n < WORLD_PAIRS_MAX)
            sample->pairs[sample->n++] =
                (struct pair){ name, text.at ? str_trim(text) : STR("") };
    }
}

void sample_member(struct sample *sample, struct str line)
{
    if (!sample->members)
        sample->members =
            arena_many(sample->world->arena, WORLD_MEMBERS_MAX, struct sample);
    assert(sample->members && sample->nmembers < WORLD_MEMBERS_MAX);
    struct sample *member = &sample->members[sample->nmembers++];
    sample_init(member, sample->world, sample->record.now_ms);
    sample_read(member, line);
}

/* ------------------------------------------------------------- functions */

RUN(run_tag)
{
    (void)run, (void)function, (void)nargs;
    struct str tags = text_of(record->of, STR("tags"));

    if (!tags.at)
        return;
    *result = rule_truth_value(false);
    for (struct str_cut cut = { .tail = tags, .ok = true }; cut.ok;) {
        cut = str_cut(cut.tail, ',');
        if (str_eq(str_trim(cut.head), args[0].text))
            *result = rule_truth_value(true);
    }
}

/* Counts members; unknown as soon as one is neither. */
RUN(run_count)
{
    (void)function;
    const struct sample *sample = record->of;
    int64_t              n = 0;

    for (size_t i = 0; i < sample->nmembers; i++) {
        enum rule_truth truth =
            rule_run(run, args[nargs - 1].rule, &sample->members[i].record);
        if (truth == RULE_UNKNOWN)
            return;
        n += truth == RULE_YES;
    }
    *result = rule_int(n);
}

RUN(run_household)
{
    (void)function, (void)nargs;
    const struct sample *sample = record->of;

    *result = rule_truth_value(false);
    for (size_t i = 0; i < sample->nmembers; i++) {
        enum rule_truth truth = rule_run(run, args[0].rule, &sample->members[i].record);
        if (truth == RULE_YES) {
            *result = rule_truth_value(true);
            return;
        }
        if (truth == RULE_UNKNOWN)
            *result = rule_unknown(RULE_TRUTH, STR("家里人的情况"));
    }
}

static const struct rule_param tag_params[] = {
    { STR_INIT("name"), STR_INIT("名称"), RULE_TEXT, .names = STR_INIT("tag") },
};
static const struct rule_param count_params[] = {
    { STR_INIT("of"), STR_INIT("范围"), RULE_PERSON | RULE_SET },
    { STR_INIT("rule"), STR_INIT("条件"), RULE_RULE },
};
static const struct rule_param household_params[] = {
    { STR_INIT("rule"), STR_INIT("条件"), RULE_RULE },
};

static const struct rule_function world_functions[] = {
    { .name = STR_INIT("tag"),
      .zh = STR_INIT("标签"),
      .gives = RULE_TRUTH,
      .params = tag_params,
      .nparams = COUNT(tag_params),
      .run = run_tag },
    { .name = STR_INIT("count"),
      .zh = STR_INIT("人数"),
      .gives = RULE_NUMBER,
      .params = count_params,
      .nparams = COUNT(count_params),
      .run = run_count,
      .takes_unknown = true },
    { .name = STR_INIT("household"),
      .zh = STR_INIT("家里有"),
      .gives = RULE_TRUTH,
      .params = household_params,
      .nparams = COUNT(household_params),
      .run = run_household },
};

/* ----------------------------------------------------------------- names */

unsigned type_of_word(struct str word)
{
    static const char *const words[] = { "truth",  "number", "money",    "length", "text",
                                         "date",   "time",   "duration", "place",  "area",
                                         "person", "target", "effect",   "event" };
    bool                     set = str_ends(word, STR("*"));

    word.len -= set;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq(word, str_of(words[i])))
            return (1u << i) | (set ? (unsigned)RULE_SET : 0u);
    return 0;
}

void world_init(struct world *world, struct arena *arena)
{
    *world = (struct world){ .arena = arena };
    world->table = (struct rule_table){ .title = STR("试验"),
                                        .names = world->names,
                                        .functions = world_functions,
                                        .nfunctions = COUNT(world_functions) };
    world->tables[0] = &world->table;
    world->tables[1] = &rule_common;
    world->env = (struct rule_env){ world->tables, 2, true };
}

static void read_choices(struct world *world, struct rule_name *name, struct str list)
{
    struct rule_choice *rows = arena_many(world->arena, list.len + 1, struct rule_choice);

    for (struct str_cut cut = { .tail = list, .ok = list.len > 0 }; rows && cut.ok;) {
        cut = str_cut(cut.tail, '|');
        struct str_cut twin = str_cut(cut.head, '=');
        rows[name->nchoices++] = (struct rule_choice){ twin.head, twin.tail };
    }
    name->choices = rows;
}

/* "category 类别 text 治安|燃气" */
void world_name(struct world *world, struct str line)
{
    assert(world->table.nnames < WORLD_NAMES_MAX);
    struct rule_name *name = &world->names[world->table.nnames++];

    name->name = take_word(&line);
    name->zh = take_word(&line);
    name->type = type_of_word(take_word(&line));
    assert(name->type);
    read_choices(world, name, str_trim(line));
}
