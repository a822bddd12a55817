/* The server at work as linli_run, on a real PostgreSQL: what it needs it may, and what
 * would undo its journal the database itself refuses. */
#include <stdio.h>

#include "base/clock.h"
#include "db/engine.h"
#include "db/roles.h"
#include "gate/gate_fixture.h"
#include "gate/refusals.h"

/* The address of a role that signs in, member of `group`, on the same database. */
static struct str role_in(struct house *h, const char *group)
{
    char       sql[300];
    struct str rest = h->where;

    (void)snprintf(
        sql, sizeof sql,
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname ="
        " 'test_%s') THEN CREATE ROLE test_%s LOGIN PASSWORD 'of a test' IN ROLE %s;"
        " END IF; END $$",
        group, group, group);
    test_sql(h->where, sql);
    while (rest.len && *rest.at != '@')
        rest = str_skip(rest, 1);
    return str_fmt(&h->arena, "postgresql://test_%s:of%%20a%%20test%.*s", group,
                   STR_ARG(rest));
}

static void given_roles(struct house *h, void **state, struct str *run)
{
    open_house(h, state);
    CHECK_INT(note(h), RC_OK);
    gate_close(&h->gate);
    CHECK_INT(roles_grant(h->where), RC_OK);
    CHECK_INT(roles_grant(h->where), RC_OK); /* after every migration */
    *run = role_in(h, "linli_run");
}

static enum rc as(struct str where, const char *sql)
{
    struct db *db = NULL;

    CHECK_INT(db_open(where, DB_WRITE, NULL, &db), RC_OK);
    enum rc rc = db->engine->script(db, sql);
    db_close(&db);
    return rc;
}

TEST(the_server_works_without_the_right_to_change_a_table)
{
    struct house h;
    struct str   run;
    int64_t      broken;

    given_roles(&h, state, &run);
    h.options.where = run;
    open_gate(&h);
    for (int i = 0; i < 3; i++)
        CHECK_INT(note(&h), RC_OK);
    CHECK_INT(
        ask(&h, &somebody, "note.put", "{\"name\":\"b\",\"value\":\"2\"}", "a-key").rc,
        RC_OK);
    CHECK_INT(ask(&h, &other, "note.put", "{\"name\":\"a\",\"value\":\"refuse\"}", NULL).rc,
              RC_REFUSED);
    CHECK_INT(note(&h), RC_OK);
    CHECK_INT(verify(&h, &broken), 6);
    CHECK_INT(broken, 0);
    CHECK_INT(lines_followed(&h), 6);
    close_house(&h);
}

TEST(the_database_refuses_the_server_what_would_undo_its_journal)
{
    static const char *const refused[] = {
        "UPDATE journal SET actor = 77",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "UPDATE journal_payloads SET person = 1",
        "DELETE FROM journal_payloads",
        "UPDATE signed_heads SET seq = 1",
        "DELETE FROM signed_heads",
        "UPDATE migrations SET number = 99",
        "CREATE TABLE mine (n BIGINT)",
        "ALTER TABLE journal ADD COLUMN mine BIGINT",
        "DROP TABLE journal",
        "CREATE INDEX mine ON journal (actor)",
    };
    struct house h;
    struct str   run;

    given_roles(&h, state, &run);
    for (size_t i = 0; i < COUNT(refused); i++)
        if (as(run, refused[i]) != RC_INTERNAL)
            fail_msg("%s: not refused", refused[i]);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM journal WHERE actor = 9"), 1);
    close_house(&h);
}

TEST(whoever_only_reads_reads_neither_passwords_nor_keys_and_changes_nothing)
{
    struct house h;
    struct str   run;

    given_roles(&h, state, &run);
    struct str reader = role_in(&h, "linli_read");
    CHECK_INT(as(reader, "SELECT count(*) FROM journal"), RC_OK);
    CHECK_INT(as(reader, "SELECT password FROM accounts"), RC_INTERNAL);
    CHECK_INT(as(reader, "SELECT wrapped FROM person_keys"), RC_INTERNAL);
    CHECK_INT(as(reader, "INSERT INTO installation VALUES ('a', 'b')"), RC_INTERNAL);
    close_house(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_POSTGRES(the_server_works_without_the_right_to_change_a_table),
        ON_POSTGRES(the_database_refuses_the_server_what_would_undo_its_journal),
        ON_POSTGRES(
            whoever_only_reads_reads_neither_passwords_nor_keys_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
