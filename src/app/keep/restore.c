#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "app/keep/deletions.h"
#include "app/keep/keep.h"
#include "app/keep/stop.h"
#include "base/clock.h"
#include "guard/keys.h"

enum { DELETIONS_LIST_BYTES = 128 << 20 };
#define KEYS_MATCH_MS (INT64_C(24) * 3600 * 1000) /* clocks are not further apart */

struct restore {
    const struct config    *config;
    struct problems        *problems;
    const struct restoring *asked;
    struct kept            *kept;
    struct archive_in      *in, *keys;
    struct archive_head     head;
    struct copying          copying;
    struct db              *db;
    struct progress         progress;
    struct str              aside; /* where files wait until the rows are safe */
    int                     file;  /* the one being written, -1: none */
};

static enum rc refuse(struct restore *r, struct str where, const char *says)
{
    problem_add(r->problems, where, "%s", says);
    return RC_REFUSED;
}

static char *z(struct restore *r, struct str path)
{
    return str_z(r->problems->arena, path);
}

/* ---- rows ---- */

static enum rc take_table(void *context, const struct table *table)
{
    struct restore *r = context;

    return table_fill_begin(r->db, table);
}

static enum rc take_row(void *context, const struct table *table,
                        const struct db_value *row)
{
    struct restore *r = context;

    return stop_asked() ? RC_REFUSED : table_fill(r->db, table, row);
}

/* What the database gives back must be what the archive says. */
static enum rc compare_table(void *context, const struct table *table,
                             const struct table_sum *sum)
{
    struct restore  *r = context;
    struct table_sum got;

    enum rc rc = table_fill_end(r->db, table);
    if (rc == RC_OK)
        rc = table_sum(r->db, table, &got);
    if (rc == RC_OK && !table_sum_eq(sum, &got)) {
        problem_add(r->problems, table->name, "表 %.*s 恢复以后和备份对不上。",
                    STR_ARG(table->name));
        rc = RC_REFUSED;
    }
    return rc;
}

/* ---- files ---- */

static enum rc make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return RC_UNAVAILABLE;
    }
    return RC_OK;
}

static enum rc take_file(void *context, struct str path)
{
    struct restore   *r = context;
    struct arena_mark mark = arena_mark(r->problems->arena);
    char             *at =
        z(r, str_fmt(r->problems->arena, "%.*s/%.*s", STR_ARG(r->aside), STR_ARG(path)));

    enum rc rc = at ? make_folders(at) : RC_NO_MEMORY;
    if (rc == RC_OK) {
        r->file = open(at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        rc = r->file >= 0 ? RC_OK : RC_UNAVAILABLE;
    }
    arena_back(r->problems->arena, mark);
    return rc == RC_OK ? rc : refuse(r, path, "写不进去，磁盘可能满了。");
}

static enum rc take_data(void *context, struct str bytes)
{
    struct restore *r = context;

    if (stop_asked())
        return RC_REFUSED;
    return write(r->file, bytes.at, bytes.len) == (ssize_t)bytes.len
               ? RC_OK
               : refuse(r, r->config->files, "写不进去，磁盘可能满了。");
}

static enum rc end_file(void *context)
{
    struct restore *r = context;
    bool            closed = close(r->file) == 0;

