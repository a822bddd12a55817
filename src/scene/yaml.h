/* YAML, as much of it as scenes need: one document of mappings, lists and
 * scalars, walked event by event into a light tree whose every node knows where
 * it stands.  Anchors, aliases, tags, several documents, keys that are not plain
 * words and keys written twice are refused, and so is what goes beyond the limits
 * of scene.h: the walk stops there, since a parser that loads a whole text of
 * "[[[[…" first takes minutes for it.  Texts and nodes live in the arena. */
#ifndef SCENE_YAML_H
#define SCENE_YAML_H
#include "scene/scene.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    struct node   *next;  /* in its mapping or list */
    struct node   *first; /* of what it contains */
    size_t         n;
    enum node_kind kind;
    bool           quoted;  /* scalar in '…', "…" or a block: never empty by omission */
    bool           in_flow; /* stands inside {…} or […] on a line */
    struct spot    at;
    struct spot    key_at; /* in a mapping: where its key stands */
    struct str     key;    /* in a mapping; absent in a list */
    struct str     text;   /* scalar */
    struct str     source; /* scalar: the text of the file from its first character on */
};

/* One file, and whom to tell. */
struct yaml_file {
    struct str name;   /* in mistakes */
    uint32_t   number; /* spot.file */
};

/* The root, a mapping; NULL when the text is not YAML within the limits, which
 * has then been told. */
struct node *yaml_tree(struct arena *arena, struct yaml_file file, struct str text,
                       struct problems *problems);

/* `key: ` with nothing behind it */
bool node_missing(const struct node *node);
/* Where the byte at `offset` of a scalar's text stands in the file. */
struct spot node_spot(const struct node *node, size_t offset);

#endif
