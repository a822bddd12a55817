#include "app/tables.h"

#include "app/start.h"
#include "db/lease.h"
#include "engine/case/case_acts.h"
#include "engine/notify/notify.h"
#include "engine/photo/photo.h"
#include "gate/journal_store.h"
#include "gate/state_store.h"
#include "guard/guard_store.h"
#include "registry/registry.h"
#include "scene/scene_acts.h"

static const struct act *const acts[] = { start_acts,   area_acts,    org_acts,
                                          account_acts, session_acts, key_acts,
                                          person_acts,  place_acts,   scene_acts,
                                          case_acts,    photo_acts,   notify_acts };

static const struct stmts *const stmts[] = { &lease_stmts, &gate_stmts, &guard_stmts,
                                             &area_stmts,  &org_stmts,  &account_stmts,
                                             &state_stmts, &code_stmts, &person_stmts,
                                             &scene_stmts, &case_stmts, &photo_stmts,
                                             &notify_stmts };

const struct followers tables_followers = {
    .all = (const struct follower *const[]){ &notify_follower, NULL },
};

void tables_acts(bool demo)
{
    acts_register(acts, COUNT(acts), demo);
}

struct db_catalogue *tables_catalogue(void)
{
    return db_catalogue_new(stmts, COUNT(stmts));
}
