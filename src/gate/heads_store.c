#include "db/db.h"
#include "gate/heads.h"

static const struct field head_fields[] = {
    FIELD(struct head, county, OPTIONAL), FIELD(struct head, seq, OPTIONAL),
    FIELD(struct head, at_ms, OPTIONAL),  FIELD_BYTES(struct head, hash, OPTIONAL),
    FIELD(struct head, key, OPTIONAL),    FIELD_BYTES(struct head, signature, OPTIONAL),
};
struct seq_row {
    int64_t seq;
};
static const struct field seq_fields[] = { FIELD(struct seq_row, seq, OPTIONAL) };

#define HEAD_COLUMNS "county, seq, at_ms, hash, key, signature"

static const struct stmt keep = {
    .name = "heads_keep",
    .sql = "INSERT INTO signed_heads (" HEAD_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"
           " ON CONFLICT (county, seq) DO NOTHING",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_BYTES, KIND_TEXT,
                                   KIND_BYTES },
    .nparams = 6,
};
static const struct stmt last = {
    .name = "heads_last",
    .sql = "SELECT " HEAD_COLUMNS " FROM signed_heads WHERE county = $1"
           " ORDER BY seq DESC LIMIT 1",
    .params = (const enum kind[]){ KIND_INT },
    .nparams = 1,
    .row = head_fields,
    .nrow = COUNT(head_fields),
};
static const struct stmt after = {
    .name = "heads_after",
    .sql = "SELECT " HEAD_COLUMNS " FROM signed_heads WHERE county = $1 AND seq > $2"
           " ORDER BY seq LIMIT $3",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT },
    .nparams = 3,
    .row = head_fields,
    .nrow = COUNT(head_fields),
};
static const struct stmt since = {
    .name = "heads_since",
    .sql = "SELECT seq FROM signed_heads WHERE county = $1 AND at_ms >= $2"
           " ORDER BY at_ms, seq LIMIT 1",
    .params = (const enum kind[]){ KIND_INT, KIND_INT },
    .nparams = 2,
    .row = seq_fields,
    .nrow = COUNT(seq_fields),
};

const struct stmts heads_stmts = {
    .all = (const struct stmt *const[]){ &keep, &last, &after, &since, NULL },
};

enum rc heads_keep(struct op *op, const struct head *head)
{
    return db_put(op->db, &keep, head_fields, COUNT(head_fields), head);
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
    struct seq_row row;

    enum rc rc =
        db_one(op->db, op->arena, &since, DB_VALUES(DB_INT(county), DB_INT(at_ms)), &row);
    *seq = rc == RC_OK ? row.seq - 1 : INT64_MAX;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
