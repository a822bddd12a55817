/* A scene as it travels and is kept: one JSON object with its YAML and the lists
 * it takes its choices from. */
#ifndef SCENE_PACK_H
#define SCENE_PACK_H
#include "scene/scene.h"

struct pack_args {
    struct str  yaml;
    struct list lists; /* struct pack_list */
};
struct pack_list {
    struct str name, yaml;
};
enum { PACK_LIST_NFIELDS = 2 };
extern const struct field pack_list_fields[PACK_LIST_NFIELDS];

/* What scene_read() reads; the lists' array is the arena's.  RC_TOO_LARGE. */
MUST_USE enum rc pack_of(struct arena *arena, const struct pack_args *args, int64_t version,
                         struct scene_pack *pack);
/* The body as JSON, the same for the same pack. */
struct str pack_json(struct arena *arena, const struct pack_args *args);
/* A kept body read again. */
MUST_USE enum rc pack_read(struct arena *arena, struct str body, int64_t version,
                           struct problems *problems, struct scene **scene);

#endif
