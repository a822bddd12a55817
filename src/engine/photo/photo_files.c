/* The files of photos for a backup: each as it lies on the disk, sealed. */
#include <unistd.h>

#include "engine/photo/copy.h"
#include "engine/photo/photo.h"
#include "engine/photo/photo_rules.h"

enum { FILES_PAGE = 200 };

/* One backup a process; told apart from other processes' by the vaults. */
static struct vault_hold arrivals_hold = { -1 }, kept_hold = { -1 };

enum rc photos_hold(void)
{
    struct photo_vaults vaults = photo_vaults();

    enum rc rc = vault_hold(vaults.arrivals, &arrivals_hold);
    if (rc == RC_OK)
        rc = vault_hold(vaults.kept, &kept_hold);
    if (rc != RC_OK)
        photos_let_go();
    return rc;
}

void photos_let_go(void)
{
    struct photo_vaults vaults = photo_vaults();

    vault_let_go(vaults.kept, &kept_hold);
    vault_let_go(vaults.arrivals, &arrivals_hold);
}

/* Whoever is told of files, and of which vault. */
struct telling {
    struct arena    *arena;
    photo_each_file *each;
    void            *context;
    struct vault    *vault;
    const char      *folder; /* the vault's, below the folder of all */
};

static enum rc tell(struct telling *t, struct str path, int file)
{
    struct str below = str_fmt(t->arena, "%s/%.*s", t->folder, STR_ARG(path));

    enum rc rc = below.at ? t->each(t->context, below, file) : RC_NO_MEMORY;
    if (file >= 0)
        close(file);
    return rc;
}

static enum rc tell_file(struct telling *t, struct str id)
{
    struct vault_path path;
    int               file;

    enum rc rc = vault_sealed(t->vault, id, &path, &file);
    return rc == RC_OK || rc == RC_NOT_FOUND ? tell(t, str_of(path.at), file) : rc;
}

static enum rc tell_key(struct telling *t)
{
    int file;

    enum rc rc = vault_wrapped_key(t->vault, &file);
    return rc == RC_OK ? tell(t, VAULT_KEY_PATH, file) : rc;
}

static enum rc tell_made(struct telling *kept, int64_t id)
{
    enum rc rc = tell_file(kept, photo_file(kept->arena, id, PHOTO_SCREEN));

    return rc == RC_OK ? tell_file(kept, photo_file(kept->arena, id, PHOTO_THUMB)) : rc;
}

static enum rc tell_photo(struct telling *arrivals, struct telling *kept,
                          const struct photo *photo)
{
    if (str_eq(photo->state, PHOTO_NEW))
        return tell_file(arrivals, photo->arrived);
    if (!str_eq(photo->state, PHOTO_READY))
        return RC_OK;
    return tell_made(kept, photo->id);
}

static enum rc tell_copies(struct op *op, struct telling *kept, struct photo_copy *last,
                           size_t *n)
{
    struct arena_mark mark = arena_mark(op->arena);
    struct list       found;

    enum rc rc = copy_list_after(op, last->county, last->id, FILES_PAGE, &found);
    for (size_t i = 0; rc == RC_OK && i < found.n; i++) {
        *last = ((const struct photo_copy *)found.at)[i];
        if (str_eq(last->state, PHOTO_READY))
            rc = tell_made(kept, last->id);
    }
    *n = rc == RC_OK ? found.n : 0;
    arena_back(op->arena, mark);
    return rc;
}

static enum rc tell_page(struct op *op, struct telling *arrivals, struct telling *kept,
                         struct photo *last, size_t *n)
{
    struct arena_mark mark = arena_mark(op->arena);
    struct list       found;

    enum rc rc = photo_list_after(op, last->county, last->id, FILES_PAGE, &found);
    for (size_t i = 0; rc == RC_OK && i < found.n; i++) {
        *last = ((const struct photo *)found.at)[i];
        rc = tell_photo(arrivals, kept, last);
    }
    *n = rc == RC_OK ? found.n : 0;
    arena_back(op->arena, mark);
    return rc;
}

enum rc photo_files(struct op *op, photo_each_file *each, void *context)
{
    struct photo_vaults vaults = photo_vaults();
    struct telling arrivals = { op->arena, each, context, vaults.arrivals, "arrivals" };
    struct telling kept = { op->arena, each, context, vaults.kept, "photos" };
    struct photo   last = { 0 };
    size_t         n = FILES_PAGE;

    enum rc rc = tell_key(&arrivals);
    if (rc == RC_OK)
        rc = tell_key(&kept);
    while (rc == RC_OK && n == FILES_PAGE)
        rc = tell_page(op, &arrivals, &kept, &last, &n);
    struct photo_copy copy = { 0 };
    for (n = FILES_PAGE; rc == RC_OK && n == FILES_PAGE;)
        rc = tell_copies(op, &kept, &copy, &n);
    return rc;
}
