#include "gate/gate_fixture.h"

#include "base/clock.h"
#include "base/thread.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "gate/each.h"
#include "gate/journal_store.h"
#include "gate/refusals.h"
#include "guard/guard_store.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"

/* ---- small acts ---- */

struct note_args {
    struct str name, value;
};
static const struct field note_fields[] = {
    FIELD(struct note_args, name, REQUIRED, .max = 20, .title = STR_INIT("名字")),
    FIELD(struct note_args, value, REQUIRED, .max = 20, .title = STR_INIT("内容")),
};

_Atomic int  note_runs, taken_runs, landed_lines, note_stops;
_Atomic bool note_waits;

/* In the middle of a batch, until somebody has done what is to happen meanwhile. */
static void stop_here(void)
{
    if (note_stops == 0)
        return;
    note_stops--;
    note_waits = true;
    while (note_waits)
        thread_pause(5);
}

static enum rc put_note(struct op *op, const void *in, struct view *view)
{
    const struct note_args *args = in;

    note_runs++;
    enum rc rc = installation_set(op, args->name, args->value);
    if (rc != RC_OK)
        return rc;
    stop_here();
    if (str_eq(args->value, STR("refuse")))
        return fail(op, RC_REFUSED, "value", "这样不行。");
    int64_t id = op_new_id(op);
    journal_about(op, id, 0, 1, 0);
    view->status = 201;
    view_struct(view, note_fields, COUNT(note_fields), args);
    return RC_OK;
}

static enum rc put_one(struct op *op, void *context)
{
    struct str *name = context;

    enum rc rc = installation_set(op, *name, STR("1"));
    if (rc == RC_OK && str_eq(*name, STR("bad")))
        return fail(op, RC_REFUSED, "name", "这样不行。");
    return rc;
}

/* Steps a, bad and c; then "refuse" takes back the whole. */
static enum rc put_many(struct op *op, const void *in, struct view *view)
{
    const struct note_args *args = in;
    struct str              names[] = { STR("a"), STR("bad"), STR("c") };
    size_t                  n = 0;

    (void)view;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct each_end end;
        enum rc         rc = gate_each(op, "note.one", put_one, &names[i], &end);
        if (rc != RC_OK)
            return rc;
        n += end.rc == RC_OK;
        assert(end.rc == RC_OK || end.problems.n == 1);
    }
    if (str_eq(args->value, STR("refuse")))
        return fail(op, RC_REFUSED, "value", "这样不行。");
    return n == 2 ? RC_OK : RC_INTERNAL;
}

static enum rc make_session(struct op *op, const void *in, struct view *view)
{
    (void)in;
    note_runs++;
    view->session = str_fmt(op->arena, "token %d", note_runs);
    view->status = 201;
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "note.put",
      .method = POST,
      .path = "/notes",
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct note_args, note_fields),
      .run = put_note },
    { .name = "note.secret",
      .method = POST,
      .path = "/secrets",
      .right = RIGHT_JOURNAL_READ,
      .writes = true,
      ARGS(struct note_args, note_fields),
      .run = put_note },
    { .name = "note.file",
      .method = POST,
      .path = "/files",
      .right = RIGHT_SELF,
      .writes = true,
      .streams = true,
      ARGS(struct note_args, note_fields),
      .run = put_note },
    { .name = "note.many",
      .method = POST,
      .path = "/notes/many",
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct note_args, note_fields),
      .run = put_many },
    { .name = "session.make",
      .method = POST,
      .path = "/sessions",
      .right = RIGHT_ANYONE,
      .writes = true,
      .run = make_session },
    { .name = NULL },
};

/* ---- what nobody may do ---- */

static const struct stmt drop_line = {
    .name = "test_drop_line",
    .sql = "DELETE FROM journal WHERE county = $1 AND seq = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt drop_payload = {
    .name = "test_drop_payload",
    .sql = "DELETE FROM journal_payloads WHERE county = $1 AND seq = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt clash = {
    .name = "test_clash",
    .sql = "INSERT INTO installation (name, value) VALUES ('lines', 'again')",
};
static const struct stmts drop_stmts = {
    .all = (const struct stmt *const[]){ &drop_line, &drop_payload, &clash, NULL },
};

