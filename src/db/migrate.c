#include "db/migrate.h"

#include <string.h>
#include <openssl/evp.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/engine.h"

enum {
    MIGRATE_BYTES = 16 << 20,
    MIGRATIONS_MAX = 1000,
    CHECKSUM_BYTES = 32,
    WORD_GROWTH_MAX = 3, /* no word becomes more than three times as long */
};

/* What was applied to this database. */
struct applied {
    int64_t    number;
    struct str name, checksum;
    int64_t    at_ms;
};

static const char table[] = "CREATE TABLE IF NOT EXISTS migrations ("
                            " number BIGINT PRIMARY KEY, name TEXT NOT NULL,"
                            " checksum @bytes@ NOT NULL, at_ms BIGINT NOT NULL)";

static const struct field applied_fields[] = {
    FIELD(struct applied, number, REQUIRED),
    FIELD(struct applied, name, REQUIRED),
    FIELD_BYTES(struct applied, checksum, REQUIRED),
    FIELD_TIME(struct applied, at_ms, REQUIRED),
};

static const struct stmt applied_all = {
    .name = "migrations_all",
    .sql = "SELECT number, name, checksum, at_ms FROM migrations ORDER BY number",
    DB_ROW(applied_fields),
};
static const struct stmt applied_add = {
    .name = "migrations_add",
    .sql = "INSERT INTO migrations (:names) VALUES (:values)",
    DB_RECORD(applied_fields),
};
static const struct stmt *const applied_stmts[] = { &applied_all, &applied_add, NULL };
static const struct stmts       applied_table = { .all = applied_stmts };

/* A database on its way to the newest. */
struct bringing {
    struct db              *db;
    struct db_catalogue    *catalogue;
    struct arena            arena;
    const struct migration *all;
    size_t                  n, applied;
};

/* ---- what is recorded must be what we have ---- */

static struct str checksum(struct arena *arena, const char *sql)
{
    unsigned char *sum = arena_take(arena, CHECKSUM_BYTES);
    struct str     text = str_of(sql);

    if (!sum || EVP_Digest(text.at, text.len, sum, NULL, EVP_sha256(), NULL) != 1)
        return STR_NONE;
    return str_slice((const char *)sum, CHECKSUM_BYTES);
}

static enum rc refuse(const struct applied *row, const char *says)
{
    log_event(LOG_ERROR, "migrate.refused", LOG_INT("number", row->number),
              LOG_TEXT("name", row->name), LOG_TEXT("says", str_of(says)));
    return RC_CONFLICT;
}

static enum rc compare(struct bringing *b, const struct list *rows)
{
    const struct applied *row = rows->at;

    for (size_t i = 0; i < rows->n; i++) {
        if (i >= b->n)
            return refuse(&row[i], "the database is newer than this program");
        if (row[i].number != b->all[i].number)
            return refuse(&row[i], "the recorded numbers have a gap");
        if (!str_eq(row[i].checksum, checksum(&b->arena, b->all[i].sql)))
            return refuse(&row[i], "its text is not the one that was applied");
    }
    return RC_OK;
}

static enum rc read_applied(struct bringing *b, struct list *rows)
{
    enum rc rc = db_all(b->db, &b->arena, &applied_all, DB_NONE, sizeof(struct applied),
                        MIGRATIONS_MAX, rows);

    return rc == RC_OK ? compare(b, rows) : rc;
}

/* ---- applying ---- */

char *migrate_words(struct arena *arena, const struct engine *engine, const char *sql)
{
    const struct {
        struct str from, to;
    } words[] = { { STR("@bytes@"), engine->bytes },
                  { STR("@real@"), engine->real },
                  { STR("@by_key@"), engine->by_key } };
    struct str rest = str_of(sql);
    char      *text = arena_array(arena, rest.len + 1, WORD_GROWTH_MAX), *end = text;

    while (text && rest.len) {
        size_t i = 0;
        while (i < COUNT(words) && !str_starts(rest, words[i].from))
            i++;
        if (i < COUNT(words))
            end = mempcpy(end, words[i].to.at, words[i].to.len);
        else
            *end++ = *rest.at;
        rest = str_skip(rest, i < COUNT(words) ? words[i].from.len : 1);
    }
    return text;
}

