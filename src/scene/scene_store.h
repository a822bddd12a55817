/* The statements of scenes.  Inside scene/ only. */
#ifndef SCENE_SCENE_STORE_H
#define SCENE_SCENE_STORE_H
#include "base/op.h"
#include "base/field.h"

struct scene_head { /* a version, without its text */
    int64_t    id;
    struct str name;
    int64_t    version;
    struct str title;
    struct str checksum;
    int64_t    loaded, loaded_by; /* ms, account */
};

MUST_USE enum rc scene_select_now(struct op *op, struct str name, struct scene_head *head);
MUST_USE enum rc scene_select_at(struct op *op, struct str name, int64_t version,
                                 struct scene_head *head);
/* Of every scene the version in force, by name. */
MUST_USE enum rc scene_select_all(struct op *op, size_t most, struct list *heads);
MUST_USE enum rc scene_select_body(struct op *op, struct str name, int64_t version,
                                   struct str *body);
MUST_USE enum rc scene_insert(struct op *op, const struct scene_head *head,
                              struct str body);
/* All versions before that one are past. */
MUST_USE enum rc scene_update_past(struct op *op, struct str name, int64_t version);

#endif
