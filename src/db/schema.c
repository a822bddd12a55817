#include "db/schema.h"

#include <sqlite3.h>
#include <string.h>

#include "base/log.h"
#include "db/catalogue.h"
#include "db/engine.h"

enum { TABLES_MAX = 200, TABLE_STMTS = 6, KEY_BYTES_MAX = 4 << 20 };

static_assert((int)TABLE_COLUMNS_MAX == (int)STMT_PARAMS_MAX,
              "a row fits into one statement");

/* ---- what the migrations make ---- */

int64_t schema_newest(void)
{
    int64_t newest = 0;

    for (const struct migration *m = migrations; m->number; m++)
        newest = m->number;
    return newest;
}

static enum rc run_migrations(sqlite3 *handle, struct arena *arena, int64_t newest)
{
    for (const struct migration *m = migrations; m->number; m++) {
        struct arena_mark mark = arena_mark(arena);
        const char       *sql = migrate_words(arena, &sqlite_engine, m->sql);
        bool good = sql && sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK;
        arena_back(arena, mark);
        if (!good)
            return sql ? RC_INTERNAL : RC_NO_MEMORY;
        if (m->number == newest)
            return RC_OK;
    }
    return newest ? RC_NOT_FOUND : RC_OK;
}

static enum kind kind_of(struct str type)
{
    static const struct {
        struct str type;
        enum kind  kind;
    } kinds[] = { { STR_INIT("BIGINT"), KIND_INT },
                  { STR_INIT("REAL"), KIND_REAL },
                  { STR_INIT("TEXT"), KIND_TEXT },
                  { STR_INIT("BLOB"), KIND_BYTES } };

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_eq(kinds[i].type, type))
            return kinds[i].kind;
    return 0;
}

static bool add_table(struct arena *arena, struct table *table, struct str name)
{
    *table = (struct table){ .name = str_copy(arena, name),
                             .columns = arena_many(arena, STMT_PARAMS_MAX, struct field),
                             .key = arena_many(arena, STMT_PARAMS_MAX, size_t) };
    return !arena->over;
}

/* `key`: the column's place in the key, 0: none. */
static bool add_column(struct arena *arena, struct table *table, struct str name,
                       enum kind kind, size_t key)
{
    if (table->ncolumns == STMT_PARAMS_MAX || !kind)
        return false;
    if (key) {
        table->key[key - 1] = table->ncolumns;
        table->nkey++;
    }
    table->columns[table->ncolumns++] =
        (struct field){ .name = str_copy(arena, name), .kind = kind };
    return !arena->over;
}

static struct str text_at(sqlite3_stmt *row, int column)
{
    return str_of((const char *)sqlite3_column_text(row, column));
}

static enum rc read_columns(sqlite3_stmt *rows, struct arena *arena, struct schema *schema)
{
    struct table *tables = arena_many(arena, TABLES_MAX, struct table), *last = NULL;

    while (tables && sqlite3_step(rows) == SQLITE_ROW) {
        if (!last || !str_eq(last->name, text_at(rows, 0))) {
            if (schema->n == TABLES_MAX)
                return RC_TOO_LARGE;
            last = &tables[schema->n++];
            if (!add_table(arena, last, text_at(rows, 0)))
                return RC_NO_MEMORY;
        }
        if (!add_column(arena, last, text_at(rows, 1), kind_of(text_at(rows, 2)),
                        (size_t)sqlite3_column_int(rows, 3))) {
            log_event(LOG_ERROR, "schema.column", LOG_TEXT("table", last->name),
                      LOG_TEXT("column", text_at(rows, 1)));
            return RC_INTERNAL;
        }
    }
    schema->tables = tables;
    return tables ? RC_OK : RC_NO_MEMORY;
}

static enum rc read_tables(sqlite3 *handle, struct arena *arena, struct schema *schema)
{
    static const char sql[] = "SELECT t.name, c.name, c.type, c.pk"
                              " FROM sqlite_schema t, pragma_table_info(t.name) c"
                              " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
                              " ORDER BY t.name, c.cid";
    sqlite3_stmt     *rows = NULL;

    enum rc rc = sqlite3_prepare_v2(handle, sql, -1, &rows, NULL) == SQLITE_OK
                     ? read_columns(rows, arena, schema)
                     : RC_INTERNAL;
    sqlite3_finalize(rows);
    return rc;
}

/* ---- statements ---- */

/* "a, b", all columns or the key's, each with `after` behind it. */
static struct str names(struct arena *arena, const struct table *table, bool key,
                        const char *after)
{
    struct str text = STR("");
    size_t     n = key ? table->nkey : table->ncolumns;

    for (size_t i = 0; i < n; i++) {
        struct str name = table->columns[key ? table->key[i] : i].name;
        text = str_fmt(arena, "%.*s%s%.*s%s", STR_ARG(text), i ? ", " : "", STR_ARG(name),
                       after);
    }
    return text;
}

