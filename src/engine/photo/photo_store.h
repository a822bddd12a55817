/* The rows of photos.  Of op's county, but for the two lists, which serve the worker
 * and go by id over all counties. */
#ifndef ENGINE_PHOTO_PHOTO_STORE_H
#define ENGINE_PHOTO_PHOTO_STORE_H
#include "base/field.h"
#include "base/op.h"

struct photo {
    int64_t    county, id;
    int64_t    uploader, person;
    int64_t    owner; /* 0: none */
    struct str state, verdict, arrived;
    int64_t    bytes, width, height;
    struct str place; /* sealed; absent: not known */
};

#define PHOTO_NEW     STR("new")
#define PHOTO_READY   STR("ready")
#define PHOTO_REFUSED STR("refused")
#define PHOTO_GONE    STR("gone")

MUST_USE enum rc photo_insert(struct op *op, const struct photo *photo);
MUST_USE enum rc photo_select(struct op *op, int64_t id, struct photo *photo);
/* The uploader's, from an id on. */
MUST_USE enum rc photo_count_from(struct op *op, int64_t uploader, int64_t from,
                                  int64_t *n);
/* Still new, in all counties; counted up to `most`. */
MUST_USE enum rc photo_count_new(struct op *op, int64_t most, int64_t *n);

/* The next four change one row or, with RC_NOT_FOUND, none. */
/* Attaches a photo that is new or ready, the uploader's, and free or `owner`'s. */
MUST_USE enum rc photo_set_owner(struct op *op, int64_t id, int64_t uploader,
                                 int64_t owner);
/* What has become of a new one: state, verdict, size, place; the original is let go. */
MUST_USE enum rc photo_set_made(struct op *op, const struct photo *photo);
/* A photo without an owner can no longer be attached or seen … */
MUST_USE enum rc photo_set_gone(struct op *op, int64_t id);
/* … nor can any of an uploader's, or of an owner, whatever it is attached to … */
MUST_USE enum rc photo_set_gone_by(struct op *op, int64_t uploader);
MUST_USE enum rc photo_set_gone_of(struct op *op, int64_t owner);
/* … and then its row goes. */
MUST_USE enum rc photo_delete_gone(struct op *op, int64_t id);

/* Before an id: those still new, newest first; those without an owner, oldest first. */
MUST_USE enum rc photo_list_new(struct op *op, int64_t before, size_t most,
                                struct list *photos);
MUST_USE enum rc photo_list_loose(struct op *op, int64_t before, size_t most,
                                  struct list *photos);
/* Of all counties: those that nobody can see any more, with their files. */
MUST_USE enum rc photo_list_gone(struct op *op, size_t most, struct list *photos);
/* Behind one of a county, in all counties, in the order of the key. */
MUST_USE enum rc photo_list_after(struct op *op, int64_t county, int64_t id, size_t most,
                                  struct list *photos);

#endif
