#include "gate/verify.h"

#include <string.h>

#include "gate/journal_store.h"
#include "guard/sm.h"

enum { VERIFY_PAGE = 200, LOOK_LINES = 1000 };

struct verifying {
    struct op         *op;
    struct chain       chain; /* up to the last line that fits */
    const struct head *heads;
    size_t             nheads, next;
    struct verdict    *verdict;
};

static struct str hash_of(const struct chain *chain)
{
    return str_slice((const char *)chain->hash, CHAIN_HASH_BYTES);
}

static bool blame(struct verifying *v, enum fault fault, int64_t line, int64_t other)
{
    v->verdict->fault = fault;
    v->verdict->line = line;
    v->verdict->other = other;
    return false;
}

/* ---- what was done to the line that does not fit ---- */

/* The rows from the first wrong one on. */
struct wreck {
    const struct journal_row *rows;
    size_t                    n;
    int64_t                   at; /* the line that should stand first */
};

/* Was this row written as line `seq`, behind a line of that hash? */
static bool follows(struct str before, const struct journal_row *row, int64_t seq)
{
    struct journal_row as = *row;
    unsigned char      hash[CHAIN_HASH_BYTES];

    as.seq = seq;
    if (before.len != CHAIN_HASH_BYTES)
        return false;
    chain_hash((const unsigned char *)before.at, &as, hash);
    return str_eq(PART_OF(hash), row->hash);
}

/* The row in whose place the first one stands has what follows it: lines were moved
 * up. */
static int64_t moved_up(const struct wreck *w)
{
    for (int64_t by = 1; w->n > 1 && by <= LOOK_LINES; by++)
        if (follows(w->rows[0].hash, &w->rows[1], w->rows[1].seq + by))
            return by;
    return 0;
}

/* Where the true line stands now; 0: nowhere near. */
static size_t found_at(const struct verifying *v, const struct wreck *w)
{
    for (size_t i = 1; i < w->n; i++)
        if (follows(hash_of(&v->chain), &w->rows[i], w->at))
            return i;
    return 0;
}

static bool stands_swapped(const struct wreck *w, size_t i)
{
    const struct journal_row *before = i == 1 ? &w->rows[1] : &w->rows[i - 1];

    return follows(before->hash, &w->rows[0], w->rows[i].seq);
}

/* The next line leans on the hash that this one had, or would have. */
static bool next_leans(const struct verifying *v, const struct wreck *w)
{
    struct journal_row row = w->rows[0];
    unsigned char      hash[CHAIN_HASH_BYTES];

    if (w->n == 1 || follows(row.hash, &w->rows[1], w->rows[1].seq))
        return true;
    chain_hash(v->chain.hash, &row, hash);
    return follows(PART_OF(hash), &w->rows[1], w->rows[1].seq);
}

/* The head kept apart stands right before the first wrong line. */
static bool ends_before(const struct verifying *v, const struct wreck *w,
                        const struct head_row *head)
{
    return head->seq == w->at - 1 && str_eq(head->hash, hash_of(&v->chain));
}

static bool diagnose(struct verifying *v, const struct wreck *w,
                     const struct head_row *head)
{
    size_t i = found_at(v, w);

    if (w->rows[0].seq != w->at)
        return blame(v, FAULT_REMOVED, w->at, w->rows[0].seq - 1);
    if (i && stands_swapped(w, i))
        return blame(v, FAULT_SWAPPED, w->at, w->rows[i].seq);
    if (i)
        return blame(v, FAULT_ADDED, w->at, w->rows[i].seq - 1);
    if (ends_before(v, w, head))
        return blame(v, FAULT_ADDED, w->at, w->rows[w->n - 1].seq);
    if (next_leans(v, w))
        return blame(v, FAULT_CHANGED, w->at, w->at);
    int64_t by = moved_up(w);
    if (by)
        return blame(v, FAULT_REMOVED, w->at, w->at + by - 1);
    return blame(v, FAULT_UNLINKED, w->at, w->at);
}

/* Reads on from the first wrong line, whose page was short. */
static enum rc look_closer(struct verifying *v)
{
    struct list     rows;
    struct head_row head = { 0 };
    int64_t         at = v->chain.seq + 1;

    enum rc rc = journal_rows_after(v->op, v->chain.county, at - 1, LOOK_LINES, &rows);
    if (rc == RC_OK)
        rc = journal_head(v->op, v->chain.county, &head);
    if (rc == RC_OK)
        (void)diagnose(v, &(struct wreck){ rows.at, rows.n, at }, &head);
    return rc;
}

/* ---- the walk ---- */

