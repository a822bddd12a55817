/* The chain against whoever can write its tables: every change past the facade is
 * found, and the first broken line named. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gate/gate_fixture.h"
#include "gate/journal_store.h"

enum { LINES = 5 };

static void given_lines(struct house *h, void **state)
{
    int64_t broken;

    open_house(h, state);
    for (int i = 0; i < LINES; i++)
        CHECK_INT(note(h), RC_OK);
    CHECK_INT(verify(h, &broken), LINES);
    CHECK_INT(broken, 0);
    gate_close(&h->gate);
}

static void names(struct house *h, int64_t wanted, const char *what)
{
    struct arena_mark mark = arena_mark(&h->arena);
    int64_t           broken;

    (void)verify(h, &broken);
    if (broken != wanted)
        fail_msg("%s: named line %lld", what, (long long)broken);
    arena_back(&h->arena, mark);
}

/* ---- any byte of any line ---- */

struct tampering {
    struct house      *h;
    struct db         *db;
    struct op          op;
    struct journal_row row; /* as it was */
};

/* The line as somebody with all rights would leave it. */
static void put_line(struct tampering *t, const struct journal_row *row)
{
    CHECK_INT(db_begin(t->db), RC_OK);
    CHECK_INT(line_away(&t->op, row->seq), RC_OK);
    CHECK_INT(journal_insert(&t->op, row), RC_OK);
    CHECK_INT(db_commit(t->db), RC_OK);
}

static void spoil_number(struct tampering *t, size_t offset, const char *what)
{
    for (int shift = 0; shift < 63; shift += 8) {
        struct journal_row row = t->row;
        int64_t           *number = (int64_t *)(void *)((char *)&row + offset);
        *number ^= INT64_C(1) << shift;
        put_line(t, &row);
        names(t->h, row.seq, what);
    }
}

static void spoil_bytes(struct tampering *t, size_t offset, const char *what)
{
    struct journal_row row = t->row;
    struct str        *bytes = (struct str *)(void *)((char *)&row + offset);
    size_t             len = bytes->len;
    char              *copy = arena_take(&t->h->arena, len + 1);

    CHECK(copy && len);
    memcpy(copy, bytes->at, len);
    copy[len] = 'x';
    bytes->at = copy;
    for (size_t i = 0; i < len; i++) {
        copy[i] ^= 1;
        put_line(t, &row);
        names(t->h, row.seq, what);
        copy[i] ^= 1;
    }
    for (bytes->len = len - 1; bytes->len <= len + 1; bytes->len += 2) {
        put_line(t, &row);
        names(t->h, row.seq, what);
    }
}

static void spoil_line(struct tampering *t)
{
    static const struct {
        const char *what;
        size_t      offset;
        bool        text;
    } parts[] = {
        { "at_ms", offsetof(struct journal_row, at_ms), false },
        { "actor", offsetof(struct journal_row, actor), false },
        { "subject", offsetof(struct journal_row, subject), false },
        { "before", offsetof(struct journal_row, before), false },
        { "after", offsetof(struct journal_row, after), false },
        { "person", offsetof(struct journal_row, person), false },
        { "act", offsetof(struct journal_row, act), true },
        { "payload_hash", offsetof(struct journal_row, payload_hash), true },
        { "hash", offsetof(struct journal_row, hash), true },
        { "sealed", offsetof(struct journal_row, sealed), true },
    };

    for (size_t i = 0; i < COUNT(parts); i++)
        (parts[i].text ? spoil_bytes : spoil_number)(t, parts[i].offset, parts[i].what);
    put_line(t, &t->row);
    names(t->h, 0, "as it was");
}

TEST(any_byte_of_any_line_that_is_changed_is_found)
{
    struct house     h;
    struct list      rows;
    struct tampering t = { .h = &h };

    given_lines(&h, state);
    CHECK_INT(db_open(h.where, DB_WRITE, h.catalogue, &t.db), RC_OK);
    op_init(&t.op, &h.arena, clock_now_ms());
    t.op.db = t.db;
    CHECK_INT(journal_rows_after(&t.op, COUNTY, 0, LINES, &rows), RC_OK);
    CHECK_INT(rows.n, LINES);
    for (size_t i = 0; i < rows.n; i++) {
        t.row = ((const struct journal_row *)rows.at)[i];
        spoil_line(&t);
    }
    db_close(&t.db);
    close_house(&h);
}

/* ---- lines removed, added, swapped ---- */

static PRINTF(2, 3) void tamper(const struct house *h, const char *format, ...)
{
    char    sql[400];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    test_sql(h->where, sql);
}

