#include "database.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "gate/gate.h"
#include "gate/journal_store.h"
#include "guard/guard_store.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"

/* ---- three small acts ---- */

struct note_args {
    struct str name, value;
};
static const struct field note_fields[] = {
    FIELD(struct note_args, name, REQUIRED, .max = 20, .title = STR_INIT("名字")),
    FIELD(struct note_args, value, REQUIRED, .max = 20, .title = STR_INIT("内容")),
};

static _Atomic int runs;

static enum rc note(struct op *op, const void *in, struct view *view)
{
    const struct note_args *args = in;

    runs++;
    enum rc rc = installation_set(op, args->name, args->value);
    if (rc != RC_OK)
        return rc;
    if (str_eq(args->value, STR("refuse")))
        return fail(op, RC_REFUSED, "value", "这样不行。");
    int64_t id = op_new_id(op);
    journal_about(op, id, 0, 1, 0);
    view->status = 201;
    view_struct(view, note_fields, COUNT(note_fields), args);
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "note.put", .method = POST, .path = "/notes", .right = RIGHT_SELF, .writes = true,
      ARGS(struct note_args, note_fields), .run = note },
    { .name = "note.secret", .method = POST, .path = "/secrets", .right = RIGHT_JOURNAL_READ,
      .writes = true, ARGS(struct note_args, note_fields), .run = note },
    { .name = NULL },
};

/* ---- a follower that counts lines, and fails when told ---- */

static _Atomic bool follower_fails;

static enum rc count_line(struct op *op, const struct line *line)
{
    struct str value;
    int64_t    n = 0;

    if (follower_fails)
        return RC_INTERNAL;
    enum rc rc = installation_find(op, STR("lines"), &value);
    if (rc == RC_OK && !str_int64(value, &n))
        return RC_INTERNAL;
    if (n + 1 != line->seq)
        return RC_INTERNAL; /* skipped or repeated */
    return installation_set(op, STR("lines"), str_fmt(op->arena, "%lld", (long long)n + 1));
}

static const struct follower  counter = { .name = "counter", .line = count_line };
static const struct followers followers = {
    .all = (const struct follower *const[]){ &counter, NULL },
};

/* ---- a gate of its own ---- */

enum { COUNTY = 7 };

struct house {
    struct str           where;
    struct db_catalogue *catalogue;
    struct gate         *gate;
    struct db           *db;
    struct arena         arena;
};

static const struct actor somebody = { .kind = ACTOR_PERSON, .account = 9, .county = COUNTY };
static const struct actor other = { .kind = ACTOR_PERSON, .account = 10, .county = COUNTY };
static const struct actor nobody = { .kind = ACTOR_NOBODY, .county = COUNTY };

static void open_gate(struct house *h)
{
    struct gate_options options = { .where = h->where, .address = STR("here"),
                                    .catalogue = h->catalogue, .followers = &followers };
    CHECK_INT(gate_open(&options, &h->gate), RC_OK);
}

static void open_house(struct house *h, void **state)
{
    struct key_provider       provider;
    static const struct act  *tables[] = { acts };
    const struct stmts *const stmts[] = { &lease_stmts, &gate_stmts, &guard_stmts };
    size_t                    applied;

    *h = (struct house){ .where = test_database(state) };
    arena_init(&h->arena, 8 << 20);
    CHECK_INT(migrate(h->where, &applied), RC_OK);
    CHECK_INT(keys_memory_open(1, &provider), RC_OK);
    CHECK_INT(keys_open(&provider), RC_OK);
    acts_register(tables, 1, false);
    h->catalogue = db_catalogue_new(stmts, COUNT(stmts));
    CHECK(h->catalogue != NULL);
    CHECK_INT(db_open(h->where, DB_READ, h->catalogue, &h->db), RC_OK);
    runs = 0;
    follower_fails = false;
    open_gate(h);
}

static void close_house(struct house *h)
{
    gate_close(&h->gate);
    db_close(&h->db);
    db_catalogue_free(&h->catalogue);
    keys_close();
    arena_free(&h->arena);
}

static struct asking ask(struct house *h, const struct actor *actor, const char *act,
                         const char *body, const char *key)
{
    struct asking asking = { .arena = &h->arena, .act = acts_find(str_of(act)), .actor = actor,
                             .key = str_of(key) };

    asking.rc = gate_read_args(&asking, NULL, 0, str_of(body));
    if (asking.rc == RC_OK)
        gate_ask_wait(h->gate, &asking, h->db);
    return asking;
}

static int64_t verify(struct house *h, int64_t *broken)
{
    struct op op;
    int64_t   lines = -1;

    op_init(&op, &h->arena, clock_now_ms());
    op.db = h->db;
    op.county = COUNTY;
    enum rc rc = journal_verify(&op, COUNTY, &lines, broken);
    CHECK(rc == RC_OK || rc == RC_CONFLICT);
    CHECK((rc == RC_CONFLICT) == (*broken != 0));
    return lines;
}

/* ---- promises ---- */

TEST(an_act_is_done_with_its_line_and_answered)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    struct asking asking = ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL);
    CHECK_INT(asking.rc, RC_OK);
    CHECK_INT(asking.view.status, 201);
    CHECK_TEXT(json_done(&asking.view.out), STR("{\"name\":\"a\",\"value\":\"1\"}"));
    CHECK_INT(verify(&h, &broken), 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'a'"), 1);
    close_house(&h);
}

TEST(a_refused_act_leaves_no_row_and_no_line_but_is_counted)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    struct asking asking =
        ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"refuse\"}", NULL);
    CHECK_INT(asking.rc, RC_REFUSED);
    CHECK_INT(asking.problems.n, 1);
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"b\",\"value\":\"1\"}", NULL).rc, RC_OK);
    CHECK_INT(verify(&h, &broken), 1);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM installation WHERE name = 'a'"), 0);
    CHECK_INT(test_sql(h.where, "SELECT sum(times) FROM refusals WHERE word = 'refused'"), 1);
    close_house(&h);
}