/* Every signed head that stands at this line. */
static bool passes_heads(struct verifying *v)
{
    for (; v->next < v->nheads && v->heads[v->next].seq <= v->chain.seq; v->next++) {
        const struct head *head = &v->heads[v->next];
        int64_t            proven = v->verdict->holds ? v->verdict->holds->seq : 0;
        if (!str_eq(head->hash, hash_of(&v->chain)))
            return blame(v, FAULT_REWRITTEN, proven + 1, head->seq);
        v->verdict->holds = head;
        v->verdict->passed++;
    }
    return true;
}

static bool line_fits(const struct verifying *v, const struct journal_row *row)
{
    return row->seq == v->chain.seq + 1 && follows(hash_of(&v->chain), row, row->seq);
}

/* False: the walk is over. */
static bool take_line(struct verifying *v, const struct journal_row *row)
{
    v->chain.seq = row->seq;
    memcpy(v->chain.hash, row->hash.at, CHAIN_HASH_BYTES);
    if (!chain_payload_fits(v->op, row))
        return blame(v, FAULT_CONTENT, row->seq, row->seq);
    v->verdict->lines = row->seq;
    return passes_heads(v);
}

static enum rc walk_page(struct verifying *v, const struct list *rows)
{
    const struct journal_row *row = rows->at;

    for (size_t i = 0; i < rows->n; i++) {
        if (!line_fits(v, &row[i]))
            return look_closer(v);
        if (!take_line(v, &row[i]))
            return RC_OK;
    }
    return RC_OK;
}

/* A page at a time: a payload's key is looked up on the same connection. */
static enum rc walk(struct verifying *v)
{
    struct list rows = { .n = VERIFY_PAGE };
    enum rc     rc = RC_OK;

    while (rc == RC_OK && rows.n == VERIFY_PAGE && !v->verdict->fault) {
        struct arena_mark mark = arena_mark(v->op->arena);
        rc = journal_rows_after(v->op, v->chain.county, v->chain.seq, VERIFY_PAGE, &rows);
        if (rc == RC_OK)
            rc = walk_page(v, &rows);
        arena_back(v->op->arena, mark);
    }
    return rc;
}

/* ---- the end ---- */

/* Heads beyond the last line; and the unsigned one, which shows what was removed since
 * the last signature by somebody who did not think of it. */
static enum rc look_at_end(struct verifying *v)
{
    struct head_row head;
    int64_t         lines = v->chain.seq;

    if (v->next < v->nheads) {
        (void)blame(v, FAULT_CUT, lines + 1, v->heads[v->nheads - 1].seq);
        return RC_OK;
    }
    enum rc rc = journal_head(v->op, v->chain.county, &head);
    if (rc != RC_OK)
        return rc;
    if (head.seq > lines)
        (void)blame(v, FAULT_CUT, lines + 1, head.seq);
    else if (head.seq < lines)
        (void)blame(v, FAULT_ADDED, head.seq + 1, lines);
    else if (lines && !str_eq(head.hash, hash_of(&v->chain)))
        (void)blame(v, FAULT_CUT, lines + 1, lines + 1); /* it is another line's */
    return RC_OK;
}

/* The signed head that the fault contradicts: the first that stands at it or behind. */
static void find_disproof(struct verifying *v)
{
    for (; v->next < v->nheads && !v->verdict->disproof; v->next++)
        if (v->heads[v->next].seq >= v->verdict->line)
            v->verdict->disproof = &v->heads[v->next];
}

enum rc journal_inspect(struct op *op, int64_t county, const struct head *heads, size_t n,
                        struct verdict *verdict)
{
    struct verifying v = { .op = op,
                           .chain = { .county = county },
                           .heads = heads,
                           .nheads = n,
                           .verdict = verdict };

    *verdict = (struct verdict){ .fault = FAULT_NONE };
    enum rc rc = db_snapshot(op->db);
    if (rc == RC_OK)
        rc = walk(&v);
    if (rc == RC_OK && !verdict->fault)
        rc = look_at_end(&v);
    db_snapshot_end(op->db);
    if (verdict->fault)
        find_disproof(&v);
    return rc;
}

enum rc journal_verify(struct op *op, int64_t county, int64_t *lines, int64_t *broken)
{
    struct verdict verdict;

    enum rc rc = journal_inspect(op, county, NULL, 0, &verdict);
    *lines = verdict.lines;
    *broken = verdict.line;
    if (rc == RC_OK && verdict.fault)
        return fail(op, RC_CONFLICT, NULL, "第 %lld 行起日志链不对。",
                    (long long)verdict.line);
    return rc;
}

enum rc journal_counties(struct op *op, struct list *counties)
{
    return journal_county_numbers(op, counties);
}
