#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "app/keep/deletions.h"
#include "app/keep/keep.h"
#include "app/keep/stop.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "engine/photo/photo.h"
#include "guard/keys_folder.h"

enum { DELETIONS_ARENA_BYTES = 128 << 20 };
static const char keys_end[] = ".keys";

struct backup {
    const struct config *config;
    struct problems     *problems;
    struct kept         *kept;
    struct house        *house; /* its keys, and its vaults */
    struct copying       copying;
    struct db           *db; /* one snapshot from the first row to the last file */
    struct archive_out  *out, *keys;
    struct rows         *rows;
    struct progress      progress;
    size_t               done;
};

/* ---- rows ---- */

struct dump {
    struct backup      *backup;
    struct archive_out *out;
    const struct table *table;
    struct sm3_run     *run;
    int64_t             rows;
};

static enum rc flush(struct dump *dump)
{
    struct rows *rows = dump->backup->rows;
    struct str   block = str_slice(rows->at, rows->len);

    if (!block.len)
        return RC_OK;
    sm3_add(dump->run, block);
    rows->len = 0;
    return archive_put(dump->out, FRAME_ROWS, block);
}

static enum rc dump_row(void *context, const struct db_value *row)
{
    struct dump   *dump = context;
    struct backup *b = dump->backup;

    progress_at(&b->progress, ++b->done);
    if (stop_asked())
        return RC_REFUSED;
    if (!row_goes(dump->table, row))
        return RC_OK;
    dump->rows++;
    enum rc rc = rows_put(b->rows, row, dump->table->ncolumns);
    return rc == RC_OK && b->rows->len >= ROWS_BYTES ? flush(dump) : rc;
}

static enum rc put_sum(struct archive_out *out, const struct table_sum *sum)
{
    char     bytes[sizeof(uint64_t) + SM3_BYTES];
    uint64_t rows = htobe64((uint64_t)sum->rows);

    memcpy(bytes, &rows, sizeof rows);
    memcpy(bytes + sizeof rows, sum->sm3, SM3_BYTES);
    return archive_put(out, FRAME_SUM, str_slice(bytes, sizeof bytes));
}

static enum rc dump_table(struct backup *b, struct archive_out *out,
                          const struct table *table)
{
    struct dump      dump = { .backup = b, .out = out, .table = table, .run = sm3_begin() };
    struct table_sum sum;
    struct arena     arena;

    arena_init(&arena, 64 << 10);
    b->rows->len = 0;
    enum rc rc = archive_put(out, FRAME_TABLE, archive_table(&arena, table));
    if (rc == RC_OK)
        rc = table_walk(b->db, table, NULL, dump_row, &dump);
    if (rc == RC_OK)
        rc = flush(&dump);
    sum.rows = dump.rows;
    sm3_end(&dump.run, sum.sm3);
    arena_free(&arena);
    b->kept->told.tables++;
    b->kept->told.rows += sum.rows;
    return rc == RC_OK ? put_sum(out, &sum) : rc;
}

static enum rc dump_tables(struct backup *b, struct archive_out *out, enum copy copy)
{
    const struct schema *schema = &b->copying.schema;
    enum rc              rc = RC_OK;

    for (size_t i = 0; i < schema->n && rc == RC_OK; i++)
        if (table_goes(&schema->tables[i], copy))
            rc = dump_table(b, out, &schema->tables[i]);
    return rc;
}

/* ---- files ---- */

static enum rc dump_data(struct backup *b, int file)
{
    ssize_t got = 0;
    enum rc rc = RC_OK;

    while (rc == RC_OK && (got = read(file, b->rows->at, ROWS_BYTES)) > 0) {
        b->kept->told.file_bytes += got;
        rc = archive_put(b->out, FRAME_DATA, str_slice(b->rows->at, (size_t)got));
    }
    return rc == RC_OK && got < 0 ? RC_UNAVAILABLE : rc;
}

static enum rc dump_file(void *context, struct str path, int file)
{
    struct backup *b = context;
    struct stat    stat;
    char           head[sizeof(uint64_t) + 200];

    progress_at(&b->progress, b->done);
    if (stop_asked())
        return RC_REFUSED;
    if (file < 0) {
        b->kept->missing++;
        log_event(LOG_ERROR, "backup.file_missing", LOG_TEXT("file", path));
        return RC_OK;
    }
    if (fstat(file, &stat) != 0 || path.len > sizeof head - sizeof(uint64_t))
        return RC_UNAVAILABLE;
    uint64_t size = htobe64((uint64_t)stat.st_size);
    memcpy(head, &size, sizeof size);
    memcpy(head + sizeof size, path.at, path.len);
    b->kept->told.files++;
    enum rc rc = archive_put(b->out, FRAME_FILE, str_slice(head, sizeof size + path.len));
    return rc == RC_OK ? dump_data(b, file) : rc;
}