TEST(who_may_not_is_refused_before_anything_runs)
{
    struct house h;

    open_house(&h, state);
    CHECK_INT(ask(&h, &nobody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
              RC_UNAUTHENTICATED);
    CHECK_INT(ask(&h, &somebody, "note.secret", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
              RC_DENIED);
    CHECK_INT(runs, 0);
    close_house(&h);
}

TEST(all_mistakes_in_the_arguments_are_told_at_once)
{
    struct house h;

    open_house(&h, state);
    struct asking asking =
        ask(&h, &somebody, "note.put", "{\"value\":12,\"more\":true}", NULL);
    CHECK_INT(asking.rc, RC_INVALID);
    CHECK_INT(asking.problems.n, 3);
    close_house(&h);
}

TEST(the_same_key_gives_the_same_answer_and_another_body_is_refused)
{
    struct house h;
    int64_t      broken;
    const char  *body = "{\"name\":\"a\",\"value\":\"1\"}";

    open_house(&h, state);
    CHECK_INT(ask(&h, &somebody, "note.put", body, "key-00001").rc, RC_OK);
    struct asking again = ask(&h, &somebody, "note.put", body, "key-00001");
    CHECK_INT(again.rc, RC_OK);
    CHECK(again.repeated);
    CHECK_INT(again.view.status, 201);
    CHECK_TEXT(json_done(&again.view.out), str_of(body));
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"2\"}", "key-00001").rc,
              RC_CONFLICT);
    CHECK_INT(ask(&h, &other, "note.put", body, "key-00001").rc, RC_OK);
    CHECK_INT(runs, 2);
    CHECK_INT(verify(&h, &broken), 2);
    close_house(&h);
}

TEST(a_follower_misses_nothing_when_it_failed_for_a_while)
{
    struct house h;

    open_house(&h, state);
    for (int i = 0; i < 5; i++) {
        follower_fails = i == 1 || i == 2;
        CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
                  RC_OK);
    }
    CHECK_INT(test_sql(h.where, "SELECT CAST(value AS BIGINT) FROM installation WHERE name = 'lines'"),
              5);
    close_house(&h);
}

TEST(a_restarted_gate_goes_on_where_the_last_one_ended)
{
    struct house h;
    int64_t      broken;

    open_house(&h, state);
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc, RC_OK);
    gate_close(&h.gate);
    open_gate(&h);
    CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"2\"}", NULL).rc, RC_OK);
    CHECK_INT(verify(&h, &broken), 2);
    CHECK_INT(test_sql(h.where, "SELECT CAST(value AS BIGINT) FROM installation WHERE name = 'lines'"),
              2);
    close_house(&h);
}

/* Each change past the facade is found, and the first broken line named. */
TEST(the_first_changed_removed_added_or_swapped_line_is_named)
{
    static const struct {
        const char *sql;
        int64_t     broken;
    } changes[] = {
        { "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3", 3 },
        { "UPDATE journal SET act = 'note.pet' WHERE seq = 2", 2 },
        { "UPDATE journal SET actor = 8 WHERE seq = 4", 4 },
        { "UPDATE journal SET subject = subject + 1 WHERE seq = 1", 1 },
        { "UPDATE journal SET after = 2 WHERE seq = 5", 5 },
        { "UPDATE journal SET hash = payload_hash WHERE seq = 3", 3 },
        { "UPDATE journal SET payload_hash = hash WHERE seq = 3", 3 },
        { "UPDATE journal_payloads SET sealed = (SELECT sealed FROM journal_payloads WHERE seq = 2)"
          " WHERE seq = 3", 3 },
        { "DELETE FROM journal WHERE seq = 3", 3 },
        { "DELETE FROM journal WHERE seq = 5", 5 },
        { "INSERT INTO journal SELECT county, 6, at_ms, act, actor, subject, before, after,"
          " payload_hash, hash FROM journal WHERE seq = 5", 6 },
        { "UPDATE journal SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE seq IN (2, 3)", 2 },
    };

    for (size_t c = 0; c < COUNT(changes); c++) {
        struct house h;
        int64_t      broken = 0;
        open_house(&h, state);
        test_sql(h.where, "DELETE FROM heads");
        for (int i = 0; i < 5; i++)
            CHECK_INT(ask(&h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc,
                      RC_OK);
        CHECK_INT(verify(&h, &broken), 5);
        gate_close(&h.gate);
        test_sql(h.where, changes[c].sql);
        (void)verify(&h, &broken);
        if (broken != changes[c].broken)
            fail_msg("%s: named line %lld", changes[c].sql, (long long)broken);
        close_house(&h);
        assert_int_equal(test_drop(state), 0);
        assert_int_equal(strstr(h.where.at, "postgres") ? test_on_postgres(state)
                                                        : test_on_sqlite(state), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(an_act_is_done_with_its_line_and_answered),
        ON_BOTH(a_refused_act_leaves_no_row_and_no_line_but_is_counted),
        ON_BOTH(who_may_not_is_refused_before_anything_runs),
        ON_BOTH(all_mistakes_in_the_arguments_are_told_at_once),
        ON_BOTH(the_same_key_gives_the_same_answer_and_another_body_is_refused),
        ON_BOTH(a_follower_misses_nothing_when_it_failed_for_a_while),
        ON_BOTH(a_restarted_gate_goes_on_where_the_last_one_ended),
        ON_BOTH(the_first_changed_removed_added_or_swapped_line_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