    r->file = -1;
    return closed ? RC_OK : RC_UNAVAILABLE;
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(path);
}

static void remove_folder(struct restore *r, struct str path)
{
    char *at = z(r, path);

    if (at)
        (void)nftw(at, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* All of them to the disk in one go. */
static enum rc sync_files(struct restore *r)
{
    char *at = z(r, r->aside);
    int   folder = at ? open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool  synced = folder >= 0 && syncfs(folder) == 0;

    if (folder >= 0)
        close(folder);
    return synced ? RC_OK : refuse(r, r->aside, "写不进去，磁盘可能满了。");
}

/* ---- one transaction ---- */

static enum rc clear_all(struct restore *r)
{
    const struct schema *schema = &r->copying.schema;
    enum rc              rc = RC_OK;

    for (size_t i = 0; i < schema->n && rc == RC_OK; i++)
        rc = table_clear(r->db, &schema->tables[i]);
    return rc;
}

static enum rc read_both(struct restore *r)
{
    const struct archive_taker taker = { r,         take_table, take_row, compare_table,
                                         take_file, take_data,  end_file };

    progress_begin(&r->progress, "个人密钥", archive_size(r->keys));
    enum rc rc =
        archive_read(r->keys, &r->copying.schema, &taker, &r->progress, &r->kept->told);
    progress_end(&r->progress);
    if (rc != RC_OK)
        return rc;
    progress_begin(&r->progress, "恢复", archive_size(r->in));
    rc = archive_read(r->in, &r->copying.schema, &taker, &r->progress, &r->kept->told);
    progress_end(&r->progress);
    return rc;
}

/* All or nothing: until the commit the database is as empty as it was. */
static enum rc load(struct restore *r)
{
    bool    by_bytes;
    enum rc rc = schema_sorts_by_bytes(r->db, &by_bytes);

    if (rc == RC_OK && !by_bytes)
        return refuse(
            r, STR_NONE,
            "这个 PostgreSQL 数据库不是按字节排序的，请用 LC_COLLATE 'C' 重新建一个。");
    if (rc == RC_OK)
        rc = db_begin(r->db);
    if (rc != RC_OK)
        return rc;
    rc = clear_all(r);
    if (rc == RC_OK)
        rc = read_both(r);
    if (rc == RC_OK)
        rc = sync_files(r);
    if (rc == RC_OK)
        return db_commit(r->db);
    db_rollback(r->db);
    return rc;
}

static enum rc load_into_schema(struct restore *r)
{
    enum rc rc = migrate_to(r->config->db, r->head.migration);

    if (rc == RC_CONFLICT)
        return refuse(r, STR_NONE, "这个数据库里有别的版本建的表，请换一个空的数据库。");
    if (rc == RC_OK)
        rc = copying_begin(&r->copying, r->head.migration);
    if (rc == RC_OK)
        rc = schema_open(r->config->db, DB_WRITE, r->copying.catalogue, &r->db);
    if (rc == RC_OK)
        rc = load(r);
    db_close(&r->db);
    copying_end(&r->copying);
    return rc;
}

/* ---- what there is ---- */

static bool is_file(const struct config *config)
{
    return !str_starts(config->db, STR("postgres"));
}

static void remove_database(struct restore *r)
{
    static const char *const ends[] = { "", "-wal", "-shm" };

    for (size_t i = 0; is_file(r->config) && i < COUNT(ends); i++)
        (void)unlink(
            z(r, str_fmt(r->problems->arena, "%.*s%s", STR_ARG(r->config->db), ends[i])));
}

/* Of what was broken off nothing was ever served. */
static enum rc check_database(struct restore *r)
{
    enum schema_found found;

    enum rc rc = schema_look(r->config->db, &found);
    if (rc == RC_OK && found == SCHEMA_MADE)
        return refuse(r, schema_where(r->problems->arena, r->config->db),
                      "这里已经有一个安装，没有动它。只能恢复到空的安装里。");
    if (rc == RC_OK && found == SCHEMA_HALF)
        remove_database(r);
    return rc;
}

/* The folder of files may be there, but empty. */
static enum rc check_files(struct restore *r)
{
    char *at = z(r, r->config->files);

    (void)mkdir(z(r, r->config->home), 0700);
    remove_folder(r, r->aside);
    if (!at || (rmdir(at) != 0 && errno != ENOENT))
        return refuse(r, r->config->files,
                      "这里已经有文件，没有动它们。请先把这个目录移到别处。");
    return mkdir(z(r, r->aside), 0700) == 0 ? RC_OK
                                            : refuse(r, r->aside, "建不了这个目录。");
}

static enum rc open_both(struct restore *r)
{
    struct str          keys = r->asked->keys.at ? r->asked->keys
                                                 : str_fmt(r->problems->arena, "%.*s.keys",
                                                           STR_ARG(r->asked->file));
    struct archive_head head;
    unsigned char       key[KEY_BYTES];

    enum rc rc = keep_open_keys(r->config, r->problems, key);
    if (rc == RC_OK)
        rc = archive_open(r->problems, r->asked->file, key, &r->in);
    if (rc == RC_OK)
        rc = archive_open(r->problems, keys, key, &r->keys);
    sodium_memzero(key, sizeof key);
    if (rc == RC_OK)
        rc = archive_read_head(r->in, r->problems, ARCHIVE_BACKUP, &r->head);
    if (rc == RC_OK)
        rc = archive_read_head(r->keys, r->problems, ARCHIVE_KEYS, &head);
    keys_close();
    r->kept->made_ms = r->head.made_ms;
    if (rc == RC_OK && head.made_ms < r->head.made_ms)
        return refuse(r, keys,
                      "个人密钥比数据旧，会打不开一些内容。请用同一次或更新的备份里的。");
    return rc;
}

/* ---- afterwards: deletions, the journal ---- */

static enum rc forget(struct restore *r, struct house *house, const struct deletion *one)
{
    struct actor actor = house_local_actor();
    struct arena arena;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    struct house_answer answer =
        house_ask(house, &arena, &actor, "person.forget",
                  str_fmt(&arena, "{\"county\":%lld,\"person\":\"%lld\"}",
                          (long long)one->county, (long long)one->person));
    if (answer.rc != RC_OK)
        problem_add(r->problems, STR_NONE, "注销过的 %lld 没有能再注销一次：%.*s。",
                    (long long)one->person, STR_ARG(rc_title(answer.rc)));
    arena_free(&arena);
    r->kept->forgotten += answer.rc == RC_OK;
    return answer.rc;
}

/* Those that the backup knew of are in it; the clock may have been put back since. */
static enum rc forget_list(struct restore *r, struct house *house, struct str path)
{
    struct arena arena;
    struct list  deletions;

    arena_init(&arena, DELETIONS_LIST_BYTES);
    enum rc                rc = deletions_read(r->problems, &arena, path, &deletions);
    const struct deletion *all = deletions.at;
    for (size_t i = 0; rc == RC_OK && i < deletions.n; i++)
        if (all[i].at_ms > r->head.made_ms - KEYS_MATCH_MS)
            rc = forget(r, house, &all[i]);
    arena_free(&arena);
    return rc;
}

static enum rc forget_again(struct restore *r, struct house *house)
{
    enum rc rc = forget_list(r, house, deletions_path(r->problems->arena, r->config->home));

    return rc == RC_OK && r->asked->deletions.at
               ? forget_list(r, house, r->asked->deletions)
               : rc;
}

/* Only now may it be served. */
static enum rc settle(struct restore *r)
{
    struct house *house = NULL;
    size_t        applied;

    enum rc rc = house_migrate(r->config, r->problems, &applied);
    if (rc == RC_OK)
        rc = house_open(r->config, NULL, NULL, r->problems, &house);
    if (rc == RC_OK)
        rc = forget_again(r, house);
    if (rc == RC_OK)
        rc = keep_verify_journal(house, r->problems);
    if (rc == RC_OK)
        rc = house_mark(house, HOUSE_MADE);
    house_close(&house);
    return rc;
}

/* ---- restoring ---- */

static enum rc put_files(struct restore *r)
{
    return rename(z(r, r->aside), z(r, r->config->files)) == 0
               ? RC_OK
               : refuse(r, r->config->files, "恢复的文件放不进来。");
}

static enum rc restore_locked(struct restore *r)
{
    enum rc rc = open_both(r);

    if (rc == RC_OK)
        rc = check_database(r);
    if (rc == RC_OK)
        rc = check_files(r);
    if (rc != RC_OK)
        return rc;
    rc = load_into_schema(r);
    if (rc == RC_OK)
        return put_files(r);
    if (r->file >= 0)
        close(r->file);
    remove_folder(r, r->aside);
    remove_database(r);
    return rc;
}

enum rc backup_restore(const struct config *config, struct problems *problems,
                       const struct restoring *asked, struct kept *kept)
{
    struct restore r = { .config = config,
                         .problems = problems,
                         .asked = asked,
                         .kept = kept,
                         .file = -1,
                         .aside = str_fmt(problems->arena, "%.*s.restoring",
                                          STR_ARG(config->files)) };
    int            lock;

    *kept = (struct kept){ .path = asked->file };
    stop_watch();
    (void)mkdir(z(&r, config->home), 0700);
    enum rc rc = house_lock(config, problems, &lock);
    if (rc != RC_OK)
        return rc;
    rc = restore_locked(&r);
    archive_close(&r.in);
    archive_close(&r.keys);
    close(lock); /* the house takes it itself */
    if (rc == RC_OK)
        rc = settle(&r);
    if (rc != RC_OK && stop_asked())
        problem_add(problems, STR_NONE, "停下了，没有留下半份。");
    else if (rc != RC_OK && !problems->n)
        problem_add(problems, STR_NONE, "没有恢复成：%.*s。原因在上面的日志里。",
                    STR_ARG(rc_title(rc)));
    return rc;
}
