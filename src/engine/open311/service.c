#include "engine/open311/service.h"

#include "guard/sm.h"
#include "scene/scene_env.h"
#include "scene/scenes.h"

enum { CODE_BYTES = 4 };

/* ---------------------------------------------------- what fields stand for */

static enum service_part part_of(const struct scene_field *field)
{
    bool personal = field->grade >= GRADE_PERSONAL;

    switch (field->asks) {
    case ASKS_CHOICE:
        return personal ? PART_COUNT : PART_CATEGORY;
    case ASKS_TEXT:
        return personal ? PART_COUNT : PART_WORDS;
    case ASKS_PLACE:
        return PART_PLACE;
    case ASKS_PHOTOS:
        return PART_PHOTOS;
    case ASKS_PHONE:
        return PART_PHONE;
    case ASKS_YESNO:
    case ASKS_NUMBER:
    case ASKS_DATE:
    case ASKS_PERSON:
    case ASKS_COUNT:
        break;
    }
    return PART_COUNT;
}

/* The first of each is it; a category that is not always asked is none. */
struct service_parts service_parts(const struct case_kind *kind)
{
    struct service_parts parts = { 0 };

    for (size_t i = 0; i < kind->nfields; i++) {
        const struct scene_field *field = &kind->fields[i];
        enum service_part         part = part_of(field);
        if (part < PART_COUNT && !parts.of[part] && !(part == PART_CATEGORY && field->ask))
            parts.of[part] = field;
    }
    return parts;
}

bool service_attribute(const struct service_parts *parts, const struct scene_field *field)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        if (parts->of[i] == field)
            return false;
    return field->asks != ASKS_PLACE && field->asks != ASKS_PHOTOS &&
           field->asks != ASKS_PERSON;
}

/* ------------------------------------------------------------------- codes */

struct str service_code(struct op *op, const struct scene *scene,
                        const struct case_kind *kind, struct str category)
{
    unsigned char hash[SM3_BYTES];

    if (!category.len)
        return str_fmt(op->arena, "%.*s-%.*s", STR_ARG(scene->name), STR_ARG(kind->name));
    sm3(PARTS(category), hash);
    struct str digits = str_hex(op->arena, hash, CODE_BYTES);
    return str_fmt(op->arena, "%.*s-%.*s-%.*s", STR_ARG(scene->name), STR_ARG(kind->name),
                   STR_ARG(digits));
}

struct str service_name(const struct service *service)
{
    return service->option ? service->option->value : service->kind->title;
}

static struct str code_of(struct op *op, const struct service *service)
{
    return service_code(op, service->scene, service->kind,
                        service->option ? service->option->value : STR_NONE);
}

/* --------------------------------------------------- what is known beforehand */

/* A report of which nothing is known but its service. */
struct beforehand {
    struct rule_value  fields[SCENE_FIELDS_MAX];
    struct case_record record;
};

static void know(struct op *op, const struct service *service, struct beforehand *known)
{
    *known = (struct beforehand){
        .record = { .scene = service->scene, .kind = service->kind, .now_ms = op->now_ms }
    };
    if (service->category)
        known->fields[service->category - service->kind->fields] =
            rule_text(service->option->value);
    known->record.fields = known->fields;
}

/* What nobody may report here in any case is no service. */
static bool is_offered(struct op *op, const struct service *service)
{
    struct beforehand known;

    know(op, service, &known);
    for (size_t i = 0; i < service->kind->nstops; i++)
        if (case_rule_test(service->kind->stops[i].when, &known.record, NULL) == RULE_YES)
            return false;
    return true;
}

/* ---------------------------------------------------------------- all of them */

static void add(struct op *op, struct list *services, struct service one)
{
    struct service *all = services->at;

    if (services->n < SERVICES_MAX && is_offered(op, &one))
        all[services->n++] = one;
}

static void add_kind(struct op *op, struct list *services, const struct scene *scene,
                     const struct case_kind *kind)
{
    struct service            one = { .scene = scene, .kind = kind };
    const struct scene_field *category = service_parts(kind).of[PART_CATEGORY];

    if (!kind->nopen311)
        return;
    if (!category) {
        add(op, services, one);
        return;
    }
    one.category = category;
    for (size_t i = 0; i < category->noptions; i++) {
        one.option = &category->options[i];
        add(op, services, one);
    }
}

enum rc services_all(struct op *op, struct list *services)
{
    const struct scene *const *scenes;
    size_t                     n;

    *services = (struct list){ arena_many(op->arena, SERVICES_MAX, struct service), 0 };
    if (!services->at)
        return RC_TOO_LARGE;
    enum rc rc = scenes_all(op, &scenes, &n);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        for (size_t k = 0; k < scenes[i]->nkinds; k++)
            add_kind(op, services, scenes[i], &scenes[i]->kinds[k]);
    return rc;
}

enum rc service_find(struct op *op, struct str code, struct service *service)
{
    struct list services;

    enum rc               rc = services_all(op, &services);
    const struct service *all = services.at;
    for (size_t i = 0; rc == RC_OK && i < services.n; i++)
        if (str_eq(code_of(op, &all[i]), code)) {
            *service = all[i];
            return RC_OK;
        }
    return rc == RC_OK ? fail(op, RC_NOT_FOUND, "service_code", "没有这项服务。") : rc;
}

