/* What was filled in, by the scene's fields: from the asker's JSON, through every
 * check that the scene declares, to what is stored and what rules and screens see.
 * Personal fields are stored apart, sealed. */
#ifndef ENGINE_CASE_FIELDS_H
#define ENGINE_CASE_FIELDS_H
#include "engine/case/case.h"
#include "rule/rule.h"
#include "scene/scene_env.h"

struct case_place {
    double     lat, lng; /* WGS-84; both 0: none */
    struct str source;   /* gps, photo, map, words */
    struct str words, area;
};
struct answers {
    const struct case_kind *kind;
    struct str             *raw;    /* JSON of each field, absent: not answered */
    struct rule_value      *values; /* the same for rules */
    struct case_place       place;
    struct list             photos; /* int64_t, of all photo fields */
    struct str              title, category;
    int64_t words_max; /* texts may be that long if their field allows less */
};

/* RC_INVALID with every mistake told, where = "fields/NAME"; RC_REFUSED when a stop
 * of the scene holds: its sentence is the problem. */
MUST_USE enum rc answers_read(struct op *op, const struct scene *scene,
                              const struct case_kind *kind, struct str fields,
                              int64_t words_max, struct answers *answers);
/* {"category": …} of the fields that may stand in clear, or of the others; absent
 * when there are none of these. */
struct str answers_write(struct op *op, const struct answers *answers, bool personal);
/* Back from the stored texts; `sealed` opened or absent. */
MUST_USE enum rc answers_load(struct op *op, const struct scene *scene,
                              const struct case_kind *kind, struct str fields,
                              struct str opened, struct answers *answers);
/* One answer put in another's place; RC_INVALID, told at `where`. */
MUST_USE enum rc answers_put(struct op *op, struct answers *answers,
                             const struct scene_field *field, struct str raw,
                             struct str where);
/* Only the photos (int64_t) of the stored text: all that a card shows of it. */
MUST_USE enum rc answers_photos(struct op *op, const struct case_kind *kind,
                                struct str fields, struct list *photos);
/* One answer as people read it; masked unless clear. */
struct str answer_text(struct op *op, const struct scene_field *field, struct str raw,
                       bool clear);
/* What rules are asked with; relations and asker are the caller's to add. */
struct case_record answers_record(struct op *op, const struct scene *scene,
                                  const struct answers  *answers,
                                  const struct case_row *row);

#endif
