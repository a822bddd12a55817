/* What the acts and the worker of this engine share. */
#ifndef ENGINE_PHOTO_PHOTO_RULES_H
#define ENGINE_PHOTO_PHOTO_RULES_H
#include "engine/photo/photo_store.h"
#include "guard/vault.h"

/* Originals wait in one vault, under names of chance; what was made of them lies in
 * another, under the photo's id, so that making it again after a crash makes the
 * same. */
struct photo_vaults {
    struct vault *arrivals, *kept;
};
struct photo_vaults photo_vaults(void);
struct str          photo_file(struct arena *arena, int64_t id, struct str size);
#define PHOTO_SCREEN STR("screen")
#define PHOTO_THUMB  STR("thumb")

struct arrival {
    struct str id; /* in the vault of arrivals */
    int64_t    bytes;
};
/* Before the transaction: looks at the file that was sent and seals it.  RC_REFUSED,
 * RC_UNSUPPORTED, RC_TOO_LARGE, RC_TOO_MANY, RC_BUSY, each told. */
MUST_USE enum rc photo_receive(struct op *op, struct arrival *arrival);
/* In it: the asker's new photo.  RC_TOO_MANY. */
MUST_USE enum rc photo_add(struct op *op, const struct arrival *arrival,
                           struct photo *added);

/* RC_NOT_FOUND also for what the asker may not see. */
MUST_USE enum rc photo_find(struct op *op, int64_t id, struct photo *photo);

/* Where it was taken. */
struct photo_place {
    double lat, lng;
};
enum { PHOTO_PLACE_NFIELDS = 2 };
extern const struct field photo_place_fields[PHOTO_PLACE_NFIELDS];
/* As JSON, for its uploader; absent for others and when it is not known. */
MUST_USE enum rc photo_place_of(struct op *op, const struct photo *photo,
                                struct str *place);

/* What the decoder made of a new photo. */
struct photo_made {
    int64_t            id;
    struct str         verdict; /* a word of decode/verdict.def */
    int64_t            width, height;
    bool               has_place;
    struct photo_place place;
};
/* RC_NOT_FOUND when it is not new any more. */
MUST_USE enum rc photo_record(struct op *op, const struct photo_made *made,
                              struct photo *photo);

#endif
