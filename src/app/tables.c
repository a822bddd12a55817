#include "app/tables.h"

#include <string.h>

#include "app/doctor/doctor_store.h"
#include "app/keep/deletions.h"
#include "app/start.h"
#include "db/lease.h"
#include "engine/appoint/appoint.h"
#include "engine/case/case.h"
#include "engine/case/case_acts.h"
#include "engine/export/export.h"
#include "engine/notice/notice.h"
#include "engine/notify/notify.h"
#include "engine/open311/open311.h"
#include "engine/photo/photo.h"
#include "engine/upper/upper.h"
#include "gate/heads.h"
#include "gate/refusals.h"
#include "gate/journal_store.h"
#include "gate/state_store.h"
#include "guard/factor_store.h"
#include "guard/guard_store.h"
#include "registry/audit.h"
#include "registry/census.h"
#include "registry/keeper.h"
#include "registry/master.h"
#include "registry/registry.h"
#include "scene/scene_acts.h"

// clang-format off
static const struct act *const acts[] = {
    start_acts,
    audit_acts,
    master_acts,
    area_acts,
    org_acts,
    account_acts,
    leave_acts,
    session_acts,
    factor_acts,
    secure_acts,
    key_acts,
    person_acts,
    place_acts,
    forget_acts,
    look_acts,
    shield_acts,
    decoy_acts,
    scene_acts,
    case_acts,
    inside_acts,
    paper_acts,
    bulk_acts,
    wording_acts,
    link_acts,
    search_acts,
    views_acts,
    callback_acts,
    import_acts,
    calendar_acts,
    photo_acts,
    notify_acts,
    export_acts,
    open311_acts,
    upper_acts,
    notice_acts,
    watch_acts,
    matter_acts,
    appoint_acts,
    window_acts,
};
static const struct stmts *const stmts[] = {
    &lease_stmts,
    &gate_stmts,
    &heads_stmts,
    &refusals_stmts,
    &guard_stmts,
    &factor_stmts,
    &area_stmts,
    &org_stmts,
    &account_stmts,
    &leave_stmts,
    &state_stmts,
    &code_stmts,
    &person_stmts,
    &census_stmts,
    &forget_stmts,
    &look_stmts,
    &audit_stmts,
    &scene_stmts,
    &case_stmts,
    &calendar_stmts,
    &part_stmts,
    &sight_stmts,
    &intake_stmts,
    &callback_stmts,
    &link_stmts,
    &precedent_stmts,
    &wording_stmts,
    &minutes_stmts,
    &paper_stmts,
    &search_stmts,
    &views_stmts,
    &import_stmts,
    &public_stmts,
    &follow_stmts,
    &photo_stmts,
    &copy_stmts,
    &notify_stmts,
    &export_stmts,
    &open311_stmts,
    &upper_stmts,
    &notice_stmts,
    &matter_stmts,
    &appoint_stmts,
    &deletion_stmts,
    &doctor_stmts,
};
// clang-format on

const struct followers tables_followers = {
    .all = (const struct follower *const[]){ &notify_follower, &audit_follower,
                                             &open311_follower, &upper_follower,
                                             &notice_follower, &appoint_follower,
                                             NULL },
};

/* Messages come last: they are found by the ids of what the others kept. */
static const struct person_keeper *const keepers[] = {
    &case_keeper,   &photo_keeper, &open311_keeper, &upper_keeper, &notice_keeper,
    &appoint_keeper, &notify_keeper, NULL
};

static const struct export_source *const lists[] = { &people_export, &case_export, NULL };

void tables_acts(bool demo)
{
    person_keepers(keepers);
    exports_told(lists);
    acts_register(acts, COUNT(acts), demo);
}

struct db_catalogue *tables_catalogue(void)
{
    return db_catalogue_new(stmts, COUNT(stmts));
}

struct db_catalogue *tables_catalogue_with(const struct stmts *const *more, size_t n)
{
    const struct stmts *all[COUNT(stmts) + TABLES_MORE_MAX];

    assert(n <= TABLES_MORE_MAX);
    memcpy(all, stmts, sizeof stmts);
    memcpy(all + COUNT(stmts), more, n * sizeof *more);
    return db_catalogue_new(all, COUNT(stmts) + n);
}