static struct str places(struct arena *arena, size_t n)
{
    struct str text = STR("");

    for (size_t i = 1; i <= n; i++)
        text = str_fmt(arena, "%.*s%s$%zu", STR_ARG(text), i > 1 ? ", " : "", i);
    return text;
}

/* The kinds of all columns, or of the key's and of the page's size behind them. */
static enum kind *kinds_of(struct arena *arena, const struct table *table, bool key)
{
    size_t     n = key ? table->nkey : table->ncolumns;
    enum kind *kinds = arena_many(arena, n + 1, enum kind);

    for (size_t i = 0; kinds && i < n; i++)
        kinds[i] = table->columns[key ? table->key[i] : i].kind;
    if (kinds)
        kinds[n] = KIND_INT;
    return kinds;
}

static struct field *key_fields(struct arena *arena, const struct table *table)
{
    struct field *fields = arena_many(arena, table->nkey, struct field);

    for (size_t i = 0; fields && i < table->nkey; i++)
        fields[i] = table->columns[table->key[i]];
    return fields;
}

static const char *name_of(struct arena *arena, const struct table *table, const char *does)
{
    return str_fmt(arena, "copy_%.*s_%s", STR_ARG(table->name), does).at;
}

static void compose_reading(struct arena *arena, struct table *table)
{
    struct str name = table->name, all = names(arena, table, false, ""),
               key = names(arena, table, true, ""),
               down = names(arena, table, true, " DESC"), at = places(arena, table->nkey);

    table->first = (struct stmt){
        .name = name_of(arena, table, "first"),
        .sql = str_fmt(arena, "SELECT %.*s FROM %.*s ORDER BY %.*s LIMIT $1", STR_ARG(all),
                       STR_ARG(name), STR_ARG(key))
                   .at,
        .params = kinds_of(arena, table, true) + table->nkey,
        .nparams = 1,
        .row = table->columns,
        .nrow = table->ncolumns,
    };
    table->after = (struct stmt){
        .name = name_of(arena, table, "after"),
        .sql =
            str_fmt(arena,
                    "SELECT %.*s FROM %.*s WHERE (%.*s) > (%.*s) ORDER BY %.*s LIMIT $%zu",
                    STR_ARG(all), STR_ARG(name), STR_ARG(key), STR_ARG(at), STR_ARG(key),
                    table->nkey + 1)
                .at,
        .params = kinds_of(arena, table, true),
        .nparams = table->nkey + 1,
        .row = table->columns,
        .nrow = table->ncolumns,
    };
    table->last = (struct stmt){
        .name = name_of(arena, table, "last"),
        .sql = str_fmt(arena, "SELECT %.*s FROM %.*s ORDER BY %.*s LIMIT 1", STR_ARG(key),
                       STR_ARG(name), STR_ARG(down))
                   .at,
        .row = key_fields(arena, table),
        .nrow = table->nkey,
    };
}

static void compose_writing(struct arena *arena, struct table *table)
{
    static const struct field count[] = { { .name = STR_INIT("n"), .kind = KIND_INT } };
    struct str                name = table->name, all = names(arena, table, false, "");
    struct str                at = places(arena, table->ncolumns);

    table->add = (struct stmt){
        .name = name_of(arena, table, "add"),
        .sql = str_fmt(arena, "INSERT INTO %.*s (%.*s) VALUES (%.*s)", STR_ARG(name),
                       STR_ARG(all), STR_ARG(at))
                   .at,
        .params = kinds_of(arena, table, false),
        .nparams = table->ncolumns,
    };
    table->clear = (struct stmt){
        .name = name_of(arena, table, "clear"),
        .sql = str_fmt(arena, "DELETE FROM %.*s", STR_ARG(name)).at,
    };
    table->count = (struct stmt){
        .name = name_of(arena, table, "count"),
        .sql = str_fmt(arena, "SELECT count(*) FROM %.*s", STR_ARG(name)).at,
        .row = count,
        .nrow = COUNT(count),
    };
    table->fill = str_fmt(arena, "COPY %.*s (%.*s) FROM STDIN (FORMAT binary)",
                          STR_ARG(name), STR_ARG(all))
                      .at;
}

static enum rc compose(struct arena *arena, struct schema *schema)
{
    const struct stmt **all =
        arena_many(arena, schema->n * TABLE_STMTS + 1, const struct stmt *);
    size_t n = 0;

