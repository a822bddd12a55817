/* One matter from the photo to the rating, asked through the gate, in which the n-th
 * statement, allocation, write or sync fails, for n from 1 until none is left to fail.  A
 * step that was refused for it has a reason that is true and has left nothing behind; asked
 * again with the same key it is done, once.  On PostgreSQL, which takes its time, in
 * strides, unless LINLI_TORTURE is in the environment. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/photo/photo.h"
#include "faults.h"
#include "files.h"
#include "gate/journal.h"
#include "guard/vault.h"
#include "relay.h"
#include "town_cases.h"

enum {
    SLOW_STRIDE = 11,
    STEP_BYTES = 4 << 20,
    TRIES_MAX = 100000,
    PATH_BYTES = 64,
    BETWEEN_MS = 2 * 3600 * 1000
};

/* ---- the matter ---- */

struct matter {
    struct town *t;
    char         folder[PATH_BYTES], picture[PATH_BYTES + 8];
    struct actor resident, desk, worker;
    int64_t      photo, proof, id, version; /* of the one under way */
    int          number;
};

typedef struct str step_body(const struct matter *m, struct arena *arena);

static struct str a_photo(const struct matter *m, struct arena *arena)
{
    (void)m, (void)arena;
    return STR("{}");
}

static struct str a_report(const struct matter *m, struct arena *arena)
{
    return str_fmt(
        arena,
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{"
        "\"category\":\"噪声扰民\",\"what\":\"第 %d 件\",\"photos\":[\"%lld\"],"
        "\"contact\":\"13712345520\",\"where\":{\"lat\":32.0103,\"lng\":112.1201,"
        "\"source\":\"gps\",\"words\":\"3 栋门口\",\"area\":\"" TOWN_GRID "\"}}}",
        m->number, (long long)m->photo);
}

static struct str a_move(const struct matter *m, struct arena *arena, const char *move,
                         struct str more)
{
    return str_fmt(arena, "{\"id\":\"%lld\",\"version\":%lld,\"move\":\"%s\",%.*s}",
                   (long long)m->id, (long long)m->version, move, STR_ARG(more));
}

static struct str a_dispatch(const struct matter *m, struct arena *arena)
{
    return a_move(m, arena, "dispatch",
                  str_fmt(arena, "\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}",
                          (long long)m->worker.account));
}

static struct str an_answer(const struct matter *m, struct arena *arena)
{
    return a_move(
        m, arena, "answer",
        str_fmt(arena, "\"text\":\"办好了\",\"photos\":[\"%lld\"]", (long long)m->proof));
}

static struct str a_rating(const struct matter *m, struct arena *arena)
{
    (void)arena;
    return a_move(m, arena, "rate", STR("\"stars\":5"));
}

static const struct step {
    const char *act;
    size_t      who; /* offset of the actor in the matter */
    step_body  *body;
    size_t      made; /* offset of the number that its answer's id goes to; 0: none */
} steps[] = {
    { "photo.upload", offsetof(struct matter, resident), a_photo,
      offsetof(struct matter, photo) },
    { "case.open", offsetof(struct matter, resident), a_report,
      offsetof(struct matter, id) },
    { "case.move", offsetof(struct matter, desk), a_dispatch, 0 },
    { "photo.upload", offsetof(struct matter, worker), a_photo,
      offsetof(struct matter, proof) },
    { "case.move", offsetof(struct matter, worker), an_answer, 0 },
    { "case.move", offsetof(struct matter, resident), a_rating, 0 },
};
enum { VERSION_AT_END = 4, LINES_OF_A_CASE = 4 };

static void note(struct matter *m, const struct step *step, struct asking *asking)
{
    struct problems    problems;
    struct json_member member;
    struct str         text;
    int64_t            number;

    problems_init(&problems, asking->arena);
    for (struct str rest = json_inside(town_answer(asking));
         json_member(asking->arena, &rest, &member);) {
        bool id = str_eq(member.key, STR("id")),
             version = str_eq(member.key, STR("version"));
        if (!id && !version)
            continue;
        text = member.value;
        if (id)
            assert_true(json_value_text(asking->arena, member.value, &text));
        assert_true(str_int64(text, &number));
        if (version)
            m->version = number;
        else if (step->made)
            memcpy((char *)m + step->made, &number, sizeof number);
    }
}

/* Asks a step once; its key is the same each time. */
static enum rc ask_step(struct matter *m, size_t i, void (*arm)(size_t n), size_t n)
{
    const struct step *step = &steps[i];
    struct arena       arena;
    struct asking      asking = { .arena = &arena,
                                  .act = acts_find(str_of(step->act)),
                                  .actor = (struct actor *)(void *)((char *)m + step->who) };