/* ------------------------------------------------------------------ as shown */

const struct field shown_service_fields[SHOWN_SERVICE_FIELDS] = {
    FIELD(struct shown_service, service_code, OPTIONAL),
    FIELD(struct shown_service, service_name, OPTIONAL),
    FIELD(struct shown_service, description, OPTIONAL),
    FIELD(struct shown_service, metadata, OPTIONAL),
    FIELD(struct shown_service, type, OPTIONAL),
    FIELD(struct shown_service, keywords, OPTIONAL),
    FIELD(struct shown_service, group, OPTIONAL),
};

static const struct field value_fields[] = {
    FIELD(struct shown_value, key, OPTIONAL),
    FIELD(struct shown_value, name, OPTIONAL),
};
static const struct field attribute_fields[] = {
    FIELD(struct shown_attribute, variable, OPTIONAL),
    FIELD(struct shown_attribute, code, OPTIONAL),
    FIELD(struct shown_attribute, datatype, OPTIONAL),
    FIELD(struct shown_attribute, required, OPTIONAL),
    FIELD(struct shown_attribute, datatype_description, OPTIONAL),
    FIELD(struct shown_attribute, order, OPTIONAL),
    FIELD(struct shown_attribute, description, OPTIONAL),
    FIELD_LIST(struct shown_attribute, values, struct shown_value, value_fields, OPTIONAL),
};
const struct field definition_fields[DEFINITION_FIELDS] = {
    FIELD(struct shown_definition, service_code, OPTIONAL),
    FIELD_LIST(struct shown_definition, attributes, struct shown_attribute,
               attribute_fields, OPTIONAL),
};

static struct str datatype(enum asks asks)
{
    static const struct str words[ASKS_COUNT] = {
        [ASKS_CHOICE] = STR_INIT("singlevaluelist"),
        [ASKS_YESNO] = STR_INIT("singlevaluelist"),
        [ASKS_TEXT] = STR_INIT("text"),
        [ASKS_PHONE] = STR_INIT("string"),
        [ASKS_NUMBER] = STR_INIT("number"),
        [ASKS_DATE] = STR_INIT("datetime"),
    };

    return words[asks];
}

static enum rc show_values(struct op *op, const struct scene_field *field,
                           struct list *values)
{
    size_t              n = field->asks == ASKS_YESNO ? 2 : field->noptions;
    struct shown_value *all = arena_many(op->arena, n + 1, struct shown_value);

    *values = (struct list){ all, n };
    if (!all)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < field->noptions; i++)
        all[i] = (struct shown_value){ field->options[i].value, field->options[i].value };
    if (field->asks == ASKS_YESNO) {
        all[0] = (struct shown_value){ SERVICE_YES, STR("是") };
        all[1] = (struct shown_value){ SERVICE_NO, STR("否") };
    }
    return RC_OK;
}

/* Required is what is asked in any case; what depends on other answers may be left out,
 * and is told when it was owed after all. */
static struct shown_attribute attribute_of(const struct scene_field *field,
                                           enum rule_truth asked, size_t before)
{
    return (struct shown_attribute){
        .variable = true,
        .code = field->name,
        .datatype = datatype(field->asks),
        .required = field->required && asked == RULE_YES,
        .datatype_description = field->help,
        .order = (int64_t)before + 1,
        .description = field->title,
    };
}

enum rc service_define(struct op *op, const struct service *service,
                       struct shown_definition *shown)
{
    const struct case_kind *kind = service->kind;
    struct service_parts    parts = service_parts(kind);
    struct shown_attribute *all =
        arena_many(op->arena, kind->nfields + 1, struct shown_attribute);
    struct beforehand known;
    size_t            n = 0;

    know(op, service, &known);
    for (size_t i = 0; all && i < kind->nfields; i++) {
        const struct scene_field *field = &kind->fields[i];
        enum rule_truth           asked = case_rule_test(field->ask, &known.record, NULL);
        if (asked == RULE_NO || !service_attribute(&parts, field))
            continue;
        all[n] = attribute_of(field, asked, n);
        enum rc rc = show_values(op, field, &all[n++].values);
        if (rc != RC_OK)
            return rc;
    }
    *shown = (struct shown_definition){ code_of(op, service), { all, n } };
    return all ? RC_OK : RC_TOO_LARGE;
}

enum rc service_show(struct op *op, const struct service *service,
                     struct shown_service *shown)
{
    struct shown_definition    definition;
    const struct scene_option *option = service->option;

    enum rc rc = service_define(op, service, &definition);
    if (rc != RC_OK)
        return rc;
    *shown = (struct shown_service){
        .service_code = definition.service_code,
        .service_name = service_name(service),
        .description = option && option->note.len ? option->note : service->kind->title,
        .metadata = definition.attributes.n > 0,
        .type = STR("realtime"),
        .keywords = service->scene->title,
        .group = option && option->group.len ? option->group : service->scene->title,
    };
    return RC_OK;
}
