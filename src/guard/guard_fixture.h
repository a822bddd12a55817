/* What the stored tests of the guard share: an empty, migrated database, a
 * connection that writes, and an operation on it in county 7. */
#ifndef GUARD_GUARD_FIXTURE_H
#define GUARD_GUARD_FIXTURE_H
#include "database.h"

#include "base/arena.h"
#include "base/op.h"
#include "db/db.h"

struct fixture {
    struct str           where;
    struct arena         arena;
    struct db           *db;
    struct db_catalogue *catalogue;
    struct id_source     ids;
    struct op            op;
};

void fixture_open(struct fixture *f, void **state);
void fixture_close(struct fixture *f);

#endif
