#include "gate/state_store.h"

enum { FOLLOWERS_MAX = 64 };

static const struct field journal_fields[] = {
    FIELD(struct journal_state, county, OPTIONAL),
    FIELD(struct journal_state, seq, OPTIONAL),
    FIELD(struct journal_state, at_ms, OPTIONAL),
};
static const struct field follower_fields[] = {
    FIELD(struct follower_state, follower, OPTIONAL),
    FIELD(struct follower_state, behind, OPTIONAL),
};

static const struct stmt journals = {
    .name = "state_journals",
    .sql = "SELECT h.county, h.seq, coalesce(j.at_ms, 0) FROM heads h LEFT JOIN journal j"
           " ON j.county = h.county AND j.seq = h.seq ORDER BY h.county LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(journal_fields),
};
static const struct stmt followers = {
    .name = "state_followers",
    .sql = "SELECT c.follower, CAST(coalesce(sum(h.seq - c.seq), 0) AS BIGINT)"
           " FROM cursors c JOIN heads h ON h.county = c.county"
           " GROUP BY c.follower ORDER BY c.follower LIMIT $1",
    DB_PARAMS(KIND_INT),
    DB_ROW(follower_fields),
};

const struct stmts state_stmts = {
    .all = (const struct stmt *const[]){ &journals, &followers, NULL },
};

enum rc state_journals(struct op *op, struct list *list)
{
    return db_all(op->db, op->arena, &journals, DB_VALUES(DB_INT(STATE_COUNTIES_MAX)),
                  sizeof(struct journal_state), STATE_COUNTIES_MAX, list);
}

enum rc state_followers(struct op *op, struct list *list)
{
    return db_all(op->db, op->arena, &followers, DB_VALUES(DB_INT(FOLLOWERS_MAX)),
                  sizeof(struct follower_state), FOLLOWERS_MAX, list);
}