enum rc line_away(struct op *op, int64_t seq)
{
    enum rc rc = db_run(op->db, &drop_line, DB_VALUES(DB_INT(COUNTY), DB_INT(seq)), NULL);

    return rc == RC_OK
               ? db_run(op->db, &drop_payload, DB_VALUES(DB_INT(COUNTY), DB_INT(seq)), NULL)
               : rc;
}

/* ---- a follower that counts lines, and fails when told ---- */

_Atomic bool follower_fails, follower_clashes;

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
    rc = installation_set(op, STR("lines"), str_fmt(op->arena, "%lld", (long long)n + 1));
    return rc == RC_OK && follower_clashes ? db_run(op->db, &clash, DB_NONE, NULL) : rc;
}

static const struct follower  counter = { .name = "counter", .line = count_line };
static const struct followers followers = {
    .all = (const struct follower *const[]){ &counter, NULL },
};

/* ---- a gate of its own ---- */

const struct actor somebody = { .kind = ACTOR_PERSON, .account = 9, .county = COUNTY };
const struct actor other = { .kind = ACTOR_PERSON, .account = 10, .county = COUNTY };
const struct actor nobody = { .kind = ACTOR_NOBODY, .county = COUNTY };

static enum rc count_taken(void *context, struct op *op)
{
    (void)context;
    (void)op;
    taken_runs++;
    return RC_OK;
}

static void count_landed(void *context, const struct line *line)
{
    (void)context;
    (void)line;
    landed_lines++;
}

void open_gate(struct house *h)
{
    CHECK_INT(gate_open(&h->options, &h->gate), RC_OK);
}

void open_house(struct house *h, void **state)
{
    struct key_provider       provider;
    static const struct act  *tables[] = { acts };
    const struct stmts *const stmts[] = { &lease_stmts, &gate_stmts,  &refusals_stmts,
                                          &heads_stmts, &guard_stmts, &drop_stmts };
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
    note_runs = taken_runs = landed_lines = note_stops = 0;
    follower_fails = follower_clashes = false;
    h->options = (struct gate_options){ .where = h->where,
                                        .address = STR("here"),
                                        .catalogue = h->catalogue,
                                        .followers = &followers,
                                        .taken = count_taken,
                                        .landed = count_landed };
    open_gate(h);
}

void close_house(struct house *h)
{
    gate_close(&h->gate);
    db_close(&h->db);
    db_catalogue_free(&h->catalogue);
    keys_close();
    arena_free(&h->arena);
}

struct asking ask_with(struct house *h, const struct actor *actor, const char *act,
                       const char *body, const char *key, struct str file)
{
    struct asking asking = { .arena = &h->arena,
                             .act = acts_find(str_of(act)),
                             .actor = actor,
                             .key = str_of(key),
                             .file = file };

    asking.rc = gate_read_args(&asking, NULL, 0, str_of(body));
    if (asking.rc == RC_OK)
        gate_ask_wait(h->gate, &asking, h->db);
    return asking;
}

void inspect(struct house *h, const struct list *heads, struct verdict *verdict)
{
    struct op op;

    op_init(&op, &h->arena, clock_now_ms());
    op.db = h->db;
    op.county = COUNTY;
    CHECK_INT(journal_inspect(&op, COUNTY, heads->at, heads->n, verdict), RC_OK);
}

int64_t verify(struct house *h, int64_t *broken)
{
    struct verdict verdict;

    inspect(h, &(struct list){ 0 }, &verdict);
    CHECK((verdict.fault == FAULT_NONE) == (verdict.line == 0));
    *broken = verdict.line;
    return verdict.lines;
}

struct asking ask(struct house *h, const struct actor *actor, const char *act,
                  const char *body, const char *key)
{
    return ask_with(h, actor, act, body, key, STR_NONE);
}

enum rc note(struct house *h)
{
    return ask(h, &somebody, "note.put", "{\"name\":\"a\",\"value\":\"1\"}", NULL).rc;
}

int64_t lines_followed(const struct house *h)
{
    return test_sql(h->where,
                    "SELECT CAST(value AS BIGINT) FROM installation WHERE name = 'lines'");
}

struct op house_op(struct house *h, struct db *db)
{
    struct op op;

    op_init(&op, &h->arena, clock_now_ms());
    op.db = db;
    op.county = COUNTY;
    return op;
}
