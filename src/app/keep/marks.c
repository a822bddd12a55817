#include "app/keep/marks.h"

#include "base/arena.h"

struct mark {
    struct str value;
};
static const struct field mark_fields[] = { FIELD(struct mark, value, REQUIRED) };
static const enum kind    texts[] = { KIND_TEXT, KIND_TEXT };

static const struct stmt find = {
    .name = "mark_find",
    .sql = "SELECT value FROM installation WHERE name = $1",
    .params = texts,
    .nparams = 1,
    DB_ROW(mark_fields),
};
static const struct stmt put = {
    .name = "mark_put",
    .sql = "INSERT INTO installation (name, value) VALUES ($1, $2)"
           " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    .params = texts,
    .nparams = 2,
};
static const struct stmt drop = {
    .name = "mark_drop",
    .sql = "DELETE FROM installation WHERE name = $1",
    .params = texts,
    .nparams = 1,
};
const struct stmts mark_stmts = {
    .all = (const struct stmt *const[]){ &find, &put, &drop, NULL },
};

enum rc mark_find(struct db *db, struct arena *arena, struct str name, struct str *value)
{
    struct mark mark = { 0 };

    enum rc rc = db_one(db, arena, &find, DB_VALUES(DB_TEXT(name)), &mark);
    *value = mark.value;
    return rc;
}

enum rc mark_put(struct db *db, struct str name, struct str value)
{
    return db_run(db, &put, DB_VALUES(DB_TEXT(name), DB_TEXT(value)), NULL);
}

enum rc mark_drop(struct db *db, struct str name)
{
    return db_run(db, &drop, DB_VALUES(DB_TEXT(name)), NULL);
}