static enum rc dump_files(struct backup *b)
{
    struct arena arena;
    struct op    op;

    arena_init(&arena, ARENA_IMPORT_BYTES);
    op_init(&op, &arena, clock_now_ms());
    op.db = b->db;
    enum rc rc = photo_files(&op, dump_file, b);
    arena_free(&arena);
    return rc;
}

/* ---- one after the other ---- */

static enum rc put_head(struct backup *b, struct archive_out *out, struct str kind)
{
    struct arena       *arena = b->problems->arena;
    struct archive_head head;
    struct json_out     json;

    enum rc rc = archive_head_make(arena, kind, schema_newest(), &head);
    if (rc != RC_OK)
        return rc;
    head.made_ms = b->kept->made_ms;
    json_out_init(&json, arena);
    json_struct(&json, archive_head_fields, ARCHIVE_HEAD_NFIELDS, &head);
    return archive_put(out, FRAME_HEAD, json_done(&json));
}

/* The keys first: under its name a backup always has them beside it. */
static enum rc write_both(struct backup *b)
{
    enum rc rc = put_head(b, b->keys, ARCHIVE_KEYS);

    if (rc == RC_OK)
        rc = dump_tables(b, b->keys, COPY_KEYS);
    if (rc == RC_OK)
        rc = put_head(b, b->out, ARCHIVE_BACKUP);
    if (rc == RC_OK)
        rc = dump_tables(b, b->out, COPY_BACKUP);
    if (rc == RC_OK)
        rc = dump_files(b);
    b->kept->bytes = archive_bytes(b->out);
    if (rc == RC_OK)
        rc = archive_finish(&b->keys);
    return rc == RC_OK ? archive_finish(&b->out) : rc;
}

static enum rc create_both(struct backup *b)
{
    unsigned char key[KEY_BYTES];
    struct str    path = b->kept->path;

    enum rc rc = keys_folder_backup(b->problems, b->config->keys, key);
    if (rc == RC_OK)
        rc = archive_create(b->problems, path, key, &b->out);
    if (rc == RC_OK)
        rc = archive_create(b->problems,
                            str_fmt(b->problems->arena, "%.*s%s", STR_ARG(path), keys_end),
                            key, &b->keys);
    sodium_memzero(key, sizeof key);
    return rc;
}

/* Counting comes first in the snapshot, and is what makes SQLite take it. */
static enum rc count_rows(struct backup *b)
{
    const struct schema *schema = &b->copying.schema;
    int64_t              all = 0, rows;
    enum rc              rc = RC_OK;

    for (size_t i = 0; i < schema->n && rc == RC_OK; i++) {
        rc = table_count(b->db, &schema->tables[i], &rows);
        all += rows;
    }
    progress_begin(&b->progress, "备份", (size_t)all);
    return rc;
}

static enum rc write_snapshot(struct backup *b)
{
    enum rc rc = db_snapshot(b->db);

    if (rc != RC_OK)
        return rc;
    b->kept->made_ms = clock_now_ms();
    rc = count_rows(b);
    if (rc == RC_OK)
        rc = create_both(b);
    if (rc == RC_OK)
        rc = write_both(b);
    archive_drop(&b->out);
    archive_drop(&b->keys);
    db_snapshot_end(b->db);
    progress_end(&b->progress);
    return rc;
}

/* The vaults are held before the snapshot begins, so that every file which it names is
 * there until it has been read. */
static enum rc write_held(struct backup *b)
{
    enum rc rc = photos_hold();

    if (rc == RC_BUSY)
        problem_add(b->problems, STR_NONE, "另一个备份正在进行，请等它做完。");
    if (rc != RC_OK)
        return rc;
    rc = write_snapshot(b);
    photos_let_go();
    return rc;
}

/* ---- names ---- */

static bool is_folder(struct arena *arena, struct str path)
{
    char       *z = str_z(arena, path);
    struct stat found;

    return z && stat(z, &found) == 0 && S_ISDIR(found.st_mode);
}

static struct str name_in(struct arena *arena, struct str folder)
{
    struct civil now = clock_civil(clock_now_ms());

    return str_fmt(arena, "%.*s/linli-%04d%02d%02d-%02d%02d%02d.backup", STR_ARG(folder),
                   (int)now.year, now.month, now.day, now.hour, now.minute, now.second);
}

