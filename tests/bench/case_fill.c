/* case-fill CASES [ACCOUNTS [open]]: a demonstration's database (LINLI_DB) becomes a large
 * one. Each new case is one of the demonstration's own, at another time, often in another
 * grid, written by the program's own statements: sealed with the same person's key, with
 * its lines in the journal's chain, one in fifty with all of its lines, and with the words
 * by which it is found.  Of a hundred 88 have ended, 3 wait, 6 are in hand, 3 are answered;
 * with "open" none has ended, and all have clocks.  A third of them lies in the
 * demonstration's community, the others in all grids of the county.  The clock looks at
 * none of them in the next weeks.  ACCOUNTS residents get an account each.
 *
 * Indexes are made at the end, and words put in in their order: a million rows into twelve
 * of them, one by one, would take most of an hour.  Nobody may be using the database. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/house.h"
#include "base/clock.h"
#include "db/engine.h"
#include "engine/case/case_store.h"
#include "engine/case/seal.h"
#include "engine/case/terms.h"
#include "gate/chain.h"
#include "gate/journal_store.h"
#include "registry/account.h"

enum {
    MODELS_MAX = 1000,
    LINES_MAX = 60, /* of one model */
    GRIDS_PER_COMMUNITY = 13,
    COMMUNITIES_MAX = 400,
    STREETS_MAX = 40,
    AT_ONCE = 20000,
    ALL_LINES_EACH = 50,
    ID_COUNTER = 777, /* other than those of ids given out one by one */
    KEPT_BYTES = 64 << 20,
};
#define DAY_MS     INT64_C(86400000)
#define HISTORY_MS (1000 * DAY_MS)
#define QUIET_MS   (30 * DAY_MS)

struct model {
    struct a_case it;
    struct str    personal;           /* unsealed */
    struct list   lines;              /* struct line, payloads opened */
    struct terms *terms[STREETS_MAX]; /* without its number; made when first wanted */
};
struct term_put {
    int64_t term, id, spot;
};

enum bucket { WAITING, HANDLING, ANSWERED, ENDED, BUCKETS };
static const struct str buckets[BUCKETS] = { STR_INIT("waiting"), STR_INIT("handling"),
                                             STR_INIT("answered"), STR_INIT("ended") };

static struct {
    struct config    config;
    struct house    *house;
    struct db       *db;
    sqlite3         *raw;
    struct arena     kept, arena; /* arena: of one case */
    struct op        op;
    struct id_source ids;
    struct chain     chain;
    struct model     models[MODELS_MAX];
    size_t           of[BUCKETS][MODELS_MAX], n[BUCKETS]; /* models by their bucket */
    struct str       communities[COMMUNITIES_MAX];
    size_t           ncommunities;
    struct str       streets[STREETS_MAX];
    size_t           nstreets;
    struct term_put *terms; /* malloc'd */
    size_t           nterms, terms_max;
    bool             open;
    int64_t          now_ms;
} fill;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "case-fill: %s: %s\n", what, fill.raw ? sqlite3_errmsg(fill.raw) : "");
    exit(1);
}

static void must(enum rc rc, const char *what)
{
    if (rc != RC_OK)
        die(what);
}

/* ---- past the program: what it may not do itself ---- */

typedef int row_fn(void *context, int n, char **cells, char **names);

static void sql(const char *text, row_fn *each)
{
    if (sqlite3_exec(fill.raw, text, each, NULL, NULL) != SQLITE_OK)
        die(text);
}

static struct str kept(const char *text)
{
    return str_copy(&fill.kept, str_of(text));
}

static struct str dropped[64];
static size_t     ndropped;

static int note_index(void *context, int n, char **cells, char **names)
{
    (void)context, (void)n, (void)names;
    if (ndropped == COUNT(dropped))
        die("more indexes than expected");
    dropped[ndropped++] = kept(cells[0]);
    return 0;
}

static void drop_indexes(void)
{
    char text[128];

    sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('cases', 'journal')",
        note_index);
    for (size_t i = 0; i < ndropped; i++) {
        char name[64] = "";
        if (sscanf(str_z(&fill.kept, dropped[i]), "CREATE INDEX %60[a-z_]", name) != 1)
            die("an index of another kind");
        (void)snprintf(text, sizeof text, "DROP INDEX %s", name);
        sql(text, NULL);
    }
}

static void make_indexes(void)
{
    for (size_t i = 0; i < ndropped; i++)
        sql(str_z(&fill.kept, dropped[i]), NULL);
}

static int note_community(void *context, int n, char **cells, char **names)
{
    (void)context, (void)n, (void)names;
    if (fill.ncommunities < COMMUNITIES_MAX)
        fill.communities[fill.ncommunities++] = kept(cells[0]);
    return 0;
}