static enum rc script(struct bringing *b, const char *sql)
{
    const char *text = migrate_words(&b->arena, b->db->engine, sql);

    return text ? b->db->engine->script(b->db, text) : RC_NO_MEMORY;
}

static enum rc apply(struct bringing *b, const struct migration *m)
{
    struct applied row = { .number = m->number,
                           .name = str_of(m->name),
                           .checksum = checksum(&b->arena, m->sql),
                           .at_ms = clock_now_ms() };
    enum rc        rc = script(b, m->sql);

    if (rc == RC_OK)
        rc = db_put(b->db, &applied_add, &row, NULL);
    log_event(rc == RC_OK ? LOG_INFO : LOG_ERROR,
              rc == RC_OK ? "migrate.applied" : "migrate.failed",
              LOG_INT("number", m->number), LOG_TEXT("name", row.name));
    return rc;
}

/* One transaction: the records are read behind the lock, so that of two servers
 * that start at once the second finds what the first has done. */
static enum rc step(struct bringing *b, bool *newest)
{
    struct list rows;
    enum rc     rc = db_begin_alone(b->db);

    if (rc != RC_OK)
        return rc;
    rc = read_applied(b, &rows);
    *newest = rc == RC_OK && rows.n == b->n;
    if (rc == RC_OK && !*newest)
        rc = apply(b, &b->all[rows.n]);
    if (rc == RC_OK)
        rc = db_commit(b->db);
    else
        db_rollback(b->db);
    b->applied += rc == RC_OK && !*newest;
    return rc;
}

static enum rc make_table(struct bringing *b)
{
    enum rc rc = db_begin_alone(b->db);

    if (rc != RC_OK)
        return rc;
    rc = script(b, table);
    if (rc == RC_OK)
        return db_commit(b->db);
    db_rollback(b->db);
    return rc;
}

/* ---- the two questions ---- */

static enum rc bring_open(struct bringing *b, struct str where, enum db_mode mode,
                          const struct migration *all)
{
    const struct stmts *tables[] = { &applied_table };

    *b = (struct bringing){ .all = all };
    arena_init(&b->arena, MIGRATE_BYTES);
    while (all[b->n].number)
        b->n++;
    assert(b->n <= MIGRATIONS_MAX);
    b->catalogue = db_catalogue_new(tables, COUNT(tables));
    return b->catalogue ? db_open(where, mode, NULL, &b->db) : RC_NO_MEMORY;
}

static void bring_close(struct bringing *b)
{
    db_close(&b->db);
    db_catalogue_free(&b->catalogue);
    arena_free(&b->arena);
}

enum rc migrate_from(struct str where, const struct migration *all, size_t *applied)
{
    struct bringing b;
    bool            newest = false;
    enum rc         rc = bring_open(&b, where, DB_WRITE, all);

    if (rc == RC_OK)
        rc = make_table(&b);
    if (rc == RC_OK)
        rc = db_adopt(b.db, b.catalogue);
    while (rc == RC_OK && !newest)
        rc = step(&b, &newest);
    *applied = b.applied;
    bring_close(&b);
    return rc;
}

enum rc migrate(struct str where, size_t *applied)
{
    return migrate_from(where, migrations, applied);
}

enum rc migrate_to(struct str where, int64_t newest)
{
    struct migration some[MIGRATIONS_MAX + 1] = { 0 };
    size_t           n = 0, applied;

    while (migrations[n].number && migrations[n].number <= newest) {
        some[n] = migrations[n];
        n++;
    }
    return migrate_from(where, some, &applied);
}

/* A connection that cannot read the records has none. */
static enum rc check_newest(struct bringing *b)
{
    struct list rows = { 0 };
    enum rc     rc = db_adopt(b->db, b->catalogue);

    if (rc == RC_OK)
        rc = read_applied(b, &rows);
    if (rc == RC_UNAVAILABLE)
        return rc;
    return rc == RC_OK && rows.n == b->n ? RC_OK : RC_CONFLICT;
}

enum rc migrate_check(struct str where)
{
    struct bringing b;
    enum rc         rc = bring_open(&b, where, DB_READ, migrations);

    if (rc == RC_OK)
        rc = check_newest(&b);
    bring_close(&b);
    return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
}
