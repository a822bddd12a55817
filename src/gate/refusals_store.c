#include "db/db.h"
#include "gate/refusals.h"

static const struct field refusal_fields[] = {
    FIELD(struct refusal, minute, OPTIONAL), FIELD(struct refusal, account, OPTIONAL),
    FIELD(struct refusal, act, OPTIONAL),    FIELD(struct refusal, word, OPTIONAL),
    FIELD(struct refusal, times, OPTIONAL),
};

#define REFUSAL_SELECT                                                                     \
    "SELECT minute, account, act, word, times FROM refusals WHERE county = $1"

/* A row's place is its whole key; the first comparison is what the index goes by. */
static const struct stmt all = {
    .name = "refusals_all",
    .sql = REFUSAL_SELECT
    " AND minute >= $2 AND minute < $3 AND (minute, account, act, word) > ($2, $4, $5, $6)"
    " ORDER BY minute, account, act, word LIMIT $7",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT,
                                   KIND_TEXT, KIND_INT },
    .nparams = 7,
    .row = refusal_fields,
    .nrow = COUNT(refusal_fields),
};
static const struct stmt of_account = {
    .name = "refusals_of_account",
    .sql = REFUSAL_SELECT " AND account = $4 AND minute >= $2 AND minute < $3 AND (minute, "
                          "act, word) > ($2, $5, $6)"
                          " ORDER BY minute, act, word LIMIT $7",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT,
                                   KIND_TEXT, KIND_INT },
    .nparams = 7,
    .row = refusal_fields,
    .nrow = COUNT(refusal_fields),
};
/* Oldest first, so many at a time. */
static const struct stmt drop = {
    .name = "refusals_drop",
    .sql = "DELETE FROM refusals WHERE county = $1 AND (minute, account, act, word) IN"
           " (SELECT minute, account, act, word FROM refusals WHERE county = $1 AND minute "
           "< $2"
           " ORDER BY minute, account, act, word LIMIT $3)",
    .params = (const enum kind[]){ KIND_INT, KIND_INT, KIND_INT },
    .nparams = 3,
};

const struct stmts refusals_stmts = {
    .all = (const struct stmt *const[]){ &all, &of_account, &drop, NULL },
};

enum rc refusals_after(struct op *op, const struct refusals_asked *asked, size_t most,
                       struct list *rows)
{
    const struct refusal *after = &asked->after;
    bool                  one = asked->account != 0;

    return db_all(
        op->db, op->arena, one ? &of_account : &all,
        DB_VALUES(DB_INT(op->county), DB_INT(after->minute), DB_INT(asked->until_minute),
                  DB_INT(one ? asked->account : after->account),
                  DB_TEXT(after->act.at ? after->act : STR("")),
                  DB_TEXT(after->word.at ? after->word : STR("")), DB_INT((int64_t)most)),
        sizeof(struct refusal), most, rows);
}

enum rc refusals_forget(struct op *op)
{
    return db_run(op->db, &drop,
                  DB_VALUES(DB_INT(op->county),
                            DB_INT((op->now_ms - REFUSALS_KEPT_MS) / REFUSALS_MINUTE_MS),
                            DB_INT(REFUSALS_AT_ONCE)),
                  NULL);
}