/* Only the demonstration's own community has grids so far. */
static void make_grids(struct str county)
{
    char text[600];

    (void)snprintf(text, sizeof text,
                   "SELECT code FROM areas WHERE level = 5 AND code LIKE '%.*s%%'",
                   STR_ARG(county));
    sql(text, note_community);
    (void)snprintf(
        text, sizeof text,
        "WITH RECURSIVE grid(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM grid"
        " WHERE n < %d) INSERT OR IGNORE INTO areas SELECT code || printf("
        "'%%03d', n), code, 6, '第 ' || n || ' 网格', '', 'bench' FROM areas, grid"
        " WHERE level = 5 AND code LIKE '%.*s%%'",
        GRIDS_PER_COMMUNITY, STR_ARG(county));
    sql(text, NULL);
    if (!fill.ncommunities)
        die("the county has no communities");
}

/* ---- the demonstration's own cases ---- */

static size_t nmodels;

static void keep_model(int64_t id)
{
    struct model    *model = &fill.models[nmodels];
    struct case_row *row = &model->it.row;
    struct op        op = fill.op;

    op.arena = &fill.kept;
    must(case_load(&op, id, &model->it), "a case");
    if (row->paused_ms)
        return;
    must(case_unseal(&op, row, &model->personal), "what is sealed of a case");
    must(journal_read(&op, row->county, id, 0, LINES_MAX, &model->lines), "a case's lines");
    for (enum bucket b = WAITING; b < BUCKETS; b++)
        if (str_eq(row->bucket, buckets[b]))
            fill.of[b][fill.n[b]++] = nmodels;
    nmodels++;
}

static int64_t model_ids[MODELS_MAX];
static size_t  nmodel_ids;

static int note_id(void *context, int n, char **cells, char **names)
{
    (void)context, (void)n, (void)names;
    if (nmodel_ids < MODELS_MAX)
        model_ids[nmodel_ids++] = strtoll(cells[0], NULL, 10);
    return 0;
}

static void keep_models(void)
{
    sql("SELECT id FROM cases WHERE grid <> ''", note_id);
    for (size_t i = 0; i < nmodel_ids; i++)
        keep_model(model_ids[i]);
    for (enum bucket b = WAITING; b < BUCKETS; b++)
        if (!fill.n[b])
            die("the demonstration has no case of one of the buckets");
}

/* ---- one case ---- */

/* Even, and the same in every run. */
static uint64_t mixed(uint64_t n)
{
    n = (n ^ n >> 31) * UINT64_C(0x7fb5d329728ea185);
    n = (n ^ n >> 27) * UINT64_C(0x81dadef4bc2dd44d);
    return n ^ n >> 33;
}

static enum bucket bucket_of(uint64_t dice)
{
    dice %= 100;
    if (fill.open)
        return dice < 30 ? WAITING : dice < 85 ? HANDLING : ANSWERED;
    return dice < 3 ? WAITING : dice < 9 ? HANDLING : dice < 12 ? ANSWERED : ENDED;
}

/* Every time of a JSON text, later: 13 digits in a row. */
static struct str later(struct str text, int64_t shift_ms)
{
    enum { DIGITS = 13 };
    char *copy = str_z(&fill.arena, text);

    for (char *at = copy; copy && *at; at++) {
        size_t n = strspn(at, "0123456789");
        if (n == DIGITS) {
            char number[DIGITS + 8];
            (void)snprintf(number, sizeof number, "%013lld",
                           strtoll(at, NULL, 10) + (long long)shift_ms);
            memcpy(at, number, DIGITS);
        }
        at += n ? n - 1 : 0;
    }
    return str_slice(copy, text.len);
}

static void shift(int64_t *ms, int64_t by_ms)
{
    *ms = *ms ? *ms + by_ms : 0;
}

/* What is open is due between two days ago and in eight, what is not lies back. */
static void retime(struct case_row *row, enum bucket bucket, int64_t at_ms, uint64_t dice)
{
    bool    open = bucket <= HANDLING && row->due_ms;
    int64_t due_ms = fill.now_ms - 2 * DAY_MS + (int64_t)(dice % (uint64_t)(10 * DAY_MS));
    int64_t by_ms = open ? due_ms - row->due_ms : at_ms - row->opened_ms;

    row->clocks = later(row->clocks, by_ms);
    shift(&row->opened_ms, by_ms);
    shift(&row->answered_ms, by_ms);
    shift(&row->closed_ms, by_ms);
    shift(&row->due_ms, by_ms);
    shift(&row->sort_ms, by_ms);
    row->next_ms = open ? due_ms + QUIET_MS : 0;
}