    arena_init(&arena, STEP_BYTES);
    struct str body = step->body(m, &arena);
    asking.key = str_fmt(&arena, "matter-%d-%zu", m->number, i);
    if (asking.act->streams) {
        asking.upload = str_of(m->picture);
        asking.file = STR("the same file each time");
    }
    arm(n);
    asking.rc = gate_read_args(&asking, NULL, 0, body);
    if (asking.rc == RC_OK)
        gate_ask_wait(m->t->gate, &asking, m->t->db);
    arm(0);
    if (asking.rc == RC_OK)
        note(m, step, &asking);
    enum rc rc = asking.rc;
    arena_free(&arena);
    return rc;
}

static void no_fault(size_t n)
{
    (void)n;
}

static void begin_matter(struct matter *m)
{
    m->number++;
    town_later(m->t, BETWEEN_MS); /* twenty reports a day, sixty photos */
    (void)test_sql(m->t->where, "UPDATE photos SET state = 'ready' WHERE state = 'new'");
}

/* A new one, as far as that step. */
static void go_to(struct matter *m, size_t step)
{
    begin_matter(m);
    for (size_t i = 0; i < step; i++)
        CHECK_INT(ask_step(m, i, no_fault, 0), RC_OK);
}

/* ---- what must be true at any time ---- */

/* Grows with whatever an act leaves. */
static int64_t traces(const struct matter *m)
{
    return test_sql(m->t->where,
                    "SELECT coalesce((SELECT sum(seq) FROM heads), 0)"
                    " + (SELECT count(*) FROM journal) + (SELECT count(*) FROM asked)"
                    " + (SELECT count(*) FROM journal_payloads)"
                    " + (SELECT count(*) FROM photos) + (SELECT count(*) FROM inbox)"
                    " + (SELECT count(*) FROM cases)"
                    " + coalesce((SELECT sum(version) FROM cases), 0)");
}

static void check_matter(const struct matter *m)
{
    long long id = m->id;

    CHECK_INT(m->version, VERSION_AT_END);
    CHECK_INT(town_count(m->t,
                         "SELECT count(*) FROM cases WHERE id = %lld AND version = %d"
                         " AND state = 'closed'",
                         id, VERSION_AT_END),
              1);
    CHECK_INT(town_count(m->t, "SELECT count(*) FROM photos WHERE owner = %lld", id), 2);
    CHECK_INT(town_count(m->t, "SELECT count(*) FROM journal WHERE subject = %lld", id),
              LINES_OF_A_CASE);
}

/* The journal holds; rows and lines agree; every matter told as many people; followers
 * have read it to its end. */
static void check_all(struct matter *m)
{
    struct op op;
    int64_t   lines, broken;

    op_init(&op, &m->t->arena, clock_now_ms());
    op.db = m->t->db;
    op.county = TOWN_NUMBER;
    enum rc rc = journal_verify(&op, TOWN_NUMBER, &lines, &broken);
    if (rc != RC_OK)
        fail_msg("the journal: %.*s", STR_ARG(op.problems.first->says));
    CHECK_INT(town_count(m->t, "SELECT count(*) FROM cases c WHERE version <>"
                               " (SELECT count(*) FROM journal j WHERE j.subject = c.id)"),
              0);
    CHECK_INT(town_count(m->t,
                         "SELECT count(*) FROM (SELECT subject FROM inbox"
                         " JOIN cases c ON c.id = subject AND c.state = 'closed'"
                         " GROUP BY subject HAVING count(*) <> (SELECT count(*)"
                         " FROM inbox WHERE subject = %lld)) AS others",
                         (long long)m->id),
              0);
    gate_nudge(m->t->gate, TOWN_NUMBER);
    CHECK_INT(ask_step(m, 1, no_fault, 0), RC_OK); /* answered before */
    CHECK_INT(town_count(m->t, "SELECT count(*) FROM cursors c JOIN heads h"
                               " ON h.county = c.county WHERE c.seq <> h.seq"),
              0);
}

/* ---- trying ---- */

struct trial {
    void (*arm)(size_t n);
    bool (*fired)(void);
    bool (*honest)(enum rc rc); /* of a step in which it fired */
};

static int refused, absorbed;

/* Every n within one step; the first n for which nothing fires leaves it done. */
static void try_step(struct matter *m, const struct trial *trial, size_t i)
{
    bool   slow = str_starts(m->t->where, STR("postgres"));
    size_t stride = slow && !getenv("LINLI_TORTURE") ? SLOW_STRIDE : 1;

    for (size_t n = 1 + (size_t)m->number % stride; n < TRIES_MAX; n += stride) {
        int64_t before = traces(m);
        enum rc rc = ask_step(m, i, trial->arm, n);
        if (!trial->fired()) {
            CHECK_INT(rc, RC_OK);
            return;
        }
        if (rc == RC_OK) { /* tried again inside, or it did not matter */
            absorbed++;
            go_to(m, i);
            continue;
        }
        refused++;
        if (!trial->honest(rc))
            fail_msg("%s: at %zu it says %s", steps[i].act, n, rc_word(rc).at);
        if (traces(m) != before)
            fail_msg("%s: refused at %zu, it left something", steps[i].act, n);
    }
    fail_msg("%s: there is no end of it", steps[i].act);
}

static void try_all(struct matter *m, const struct trial *trial)
{
    refused = absorbed = 0;
    go_to(m, 0);
    for (size_t i = 0; i < COUNT(steps); i++)
        try_step(m, trial, i);
    check_matter(m);
    check_all(m);
    town_restart(m->t);
    go_to(m, COUNT(steps));
    check_matter(m);
    check_all(m);
    print_message("%d refused, %d without anybody noticing, %d matters\n", refused,
                  absorbed, m->number);
    CHECK(refused + absorbed > 0);
}

/* ---- a town with photos ---- */

static void open_files(struct matter *m)
{
    static const char png[] = "\x89PNG\r\n\x1a\n and more";
    struct problems   problems;

    (void)snprintf(m->folder, sizeof m->folder, "/tmp/linli-faults-XXXXXX");
    assert_non_null(mkdtemp(m->folder));
    (void)snprintf(m->picture, sizeof m->picture, "%s/one.png", m->folder);
    int file = open(m->picture, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    CHECK_INT(write(file, png, sizeof png), sizeof png);
    close(file);
    problems_init(&problems, &m->t->arena);
    CHECK_INT(photos_open(&problems, str_of(m->folder)), RC_OK);
}

static void open_matter(struct matter *m, struct town *t, void **state)
{
    town_open(t, state);
    log_threshold(LOG_ERROR + 1); /* that is what was asked for */
    *m = (struct matter){ .t = t };
    open_files(m);
    m->resident = town_actor(t, "wangfang");
    m->desk = town_actor(t, "zhoulan");
    m->worker = town_actor(t, "liumin");
    go_to(m, COUNT(steps));
    check_matter(m);
}

static void close_matter(struct matter *m)
{
    photos_close();
    town_close(m->t);
    test_remove_folder(m->folder);
    log_threshold(LOG_INFO);
}

static void try(void **state, const struct trial *trial)
{
    struct town   t;
    struct matter m;

    open_matter(&m, &t, state);
    try_all(&m, trial);
    close_matter(&m);
}

/* ---- statements ---- */

static enum rc statement_says;
static size_t  statement;

static void arm_statement(size_t n)
{
    statement = db_fail_at(n, statement_says);
}

static bool statement_fired(void)
{
    return statement == 0;
}

/* Of a commit that did not succeed nobody says why. */
static bool says_so(enum rc rc)
{
    return rc == statement_says || rc == RC_UNAVAILABLE;
}

static const struct trial statements = { arm_statement, statement_fired, says_so };

TEST(the_nth_statement_fails)
{
    statement_says = RC_INTERNAL;
    try(state, &statements);
}

TEST(the_nth_statement_finds_the_disk_full)
{
    statement_says = RC_UNAVAILABLE;
    try(state, &statements);
}

TEST(the_nth_statement_is_told_to_try_again)
{
    statement_says = RC_BUSY;
    try(state, &statements);
}

/* ---- memory ---- */

static size_t piece;

static void arm_arena(size_t n)
{
    piece = arena_fail_at(n);
}

static bool arena_fired(void)
{
    return piece == 0;
}

static bool too_large(enum rc rc)
{
    return rc == RC_TOO_LARGE || rc == RC_NO_MEMORY;
}

TEST(the_nth_piece_of_an_arena_is_beyond_its_budget)
{
    static const struct trial pieces = { arm_arena, arena_fired, too_large };

    try(state, &pieces);
}

static void arm(enum fault fault, size_t n)
{
    if (n)
        fault_arm(fault, n);
    else
        fault_disarm();
}

static void arm_malloc(size_t n)
{
    arm(FAULT_MALLOC, n);
}

static bool no_memory(enum rc rc)
{
    return rc == RC_NO_MEMORY;
}

TEST(the_nth_allocation_fails)
{
    static const struct trial allocations = { arm_malloc, fault_fired, no_memory };

    try(state, &allocations);
}

/* ---- the disk ---- */

static void arm_write(size_t n)
{
    arm(FAULT_WRITE, n);
}

static void arm_sync(size_t n)
{
    arm(FAULT_SYNC, n);
}

static bool unavailable(enum rc rc)
{
    return rc == RC_UNAVAILABLE;
}

TEST(the_nth_write_fails)
{
    static const struct trial writes = { arm_write, fault_fired, unavailable };

    try(state, &writes);
}

TEST(the_nth_sync_fails)
{
    static const struct trial syncs = { arm_sync, fault_fired, unavailable };

    try(state, &syncs);
}

/* ---- the line to PostgreSQL ---- */

static struct relay relay;
static size_t       cut;

static void arm_cut(size_t n)
{
    cut = atomic_exchange(&relay.cut_in, n);
}

static bool cut_fired(void)
{
    return cut == 0;
}

static bool never(enum rc rc)
{
    (void)rc;
    return false;
}

/* The writer goes through the relay; each connection is made anew, and what was under way
 * is done again or found done: nobody is refused. */
static void try_cuts(void **state, bool heard)
{
    static const struct trial cuts = { arm_cut, cut_fired, never };
    struct town               t;
    struct matter             m;

    open_matter(&m, &t, state);
    relay_start(&relay, t.where);
    relay.cut_heard = heard;
    t.where = str_of(relay.where);
    town_restart(&t);
    try_all(&m, &cuts);
    close_matter(&m);
    relay_stop(&relay);
}

TEST(the_line_breaks_before_the_nth_word)
{
    try_cuts(state, false);
}

TEST(the_line_breaks_before_the_nth_answer)
{
    try_cuts(state, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(the_nth_statement_fails),
        ON_BOTH(the_nth_statement_finds_the_disk_full),
        ON_BOTH(the_nth_statement_is_told_to_try_again),
        ON_SQLITE(the_nth_piece_of_an_arena_is_beyond_its_budget),
        ON_SQLITE(the_nth_allocation_fails),
        ON_SQLITE(the_nth_write_fails),
        ON_SQLITE(the_nth_sync_fails),
        ON_POSTGRES(the_line_breaks_before_the_nth_word),
        ON_POSTGRES(the_line_breaks_before_the_nth_answer),
    };

    faults_begin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
