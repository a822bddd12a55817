#include "registry/audit_store.h"

#include "db/db.h"
#include "registry/audit.h"

static const struct field row_fields[] = {
    FIELD(struct audit_row, county, OPTIONAL),  FIELD(struct audit_row, kind, OPTIONAL),
    FIELD(struct audit_row, account, OPTIONAL), FIELD(struct audit_row, at_ms, OPTIONAL),
    FIELD(struct audit_row, seq, OPTIONAL),
};

static const struct stmt insert = {
    .name = "audit_insert",
    .sql = "INSERT INTO audit_lines (:names) VALUES (:values)",
    DB_RECORD(row_fields),
};
/* The third comparison is what the index goes by. */
static const struct stmt page = {
    .name = "audit_page",
    .sql = "SELECT :names FROM audit_lines"
           " WHERE county = $1 AND kind = $2 AND account = $3 AND at_ms >= $4"
           " AND at_ms <= $5 AND (at_ms, seq) < ($5, $6)"
           " ORDER BY at_ms DESC, seq DESC LIMIT $7",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(row_fields),
};

const struct stmts audit_stmts = {
    .all = (const struct stmt *const[]){ &insert, &page, NULL },
};

enum rc audit_insert(struct op *op, const struct audit_row *row)
{
    return db_put(op->db, &insert, row, NULL);
}

enum rc audit_select(struct op *op, const struct audit_range *range, size_t most,
                     struct list *rows)
{
    return db_all(op->db, op->arena, &page,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(range->kind),
                            DB_INT(range->account), DB_INT(range->since_ms),
                            DB_INT(range->before_ms), DB_INT(range->before_seq),
                            DB_INT((int64_t)most)),
                  sizeof(struct audit_row), most, rows);
}
