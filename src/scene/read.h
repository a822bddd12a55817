/* Reading a scene by its tables, private to src/scene.  In two goes: first
 * everything that stands for itself; then, when all fields, states and duties are
 * known, what refers to them (rules, states, fields, effects), in the order in
 * which it was written. */
#ifndef SCENE_READ_H
#define SCENE_READ_H
#include "scene/schema.h"
#include "scene/yaml.h"

struct later { /* a value that refers to others */
    struct later           *next;
    const struct key       *key;
    const struct node      *node;
    void                   *into; /* the struct that key->offset is in */
    const struct case_kind *kind; /* NULL: a KEY_EVENT or stands beside one */
};

struct read_list { /* a list file, read when a field first asks for it */
    bool                       done;
    const struct scene_option *options;
    size_t                     noptions;
};

struct reader {
    struct arena           *arena;   /* the scene's */
    struct arena           *scratch; /* trees, laters: gone after reading */
    struct scene           *scene;
    struct problems        *problems;
    uint32_t                file;  /* being read */
    struct case_kind       *kinds; /* scene->kinds while they may change */
    const struct case_kind *kind;  /* being read, or NULL */
    struct later           *first, **last;
    struct read_list        lists[SCENE_LISTS_MAX];
};

void read_map(struct reader *reader, const struct schema *schema, const struct node *node,
              void *into);
void read_later(struct reader *reader, const struct key *key, const struct node *node,
                void *into);
/* With the environments of each kind, in the order of scene->kinds. */
void read_references(struct reader *reader, struct case_envs *const *envs);

/* A rule that was written but can't be read; no scene with one is ever given out. */
extern const struct scene_rule unreadable_rule;

/* Rules without names: a duration, a length.  False when told. */
MUST_USE bool read_span(struct reader *reader, const struct node *node, struct span *span);
MUST_USE bool read_metres(struct reader *reader, const struct node *node, int64_t *metres);
/* Does this rule end where a one-line […] or {…} cut it off? */
bool rule_is_cut(const struct node *node);
void tell_cut(struct reader *reader, const struct node *node);

struct str file_name(const struct scene *scene, uint32_t file);
/* tell(reader, node->at, "“%.*s”…", …) */
#define tell(reader, spot_, ...)                                                           \
    problem_at((reader)->problems, file_name((reader)->scene, (spot_).file), (spot_).line, \
               (spot_).column, __VA_ARGS__)
/* "，您是不是想写“new”？" or a full stop, to end a sentence with. */
struct str meant(struct reader *reader, struct str nearest);
/* The same for a word with its twin: “title（标题）”. */
struct str meant_word(struct reader *reader, struct word nearest);

/* A list's entries; a single scalar counts as a list of itself. */
struct items {
    const struct node *first;
    size_t             n;
};
struct items node_items(const struct node *node);
/* A scalar with something in it; false when told. */
MUST_USE bool read_scalar(struct reader *reader, const struct node *node, struct str *text);
bool          is_name(struct str text);
void         *member(void *into, size_t offset);
/* Sets an array member and its count. */
void set_array(const struct key *key, void *into, const void *array, size_t n);

#endif
