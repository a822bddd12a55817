#include "gate/chain.h"

#include <string.h>

#include "base/json.h"
#include "base/random.h"
#include "gate/journal_store.h"
#include "guard/seal.h"
#include "guard/sm.h"

enum { SALT_BYTES = 16 };

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

void chain_hash(const unsigned char before[CHAIN_HASH_BYTES], const struct journal_row *row,
                unsigned char out[CHAIN_HASH_BYTES])
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
    chain_hash(chain->hash, &row, hashes + SM3_BYTES);
    rc = journal_insert(op, &row);
    if (rc != RC_OK)
        return rc;
    line->hash = row.hash;
    chain->seq = line->seq;
    chain->at_ms = line->at_ms;
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

enum rc journal_at(struct op *op, int64_t county, int64_t seq, struct line *line)
{
    struct list rows = { 0 };

    enum rc rc = journal_rows_after(op, county, seq - 1, 1, &rows);
    if (rc != RC_OK)
        return rc;
    const struct journal_row *row = rows.at;
    return rows.n && row->seq == seq ? to_line(op, row, line) : RC_NOT_FOUND;
}

bool chain_payload_fits(struct op *op, const struct journal_row *row)
{
    unsigned char hash[SM3_BYTES];
    struct str    text;

    enum rc rc = open_payload(op, row, &text);
    if (rc == RC_GONE)
        return true;
    if (rc != RC_OK)
        return false;
    hash_payload(text, hash);
    return str_eq(PART_OF(hash), row->payload_hash);
}
