#include "gate/chain.h"

#include <string.h>

#include "base/json.h"
#include "base/random.h"
#include "gate/journal_store.h"
#include "guard/seal.h"
#include "guard/sm.h"

enum { SALT_BYTES = 16, VERIFY_PAGE = 200 };

void journal_about(struct op *op, int64_t subject, int64_t before, int64_t after,
                   int64_t person)
{
    assert(op->line);
    op->line->subject = subject;
    op->line->before = before;
    op->line->after = after;
    op->line->person = person;
}

enum rc journal_says(struct op *op, const struct field *fields, size_t n, const void *from)
{
    struct json_out out;

    assert(op->line);
    json_out_init(&out, op->arena);
    out.brief = true;
    json_struct(&out, fields, n, from);
    op->line->payload = json_done(&out);
    return op->line->payload.at ? RC_OK : RC_TOO_LARGE;
}

enum rc answers_forget(struct op *op, int64_t account)
{
    return asked_forget_account(op, account);
}

/* ---- hashing ---- */

/* What a line's hash covers, every number as 8 bytes big-endian, in one buffer:
 * two fields can never be read as another pair. */
enum { NUMBERS = 9, NUMBERS_BYTES = NUMBERS * 8 };

static void put_number(unsigned char **at, int64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        *(*at)++ = (unsigned char)((uint64_t)number >> shift);
}

static void hash_line(const unsigned char before[SM3_BYTES], const struct journal_row *row,
                      unsigned char out[SM3_BYTES])
{
    unsigned char numbers[NUMBERS_BYTES], *at = numbers;

    put_number(&at, row->county);
    put_number(&at, row->seq);
    put_number(&at, row->at_ms);
    put_number(&at, row->actor);
    put_number(&at, row->subject);
    put_number(&at, row->before);
    put_number(&at, row->after);
    put_number(&at, row->person); /* or a payload could pass for one whose key is gone */
    put_number(&at, (int64_t)row->act.len);
    sm3(PARTS(STR("linli journal 1"), str_slice((const char *)before, SM3_BYTES),
              PART_OF(numbers), row->act, row->payload_hash),
        out);
}

static void hash_payload(struct str text, unsigned char out[SM3_BYTES])
{
    sm3(PARTS(text), out);
}

/* ---- writing ---- */

static struct str salted(struct arena *arena, struct str payload)
{
    char *text = arena_take(arena, SALT_BYTES + payload.len);

    if (!text)
        return STR_NONE;
    random_bytes(text, SALT_BYTES);
    if (payload.len)
        memcpy(text + SALT_BYTES, payload.at, payload.len);
    return str_slice(text, SALT_BYTES + payload.len);
}

enum rc chain_append(struct op *op, struct chain *chain, struct line *line)
{
    unsigned char *hashes = arena_take(op->arena, (size_t)2 * SM3_BYTES);
    struct str     text = salted(op->arena, line->payload), sealed;

    if (!hashes || !text.at)
        return RC_TOO_LARGE;
    line->seq = chain->seq + 1;
    enum rc rc = seal(op, PLACE("journal_payloads", "sealed", line->seq, line->person),
                      text, &sealed);
    if (rc != RC_OK)
        return rc;
    hash_payload(text, hashes);
    struct journal_row row = {
        .county = line->county,
        .seq = line->seq,
        .at_ms = line->at_ms,
        .act = line->act,
        .actor = line->actor,
        .subject = line->subject,
        .before = line->before,
        .after = line->after,
        .person = line->person,
        .sealed = sealed,
        .payload_hash = str_slice((const char *)hashes, SM3_BYTES),
        .hash = str_slice((const char *)hashes + SM3_BYTES, SM3_BYTES),
    };
    hash_line(chain->hash, &row, hashes + SM3_BYTES);
    rc = journal_insert(op, &row);
    if (rc != RC_OK)
        return rc;
    line->hash = row.hash;
    chain->seq = line->seq;
    memcpy(chain->hash, row.hash.at, SM3_BYTES);
    return RC_OK;
}

enum rc chain_load(struct op *op, int64_t county, struct chain *chain)
{
    struct head_row head;

    *chain = (struct chain){ .county = county };
    enum rc rc = journal_last(op, county, &head);
    if (rc != RC_OK || head.seq == 0)
        return rc;
    if (head.hash.len != SM3_BYTES)
        return fail(op, RC_INTERNAL, NULL, "日志链末行的哈希长度不对。");
    chain->seq = head.seq;
    memcpy(chain->hash, head.hash.at, SM3_BYTES);
    return RC_OK;
}

/* ---- reading ---- */

/* RC_GONE when its key is destroyed. */
static enum rc open_payload(struct op *op, const struct journal_row *row, struct str *text)
{
    return unseal(op, PLACE("journal_payloads", "sealed", row->seq, row->person),
                  row->sealed, text);
}

