/* Inside db/: all statements that the program may run, each with a slot, the
 * index of its prepared form in every connection.  Made once, then only read. */
#ifndef DB_CATALOGUE_H
#define DB_CATALOGUE_H
#include "base/arena.h"
#include "db/list.h"

enum {
    STMT_PARAMS_MAX = 64,
    STMT_COLUMNS_MAX = 64,
    STMT_NAME_MAX = 60 /* PostgreSQL cuts names at 63 */
};

/* One list's combinations by their number; NULL where left out. */
struct list_variants {
    const struct list_query  *query;
    const struct stmt *const *stmts;
};

struct db_catalogue {
    struct arena          arena;
    const struct stmt   **stmts; /* by slot, written out */
    const struct stmt   **told;  /* by slot, as the program knows them */
    size_t                n, room;
    struct list_variants *lists;
    size_t                nlists;
    size_t               *table; /* open addressing by address: slot + 1, 0 is free */
    size_t                mask;
    size_t                faults; /* statements wrong in themselves: no connection opens */
};

/* The slot of a statement; one that is not in the catalogue is a broken
 * invariant: no other SQL can run. */
size_t catalogue_slot(const struct db_catalogue *catalogue, const struct stmt *stmt);

/* Composes every combination of a list; NULL when the arena's budget is gone. */
const struct stmt *const *list_compose(struct arena *arena, const struct list_query *query);
size_t                    list_combinations(const struct list_query *query);

#endif