/* Away and back, so that one chain serves for all; `away` keeps what was removed. */
TEST(a_line_that_is_removed_is_found)
{
    struct house h;

    given_lines(&h, state);
    test_sql(h.where, "CREATE TABLE away AS SELECT * FROM journal");
    for (int seq = 1; seq <= LINES; seq++) {
        tamper(&h, "DELETE FROM journal WHERE seq = %d", seq);
        names(&h, seq, "one is removed");
        tamper(&h, "DELETE FROM journal WHERE seq > %d", seq);
        names(&h, seq, "the rest is removed");
        tamper(&h, "INSERT INTO journal SELECT * FROM away WHERE seq >= %d", seq);
        names(&h, 0, "as it was");
    }
    close_house(&h);
}

TEST(a_tail_that_is_removed_with_its_head_set_back_breaks_at_the_next_line)
{
    struct house h;

    given_lines(&h, state);
    test_sql(h.where, "DELETE FROM journal WHERE seq > 3");
    test_sql(h.where, "UPDATE heads SET seq = 3");
    names(&h, 4, "the head's hash is of another line");
    close_house(&h);
}

TEST(a_line_that_is_added_is_found)
{
    struct house h;

    given_lines(&h, state);
    for (int seq = 1; seq <= LINES; seq++) {
        tamper(&h, "UPDATE journal SET seq = -1 - seq WHERE seq >= %d", seq);
        test_sql(h.where, "UPDATE journal SET seq = -seq WHERE seq < 0");
        tamper(&h,
               "INSERT INTO journal SELECT county, %d, at_ms, act, actor, subject, before, "
               "after,"
               " payload_hash, hash FROM journal WHERE seq = %d",
               seq, seq + 1);
        names(&h, seq + 1, "it stands there twice");
        tamper(&h, "DELETE FROM journal WHERE seq = %d", seq);
        tamper(&h, "UPDATE journal SET seq = 1 - seq WHERE seq > %d", seq);
        test_sql(h.where, "UPDATE journal SET seq = -seq WHERE seq < 0");
        names(&h, 0, "as it was");
    }
    tamper(
        &h,
        "INSERT INTO journal SELECT county, %d, at_ms, act, actor, subject, before, after,"
        " payload_hash, hash FROM journal WHERE seq = %d",
        LINES + 1, LINES);
    names(&h, LINES + 1, "a copy is put at the end");
    close_house(&h);
}

static void swap(struct house *h, int first, int second)
{
    tamper(h, "UPDATE journal SET seq = -seq WHERE seq IN (%d, %d)", first, second);
    tamper(h, "UPDATE journal SET seq = %d WHERE seq = -%d", first, second);
    tamper(h, "UPDATE journal SET seq = %d WHERE seq = -%d", second, first);
}

TEST(lines_that_are_swapped_are_found_whichever_they_are)
{
    struct house h;

    given_lines(&h, state);
    for (int first = 1; first < LINES; first++)
        for (int second = first + 1; second <= LINES; second++) {
            swap(&h, first, second);
            names(&h, first, "swapped");
            swap(&h, first, second);
            names(&h, 0, "as it was");
        }
    close_house(&h);
}

TEST(a_payload_that_is_removed_or_another_lines_is_found)
{
    struct house h;

    given_lines(&h, state);
    test_sql(h.where, "UPDATE journal_payloads SET sealed ="
                      " (SELECT sealed FROM journal_payloads WHERE seq = 2) WHERE seq = 3");
    names(&h, 3, "another line's");
    test_sql(h.where, "DELETE FROM journal_payloads WHERE seq = 2");
    names(&h, 2, "none");
    close_house(&h);
}

/* ---- which counties there are ---- */

TEST(every_county_that_has_lines_or_had_some_is_named)
{
    struct house h;
    struct op    op;
    struct list  counties;

    given_lines(&h, state);
    test_sql(h.where,
             "INSERT INTO journal SELECT 12, seq, at_ms, act, actor, subject, before,"
             " after, payload_hash, hash FROM journal WHERE seq < 3");
    test_sql(h.where, "INSERT INTO heads SELECT 3, seq, hash FROM heads");
    op_init(&op, &h.arena, clock_now_ms());
    op.db = h.db;
    CHECK_INT(journal_counties(&op, &counties), RC_OK);
    const int64_t *numbers = counties.at;
    CHECK(counties.n == 3 && numbers[0] == 3 && numbers[1] == COUNTY && numbers[2] == 12);
    close_house(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(any_byte_of_any_line_that_is_changed_is_found),
        ON_BOTH(a_line_that_is_removed_is_found),
        ON_BOTH(a_tail_that_is_removed_with_its_head_set_back_breaks_at_the_next_line),
        ON_BOTH(a_line_that_is_added_is_found),
        ON_BOTH(lines_that_are_swapped_are_found_whichever_they_are),
        ON_BOTH(a_payload_that_is_removed_or_another_lines_is_found),
        ON_BOTH(every_county_that_has_lines_or_had_some_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
