/* What was refused can be read by whoever audits, and goes after seven months. */
#include <stdio.h>

#include "base/clock.h"
#include "gate/gate_fixture.h"
#include "gate/refusals.h"

static struct list read_all(struct house *h, struct refusals_asked asked, size_t most)
{
    struct op   op = house_op(h, h->db);
    struct list rows;

    asked.until_minute = clock_now_ms() / REFUSALS_MINUTE_MS;
    CHECK_INT(refusals_before(&op, &asked, most, &rows), RC_OK);
    return rows;
}

static void refused_from(struct house *h, const char *address, int64_t times)
{
    for (int64_t i = 0; i < times; i++)
        gate_refused(h->gate, &(struct refused_try){ .county = COUNTY,
                                                     .account = other.account,
                                                     .act = STR("account-requests"),
                                                     .address = str_of(address),
                                                     .rc = RC_TOO_MANY });
}

/* Committed with the next batch. */
static void given_refusals(struct house *h, void **state)
{
    open_house(h, state);
    for (int i = 0; i < 3; i++)
        CHECK_INT(
            ask(h, &somebody, "note.secret", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
            RC_DENIED);
    CHECK_INT(ask(h, &other, "note.put", "{\"name\":\"a\",\"value\":\"refuse\"}", NULL).rc,
              RC_REFUSED);
    refused_from(h, "192.0.2.7", 1);
    CHECK_INT(note(h), RC_OK);
}

TEST(every_refusal_is_kept_with_who_what_and_why)
{
    struct house h;

    given_refusals(&h, state);
    struct list           rows = read_all(&h, (struct refusals_asked){ 0 }, 50);
    const struct refusal *row = rows.at;
    int64_t               times = 0;
    for (size_t i = 0; i < rows.n; i++)
        times += row[i].times;
    CHECK_INT(times, 5);
    rows = read_all(&h, (struct refusals_asked){ .account = somebody.account }, 50);
    row = rows.at;
    CHECK(rows.n >= 1 && row->account == somebody.account);
    CHECK_TEXT(row->act, STR("note.secret"));
    CHECK_TEXT(row->word, rc_word(RC_DENIED));
    CHECK(row->minute <= clock_now_ms() / REFUSALS_MINUTE_MS);
    close_house(&h);
}

TEST(pages_of_one_row_come_to_each_of_them_once)
{
    struct house          h;
    struct refusals_asked asked = { 0 };
    size_t                all, n = 0;

    given_refusals(&h, state);
    all = read_all(&h, asked, 50).n;
    for (struct list page = read_all(&h, asked, 1); page.n;
         page = read_all(&h, asked, 1), n++)
        asked.before = *(const struct refusal *)page.at;
    CHECK_INT(n, all);
    asked = (struct refusals_asked){ .account = other.account };
    all = read_all(&h, asked, 50).n;
    CHECK(all >= 2);
    n = 0;
    for (struct list page = read_all(&h, asked, 1); page.n;
         page = read_all(&h, asked, 1), n++)
        asked.before = *(const struct refusal *)page.at;
    CHECK_INT(n, all);
    close_house(&h);
}

/* In every combination of filters. */
TEST(they_are_found_by_address_and_act_and_account)
{
    struct house          h;
    struct refusals_asked from = { .address = STR("192.0.2.7") },
                          act = { .act = STR("note.secret") },
                          both = { .act = STR("account-requests"),
                                   .address = STR("192.0.2.7"),
                                   .account = other.account },
                          none = { .act = STR("note.secret"), .address = STR("192.0.2.7") };

    given_refusals(&h, state);
    struct list           rows = read_all(&h, from, 50);
    const struct refusal *row = rows.at;
    CHECK_INT(rows.n, 1);
    CHECK_TEXT(row->address, STR("192.0.2.7"));
    CHECK_TEXT(row->act, STR("account-requests"));
    rows = read_all(&h, act, 50);
    row = rows.at;
    CHECK(rows.n >= 1 && row->account == somebody.account);
    CHECK_INT(read_all(&h, both, 50).n, 1);
    CHECK_INT(read_all(&h, none, 50).n, 0);
    both.account = somebody.account;
    CHECK_INT(read_all(&h, both, 50).n, 0);
    close_house(&h);
}

/* From so many addresses, all within one minute. */
static void refused_from_many(struct house *h, int addresses)
{
    char address[20];

    clock_unlock();
    CHECK(clock_set_ms((clock_now_ms() / REFUSALS_MINUTE_MS + 1) * REFUSALS_MINUTE_MS));
    for (int i = 0; i < addresses; i++) {
        (void)snprintf(address, sizeof address, "192.0.%d.%d", i / 250, i % 250);
        refused_from(h, address, 2);
    }
}

TEST(
    whoever_comes_from_a_thousand_addresses_leaves_some_hundreds_of_rows_and_all_are_counted)
{
    struct house h;

    open_house(&h, state);
    refused_from_many(&h, 1000);
    CHECK_INT(note(&h), RC_OK);
    CHECK_INT(test_sql(h.where, "SELECT sum(times) FROM refusals"), 2000);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM refusals"), REFUSALS_A_MINUTE + 1);
    close_house(&h);
}

TEST(the_last_address_that_a_minute_has_room_for_is_known_again_after_a_batch)
{
    struct house h;

    open_house(&h, state);
    refused_from_many(&h, REFUSALS_A_MINUTE - 1);
    for (int i = 0; i < 3; i++) {
        refused_from(&h, "198.51.100.7", 2);
        CHECK_INT(note(&h), RC_OK);
    }
    CHECK_INT(
        test_sql(h.where, "SELECT sum(times) FROM refusals WHERE address = '198.51.100.7'"),
        6);
    close_house(&h);
}

TEST(half_a_year_is_kept_and_what_is_older_goes)
{
    struct house h;
    struct db   *db;
    int64_t      day = 24 * 60, now = clock_now_ms() / REFUSALS_MINUTE_MS;
    char         sql[300];

    given_refusals(&h, state);
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO refusals (county, minute, account, act, word, address, times) VALUES"
        " (7, %lld, 1, 'half a year', 'denied', '', 1),"
        " (7, %lld, 1, 'older', 'denied', '', 1),"
        " (8, %lld, 1, 'elsewhere', 'denied', '', 1)",
        (long long)(now - 184 * day), (long long)(now - 211 * day),
        (long long)(now - 211 * day));
    test_sql(h.where, sql);
    CHECK_INT(db_open(h.where, DB_WRITE, h.catalogue, &db), RC_OK);
    struct op op = house_op(&h, db);
    CHECK_INT(refusals_forget(&op), RC_OK);
    db_close(&db);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM refusals WHERE act = 'half a year'"),
              1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM refusals WHERE act = 'older'"), 0);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM refusals WHERE act = 'elsewhere'"),
              1);
    close_house(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(every_refusal_is_kept_with_who_what_and_why),
        ON_BOTH(pages_of_one_row_come_to_each_of_them_once),
        ON_BOTH(they_are_found_by_address_and_act_and_account),
        ON_BOTH(
            whoever_comes_from_a_thousand_addresses_leaves_some_hundreds_of_rows_and_all_are_counted),
        ON_BOTH(the_last_address_that_a_minute_has_room_for_is_known_again_after_a_batch),
        ON_BOTH(half_a_year_is_kept_and_what_is_older_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
