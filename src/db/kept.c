#include "db/kept.h"

#include "db/engine.h"

/* The newest first. */
struct kept {
    const struct kept *older;
    struct str         key;
    const void        *value;
};

struct arena *kept_arena(struct db *db)
{
    bool writers = db->mode == DB_WRITE && db->in_transaction && !db->snapshots;

    return writers && !db->keeping.over ? &db->keeping : NULL;
}

const void *kept_find(struct db *db, struct str key)
{
    for (const struct kept *one = db->kept; one; one = one->older)
        if (str_eq(one->key, key))
            return one->value;
    return NULL;
}

void kept_add(struct db *db, struct str key, const void *value)
{
    struct arena *arena = kept_arena(db);
    struct kept  *one = arena && value ? arena_new(arena, struct kept) : NULL;

    if (!one)
        return;
    *one = (struct kept){ .older = db->kept, .key = str_copy(arena, key), .value = value };
    if (one->key.at)
        db->kept = one;
}

void kept_drop(struct db *db)
{
    db->kept = NULL;
}
