/* What the rules of a case scene may say, and running them.  A scene's rules stand
 * in seven places, each with words of its own: about a case (`when`, `stop`), about
 * what is being filled in (`ask`, `default`), about who asks (`by`), about who gets
 * a thing (`to`, tell(…)), about what is urgent, about points, and about what became of an
 * answer.  Engines fill a struct case_record with what they know and ask it here; they
 * never see the tables. */
#ifndef SCENE_SCENE_ENV_H
#define SCENE_SCENE_ENV_H
#include "rule/rule.h"
#include "scene/scene.h"

struct actor;
struct op;

enum relation {
#define RELATION(name, word, zh) RELATION_##name,
#include "scene/words.def"
    RELATION_COUNT
};

/* What became of one answer, for rates. */
enum known { KNOWN_NOT, KNOWN_YES, KNOWN_NO };
struct case_outcome {
    enum known responded, in_time, solved;
    bool       followed;
    int64_t    stars; /* 0: none were given */
};

/* A case as rules see it.  What is zero or absent is unknown. */
struct case_record {
    const struct scene      *scene;
    const struct case_kind  *kind;
    const struct rule_value *fields; /* kind->nfields of them, .type 0: not answered;
                                        NULL: none known.  Types as field_rule_type() */
    struct str area, county;         /* codes */
    struct str state;
    int64_t    opened_ms, answered_ms, closed_ms;
    int64_t    stars;
    int64_t    parts_open, duplicates, me_too, supplements;
    bool       linked;
    /* By the calendar; asked only when a rule wants to know.  NULL: nobody knows. */
    bool (*in_office_hours)(struct op *op);
    struct op          *op;                         /* what it is asked with */
    const struct actor *asker;                      /* for `by`; NULL: nobody */
    unsigned            relations;                  /* bits 1 << RELATION_x of the asker */
    struct str          my_phone, my_name, my_home; /* of whoever fills it in; home: area */
    int64_t             my_age;                     /* full years; 0: not known */
    int64_t             now_ms;
    const struct case_outcome *outcome; /* for rates; NULL: none */
};

enum target_kind {
    TARGET_RELATION, /* whoever is reporter, holder or helper */
    TARGET_DUTY,     /* whoever holds the duty in exactly that area */
    TARGET_ORG,      /* the organisation whose people hold the duty in that area or above */
};
struct case_target {
    enum target_kind kind;
    enum relation    relation;
    struct str       duty; /* a word of scene->duties */
    struct str area; /* of the duty's own level; org: as written, the case's area if not */
};

/* The type a field's value has in rules. */
unsigned field_rule_type(enum asks asks);

/* A truth rule; one that was not written (NULL) is satisfied. */
enum rule_truth case_rule_test(const struct scene_rule  *rule,
                               const struct case_record *record,
                               struct rule_why          *why /* may be NULL */);
/* A `to` rule or the `who` of an effect.  False when it comes out unknown: the
 * case's area is not known down to the duty's level. */
MUST_USE bool case_rule_target(const struct scene_rule  *rule,
                               const struct case_record *record,
                               struct case_target       *target);
/* `fills`, points: any other type. */
struct rule_value case_rule_value(const struct scene_rule  *rule,
                                  const struct case_record *record);

/* ---- for the reader of scenes ---- */
enum rule_place_in_scene {
    ABOUT_CASE,
    ABOUT_INPUT,
    ABOUT_ASKER,
    ABOUT_TARGET,
    ABOUT_URGENCY,
    ABOUT_POINTS,
    ABOUT_RESULT,
    ABOUT_COUNT
};
/* The environments of one kind, once its fields and the scene's duties are read.
 * NULL when the arena's budget is gone. */
struct case_envs;
struct case_envs      *case_envs_new(struct arena *arena, const struct scene *scene,
                                     const struct case_kind *kind);
const struct rule_env *case_env(const struct case_envs  *envs,
                                enum rule_place_in_scene place);
/* All that the rules of case scenes may say besides fields, as Markdown. */
struct str case_words(struct arena *arena);
/* Words that a field must not be called by, since rules know them already. */
bool case_word_taken(struct str name);

#endif
