#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/keep/keep.h"
#include "app/keep/marks.h"
#include "app/keep/stop.h"
#include "base/clock.h"
#include "base/random.h"
#include "db/migrate.h"

enum { MOVE_BATCH = 5000, MOVE_ID_BYTES = 8 };

struct moving {
    const struct config *config;
    struct config        there; /* the same with the new database */
    struct problems     *problems;
    struct kept         *kept;
    struct copying       copying;
    struct db           *from, *to;
    struct str           id; /* of this move: in the old end's mark, and in the new end */
    struct progress      progress;
    int64_t              rows, done;
};

static enum rc refuse(struct moving *m, const char *says)
{
    problem_add(m->problems, STR_NONE, "%s", says);
    return RC_REFUSED;
}

/* ---- one table ---- */

struct carrying {
    struct moving      *m;
    const struct table *table;
    size_t              waiting; /* rows in this transaction */
};

static enum rc begin_batch(struct carrying *c)
{
    enum rc rc = db_begin(c->m->to);

    c->waiting = 0;
    return rc == RC_OK ? table_fill_begin(c->m->to, c->table) : rc;
}

static enum rc end_batch(struct carrying *c)
{
    enum rc rc = table_fill_end(c->m->to, c->table);

    return rc == RC_OK ? db_commit(c->m->to) : rc;
}

static enum rc carry_row(void *context, const struct db_value *row)
{
    struct carrying *c = context;
    struct moving   *m = c->m;

    progress_at(&m->progress, (size_t)++m->done);
    if (stop_asked())
        return RC_REFUSED;
    if (!row_goes(c->table, row))
        return RC_OK;
    enum rc rc = table_fill(m->to, c->table, row);
    if (rc != RC_OK || ++c->waiting < MOVE_BATCH)
        return rc;
    rc = end_batch(c);
    return rc == RC_OK ? begin_batch(c) : rc;
}

/* Rows are there in the order of the key, so the last one says how far an earlier try
 * came. */
static enum rc carry_rest(struct moving *m, const struct table *table)
{
    struct carrying   c = { m, table, 0 };
    struct arena_mark mark = arena_mark(m->problems->arena);
    struct db_value   key[TABLE_COLUMNS_MAX];
    int64_t           there;

    enum rc last = table_last(m->to, m->problems->arena, table, key);
    enum rc rc = last == RC_NOT_FOUND ? RC_OK : last;
    if (rc == RC_OK)
        rc = table_count(m->to, table, &there);
    if (rc == RC_OK) {
        m->done += there;
        rc = begin_batch(&c);
    }
    if (rc == RC_OK)
        rc = table_walk(m->from, table, last == RC_OK ? key : NULL, carry_row, &c);
    if (rc == RC_OK)
        rc = end_batch(&c);
    db_rollback(m->to);
    arena_back(m->problems->arena, mark);
    return rc;
}

/* ---- all tables ---- */

static bool is_marks(const struct table *table)
{
    return str_eq(table->name, STR("installation"));
}

/* All but the marks, which come last and in one piece. */
static enum rc each_table(struct moving *m,
                          enum rc (*each)(struct moving *m, const struct table *table))
{
    const struct schema *schema = &m->copying.schema;
    enum rc              rc = RC_OK;

    for (size_t i = 0; i < schema->n && rc == RC_OK; i++)
        if (table_goes(&schema->tables[i], COPY_MOVE) && !is_marks(&schema->tables[i]))
            rc = each(m, &schema->tables[i]);
    return rc;
}

static enum rc count_table(struct moving *m, const struct table *table)
{
    int64_t rows;

    enum rc rc = table_count(m->from, table, &rows);
    m->rows += rows;
    return rc;
}

static enum rc compare_table(struct moving *m, const struct table *table)
{
    struct table_sum ours, theirs;

    enum rc rc = stop_asked() ? RC_REFUSED : table_sum(m->from, table, &ours);
    if (rc == RC_OK)
        rc = table_sum(m->to, table, &theirs);
    if (rc != RC_OK)
        return rc;
    m->done += ours.rows;
    progress_at(&m->progress, (size_t)m->done);
    m->kept->told.tables++;
    m->kept->told.rows += ours.rows;
    if (table_sum_eq(&ours, &theirs))
        return RC_OK;
    problem_add(m->problems, table->name,
                "表 %.*s 两头对不上：这里 %lld 行，那里 %lld 行。没有换过去。"
                "请清空那边的数据库，运行 linli move --cancel，再从头搬一次。",
                STR_ARG(table->name), (long long)ours.rows, (long long)theirs.rows);
    return RC_REFUSED;
}

