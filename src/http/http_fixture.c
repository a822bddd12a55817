#include "http/http_fixture.h"

#include "base/clock.h"
#include "database.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "gate/journal_store.h"
#include "gate/refusals.h"
#include "guard/guard_store.h"
#include "guard/keys_folder.h"

struct house house;

int house_open(void **state, const struct act *acts)
{
    const struct act         *tables[] = { acts };
    const struct stmts *const stmts[] = { &lease_stmts, &gate_stmts, &refusals_stmts,
                                          &guard_stmts };
    struct key_provider       provider;
    size_t                    applied;

    clock_unlock();
    if (test_on_sqlite(state) != 0)
        return 1;
    house = (struct house){ .where = test_database(state) };
    house.catalogue = db_catalogue_new(stmts, COUNT(stmts));
    struct gate_options options = { .where = house.where,
                                    .address = STR("here"),
                                    .catalogue = house.catalogue };
    acts_register(tables, 1, true);
    return migrate(house.where, &applied) != RC_OK ||
           keys_memory_open(1, &provider) != RC_OK || keys_open(&provider) != RC_OK ||
           gate_open(&options, &house.gate) != RC_OK;
}

int house_close(void **state)
{
    gate_close(&house.gate);
    db_catalogue_free(&house.catalogue);
    keys_close();
    return test_drop(state);
}
