/* Rows of the copies that the public may see, and what the worker makes of them. */
#ifndef ENGINE_PHOTO_COPY_H
#define ENGINE_PHOTO_COPY_H
#include "decode/wire.h"
#include "engine/photo/photo.h"

struct photo_copy {
    int64_t    county, id, photo, owner;
    struct str key, marks, state; /* marks: JSON; state: as of photos, and failed */
};
#define COPY_FAILED STR("failed")

/* By its address; RC_NOT_FOUND also for a wrong key and for what is not ready. */
MUST_USE enum rc copy_find(struct op *op, int64_t id, struct str key,
                           struct photo_copy *copy);
/* For the decoder; n of them. */
size_t copy_marks(struct arena *arena, const struct photo_copy *copy,
                  struct decode_mark marks[DECODE_MARKS_MAX]);

/* copy_store.c */
MUST_USE enum rc copy_insert(struct op *op, const struct photo_copy *copy);
MUST_USE enum rc copy_select(struct op *op, int64_t id, struct photo_copy *copy);
MUST_USE enum rc copy_of_owner(struct op *op, int64_t owner, struct list *copies);
/* These two: one that is new; RC_NOT_FOUND.  Any, which then is swept. */
MUST_USE enum rc copy_set_made(struct op *op, int64_t id, bool ready);
MUST_USE enum rc copy_set_gone(struct op *op, int64_t id);
MUST_USE enum rc copy_delete_gone(struct op *op, int64_t id);
MUST_USE enum rc copy_list_new(struct op *op, size_t most, struct list *copies);
MUST_USE enum rc copy_list_gone(struct op *op, size_t most, struct list *copies);
MUST_USE enum rc copy_list_after(struct op *op, int64_t county, int64_t id, size_t most,
                                 struct list *copies);

#endif
