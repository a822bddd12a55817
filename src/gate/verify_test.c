/* The chain against whoever can write its tables and knows how it is made: they may
 * recompute every hash, but they cannot sign. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gate/gate_fixture.h"
#include "gate/journal_store.h"
#include "guard/signer_folder.h"
#include "guard/sm.h"

enum { LINES = 9 };

struct signed_house {
    struct house house;
    struct list  heads; /* of lines 3, 6 and 9 */
};

static struct journal_row row_at(struct house *h, int64_t seq)
{
    struct op   op = house_op(h, h->db);
    struct list rows;

    CHECK_INT(journal_rows_after(&op, COUNTY, seq - 1, 1, &rows), RC_OK);
    CHECK_INT(rows.n, 1);
    return *(const struct journal_row *)rows.at;
}

static struct head sign_line(struct house *h, int64_t seq)
{
    struct journal_row row = row_at(h, seq);
    struct chain       end = { .county = COUNTY, .seq = seq };
    struct head        head;

    memcpy(end.hash, row.hash.at, sizeof end.hash);
    CHECK_INT(head_sign(&h->arena, &end, row.at_ms + 1000, &head), RC_OK);
    head.hash = row.hash; /* end is about to go */
    return head;
}

static void given_signed_lines(struct signed_house *s, void **state)
{
    struct signer_provider provider;

    open_house(&s->house, state);
    CHECK_INT(signer_memory_open(&provider), RC_OK);
    signer_open(&provider);
    for (int i = 0; i < LINES; i++)
        CHECK_INT(note(&s->house), RC_OK);
    gate_close(&s->house.gate);
    struct head *heads = arena_many(&s->house.arena, 3, struct head);
    CHECK(heads != NULL);
    for (size_t i = 0; i < 3; i++)
        heads[i] = sign_line(&s->house, (int64_t)(3 * (i + 1)));
    s->heads = (struct list){ heads, 3 };
}

static void close_signed(struct signed_house *s)
{
    signer_close();
    close_house(&s->house);
}

static struct verdict verdict_on(struct signed_house *s)
{
    struct verdict verdict;

    inspect(&s->house, &s->heads, &verdict);
    return verdict;
}

/* The fault, where it is, and the line of the head that disproves it (0: none). */
static void names(struct signed_house *s, enum fault fault, int64_t line, int64_t last,
                  int64_t disproof)
{
    struct verdict v = verdict_on(s);

    if (v.fault != fault || v.line != line || v.other != last ||
        (v.disproof ? v.disproof->seq : 0) != disproof)
        fail_msg("fault %d, lines %lld to %lld, disproved by %lld", (int)v.fault,
                 (long long)v.line, (long long)v.other,
                 (long long)(v.disproof ? v.disproof->seq : 0));
}

static void sql(struct signed_house *s, const char *text)
{
    test_sql(s->house.where, text);
}

/* ---- whole ---- */

TEST(a_chain_that_nobody_touched_passes_through_all_its_heads)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    struct verdict v = verdict_on(&s);
    CHECK(v.fault == FAULT_NONE && v.lines == LINES && v.passed == 3);
    CHECK(v.holds && v.holds->seq == 9 && !v.disproof);
    close_signed(&s);
}

/* ---- each kind of tampering ---- */

TEST(a_changed_line_is_told_with_the_head_that_disproves_it)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    sql(&s, "UPDATE journal SET actor = 77 WHERE seq = 5");
    names(&s, FAULT_CHANGED, 5, 5, 6);
    CHECK_INT(verdict_on(&s).holds->seq, 3);
    sql(&s, "UPDATE journal SET actor = 9 WHERE seq = 5");
    sql(&s, "UPDATE journal SET hash = payload_hash WHERE seq = 6");
    names(&s, FAULT_CHANGED, 6, 6, 6);
    close_signed(&s);
}

TEST(a_changed_payload_is_told)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    sql(&s, "UPDATE journal_payloads SET sealed ="
            " (SELECT sealed FROM journal_payloads WHERE seq = 2) WHERE seq = 4");
    names(&s, FAULT_CONTENT, 4, 4, 6);
    close_signed(&s);
}

TEST(removed_lines_are_told_whether_their_numbers_are_closed_up_or_not)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    sql(&s, "DELETE FROM journal WHERE seq IN (4, 5)");
    names(&s, FAULT_REMOVED, 4, 5, 6);
    sql(&s, "UPDATE journal SET seq = -seq WHERE seq > 5");
    sql(&s, "UPDATE journal SET seq = -seq - 2 WHERE seq < 0");
    names(&s, FAULT_REMOVED, 4, 5, 6);
    close_signed(&s);
}

static void insert_copy(struct signed_house *s)
{
    sql(s, "UPDATE journal SET seq = -1 - seq WHERE seq >= 5");
    sql(s, "UPDATE journal SET seq = -seq WHERE seq < 0");
    sql(s, "INSERT INTO journal SELECT county, 5, at_ms, act, 77, subject, before, after,"
           " payload_hash, hash FROM journal WHERE seq = 2");
}

TEST(an_added_line_is_told)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    insert_copy(&s);
    names(&s, FAULT_ADDED, 5, 5, 6);
    close_signed(&s);
}

TEST(a_line_added_at_the_end_is_told)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    sql(&s, "INSERT INTO journal SELECT county, 10, at_ms, act, 77, subject, before, after,"
            " payload_hash, hash FROM journal WHERE seq = 2");
    names(&s, FAULT_ADDED, 10, 10, 0); /* no head covers it yet */
    close_signed(&s);
}

