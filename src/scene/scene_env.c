#include "scene/scene_env.h"

#include "base/clock.h"
#include "guard/actor.h"
#include "registry/area.h"

enum case_name {
#define CASE_NAME(name, word, zh, type, doc) CASE_##name,
#define ME_NAME(name, word, zh, type, doc)   ME_##name,
#include "scene/words.def"
    CASE_NAMES
};

/* A field's slot is its number in the kind; all other names come after. */
enum {
    SLOT_NAMES = SCENE_FIELDS_MAX,
    SLOT_RELATIONS = SLOT_NAMES + CASE_NAMES,
    SLOT_RESULTS = SLOT_RELATIONS + RELATION_COUNT,
};
enum result_name {
#define RESULT_NAME(name, word, zh, type, doc) RESULT_##name,
#include "scene/words.def"
};

// clang-format off

/* ---- names ---- */

static const struct rule_name case_names[] = {
#define CASE_NAME(slot_, word_, zh_, type_, doc_) \
    { .name = STR_INIT(word_), .zh = STR_INIT(zh_), .type = (type_), .doc = STR_INIT(doc_), \
      .slot = SLOT_NAMES + CASE_##slot_ },
#include "scene/words.def"
};
static_assert(CASE_URGENT == COUNT(case_names) - 1, "what is urgent is not said by itself");

static const struct rule_name me_names[] = {
#define ME_NAME(slot_, word_, zh_, type_, doc_) \
    { .name = STR_INIT(word_), .zh = STR_INIT(zh_), .type = (type_), .doc = STR_INIT(doc_), \
      .slot = SLOT_NAMES + ME_##slot_ },
#include "scene/words.def"
};

static const struct rule_name result_names[] = {
#define RESULT_NAME(slot_, word_, zh_, type_, doc_) \
    { .name = STR_INIT(word_), .zh = STR_INIT(zh_), .type = (type_), .doc = STR_INIT(doc_), \
      .slot = SLOT_RESULTS + RESULT_##slot_ },
#include "scene/words.def"
};

static const struct rule_name asker_names[] = {
#define RELATION(name_, word_, zh_)                                                        \
    { .name = STR_INIT(word_), .zh = STR_INIT(zh_), .type = RULE_TRUTH,                    \
      .doc = STR_INIT("办这一步的人是" zh_ "。"), .slot = SLOT_RELATIONS + RELATION_##name_ },
#include "scene/words.def"
};
static const struct rule_name target_names[] = {
#define RELATION(name_, word_, zh_)                                                        \
    { .name = STR_INIT(word_), .zh = STR_INIT(zh_), .type = RULE_TARGET,                   \
      .doc = STR_INIT(zh_ "。"), .slot = SLOT_RELATIONS + RELATION_##name_ },
#include "scene/words.def"
};

/* ---- functions ---- */

typedef void run_function(struct rule_run *run, const struct rule_record *record,
                          const struct rule_function *function, const struct rule_value *args,
                          size_t nargs, struct rule_value *result);
static run_function asker_has_duty, duty_in_area, org_with_duty, never_known;

/* Each place's functions take the scene's duties as choices, so they are copied
 * into the scene and completed there. */
static const struct rule_param asker_duty_params[] = {
    { .name = STR_INIT("duty"), .zh = STR_INIT("职责"), .takes = RULE_TEXT,
      .names = STR_INIT("duty") },
};
static const struct rule_param duty_params[] = {
    { .name = STR_INIT("duty"), .zh = STR_INIT("职责"), .takes = RULE_TEXT,
      .names = STR_INIT("duty") },
    { .name = STR_INIT("area"), .zh = STR_INIT("辖区"), .takes = RULE_AREA, .optional = true },
};
static const struct rule_param text_params[] = {
    { .name = STR_INIT("name"), .zh = STR_INIT("名称"), .takes = RULE_TEXT },
};
static const struct rule_function asker_functions[] = {
    { .name = STR_INIT("duty"), .zh = STR_INIT("职责"), .gives = RULE_TRUTH,
      .params = asker_duty_params, .nparams = COUNT(asker_duty_params), .run = asker_has_duty,
      .doc = STR_INIT("办这一步的人在办件所在辖区有这个职责。") },
};
static const struct rule_function target_functions[] = {
    { .name = STR_INIT("duty"), .zh = STR_INIT("职责"), .gives = RULE_TARGET,
      .params = duty_params, .nparams = COUNT(duty_params), .run = duty_in_area,
      .doc = STR_INIT("办件所在辖区里有这个职责的人。") },
    { .name = STR_INIT("org"), .zh = STR_INIT("单位"), .gives = RULE_TARGET,
      .params = duty_params, .nparams = COUNT(duty_params), .run = org_with_duty,
      .doc = STR_INIT("在这个辖区负责这类事的单位。") },
};
static const struct rule_function points_functions[] = {
    { .name = STR_INIT("graded"), .zh = STR_INIT("评定为"), .gives = RULE_TRUTH,
      .params = text_params, .nparams = COUNT(text_params), .run = never_known,
      .doc = STR_INIT("这件事被评定为这一等。") },
    { .name = STR_INIT("table"), .zh = STR_INIT("对照表"), .gives = RULE_NUMBER,
      .params = text_params, .nparams = COUNT(text_params), .run = never_known,
      .doc = STR_INIT("从这张对照表里查出的数。") },
};

// clang-format on

static const struct case_record *record_of(const struct rule_record *record)
{
    return record->of;
}

static void asker_has_duty(struct rule_run *run, const struct rule_record *record,
                           const struct rule_function *function,
                           const struct rule_value *args, size_t nargs,
                           struct rule_value *result)
{
    const struct case_record *of = record_of(record);

    (void)run, (void)function, (void)nargs;
    *result =
        rule_truth_value(of->asker && actor_has_duty(of->asker, args[0].text, of->area));
}

/* Whoever wants to know a target lends the memory for it: a rule that gives a
 * target makes exactly one. */
struct target_record {
    struct rule_record  rule; /* first: found again from it */
    struct case_target *target;
};

static struct case_target *target_of(const struct rule_record *record)
{
    return ((const struct target_record *)(const void *)record)->target;
}

static struct str area_argument(const struct rule_record *record,
                                const struct rule_value *args, size_t nargs)
{
    return nargs > 1 && args[1].type ? args[1].place.area : record_of(record)->area;
}

static void duty_in_area(struct rule_run *run, const struct rule_record *record,
                         const struct rule_function *function,
                         const struct rule_value *args, size_t nargs,
                         struct rule_value *result)
{
    const struct scene_duty *duty = scene_duty(record_of(record)->scene, args[0].text);
    struct case_target      *target = target_of(record);

    (void)run, (void)function;
    if (!duty || !duty->level)
        return; /* the list of duties could not be read, which was told */
    struct str area = area_at_level(area_argument(record, args, nargs), duty->level);
    if (str_empty(area)) {
        *result = rule_unknown(RULE_TARGET, STR("细到这个职责一级的辖区"));
        return;
    }
    *target = (struct case_target){ .kind = TARGET_DUTY, .duty = duty->name, .area = area };
    *result = rule_opaque(RULE_TARGET, target);
}

static void org_with_duty(struct rule_run *run, const struct rule_record *record,
                          const struct rule_function *function,
                          const struct rule_value *args, size_t nargs,
                          struct rule_value *result)
{
    struct case_target *target = target_of(record);

    (void)run, (void)function;
    *target = (struct case_target){ .kind = TARGET_ORG,
                                    .duty = args[0].text,
                                    .area = area_argument(record, args, nargs) };
    if (!str_empty(target->area))
        *result = rule_opaque(RULE_TARGET, target);
}

static void never_known(struct rule_run *run, const struct rule_record *record,
                        const struct rule_function *function, const struct rule_value *args,
                        size_t nargs, struct rule_value *result)
{
    (void)run, (void)record, (void)function, (void)args, (void)nargs, (void)result;
}

static const struct rule_table about_table = {
    .title = STR_INIT("每件办件"),
    .names = case_names,
    .nnames = COUNT(case_names),
};
static const struct rule_table me_table = {
    .title = STR_INIT("填写的人：何时问、默认、劝阻"),
    .names = me_names,
    .nnames = COUNT(me_names),
};
static const struct rule_table asker_table = {
    .title = STR_INIT("办这一步的人：由"),
    .names = asker_names,
    .nnames = COUNT(asker_names),
    .functions = asker_functions,
    .nfunctions = COUNT(asker_functions),
};
static const struct rule_table target_table = {
    .title = STR_INIT("交给谁、告知谁：给、告知、审核"),
    .names = target_names,
    .nnames = COUNT(target_names),
    .functions = target_functions,
    .nfunctions = COUNT(target_functions),
};
static const struct rule_table points_table = {
    .title = STR_INIT("积分：当、得"),
    .functions = points_functions,
    .nfunctions = COUNT(points_functions),
};
static const struct rule_table result_table = {
    .title = STR_INIT("三率：分母、分子"),
    .names = result_names,
    .nnames = COUNT(result_names),
};

struct str case_words(struct arena *arena)
{
    static const struct rule_table *const tables[] = { &about_table,  &me_table,
                                                       &asker_table,  &target_table,
                                                       &points_table, &result_table };
    const struct rule_env                 ours = { .tables = tables, .n = COUNT(tables) },
                          none = { .n = 0 };

    /* The signs and units come first, whatever the environment. */
    return str_skip(rule_words(arena, &ours), rule_words(arena, &none).len);
}

/* ---- the environments of a kind ---- */

enum { TABLES_MAX = 6 };

struct env {
    struct rule_env          env;
    const struct rule_table *tables[TABLES_MAX];
};
struct case_envs {
    struct rule_table fields, about, urgency, me, asker, target, points;
    struct env        at[ABOUT_COUNT];
};

unsigned field_rule_type(enum asks asks)
{
    static const unsigned types[] = {
        [ASKS_CHOICE] = RULE_TEXT,   [ASKS_YESNO] = RULE_TRUTH, [ASKS_TEXT] = RULE_TEXT,
        [ASKS_PHOTOS] = RULE_NUMBER, [ASKS_PLACE] = RULE_PLACE, [ASKS_PHONE] = RULE_TEXT,
        [ASKS_NUMBER] = RULE_NUMBER, [ASKS_DATE] = RULE_DATE,   [ASKS_PERSON] = RULE_PERSON,
    };
    static_assert(COUNT(types) == ASKS_COUNT, "every field has a type in rules");

    return asks < ASKS_COUNT ? types[asks] : RULE_TEXT; /* a mistake that was told */
}

bool case_word_taken(struct str name)
{
    for (size_t i = 0; i < COUNT(case_names); i++)
        if (i != CASE_URGENT &&
            (str_eq(case_names[i].name, name) || str_eq(case_names[i].zh, name)))
            return true;
    for (size_t i = 0; i < COUNT(asker_names); i++)
        if (str_eq(asker_names[i].name, name) || str_eq(asker_names[i].zh, name))
            return true;
    return str_eq(name, STR("me")) || str_eq(name, STR("我"));
}

static const struct rule_choice *option_choices(struct arena             *arena,
                                                const struct scene_field *field)
{
    struct rule_choice *choices = arena_many(arena, field->noptions, struct rule_choice);

    for (size_t i = 0; choices && i < field->noptions; i++)
        choices[i].word = field->options[i].value;
    return choices;
}

/* A field is called by its name, in Chinese words by its title where that can
 * stand in a rule and means nothing else. */
static void name_field(struct arena *arena, const struct scene_field *field, size_t slot,
                       struct rule_name *name)
{
    *name = (struct rule_name){ .name = field->name,
                                .type = field_rule_type(field->asks),
                                .doc = field->title,
                                .slot = (int)slot,
                                .of = field };
    if (rule_is_word(field->title) && !case_word_taken(field->title))
        name->zh = field->title;
    if (field->asks == ASKS_CHOICE) {
        name->choices = option_choices(arena, field);
        name->nchoices = name->choices ? field->noptions : 0;
    }
}

static struct rule_table field_names(struct arena *arena, const struct case_kind *kind)
{
    struct rule_name *names = arena_many(arena, kind->nfields, struct rule_name);

    for (size_t i = 0; names && i < kind->nfields; i++)
        name_field(arena, &kind->fields[i], i, &names[i]);
    return (struct rule_table){ .title = STR("这类办件的字段"),
                                .names = names,
                                .nnames = names ? kind->nfields : 0 };
}

static const struct rule_choice *duty_choices(struct arena       *arena,
                                              const struct scene *scene)
{
    struct rule_choice *choices = arena_many(arena, scene->nduties, struct rule_choice);

    for (size_t i = 0; choices && i < scene->nduties; i++)
        choices[i].word = scene->duties[i].name;
    return choices;
}

/* The functions with the scene's duties as what their parameter "duty" may be. */
static struct rule_table with_duties(struct arena *arena, const struct scene *scene,
                                     const struct rule_choice *duties,
                                     struct rule_table         table)
{
    struct rule_function *functions =
        arena_many(arena, table.nfunctions, struct rule_function);

    for (size_t i = 0; functions && i < table.nfunctions; i++) {
        const struct rule_function *from = &table.functions[i];
        struct rule_param *params = arena_many(arena, from->nparams, struct rule_param);

        functions[i] = *from;
        for (size_t p = 0; params && p < from->nparams; p++) {
            params[p] = from->params[p];
            if (str_eq(params[p].names, STR("duty"))) {
                params[p].choices = duties;
                params[p].nchoices = scene->nduties;
            }
        }
        functions[i].params = params;
    }
    table.functions = functions;
    return table;
}

static void put(struct case_envs *envs, enum rule_place_in_scene place,
                const struct rule_table *table)
{
    struct env *env = &envs->at[place];

    assert(env->env.n < TABLES_MAX);
    env->tables[env->env.n++] = table;
    env->env.tables = env->tables;
}

static void arrange(struct case_envs *envs)
{
    put(envs, ABOUT_ASKER, &envs->asker);
    put(envs, ABOUT_TARGET, &envs->target);
    put(envs, ABOUT_POINTS, &envs->points);
    put(envs, ABOUT_RESULT, &result_table);
    for (enum rule_place_in_scene place = 0; place < ABOUT_RESULT; place++) {
        put(envs, place, &envs->fields);
        put(envs, place, place == ABOUT_URGENCY ? &envs->urgency : &envs->about);
    }
    put(envs, ABOUT_INPUT, &envs->me);
    for (enum rule_place_in_scene place = 0; place < ABOUT_COUNT; place++)
        put(envs, place, &rule_common);
}

struct case_envs *case_envs_new(struct arena *arena, const struct scene *scene,
                                const struct case_kind *kind)
{
    struct case_envs         *envs = arena_new(arena, struct case_envs);
    const struct rule_choice *duties = duty_choices(arena, scene);

    if (!envs || (scene->nduties && !duties))
        return NULL;
    envs->fields = field_names(arena, kind);
    envs->about = about_table;
    envs->urgency = about_table;
    envs->urgency.nnames = CASE_URGENT;
    envs->me = me_table;
    envs->asker = with_duties(arena, scene, duties, asker_table);
    envs->target = with_duties(arena, scene, duties, target_table);
    envs->points = points_table;
    arrange(envs);
    return arena->over ? NULL : envs;
}

const struct rule_env *case_env(const struct case_envs  *envs,
                                enum rule_place_in_scene place)
{
    return &envs->at[place].env;
}

/* ---- running ---- */

/* Where somebody lives is known as an area, not as a point. */
static struct rule_value home_of(const struct case_record *of)
{
    struct rule_value home = rule_area(of->my_home);

    home.type = RULE_PLACE;
    return home;
}

static struct rule_value case_value(const struct case_record *of, enum case_name name)
{
    switch (name) {
    case CASE_AREA:
        return rule_area(of->area);
    case CASE_COUNTY:
        return rule_area(of->county);
    case CASE_STATE:
        return rule_text(of->state);
    case CASE_OPENED_AT:
        return rule_time(of->opened_ms);
    case CASE_ANSWERED_AT:
        return rule_time(of->answered_ms);
    case CASE_CLOSED_AT:
        return rule_time(of->closed_ms);
    case CASE_STARS:
        return of->stars ? rule_int(of->stars) : rule_unknown(RULE_NUMBER, STR("评分"));
    case CASE_PARTS_OPEN:
        return rule_int(of->parts_open);
    case CASE_LINKED:
        return rule_truth_value(of->linked);
    case CASE_DUPLICATES:
        return rule_int(of->duplicates);
    case CASE_ME_TOO:
        return rule_int(of->me_too);
    case CASE_SUPPLEMENTS:
        return rule_int(of->supplements);
    case CASE_HOUR:
        return rule_int(clock_civil(of->now_ms).hour);
    case CASE_WEEKDAY:
        return rule_int((clock_civil(of->now_ms).weekday + 6) % 7 + 1);
    case CASE_OFFICE_HOURS:
        return of->in_office_hours ? rule_truth_value(of->in_office_hours(of->op))
                                   : rule_unknown(RULE_TRUTH, STR("上班时间"));
    case CASE_URGENT:
        return rule_truth_value(of->kind->urgent &&
                                case_rule_test(of->kind->urgent, of, NULL) == RULE_YES);
    case ME_PHONE:
        return rule_text(of->my_phone);
    case ME_NAME:
        return rule_text(of->my_name);
    case ME_AGE:
        return of->my_age ? rule_int(of->my_age)
                          : rule_unknown(RULE_NUMBER, STR("出生日期"));
    case ME_HOME:
        return home_of(of);
    case CASE_NAMES:
        break;
    }
    assert(name != CASE_NAMES); /* every name has a value */
    return rule_truth_value(false);
}

static struct rule_value truth_of(enum known known, struct str missing)
{
    return known == KNOWN_NOT ? rule_unknown(RULE_TRUTH, missing)
                              : rule_truth_value(known == KNOWN_YES);
}

static struct rule_value result_value(const struct case_outcome *of, enum result_name name)
{
    switch (name) {
    case RESULT_RESPONDED:
        return truth_of(of->responded, STR("按时响应"));
    case RESULT_IN_TIME:
        return truth_of(of->in_time, STR("按时办结"));
    case RESULT_SOLVED:
        return truth_of(of->solved, STR("已解决"));
    case RESULT_GRADE:
        return of->stars ? rule_int(of->stars) : rule_unknown(RULE_NUMBER, STR("满意程度"));
    case RESULT_FOLLOWED:
        break;
    }
    return rule_truth_value(of->followed);
}

static void fetch(const struct rule_record *record, const struct rule_name *name,
                  struct rule_value *value)
{
    const struct case_record *of = record_of(record);
    int                       slot = name->slot;

    if (slot < SLOT_NAMES) {
        if (of->fields && of->fields[slot].type)
            *value = of->fields[slot];
    } else if (slot < SLOT_RELATIONS) {
        *value = case_value(of, (enum case_name)(slot - SLOT_NAMES));
    } else if (slot >= SLOT_RESULTS) {
        if (of->outcome)
            *value = result_value(of->outcome, (enum result_name)(slot - SLOT_RESULTS));
    } else if (name->type == RULE_TRUTH) {
        *value = rule_truth_value(of->relations >> (slot - SLOT_RELATIONS) & 1);
    } else {
        *target_of(record) =
            (struct case_target){ .kind = TARGET_RELATION,
                                  .relation = (enum relation)(slot - SLOT_RELATIONS) };
        *value = rule_opaque(RULE_TARGET, target_of(record));
    }
}

static struct target_record running(const struct case_record *record,
                                    struct case_target       *target)
{
    return (struct target_record){
        .rule = { .fetch = fetch, .of = record, .now_ms = record->now_ms },
        .target = target,
    };
}

enum rule_truth case_rule_test(const struct scene_rule  *rule,
                               const struct case_record *record, struct rule_why *why)
{
    struct target_record on = running(record, NULL);

    return rule ? rule_test(rule->rule, &on.rule, why) : RULE_YES;
}

bool case_rule_target(const struct scene_rule *rule, const struct case_record *record,
                      struct case_target *target)
{
    struct target_record on = running(record, target);

    return rule_value(rule->rule, &on.rule, NULL).known;
}

struct rule_value case_rule_value(const struct scene_rule  *rule,
                                  const struct case_record *record)
{
    struct target_record on = running(record, NULL);

    return rule_value(rule->rule, &on.rule, NULL);
}