    for (size_t i = 0; i < schema->n && !arena->over; i++) {
        struct table *table = &schema->tables[i];
        assert(table->nkey); /* a table without a key cannot be read in order */
        compose_reading(arena, table);
        compose_writing(arena, table);
        const struct stmt *of[TABLE_STMTS] = {
            &table->first, &table->after, &table->last,
            &table->add,   &table->clear, &table->count
        };
        memcpy(&all[n], of, sizeof of);
        n += TABLE_STMTS;
    }
    schema->stmts = (struct stmts){ .all = all };
    return arena->over ? RC_NO_MEMORY : RC_OK;
}

enum rc schema_read(struct arena *arena, int64_t newest, struct schema *schema)
{
    sqlite3 *handle = NULL;

    *schema = (struct schema){ 0 };
    enum rc rc =
        sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL) == SQLITE_OK
            ? run_migrations(handle, arena, newest)
            : RC_NO_MEMORY;
    if (rc == RC_OK)
        rc = read_tables(handle, arena, schema);
    sqlite3_close(handle);
    return rc == RC_OK ? compose(arena, schema) : rc;
}

const struct table *schema_find(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->n; i++)
        if (str_eq(schema->tables[i].name, name))
            return &schema->tables[i];
    return NULL;
}

/* ---- connections ---- */

static const struct field truth_row[] = { { .name = STR_INIT("truth"), .kind = KIND_INT } };
static const struct stmt  sorts_by_bytes = {
     .name = "copy_sorts_by_bytes",
     .sql = "SELECT CAST(CASE WHEN 'B' < 'a' THEN 1 ELSE 0 END AS BIGINT)",
     .row = truth_row,
     .nrow = COUNT(truth_row),
};
const struct stmts schema_stmts = {
    .all = (const struct stmt *const[]){ &sorts_by_bytes, NULL },
};

enum rc schema_open(struct str where, enum db_mode mode,
                    const struct db_catalogue *catalogue, struct db **db)
{
    enum rc rc = db_open(where, mode, NULL, db);

    if (rc == RC_OK)
        rc = catalogue->faults ? RC_INTERNAL : db_adopt(*db, catalogue);
    if (rc != RC_OK)
        db_close(db);
    return rc;
}

static enum rc take_number(void *context, const struct db_value *row)
{
    *(int64_t *)context = row[0].number;
    return RC_OK;
}

static const struct stmt has_tables[] = {
    [DB_SQLITE] = { .name = "copy_has_tables",
                    .sql = "SELECT count(*) FROM sqlite_schema"
                           " WHERE type = 'table' AND name = 'installation'",
                    .row = truth_row,
                    .nrow = COUNT(truth_row) },
    [DB_POSTGRES] = { .name = "copy_has_tables",
                      .sql = "SELECT count(*) FROM pg_catalog.pg_tables"
                             " WHERE schemaname = current_schema()"
                             " AND tablename = 'installation'",
                      .row = truth_row,
                      .nrow = COUNT(truth_row) },
};
static const struct stmt is_made = {
    .name = "copy_is_made",
    .sql = "SELECT count(*) FROM installation WHERE name = 'made'",
    .row = truth_row,
    .nrow = COUNT(truth_row),
};
static const struct stmt lines = {
    .name = "copy_lines",
    .sql = "SELECT count(*) FROM journal",
    .row = truth_row,
    .nrow = COUNT(truth_row),
};

/* One number by one statement, on a connection of its own: others might not fit. */
static enum rc ask_once(struct str where, const struct stmt *of_engine, int64_t *number)
{
    struct db *db;

    *number = 0;
    enum rc rc = db_open(where, DB_READ, NULL, &db);
    if (rc != RC_OK)
        return rc;
    const struct stmt *stmt =
        of_engine == has_tables ? &has_tables[db_engine(db)] : of_engine;
    const struct stmts   one = { .all = (const struct stmt *const[]){ stmt, NULL } };
    const struct stmts  *tables[] = { &one };
    struct db_catalogue *catalogue = db_catalogue_new(tables, COUNT(tables));
    rc = catalogue ? db_adopt(db, catalogue) : RC_NO_MEMORY;
    if (rc == RC_OK)
        rc = db_values(db, stmt, DB_NONE, take_number, number);
    db_close(&db);
    db_catalogue_free(&catalogue);
    return rc;
}

enum rc schema_look(struct str where, enum schema_found *found)
{
    int64_t tables, made = 0;

    *found = SCHEMA_NOTHING;
    enum rc rc = ask_once(where, has_tables, &tables);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !tables))
        return RC_OK;
    if (rc == RC_OK)
        rc = ask_once(where, &is_made, &made);
    *found = made ? SCHEMA_MADE : SCHEMA_HALF;
    return rc;
}

enum rc schema_is_unused(struct str where, bool *unused)
{
    int64_t n = 0;

    enum rc rc = ask_once(where, &lines, &n);
    *unused = rc == RC_OK && n == 0;
    return rc;
}

enum rc schema_sorts_by_bytes(struct db *db, bool *does)
{
    int64_t truth = 0;