static void swap(struct signed_house *s, int first, int second)
{
    char text[100];

    (void)snprintf(text, sizeof text,
                   "UPDATE journal SET seq = %d - seq WHERE seq IN (%d, %d)", -100, first,
                   second);
    sql(s, text);
    (void)snprintf(text, sizeof text,
                   "UPDATE journal SET seq = %d + 100 + seq WHERE seq < 0", first + second);
    sql(s, text);
}

TEST(swapped_lines_are_told_neighbours_or_not)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    for (int first = 1; first < LINES; first++)
        for (int second = first + 1; second <= LINES; second++) {
            swap(&s, first, second);
            names(&s, FAULT_SWAPPED, first, second, (first + 2) / 3 * 3);
            swap(&s, first, second);
        }
    names(&s, FAULT_NONE, 0, 0, 0);
    close_signed(&s);
}

/* ---- what the chain alone does not show ---- */

/* As somebody does who can write every table and has read how the hashes are made: from
 * line `from` on, another actor and all hashes anew, and the head kept apart as well. */
static void rewrite(struct signed_house *s, int64_t from, int64_t to)
{
    struct house      *h = &s->house;
    struct chain       chain = { .county = COUNTY };
    struct db         *db;
    struct journal_row rows[LINES];

    for (int64_t seq = 1; seq <= to; seq++)
        rows[seq - 1] = row_at(h, seq);
    CHECK_INT(db_open(h->where, DB_WRITE, h->catalogue, &db), RC_OK);
    struct op op = house_op(h, db);
    for (int64_t seq = 1; seq <= to; seq++) {
        struct journal_row *row = &rows[seq - 1];
        row->actor = seq < from ? row->actor : 77;
        chain_hash(chain.hash, row, chain.hash);
        row->hash = str_copy(&h->arena, PART_OF(chain.hash));
        CHECK_INT(line_away(&op, seq), RC_OK);
        CHECK_INT(journal_insert(&op, row), RC_OK);
    }
    CHECK_INT(journal_head_set(&op, COUNTY, &(struct head_row){ to, rows[to - 1].hash }),
              RC_OK);
    db_close(&db);
}

TEST(a_chain_rewritten_with_all_its_hashes_is_disproved_by_a_signed_head)
{
    struct signed_house s;
    int64_t             broken;

    given_signed_lines(&s, state);
    rewrite(&s, 1, LINES);
    CHECK_INT(verify(&s.house, &broken), LINES); /* by itself it looks whole */
    CHECK_INT(broken, 0);
    names(&s, FAULT_REWRITTEN, 1, 3, 3);
    close_signed(&s);
}

TEST(a_chain_rewritten_from_the_middle_is_bounded_by_two_signed_heads)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    rewrite(&s, 5, LINES);
    names(&s, FAULT_REWRITTEN, 4, 6, 6);
    CHECK_INT(verdict_on(&s).holds->seq, 3);
    close_signed(&s);
}

TEST(a_line_rewritten_with_its_own_hash_breaks_at_the_next_one)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    rewrite(&s, 4, 4);
    sql(&s, "UPDATE heads SET seq = 9");
    names(&s, FAULT_CHANGED, 5, 5, 6);
    CHECK_INT(verdict_on(&s).holds->seq, 3); /* line 4 is in doubt */
    close_signed(&s);
}

TEST(several_lines_that_are_changed_are_told_from_the_first_on)
{
    struct signed_house s;

    given_signed_lines(&s, state);
    sql(&s, "UPDATE journal SET actor = 77 WHERE seq IN (4, 5, 8)");
    names(&s, FAULT_UNLINKED, 4, 4, 6);
    close_signed(&s);
}

TEST(a_tail_that_is_cut_off_with_every_trace_is_disproved_by_a_signed_head)
{
    struct signed_house s;
    int64_t             broken;

    given_signed_lines(&s, state);
    sql(&s, "DELETE FROM journal WHERE seq > 7");
    names(&s, FAULT_CUT, 8, 9, 9);
    rewrite(&s, 100, 7); /* the head kept apart is set back, too */
    CHECK_INT(verify(&s.house, &broken), 7);
    CHECK_INT(broken, 0);
    names(&s, FAULT_CUT, 8, 9, 9);
    sql(&s, "DELETE FROM journal");
    names(&s, FAULT_CUT, 1, 9, 3);
    close_signed(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_chain_that_nobody_touched_passes_through_all_its_heads),
        ON_BOTH(a_changed_line_is_told_with_the_head_that_disproves_it),
        ON_BOTH(a_changed_payload_is_told),
        ON_BOTH(removed_lines_are_told_whether_their_numbers_are_closed_up_or_not),
        ON_BOTH(an_added_line_is_told),
        ON_BOTH(a_line_added_at_the_end_is_told),
        ON_BOTH(swapped_lines_are_told_neighbours_or_not),
        ON_BOTH(a_chain_rewritten_with_all_its_hashes_is_disproved_by_a_signed_head),
        ON_BOTH(a_chain_rewritten_from_the_middle_is_bounded_by_two_signed_heads),
        ON_BOTH(a_line_rewritten_with_its_own_hash_breaks_at_the_next_one),
        ON_BOTH(several_lines_that_are_changed_are_told_from_the_first_on),
        ON_BOTH(a_tail_that_is_cut_off_with_every_trace_is_disproved_by_a_signed_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
