#include "db/db.h"
#include "engine/case/case_acts.h"
#include "engine/case/follow_up.h"

enum { HANDS_MAX = 500 };

struct hand {
    struct str hand;
};
static const struct field hand_fields[] = { FIELD(struct hand, hand, OPTIONAL) };

#define F(member) FIELD(struct case_result, member, OPTIONAL)
static const struct field fields[] = {
    F(county),      F(case_id),   F(round),   F(scene), F(kind),  F(org),    F(area),
    F(answered_ms), F(responded), F(in_time), F(call),  F(rated), F(solved), F(stars),
};

static const struct stmt put_hand = {
    .name = "hand_put",
    .sql = "INSERT INTO case_hands (county, case_id, hand) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, case_id, hand) DO NOTHING",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT),
};
static const struct stmt all_hands = {
    .name = "hands_of",
    .sql = "SELECT hand FROM case_hands WHERE county = $1 AND case_id = $2 LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(hand_fields),
};
static const struct stmt put = {
    .name = "result_put",
    .sql = "INSERT INTO case_results (:names) VALUES (:values)"
           " ON CONFLICT (county, case_id, round) DO UPDATE SET call = excluded.call,"
           " rated = excluded.rated, solved = excluded.solved, stars = excluded.stars",
    DB_RECORD(fields),
};
static const struct stmt last = {
    .name = "result_last",
    .sql = "SELECT :names FROM case_results WHERE county = $1 AND case_id = $2"
           " ORDER BY round DESC LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(fields),
};
static const struct stmt walk = {
    .name = "results_walk",
    .sql = "SELECT :names FROM case_results WHERE county = $1 AND scene = $2"
           " AND kind = $3 AND answered_ms >= $4 AND answered_ms < $5",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(fields),
};

const struct stmts follow_stmts = {
    .all = (const struct stmt *const[]){ &put_hand, &all_hands, &put, &last, &walk, NULL },
};

enum rc hand_put(struct op *op, int64_t case_id, struct str hand)
{
    return db_run(op->db, &put_hand,
                  DB_VALUES(DB_INT(op->county), DB_INT(case_id), DB_TEXT(hand)), NULL);
}

enum rc hands_of(struct op *op, int64_t case_id, struct list *hands)
{
    return db_all(op->db, op->arena, &all_hands,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(HANDS_MAX)),
                  sizeof(struct hand), HANDS_MAX, hands);
}

enum rc result_put(struct op *op, const struct case_result *result)
{
    return db_put(op->db, &put, result, NULL);
}

enum rc result_last(struct op *op, int64_t case_id, struct case_result *result)
{
    return db_one(op->db, op->arena, &last,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)), result);
}

enum rc results_walk(struct op *op, const struct result_span *span, result_each *each,
                     void *context)
{
    struct case_result row;

    return db_each(op->db, op->arena, &walk,
                   DB_VALUES(DB_INT(op->county), DB_TEXT(span->scene), DB_TEXT(span->kind),
                             DB_INT(span->from_ms), DB_INT(span->to_ms)),
                   &row, sizeof row, each, context);
}