    enum rc rc = db_values(db, &sorts_by_bytes, DB_NONE, take_number, &truth);
    *does = truth == 1;
    return rc;
}

struct str schema_where(struct arena *arena, struct str where)
{
    if (!str_starts(where, STR("postgres")))
        return where;
    where = str_cut(where, '?').head;                 /* settings may hold one, too */
    struct str     scheme = str_cut(where, ':').head; /* there are two */
    struct str_cut address = str_cut(where, '@');
    if (!address.ok)
        return where;
    struct str user =
        str_cut(str_skip(address.head, scheme.len + STR("://").len), ':').head;
    while (
        str_cut(address.tail, '@').ok) /* a password with one in it, which libpq refuses */
        address = str_cut(address.tail, '@');
    return str_fmt(arena, "%.*s://%.*s@%.*s", STR_ARG(scheme), STR_ARG(user),
                   STR_ARG(address.tail));
}

/* ---- tables ---- */

enum rc table_count(struct db *db, const struct table *table, int64_t *rows)
{
    *rows = 0;
    return db_values(db, &table->count, DB_NONE, take_number, rows);
}

enum rc table_clear(struct db *db, const struct table *table)
{
    return db_run(db, &table->clear, DB_NONE, NULL);
}

/* A page, and where the next one begins. */
struct page {
    const struct table *table;
    table_row          *each;
    void               *context;
    size_t              rows;
    struct arena        arena; /* of the key */
    struct db_value    *key;
};

static bool keep_key(struct page *page, const struct db_value *row)
{
    const struct table *table = page->table;

    page->key = arena_many(&page->arena, table->nkey + 1, struct db_value);
    for (size_t i = 0; page->key && i < table->nkey; i++) {
        page->key[i] = row[table->key[i]];
        if (page->key[i].text.at)
            page->key[i].text = str_copy(&page->arena, page->key[i].text);
    }
    return !page->arena.over;
}

static enum rc page_row(void *context, const struct db_value *row)
{
    struct page *page = context;

    if (++page->rows == TABLE_PAGE && !keep_key(page, row))
        return RC_NO_MEMORY;
    return page->each(page->context, row);
}

static enum rc read_page(struct db *db, struct page *page, const struct db_value *after)
{
    const struct table *table = page->table;
    struct db_value     values[STMT_PARAMS_MAX + 1];

    if (after)
        memcpy(values, after, table->nkey * sizeof *values);
    values[after ? table->nkey : 0] = DB_INT(TABLE_PAGE);
    page->rows = 0;
    arena_init(&page->arena, KEY_BYTES_MAX);
    return db_values(db, after ? &table->after : &table->first, values,
                     after ? table->nkey + 1 : 1, page_row, page);
}

enum rc table_walk(struct db *db, const struct table *table, const struct db_value *after,
                   table_row *each, void *context)
{
    struct page page = { .table = table, .each = each, .context = context }, before = page;

    arena_init(&before.arena, 0);
    enum rc rc = read_page(db, &page, after);
    while (rc == RC_OK && page.rows == TABLE_PAGE) {
        arena_free(&before.arena);
        before = page;
        rc = read_page(db, &page, before.key);
    }
    arena_free(&before.arena);
    arena_free(&page.arena);
    return rc;
}

struct last {
    struct arena       *arena;
    const struct table *table;
    struct db_value    *key;
    bool                found;
};

static enum rc take_last(void *context, const struct db_value *row)
{
    struct last *last = context;

    last->found = true;
    for (size_t i = 0; i < last->table->nkey; i++) {
        last->key[i] = row[i];
        if (row[i].text.at)
            last->key[i].text = str_copy(last->arena, row[i].text);
    }
    return last->arena->over ? RC_NO_MEMORY : RC_OK;
}

enum rc table_last(struct db *db, struct arena *arena, const struct table *table,
                   struct db_value *key)
{
    struct last last = { arena, table, key, false };

    enum rc rc = db_values(db, &table->last, DB_NONE, take_last, &last);
    return rc == RC_OK && !last.found ? RC_NOT_FOUND : rc;
}

/* ---- filling ---- */

enum rc table_fill_begin(struct db *db, const struct table *table)
{
    assert(db->in_transaction && !db->busy);
    return db->engine->fill_begin ? db->engine->fill_begin(db, table->fill) : RC_OK;
}

enum rc table_fill(struct db *db, const struct table *table, const struct db_value *row)
{
    if (db->engine->fill)
        return db->engine->fill(db, row, table->ncolumns);
    return db_run(db, &table->add, row, table->ncolumns, NULL);
}

enum rc table_fill_end(struct db *db, const struct table *table)
{
    (void)table;
    return db->engine->fill_end ? db->engine->fill_end(db) : RC_OK;
}
