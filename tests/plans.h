/* Asks the engine how it would run every statement of some modules, each variant of
 * their lists among them, and refuses those that read a whole table or index, or
 * sort: with a million rows these are the ones that take seconds. */
#ifndef TESTS_PLANS_H
#define TESTS_PLANS_H
#include "db/db.h"

struct arena;

/* The database is migrated.  `allowed` begins the names of statements that may
 * (because their table is small), and ends with NULL; it may be NULL. */
void test_plans(struct str where, const struct stmts *const *tables, size_t n,
                const char *const *allowed);
/* One statement's. */
struct str test_plan(struct db *db, struct arena *arena, const struct stmt *stmt);
bool       test_plan_is_slow(struct db *db, struct arena *arena, const struct stmt *stmt);

#endif