static void move_elsewhere(struct case_row *row, uint64_t dice)
{
    struct str community = fill.communities[dice % fill.ncommunities];
    struct str grid = str_fmt(&fill.arena, "%.*s%03d", STR_ARG(community),
                              1 + (int)(dice / 1000 % GRIDS_PER_COMMUNITY));

    row->area = row->grid = grid;
    row->community = community;
    row->street = str_slice(community.at, 9);
}

static struct str number_of(int64_t n, int64_t at_ms)
{
    struct civil day = clock_civil(at_ms);

    return str_fmt(&fill.arena, "%02d%02d-%04lld", day.month, day.day,
                   (long long)(n % 10000));
}

static void write_lines(const struct model *model, const struct case_row *row, int64_t n)
{
    int64_t by_ms = row->opened_ms - model->it.row.opened_ms;
    size_t  some = n % ALL_LINES_EACH ? 1 : model->lines.n;

    for (size_t i = 0; i < some && i < model->lines.n; i++) {
        struct line line = ((const struct line *)model->lines.at)[i];
        line.at_ms += by_ms;
        line.subject = row->id;
        must(chain_append(&fill.op, &fill.chain, &line), "a line");
    }
}

static size_t street_of(struct str area)
{
    struct str street = terms_street(area);
    size_t     i = 0;

    while (i < fill.nstreets && !str_eq(fill.streets[i], street))
        i++;
    if (i == STREETS_MAX)
        die("more streets than expected");
    if (i == fill.nstreets)
        fill.streets[fill.nstreets++] = str_copy(&fill.kept, street);
    return i;
}

/* Cut once for each street: it is the same text a thousand times. */
static const struct terms *terms_there(struct model *model, struct str area)
{
    struct terms **terms = &model->terms[street_of(area)];
    struct a_case  there = model->it;

    if (*terms)
        return *terms;
    there.row.area = area;
    there.row.number = STR("");
    *terms = calloc(1, sizeof **terms);
    if (!*terms)
        die("memory");
    must(terms_of(&fill.op, &there, *terms), "words");
    return *terms;
}

static void note_term(int64_t term, int64_t id, int64_t spot)
{
    if (fill.nterms == fill.terms_max) {
        fill.terms_max = fill.terms_max ? fill.terms_max * 2 : AT_ONCE;
        fill.terms = realloc(fill.terms, fill.terms_max * sizeof *fill.terms);
        if (!fill.terms)
            die("memory");
    }
    fill.terms[fill.nterms++] = (struct term_put){ term, id, spot };
}

static void write_terms(struct model *model, const struct case_row *row)
{
    struct terms    terms = *terms_there(model, row->area);
    struct found_by kept;

    must(terms_add_number(&fill.op, row, &terms), "a number");
    must(terms_row(&fill.op, row, &terms, &kept), "words");
    must(search_put_terms(&fill.op, &kept), "words");
    for (size_t i = 0; i < terms.n; i++)
        note_term(terms.at[i], row->id, kept.spot);
}

static void write_case(int64_t n, int64_t at_ms)
{
    uint64_t        dice = mixed((uint64_t)n + 1);
    enum bucket     bucket = bucket_of(dice);
    struct model   *model = &fill.models[fill.of[bucket][dice / 100 % fill.n[bucket]]];
    struct case_row row = model->it.row;

    row.id = id_floor(row.county, at_ms) + ID_COUNTER;
    row.number = number_of(n, at_ms);
    retime(&row, bucket, at_ms, dice >> 16);
    if (n % 3)
        move_elsewhere(&row, dice >> 20);
    if (model->personal.at)
        must(case_seal(&fill.op, &row, model->personal, &row.sealed), "sealing");
    must(case_insert(&fill.op, &row), "a case");
    write_lines(model, &row, n);
    write_terms(model, &row);
}

/* ---- all of them ---- */

static void commit(void)
{
    must(db_commit(fill.db), "commit");
    sql("PRAGMA wal_checkpoint(PASSIVE)", NULL);
}

static void write_cases(int64_t many)
{
    int64_t from_ms = fill.now_ms - DAY_MS - HISTORY_MS;

    for (int64_t n = 0; n < many;) {
        must(db_begin(fill.db), "begin");
        for (int64_t i = 0; i < AT_ONCE && n < many; i++, n++) {
            struct arena_mark mark = arena_mark(&fill.arena);
            write_case(n, from_ms + HISTORY_MS / many * n);
            arena_back(&fill.arena, mark);
        }
        must(journal_head_set(&fill.op, fill.chain.county,
                              &(struct head_row){ fill.chain.seq,
                                                  str_slice((const char *)fill.chain.hash,
                                                            CHAIN_HASH_BYTES) }),
             "the chain's head");
        commit();
        fprintf(stderr, "\rcases %lld/%lld", (long long)n, (long long)many);
    }
    fprintf(stderr, "\n");
}