static enum rc to_line(struct op *op, const struct journal_row *row, struct line *line)
{
    struct str text;

    *line = (struct line){
        .county = row->county,
        .seq = row->seq,
        .at_ms = row->at_ms,
        .act = row->act,
        .actor = row->actor,
        .subject = row->subject,
        .before = row->before,
        .after = row->after,
        .person = row->person,
        .hash = row->hash,
    };
    enum rc rc = open_payload(op, row, &text);
    if (rc == RC_GONE)
        return RC_OK;
    if (rc == RC_OK && text.len >= SALT_BYTES)
        line->payload = str_skip(text, SALT_BYTES);
    return rc;
}

enum rc journal_read(struct op *op, int64_t county, int64_t subject, int64_t after_seq,
                     size_t most, struct list *lines)
{
    struct list rows = { 0 };

    enum rc rc = subject ? journal_rows_about(op, county, subject, after_seq, most, &rows)
                         : journal_rows_after(op, county, after_seq, most, &rows);
    if (rc != RC_OK)
        return rc;
    *lines = (struct list){ arena_many(op->arena, rows.n + 1, struct line), rows.n };
    if (!lines->at)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < rows.n; i++) {
        rc = to_line(op, (const struct journal_row *)rows.at + i,
                     (struct line *)lines->at + i);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

/* ---- verifying ---- */

struct verifying {
    struct op   *op;
    struct chain chain;
    int64_t      broken;
    const char  *says;
};

static const char *payload_fits(struct verifying *v, const struct journal_row *row)
{
    unsigned char hash[SM3_BYTES];
    struct str    text;

    enum rc rc = open_payload(v->op, row, &text);
    if (rc == RC_GONE)
        return NULL;
    if (rc != RC_OK)
        return "内容的封印被动过";
    hash_payload(text, hash);
    return str_eq(str_slice((const char *)hash, SM3_BYTES), row->payload_hash)
               ? NULL
               : "内容和它的哈希对不上";
}

static const char *line_fits(struct verifying *v, const struct journal_row *row)
{
    unsigned char hash[SM3_BYTES];

    if (row->seq != v->chain.seq + 1)
        return "前面少了行，或次序被换过";
    hash_line(v->chain.hash, row, hash);
    if (!str_eq(str_slice((const char *)hash, SM3_BYTES), row->hash))
        return "行的内容和哈希对不上：被改过、插入过或换过";
    return payload_fits(v, row);
}

static enum rc verify_line(struct verifying *v, const struct journal_row *row)
{
    v->says = line_fits(v, row);
    if (v->says) {
        v->broken = v->chain.seq + 1;
        return RC_CONFLICT;
    }
    v->chain.seq = row->seq;
    memcpy(v->chain.hash, row->hash.at, SM3_BYTES);
    return RC_OK;
}

/* A page at a time: a payload's key is looked up on the same connection. */
static enum rc verify_pages(struct verifying *v)
{
    struct list rows = { .n = VERIFY_PAGE };
    enum rc     rc = RC_OK;

    while (rc == RC_OK && rows.n == VERIFY_PAGE) {
        struct arena_mark mark = arena_mark(v->op->arena);
        rc = journal_rows_after(v->op, v->chain.county, v->chain.seq, VERIFY_PAGE, &rows);
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
            rc = verify_line(v, (const struct journal_row *)rows.at + i);
        arena_back(v->op->arena, mark);
    }
    return rc;
}

/* The head, kept apart, shows when the last lines are missing. */
static enum rc verify_tail(struct verifying *v)
{
    struct head_row head;

    enum rc rc = journal_head(v->op, v->chain.county, &head);
    if (rc != RC_OK)
        return rc;
    if (head.seq == v->chain.seq &&
        (head.seq == 0 ||
         str_eq(head.hash, str_slice((const char *)v->chain.hash, SM3_BYTES))))
        return RC_OK;
    v->broken = (head.seq < v->chain.seq ? head.seq : v->chain.seq) + 1;
    v->says = "链尾和记下的末行对不上：末尾的行被删过或加过";
    return RC_CONFLICT;
}

enum rc journal_verify(struct op *op, int64_t county, int64_t *lines, int64_t *broken)
{
    struct verifying v = { .op = op, .chain = { .county = county } };

    enum rc rc = db_snapshot(op->db); /* a server may be writing meanwhile */
    if (rc == RC_OK)
        rc = verify_pages(&v);
    if (rc == RC_OK)
        rc = verify_tail(&v);
    db_snapshot_end(op->db);
    *lines = v.chain.seq;
    *broken = v.broken;
    if (rc == RC_CONFLICT)
        return fail(op, RC_CONFLICT, NULL, "第 %lld 行：%s。", (long long)v.broken, v.says);
    return rc;
}

enum rc journal_counties(struct op *op, struct list *counties)
{
    return journal_county_numbers(op, counties);
}
