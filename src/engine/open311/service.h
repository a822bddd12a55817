/* Services: what can be reported, made of the scenes in force.  A service is an option of
 * a kind's category (the first choice that is no personal matter), or the whole kind when
 * it has none.  Its code is the scene, the kind and eight digits of the option's name, so
 * that it stays while the name does, whatever else a scene changes. */
#ifndef ENGINE_OPEN311_SERVICE_H
#define ENGINE_OPEN311_SERVICE_H
#include "base/field.h"
#include "base/op.h"
#include "scene/scene.h"

struct service {
    const struct scene        *scene;
    const struct case_kind    *kind;
    const struct scene_field  *category; /* NULL: the kind is the service */
    const struct scene_option *option;
};

/* What fields stand for in a report; those that stand for none of these are attributes. */
enum service_part {
    PART_CATEGORY,
    PART_WORDS,
    PART_PLACE,
    PART_PHOTOS,
    PART_PHONE,
    PART_COUNT
};
struct service_parts {
    const struct scene_field *of[PART_COUNT]; /* NULL: not asked */
};
struct service_parts service_parts(const struct case_kind *kind);
/* Can it be sent as an attribute at all? */
bool service_attribute(const struct service_parts *parts, const struct scene_field *field);

struct str service_code(struct op *op, const struct scene *scene,
                        const struct case_kind *kind, struct str category);
struct str service_name(const struct service *service);
/* All services of op's county: of struct service; and one by its code: RC_NOT_FOUND. */
enum { SERVICES_MAX = 2000 };
MUST_USE enum rc services_all(struct op *op, struct list *services);
MUST_USE enum rc service_find(struct op *op, struct str code, struct service *service);

/* ---- as they are shown ---- */
struct shown_service {
    struct str service_code, service_name, description, type, keywords, group;
    bool       metadata;
};
enum { SHOWN_SERVICE_FIELDS = 7 };
extern const struct field shown_service_fields[SHOWN_SERVICE_FIELDS];
MUST_USE enum rc          service_show(struct op *op, const struct service *service,
                                       struct shown_service *shown);

struct shown_value {
    struct str key, name;
};
struct shown_attribute {
    bool        variable;
    struct str  code, datatype;
    bool        required;
    struct str  datatype_description;
    int64_t     order;
    struct str  description;
    struct list values; /* struct shown_value */
};
struct shown_definition {
    struct str  service_code;
    struct list attributes; /* struct shown_attribute */
};
enum { DEFINITION_FIELDS = 2 };
extern const struct field definition_fields[DEFINITION_FIELDS];
MUST_USE enum rc          service_define(struct op *op, const struct service *service,
                                         struct shown_definition *shown);

/* Answers of yesno attributes. */
#define SERVICE_YES STR("yes")
#define SERVICE_NO  STR("no")

#endif