static enum rc with_progress(struct moving *m, const char *title,
                             enum rc (*each)(struct moving *m, const struct table *table))
{
    m->done = 0;
    progress_begin(&m->progress, title, (size_t)m->rows);
    enum rc rc = each_table(m, each);
    if (rc == RC_OK)
        progress_end(&m->progress);
    return rc;
}

/* ---- marks ---- */

static struct str mark_value(struct moving *m)
{
    struct arena *arena = m->problems->arena;
    struct str    where = schema_where(arena, m->there.db);

    return str_fmt(arena, "%.*s %.*s", STR_ARG(where), STR_ARG(m->id));
}

/* On the old end, which is read by another connection. */
static enum rc mark_old(struct moving *m, struct str name, struct str value)
{
    struct db *db;

    enum rc rc = schema_open(m->config->db, DB_WRITE, m->copying.catalogue, &db);
    if (rc == RC_OK)
        rc = mark_put(db, name, value);
    db_close(&db);
    return rc;
}

/* The move that was begun goes on under its id; RC_NOT_FOUND: none was. */
static enum rc read_id(struct moving *m)
{
    struct str value;

    enum rc rc = mark_find(m->from, m->problems->arena, HOUSE_MOVED, &value);
    if (rc == RC_NOT_FOUND)
        rc = mark_find(m->from, m->problems->arena, HOUSE_MOVING, &value);
    if (rc == RC_OK)
        m->id = str_cut(value, ' ').tail;
    return rc;
}

static enum rc new_id(struct moving *m)
{
    unsigned char chance[MOVE_ID_BYTES];

    random_bytes(chance, sizeof chance);
    m->id = str_hex(m->problems->arena, chance, sizeof chance);
    return m->id.at ? mark_old(m, HOUSE_MOVING, mark_value(m)) : RC_NO_MEMORY;
}

/* ---- the new end ---- */

static enum rc refuse_there(struct moving *m)
{
    struct str where = schema_where(m->problems->arena, m->there.db);

    problem_add(m->problems, where,
                "那里不是空的，也不是上次没有搬完的，没有动它。请换一个空的数据库。");
    return RC_REFUSED;
}

static enum rc open_there(struct moving *m)
{
    bool    by_bytes;
    enum rc rc = schema_open(m->there.db, DB_WRITE, m->copying.catalogue, &m->to);

    if (rc == RC_OK)
        rc = schema_sorts_by_bytes(m->to, &by_bytes);
    if (rc == RC_OK && !by_bytes)
        return refuse(m, "那个 PostgreSQL 数据库不是按字节排序的，请用 LC_COLLATE 'C' "
                         "重新建一个。");
    return rc;
}

/* Only an empty one, or where this very move was broken off. */
static enum rc check_there(struct moving *m, enum schema_found found, bool begun)
{
    struct str id;

    if (found == SCHEMA_NOTHING)
        return RC_OK;
    enum rc rc = mark_find(m->to, m->problems->arena, HOUSE_ARRIVING, &id);
    bool    ours = rc == RC_OK && begun && str_eq(id, m->id);
    if (ours && found == SCHEMA_MADE)
        return refuse(m, "已经搬完了，没有再动它：请用新的数据库。");
    return ours ? RC_OK : rc == RC_OK || rc == RC_NOT_FOUND ? refuse_there(m) : rc;
}

static enum rc begin_there(struct moving *m)
{
    enum schema_found found;
    size_t            applied;

    enum rc id = read_id(m);
    enum rc rc = id == RC_NOT_FOUND ? RC_OK : id;
    if (rc == RC_OK)
        rc = schema_look(m->there.db, &found);
    if (rc == RC_OK && found == SCHEMA_NOTHING)
        rc = house_migrate(&m->there, m->problems, &applied);
    else if (rc == RC_OK && migrate_check(m->there.db) != RC_OK)
        return refuse_there(m);
    if (rc == RC_OK)
        rc = open_there(m);
    if (rc == RC_OK)
        rc = check_there(m, found, id == RC_OK);
    if (rc == RC_OK && id == RC_NOT_FOUND)
        rc = new_id(m);
    return rc == RC_OK ? mark_put(m->to, HOUSE_ARRIVING, m->id) : rc;
}

static enum rc fill_mark(void *context, const struct db_value *row)
{
    struct carrying *c = context;

    return row_goes(c->table, row) ? mark_put(c->m->to, row[0].text, row[1].text) : RC_OK;
}

/* Never two that may be served: the old end is closed for good before the new one is
 * opened.  Broken off in between, the next try goes on here. */
static enum rc change_over(struct moving *m)
{
    struct carrying c = { m, schema_find(&m->copying.schema, STR("installation")), 0 };