static int by_term(const void *a, const void *b)
{
    const struct term_put *x = a, *y = b;

    return x->term != y->term ? (x->term > y->term) - (x->term < y->term)
                              : (x->id > y->id) - (x->id < y->id);
}

/* In the order of their key, so that each page of the table is written once. */
static void insert_terms(void)
{
    sqlite3_stmt *put;

    qsort(fill.terms, fill.nterms, sizeof *fill.terms, by_term);
    if (sqlite3_prepare_v2(fill.raw,
                           "INSERT INTO case_terms (county, term, id, spot)"
                           " VALUES (?1, ?2, ?3, ?4)",
                           -1, &put, NULL) != SQLITE_OK)
        die("words");
    sql("BEGIN", NULL);
    for (size_t i = 0; i < fill.nterms; i++) {
        sqlite3_bind_int64(put, 1, fill.op.county);
        sqlite3_bind_int64(put, 2, fill.terms[i].term);
        sqlite3_bind_int64(put, 3, fill.terms[i].id);
        sqlite3_bind_int64(put, 4, fill.terms[i].spot);
        if (sqlite3_step(put) != SQLITE_DONE)
            die("words");
        sqlite3_reset(put);
        if (i % 1000000 == 999999)
            sql("COMMIT; PRAGMA wal_checkpoint(PASSIVE); BEGIN", NULL);
    }
    sql("COMMIT", NULL);
    sqlite3_finalize(put);
    fprintf(stderr, "words %zu\n", fill.nterms);
    free(fill.terms);
}

static int64_t people[8000];
static size_t  npeople;

static int note_person(void *context, int n, char **cells, char **names)
{
    (void)context, (void)n, (void)names;
    people[npeople++] = strtoll(cells[0], NULL, 10);
    return 0;
}

static void make_accounts(int64_t many)
{
    sql("SELECT id FROM people WHERE id NOT IN (SELECT person FROM accounts WHERE person"
        " IS NOT NULL) LIMIT 8000",
        note_person);
    if (many > (int64_t)npeople)
        die("not so many people");
    must(db_begin(fill.db), "begin");
    for (int64_t i = 0; i < many; i++) {
        struct arena_mark  mark = arena_mark(&fill.arena);
        struct account_new made = {
            .login = str_fmt(&fill.arena, "listener-%04lld", (long long)i),
            .name = STR("王小明"),
            .client = STR("resident"),
            .person = people[i],
        };
        int64_t id;
        must(account_make(&fill.op, &made, &id), "an account");
        arena_back(&fill.arena, mark);
    }
    must(db_commit(fill.db), "commit");
}

/* ---- before and after ---- */

static void open_all(void)
{
    struct problems problems;

    arena_init(&fill.kept, KEPT_BYTES);
    arena_init(&fill.arena, ARENA_IMPORT_BYTES);
    config_read(&fill.kept, "fill", &fill.config);
    problems_init(&problems, &fill.kept);
    must(house_open_to_read(&fill.config, &problems, &fill.house), "the house");
    must(db_open(fill.config.db, DB_WRITE, fill.house->catalogue, &fill.db),
         "the database");
    if (sqlite3_open(str_z(&fill.kept, fill.config.db), &fill.raw) != SQLITE_OK)
        die("the database");
    fill.now_ms = clock_now_ms();
    op_init(&fill.op, &fill.arena, fill.now_ms);
    fill.op.db = fill.db;
    fill.op.ids = &fill.ids;
}

static int note_county(void *context, int n, char **cells, char **names)
{
    (void)context, (void)n, (void)names;
    fill.op.county = fill.ids.county = strtoll(cells[0], NULL, 10);
    return 0;
}

/* The followers have nothing to do about what never happened. */
static void settle(void)
{
    sql("UPDATE cursors SET seq = (SELECT max(seq) FROM journal WHERE journal.county ="
        " cursors.county)",
        NULL);
    sql("PRAGMA wal_checkpoint(TRUNCATE)", NULL);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: case-fill CASES [ACCOUNTS [open]]\n");
        return 2;
    }
    fill.open = argc > 3;
    open_all();
    sql("SELECT county FROM cases LIMIT 1", note_county);
    keep_models();
    make_grids(str_slice(fill.models[0].it.row.street.at, 6));
    drop_indexes();
    must(chain_load(&fill.op, fill.op.county, &fill.chain), "the chain");
    write_cases(strtoll(argv[1], NULL, 10));
    insert_terms();
    make_indexes();
    make_accounts(argc > 2 ? strtoll(argv[2], NULL, 10) : 0);
    settle();
    sqlite3_close(fill.raw);
    db_close(&fill.db);
    house_close(&fill.house);
    arena_free(&fill.arena);
    arena_free(&fill.kept);
    return 0;
}
