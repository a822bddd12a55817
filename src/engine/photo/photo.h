/* Photos.  A photo arrives as somebody's file: it is looked at (is it one at all?),
 * sealed into the vault of arrivals and answered for; whatever needs reading it is
 * done later, by a process apart (photo_work.h, decode/).  From that come a size for
 * the screen and a thumbnail, drawn anew and carrying nothing along; the original is
 * then removed.  Where it was taken is told to its uploader alone.
 *
 *     new ─┬─ ready            a photo that nothing is attached to within a day
 *          └─ refused          is gone, whatever its state
 *
 * Until it is attached a photo is its uploader's; afterwards whoever may see what it
 * is attached to may see it.  The vaults and that question are process-wide, told
 * once before anything runs. */
#ifndef ENGINE_PHOTO_PHOTO_H
#define ENGINE_PHOTO_PHOTO_H
#include "base/limits.h"
#include "gate/act.h"
#include "registry/keeper.h"

struct stmts; /* db/db.h */

extern const struct act   photo_acts[];
extern const struct stmts photo_stmts, copy_stmts;

enum { PHOTOS_LOOSE_HOURS = 24 }; /* without being attached to anything */

/* The vaults below that folder; keys_open() comes first.  Sentences as of
 * vault_open(). */
MUST_USE enum rc photos_open(struct problems *problems, struct str files);
void             photos_close(void);

/* May op's actor see what photos are attached to? */
typedef bool photo_owner_sees(struct op *op, int64_t owner);
void         photos_owner(photo_owner_sees *sees);

/* Photos by a person who was deleted, and those of what was theirs, are gone at once;
 * the worker removes their files within seconds. */
extern const struct person_keeper photo_keeper;

/* Ties the asker's own photos to something, in a writing act.  RC_REFUSED, told
 * which one, for photos that are not theirs, were refused, or belong elsewhere. */
MUST_USE enum rc photo_attach(struct op *op, const int64_t *ids, size_t n, int64_t owner);

/* What was made of one for the screen, JPEG, whoever asks.  RC_BUSY: it is not looked at
 * yet; RC_NOT_FOUND: refused, or gone. */
MUST_USE enum rc photo_screen(struct op *op, int64_t id, struct str *bytes);
/* ---- copies for the public ---- */
/* A photo that belongs to something can be given out as a copy, made anew with what was
 * marked blurred beyond recognition; under an id and a key of chance of its own, so that
 * neither tells of the other.  The photo itself stays with those who may see it. */
struct photo_mark {   /* parts of the picture's width and height, 0 … 1 */
    struct str shape; /* box, oval */
    double     x, y, w, h;
};
struct photo_wish {
    int64_t     id;
    struct list marks; /* struct photo_mark */
};
struct photo_address {
    int64_t    id;
    struct str key;
    int64_t    photo;
    struct str marks; /* JSON */
};
enum { PHOTO_MARKS_MAX = 30, PHOTOS_PUBLIC_MAX = 20 };
/* The owner's copies from now on, and no others; one that there is already keeps its
 * address.  RC_REFUSED, told which one. */
MUST_USE enum rc photo_copy(struct op *op, int64_t owner,
                            const struct list *wishes /* struct photo_wish */);
MUST_USE enum rc photo_uncopy(struct op *op, int64_t owner);
/* struct photo_address: all of an owner, and those that can be seen by now. */
MUST_USE enum rc photo_copies(struct op *op, int64_t owner, struct list *copies);
MUST_USE enum rc photo_copies_ready(struct op *op, int64_t owner, struct list *copies);

/* For a backup.  While they are held, what is removed can still be read (vault.h); every
 * file that a row of op's database names is then told, sealed as it lies there, by its
 * path below the folder of photos_open(); -1: it is not on the disk.  The vaults' own
 * wrapped keys come with them. */
MUST_USE enum rc photos_hold(void);
void             photos_let_go(void);
typedef enum rc  photo_each_file(void *context, struct str path, int file);
MUST_USE enum rc photo_files(struct op *op, photo_each_file *each, void *context);

#endif
