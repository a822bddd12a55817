#include "db/db.h"
#include "gate/heads.h"

static const struct field head_fields[] = {
    FIELD(struct head, county, OPTIONAL), FIELD(struct head, seq, OPTIONAL),
    FIELD(struct head, at_ms, OPTIONAL),  FIELD_BYTES(struct head, hash, OPTIONAL),
    FIELD(struct head, key, OPTIONAL),    FIELD_BYTES(struct head, signature, OPTIONAL),
};

static const struct stmt keep = {
    .name = "heads_keep",
    .sql = "INSERT INTO signed_heads (:names) VALUES (:values)"
           " ON CONFLICT (county, seq) DO NOTHING",
    DB_RECORD(head_fields),
};
static const struct stmt last = {
    .name = "heads_last",
    .sql = "SELECT :names FROM signed_heads WHERE county = $1"
           " ORDER BY seq DESC LIMIT 1",
    DB_PARAMS(KIND_INT),
    DB_ROW(head_fields),
};
static const struct stmt after = {
    .name = "heads_after",
    .sql = "SELECT :names FROM signed_heads WHERE county = $1 AND seq > $2"
           " ORDER BY seq LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(head_fields),
};
static const struct stmt since = {
    .name = "heads_since",
    .sql = "SELECT seq FROM signed_heads WHERE county = $1 AND at_ms >= $2"
           " ORDER BY at_ms, seq LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};

const struct stmts heads_stmts = {
    .all = (const struct stmt *const[]){ &keep, &last, &after, &since, NULL },
};

enum rc heads_keep(struct op *op, const struct head *head)
{
    return db_put(op->db, &keep, head, NULL);
}

enum rc heads_last(struct op *op, int64_t county, struct head *head)
{
    enum rc rc = db_one(op->db, op->arena, &last, DB_VALUES(DB_INT(county)), head);

    if (rc != RC_NOT_FOUND)
        return rc;
    *head = (struct head){ .county = county };
    return RC_OK;
}

enum rc heads_after(struct op *op, int64_t county, int64_t seq, size_t most,
                    struct list *heads)
{
    return db_all(op->db, op->arena, &after,
                  DB_VALUES(DB_INT(county), DB_INT(seq), DB_INT((int64_t)most)),
                  sizeof(struct head), most, heads);
}

enum rc heads_since(struct op *op, int64_t county, int64_t at_ms, int64_t *seq)
{
    int64_t first;

    enum rc rc = db_number(op->db, op->arena, &since,
                           DB_VALUES(DB_INT(county), DB_INT(at_ms)), &first);
    *seq = rc == RC_OK ? first - 1 : INT64_MAX;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
