#include "db/memo.h"

#include "db/engine.h"

/* The newest first. */
struct memo {
    const struct memo *older;
    struct str         key;
    const void        *value;
};

/* Nobody else can change what it reads. */
static bool is_writers(const struct db *db)
{
    return db->mode == DB_WRITE && db->in_transaction && !db->snapshots;
}

struct arena *memo_arena(struct db *db)
{
    return is_writers(db) && !db->memo_room.over ? &db->memo_room : NULL;
}

const void *memo_find(struct db *db, struct str key)
{
    for (const struct memo *one = is_writers(db) ? db->memos : NULL; one; one = one->older)
        if (str_eq(one->key, key))
            return one->value;
    return NULL;
}

void memo_add(struct db *db, struct str key, const void *value)
{
    struct arena *arena = memo_arena(db);
    struct memo  *one = arena && value ? arena_new(arena, struct memo) : NULL;

    if (!one)
        return;
    *one = (struct memo){ .older = db->memos, .key = str_copy(arena, key), .value = value };
    if (one->key.at)
        db->memos = one;
}

void memo_drop(struct db *db)
{
    db->memos = NULL;
}