static void throw_if_old(struct backup *b, int folder, const char *name)
{
    struct stat stat;
    struct str  all = str_of(name);

    if (!str_starts(all, STR("linli-")) || !str_ends(all, STR(".backup.keys")) ||
        fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    int64_t age_s = (int64_t)time(NULL) - (int64_t)stat.st_mtim.tv_sec;
    if (age_s > KEYS_KEPT_DAYS * INT64_C(86400) && unlinkat(folder, name, 0) == 0)
        b->kept->thrown++;
}

/* Copies of persons' keys that have grown old. */
static void throw_old_keys(struct backup *b, struct str path)
{
    char *z = str_z(b->problems->arena, path);
    DIR  *list = z ? opendir(z) : NULL;

    for (struct dirent *entry; list && (entry = readdir(list));)
        throw_if_old(b, dirfd(list), entry->d_name);
    if (list)
        closedir(list);
}

/* ---- making ---- */

/* Deletions that no server has noted: of acts at the command line. */
static enum rc note_deletions(struct backup *b)
{
    struct arena arena;
    struct op    op;

    arena_init(&arena, DELETIONS_ARENA_BYTES);
    op_init(&op, &arena, clock_now_ms());
    op.db = b->house->db;
    enum rc rc = deletions_note(&op, b->config->home);
    arena_free(&arena);
    return rc;
}

static enum rc make(struct backup *b)
{
    enum rc rc = house_open_to_read(b->config, b->problems, &b->house);

    if (rc == RC_OK)
        rc = note_deletions(b);
    if (rc == RC_OK)
        rc = copying_begin(&b->copying, 0);
    if (rc == RC_OK)
        rc = schema_open(b->config->db, DB_READ, b->copying.catalogue, &b->db);
    if (rc == RC_OK)
        rc = (b->rows = malloc(sizeof *b->rows)) ? write_held(b) : RC_NO_MEMORY;
    free(b->rows);
    db_close(&b->db);
    copying_end(&b->copying);
    house_close(&b->house);
    return rc;
}

enum rc backup_make(const struct config *config, struct problems *problems,
                    struct str where, struct kept *kept)
{
    struct backup b = { .config = config, .problems = problems, .kept = kept };
    bool          folder = is_folder(problems->arena, where);

    *kept = (struct kept){ .path = folder ? name_in(problems->arena, where) : where };
    if (folder)
        archive_sweep(where);
    stop_watch();
    enum rc rc = make(&b);
    if (rc == RC_OK && folder)
        throw_old_keys(&b, where);
    if (rc != RC_OK && stop_asked())
        problem_add(problems, STR_NONE, "停下了，没有留下半份备份。");
    else if (rc != RC_OK && !problems->n)
        problem_add(problems, STR_NONE, "备份没有做成：%.*s。原因在上面的日志里。",
                    STR_ARG(rc_title(rc)));
    return rc;
}

/* ---- verifying ---- */

enum rc keep_open_keys(const struct config *config, struct problems *problems,
                       unsigned char backup[KEY_BYTES])
{
    struct key_provider provider;

    enum rc rc = keys_folder_open(problems, config->keys, &provider);
    if (rc == RC_OK)
        rc = keys_open(&provider);
    if (rc == RC_OK)
        rc = keys_folder_backup(problems, config->keys, backup);
    return rc;
}

static enum rc verify(struct problems *problems, struct archive_in *in, struct str kind,
                      struct kept *kept)
{
    static const struct archive_taker nobody = { 0 };
    struct copying                    copying = { 0 };
    struct archive_head               head;
    struct progress                   progress;

    enum rc rc = archive_read_head(in, problems, kind, &head);
    if (rc == RC_OK)
        rc = copying_begin(&copying, head.migration);
    if (rc == RC_OK) {
        progress_begin(&progress, "核对", archive_size(in));
        rc = archive_read(in, &copying.schema, &nobody, &progress, &kept->told);
        progress_end(&progress);
    }
    copying_end(&copying);
    return rc;
}

enum rc backup_verify(const struct config *config, struct problems *problems,
                      struct str path, struct kept *kept)
{
    unsigned char      key[KEY_BYTES];
    struct archive_in *in = NULL;

    *kept = (struct kept){ .path = path };
    enum rc rc = keep_open_keys(config, problems, key);
    if (rc == RC_OK)
        rc = archive_open(problems, path, key, &in);
    sodium_memzero(key, sizeof key);
    if (rc == RC_OK) {
        kept->bytes = (int64_t)archive_size(in);
        rc = verify(problems, in,
                    str_ends(path, str_of(keys_end)) ? ARCHIVE_KEYS : ARCHIVE_BACKUP, kept);
    }
    archive_close(&in);
    keys_close();
    return rc;
}