    enum rc rc = mark_old(m, HOUSE_MOVED, mark_value(m));
    if (rc == RC_OK)
        rc = table_walk(m->from, c.table, NULL, fill_mark, &c);
    return rc == RC_OK ? mark_put(m->to, HOUSE_MADE, STR("yes")) : rc;
}

static enum rc verify_there(struct moving *m)
{
    struct house *house;

    enum rc rc = house_open_to_read(&m->there, m->problems, &house);
    if (rc == RC_OK)
        rc = keep_verify_journal(house, m->problems);
    house_close(&house);
    return rc;
}

/* ---- moving ---- */

static enum rc move_opened(struct moving *m)
{
    enum rc rc = begin_there(m);

    if (rc == RC_OK)
        rc = each_table(m, count_table);
    if (rc == RC_OK)
        rc = with_progress(m, "搬运", carry_rest);
    if (rc == RC_OK)
        rc = with_progress(m, "核对", compare_table);
    if (rc == RC_OK)
        rc = verify_there(m);
    return rc == RC_OK ? change_over(m) : rc;
}

static enum rc open_here(struct moving *m)
{
    enum schema_found found;

    enum rc rc = schema_look(m->config->db, &found);
    if (rc == RC_OK && found != SCHEMA_MADE)
        return refuse(m, "这里没有可以搬的安装。");
    if (rc == RC_OK && migrate_check(m->config->db) != RC_OK)
        return refuse(m, "这里的数据库还不是这个版本的，请先运行 linli migrate。");
    if (rc == RC_OK)
        rc = copying_begin(&m->copying, 0);
    return rc == RC_OK ? schema_open(m->config->db, DB_READ, m->copying.catalogue, &m->from)
                       : rc;
}

static bool is_postgres(struct str where)
{
    return str_starts(where, STR("postgresql://")) || str_starts(where, STR("postgres://"));
}

static enum rc move_locked(struct moving *m)
{
    enum rc rc = open_here(m);

    if (rc == RC_OK)
        rc = move_opened(m);
    db_close(&m->to);
    db_close(&m->from);
    copying_end(&m->copying);
    if (rc != RC_OK && stop_asked())
        problem_add(m->problems, STR_NONE, "停下了。再运行同一条命令就接着搬。");
    else if (rc != RC_OK && !m->problems->n)
        problem_add(m->problems, STR_NONE,
                    "没有搬完：%.*s。原因在上面的日志里；再运行同一条命令就接着搬。",
                    STR_ARG(rc_title(rc)));
    return rc;
}

enum rc move_to(const struct config *config, struct problems *problems, struct str to,
                struct kept *kept)
{
    struct moving m = {
        .config = config, .there = *config, .problems = problems, .kept = kept
    };
    int lock;

    m.there.db = to;
    *kept = (struct kept){ .path = schema_where(problems->arena, to) };
    if (is_postgres(config->db) || !is_postgres(to))
        return refuse(&m, "只能从 SQLite 搬到 PostgreSQL：--to postgresql://…");
    stop_watch();
    enum rc rc = house_lock(config, problems, &lock);
    if (rc != RC_OK)
        return rc;
    rc = move_locked(&m);
    close(lock);
    return rc;
}

/* ---- giving up ---- */

static enum rc drop_mark(struct moving *m)
{
    struct str value;
    struct db *db;

    enum rc rc = mark_find(m->from, m->problems->arena, HOUSE_MOVED, &value);
    if (rc == RC_OK)
        return refuse(m, "已经搬完了，不能放弃：请用新的数据库。");
    if (rc == RC_NOT_FOUND)
        rc = mark_find(m->from, m->problems->arena, HOUSE_MOVING, &value);
    if (rc == RC_NOT_FOUND)
        return refuse(m, "这里没有正在搬的数据库。");
    if (rc != RC_OK)
        return rc;
    m->kept->path = str_cut(value, ' ').head;
    rc = schema_open(m->config->db, DB_WRITE, m->copying.catalogue, &db);
    if (rc == RC_OK)
        rc = mark_drop(db, HOUSE_MOVING);
    db_close(&db);
    return rc;
}

enum rc move_cancel(const struct config *config, struct problems *problems,
                    struct kept *kept)
{
    struct moving m = { .config = config, .problems = problems, .kept = kept };
    int           lock;

    *kept = (struct kept){ 0 };
    enum rc rc = house_lock(config, problems, &lock);
    if (rc != RC_OK)
        return rc;
    rc = open_here(&m);
    if (rc == RC_OK)
        rc = drop_mark(&m);
    db_close(&m.from);
    copying_end(&m.copying);
    close(lock);
    return rc;
}
