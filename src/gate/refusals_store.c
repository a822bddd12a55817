#include <string.h>

#include "db/db.h"
#include "db/list.h"
#include "gate/refusals.h"

static const struct field refusal_fields[] = {
    FIELD(struct refusal, minute, OPTIONAL),  FIELD(struct refusal, account, OPTIONAL),
    FIELD(struct refusal, act, OPTIONAL),     FIELD(struct refusal, word, OPTIONAL),
    FIELD(struct refusal, address, OPTIONAL), FIELD(struct refusal, times, OPTIONAL),
};

/* A row's place is its whole key; the comparison before it is what the index goes by. */
static const enum kind head_params[] = { KIND_INT, KIND_INT,  KIND_INT,  KIND_INT,
                                         KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT };
static const enum kind one_int[] = { KIND_INT }, one_text[] = { KIND_TEXT };

/* One filter picks the index: account, else act, else address.  The others are hidden from
 * SQLite, which would sort when a column that it may go by stands among the order. */
static const struct list_choice whose[] = { { "", NULL, 0 },
                                            { " AND account = ?", one_int, 1 } };
static const struct list_choice what[] = { { "", NULL, 0 },
                                           { " AND act = ?", one_text, 1 },
                                           { " AND act || '' = ?", one_text, 1 } };
static const struct list_choice whence[] = { { "", NULL, 0 },
                                             { " AND address = ?", one_text, 1 },
                                             { " AND address || '' = ?", one_text, 1 } };
static const struct list_choice orders[] = {
    { " ORDER BY minute DESC, account DESC, act DESC, word DESC, address DESC", NULL, 0 },
    { " ORDER BY minute DESC, act DESC, word DESC, address DESC", NULL, 0 },
    { " ORDER BY minute DESC, account DESC, word DESC, address DESC", NULL, 0 },
};

static void pick(bool account, bool act, bool address, size_t *choice)
{
    choice[0] = account;
    choice[1] = act ? account ? 2 : 1 : 0;
    choice[2] = address ? account || act ? 2 : 1 : 0;
    choice[3] = account ? 1 : act ? 2 : 0;
}

static bool keep(const size_t *choice)
{
    size_t picked[4];

    pick(choice[0], choice[1], choice[2], picked);
    return memcmp(picked, choice, sizeof picked) == 0;
}

static const struct list_dimension dimensions[] = {
    { "account", whose, COUNT(whose) },
    { "act", what, COUNT(what) },
    { "address", whence, COUNT(whence) },
    { "order", orders, COUNT(orders) },
};
static const struct list_query pages = {
    .name = "refusals_page",
    .head = "SELECT :names FROM refusals"
            " WHERE county = ? AND minute >= ? AND minute <= ?"
            " AND (minute, account, act, word, address) < (?, ?, ?, ?, ?)",
    .head_params = head_params,
    .nhead_params = COUNT(head_params),
    .dimensions = dimensions,
    .ndimensions = COUNT(dimensions),
    .tail = " LIMIT ?",
    .tail_params = one_int,
    .ntail_params = 1,
    DB_ROW(refusal_fields),
    .keep = keep,
};

/* Oldest first, so many at a time. */
static const struct stmt drop = {
    .name = "refusals_drop",
    .sql = "DELETE FROM refusals WHERE county = $1"
           " AND (minute, account, act, word, address) IN"
           " (SELECT minute, account, act, word, address FROM refusals WHERE county = $1"
           " AND minute < $2 ORDER BY minute, account, act, word, address LIMIT $3)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};

const struct stmts refusals_stmts = {
    .all = (const struct stmt *const[]){ &drop, NULL },
    .lists = (const struct list_query *const[]){ &pages, NULL },
};

enum { VALUES_MAX = COUNT(head_params) + COUNT(dimensions) + 1 };

/* The row that a page begins after: at first one beyond the last minute asked for. */
static size_t bind_head(const struct op *op, const struct refusals_asked *asked,
                        struct db_value *values)
{
    const struct refusal *before = &asked->before;
    bool                  first = !before->act.at;
    int64_t               until = first ? asked->until_minute : before->minute;
    const struct db_value head[COUNT(head_params)] = {
        DB_INT(op->county),
        DB_INT(asked->since_minute),
        DB_INT(until),
        DB_INT(first ? until + 1 : before->minute),
        DB_INT(before->account),
        DB_TEXT(first ? STR("") : before->act),
        DB_TEXT(first ? STR("") : before->word),
        DB_TEXT(before->address.at ? before->address : STR("")),
    };

    for (size_t i = 0; i < COUNT(head); i++)
        values[i] = head[i];
    return COUNT(head);
}

enum rc refusals_before(struct op *op, const struct refusals_asked *asked, size_t most,
                        struct list *rows)
{
    struct db_value values[VALUES_MAX];
    size_t          n = bind_head(op, asked, values);
    size_t          choice[COUNT(dimensions)];

    pick(asked->account != 0, asked->act.at != NULL, asked->address.at != NULL, choice);
    if (choice[0])
        values[n++] = DB_INT(asked->account);
    if (choice[1])
        values[n++] = DB_TEXT(asked->act);
    if (choice[2])
        values[n++] = DB_TEXT(asked->address);
    values[n++] = DB_INT((int64_t)most);
    return db_all(op->db, op->arena, list_pick(db_catalogue(op->db), &pages, choice),
                  values, n, sizeof(struct refusal), most, rows);
}

enum rc refusals_forget(struct op *op)
{
    return db_run(op->db, &drop,
                  DB_VALUES(DB_INT(op->county),
                            DB_INT((op->now_ms - REFUSALS_KEPT_MS) / REFUSALS_MINUTE_MS),
                            DB_INT(REFUSALS_AT_ONCE)),
                  NULL);
}
