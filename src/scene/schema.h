/* What a scene is made of, described once: one table per mapping, one row per key
 * with its Chinese twin, its kind, its C member and a sentence.  The same rows
 * read a scene (scene_load.c), print it in either language (scene_print.c) and
 * make the tables of docs/scenes.md.  Private to src/scene. */
#ifndef SCENE_SCHEMA_H
#define SCENE_SCHEMA_H
#include "scene/scene_env.h"

enum key_kind {
    KEY_TEXT = 1, /* struct str            for people                                  */
    KEY_NAME,     /* struct str            for machines: letters, digits, "_", "-"     */
    KEY_BOOL,     /* bool                                                              */
    KEY_INT,      /* int64_t                                                           */
    KEY_ENUM,     /* an enum               one of key->words                           */
    KEY_LEVEL,    /* int                   one of key->words, level 1 … 6              */
    KEY_WORDS,    /* unsigned              bits: a list of key->words                  */
    KEY_TEXTS,    /* const struct str *    a list of texts; of key->words if given     */
    KEY_SPAN,     /* struct span           "3 working days"                            */
    KEY_MS,       /* int64_t               "30 days", real time                        */
    KEY_METRES,   /* int64_t               250 m                                       */
    KEY_RULE,     /* const struct scene_rule *                                         */
    KEY_STATE,    /* size_t                a state's name                              */
    KEY_STATES,   /* uint64_t              bits: a list of states' names               */
    KEY_FIELDS,   /* uint64_t              bits: a list of fields' names               */
    KEY_EFFECTS,  /* const struct scene_effect *  a list                               */
    KEY_TELL,     /* the same              a list of targets, each a tell(…)           */
    KEY_TITLES,   /* const struct scene_state *   name: title                          */
    KEY_OPTIONS,  /* const struct scene_option *  a list, or group: list               */
    KEY_FROM,     /* struct str            the list file that the options come from    */
    KEY_EVENT,    /* struct str ×2         problem.closed: a kind and its state        */
    KEY_INTO,     /* a struct in place     a mapping                                   */
    KEY_MAP,      /* const struct … *      name: mapping                               */
    KEY_LIST,     /* const struct … *      a list of mappings                          */
};

struct word { /* of a closed table */
    struct str word, zh;
    struct str doc; /* may be absent */
};
struct words {
    struct str         title; /* 字段类型 */
    const struct word *all;
    size_t             n;
};

struct schema;
struct key {
    struct str    word, zh;
    enum key_kind kind;
    bool          required;
    size_t        offset;
    size_t  count; /* arrays: offset of their size_t n; KEY_EVENT: of the second text */
    int64_t most;  /* numbers: largest; texts: characters; 0: the kind's own */
    const struct schema     *sub; /* KEY_INTO, KEY_MAP, KEY_LIST */
    const struct words      *words;
    enum rule_place_in_scene about; /* KEY_RULE */
    unsigned                 type;  /* KEY_RULE: expected; 0: the field's own */
    struct str               doc;
};
struct schema {
    struct str        title; /* what one of these is called: 动作 */
    const struct key *keys;
    size_t            n;
    size_t            size;     /* of the struct */
    size_t            at;       /* offset of its struct spot */
    size_t            name;     /* offset of its name, when it stands in a KEY_MAP */
    bool              one_line; /* printed as {…} */
    void (*finish)(void *row);  /* fills in what was not written, before references
                                   are looked up; may be NULL */
};

extern const struct schema scene_schema;               /* scene.yaml: struct scene */
extern const struct schema case_schema, option_schema; /* parts of it */
extern const struct schema duties_schema;              /* lists/duties.yaml: struct scene */
extern const struct schema list_schema; /* any other list: struct scene_field */

extern const struct words asks_words, needs_words, clock_words, effect_words, grade_words,
    status_words, answers_words, channel_words,
    weekday_words, level_words, people_words, role_words, by_words, bool_words;

const struct key *schema_key(const struct schema *schema, struct str word);
/* In either language; both absent when nothing is near. */
struct word schema_nearest(const struct schema *schema, struct str word);
struct word words_nearest(const struct words *words, struct str word);
/* Index, or words->n. */
size_t words_find(const struct words *words, struct str word);

/* All tables as Markdown, for docs/scenes.md. */
struct str schema_markdown(struct arena *arena);

#endif
