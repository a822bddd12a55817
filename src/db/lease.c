#include "db/lease.h"

static const struct field lease_fields[] = {
    FIELD(struct lease, county, REQUIRED),   FIELD(struct lease, owner, REQUIRED),
    FIELD(struct lease, address, REQUIRED),  FIELD(struct lease, fence, REQUIRED),
    FIELD(struct lease, until_ms, REQUIRED),
};
static const enum kind take_kinds[] = { KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT,
                                        KIND_INT };
static const enum kind check_kinds[] = { KIND_INT, KIND_TEXT, KIND_INT, KIND_INT };
static const enum kind owner_kinds[] = { KIND_INT };

#define COLUMNS "county, owner, address, fence, until_ms"
static const struct stmt lease_taken = {
    .name = "lease_take",
    .sql = "INSERT INTO leases (" COLUMNS ") VALUES ($1, $2, $3, 1, $5)"
           " ON CONFLICT (county) DO UPDATE SET owner = excluded.owner,"
           "  address = excluded.address, fence = leases.fence + 1,"
           "  until_ms = excluded.until_ms"
           " WHERE leases.until_ms < $4 OR leases.owner = excluded.owner"
           " RETURNING " COLUMNS,
    .params = take_kinds,
    .nparams = COUNT(take_kinds),
    .row = lease_fields,
    .nrow = COUNT(lease_fields),
};
static const struct stmt lease_held = {
    .name = "lease_check",
    .sql = "UPDATE leases SET until_ms = $4"
           " WHERE county = $1 AND owner = $2 AND fence = $3",
    .params = check_kinds,
    .nparams = COUNT(check_kinds),
};
static const struct stmt lease_of = {
    .name = "lease_owner",
    .sql = "SELECT " COLUMNS " FROM leases WHERE county = $1",
    .params = owner_kinds,
    .nparams = COUNT(owner_kinds),
    .row = lease_fields,
    .nrow = COUNT(lease_fields),
};
static const struct stmt lease_every = {
    .name = "lease_all",
    .sql = "SELECT " COLUMNS " FROM leases ORDER BY county",
    .row = lease_fields,
    .nrow = COUNT(lease_fields),
};
static const struct stmt *const all[] = { &lease_taken, &lease_held, &lease_of,
                                          &lease_every, NULL };
const struct stmts              lease_stmts = { .all = all };

enum rc lease_take(struct db *db, struct arena *arena, int64_t free_ms, int64_t until_ms,
                   struct lease *lease)
{
    enum rc rc =
        db_one(db, arena, &lease_taken,
               DB_VALUES(DB_INT(lease->county), DB_TEXT(lease->owner),
                         DB_TEXT(lease->address), DB_INT(free_ms), DB_INT(until_ms)),
               lease);

    return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
}

static enum rc hold_until(struct db *db, const struct lease *lease, int64_t until_ms)
{
    int64_t touched;
    enum rc rc = db_run(db, &lease_held,
                        DB_VALUES(DB_INT(lease->county), DB_TEXT(lease->owner),
                                  DB_INT(lease->fence), DB_INT(until_ms)),
                        &touched);

    return rc == RC_OK && touched == 0 ? RC_UNAVAILABLE : rc;
}

enum rc lease_check(struct db *db, const struct lease *lease, int64_t now_ms,
                    int64_t ttl_ms)
{
    return hold_until(db, lease, now_ms + ttl_ms);
}

enum rc lease_release(struct db *db, const struct lease *lease)
{
    return hold_until(db, lease, 0);
}

enum rc lease_owner(struct db *db, struct arena *arena, int64_t county, struct lease *lease)
{
    return db_one(db, arena, &lease_of, DB_VALUES(DB_INT(county)), lease);
}

enum rc lease_all(struct db *db, struct arena *arena, struct list *leases)
{
    return db_all(db, arena, &lease_every, DB_NONE, sizeof(struct lease), COUNTY_MAX + 1,
                  leases);
}
